// What the draft would have reported of the last looks, beside what the zones in force do.
import { byId, icon, make, span } from "./elements.js";
import { tell } from "./talking.js";
import { text } from "../texts.js";

const PATIENCE_MS = 90000;
const GROUPS = ["new", "lost", "changed", "same"];

export class Trying {
  #board;
  #result = null;
  #of = null;
  #isBusy = false;

  constructor(board) {
    this.#board = board;
    byId("try-now")?.addEventListener("click", () => this.now());
    board.draft.addEventListener("changed", () => this.#drawAge());
    const { until, seconds } = board.base.logs;
    if (!until) this.#told(make("p", { className: "soft", words: text("zones.try_nothing") }));
    else {
      const span = board.times.span(new Date(new Date(until).getTime() - seconds * 1000), until);
      byId("try-told").append(make("p", { className: "soft", words: text("zones.try_last", { span }) }));
    }
  }

  // In words, for the save dialog; empty where this draft was not tried.
  get words() {
    return this.#result && this.#of === this.#board.draft.zones ? this.#summary() : "";
  }

  async now() {
    const { draft, say, tabs, urls } = this.#board;
    if (this.#isBusy) return;
    this.#busy(true);
    tabs.show("try");
    this.#told(make("p", { className: "soft", words: text("zones.trying") }));
    byId("try-list").replaceChildren();
    const zones = draft.zones;
    const answer = await tell(urls.try, { draft: this.#board.draftText() }, { patience: PATIENCE_MS });
    this.#busy(false);
    if (!answer.ok) {
      this.#result = null;
      this.#told(make("p", { className: "told told-alert", words: answer.text }));
      for (const one of this.#board.checking.read(answer, zones)) byId("try-list").append(this.#board.checking.entry(one));
      return;
    }
    this.#result = answer;
    this.#of = zones;
    this.#draw();
    say(this.#summary());
  }

  #busy(on) {
    this.#isBusy = on;
    const button = byId("try-now");
    button.disabled = on;
    button.toggleAttribute("aria-busy", on);
  }

  #told(...parts) {
    byId("try-told").replaceChildren(...parts);
  }

  #summary() {
    const found = GROUPS.map((name) => [name, this.#result[name].length]).filter(([, n]) => n);
    if (!found.length) return text("zones.try_none");
    if (found.length === 1 && found[0][0] === "same") return text("zones.try_no_change", { n: found[0][1] });
    return found.map(([name, n]) => text(`zones.try_part_${name}`, { n })).join(text("zones.try_and"));
  }

  #draw() {
    const { times } = this.#board;
    const { since, until, looks, note } = this.#result;
    this.#told(
      make("p", { className: "try-summary", words: this.#summary() }),
      make("p", { className: "soft", words: text("zones.try_covers", { span: times.span(since, until), looks }) }),
      ...(note ? [make("p", { className: "hint", words: note })] : []),
      make("p", { className: "told told-warn", id: "try-age", hidden: true, words: text("zones.try_old") }),
    );
    byId("try-list").replaceChildren(...GROUPS.filter((name) => this.#result[name].length).map((name) => this.#group(name)));
    this.#drawAge();
  }

  #group(name) {
    const items = this.#result[name];
    const list = make("ul", { className: "tried" }, ...items.map((item) => make("li", {}, this.#entry(name, item))));
    const heading = text(`zones.try_${name}`, { n: items.length });
    // What stays as it was is no news: folded.
    if (name === "same") return make("details", { className: "try-group" }, make("summary", { words: heading }), list);
    return make("section", { className: "try-group" }, make("h3", { className: `try-head try-head-${name}`, words: heading }), list);
  }

  #entry(name, item) {
    const { times } = this.#board;
    const { before = null, after = item } = name === "changed" ? item : {};
    const said = (words) => fromTo(before && words(before), words(after));
    const words = make("span", {}, span("tried-whose", said(whoseOf)));
    const kind = said((one) => text(`kind.${one.kind}`));
    const phase = said((one) => text(`zones.phase.${one.phase}`));
    const when = text("zones.try_when", { at: times.clock(after.first_seen_at), span: times.length(after.dwell_s) });
    words.append(span("tried-kind", [kind, phase].join(text("list.dot"))), span("tried-when", when));
    const entry = make("button", { type: "button", className: `tried-one tried-${name}` }, icon(after.kind), words);
    for (const on of ["focus", "pointerenter"]) entry.addEventListener(on, () => this.#show(name, after));
    for (const off of ["blur", "pointerleave"]) entry.addEventListener(off, () => this.#show(name, null));
    entry.addEventListener("click", () => this.#show(name, after, true));
    return entry;
  }

  #show(what, found, goes = false) {
    const { plan, view } = this.#board;
    plan.boxes = found ? [{ box: found.box, what }] : [];
    if (found && goes) view.show([found.box.slice(0, 2), found.box.slice(2)]);
    plan.later();
  }

  #drawAge() {
    const age = byId("try-age");
    if (age) age.hidden = this.#of === this.#board.draft.zones;
  }
}

// What is otherwise than before, said as that.
function fromTo(before, after) {
  return before === null || before === after ? after : text("zones.try_from_to", { from: before, to: after });
}

function whoseOf(found) {
  return found.whose || found.place || found.shop_codes.join(text("list.comma"));
}
