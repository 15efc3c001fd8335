"""What stands where on the ground, as seen from above: the shapes that nobody walks through. Pure."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely

from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.streets import columns, floor_z
from sample_videos.generator.textures import INTERIORS
from sample_videos.generator.values import Front, Placed, ShopUnit, StreetPlan

FIGURE_RADIUS_M = 0.25
"""Half the width of a person."""
OVERHEAD_M = 2.0
"""What begins above this height is walked under."""
FLAT_M = 0.06
"""What is lower than this is walked over."""
_WALL_M = 0.16
_AISLE_M = 0.55
"""A person gets through."""
_TRUNK_M = {"tree": 0.36, "canopy": 0.1}
"""Side of what a person can touch, of things that are wide only overhead, by kind."""


def size_m(placed: Placed) -> tuple[float, float, float]:
    """Width, depth and height of a thing as it is placed, metres."""
    spec = THINGS[placed.thing]
    wider, deeper, higher = placed.variant.stretch if placed.variant else (1.0, 1.0, 1.0)
    return spec.width_m * placed.scale * wider, spec.depth_m * placed.scale * deeper, spec.height_m * placed.scale * higher


@lru_cache(maxsize=4096)
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
    for index, unit in enumerate(plan.units):
        back = unit.door_y - unit.depth_m
        found.append(shapely.box(unit.x_min - _WALL_M, deepest, unit.x_min + _WALL_M, unit.door_y))
        found.append(shapely.box(unit.x_max - _WALL_M, deepest, unit.x_max + _WALL_M, unit.door_y))
        found.append(shapely.box(unit.x_min, deepest, unit.x_max, back))
        found += _furnished(unit, _choices(plan, index))
    return found


def inside(plan: StreetPlan, code: str) -> tuple[float, float]:
    """Where staff stand in a shop: between counter and island where that is wide enough, else before the island."""
    index = next(number for number, unit in enumerate(plan.units) if unit.code == code)
    unit = plan.units[index]
    counter, island = _counter_and_island(unit, _choices(plan, index))
    left, right = (counter[1], island[0]) if counter < island else (island[1], counter[0])
    if right - left >= _AISLE_M:
        return round((left + right) / 2, 2), unit.door_y - 1.6
    return round(sum(island) / 2, 2), unit.door_y - 0.95


def _choices(plan: StreetPlan, index: int) -> np.random.Generator:
    """Where the choices of one shop's inside come from; drawn in the order in which architecture_fronts.py draws them."""
    rng = np.random.default_rng([plan.seed, 41, index])
    for choices in (INTERIORS, 4, 3):
        rng.integers(choices)
    return rng


def _counter_and_island(unit: ShopUnit, rng: np.random.Generator) -> tuple[tuple[float, float], tuple[float, float]]:
    """From x to x of both."""
    low, high = unit.x_min + 0.03, unit.x_max - 0.03
    if rng.random() < 0.5:
        return (low + 0.25, low + 1.45), (high - 1.7, high - 0.5)
    return (high - 1.45, high - 0.25), (low + 0.5, low + 1.7)


def _furnished(unit: ShopUnit, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Counter, island and glass of one shop."""
    if unit.front is Front.SHUTTER:
        return [_across(unit, unit.x_min, unit.x_max)]
    counter, island = _counter_and_island(unit, rng)
    door = unit.door_y
    found = [shapely.box(counter[0], door - 1.25, counter[1], door - 0.75), shapely.box(island[0], door - 1.9, island[1], door - 1.3)]
    middle = (unit.x_min + unit.x_max) / 2
    if unit.front is Front.GLASS:
        found.append(_across(unit, unit.x_min, unit.x_max))
    elif unit.front is Front.HALF:
        found.append(_across(unit, unit.x_min, middle) if rng.random() < 0.5 else _across(unit, middle, unit.x_max))
    return found


def _across(unit: ShopUnit, left: float, right: float) -> shapely.Polygon:
    """A part of a front that can't be walked through."""
    return shapely.box(left, unit.door_y - _WALL_M, right, unit.door_y)


def fixtures(plan: StreetPlan) -> list[shapely.Polygon]:
    """The outlines of what belongs to the street and stands in the way."""
    return [outline(placed) for placed in plan.fixtures if stands_in_the_way(placed)]
