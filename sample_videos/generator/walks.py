"""Ways along the pavement round everything that stands there, and how people walk them. Pure.

A way is a polyline in metres. The shortest one round the obstacles runs over their corners, so it is searched among those.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from sample_videos.generator.footprints import FIGURE_RADIUS_M
from sample_videos.generator.values import Age, Looks

Point = tuple[float, float]

BERTH_M = 0.06
"""Room between a person and what they pass."""
_SPEEDS = {Age.CHILD: (0.9, 1.3), Age.YOUNG: (1.15, 1.5), Age.MIDDLE: (1.0, 1.35), Age.OLD: (0.6, 0.9)}
"""Metres a second, slowest and fastest, by age."""


class NoWayError(ValueError):
    """There is no way between two places."""


def speed_mps(looks: Looks) -> float:
    """How fast this person walks, metres a second, 0.6 to 1.5."""
    slowest, fastest = _SPEEDS[looks.age]
    return float(np.random.default_rng([looks.seed, 71]).uniform(slowest, fastest))


@dataclass(frozen=True)
class Walk:
    """One way walked without a stop: where the walker is, and which way they look, at each moment."""

    way: tuple[Point, ...]
    from_s: float
    speed_mps: float
    ease_s: float = 0.5
    """Time that starting and stopping take."""
    reach_m: float = 0.3
    """Half the distance over which a corner is taken."""

    @cached_property
    def length_m(self) -> float:
        """Metres from the first to the last point."""
        return float(self._marks[-1])

    @property
    def until_s(self) -> float:
        """When the walker arrives."""
        return self.from_s + self.length_m / self.speed_mps + (self.ease_s if self.length_m else 0.0)

    def distance_m(self, at_s: float) -> float:
        """Metres walked by then; starts and stops gently."""
        whole_s = self.until_s - self.from_s
        t = min(max(at_s - self.from_s, 0.0), whole_s)
        ease = min(self.ease_s, whole_s / 2)
        if ease <= 0:
            return 0.0
        top = self.length_m / (whole_s - ease)
        if t < ease:
            return top * t * t / (2 * ease)
        if t > whole_s - ease:
            return self.length_m - top * (whole_s - t) ** 2 / (2 * ease)
        return top * (t - ease / 2)

    def place(self, at_s: float) -> Point:
        """x, y in metres at that moment."""
        return self._place_after(self.distance_m(at_s))

    def heading(self, at_s: float) -> float:
        """Radians; corners are taken gently."""
        if not self.length_m:
            return 0.0
        done = self.distance_m(at_s)
        reach = min(self.reach_m, self.length_m / 2)
        done = min(max(done, reach), self.length_m - reach)
        (x0, y0), (x1, y1) = self._place_after(done - reach), self._place_after(done + reach)
        return math.atan2(y1 - y0, x1 - x0)

    @cached_property
    def _corners(self) -> np.ndarray:
        return np.array(self.way).T

    @cached_property
    def _marks(self) -> np.ndarray:
        steps = np.diff(np.array(self.way), axis=0)
        return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])

    def _place_after(self, metres: float) -> Point:
        xs, ys = self._corners
        return float(np.interp(metres, self._marks, xs)), float(np.interp(metres, self._marks, ys))


def find_way(
    start: Point, goal: Point, obstacles: Iterable[shapely.Polygon], *, berth_m: float = FIGURE_RADIUS_M + BERTH_M
) -> tuple[Point, ...]:
    """The shortest polyline from start to goal that keeps `berth_m` from every obstacle.

    Who starts or arrives nearer to something than that (a person who puts a crate down beside others) may: what the start and
    the goal themselves are too near to, is passed as close as they are. Raises NoWayError where there is no way.
    """
    shapes = np.array(list(obstacles), dtype=object)
    room = np.minimum(shapely.distance(shapes, shapely.Point(start)), shapely.distance(shapes, shapely.Point(goal))) - 0.01
    berths = np.minimum(berth_m, room)
    near = shapely.buffer(shapes[berths > 0.0], berths[berths > 0.0], quad_segs=2)
    straight = shapely.LineString([start, goal])
    if not shapely.intersects(near, straight).any():
        return start, goal
    # Ways along the edge of what is blocked are free, so its inside is what counts.
    blocked = shapely.union_all(near).buffer(-0.003)
    shapely.prepare(blocked)
    if not blocked.intersects(straight):
        return start, goal
    corners = shapely.get_coordinates(near)
    free = corners[~shapely.intersects(blocked, shapely.points(corners))]
    nodes = np.concatenate([[start, goal], np.unique(free.round(4), axis=0)])
    return _shortest(nodes, blocked)


def _shortest(nodes: np.ndarray, blocked: shapely.Geometry) -> tuple[Point, ...]:
    """A* over the corners: node 0 is the start, node 1 the goal."""
    to_goal = np.hypot(*(nodes - nodes[1]).T)
    best = np.full(len(nodes), np.inf)
    best[0] = 0.0
    came = np.zeros(len(nodes), int)
    done = np.zeros(len(nodes), bool)
    queue = [(float(to_goal[0]), 0)]
    while queue:
        _, node = heapq.heappop(queue)
        if node == 1:
            return _trace(nodes, came)
        if done[node]:
            continue
        done[node] = True
        lines = np.stack([np.broadcast_to(nodes[node], nodes.shape), nodes], axis=1)
        metres = best[node] + np.hypot(*(nodes - nodes[node]).T)
        closer = (~done) & (metres < best - 1e-9)
        closer[closer] = ~shapely.intersects(blocked, shapely.linestrings(lines[closer]))
        best[closer], came[closer] = metres[closer], node
        for other in np.flatnonzero(closer):
            heapq.heappush(queue, (float(best[other] + to_goal[other]), int(other)))
    raise NoWayError(f"no way from {tuple(nodes[0].round(2))} to {tuple(nodes[1].round(2))}")


def _trace(nodes: np.ndarray, came: np.ndarray) -> tuple[Point, ...]:
    way = [1]
    while way[-1] != 0:
        way.append(int(came[way[-1]]))
    return tuple((float(nodes[node, 0]), float(nodes[node, 1])) for node in reversed(way))


def along_way(way: Sequence[Point], step_m: float) -> list[Point]:
    """Points on a way at equal distances, its ends among them."""
    line = shapely.LineString(way)
    count = max(1, math.ceil(line.length / step_m))
    return [(point.x, point.y) for point in shapely.line_interpolate_point(line, np.linspace(0, line.length, count + 1))]
