// Which picture lies under the drawing: one of those that are kept of the camera, or two with a cut to compare by.
import { byId, make } from "./elements.js";
import { set } from "./svg.js";
import { text } from "../texts.js";

export class Pictures {
  #board;
  #pictures;
  #looked = new Set();
  #isCompared = false;

  constructor(board, pictures) {
    this.#board = board;
    this.#pictures = pictures;
    this.#measure();
    byId("picture-over").addEventListener("load", () => board.tellStage(""));
    byId("picture-over").addEventListener("error", () => board.tellStage(text("zones.picture_broken")));
    for (const id of ["picture-main", "picture-other"]) byId(id).addEventListener("change", () => this.#draw());
    this.#offer();
    if (pictures.length > 1) byId("picture-other").value = pictures[1].key;
    byId("toggle-compare").addEventListener("click", () => this.#compare(!this.#isCompared));
    byId("slide-cut").addEventListener("input", () => this.#cut());
    this.#draw();
  }

  // What may become the reference picture: those that were looked at here, and the newest; not the one that it is already.
  get clean() {
    const found = this.#pictures.filter((picture) => picture.clean);
    return found.filter((picture, index) => !index || this.#looked.has(picture.key));
  }

  // The one that lies under the drawing; null where there is none.
  get main() {
    return this.#chosen("picture-main");
  }

  get hasReference() {
    return this.#pictures.some((picture) => picture.key === "reference");
  }

  // One more, to draw on from now on. A camera without zones takes its shape; zones have one already.
  add(picture) {
    if (!this.#pictures.some(({ key }) => key === picture.key)) this.#pictures = [...this.#pictures, picture];
    this.#offer();
    byId("picture-main").value = picture.key;
    if (!this.#board.base.sha256) {
      this.#board.view.resize(picture.px);
      this.#measure();
    }
    this.#draw();
  }

  remove(key) {
    this.#looked.delete(key);
    this.renew(this.#pictures.filter((picture) => picture.key !== key));
  }

  // What there is now, such as another reference; what is looked at stays under the drawing as long as it is there.
  renew(pictures) {
    this.#pictures = pictures;
    this.#offer();
    if (this.#isCompared && pictures.length < 2) this.#compare(false);
    else this.#draw();
  }

  nameOf({ name, at }) {
    return at ? text("zones.picture_at", { name, at: this.#board.times.full(at) }) : name;
  }

  #offer() {
    for (const id of ["picture-main", "picture-other"]) {
      const had = byId(id).value;
      byId(id).replaceChildren(...this.#pictures.map((picture) => make("option", { value: picture.key, words: this.nameOf(picture) })));
      if (this.#pictures.some(({ key }) => key === had)) byId(id).value = had;
    }
    byId("pictures").hidden = !this.#pictures.length;
    byId("toggle-compare").hidden = this.#pictures.length < 2;
    byId("bench-none")?.toggleAttribute("hidden", this.#pictures.length > 0);
  }

  #measure() {
    const [width, height] = this.#board.view.size;
    for (const id of ["picture-ground", "picture-over", "picture-under"]) set(byId(id), { width, height });
  }

  #chosen(id) {
    return this.#pictures.find((picture) => picture.key === byId(id).value) ?? null;
  }

  #compare(on) {
    this.#isCompared = on;
    byId("toggle-compare").setAttribute("aria-pressed", String(on));
    for (const id of ["slide-cut", "picture-other"]) byId(id).hidden = !on;
    // Their place is needed; the menu offers it still.
    byId("picture-upload")?.toggleAttribute("hidden", on);
    // The same on both sides shows nothing.
    const [main, other] = [byId("picture-main"), byId("picture-other")];
    if (on && other.value === main.value) other.value = this.#pictures.find((picture) => picture.key !== main.value).key;
    this.#draw();
    if (on) byId("slide-cut").focus();
  }

  #draw() {
    const main = this.#chosen("picture-main");
    if (!main) {
      byId("picture-over").removeAttribute("href");
      this.#board.tellStage(text("zones.no_picture"));
      return;
    }
    const other = this.#isCompared ? this.#chosen("picture-other") : null;
    for (const picture of [main, other]) if (picture) this.#looked.add(picture.key);
    set(byId("picture-over"), { href: main.url });
    set(byId("picture-under"), { hidden: !other, ...(other ? { href: other.url } : {}) });
    set(byId("cut-line"), { hidden: !other });
    byId("slide-cut").setAttribute("aria-valuetext", other ? text("zones.compare_names", { left: this.nameOf(other), right: this.nameOf(main) }) : "");
    this.#cut();
  }

  #cut() {
    const [width, height] = this.#board.view.size;
    const at = (Number(byId("slide-cut").value) / 100) * width;
    set(byId("cut-box"), { width: at, height });
    set(byId("cut-line"), { d: `M${at} 0V${height}` });
  }
}
