"""Footage of a series: evidence is cut across the border of two recordings as if it were none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.archive.recordings import Recording
from pipeline.errors import SourceError
from pipeline.readers import join_clips
from pipeline.stages import Footage
from pipeline.types import Picture

_SLACK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """What a recording shows of the series: its footage, from its first look on and up to that of the next."""

    recording: Recording
    footage: Footage
    since: datetime
    """Of its first look. For the first recording, its start: what was before the first look belongs to nobody else."""


class SeriesFootage:
    """See stages.Footage; times count from the start of one of the recordings, which evidence names. One thread at a time."""

    def __init__(self, parts: list[ShownPart], named: Recording) -> None:
        """``parts`` in rising time, the last of them may still be read; times are media times of ``named``."""
        self._parts = tuple(parts)
        self._named = named

    @property
    def codec(self) -> str:
        """ffmpeg's name of the video codec of the named recording."""
        return next(part.footage.codec for part in self._parts if part.recording is self._named)

    @property
    def begin_s(self) -> float:
        """The first picture of the series: before 0 where recordings come before the named one."""
        return (self._parts[0].recording.start_at - self._named.start_at).total_seconds()

    def holds(self, media_time_s: float) -> bool:
        """Always: what was read can be read again."""
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, Picture]:
        """The first picture not more than 1 ms before this time, from the recording that shows it or the next that shows anything."""
        at = self._at(media_time_s)
        parts = self._from(at)
        for number, part in enumerate(parts):
            own_s = max(0.0, self._own_s(part, at)) if number == 0 else self._own_s(part, part.since)
            try:
                found_s, picture = part.footage.picture_at(own_s)
            except SourceError:
                # The recording ends before this time.
                if number == len(parts) - 1:
                    raise
                continue
            ends = parts[number + 1].since if number + 1 < len(parts) else None
            if ends is None or part.recording.start_at + timedelta(seconds=found_s) < ends:
                return self._named_s(part, found_s), picture
        raise SourceError("no readable picture there", where=self._named.shown_uri, expected=f"a picture at {media_time_s:.3f} s or later")

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, Picture]]:
        """All pictures from start to end, those of two recordings that overlap once."""
        start, end = self._at(start_s), self._at(end_s)
        parts = self._from(start)
        last_s = float("-inf")
        for number, part in enumerate(parts):
            ends = parts[number + 1].since - _SLACK if number + 1 < len(parts) else end
            begins = start if number == 0 else part.since
            if begins > end:
                return
            own = part.footage.pictures_between(max(0.0, self._own_s(part, begins)), self._own_s(part, min(end, ends)))
            for found_s, picture in own:
                time_s = self._named_s(part, found_s)
                if time_s > last_s:
                    last_s = time_s
                    yield time_s, picture

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Copy the compressed video of this span. Where it runs across a border and the two can't be joined, the longer part."""
        start, end = self._at(start_s), self._at(end_s)
        parts = self._from(start)
        spans = []
        for number, part in enumerate(parts):
            ends = min(end, parts[number + 1].since - _SLACK) if number + 1 < len(parts) else end
            begins = start if number == 0 else part.since
            if begins <= end and begins <= ends:
                spans.append((part, begins, ends))
        if len(spans) < 2:
            part, begins, ends = spans[0] if spans else (parts[0], start, end)
            return self._named_s(part, part.footage.cut(max(0.0, self._own_s(part, begins)), self._own_s(part, ends), path))
        return self._joined(spans, path)

    def _joined(self, spans: list[tuple[ShownPart, datetime, datetime]], path: Path) -> float:
        pieces: list[tuple[Path, float, timedelta]] = []
        try:
            for number, (part, begins, ends) in enumerate(spans):
                piece = path.with_name(f"{path.stem}.part{number}{path.suffix}")
                try:
                    first_s = part.footage.cut(max(0.0, self._own_s(part, begins)), self._own_s(part, ends), piece)
                except SourceError:
                    # A recording that claims more than it holds ends before the next begins.
                    continue
                pieces.append((piece, self._named_s(part, first_s), ends - begins))
            if not pieces:
                raise SourceError("nothing to cut there", where=self._named.shown_uri, expected="a picture")
            if len(pieces) > 1 and join_clips([(piece, first_s - pieces[0][1]) for piece, first_s, _ in pieces], path):
                return pieces[0][1]
            piece, first_s, _ = max(pieces, key=lambda each: each[2])
            piece.replace(path)
            return first_s
        finally:
            for piece, _, _ in pieces:
                piece.unlink(missing_ok=True)

    def _from(self, at: datetime) -> tuple[ShownPart, ...]:
        """The part that shows this moment, and those after it."""
        first = max((number for number, part in enumerate(self._parts) if part.since <= at + _SLACK), default=0)
        return self._parts[first:]

    def _at(self, media_time_s: float) -> datetime:
        return self._named.start_at + timedelta(seconds=media_time_s)

    def _own_s(self, part: ShownPart, at: datetime) -> float:
        return (at - part.recording.start_at).total_seconds()

    def _named_s(self, part: ShownPart, own_s: float) -> float:
        return (part.recording.start_at - self._named.start_at).total_seconds() + own_s
