// The articles of the pages as parts of one document: links between them lead within it, and what
// stays on the site is replaced by a word that says so. Chromium runs this, since its parser reads
// the pages as readers' browsers do.
({ pages, base, longest }) => {
  const home = "https://site.invalid/", names = pages.map(([name]) => name);
  const slug = (name) => name.replace(/^book\//, "").replaceAll("/", "-");
  const placed = (name, id) => slug(name) + (id ? "--" + id : "");
  const note = (words) => {
    const p = document.createElement("p");
    p.className = "left-out"; p.textContent = words;
    return p;
  };
  const articles = pages.map(([name, text]) => {
    const article = new DOMParser().parseFromString(text, "text/html").querySelector("article");
    const all = (selector) => [...article.querySelectorAll(selector)];
    all(".headerlink, .cell_input, details.hide, .downloads, .explorer, .filter-controls, " +
      ".picture.narrow, figure.chart > details:not(.source), .live, noscript, script, " +
      "button, input").forEach((node) => node.remove());
    all(".register").forEach((box) => box.replaceWith(
      note("The register, with every number's exact value and data rows, is on the site.")));
    if (article.querySelector(".dictionary"))
      article.querySelector(".dictionary").before(
        note("The columns and rows of each table are on the site."));
    const ledger = article.querySelector("tr[id^='claim-'] details");
    if (ledger) ledger.closest("table").before(
      note("The rule, the check and the data rows of each claim are on the site."));
    all(".dictionary details, tr[id^='claim-'] details").forEach((node) => node.remove());
    all("table").forEach((table) => {
      if (table.rows.length <= longest || table.querySelector("tr[id^='claim-']")) return;
      const caption = table.caption ? `“${table.caption.textContent.trim()}”` : "with its rows";
      const box = table.closest("details, .published-table") ?? table;
      box.replaceWith(note(`The table ${caption} (${table.rows.length - 1} rows) is on the site.`));
    });
    all("details").forEach((details) => { details.open = true; });
    all("[id]:not(svg [id])").forEach((node) => { node.id = placed(name, node.id); });
    article.id = slug(name);
    return article;
  });
  const known = new Set(articles.flatMap((article) =>
    [article.id, ...[...article.querySelectorAll("[id]")].map((node) => node.id)]));
  articles.forEach((article, place) => article.querySelectorAll("a[href]").forEach((link) => {
    const url = new URL(link.getAttribute("href"), home + names[place] + ".html");
    if (!url.href.startsWith(home)) return;
    const name = url.pathname.slice(1).replace(/\.html$/, "");
    const id = placed(name, decodeURIComponent(url.hash.slice(1)));
    if (names.includes(name) && known.has(id)) link.setAttribute("href", "#" + id);
    else if (base) link.setAttribute("href", base + url.pathname + url.hash);
    else link.removeAttribute("href");
  }));
  return articles.map((article) => ({
    name: article.id, body: article.outerHTML,
    sections: [...article.querySelectorAll("h1, h2:not(.dictionary h2)")].map((heading) => ({
      level: heading.localName, text: heading.textContent.trim(),
      id: heading.localName === "h1" ? article.id : heading.closest("[id]").id,
    })),
  }));
}
