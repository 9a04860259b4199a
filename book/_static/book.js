// The theme, the contents, cards for numbers, and charts brought to life near the viewport.
// No request leaves the site; nothing is stored but the choice of theme.
(() => {
  "use strict";
  const statics = new URL(".", document.currentScript.src);
  const loaded = new Map();
  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(name, statics);
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };

  // ---- cards -----------------------------------------------------------------------------
  let card = null;
  let owner = null;
  let leaving = 0;

  const paragraph = (text, className) => {
    const element = document.createElement("p");
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  const close = () => {
    clearTimeout(leaving);
    card?.remove();
    owner?.removeAttribute("aria-describedby");
    card = owner = null;
  };

  const open = async (link) => {
    if (owner === link) return;
    close();
    owner = link;
    const name = decodeURIComponent(link.hash.slice(1));
    await load(`cards/${name.split(".")[0]}.js`);
    if (owner !== link) return;
    const item = window.recountedCards[name];
    if (!item) return;
    card = document.createElement("div");
    card.className = "quantity-card";
    card.id = "quantity-card";
    card.setAttribute("role", "tooltip");
    const more = document.createElement("a");
    more.href = link.href;
    more.textContent = "Open in the register of numbers";
    more.tabIndex = -1;
    const from = item.rows === 1 ? "1 data row" : `${item.rows} data rows`;
    card.append(
      paragraph(item.text, "card-value"),
      paragraph(item.limits),
      paragraph(`From ${from}: ${item.sources.join("; ")}. Grade: ${item.grades.join(", ")}.`),
      paragraph(`Computed by ${item.by}`),
      more,
    );
    document.body.append(card);
    link.setAttribute("aria-describedby", card.id);
    const place = link.getBoundingClientRect();
    const wide = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(place.left, wide - card.offsetWidth - 8));
    const above = place.bottom + card.offsetHeight + 8 > window.innerHeight && place.top > card.offsetHeight + 8;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${window.scrollY + (above ? place.top - card.offsetHeight - 6 : place.bottom + 6)}px`;
    card.addEventListener("mouseenter", () => clearTimeout(leaving));
    card.addEventListener("mouseleave", close);
  };

  const linkOf = (event) => event.target.closest?.("a.quantity");
  let touched = false;
  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  document.addEventListener("mouseover", (event) => { const link = linkOf(event); if (link && !touched) open(link); });
  document.addEventListener("mouseout", (event) => { if (linkOf(event)) leaving = setTimeout(close, 250); });
  document.addEventListener("focusin", (event) => { const link = linkOf(event); if (link && !touched) open(link); });
  document.addEventListener("focusout", (event) => { if (linkOf(event) && !touched) close(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (link && touched && owner !== link) {
      event.preventDefault();
      open(link);
    } else if (!link && card && !card.contains(event.target)) {
      close();
    }
  });

  // ---- charts ----------------------------------------------------------------------------
  const narrow = window.matchMedia("(max-width: 719px)");
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.setAttribute("aria-hidden", "true");

  const showTip = (_handler, event, _item, value) => {
    if (value === null || value === undefined || value === "") {
      tip.remove();
      return;
    }
    const lines = typeof value === "object" ? Object.entries(value) : [["", String(value)]];
    tip.replaceChildren(...lines.map(([key, text]) => {
      const line = paragraph("");
      const label = document.createElement("b");
      label.textContent = key;
      line.append(label, String(text));
      return line;
    }));
    document.body.append(tip);
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${event.clientY + tip.offsetHeight + 20 > window.innerHeight ? event.clientY - tip.offsetHeight - 12 : event.clientY + 14}px`;
  };

  const enliven = async (figure) => {
    const name = figure.dataset.live;
    await Promise.all([load("vega.js"), load(`../_charts/${name}.js`)]);
    const { vega } = window;
    // a copy, because a view writes into its data, which both widths share
    const specification = structuredClone(window.recountedCharts[name][narrow.matches ? "narrow" : "wide"]);
    const place = figure.querySelector(".live") ?? document.createElement("div");
    place.className = "live";
    if (!place.parentNode) figure.querySelector(".drawn").before(place); // unseen until it lives
    figure.view?.finalize();
    place.replaceChildren();
    // expressions are walked, not compiled, because the page forbids scripts made from strings
    const view = new vega.View(vega.parse(specification, null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: "svg", hover: true, container: place, tooltip: showTip,
    });
    await view.runAsync();
    const drawing = place.querySelector("svg");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", figure.querySelector(".drawn").getAttribute("aria-label"));
    figure.view = view;
    if (specification.usermeta?.explorer) {
      await load("explorer.js");
      await window.recountedExplorer(figure, specification);
    }
    figure.classList.add("is-live");
    figure.dispatchEvent(new CustomEvent("chart-live", { bubbles: true }));
  };

  const start = () => {
    if (document.querySelector("table.filterable")) load("filter.js");
    const figures = [...document.querySelectorAll("figure.chart[data-live]")];
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        near.unobserve(entry.target);
        enliven(entry.target);
      }
    }, { rootMargin: "100%" });
    figures.forEach((figure) => near.observe(figure));
    const [aimed, settings] = location.hash.slice(1).split("?"); // an explorer's address
    if (settings) document.getElementById(aimed)?.scrollIntoView();
    narrow.addEventListener("change", () => figures.filter((f) => f.view).forEach(enliven));
  };
  start();

  // ---- theme -----------------------------------------------------------------------------
  const root = document.documentElement;
  const button = document.querySelector("button.theme");
  const themes = ["system", "light", "dark"];
  const names = { system: "as the system", light: "light", dark: "dark" };
  const announce = () => {
    const label = `Colours: ${names[root.dataset.theme ?? "system"]}`;
    button.setAttribute("aria-label", label);
    button.title = label;
  };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", next);
    } catch { /* the choice then lasts for this page */ }
    announce();
  });
  announce();

  // ---- contents --------------------------------------------------------------------------
  const contents = document.getElementById("contents");
  const entries = new Map(
    [...contents.querySelectorAll(".page-contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
  );
  const sections = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    let current = null;
    for (const section of sections) if (section.getBoundingClientRect().top < 120) current = entries.get(section.id);
    for (const link of entries.values()) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (!current || contents.contains(document.activeElement)) return;
    const below = current.offsetTop + current.offsetHeight - contents.scrollTop - contents.clientHeight;
    const above = contents.scrollTop - current.offsetTop;
    if (below > 0) contents.scrollTop += below + 80;
    else if (above > 0) contents.scrollTop -= above + 80;
  };
  let marking = false;
  document.addEventListener("scroll", () => {
    if (marking) return;
    marking = true;
    requestAnimationFrame(() => { marking = false; mark(); });
  }, { passive: true });
  mark();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && location.hash === "#contents") location.hash = "main";
    if (event.key === "/" && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      document.querySelector(".find input").focus();
    }
  });
})();
