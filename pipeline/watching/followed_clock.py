"""The program's steady time, in a process that was told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock


class FollowedClock:
    """Goes on from the last beat; never falls. Usable from several threads."""

    def __init__(self, now: datetime, monotonic_s: float, monotonic: Callable[[], float]) -> None:
        """``monotonic`` is the same clock here and where ``monotonic_s`` was read."""
        self._monotonic = monotonic
        self._lock = Lock()
        self._beat = (now, monotonic_s)
        self._latest = now

    def follow(self, now: datetime, monotonic_s: float) -> None:
        """Take in another beat."""
        with self._lock:
            self._beat = (now, monotonic_s)

    def now(self) -> datetime:
        """Aware UTC."""
        with self._lock:
            at, monotonic_s = self._beat
            self._latest = max(self._latest, at + timedelta(seconds=self._monotonic() - monotonic_s))
            return self._latest
