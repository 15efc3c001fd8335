"""How much a thing in a training picture may differ from its design. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from sample_videos.generator.catalogue import ThingSpec
from sample_videos.generator.values import Variant

STRETCH: Mapping[str | None, float] = MappingProxyType(
    {"two_wheeler": 0.06, "vehicle": 0.08, "tricycle": 0.08, "chair": 0.12, "stall": 0.15, None: 0.15, "canopy": 0.22}
)
"""By label: so much narrower or wider, shallower or deeper, lower or higher. Who rides or sits must still fit."""
USUAL_STRETCH = 0.2
OWN_COLOURS_SHARE = 0.15
"""So many things keep the colours of their design: those were chosen to look like real ones."""


def random_variant(spec: ThingSpec, rng: np.random.Generator) -> Variant:
    """Another size, and mostly other colours."""
    most = STRETCH.get(spec.label, USUAL_STRETCH)
    wider, deeper, higher = (float(value) for value in rng.uniform(1 - most, 1 + most, 3))
    own = rng.random() < OWN_COLOURS_SHARE
    livery = int(rng.integers(1 << 30))
    return Variant((wider, deeper, higher), None if own else livery)
