"""Coverage counted from the logs for everybody who looks: one count at a time, in a thread of its own, and kept for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Condition, Thread

from pipeline.coverage_logs import CoverageReport
from pipeline.errors import PipelineError

_KEEP_S = 60.0
"""Until then whoever asks for the same gets the same, also of today."""
_MOST = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to count: of these cameras, from when to when; aware."""

    cameras: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and when it was."""

    report: CoverageReport
    at: datetime


@dataclass(frozen=True, slots=True)
class Counting:
    """How far a count has come: cameras of all; 0 of 0 where another one comes first."""

    done: int
    of: int


Count = Callable[[Wanted, datetime, Callable[[int], None]], CoverageReport]
"""Counts up to an end that is not in the future, and tells how many cameras are done."""


class CoverageCounts:
    """Belongs to all threads that answer requests."""

    def __init__(self, count: Count, now: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nothing is counted. ``count`` raises nothing but PipelineError."""
        self._count = count
        self._now = now
        self._monotonic = monotonic
        self._changed = Condition()
        self._kept: OrderedDict[Wanted, tuple[float, Counted | PipelineError]] = OrderedDict()
        self._running: Wanted | None = None
        self._done = 0

    def look(self, wanted: Wanted, wait_s: float) -> Counted | Counting:
        """What was counted, if it is there within ``wait_s``; else how far it is. Raises the PipelineError that ended the count."""
        with self._changed:
            if self._lasting(wanted) is None:
                self._begin(wanted)
                self._changed.wait_for(lambda: self._lasting(wanted) is not None, wait_s)
            found = self._lasting(wanted)
            if isinstance(found, PipelineError):
                raise found
            if found is not None:
                return found
            return Counting(self._done, len(wanted.cameras)) if self._running == wanted else Counting(0, 0)

    def _lasting(self, wanted: Wanted) -> Counted | PipelineError | None:
        at_s, found = self._kept.get(wanted, (float("-inf"), None))
        return found if self._monotonic() - at_s < _KEEP_S else None

    def _begin(self, wanted: Wanted) -> None:
        if self._running is None:
            self._running, self._done = wanted, 0
            Thread(target=self._go, args=(wanted,), name="counting-coverage", daemon=True).start()

    def _go(self, wanted: Wanted) -> None:
        found: Counted | PipelineError | None = None
        try:
            now = self._now()
            found = Counted(self._count(wanted, min(wanted.until, now), self._tell), now)
        except PipelineError as err:
            found = err
        finally:
            with self._changed:
                self._running = None
                if found is not None:
                    self._kept[wanted] = (self._monotonic(), found)
                    self._kept.move_to_end(wanted)
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
                self._changed.notify_all()

    def _tell(self, done: int) -> None:
        with self._changed:
            self._done = done
