"""What stands in zones/<camera>.geojson, and one feature of it as a Zone. The format: docs/zones.md."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from shapely import LinearRing, Polygon

from pipeline.errors import fault_line
from pipeline.zones.camera_zones import OpenHours, Zone, ZoneKind

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SMALLEST_AREA = 1e-6
"""Fraction of the picture area below which a polygon has none: about two pixels of a 1920x1080 picture."""
_ROUNDING = 1e-6
"""How far outside 0..1 a vertex may lie, and is put back: what a drawing program's rounding leaves."""
_LOOKS_LIKE_PIXELS = 1.5

Ring: TypeAlias = tuple[tuple[float, float], ...]
"""Vertices in fractions 0..1, without the closing one."""


def _is_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise ValueError("no such time zone; use a name such as Asia/Shanghai") from err
    return name


def _iso_date(value: object) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("expected a date as 2024-01-31")
    return date.fromisoformat(value)


def _clock_time(value: object) -> time:
    if value == "24:00":
        return time(0)
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('expected a time of day as "18:00"')
    return time.fromisoformat(value)


def _weekdays(value: object) -> frozenset[int]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names:
        raise ValueError('expected "daily", "mon-fri" or a list such as ["sat", "sun"]')
    return frozenset(day for name in names for day in _days_of(name))


def _days_of(name: object) -> list[int]:
    text = name.lower() if isinstance(name, str) else ""
    if text == "daily":
        return list(range(7))
    first, _, last = text.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise ValueError(f"no weekday: {name!r}; use {', '.join(WEEKDAYS)}, a span such as mon-fri, or daily")
    start, count = WEEKDAYS.index(first), (WEEKDAYS.index(last or first) - WEEKDAYS.index(first)) % 7 + 1
    return [(start + step) % 7 for step in range(count)]


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Weekdays = Annotated[frozenset[int], BeforeValidator(_weekdays)]


