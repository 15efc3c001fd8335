"""How far apart looks are: as asked for, or further while more come than can be judged."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Stretches the time between looks evenly for all cameras while more looks come than can be judged. One thread tells, any may ask."""

    _HARDER = 1.25
    _EASIER = 0.9
    _LONGEST = 6.0
    _EVERY_S = 10.0
    _MANY = 0.05
    """More than this share of the pictures dropped is overload."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """At the pace that the settings ask for."""
        self._monotonic = monotonic
        self._factor = 1.0
        self._told_s = monotonic()
        self._before = (0, 0)

    @property
    def factor(self) -> float:
        """By how much the time between looks is stretched, 1..6."""
        return self._factor

    def note(self, judged: int, dropped: int) -> bool:
        """Take in how many pictures were judged and dropped since the start; whether the pace has changed."""
        now_s = self._monotonic()
        if now_s - self._told_s < self._EVERY_S:
            return False
        self._told_s = now_s
        done, lost = judged - self._before[0], dropped - self._before[1]
        self._before = (judged, dropped)
        before = self._factor
        if lost > self._MANY * max(1, done + lost):
            self._factor = min(self._LONGEST, self._factor * self._HARDER)
        elif lost == 0:
            self._factor = max(1.0, self._factor * self._EASIER)
        return self._factor != before
