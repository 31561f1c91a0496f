// Why figures are right, or why an item does not apply: what is typed there is kept in this browser until the server has
// it, and is in its field again after a login, a crash or a reload.

const { kept } = window.stationstd;
const FIELDS = ".explain textarea, .exempting textarea";

function typed({ target }) {
  if (!target.matches(FIELDS)) return;
  if (target.value === target.defaultValue) kept.dropWords(target.id);
  else kept.putWords(target.id, target.value);
}

// What the server has by now, or has no field for any more, is done with.
function restore() {
  for (const { words, value } of kept.words()) {
    const field = document.getElementById(words);
    if (!field || field.defaultValue.trim() === value.trim()) { kept.dropWords(words); continue; }
    field.value = value;
    field.closest("details").open = true;
  }
}

document.addEventListener("input", typed);
document.addEventListener("DOMContentLoaded", restore);
