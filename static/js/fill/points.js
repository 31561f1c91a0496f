// Points and rates as they would be with what is being typed, before it is saved.

const sheet = document.getElementById("sheet");
const GLANCE = 350; // ms without a key before the points are tried
let glance;
let isTrying = false; // false once a save was sent: a preview on its way would show older points

// `isWanted` says, when the pause is over, whether there is still anything that is not saved.
export function tryPoints(isWanted) {
  clearTimeout(glance);
  glance = setTimeout(() => {
    if (!navigator.onLine || !isWanted()) return;
    isTrying = true;
    window.htmx.ajax("POST", sheet.dataset.preview, { source: sheet, target: sheet, swap: "none" }).catch(() => {});
  }, GLANCE);
}

export function stopTrying() { isTrying = false; }

sheet.addEventListener("htmx:beforeSwap", (event) => { if (!isTrying) event.detail.shouldSwap = false; });
