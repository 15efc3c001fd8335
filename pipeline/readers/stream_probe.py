"""What a live stream is like: measured on its packets, with one picture of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import av
import numpy as np

from pipeline.config import StreamSettings
from pipeline.readers.stream_connection import StreamConnection, VideoPacket
from pipeline.types import Image


@dataclass(frozen=True, slots=True)
class StreamReport:
    """Measured on a stretch of a stream. None: not to be told from what was seen."""

    codec: str
    """ffmpeg's name: "h264", "hevc", ..."""
    width_px: int
    height_px: int
    pictures_per_s: float | None
    longest_key_interval_s: float | None
    """Between two key frames; looks can't be had more often without decoding all that lies between."""
    kbit_per_s: float | None
    reorders: bool
    """Whether pictures are shown in another order than they come (B-frames): each look is late by that much."""
    unstamped: int
    """Packets without any time."""
    opened_after_s: float
    picture_after_s: float | None
    """From the beginning to the first picture that could be decoded; None where there was none."""
    ended: bool
    """The other side ended it, as no camera does."""
    picture: Image | None = field(repr=False, compare=False)
    """The first picture, HxWx3 uint8 BGR."""


def probe_stream(address: str, settings: StreamSettings, *, seconds: float, monotonic: Callable[[], float]) -> StreamReport:
    """Watch a stream for so many seconds after it has opened.

    Args:
        monotonic: a clock that runs on, seconds.

    Raises SourceError: it can't be opened, or broke off.
    """
    began = monotonic()
    with StreamConnection(address, settings, monotonic) as connection:
        opened = monotonic()
        measure = _Measure(float(connection.stream.time_base or 0))
        context = connection.stream.codec_context
        picture: Image | None = None
        picture_after_s, ended = None, True
        for packet in connection.packets():
            measure.add(packet)
            if picture is None and (measure.keys or packet.is_keyframe):
                picture = _decoded(context, packet)
                picture_after_s = monotonic() - began if picture is not None else None
            if monotonic() - opened >= seconds:
                ended = False
                break
        return StreamReport(
            codec=context.codec.canonical_name,
            width_px=context.width if picture is None else picture.shape[1],
            height_px=context.height if picture is None else picture.shape[0],
            pictures_per_s=measure.pictures_per_s,
            longest_key_interval_s=measure.longest_key_interval_s,
            kbit_per_s=measure.kbit_per_s,
            reorders=measure.reorders,
            unstamped=measure.unstamped,
            opened_after_s=opened - began,
            picture_after_s=picture_after_s,
            ended=ended,
            picture=picture,
        )


class _Measure:
    """Counts packets. Times are those of the stream: a gateway hands out what it has kept at once, then at the pace of the camera."""

    def __init__(self, time_base_s: float) -> None:
        self._time_base_s = time_base_s
        self._times: list[float] = []
        self._bytes = 0
        self.keys: list[float] = []
        self.unstamped = 0
        self.reorders = False

    def add(self, packet: VideoPacket) -> None:
        stamp = packet.dts if packet.dts is not None else packet.pts
        if stamp is None:
            self.unstamped += 1
            return
        self.reorders |= packet.pts is not None and packet.dts is not None and packet.pts != packet.dts
        time_s = stamp * self._time_base_s
        self._times.append(time_s)
        self._bytes += packet.size
        if packet.is_keyframe:
            self.keys.append(time_s)

    @property
    def pictures_per_s(self) -> float | None:
        steps = [after - before for before, after in pairwise(self._times) if after > before]
        return 1 / statistics.median(steps) if steps else None

    @property
    def longest_key_interval_s(self) -> float | None:
        return max((after - before for before, after in pairwise(self.keys)), default=None)

    @property
    def kbit_per_s(self) -> float | None:
        span_s = self._times[-1] - self._times[0] if self._times else 0.0
        return self._bytes * 8 / 1000 / span_s if span_s > 0 else None


def _decoded(context: av.VideoCodecContext, packet: VideoPacket) -> Image | None:
    """The first good picture that a packet brings; what can't be decoded brings none."""
    try:
        frames = context.decode(packet)
    except (av.FFmpegError, ValueError):
        return None
    return next((np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in frames if not frame.is_corrupt), None)
