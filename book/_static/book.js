// Cards for numbers in prose, and charts brought to life near the viewport. No request leaves the site.
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
    await load("cards.js");
    if (owner !== link) return;
    const item = window.recountedCards[decodeURIComponent(link.hash.slice(1))];
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
  const options = {
    mode: "vega", ast: true, actions: false, renderer: "svg", defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  const enliven = async (figure) => {
    const name = figure.dataset.live;
    await Promise.all([load("vega.js"), load(`../_charts/${name}.js`)]);
    const specs = window.recountedCharts[name];
    let place = figure.querySelector(".live");
    if (!place) {
      place = document.createElement("div");
      place.className = "live";
      figure.querySelector(".picture").before(place);
    }
    const result = await window.vegaEmbed(place, specs[narrow.matches ? "narrow" : "wide"], options);
    figure.view = result.view;
    if (specs.wide.usermeta?.explorer) {
      await load("explorer.js");
      await window.recountedExplorer(figure, specs.wide);
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
    }, { rootMargin: "800px" });
    figures.forEach((figure) => near.observe(figure));
    const [aimed, settings] = location.hash.slice(1).split("?"); // an explorer's address
    if (settings) document.getElementById(aimed)?.scrollIntoView();
    narrow.addEventListener("change", () => figures.filter((f) => f.view).forEach(enliven));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
