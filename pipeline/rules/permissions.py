"""What is allowed when, and which dwell holds for whom: hours, permits, suspensions, overrides.

Everything is checked at the time of the look. What is allowed then is not there for the rules.
"""

from __future__ import annotations

from datetime import datetime, time

from pipeline.config import CameraSettings, DwellSettings, RuleSettings, Suspension
from pipeline.errors import ConfigError
from pipeline.local_hours import is_within
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import Target, ViolationKind
from pipeline.zones import CameraZones, ZoneKind

_DWELL_FIELDS = tuple(DwellSettings.model_fields)


class Permissions:
    """The settings, permits and tenancies of one camera, asked by time."""

    def __init__(
        self, camera: CameraSettings, zones: CameraZones, shops: ShopRegistry | None, settings: RuleSettings, *, clock_known: bool
    ) -> None:
        """Raises ConfigError where something depends on the time of day and the time of day is unknown."""
        if not clock_known and (settings.needs_wall_clock or zones.needs_wall_clock):
            raise ConfigError(
                "start time unknown, but zones or rules depend on hours or dates",
                where=camera.id,
                expected="footage whose wall-clock start is known",
                found="no start time in the settings, the file name or the container",
                hint="Give --start 2024-01-31T09:42:17+08:00",
            )
        self._camera = camera
        self._zones = zones
        self._shops = shops
        self._settings = settings
        self._clock_known = clock_known
        self._permitted = zones.of_kind(ZoneKind.PERMITTED)
        self._dwells: dict[tuple[int, ...], DwellSettings] = {(): settings.dwell}

    @property
    def uniform(self) -> bool:
        """Whether one dwell holds for everything, always."""
        return not self._settings.overrides

    def in_force(self, at: datetime) -> frozenset[int]:
        """Numbers of the permitted zones (in file order) that are in force."""
        return frozenset(number for number, zone in enumerate(self._permitted) if zone.permits_at(at, self._zones.timezone))

    def all_allowed(self, at: datetime) -> bool:
        """Whether nothing at all is a violation now: outside enforcement hours, or suspended for everybody."""
        if self._settings.enforcement_hours:
            clock = self._local_clock(at)
            if not any(is_within(clock, hours) for hours in self._settings.enforcement_hours):
                return True
        return any(not (item.kinds or item.shop_codes or item.streets) for item in self._suspensions_at(at))

    def suspended(self, kind: ViolationKind, target: Target, at: datetime) -> bool:
        """Whether this kind is suspended for this target now. One suspended candidate is enough: a doubt is for the shop."""
        for item in self._suspensions_at(at):
            if (
                (not item.kinds or kind in item.kinds)
                and (not item.shop_codes or any(code in item.shop_codes for code in target.shop_codes))
                and (not item.streets or bool(self._streets_of(target, at) & set(item.streets)))
            ):
                return True
        return False

    def some_suspended(self, at: datetime) -> bool:
        """Whether any suspension runs now, so that single targets must be asked for."""
        return bool(self._settings.suspensions) and bool(self._suspensions_at(at))

    def dwell(self, kind: ViolationKind, target: Target, at: datetime) -> DwellSettings:
        """The dwell that holds for this kind and target at this time. Later overrides win."""
        overrides = self._settings.overrides
        if not overrides:
            return self._settings.dwell
        grades = self._grades_of(target, at)
        streets = self._streets_of(target, at)
        clock = self._local_clock(at)
        chosen = tuple(
            number
            for number, item in enumerate(overrides)
            if (item.kind is None or item.kind is kind)
            and (item.grade is None or grades == {item.grade})
            and (item.street is None or item.street in streets)
            and (not item.cameras or self._camera.id in item.cameras)
            and (item.hours is None or is_within(clock, item.hours))
        )
        if chosen not in self._dwells:
            self._dwells[chosen] = self._merged(chosen)
        return self._dwells[chosen]

    def _merged(self, chosen: tuple[int, ...]) -> DwellSettings:
        values = self._settings.dwell.model_dump()
        for number in chosen:
            item = self._settings.overrides[number].model_dump()
            values |= {name: item[name] for name in _DWELL_FIELDS if item.get(name) is not None}
        # An override may shorten one of the two alone: nobody is accused before being warned.
        values["warn_after_s"] = min(values["warn_after_s"], values["candidate_after_s"])
        return DwellSettings(**values)

    def _suspensions_at(self, at: datetime) -> list[Suspension]:
        return [item for item in self._settings.suspensions if item.since <= at < item.until]

    def _grades_of(self, target: Target, at: datetime) -> set[str]:
        """The grades of all candidates: an override for a grade holds only where every candidate has it."""
        return {tenancy.grade if tenancy else "" for tenancy in self._tenancies(target, at)}

    def _streets_of(self, target: Target, at: datetime) -> set[str]:
        """The streets of the tenants; the camera's street where the shop list says nothing."""
        streets = {tenancy.street if tenancy and tenancy.street else self._camera.street for tenancy in self._tenancies(target, at)}
        return streets or {self._camera.street}

    def _tenancies(self, target: Target, at: datetime) -> list[Tenancy | None]:
        if self._shops is None:
            return [None for _ in target.shop_codes]
        day = at.astimezone(self._zones.timezone).date() if self._clock_known else None
        return [self._shops.tenant_on(code, day) for code in target.shop_codes]

    def _local_clock(self, at: datetime) -> time:
        return at.astimezone(self._zones.timezone).time().replace(tzinfo=None)
