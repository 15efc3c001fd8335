"""Writes compressed packets to a new clip without decoding them."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import av

from pipeline.errors import SourceError
from pipeline.readers.groups import PictureGroup, VideoPacket

_OPTIONS = {".mp4": {"movflags": "faststart"}, ".mkv": {}}
"""In an mp4 the index goes to the front, so that a browser plays it while it loads."""


class ClipWriter:
    """A clip whose first picture is at 0 s. An unfinished one is removed."""

    def __init__(self, path: Path, stream: av.VideoStream, origin: int) -> None:
        """``origin``: ticks of the first picture. Raises SourceError for a suffix other than .mp4 and .mkv."""
        if path.suffix.lower() not in _OPTIONS:
            raise SourceError("cannot cut clip", where=str(path), expected="a name ending in .mp4 or .mkv", found=path.suffix or "none")
        self._path = path
        self._origin = origin
        self._last_decoded: int | None = None
        self._copied_early: VideoPacket | None = None
        self._output = av.open(str(path), "w", options=_OPTIONS[path.suffix.lower()])
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

    def add(self, group: PictureGroup, end: int) -> None:
        """Copy a group up to the last packet, in decoding order, of a picture shown at or before ``end`` ticks."""
        last = max((index for index, item in enumerate(group.items) if item.ticks is not None and item.ticks <= end), default=-1)
        for item, decoded in zip(group.items[: last + 1], _decoding_ticks(group), strict=False):
            packet = item.packet
            if item.place < self._origin or item.damaged or packet is self._copied_early:
                continue
            if packet.is_keyframe and item is not group.items[0]:
                # The next group's key frame, which pictures of this one need; it comes again there.
                self._copied_early = packet
            packet.pts = item.place - self._origin
            packet.dts = self._decoded_at(decoded - self._origin, packet.pts)
            packet.stream = self._stream
            self._output.mux(packet)

    def _decoded_at(self, decoded: int, shown: int) -> int:
        """A dts that rises strictly and isn't after the pts."""
        decoded = min(decoded, shown)
        if self._last_decoded is not None:
            decoded = max(decoded, self._last_decoded + 1)
        self._last_decoded = decoded
        return decoded


def _decoding_ticks(group: PictureGroup) -> list[int]:
    """The container's own; where it leaves any out, the times of showing in order, early enough for every picture."""
    known = [item.decoded for item in group.items if item.decoded is not None]
    if len(known) == len(group.items):
        return known
    in_order = sorted(item.place for item in group.items)
    early = max(place - item.place for place, item in zip(in_order, group.items, strict=True))
    return [place - early for place in in_order]
