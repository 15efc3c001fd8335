"""One thing in one place: a slot, and all that its looks told about it. No track: a slot never moves far."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import exp
from statistics import median

from pipeline.config import DwellSettings
from pipeline.rules.contact import SAME_PLACE_COVER, SAME_PLACE_IOU
from pipeline.rules.ground import Footing
from pipeline.rules.occupancy import Mark, Occupancy, Stride
from pipeline.rules.scene import Scene, Thing
from pipeline.types import BoundingBox, Role

STILL_STANDS = 0.8
"""A thing that stands there goes on standing there while its share keeps to this much of the needed one."""
NAMED_SHARE = 0.2
"""A thing that was named in this share of its looks has that role; the other looks just could not tell."""
_LONGEST_ATTENDANCE = 20_000
"""Looks of which attendance is kept one by one; the older half is dropped then, so that memory stays flat."""
_REMEMBERED_LOOKS = 31
"""So many of the last looks say on whose ground it stands."""
_SETTLING_S = 30.0
"""Time constant with which a slot's box and share of ground follow its detections."""


@dataclass(slots=True)
class Attendance:
    """At which looks a person attended. Every observed look that did not find the place empty counts."""

    times: list[datetime] = field(default_factory=list)
    attended: list[int] = field(default_factory=list)
    """Running sum, going on from ``base``."""
    base: int = 0
    persons: int = 0
    person_area_sum: float = 0.0

    def add(self, at: datetime, person: BoundingBox | None) -> None:
        """Count one look."""
        if len(self.times) >= _LONGEST_ATTENDANCE:
            half = _LONGEST_ATTENDANCE // 2
            self.base = self.attended[half - 1]
            del self.times[:half], self.attended[:half]
        so_far = self.attended[-1] if self.attended else self.base
        self.times.append(at)
        self.attended.append(so_far + (person is not None))
        if person is not None:
            self.persons += 1
            self.person_area_sum += person.area

    def share(self, since: datetime) -> float:
        """Share 0..1 of the looks from this time on at which a person attended; 0 without any look."""
        first = bisect_left(self.times, since)
        looks = len(self.times) - first
        if not looks:
            return 0.0
        before = self.attended[first - 1] if first else self.base
        return (self.attended[-1] - before) / looks

    @property
    def person_area(self) -> float:
        """Mean box area of the attending persons, as a fraction of the picture; 0 without any."""
        return self.person_area_sum / self.persons if self.persons else 0.0


@dataclass(slots=True, eq=False)
class Slot:
    """A place that something occupies. Starts at a look that saw it there."""

    box: BoundingBox
    occupancy: Occupancy
    footing_share: float
    """Share of its contact band on forbidden ground, following the looks slowly."""
    mark: Mark = Mark.PRESENT
    """What the last observed look said."""
    footings: deque[Footing] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_LOOKS))
    """Where the last looks saw it stand."""
    names: Counter[tuple[Role, str]] = field(default_factory=Counter)
    """How often it was seen as what."""
    attendance: Attendance = field(default_factory=Attendance)
    allowed: bool = False
    """What was seen here at the last look is allowed now."""
    backdated_from: datetime | None = None
    """Up to when its past was filled in from what the static eye remembers."""
    limits: tuple[datetime, DwellSettings] | None = None
    """The dwell that held at the look of that time."""
    judged: bool = False
    """Belongs to a violation that was opened: nothing more is decided from its attendance."""

    @classmethod
    def starting(cls, thing: Thing, footing: Footing, stride: Stride, *, graced: bool) -> Slot:
        """A new slot at the place of a thing; the look is not counted in its sums yet."""
        return cls(thing.box, Occupancy.starting(stride, graced=graced), footing.forbidden)

    @property
    def role(self) -> Role:
        """What it is: the role it was named most often, unless it was hardly ever named."""
        named: dict[Role, int] = {}
        for (role, _), count in self.names.items():
            if role is not Role.UNKNOWN_OBJECT:
                named[role] = named.get(role, 0) + count
        if named and sum(named.values()) >= NAMED_SHARE * self.names.total():
            return max(sorted(named), key=lambda role: named[role])
        return Role.UNKNOWN_OBJECT

    @property
    def label(self) -> str:
        """The most frequent label of its role."""
        role = self.role
        fitting = sorted(name for name_role, name in self.names if name_role is role)
        return max(fitting, key=lambda name: self.names[role, name], default=role.value)

    @property
    def shops(self) -> dict[str, float]:
        """Shop code -> share of its contact band in that frontage, times the looks that saw it."""
        return self._usual([footing.shops for footing in self.footings])

    @property
    def places(self) -> dict[str, float]:
        """Public place -> share of its contact band there, times the looks that saw it."""
        return self._usual([footing.places for footing in self.footings])

    def add(self, thing: Thing, footing: Footing) -> None:
        """Count what one look saw here."""
        self.footings.append(footing)
        self.names[thing.role, thing.label] += 1

    def follow(self, thing: Thing, at: datetime) -> None:
        """Let the box and the share of ground drift towards what was seen: by time, so that the rate of looks doesn't matter."""
        elapsed_s = (at - self.occupancy.last_seen_at).total_seconds()
        part = 1 - exp(-elapsed_s / _SETTLING_S)
        self.footing_share += part * (thing.footing.forbidden - self.footing_share)
        if thing.box.iou(self.box) >= SAME_PLACE_IOU or thing.box.covered_by(self.box) >= SAME_PLACE_COVER:
            self.box = BoundingBox(
                self.box.x_min + part * (thing.box.x_min - self.box.x_min),
                self.box.y_min + part * (thing.box.y_min - self.box.y_min),
                self.box.x_max + part * (thing.box.x_max - self.box.x_max),
                self.box.y_max + part * (thing.box.y_max - self.box.y_max),
            )

    def attend(self, scene: Scene, reach: float, aspect: float) -> None:
        """Note whether a person attends at this look. A look that found the place empty says nothing of it."""
        if not self.judged and self.mark is not Mark.ABSENT:
            self.attendance.add(scene.stride.at, scene.attendant(self.box, reach, aspect))

    def restart(self, stride: Stride) -> None:
        """Begin anew after too long without sight of it."""
        self.occupancy.restart(stride)
        self.footings.clear()
        self.names, self.attendance = Counter(), Attendance()

    def forgotten(self) -> bool:
        """Whether it has been gone for as long as it had stood: it passed by, or was carried."""
        return self.occupancy.clear_looks > 0 and self.occupancy.clear_span_s >= self.occupancy.age_s

    def _usual(self, looks: list[tuple[tuple[str, float], ...]]) -> dict[str, float]:
        """The median over the looks, not the mean: before somebody set it down they carried it over a neighbour's ground."""
        shares = [dict(look) for look in looks]
        names = dict.fromkeys(name for look in shares for name in look)
        usual = {name: median(look.get(name, 0.0) for look in shares) for name in names}
        return {name: share * self.names.total() for name, share in usual.items() if share > 0}


def total_of(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Sum shares over several slots, in order."""
    total: dict[str, float] = {}
    for part in parts:
        for name, share in part.items():
            total[name] = total.get(name, 0.0) + share
    return total
