// A new version: why, what changed, what was tried; and what becomes of a draft when somebody else was quicker.
import { open } from "../dialogs.js";
import { byId, button, icon, make, span } from "./elements.js";
import { ask, tell } from "./talking.js";
import { wordOf } from "./versions.js";
import { changesSince, merged, zonesOf } from "./zones.js";
import { text } from "../texts.js";

const PATIENCE_MS = 60000;
const MOST_NAMES = 6;

export class Saving {
  #board;
  #dialog = byId("dialog-save");
  #isBusy = false;

  constructor(board) {
    this.#board = board;
    byId("save").addEventListener("click", () => this.open());
    byId("save-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    for (const id of ["save-reason", "save-version"]) byId(id).addEventListener("input", () => byId(id).removeAttribute("aria-invalid"));
  }

  // "reference": key of a picture that shall become the reference; then nothing has to be drawn.
  open(reference = "") {
    const { base, draft, drawing, say, trying } = this.#board;
    if (drawing.isActive) {
      say(text("zones.finish_first"));
      return;
    }
    if (!draft.isChanged && !reference) {
      say(text("zones.nothing_changed"));
      return;
    }
    this.#drawChanges();
    this.#drawReference(reference);
    byId("save-version").value ||= base.next_version;
    byId("save-tried").hidden = !trying.words;
    byId("save-tried").textContent = trying.words ? text("zones.save_tried", { words: trying.words }) : "";
    this.#fault();
    const faults = this.#board.checking.faults;
    if (faults.length) this.#fault(text("zones.save_faults", { n: faults.length }), faults);
    open(this.#dialog);
    byId("save-reason").focus();
  }

  #drawChanges() {
    const { draft } = this.#board;
    const { added, removed, moved, changed } = changesSince(draft.base, draft.zones);
    const lines = [
      ["added", added, []],
      ["removed", removed, []],
      ["moved", moved, []],
      ["changed", changed.map(({ zone }) => zone), changed.map(({ names }) => names.map((name) => text(`zones.field.${name}`)).join(text("list.comma")))],
    ];
    byId("save-changes").hidden = byId("save-what").hidden = !draft.isChanged;
    byId("save-changes").replaceChildren(...lines.filter(([, zones]) => zones.length).map(([what, zones, more]) => this.#change(what, zones, more)));
  }

  #change(what, zones, more) {
    const { names } = this.#board;
    const say = (zone, fields) => (fields ? text("zones.change_of", { zone: names.aloud(zone), fields }) : names.aloud(zone));
    const said = zones.slice(0, MOST_NAMES).map((zone, index) => say(zone, more[index]));
    if (zones.length > MOST_NAMES) said.push(text("zones.and_more", { n: zones.length - MOST_NAMES }));
    const counted = span("change-what", text(`zones.change_${what}`, { n: zones.length }));
    return make("li", { className: `change change-${what}` }, counted, span("", said.join(text("list.comma"))));
  }

  // The clean picture that the polygons belong to: as before, or one that was looked at here.
  #drawReference(wanted) {
    const { pictures } = this.#board;
    const box = byId("save-reference");
    const others = pictures.clean;
    const had = wanted || this.#reference;
    box.hidden = !others.length;
    box.replaceChildren(box.firstElementChild, this.#referenceChoice("keep", text(pictures.hasReference ? "zones.reference_keep" : "zones.reference_none")));
    for (const picture of others) box.append(this.#referenceChoice(picture.key, text("zones.reference_take", { name: pictures.nameOf(picture) }), picture.url));
    if (pictures.hasReference) box.append(this.#referenceChoice("none", text("zones.reference_none")));
    const inputs = [...box.querySelectorAll("input")];
    (inputs.find((input) => input.value === had) ?? inputs[0]).checked = true;
  }

  get #reference() {
    return byId("save-reference").querySelector(":checked")?.value ?? "keep";
  }

  // With the picture, since only the eye finds whether the street is empty in it.
  #referenceChoice(value, words, url = "") {
    const choice = make("label", { className: "choice" }, make("input", { type: "radio", name: "reference", value }));
    if (url) choice.append(make("img", { className: "choice-picture", src: url, alt: "" }));
    choice.append(make("span", { words }));
    return choice;
  }

  async #send() {
    if (this.#isBusy) return;
    const [reason, version] = [byId("save-reason"), byId("save-version")];
    for (const field of [reason, version]) {
      if (field.value.trim()) continue;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      this.#fault(text(field === reason ? "zones.reason_needed" : "zones.version_needed"));
      return;
    }
    if (!this.#board.draft.isChanged && this.#reference === "keep") {
      this.#fault(text("zones.nothing_changed"));
      return;
    }
    this.#busy(true);
    this.#fault();
    const sent = this.#board.draft.zones;
    const draft = this.#board.draftText({ version: version.value.trim(), reason: reason.value.trim(), reference: this.#reference, ...this.#shape() });
    const answer = await tell(this.#board.urls.save, { draft }, { patience: PATIENCE_MS });
    this.#busy(false);
    if (answer.ok) await this.#saved(answer);
    else if (answer.code === "zones_stale") await this.#stale(answer);
    else this.#refused(answer, sent);
  }

  // The first drawing of a camera is one on the picture that becomes its reference.
  #shape() {
    const taken = this.#board.pictures.clean.find((picture) => picture.key === this.#reference);
    return taken && !this.#board.base.sha256 ? { picture_px: taken.px } : {};
  }

  async #saved(answer) {
    const board = this.#board;
    this.#dialog.close();
    board.keeping.forget();
    byId("save-reason").value = "";
    byId("save-version").value = "";
    await board.reload();
    board.tellAll(answer.told ?? "");
    board.root.focus({ preventScroll: true });
  }

  #refused(answer, zones) {
    const found = this.#board.checking.read(answer, zones).filter((one) => one.isFault);
    for (const { field } of found) {
      const place = { reason: byId("save-reason"), version: byId("save-version") }[field];
      place?.setAttribute("aria-invalid", "true");
      place?.focus();
    }
    this.#fault(answer.text, found, answer.code === "expired_session" ? [this.#login()] : []);
  }

