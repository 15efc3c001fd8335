// A field that finds a shop by its code or its name: a combobox as the ARIA practices have it.
import { text } from "../texts.js";

const MOST = 40;
const MOST_PX = 236;
const EDGE_PX = 10;

export class ShopBox extends EventTarget {
  #input;
  #list;
  #shops;
  #first;
  #found = [];
  #at = -1;
  value = "";

  // "first": shops that are offered before all others, asked for whenever the list is opened: [{code, why}].
  constructor(input, shops, first) {
    super();
    this.#input = input;
    this.#list = document.getElementById(input.getAttribute("aria-controls"));
    this.#shops = shops;
    this.#first = first;
    input.addEventListener("input", () => this.#open(input.value));
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("click", () => this.open());
    // Wherever the field is scrolled to, the list goes with it.
    for (const name of ["scroll", "resize"]) addEventListener(name, () => this.#place(), { capture: true, passive: true });
    input.addEventListener("blur", () => this.#leave());
    // The field must not lose the focus before the choice is taken.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option?.dataset.code !== undefined) this.#take(option.dataset.code);
    });
  }

  show(code) {
    this.value = code;
    this.#place();
    if (document.activeElement !== this.#input || this.#list.hidden) this.#input.value = this.#textOf(code);
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  open() {
    this.#open("");
  }

  #textOf(code) {
    const shop = this.#shops.find((one) => one.code === code);
    return shop?.name ? `${shop.name}  ${code}` : code;
  }

  #open(query) {
    this.#found = this.#search(query.trim().toLowerCase());
    const shown = this.#found.slice(0, MOST);
    this.#list.replaceChildren(...shown.map((one, index) => this.#option(one, index)));
    const rest = this.#found.length - shown.length;
    if (rest > 0 || !shown.length) this.#list.append(this.#note(rest > 0 ? text("zones.shop_more", { n: rest }) : text("zones.shop_none")));
    this.#list.hidden = false;
    this.#place();
    this.#input.setAttribute("aria-expanded", "true");
    this.#go(query && shown.length ? 0 : -1);
  }

  // Below the field, or above it where there is more room: a panel that scrolls cuts nothing off.
  #place() {
    if (this.#list.hidden) return;
    const { style } = this.#list;
    const box = this.#input.getBoundingClientRect();
    const [above, below] = [box.top - EDGE_PX, innerHeight - box.bottom - EDGE_PX];
    const isAbove = below < MOST_PX && above > below;
    style.left = `${box.left}px`;
    style.width = `${box.width}px`;
    style.maxHeight = `${Math.min(MOST_PX, isAbove ? above : below)}px`;
    style.top = isAbove ? "auto" : `${box.bottom + 2}px`;
    style.bottom = isAbove ? `${innerHeight - box.top + 2}px` : "auto";
  }

  // What begins with the words comes before what holds them somewhere.
  #search(query) {
    const first = new Map(this.#first().map(({ code, why }) => [code, why]));
    const ranked = this.#shops.flatMap((shop) => {
      const [code, name] = [shop.code.toLowerCase(), (shop.name ?? "").toLowerCase()];
      const begins = code.startsWith(query) || name.startsWith(query);
      const holds = begins || code.includes(query) || name.includes(query) || (shop.street ?? "").toLowerCase().includes(query);
      if (query && !holds) return [];
      return [{ shop, why: first.get(shop.code) ?? "", rank: (first.has(shop.code) ? 0 : 2) + (begins ? 0 : 1) }];
    });
    const order = [...first.keys()];
    const near = (one) => (order.includes(one.shop.code) ? order.indexOf(one.shop.code) : order.length);
    return ranked.sort((one, other) => one.rank - other.rank || near(one) - near(other));
  }

  #option({ shop, why }, index) {
    const option = document.createElement("li");
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.code = shop.code;
    for (const [name, words] of [["name", shop.name || text("zones.shop_vacant")], ["code", shop.code], ["why", why || shop.street || ""]]) {
      const part = document.createElement("span");
      part.className = `shop-option-${name}`;
      part.textContent = words;
      option.append(part, " ");
    }
    return option;
  }

  #note(words) {
    const note = document.createElement("li");
    note.className = "shop-note";
    note.setAttribute("role", "option");
    note.setAttribute("aria-disabled", "true");
    note.textContent = words;
    return note;
  }

  #go(index) {
    this.#at = index;
    const options = this.#list.querySelectorAll("[data-code]");
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = options[index];
    if (option) {
      this.#input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const count = Math.min(this.#found.length, MOST);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.#list.hidden) this.#open("");
      else if (count) this.#go((this.#at + (event.key === "ArrowDown" ? 1 : this.#at < 0 ? 0 : -1) + count) % count);
    } else if (event.key === "Enter") {
      if (this.#list.hidden || this.#at < 0) return;
      this.#take(this.#found[this.#at].shop.code);
    } else if (event.key === "Escape" && !this.#list.hidden) {
      this.#close();
      this.#input.value = this.#textOf(this.value);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(code) {
    this.#close();
    this.value = code;
    this.#input.value = this.#textOf(code);
    this.dispatchEvent(new CustomEvent("taken", { detail: { code } }));
  }

  // What was typed is taken when it is a code, or a name that one shop alone has; nothing typed is no shop; anything else is as it was.
  #leave() {
    if (this.#list.hidden && this.#input.value === this.#textOf(this.value)) return;
    this.#close();
    const typed = this.#input.value.trim();
    const exact = this.#shops.filter((shop) => shop.code.toLowerCase() === typed.toLowerCase() || shop.name === typed);
    if (!typed && this.value) this.#take("");
    else if (exact.length === 1 && exact[0].code !== this.value) this.#take(exact[0].code);
    else this.#input.value = this.#textOf(this.value);
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}
