// Mouse, pen and fingers on the picture.
import { DragVertex, DragZone, Pan, Pinch, Press, drawnTo } from "./gestures.js";
import { edgeAt, handleAt, reachOf, zoneAt } from "./hits.js";
import { onEdge } from "./geometry.js";
import { withVertexAfter } from "./zones.js";

const WHEEL = 0.0016;
const LINE_PX = 16;

export class Tools {
  #board;
  #root;
  #pointers = new Map();
  #gesture = null;
  #pinch = null;
  isPanning = false;

  constructor(board, root) {
    this.#board = board;
    this.#root = root;
    root.addEventListener("pointerdown", (event) => this.#down(event));
    root.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, (event) => this.#up(event));
    root.addEventListener("pointerleave", () => {
      this.#hover(null);
      board.tellPlace(null);
    });
    root.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    // The middle button drags here, and neither scrolls nor pastes.
    root.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault());
    root.addEventListener("contextmenu", (event) => this.#menu(event));
    root.addEventListener("dblclick", () => board.drawing.isActive && board.actions.finish());
  }

  // While the space bar is held, the hand takes hold of the picture whatever lies there.
  set panning(on) {
    this.isPanning = on;
    this.#root.classList.toggle("is-panning", on);
  }

  // Esc in the middle of a drag: as it was before.
  cancel() {
    if (!this.#gesture) return false;
    this.#gesture.cancel();
    this.#gesture = null;
    return true;
  }

  #down(event) {
    if (event.pointerType === "mouse" && event.button === 2) return;
    this.#pointers.set(event.pointerId, [event.clientX, event.clientY]);
    this.#root.setPointerCapture(event.pointerId);
    this.#board.menu.close();
    if (this.#pointers.size === 2) {
      this.cancel();
      this.#pinch = new Pinch(this.#board, [...this.#pointers.values()]);
    } else if (this.#pointers.size === 1) this.#gesture = this.#gestureOf(event);
  }

  #gestureOf(event) {
    const board = this.#board;
    const pan = (from) => new Pan(board, from);
    if (event.button === 1 || this.isPanning) return new Press(board, event, pan, null);
    if (board.drawing.isActive) return this.#placing(event);
    const point = board.view.toFraction([event.clientX, event.clientY]);
    const { draft } = board;
    const handle = board.mayDraw && draft.zone ? handleAt(point, draft.zone.ring, board.view.size, reachOf(event.pointerType) * board.view.k) : null;
    if (handle && "vertex" in handle) {
      const begin = (from, { altKey }) => new DragVertex(board, from, { uid: draft.selected, index: handle.vertex, zones: draft.zones, alone: altKey });
      return new Press(board, event, begin, () => board.actions.goToVertex(handle.vertex));
    }
    if (handle) {
      const zones = withVertexAfter(draft.zones, draft.selected, handle.after);
      const begin = (from) => new DragVertex(board, from, { uid: draft.selected, index: handle.after + 1, zones, alone: true });
      return new Press(board, event, begin, () => board.actions.addVertex(handle.after));
    }
    const zone = zoneAt(point, draft.zones);
    const isOurs = board.mayDraw && zone && zone.uid === draft.selected;
    return new Press(board, event, isOurs ? (from) => new DragZone(board, from, zone) : pan, () => {
      draft.select(zone?.uid ?? null);
      this.#root.focus({ preventScroll: true });
    });
  }

  // A click places a vertex; so does a short drag, where it ends. A finger that goes on moves the picture.
  #placing(event) {
    const board = this.#board;
    const place = (at) => board.actions.place(this.#drawn(at).point);
    const begin = event.pointerType === "touch" ? (from) => new Pan(board, from) : () => ({ move: (at) => this.#follow(at), end: place, cancel: () => {} });
    return new Press(board, event, begin, place);
  }

  #move(event) {
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.#pinch) this.#pinch.moveTo([...this.#pointers.values()].slice(0, 2));
    else if (this.#gesture) this.#gesture.move(event);
    else if (event.pointerType !== "touch") this.#follow(event);
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#pinch) {
      // What one finger does after two of them is no click and no drag.
      if (!this.#pointers.size) this.#pinch = null;
      return;
    }
    const gesture = this.#gesture;
    this.#gesture = null;
    if (event.type === "pointercancel") gesture?.cancel();
    else gesture?.end(event);
  }

  #drawn(event) {
    return drawnTo(this.#board.view.toFraction([event.clientX, event.clientY]), this.#board, [], event.altKey);
  }

  #follow(event) {
    const { drawing, plan, view, draft, mayDraw } = this.#board;
    const point = view.toFraction([event.clientX, event.clientY]);
    this.#board.tellPlace(point);
    if (drawing.isActive) {
      const found = this.#drawn(event);
      plan.snapped = found.to ? found : null;
      drawing.moveTo(found.point, view.size, view.k);
      return;
    }
    const handle = mayDraw && draft.zone ? handleAt(point, draft.zone.ring, view.size, reachOf(event.pointerType) * view.k) : null;
    const zone = zoneAt(point, draft.zones);
    this.#hover(zone?.uid ?? null);
    const under = handle ? ("vertex" in handle ? "vertex" : "middle") : zone ? (zone.uid === draft.selected && mayDraw ? "own" : "zone") : "ground";
    this.#root.dataset.under = under;
  }

  #hover(uid) {
    const { plan } = this.#board;
    if (plan.hovered === uid) return;
    plan.hovered = uid;
    plan.later();
  }

  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PX : 1);
    // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
    this.#board.view.zoomBy(Math.exp(-pixels * WHEEL * (event.ctrlKey ? 6 : 1)), [event.clientX, event.clientY]);
  }

  // By the right button, a long press, or the menu key on what has the focus.
  #menu(event) {
    event.preventDefault();
    const { actions, draft, drawing, mayDraw, menu, view } = this.#board;
    if (!mayDraw || drawing.isActive) return;
    this.cancel();
    const byKey = event.button !== 2 && event.clientX === 0 && event.clientY === 0;
    const focused = event.target.closest?.("[data-vertex]");
    const place = focused ? view.toClient(draft.zone.ring[Number(focused.dataset.vertex)]) : [event.clientX, event.clientY];
    const point = view.toFraction(place);
    const reach = reachOf("mouse") * view.k;
    const handle = draft.zone ? handleAt(point, draft.zone.ring, view.size, reach) : null;
    if (handle && "vertex" in handle) {
      draft.select(draft.selected, handle.vertex);
      menu.open(place, actions.ofVertex(handle.vertex));
      return;
    }
    const zone = byKey ? draft.zone : zoneAt(point, draft.zones);
    if (!zone) return;
    draft.select(zone.uid);
    const edge = edgeAt(point, zone.ring, view.size, reach);
    const there = edge < 0 ? null : onEdge(point, zone.ring[edge], zone.ring[(edge + 1) % zone.ring.length], view.size);
    menu.open(place, actions.ofZone(zone, edge, there));
  }
}
