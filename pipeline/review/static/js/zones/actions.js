// Everything that can be done to the drawing, whoever asks for it: keys, buttons, the menu or the pointer.
import { crossings, moved } from "./geometry.js";
import { pointText } from "./naming.js";
import { atVertex, changed, freeId, newZone, withVertexAfter, withVertices, withoutVertex } from "./zones.js";
import { text } from "../texts.js";

const LEAST = 3;
const COPY_BY = 0.02;

export class Actions {
  #board;

  constructor(board) {
    this.#board = board;
  }

  // --- drawing a new one ---

  begin(kind, byKeys = false) {
    const { drawing, root, say, view } = this.#board;
    if (drawing.isActive) drawing.become(kind);
    else drawing.begin(kind, byKeys ? view.centre : null);
    root.focus({ preventScroll: true });
    say(text(byKeys ? "zones.did.begun_keys" : "zones.did.begun", { kind: text(`zones.kind.${kind}`) }));
  }

  place(point) {
    const { drawing, plan, say, view } = this.#board;
    const what = drawing.place(point, view.size, view.k);
    if (what === "closed") {
      this.finish();
      return;
    }
    if (!what) return;
    plan.snapped = null;
    const values = { n: drawing.ring.length, point: pointText(point) };
    say(text(crossings(drawing.ring, false).length ? "zones.did.placed_crossing" : "zones.did.placed", values));
  }

  takeBack() {
    const { drawing, say } = this.#board;
    drawing.takeBack();
    say(text("zones.did.taken_back", { n: drawing.ring.length }));
  }

  giveUp() {
    const { drawing, plan, say } = this.#board;
    plan.snapped = null;
    drawing.end();
    say(text("zones.did.given_up"));
  }

  finish() {
    const { camera, draft, drawing, plan, say } = this.#board;
    if (drawing.ring.length < LEAST) {
      say(text("zones.did.too_few", { n: drawing.ring.length }));
      return;
    }
    plan.snapped = null;
    const kind = drawing.kind;
    const id = freeId(`${kind}-1`, draft.zones).replace(/-1-(\d+)$/, "-$1");
    const zone = newZone(kind === "public" && camera.place ? { id, kind, place: camera.place } : { id, kind }, drawing.end());
    draft.selected = zone.uid;
    draft.vertex = null;
    draft.commit([...draft.zones, zone], { key: "zones.did.zone_added", values: { kind: text(`zones.kind.${kind}`), n: zone.ring.length } });
    this.#board.panel.ask(zone);
  }

  // --- vertices ---

  goToVertex(index) {
    const { draft, plan } = this.#board;
    draft.select(draft.selected, index);
    plan.focusVertex(index);
  }

  addVertex(after, point = null) {
    const { draft, plan } = this.#board;
    const zones = withVertexAfter(draft.zones, draft.selected, after, point);
    const there = zones.find((zone) => zone.uid === draft.selected).ring[after + 1];
    draft.vertex = after + 1;
    draft.commit(zones, { key: "zones.did.vertex_added", values: { n: after + 2, point: pointText(there) } });
    plan.focusVertex(after + 1);
  }

  nudgeVertex(dx, dy) {
    const { draft, options } = this.#board;
    const { selected, vertex, zone } = draft;
    const [x, y] = zone.ring[vertex];
    const moving = atVertex(draft.zones, selected, vertex, options.together);
    const zones = withVertices(draft.zones, moving, [x + dx, y + dy]);
    const point = zones.find((one) => one.uid === selected).ring[vertex];
    const key = moving.length > 1 ? "zones.did.vertex_moved_shared" : "zones.did.vertex_moved";
    draft.commit(zones, { key, values: { n: vertex + 1, point: pointText(point), others: moving.length - 1 } }, `vertex ${selected} ${vertex}`);
  }

  removeVertex(index) {
    const { draft, plan, root, say } = this.#board;
    if (draft.zone.ring.length <= LEAST) {
      say(text("zones.did.last_vertices"));
      return;
    }
    const isEntered = draft.vertex !== null;
    draft.commit(withoutVertex(draft.zones, draft.selected, index), { key: "zones.did.vertex_removed", values: { n: index + 1 } });
    if (!isEntered) return root.focus({ preventScroll: true });
    const next = Math.min(index, draft.zone.ring.length - 1);
    draft.select(draft.selected, next);
    plan.focusVertex(next);
  }

  leaveVertices() {
    const { draft, root } = this.#board;
    draft.select(draft.selected);
    root.focus({ preventScroll: true });
  }

  // --- whole zones ---

  nudgeZone(dx, dy) {
    const { draft, names } = this.#board;
    const { zone } = draft;
    const zones = changed(draft.zones, zone.uid, ({ ring }) => ({ ring: moved(ring, dx, dy) }));
    draft.commit(zones, { key: "zones.did.zone_moved", values: { zone: names.title(zone) } }, `zone ${zone.uid}`);
  }

  removeZone(uid = this.#board.draft.selected) {
    const { draft, names, root } = this.#board;
    const zone = draft.zones.find((one) => one.uid === uid);
    if (!zone) return;
    const zones = draft.zones.filter((one) => one.uid !== uid);
    draft.commit(zones, { key: "zones.did.zone_removed", values: { zone: names.title(zone) } });
    if (!document.activeElement || document.activeElement === document.body) root.focus({ preventScroll: true });
  }

  copyZone(uid = this.#board.draft.selected) {
    const { draft, names } = this.#board;
    const zone = draft.zones.find((one) => one.uid === uid);
    if (!zone) return;
    const id = freeId(String(zone.properties.id ?? zone.properties.kind), draft.zones);
    const copy = newZone({ ...zone.properties, id }, moved(zone.ring, COPY_BY, COPY_BY));
    draft.selected = copy.uid;
    draft.vertex = null;
    draft.commit([...draft.zones, copy], { key: "zones.did.zone_copied", values: { zone: names.title(zone) } });
  }

  // To the zone before or behind in the list.
  step(by) {
    const { draft } = this.#board;
    const { zones } = draft;
    if (!zones.length) return;
    const at = zones.findIndex((zone) => zone.uid === draft.selected);
    const next = zones[at < 0 ? (by > 0 ? 0 : zones.length - 1) : (at + by + zones.length) % zones.length];
    this.choose(next.uid);
  }

  // Selected from elsewhere than the picture: seen there, and said.
  choose(uid) {
    const { draft, view } = this.#board;
    draft.select(uid);
    if (draft.zone?.ring.length) view.show(draft.zone.ring);
  }

  // --- for the menu ---

  ofVertex(index) {
    return [
      { label: text("zones.act.remove_vertex"), key: "Del", act: () => this.removeVertex(index), isGrave: true },
      { label: text("zones.act.add_vertex"), key: "I", act: () => this.addVertex(index) },
      ...this.#ofAny(this.#board.draft.selected),
    ];
  }

  ofZone(zone, edge, point) {
    const add = { label: text("zones.act.add_vertex_here"), act: () => this.addVertex(edge, point) };
    return [...(edge < 0 ? [] : [add]), ...this.#ofAny(zone.uid)];
  }

  #ofAny(uid) {
    return [
      { label: text("zones.act.copy_zone"), key: "Ctrl D", act: () => this.copyZone(uid) },
      { label: text("zones.act.remove_zone"), key: "Del", act: () => this.removeZone(uid), isGrave: true },
    ];
  }
}

