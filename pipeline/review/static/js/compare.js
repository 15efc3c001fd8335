// The clean reference over the picture, cut by a slider: dragging anywhere moves the cut, and so do the arrow keys.
export class Compare {
  #root;
  #now;
  #clean;
  #cut;

  constructor(root) {
    this.#root = root;
    this.#now = root.querySelector("#compare-now");
    this.#clean = root.querySelector("#compare-clean");
    this.#cut = root.querySelector("#compare-cut");
    this.#cut.addEventListener("input", () => this.#place());
    this.#now.addEventListener("load", () => this.#place());
    new ResizeObserver(() => this.#place()).observe(root);
  }

  show(now, clean, label) {
    if (this.#now.getAttribute("src") !== now) this.#now.src = now;
    if (this.#clean.getAttribute("src") !== clean) this.#clean.src = clean;
    this.#root.querySelector("#compare-name").textContent = label;
    this.#root.hidden = false;
    this.#place();
  }

  hide() {
    this.#root.hidden = true;
  }

  // Cut, line and slider go by the picture, not by the dark ground round it.
  #place() {
    const box = this.#root.getBoundingClientRect();
    if (!box.width || !this.#now.naturalWidth) return;
    const scale = Math.min(box.width / this.#now.naturalWidth, box.height / this.#now.naturalHeight);
    const width = this.#now.naturalWidth * scale;
    const left = (box.width - width) / 2;
    const style = this.#root.style;
    style.setProperty("--left", `${left}px`);
    style.setProperty("--width", `${width}px`);
    style.setProperty("--cut", `${left + (width * Number(this.#cut.value)) / 100}px`);
  }
}
