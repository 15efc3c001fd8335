"""Looks at a folder of stamped pictures on a time grid."""

from __future__ import annotations

import warnings
from bisect import bisect_left
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageOps, UnidentifiedImageError

from pipeline.errors import SourceError
from pipeline.readers.clock import in_zone
from pipeline.readers.grid import WHOLE, LookGrid, MediaSpan
from pipeline.readers.picture import StillPicture
from pipeline.readers.picture_names import StampedName, read_names
from pipeline.stages import Footage
from pipeline.types import UNKNOWN_EPOCH, ClockSource, Frame, GapReason, Look, MissedLook, Picture, ReadSummary, SourceClock

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
_SLACK_S = 0.001


class ImageFolderReader:
    """A FrameReader of a folder whose pictures carry their times in their names."""

    def __init__(
        self,
        folder: Path,
        *,
        camera_id: str,
        interval_s: float,
        start: datetime | None,
        zone: str,
        span: MediaSpan = WHOLE,
    ) -> None:
        """List the folder and read the names. Raises SourceError where it can't be listed or holds no readable picture."""
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."))
        except OSError as err:
            raise SourceError(
                "cannot list folder", where=str(folder), found=err.strerror or str(err), hint="Check its permissions"
            ) from err
        if not paths:
            raise SourceError("no pictures in it", where=str(folder), expected="jpg, png, bmp or webp files", found="none of them")
        names = read_names(paths, zone)
        if not names.pictures:
            raise SourceError(
                "no picture's name says its time",
                where=str(folder),
                expected="names such as CAM01_20240131_094217.jpg or 0012.jpg (seconds)",
                found=paths[0].name,
            )
        self._folder = folder
        self._camera_id = camera_id
        self._interval_s = interval_s
        self._span = span
        self._names = names
        self._clock = _clock(start, names.start_at, zone)
        self._running: Generator[Look, None, None] | None = None
        self._begin()
        if all(_load(name.path) is None for name in names.pictures):
            raise SourceError("no picture can be decoded", where=str(folder), expected="at least one whole picture", found=paths[0].name)

    @property
    def clock(self) -> SourceClock:
        """Wall-clock time of media time 0 (the first picture), and where it came from."""
        return self._clock

    @property
    def duration_s(self) -> float | None:
        """Seconds from the first picture to the last."""
        return self._names.pictures[-1].media_time_s

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
        faults = list(self._names.faults)
        if self._damaged:
            some = ", ".join(self._damaged_names)
            faults.append(f"{self._damaged} of {len(self._names.pictures)} pictures damaged: {some}")
        if self._missed:
            faults.append(f"{self._missed} look{'' if self._missed == 1 else 's'} lost: no readable picture where one was due")
        return ReadSummary(
            looks=self._taken,
            missed_looks=self._missed,
            frames_decoded=self._decoded,
            damaged_packets=self._damaged,
            first_media_time_s=self._first_s,
            last_media_time_s=self._last_s,
            faults=tuple(faults),
        )

    def footage(self) -> Footage:
        """Random access to the pictures, on the same timeline."""
        return FolderFootage(self._folder, self._names.pictures)

    def _begin(self) -> None:
        self._grid = LookGrid(self._interval_s, self._span.from_s)
        self._taken = self._missed = self._decoded = self._damaged = 0
        self._damaged_names: list[str] = []
        self._first_s: float | None = None
        self._last_s: float | None = None

    def _looks(self) -> Generator[Look, None, None]:
        lost = False
        for name in self._names.pictures:
            time = name.media_time_s
            if time > self._span.end_s:
                break
            before, self._last_s = self._last_s, time
            if not self._grid.is_due(time):
                continue
            picture = self._open(name)
            if picture is None:
                lost = True
                continue
            if lost or time - (before or 0.0) > 2 * self._interval_s:
                yield from self._lost(self._grid.lost_before(time))
            self._grid.take(time)
            lost = False
            self._taken += 1
            self._first_s = time if self._first_s is None else self._first_s
            yield Frame(self._camera_id, self._at(time), time, picture)
        if lost and self._last_s is not None:
            yield from self._lost(self._grid.lost_before(self._grid.due_after(self._last_s)))

    def _open(self, name: StampedName) -> Picture | None:
        picture = _load(name.path)
        if picture is None:
            self._damaged += 1
            if len(self._damaged_names) < 3:
                self._damaged_names.append(name.path.name)
        else:
            self._decoded += 1
        return picture

    def _lost(self, due: list[float]) -> Iterator[Look]:
        for time in due:
            self._missed += 1
            yield MissedLook(self._camera_id, self._at(time), time, GapReason.NO_FRAME)

    def _at(self, media_time_s: float) -> datetime:
        return self._clock.start_at + timedelta(seconds=media_time_s)


class FolderFootage:
    """Footage of a folder of pictures. There is no video to cut."""

    def __init__(self, folder: Path, pictures: tuple[StampedName, ...]) -> None:
        """``pictures`` in rising time."""
        self._folder = folder
        self._pictures = pictures

    @property
    def codec(self) -> str:
        """Empty: no video."""
        return ""

    @property
    def begin_s(self) -> float:
        """0: its first picture."""
        return 0.0

    def holds(self, media_time_s: float) -> bool:
        """Always: what was read can be read again."""
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, Picture]:
        """The first readable picture not more than 1 ms before this time, with its own media time; else SourceError."""
        for name in self._from(media_time_s):
            picture = _load(name.path)
            if picture is not None:
                return name.media_time_s, picture
        raise SourceError("no readable picture there", where=str(self._folder), expected=f"a picture at {media_time_s:.3f} s or later")

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, Picture]]:
        """All readable pictures from start to end (both inclusive, within 1 ms) with their media times."""
        for name in self._from(start_s):
            if name.media_time_s > end_s + _SLACK_S:
                return
            picture = _load(name.path)
            if picture is not None:
                yield name.media_time_s, picture

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Always SourceError: a folder holds no video."""
        raise SourceError("cannot cut clip", where=str(self._folder), expected="a video file", found="a folder of pictures")

    def _from(self, start_s: float) -> tuple[StampedName, ...]:
        first = bisect_left(self._pictures, start_s - _SLACK_S, key=lambda name: name.media_time_s)
        return self._pictures[first:]


def _clock(start: datetime | None, named: datetime | None, zone: str) -> SourceClock:
    if start is not None:
        return SourceClock(in_zone(start, zone), ClockSource.GIVEN)
    if named is not None:
        return SourceClock(named, ClockSource.FILE_NAME)
    return SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN)


def _load(path: Path) -> Picture | None:
    """The upright picture in full, or None where any of it is missing: half a picture is grey, not empty ground."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PillowImage.DecompressionBombWarning)
            with PillowImage.open(path) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError, PillowImage.DecompressionBombError, Warning):
        return None
    return StillPicture(np.ascontiguousarray(np.asarray(upright, np.uint8)[:, :, ::-1]))
