// What lies under the pointer: reckoned instead of asked from the drawing, so that fingers get more room than a mouse.
import { area, contains, distance, distanceToRing, middle } from "./geometry.js";

const REACH_PX = { mouse: 10, pen: 14, touch: 24 };

export function reachOf(pointerType) {
  return REACH_PX[pointerType] ?? REACH_PX.mouse;
}

// The nearest vertex of a ring, else the middle of an edge: {vertex} or {after} with its index; null where neither is near.
export function handleAt(point, ring, size, reach) {
  const vertex = nearest(point, ring, size, reach);
  if (vertex !== null) return { vertex };
  const middles = ring.map((one, index) => middle(one, ring[(index + 1) % ring.length]));
  const after = nearest(point, middles, size, reach);
  return after === null ? null : { after };
}

// The edge of a ring near a point, by the index of the vertex that it begins at; -1 where none is near.
export function edgeAt(point, ring, size, reach) {
  return ring.findIndex((start, index) => distanceToRing(point, [start, ring[(index + 1) % ring.length]], size) <= reach);
}

// The smallest zone there: what is drawn on top.
export function zoneAt(point, zones) {
  const there = zones.filter((zone) => contains(zone.ring, point));
  return there.length ? there.reduce((one, other) => (area(other.ring) < area(one.ring) ? other : one)) : null;
}

function nearest(point, points, size, reach) {
  let best = null;
  let least = reach;
  points.forEach((one, index) => {
    const far = distance(point, one, size);
    if (far <= least) [best, least] = [index, far];
  });
  return best;
}
