// Below the picture: what can be done next with what is being drawn or is selected, for hands without a keyboard.
import { byId, button, make } from "./elements.js";
import { text } from "../texts.js";

export class ContextActs {
  #board;
  #shown = "";

  constructor(board) {
    this.#board = board;
    for (const name of ["changed", "selected"]) board.draft.addEventListener(name, () => this.#draw());
    board.drawing.addEventListener("drawn", () => this.#draw());
    this.#draw();
  }

  #draw() {
    const what = this.#what();
    // Buttons that stay are not made anew: they may have the focus.
    if (what === this.#shown) return;
    this.#shown = what;
    byId("acts").replaceChildren(...this.#acts().map(([key, cap, act, isOff]) => this.#act(key, cap, act, isOff)));
  }

  #what() {
    const { draft, drawing } = this.#board;
    if (drawing.isActive) return `drawing ${Math.min(drawing.ring.length, 3)}`;
    if (draft.vertex !== null) return `vertex ${draft.selected} ${draft.vertex} ${draft.zone.ring.length}`;
    return draft.zone ? `zone ${draft.selected}` : "";
  }

  #acts() {
    const { actions, draft, drawing } = this.#board;
    if (drawing.isActive)
      return [
        ["zones.act.finish", "Enter", () => actions.finish(), drawing.ring.length < 3],
        ["zones.act.take_back", "⌫", () => actions.takeBack(), !drawing.ring.length],
        ["zones.act.give_up", "Esc", () => actions.giveUp(), false],
      ];
    if (draft.vertex !== null)
      return [
        ["zones.act.add_vertex", "I", () => actions.addVertex(draft.vertex), false],
        ["zones.act.remove_vertex", "Del", () => actions.removeVertex(draft.vertex), draft.zone.ring.length <= 3],
        ["zones.act.leave", "Esc", () => actions.leaveVertices(), false],
      ];
    if (draft.zone)
      return [
        ["zones.act.vertices", "Enter", () => actions.goToVertex(0), false],
        ["zones.act.remove_zone", "Del", () => actions.removeZone(), false],
      ];
    return [];
  }

  #act(key, cap, act, isOff) {
    const made = button(text(key), act, "toggle toggle-plain");
    made.disabled = isOff;
    made.append(make("kbd", { "aria-hidden": "true", words: cap }));
    return made;
  }
}
