"""Writes compressed packets to a new clip without decoding them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

import av

from pipeline.errors import SourceError
from pipeline.readers.groups import GroupItem, PictureGroup, VideoPacket

CLIP_OPTIONS = {".mp4": {"movflags": "faststart"}, ".mkv": {}}
"""In an mp4 the index goes to the front, so that a browser plays it while it loads."""


def items_to_copy(groups: Iterable[PictureGroup], end: int) -> Iterator[GroupItem]:
    """What a clip of these groups holds, in decoding order.

    Each group is taken up to the last packet, in decoding order, of a picture shown at or before ``end`` ticks.
    Nothing comes of groups before the first that starts with a key frame and shows something.
    """
    origin: int | None = None
    copied_early: VideoPacket | None = None
    for group in groups:
        if origin is None:
            if not (group.starts_with_key and group.shown_ticks):
                continue
            origin = group.items[0].place
        elif group.items[0].place > end:
            return
        last = max((index for index, item in enumerate(group.items) if item.ticks is not None and item.ticks <= end), default=-1)
        for item in group.items[: last + 1]:
            if item.place < origin or item.damaged or item.packet is copied_early:
                continue
            if item.packet.is_keyframe and item is not group.items[0]:
                # The next group's key frame, which pictures of this one need; it comes again there.
                copied_early = item.packet
            yield item


def decoding_times(shown: Sequence[int]) -> list[int]:
    """When to decode packets that are shown at these ticks and come in this order: rising strictly, never after the showing.

    The container's own times won't do: Matroska stores none, and what the demuxer guesses may lie after the showing.
    So these are the times of showing in order, put off by as many pictures as the stream reorders; the first ones
    lie before the first showing.
    """
    rising: list[int] = []
    for ticks in sorted(shown):
        rising.append(ticks if not rising or ticks > rising[-1] else rising[-1] + 1)
    delay = max((index + 1 - bisect_right(rising, ticks) for index, ticks in enumerate(shown)), default=0)
    if delay == 0:
        return rising
    step = min((later - earlier for earlier, later in pairwise(rising)), default=1)
    return [rising[0] - step * (delay - index) for index in range(delay)] + rising[: len(rising) - delay]


class ClipWriter:
    """A clip whose first picture is at 0 s. An unfinished one is removed."""

    def __init__(self, path: Path, stream: av.VideoStream, origin: int) -> None:
        """``origin``: ticks of the first picture. Raises SourceError for a suffix other than .mp4 and .mkv."""
        if path.suffix.lower() not in CLIP_OPTIONS:
            raise SourceError("cannot cut clip", where=str(path), expected="a name ending in .mp4 or .mkv", found=path.suffix or "none")
        self._path = path
        self._origin = origin
        self._output = av.open(str(path), "w", options=CLIP_OPTIONS[path.suffix.lower()])
        self._stream = self._output.add_stream_from_template(stream)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self._output.close()
        except (av.FFmpegError, OSError):
            self._path.unlink(missing_ok=True)
            raise
        if error is not None:
            self._path.unlink(missing_ok=True)

    def add(self, item: GroupItem, decoded: int) -> None:
        """Copy one packet, to be decoded at these ticks. Raises av.FFmpegError where they don't rise or lie after the showing."""
        packet = item.packet
        packet.pts = item.place - self._origin
        packet.dts = decoded - self._origin
        packet.stream = self._stream
        self._output.mux(packet)
