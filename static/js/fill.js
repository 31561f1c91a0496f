// The sheet: every answer is saved by itself, on leaving a field, on Enter, or after a pause in typing.

import { isUploading, listenToFiles } from "./fill/files.js";
import { listenToKeys } from "./fill/keys.js";
import { changed, isDirty, jump, leave, tell, watch } from "./fill/overall.js";
import { tryPoints } from "./fill/points.js";
import { Row } from "./fill/row.js";
import "./fill/words.js";

const sheet = document.getElementById("sheet");
const { kept } = window.stationstd;
const rows = new Map();

function rowOf(target) {
  const element = target.closest?.("[data-figure]");
  return element && rows.get(element.dataset.figure);
}

// After logging in again in another window this page's token is old; the cookie has the present one.
function freshToken(event) {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  if (token) event.detail.headers["X-CSRFToken"] = token[1];
}

// Reasons and points that an answer brings in above must not move the field from under the eyes, or under the bar.
let isHeld = false;
function hold() {
  const field = document.activeElement;
  if (isHeld || !rowOf(field)) return;
  const { top } = field.getBoundingClientRect();
  isHeld = true;
  requestAnimationFrame(() => {
    isHeld = false;
    if (document.activeElement === field) window.scrollBy({ top: field.getBoundingClientRect().top - top, behavior: "instant" });
  });
}

function listenToRequests() {
  document.body.addEventListener("htmx:beforeSwap", hold);
  document.body.addEventListener("htmx:configRequest", freshToken);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const row = rowOf(event.detail.requestConfig.elt);
    // A page of an error is no state of a field.
    if (row && event.detail.requestConfig.elt === row.element && !event.detail.serverResponse.includes(`id="state-${row.metric}"`)) event.detail.shouldSwap = false;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => { const row = rowOf(event.target); if (row?.waiting && event.target === row.element) row.answered(event.detail.xhr.status); });
  // Without a session htmx would leave for the login page, and the typed values with it.
  document.body.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status === 401) event.preventDefault(); });
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.querySelector(".fill-main").addEventListener(name, (event) => { if (rowOf(event.target) || event.target === sheet) event.stopPropagation(); });
  }
}

const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.shiftKey && !event.metaKey && !event.altKey;

function clicked(event) {
  if (event.target.closest("[data-take]")) rowOf(event.target).take();
  const choice = event.target.closest("[data-keep]");
  if (choice) rowOf(choice).choose(choice.dataset.keep);
  if (event.target.closest("[data-jump]")) jump();
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hasAttribute("download") || !isPlain(event)) return;
  const isElsewhere = link.origin === location.origin && link.pathname !== location.pathname;
  if (isElsewhere && isDirty() && !isUploading()) { event.preventDefault(); leave(link.href); }
}

// Network, login and other windows: whatever waits is tried again as soon as there is a chance.
function listenToTheWorld() {
  window.addEventListener("online", () => { rows.forEach((row) => { row.failures = 0; row.save(); }); changed(); });
  window.addEventListener("offline", changed);
  window.addEventListener("focus", () => rows.forEach((row) => { if (row.waiting && ["login", "refused"].includes(row.status)) row.send(); }));
  window.addEventListener("beforeunload", (event) => { if (!kept.isLeaving && (isUploading() || isDirty())) event.preventDefault(); });
  // Another form of the page leads away and back: what is typed is kept meanwhile, nobody has to be asked.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target === sheet || event.target.closest("[hx-post]")) return;
    kept.isLeaving = kept.works;
    setTimeout(() => { kept.isLeaving = false; }, 5000); // it was a download: the page is still here
  });
  window.addEventListener("pageshow", () => { kept.isLeaving = false; });
}

function listen() {
  document.addEventListener("input", (event) => { const row = rowOf(event.target); if (row) { row.typed(); tryPoints(() => [...rows.values()].some((each) => each.isDirty && !each.isSending)); } });
  document.addEventListener("change", (event) => rowOf(event.target)?.save());
  document.addEventListener("click", clicked);
  sheet.addEventListener("submit", (event) => { event.preventDefault(); rows.forEach((row) => row.save()); });
  listenToRequests();
  listenToTheWorld();
  listenToKeys(rows);
  listenToFiles();
}

function restore() {
  const restored = [...rows.values()].filter((row) => row.restore());
  if (restored.length) tell(sheet.dataset.restored.replace("{n}", restored.length));
  restored.forEach((row) => row.save());
}

// #row-METRIC of a link or a login leads into the field, #first to the first one that is empty.
function enter() {
  const asked = location.hash.match(/^#row-(.+)$/);
  const first = [...rows.values()].find((row) => row.value() === "") ?? [...rows.values()][0];
  const row = asked ? rows.get(decodeURIComponent(asked[1])) : location.hash === "#first" ? first : null;
  row?.focus();
}

function start() {
  document.querySelectorAll("[data-figure]").forEach((element) => rows.set(element.dataset.figure, new Row(element)));
  listen();
  watch(rows);
  document.getElementById("saving").hidden = false;
  restore();
}

document.addEventListener("DOMContentLoaded", start);
// The browser itself goes to the place that the address names, once everything is loaded, and takes the focus away.
window.addEventListener("load", () => setTimeout(enter));
