// Saves every answer of the sheet by itself: on leaving a field, on Enter, or after a pause in typing.
// A value is only forgotten once the server has answered for it. One request a field at a time; what could not be
// sent is sent again with the same op_id, so that it takes effect once however often it arrives.

const sheet = document.getElementById("sheet");
const words = sheet.dataset;
const PAUSE = 1500; // ms without a key before an unfinished field is saved
const GLANCE = 350; // ms without a key before the points are tried
const RETRIES = [2000, 4000, 8000, 15000, 30000];
const rows = new Map();
let uploads = 0;
let isTrying = false; // false once a save was sent: a preview on its way would show older points

// crypto.randomUUID exists only on https pages; an intranet may have plain http.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Row {
  constructor(element) {
    this.element = element;
    this.metric = element.dataset.figure;
    this.version = this.state.dataset.version;
    this.saved = this.key(); // what the server has, as far as this page knows
    this.waiting = null; // the request that has no answer yet: {url, values, key}
    this.isSending = false;
    this.isHeld = false; // somebody else was quicker: wait for a choice
    this.refused = null; // what the server said no to; not sent again unchanged
    this.failures = 0;
  }

  get state() { return document.getElementById(`state-${this.metric}`); }
  get inputs() { return [...this.element.querySelectorAll(`[name="${this.metric}"]`)]; }
  get estimate() { return this.element.querySelector(`[name="${this.metric}.estimated"]`); }
  get isDirty() { return this.waiting !== null || this.key() !== this.saved; }

  value() {
    const inputs = this.inputs;
    return inputs[0].type === "radio" ? inputs.find((input) => input.checked)?.value ?? "" : inputs[0].value;
  }

  show(value, isEstimated) {
    this.inputs.forEach((input) => {
      if (input.type === "radio") input.checked = input.value === value;
      else input.value = value;
    });
    this.estimate.checked = isEstimated;
  }

  key() { return JSON.stringify([this.value(), this.estimate.checked]); }

  say(text, button) {
    this.state.replaceChildren(Object.assign(document.createElement("span"), { textContent: text, className: "figure-waiting" }));
    if (!button) return;
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: button, className: "btn btn-link btn-sm" });
    again.addEventListener("click", () => this.send());
    this.state.append(" ", again);
  }

  mark(isWrong) {
    this.element.classList.toggle("has-error", isWrong);
    this.inputs.forEach((input) => { input.classList.toggle("is-invalid", isWrong); input.setAttribute("aria-invalid", isWrong); });
  }

  typed() {
    if (this.isHeld) return;
    this.mark(false);
    if (this.isDirty) this.say(words.waiting);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    clearTimeout(this.timer);
    if (this.isHeld || this.isSending) return;
    if (this.waiting) { this.send(); return; }
    if (this.key() === this.saved) {
      if (this.state.querySelector(".figure-waiting")) this.state.replaceChildren();
      return;
    }
    if (this.key() === this.refused) return;
    const values = { metric: this.metric, value: this.value(), version: this.version, op_id: newId() };
    if (this.estimate.checked) values.estimated = "on";
    this.ask(words.save, values, this.key());
  }

  take() {
    if (this.isSending) return;
    this.isHeld = false;
    this.ask(words.take, { metric: this.metric, version: this.version, op_id: newId() }, null);
  }

  ask(url, values, key) {
    this.waiting = { url, values, key };
    this.send();
  }

  send() {
    if (this.isSending || !this.waiting) return;
    clearTimeout(this.timer);
    this.isSending = true;
    this.say(words.saving);
    isTrying = false;
    const { url, values } = this.waiting;
    // How it ended is told by htmx:afterRequest in every case, a broken connection included.
    window.htmx.ajax("POST", url, { source: this.element, target: this.state, swap: "outerHTML", values }).catch(() => {});
  }

  answered(status) {
    const { key } = this.waiting;
    this.isSending = false;
    if (status === 0 || status >= 500 || status === 429) { this.postpone(); return; }
    if (status === 401) { this.say(words.login, words.again); return; }
    this.failures = 0;
    this.waiting = null;
    const told = this.state.dataset;
    if (told.version !== undefined) this.version = told.version;
    if (status === 200) this.settle(key, told);
    else if (told.state === "stale") this.hold(told);
    else this.reject(key);
  }

  settle(key, told) {
    if (key === null) {
      this.show(told.value, "estimated" in told);
      this.saved = this.key();
    } else this.saved = key;
    this.refused = null;
    this.mark(false);
    this.mirror(told);
    if (this.key() !== this.saved) this.typed();
  }

  // The register's button and the same figure further down follow what has been saved.
  mirror(told) {
    document.querySelectorAll(`[data-mirror="${this.metric}"]`).forEach((place) => { place.textContent = told.shown; });
    const button = this.element.querySelector("[data-take]");
    if (button) button.hidden = told.value !== "" && Number(told.value) === Number(this.element.dataset.register);
  }

  hold(told) {
    if (told.value === this.value() && ("estimated" in told) === this.estimate.checked) { this.saved = this.key(); this.state.replaceChildren(); return; }
    this.isHeld = true;
    this.theirs = { value: told.value, isEstimated: "estimated" in told };
    this.mark(true);
  }

  choose(whose) {
    this.isHeld = false;
    this.mark(false);
    if (whose === "mine") { this.saved = null; this.save(); return; }
    this.show(this.theirs.value, this.theirs.isEstimated);
    this.saved = this.key();
    this.state.replaceChildren();
  }

  reject(key) {
    this.refused = key;
    this.mark(true);
    if (!this.state.dataset.state) this.say(words.refused);
    if (this.key() !== key) this.typed();
  }

  postpone() {
    const pause = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.say(words.offline, words.again);
    this.timer = setTimeout(() => this.send(), pause);
  }
}

