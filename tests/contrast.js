// Marks and words of the drawn figures that do not stand out from what lies under them.
// `kind` is "text" or "marks". Of marks those count that are thin in one direction: what is larger
// than `surface` pixels both ways is shading, with edges or words of its own. The grid is left out.
({ least, kind, surface }) => {
  const numbers = (text) => text.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, a], under) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a));
  const linear = (v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
  const contrast = (a, b) => Math.max(light(a), light(b)) / Math.min(light(a), light(b));
  const paper = numbers(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const found = [];
  for (const svg of document.querySelectorAll("figure.chart svg")) {
    if (!svg.getClientRects().length) continue;
    const looks = new Map(); // most marks share their look with their siblings
    const look = (mark) => {
      const own = ["fill", "stroke", "opacity", "fill-opacity", "stroke-opacity", "stroke-width"];
      const at = looks.get(mark.parentNode) ?? looks.set(mark.parentNode, new Map()).get(mark.parentNode);
      const key = own.map((name) => mark.getAttribute(name)).join();
      if (!at.has(key)) {
        const style = getComputedStyle(mark);
        let opacity = 1;
        for (let e = mark; e !== svg.parentNode; e = e.parentNode) opacity *= getComputedStyle(e).opacity;
        const paint = (name, alpha) => {
          if (style[name] === "none") return null;
          const [r, g, b, a = 1] = numbers(style[name]);
          return [r, g, b, a * alpha * opacity];
        };
        at.set(key, {
          fill: paint("fill", style.fillOpacity), stroke: paint("stroke", style.strokeOpacity),
          width: parseFloat(style.strokeWidth), grid: /chart-rule/.test(key + mark.parentNode.getAttribute("stroke")),
        });
      }
      return at.get(key);
    };
    const shapes = [...svg.querySelectorAll("path, circle, rect, text")].filter((e) => !e.closest("clipPath"));
    const named = (shape, ratio) => found.push(
      `${svg.closest("figure").id}: ${shape.textContent.trim() || shape.outerHTML.slice(0, 120)}: ${ratio.toFixed(2)}`);
    const painted = [];
    for (const shape of shapes) {
      const mark = look(shape);
      if (shape.localName !== "text") {
        painted.push({ shape, box: shape.getBoundingClientRect(), ...mark });
        if (kind !== "marks" || mark.grid) continue;
        const bar = shape.getAttribute("d")?.match(/^M[-\d.]+,[-\d.]+h([\d.]+)v([\d.]+)/); // may be many
        const thin = Math.min(...(bar ? bar.slice(1) : [painted.at(-1).box.width, painted.at(-1).box.height]));
        if (mark.fill && (thin > surface || (!thin && !mark.stroke))) continue;
        const best = Math.max(...[mark.fill, mark.stroke].filter((c) => c?.[3]).map((c) => contrast(over(c, paper), paper)), 0);
        if (best && best < least) named(shape, best);
      } else if (kind === "text" && shape.textContent.trim() && mark.fill[3]) {
        const box = shape.getBoundingClientRect();
        const y = box.y + box.height / 2;
        const ratios = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => {
          const x = box.x + box.width * part;
          let under = paper;
          for (const each of painted) {
            const { left, right, top, bottom } = each.box;
            if (x < left || x > right || y < top || y > bottom) continue;
            const spot = new DOMPoint(x, y).matrixTransform(each.shape.getScreenCTM().inverse());
            if (each.fill && each.shape.isPointInFill(spot)) under = over(each.fill, under);
            if (each.stroke && each.width > 3 && each.shape.isPointInStroke(spot)) under = over(each.stroke, under);
          }
          return contrast(over(mark.fill, under), under);
        });
        if (Math.min(...ratios) < least) named(shape, Math.min(...ratios));
      }
    }
  }
  return [...new Set(found)];
}
