// The editor of a standard: forms marked data-inplace are sent without leaving the page, and what is marked data-live is
// filled from the answer. Whatever does not fit that (a login, a question, another page) is shown as it would be without.

(() => {
  let isDirect = false; // the next submit goes the browser's own way

  async function send(form, button) {
    const address = button?.getAttribute("formaction") ?? form.action;
    const answer = await fetch(address, { method: "POST", body: new FormData(form, button), headers: { Accept: "text/html" } });
    if (answer.status >= 500) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.getElementById("draft-problems")) replaceLive(page);
    else if (answer.redirected) window.location.assign(answer.url);
    else sendDirectly(form, button);
    return true;
  }

  function sendDirectly(form, button) {
    isDirect = true;
    form.requestSubmit(button);
  }

  // The elements stay, so that screen readers hear what changes in them; what had the focus gets it back by its id.
  function replaceLive(page) {
    const focused = document.activeElement?.id;
    document.querySelectorAll("[data-live][id]").forEach((old) => {
      const fresh = page.getElementById(old.id);
      if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...fresh.childNodes);
    });
    document.getElementById(focused)?.focus({ preventScroll: false });
    const refusal = document.querySelector("#draft-refusal .alert");
    if (refusal) refusal.scrollIntoView({ block: "center" });
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.ask;
    if (question && !isDirect && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (isDirect || event.defaultPrevented || !form.matches("form[data-inplace]")) {
      isDirect = false;
      return;
    }
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const done = await send(form, event.submitter).catch(() => false);
    form.removeAttribute("aria-busy");
    if (!done) window.stationstd.notice(document.body.dataset.notSaved);
  });

  // How many indicators are chosen.
  const count = document.querySelector("[data-picked]");
  function tell() {
    const n = document.querySelectorAll("[name=pick]:checked").length;
    count.textContent = n === 0 ? "" : n === 1 ? count.dataset.one : count.dataset.many.replace("#", n);
  }
  if (count) {
    document.getElementById("pick").addEventListener("change", tell);
    tell();
  }
})();
