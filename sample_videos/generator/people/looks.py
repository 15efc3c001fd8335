"""Who walks by: sex and age as in a street in the daytime."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.people.wardrobe import stature_of
from sample_videos.generator.values import Age, Looks

AGES = (Age.CHILD, Age.YOUNG, Age.MIDDLE, Age.OLD)
SHARES = (0.1, 0.36, 0.34, 0.2)


def random_looks(rng: np.random.Generator, *, adults_only: bool = False) -> Looks:
    """A passer-by. The body, its clothes and hair follow from the seed in the looks alone."""
    shares = np.array(SHARES)
    if adults_only:
        shares[0] = 0
    age = AGES[int(rng.choice(len(AGES), p=shares / shares.sum()))]
    return Looks(seed=int(rng.integers(2**31)), female=bool(rng.random() < 0.5), age=age)


def height_m(looks: Looks) -> float:
    """How tall this person is, barefoot; 1.05 to 1.85."""
    return stature_of(looks).height_m


def stride_m(looks: Looks) -> float:
    """Metres of one full cycle of this person's gait: with phase = distance / stride_m no foot slides. 0.8 to 1.45."""
    stature = stature_of(looks)
    return stature.height_m * stature.stride_per_height
