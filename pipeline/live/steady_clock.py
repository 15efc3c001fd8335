"""Time that neither jumps nor stands still, whatever is done to the clock of the machine."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

_LOG = logging.getLogger(__name__)
_FOLLOWS_WITHIN_S = 2.0
"""The machine's clock is followed while it is off by less than this (a time server at work); beyond, somebody has set it."""
_FASTEST = 0.01
"""Seconds per second by which the machine's clock is followed."""


class SteadyClock:
    """Wall-clock time for dwell and records. Usable from several threads.

    A clock that was set while looking (a time zone put right, a dead battery) would make things stand for eight hours, or not at
    all. So time goes on from where it began, follows small corrections slowly, and says so once where the two
    have parted: a restart takes the new time.
    """

    def __init__(self, wall: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        """Begin with the machine's time. ``monotonic``: seconds that run on."""
        self._wall = wall
        self._monotonic = monotonic
        self._lock = Lock()
        self._now = wall()
        self._at_s = monotonic()
        self._parted = False

    def now(self) -> datetime:
        """The time, aware UTC; never earlier than before."""
        with self._lock:
            at_s = self._monotonic()
            passed_s = max(0.0, at_s - self._at_s)
            self._at_s = at_s
            self._now += timedelta(seconds=passed_s)
            off_s = (self._wall() - self._now).total_seconds()
            self._note(off_s)
            if abs(off_s) <= _FOLLOWS_WITHIN_S:
                most_s = _FASTEST * passed_s
                self._now += timedelta(seconds=min(most_s, max(-most_s, off_s)))
            return self._now

    @property
    def parted(self) -> bool:
        """Whether the machine's clock was set while this one ran."""
        return self._parted

    def _note(self, off_s: float) -> None:
        parted = abs(off_s) > _FOLLOWS_WITHIN_S
        if parted and not self._parted:
            _LOG.warning("the clock of this machine was set by %+.0f s; times go on as before until the next start", off_s)
        self._parted = parted
