// An interactive chart that names presets gets buttons for them, a spoken reading of its results,
// and an address that keeps the settings. The chart says what it has in `usermeta.explorer`:
//   presets: [{name: button text, settings: {setting: value}}], reading: class of the text marks
//   that hold the results.
// Settings are the chart's own sliders; an address is "#figure-id?setting=value&…".
(() => {
  "use strict";
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const addressOf = (figure, settings) =>
    `#${figure.id}?${new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, String(value)]))}`;

  // Only known settings, whole steps within the slider's range: an address is not to be trusted.
  const fromAddress = (figure, sliders) => {
    const [id, query] = decodeURIComponent(location.hash.slice(1)).split("?");
    const settings = {};
    if (id !== figure.id || !query) return settings;
    for (const [name, text] of new URLSearchParams(query)) {
      const bind = sliders.get(name);
      const value = Number(text);
      if (!bind || text.trim() === "" || !Number.isFinite(value)) continue;
      const within = Math.min(bind.max, Math.max(bind.min, value));
      settings[name] = Number((bind.min + Math.round((within - bind.min) / bind.step) * bind.step).toFixed(6));
    }
    return settings;
  };

  const panelOf = (figure, about) => {
    const buttons = about.presets.map(({ name }) => make("button", { type: "button", "aria-pressed": "false" }, name));
    const panel = make("div", { class: "explorer" },
      make("div", { class: "explorer-presets", role: "group", "aria-label": "Settings to start from" }, ...buttons),
      make("output", { class: "explorer-reading", "aria-live": "polite" }),
      make("p", { class: "explorer-address" }, make("a", { href: `#${figure.id}` }, "Address of these settings")));
    figure.querySelector(".live").before(panel);
    return panel;
  };

  window.recountedExplorer = (figure, spec) => {
    const about = spec.usermeta.explorer;
    const sliders = new Map(spec.signals.filter((signal) => signal.bind?.input === "range").map((signal) => [signal.name, signal.bind]));
    const view = figure.view;
    const panel = figure.querySelector(":scope > .explorer") ?? panelOf(figure, about);
    const buttons = [...panel.querySelectorAll("button")];
    const output = panel.querySelector("output");
    const link = panel.querySelector("a");
    const state = () => Object.fromEntries([...sliders.keys()].map((name) => [name, view.signal(name)]));

    let waiting = 0;
    let frame = 0;
    const show = () => {
      const now = state();
      figure.settings = now;
      about.presets.forEach(({ settings }, i) => {
        const same = Object.keys(settings).every((name) => settings[name] === now[name]);
        buttons[i].setAttribute("aria-pressed", String(same));
      });
      const lines = [...figure.querySelectorAll(`.live .${CSS.escape(about.reading)} text`)];
      output.replaceChildren(...lines.map((line) => make("span", {}, line.textContent)));
      link.setAttribute("href", addressOf(figure, now));
    };
    const later = () => { // once the chart is drawn, whose text is what is read out
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => view.runAsync().then(show));
    };
    const keep = () => {
      clearTimeout(waiting); // browsers refuse an address that changes with every pixel of a slider
      waiting = setTimeout(() => history.replaceState(history.state, "", addressOf(figure, state())), 250);
    };
    const set = async (settings) => {
      for (const [name, value] of Object.entries(settings)) view.signal(name, value);
      await view.runAsync();
      show();
    };

    for (const name of sliders.keys()) {
      view.addSignalListener(name, () => { later(); keep(); });
    }
    about.presets.forEach(({ settings }, i) => { buttons[i].onclick = () => set(settings); });
    link.onclick = (event) => { event.preventDefault(); history.replaceState(history.state, "", addressOf(figure, state())); };
    figure.restore = () => set(fromAddress(figure, sliders));
    if (!figure.explored) window.addEventListener("hashchange", () => figure.restore());
    figure.explored = true;
    return set({ ...figure.settings, ...fromAddress(figure, sliders) });
  };
})();
