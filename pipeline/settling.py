"""When a violation is over: cleared, and past the time in which it may re-open. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.config import RuleSettings
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
    ``reopen_within`` is the longest time after clearing in which any violation may come back.
    """

    reopen_within: timedelta
    _running: dict[str, SettledViolation] = field(default_factory=dict)

    @classmethod
    def under(cls, rules: RuleSettings) -> Settling:
        """For these rule settings, overrides included."""
        seconds = [rules.dwell.reopen_within_s, *(o.reopen_within_s for o in rules.overrides if o.reopen_within_s is not None)]
        return cls(timedelta(seconds=max(seconds)))

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

    def take_settled(self, at: datetime) -> tuple[SettledViolation, ...]:
        """Hand out what is over at this time, oldest first."""
        return self._take(
            held
            for held in self._running.values()
            if held.violation.cleared_at is not None and at > held.violation.cleared_at + self.reopen_within
        )

    def take_all(self) -> tuple[SettledViolation, ...]:
        """Hand out everything, oldest first: the source has ended."""
        return self._take(self._running.values())

    def _take(self, over: Iterable[SettledViolation]) -> tuple[SettledViolation, ...]:
        taken = sorted(over, key=lambda held: (held.violation.first_seen_at, held.violation.violation_id))
        for held in taken:
            del self._running[held.violation.violation_id]
        return tuple(held for held in taken if held.violation.confirmed_at is not None)
