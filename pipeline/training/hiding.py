"""Things partly hidden by something in front of them: a pole, a cabinet, a wall. Pure; sizes in pixels.

Rendered streets hide their things too seldom: a detector that was trained on them alone knows a bicycle by its two
wheels, and says nothing of one that stands behind a column.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.types import Image

Boxes: TypeAlias = npt.NDArray[np.float32]
"""(things, 4): left, top, right, bottom."""

_MOST = 3
"""So many things of a picture are hidden in part."""
_SMALLEST_PX = 24.0
"""A thing with a shorter side than this has nothing to spare."""
_SEEN = 0.3
"""Share of its box below which a thing counts as not to be seen: what labels of rendered pictures keep."""
_TRIES = 8


def hide_some(image: Image, boxes: Boxes, kinds: npt.NDArray[np.int64], ignored: int, rng: np.random.Generator) -> Boxes:
    """Draw something before up to three things; what is left of each box is returned.

    Args:
        image: BGR, drawn on.
        kinds: (things,) class of each; from ``ignored`` on it is not judged. A thing that is hidden but for a rest is
            given its class + ``ignored`` here.
        ignored: number of classes.
    """
    boxes, shown = boxes.copy(), np.ones(len(boxes))
    sides = boxes[:, 2:] - boxes[:, :2]
    large = np.flatnonzero((kinds < ignored) & (sides.min(axis=1, initial=np.inf) >= _SMALLEST_PX))
    for at in rng.permutation(large)[: int(rng.integers(1, _MOST + 1))]:
        cover = _cover(boxes[at], rng)
        _draw(image, cover, boxes, rng)
        for number, box in enumerate(boxes):
            boxes[number], seen = seen_part(box, cover)
            shown[number] *= seen
            if shown[number] < _SEEN and kinds[number] < ignored:
                kinds[number] += ignored
    return boxes


def seen_part(box: Boxes, cover: Boxes) -> tuple[Boxes, float]:
    """What is left of a box behind a cover, and the share of the whole box that is still seen (0 to 1).

    A cover across a whole side moves that side; one in the middle, or at a corner, leaves the box as it is.
    """
    left, top, right, bottom = (float(value) for value in box)
    whole = (right - left) * (bottom - top)
    across = max(0.0, min(right, float(cover[2])) - max(left, float(cover[0])))
    down = max(0.0, min(bottom, float(cover[3])) - max(top, float(cover[1])))
    if whole <= 0 or not across * down:
        return box.copy(), 1.0
    if cover[0] <= left and cover[2] >= right:
        if cover[3] >= bottom:
            bottom = max(top, float(cover[1]))
        elif cover[1] <= top:
            top = float(cover[3])
    elif cover[1] <= top and cover[3] >= bottom:
        if cover[2] >= right:
            right = float(cover[0])
        elif cover[0] <= left:
            left = float(cover[2])
    return np.array([left, top, right, bottom], dtype=np.float32), 1.0 - across * down / whole


def _cover(box: Boxes, rng: np.random.Generator) -> Boxes:
    """Where something stands before a thing: over its foot, one of its sides, or as a pole from top to bottom."""
    left, top, right, bottom = (float(value) for value in box)
    width, height = right - left, bottom - top
    share, beyond = float(rng.uniform(0.2, 0.6)), float(rng.uniform(0.05, 0.5))
    where = rng.choice(["foot", "left", "right", "pole"], p=[0.35, 0.2, 0.2, 0.25])
    above, below = top - beyond * height, bottom + 0.1 * height
    if where == "foot":
        rect = [left - beyond * width, bottom - share * height, right + beyond * width, bottom + 0.2 * height]
    elif where == "left":
        rect = [left - beyond * width, above, left + share * width, below]
    elif where == "right":
        rect = [right - share * width, above, right + beyond * width, below]
    else:
        middle, half = left + float(rng.uniform(0.2, 0.8)) * width, float(rng.uniform(0.05, 0.15)) * width
        rect = [middle - half, top - 2 * beyond * height, middle + half, below]
    return np.array(rect, dtype=np.float32)


def _draw(image: Image, cover: Boxes, boxes: Boxes, rng: np.random.Generator) -> None:
    """A piece of the same picture that shows no thing, else a plain shaded surface."""
    height, width = image.shape[:2]
    left, right = (int(value) for value in np.clip(cover[[0, 2]].round(), 0, width))
    top, bottom = (int(value) for value in np.clip(cover[[1, 3]].round(), 0, height))
    across, down = right - left, bottom - top
    if across < 1 or down < 1:
        return
    piece = _bare_piece(image, across, down, boxes, rng)
    image[top:bottom, left:right] = _surface(across, down, rng) if piece is None else piece


def _bare_piece(image: Image, across: int, down: int, boxes: Boxes, rng: np.random.Generator) -> Image | None:
    height, width = image.shape[:2]
    for _ in range(_TRIES):
        left, top = int(rng.integers(width - across + 1)), int(rng.integers(height - down + 1))
        apart = (boxes[:, 2] <= left) | (boxes[:, 0] >= left + across) | (boxes[:, 3] <= top) | (boxes[:, 1] >= top + down)
        if apart.all():
            light = float(rng.uniform(0.6, 1.4))
            lit = np.clip(image[top : top + down, left : left + across].astype(np.float32) * light, 0, 255)
            return np.asarray(lit, np.uint8)
    return None


def _surface(across: int, down: int, rng: np.random.Generator) -> Image:
    """One colour that grows lighter to one corner, with some grain."""
    corners = rng.uniform(20, 220, size=3) + rng.uniform(-25, 25, size=(2, 2, 1))
    shaded = cv2.resize(corners.astype(np.float32), (across, down), interpolation=cv2.INTER_LINEAR)
    grain = rng.standard_normal((down, across, 1), dtype=np.float32) * np.float32(rng.uniform(0, 6))
    return np.clip(shaded + grain, 0, 255).astype(np.uint8)
