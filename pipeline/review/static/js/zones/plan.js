// The drawing over the picture: zones, their names, the handles of the selected one, what is being drawn, and what lies beside it.
import { area, crossings, middle, same } from "./geometry.js";
import { Labels } from "./labels.js";
import { pointText } from "./naming.js";
import { match, set, svg } from "./svg.js";
import { text } from "../texts.js";

export class Plan {
  #root;
  #view;
  #draft;
  #drawing;
  #labels;
  #names;
  #isWaiting = false;
  hovered = null;
  marks = new Map();
  outlines = [];
  boxes = [];
  snapped = null;
  #isLabelled = true;
  #mayDraw;

  constructor(root, view, draft, drawing, names, mayDraw) {
    this.#root = root;
    this.#view = view;
    this.#draft = draft;
    this.#drawing = drawing;
    this.#names = names;
    this.#mayDraw = mayDraw;
    this.#labels = new Labels(this.#layer("labels"), names);
    view.addEventListener("view", () => this.later());
    for (const name of ["changed", "previewed", "selected"]) draft.addEventListener(name, () => this.later());
    drawing.addEventListener("drawn", () => this.later());
  }

  set isLabelled(on) {
    this.#isLabelled = on;
    this.later();
  }

  // Once per picture of the screen, however much happened.
  later() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.#isWaiting = false;
    this.#drawPatterns();
    this.#drawZones();
    this.#drawOutlines();
    this.#drawBoxes();
    this.#drawDrawing();
    this.#drawHandles();
  }

  focusVertex(index) {
    this.draw();
    this.#layer("vertices").children[index]?.focus({ preventScroll: true });
  }

  #layer(name) {
    return this.#root.querySelector(`[data-layer="${name}"]`);
  }

  // A pattern as dense at any zoom.
  #drawPatterns() {
    for (const pattern of this.#root.querySelectorAll("pattern")) set(pattern, { patternTransform: `scale(${this.#view.k})` });
  }

  #drawZones() {
    const { selected, zones } = this.#draft;
    // Small ones on top, so that each can be pointed at.
    const ordered = [...zones].sort((one, other) => area(other.ring) - area(one.ring));
    match(this.#layer("zones"), ordered, makeZone, (element, zone) => {
      const mark = this.marks.get(zone.uid);
      const classes = ["zone", `zone-${zone.properties.kind}`];
      if (zone.uid === selected) classes.push("is-selected");
      if (zone.uid === this.hovered) classes.push("is-hovered");
      if (mark) classes.push(`has-${mark}`);
      set(element, { class: classes.join(" "), "data-uid": zone.uid });
      const d = this.#path(zone.ring);
      for (const path of element.children) set(path, { d });
      set(element.firstElementChild, { fill: `url(#zone-${zone.properties.kind})` });
    });
    // On top of its neighbours, whose edges it may share.
    const own = zones.find((zone) => zone.uid === selected);
    for (const path of this.#layer("selected").children) set(path, { d: own ? this.#path(own.ring) : "" });
    const wrong = ordered.flatMap((zone) => crossings(zone.ring).flatMap((pair) => pair.map((edge) => this.#edge(zone.ring, edge))));
    match(this.#layer("wrong"), wrong, () => svg("path"), (element, d) => set(element, { d, class: "edge-wrong" }));
    const always = new Set([selected, this.hovered].filter(Boolean));
    this.#labels.draw(ordered, this.#view, { shown: this.#isLabelled, always, marks: this.marks });
  }

  #drawOutlines() {
    const make = () => svg("g", { class: "outline" }, svg("path", { class: "outline-casing" }), svg("path", { class: "outline-line" }));
    match(this.#layer("outlines"), this.outlines, make, (element, zone) => {
      for (const path of element.children) set(path, { d: this.#path(zone.ring) });
    });
  }

  #drawBoxes() {
    const [width, height] = this.#view.size;
    const make = () => svg("g", {}, svg("rect", { class: "box-casing" }), svg("rect", { class: "box-line" }));
    match(this.#layer("boxes"), this.boxes, make, (element, { box: [x0, y0, x1, y1], what }) => {
      set(element, { class: `box box-${what}` });
      for (const rect of element.children) set(rect, { x: x0 * width, y: y0 * height, width: (x1 - x0) * width, height: (y1 - y0) * height });
    });
  }

  #drawDrawing() {
    const drawing = this.#drawing;
    const { ring, at } = drawing;
    const group = this.#layer("drawing");
    set(group, { class: drawing.kind ? `zone zone-${drawing.kind}` : "" });
    const line = at && ring.length ? [...ring, at] : ring;
    const [fill, casing, path, closing] = group.children;
    set(fill, { d: line.length > 2 ? this.#path(line) : "", fill: drawing.kind ? `url(#zone-${drawing.kind})` : null });
    for (const one of [casing, path]) set(one, { d: this.#path(line, false) });
    set(closing, { d: line.length > 2 ? this.#path([line.at(-1), line[0]], false) : "" });
    const wrong = line.length > 2 ? crossings(line, false).flatMap((pair) => pair.map((edge) => this.#edge(line, edge))) : [];
    match(this.#layer("drawing-wrong"), wrong, () => svg("path"), (element, d) => set(element, { d, class: "edge-wrong" }));
    match(this.#layer("drawing-points"), ring, () => svg("circle", { r: 5 }), (element, point, index) => {
      set(element, { class: `point${index ? "" : " point-first"}${!index && drawing.isClosing ? " is-closing" : ""}`, transform: this.#at(point) });
    });
    this.#drawCursor();
  }

  #drawCursor() {
    const { at, byKeys, isActive } = this.#drawing;
    const cursor = this.#layer("cursor");
    set(cursor, { hidden: !(isActive && at && byKeys) });
    if (isActive && at && byKeys) {
      const [width, height] = this.#view.size;
      const [across, down, ring] = cursor.children;
      set(across, { d: `M0 ${at[1] * height}H${width}` });
      set(down, { d: `M${at[0] * width} 0V${height}` });
      set(ring, { transform: this.#at(at) });
    }
    const mark = this.#layer("snapped");
    const snapped = this.snapped;
    set(mark, { hidden: !snapped, class: snapped ? `snapped snapped-${snapped.to}` : "" });
    if (snapped) set(mark, { transform: this.#at(snapped.point) });
  }

  #drawHandles() {
    const zone = this.#mayDraw && !this.#drawing.isActive ? this.#draft.zone : null;
    const ring = zone?.ring ?? [];
    const others = this.#draft.zones.filter((one) => one.uid !== zone?.uid).flatMap((one) => one.ring);
    const middles = ring.map((point, index) => middle(point, ring[(index + 1) % ring.length]));
    const makeMiddle = () => svg("path", { class: "middle", d: "M0 -5L5 0L0 5L-5 0z" });
    match(this.#layer("middles"), middles, makeMiddle, (element, point) => set(element, { transform: this.#at(point) }));
    match(this.#layer("vertices"), ring, makeVertex, (element, point, index) => {
      const isActive = index === this.#draft.vertex;
      const isShared = others.some((other) => same(other, point));
      set(element, {
        class: `vertex${isActive ? " is-active" : ""}${isShared ? " is-shared" : ""}`,
        transform: this.#at(point),
        // While the vertices are gone through, Tab leads to each of them; else it passes the picture by.
        tabindex: this.#draft.vertex === null ? -1 : 0,
        "data-vertex": index,
        "aria-label": text(isShared ? "zones.vertex_shared" : "zones.vertex", { n: index + 1, of: ring.length, point: pointText(point) }),
      });
    });
  }

  #path(ring, isClosed = true) {
    const [width, height] = this.#view.size;
    const points = ring.map(([x, y]) => `${round(x * width)} ${round(y * height)}`);
    return points.length ? `M${points.join("L")}${isClosed ? "z" : ""}` : "";
  }

  #edge(ring, index) {
    return this.#path([ring[index], ring[(index + 1) % ring.length]], false);
  }

  #at([x, y]) {
    return `translate(${x * this.#view.size[0]} ${y * this.#view.size[1]}) scale(${this.#view.k})`;
  }
}

function round(number) {
  return Math.round(number * 100) / 100;
}

function makeZone() {
  return svg("g", {}, svg("path", { class: "zone-fill" }), svg("path", { class: "zone-casing" }), svg("path", { class: "zone-line" }));
}

function makeVertex() {
  const circles = { hit: 11, share: 9, dot: 5.5 };
  return svg("g", { role: "button" }, ...Object.entries(circles).map(([name, r]) => svg("circle", { class: `vertex-${name}`, r })));
}
