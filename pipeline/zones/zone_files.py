"""zones/<camera>.geojson -> CameraZones, every fault of a file or of a whole configuration at once.

Faults are refused; warnings are likely mistakes with which a camera can still be watched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from pipeline.config import DoorlineSettings
from pipeline.errors import FaultsError, fault_line
from pipeline.shops import GRADES, ShopRegistry, load_shops
from pipeline.zones.camera_zones import CameraZones, file_mark
from pipeline.zones.zone_checks import (
    NumberedZone,
    overlaps,
    reference_faults,
    repeated_ids,
    stray_frontages,
    unknown_shops,
    vacant_shops,
    watches_nothing,
)
from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault
from pipeline.zones.zone_format import Metadata, parse_feature, parse_metadata

_MEMBERS = ("type", "doorline", "features")
_UNUSED_MEMBERS = ("name", "bbox")
"""What drawing programs add and what changes nothing."""


@dataclass(frozen=True, slots=True)
class ZoneReport:
    """What a check found: faults (refused), warnings (accepted), and the zones of the cameras without a fault."""

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    cameras: tuple[CameraZones, ...]


@dataclass(frozen=True, slots=True)
class CheckedZones:
    """What the check of one file found, each fault with the feature that it is of. ``zones`` is None where there is a fault."""

    faults: tuple[ZoneFault, ...]
    warnings: tuple[ZoneFault, ...]
    zones: CameraZones | None


def load_zones(path: Path, *, camera_id: str, shops: ShopRegistry | None, on: date | None = None) -> CameraZones:
    """Read and check the zones of one camera.

    Args:
        path: the GeoJSON file.
        camera_id: the camera they must belong to.
        shops: the shop list; None leaves shop codes unchecked.
        on: local day on which tenancies are looked up, for warnings only.

    Raises:
        FaultsError: with every fault of the file, each with feature, expected and found.
    """
    report = check_zone_file(path, camera_id=camera_id, shops=shops, on=on)
    if report.faults:
        raise FaultsError("zones refused", report.faults)
    return report.cameras[0]


def check_zone_file(path: Path, *, camera_id: str, shops: ShopRegistry | None, on: date | None = None) -> ZoneReport:
    """All faults and warnings of one camera's zones. Arguments as of ``load_zones``; nothing is raised."""
    try:
        raw = path.read_bytes()
    except OSError as err:
        return ZoneReport((_unreadable(path, err).text,), (), ())
    checked = check_zone_bytes(raw, path, camera_id=camera_id, shops=shops, on=on)
    faults, warnings = (tuple(fault.text for fault in found) for found in (checked.faults, checked.warnings))
    return ZoneReport(faults, warnings, (checked.zones,) if checked.zones else ())


