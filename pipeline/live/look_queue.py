"""Looks on their way from many cameras to the one who judges: the newest wins, nothing is lost unseen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition

from pipeline.types import Frame, Look, MissedLook

_MOST_GAPS = 64


class LookQueue:
    """Per camera at most one picture waits, with the gaps before it. Any thread puts, one takes."""

    def __init__(self) -> None:
        """Empty."""
        self._waiting: dict[str, deque[Look]] = {}
        self._changed = Condition()
        self._dropped: dict[str, int] = {}
        self._closed = False

    def put(self, look: Look) -> None:
        """Add a look of its camera, later than all before. A picture that still waits is dropped for a newer one, and counted.

        Gaps stay: that nothing was seen must not be forgotten. Of very many, those in the middle go.
        """
        with self._changed:
            waiting = self._waiting.setdefault(look.camera_id, deque())
            if isinstance(look, Frame):
                kept = [each for each in waiting if isinstance(each, MissedLook)]
                self._dropped[look.camera_id] = self._dropped.get(look.camera_id, 0) + len(waiting) - len(kept)
                waiting.clear()
                waiting.extend(kept)
            elif len(waiting) >= _MOST_GAPS:
                gaps = [place for place, each in enumerate(waiting) if isinstance(each, MissedLook)]
                del waiting[gaps[len(gaps) // 2]]
            waiting.append(look)
            self._changed.notify()

    def take(self, cameras: int, wait_s: float) -> list[list[Look]]:
        """What waits of at most so many cameras, each in order, those that have waited longest first.

        Waits up to ``wait_s`` seconds for the first look; empty where none came, or once closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._closed, wait_s)
            taken = []
            for camera_id in list(self._waiting)[:cameras]:
                taken.append(list(self._waiting.pop(camera_id)))
            return taken

    def close(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def waiting(self) -> int:
        """Cameras of which something waits."""
        with self._changed:
            return len(self._waiting)

    def dropped(self, camera_id: str) -> int:
        """Pictures of this camera that nobody had time for."""
        with self._changed:
            return self._dropped.get(camera_id, 0)

    def dropped_in_all(self) -> int:
        """Pictures that nobody had time for, of all cameras."""
        with self._changed:
            return sum(self._dropped.values())


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
