// What the selected zone says of itself: only what its kind may have, each with its name; what is typed is in the draft at once.
import { same } from "./geometry.js";
import { byId, button, icon, make, span } from "./elements.js";
import { Hours } from "./hours.js";
import { isEmpty, mayHave, needs, turnedInto } from "./kinds.js";
import { ShopBox } from "./shop_box.js";
import { changed, freeId, withProperty } from "./zones.js";
import { text } from "../texts.js";

const OTHER_HALF = { shopfront: "frontage", frontage: "shopfront" };

export class Panel {
  #board;
  #root = byId("properties");
  #form = byId("properties-form");
  #shop;
  #shops;
  #hours;

  constructor(board) {
    this.#board = board;
    this.#shop = new ShopBox(byId("p-shop"), board.shops, () => this.#offers());
    this.#shops = new ShopBox(byId("p-shops"), board.shops, () => this.#offers());
    this.#hours = new Hours(byId("hours-rows"), byId("hours-add"), byId("hours-row"));
    this.#shop.addEventListener("taken", (event) => this.#takeShop(event.detail.code));
    this.#shops.addEventListener("taken", (event) => this.#addShop(event.detail.code));
    this.#hours.addEventListener("hours", () => this.#put("hours", this.#hours.value));
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    for (const field of this.#form.querySelectorAll("[data-field]")) {
      field.addEventListener("input", () => this.#take(field, field.value));
      field.addEventListener("change", () => this.#take(field, field.value.trim()));
    }
    this.#root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.stopPropagation();
      board.root.focus({ preventScroll: true });
    });
    byId("copy-zone")?.addEventListener("click", () => board.actions.copyZone());
    byId("remove-zone")?.addEventListener("click", () => board.actions.removeZone());
    for (const name of ["changed", "selected"]) board.draft.addEventListener(name, () => this.draw());
  }

  // A new zone: straight to what it can't do without.
  ask(zone) {
    this.draw();
    if (needs(zone.properties.kind, "shop_code")) this.#askShop();
    else if (needs(zone.properties.kind, "place")) byId("p-place").focus();
    else this.#board.root.focus({ preventScroll: true });
  }

