"""The small print of movements: turning gently, standing within reach of a thing, sitting on one. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable

import shapely

from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.footprints import FIGURE_RADIUS_M, size_m
from sample_videos.generator.values import Placed
from sample_videos.generator.walks import Point

REACH_M = 0.12
"""From the edge of a thing to the edge of who puts it down."""


def out_from(shape: shapely.Polygon, placed: Placed, angle: float) -> Point:
    """The place in that direction from which the thing is just in reach."""
    away: Callable[[float], Point] = lambda metres: (placed.x + math.cos(angle) * metres, placed.y + math.sin(angle) * metres)  # noqa: E731
    metres = 0.1
    while shape.distance(shapely.Point(away(metres))) < FIGURE_RADIUS_M + REACH_M:
        metres += 0.02
    return away(metres)


def seat_m(placed: Placed) -> float:
    return (THINGS[placed.thing].seat_m or 0.45) * placed.scale


def seat_behind_m(placed: Placed) -> float:
    """How far behind the middle of a thing that is ridden its rider sits."""
    return 0.12 * size_m(placed)[1]


def gently(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def between(before: float, after: float, share: float) -> float:
    """From one heading to another the short way round."""
    turn = (after - before + math.pi) % (2 * math.pi) - math.pi
    return before + turn * gently(share)
