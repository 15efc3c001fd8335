// How somebody likes to draw; kept in this browser.
const KEPT = "doorline.zones.options";
const AT_FIRST = { snap: true, together: true, labels: true, opacity: 0.55 };

export class Options extends EventTarget {
  #values;

  constructor() {
    super();
    this.#values = { ...AT_FIRST, ...read() };
  }

  get snap() {
    return this.#values.snap;
  }

  get together() {
    return this.#values.together;
  }

  get labels() {
    return this.#values.labels;
  }

  get opacity() {
    return Number(this.#values.opacity);
  }

  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(KEPT, JSON.stringify(this.#values));
    } catch {
      // A preference that is forgotten, no more.
    }
    this.dispatchEvent(new CustomEvent("changed", { detail: { name } }));
  }

  // Buttons that are pressed or not.
  bindToggle(button, name, told) {
    const draw = () => button.setAttribute("aria-pressed", String(this.#values[name]));
    button.addEventListener("click", () => {
      this.set(name, !this.#values[name]);
      draw();
      told(this.#values[name]);
    });
    draw();
  }
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}
