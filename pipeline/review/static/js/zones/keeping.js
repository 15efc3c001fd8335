// The draft outlives a reload, a closed window and a session that ended; it is offered on return and never taken by itself.
import { byId, button, make } from "./elements.js";
import { changesSince, countOf, featuresOf, zonesOf } from "./zones.js";
import { text } from "../texts.js";

const AFTER_MS = 250;

export class Keeping {
  #board;
  #key;
  #timer = 0;
  #isOffered = false;

  constructor(board) {
    this.#board = board;
    // Two people at one desk have two drafts.
    this.#key = `doorline.zones.draft.${board.camera.id}.${board.camera.account}`;
    board.draft.addEventListener("changed", () => this.#soon());
    addEventListener("pagehide", () => this.#keep());
    addEventListener("beforeunload", (event) => {
      if (board.draft.isChanged || board.drawing.ring.length) event.preventDefault();
    });
    this.#offer();
  }

  forget() {
    clearTimeout(this.#timer);
    remove(this.#key);
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), AFTER_MS);
  }

  #keep() {
    const { draft, base } = this.#board;
    clearTimeout(this.#timer);
    if (this.#isOffered && !draft.isChanged) return;
    try {
      // Whoever draws on without answering the offer loses neither: the earlier draft is offered after this one.
      if (this.#isOffered) localStorage.setItem(this.#before, localStorage.getItem(this.#key));
      this.#isOffered = false;
      if (!draft.isChanged) localStorage.removeItem(this.#key);
      else {
        const began = { sha256: base.sha256, version: base.version, features: featuresOf(draft.base) };
        localStorage.setItem(this.#key, JSON.stringify({ at: new Date().toISOString(), base: began, features: featuresOf(draft.zones) }));
      }
    } catch {
      // Without storage a draft lives as long as the page.
    }
  }

  get #before() {
    return `${this.#key}.before`;
  }

  #recall() {
    try {
      const kept = localStorage.getItem(this.#key) ?? localStorage.getItem(this.#before);
      if (kept !== null && localStorage.getItem(this.#key) === null) {
        localStorage.setItem(this.#key, kept);
        localStorage.removeItem(this.#before);
      }
      return JSON.parse(kept);
    } catch {
      return null;
    }
  }

  #offer() {
    const kept = this.#recall();
    if (!kept?.features || !kept.base?.features) return;
    const { base, draft, times } = this.#board;
    const before = zonesOf(kept.base.features, draft.base);
    const zones = zonesOf(kept.features, before);
    const count = countOf(changesSince(before, zones));
    if (!count) {
      this.forget();
      return;
    }
    this.#isOffered = true;
    const isOlder = kept.base.sha256 !== base.sha256;
    const notice = make(
      "div",
      { className: "told told-warn", id: "kept", role: "status" },
      make("div", {}, make("p", { words: text(isOlder ? "zones.kept_older" : "zones.kept", { at: times.full(kept.at), n: count, version: base.version }) })),
    );
    const ways = make("p", { className: "told-ways" });
    ways.append(
      button(text("zones.kept_take"), () => this.#take(kept, before, zones), "button button-small button-lead"),
      button(text("zones.kept_drop"), () => this.#drop()),
    );
    notice.firstElementChild.append(ways);
    byId("notices").append(notice);
  }

  // On what it was drawn on: if somebody has saved since, saving tells so and offers to bring both together.
  #take(kept, before, zones) {
    const board = this.#board;
    if (!this.#isOffered) remove(this.#before);
    this.#isOffered = false;
    byId("kept").remove();
    board.base = { ...board.base, sha256: kept.base.sha256, version: kept.base.version };
    // What was drawn here meanwhile is one step back.
    board.draft.rebase(before, board.draft.isChanged ? board.draft.zones : before);
    board.draft.commit(zones, { key: "zones.did.kept_taken", values: {} });
  }

  #drop() {
    byId("kept").remove();
    remove(this.#isOffered ? this.#key : this.#before);
    this.#isOffered = false;
    this.#board.say(text("zones.kept_dropped"));
    if (!this.#board.draft.isChanged) this.#offer();
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // There was none.
  }
}
