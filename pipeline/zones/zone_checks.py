"""What only shows when the zones of a camera are seen together, with the shops and with the reference picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import shapely
from PIL import Image as PillowImage

from pipeline.shops import ShopRegistry
from pipeline.zones.camera_zones import WATCHED, Zone, ZoneKind
from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault
from pipeline.zones.zone_rings import SMALLEST_AREA

MAX_SHOPFRONT_OVERLAP = 0.02
"""Share of the smaller of two shopfronts that may lie in both: what drawing by hand leaves."""
_MAX_FRONT_DISTANCE = 0.02
"""Fraction of the picture that may lie between a frontage and the front of its shop."""
MAX_ASPECT_CHANGE = 0.02
"""By so much (a share) the shape of a picture may differ from that of the one that was drawn on."""

NumberedZone = tuple[int, Zone]
"""Place in the file, counted from 1, and the zone."""


def repeated_ids(zones: Sequence[NumberedZone], path: str) -> list[ZoneFault]:
    """Faults: two features with one id."""
    first: dict[str, int] = {}
    faults = []
    for number, zone in zones:
        if zone.zone_id in first:
            other = first[zone.zone_id]
            faults.append(
                _at(path, number, zone)
                .of("id")
                .fault(
                    FaultCode.REPEATED_ID,
                    "an id that is used twice",
                    expected="one feature per id",
                    found=f"also feature ({other})",
                    other=str(other),
                )
            )
        first.setdefault(zone.zone_id, number)
    return faults


def unknown_shops(zones: Sequence[NumberedZone], shops: ShopRegistry, path: str) -> list[ZoneFault]:
    """Faults: shop codes that are not in the shop list."""
    faults = []
    for number, zone in zones:
        for code in dict.fromkeys((*((zone.shop_code,) if zone.shop_code else ()), *zone.shop_codes)):
            if code not in shops:
                close = shops.closest_code(code)
                hint = f"Did you mean {close!r}?" if close else "Add it to the shop list or correct it"
                spot = _at(path, number, zone).of("shop_code" if code == zone.shop_code else "shop_codes")
                expected = "a code of the shop list"
                faults.append(
                    spot.fault(
                        FaultCode.UNKNOWN_SHOP,
                        "unknown shop code",
                        expected=expected,
                        found=repr(code),
                        hint=hint,
                        shop=code,
                        close=close or "",
                    )
                )
    return faults


def vacant_shops(zones: Sequence[NumberedZone], shops: ShopRegistry, on: date, path: str) -> list[ZoneFault]:
    """Warnings: shops that nobody holds that day.

    No fault: the polygon stays while a shop stands empty, and its camera must go on watching the others.
    """
    warnings = []
    for number, zone in zones:
        if zone.shop_code and zone.shop_code in shops and shops.tenant_on(zone.shop_code, on) is None:
            what = f"shop {zone.shop_code} has no tenant on {on}"
            hint = "What stands there is recorded without a name; add the tenancy if there is a tenant"
            spot = _at(path, number, zone).of("shop_code")
            warnings.append(spot.fault(FaultCode.VACANT_SHOP, what, hint=hint, shop=zone.shop_code, day=str(on)))
    return warnings


def overlaps(zones: Sequence[NumberedZone], path: str) -> tuple[list[ZoneFault], list[ZoneFault]]:
    """Faults and warnings: ground that two shops would both own."""
    faults: list[ZoneFault] = []
    warnings: list[ZoneFault] = []
    owned = [(number, zone) for number, zone in zones if zone.shop_code]
    for one, other in combinations(owned, 2):
        share = _shared(one[1], other[1])
        if share > MAX_SHOPFRONT_OVERLAP and (found := _overlap(one, other, share, path)):
            (faults if found.code is FaultCode.SHOPFRONTS_OVERLAP else warnings).append(found)
    return faults, warnings


def _overlap(one: NumberedZone, another: NumberedZone, share: float, path: str) -> ZoneFault | None:
    (number, zone), (other_number, other) = one, another
    spot, them = _at(path, number, zone).beside(other.zone_id), f"feature {other.zone_id!r} ({other_number})"
    found, values = f"{share:.0%} of the smaller in both", {"share": f"{share:.0%}", "kind": zone.kind.value}
    kinds = {zone.kind, other.kind}
    if zone.shop_code == other.shop_code:
        if zone.kind is not other.kind:
            return None
        what = f"the same {zone.kind} drawn twice, again as {them}"
        return spot.fault(FaultCode.DRAWN_TWICE, what, found=found, hint="Keep one", **values)
    if kinds == {ZoneKind.SHOPFRONT}:
        what, expected = f"shopfronts overlap, with {them}", f"at most {MAX_SHOPFRONT_OVERLAP:.0%}"
        return spot.fault(FaultCode.SHOPFRONTS_OVERLAP, what, expected=expected, found=found, hint="Move their common edge", **values)
    if kinds == {ZoneKind.FRONTAGE}:
        what, hint = f"frontages overlap, with {them}", "What stands there will be ambiguous between both shops"
        return spot.fault(FaultCode.FRONTAGES_OVERLAP, what, found=found, hint=hint, **values)
    what = f"a frontage over another shop's front, with {them}"
    return spot.fault(FaultCode.FRONTAGE_OVER_FRONT, what, found=found, hint="Move their common edge", **values)


def stray_frontages(zones: Sequence[NumberedZone], path: str) -> list[ZoneFault]:
    """Warnings: a frontage far from its shop's front, and a front without a frontage."""
    warnings = []
    for number, zone in zones:
        spot, shop = _at(path, number, zone), zone.shop_code or ""
        fronts = [other for _, other in zones if other.kind is ZoneKind.SHOPFRONT and other.shop_code == zone.shop_code]
        if zone.kind is ZoneKind.FRONTAGE and fronts:
            nearest = min(fronts, key=lambda front: zone.polygon.distance(front.polygon))
            distance = zone.polygon.distance(nearest.polygon)
            if distance > _MAX_FRONT_DISTANCE:
                what, found = f"the frontage does not touch the front of shop {shop}", f"{distance:.3f} of the picture between them"
                spot = spot.beside(nearest.zone_id)
                warnings.append(
                    spot.fault(
                        FaultCode.STRAY_FRONTAGE, what, found=found, hint="Check the shop code", shop=shop, distance=f"{distance:.1%}"
                    )
                )
        if zone.kind is ZoneKind.SHOPFRONT and not any(
            other.kind is ZoneKind.FRONTAGE and other.shop_code == zone.shop_code for _, other in zones
        ):
            hint = "Things outside its door are not put down to it; draw its frontage"
            warnings.append(spot.fault(FaultCode.NO_FRONTAGE, f"shop {shop} has a front but no frontage", hint=hint, shop=shop))
    return warnings


