"""95 % intervals of figures from small numbers. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
SEED = 20260512
RESAMPLES = 2000
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def wilson(hits: int, of: int) -> tuple[float, float] | None:
    """Wilson's interval of a proportion; None of nothing."""
    if of == 0:
        return None
    share, z2 = hits / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == of else min(1.0, middle + half)


def poisson(count: int) -> tuple[float, float]:
    """The exact (Garwood) interval of a mean of which ``count`` was seen."""
    tail = (1 - LEVEL) / 2
    low = 0.0 if count == 0 else _solve(lambda mean: 1 - _poisson_cdf(count - 1, mean) - tail, count + 1.0)
    return low, _solve(lambda mean: tail - _poisson_cdf(count, mean), count + 1.0)


def bootstrap_f1(clips: Sequence[tuple[int, int, int]]) -> tuple[float, float] | None:
    """Interval of F1 when clips are drawn anew with replacement; ``clips`` are (hits, false alarms, misses), one each.

    The seed is fixed. None for fewer than two clips with any event, and where all draws agree (everything was right, or
    nothing was): nothing is known of the spread between clips then, and an interval without width would claim certainty.
    """
    counts = np.array(clips, dtype=np.int64).reshape(-1, 3)
    if int((counts.sum(axis=1) > 0).sum()) < 2:
        return None
    drawn = np.random.default_rng(SEED).integers(0, len(counts), size=(RESAMPLES, len(counts)))
    sums = counts[drawn].sum(axis=1)
    whole = 2 * sums[:, 0] + sums[:, 1] + sums[:, 2]
    scores = 2 * sums[whole > 0, 0] / whole[whole > 0]
    low, high = np.quantile(scores, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return (float(low), float(high)) if low < high else None


def _poisson_cdf(count: int, mean: float) -> float:
    if mean <= 0:
        return 1.0
    return math.fsum(math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in range(count + 1))


def _solve(rising: Callable[[float], float], high: float) -> float:
    """Where a rising function of a mean passes 0, by halving."""
    while rising(high) < 0:
        high *= 2
    low = 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
