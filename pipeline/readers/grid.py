"""When a look is due: at 0, interval, 2 x interval, ... on the media timeline, never drifting."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SLACK_S = 1e-6
"""Time stamps are sums of fractions: a picture this much before its due time is at its due time."""


@dataclass(frozen=True, slots=True)
class MediaSpan:
    """Media times in which looks are due, both ends inclusive; ``until_s`` None: up to the end."""

    from_s: float = 0.0
    until_s: float | None = None

    @property
    def end_s(self) -> float:
        """The last of them; infinity for None."""
        return math.inf if self.until_s is None else self.until_s


WHOLE = MediaSpan()
"""All there is."""


class LookGrid:
    """Due times of one source, and which of them were lost."""

    def __init__(self, interval_s: float, from_s: float = 0.0) -> None:
        """``interval_s`` > 0 seconds between looks; the first is due at the first multiple of it at or after ``from_s``."""
        if not interval_s > 0 or not math.isfinite(interval_s):
            raise ValueError(f"interval_s must be a positive number of seconds, not {interval_s!r}")
        self.interval_s = interval_s
        self._next = max(0, math.ceil((from_s - _SLACK_S) / interval_s))

    @property
    def due_s(self) -> float:
        """Media time at which the next look is due, seconds."""
        return self._next * self.interval_s

    def is_due(self, media_time_s: float) -> bool:
        """Whether a picture of this time is at or after the next due time."""
        return media_time_s >= self.due_s - _SLACK_S

    def due_after(self, media_time_s: float) -> float:
        """The first due time after a look that was taken at this time."""
        return self._index_after(media_time_s) * self.interval_s

    def lost_before(self, media_time_s: float) -> list[float]:
        """Due times that no picture answered: another look is due at or before ``media_time_s``. They are done with."""
        last = max(self._next, self._index_after(media_time_s) - 1)
        lost = [index * self.interval_s for index in range(self._next, last)]
        self._next = last
        return lost

    def take(self, media_time_s: float) -> None:
        """A look was taken at this time: all due times up to it are done with."""
        self._next = max(self._next, self._index_after(media_time_s))

    def _index_after(self, media_time_s: float) -> int:
        return math.floor((media_time_s + _SLACK_S) / self.interval_s) + 1
