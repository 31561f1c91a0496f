// What was typed and has no answer from the server yet, kept in this browser: through a closed tab, a crash, a reload
// and a login. It goes once the server has answered, on logout, and when somebody else logs in here (shared PCs).
// localStorage and not IndexedDB: it is written within the keystroke, so nothing is under way when a tab is killed.

(() => {
  const SPACE = "stationstd.kept."; // PERSON.ASSESSMENT.METRIC → record
  const PERSON = "stationstd.person"; // whose login this browser saw last
  const box = document.getElementById("kept");
  const { person } = box.dataset;
  const tab = `${Date.now()}-${Math.random()}`; // only what this page wrote is its own to forget

  // null where the browser refuses to keep anything.
  const store = (() => {
    try {
      window.localStorage.setItem("stationstd.try", "");
      window.localStorage.removeItem("stationstd.try");
      return window.localStorage;
    } catch { return null; }
  })();

  const names = () => (store ? Object.keys(store).filter((name) => name.startsWith(SPACE)) : []);
  const isOwn = (name) => name.startsWith(`${SPACE}${person}.`);
  const nameOf = (assessment, metric) => `${SPACE}${person}.${assessment}.${metric}`;

  function read(name) {
    try { return JSON.parse(store.getItem(name)); } catch { return null; }
  }

  // Whether it is kept: false where the browser is full or keeps nothing.
  function put(assessment, metric, record) {
    if (store?.getItem(PERSON) !== person) return false; // logged out in another window: nothing is left on this PC
    const whole = { ...record, metric, at: Date.now(), tab, page: location.pathname, title: document.querySelector("h1")?.firstChild.textContent.trim() };
    try { store.setItem(nameOf(assessment, metric), JSON.stringify(whole)); return true; } catch { return false; }
  }

  // Another window may have typed into the same field since: its record stays.
  function drop(assessment, metric) {
    const name = nameOf(assessment, metric);
    if (store && read(name)?.tab === tab) store.removeItem(name);
  }

  function get(assessment, metric) {
    return store && read(nameOf(assessment, metric));
  }

  // Words of explanation on this page, by the id of their field. They are shown again on this page alone.
  const nameOfWords = (id) => nameOf("words", `${location.pathname}#${id}`);

  function putWords(id, value) {
    try { store?.setItem(nameOfWords(id), JSON.stringify({ words: id, value, page: location.pathname })); } catch { /* full */ }
  }

  function dropWords(id) {
    store?.removeItem(nameOfWords(id));
  }

  function words() {
    return names().filter(isOwn).map(read).filter((record) => record?.words && record.page === location.pathname);
  }

  function clear() {
    names().forEach((name) => store.removeItem(name));
    store?.removeItem(PERSON);
  }

  // Whether another person has logged in since this page was opened: what it still holds must not go out as theirs.
  const isOtherPerson = () => Boolean(store && store.getItem(PERSON) && store.getItem(PERSON) !== person);

  function beginFor() {
    if (!store) return;
    names().filter((name) => !isOwn(name)).forEach((name) => store.removeItem(name));
    if (store.getItem(PERSON) !== person) store.setItem(PERSON, person);
  }

  function askBeforeLogout(event) {
    if (!event.target.matches("form[action$='/logout/']")) return;
    if (names().some(isOwn) && !window.confirm(box.dataset.logout)) { event.preventDefault(); event.stopPropagation(); return; }
    window.stationstd.kept.isLeaving = true;
    clear();
  }

  // What this page brings back by itself: the field is here, and still open.
  const isHere = (record) => record.page === location.pathname && document.querySelector(`[data-figure="${CSS.escape(record.metric)}"] input`);

  // Says on every page of this person which other pages hold something that was not sent, and what came too late.
  function tell() {
    const pages = new Map();
    const late = [];
    for (const record of names().filter(isOwn).map(read)) {
      if (!record || record.words || isHere(record)) continue;
      if (record.page === location.pathname) { late.push(`${record.label}: ${record.value}`); continue; }
      const seen = pages.get(record.page) ?? { title: record.title, count: 0 };
      pages.set(record.page, { ...seen, count: seen.count + 1 });
    }
    if (!pages.size && !late.length) return;
    if (late.length) box.textContent = `${box.dataset.late} ${late.join("; ")}`;
    for (const [page, { title, count }] of pages) {
      box.append(" ", Object.assign(document.createElement("a"), { href: page, textContent: `${title} (${count})`, className: "alert-link" }));
    }
    box.hidden = false;
  }

  window.stationstd.kept = { works: store !== null, isLeaving: false, get, put, drop, putWords, dropWords, words, isOtherPerson };
  beginFor();
  tell();
  document.addEventListener("submit", askBeforeLogout, true);
})();
