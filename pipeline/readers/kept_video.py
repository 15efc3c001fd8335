"""What was kept of a live stream: a folder of short videos, and footage made of them for cutting evidence."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import av

from pipeline.errors import SourceError
from pipeline.readers.stream_connection import VideoPacket
from pipeline.readers.stream_ring import COPIED_ONLY, EARLY_TICKS, RecordedGroup
from pipeline.readers.video_file import VideoFileReader
from pipeline.stages import Footage
from pipeline.types import Picture

_NAME = re.compile(r"(-?\d{12,13})-(-?\d{12,13})\.mkv")
"""Times are negative where the clock of the machine was put back behind the first start."""
_SLACK_S = 0.003
"""Names and Matroska hold whole milliseconds."""
_TICKS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One video of the folder, and from when to when (media times) it shows anything."""

    path: Path
    start_s: float
    end_s: float


class KeptVideo:
    """The folder of one camera. Names carry the media times, so that a restart finds everything again."""

    def __init__(self, folder: Path) -> None:
        """Creates the folder and removes what an earlier crash left half-written. OSError where that fails."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for partial in folder.glob("*.partial"):
            partial.unlink()

    def parts(self) -> tuple[KeptPart, ...]:
        """All that is kept, by their beginning."""
        found = [(path, match) for path in self._folder.iterdir() if (match := _NAME.fullmatch(path.name))]
        return tuple(sorted((KeptPart(path, int(m[1]) / 1000, int(m[2]) / 1000) for path, m in found), key=lambda part: part.start_s))

    def keep(self, groups: Sequence[RecordedGroup]) -> KeptPart:
        """Write these groups, which follow each other and are of one form, as one video: on the disk when this returns.

        Raises SourceError: they can't be joined. OSError: the disk refuses.
        """
        return self._keep(groups[0].start_s, groups[-1].end_s, lambda partial: _join(groups, partial))

    def _keep(self, start_s: float, end_s: float, write: Callable[[Path], object]) -> KeptPart:
        final = self._folder / f"{round(start_s * 1000):013d}-{round(end_s * 1000):013d}.mkv"
        if not final.exists():
            partial = final.with_name(final.name + ".partial")
            try:
                write(partial)
                _to_disk(partial)
                partial.replace(final)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
        return KeptPart(final, start_s, end_s)

    def keep_key(self, key: RecordedGroup) -> KeptPart:
        """Write a key frame that was recorded alone. OSError: the disk refuses."""
        return self._keep(key.start_s, key.end_s, lambda partial: partial.write_bytes(key.video))

    def remove(self, part: KeptPart) -> None:
        """Remove a video that nobody needs any more."""
        part.path.unlink(missing_ok=True)

    def footage(self) -> KeptFootage:
        """Everything that is kept right now."""
        return KeptFootage(self.parts(), self._folder)


class KeptFootage:
    """Footage (see stages) of a live stream, with all the holes between what was kept. Usable from one thread at a time."""

    def __init__(self, parts: Sequence[KeptPart], folder: Path) -> None:
        """``parts`` by their beginning; ``folder`` for messages."""
        self._parts = tuple(parts)
        self._folder = folder
        self._opened: dict[Path, Footage] = {}

    @property
    def codec(self) -> str:
        """ffmpeg's name of the video codec of the first that can be read; "" where nothing was kept. Raises as all methods do."""
        for number, part in enumerate(self._parts, start=1):
            try:
                return self._footage(part).codec
            except SourceError:
                # One that is gone or damaged must not take the others with it.
                if number == len(self._parts):
                    raise
        return ""

    @property
    def begin_s(self) -> float:
        """0: nobody asks for what was before the program."""
        return 0.0

    def holds(self, media_time_s: float) -> bool:
        """Whether there is a picture of this very time."""
        return self._part_at(media_time_s) is not None

    def picture_at(self, media_time_s: float) -> tuple[float, Picture]:
        """The first picture not more than 1 ms before this time, from whatever was kept from then on; else SourceError."""
        for part in self._parts:
            if part.end_s + _SLACK_S >= media_time_s:
                time_s, picture = self._footage(part).picture_at(max(0.0, media_time_s - part.start_s - _SLACK_S))
                return self._exact(part, time_s), picture
        raise self._nothing_at(media_time_s)

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, Picture]]:
        """All pictures that were kept of this span, in rising time."""
        last_s = float("-inf")
        for part in self._parts:
            if part.end_s < start_s - _SLACK_S or part.start_s > end_s + _SLACK_S:
                continue
            for time_s, picture in self._footage(part).pictures_between(max(0.0, start_s - part.start_s), end_s - part.start_s):
                if part.start_s + time_s > last_s:
                    last_s = part.start_s + time_s
                    yield last_s, picture

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Copy what was kept of this span, from the one video that shows most of it; see stages.Footage."""
        part = max(self._parts, key=lambda part: min(part.end_s, end_s) - max(part.start_s, start_s), default=None)
        if part is None or part.end_s < start_s or part.start_s > end_s:
            raise self._nothing_at(start_s)
        first_s = self._footage(part).cut(max(0.0, start_s - part.start_s), end_s - part.start_s, path)
        return self._exact(part, first_s)

    def _part_at(self, media_time_s: float) -> KeptPart | None:
        held = (part for part in self._parts if part.start_s - _SLACK_S <= media_time_s <= part.end_s + _SLACK_S)
        return next(held, None)

    def _exact(self, part: KeptPart, time_s: float) -> float:
        return part.start_s + time_s

    def _footage(self, part: KeptPart) -> Footage:
        if part.path not in self._opened:
            self._opened[part.path] = VideoFileReader(part.path, camera_id="", interval_s=1.0, start=None, zone="UTC").footage()
        return self._opened[part.path]

    def _nothing_at(self, media_time_s: float) -> SourceError:
        return SourceError(
            "nothing was kept of this time", where=str(self._folder), found=f"{len(self._parts)} videos, none of {media_time_s:.1f} s"
        )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What goes wrong inside is an OSError where the disk refuses, else a SourceError."""
    try:
        yield
    except av.FFmpegError as err:
        if isinstance(err, OSError):
            raise OSError(err.errno, err.strerror, str(path)) from err
        raise SourceError("what was recorded can't be joined", where=str(path), found=str(err)) from err


