// The strip of looks: says what was seen when, shows where the picture is, and takes the player there.
const FLAG_APART_PX = 16;
const EDGE_PX = 8;

export class Timeline extends EventTarget {
  #root;
  #track;
  #from;
  #whole;

  constructor(root) {
    super();
    this.#root = root;
    this.#track = root.querySelector(".track");
    this.#from = Number(root.dataset.from);
    this.#whole = Number(root.dataset.whole);
    this.#track.addEventListener("click", (event) => this.#go(this.#mediaAt(event), "track"));
    this.#track.addEventListener("pointermove", (event) => this.#tell(event));
    this.#track.addEventListener("pointerleave", () => (this.#tip.hidden = true));
    for (const chip of root.querySelectorAll("[data-moment][data-media]")) {
      chip.addEventListener("click", () => this.#go(Number(chip.dataset.media), chip.dataset.moment));
      for (const [kind, on] of [["pointerenter", true], ["pointerleave", false], ["focus", true], ["blur", false]])
        chip.addEventListener(kind, () => this.#light(chip.dataset.moment, on));
    }
    this.#explainGaps();
    new ResizeObserver(() => this.#spreadFlags()).observe(this.#track);
  }

  get #tip() {
    return this.#root.querySelector("#tip");
  }

  // Where clips can be played: drawn under the strip.
  set covered(spans) {
    const place = this.#root.querySelector("#covers");
    place.replaceChildren(
      ...spans.map(([from, to]) => {
        const bar = document.createElement("i");
        bar.style.setProperty("--from", this.#share(from));
        bar.style.setProperty("--to", this.#share(to));
        return bar;
      }),
    );
  }

  set now(media) {
    const line = this.#root.querySelector("#now");
    line.hidden = media === null;
    if (media !== null) line.style.setProperty("--at", this.#share(media));
  }

  #share(media) {
    return `${Math.min(Math.max((media - this.#from) / this.#whole, 0), 1) * 100}%`;
  }

  #mediaAt(event) {
    const box = this.#track.getBoundingClientRect();
    return this.#from + ((event.clientX - box.left) / box.width) * this.#whole;
  }

  #go(media, by) {
    this.dispatchEvent(new CustomEvent("go", { detail: { media, by } }));
  }

  #light(name, on) {
    for (const flag of this.#root.querySelectorAll(`.flag[data-moment="${CSS.escape(name)}"]`)) flag.classList.toggle("flag-lit", on);
  }

  #tell(event) {
    const media = this.#mediaAt(event);
    const run = [...this.#root.querySelectorAll(".look")].find((one) => Number(one.dataset.from) <= media && media <= Number(one.dataset.to));
    this.#showTip(media, run);
  }

  #showTip(media, run) {
    const tip = this.#tip;
    tip.textContent = run ? `${clock(media)}  ${run.dataset.what}` : clock(media);
    tip.style.setProperty("--at", this.#share(media));
    tip.hidden = false;
  }

  // Gaps can be reached by Tab while they are few; where they are many, the table below tells them.
  #explainGaps() {
    const gaps = [...this.#root.querySelectorAll(".look-gap")];
    if (gaps.length > 12) return;
    for (const gap of gaps) {
      gap.setAttribute("tabindex", "0");
      gap.setAttribute("role", "img");
      gap.setAttribute("aria-label", `${clock(Number(gap.dataset.from))} – ${clock(Number(gap.dataset.to))} ${gap.dataset.what}`);
      gap.addEventListener("focus", () => this.#showTip((Number(gap.dataset.from) + Number(gap.dataset.to)) / 2, gap));
      gap.addEventListener("blur", () => (this.#tip.hidden = true));
    }
    if (gaps.length) this.#root.querySelector("#looks").setAttribute("role", "group");
  }

  // Moments that nearly coincide: their numbers move apart, a line leads back to where they belong.
  #spreadFlags() {
    const width = this.#track.getBoundingClientRect().width;
    const flags = [...this.#root.querySelectorAll(".flag")].map((flag) => ({ flag, at: (parseFloat(flag.getAttribute("x")) / 100) * width }));
    flags.sort((one, other) => one.at - other.at);
    let last = -Infinity;
    for (const one of flags) last = one.x = Math.max(one.at, last + FLAG_APART_PX, EDGE_PX);
    let next = width - EDGE_PX + FLAG_APART_PX;
    for (const one of flags.reverse()) next = one.x = Math.min(one.x, next - FLAG_APART_PX);
    for (const { flag, at, x } of flags) {
      flag.querySelector(".flag-dot").setAttribute("cx", x - at);
      flag.querySelector(".flag-no").setAttribute("x", x - at);
      flag.querySelector(".flag-line").setAttribute("x1", x - at);
    }
  }
}

export function clock(seconds) {
  const whole = Math.max(seconds, 0);
  return `${Math.floor(whole / 60)}:${(whole % 60).toFixed(1).padStart(4, "0")}`;
}
