"""Looks on their way from many cameras to the one who judges: the newest wins, nothing is lost unseen."""

from __future__ import annotations

from collections import deque
from threading import Condition

from pipeline.readers.key_frames import DueLook
from pipeline.types import MissedLook

_MOST_GAPS = 64


class LookQueue:
    """Per stream at most one picture waits, with the gaps before it. Any thread puts, one takes."""

    def __init__(self) -> None:
        """Empty."""
        self._waiting: dict[int, deque[DueLook]] = {}
        self._changed = Condition()
        self._dropped: dict[int, int] = {}

    def put(self, stream: int, look: DueLook) -> None:
        """Add a look of this stream, later than all before. A picture that still waits is dropped for a newer one, and counted.

        Gaps stay: that nothing was seen must not be forgotten. Of very many, those in the middle go.
        """
        with self._changed:
            waiting = self._waiting.setdefault(stream, deque())
            if not isinstance(look, MissedLook):
                kept = [each for each in waiting if isinstance(each, MissedLook)]
                self._dropped[stream] = self._dropped.get(stream, 0) + len(waiting) - len(kept)
                waiting.clear()
                waiting.extend(kept)
            elif len(waiting) >= _MOST_GAPS:
                gaps = [place for place, each in enumerate(waiting) if isinstance(each, MissedLook)]
                del waiting[gaps[len(gaps) // 2]]
            waiting.append(look)
            self._changed.notify()

    def take(self, wait_s: float) -> tuple[int, list[DueLook]] | None:
        """The stream that has waited longest, and what waits of it, in order.

        Waits up to ``wait_s`` seconds for a look; None where none came.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting), wait_s)
            if not self._waiting:
                return None
            stream = next(iter(self._waiting))
            return stream, list(self._waiting.pop(stream))

    def waiting(self) -> int:
        """Streams of which something waits."""
        with self._changed:
            return len(self._waiting)

    def dropped(self, stream: int) -> int:
        """Pictures of this stream that nobody had time for."""
        with self._changed:
            return self._dropped.get(stream, 0)
