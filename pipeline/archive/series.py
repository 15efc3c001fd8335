"""Recordings of one camera that follow each other: one timeline, on which a dwell runs across the border of files. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.archive.recordings import Recording
from pipeline.config import CameraSettings
from pipeline.types import ClockSource

_SAME = timedelta(seconds=2)
"""Names hold whole seconds, and containers claim a little more or less than they hold."""
_MOST_OVERLAP = 0.5
"""Of the shorter of two neighbours. More is no recorder's habit of beginning a file before the last has ended."""
_NOTABLE_HOLE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Series:
    """What is judged as one: recordings of one camera in rising time, at least one.

    ``notes`` are sentences about single recordings, by their uri: holes before them, times that disagree with those of neighbours.
    """

    recordings: tuple[Recording, ...]
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def camera(self) -> CameraSettings:
        """Whose they are."""
        return self.recordings[0].camera

    @property
    def first(self) -> Recording:
        """The one that names the series."""
        return self.recordings[0]

    @property
    def wanted_s(self) -> float:
        """Seconds to be looked at, as far as is known."""
        return sum(each.wanted_s for each in self.recordings)

    def content_of(self, first: int) -> str:
        """32 hex digits of all that is to be looked at in so many recordings: the same again where nothing of it has changed."""
        parts = (each.looked_at for each in self.recordings[:first])
        return hashlib.sha256("\n".join((self.camera.id, *parts)).encode()).hexdigest()[:32]

    def notes_of(self, recording: Recording) -> tuple[str, ...]:
        """What there is to say of one of them."""
        return tuple(note for uri, note in self.notes if uri == recording.uri)


@dataclass(frozen=True, slots=True)
class Covered:
    """A recording of a time that another one of the same camera shows already."""

    recording: Recording
    by: Recording


def series_of(recordings: Iterable[Recording], *, apart_s: float) -> tuple[tuple[Series, ...], tuple[Covered, ...]]:
    """Join what follows each other, cameras by id and series by time; and what needs no look, as others show the same time.

    A recording whose clock is unknown is a series of its own, and so is one whose start was given by hand: all those would begin at the
    same moment.

    Args:
        recordings: of any cameras, in any order.
        apart_s: after a hole longer than this, looking begins anew.
    """
    by_camera: dict[str, list[Recording]] = defaultdict(list)
    alone: list[Recording] = []
    for each in recordings:
        can_follow = each.clock.known and each.clock.source is not ClockSource.GIVEN
        (by_camera[each.camera.id] if can_follow else alone).append(each)
    series: list[Series] = []
    covered: list[Covered] = []
    for camera_id in sorted(by_camera):
        ordered = sorted(by_camera[camera_id], key=lambda each: (each.start_at, -(each.duration_s or 0.0), each.uri))
        kept, left_out = _uncovered(ordered)
        covered += left_out
        series += _joined(kept, timedelta(seconds=apart_s))
    series += [Series((each,)) for each in alone]
    return tuple(series), tuple(covered)


def _uncovered(ordered: Sequence[Recording]) -> tuple[list[Recording], list[Covered]]:
    kept: list[Recording] = []
    covered: list[Covered] = []
    for each in ordered:
        longest = max((other for other in kept if other.end_at is not None), key=lambda other: other.end_at or other.start_at, default=None)
        if longest is not None and _is_shown_by(longest, each):
            covered.append(Covered(each, longest))
        else:
            kept.append(each)
    return kept, covered


def _is_shown_by(other: Recording, each: Recording) -> bool:
    """Whether ``other`` shows the whole time of ``each``; what only begins where it ends is no part of it."""
    if other.end_at is None or each.end_at is None:
        return False
    return other.start_at <= each.start_at and each.end_at <= other.end_at + _SAME and each.start_at + _SAME < other.end_at


def _joined(ordered: Sequence[Recording], apart: timedelta) -> list[Series]:
    series: list[Series] = []
    run: list[Recording] = []
    notes: list[tuple[str, str]] = []
    end_at: datetime | None = None
    for each in ordered:
        hole = each.start_at - end_at if run and end_at is not None else timedelta(0)
        if run and hole > apart:
            series.append(Series(tuple(run), tuple(notes)))
            run, notes, hole = [], [], timedelta(0)
        if run:
            note = _note(run[-1], each, hole)
            if note:
                notes.append((each.uri, note))
        run.append(each)
        end_at = max(filter(None, (end_at if len(run) > 1 else None, each.end_at or each.start_at)))
    return [*series, Series(tuple(run), tuple(notes))] if run else series


def _note(before: Recording, each: Recording, hole: timedelta) -> str:
    """Whether its start fits its neighbour's end."""
    if hole > _NOTABLE_HOLE:
        return f"no recording for {_words(hole)} before it: that time is a gap"
    overlap = -hole
    shorter_s = min(before.duration_s or 0.0, each.duration_s or 0.0)
    if overlap > _SAME and overlap.total_seconds() > _MOST_OVERLAP * shorter_s:
        return (
            f"begins {_words(overlap)} before {before.name} ends, which is more than recorders do: one of the two start times "
            f"({before.clock.source.value} {before.start_at:%H:%M:%S}Z, {each.clock.source.value} {each.start_at:%H:%M:%S}Z) may be wrong"
        )
    return ""


def _words(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
