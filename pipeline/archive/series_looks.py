"""Looks of a series: each recording's own, put on one timeline, with what lies between two of them as a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.archive.recordings import Recording
from pipeline.types import Frame, GapReason, Look, MissedLook

_BEFORE = timedelta(milliseconds=1)
_LONGEST_STEP = 2.0
"""Intervals between two looks: as much as a reader allows within one recording."""


@dataclass(slots=True)
class SeriesTimeline:
    """Where looking has come to. Media times of the series count from the start of its first recording."""

    start_at: datetime
    interval_s: float
    last_at: datetime | None = None
    """Of the last look."""

    def from_s(self, recording: Recording) -> float:
        """From which media time of this recording on looks are wanted: the time that the one before has shown is not looked at twice.

        Half an interval after the last look at the earliest, so that looks stay about as far apart as they should be.
        """
        if self.last_at is None:
            return recording.from_s
        return max(recording.from_s, (self.last_at - recording.start_at).total_seconds() + self.interval_s / 2)

    def looks(self, own: Iterable[Look]) -> Iterator[Look]:
        """The looks of the next recording on the timeline of the series; before the first, a gap where time lies between."""
        is_first = True
        for look in own:
            if self.last_at is not None and look.captured_at <= self.last_at:
                continue
            if is_first and self.last_at is not None:
                hole_s = (look.captured_at - self.last_at).total_seconds()
                if hole_s > _LONGEST_STEP * self.interval_s:
                    at = look.captured_at - _BEFORE
                    yield MissedLook(look.camera_id, at, self._media(at), GapReason.NO_LOOK)
            is_first = False
            self.last_at = look.captured_at
            yield self._moved(look)

    def _moved(self, look: Look) -> Look:
        media_time_s = self._media(look.captured_at)
        if isinstance(look, Frame):
            return Frame(look.camera_id, look.captured_at, media_time_s, look.picture)
        return replace(look, media_time_s=media_time_s)

    def _media(self, at: datetime) -> float:
        return (at - self.start_at).total_seconds()
