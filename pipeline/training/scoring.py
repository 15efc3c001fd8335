"""Average precision with ignored regions: what is ignored neither rewards nor punishes. Pure, but for ultralytics' curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.training.classes import CLASSES
from pipeline.training.seeing import Found

IOU_LEVELS: tuple[float, ...] = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
_MOSTLY = 0.5
"""A detection with this share of its area in an ignored region is left out."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is in one picture. Boxes: x_min, y_min, x_max, y_max, fractions; class -1 in ``ignored`` = any class."""

    boxes: npt.NDArray[np.float64]
    classes: npt.NDArray[np.int64]
    ignored: npt.NDArray[np.float64]
    ignored_classes: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How well one class is found."""

    things: int
    """Things of the class that were judged."""
    ap50: float
    ap50_95: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How well everything is found. Classes without a single thing are not in ``classes`` and not in the means."""

    pictures: int
    classes: Mapping[str, ClassScore]
    map50: float
    map50_95: float


def score(truths: Sequence[Truth], found: Sequence[Found], smallest: Sequence[float] | None = None) -> Scores:
    """Average precision per class over IoU 0.50 to 0.95.

    Args:
        truths, found: one each for every picture, in the same order.
        smallest: for every picture, the area (a share of the picture) below which an unmatched detection is left out, as COCO does
            where it judges large things only; None: detections of every size are judged.
    """
    wanted = np.concatenate([truth.classes for truth in truths]) if truths else np.zeros(0, np.int64)
    precision: dict[int, list[float]] = {int(kind): [] for kind in np.unique(wanted)}
    for level in IOU_LEVELS:
        for kind, value in _precision_at(level, truths, found, wanted, smallest).items():
            precision[kind].append(value)
    counts = np.bincount(wanted, minlength=len(CLASSES))
    classes = {CLASSES[kind]: ClassScore(int(counts[kind]), each[0], float(np.mean(each))) for kind, each in precision.items()}
    return Scores(
        len(truths),
        classes,
        float(np.mean([each.ap50 for each in classes.values()])) if classes else 0.0,
        float(np.mean([each.ap50_95 for each in classes.values()])) if classes else 0.0,
    )


def intersections(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """NxM: areas that N boxes share with M boxes."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared: npt.NDArray[np.float64] = np.prod(np.clip(high - low, 0, None), axis=2)
    return shared


def areas(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Area of each box."""
    sized: npt.NDArray[np.float64] = np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 0, None), axis=1)
    return sized


def _precision_at(
    level: float, truths: Sequence[Truth], found: Sequence[Found], wanted: npt.NDArray[np.int64], smallest: Sequence[float] | None
) -> dict[int, float]:
    """Average precision of each class at one IoU."""
    from ultralytics.utils.metrics import ap_per_class

    right, sure, kinds = [], [], []
    for number, (truth, seen) in enumerate(zip(truths, found, strict=True)):
        hit = _hits(truth, seen, level)
        left_out = ~hit & _ignored(truth, seen)
        if smallest is not None:
            left_out |= ~hit & (areas(seen.boxes) < smallest[number])
        right.append(hit[~left_out])
        sure.append(seen.confidences[~left_out])
        kinds.append(seen.classes[~left_out])
    if not len(wanted):
        return {}
    result = ap_per_class(np.concatenate(right)[:, None], np.concatenate(sure), np.concatenate(kinds), wanted)
    return {int(kind): float(value) for kind, value in zip(result[6], result[5][:, 0], strict=True)}


def _hits(truth: Truth, seen: Found, level: float) -> npt.NDArray[np.bool_]:
    """Which detections are right: the surest first, each thing once, the thing that fits best."""
    hit = np.zeros(len(seen.boxes), dtype=bool)
    if not len(truth.boxes) or not len(seen.boxes):
        return hit
    shared = intersections(seen.boxes, truth.boxes)
    iou = shared / np.maximum(areas(seen.boxes)[:, None] + areas(truth.boxes)[None] - shared, 1e-12)
    iou[seen.classes[:, None] != truth.classes[None]] = 0
    for number in range(len(seen.boxes)):
        best = int(iou[number].argmax())
        if iou[number, best] >= level:
            hit[number] = True
            iou[:, best] = 0
    return hit


def _ignored(truth: Truth, seen: Found) -> npt.NDArray[np.bool_]:
    """Which detections lie mostly in a region where their class is not judged."""
    if not len(truth.ignored) or not len(seen.boxes):
        return np.zeros(len(seen.boxes), dtype=bool)
    share = intersections(seen.boxes, truth.ignored) / np.maximum(areas(seen.boxes)[:, None], 1e-12)
    concerns = (truth.ignored_classes[None] == seen.classes[:, None]) | (truth.ignored_classes[None] < 0)
    inside: npt.NDArray[np.bool_] = ((share >= _MOSTLY) & concerns).any(axis=1)
    return inside
