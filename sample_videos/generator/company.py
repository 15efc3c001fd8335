"""What stands on other things in training pictures: crates on crates, stacked stools, wares on tables. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.footprints import size_m
from sample_videos.generator.values import Placed
from sample_videos.generator.variants import random_variant

ON = "^"
"""Stands in the id of what stands on something, between the id of what bears it and a number."""
STEPS: Mapping[str, float] = MappingProxyType(
    {
        "carton": 1.0,
        "crate_plastic_fruit": 0.8,
        "crate_foam_greens": 0.85,
        "stool_plastic": 0.2,
        "chair_plastic": 0.14,
        "armchair_plastic": 0.13,
    }
)
"""What gets stacked, and by how much of its height each piece is higher than the one below."""
STACKED, LADEN = 0.3, 0.35
"""Chance that a thing that can be stacked is, and that something lies on a table."""
TALLEST_M = 1.9


def on_top(placed: Placed, wares: Sequence[str], rng: np.random.Generator) -> Iterator[Placed]:
    """What stands on a thing; mostly nothing. wares: goods that may lie on tables."""
    if placed.thing in STEPS and rng.random() < STACKED:
        yield from _stack(placed, rng)
    elif THINGS[placed.thing].label == "table" and rng.random() < LADEN:
        yield from _laden(placed, wares, rng)


def bearers(things: Iterable[Placed]) -> set[str]:
    """The ids of things on which something stands: nobody sits there."""
    return {one.object_id.split(ON)[0] for one in things if ON in one.object_id}


def _stack(base: Placed, rng: np.random.Generator) -> Iterator[Placed]:
    """More of the same on top, one with it in the truth."""
    step = size_m(base)[2] * STEPS[base.thing]
    height = size_m(base)[2]
    mixed = rng.random() < 0.4
    for number in range(1, int(rng.integers(2, 7))):
        if number * step + height > TALLEST_M:
            return
        variant = base.variant
        if mixed and variant is not None:
            variant = replace(variant, livery=int(rng.integers(1 << 30)))
        yield replace(
            base,
            object_id=f"{base.object_id}{ON}{number}",
            x=base.x + float(rng.normal(0, 0.01)),
            y=base.y + float(rng.normal(0, 0.01)),
            z=base.z + number * step,
            turn=base.turn + float(rng.normal(0, 0.04)),
            # Nothing heaped up below: only the topmost may differ in its filling.
            seed=base.seed,
            group=base.group or base.object_id,
            variant=variant,
        )


def _laden(table: Placed, wares: Sequence[str], rng: np.random.Generator) -> Iterator[Placed]:
    """Wares side by side along a table. They are goods, the table stays a table."""
    width, depth, height = size_m(table)
    at = -width / 2 + 0.04
    group = f"{table.object_id}/wares"
    for number in range(1, int(rng.integers(2, 5))):
        name = str(rng.choice(wares))
        one = Placed(
            f"{table.object_id}{ON}{number}",
            name,
            0.0,
            0.0,
            table.z + height,
            table.turn,
            seed=int(rng.integers(1 << 30)),
            group=group,
            variant=random_variant(THINGS[name], rng),
        )
        wide, deep, _ = size_m(one)
        if at + wide > width / 2 or deep > depth + 0.1:
            return
        along, across = at + wide / 2, float(rng.uniform(-1, 1)) * max(depth - deep, 0.0) / 2
        cosine, sine = math.cos(table.turn), math.sin(table.turn)
        yield replace(one, x=table.x + along * cosine - across * sine, y=table.y + along * sine + across * cosine)
        at += wide + float(rng.uniform(0.02, 0.25))
