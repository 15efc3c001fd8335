// What lies under a finger, beside it: the same drawing, three times as large.
import { set } from "./svg.js";

const TIMES = 3;

export class Loupe {
  #root;
  #view;

  constructor(root, view) {
    this.#root = root;
    this.#view = view;
  }

  show([x, y], pointerType) {
    if (pointerType !== "touch") return;
    const [width, height] = this.#view.size;
    // An element of a drawing has no property for this.
    this.#root.removeAttribute("hidden");
    const seen = (this.#root.clientWidth * this.#view.k) / TIMES;
    set(this.#root, { viewBox: `${x * width - seen / 2} ${y * height - seen / 2} ${seen} ${seen}` });
    const cross = this.#root.querySelector(".loupe-cross");
    set(cross, { d: `M${x * width - seen / 8} ${y * height}h${seen / 4}M${x * width} ${y * height - seen / 8}v${seen / 4}` });
    // Where the finger is not.
    const [left] = this.#view.toClient([x, y]);
    this.#root.classList.toggle("is-right", left < innerWidth / 3);
  }

  hide() {
    this.#root.setAttribute("hidden", "");
  }
}
