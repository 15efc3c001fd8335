"""Which cameras a patrol tours, and what makes one more urgent than another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.config import CameraSettings, DoorlineSettings, PatrolMode
from pipeline.shops import ShopRegistry
from pipeline.zones import CameraZones


@dataclass(frozen=True, slots=True)
class PatrolledCamera:
    """What the planner knows of a camera from the beginning."""

    camera_id: str
    mode: PatrolMode = PatrolMode.TOURED
    """Only toured cameras take part."""
    grades: tuple[str, ...] = ()
    """Of the shops that it sees."""
    coverage_target: float | None = None
    """Share of the enforcement hours of a day that shall be observed, 0..1."""
    violations: tuple[datetime, ...] = ()
    """When violations were opened there, aware; those of the last ``history_days`` count."""


def patrolled_cameras(
    settings: DoorlineSettings,
    zones: Mapping[str, CameraZones],
    shops: ShopRegistry,
    violations: Mapping[str, Sequence[datetime]],
    day: date,
) -> tuple[PatrolledCamera, ...]:
    """One for each stream of the configuration, in its order, under the id of the first camera that has it.

    Cameras that share a stream are views of one that turns: it is watched as the most watched of them, and is as urgent as all together.

    Args:
        settings: who is toured.
        zones: by camera; whose shops it sees.
        shops: their grades.
        violations: camera -> when violations were opened there; of the last ``patrol.history_days``, at least.
        day: the local day on which grades are looked up.
    """
    streams: dict[str, list[CameraSettings]] = {}
    for camera in settings.cameras:
        if camera.stream:
            streams.setdefault(camera.stream, []).append(camera)
    found = []
    for views in streams.values():
        modes = {settings.patrol_of(view) for view in views}
        targets = [view.coverage_target for view in views if view.coverage_target is not None]
        found.append(
            PatrolledCamera(
                camera_id=views[0].id,
                mode=next(mode for mode in PatrolMode if mode in modes),
                grades=tuple(sorted({grade for view in views for grade in _grades(zones[view.id], shops, day)})),
                coverage_target=max(targets, default=None),
                violations=tuple(sorted(at for view in views for at in violations.get(view.id, ()))),
            )
        )
    return tuple(found)


def _grades(zones: CameraZones, shops: ShopRegistry, day: date) -> set[str]:
    codes = {zone.shop_code for zone in zones.zones if zone.shop_code}
    tenancies = [shops.tenant_on(code, day) for code in codes]
    return {tenancy.grade for tenancy in tenancies if tenancy and tenancy.grade}
