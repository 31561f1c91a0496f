// Registers and accounts: another row for a room, the sum of bands, the place that a role asks for, a word before
// leaving unsaved values.

function addRoom() {
  const rooms = document.getElementById("rooms");
  const total = document.querySelector("[name='rooms-TOTAL_FORMS']");
  const index = Number(total.value);
  if (index >= Number(rooms.dataset.most)) return;
  const row = document.createElement("template");
  row.innerHTML = document.getElementById("room-row").innerHTML.replaceAll("__prefix__", index);
  row.content.querySelector("legend").append(` ${index + 1}`);
  rooms.append(row.content);
  total.value = index + 1;
  rooms.querySelector(`[name='rooms-${index}-kind']`).focus();
  document.getElementById("add-room").disabled = index + 1 >= Number(rooms.dataset.most);
}

// Only the place that goes with the chosen role is asked for; the server decides all the same.
function showPlaces() {
  const role = document.getElementById("id_role").value;
  document.querySelectorAll("[data-for-roles]").forEach((place) => {
    place.hidden = !place.dataset.forRoles.split(" ").includes(role);
  });
}

// A number as people type it: full-width digits and separators of thousands too; null for a blank and what is none.
function typedNumber(name) {
  const text = document.querySelector(`[name='${name}']`).value.normalize("NFKC").replace(/[,\s]/g, "");
  return /^\d{1,8}$/.test(text) ? Number(text) : null;
}

// Says while somebody types whether a set of bands adds up; the server decides all the same.
function showSum(line) {
  const bands = line.dataset.bands.split(" ").map(typedNumber);
  const known = bands.filter((number) => number !== null);
  const sum = known.reduce((total, number) => total + number, 0);
  const whole = typedNumber(line.dataset.whole);
  const partial = known.length < bands.length;
  line.querySelector("[data-sum]").textContent = sum;
  line.querySelector("[data-officers]").textContent = whole ?? "—";
  if (!known.length) line.dataset.state = "blank";
  else if (whole === null || (partial && sum <= whole)) line.dataset.state = "open";
  else line.dataset.state = sum === whole && !partial ? "fits" : "wrong";
}

function warnBeforeLeaving(form) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

const button = document.getElementById("add-room");
if (button) {
  button.hidden = false;
  button.addEventListener("click", addRoom);
}
if (document.querySelector("[data-for-roles]")) {
  document.getElementById("id_role").addEventListener("change", showPlaces);
  showPlaces();
}
const sums = document.querySelectorAll("[data-bands]");
if (sums.length) sums[0].closest("form").addEventListener("input", () => sums.forEach(showSum));
document.querySelectorAll("form[data-keep]").forEach(warnBeforeLeaving);
