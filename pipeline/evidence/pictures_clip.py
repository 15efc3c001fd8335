"""An H.264 clip made of decoded pictures, each at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from pipeline.errors import EvidenceError, SourceError
from pipeline.types import Image, Picture

_TICKS = 90000
_KEY_FRAME_EVERY = 50


def encode_pictures(
    pictures: Iterator[tuple[float, Picture]], target: Path, *, crf: int, threads: int
) -> tuple[tuple[float, ...], tuple[int, int]]:
    """Encode pictures (media time, picture) in rising time to an .mp4 with the index at the front.

    The size is that of the first picture, made even; pictures of another size are scaled to it.

    Returns:
        The media times of the pictures in the clip, and its width and height in pixels.

    Raises:
        SourceError: no picture at all, or reading them failed.
        EvidenceError: the encoder refused them.
        OSError: the disk refused the file.
    """
    try:
        first_s, first = next(pictures)
    except StopIteration:
        raise SourceError("no picture in this span", where=target.stem) from None
    image = first.bgr()
    size = (image.shape[1] + image.shape[1] % 2, image.shape[0] + image.shape[0] % 2)
    times = [first_s]
    options = {"preset": "veryfast", "crf": str(crf), "threads": str(threads)}
    flags = {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(_TICKS)}
    try:
        with av.open(str(target), "w", format="mp4", options=flags) as container:
            stream = container.add_stream("libx264", rate=25, options=options)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS)
            stream.codec_context.gop_size = _KEY_FRAME_EVERY
            _put(container, stream, image, size, 0)
            for at, picture in pictures:
                if round((at - first_s) * _TICKS) > round((times[-1] - first_s) * _TICKS):
                    times.append(at)
                    _put(container, stream, picture.bgr(), size, round((at - first_s) * _TICKS))
            container.mux(stream.encode(None))
    except av.FFmpegError as err:
        if isinstance(err, OSError):
            raise OSError(err.errno, err.strerror) from err
        raise EvidenceError("cannot encode a clip from pictures", where=target.name, found=str(err)) from err
    return tuple(times), size


def _put(container: av.container.OutputContainer, stream: av.VideoStream, image: Image, size: tuple[int, int], ticks: int) -> None:
    frame = av.VideoFrame.from_ndarray(_fitted(image, size), format="bgr24")
    frame.pts, frame.time_base = ticks, Fraction(1, _TICKS)
    container.mux(stream.encode(frame))


def _fitted(image: Image, size: tuple[int, int]) -> Image:
    """A picture of exactly this size: a missing last row or column repeats the one before, else scaled."""
    height, width = image.shape[:2]
    down, right = size[1] - height, size[0] - width
    if 0 <= down <= 1 and 0 <= right <= 1:
        return np.ascontiguousarray(np.pad(image, ((0, down), (0, right), (0, 0)), mode="edge"))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
