// What a pressed pointer does until it is let go. Each gesture has move(event), end(event) and cancel().
import { clamped, movedTo, same, snap } from "./geometry.js";
import { pointText } from "./naming.js";
import { atVertex, changed, withVertices } from "./zones.js";

const SNAP_PX = 9;
const STILL_PX = { mouse: 4, pen: 6, touch: 10 };

function far(from, event) {
  return Math.hypot(event.clientX - from[0], event.clientY - from[1]) > (STILL_PX[event.pointerType] ?? 4);
}

// The place that a point is drawn to, unless that is switched off; "except": vertices, {uid, index}, that move themselves.
export function drawnTo(point, board, except, isFree, reach = SNAP_PX * board.view.k) {
  const { draft, view, options } = board;
  const rings = draft.zones.filter((zone) => !except.some((one) => one.uid === zone.uid)).map((zone) => zone.ring);
  return isFree || !options.snap ? { point: clamped(point), to: "" } : snap(point, rings, view.size, reach);
}

// A press that may become something: moved far enough, it does; let go before that, it was a click.
export class Press {
  #board;
  #from;
  #begin;
  #click;
  #gesture = null;

  constructor(board, event, begin, click) {
    this.#board = board;
    this.#from = [event.clientX, event.clientY];
    this.#begin = begin;
    this.#click = click;
  }

  move(event) {
    if (!this.#gesture && far(this.#from, event)) this.#gesture = this.#begin(this.#from, event);
    this.#gesture?.move(event);
  }

  end(event) {
    if (this.#gesture) this.#gesture.end(event);
    else this.#click?.(event);
  }

  cancel() {
    this.#gesture?.cancel();
    this.#board.plan.snapped = null;
  }
}

export class Pan {
  #view;
  #last;

  constructor(board, from) {
    this.#view = board.view;
    this.#last = from;
  }

  move(event) {
    this.#view.panBy(event.clientX - this.#last[0], event.clientY - this.#last[1]);
    this.#last = [event.clientX, event.clientY];
  }

  end() {}

  cancel() {}
}

// A vertex, with those of the neighbours that lie there unless it is taken "alone"; "zones" is where it starts from, with a new vertex
// already in it.
export class DragVertex {
  #board;
  #uid;
  #index;
  #zones;
  #moving;
  #start;
  #from;
  #isNew;

  constructor(board, from, { uid, index, zones, alone }) {
    this.#board = board;
    this.#uid = uid;
    this.#index = index;
    this.#zones = zones;
    this.#isNew = zones !== board.draft.zones;
    this.#moving = atVertex(zones, uid, index, board.options.together && !alone && !this.#isNew);
    this.#start = zones.find((zone) => zone.uid === uid).ring[index];
    this.#from = board.view.toFraction(from);
    board.draft.select(uid, index);
  }

  move(event) {
    const { draft, plan, view } = this.#board;
    const [x, y] = view.toFraction([event.clientX, event.clientY]);
    // By as much as the hand moved: a vertex taken beside its middle does not jump.
    const wanted = [this.#start[0] + x - this.#from[0], this.#start[1] + y - this.#from[1]];
    const found = drawnTo(wanted, this.#board, this.#moving, event.altKey);
    plan.snapped = found.to ? found : null;
    this.#board.loupe.show(found.point, event.pointerType);
    this.#board.tellPlace(found.point);
    draft.preview(withVertices(this.#zones, this.#moving, found.point));
  }

  end() {
    const { draft, plan, loupe } = this.#board;
    plan.snapped = null;
    loupe.hide();
    const point = draft.zone?.ring[this.#index];
    if (!point) return;
    if (!this.#isNew && same(point, this.#start)) {
      draft.preview(null);
      return;
    }
    const key = this.#isNew ? "zones.did.vertex_added" : this.#moving.length > 1 ? "zones.did.vertex_moved_shared" : "zones.did.vertex_moved";
    draft.commit(draft.zones, { key, values: { n: this.#index + 1, point: pointText(point), others: this.#moving.length - 1 } });
  }

  cancel() {
    this.#board.plan.snapped = null;
    this.#board.loupe.hide();
    this.#board.draft.preview(null);
  }
}

export class DragZone {
  #board;
  #zone;
  #zones;
  #from;

  constructor(board, from, zone) {
    this.#board = board;
    this.#zone = zone;
    this.#zones = board.draft.zones;
    this.#from = board.view.toFraction(from);
  }

  move(event) {
    const { draft, options, plan, view } = this.#board;
    const [x, y] = view.toFraction([event.clientX, event.clientY]);
    const rings = options.snap && !event.altKey ? this.#zones.filter((zone) => zone.uid !== this.#zone.uid).map((zone) => zone.ring) : [];
    const radius = options.snap && !event.altKey ? SNAP_PX * view.k : -1;
    const { ring, at } = movedTo(this.#zone.ring, x - this.#from[0], y - this.#from[1], rings, view.size, radius);
    plan.snapped = at ? { point: at, to: "vertex" } : null;
    draft.preview(changed(this.#zones, this.#zone.uid, () => ({ ring })));
  }

  end() {
    const { draft, names, plan } = this.#board;
    plan.snapped = null;
    draft.commit(draft.zones, { key: "zones.did.zone_moved", values: { zone: names.title(this.#zone) } });
  }

  cancel() {
    this.#board.plan.snapped = null;
    this.#board.draft.preview(null);
  }
}

// Two fingers: the picture stays between them.
export class Pinch {
  #view;
  #fingers;

  constructor(board, fingers) {
    this.#view = board.view;
    this.#fingers = fingers;
  }

  moveTo(fingers) {
    const before = this.#fingers;
    const [from, to] = [centreOf(before), centreOf(fingers)];
    const [wide, wider] = [apart(before), apart(fingers)];
    this.#view.panBy(to[0] - from[0], to[1] - from[1]);
    if (wide > 0 && wider > 0) this.#view.zoomBy(wider / wide, to);
    this.#fingers = fingers;
  }
}

function centreOf([one, other]) {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

function apart([one, other]) {
  return Math.hypot(one[0] - other[0], one[1] - other[1]);
}

