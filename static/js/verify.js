// The reviewer's keys: J next, K previous, A accept, C change, N next unchecked. They can be switched off.

const items = () => [...document.querySelectorAll("[data-item]")];
const editable = (element) => element.closest("input, textarea, select, [contenteditable], .modal");
const current = () => document.activeElement.closest("[data-item]");

function go(item) {
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "start" });
}

// The item after (or before) the focused one that fits; without a focused one the search begins at the edge.
function step(direction, fits = () => true) {
  const all = direction > 0 ? items() : items().reverse();
  const at = all.indexOf(current());
  go(all.slice(at + 1).find(fits));
}

const unchecked = (item) => item.dataset.stage === "open";

function openChange(item) {
  const details = item?.querySelector("details.v-change");
  if (!details) return;
  details.open = true;
  details.querySelector("[name=value]").focus();
}

const acts = {
  j: () => step(1),
  k: () => step(-1),
  n: () => step(1, unchecked),
  a: () => current()?.querySelector("[data-accept]")?.click(),
  c: () => openChange(current()),
};

function onKey(event) {
  const act = acts[event.key.toLowerCase()];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || editable(event.target)) return;
  if (!document.getElementById("keys")?.checked) return;
  event.preventDefault();
  act();
}

// A card is replaced by the answer: after an acceptance the focus goes on to the next unchecked card, after a change
// it stays on the card, after a refusal it goes to the first field that has to be mended.
let sent = null;

function beforeRequest(event) {
  const card = event.detail.elt.closest("[data-item]");
  sent = card && { id: card.id, accepted: Boolean(event.detail.elt.querySelector("[data-accept]")) };
}

function next(here) {
  const all = items();
  return all.slice(all.indexOf(here) + 1).find(unchecked);
}

function afterSettle() {
  if (!sent) return;
  const here = document.getElementById(sent.id);
  const wrong = here.querySelector("details[open] .is-invalid, details[open] [name=value]");
  if (wrong) wrong.focus();
  else go((sent.accepted && next(here)) || here);
  sent = null;
}

document.addEventListener("keydown", onKey);
document.addEventListener("DOMContentLoaded", () => {
  const keys = document.getElementById("keys");
  if (!keys) return;
  keys.checked = localStorage.getItem("verify.keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("verify.keys", keys.checked ? "on" : "off"));
  document.body.addEventListener("htmx:beforeRequest", beforeRequest);
  document.body.addEventListener("htmx:afterSettle", afterSettle);
});
