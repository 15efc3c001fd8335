"""Was something put down here, or taken away? Where a thing is, its outline parts it from its surroundings; where
none is, the ground goes on across that line.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of
from pipeline.detectors.static_object.regions import Region

_FAINT_STEP = 4.0
_FAINT_SLOPE = 2.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the outline of a region says, each -1 (was there before) .. +1 (is there now).

    ``steps``: jump of brightness and colour across the outline. ``edges``: strength of the edges along it.
    ``closed``: 0..1, share of the outline that is an edge now. ``light``: 0..1, how far the inside looks like the
    same ground in other light.
    """

    steps: float
    edges: float
    closed: float
    light: float

    @property
    def score(self) -> float:
        """-1 (taken away) .. +1 (put down); 0 says nothing either way."""
        return (self.steps + self.edges) / 2


def judge(region: Region, fresh: Features, ground: Features, doubtful: Mask) -> Verdict:
    """Compare the outline now and before. ``doubtful`` (shape of the region's box): pixels hidden or changed by something else."""
    mask = region.mask
    now, before = fresh.cut(region.rows, region.columns), ground.cut(region.rows, region.columns)
    outside = ~cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_) & ~doubtful
    bits = mask.astype(np.uint8)
    outline = (cv2.dilate(bits, np.ones((3, 3), np.uint8)) > 0) & (cv2.erode(bits, np.ones((3, 3), np.uint8)) == 0) & ~doubtful
    if not outline.any():
        return Verdict(0.0, 0.0, 0.0, 1.0)
    step_now, known = _steps(now, mask, outside)
    step_before, _ = _steps(before, mask, outside)
    line = outline & known
    edge_now, edge_before = _edges(now, mask), _edges(before, mask)
    if not line.any():
        return Verdict(0.0, 0.0, 0.0, 1.0)
    closed = float(np.mean((step_now[line] > 2 * _FAINT_STEP) & (step_now[line] > step_before[line])))
    return Verdict(
        _balance(step_now[line], step_before[line], _FAINT_STEP),
        _balance(edge_now[outline], edge_before[outline], _FAINT_SLOPE),
        closed,
        _light_likeness(now, before, mask),
    )


def _balance(now: Plane, before: Plane, faint: float) -> float:
    return float(np.mean((now - before) / (now + before + faint)))


def _steps(picture: Features, mask: Mask, outside: Mask) -> tuple[Plane, Mask]:
    """Jump across the outline: mean just inside against mean just outside, and where both are known."""
    inner, inner_weight = _means(picture, mask)
    outer, outer_weight = _means(picture, outside)
    jump = sum(np.abs(a - b) for a, b in zip(inner, outer, strict=True))
    return np.asarray(jump, np.float32), (inner_weight > 0.05) & (outer_weight > 0.05)


def _means(picture: Features, where: Mask) -> tuple[list[Plane], Plane]:
    weight = where.astype(np.float32)
    total = cv2.boxFilter(weight, -1, (7, 7), borderType=cv2.BORDER_CONSTANT)
    floor = np.maximum(total, 1e-3)
    planes = (picture.brightness, picture.blue, picture.red)
    return [
        np.asarray(cv2.boxFilter(p * weight, -1, (7, 7), borderType=cv2.BORDER_CONSTANT) / floor, np.float32) for p in planes
    ], np.asarray(total, np.float32)


def _edges(picture: Features, mask: Mask) -> Plane:
    """Strength of edges that run along the outline, the strongest within a pixel: outlines are known no better than that."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (7, 7), 0)
    across_x, across_y = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    length = cv2.magnitude(across_x, across_y) + np.float32(1e-6)
    slope_x, slope_y = picture.slopes
    along = np.abs((slope_x * across_x + slope_y * across_y) / length)
    return np.asarray(cv2.dilate(along, np.ones((3, 3), np.uint8)), np.float32)


def _light_likeness(now: Features, before: Features, mask: Mask) -> float:
    """0 (other colours or structure inside) .. 1 (the same ground, evenly darker or brighter)."""
    inside = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if int(inside.sum()) < 12:
        inside = mask
    off = (now.brightness - before.brightness)[inside]
    colour = (np.abs(now.blue - before.blue) + np.abs(now.red - before.red))[inside]
    level = median_of(off)
    uneven = 1.48 * median_of(np.abs(off - np.float32(level)))
    if not -110 < level < 60:
        return 0.0
    return float(np.clip(1.5 - (uneven + median_of(colour)) / 14, 0, 1))
