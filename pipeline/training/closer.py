"""Four closer looks as one picture: what the product enlarges before it reports a thing. Pure but for chance; sizes in pixels.

A closer look shows one small thing large, soft, and full of what compression left of it. A detector that was trained on
whole pictures alone finds every other thing there at best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.detectors.tiles import CLOSE_INPUT_PX, Window, close_window
from pipeline.training.hiding import Boxes
from pipeline.types import BoundingBox, Image

Spoil: TypeAlias = Callable[[Image], Image]
"""What a camera does to a picture; same size."""

_GREY = 114
_ANYWHERE = 0.2
"""Share of the looks that go where nothing need be: columns, bins and windows are no things."""
_ANYWHERE_PX = 16, 120
_ASTRAY = 0.2
"""The box that a look is taken at need not be that of the thing: its centre is off by up to so much of its sides ..."""
_SIZES = 0.6, 1.7
"""... and its sides are so many times as long."""
_LARGEST = 0.4
"""Of the picture's width: what is larger is known without a closer look."""
_SEEN = 0.4
"""Share of a thing that must lie in the look; of less it is a piece, which need not be known."""
_MARGIN_PX = 16
"""A camera spoils more than is cut out."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A BGR picture and what is in it."""

    image: Image
    boxes: Boxes
    kinds: npt.NDArray[np.int64]
    """(things,): class of each, from the number of classes on for what is not judged."""


def four_closer_looks(pictures: Sequence[Labelled], ignored: int, size: int, spoil: Spoil, rng: np.random.Generator) -> Labelled:
    """One closer look at each of four pictures, joined to a square.

    Args:
        ignored: number of classes; see Labelled.kinds.
        size: side of what is returned, pixels, even. The product's closer looks are half of 640 large.
        spoil: applied before anything is enlarged.
    """
    side = size // 2
    joined = np.full((size, size, 3), _GREY, dtype=np.uint8)
    boxes: list[Boxes] = [np.zeros((0, 4), dtype=np.float32)]
    kinds: list[npt.NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    for number, picture in enumerate(pictures[:4]):
        look = closer_look(picture, _place(picture, ignored, rng), ignored, side, spoil)
        top, left = number // 2 * side, number % 2 * side
        joined[top : top + side, left : left + side] = look.image
        boxes.append(look.boxes + np.array([left, top, left, top], dtype=np.float32))
        kinds.append(look.kinds)
    return Labelled(joined, np.concatenate(boxes), np.concatenate(kinds))


def closer_look(picture: Labelled, place: BoundingBox, ignored: int, side: int, spoil: Spoil) -> Labelled:
    """What the product sees when it looks closer at ``place`` (fractions), as a square of ``side`` pixels."""
    height, width = picture.image.shape[:2]
    window = close_window(place, width, height)
    part = _spoilt(picture.image, window, spoil)
    scale = window.scale * side / CLOSE_INPUT_PX
    inside = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    scaled = cv2.resize(part, inside, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (side - inside[0]) // 2, (side - inside[1]) // 2
    image = np.full((side, side, 3), _GREY, dtype=np.uint8)
    image[top : top + inside[1], left : left + inside[0]] = scaled
    corner = np.array([window.left, window.top, window.left, window.top], dtype=np.float32)
    boxes = np.clip(picture.boxes - corner, 0, np.array([window.width, window.height] * 2, dtype=np.float32))
    within, whole = _areas(boxes), _areas(picture.boxes)
    pieces = (picture.kinds < ignored) & (within < _SEEN * whole)
    kinds = picture.kinds + np.where(pieces, ignored, 0)
    kept = within > 0
    shown = boxes[kept] * np.float32(scale) + np.array([left, top, left, top], dtype=np.float32)
    return Labelled(image, shown.astype(np.float32), kinds[kept])


def _place(picture: Labelled, ignored: int, rng: np.random.Generator) -> BoundingBox:
    """Around a thing, every class as likely as any other; else anywhere."""
    height, width = picture.image.shape[:2]
    sides = (picture.boxes[:, 2:] - picture.boxes[:, :2]).max(axis=1, initial=0.0)
    able = np.flatnonzero((picture.kinds < ignored) & (sides <= _LARGEST * width) & (sides > 0))
    if not len(able) or rng.random() < _ANYWHERE:
        across, down = (float(side) for side in rng.uniform(*_ANYWHERE_PX, size=2))
        middle = rng.uniform(0, 1, size=2) * [width, height]
    else:
        kind = rng.choice(np.unique(picture.kinds[able]))
        left, top, right, bottom = (float(value) for value in picture.boxes[rng.choice(able[picture.kinds[able] == kind])])
        longer = np.exp(rng.uniform(math.log(_SIZES[0]), math.log(_SIZES[1]), size=2))
        across, down = (right - left) * float(longer[0]), (bottom - top) * float(longer[1])
        middle = np.array([left + right, top + bottom]) / 2 + rng.uniform(-_ASTRAY, _ASTRAY, size=2) * [right - left, bottom - top]
    x_min, x_max = _span(float(middle[0]), across, width)
    y_min, y_max = _span(float(middle[1]), down, height)
    return BoundingBox(x_min, y_min, x_max, y_max)


def _span(middle: float, length: float, of: int) -> tuple[float, float]:
    """A span in fractions, cut at the picture's edges, never empty."""
    start = min(max(0.0, middle - length / 2), of - 1.0)
    return start / of, min(float(of), max(start + 1.0, middle + length / 2)) / of


def _spoilt(image: Image, window: Window, spoil: Spoil) -> Image:
    """The window's pixels after ``spoil`` was done to them and to a margin."""
    height, width = image.shape[:2]
    left, top = max(0, window.left - _MARGIN_PX), max(0, window.top - _MARGIN_PX)
    right, bottom = min(width, window.right + _MARGIN_PX), min(height, window.bottom + _MARGIN_PX)
    spoilt = spoil(np.ascontiguousarray(image[top:bottom, left:right]))
    return spoilt[window.top - top : window.bottom - top, window.left - left : window.right - left]


def _areas(boxes: Boxes) -> npt.NDArray[np.float32]:
    sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)
