// Zones as the page works with them, {uid, properties, ring}, never changed in place; and what can be done to a list of them.
import { clamped, middle, same, sameRing } from "./geometry.js";
import { isEmpty } from "./kinds.js";

let made = 0;

export function newZone(properties, ring) {
  made += 1;
  return { uid: `zone${made}`, properties, ring };
}

// Features as they come from the server. Those that are already known by their id keep what the page calls them, so that a selection
// and the list of changes outlive a reload, an import and a restored version.
export function zonesOf(features, known = []) {
  const taken = new Set();
  return features.map((feature) => {
    const zone = newZone({ ...feature.properties }, ringOf(feature.geometry));
    const before = known.find((one) => one.properties.id === zone.properties.id && !taken.has(one.uid));
    if (!before) return zone;
    taken.add(before.uid);
    return { ...zone, uid: before.uid };
  });
}

function ringOf(geometry) {
  const ring = (geometry?.coordinates?.[0] ?? []).map(([x, y]) => [x, y]);
  return ring.length > 1 && same(ring[0], ring.at(-1)) ? ring.slice(0, -1) : ring;
}

export function featuresOf(zones) {
  return zones.map(({ properties, ring }) => ({
    type: "Feature",
    properties: Object.fromEntries(Object.entries(properties).filter(([, value]) => !isEmpty(value))),
    geometry: { type: "Polygon", coordinates: [ring] },
  }));
}

export function changed(zones, uid, change) {
  return zones.map((zone) => (zone.uid === uid ? { ...zone, ...change(zone) } : zone));
}

export function withProperty(zones, uid, name, value) {
  return changed(zones, uid, ({ properties }) => {
    const { [name]: _, ...rest } = properties;
    return { properties: isEmpty(value) ? rest : { ...properties, [name]: value } };
  });
}

// The vertex and, where wanted, those of other zones that lie exactly there: {uid, index} each.
export function atVertex(zones, uid, index, together) {
  const point = zones.find((zone) => zone.uid === uid).ring[index];
  const others = together ? zones.filter((zone) => zone.uid !== uid) : [];
  const found = others.flatMap((zone) => zone.ring.map((one, place) => ({ uid: zone.uid, index: place, one })).filter(({ one }) => same(one, point)));
  return [{ uid, index }, ...found.map((one) => ({ uid: one.uid, index: one.index }))];
}

export function withVertices(zones, moving, point) {
  const there = clamped(point);
  return zones.map((zone) => {
    const mine = moving.filter((one) => one.uid === zone.uid).map((one) => one.index);
    return mine.length ? { ...zone, ring: zone.ring.map((old, index) => (mine.includes(index) ? there : old)) } : zone;
  });
}

// A vertex after the one with this index; halfway to the next one, or where it is said.
export function withVertexAfter(zones, uid, index, point = null) {
  return changed(zones, uid, ({ ring }) => ({
    ring: [...ring.slice(0, index + 1), point ?? middle(ring[index], ring[(index + 1) % ring.length]), ...ring.slice(index + 1)],
  }));
}

export function withoutVertex(zones, uid, index) {
  return changed(zones, uid, ({ ring }) => ({ ring: ring.filter((_, place) => place !== index) }));
}

export function freeId(wanted, zones, self = "") {
  const taken = new Set(zones.filter((zone) => zone.uid !== self).map((zone) => zone.properties.id));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}

export function sameZone(one, other) {
  return sameRing(one.ring, other.ring) && !changedProperties(one, other).length;
}

export function sameZones(some, others) {
  return some.length === others.length && some.every((zone, index) => zone.uid === others[index].uid && sameZone(zone, others[index]));
}

export function changedProperties(one, other) {
  const names = new Set([...Object.keys(one.properties), ...Object.keys(other.properties)]);
  return [...names].filter((name) => said(one.properties[name]) !== said(other.properties[name]));
}

function said(value) {
  return isEmpty(value) ? "" : JSON.stringify(value);
}

// What was done since: {added, removed, moved, changed: [{zone, names}]}.
export function changesSince(base, zones) {
  const before = new Map(base.map((zone) => [zone.uid, zone]));
  const now = new Set(zones.map((zone) => zone.uid));
  const both = zones.filter((zone) => before.has(zone.uid));
  return {
    added: zones.filter((zone) => !before.has(zone.uid)),
    removed: base.filter((zone) => !now.has(zone.uid)),
    moved: both.filter((zone) => !sameRing(zone.ring, before.get(zone.uid).ring)),
    changed: both.map((zone) => ({ zone, names: changedProperties(before.get(zone.uid), zone) })).filter(({ names }) => names.length),
  };
}

export function countOf({ added, removed, moved, changed: others }) {
  return new Set([...added, ...removed, ...moved, ...others.map(({ zone }) => zone)].map((zone) => zone.uid)).size;
}

// What two people did to the same zones: each zone as whoever changed it left it. Where both did, mine stays and is named.
export function merged(base, mine, theirs) {
  const [before, ours, others] = [base, mine, theirs].map((zones) => new Map(zones.map((zone) => [zone.uid, zone])));
  const clashes = [];
  const pick = (uid) => {
    const [old, my, their] = [before.get(uid), ours.get(uid), others.get(uid)];
    if (isSame(old, my)) return their;
    if (!isSame(old, their) && !isSame(my, their)) clashes.push(my ?? their);
    return my;
  };
  const order = [...theirs, ...mine.filter((zone) => !others.has(zone.uid)), ...base.filter((zone) => !others.has(zone.uid) && !ours.has(zone.uid))];
  const zones = order.map((zone) => pick(zone.uid)).filter(Boolean);
  return { zones, clashes };
}

function isSame(one, other) {
  return one && other ? sameZone(one, other) : !one && !other;
}