class _Checked(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Metadata(_Checked):
    """The object "doorline" of a zone file."""

    camera_id: str = Field(min_length=1)
    version: str = Field(pattern=r"^[\w.]+([\w.\-]*[\w.])?$")
    author: str = Field(min_length=1)
    drawn_on: IsoDate
    reason: str = Field(min_length=1)
    reference: str | None = Field(default=None, min_length=1)
    picture_px: Annotated[list[Annotated[int, Field(ge=1, le=32768)]], Field(min_length=2, max_length=2)]
    timezone: Annotated[str, AfterValidator(_is_time_zone)] = "Asia/Shanghai"


class Hours(_Checked):
    """Weekdays and local hours of a permitted zone."""

    days: Weekdays
    opens: ClockTime
    closes: ClockTime


class Properties(_Checked):
    """The properties of a feature."""

    id: str = Field(min_length=1)
    kind: Annotated[ZoneKind, Field(strict=False)]
    name: str = ""
    place: str = ""
    shop_code: str | None = Field(default=None, min_length=1)
    hours: list[Hours] = []
    valid_from: IsoDate | None = None
    valid_to: IsoDate | None = None
    shop_codes: list[Annotated[str, Field(min_length=1)]] = []
    smallest_thing: float | None = Field(default=None, gt=0, le=1)


def parse_metadata(data: object, where: str) -> tuple[Metadata | None, list[str]]:
    """The object "doorline", and what is wrong with it."""
    if not isinstance(data, dict):
        found = "nothing" if data is None else type(data).__name__
        return None, [fault_line(where, 'no object "doorline" beside "features"', expected=", ".join(Metadata.model_fields), found=found)]
    try:
        return Metadata.model_validate(data), []
    except ValidationError as err:
        return None, _translate(err, f"{where}: doorline", Metadata.model_fields)


def parse_feature(feature: object, number: int, path: str) -> tuple[Zone | None, list[str]]:
    """One feature (``number`` counts from 1), and everything that is wrong with it."""
    if not isinstance(feature, dict):
        return None, [fault_line(f"{path}: feature ({number})", "not a feature", expected="an object", found=type(feature).__name__)]
    given = feature.get("properties")
    given = {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else {}
    where = f"{path}: feature {given.get('id', '?')!r} ({number})"
    faults = _member_faults(feature, where)
    properties: Properties | None = None
    try:
        properties = Properties.model_validate(given)
    except ValidationError as err:
        faults += _translate(err, where, Properties.model_fields)
    if properties:
        faults += _meaning_faults(properties, where)
    ring, found = _ring(feature.get("geometry"), where)
    faults += found
    return (None, faults) if faults or properties is None else (_zone(properties, Polygon(ring)), [])


def _zone(given: Properties, polygon: Polygon) -> Zone:
    return Zone(
        zone_id=given.id,
        kind=given.kind,
        polygon=polygon,
        name=given.name,
        shop_code=given.shop_code,
        place=given.place,
        hours=tuple(OpenHours(hours.days, hours.opens, hours.closes) for hours in given.hours),
        valid_from=given.valid_from,
        valid_to=given.valid_to,
        shop_codes=tuple(given.shop_codes),
        smallest_thing=given.smallest_thing,
    )


def _member_faults(feature: Mapping[str, object], where: str) -> list[str]:
    faults = []
    if feature.get("type") != "Feature":
        faults.append(fault_line(where, "not a feature", expected='"type": "Feature"', found=repr(feature.get("type"))))
    if not isinstance(feature.get("properties"), dict):
        faults.append(fault_line(where, "no properties", expected='"properties": {"id": ..., "kind": ...}'))
    for key in sorted(set(feature) - {"type", "properties", "geometry"}):
        hint = 'Move it into "properties"' if key in Properties.model_fields else "Remove it"
        faults.append(fault_line(where, f"unknown member {key!r}", expected="type, properties, geometry", hint=hint))
    return faults


def _meaning_faults(given: Properties, where: str) -> list[str]:
    """What this kind of zone needs, and what would have no effect on it."""
    faults = []
    owned = given.kind in {ZoneKind.SHOPFRONT, ZoneKind.FRONTAGE}
    if owned and not given.shop_code:
        faults.append(fault_line(where, f"a {given.kind} zone without shop_code", expected="the code of the shop whose ground it is"))
    if not owned and given.shop_code:
        hint = "Name the shops it is for in 'shop_codes'" if given.kind is ZoneKind.PERMITTED else "Remove it"
        faults.append(fault_line(where, f"shop_code on a {given.kind} zone", expected="it on shopfront and frontage only", hint=hint))
    if given.kind is ZoneKind.PUBLIC and not given.place:
        faults.append(fault_line(where, "a public zone without place", expected="the name of the place, as records should show it"))
    if given.kind is not ZoneKind.PERMITTED:
        idle = [key for key in ("hours", "valid_from", "valid_to", "shop_codes") if getattr(given, key)]
        faults += [
            fault_line(where, f"{key} on a {given.kind} zone", expected="it on permitted zones only", hint="Remove it") for key in idle
        ]
    if given.valid_from and given.valid_to and given.valid_from > given.valid_to:
        found = f"{given.valid_from} to {given.valid_to}"
        faults.append(fault_line(where, "valid_to is before valid_from", expected="valid_from <= valid_to", found=found))
    for hours in given.hours:
        if hours.opens == hours.closes and hours.opens != time(0):
            hint = "The whole day is 00:00 to 24:00"
            faults.append(fault_line(where, "opens and closes at the same time", found=f"{hours.opens:%H:%M}", hint=hint))
    return faults


# --- geometry ----------------------------------------------------------------------------------------------


def _ring(geometry: object, where: str) -> tuple[Ring, list[str]]:
    """The outer ring of a Polygon geometry, and what is wrong with it."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        found = repr(geometry.get("type")) if isinstance(geometry, dict) else "no geometry"
        return (), [fault_line(where, "not a polygon", expected='a geometry of "type": "Polygon"', found=found)]
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        return (), [fault_line(where, "no vertices", expected='"coordinates": [[[x, y], [x, y], [x, y], ...]]')]
    if len(rings) > 1:
        hint = "Draw a fixture or ignore zone over what is to be left out"
        return (), [fault_line(where, "a polygon with holes", expected="one ring", found=f"{len(rings)} rings", hint=hint)]
    for number, vertex in enumerate(rings[0], 1):
        if not _is_vertex(vertex):
            return (), [fault_line(where, f"vertex {number} is no point", expected="[x, y], two numbers", found=repr(vertex)[:60])]
    ring = _without_repeats([(float(x), float(y)) for x, y in rings[0]])
    if len(ring) < 3:
        return ring, [fault_line(where, "too few vertices", expected="at least 3 different ones", found=str(len(ring)))]
    outside = _outside_faults(ring, where)
    if outside:
        return ring, outside
    ring = tuple((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in ring)
    return ring, _shape_faults(ring, where)


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


def _outside_faults(ring: Ring, where: str) -> list[str]:
    outside = [(x, y) for x, y in ring if not (-_ROUNDING <= x <= 1 + _ROUNDING and -_ROUNDING <= y <= 1 + _ROUNDING)]
    if not outside:
        return []
    expected = "fractions 0..1 of the picture (x right, y down)"
    found = ", ".join(f"({x:g}, {y:g})" for x, y in outside[:3]) + (f" and {len(outside) - 3} more" if len(outside) > 3 else "")
    if any(abs(number) > _LOOKS_LIKE_PIXELS for vertex in outside for number in vertex):
        hint = "Divide x by the width and y by the height of the picture"
        return [fault_line(where, "vertices look like pixels", expected=expected, found=found, hint=hint)]
    return [fault_line(where, "vertices outside the picture", expected=expected, found=found)]


def _shape_faults(ring: Ring, where: str) -> list[str]:
    polygon = Polygon(ring)
    hull_area = shapely.convex_hull(polygon).area
    if hull_area < SMALLEST_AREA:
        return [
            fault_line(where, "a polygon without area", expected=f"at least {SMALLEST_AREA:g} of the picture", found=f"{hull_area:.2g}")
        ]
    if not LinearRing(ring).is_simple or not polygon.is_valid:
        return [
            fault_line(
                where,
                "the ring crosses itself",
                expected="a simple polygon",
                found=_crossing(ring, polygon),
                hint="Order the vertices round the edge",
            )
        ]
    if polygon.area < SMALLEST_AREA:
        return [
            fault_line(where, "a polygon without area", expected=f"at least {SMALLEST_AREA:g} of the picture", found=f"{polygon.area:.2g}")
        ]
    return []


def _crossing(ring: Ring, polygon: Polygon) -> str:
    """Where a ring meets itself: the point, and the edges that meet there (vertices counted from 1)."""
    point = re.search(r"\[(\S+) (\S+)\]", shapely.is_valid_reason(polygon))
    if not point:
        return "edges that lie on each other"
    x, y = float(point[1]), float(point[2])
    edges = [(index + 1, (index + 1) % len(ring) + 1) for index in range(len(ring))]
    near = [f"{a}-{b}" for a, b in edges if _distance(ring[a - 1], ring[b - 1], x, y) < 1e-9]
    return f"edges {' and '.join(near)} meeting at ({x:.4f}, {y:.4f})" if near else f"a crossing at ({x:.4f}, {y:.4f})"


def _distance(start: tuple[float, float], end: tuple[float, float], x: float, y: float) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = min(max(((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return math.hypot(start[0] + along * dx - x, start[1] + along * dy - y)


# --- words -------------------------------------------------------------------------------------------------


def _translate(err: ValidationError, where: str, known: Iterable[str]) -> list[str]:
    return [_translated(item, where, tuple(known)) for item in err.errors()]


def _translated(item: Any, where: str, known: tuple[str, ...]) -> str:
    key = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        return fault_line(where, f"unknown property {key!r}", expected=", ".join(known), hint=_did_you_mean(key, known))
    if item["type"] == "missing":
        return fault_line(where, f"{key} is missing")
    found = repr(item["input"])[:80]
    if item["type"] == "enum":
        kinds = tuple(ZoneKind)
        return fault_line(where, f"unknown {key}", expected=", ".join(kinds), found=found, hint=_did_you_mean(str(item["input"]), kinds))
    return fault_line(where, f"{key} is wrong", expected=item["msg"].removeprefix("Value error, ").removeprefix("expected "), found=found)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {str(close[0])!r}?" if close else ""
