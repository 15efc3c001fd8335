"""What several windows saw of one picture -> each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.types import BoundingBox, Detection

_SAME_THING_IOU = 0.55
_PART_OF_IT = 0.6


@dataclass(frozen=True, slots=True)
class Sighting:
    """A detection in the window that it was seen in. ``cut``: its box ends at an edge of that window inside the picture."""

    detection: Detection
    window: int
    cut: bool


def merge_sightings(sightings: Sequence[Sighting]) -> tuple[Detection, ...]:
    """Each thing once, in a fixed order: confidence falling, then label and box.

    Within one window the network's own suppression has decided already. Across windows a thing is the same where
    roles agree and boxes overlap; a box that its window cut off yields to one that another window saw whole.
    """
    kept: list[Sighting] = []
    for sighting in sorted(sightings, key=_best_first):
        if not any(_same_thing(better, sighting) for better in kept):
            kept.append(sighting)
    return tuple(sorted((sighting.detection for sighting in kept), key=_order))


def _same_thing(better: Sighting, other: Sighting) -> bool:
    if better.window == other.window or better.detection.role is not other.detection.role:
        return False
    first, second = better.detection.box, other.detection.box
    if first.iou(second) >= _SAME_THING_IOU:
        return True
    # Part of a thing at the edge of a window: mostly inside the box that shows more of it.
    return other.cut and second.area <= first.area and second.covered_by(first) >= _PART_OF_IT


def _best_first(sighting: Sighting) -> tuple[bool, float, tuple[object, ...]]:
    # Of two boxes that were both cut, the larger shows more of the thing.
    box = sighting.detection.box
    return sighting.cut, -box.area if sighting.cut else -sighting.detection.confidence, (sighting.window, *_order(sighting.detection))


def _order(detection: Detection) -> tuple[float, str, float, float, float, float]:
    box: BoundingBox = detection.box
    return -detection.confidence, detection.label, box.x_min, box.y_min, box.x_max, box.y_max
