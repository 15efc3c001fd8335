"""What stands where on the ground, as seen from above: the shapes that nobody walks through. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import shapely

from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.streets import columns, floor_z
from sample_videos.generator.values import Front, Placed, ShopUnit, StreetPlan

FIGURE_RADIUS_M = 0.25
"""Half the width of a person."""
OVERHEAD_M = 2.0
"""What begins above this height is walked under."""
FLAT_M = 0.06
"""What is lower than this is walked over."""
_WALL_M = 0.16
_TRUNK_M = {"tree": 0.36, "canopy": 0.1}
"""Side of what a person can touch, of things that are wide only overhead, by kind."""


def size_m(placed: Placed) -> tuple[float, float, float]:
    """Width, depth and height of a thing as it is placed, metres."""
    spec = THINGS[placed.thing]
    return spec.width_m * placed.scale, spec.depth_m * placed.scale, spec.height_m * placed.scale


def outline(placed: Placed, *, grown_m: float = 0.0) -> shapely.Polygon:
    """The rectangle under a thing, `grown_m` wider on each side; trees and parasols have that of their trunk."""
    width, depth, _ = size_m(placed)
    trunk = _TRUNK_M.get(THINGS[placed.thing].kind)
    if trunk is not None:
        width = depth = trunk
    half = np.array([width / 2 + grown_m, depth / 2 + grown_m])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    cosine, sine = math.cos(placed.turn), math.sin(placed.turn)
    return shapely.Polygon(corners @ np.array([[cosine, sine], [-sine, cosine]]) + (placed.x, placed.y))


def stands_in_the_way(placed: Placed) -> bool:
    """Whether a person has to walk round it."""
    height = size_m(placed)[2]
    return placed.z < OVERHEAD_M and height > FLAT_M and not THINGS[placed.thing].hangs


def corners_m(placed: Placed) -> np.ndarray:
    """(8, 3): the corners of a thing's box in the world, metres."""
    width, depth, height = size_m(placed)
    x, y, z = np.meshgrid((-width / 2, width / 2), (-depth / 2, depth / 2), (0.0, height), indexing="ij")
    cosine, sine = math.cos(placed.turn), math.sin(placed.turn)
    turned = np.column_stack([x.ravel() * cosine - y.ravel() * sine, x.ravel() * sine + y.ravel() * cosine, z.ravel()])
    return np.asarray(turned + np.array([placed.x, placed.y, placed.z]))


def ground_z(plan: StreetPlan, x: float, y: float) -> float:
    """Height of the ground at a place, metres."""
    return floor_z(plan, x, y)


def walls(plan: StreetPlan) -> list[shapely.Polygon]:
    """Walls, glass, closed shutters and columns of the houses: all that a person can't walk through."""
    found = [shapely.box(x - width / 2, y - width / 2, x + width / 2, y + width / 2) for x, y, width in columns(plan)]
    deepest = min(unit.door_y - unit.depth_m for unit in plan.units) - 0.6
    row_from, row_to = plan.units[0].x_min, plan.units[-1].x_max
    found += [shapely.box(row_from - 20, deepest, row_from, 0.0), shapely.box(row_to, deepest, row_to + 20, 0.0)]
    for unit in plan.units:
        back = unit.door_y - unit.depth_m
        found.append(shapely.box(unit.x_min - _WALL_M / 2, deepest, unit.x_min + _WALL_M / 2, unit.door_y))
        found.append(shapely.box(unit.x_max - _WALL_M / 2, deepest, unit.x_max + _WALL_M / 2, unit.door_y))
        found.append(shapely.box(unit.x_min, deepest, unit.x_max, back))
        found += [shapely.box(left, unit.door_y - _WALL_M / 2, right, unit.door_y) for left, right in _closed_parts(unit)]
    return found


def _closed_parts(unit: ShopUnit) -> Iterable[tuple[float, float]]:
    """From x to x: where a front can't be walked through."""
    middle = (unit.x_min + unit.x_max) / 2
    if unit.front in {Front.GLASS, Front.SHUTTER}:
        return ((unit.x_min, unit.x_max),)
    return ((unit.x_min, middle),) if unit.front is Front.HALF else ()


def fixtures(plan: StreetPlan) -> list[shapely.Polygon]:
    """The outlines of what belongs to the street and stands in the way."""
    return [outline(placed) for placed in plan.fixtures if stands_in_the_way(placed)]
