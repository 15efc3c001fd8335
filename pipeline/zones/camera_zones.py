"""zones/<camera>.geojson -> CameraZones: whose ground is where on a camera's picture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from shapely import Polygon


class ZoneKind(StrEnum):
    """What the ground inside a polygon is."""

    SHOPFRONT = "shopfront"
    """The shop's own ground, up to its door line."""
    FRONTAGE = "frontage"
    """门前责任区: pavement in front of the shop, up to the kerb."""
    PUBLIC = "public"
    """Pavement or carriageway that must stay clear."""
    PERMITTED = "permitted"
    """外摆位: trading allowed at stated days and hours."""
    FIXTURE = "fixture"
    """Things that belong there; never an alarm."""
    IGNORE = "ignore"
    """Not looked at."""


WATCHED = frozenset({ZoneKind.FRONTAGE, ZoneKind.PUBLIC, ZoneKind.PERMITTED})
"""Kinds of ground on which things can be a violation, at least at some hours."""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Weekdays (0 = Monday) and local hours [opens, closes); hours may run over midnight and then belong to the day they open."""

    days: frozenset[int]
    opens: time
    closes: time

    def opened_on(self, local: datetime) -> date | None:
        """The local day on which the hours opened that a local time lies in; None if it lies in none.

        ``opens`` = ``closes`` = midnight is the whole day.
        """
        clock, today = local.time(), local.date()
        if self.opens < self.closes:
            day = today if self.opens <= clock < self.closes else None
        elif clock >= self.opens:
            day = today
        else:
            day = today - timedelta(days=1) if clock < self.closes else None
        return day if day and day.weekday() in self.days else None


@dataclass(frozen=True, slots=True)
class Zone:
    """One polygon in fractions 0..1 of the picture, and what it means.

    ``hours``, ``valid_from``, ``valid_to`` and ``shop_codes`` (for whom; empty: anybody) restrict a PERMITTED
    zone. ``smallest_thing`` is the height of the smallest thing of interest there, as a fraction of the
    picture height (None: not stated); far zones state it so that they are looked at in enlarged tiles.
    """

    zone_id: str
    kind: ZoneKind
    polygon: Polygon
    name: str = ""
    shop_code: str | None = None
    place: str = ""
    hours: tuple[OpenHours, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    shop_codes: tuple[str, ...] = ()
    smallest_thing: float | None = None

    @property
    def needs_wall_clock(self) -> bool:
        """Whether what this zone allows depends on the time."""
        return bool(self.hours or self.valid_from or self.valid_to)

    def permits_at(self, at: datetime, zone_info: ZoneInfo) -> bool:
        """Whether a PERMITTED zone is in force at an aware time.

        Hours that run over midnight belong to the day they open, for weekdays and for the dates of validity:
        the last night of a market ends when it closes, not at midnight.
        """
        local = at.astimezone(zone_info)
        days = [hours.opened_on(local) for hours in self.hours] if self.hours else [local.date()]
        return any(self._valid_on(day) for day in days if day)

    def _valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CameraZones:
    """One version of one camera's zones.

    ``version`` is the author's version plus the first 12 hex digits of the file's sha256. ``reference`` is the
    clean reference picture (the empty street), if there is one. ``picture_aspect`` is width / height of the
    picture that the polygons were drawn on.
    """

    camera_id: str
    version: str
    author: str
    drawn_on: date
    reason: str
    reference: Path | None
    picture_aspect: float
    zones: tuple[Zone, ...]
    timezone: ZoneInfo

    def of_kind(self, *kinds: ZoneKind) -> tuple[Zone, ...]:
        """Zones of these kinds, in file order."""
        return tuple(zone for zone in self.zones if zone.kind in kinds)

    def is_of(self, raw: bytes) -> bool:
        """Whether these are the zones of a file with this content."""
        return self.version.endswith(f"-{file_mark(raw)}")

    @property
    def needs_wall_clock(self) -> bool:
        """Whether any zone depends on the time of day or the date."""
        return any(zone.needs_wall_clock for zone in self.zones)


def file_mark(raw: bytes) -> str:
    """What the version of zones carries of the file that they were read from."""
    return hashlib.sha256(raw).hexdigest()[:12]
