"""The time that cameras write into their pictures: where it stands, and when it stops.

A frozen picture that a recorder encodes again is never the same twice, and an empty street by night hardly changes. But the seconds of a
camera that is alive change from look to look. Where something near the upper or lower edge changed strongly at each of many looks, a
clock is believed to be; while it stands still and nothing else moves either, the picture is frozen.
"""

from __future__ import annotations

from datetime import datetime

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Blocks = npt.NDArray[np.bool_]

_BLOCK_PX = 20
_STRONG_LEVELS = 60
"""A digit that changes does so by this many grey levels somewhere; compression of a still picture does not."""
_BAND_BLOCKS = 2
_LOOKS_TO_KNOW = 20
_FEWEST_STILL = 3


class BurntInClock:
    """Watches the pictures of one camera, all of one size."""

    def __init__(self) -> None:
        """Where a clock is has to be learnt first."""
        self._last: Grey | None = None
        self._ticks: npt.NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._still_since: datetime | None = None
        self._still_looks = 0

    def stopped_s(self, grey: Grey, at: datetime) -> float:
        """For how long the clock and everything else stood still, seconds; 0 where no clock is known or anything moves."""
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            self._ticks = np.zeros((0, 0), np.int64)
            self._still_since, self._still_looks = None, 0
            return 0.0
        changed = _strongly_changed(last, grey)
        if self._ticks.shape != changed.shape:
            self._ticks = np.zeros(changed.shape, np.int64)
        known = self._ticks >= _LOOKS_TO_KNOW
        if not changed.any() and known.any():
            self._still_since = self._still_since or at
            self._still_looks += 1
            return (at - self._still_since).total_seconds() if self._still_looks >= _FEWEST_STILL else 0.0
        self._still_since, self._still_looks = None, 0
        # What did not change while other things did is no clock.
        self._ticks = np.where(changed & _at_the_edge(changed.shape), self._ticks + 1, 0)
        return 0.0


def _strongly_changed(before: Grey, now: Grey) -> Blocks:
    differs = cv2.absdiff(before, now)
    rows, columns = differs.shape[0] // _BLOCK_PX, differs.shape[1] // _BLOCK_PX
    blocks = differs[: rows * _BLOCK_PX, : columns * _BLOCK_PX].reshape(rows, _BLOCK_PX, columns, _BLOCK_PX)
    return np.asarray(blocks.max(axis=(1, 3), initial=0) >= _STRONG_LEVELS)


def _at_the_edge(shape: tuple[int, ...]) -> Blocks:
    edge = np.zeros(shape, bool)
    edge[:_BAND_BLOCKS] = edge[-_BAND_BLOCKS:] = True
    return edge