  // In a window of its own: here everything stays as it was drawn.
  #login() {
    return make("a", { href: "/login", target: "_blank", rel: "noopener", words: text("error.login_again") });
  }

  #fault(words = "", found = [], ways = []) {
    const place = byId("save-error");
    place.hidden = !words;
    const told = make("div", {}, make("p", { words }));
    if (found.length) told.append(make("ul", {}, ...found.map((one) => this.#line(one))));
    if (ways.length) told.append(make("p", { className: "told-ways" }, ...ways));
    place.replaceChildren(icon("broken"), told);
  }

  #line(one) {
    const zone = this.#board.draft.zones.find((other) => other.uid === one.uids[0]);
    if (!zone) return make("li", { words: one.text });
    const go = button(this.#board.names.aloud(zone), () => {
      this.#dialog.close();
      this.#board.actions.choose(zone.uid);
    }, "link");
    return make("li", {}, go, text("list.colon"), one.text);
  }

  #busy(on) {
    this.#isBusy = on;
    byId("save-send").disabled = on;
    byId("save-send").toggleAttribute("aria-busy", on);
  }

  // Somebody has saved since: who and why, and three ways on. The draft stays whatever is chosen, until one of them is.
  async #stale(answer) {
    const board = this.#board;
    const theirs = await ask(board.urls.current);
    if (!theirs.ok) {
      this.#fault(answer.text);
      return;
    }
    const version = theirs.history.find((one) => one.current) ?? theirs;
    const about = { by: version.saved_by || version.author, version: wordOf(version.version), reason: version.reason || text("zones.no_reason") };
    const words = text("zones.stale", about);
    const ways = () => [
      button(text("zones.stale_merge"), () => this.#take(theirs, "merge"), "button button-small button-lead"),
      button(text("zones.stale_mine"), () => this.#take(theirs, "mine")),
      button(text("zones.stale_theirs"), () => this.#take(theirs, "theirs")),
    ];
    const look = button(text("zones.stale_look"), () => {
      this.#dialog.close();
      board.versions.show({ ...version, url: version.url ?? board.urls.current }, ways());
    });
    this.#fault(words, [], [look, ...ways()]);
  }

  #take(theirs, how) {
    const board = this.#board;
    const { draft } = board;
    const known = [...draft.base, ...draft.zones.filter((zone) => !draft.base.some((one) => one.uid === zone.uid))];
    const base = zonesOf(theirs.features, known);
    const { zones, clashes } = how === "merge" ? merged(draft.base, draft.zones, base) : { zones: how === "mine" ? draft.zones : base, clashes: [] };
    this.#dialog.close();
    board.versions.hide();
    board.take(theirs);
    draft.rebase(base);
    byId("save-version").value = "";
    if (how !== "theirs") draft.commit(zones, { key: `zones.did.stale_${how}`, values: { version: wordOf(theirs.version) } });
    else board.say(text("zones.did.stale_theirs", { version: wordOf(theirs.version) }));
    if (clashes.length) board.tellAll(text("zones.clashes", { zones: clashes.map((zone) => board.names.title(zone)).join(text("list.comma")) }));
  }
}
