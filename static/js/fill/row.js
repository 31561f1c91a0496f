// One figure of the sheet and how it is saved. A value is only forgotten once the server has answered for it: until
// then it is kept in the browser. One request a field at a time; what could not be sent is sent again with the same
// op_id, so that it takes effect once however often it arrives.

import { changed, settled, tell } from "./overall.js";
import { stopTrying } from "./points.js";

const words = document.getElementById("sheet").dataset;
const PAUSE = 1500; // ms without a key before an unfinished field is saved
const ICONS = { unsent: "bi-pencil", saving: "bi-arrow-up-circle", waiting: "bi-wifi-off", login: "bi-box-arrow-in-right", refused: "bi-exclamation-triangle" };
const UNSENT = ["unsent", "waiting", "login"];
const RETRIES = [2000, 4000, 8000, 15000, 30000];

// crypto.randomUUID exists only on https pages; an intranet may have plain http.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// The page to come back to after a login, with the field.
const loginAddress = (metric) => `${words.loginUrl}?next=${encodeURIComponent(`${location.pathname}#row-${metric}`)}`;

export class Row {
  constructor(element) {
    this.element = element;
    this.metric = element.dataset.figure;
    this.label = element.querySelector(".figure-label").firstChild.textContent.trim();
    this.version = this.state.dataset.version;
    this.saved = this.key(); // what the server has, as far as this page knows
    this.waiting = null; // the request that has no answer yet: {kind, values, key, before, isSent}
    this.isSending = false;
    this.isHeld = false; // somebody else was quicker: wait for a choice
    this.refused = null; // what the server said no to; not sent again unchanged
    this.opId = null; // of the value as it is typed now
    this.failures = 0;
    this.status = ""; // "", unsent, saving, waiting, login, stale or refused
  }

  get state() { return document.getElementById(`state-${this.metric}`); }
  get inputs() { return [...this.element.querySelectorAll(`[name="${this.metric}"]`)]; }
  get estimate() { return this.element.querySelector(`[name="${this.metric}.estimated"]`); }
  // A value that never left this browser, and has been typed anew since: only the newest has to be sent.
  get isOutdated() { return this.waiting?.kind === "save" && !this.waiting.isSent && this.waiting.key !== this.key(); }
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

  focus() {
    const input = this.inputs.find((each) => each.checked) ?? this.inputs[0];
    input.focus();
    if (input.type === "text") input.select();
  }

  // The state beside the field; `action` is a button or a link behind the words.
  say(status, text, action) {
    const line = Object.assign(document.createElement("span"), { textContent: text, className: `figure-${status}` });
    const icon = Object.assign(document.createElement("i"), { className: `bi ${ICONS[status]}` });
    icon.setAttribute("aria-hidden", "true");
    line.prepend(icon, " ");
    this.state.dataset.state = status;
    this.state.replaceChildren(line, ...(action ? [" ", action] : []));
    this.become(status);
  }

  become(status) {
    this.status = status;
    changed();
  }

