"""Looks at a video file on a time grid, decoding as little as that takes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av

from pipeline.errors import SourceError
from pipeline.readers.clock import find_clock
from pipeline.readers.container import claimed_duration_s, new_timeline, open_video
from pipeline.readers.decoding import GroupDecoder
from pipeline.readers.grid import WHOLE, LookGrid, MediaSpan
from pipeline.readers.groups import DemuxCounts, PictureGroup, read_groups
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.readers.report import ReadCounts, summarise
from pipeline.readers.timeline import Timeline
from pipeline.readers.video_footage import VideoFootage
from pipeline.stages import Footage
from pipeline.types import Frame, GapReason, Look, MissedLook, ReadSummary, SourceClock

_SLACK_S = 1e-6
_LONGEST_CLAIM_S = 7 * 24 * 3600.0
_PICTURES_TO_TRY = 3
_GROUPS_TO_TRY = 3
"""Cameras that break the rules of their codec do so in each group; one that can't be decoded strictly is damaged."""
_TAIL_SLACK_S = 2.0
"""Sound often runs on a little after the last picture: a claimed end up to this much later is no fault."""


class VideoFileReader:
    """A FrameReader of one video file.

    Key frames alone are decoded where one comes at, or within half an interval after, the time a look is due; else a group of
    pictures is decoded from its key frame up to the picture that is due and no further.
    """

    def __init__(
        self,
        path: Path,
        *,
        camera_id: str,
        interval_s: float,
        start: datetime | None,
        zone: str,
        span: MediaSpan = WHOLE,
    ) -> None:
        """Open, find the first readable picture and the clock, and close again. Raises SourceError."""
        self._path = path
        self._camera_id = camera_id
        self._interval_s = interval_s
        self._span = span
        LookGrid(interval_s)
        with open_video(path) as (container, stream):
            metadata = {**stream.metadata, **container.metadata}
            self._torn = _ends_torn(path, container)
            self._duration_s = claimed_duration_s(container, stream)
            self._codec = stream.codec_context.codec.canonical_name
            self._beginning = _find_beginning(path, container, stream)
        self._clock = find_clock(path, metadata, start=start, zone=zone)
        self._running: Generator[Look, None, None] | None = None
        self._begin()

    @property
    def clock(self) -> SourceClock:
        """Wall-clock time of media time 0, and where it came from."""
        return self._clock

    @property
    def duration_s(self) -> float | None:
        """Length of the source in seconds as its container claims it; None where it says nothing."""
        return self._duration_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running is not None:
            self._running.close()

    def __iter__(self) -> Iterator[Look]:
        """Looks in strictly rising time. A second iteration starts again at the beginning."""
        self._begin()
        self._running = self._looks()
        return self._running

    def summary(self) -> ReadSummary:
        """What was read so far; complete once iteration has ended."""
        return summarise(self._counts, self._demuxed, self._timeline)

    def footage(self) -> Footage:
        """Random access to what has been read so far, on the same timeline; usable during and after iteration."""
        return VideoFootage(self._path, codec=self._codec, timeline=self._timeline, strict=self._beginning.strict)

    def _begin(self) -> None:
        self._counts = ReadCounts(lenient=not self._beginning.strict, ends_torn=self._torn)
        self._demuxed = DemuxCounts()
        self._grid = LookGrid(self._interval_s, self._span.from_s)
        self._scaler = Scaler()
        self._lost = False
        self._last_s: float | None = None
        self._last_step_s = 0.0
        self._held: PictureGroup | None = None
        self._timeline = Timeline(self._beginning.time_base, self._beginning.usual_duration)
        self._timeline.set_origin(self._beginning.origin)

    def _looks(self) -> Generator[Look, None, None]:
        strict = self._beginning.strict
        with open_video(self._path) as (container, stream), closing(GroupDecoder(self._path, stream, strict=strict)) as decoder:
            for group in read_groups(container, stream, self._timeline, self._demuxed):
                if self._is_over():
                    yield from self._looks_lost_until(self._span.end_s)
                    return
                yield from self._looks_of(group, decoder)
                times = self._times(group)
                if times:
                    before = times[-2] if len(times) > 1 else self._last_s
                    self._last_s = self._counts.last_s = max(times[-1], self._last_s or 0.0)
                    self._last_step_s = 0.0 if before is None else max(0.0, times[-1] - before)
                self._counts.decoded, self._counts.damaged = decoder.decoded, decoder.damaged
            self._counts.listed, self._counts.ended = stream.frames, True
        yield from self._looks_after_the_end()

    def _is_over(self) -> bool:
        """Whether no look is due any more."""
        return max(self._grid.due_s, self._last_s or 0.0) > self._span.end_s

    def _times(self, group: PictureGroup) -> list[float]:
        return [self._timeline.seconds(ticks) for ticks in group.shown_ticks]

    def _looks_of(self, group: PictureGroup, decoder: GroupDecoder) -> Iterator[Look]:
        wanted = self._wanted(group)
        whole = group.starts_with_key and group.is_last_piece
        held, self._held = self._held, None
        if not wanted and whole:
            self._hold(group)
            return
        alone = whole and wanted[0] == group.items[0].ticks and len(wanted) == 1
        if alone:
            frame = decoder.decode_key(group)
            if frame is not None:
                yield from self._take(wanted[0], frame, group)
                self._hold(group)
                return
            if held is None:
                self._lost = True
                return
            # The look had been put off until this key frame.
            group, wanted = held, self._wanted(held, patient=False)
        missing = set(wanted)
        for ticks, frame in decoder.decode(group, wanted):
            if ticks in missing:
                missing.discard(ticks)
                yield from self._take(ticks, frame, group)
        self._lost = self._lost or bool(missing) or alone
        if whole and not self._lost:
            self._hold(group)

    def _hold(self, group: PictureGroup) -> None:
        """Keep a group that has an answer to a due look until the next key frame has turned out readable."""
        times = self._times(group)
        self._held = group if times and self._grid.is_due(times[-1]) else None

    def _wanted(self, group: PictureGroup, *, patient: bool = True) -> list[int]:
        """Ticks of the pictures of this group that answer due looks, unless the next key frame comes soon enough."""
        shown = group.shown_ticks
        times = [self._timeline.seconds(ticks) for ticks in shown]
        next_key_s = None if group.next_key_ticks is None else self._timeline.seconds(group.next_key_ticks)
        wanted: list[int] = []
        due = self._grid.due_s
        while (index := bisect_left(times, due - _SLACK_S)) < len(times):
            soon = next_key_s is not None and due <= next_key_s <= due + self._interval_s / 2
            if patient and soon and index > 0:
                break
            if times[index] > self._span.end_s:
                break
            wanted.append(shown[index])
            due = self._grid.due_after(times[index])
        return wanted

    def _take(self, ticks: int, frame: av.VideoFrame, group: PictureGroup) -> Iterator[Look]:
        media_time_s = self._timeline.seconds(ticks)
        if not self._grid.is_due(media_time_s):
            return
        earlier = [time for time in self._times(group) if time < media_time_s]
        before = earlier[-1] if earlier else self._last_s
        in_hole = media_time_s - (before or 0.0) > 2 * self._interval_s
        if self._lost or in_hole:
            yield from self._missed(self._grid.lost_before(media_time_s))
        self._grid.take(media_time_s)
        self._lost = False
        self._counts.looks += 1
        if self._counts.first_s is None:
            self._counts.first_s = media_time_s
        yield Frame(self._camera_id, self._at(media_time_s), media_time_s, VideoPicture(frame, self._scaler))

    def _looks_after_the_end(self) -> Iterator[Look]:
        end_s = self._last_s if self._last_s is not None else 0.0
        claim = self._duration_s
        if claim is not None and self._timeline.jumps == 0 and end_s + self._last_step_s + _TAIL_SLACK_S < claim < _LONGEST_CLAIM_S:
            self._counts.claimed_s = claim
            self._lost = True
            end_s = claim - _SLACK_S * 2
        yield from self._looks_lost_until(min(end_s, self._span.end_s))

    def _looks_lost_until(self, end_s: float) -> Iterator[Look]:
        if self._lost and self._grid.is_due(end_s):
            # The due time after the end bounds those that were lost.
            yield from self._missed(self._grid.lost_before(self._grid.due_after(end_s)))

    def _missed(self, due: list[float]) -> Iterator[Look]:
        for media_time_s in due:
            self._counts.missed += 1
            yield MissedLook(self._camera_id, self._at(media_time_s), media_time_s, GapReason.NO_FRAME)

    def _at(self, media_time_s: float) -> datetime:
        return self._clock.start_at + timedelta(seconds=media_time_s)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What the first pictures tell: ticks of the first one, and whether strict decoding works."""

    origin: int
    time_base: Fraction
    usual_duration: int
    strict: bool


def _find_beginning(path: Path, container: av.container.InputContainer, stream: av.VideoStream) -> _Beginning:
    """Look for the first picture that can be decoded; SourceError if there is none in the whole file."""
    timeline = new_timeline(stream)
    counts = DemuxCounts()
    origin: int | None = None
    readable, failures = False, 0
    decoder = GroupDecoder(path, stream, strict=True)
    with closing(decoder):
        for group in read_groups(container, stream, timeline, counts):
            first = group.shown_ticks[:_PICTURES_TO_TRY]
            if not first:
                continue
            origin = first[0] if origin is None else origin
            strictly = sum(1 for _ in decoder.decode(group, first))
            readable, failures = readable or strictly > 0, failures + 1
            if strictly >= len(first):
                return _Beginning(origin, timeline.time_base, timeline.usual_duration, strict=True)
            if _GROUPS_TO_TRY <= failures < 2 * _GROUPS_TO_TRY and _decodes_leniently(path, group, first):
                return _Beginning(origin, timeline.time_base, timeline.usual_duration, strict=False)
    if origin is not None and readable:
        return _Beginning(origin, timeline.time_base, timeline.usual_duration, strict=True)
    found = f"{counts.packets} packets, none of them readable" if counts.packets else "no packets"
    raise SourceError(
        "no picture can be decoded", where=str(path), expected="at least one whole picture", found=found, hint="Export the file again"
    )


def _decodes_leniently(path: Path, group: PictureGroup, ticks: list[int]) -> bool:
    with open_video(path) as (_, stream), closing(GroupDecoder(path, stream, strict=False)) as decoder:
        return sum(1 for _ in decoder.decode(group, ticks)) >= len(ticks)


def _ends_torn(path: Path, container: av.container.InputContainer) -> bool:
    return container.format.name == "mpegts" and all(path.stat().st_size % size for size in (188, 192, 204))
