// The picture by keys alone: the cursor while drawing, vertices, whole zones, and where one looks.
import { clamped, same } from "./geometry.js";
import { drawnTo } from "./gestures.js";
import { pointText } from "./naming.js";
import { text } from "../texts.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 0.001;
const CURSOR_STEP = 0.005;
const FAR = 10;
const PAN_PX = 48;

export class StageKeys {
  #board;
  #tools;

  constructor(board, tools) {
    this.#board = board;
    this.#tools = tools;
    const { root } = board;
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.isComposing) return;
      if (this.#key(event) === false) return;
      event.preventDefault();
      event.stopPropagation();
    });
    // Where the focus comes to a vertex by Tab, that is the one which arrows move.
    root.addEventListener("focusin", (event) => {
      const vertex = event.target.closest?.("[data-vertex]");
      if (vertex) board.draft.select(board.draft.selected, Number(vertex.dataset.vertex));
    });
    document.addEventListener("keydown", (event) => this.#anywhere(event));
    document.addEventListener("keyup", (event) => {
      if (event.key === " ") tools.panning = false;
    });
    addEventListener("blur", () => (tools.panning = false));
  }

  #key(event) {
    const { draft, drawing, mayDraw } = this.#board;
    if (event.key === " ") return this.#space(event);
    if (drawing.isActive) return this.#draw(event);
    const arrow = ARROWS[event.key];
    if (!mayDraw || !draft.zone) return arrow ? this.#pan(arrow) : event.key === "Escape" ? this.#escape() : false;
    if (draft.vertex !== null && draft.zone) return this.#vertex(event, arrow);
    return this.#zone(event, arrow);
  }

  #draw(event) {
    const { actions } = this.#board;
    const arrow = ARROWS[event.key];
    if (arrow) this.#moveCursor(arrow, event);
    else if (event.key === "Enter") actions.finish();
    else if (event.key === "Backspace" || event.key === "Delete") actions.takeBack();
    else if (event.key === "Escape") actions.giveUp();
    else return false;
    return true;
  }

  // Drawn to what is less than a step away, but never held there: a step that leads back to where it began is taken freely.
  #moveCursor([dx, dy], event) {
    const { drawing, plan, say, view } = this.#board;
    const from = drawing.at ?? view.centre;
    const step = CURSOR_STEP * (event.shiftKey ? FAR : 1);
    const wanted = clamped([from[0] + dx * step, from[1] + dy * step]);
    const found = drawnTo(wanted, this.#board, [], event.altKey, CURSOR_STEP * 0.75 * Math.max(...view.size));
    const isHeld = same(found.point, from);
    plan.snapped = found.to && !isHeld ? found : null;
    drawing.cursorTo(isHeld ? wanted : found.point);
    view.show([drawing.at]);
    say(text(plan.snapped ? "zones.did.cursor_snapped" : "zones.did.cursor", { point: pointText(drawing.at) }));
  }

  #vertex(event, arrow) {
    const { actions, draft } = this.#board;
    if (arrow) {
      const step = STEP * (event.shiftKey ? FAR : 1);
      actions.nudgeVertex(arrow[0] * step, arrow[1] * step);
    } else if (event.key === "Delete" || event.key === "Backspace") actions.removeVertex(draft.vertex);
    else if (event.key === "Insert" || event.key.toLowerCase() === "i") actions.addVertex(draft.vertex);
    else if (event.key === "Escape") return this.#tools.cancel() || actions.leaveVertices() || true;
    else return false;
    return true;
  }

  #zone(event, arrow) {
    const { actions } = this.#board;
    if (arrow) {
      const step = STEP * (event.shiftKey ? FAR : 1);
      actions.nudgeZone(arrow[0] * step, arrow[1] * step);
    } else if (event.key === "Delete" || event.key === "Backspace") actions.removeZone();
    else if (event.key === "Enter") actions.goToVertex(0);
    else if (event.key === "Escape") return this.#escape();
    else return false;
    return true;
  }

  #pan([dx, dy]) {
    this.#board.view.panBy(-dx * PAN_PX, -dy * PAN_PX);
    return true;
  }

  #escape() {
    if (this.#tools.cancel()) return true;
    if (this.#board.draft.selected === null) return false;
    this.#board.draft.select(null);
    return true;
  }

  // With a cursor that was moved by keys it places a vertex; with a hand at the mouse it takes hold of the picture.
  #space(event) {
    const { actions, drawing } = this.#board;
    if (drawing.isActive && drawing.byKeys && drawing.at) {
      if (!event.repeat) actions.place(drawing.at);
    } else this.#tools.panning = true;
    return true;
  }

  // What is being drawn can be ended, and taken hold of, wherever the focus is.
  #anywhere(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, textarea, select, [role=menu]")) return;
    const isControl = event.target.closest?.("button, a, summary, [role=option], [role=tab]");
    if (event.key === " " && !isControl) {
      this.#space(event);
      event.preventDefault();
    } else if (this.#board.drawing.isActive && (event.key === "Escape" || event.key === "Backspace" || (event.key === "Enter" && !isControl))) {
      this.#draw(event);
      event.preventDefault();
    } else if (event.key === "Escape" && !isControl && this.#board.draft.selected !== null) {
      this.#escape();
    }
  }
}
