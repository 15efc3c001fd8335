"""What stands in zones/<camera>.geojson, and one feature of it as a Zone. The format: docs/zones.md."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from shapely import Polygon

from pipeline.zones.camera_zones import OpenHours, Zone, ZoneKind
from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault
from pipeline.zones.zone_rings import ring_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OWNED = frozenset({ZoneKind.SHOPFRONT, ZoneKind.FRONTAGE})
"""Kinds of ground that belong to a shop."""


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


def parse_metadata(data: object, where: str) -> tuple[Metadata | None, list[ZoneFault]]:
    """The object "doorline", and what is wrong with it."""
    if not isinstance(data, dict):
        found = "nothing" if data is None else type(data).__name__
        expected = ", ".join(Metadata.model_fields)
        return None, [Spot(where).fault(FaultCode.NO_METADATA, 'no object "doorline" beside "features"', expected=expected, found=found)]
    try:
        return Metadata.model_validate(data), []
    except ValidationError as err:
        return None, _translate(err, Spot(f"{where}: doorline"), Metadata.model_fields)


def parse_feature(feature: object, number: int, path: str) -> tuple[Zone | None, list[ZoneFault]]:
    """One feature (``number`` counts from 1), and everything that is wrong with it."""
    if not isinstance(feature, dict):
        spot = Spot(f"{path}: feature ({number})", None, number)
        return None, [spot.fault(FaultCode.NOT_A_FEATURE, "not a feature", expected="an object", found=type(feature).__name__)]
    given = feature.get("properties")
    given = {key: value for key, value in given.items() if value is not None} if isinstance(given, dict) else {}
    spot = Spot.of_feature(path, number, given["id"]) if "id" in given else replace(Spot.of_feature(path, number), feature_id=None)
    faults = _member_faults(feature, spot)
    properties: Properties | None = None
    try:
        properties = Properties.model_validate(given)
    except ValidationError as err:
        faults += _translate(err, spot, Properties.model_fields)
    if properties:
        faults += _meaning_faults(properties, spot)
    ring, found = ring_of(feature.get("geometry"), spot)
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


def _member_faults(feature: Mapping[str, object], spot: Spot) -> list[ZoneFault]:
    faults = []
    if feature.get("type") != "Feature":
        faults.append(spot.fault(FaultCode.NOT_A_FEATURE, "not a feature", expected='"type": "Feature"', found=repr(feature.get("type"))))
    if not isinstance(feature.get("properties"), dict):
        faults.append(spot.fault(FaultCode.NO_PROPERTIES, "no properties", expected='"properties": {"id": ..., "kind": ...}'))
    for key in sorted(set(feature) - {"type", "properties", "geometry"}):
        hint = 'Move it into "properties"' if key in Properties.model_fields else "Remove it"
        faults.append(
            spot.fault(FaultCode.UNKNOWN_MEMBER, f"unknown member {key!r}", expected="type, properties, geometry", hint=hint, name=str(key))
        )
    return faults


def _meaning_faults(given: Properties, spot: Spot) -> list[ZoneFault]:
    """What this kind of zone needs, and what would have no effect on it."""
    faults = []
    kind = given.kind
    if kind in OWNED and not given.shop_code:
        faults.append(
            spot.of("shop_code").fault(
                FaultCode.NO_SHOP_CODE,
                f"a {kind} zone without shop_code",
                expected="the code of the shop whose ground it is",
                kind=kind.value,
            )
        )
    if kind not in OWNED and given.shop_code:
        hint = "Name the shops it is for in 'shop_codes'" if kind is ZoneKind.PERMITTED else "Remove it"
        faults.append(
            spot.of("shop_code").fault(
                FaultCode.IDLE_SHOP_CODE,
                f"shop_code on a {kind} zone",
                expected="it on shopfront and frontage only",
                hint=hint,
                kind=kind.value,
            )
        )
    if kind is ZoneKind.PUBLIC and not given.place:
        expected = "the name of the place, as records should show it"
        faults.append(spot.of("place").fault(FaultCode.NO_PLACE, "a public zone without place", expected=expected))
    if kind is not ZoneKind.PERMITTED:
        faults += [
            spot.of(key).fault(
                FaultCode.IDLE_PROPERTY,
                f"{key} on a {kind} zone",
                expected="it on permitted zones only",
                hint="Remove it",
                name=key,
                kind=kind.value,
            )
            for key in ("hours", "valid_from", "valid_to", "shop_codes")
            if getattr(given, key)
        ]
    return faults + _time_faults(given, spot)


def _time_faults(given: Properties, spot: Spot) -> list[ZoneFault]:
    faults = []
    if given.valid_from and given.valid_to and given.valid_from > given.valid_to:
        found = f"{given.valid_from} to {given.valid_to}"
        values = {"first": str(given.valid_from), "last": str(given.valid_to)}
        faults.append(
            spot.of("valid_to").fault(
                FaultCode.VALIDITY_REVERSED,
                "valid_to is before valid_from",
                expected="valid_from <= valid_to",
                found=found,
                **values,
            )
        )
    for hours in given.hours:
        if hours.opens == hours.closes and hours.opens != time(0):
            clock = f"{hours.opens:%H:%M}"
            faults.append(
                spot.of("hours").fault(
                    FaultCode.NO_TIME_OPEN,
                    "opens and closes at the same time",
                    found=clock,
                    hint="The whole day is 00:00 to 24:00",
                    clock=clock,
                )
            )
    return faults


# --- words -------------------------------------------------------------------------------------------------


def _translate(err: ValidationError, spot: Spot, known: Iterable[str]) -> list[ZoneFault]:
    return [_translated(item, spot, tuple(known)) for item in err.errors()]


def _translated(item: Any, spot: Spot, known: tuple[str, ...]) -> ZoneFault:
    key = ".".join(str(part) for part in item["loc"])
    spot = spot.of(str(item["loc"][0]) if item["loc"] else "")
    if item["type"] == "extra_forbidden":
        close = _did_you_mean(key, known)
        return spot.fault(FaultCode.UNKNOWN_PROPERTY, f"unknown property {key!r}", expected=", ".join(known), hint=close, name=key)
    if item["type"] == "missing":
        return spot.fault(FaultCode.MISSING, f"{key} is missing", name=key)
    found = repr(item["input"])[:80]
    if item["type"] == "enum":
        kinds, hint = tuple(ZoneKind), _did_you_mean(str(item["input"]), tuple(ZoneKind))
        return spot.fault(FaultCode.UNKNOWN_KIND, f"unknown {key}", expected=", ".join(kinds), found=found, hint=hint, found_kind=found)
    expected = item["msg"].removeprefix("Value error, ").removeprefix("expected ")
    return spot.fault(FaultCode.WRONG, f"{key} is wrong", expected=expected, found=found, name=key, given=found)


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean {str(close[0])!r}?" if close else ""
