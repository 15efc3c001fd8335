"""The violations of one live camera whose evidence or row is still to be written."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.config import DoorlineSettings
from pipeline.errors import EvidenceError, NoPictureError, RecordError
from pipeline.live.disk import DiskRoom
from pipeline.live.keeping import Keeper, Moments, Wanted
from pipeline.reports import StoredViolation
from pipeline.settling import SettledViolation, Settling
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import Phase, Violation, ViolationEvent

_LOG = logging.getLogger(__name__)
_TRY_AGAIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class EvidenceTools:
    """What evidence is made with."""

    settings: DoorlineSettings
    camera_id: str
    keeper: Keeper
    store: ViolationStore
    source: JudgedSource
    storer: Executor
    """One thread that writes evidence and rows."""
    room: DiskRoom


@dataclass(slots=True)
class EvidenceQueue:
    """Stores a violation when it is opened, is cleared and comes back, each time as soon as the stream has shown what belongs to it.

    For one thread at a time, that which judges the camera; only the storing is done by another.
    """

    tools: EvidenceTools
    stored: dict[str, tuple[datetime | None, datetime | None]]
    """Violation id -> confirmed, cleared, of the rows that this run has of this camera."""
    _settling: Settling = field(default_factory=Settling)
    _held: dict[str, SettledViolation] = field(default_factory=dict)
    _storing: dict[str, Future[StoredViolation]] = field(default_factory=dict)
    _not_before: dict[str, datetime] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """Violations whose evidence or row is still to be written."""
        return len(self._held)

    @property
    def running(self) -> int:
        """Violations that are open."""
        return self._settling.confirmed

    @property
    def idle(self) -> bool:
        """Whether nothing is going on that a restart would have to know of."""
        return not self._held and not self._settling.in_hand()

    def take_in(self, events: Sequence[ViolationEvent], unsettled: Collection[str]) -> None:
        """What the rules said of a look, and what may still change after it (Rule.unsettled)."""
        self._settling.add(events)
        for event in events:
            held = self._settling.get(event.violation.violation_id)
            if held and event.violation.confirmed_at and event.phase in {Phase.OPENED, Phase.CLEARED, Phase.REOPENED}:
                self._held[event.violation.violation_id] = held
        for over in self._settling.take_settled(unsettled):
            if not self._is_stored(over):
                self._held[over.violation.violation_id] = over
            else:
                self._held.pop(over.violation.violation_id, None)

    def tend(self, now: datetime | None, standing_since: Sequence[datetime]) -> None:
        """Keep what evidence needs of the stream, and store what is complete.

        Args:
            now: when the last look was made; None before the first.
            standing_since: when what stands there, and is no violation yet, was first seen.
        """
        has_room = self.tools.room.is_enough
        # Read before the keeper does: what comes in meanwhile is kept at the next look, and so is not shown yet.
        end_s = self.tools.keeper.ring.end_s
        self.tools.keeper.tend(self._wanted(standing_since), may_write=has_room)
        self._collect(now)
        if now is None:
            return
        for violation_id, held in list(self._held.items()):
            newest = self._settling.get(violation_id) or held
            self._held[violation_id] = newest
            if violation_id in self._storing or self._not_before.get(violation_id, now) > now:
                continue
            if self._is_stored(newest):
                del self._held[violation_id]
            elif has_room and self._is_shown(newest, now, end_s):
                self._submit(newest)

    def flush(self, standing_since: Sequence[datetime]) -> None:
        """The stream ends: keep what there is by now of clips that are not complete."""
        if self.tools.room.is_enough:
            self.tools.keeper.flush(self._wanted(standing_since))

    def _is_stored(self, held: SettledViolation) -> bool:
        violation = held.violation
        return self.stored.get(violation.violation_id) == (violation.confirmed_at, violation.cleared_at)

    def _is_shown(self, held: SettledViolation, now: datetime, end_s: float | None) -> bool:
        """Whether the stream has gone on for as long as the clip and the picture after should; after long enough it must do without."""
        violation, settings = held.violation, self.tools.settings
        last = max(violation.confirmed_at or violation.first_seen_at, violation.cleared_at or violation.first_seen_at)
        needed_s = settings.evidence.after_s if violation.cleared_at is None else settings.looks.interval_s
        if now > last + timedelta(seconds=needed_s + settings.live.ring_s):
            return True
        return end_s is not None and end_s >= self.tools.source.media(last) + needed_s

    def _submit(self, held: SettledViolation) -> None:
        tools, written = self.tools, self.tools.keeper.written()

        def work() -> StoredViolation:
            for future in written:
                future.result()
            try:
                return tools.store.store(held, tools.source, tools.keeper.footage())
            except NoPictureError as err:
                _LOG.error("camera %s: violation %s has no evidence: %s", tools.camera_id, held.violation.violation_id, err)
                return tools.store.store_bare(held, tools.source, err.what)

        self._storing[held.violation.violation_id] = tools.storer.submit(work)

    def _collect(self, now: datetime | None) -> None:
        """See what became of what was to be stored. What failed is tried again: evidence waits on the disk, the violation in the log."""
        for violation_id, future in list(self._storing.items()):
            if not future.done():
                continue
            del self._storing[violation_id]
            try:
                done = future.result().violation
                self.stored[violation_id] = (done.confirmed_at, done.cleared_at)
                self._not_before.pop(violation_id, None)
            except (EvidenceError, RecordError, OSError) as err:
                _LOG.error("camera %s: violation %s could not be stored, trying again: %s", self.tools.camera_id, violation_id, err)
                if now is not None:
                    self._not_before[violation_id] = now + _TRY_AGAIN

    def _wanted(self, standing_since: Sequence[datetime]) -> Wanted:
        unsettled = [*self._settling.in_hand(), *(held for key, held in self._held.items() if self._settling.get(key) is None)]
        return Wanted([self.tools.source.media(at) for at in standing_since], [self._moments(held.violation) for held in unsettled])

    def _moments(self, violation: Violation) -> Moments:
        media = self.tools.source.media
        confirmed, cleared = (None if at is None else media(at) for at in (violation.confirmed_at, violation.cleared_at))
        return Moments(media(violation.first_seen_at), confirmed, cleared)
