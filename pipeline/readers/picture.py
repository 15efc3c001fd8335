"""Pictures that are converted only as far as somebody asks."""

from __future__ import annotations

from abc import ABC, abstractmethod

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

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


class Scaler:
    """Scales the frames of one source. What is set up for one width is kept for its next frame; one thread only."""

    def __init__(self) -> None:
        self._reformatters: dict[int, VideoReformatter] = {}

    def scale(self, frame: av.VideoFrame, width: int, height: int) -> Image:
        """The stored picture at this size, HxWx3 uint8 BGR."""
        smaller = width < frame.width or height < frame.height
        how = (Interpolation.AREA if smaller else Interpolation.BICUBIC) | Interpolation.ACCURATE_RND
        small = self._reformatters.setdefault(width, VideoReformatter()).reformat(
            frame, width=width, height=height, format="bgr24", interpolation=int(how), dst_color_range=ColorRange.JPEG, threads=1
        )
        return np.asarray(small.to_ndarray(), np.uint8)


class VideoPicture(CachedPicture):
    """A decoded video frame, still in the decoder's own format.

    Scaling averages areas, so that small things neither vanish nor flicker, and goes straight from the decoder's
    format to small BGR. Pixels are given as stored: a sample aspect ratio other than 1 is not applied (zones and boxes are
    fractions and don't depend on it). Of an interlaced frame the upper field alone is used: the lower one is another moment.
    """

    def __init__(self, frame: av.VideoFrame, scaler: Scaler) -> None:
        """Keeps the frame; nothing is converted yet."""
        self._frame = frame
        self._scaler = scaler
        self._turns = round(frame.rotation / 90) % 4
        upright = (frame.width, frame.height) if self._turns % 2 == 0 else (frame.height, frame.width)
        super().__init__(*upright)

    def _convert(self, width: int, height: int) -> Image:
        stored = (width, height) if self._turns % 2 == 0 else (height, width)
        if self._frame.interlaced_frame and self._frame.height > 1:
            field = self._scaler.scale(self._frame, stored[0], self._frame.height)[::2]
            how = cv2.INTER_AREA if stored[1] < len(field) else cv2.INTER_LINEAR
            image = np.asarray(cv2.resize(field, stored, interpolation=how), np.uint8)
        else:
            image = self._scaler.scale(self._frame, *stored)
        return np.ascontiguousarray(np.rot90(image, self._turns)) if self._turns else image


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
