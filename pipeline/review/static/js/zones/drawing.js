// A polygon that is not closed yet: its vertices so far and where the next one would be.
import { distance, same } from "./geometry.js";

const CLOSE_PX = 12;

export class Drawing extends EventTarget {
  kind = null;
  ring = [];
  at = null;
  byKeys = false;
  isClosing = false;

  get isActive() {
    return this.kind !== null;
  }

  begin(kind, at = null) {
    this.kind = kind;
    this.ring = [];
    this.at = at;
    this.byKeys = at !== null;
    this.#tell("begun");
  }

  // Another kind while it is being drawn: what is there stays.
  become(kind) {
    this.kind = kind;
    this.#tell();
  }

  // By pointer.
  moveTo(point, size, k) {
    this.byKeys = false;
    this.at = point;
    this.isClosing = this.#isAtFirst(point, size, k);
    this.#tell();
  }

  // By keys.
  cursorTo(point) {
    this.byKeys = true;
    this.at = point;
    this.#tell();
  }

  // A vertex; on the first one the polygon is closed. Answers what happened: "placed", "closed" or "" where there is one already.
  place(point, size, k) {
    if (this.#isAtFirst(point, size, k)) return "closed";
    if (this.ring.length && same(this.ring.at(-1), point)) return this.ring.length >= 3 ? "closed" : "";
    this.ring = [...this.ring, point];
    this.at = point;
    this.isClosing = false;
    this.#tell();
    return "placed";
  }

  takeBack() {
    this.ring = this.ring.slice(0, -1);
    this.#tell();
  }

  end() {
    const ring = this.ring;
    this.kind = null;
    this.ring = [];
    this.at = null;
    this.isClosing = false;
    this.#tell("ended");
    return ring;
  }

  #isAtFirst(point, size, k) {
    return this.ring.length >= 3 && distance(point, this.ring[0], size) <= CLOSE_PX * k;
  }

  #tell(name = "drawn") {
    this.dispatchEvent(new Event("drawn"));
    if (name !== "drawn") this.dispatchEvent(new Event(name));
  }
}
