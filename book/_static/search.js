// Searches the book in the page: prose first, then figures, numbers, sources, and code last.
(() => {
  "use strict";
  const KINDS = ["In the text", "Figures and tables", "Claims and verdicts", "Numbers", "Sources", "Code"];
  const SHOWN = 12;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // A word matches at the start of a word: "recover" finds "recovery", "cover" does not.
  const pattern = (word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "gu");

  const rank = (entry, patterns) => {
    const [heading, text] = [plain(entry.heading), plain(entry.text)];
    let score = 0;
    for (const each of patterns) {
      const inHeading = (heading.match(each) ?? []).length;
      const inText = (text.match(each) ?? []).length;
      if (!inHeading && !inText) return 0;
      score += 8 * Math.min(inHeading, 1) + Math.min(inText, 5);
    }
    return score;
  };

  const snippet = (entry, patterns) => {
    const text = entry.text;
    const low = plain(text);
    const found = low.length === text.length ? low.search(patterns[0]) : 0;
    const from = Math.max(0, text.lastIndexOf(" ", Math.max(0, found - 60)) + 1);
    const last = from + 220 < text.length ? text.lastIndexOf(" ", from + 220) : text.length;
    const part = text.slice(from, last);
    const paragraph = document.createElement("p");
    if (from) paragraph.append("… ");
    const marks = [...part.matchAll(new RegExp(patterns.map((p) => p.source).join("|"), "giu"))];
    let end = 0;
    for (const match of marks) {
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      paragraph.append(part.slice(end, match.index), mark);
      end = match.index + match[0].length;
    }
    paragraph.append(part.slice(end), last < text.length ? " …" : "");
    return paragraph;
  };

  const show = () => {
    const query = new URLSearchParams(location.search).get("q")?.trim() ?? "";
    for (const input of document.querySelectorAll("input[name=q]")) input.value = query;
    const status = document.getElementById("search-status");
    const list = document.getElementById("search-results");
    const patterns = plain(query).split(/\s+/).filter(Boolean).map(pattern);
    if (!patterns.length) return;
    let total = 0;
    KINDS.forEach((title, kind) => {
      const found = window.recountedIndex
        .filter((entry) => entry.kind === kind)
        .map((entry) => ({ entry, score: rank(entry, patterns) }))
        .filter((hit) => hit.score > 0)
        .sort((a, b) => b.score - a.score);
      total += found.length;
      if (!found.length) return;
      const group = document.createElement("li");
      group.dataset.kind = kind;
      const heading = document.createElement("h2");
      heading.textContent = `${title} (${found.length})`;
      const hits = document.createElement("div");
      for (const { entry } of found.slice(0, SHOWN)) {
        const link = document.createElement("a");
        link.href = entry.at;
        link.textContent = entry.heading === entry.page ? entry.page : `${entry.page}: ${entry.heading}`;
        hits.append(link, snippet(entry, patterns));
      }
      if (found.length > SHOWN) hits.append(`and ${found.length - SHOWN} more: add a word to narrow the search`);
      group.append(heading, hits);
      list.append(group);
    });
    status.textContent = total ? `${total} places for “${query}”` : `Nothing found for “${query}”. Fewer or shorter words may find more.`;
  };

  const index = document.createElement("script");
  index.src = new URL("search-index.js", document.currentScript.src);
  index.onload = show;
  document.head.append(index);
})();
