"""What only shows when the zones of a camera are seen together, with the shops and with the reference picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import shapely
from PIL import Image as PillowImage

from pipeline.errors import fault_line
from pipeline.shops import ShopRegistry
from pipeline.zones.camera_zones import WATCHED, Zone, ZoneKind
from pipeline.zones.zone_format import SMALLEST_AREA

MAX_SHOPFRONT_OVERLAP = 0.02
"""Share of the smaller of two shopfronts that may lie in both: what drawing by hand leaves."""
_MAX_FRONT_DISTANCE = 0.02
"""Fraction of the picture that may lie between a frontage and the front of its shop."""
_MAX_ASPECT_CHANGE = 0.02

NumberedZone = tuple[int, Zone]
"""Place in the file, counted from 1, and the zone."""


def repeated_ids(zones: Sequence[NumberedZone], path: str) -> list[str]:
    """Faults: two features with one id."""
    first: dict[str, int] = {}
    faults = []
    for number, zone in zones:
        if zone.zone_id in first:
            faults.append(
                fault_line(
                    _at(path, number, zone),
                    "an id that is used twice",
                    expected="one feature per id",
                    found=f"also feature ({first[zone.zone_id]})",
                )
            )
        first.setdefault(zone.zone_id, number)
    return faults


def unknown_shops(zones: Sequence[NumberedZone], shops: ShopRegistry, path: str) -> list[str]:
    """Faults: shop codes that are not in the shop list."""
    faults = []
    for number, zone in zones:
        for code in dict.fromkeys((*((zone.shop_code,) if zone.shop_code else ()), *zone.shop_codes)):
            if code not in shops:
                close = shops.closest_code(code)
                hint = f"Did you mean {close!r}?" if close else "Add it to the shop list or correct it"
                faults.append(
                    fault_line(
                        _at(path, number, zone), "unknown shop code", expected="a code of the shop list", found=repr(code), hint=hint
                    )
                )
    return faults


def vacant_shops(zones: Sequence[NumberedZone], shops: ShopRegistry, on: date, path: str) -> list[str]:
    """Warnings: shops that nobody holds that day.

    No fault: the polygon stays while a shop stands empty, and its camera must go on watching the others.
    """
    warnings = []
    for number, zone in zones:
        if zone.shop_code and zone.shop_code in shops and shops.tenant_on(zone.shop_code, on) is None:
            hint = "What stands there is recorded without a name; add the tenancy if there is a tenant"
            warnings.append(fault_line(_at(path, number, zone), f"shop {zone.shop_code} has no tenant on {on}", hint=hint))
    return warnings


def overlaps(zones: Sequence[NumberedZone], path: str) -> tuple[list[str], list[str]]:
    """Faults and warnings: ground that two shops would both own."""
    faults, warnings = [], []
    owned = [(number, zone) for number, zone in zones if zone.shop_code]
    for (number, zone), (other_number, other) in combinations(owned, 2):
        share = _shared(zone, other)
        if share <= MAX_SHOPFRONT_OVERLAP:
            continue
        where, them = _at(path, number, zone), f"feature {other.zone_id!r} ({other_number})"
        found = f"{share:.0%} of the smaller in both"
        kinds = {zone.kind, other.kind}
        if zone.shop_code == other.shop_code:
            if zone.kind is other.kind:
                warnings.append(fault_line(where, f"the same {zone.kind} drawn twice, again as {them}", found=found, hint="Keep one"))
        elif kinds == {ZoneKind.SHOPFRONT}:
            faults.append(
                fault_line(
                    where,
                    f"shopfronts overlap, with {them}",
                    expected=f"at most {MAX_SHOPFRONT_OVERLAP:.0%}",
                    found=found,
                    hint="Move their common edge",
                )
            )
        elif kinds == {ZoneKind.FRONTAGE}:
            warnings.append(
                fault_line(
                    where, f"frontages overlap, with {them}", found=found, hint="What stands there will be ambiguous between both shops"
                )
            )
        else:
            warnings.append(
                fault_line(where, f"a frontage over another shop's front, with {them}", found=found, hint="Move their common edge")
            )
    return faults, warnings


def stray_frontages(zones: Sequence[NumberedZone], path: str) -> list[str]:
    """Warnings: a frontage far from its shop's front, and a front without a frontage."""
    warnings = []
    for number, zone in zones:
        fronts = [other.polygon for _, other in zones if other.kind is ZoneKind.SHOPFRONT and other.shop_code == zone.shop_code]
        if zone.kind is ZoneKind.FRONTAGE and fronts:
            distance = min(zone.polygon.distance(front) for front in fronts)
            if distance > _MAX_FRONT_DISTANCE:
                found = f"{distance:.3f} of the picture between them"
                warnings.append(
                    fault_line(
                        _at(path, number, zone),
                        f"the frontage does not touch the front of shop {zone.shop_code}",
                        found=found,
                        hint="Check the shop code",
                    )
                )
        if zone.kind is ZoneKind.SHOPFRONT and not any(
            other.kind is ZoneKind.FRONTAGE and other.shop_code == zone.shop_code for _, other in zones
        ):
            hint = "Things outside its door are not put down to it; draw its frontage"
            warnings.append(fault_line(_at(path, number, zone), f"shop {zone.shop_code} has a front but no frontage", hint=hint))
    return warnings


def watches_nothing(zones: Sequence[NumberedZone], path: str) -> list[str]:
    """Fault: no ground on which anything could ever be a violation."""
    watched = shapely.union_all([zone.polygon for _, zone in zones if zone.kind in WATCHED])
    hidden = shapely.union_all([zone.polygon for _, zone in zones if zone.kind is ZoneKind.IGNORE])
    if watched.difference(hidden).area >= SMALLEST_AREA:
        return []
    found = (
        "only ground that ignore zones cover"
        if watched.area
        else f"{len(zones)} zone{'s' if len(zones) != 1 else ''}, none of them watched"
    )
    return [fault_line(path, "zones that watch nothing", expected="at least one frontage, public or permitted zone", found=found)]


def reference_faults(reference: Path, picture_px: tuple[int, int], where: str) -> list[str]:
    """Faults: the reference picture is missing, unreadable, or of another shape than the picture that was drawn on."""
    hint = 'Correct the path (relative to the zone file) or set "reference": null'
    if not reference.is_file():
        return [fault_line(where, "the reference picture is missing", expected=str(reference), hint=hint)]
    try:
        with PillowImage.open(reference) as picture:
            picture.load()
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as err:
        return [
            fault_line(
                where, "the reference picture can't be read", expected="a JPEG or PNG picture", found=f"{reference}: {err}", hint=hint
            )
        ]
    aspect = picture_px[0] / picture_px[1]
    if abs(width / height / aspect - 1) > _MAX_ASPECT_CHANGE:
        expected = f"{picture_px[0]}x{picture_px[1]} or that shape (picture_px)"
        return [
            fault_line(
                where,
                "the reference picture has another shape",
                expected=expected,
                found=f"{width}x{height}",
                hint="Take it from the same camera, uncropped",
            )
        ]
    return []


def _at(path: str, number: int, zone: Zone) -> str:
    return f"{path}: feature {zone.zone_id!r} ({number})"


def _shared(zone: Zone, other: Zone) -> float:
    """Area in both as a share of the smaller one."""
    return float(zone.polygon.intersection(other.polygon).area / min(zone.polygon.area, other.polygon.area))
