// Evidence: several files at once, chosen or dropped. One file a request, so that one refused file does not take the
// others with it and each is below the size limit.

let uploads = 0;

export const isUploading = () => uploads > 0;

async function upload(place, files, caption) {
  const section = () => place.querySelector(".evidence");
  const url = section().querySelector("[data-upload]").action;
  const problems = [];
  uploads += 1;
  for (const file of files) {
    const bar = section().querySelector(".evidence-progress");
    bar.hidden = false;
    try { await window.htmx.ajax("POST", url, { source: place, target: section(), swap: "outerHTML", values: { files: file, caption } }); } catch { window.stationstd.notice(document.body.dataset.notSaved); break; }
    problems.push(...section().querySelectorAll(".evidence-problem"));
  }
  uploads -= 1;
  problems.forEach((problem) => section().querySelector(".evidence-more").before(problem));
}

function uploadFrom(form) {
  const input = form.elements.files;
  if (input.files.length) upload(form.closest("[data-uploads]"), [...input.files], form.elements.caption.value);
}

export function listenToFiles() {
  document.addEventListener("change", (event) => { if (event.target.matches("[data-upload] [type=file]")) uploadFrom(event.target.form); });
  document.querySelectorAll("[data-uploads]").forEach((place) => {
    place.addEventListener("htmx:xhr:progress", ({ detail }) => {
      const bar = place.querySelector(".evidence-progress");
      if (bar && detail.lengthComputable) bar.value = (100 * detail.loaded) / detail.total;
    });
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("is-over"); });
    place.addEventListener("dragleave", () => place.classList.remove("is-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("is-over");
      if (event.dataTransfer.files.length) upload(place, [...event.dataTransfer.files], place.querySelector("[name=caption]").value);
    });
  });
}
