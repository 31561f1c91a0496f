// The state of the whole page in the bar at its foot, in one line, and what a screen reader is told.

const sheet = document.getElementById("sheet");
const words = sheet.dataset;
const WORST_FIRST = ["refused", "stale", "login", "waiting", "saving", "unsent"];
let rows = new Map();
let savedAt = "";
let isAsked = false; // somebody pressed Ctrl+S and waits for a word

const place = () => document.getElementById("saving");
const count = (...statuses) => [...rows.values()].filter((row) => statuses.includes(row.status)).length;
export const isDirty = () => [...rows.values()].some((row) => row.isDirty);

export function watch(all) { rows = all; changed(); }

// Spoken once; the words at the field stand there for the eye.
export function tell(text) { document.getElementById("spoken").textContent = text; }

const LINES = { refused: "countRefused", stale: "countRefused", login: "countLogin", waiting: "countWaiting", saving: "countSaving", unsent: "countUnsent" };

function said(worst) {
  if (!worst && !navigator.onLine) return words.offline;
  if (!worst) return savedAt ? `${words.allSaved} ${savedAt}` : words.bySelf;
  const alike = Object.keys(LINES).filter((status) => LINES[status] === LINES[worst]);
  return words[LINES[worst]].replace("{n}", count(...alike));
}

export function changed() {
  if (!place()) return;
  const worst = WORST_FIRST.find((status) => count(status)) ?? "";
  const text = window.stationstd.kept.works ? said(worst) : `${said(worst)} ${words.keepsNothing}`;
  const before = place().dataset.state;
  place().dataset.state = worst;
  place().querySelector("[data-text]").textContent = text;
  place().querySelector("[data-jump]").hidden = !["refused", "stale"].includes(worst);
  const login = place().querySelector("[data-relogin]");
  login.hidden = worst !== "login";
  if (before !== worst && ["waiting", "login"].includes(worst)) tell(text);
  if (isAsked && !["saving", "unsent"].includes(worst)) { isAsked = false; tell(text); flash(); }
}

export function settled(at) {
  savedAt = at ?? savedAt;
  changed();
}

// Everything now, and a word about it.
export function saveAll() {
  isAsked = true;
  rows.forEach((row) => row.save());
  changed();
}

function flash() {
  place().classList.remove("is-told");
  requestAnimationFrame(() => place().classList.add("is-told"));
}

// The field that needs its person most: the first of the page.
export function jump() {
  [...rows.values()].find((row) => ["refused", "stale"].includes(row.status))?.focus();
}

// Leaves for another page once everything is saved; what has to wait for the network is kept, and sent from there.
export async function leave(address) {
  rows.forEach((row) => row.save());
  for (let tries = 0; tries < 30 && count("saving", "unsent"); tries += 1) await new Promise((done) => { setTimeout(done, 50); });
  window.stationstd.kept.isLeaving = window.stationstd.kept.works;
  location.assign(address);
}