function rowOf(target) {
  const element = target.closest?.("[data-figure]");
  return element && rows.get(element.dataset.figure);
}

let glance;
function tryPoints() {
  clearTimeout(glance);
  glance = setTimeout(() => {
    if (![...rows.values()].some((row) => row.isDirty && !row.isSending)) return;
    isTrying = true;
    window.htmx.ajax("POST", words.preview, { source: sheet, target: sheet, swap: "none" }).catch(() => {});
  }, GLANCE);
}

// Enter goes to the next field, Shift+Enter back.
function nextField(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-figure] input")) return;
  event.preventDefault();
  const all = [...rows.values()];
  const row = rowOf(event.target);
  row.save();
  const next = all[all.indexOf(row) + (event.shiftKey ? -1 : 1)];
  if (!next) return;
  const input = next.inputs.find((each) => each.checked) ?? next.inputs[0];
  input.focus();
  if (input.type === "text") input.select();
}

// After logging in again in another window this page's token is old; the cookie has the present one.
function freshToken(event) {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  if (token) event.detail.headers["X-CSRFToken"] = token[1];
}

// One file a request, so that one refused file does not take the others with it and each is below the size limit.
async function upload(place, files, caption) {
  const section = () => place.querySelector(".evidence");
  const url = section().querySelector("[data-upload]").action;
  const problems = [];
  uploads += 1;
  for (const file of files) {
    const bar = section().querySelector(".evidence-progress");
    bar.hidden = false;
    try { await window.htmx.ajax("POST", url, { source: place, target: section(), swap: "outerHTML", values: { files: file, caption } }); } catch { window.stationstd.notice(document.body.dataset.notSaved); break; }
    problems.push(...section().querySelectorAll(".evidence-problem"));
  }
  uploads -= 1;
  problems.forEach((problem) => section().querySelector(".evidence-more").before(problem));
}

function uploadFrom(form) {
  const input = form.elements.files;
  if (input.files.length) upload(form.closest("[data-uploads]"), [...input.files], form.elements.caption.value);
}

function listenToFiles() {
  document.addEventListener("change", (event) => { if (event.target.matches("[data-upload] [type=file]")) uploadFrom(event.target.form); });
  document.querySelectorAll("[data-uploads]").forEach((place) => {
    place.addEventListener("htmx:xhr:progress", ({ detail }) => {
      const bar = place.querySelector(".evidence-progress");
      if (bar && detail.lengthComputable) bar.value = (100 * detail.loaded) / detail.total;
    });
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("is-over"); });
    place.addEventListener("dragleave", () => place.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("is-over");
      if (event.dataTransfer.files.length) upload(place, [...event.dataTransfer.files], place.querySelector("[name=caption]").value);
    });
  });
}

function listen() {
  document.addEventListener("input", (event) => { const row = rowOf(event.target); if (row) { row.typed(); tryPoints(); } });
  document.addEventListener("change", (event) => rowOf(event.target)?.save());
  document.addEventListener("keydown", nextField);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-take]")) rowOf(event.target).take();
    const choice = event.target.closest("[data-keep]");
    if (choice) rowOf(choice).choose(choice.dataset.keep);
  });
  document.body.addEventListener("htmx:configRequest", freshToken);
  document.body.addEventListener("htmx:afterRequest", (event) => { const row = rowOf(event.target); if (row?.waiting && event.target === row.element) row.answered(event.detail.xhr.status); });
  sheet.addEventListener("htmx:beforeSwap", (event) => { if (!isTrying) event.detail.shouldSwap = false; });
  // Without a session htmx would leave for the login page, and the typed values with it.
  document.body.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status === 401) event.preventDefault(); });
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.querySelector(".fill-main").addEventListener(name, (event) => { if (rowOf(event.target) || event.target === sheet) event.stopPropagation(); });
  }
  sheet.addEventListener("submit", (event) => { event.preventDefault(); rows.forEach((row) => row.save()); });
  window.addEventListener("online", () => rows.forEach((row) => row.send()));
  window.addEventListener("beforeunload", (event) => { if (uploads || [...rows.values()].some((row) => row.isDirty)) event.preventDefault(); });
  listenToFiles();
}

function start() {
  document.querySelectorAll("[data-figure]").forEach((element) => rows.set(element.dataset.figure, new Row(element)));
  listen();
}

document.addEventListener("DOMContentLoaded", start);
