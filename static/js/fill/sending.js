// One file on its way: its line in the card, with its own progress, and what is wrong with it before it is sent.

const MB = 1024 ** 2;

// What the server would refuse by name and size alone, in its words; null for a file that may be sent.
export function problem(file, types, words) {
  const ending = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  if (!(ending in types)) return words.type.replace("{name}", file.name);
  if (!file.size) return words.empty.replace("{name}", file.name);
  if (file.size <= types[ending]) return null;
  return words.size.replace("{name}", file.name).replace("{size}", (file.size / MB).toFixed(1)).replace("{limit}", types[ending] / MB);
}

function listOf(place) {
  const list = place.querySelector(".evidence-sending") ?? document.createElement("ul");
  list.className = "evidence-sending";
  list.setAttribute("aria-live", "polite");
  place.append(list);
  return list;
}

export class Entry {
  constructor(place, file, caption, words) {
    Object.assign(this, { file, caption, words, line: document.createElement("li"), bar: document.createElement("progress"), state: document.createElement("span") });
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", file.name);
    this.state.textContent = words.waiting;
    this.line.append(file.name, " ", this.state, this.bar);
    this.sent(0);
    listOf(place).append(this.line);
  }

  begins() {
    this.again?.remove();
    this.state.textContent = "";
    this.sent(0);
  }

  sent(share) {
    this.bar.value = share;
  }

  stopped(retry) {
    this.state.textContent = this.words.offline;
    this.again?.remove();
    this.again = document.createElement("button");
    Object.assign(this.again, { type: "button", className: "btn btn-link btn-sm", textContent: this.words.again });
    this.again.addEventListener("click", retry);
    this.line.append(this.again);
  }

  remove() {
    this.line.remove();
  }
}