def watches_nothing(zones: Sequence[NumberedZone], path: str) -> list[ZoneFault]:
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
    expected = "at least one frontage, public or permitted zone"
    return [Spot(path).fault(FaultCode.WATCHES_NOTHING, "zones that watch nothing", expected=expected, found=found)]


def reference_faults(reference: Path, data: bytes | None, picture_px: tuple[int, int], where: str) -> list[ZoneFault]:
    """Faults: the reference picture is missing, unreadable, or of another shape than the picture that was drawn on.

    ``data`` are its bytes where it is still to be written; None: it lies on the disk.
    """
    spot = Spot(where).of("reference")
    hint = 'Correct the path (relative to the zone file) or set "reference": null'
    if data is None and not reference.is_file():
        return [
            spot.fault(
                FaultCode.REFERENCE_MISSING,
                "the reference picture is missing",
                expected=str(reference),
                hint=hint,
                name=reference.name,
            )
        ]
    try:
        with PillowImage.open(reference if data is None else io.BytesIO(data)) as picture:
            picture.load()
            width, height = picture.size
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as err:
        what, found = "the reference picture can't be read", f"{reference}: {err}"
        expected = "a JPEG or PNG picture"
        return [spot.fault(FaultCode.REFERENCE_UNREADABLE, what, expected=expected, found=found, hint=hint, name=reference.name)]
    aspect = picture_px[0] / picture_px[1]
    if abs(width / height / aspect - 1) > MAX_ASPECT_CHANGE:
        wanted = f"{picture_px[0]}x{picture_px[1]}"
        return [
            spot.fault(
                FaultCode.REFERENCE_SHAPE,
                "the reference picture has another shape",
                expected=f"{wanted} or that shape (picture_px)",
                found=f"{width}x{height}",
                hint="Take it from the same camera, uncropped",
                wanted=wanted,
                size=f"{width}x{height}",
            )
        ]
    return []


def _at(path: str, number: int, zone: Zone) -> Spot:
    return Spot.of_feature(path, number, zone.zone_id)


def _shared(zone: Zone, other: Zone) -> float:
    """Area in both as a share of the smaller one."""
    return float(zone.polygon.intersection(other.polygon).area / min(zone.polygon.area, other.polygon.area))
