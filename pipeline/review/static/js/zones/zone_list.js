// All zones as a list, for the eye and for those who draw without seeing the picture; it and the picture have one selection.
import { byId, icon, make, span, swatch } from "./elements.js";
import { KINDS } from "./kinds.js";
import { text } from "../texts.js";

export class ZoneList {
  #board;
  #root = byId("zone-list");

  constructor(board) {
    this.#board = board;
    this.#root.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) board.actions.choose(option.dataset.uid);
    });
    this.#root.addEventListener("pointerover", (event) => this.#point(event.target.closest("[role=option]")?.dataset.uid ?? null));
    this.#root.addEventListener("pointerleave", () => this.#point(null));
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    for (const name of ["changed", "selected"]) board.draft.addEventListener(name, () => this.draw());
  }

  draw() {
    const { draft } = this.#board;
    // By kind, as the tools above the picture are ordered.
    const place = ({ properties: { kind } }) => (KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length);
    const zones = [...draft.zones].sort((one, other) => place(one) - place(other));
    const had = this.#root.contains(document.activeElement);
    this.#root.replaceChildren(...zones.map((zone, index) => this.#option(zone, index)));
    byId("list-nothing").hidden = zones.length > 0;
    this.#root.hidden = !zones.length;
    const count = byId("count-list");
    count.hidden = false;
    count.textContent = String(zones.length);
    const selected = this.#root.querySelector("[aria-selected=true]");
    selected?.scrollIntoView({ block: "nearest" });
    if (had) (selected ?? this.#root.querySelector("[tabindex='0']"))?.focus();
  }

  #option(zone, index) {
    const { checking, draft, names } = this.#board;
    const isSelected = zone.uid === draft.selected;
    const mark = checking.marks.get(zone.uid);
    const option = make("li", { role: "option", className: "zone-row", "aria-selected": String(isSelected), "data-uid": zone.uid });
    option.tabIndex = isSelected || (!draft.selected && !index) ? 0 : -1;
    option.append(swatch(zone.properties.kind), span("sr", names.kind(zone)), span("zone-row-name", names.title(zone)), span("zone-row-code", names.under(zone)));
    if (mark) {
      const sign = icon(mark === "fault" ? "broken" : "warn");
      option.append(make("span", { className: `zone-row-mark mark-${mark}` }, sign, span("sr", text(`zones.has_${mark}`))));
    }
    return option;
  }

  #point(uid) {
    const { plan } = this.#board;
    plan.hovered = uid;
    plan.later();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { actions, draft, mayDraw } = this.#board;
    const options = [...this.#root.children];
    const at = options.indexOf(document.activeElement);
    const to = { ArrowDown: Math.min(at + 1, options.length - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: options.length - 1 }[event.key];
    if (to !== undefined) actions.choose(options[to].dataset.uid);
    else if (event.key === "Enter" || event.key === " ") {
      if (draft.selected !== options[at]?.dataset.uid) actions.choose(options[at]?.dataset.uid);
      else if (mayDraw) actions.goToVertex(0);
    } else if (event.key === "Delete" && mayDraw) actions.removeZone();
    else if (event.key === "Escape" && draft.selected !== null) draft.select(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
