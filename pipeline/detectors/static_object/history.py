"""The last looks, small, so that a thing once recognised can be followed back to the look in which it first stood there."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline.detectors.static_object.features import Features, Mask, features_of
from pipeline.detectors.static_object.light import LightChange
from pipeline.detectors.static_object.thing import Thing
from pipeline.types import Image

_LOOKS = 64
_REACH_PX = 14
_LIKE = 0.3
_MISFIT = 0.65
_FORGIVEN = 1
_NO_PIXELS = np.empty((0, 0, 3), np.uint8)
_QUALITY = 95
"""Of JPEG: a fifth of the memory, and differences far below the noise of a camera."""


@dataclass(frozen=True, slots=True)
class PastLook:
    """A look at the width of the background. ``hidden`` are pixel boxes of movers on the background's grid."""

    at_s: float
    image: Image
    shift: tuple[float, float]
    light: LightChange
    hidden: tuple[tuple[int, int, int, int], ...]
    colour: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """A past look, its picture compressed."""

    look: PastLook
    picture: bytes

    @classmethod
    def of(cls, look: PastLook) -> _Held:
        done, picture = cv2.imencode(".jpg", look.image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not done:
            raise ValueError(f"expected a picture, found an array of {look.image.shape}")
        return cls(replace(look, image=_NO_PIXELS), picture.tobytes())

    def opened(self) -> PastLook:
        image = cv2.imdecode(np.frombuffer(self.picture, np.uint8), cv2.IMREAD_COLOR)
        return replace(self.look, image=np.asarray(image, np.uint8))


class History:
    """At most 64 looks; older ones are forgotten."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._looks: deque[_Held] = deque(maxlen=_LOOKS)
        self.carried = False
        """Whether it is pickled with its looks, which are large. Else it begins anew: of what stands by then it is known since when."""

    def __getstate__(self) -> tuple[_Held, ...]:
        return tuple(self._looks) if self.carried else ()

    def __setstate__(self, state: tuple[_Held, ...]) -> None:
        self._looks = deque(state, maxlen=_LOOKS)
        self.carried = False

    def add(self, look: PastLook) -> None:
        """Remember one more look."""
        self._looks.append(_Held.of(look))

    def first_seen_s(self, thing: Thing) -> float:
        """When this thing was first seen standing where it stands.

        Goes back look by look while the thing is recognised. Looks in which people hide it are skipped, and so is
        a single look in which something else is in front; a look that shows bare ground ends the search.
        """
        first_s, misses = thing.since_s, 0
        for past in (held.opened() for held in reversed(self._looks)):
            patch, hidden = _patch(past, thing)
            pixels = thing.region.mask
            likeness, misfit, _ = thing.likeness(patch, pixels, ~hidden, colour=past.colour)
            if likeness > _LIKE and misfit < _MISFIT:
                first_s, misses = min(first_s, past.at_s), 0
            elif float(hidden[pixels].mean()) < 0.3:
                misses += 1
                if misses > _FORGIVEN or likeness < 0:
                    break
        return first_s


def _patch(past: PastLook, thing: Thing) -> tuple[Features, Mask]:
    """The part of a past look where the thing stands, as it lies on the background, and what movers hid of it."""
    rows, columns = thing.region.rows, thing.region.columns
    height, width = past.image.shape[:2]
    around_rows = slice(max(0, rows.start - _REACH_PX), min(height, rows.stop + _REACH_PX))
    around_columns = slice(max(0, columns.start - _REACH_PX), min(width, columns.stop + _REACH_PX))
    look = features_of(np.ascontiguousarray(past.image[around_rows, around_columns]))
    if past.shift != (0.0, 0.0):
        look = look.moved(past.shift)
    look = past.light.apply(look)
    inner_rows = slice(rows.start - around_rows.start, rows.stop - around_rows.start)
    inner_columns = slice(columns.start - around_columns.start, columns.stop - around_columns.start)
    hidden = np.zeros(thing.region.mask.shape, np.bool_)
    for x_min, y_min, x_max, y_max in past.hidden:
        top, bottom = max(0, y_min - rows.start), max(0, y_max - rows.start)
        left, right = max(0, x_min - columns.start), max(0, x_max - columns.start)
        hidden[top:bottom, left:right] = True
    return look.cut(inner_rows, inner_columns), hidden
