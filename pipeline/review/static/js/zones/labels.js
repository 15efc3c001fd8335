// Names on the picture: as large at any zoom, never one over another; whoever finds no room is named when it is pointed at.
import { area, contains, inside } from "./geometry.js";
import { match, set, svg } from "./svg.js";

const LINE_PX = 17;
const SMALL_PX = 14;
const places = new WeakMap();

export class Labels {
  #group;
  #names;

  constructor(group, names) {
    this.#group = group;
    this.#names = names;
  }

  // "marks": uid -> "fault" | "warning". "always": uids that are named whatever stands there.
  draw(zones, view, { shown, always, marks }) {
    const wanted = zones.filter((zone) => zone.ring.length && (shown || always.has(zone.uid) || marks.has(zone.uid)));
    const boxes = [];
    const kept = wanted
      .map((zone) => this.#labelOf(zone, view, shown || always.has(zone.uid), marks.get(zone.uid) ?? ""))
      .sort((one, other) => weight(other, always) - weight(one, always))
      .filter((label) => {
        if (!always.has(label.zone.uid) && !label.mark && boxes.some((box) => overlap(box, label.box))) return false;
        boxes.push(label.box);
        return true;
      });
    // The weightiest last, on top.
    match(this.#group, kept.reverse(), make, (element, label) => fill(element, label, view));
  }

  #labelOf(zone, view, isNamed, mark) {
    const [x, y] = placeIn(zone, view);
    const lines = isNamed ? [this.#names.title(zone), this.#names.under(zone)].filter(Boolean) : [];
    const width = Math.max(lines.length ? widthOf(lines[0], 13) + (mark ? 20 : 0) : 20, lines[1] ? widthOf(lines[1], 11) : 0) + 8;
    const height = (lines.length ? LINE_PX : 18) + (lines[1] ? SMALL_PX : 0) + 4;
    const [screenX, screenY] = [(x * view.size[0]) / view.k, (y * view.size[1]) / view.k];
    return { zone, x, y, lines, mark, width, box: [screenX - width / 2, screenY - height / 2, screenX + width / 2, screenY + height / 2] };
  }
}

function weight({ zone, mark }, always) {
  return (always.has(zone.uid) ? 10 : 0) + (mark ? 5 : 0) + area(zone.ring);
}

// Where that is not seen, the middle of what is seen, if the zone is there.
function placeIn(zone, view) {
  const [x, y] = placeOf(zone, view.size);
  const [left, top, right, bottom] = view.seen;
  const isSeen = left < x && x < right && top < y && y < bottom;
  return isSeen || !contains(zone.ring, view.centre) ? [x, y] : view.centre;
}

function placeOf(zone, size) {
  const known = places.get(zone.ring);
  if (known) return known;
  const place = inside(zone.ring, size);
  places.set(zone.ring, place);
  return place;
}

function widthOf(words, size) {
  return [...words].reduce((sum, letter) => sum + (letter > "\u2e7f" ? size : size * 0.58), 0);
}

function overlap(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

function make() {
  return svg(
    "g",
    {},
    svg("path", { class: "mark-ground" }),
    svg("text", { class: "mark-sign", "text-anchor": "middle" }),
    svg("text", { class: "label-name", "text-anchor": "middle" }),
    svg("text", { class: "label-code", "text-anchor": "middle" }),
  );
}

function fill(element, { zone, x, y, lines, mark }, view) {
  const [ground, sign, name, code] = element.children;
  set(element, {
    class: `label${mark ? ` label-${mark}` : ""}`,
    transform: `translate(${x * view.size[0]} ${y * view.size[1]}) scale(${view.k})`,
    "data-uid": zone.uid,
  });
  name.textContent = lines[0] ?? "";
  code.textContent = lines[1] ?? "";
  const first = lines[1] ? -2 : 5;
  set(name, { y: first, x: mark ? 10 : 0 });
  set(code, { y: first + SMALL_PX });
  const left = lines.length ? -widthOf(lines[0], 13) / 2 - 2 : 0;
  const middle = lines.length ? first - 5 : 0;
  set(ground, { d: mark ? shapeOf(mark) : "", transform: `translate(${left} ${middle})` });
  sign.textContent = mark ? "!" : "";
  set(sign, { x: left, y: middle + 4.5 });
}

// Round for a fault, pointed for a warning: not by colour alone.
function shapeOf(mark) {
  return mark === "fault" ? "M-8 0a8 8 0 1 1 16 0a8 8 0 1 1 -16 0z" : "M0 -9L9.500 7.500H-9.500z";
}
