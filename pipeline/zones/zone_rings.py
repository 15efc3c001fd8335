"""The ring of a polygon as a zone file gives it: vertices in fractions of the picture, and what can be wrong with them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TypeAlias

import shapely
from shapely import LinearRing, Polygon

from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault

SMALLEST_AREA = 1e-6
"""Fraction of the picture area below which a polygon has none: about two pixels of a 1920x1080 picture."""
_ROUNDING = 1e-6
"""How far outside 0..1 a vertex may lie, and is put back: what a drawing program's rounding leaves."""
_LOOKS_LIKE_PIXELS = 1.5

Ring: TypeAlias = tuple[tuple[float, float], ...]
"""Vertices in fractions 0..1, without the closing one."""


def ring_of(geometry: object, spot: Spot) -> tuple[Ring, list[ZoneFault]]:
    """The outer ring of a Polygon geometry, and what is wrong with it."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        found = repr(geometry.get("type")) if isinstance(geometry, dict) else "no geometry"
        return (), [spot.fault(FaultCode.NOT_A_POLYGON, "not a polygon", expected='a geometry of "type": "Polygon"', found=found)]
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        expected = '"coordinates": [[[x, y], [x, y], [x, y], ...]]'
        return (), [spot.fault(FaultCode.NO_VERTICES, "no vertices", expected=expected)]
    if len(rings) > 1:
        hint = "Draw a fixture or ignore zone over what is to be left out"
        found = f"{len(rings)} rings"
        return (), [spot.fault(FaultCode.HOLES, "a polygon with holes", expected="one ring", found=found, hint=hint)]
    for number, vertex in enumerate(rings[0], 1):
        if not _is_vertex(vertex):
            what, found = f"vertex {number} is no point", repr(vertex)[:60]
            return (), [spot.fault(FaultCode.NO_POINT, what, expected="[x, y], two numbers", found=found, vertex=str(number))]
    ring = _without_repeats([(float(x), float(y)) for x, y in rings[0]])
    if len(ring) < 3:
        found = str(len(ring))
        return ring, [
            spot.fault(FaultCode.TOO_FEW_VERTICES, "too few vertices", expected="at least 3 different ones", found=found, count=found)
        ]
    outside = _outside_faults(ring, spot)
    if outside:
        return ring, outside
    ring = tuple((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in ring)
    return ring, _shape_faults(ring, spot)


def _is_vertex(vertex: object) -> bool:
    if not isinstance(vertex, list) or len(vertex) != 2:
        return False
    return all(isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e9 for number in vertex)


def _without_repeats(vertices: Sequence[tuple[float, float]]) -> Ring:
    """Without the closing vertex and without those that a double click made."""
    kept = [vertex for index, vertex in enumerate(vertices) if index == 0 or vertex != vertices[index - 1]]
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return tuple(kept)


def _outside_faults(ring: Ring, spot: Spot) -> list[ZoneFault]:
    outside = [(x, y) for x, y in ring if not (-_ROUNDING <= x <= 1 + _ROUNDING and -_ROUNDING <= y <= 1 + _ROUNDING)]
    if not outside:
        return []
    expected = "fractions 0..1 of the picture (x right, y down)"
    points = ", ".join(f"({x:g}, {y:g})" for x, y in outside[:3])
    found = points + (f" and {len(outside) - 3} more" if len(outside) > 3 else "")
    if any(abs(number) > _LOOKS_LIKE_PIXELS for vertex in outside for number in vertex):
        hint = "Divide x by the width and y by the height of the picture"
        return [spot.fault(FaultCode.PIXELS, "vertices look like pixels", expected=expected, found=found, hint=hint, points=points)]
    return [
        spot.fault(
            FaultCode.OUTSIDE, "vertices outside the picture", expected=expected, found=found, points=points, count=str(len(outside))
        )
    ]


def _shape_faults(ring: Ring, spot: Spot) -> list[ZoneFault]:
    polygon = Polygon(ring)
    hull_area = shapely.convex_hull(polygon).area
    if hull_area < SMALLEST_AREA:
        return [_no_area(hull_area, spot)]
    if not LinearRing(ring).is_simple or not polygon.is_valid:
        found, values = _crossing(ring, polygon)
        hint = "Order the vertices round the edge"
        return [
            spot.fault(FaultCode.CROSSES_ITSELF, "the ring crosses itself", expected="a simple polygon", found=found, hint=hint, **values)
        ]
    return [_no_area(polygon.area, spot)] if polygon.area < SMALLEST_AREA else []


def _no_area(area: float, spot: Spot) -> ZoneFault:
    expected = f"at least {SMALLEST_AREA:g} of the picture"
    return spot.fault(FaultCode.NO_AREA, "a polygon without area", expected=expected, found=f"{area:.2g}")


def _crossing(ring: Ring, polygon: Polygon) -> tuple[str, dict[str, str]]:
    """Where a ring meets itself: the point, and the edges that meet there (vertices counted from 1), as words and as values."""
    point = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(polygon))
    if not point:
        return "edges that lie on each other", {"edges": "", "x": "", "y": ""}
    x, y = float(point[1]), float(point[2])
    edges = [(index + 1, (index + 1) % len(ring) + 1) for index in range(len(ring))]
    near = [f"{a}-{b}" for a, b in edges if _distance(ring[a - 1], ring[b - 1], x, y) < 1e-9]
    values = {"edges": ", ".join(near), "x": f"{x:.4f}", "y": f"{y:.4f}"}
    at = f"({x:.4f}, {y:.4f})"
    return f"edges {' and '.join(near)} meeting at {at}" if near else f"a crossing at {at}", values


def _distance(start: tuple[float, float], end: tuple[float, float], x: float, y: float) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = min(max(((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return math.hypot(start[0] + along * dx - x, start[1] + along * dy - y)
