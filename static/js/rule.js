// The rule of a criterion while it is written: its fields follow the shape, its words and its example follow what is
// typed. Everything here also works by its buttons alone; nothing is written before somebody saves.

(() => {
  const PAUSE = 350; // ms without a key before the rule is tried
  const form = document.getElementById("criterion");
  if (!form) return;
  const rule = () => document.getElementById("rule");
  let timer;
  let asked = 0; // only the latest answer counts

  function said(act) {
    const data = new FormData(form);
    ["revision", "do"].forEach((name) => data.delete(name));
    data.set("do", act);
    const id = document.getElementById("criterion-id");
    if (id) data.set("criterion", id.value);
    return data;
  }

  async function ask(act, whenAnswered) {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    rule().setAttribute("aria-busy", "true");
    const answer = await fetch(form.dataset.preview, { method: "POST", body: said(act), headers: { "HX-Request": "true" } }).catch(() => null);
    if (mine !== asked) return;
    rule().removeAttribute("aria-busy");
    if (!answer?.ok) { window.stationstd.notice(form.dataset.failed); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asked && fresh.getElementById("rule")) whenAnswered(fresh);
  }

  // What is being typed stays where it is: only errors, words and example are taken from the answer.
  function showExample(fresh) {
    const old = document.getElementById("rule-example");
    const focused = document.activeElement;
    const place = focused && old.contains(focused) ? { id: focused.id, at: focused.selectionStart } : null;
    const typed = new Map([...old.querySelectorAll("[name^='try.']")].map((input) => [input.name, input.value]));
    const example = fresh.getElementById("rule-example");
    example.querySelectorAll("[name^='try.']").forEach((input) => { if (typed.has(input.name)) input.value = typed.get(input.name); });
    old.replaceWith(example);
    if (place) {
      const again = document.getElementById(place.id);
      again?.focus();
      if (place.at !== null && place.at !== undefined) again?.setSelectionRange?.(place.at, place.at);
    }
    showErrors(fresh);
    keepText(fresh);
  }

  function showErrors(fresh) {
    rule().querySelectorAll("[data-error]").forEach((place) => {
      const now = fresh.getElementById(place.id)?.textContent ?? "";
      if (place.textContent !== now) place.textContent = now;
      const field = document.getElementById(place.id.replace(/^error-/, ""));
      field?.classList.toggle("is-invalid", now !== "" && field.matches("input, select, textarea"));
    });
  }

  function keepText(fresh) {
    const text = document.getElementById("rule_text");
    if (!document.getElementById("rule_as_text").checked) text.value = fresh.getElementById("rule_text").value;
  }

  function showAll(focus) {
    return (fresh) => {
      rule().querySelector("#rule-fields").replaceWith(fresh.getElementById("rule-fields"));
      showExample(fresh);
      focus();
    };
  }

  function act(button) {
    const [verb, name] = button.value.split(" ");
    const list = verb === "add" ? name : name.replace(/\.\d+$/, "");
    const inputs = () => [...rule().querySelectorAll("input:not([type=hidden]), select")].filter((input) => input.name.startsWith(`${list}.`));
    const there = new Set(inputs().map((input) => input.name));
    ask(button.value, showAll(() => {
      const added = inputs().find((input) => !there.has(input.name));
      (verb === "add" && added ? added : document.getElementById(`add-${list}`) ?? document.getElementById("rule.shape"))?.focus();
    }));
  }

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-structure], #rule_as_text")) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask("show", showExample), PAUSE);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-structure], #rule_as_text")) return;
    const { id } = event.target;
    ask("show", showAll(() => document.getElementById(id)?.focus()));
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    event.preventDefault();
    act(button);
  });
  document.documentElement.classList.add("has-rule-script");
})();
