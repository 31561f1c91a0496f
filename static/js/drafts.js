// The editor of a standard: forms marked data-inplace are sent without leaving the page, and what is marked data-live is
// taken from the answer. Whatever does not fit that (a login, a question, another page) is shown as it would be without.

(() => {
  async function send(form, button) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status >= 500) return false;
    if (!page.getElementById("draft-problems")) {
      if (answer.redirected) window.location.assign(answer.url);
      else form.submit();
      return true;
    }
    replaceLive(page);
    return true;
  }

  // A field that has the focus keeps it: its place in the new page is found by its id.
  function replaceLive(page) {
    const focused = document.activeElement?.id;
    document.querySelectorAll("[data-live][id]").forEach((old) => {
      const fresh = page.getElementById(old.id);
      if (fresh) old.replaceWith(fresh);
    });
    const again = focused && document.getElementById(focused);
    if (again && again !== document.activeElement) again.focus();
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-inplace]")) return;
    event.preventDefault();
    form.setAttribute("aria-busy", "true");
    const done = await send(form, event.submitter).catch(() => false);
    form.removeAttribute("aria-busy");
    if (!done) window.stationstd.notice(document.body.dataset.notSaved);
  });
})();
