// The indicator library: what is searched for is found while it is typed, what was chosen stays chosen, and what is in a
// group, or known of an indicator, is fetched when somebody asks. Without this script the same is done by loading the page.

(() => {
  const PAUSE = 300; // ms without a key before it is searched
  const filters = document.getElementById("library-filters");
  const form = document.getElementById("pick");
  if (!filters || !form) return;
  const elsewhere = document.getElementById("picked-elsewhere");
  const found = () => document.getElementById("library-found");
  const boxes = () => [...form.querySelectorAll("[type=checkbox][name=pick]")];
  let timer;
  let asked = 0; // only the latest answer counts

  async function page(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) { window.stationstd.notice(found().dataset.failed); return null; }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  // What is chosen and not among what is found goes along unseen.
  function keep(chosen) {
    boxes().forEach((box) => { if (chosen.delete(box.value) && !box.disabled) box.checked = true; });
    elsewhere.replaceChildren(...[...chosen].map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "pick", value })));
    form.dispatchEvent(new Event("change"));
  }

  async function search() {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const said = new URLSearchParams([...new FormData(filters)].filter(([, value]) => value));
    const fresh = await page(`${filters.getAttribute("action") || location.pathname}?${said}`);
    if (!fresh || mine !== asked) return;
    const chosen = new Set(new FormData(form).getAll("pick"));
    ["library-found", "library-count"].forEach((id) => document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes));
    keep(chosen);
    history.replaceState(null, "", said.size ? `?${said}` : location.pathname);
  }

  // A group that is opened lists what is in it.
  async function list(group) {
    const link = group.querySelector("a[data-list]");
    if (!link || group.dataset.asked) return;
    group.dataset.asked = "yes";
    const fresh = await page(link.href);
    delete group.dataset.asked;
    const offers = fresh?.querySelectorAll(`[data-group="${group.dataset.group}"] .offer`);
    if (!offers?.length || !link.isConnected) return;
    link.closest("p").replaceWith(...offers);
    keep(new Set(new FormData(form).getAll("pick")));
  }

  async function show(link) {
    const fresh = await page(link.href);
    const all = fresh?.getElementById(`all-${link.dataset.show}`);
    if (!all) return;
    all.tabIndex = -1;
    link.replaceWith(all);
    all.focus();
  }

  function countByGroup() {
    form.querySelectorAll("details").forEach((group) => {
      const n = group.querySelectorAll("[name=pick]:checked").length;
      const { one, many } = form.querySelector("[data-picked]").dataset;
      group.querySelector("[data-chosen]").textContent = n === 0 ? "" : n === 1 ? one : many.replace("#", n);
    });
  }

  filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, PAUSE); });
  filters.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("change", countByGroup);
  form.addEventListener("toggle", (event) => { if (event.target.open) list(event.target); }, true); // toggle does not rise
  form.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-show]");
    if (!link) return;
    event.preventDefault();
    show(link);
  });
  countByGroup();
})();
