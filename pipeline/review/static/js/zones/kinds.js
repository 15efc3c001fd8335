// The kinds of ground, and what each may say of itself (docs/zones.md).
export const KINDS = ["shopfront", "frontage", "public", "permitted", "fixture", "ignore"];

const OF_ALL = ["id", "kind", "name", "place", "smallest_thing"];
const OWN = {
  shopfront: ["shop_code"],
  frontage: ["shop_code"],
  public: [],
  permitted: ["hours", "valid_from", "valid_to", "shop_codes"],
  fixture: [],
  ignore: [],
};
const NEEDED = { shopfront: ["shop_code"], frontage: ["shop_code"], public: ["place"] };

export function mayHave(kind, field) {
  return OF_ALL.includes(field) || (OWN[kind] ?? []).includes(field);
}

export function needs(kind, field) {
  return field === "id" || field === "kind" || (NEEDED[kind] ?? []).includes(field);
}

// What is left out when nothing is said.
export function isEmpty(value) {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
}

// The properties that a zone keeps when it becomes one of another kind, and the names of those that it loses.
export function turnedInto(kind, properties) {
  const lost = Object.keys(properties).filter((name) => !mayHave(kind, name) && !isEmpty(properties[name]));
  const kept = Object.fromEntries(Object.entries(properties).filter(([name]) => mayHave(kind, name)));
  return { properties: { ...kept, kind }, lost };
}
