// Earlier versions: who, when and why; shown as outlines over the present one; brought back as a draft.
import { byId, button, make, span } from "./elements.js";
import { ask } from "./talking.js";
import { zonesOf } from "./zones.js";
import { text } from "../texts.js";

export class Versions {
  #board;
  #beside = null;
  #kept = new Map();

  constructor(board) {
    this.#board = board;
  }

  draw() {
    const { base } = this.#board;
    const list = byId("version-list");
    list.replaceChildren(...base.history.map((version) => this.#entry(version)));
    if (!base.history.length) list.append(make("li", { className: "soft", words: text("zones.no_history") }));
  }

  #entry(version) {
    const { mayDraw, times } = this.#board;
    const isShown = this.#beside === version.sha256;
    const show = button(text(isShown ? "zones.outline_hide" : "zones.outline_show"), () => (isShown ? this.hide() : this.show(version)));
    const head = make("p", { className: "version-head" }, make("span", { className: "code version-name", words: wordOf(version.version), title: version.version }));
    if (version.current) head.append(span("badge badge-mine", text("zones.in_force")));
    const ways = make("p", { className: "version-ways" }, show);
    if (mayDraw && !version.current) ways.append(button(text("zones.restore"), () => this.#restore(version)));
    const when = version.saved_at ? times.full(version.saved_at) : version.drawn_on;
    const who = make("p", { className: "soft", words: [version.saved_by || version.author, when].filter(Boolean).join(text("list.dot")) });
    const why = make("p", { className: "version-reason", words: version.reason || text("zones.no_reason") });
    return make("li", { className: "version" }, head, why, who, ways);
  }

  // Over the present drawing; "ways": what can be done about it, as buttons.
  async show(version, ways = []) {
    const zones = await this.#zonesOf(version);
    if (!zones) return;
    const { plan, say } = this.#board;
    this.#beside = version.sha256;
    plan.outlines = zones;
    plan.later();
    const name = text("zones.beside", { version: wordOf(version.version), by: version.saved_by || version.author });
    byId("beside-name").textContent = name;
    byId("beside-ways").replaceChildren(...ways, button(text("zones.outline_hide"), () => this.hide(), "ctl"));
    byId("beside").hidden = false;
    this.draw();
    say(name);
  }

  hide() {
    const { plan, root } = this.#board;
    this.#beside = null;
    plan.outlines = [];
    plan.later();
    byId("beside").hidden = true;
    this.draw();
    if (document.activeElement === document.body) root.focus({ preventScroll: true });
  }

  async #restore(version) {
    const zones = await this.#zonesOf(version);
    if (!zones) return;
    this.hide();
    this.#board.draft.commit(zones, { key: "zones.did.restored", values: { version: wordOf(version.version) } });
  }

  async #zonesOf(version) {
    const { draft, say } = this.#board;
    if (!this.#kept.has(version.sha256)) {
      const answer = await ask(version.url);
      if (!answer.ok) {
        say(answer.text);
        return null;
      }
      this.#kept.set(version.sha256, answer.features);
    }
    return zonesOf(this.#kept.get(version.sha256), draft.base);
  }
}

// Without the twelve digits of the file's hash.
export function wordOf(version) {
  return version.replace(/-[0-9a-f]{12}$/, "");
}
