"""Which pixels have not moved for how long, whoever is said to stand there: nobody alive stands still to the pixel."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.detectors.static_object.change import Noise
from pipeline.detectors.static_object.features import Mask, Plane
from pipeline.types import Detection, Role

_STILL_S = 12.0
_STILL_SHARE = 0.97
_AT_REST_S = 4.0  # no longer than it takes to find a thing anyway
_LEAST_CHANGE = 10.0
_NOISES = 4.0
_FAINT = 0.5
_LONGEST_STEP_S = 5.0


class Stillness:
    """Seconds for which each pixel has shown the same brightness (HxW, units of 1 %, aligned and in even light)."""

    def __init__(self, brightness: Plane) -> None:
        """Begin with the first look."""
        self._anchor = brightness.copy()
        self._still_s: Plane = np.zeros(brightness.shape, np.float32)
        self._hidden: Mask = np.zeros(brightness.shape, np.bool_)
        self._anchor_behind, self._still_behind_s = self._anchor.copy(), self._still_s.copy()

    def take_in(self, brightness: Plane, noise: Noise, step_s: float, hidden: Mask) -> None:
        """Count one more look; ``noise`` is what quiet pixels differ by, ``hidden`` (HxW) is under movers."""
        limit = noise.limit(noise.brightness, _NOISES, _LEAST_CHANGE)
        self._keep_behind(brightness, limit, hidden)
        moved = _moved(brightness, self._anchor, limit)
        self._still_s += np.float32(min(step_s, _LONGEST_STEP_S))
        self._still_s *= ~moved
        cv2.copyTo(brightness, moved.view(np.uint8), self._anchor)

    def _keep_behind(self, brightness: Plane, limit: Plane, hidden: Mask) -> None:
        """What comes into sight again as it was has not moved: who passed in front of it did."""
        covered, back = (hidden & ~self._hidden).view(np.uint8), (self._hidden & ~hidden).view(np.uint8)
        self._hidden = hidden
        x, y, width, height = cv2.boundingRect(back)
        if width and height:
            part = (slice(y, y + height), slice(x, x + width))
            same = (back[part] > 0) & ~_moved(brightness[part], self._anchor_behind[part], limit[part])
            self._anchor[part][same] = self._anchor_behind[part][same]
            self._still_s[part][same] = self._still_behind_s[part][same]
        if covered.any():
            cv2.copyTo(self._anchor, covered, self._anchor_behind)
            cv2.copyTo(self._still_s, covered, self._still_behind_s)

    def stirred(self) -> Mask:
        """HxW: pixels that did not show the same all through the last seconds."""
        return np.asarray(self._still_s < _AT_REST_S, np.bool_)

    def is_statue(self, detection: Detection, box: tuple[int, int, int, int]) -> bool:
        """Whether what a model faintly takes for a person or an animal in this pixel box is a thing: it has not moved at all."""
        if detection.role not in (Role.PERSON, Role.ANIMAL) or detection.confidence >= _FAINT:
            return False
        x_min, y_min, x_max, y_max = box
        inside = self._still_s[y_min:y_max, x_min:x_max]
        return bool(inside.size) and float((inside >= _STILL_S).mean()) >= _STILL_SHARE


def _moved(brightness: Plane, anchor: Plane, limit: Plane) -> Mask:
    off = cv2.boxFilter(cv2.subtract(brightness, anchor), -1, (3, 3))
    return np.asarray(np.abs(off, out=off) > limit, np.bool_)
