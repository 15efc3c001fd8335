"""One look, digested: which things stand on watched ground, and who moves, hides, attends or loads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.config import RuleSettings
from pipeline.rules.contact import Band, attends, contact_band, hidden_share, same_place, stands_beside
from pipeline.rules.ground import Footing, Ground
from pipeline.rules.occupancy import Stride
from pipeline.rules.permissions import Permissions
from pipeline.types import MOVERS, BoundingBox, Certainty, Detection, DetectionSource, Observation, Role

HIDDEN_SHARE = 0.3
"""Covered this far by movers, a place can't be judged."""
_ONE_THING_IOU = 0.7
"""Two boxes of the same eye that overlap this far are one thing under two names."""
_VEHICLE_IOU = 0.5
_VEHICLE_STANDS_S = 3.0
"""A vehicle seen in one place for this long stands; traffic that passes doesn't."""

_NEVER_LOAD = frozenset({"bicycle"})
"""Vehicles that stand about everywhere and bring no goods."""
_CARRIED_COVER = 0.7
_CARRIED_ABOVE_FEET = 0.15
_VEHICLE_MISSED = timedelta(seconds=1.5)

THING_ROLES = frozenset({Role.GOODS, Role.FURNITURE, Role.STALL, Role.UNKNOWN_OBJECT, Role.CANOPY})


@dataclass(frozen=True, slots=True)
class Thing:
    """What one or both eyes saw at one look, and where it stands. Not sure: neither there nor not there."""

    label: str
    role: Role
    box: BoundingBox
    band: Band
    sure: bool
    standing_since: datetime | None
    footing: Footing


@dataclass(frozen=True, slots=True)
class Scene:
    """What moved in front of what at one look, and what was allowed then."""

    stride: Stride
    movers: tuple[BoundingBox, ...]
    persons: tuple[BoundingBox, ...]
    standing_vehicles: tuple[BoundingBox, ...]
    in_force: frozenset[int]
    all_allowed: bool

    def hides(self, box: BoundingBox) -> bool:
        """Whether somebody in front keeps this place from being judged."""
        return hidden_share(box, self.movers) >= HIDDEN_SHARE

    def loading(self, box: BoundingBox, aspect: float) -> bool:
        """Whether a vehicle stands beside it."""
        return any(stands_beside(vehicle, box, aspect) for vehicle in self.standing_vehicles)

    def attendant(self, box: BoundingBox, reach: float, aspect: float) -> BoundingBox | None:
        """The largest person in attendance."""
        near = [person for person in self.persons if attends(person, box, reach, aspect)]
        return max(near, key=lambda person: person.area, default=None)


@dataclass(slots=True)
class _Vehicle:
    """A vehicle and where it was first seen: one that crawls leaves that box."""

    box: BoundingBox
    since: datetime
    last_at: datetime


class SceneReader:
    """Digests the looks of one camera, in order."""

    def __init__(self, ground: Ground, permissions: Permissions, settings: RuleSettings) -> None:
        """Knows which vehicles stand; all else comes from the single look."""
        self._ground = ground
        self._permissions = permissions
        self._settings = settings
        self._vehicles: list[_Vehicle] = []
        self._looked_at: datetime | None = None

    def digest(self, observation: Observation, stride: Stride) -> tuple[Scene, tuple[Thing, ...]]:
        """The look as scene and things; things that stand nowhere on watched ground are left out."""
        movers = [found for found in observation.detections if found.role in MOVERS]
        loaders = [found.box for found in movers if found.role is Role.VEHICLE and found.label not in _NEVER_LOAD]
        scene = Scene(
            stride=stride,
            movers=tuple(found.box for found in movers),
            persons=tuple(found.box for found in movers if found.role is Role.PERSON),
            standing_vehicles=self._standing(loaders, stride.at),
            in_force=self._permissions.in_force(stride.at),
            all_allowed=self._permissions.all_allowed(stride.at),
        )
        found = [self._thing(item, scene) for item in _one_per_thing(observation.detections)]
        return scene, tuple(thing for thing in found if thing is not None)

    def _thing(self, found: Detection, scene: Scene) -> Thing | None:
        contact = self._settings.contact
        band = contact_band(found.label, found.role, found.box, contact.bands, found.foot)
        if not band or found.box.area > contact.max_box_area or _carried(found, scene.persons):
            return None
        footing = self._ground.footing(band, scene.in_force)
        if footing.watched < contact.min_share / 2:
            return None
        sure = found.certainty is Certainty.SURE
        return Thing(found.label, found.role, found.box, band, sure, found.standing_since, footing)

    def _standing(self, boxes: list[BoundingBox], at: datetime) -> tuple[BoundingBox, ...]:
        for box in boxes:
            known = max(self._vehicles, key=lambda vehicle: vehicle.box.iou(box), default=None)
            if known is None or known.box.iou(box) < _VEHICLE_IOU:
                self._vehicles.append(_Vehicle(box, at, at))
            else:
                known.last_at = at
        # Missed for a moment it is still the same one; after longer, the next in the lane takes its place.
        before, self._looked_at = self._looked_at or at, at
        self._vehicles = [vehicle for vehicle in self._vehicles if at - vehicle.last_at <= max(at - before, _VEHICLE_MISSED)]
        stood_s = [(vehicle.box, (at - vehicle.since).total_seconds()) for vehicle in self._vehicles if vehicle.last_at == at]
        return tuple(box for box, seconds in stood_s if seconds >= _VEHICLE_STANDS_S)


def _carried(found: Detection, persons: tuple[BoundingBox, ...]) -> bool:
    """Whether somebody wears or carries it: it lies in a person's box, and clear of the ground at their feet.

    What the static eye has seen standing is not carried, whoever stands before it.
    """
    if found.role is not Role.GOODS or found.source is DetectionSource.STATIC or found.standing_since is not None:
        return False
    return any(
        found.box.covered_by(person) >= _CARRIED_COVER and person.y_max - found.box.y_max >= _CARRIED_ABOVE_FEET * person.height
        for person in persons
    )


def _one_per_thing(detections: tuple[Detection, ...]) -> list[Detection]:
    """Things without doubles: what both eyes saw keeps the name that one gave and the memory of the other."""
    things = [found for found in detections if found.role in THING_ROLES]
    things.sort(key=lambda found: (found.source is DetectionSource.STATIC, found.role is Role.UNKNOWN_OBJECT))
    kept: list[Detection] = []
    for found in things:
        twin = max(
            (number for number, other in enumerate(kept) if _same_thing(found, other)),
            key=lambda number: kept[number].box.iou(found.box),
            default=None,
        )
        if twin is None:
            kept.append(found)
        else:
            kept[twin] = _joined(kept[twin], found)
    return kept


def _same_thing(one: Detection, other: Detection) -> bool:
    if one.role is Role.CANOPY or other.role is Role.CANOPY:
        return False
    if one.source is other.source or one.certainty is not other.certainty:
        # A bag on a table that may well belong there is not the table: a doubt is settled only by the very same box.
        return one.box.iou(other.box) >= _ONE_THING_IOU
    return same_place(one.box, other.box)


def _joined(kept: Detection, found: Detection) -> Detection:
    since = [moment for moment in (kept.standing_since, found.standing_since) if moment is not None]
    return replace(
        kept,
        certainty=Certainty.SURE if Certainty.SURE in {kept.certainty, found.certainty} else Certainty.UNCERTAIN,
        standing_since=min(since, default=None),
    )
