// When trading is allowed: rows of days and times, as docs/zones.md has them.
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const NEW = { days: "daily", opens: "18:00", closes: "22:00" };
const CLOCK = /^(\d{1,2})(?:[:：.]?(\d{2}))?$/;

// 9, 0930, 9:30 -> 09:30. Browsers show fields of times by the language of the system, with its halves of days; these are always written alike.
export function clockText(typed) {
  const found = CLOCK.exec(typed.trim());
  if (!found) return typed.trim();
  return `${found[1].padStart(2, "0")}:${found[2] ?? "00"}`;
}

// "daily", "mon-fri", "sat" or a list of such -> a set of days.
export function daysOf(value) {
  const found = new Set();
  for (const name of Array.isArray(value) ? value : [value]) {
    if (name === "daily") DAYS.forEach((day) => found.add(day));
    const [first, last = first] = String(name).toLowerCase().split("-");
    if (!DAYS.includes(first) || !DAYS.includes(last)) continue;
    for (let at = DAYS.indexOf(first); ; at = (at + 1) % 7) {
      found.add(DAYS[at]);
      if (DAYS[at] === last) break;
    }
  }
  return found;
}

export function daysText(days) {
  const list = DAYS.filter((day) => days.has(day));
  if (list.length === 7) return "daily";
  return list.join() === "mon,tue,wed,thu,fri" ? "mon-fri" : list;
}

export class Hours extends EventTarget {
  #root;
  #row;

  constructor(root, add, row) {
    super();
    this.#root = root;
    this.#row = row;
    root.addEventListener("change", (event) => {
      if (event.target.dataset.hours) event.target.value = clockText(event.target.value);
      this.#tell();
    });
    root.addEventListener("click", (event) => {
      if (!event.target.closest("[data-remove]")) return;
      event.target.closest(".hours-row").remove();
      this.#tell();
      (root.querySelector("input") ?? add).focus();
    });
    add.addEventListener("click", () => {
      this.#append(NEW);
      this.#tell();
      root.lastElementChild.querySelector("input[type=checkbox]").focus();
    });
  }

  get value() {
    return [...this.#root.children].map((row) => ({
      days: daysText(new Set([...row.querySelectorAll("[type=checkbox]:checked")].map((box) => box.value))),
      opens: row.querySelector("[data-hours=opens]").value,
      closes: row.querySelector("[data-hours=closes]").value,
    }));
  }

  // What is there already stays as it is: whoever is typing in it keeps the place.
  show(hours) {
    if (JSON.stringify(hours.map(plain)) === JSON.stringify(this.value.map(plain))) return;
    this.#root.replaceChildren();
    for (const one of hours) this.#append(one);
    this.#mark();
  }

  #append({ days, opens, closes }) {
    const row = this.#row.content.firstElementChild.cloneNode(true);
    const chosen = daysOf(days);
    for (const box of row.querySelectorAll("[type=checkbox]")) box.checked = chosen.has(box.value);
    row.querySelector("[data-hours=opens]").value = opens ?? "";
    row.querySelector("[data-hours=closes]").value = closes ?? "";
    this.#root.append(row);
    this.#mark();
  }

  #mark() {
    for (const row of this.#root.children) {
      const [opens, closes] = ["opens", "closes"].map((name) => row.querySelector(`[data-hours=${name}]`).value);
      row.querySelector("[data-over]").hidden = !(opens && closes && closes !== "00:00" && closes <= opens);
    }
  }

  #tell() {
    this.#mark();
    this.dispatchEvent(new Event("hours"));
  }
}

function plain({ days, opens, closes }) {
  return [[...daysOf(days)].sort().join(), opens, closes];
}