def check_zone_bytes(
    raw: bytes,
    path: Path,
    *,
    camera_id: str,
    shops: ShopRegistry | None,
    on: date | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> CheckedZones:
    """The same for a file that is still to be written. Nothing is raised.

    Args:
        raw: what it will hold.
        path: where it will lie: the reference picture is found relative to it.
        camera_id, shops, on: as of ``load_zones``.
        pictures: reference pictures that are still to be written as well, by their names in the file.
    """
    data = _parse(raw, str(path))
    if isinstance(data, ZoneFault):
        return CheckedZones((data,), (), None)
    metadata, faults = parse_metadata(data.get("doorline"), str(path))
    faults = _member_faults(data, str(path)) + faults
    if metadata:
        faults += _camera_faults(metadata, camera_id, path, pictures or {})
    zones, found = _features(data.get("features"), str(path))
    faults += found
    found, warnings = _checks_together(zones, shops, on, str(path))
    faults += found
    if not faults:
        # Only now: a feature that was refused above would be missed here.
        faults += watches_nothing(zones, str(path))
        warnings += stray_frontages(zones, str(path))
    if faults or metadata is None:
        return CheckedZones(tuple(faults), tuple(warnings), None)
    return CheckedZones((), tuple(warnings), _camera_zones(metadata, zones, path, raw))


def parse_zone_bytes(raw: bytes, path: Path) -> dict[str, Any] | ZoneFault:
    """The object that a zone file holds, unchecked but for its being one; else what is wrong with the file as a whole."""
    return _parse(raw, str(path))


def described_zones(raw: bytes, path: Path) -> CameraZones | None:
    """What a zone file says of itself, without its zones, whatever is wrong with these; None where it does not say it all."""
    data = _parse(raw, str(path))
    metadata = None if isinstance(data, ZoneFault) else parse_metadata(data.get("doorline"), str(path))[0]
    return None if metadata is None else _camera_zones(metadata, [], path, raw)


def check_zones(settings: DoorlineSettings, *, on: date | None = None) -> ZoneReport:
    """All faults and warnings of a configuration: every camera's zones, the shop list, and what rules name of both."""
    faults: list[str] = []
    warnings: list[str] = []
    cameras: list[CameraZones] = []
    shops: ShopRegistry | None = None
    if settings.shops:
        try:
            shops = load_shops(settings.shops)
        except FaultsError as err:
            faults += err.faults
    for camera in settings.cameras:
        report = check_zone_file(camera.zones, camera_id=camera.id, shops=shops, on=on)
        faults += report.faults
        warnings += report.warnings
        cameras += report.cameras
        for zones in report.cameras:
            warnings += [warning.text for warning in setting_warnings(zones, settings, camera.zones)]
    if shops is not None:
        faults += _rule_faults(settings, shops)
    warnings += _rule_warnings(settings, shops)
    return ZoneReport(tuple(faults), tuple(warnings), tuple(cameras))


def setting_warnings(zones: CameraZones, settings: DoorlineSettings, path: Path) -> list[ZoneFault]:
    """What is odd about zones beside the rest of a configuration."""
    warnings = []
    if not settings.shops and any(zone.shop_code for zone in zones.zones):
        what, expected = "shop codes can't be checked", "'shops' in the configuration"
        warnings.append(Spot(str(path)).fault(FaultCode.NO_SHOP_LIST, what, expected=expected, hint="Name the shop list there"))
    if zones.timezone.key != settings.looks.timezone:
        here, there = zones.timezone.key, settings.looks.timezone
        what, found = "another time zone than the configuration", f"{here} here, {there} in looks.timezone"
        hint = "Hours of the zones follow the zone file"
        spot = Spot(str(path)).of("timezone")
        warnings.append(spot.fault(FaultCode.OTHER_TIMEZONE, what, found=found, hint=hint, here=here, there=there))
    return warnings


def _unreadable(path: Path, err: OSError) -> ZoneFault:
    found = err.strerror or str(err)
    return Spot(str(path)).fault(FaultCode.UNREADABLE, "cannot read zones", found=found, hint="Check 'zones' of the camera")


def _parse(raw: bytes, path: str) -> dict[str, Any] | ZoneFault:
    """The top-level object of a file, or why there is none."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object_without_repeats, parse_constant=_refuse_constant)
    except UnicodeDecodeError as err:
        found = f"byte {err.start} is none"
        return Spot(path).fault(FaultCode.UNREADABLE, "text that can't be read", expected="UTF-8", found=found, hint="Save it as UTF-8")
    except json.JSONDecodeError as err:
        return Spot(f"{path}:{err.lineno}").fault(FaultCode.NOT_JSON, "not valid JSON", found=f"{err.msg} at column {err.colno}")
    except (ValueError, RecursionError) as err:
        return Spot(path).fault(FaultCode.NOT_JSON, "not valid JSON", found=str(err))
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        found = repr(data.get("type")) if isinstance(data, dict) else type(data).__name__
        expected = 'a GeoJSON object of "type": "FeatureCollection"'
        return Spot(path).fault(FaultCode.NOT_ZONES, "not a zone file", expected=expected, found=found)
    return data


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"{', '.join(map(repr, repeated))} twice in one object")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _member_faults(data: dict[str, Any], path: str) -> list[ZoneFault]:
    faults = []
    for key in sorted(set(data) - {*_MEMBERS, *_UNUSED_MEMBERS}):
        hint = (
            "Vertices are fractions of a picture and have no coordinate system; remove it"
            if key == "crs"
            else 'Metadata belongs into "doorline"'
        )
        expected = ", ".join(_MEMBERS)
        faults.append(Spot(path).fault(FaultCode.UNKNOWN_MEMBER, f"unknown member {key!r}", expected=expected, hint=hint, name=key))
    return faults


def _camera_faults(metadata: Metadata, camera_id: str, path: Path, pictures: Mapping[str, bytes]) -> list[ZoneFault]:
    faults = []
    where = f"{path}: doorline"
    if metadata.camera_id != camera_id:
        hint = "Correct 'zones' in the configuration, or 'camera_id' in the file"
        what, found = "zones of another camera", repr(metadata.camera_id)
        spot = Spot(where).of("camera_id")
        faults.append(spot.fault(FaultCode.OTHER_CAMERA, what, expected=repr(camera_id), found=found, hint=hint, camera=metadata.camera_id))
    if metadata.reference:
        name = metadata.reference
        faults += reference_faults(path.parent / name, pictures.get(name), _picture_px(metadata), where)
    return faults


def _picture_px(metadata: Metadata) -> tuple[int, int]:
    return metadata.picture_px[0], metadata.picture_px[1]


def _features(features: object, path: str) -> tuple[list[NumberedZone], list[ZoneFault]]:
    if not isinstance(features, list):
        found = type(features).__name__
        return [], [Spot(path).fault(FaultCode.NO_FEATURES, "no features", expected='"features": [...]', found=found)]
    zones: list[NumberedZone] = []
    faults: list[ZoneFault] = []
    for number, feature in enumerate(features, 1):
        zone, found_here = parse_feature(feature, number, path)
        faults += found_here
        zones += [(number, zone)] if zone else []
    return zones, faults


def _checks_together(
    zones: list[NumberedZone], shops: ShopRegistry | None, on: date | None, path: str
) -> tuple[list[ZoneFault], list[ZoneFault]]:
    faults = repeated_ids(zones, path)
    found, warnings = overlaps(zones, path)
    faults += found
    if shops is not None:
        faults += unknown_shops(zones, shops, path)
        warnings += vacant_shops(zones, shops, on, path) if on else []
    return faults, warnings


def _camera_zones(metadata: Metadata, zones: list[NumberedZone], path: Path, raw: bytes) -> CameraZones:
    width, height = _picture_px(metadata)
    return CameraZones(
        camera_id=metadata.camera_id,
        version=f"{metadata.version}-{file_mark(raw)}",
        author=metadata.author,
        drawn_on=metadata.drawn_on,
        reason=metadata.reason,
        reference=path.parent / metadata.reference if metadata.reference else None,
        picture_aspect=width / height,
        zones=tuple(zone for _, zone in zones),
        timezone=ZoneInfo(metadata.timezone),
    )


def _rule_faults(settings: DoorlineSettings, shops: ShopRegistry) -> list[str]:
    """A permit for a shop that does not exist would permit nothing, and nobody would notice."""
    faults = []
    for number, suspension in enumerate(settings.rules.suspensions):
        for code in suspension.shop_codes:
            if code not in shops:
                close = shops.closest_code(code)
                hint = f"Did you mean {close!r}?" if close else ""
                faults.append(
                    fault_line(
                        f"rules.suspensions.{number}", "unknown shop code", expected="a code of the shop list", found=repr(code), hint=hint
                    )
                )
    return faults


def _rule_warnings(settings: DoorlineSettings, shops: ShopRegistry | None) -> list[str]:
    streets = {camera.street for camera in settings.cameras}
    tenancies = [tenancy for known in shops.tenancies.values() for tenancy in known] if shops is not None else []
    streets |= {tenancy.street for tenancy in tenancies}
    named = [(f"rules.suspensions.{number}", street) for number, item in enumerate(settings.rules.suspensions) for street in item.streets]
    named += [(f"rules.overrides.{number}", item.street) for number, item in enumerate(settings.rules.overrides) if item.street is not None]
    warnings = [
        fault_line(where, "a street of no camera and no shop", found=repr(street), hint="It never applies; compare the spelling")
        for where, street in named
        if street not in streets
    ]
    for number, item in enumerate(settings.rules.overrides):
        if item.grade not in (None, "", *GRADES):
            warnings.append(
                fault_line(f"rules.overrides.{number}", "a grade that no shop can have", expected=", ".join(GRADES), found=repr(item.grade))
            )
    return warnings
