"""Where what stands aslant meets the ground.

Where the camera looks along the street, a row of crates recedes from it: the lower edge of the row's box is where the nearest one stands,
and a corner of the box lies on ground that none of them touches. What is solid down to the ground shows a lower rim that only rises
from its near end to its far one. What stands on legs, or hangs over, does not: its foot is the lower edge of its box.
"""

from __future__ import annotations

import numpy as np

from pipeline.detectors.static_object.features import Mask

SLICES = 8
"""Parts of equal width into which a box is cut, from left to right."""
_LEAST_WIDTH_PX = 8
_LEAST_SEEN = 0.5
"""Share of the columns of a box in which its lower rim has to be seen."""
_LEAST_TALL = 0.2
"""Share of its box that a column must be filled with: what is less is a crumb beside it."""
_LEAST_DROP = 0.25
"""Of the height of the box: a rim that is less aslant is its lower edge."""
_BACK_PX, _BACK = 1.5, 0.1
"""So far a rim may fall back towards its near end, in pixels or as a share of the height of the box: a mask is no drawing."""


def foot_rows(thing: Mask, hidden: Mask) -> tuple[float, ...]:
    """The row at which a thing ends below, for each slice of its box; empty where that is but the lower edge of the box.

    Args:
        thing: HxW, of its box; where it shows.
        hidden: HxW, where somebody is in front: what is below cannot be told from what is seen.
    """
    height, width = thing.shape
    if width < _LEAST_WIDTH_PX:
        return ()
    rows = np.arange(height)[:, None]
    lowest = np.where(thing, rows, -1).max(axis=0)
    covered = (hidden & (rows >= lowest - 1)).any(axis=0)
    seen = (thing.sum(axis=0) >= _LEAST_TALL * height) & ~covered
    if float(seen.mean()) < _LEAST_SEEN:
        return ()
    slices = np.array_split(np.arange(width), SLICES)
    known = [at for at, columns in enumerate(slices) if seen[columns].any()]
    # The lowest of each: a leg is thin.
    rim = np.interp(np.arange(SLICES), known, [float(lowest[slices[at]][seen[slices[at]]].max()) + 1 for at in known])
    rising = rim if rim[0] <= rim[-1] else rim[::-1]
    straightened = np.maximum.accumulate(rising)
    back = float((straightened - rising).max())
    if straightened[-1] - straightened[0] < _LEAST_DROP * height or back > max(_BACK_PX, _BACK * height):
        return ()
    return tuple(float(row) for row in (straightened if rim[0] <= rim[-1] else straightened[::-1]))
