"""When a violation is over: cleared, and past all that may re-open it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from pipeline.types import Violation, ViolationEvent


@dataclass(frozen=True, slots=True)
class SettledViolation:
    """The last snapshot of a violation and the events of its life, in order."""

    violation: Violation
    events: tuple[ViolationEvent, ...]


@dataclass(slots=True)
class Settling:
    """Keeps the violations of one camera until they are over, and hands each out once.

    Violations that were warned about and never confirmed are dropped when they end: a warning is no record.
    """

    _running: dict[str, SettledViolation] = field(default_factory=dict)

    @property
    def confirmed(self) -> int:
        """Violations in hand that reached their dwell."""
        return sum(held.violation.confirmed_at is not None for held in self._running.values())

    def get(self, violation_id: str) -> SettledViolation | None:
        """A violation in hand; None where it is over, or was never told of."""
        return self._running.get(violation_id)

    def in_hand(self) -> tuple[SettledViolation, ...]:
        """All that are not over, warned ones too."""
        return tuple(self._running.values())

    def add(self, events: Iterable[ViolationEvent]) -> None:
        """Take the newest snapshot of each violation."""
        for event in events:
            before = self._running.get(event.violation.violation_id)
            earlier = before.events if before else ()
            self._running[event.violation.violation_id] = SettledViolation(event.violation, (*earlier, event))

    def take_settled(self, unsettled: Collection[str]) -> tuple[SettledViolation, ...]:
        """Hand out what is over, oldest first. ``unsettled``: what the rules say may still change, by id (Rule.unsettled)."""
        return self._take(held for name, held in self._running.items() if name not in unsettled)

    def take_all(self) -> tuple[SettledViolation, ...]:
        """Hand out everything, oldest first: the source has ended."""
        return self._take(self._running.values())

    def _take(self, over: Iterable[SettledViolation]) -> tuple[SettledViolation, ...]:
        taken = sorted(over, key=lambda held: (held.violation.first_seen_at, held.violation.violation_id))
        for held in taken:
            del self._running[held.violation.violation_id]
        return tuple(held for held in taken if held.violation.confirmed_at is not None)
