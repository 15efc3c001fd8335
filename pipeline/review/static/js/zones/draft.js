// The zones as they are drawn now, what is selected, and the way back.
import { sameZones } from "./zones.js";

const MOST_STEPS = 200;
const ONE_STROKE_MS = 1200;

export class Draft extends EventTarget {
  base;
  #zones;
  #shown = null;
  #past = [];
  #future = [];
  #stroke = { name: "", until: 0 };
  selected = null;
  vertex = null;

  constructor(base) {
    super();
    this.base = base;
    this.#zones = base;
  }

  // With what is being dragged.
  get zones() {
    return this.#shown ?? this.#zones;
  }

  get zone() {
    return this.zones.find((zone) => zone.uid === this.selected) ?? null;
  }

  get isChanged() {
    return !sameZones(this.base, this.#zones);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  // Something is done; "what" says it as {key, values}. Several of one stroke, such as the letters of a name, are taken back together.
  commit(zones, what, stroke = "") {
    this.#shown = null;
    // At the border of the picture, or let go where it was taken up: nothing to take back.
    if (sameZones(zones, this.#zones)) {
      this.#tell("previewed");
      return;
    }
    const goesOn = stroke && stroke === this.#stroke.name && Date.now() < this.#stroke.until && this.#past.length;
    if (goesOn) this.#past.at(-1).what = what;
    else this.#past.push({ zones: this.#zones, selected: this.selected, what });
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.#stroke = { name: stroke, until: Date.now() + ONE_STROKE_MS };
    this.#zones = zones;
    this.#keepSelection();
    this.#tell("changed", { what, stroke });
  }

  // Shown while it is being dragged; null: as it was.
  preview(zones) {
    this.#shown = zones;
    if (!zones) this.#keepSelection();
    this.#tell("previewed");
  }

  // Another state of things to compare with and to go on from, such as what was just saved.
  rebase(base, zones = this.#zones) {
    this.base = base;
    this.#shown = null;
    this.#zones = zones;
    this.#past = [];
    this.#future = [];
    this.#keepSelection();
    this.#tell("changed", { what: null });
  }

  undo() {
    this.#step(this.#past, this.#future, "zones.did.undone");
  }

  redo() {
    this.#step(this.#future, this.#past, "zones.did.redone");
  }

  select(uid, vertex = null) {
    if (uid === this.selected && vertex === this.vertex) return;
    this.selected = uid;
    this.vertex = uid === null ? null : vertex;
    this.#stroke = { name: "", until: 0 };
    this.#tell("selected");
  }

  #step(from, to, key) {
    const entry = from.pop();
    if (!entry) return;
    to.push({ zones: this.#zones, selected: this.selected, what: entry.what });
    this.#shown = null;
    this.#zones = entry.zones;
    this.#stroke = { name: "", until: 0 };
    if (entry.zones.some((zone) => zone.uid === entry.selected)) this.selected = entry.selected;
    this.#keepSelection();
    this.#tell("changed", { what: { key, values: {}, of: entry.what } });
  }

  #keepSelection() {
    const zone = this.zone;
    if (!zone) this.selected = null;
    if (!zone || (this.vertex !== null && this.vertex >= zone.ring.length)) this.vertex = null;
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
