// What the server finds wrong with the draft, soon after the last change, in words and at its zone.
import { byId, icon, make, span } from "./elements.js";
import { crossings } from "./geometry.js";
import { tell } from "./talking.js";
import { text } from "../texts.js";

const AFTER_MS = 400;

export class Checking extends EventTarget {
  #board;
  #timer = 0;
  #stop = null;
  #words = "";
  // [{isFault, text, uids, field}]; the first of the uids is the zone that it is about.
  found = [];

  constructor(board, first) {
    super();
    this.#board = board;
    this.#take(first, board.draft.zones);
    board.draft.addEventListener("changed", () => this.soon());
  }

  get faults() {
    return this.found.filter((one) => one.isFault);
  }

  // uid -> "fault" | "warning"
  get marks() {
    const marks = new Map();
    for (const one of this.found)
      for (const uid of one.uids) if (one.isFault || !marks.has(uid)) marks.set(uid, one.isFault ? "fault" : "warning");
    for (const zone of this.#board.draft.zones) if (crossings(zone.ring).length) marks.set(zone.uid, "fault");
    return marks;
  }

  soon() {
    const { draft, mayDraw } = this.#board;
    const there = new Set(draft.zones.map((zone) => zone.uid));
    // What was about zones that are gone is gone with them.
    this.found = this.found.filter((one) => !one.uids.length || there.has(one.uids[0]));
    this.draw();
    if (!mayDraw) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), AFTER_MS);
  }

  async now() {
    clearTimeout(this.#timer);
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    const { draft, urls } = this.#board;
    const zones = draft.zones;
    this.#words = text("zones.checking");
    this.#drawTold();
    const answer = await tell(urls.check, { draft: this.#board.draftText() }, { signal: stop.signal });
    if (stop.signal.aborted) return;
    if (answer.ok) this.#take(answer, zones);
    else {
      this.#words = text("zones.check_failed", { why: answer.text });
      this.#board.say(this.#words);
    }
    this.draw();
  }

  // What an answer of the server says of the zones that it was asked about.
  read({ faults = [], warnings = [] }, zones) {
    const byName = new Map(zones.map((zone) => [zone.properties.id, zone.uid]));
    const uidsOf = ({ feature, number, others = [] }) => {
      const own = zones[number - 1]?.uid ?? byName.get(feature);
      return [own, ...others.map((id) => byName.get(id))].filter(Boolean);
    };
    const as = (isFault) => (one) => ({ isFault, text: one.text, uids: uidsOf(one), field: one.field ?? "" });
    return [...faults.map(as(true)), ...warnings.map(as(false))];
  }

  #take(answer, zones) {
    this.found = this.read(answer, zones);
    this.#words = "";
  }

  draw() {
    this.#drawTold();
    byId("fault-list").replaceChildren(...this.found.map((one) => make("li", {}, this.entry(one))));
    const count = byId("count-faults");
    count.hidden = !this.found.length;
    count.textContent = String(this.found.length);
    count.classList.toggle("count-alert", this.faults.length > 0);
    this.dispatchEvent(new Event("checked"));
  }

  // A fault or warning as something that leads to its zone.
  entry(one) {
    const { actions, draft, names } = this.#board;
    const zone = draft.zones.find((other) => other.uid === one.uids[0]);
    const [tone, sign, kind] = one.isFault ? ["alert", "broken", "zones.is_fault"] : ["warn", "warn", "zones.is_warning"];
    const whose = span("fault-zone", zone ? names.aloud(zone) : text("zones.whole_file"));
    const words = make("span", {}, whose, span("sr", text(kind)), span("fault-text", one.text));
    const entry = make("button", { type: "button", className: `fault fault-${tone}` }, icon(sign), words);
    if (zone) entry.addEventListener("click", () => actions.choose(zone.uid));
    else entry.disabled = true;
    return entry;
  }

  #drawTold() {
    const faults = this.faults.length;
    const counted = { faults, warnings: this.found.length - faults };
    byId("check-told").textContent = this.#words || text(this.found.length ? "zones.found" : "zones.found_none", counted);
  }
}
