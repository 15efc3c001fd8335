// What part of the picture is seen, and how large. The drawing's viewBox is in pixels of the picture; everything that should look the
// same at any size is scaled by "k", pixels of the picture per pixel of the screen.
import { bounds } from "./geometry.js";

const MOST = 24;
const LEAST = 0.6;
const MARGIN = 0.985;

export class View extends EventTarget {
  #svg;
  #size;
  #stage = [1, 1];
  #centre = [0.5, 0.5];
  #zoom = 1;

  constructor(svg, size) {
    super();
    this.#svg = svg;
    this.#size = size;
    new ResizeObserver(() => this.#measure()).observe(svg);
    this.#measure();
  }

  get size() {
    return this.#size;
  }

  get stage() {
    return this.#stage;
  }

  get k() {
    return 1 / (this.#fitScale * this.#zoom);
  }

  // 1: the whole picture fills the stage.
  get zoom() {
    return this.#zoom;
  }

  get centre() {
    return this.#centre;
  }

  get #fitScale() {
    return Math.min(this.#stage[0] / this.#size[0], this.#stage[1] / this.#size[1]) * MARGIN;
  }

  // Another picture, of another shape. Fractions stay what they are.
  resize(size) {
    this.#size = size;
    this.fit();
  }

  fit() {
    this.#centre = [0.5, 0.5];
    this.#zoom = 1;
    this.#tell();
  }

  // Larger or smaller, so that what lies under a point of the screen stays there.
  zoomBy(factor, client = null) {
    const box = this.#svg.getBoundingClientRect();
    const from = client ?? [box.left + box.width / 2, box.top + box.height / 2];
    const before = this.toFraction(from);
    this.#zoom = Math.min(Math.max(this.#zoom * factor, LEAST), MOST);
    const after = this.toFraction(from);
    this.#centre = [this.#centre[0] + before[0] - after[0], this.#centre[1] + before[1] - after[1]];
    this.#tell();
  }

  // By pixels of the screen; the picture follows the hand.
  panBy(dx, dy) {
    this.#centre = [this.#centre[0] - (dx * this.k) / this.#size[0], this.#centre[1] - (dy * this.k) / this.#size[1]];
    this.#tell();
  }

  // So that all of these points are seen, without moving when they are already.
  show(points) {
    const [left, top, right, bottom] = bounds(points);
    const [x0, y0, x1, y1] = this.seen;
    if (left >= x0 && top >= y0 && right <= x1 && bottom <= y1) return;
    const wide = Math.max((right - left) / (x1 - x0), (bottom - top) / (y1 - y0)) * 1.2;
    if (wide > 1) this.#zoom = Math.max(this.#zoom / wide, LEAST);
    this.#centre = [(left + right) / 2, (top + bottom) / 2];
    this.#tell();
  }

  // [left, top, right, bottom] in fractions of the picture.
  get seen() {
    const [halfWidth, halfHeight] = [(this.#stage[0] * this.k) / 2 / this.#size[0], (this.#stage[1] * this.k) / 2 / this.#size[1]];
    return [this.#centre[0] - halfWidth, this.#centre[1] - halfHeight, this.#centre[0] + halfWidth, this.#centre[1] + halfHeight];
  }

  toFraction([clientX, clientY]) {
    const box = this.#svg.getBoundingClientRect();
    return [
      this.#centre[0] + ((clientX - box.left - this.#stage[0] / 2) * this.k) / this.#size[0],
      this.#centre[1] + ((clientY - box.top - this.#stage[1] / 2) * this.k) / this.#size[1],
    ];
  }

  toClient([x, y]) {
    const box = this.#svg.getBoundingClientRect();
    return [
      box.left + this.#stage[0] / 2 + ((x - this.#centre[0]) * this.#size[0]) / this.k,
      box.top + this.#stage[1] / 2 + ((y - this.#centre[1]) * this.#size[1]) / this.k,
    ];
  }

  #measure() {
    const box = this.#svg.getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.#stage = [box.width, box.height];
    this.#tell();
  }

  #tell() {
    const [width, height] = [this.#stage[0] * this.k, this.#stage[1] * this.k];
    this.#centre = this.#centre.map((one, axis) => kept(one, [width, height][axis] / 2 / this.#size[axis]));
    const left = this.#centre[0] * this.#size[0] - width / 2;
    const top = this.#centre[1] * this.#size[1] - height / 2;
    this.#svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
    this.dispatchEvent(new Event("view"));
  }
}

// Where the picture is smaller than the stage it stands in the middle; else its border may come in a little, to be worked on.
function kept(centre, half) {
  if (half >= 0.5) return 0.5;
  const least = half * 0.6;
  return Math.min(Math.max(centre, least), 1 - least);
}
