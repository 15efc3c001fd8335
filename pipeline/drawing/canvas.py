"""A transparent canvas that shows a part of a picture: lines, tints and Chinese text, the same pixels on every system.

Three layers lie on each other, whatever the order of drawing: ground, boxes, text.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from pipeline.errors import ConfigError
from pipeline.types import BoundingBox

Rgba: TypeAlias = npt.NDArray[np.uint8]
"""HxWx4 uint8, red green blue alpha, alpha not multiplied in."""
Mask: TypeAlias = npt.NDArray[np.uint8]
"""HxW uint8, 0 (nothing) to 255 (covered)."""
Colour: TypeAlias = tuple[int, int, int]
"""Red, green, blue, 0..255."""
Rectangle: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the canvas; right and bottom exclusive."""
Points: TypeAlias = npt.NDArray[np.float64]
"""Nx2 pixels of the canvas, x right, y down."""

WHOLE_PICTURE = BoundingBox(0.0, 0.0, 1.0, 1.0)
SMALLEST_TEXT_PX = 13
"""Smaller Chinese text can't be read."""
PLATE_COLOUR: Colour = (16, 18, 22)
_TEXT_COLOUR: Colour = (250, 250, 250)
_PLATE_ALPHA = 192


class Layer(IntEnum):
    """What lies above what."""

    GROUND = 0
    BOXES = 1
    TEXT = 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line: its colour, opacity (0..255), width, and dash lengths (line, space, ...; empty: whole)."""

    colour: Colour
    alpha: int
    width_px: int
    dashes_px: tuple[float, ...] = ()


class Canvas:
    """A transparent drawing that shows the part ``view`` of a picture."""

    def __init__(self, width_px: int, height_px: int, view: BoundingBox = WHOLE_PICTURE) -> None:
        """An empty canvas of this size."""
        self.width_px = width_px
        self.height_px = height_px
        self.view = view
        self.text_px = max(SMALLEST_TEXT_PX, round(height_px * 0.022))
        """Height of the text's em square in pixels."""
        self.line_px = max(1, round(height_px / 400))
        """Width of a plain line in pixels."""
        self._layers = tuple(PillowImage.new("RGBA", (width_px, height_px), (0, 0, 0, 0)) for _ in Layer)
        self._taken: list[Rectangle] = []

    def rgba(self) -> Rgba:
        """What was drawn so far, as a new array."""
        whole = self._layers[Layer.GROUND].copy()
        for layer in self._layers[1:]:
            whole.alpha_composite(layer)
        return np.array(whole, dtype=np.uint8)

    def points(self, fractions: npt.ArrayLike) -> Points:
        """Nx2 fractions of the whole picture as pixels of this canvas."""
        low = np.array([self.view.x_min, self.view.y_min])
        size = np.array([self.view.width, self.view.height])
        return np.asarray((np.asarray(fractions, dtype=np.float64) - low) / size * [self.width_px, self.height_px], dtype=np.float64)

    @property
    def reserved(self) -> tuple[Rectangle, ...]:
        """Where text and what must not be covered by text lies."""
        return tuple(self._taken)

    def reserve(self, rectangle: Rectangle) -> None:
        """Keep later text away from here where there is other room."""
        self._taken.append(rectangle)

    def taken_area(self, rectangle: Rectangle) -> int:
        """Pixels of a rectangle that are reserved."""
        return sum(shared_area(rectangle, other) for other in self._taken)

    def fill(self, ring: Points, colour: Colour, alpha: int, layer: Layer = Layer.GROUND) -> None:
        """Tint the inside of a ring."""
        left, top, mask = self._mask_around(ring, 2)
        if mask.size:
            cv2.fillPoly(mask, [_fixed_point(ring - (left, top))], 255, cv2.LINE_AA, _SHIFT)
            self._paint(mask, left, top, colour, alpha, layer)

    def outline(self, ring: Points, stroke: Stroke, layer: Layer = Layer.GROUND) -> None:
        """A closed line (first point = last) with a dark casing, so that it shows on any ground."""
        left, top, casing = self._mask_around(ring, stroke.width_px + 4)
        if not casing.size:
            return
        line = casing.copy()
        for piece in _dashes(ring, stroke.dashes_px):
            fixed = [_fixed_point(piece - (left, top))]
            cv2.polylines(casing, fixed, False, 255, stroke.width_px + 2, cv2.LINE_AA, _SHIFT)
            cv2.polylines(line, fixed, False, 255, stroke.width_px, cv2.LINE_AA, _SHIFT)
        self._paint(casing, left, top, PLATE_COLOUR, stroke.alpha * 5 // 8, layer)
        self._paint(line, left, top, stroke.colour, stroke.alpha, layer)

    def plate(self, rectangle: Rectangle, colour: Colour = PLATE_COLOUR, alpha: int = _PLATE_ALPHA) -> None:
        """A translucent rectangle for text to stand on."""
        left, top = max(rectangle[0], 0), max(rectangle[1], 0)
        width, height = min(rectangle[2], self.width_px) - left, min(rectangle[3], self.height_px) - top
        if width > 0 and height > 0:
            self._layers[Layer.TEXT].alpha_composite(PillowImage.new("RGBA", (width, height), (*colour, alpha)), (left, top))

    def write(self, text: str, x: int, y: int, size_px: int, colour: Colour = _TEXT_COLOUR) -> None:
        """Text whose line box has its top left corner here."""
        ImageDraw.Draw(self._layers[Layer.TEXT]).text((x, y), text, font=_font(size_px), fill=(*colour, 255))

    def _mask_around(self, points: Points, margin_px: int) -> tuple[int, int, Mask]:
        """Left, top and an empty mask of the part of the canvas that these points span; of size 0 if they lie beside it."""
        low = np.clip(np.floor(points.min(axis=0)) - margin_px, 0, (self.width_px, self.height_px)).astype(int)
        high = np.clip(np.ceil(points.max(axis=0)) + margin_px, low, (self.width_px, self.height_px)).astype(int)
        return int(low[0]), int(low[1]), np.zeros((high[1] - low[1], high[0] - low[0]), dtype=np.uint8)

    def _paint(self, mask: Mask, left: int, top: int, colour: Colour, alpha: int, layer: Layer) -> None:
        strength = np.asarray(cv2.convertScaleAbs(mask, alpha=alpha / 255), dtype=np.uint8)
        patch = PillowImage.new("RGBA", (mask.shape[1], mask.shape[0]), (*colour, 0))
        patch.putalpha(PillowImage.fromarray(strength))
        self._layers[layer].alpha_composite(patch, (left, top))


def shared_area(one: Rectangle, other: Rectangle) -> int:
    """Pixels that lie in both."""
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return width * height if width > 0 and height > 0 else 0


def cut(text: str, size_px: int, room_px: int) -> str:
    """As much of a text as fits, ending in "…" where some is missing."""
    if text_width(text, size_px) <= room_px:
        return text
    while text and text_width(text + "…", size_px) > room_px:
        text = text[:-1]
    return text + "…"


def block_width(lines: Sequence[str], size_px: int) -> int:
    """Width in pixels of the longest line."""
    return max(text_width(line, size_px) for line in lines)


@lru_cache(maxsize=4096)
def text_width(text: str, size_px: int) -> int:
    """Width of one line in pixels."""
    return math.ceil(_font(size_px).getlength(text))


@lru_cache(maxsize=64)
def line_height(size_px: int) -> int:
    """Height of the line box in pixels."""
    ascent, descent = _font(size_px).getmetrics()
    return ascent + descent


@lru_cache(maxsize=64)
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    # Basic layout: the other one depends on a library that not every system has, and pixels must not.
    return ImageFont.truetype(str(_font_path()), size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _font_path() -> Path:
    """The Noto Sans CJK SC font in the mplfonts package, found without importing it (it would import matplotlib)."""
    spec = importlib.util.find_spec("mplfonts")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts" / "NotoSansCJKsc-Regular.otf"
        if path.is_file():
            return path
    raise ConfigError("no font for Chinese text", expected="NotoSansCJKsc-Regular.otf in the mplfonts package", hint="Install mplfonts")


_SHIFT = 4
"""Bits: cv2 takes coordinates in sixteenths of a pixel."""


def _fixed_point(points: Points) -> npt.NDArray[np.int32]:
    # -0.5: fractions count from the edge of the first pixel, cv2 from its middle.
    return np.round(np.clip((points - 0.5) * (1 << _SHIFT), -(2**24), 2**24)).astype(np.int32)


def _dashes(ring: Points, lengths_px: tuple[float, ...]) -> list[Points]:
    """A closed ring cut into the drawn pieces of a dash pattern (line, space, ...); the ring itself without one."""
    if not lengths_px:
        return [ring]
    steps = np.hypot(*np.diff(ring, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    pieces: list[Points] = []
    start, index = 0.0, 0
    while start < along[-1]:
        end = min(start + lengths_px[index % len(lengths_px)], float(along[-1]))
        if index % 2 == 0:
            inner = along[(along > start) & (along < end)]
            stops = np.concatenate([[start], inner, [end]])
            pieces.append(np.stack([np.interp(stops, along, ring[:, axis]) for axis in (0, 1)], axis=1))
        start, index = end, index + 1
    return pieces
