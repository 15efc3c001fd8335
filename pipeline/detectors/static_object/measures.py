"""Two measures that are taken many times at each look; numpy's own spend most of their time on the general case."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.detectors.static_object.features import Mask


def median_of(values: npt.NDArray[np.floating[Any]]) -> float:
    """What ``np.median`` gives, to the bit, for at least one value, none of them NaN; of any shape."""
    half, odd = divmod(values.size, 2)
    ordered = values.flatten()
    if odd:
        ordered.partition(half)
        return float(ordered[half])
    ordered.partition((half - 1, half))
    return float((ordered[half - 1] + ordered[half]) / ordered.dtype.type(2))


def share_of(mask: Mask) -> float:
    """0..1: share of the pixels that are set; 0 of no pixel."""
    return int(np.count_nonzero(mask)) / max(1, mask.size)
