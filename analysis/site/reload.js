// Added by the preview alone: reloads the page when the site was built anew, shows what failed.
const events = new EventSource("/-preview/events");
let built;
let box;
events.onmessage = (event) => {
  const state = JSON.parse(event.data);
  if (built !== undefined && state.built !== built) location.reload();
  built = state.built;
  box?.remove();
  if (!state.message) return;
  box = document.createElement("pre");
  box.setAttribute("role", "alert");
  box.textContent = `The last build failed; this is the site before it.\n\n${state.message}`;
  Object.assign(box.style, {
    position: "fixed", inset: "auto 0 0 0", zIndex: 100, margin: 0, padding: "1rem",
    maxHeight: "40vh", overflow: "auto", whiteSpace: "pre-wrap",
    background: "#7a1020", color: "#fff", font: "14px/1.4 monospace",
  });
  document.body.append(box);
};
