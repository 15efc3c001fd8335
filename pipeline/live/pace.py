"""How far apart looks are: as asked for, or further while more come than can be judged."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Stretches the time between looks evenly for all cameras while more looks come than can be judged. One thread tells, any may ask."""

    _HARDER = 1.25
    _BUSY = 0.93
    """Share of their time for which those who judge should be busy at most ..."""
    _TOO_BUSY = 0.97
    """... and from which on looks pile up until some are dropped: that is seen coming."""
    _MOST_EASIER = 0.5
    _LONGEST = 6.0
    _EVERY_S = 10.0
    _MANY = 0.05
    """More than this share of the pictures dropped is overload."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """At the pace that the settings ask for."""
        self._monotonic = monotonic
        self._factor = 1.0
        self._told_s = monotonic()
        self._before = (0, 0, 0.0)

    @property
    def factor(self) -> float:
        """By how much the time between looks is stretched, 1..6."""
        return self._factor

    def note(self, judged: int, dropped: int, busy_s: float) -> bool:
        """Take in what came since the start; whether the pace has changed.

        Args:
            judged: looks.
            dropped: pictures for which there was no time.
            busy_s: for how long those who judge were at it, in the mean of them.
        """
        now_s = self._monotonic()
        spent_s = now_s - self._told_s
        if spent_s < self._EVERY_S:
            return False
        self._told_s = now_s
        done, lost, busy = judged - self._before[0], dropped - self._before[1], (busy_s - self._before[2]) / spent_s
        self._before = (judged, dropped, busy_s)
        before = self._factor
        if lost > self._MANY * max(1, done + lost):
            self._factor = min(self._LONGEST, self._factor * self._HARDER)
        elif busy > self._TOO_BUSY or (lost == 0 and busy < self._BUSY):
            # To the pace at which they would just be busy enough; looks cost the same whatever the pace.
            self._factor = min(self._LONGEST, max(1.0, self._factor * max(self._MOST_EASIER, busy / self._BUSY)))
        return self._factor != before
