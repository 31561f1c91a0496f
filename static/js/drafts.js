// The editor of a standard: forms marked data-inplace are sent without leaving the page, and what is marked data-live is
// filled from the answer. Whatever does not fit that (a login, a question, another page) is shown as it would be without.

(() => {
  let isDirect = false; // the next submit goes the browser's own way
  let isBusy = false;
  let next = null; // what was pressed while an answer was awaited: it is sent with the revision of that answer

  // What a button asks for; the button itself may be gone when it is its turn.
  function pressed(form, button) {
    return { form, button, address: button?.getAttribute("formaction") ?? form.action, name: button?.name, value: button?.value };
  }

  async function send(wish) {
    const { form, address, name, value } = wish;
    const said = new FormData(form);
    if (name) said.append(name, value);
    const answer = await fetch(address, { method: "POST", body: said, headers: { Accept: "text/html" } });
    if (answer.status >= 500) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.getElementById("draft-problems")) replaceLive(page, said);
    else if (answer.redirected) window.location.assign(answer.url);
    else sendDirectly(wish);
    return true;
  }

  function sendDirectly({ form, button }) {
    isDirect = true;
    form.requestSubmit(button?.isConnected ? button : null);
  }

  async function inTurn(wish) {
    if (isBusy) {
      next = wish;
      return;
    }
    isBusy = true;
    wish.form.setAttribute("aria-busy", "true");
    const done = await send(wish).catch(() => false);
    wish.form.removeAttribute("aria-busy");
    isBusy = false;
    if (!done) window.stationstd.notice(document.body.dataset.notSaved);
    const waiting = next;
    next = null;
    if (done && waiting) inTurn(waiting);
  }

  // The elements stay, so that screen readers hear what changes in them; what had the focus gets it back by its id, and
  // what was typed since the form was sent is typed again.
  function replaceLive(page, said) {
    const focused = document.activeElement?.id;
    const typed = [...document.querySelectorAll("[data-live] input[id]:not([type=hidden])")].filter((field) => said.has(field.name) && said.get(field.name) !== field.value);
    document.querySelectorAll("[data-live][id]").forEach((old) => {
      const fresh = page.getElementById(old.id);
      if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
    });
    typed.forEach(({ id, value }) => {
      const field = document.getElementById(id);
      if (field) field.value = value;
    });
    document.getElementById(focused)?.focus();
    document.querySelector("#draft-refusal .alert")?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.ask;
    if (question && !isDirect && !window.confirm(question)) event.preventDefault();
    const isOurs = !isDirect && !event.defaultPrevented && event.target.matches("form[data-inplace]");
    isDirect = false;
    if (!isOurs) return;
    event.preventDefault();
    inTurn(pressed(event.target, event.submitter));
  });

  // A grid is looked at whenever a cell is left changed: what would be wrong is told before anything is saved.
  document.querySelectorAll("form[data-look]").forEach((form) => {
    form.addEventListener("change", () => inTurn({ form, address: form.action, name: "do", value: "look" }));
  });

  // How many indicators are chosen.
  const count = document.querySelector("[data-picked]");
  function tell() {
    const n = document.querySelectorAll("[name=pick]:checked, #picked-elsewhere [name=pick]").length;
    count.textContent = n === 0 ? "" : n === 1 ? count.dataset.one : count.dataset.many.replace("#", n);
  }
  if (count) {
    document.getElementById("pick").addEventListener("change", tell);
    tell();
  }
})();
