// Zones from elsewhere: another camera, or a file of another program. Whatever comes is a draft.
import { open } from "../dialogs.js";
import { byId, make, span, swatch } from "./elements.js";
import { ask, tell } from "./talking.js";
import { freeId, zonesOf } from "./zones.js";
import { text } from "../texts.js";

export class Copying {
  #board;
  #zones = [];

  constructor(board) {
    this.#board = board;
    byId("copy-from").addEventListener("change", () => this.#load());
    byId("copy-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
  }

  open() {
    const words = ({ id, name }) => (name && name !== id ? `${name} (${id})` : id);
    byId("copy-from").replaceChildren(...this.#board.base.cameras.map((camera) => make("option", { value: camera.id, words: words(camera) })));
    open(byId("dialog-copy"));
    byId("copy-from").focus();
    this.#load();
  }

  async #load() {
    const camera = byId("copy-from").value;
    byId("copy-zones").replaceChildren();
    byId("copy-send").disabled = true;
    if (!camera) return;
    const answer = await ask(`/zones/${encodeURIComponent(camera)}/current`);
    if (byId("copy-from").value !== camera) return;
    byId("copy-error").hidden = answer.ok;
    byId("copy-error").textContent = answer.ok ? "" : answer.text;
    this.#zones = answer.ok ? zonesOf(answer.features) : [];
    byId("copy-zones").replaceChildren(...this.#zones.map((zone, index) => this.#choice(zone, index)));
    byId("copy-send").disabled = !this.#zones.length;
  }

  #choice(zone, index) {
    const { names } = this.#board;
    const box = make("input", { type: "checkbox", value: index, checked: true });
    const words = [span("sr", names.kind(zone)), span("", names.title(zone)), span("code soft", names.under(zone))];
    return make("label", { className: "choice" }, box, swatch(zone.properties.kind), ...words);
  }

  #take() {
    const chosen = [...byId("copy-zones").querySelectorAll(":checked")].map((box) => this.#zones[Number(box.value)]);
    const from = byId("copy-from").selectedOptions[0]?.textContent ?? "";
    if (!chosen.length) return;
    byId("dialog-copy").close();
    add(this.#board.draft, chosen, { key: "zones.did.copied", values: { n: chosen.length, from } });
  }
}

export class Importing {
  #board;
  #features = null;

  constructor(board) {
    this.#board = board;
    byId("import-file").addEventListener("change", () => this.#read());
    byId("import-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#take();
    });
  }

  open() {
    byId("import-form").reset();
    this.#show(null, [], "");
    open(byId("dialog-import"));
    byId("import-file").focus();
  }

  async #read() {
    const file = byId("import-file").files[0];
    this.#show(null, [], "");
    if (!file) return;
    const answer = await tell(this.#board.urls.import, { file });
    if (byId("import-file").files[0] !== file) return;
    if (answer.ok) this.#show(answer.features, answer.notes ?? [], "");
    else this.#show(null, (answer.faults ?? []).map((one) => one.text).filter((words) => words !== answer.text), answer.text);
  }

  #show(features, notes, fault) {
    this.#features = features;
    const place = byId("import-error");
    place.hidden = !fault;
    place.replaceChildren(make("p", { words: fault }), ...(fault && notes.length ? [make("ul", {}, ...notes.map((words) => make("li", { words })))] : []));
    byId("import-found").hidden = !features;
    byId("import-count").textContent = features ? text("zones.import_count", { n: features.length }) : "";
    byId("import-notes").replaceChildren(...(features ? notes : []).map((words) => make("li", { words })));
    byId("import-send").disabled = !features?.length;
  }

  #take() {
    if (!this.#features) return;
    const { draft } = this.#board;
    const isWhole = new FormData(byId("import-form")).get("how") === "replace";
    byId("dialog-import").close();
    const what = { key: "zones.did.imported", values: { n: this.#features.length } };
    if (isWhole) draft.commit(zonesOf(this.#features, draft.base), what);
    else add(draft, zonesOf(this.#features), what);
  }
}

function add(draft, zones, what) {
  let all = draft.zones;
  for (const zone of zones) all = [...all, { ...zone, properties: { ...zone.properties, id: freeId(zone.properties.id || "zone-1", all) } }];
  draft.commit(all, what);
}