  #askShop() {
    this.#shop.focus();
    this.#shop.open();
  }

  draw() {
    const { draft, names, view } = this.#board;
    const { zone } = draft;
    this.#root.hidden = !zone;
    if (!zone) return;
    const { properties } = zone;
    const { kind } = properties;
    byId("properties-title").textContent = names.title(zone);
    for (const line of this.#form.querySelectorAll("[data-of]")) {
      const isWanted = !line.dataset.when || (line.dataset.when === "needed") === needs(kind, line.dataset.of);
      line.hidden = !mayHave(kind, line.dataset.of) || !isWanted;
    }
    for (const field of this.#form.querySelectorAll("[data-field]")) fill(field, shown(field.dataset.field, properties));
    for (const [id, name] of [["p-shop", "shop_code"], ["p-place", "place"]]) byId(id).setAttribute("aria-required", String(needs(kind, name)));
    this.#shop.show(properties.shop_code ?? "");
    this.#hours.show(properties.hours ?? []);
    byId("hours-always").hidden = !isEmpty(properties.hours);
    this.#drawShops(properties.shop_codes ?? []);
    const pixels = Math.round((properties.smallest_thing ?? 0) * view.size[1]);
    byId("smallest-px").textContent = pixels ? text("zones.smallest_px", { n: pixels, of: view.size[1] }) : "";
    if (properties.smallest_thing) byId("more-fields").open = true;
    this.drawFaults();
  }

  drawFaults() {
    const { checking, draft } = this.#board;
    const ours = checking.found.filter((one) => one.uids[0] === draft.selected);
    const line = ({ isFault, text: words }) => {
      const [tone, sign] = isFault ? ["alert", "broken"] : ["warn", "warn"];
      return make("li", { className: `told told-${tone}` }, icon(sign), span("", words));
    };
    byId("properties-faults").replaceChildren(...ours.map(line));
  }

  #drawShops(codes) {
    const { mayDraw, names } = this.#board;
    this.#shops.show("");
    byId("shop-chips").replaceChildren(
      ...codes.map((code) => {
        const chip = make("li", { className: "shop-chip" }, span("", names.shopText(code)), span("code soft", names.shop(code)?.name ? code : ""));
        if (!mayDraw) return chip;
        const remove = button("", () => this.#put("shop_codes", codes.filter((one) => one !== code)), "button button-quiet button-small");
        remove.append(icon("cross"), span("sr", text("zones.shop_remove", { shop: names.shopText(code) })));
        chip.append(remove);
        return chip;
      }),
    );
  }

  #take(field, value) {
    const name = field.dataset.field;
    if (name === "kind") this.#turn(value);
    else if (name === "smallest_thing") this.#put(name, value === "" ? null : Math.round(Number(value) * 100) / 1e4);
    else this.#put(name, value);
  }

  #put(name, value) {
    const { draft } = this.#board;
    const { zone } = draft;
    if (!zone || JSON.stringify(zone.properties[name] ?? "") === JSON.stringify(value ?? "")) return;
    const what = { key: "zones.did.property", values: { field: text(`zones.field.${name}`) } };
    draft.commit(withProperty(draft.zones, zone.uid, name, value), what, `property ${zone.uid} ${name}`);
  }

  #turn(kind) {
    const { draft, say } = this.#board;
    const { zone } = draft;
    if (!zone || kind === zone.properties.kind) return;
    const { properties, lost } = turnedInto(kind, zone.properties);
    const id = this.#isOwnId(zone) ? this.#idFor(kind, properties.shop_code, zone) : properties.id;
    const words = { kind: text(`zones.kind.${kind}`), fields: lost.map((name) => text(`zones.field.${name}`)).join(text("list.comma")) };
    draft.commit(changed(draft.zones, zone.uid, () => ({ properties: { ...properties, id } })), { key: "zones.did.kind", values: words });
    if (lost.length) say(text("zones.did.kind_lost", words));
  }

  #takeShop(code) {
    const { draft, names } = this.#board;
    const { zone } = draft;
    if (!zone || code === (zone.properties.shop_code ?? "")) return;
    const id = this.#isOwnId(zone) && code ? this.#idFor(zone.properties.kind, code, zone) : zone.properties.id;
    const zones = withProperty(withProperty(draft.zones, zone.uid, "shop_code", code), zone.uid, "id", id);
    const values = { shop: names.shopText(code), field: text("zones.field.shop_code") };
    draft.commit(zones, { key: code ? "zones.did.shop" : "zones.did.property", values });
  }

  #addShop(code) {
    const codes = this.#board.draft.zone?.properties.shop_codes ?? [];
    if (code && !codes.includes(code)) this.#put("shop_codes", [...codes, code]);
    this.#shops.show("");
    byId("p-shops").value = "";
  }

  // Records know a zone by its id: one that was given by this page and is in no version yet may still follow its shop.
  #isOwnId({ uid, properties: { id, kind, shop_code: code } }) {
    const isNew = !this.#board.draft.base.some((zone) => zone.uid === uid);
    return isNew && (new RegExp(`^${kind}-\\d+$`).test(id) || (code && (id === `${code}-${kind}` || id.startsWith(`${code}-${kind}-`))));
  }

  #idFor(kind, code, zone) {
    return freeId(code ? `${code}-${kind}` : `${kind}-1`, this.#board.draft.zones, zone.uid);
  }

  // Whose ground it most likely is: of shops of which only the other half is drawn, that which shares most with this one first; then of
  // this street.
  #offers() {
    const { camera, draft, shops } = this.#board;
    const { zone, zones } = draft;
    if (!zone) return [];
    const { kind } = zone.properties;
    const other = OTHER_HALF[kind];
    const drawn = new Set(zones.filter((one) => one.properties.kind === kind && one.uid !== zone.uid).map((one) => one.properties.shop_code));
    const shared = ({ ring }) => ring.filter((point) => zone.ring.some((ours) => same(point, ours))).length;
    const halves = zones
      .filter((one) => one.properties.kind === other && one.properties.shop_code)
      .map((one) => ({ code: one.properties.shop_code, edges: shared(one), isWhole: drawn.has(one.properties.shop_code) }))
      .filter(({ edges, isWhole }) => edges || !isWhole)
      .sort((one, next) => one.isWhole - next.isWhole || next.edges - one.edges)
      .map(({ code, edges }) => ({ code, why: text(edges ? "zones.shop_touches" : "zones.shop_lacks", { kind: text(`zones.kind.${other}`) }) }));
    const near = shops.filter((shop) => shop.street && shop.street === camera.street).map(({ code }) => ({ code, why: "" }));
    const found = [...halves, ...near];
    return found.filter((one, index) => found.findIndex((next) => next.code === one.code) === index);
  }
}

function shown(name, properties) {
  const value = properties[name];
  if (name === "smallest_thing") return isEmpty(value) ? "" : String(Math.round(value * 1e4) / 100);
  return isEmpty(value) ? "" : String(value);
}

function fill(field, value) {
  // A space at the end while somebody types is no change.
  if (field.value !== value && !(document.activeElement === field && field.value.trim() === value.trim())) field.value = value;
}
