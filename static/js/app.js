// What every page needs: a mark that scripts are ready, notices when the server does not answer, guarded buttons.
// In a function of its own: the scripts of all pages share one space of names.

(() => {
  const words = () => document.body.dataset;

  // Shows a message at the edge of the page; the reader closes it. Text only, never HTML.
  function notice(text, tone = "danger") {
    const box = document.createElement("div");
    box.className = `alert alert-${tone} alert-dismissible`;
    box.setAttribute("role", "alert");
    box.append(text);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn-close";
    close.setAttribute("aria-label", words().close);
    close.addEventListener("click", () => box.remove());
    box.append(close);
    document.getElementById("notices")?.replaceChildren(box);
  }

  // Said once while the server is away, and taken back as soon as it answers again.
  function sayNotSaved() {
    if (document.querySelector("#notices [data-not-saved]")) return;
    notice(words().notSaved);
    document.querySelector("#notices .alert")?.setAttribute("data-not-saved", "");
  }

  function forgetNotSaved(event) {
    if (event.detail.xhr.status < 500) document.querySelector("#notices [data-not-saved]")?.remove();
  }

  // Asks before an act that cannot be taken back: <form data-confirm="…">.
  function confirmFirst(event) {
    const question = event.target.dataset?.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  }

  // An ID number or a mobile number in a text: the server asks too (stationstd/noticing.py), here nothing is sent yet.
  const PERSONAL = /(?<![\w-])(?:[1-9]\d{5}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}[\dXx]|(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![\w-])/;
  const NOT_READ = /^(csrfmiddlewaretoken|op_id|draft|username|keep_numbers)$|password|code/;

  // Whether something in these [name, value] pairs has to be left out: yes where the person would not keep it.
  function mustLeaveOut(pairs, keep) {
    const isPersonal = ([name, value]) => typeof value === "string" && !NOT_READ.test(name) && PERSONAL.test(value.normalize("NFKC"));
    if (![...pairs].some(isPersonal)) return false;
    if (!window.confirm(words().personal)) return true;
    keep();
    return false;
  }

  function askForPersonal(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.closest("[hx-post]")) return;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: "keep_numbers", value: "yes" });
    if (mustLeaveOut(new FormData(form), () => form.append(kept))) event.preventDefault();
  }

  function askForPersonalInPart(event) {
    const { verb, formData } = event.detail;
    if (verb === "post" && mustLeaveOut(formData.entries(), () => formData.set("keep_numbers", "yes"))) event.preventDefault();
  }

  // A second click must not send a form twice; the server refuses it too.
  function guardButtons(event) {
    if (event.defaultPrevented || event.target.hasAttribute("data-resubmit")) return;
    const form = event.target;
    setTimeout(() => form.querySelectorAll("[type=submit]").forEach((button) => { button.disabled = true; }), 0);
  }

  // Coming back with the browser's arrow must find the buttons alive.
  function freeButtons(event) {
    if (event.persisted) document.querySelectorAll("form [type=submit]:disabled").forEach((button) => { button.disabled = false; });
  }

  // What scrolls sideways must be reachable by keyboard.
  function reachScrolling() {
    document.querySelectorAll(".table-wrap, .table-scroll").forEach((box) => {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }

  // Paper has no folds: <details data-unfold> is printed open. data-print="id" prints that part of the page alone.
  const unfolded = [];
  function unfold() {
    unfolded.push(...document.querySelectorAll("details[data-unfold]:not([open])"));
    unfolded.forEach((each) => { each.open = true; });
  }

  function foldAgain() {
    unfolded.splice(0).forEach((each) => { each.open = false; });
    document.querySelector(".is-printed")?.classList.remove("is-printed");
  }

  function print(event) {
    document.getElementById(event.currentTarget.dataset.print)?.classList.add("is-printed");
    window.print();
  }

  function whenLoaded() {
    document.addEventListener("submit", confirmFirst, true);
    document.addEventListener("submit", askForPersonal, true);
    document.body.addEventListener("htmx:configRequest", askForPersonalInPart);
    document.addEventListener("submit", (event) => {
      if (!event.target.closest("[hx-post], [hx-get]")) guardButtons(event);
    });
    window.addEventListener("pageshow", freeButtons);
    window.addEventListener("resize", reachScrolling);
    document.body.addEventListener("htmx:afterSettle", reachScrolling);
    reachScrolling();
    document.body.addEventListener("htmx:sendError", sayNotSaved);
    document.body.addEventListener("htmx:responseError", sayNotSaved);
    document.body.addEventListener("htmx:afterOnLoad", forgetNotSaved);
    document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", print));
    window.addEventListener("beforeprint", unfold);
    window.addEventListener("afterprint", foldAgain);
    document.documentElement.dataset.ready = "true";
  }

  // htmx processes the page in its own DOMContentLoaded listener, which was added before this one.
  window.stationstd = { notice };
  if (document.readyState === "complete") whenLoaded();
  else document.addEventListener("DOMContentLoaded", whenLoaded);
})();
