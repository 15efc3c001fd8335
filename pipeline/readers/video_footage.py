"""Random access to a video file on the timeline of its reader."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import av

from pipeline.errors import SourceError
from pipeline.readers.clip_writer import ClipWriter, decoding_times, items_to_copy
from pipeline.readers.container import open_video
from pipeline.readers.decoding import GroupDecoder
from pipeline.readers.groups import DemuxCounts, PictureGroup, read_groups
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.readers.timeline import Timeline
from pipeline.types import Picture

_SLACK_S = 0.001
_STEPS_BACK_S = (0.0, 2.0, 10.0, 60.0)
"""How much before the wanted time to seek: containers without an index land wherever the bytes suggest."""


class VideoFootage:
    """Footage of one video file. Each call opens the file for itself, so reading may go on meanwhile."""

    def __init__(self, path: Path, *, codec: str, timeline: Timeline, strict: bool) -> None:
        """``timeline`` is the reader's own: what it has met so far says whether seeking by time stamps is safe."""
        self._path = path
        self._codec = codec
        self._timeline = timeline
        self._strict = strict

    @property
    def codec(self) -> str:
        """ffmpeg's name of the video codec."""
        return self._codec

    @property
    def begin_s(self) -> float:
        """0: its first picture."""
        return 0.0

    def holds(self, media_time_s: float) -> bool:
        """Always: what was read can be read again."""
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, Picture]:
        """The first readable picture not more than 1 ms before this time, with its own media time; else SourceError."""
        with closing(self._pictures_from(media_time_s)) as pictures:
            for time, picture in pictures:
                return time, picture
        raise self._nothing_at(media_time_s)

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, Picture]]:
        """All readable pictures from start to end (both inclusive, within 1 ms) with their media times."""
        with closing(self._pictures_from(start_s)) as pictures:
            for time, picture in pictures:
                if time > end_s + _SLACK_S:
                    return
                yield time, picture

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Copy the compressed video of this span to a new .mp4 or .mkv; see stages.Footage.

        With B-frames the copy may run on by the one picture that the last ones are predicted from. Sound is left out.
        """
        end = self._timeline.ticks(end_s + _SLACK_S)
        # Decoding times follow from all times of showing, so these are gathered first: that way no packet waits in memory.
        with open_video(self._path) as (container, stream):
            shown = [item.place for item in items_to_copy(self._groups_from(start_s, container, stream), end)]
        if not shown:
            raise self._nothing_at(end_s)
        with open_video(self._path) as (container, stream):
            items = items_to_copy(self._groups_from(start_s, container, stream), end)
            try:
                with ClipWriter(path, stream, min(shown)) as clip:
                    for item, decoded in zip(items, decoding_times(shown), strict=True):
                        clip.add(item, decoded)
            except (av.FFmpegError, OSError, ValueError) as err:
                raise SourceError(
                    "cannot cut clip", where=str(self._path), expected=f"to write {path.name}", found=str(err) or type(err).__name__
                ) from err
        return self._timeline.seconds(min(shown))

    def _pictures_from(self, start_s: float) -> Generator[tuple[float, Picture], None, None]:
        last_s = -1.0
        scaler = Scaler()
        with open_video(self._path) as (container, stream), closing(GroupDecoder(self._path, stream, strict=self._strict)) as decoder:
            for group in self._groups_from(start_s, container, stream):
                for ticks, frame in decoder.decode(group):
                    time = self._timeline.seconds(ticks)
                    if time >= start_s - _SLACK_S and time > last_s:
                        last_s = time
                        yield time, VideoPicture(frame, scaler)

    def _groups_from(self, start_s: float, container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[PictureGroup]:
        """Groups from the one that holds this time on; from the first one where time is before it."""
        wanted = self._timeline.ticks(start_s + _SLACK_S)
        for target in self._places_to_seek(start_s):
            try:
                container.seek(target, stream=stream)
            except (av.FFmpegError, OSError):
                continue
            groups = self._groups_holding(wanted, container, stream)
            first = next(groups, None)
            if first is not None and first.items[0].place <= wanted:
                yield first
                yield from groups
                return
        # Not to be found by its time stamp: read from the first packet on, through a handle that never moved.
        with open_video(self._path) as (unmoved, its_stream):
            yield from self._groups_holding(wanted, unmoved, its_stream)

    def _places_to_seek(self, start_s: float) -> list[int]:
        origin = self._timeline.origin
        if not self._timeline.seekable or origin is None:
            return []
        places = [self._timeline.ticks(start_s - back_s) for back_s in _STEPS_BACK_S]
        return [place for place in places if place > origin]

    def _groups_holding(self, wanted: int, container: av.container.InputContainer, stream: av.VideoStream) -> Iterator[PictureGroup]:
        """Groups from the container's position on, without those that end before the wanted ticks."""
        skipping = True
        for group in read_groups(container, stream, self._timeline.fresh(), DemuxCounts()):
            skipping = skipping and group.is_last_piece and group.next_key_ticks is not None and group.next_key_ticks <= wanted
            if not skipping:
                yield group

    def _nothing_at(self, media_time_s: float) -> SourceError:
        return SourceError("no readable picture there", where=str(self._path), expected=f"a picture at {media_time_s:.3f} s or later")
