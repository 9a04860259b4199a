// Search, narrow down and sort a table in the page. Without this script it is a plain table.
(() => {
  "use strict";
  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const words = (name) => name.replace(/[-_]/g, " ").replace(/^./, (letter) => letter.toUpperCase());

  const facetsOf = (table) => {
    if (table.dataset.facets) {
      return table.dataset.facets.split(" ").map((name) => ({ name: words(name), of: (row) => row.dataset[name].split("|") }));
    }
    return [...table.tHead.rows[0].cells]
      .map((cell, index) => ({ cell, name: cell.textContent, of: (row) => [row.cells[index].textContent.trim()] }))
      .filter((facet) => facet.cell.hasAttribute("data-filter"));
  };

  const key = (cell) => {
    const number = cell.querySelector("data")?.value;
    return number === undefined ? cell.textContent.trim().toLowerCase() : Number(number);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

  const enhance = (table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const within = table.dataset.within ? ` in ${table.dataset.within}` : ""; // of a table in parts
    const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const search = element("input", { type: "search", autocomplete: "off" });
    const count = element("output", { className: "filter-count" });
    count.setAttribute("aria-live", "polite");
    const facets = facetsOf(table).map((facet) => {
      const select = element("select", {}, element("option", { value: "", textContent: "all" }));
      for (const value of [...new Set(rows.flatMap(facet.of))].sort()) {
        select.append(element("option", { value, textContent: value }));
      }
      return { ...facet, select };
    });
    const apply = () => {
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits = wanted.every((word) => text.get(row).includes(word))
          && facets.every(({ select, of }) => !select.value || of(row).includes(select.value));
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} of ${rows.length} shown${within}`;
    };
    const clear = element("button", { type: "button", textContent: "Show all" });
    clear.addEventListener("click", () => {
      search.value = "";
      facets.forEach(({ select }) => { select.value = ""; });
      apply();
    });
    const controls = element(
      "div", { className: "filter-controls" },
      element("label", {}, `Search${within} `, search),
      ...facets.map(({ name, select }) => element("label", {}, `${name} `, select)),
      clear, count,
    );
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", "Narrow the table down");
    controls.addEventListener("input", apply);
    table.closest(".scroll").previousElementSibling.replaceWith(controls); // the room kept for them

    [...table.tHead.rows[0].cells].forEach((cell, index) => {
      const button = element("button", { type: "button", className: "sort", textContent: cell.textContent });
      cell.replaceChildren(button);
      cell.classList.add("sortable");
      button.addEventListener("click", () => {
        const down = cell.getAttribute("aria-sort") === "ascending";
        [...cell.parentElement.cells].forEach((other) => other.removeAttribute("aria-sort"));
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keys = new Map(rows.map((row) => [row, key(row.cells[index])]));
        rows.sort((a, b) => (down ? -1 : 1) * compare(keys.get(a), keys.get(b)));
        body.append(...rows);
      });
    });

    const reveal = () => {
      const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (row && row.hidden && body.contains(row)) clear.click();
      row?.scrollIntoView?.();
    };
    window.addEventListener("hashchange", reveal);
    apply();
  };

  const start = () => document.querySelectorAll("table.filterable").forEach(enhance);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
