// What people call a zone, in the list, on the picture and aloud.
import { KINDS } from "./kinds.js";
import { text } from "../texts.js";

export class Names {
  #shops = new Map();

  constructor(shops) {
    for (const shop of shops) this.#shops.set(shop.code, shop);
  }

  shop(code) {
    return this.#shops.get(code) ?? null;
  }

  shopText(code) {
    return this.#shops.get(code)?.name || code;
  }

  // The shortest that still says which one is meant.
  title({ properties }) {
    const { name, shop_code: code, place, id, kind } = properties;
    // As text, whatever a file holds.
    return String(name || (code && this.shopText(code)) || place || numbered(kind, String(id ?? "")) || id || text("zones.unnamed"));
  }

  // What stands below the title: whose ground it is.
  under({ properties }) {
    const { name, shop_code: code, place } = properties;
    if (code) return String(code);
    return name && place ? String(place) : "";
  }

  kind({ properties }) {
    // A file that was written by hand may say anything.
    return KINDS.includes(properties.kind) ? text(`zones.kind.${properties.kind}`) : String(properties.kind ?? text("zones.unnamed"));
  }

  // For the ear: kind first.
  aloud(zone) {
    const [kind, name] = [this.kind(zone), this.title(zone)];
    return name.startsWith(kind) ? name : text("zones.aloud", { kind, name });
  }
}

// What this page calls a zone that nobody has named yet, in the language of whoever looks.
function numbered(kind, id) {
  const number = KINDS.includes(kind) && id.startsWith(`${kind}-`) ? id.slice(kind.length + 1) : "";
  return /^\d+$/.test(number) ? text("zones.numbered", { kind: text(`zones.kind.${kind}`), n: number }) : "";
}

export function percent(fraction) {
  return `${(fraction * 100).toFixed(1)} %`;
}

export function pointText([x, y]) {
  return text("zones.point", { x: percent(x), y: percent(y) });
}
