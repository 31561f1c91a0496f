// Evidence: several files at once, chosen, photographed, dropped or pasted. One file a request, so that one refused
// file does not take the others with it and each is below the size limit. What waits for the network is kept and sent.

import { Entry, problem } from "./sending.js";

const waiting = []; // {place, entry}, in the order they are sent
let isSending = false;

export const isUploading = () => isSending || waiting.length > 0;

const section = (place) => place.querySelector(".evidence");
const form = (place) => place.querySelector("[data-upload]");

async function sendOne({ place, entry }) {
  const said = { files: entry.file, caption: entry.caption };
  const problems = [...section(place).querySelectorAll(".evidence-problem")];
  entry.begins();
  await window.htmx.ajax("POST", form(place).action, { source: place, target: section(place), swap: "outerHTML", values: said });
  if (entry.status === 401 || entry.status >= 500) throw new Error("not taken"); // logged out, or the server is away
  entry.remove();
  problems.forEach((each) => section(place).querySelector(".evidence-more").before(each));
}

async function send() {
  if (isSending) return;
  isSending = true;
  try {
    while (waiting.length) {
      await sendOne(waiting[0]);
      waiting.shift();
    }
  } catch { // everything stays in its list
    waiting.forEach(({ entry }) => entry.stopped(send));
  } finally {
    isSending = false;
  }
}

// Refused with words before anything is sent; the server judges again.
function take(place, files) {
  section(place).querySelectorAll(".evidence-problem").forEach((each) => each.remove());
  const { types, words } = JSON.parse(form(place).dataset.limits);
  const caption = form(place).elements.caption.value;
  let left = Number(form(place).dataset.left) - waiting.length;
  for (const file of files) {
    const wrong = problem(file, types, words) ?? (left > 0 ? null : words.room.replace("{name}", file.name));
    if (wrong) { refuse(place, wrong); continue; }
    left -= 1;
    waiting.push({ place, entry: new Entry(place, file, caption, words) });
  }
  send();
}

function refuse(place, words) {
  const box = document.createElement("div");
  box.className = "alert alert-danger evidence-problem";
  box.setAttribute("role", "alert");
  box.textContent = words;
  section(place).querySelector(".evidence-more").before(box);
}

// A picture without a name of its own gets one; text that is pasted into a field stays the field's.
function pasted(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const isText = event.target.matches?.("input, textarea") && event.clipboardData.types.includes("text/plain");
  const card = document.activeElement?.closest(".criterion");
  const place = card?.querySelector("[data-uploads]");
  if (!files.length || isText || !place) return;
  event.preventDefault();
  const name = JSON.parse(form(place).dataset.limits).words.pasted;
  const ending = { "image/png": ".png", "image/jpeg": ".jpg" };
  take(place, files.map((file) => (file.type in ending ? new File([file], `${name}${ending[file.type]}`, { type: file.type }) : file)));
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

function listenToDropping() {
  // A file that misses its card would otherwise be opened in place of the sheet.
  document.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => { if (hasFiles(event)) event.preventDefault(); });
  document.querySelectorAll("[data-uploads]").forEach((place) => {
    place.addEventListener("dragover", () => place.classList.add("is-over"));
    place.addEventListener("dragleave", () => place.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("is-over");
      if (event.dataTransfer.files.length) take(place, [...event.dataTransfer.files]);
    });
  });
}

function listenToAnswers() {
  document.querySelectorAll("[data-uploads]").forEach((place) => {
    place.addEventListener("htmx:afterRequest", ({ target, detail }) => { if (target === place && waiting.length) waiting[0].entry.status = detail.xhr.status; });
    place.addEventListener("htmx:xhr:progress", ({ detail }) => {
      if (detail.lengthComputable && waiting[0]?.place === place) waiting[0].entry.sent(detail.loaded / detail.total);
    });
  });
}

export function listenToFiles() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-upload] [type=file]") || !target.files.length) return;
    const files = [...target.files];
    take(target.closest("[data-uploads]"), files);
    target.value = "";
  });
  document.addEventListener("paste", pasted);
  for (const chance of ["online", "focus"]) window.addEventListener(chance, send);
  listenToDropping();
  listenToAnswers();
}