  again() {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.again, className: "btn btn-link btn-sm" });
    button.addEventListener("click", () => this.send());
    return button;
  }

  mark(isWrong) {
    this.element.classList.toggle("has-error", isWrong);
    this.inputs.forEach((input) => { input.classList.toggle("is-invalid", isWrong); input.setAttribute("aria-invalid", isWrong); });
  }

  // `isOwn`: a record of an earlier page becomes this one's, to be forgotten by it.
  keep(isOwn = false) {
    const { kept } = window.stationstd;
    if (!this.isDirty && !isOwn) { kept.drop(words.assessment, this.metric); return; }
    const { version, waiting, opId } = this;
    kept.put(words.assessment, this.metric, { label: this.label, value: this.value(), estimated: this.estimate.checked, version, waiting, opId });
  }

  // What an earlier page kept: shown, and sent under its own op_id, based on the version that was seen then. Where that
  // is not the newest any more the server says so, and it becomes a choice.
  restore() {
    const record = window.stationstd.kept.get(words.assessment, this.metric);
    if (!record) return false;
    const fresh = this.version;
    this.show(record.value, record.estimated);
    Object.assign(this, { version: record.version, waiting: record.waiting, opId: record.opId });
    this.keep(true);
    if (!this.isDirty) { this.version = fresh; this.keep(); return false; }
    this.say("unsent", `${words.unsent} (${new Date(record.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })})`);
    return true;
  }

  typed() {
    this.opId = newId();
    this.keep();
    if (this.isHeld) return;
    this.mark(false);
    if (this.isDirty && !this.isSending) this.say("unsent", words.unsent);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  save() {
    clearTimeout(this.timer);
    if (this.isHeld || this.isSending) return;
    if (this.isOutdated) Object.assign(this, { waiting: null, refused: null });
    if (this.waiting) { this.send(); return; }
    if (this.key() === this.saved) {
      this.keep();
      if (UNSENT.includes(this.status)) { this.state.replaceChildren(); this.become(""); }
      return;
    }
    if (this.key() === this.refused) return;
    const values = { metric: this.metric, value: this.value(), version: this.version, op_id: this.opId ?? newId() };
    if (this.estimate.checked) values.estimated = "on";
    this.ask("save", values, this.key());
  }

  take() {
    if (this.isSending || this.waiting) return;
    this.isHeld = false;
    this.ask("take", { metric: this.metric, version: this.version, op_id: newId() }, null);
  }

  ask(kind, values, key) {
    this.waiting = { kind, values, key, before: this.key() };
    this.keep();
    this.send();
  }

  send() {
    if (this.isSending || !this.waiting) return;
    clearTimeout(this.timer);
    if (this.isOutdated) { this.save(); return; }
    if (window.stationstd.kept.isOtherPerson()) { this.say("refused", words.other); return; }
    if (!navigator.onLine) { this.postpone(words.offline); return; }
    this.isSending = true;
    this.waiting.isSent = true;
    this.keep();
    this.say("saving", words.saving);
    stopTrying();
    const { kind, values } = this.waiting;
    // How it ended is told by htmx:afterRequest in every case, a broken connection included.
    window.htmx.ajax("POST", words[kind], { source: this.element, target: this.state, swap: "outerHTML", values }).catch(() => {});
  }

  answered(status) {
    this.isSending = false;
    if (status === 0 || status >= 500 || status === 429) { this.postpone(status ? words.busy : words.offline); return; }
    if (status === 401) { this.wait(); return; } // a request without a session does nothing
    const { key, before } = this.waiting;
    this.failures = 0;
    this.waiting = null;
    const told = this.state.dataset;
    if (told.version !== undefined) this.version = told.version;
    if (told.state === "stale") this.hold(told);
    else if (status === 200) this.settle(key, before, told);
    else this.reject(key ?? before);
    this.keep();
  }

  settle(key, before, told) {
    const isStill = this.key() === before; // nothing was typed while it was under way
    if (key === null && isStill) this.show(told.value, "estimated" in told);
    this.saved = key ?? JSON.stringify([told.value, "estimated" in told]);
    this.refused = null;
    this.mark(false);
    this.mirror(told);
    this.become("");
    settled(told.at);
    if (this.key() !== this.saved) this.typed();
  }

  // The register's button and the same figure further down follow what has been saved.
  mirror(told) {
    document.querySelectorAll(`[data-mirror="${this.metric}"]`).forEach((place) => { place.textContent = told.shown; });
    const button = this.element.querySelector("[data-take]");
    if (button) button.hidden = told.value !== "" && Number(told.value) === Number(this.element.dataset.register);
  }

  hold(told) {
    if (told.value === this.value() && ("estimated" in told) === this.estimate.checked) {
      this.saved = this.key();
      this.state.replaceChildren();
      this.become("");
      return;
    }
    this.isHeld = true;
    this.theirs = { value: told.value, isEstimated: "estimated" in told };
    this.mark(true);
    this.become("stale");
    tell(`${this.label}: ${this.state.textContent.trim()}`);
  }

  choose(whose) {
    this.isHeld = false;
    this.mark(false);
    this.focus();
    if (whose === "mine") { this.saved = null; this.opId = newId(); this.save(); return; }
    this.show(this.theirs.value, this.theirs.isEstimated);
    this.saved = this.key();
    this.keep();
    this.state.replaceChildren();
    this.become("");
  }

  reject(key) {
    this.refused = key;
    this.mark(true);
    if (this.state.dataset.state === "saving") this.say("refused", words.refused);
    this.become("refused");
    tell(`${this.label}: ${this.state.textContent.trim()}`);
    if (this.key() !== key) this.typed();
  }

  // Without a session: a way to log in that leads back here. What is typed is kept meanwhile.
  wait() {
    this.waiting.isSent = false;
    this.keep();
    this.say("login", words.login, Object.assign(document.createElement("a"), { href: loginAddress(this.metric), textContent: words.loginLink, className: "figure-relogin" }));
  }

  postpone(text) {
    const pause = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.say("waiting", text, this.again());
    this.timer = setTimeout(() => this.send(), pause);
  }
}
