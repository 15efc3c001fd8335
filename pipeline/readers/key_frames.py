"""Key frames of live streams that nobody has decoded yet: under load most of them are never looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import av

from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.types import Frame, GapReason, Look, MissedLook

_MOST_DECODERS = 16
"""Each holds some pictures; cameras of one make and setting share one."""


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """A key frame as it was sent."""

    codec: str
    """FFmpeg's name."""
    extradata: bytes | None = field(repr=False)
    """Parameter sets, where the stream tells them apart from its packets."""
    strict: bool
    """Give up at the first thing that is wrong, instead of painting over it."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyFrameLook:
    """A look whose picture is still to be decoded."""

    camera_id: str
    captured_at: datetime
    media_time_s: float
    key: KeyFrame
    told: Callable[[bool], None] = field(repr=False)
    """Is told, by whoever decodes, whether the picture was whole."""


DueLook: TypeAlias = Look | KeyFrameLook
"""A look that is on its way."""


class KeyFrameDecoder:
    """Decodes key frames of any number of streams. Belongs to one thread."""

    def __init__(self) -> None:
        """Contexts are opened as they are needed, and shared by all streams of the same parameters."""
        self._contexts: OrderedDict[tuple[str, bytes | None, bool], av.VideoCodecContext] = OrderedDict()
        self._scaler = Scaler()

    def look(self, due: DueLook) -> Look:
        """The look with its picture; a missed one where that is damaged."""
        if not isinstance(due, KeyFrameLook):
            return due
        frame = self.decode(due.key)
        due.told(frame is not None)
        if frame is None:
            return MissedLook(due.camera_id, due.captured_at, due.media_time_s, GapReason.NO_FRAME)
        return Frame(due.camera_id, due.captured_at, due.media_time_s, VideoPicture(frame, self._scaler))

    def decode(self, key: KeyFrame) -> av.VideoFrame | None:
        """The picture; None if it is damaged."""
        packet: av.Packet[av.VideoStream] = av.Packet(key.data)  # type: ignore[assignment]  # of no stream
        packet.pts = packet.dts = 0
        packet.is_keyframe = True
        try:
            context = self._context(key)
        except (av.FFmpegError, ValueError, TypeError):
            return None
        try:
            frames = [*context.decode(packet), *context.decode(None)]
        except (av.FFmpegError, ValueError):
            frames = []
        context.flush_buffers()
        return frames[0] if frames and not frames[0].is_corrupt else None

    def _context(self, key: KeyFrame) -> av.VideoCodecContext:
        which = (key.codec, key.extradata, key.strict)
        if which not in self._contexts:
            self._contexts[which] = open_decoder(key.codec, key.extradata, strict=key.strict, alone=True)
        self._contexts.move_to_end(which)
        while len(self._contexts) > _MOST_DECODERS:
            self._contexts.popitem(last=False)
        return self._contexts[which]


def open_decoder(codec: str, extradata: bytes | None, *, strict: bool, alone: bool) -> av.VideoCodecContext:
    """A decoder on one thread. ``alone``: for key frames that nothing is predicted from: without the loop filter they are cheaper."""
    context = av.CodecContext.create(codec, "r")
    if not isinstance(context, av.VideoCodecContext):
        raise TypeError(f"{codec} is no video codec")
    context.extradata = extradata
    context.thread_count = 1
    context.options = ({"err_detect": "explode"} if strict else {}) | ({"skip_loop_filter": "all"} if alone else {})
    return context
