"""Pictures that are converted only as far as somebody asks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import local
from typing import Self

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from pipeline.errors import SourceError
from pipeline.types import Image


class CachedPicture(ABC):
    """A picture of known size whose conversions are made once per width and handed out read-only."""

    def __init__(self, width_px: int, height_px: int) -> None:
        """Size of the upright picture in pixels."""
        self._size = (width_px, height_px)
        self._made: dict[int, Image] = {}

    @property
    def width_px(self) -> int:
        """Width in pixels of the upright picture at full resolution."""
        return self._size[0]

    @property
    def height_px(self) -> int:
        """Height in pixels of the upright picture at full resolution."""
        return self._size[1]

    def bgr(self, *, width_px: int | None = None) -> Image:
        """HxWx3 uint8 BGR, read-only; scaled to ``width_px`` >= 1 with the aspect kept (H rounded, >= 1) if given."""
        width = self.width_px if width_px is None else width_px
        if width < 1:
            raise ValueError(f"width_px must be at least 1, not {width}")
        if width not in self._made:
            height = max(1, round(self.height_px * width / self.width_px))
            image = self._convert(width, height)
            image.setflags(write=False)
            self._made[width] = image
        return self._made[width]

    @abstractmethod
    def _convert(self, width: int, height: int) -> Image:
        """The upright picture at this size; a new array."""


class _Reformatters(local):
    """Those of one thread."""

    def __init__(self) -> None:
        self.of_width: dict[int, VideoReformatter] = {}


class Scaler:
    """Scales the frames of one source. What is set up for one width is kept for its next frame, in each thread by itself."""

    def __init__(self) -> None:
        self._kept = _Reformatters()

    def scale(self, frame: av.VideoFrame, width: int, height: int) -> Image:
        """The stored picture at this size, HxWx3 uint8 BGR."""
        smaller = width < frame.width or height < frame.height
        how = (Interpolation.AREA if smaller else Interpolation.BICUBIC) | Interpolation.ACCURATE_RND
        small = self._kept.of_width.setdefault(width, VideoReformatter()).reformat(
            frame, width=width, height=height, format="bgr24", interpolation=int(how), dst_color_range=ColorRange.JPEG, threads=1
        )
        return np.asarray(small.to_ndarray(), np.uint8)


_SENT_AS_THEY_ARE = frozenset({"yuv420p", "yuvj420p", "nv12", "gray", "yuv444p"})
_LAID_OUT_ALIKE = frozenset({"yuv420p", "yuvj420p"})
"""Whose planes lie in memory as PyAV expects them, where the height can be divided by four."""
_SENT_AS = "yuv420p"
"""What cameras send beside these (ten bits, four-two-two) differs from it by a grey level here and there."""


@dataclass(frozen=True, slots=True)
class PictureForm:
    """What belongs to the pixels of a decoded frame, numbers as FFmpeg has them."""

    format: str
    colorspace: int
    color_range: int
    turns: int
    """Quarter turns to the left that make it upright."""
    interlaced: bool
    shape: tuple[int, ...] = ()
    """Of the pixels, once packed."""

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Self:
        """That of a frame as it came from the decoder."""
        turns = round(frame.rotation / 90) % 4
        return cls(frame.format.name, int(frame.colorspace), int(frame.color_range), turns, frame.interlaced_frame)


class VideoPicture(CachedPicture):
    """A decoded video frame, still in the decoder's own format.

    Scaling averages areas, so that small things neither vanish nor flicker, and goes straight from the decoder's
    format to small BGR. Pixels are given as stored: a sample aspect ratio other than 1 is not applied (zones and boxes are
    fractions and don't depend on it). Of an interlaced frame the upper field alone is used: the lower one is another moment.
    """

    def __init__(self, frame: av.VideoFrame, scaler: Scaler, form: PictureForm | None = None) -> None:
        """Keeps the frame; nothing is converted yet. ``form``: what the frame itself can't tell, after it was sent."""
        self._frame = frame
        self._scaler = scaler
        self._form = form or PictureForm.of(frame)
        upright = (frame.width, frame.height) if self._form.turns % 2 == 0 else (frame.height, frame.width)
        super().__init__(*upright)

    def pack(self, room: Callable[[int], npt.NDArray[np.uint8]]) -> PictureForm:
        """Put the pixels, as one block of bytes, where ``room`` of that size is; with the form, another process makes the picture of them.

        Raises SourceError.
        """
        frame = self._frame
        try:
            if self._form.format not in _SENT_AS_THEY_ARE:
                frame = frame.reformat(format=_SENT_AS)
            if frame.format.name in _LAID_OUT_ALIKE and frame.width % 2 == 0 and frame.height % 2 == 0:
                shape = (frame.height * 3 // 2, frame.width)
                _copy_planes(frame, room(shape[0] * shape[1]))
            else:
                pixels = frame.to_ndarray()
                shape = pixels.shape
                room(pixels.size)[:] = pixels.reshape(-1)
        except (av.FFmpegError, ValueError) as err:
            raise SourceError("cannot convert a picture", where=f"pixels as {self._form.format}", found=str(err)) from err
        return replace(self._form, format=frame.format.name, shape=shape)

    @classmethod
    def unpacked(cls, form: PictureForm, pixels: npt.NDArray[np.uint8], scaler: Scaler) -> Self:
        """The picture that was packed; it holds ``pixels``, which must not change any more."""
        shaped = pixels.reshape(form.shape)
        # Without copying where PyAV can: three megabytes, many times a second.
        as_it_is = form.format in _LAID_OUT_ALIKE and form.shape[0] % 6 == 0 and form.shape[1] % 4 == 0
        frame = av.VideoFrame.from_numpy_buffer(shaped, form.format) if as_it_is else av.VideoFrame.from_ndarray(shaped, form.format)
        frame.colorspace, frame.color_range = form.colorspace, form.color_range
        return cls(frame, scaler, form)

    def _convert(self, width: int, height: int) -> Image:
        turns = self._form.turns
        stored = (width, height) if turns % 2 == 0 else (height, width)
        if self._form.interlaced and self._frame.height > 1:
            field = self._scaler.scale(self._frame, stored[0], self._frame.height)[::2]
            how = cv2.INTER_AREA if stored[1] < len(field) else cv2.INTER_LINEAR
            image = np.asarray(cv2.resize(field, stored, interpolation=how), np.uint8)
        else:
            image = self._scaler.scale(self._frame, *stored)
        return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def _copy_planes(frame: av.VideoFrame, pixels: npt.NDArray[np.uint8]) -> None:
    """One plane after the other, without what lies between the rows of the decoder."""
    begin = 0
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        end = begin + rows.size
        pixels[begin:end].reshape(rows.shape)[:] = rows
        begin = end


class StillPicture(CachedPicture):
    """A picture that came from a file of its own."""

    def __init__(self, image: Image) -> None:
        """``image`` is HxWx3 uint8 BGR, upright."""
        super().__init__(image.shape[1], image.shape[0])
        self._image = image

    def _convert(self, width: int, height: int) -> Image:
        if (width, height) == (self.width_px, self.height_px):
            return self._image.copy()
        smaller = width < self.width_px
        return np.asarray(cv2.resize(self._image, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC), np.uint8)
