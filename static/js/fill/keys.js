// The sheet by keyboard alone. Enter next figure, Shift+Enter back, Ctrl+S saves everything now, Alt+PageDown and
// Alt+PageUp change the dimension, 1 or y and 0 or n answer a question, ? shows all this.

import { leave, saveAll } from "./overall.js";

const ANSWERS = { 1: "1", y: "1", Y: "1", 0: "0", n: "0", N: "0", Delete: "", Backspace: "" };

const isFigure = (target) => target.matches("[data-figure] input");
const hasOtherKeys = (event) => event.ctrlKey || event.metaKey || event.altKey;

function toNext(event, rows) {
  const all = [...rows.values()];
  const at = all.findIndex((row) => row.element.contains(event.target));
  all[at].save();
  const next = all[at + (event.shiftKey ? -1 : 1)];
  if (next) next.focus();
  else if (!event.shiftKey) document.querySelector(".fill-next a:last-of-type")?.focus();
}

function answer(event, rows) {
  const value = ANSWERS[event.key];
  if (event.target.type !== "radio" || value === undefined) return false;
  const row = rows.get(event.target.closest("[data-figure]").dataset.figure);
  const input = row.inputs.find((each) => each.value === value);
  input.checked = true;
  input.focus();
  row.typed();
  row.save();
  return true;
}

function turn(rel) {
  const link = document.querySelector(`.fill-next a[rel="${rel}"]`);
  if (link) leave(link.href);
  return Boolean(link);
}

// Whether the key meant something here.
function pressed(event, rows) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { saveAll(); return true; }
  if (event.altKey && event.key === "PageDown") return turn("next");
  if (event.altKey && event.key === "PageUp") return turn("prev");
  if (hasOtherKeys(event) || document.querySelector("dialog[open]")) return false;
  if (event.key === "?" && (isFigure(event.target) || !event.target.matches("input, textarea, select"))) { document.getElementById("keys").showModal(); return true; }
  if (!isFigure(event.target)) return false;
  if (event.key === "Enter") { toNext(event, rows); return true; }
  return answer(event, rows);
}

export function listenToKeys(rows) {
  document.addEventListener("keydown", (event) => { if (!event.isComposing && pressed(event, rows)) event.preventDefault(); });
  document.querySelectorAll("[data-keys]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => document.getElementById("keys").showModal()); });
}
