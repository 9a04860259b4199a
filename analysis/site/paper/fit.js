// A table that is wider than the page would make Chromium shrink the whole document.
(width) => document.querySelectorAll("table, pre, math, svg").forEach((node) => {
  const wide = Math.max(node.scrollWidth ?? 0, node.getBoundingClientRect().width);
  if (wide > width) node.style.zoom = Math.max(0.4, width / wide - 0.01);
})
