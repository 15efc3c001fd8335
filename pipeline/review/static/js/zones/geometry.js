// Polygons as lists of [x, y] in fractions 0..1 of the picture, y down, the closing vertex left out. Distances are in pixels of the
// picture ("size": its width and height), since a fraction is not the same length both ways.
const DIGITS = 1e5;
const NOTHING = 1e-12;

// What a file holds: five digits are a hundredth of a pixel of the largest picture.
export function rounded([x, y]) {
  return [Math.round(x * DIGITS) / DIGITS, Math.round(y * DIGITS) / DIGITS];
}

export function clamped([x, y]) {
  return rounded([Math.min(Math.max(x, 0), 1), Math.min(Math.max(y, 0), 1)]);
}

export function same(one, other) {
  return Math.abs(one[0] - other[0]) < 0.5 / DIGITS && Math.abs(one[1] - other[1]) < 0.5 / DIGITS;
}

export function sameRing(one, other) {
  return one.length === other.length && one.every((point, index) => same(point, other[index]));
}

export function distance(one, other, [width, height]) {
  return Math.hypot((one[0] - other[0]) * width, (one[1] - other[1]) * height);
}

export function middle(one, other) {
  return rounded([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
}

export function area(ring) {
  let twice = 0;
  ring.forEach(([x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

export function bounds(ring) {
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function contains(ring, [x, y]) {
  let inside = false;
  for (let index = 0, last = ring.length - 1; index < ring.length; last = index++) {
    const [x0, y0] = ring[index];
    const [x1, y1] = ring[last];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}

// The point of an edge that is nearest.
export function onEdge(point, start, end, [width, height]) {
  const dx = (end[0] - start[0]) * width;
  const dy = (end[1] - start[1]) * height;
  const whole = dx * dx + dy * dy;
  if (!whole) return start;
  const along = ((point[0] - start[0]) * width * dx + (point[1] - start[1]) * height * dy) / whole;
  const part = Math.min(Math.max(along, 0), 1);
  return [start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])];
}

export function distanceToRing(point, ring, size) {
  return Math.min(...ring.map((start, index) => distance(point, onEdge(point, start, ring[(index + 1) % ring.length], size), size)));
}

function turn(a, b, c) {
  const cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  return Math.abs(cross) < NOTHING ? 0 : Math.sign(cross);
}

function between(a, b, point) {
  return (
    Math.min(a[0], b[0]) - NOTHING <= point[0] &&
    point[0] <= Math.max(a[0], b[0]) + NOTHING &&
    Math.min(a[1], b[1]) - NOTHING <= point[1] &&
    point[1] <= Math.max(a[1], b[1]) + NOTHING
  );
}

// Whether two edges have a point in common, ends included.
export function meet(a, b, c, d) {
  const [c1, c2, a1, a2] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (c1 !== c2 && a1 !== a2) return true;
  return (!c1 && between(a, b, c)) || (!c2 && between(a, b, d)) || (!a1 && between(c, d, a)) || (!a2 && between(c, d, b));
}

// Edges that lead back along the one before them.
function foldsBack(a, b, c) {
  return !turn(a, b, c) && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;
}

// Pairs of edges that meet where they must not; edge i runs from vertex i to the next one. "closed": the last vertex leads to the first.
export function crossings(ring, closed = true) {
  const edges = ring.map((start, index) => [start, ring[(index + 1) % ring.length], index]).slice(0, closed ? ring.length : -1);
  const real = edges.filter(([start, end]) => !same(start, end));
  const found = [];
  real.forEach(([a, b, index], place) => {
    for (let later = place + 1; later < real.length; later++) {
      const [c, d, other] = real[later];
      const follows = later === place + 1;
      const closes = closed && place === 0 && later === real.length - 1;
      if (follows && closes) continue;
      if (follows ? foldsBack(a, b, d) : closes ? foldsBack(c, d, b) : meet(a, b, c, d)) found.push([index, other]);
    }
  });
  return found;
}

// Where two edges cross when both are drawn out; null for parallel ones.
function crossing(a, b, c, d) {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const whole = rx * sy - ry * sx;
  if (Math.abs(whole) < NOTHING) return null;
  const part = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / whole;
  return [a[0] + part * rx, a[1] + part * ry];
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

// Where a point is drawn to: a vertex of a neighbour, else where two of its edges cross, else its edge; the border of the picture counts
// as a neighbour. "radius" in pixels of the picture. Answers {point, to: "vertex" | "edge" | "border" | ""}.
export function snap(point, rings, size, radius) {
  const vertex = nearest(point, [...rings.flat(), ...CORNERS], size, radius);
  if (vertex) return { point: vertex, to: "vertex" };
  const edges = [];
  for (const [ring, to] of [...rings.map((one) => [one, "edge"]), [CORNERS, "border"]])
    ring.forEach((start, index) => {
      const end = ring[(index + 1) % ring.length];
      const there = onEdge(point, start, end, size);
      if (distance(point, there, size) <= radius) edges.push({ start, end, there, to });
    });
  if (!edges.length) return { point: clamped(point), to: "" };
  const corners = edges.flatMap((one, index) => edges.slice(index + 1).map((other) => crossing(one.start, one.end, other.start, other.end)));
  const corner = nearest(point, corners.filter(Boolean), size, radius);
  if (corner) return { point: clamped(corner), to: "edge" };
  const best = edges.reduce((one, other) => (distance(point, other.there, size) < distance(point, one.there, size) ? other : one));
  return { point: clamped(best.there), to: best.to };
}

function nearest(point, points, size, radius) {
  let best = null;
  let least = radius;
  for (const one of points) {
    const far = distance(point, one, size);
    if (far <= least) [best, least] = [one, far];
  }
  return best;
}

// A whole polygon moved by (dx, dy), as far as the picture goes.
export function moved(ring, dx, dy) {
  const [left, top, right, bottom] = bounds(ring);
  const x = Math.min(Math.max(dx, -left), 1 - right);
  const y = Math.min(Math.max(dy, -top), 1 - bottom);
  return ring.map((point) => clamped([point[0] + x, point[1] + y]));
}

// The same, drawn to the neighbour's vertex that any of its own comes nearest to.
export function movedTo(ring, dx, dy, rings, size, radius) {
  const there = moved(ring, dx, dy);
  let best = null;
  let least = radius;
  for (const point of there)
    for (const vertex of [...rings.flat(), ...CORNERS]) {
      const far = distance(point, vertex, size);
      if (far <= least) [best, least] = [[vertex[0] - point[0], vertex[1] - point[1], vertex], far];
    }
  return best ? { ring: moved(there, best[0], best[1]), at: best[2] } : { ring: there, at: null };
}

// A point well inside, for a label: the best of a grid, then of a finer one round it.
export function inside(ring, size) {
  let [left, top, right, bottom] = bounds(ring);
  let best = [(left + right) / 2, (top + bottom) / 2];
  let most = -Infinity;
  for (const steps of [12, 8]) {
    const [width, height] = [(right - left) / steps, (bottom - top) / steps];
    for (let row = 0; row <= steps; row++)
      for (let column = 0; column <= steps; column++) {
        const point = [left + column * width, top + row * height];
        const far = distanceToRing(point, ring, size) * (contains(ring, point) ? 1 : -1);
        if (far > most) [best, most] = [point, far];
      }
    [left, right, top, bottom] = [best[0] - width, best[0] + width, best[1] - height, best[1] + height];
  }
  return best;
}
