"""Where a shop is seen, and where and when it may trade outside: what the zone files and the rules say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.zones import CameraZones, OpenHours, Zone, ZoneKind
from pipeline.zones.zone_files import check_zone_file

_BESIDE = 0.01
"""Fraction of the picture that may lie between a permitted zone and the frontage that it belongs to: what drawing by hand leaves."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A camera before which a shop has ground."""

    camera: CameraSettings
    kinds: tuple[ZoneKind, ...]


@dataclass(frozen=True, slots=True)
class Permit:
    """Ground on which a shop may trade at some times. ``is_named``: it is for some shops, this one among them; else for anybody.

    ``state`` is one of ``later`` (its first day is to come), ``over``, ``open`` (in force right now), ``closed`` (at other hours).
    """

    zone_id: str
    name: str
    camera: CameraSettings
    hours: tuple[OpenHours, ...]
    valid_from: date | None
    valid_to: date | None
    is_named: bool
    state: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A time in which nothing of a shop is a violation, as the rules have it (``rules.suspensions``)."""

    since: datetime
    until: datetime
    reason: str
    state: str
    """``later``, ``over`` or ``open``."""


def sights_of(settings: DoorlineSettings, code: str) -> tuple[Sight, ...]:
    """All cameras that have zones of this shop. Zone files that can't be read are left out."""
    found = []
    for camera, zones in _all_zones(settings):
        kinds = {zone.kind for zone in zones.zones if zone.shop_code == code}
        if kinds:
            found.append(Sight(camera, tuple(kind for kind in ZoneKind if kind in kinds)))
    return tuple(found)


def permits_of(settings: DoorlineSettings, code: str, now: datetime) -> tuple[Permit, ...]:
    """Permitted zones that name this shop, or that are for anybody and lie at its frontage."""
    found = []
    for camera, zones in _all_zones(settings):
        fronts = [zone for zone in zones.of_kind(ZoneKind.FRONTAGE) if zone.shop_code == code]
        for zone in zones.of_kind(ZoneKind.PERMITTED):
            is_named = code in zone.shop_codes
            is_beside = not zone.shop_codes and any(zone.polygon.distance(front.polygon) <= _BESIDE for front in fronts)
            if is_named or is_beside:
                state = _state(zone, zones, now)
                name = zone.name or zone.place or zone.zone_id
                found.append(Permit(zone.zone_id, name, camera, zone.hours, zone.valid_from, zone.valid_to, is_named, state))
    return tuple(sorted(found, key=lambda permit: permit.state == "over"))


def filed_of(settings: DoorlineSettings, code: str, now: datetime) -> tuple[Filed, ...]:
    """Times that were filed for this shop by its code, the last first."""
    found = []
    for suspension in settings.rules.suspensions:
        if code in suspension.shop_codes:
            state = "later" if now < suspension.since else "over" if suspension.until <= now else "open"
            found.append(Filed(suspension.since, suspension.until, suspension.reason, state))
    return tuple(sorted(found, key=lambda filed: filed.since, reverse=True))


def _all_zones(settings: DoorlineSettings) -> Iterator[tuple[CameraSettings, CameraZones]]:
    for camera in settings.cameras:
        try:
            found = camera.zones.stat()
        except OSError:
            continue
        zones = _zones(camera.zones, camera.id, (found.st_ino, found.st_size, found.st_mtime_ns))
        if zones is not None:
            yield camera, zones


@lru_cache(maxsize=1024)
def _zones(path: Path, camera_id: str, _identity: tuple[int, int, int]) -> CameraZones | None:
    """Read once for each file that lay there. Codes are not checked: a code that is none is no reason to show nothing."""
    report = check_zone_file(path, camera_id=camera_id, shops=None)
    return report.cameras[0] if report.cameras else None


def _state(zone: Zone, zones: CameraZones, now: datetime) -> str:
    today = now.astimezone(zones.timezone).date()
    if zone.permits_at(now, zones.timezone):
        return "open"
    if zone.valid_from is not None and today < zone.valid_from:
        return "later"
    if zone.valid_to is not None and today > zone.valid_to:
        return "over"
    return "closed"