def _join(groups: Sequence[RecordedGroup], path: Path) -> None:
    """One video of all groups, each at its own time."""
    with ExitStack() as opened:
        opened.enter_context(_told(path))
        inputs = [opened.enter_context(_opened(group)) for group in groups]
        output = opened.enter_context(av.open(str(path), "w", format="matroska"))
        copy = output.add_stream_from_template(inputs[0].streams.video[0])
        begins = [round((group.start_s - groups[0].start_s) * _TICKS_PER_S) for group in groups]
        copied = 0
        for source, begin, end in zip(inputs, begins, [*begins[1:], None], strict=True):
            for shown, packet in _packets(source, begin):
                # Before the first key frame: decoded from pictures that are not there. After the next has begun: the clock was put back.
                if shown >= 0 and (end is None or shown < end):
                    packet.pts, packet.dts = shown, copied - EARLY_TICKS
                    packet.stream = copy
                    copied += 1
                    output.mux(packet)


def _opened(group: RecordedGroup) -> av.container.InputContainer:
    """To be copied, not decoded."""
    return av.open(io.BytesIO(group.video), "r", options=COPIED_ONLY)


def _packets(source: av.container.InputContainer, begin: int) -> Iterator[tuple[int, VideoPacket]]:
    """The packets of a group and when they are shown, if its key frame is shown at ``begin`` (ticks)."""
    first: int | None = None
    for packet in source.demux(source.streams.video[0]):
        if packet.size and packet.pts is not None:
            first = packet.pts if first is None else first
            yield begin + packet.pts - first, packet


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
