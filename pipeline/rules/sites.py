"""What becomes one violation: the slots of one shop, or the neighbouring slots of one public place, and its life."""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from pipeline.config import DwellSettings
from pipeline.rules.occupancy import Mark, Occupancy, Stride
from pipeline.rules.slots import Slot
from pipeline.types import BoundingBox, Phase, Target, TargetKind, Violation, ViolationEvent, ViolationKind


class Stage(Enum):
    """How far a site has come."""

    WATCHED = "watched"
    """Something stands there, nobody was told yet."""
    WARNED = "warned"
    OPEN = "open"
    CLEARED = "cleared"
    """Kept for the re-open time: what comes back then is the same violation."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the violations of one engine have in common.

    ``timeline`` is empty where times are wall-clock times, else a name of the source's content: two clips with
    unknown clocks start at the same epoch and are still different footage.
    """

    camera_id: str
    timeline: str
    rule_version: str

    def violation_id(self, kind: ViolationKind, target: Target, first_seen_at: datetime, box: BoundingBox) -> str:
        """16 hex digits from what it is: the same footage judged by the same rules gives the same id.

        Two piles of one public place may be first seen at the same look, so there its box at the time of the warning is part of what it is.
        """
        parts = [self.camera_id, kind.value, target.kind.value, ",".join(target.shop_codes), target.place]
        parts += [first_seen_at.isoformat(), self.timeline]
        if target.kind is TargetKind.PLACE:
            parts.append(f"{box.x_min!r},{box.y_min!r},{box.x_max!r},{box.y_max!r}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(slots=True, eq=False)
class Site:
    """One violation in the making, open, or just cleared.

    Until it is warned of, kind and target are only what it looks like so far. The warning settles the target and
    the id; opening may correct the kind once more (a vendor who left makes a warned stall a pile), under the same id.
    """

    kind: ViolationKind
    target: Target
    members: list[Slot]
    occupancy: Occupancy
    box: BoundingBox
    things: tuple[BoundingBox, ...]
    peak_things: int
    peak_at: datetime
    stage: Stage = Stage.WATCHED
    violation_id: str = ""
    warned_at: datetime | None = None
    confirmed_at: datetime | None = None
    cleared_at: datetime | None = None
    labels: set[str] = field(default_factory=set)
    changed: bool = False
    """The number of things standing has changed since the last event."""
    returned: bool = False
    """Reopened at this look."""
    fresh: bool = True
    """Founded or reopened at this look, which is counted already."""

    @classmethod
    def founded_by(cls, slot: Slot, kind: ViolationKind, target: Target, at: datetime) -> Site:
        """A site at the look at which its first slot had stood long enough to be taken for more than a passing thing."""
        return cls(kind, target, [slot], copy(slot.occupancy), slot.box, (slot.box,), 1, at)

    @property
    def public(self) -> bool:
        """Whether it stands on public ground."""
        return self.target.kind is TargetKind.PLACE

    @property
    def active(self) -> bool:
        """Whether something stands there as far as is known."""
        return self.stage is not Stage.CLEARED

    @property
    def told(self) -> bool:
        """Whether anybody was told of it and it has not ended."""
        return self.stage in {Stage.WARNED, Stage.OPEN}

    def add(self, slot: Slot, at: datetime) -> None:
        """One more thing stands there."""
        slot.judged |= self.stage is Stage.OPEN
        self.members.append(slot)
        self.changed = True
        self._take_stock(at)

    def take_in(self, other: Site, at: datetime) -> None:
        """Two sites turn out to be the same."""
        for slot in other.members:
            slot.judged |= self.stage is Stage.OPEN
        self.members += other.members
        self.changed = True
        self._take_stock(at)

    def adopt_longest(self) -> bool:
        """Before anybody is told: take over the dwell of a member that is known to have stood longer than the site was.

        The past of a slot may be filled in after it founded the site. True if this look is counted thereby.
        """
        seen = [slot for slot in self.members if slot.mark is Mark.PRESENT]
        longest = max(seen, key=lambda slot: slot.occupancy.dwell_s, default=None)
        if self.stage is not Stage.WATCHED or longest is None:
            return False
        ahead = longest.occupancy.first_seen_at < self.occupancy.first_seen_at
        if not ahead or longest.occupancy.dwell_s <= self.occupancy.dwell_s:
            return False
        self.occupancy = copy(longest.occupancy)
        self._take_stock(longest.occupancy.last_seen_at)
        return True

    def mark(self, newcomer: bool) -> Mark:
        """What a look says of the whole site. A newcomer that may turn out to belong to it keeps it from counting as clear."""
        marks = {slot.mark for slot in self.members}
        if Mark.PRESENT in marks:
            return Mark.PRESENT
        if Mark.HIDDEN in marks:
            return Mark.HIDDEN
        return Mark.UNCERTAIN if Mark.UNCERTAIN in marks or newcomer else Mark.ABSENT

    def look(self, stride: Stride, mark: Mark, dwell: DwellSettings) -> None:
        """Fold in one look."""
        seen = [slot for slot in self.members if slot.mark is Mark.PRESENT]
        graced = bool(seen) and all(slot.occupancy.graced for slot in seen)
        self.occupancy.look(stride, mark, dwell, graced=graced)
        if mark is Mark.PRESENT:
            self._take_stock(stride.at)

    def warn(self, identity: Identity, at: datetime) -> None:
        """Settle what and where it is."""
        self.violation_id = identity.violation_id(self.kind, self.target, self.occupancy.first_seen_at, self.box)
        self.stage, self.warned_at = Stage.WARNED, at

    def open(self, kind: ViolationKind, at: datetime) -> None:
        """It stood there long enough."""
        self.kind, self.stage, self.confirmed_at = kind, Stage.OPEN, at
        for slot in self.members:
            slot.judged = True

    def clear(self, at: datetime) -> None:
        """Nothing stands there any more."""
        self.labels |= {slot.label for slot in self.members}
        self.stage, self.cleared_at, self.members = Stage.CLEARED, at, []

    def reopen(self, slot: Slot, at: datetime) -> None:
        """Something stands there again: the same violation. A dwell that was never reached begins anew."""
        if self.confirmed_at is None:
            self.occupancy = copy(slot.occupancy)
            self.stage = Stage.WARNED
        else:
            self.occupancy.resume(slot.occupancy)
            self.stage = Stage.OPEN
        self.cleared_at = None
        self.returned = self.fresh = True
        self.add(slot, at)

    def event(self, phase: Phase, at: datetime, total_gap_s: float, versions: tuple[Identity, str]) -> ViolationEvent:
        """The step together with the violation as known now. ``versions``: whose it is, and the zone version."""
        identity, zone_version = versions
        seen = self.occupancy
        violation = Violation(
            violation_id=self.violation_id,
            kind=self.kind,
            camera_id=identity.camera_id,
            target=self.target,
            labels=tuple(sorted(self.labels | {slot.label for slot in self.members})),
            box=self.box,
            things=self.things,
            first_seen_at=seen.first_seen_at,
            warned_at=self.warned_at,
            confirmed_at=self.confirmed_at,
            last_seen_at=seen.last_seen_at,
            cleared_at=self.cleared_at,
            dwell_s=round(seen.dwell_s, 3),
            gap_s=round(total_gap_s - seen.gap_base_s, 3),
            present_looks=seen.present_looks,
            observed_looks=seen.observed_looks,
            hidden_looks=seen.hidden_looks,
            peak_things=self.peak_things,
            peak_at=self.peak_at,
            zone_version=zone_version,
            rule_version=identity.rule_version,
        )
        return ViolationEvent(phase, at, violation)

    def leave(self, slot: Slot) -> None:
        """One thing is gone for good; what it was is remembered."""
        self.labels.add(slot.label)
        self.members.remove(slot)
        if self.members:
            self.things = tuple(member.box for member in self.members)
            self.changed = True

    def _take_stock(self, at: datetime) -> None:
        self.things = tuple(slot.box for slot in self.members)
        for box in self.things:
            self.box = self.box.union(box)
        if len(self.members) > self.peak_things:
            self.peak_things, self.peak_at = len(self.members), at
