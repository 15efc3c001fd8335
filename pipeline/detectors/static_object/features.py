"""A look in units in which light is a mere offset: logarithmic brightness and colour ratios.

All planes are HxW float32. One unit is a change of 1 %: twice as much light is +69, whatever the exposure, and
a change of light on one spot moves brightness but neither its gradients nor the colour ratios.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.types import Image

Plane: TypeAlias = npt.NDArray[np.float32]
Mask: TypeAlias = npt.NDArray[np.bool_]

_DARK_LEVELS = 10.0  # grey levels added before the logarithm, so that the noise of black does not count as contrast
_LOG = (100 * np.log(np.arange(256) + _DARK_LEVELS)).astype(np.float32)


@dataclass(slots=True)
class Features:
    """Brightness, blue-green and red-green of a picture, each HxW float32 in units of 1 %; HxW of all are equal."""

    brightness: Plane
    blue: Plane
    red: Plane
    _slopes: tuple[Plane, Plane] | None = field(default=None, repr=False)

    @property
    def slopes(self) -> tuple[Plane, Plane]:
        """Gradient of the brightness in x and y, units of 1 % per pixel. Reckoned once; see ``stale``."""
        if self._slopes is None:
            self._slopes = _slopes_of(self.brightness)
        return self._slopes

    def stale(self) -> None:
        """To be called after the brightness was changed in place."""
        self._slopes = None

    def copy(self) -> Features:
        """Independent planes."""
        return Features(self.brightness.copy(), self.blue.copy(), self.red.copy())

    def cut(self, rows: slice, columns: slice) -> Features:
        """A view of a part, with the slopes of the whole."""
        part = Features(self.brightness[rows, columns], self.blue[rows, columns], self.red[rows, columns])
        if self._slopes is None:
            # A slope looks one pixel far: a part with that much more around it has the slopes of the whole.
            top, left = max(0, rows.start - 1), max(0, columns.start - 1)
            wider = self.brightness[top : rows.stop + 1, left : columns.stop + 1]
            inner = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
            slope_x, slope_y = _slopes_of(wider)
            part._slopes = (slope_x[inner], slope_y[inner])
        else:
            slope_x, slope_y = self._slopes
            part._slopes = (slope_x[rows, columns], slope_y[rows, columns])
        return part

    def moved(self, shift: tuple[float, float]) -> Features:
        """The picture moved back by this shift (x, y in pixels): what was at (x + dx, y + dy) comes to (x, y)."""
        matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
        size = self.brightness.shape[1::-1]
        brightness, blue, red = (
            cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32, copy=False)
            for plane in (self.brightness, self.blue, self.red)
        )
        return Features(brightness, blue, red)


def features_of(image: Image) -> Features:
    """Features of an HxWx3 uint8 BGR picture, slightly smoothed."""
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    # Parting bytes and then looking up is cheaper than parting floats.
    blue, green, red = (cv2.LUT(channel, _LOG) for channel in cv2.split(smooth))
    brightness = cv2.addWeighted(blue, 0.25, red, 0.25, 0)
    cv2.scaleAdd(green, 0.5, brightness, brightness)
    return Features(
        brightness.astype(np.float32, copy=False),
        cv2.subtract(blue, green).astype(np.float32, copy=False),
        cv2.subtract(red, green).astype(np.float32, copy=False),
    )


def is_grey(look: Features) -> bool:
    """Whether the picture carries no colour at all: an infrared or night picture."""
    spread = np.abs(look.blue[::4, ::4]).mean() + np.abs(look.red[::4, ::4]).mean()
    return bool(spread < 2.0)


def _slopes_of(brightness: Plane) -> tuple[Plane, Plane]:
    return (
        cv2.Sobel(brightness, cv2.CV_32F, 1, 0, scale=0.125).astype(np.float32, copy=False),
        cv2.Sobel(brightness, cv2.CV_32F, 0, 1, scale=0.125).astype(np.float32, copy=False),
    )
