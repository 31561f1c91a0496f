// The report centre: find stations, choose a whole bureau, count what is chosen. The server checks it all again.

const form = document.querySelector("[data-stations]");
const boxes = () => [...form.querySelectorAll("input[name=a]")];
const label = (box) => box.closest("label");

function count() {
  const output = form.querySelector("[data-count]");
  const chosen = boxes().filter((box) => box.checked).length;
  const tooMany = chosen > Number(form.dataset.most);
  const words = tooMany ? output.dataset.tooMany : output.dataset.words;
  output.textContent = chosen ? words.replace("{n}", chosen).replace("{m}", form.dataset.most) : "";
  output.classList.toggle("is-wrong", tooMany);
}

function find(event) {
  const words = event.target.value.trim().toLowerCase();
  for (const box of boxes()) label(box).hidden = !label(box).dataset.words.toLowerCase().includes(words);
  for (const group of form.querySelectorAll("fieldset")) group.hidden = !group.querySelector("label:not([hidden])");
  form.querySelector("[data-nothing]").hidden = boxes().some((box) => !label(box).hidden);
}

function choose(event, chosen) {
  for (const box of event.target.closest("fieldset").querySelectorAll("input[name=a]")) {
    if (!label(box).hidden) box.checked = chosen;
  }
  count();
}

if (form) {
  form.addEventListener("change", count);
  form.querySelector("[data-find]").addEventListener("input", find);
  form.querySelector("[data-find]").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  form.querySelectorAll("[data-all]").forEach((button) => button.addEventListener("click", (event) => choose(event, true)));
  form.querySelectorAll("[data-none]").forEach((button) => button.addEventListener("click", (event) => choose(event, false)));
  const jump = document.querySelector("[data-jump]");
  jump.querySelector("select").addEventListener("change", () => jump.submit());
  jump.querySelector("button").hidden = true;
  count();
}
