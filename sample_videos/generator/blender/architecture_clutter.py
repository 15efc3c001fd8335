"""Small things on the houses: number plates, downpipes, meter boxes, washing on poles."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.architecture_fronts import FrontBuilder
from sample_videos.generator.streets.styles import columns
from sample_videos.generator.values import StreetPlan

PLATE_M = (0.36, 0.18)
PLATE_Z = 2.15
BARE = ("panels", "podium")
"""Styles of new houses: no pipes and no boxes on the outside."""
WASHED = ("rendered", "brick", "tiled", "setback")
"""Styles whose people hang their washing out over the street."""
CLOTHES = ("#a8a49a", "#8e3d44", "#4a5f86", "#c0b48c", "#5f7a68", "#3a3a40", "#b58a96")


def hang_small_things(fronts: FrontBuilder, plan: StreetPlan, base_z: float) -> None:
    """On the row of shops; base_z: where the upper storeys begin, metres."""
    rng = np.random.default_rng([plan.seed, 71])
    _plates(fronts, plan)
    if plan.style not in BARE:
        _pipes(fronts, plan, base_z, rng)
    if plan.style in WASHED:
        for unit in plan.units:
            if rng.random() < 0.5:
                _washing(fronts, (unit.x_min + unit.x_max) / 2, base_z + fronts.style.storey_m + 0.75, rng)


def _plates(fronts: FrontBuilder, plan: StreetPlan) -> None:
    """The house number of each shop, on the pillar at the left of its door as one looks at it."""
    width, height = PLATE_M
    for unit in plan.units:
        room = min(width, fronts.style.pillar_m / 2 - 0.02) if plan.style != "arcade" else width
        middle = unit.x_max - fronts.style.pillar_m / 4
        y = 0.055 if unit.door_y == 0 else 0.005
        zs = (PLATE_Z, PLATE_Z + height * room / width)
        fronts.masonry.front((middle - room / 2, middle + room / 2), zs, y, fronts.surfaces.picture(f"plate/{unit.code}", rough=0.35))


def _pipes(fronts: FrontBuilder, plan: StreetPlan, base_z: float, rng: np.random.Generator) -> None:
    """A downpipe between every second pair of shops and a meter box beside some."""
    wall, _ = fronts.sign_place()
    pipe = fronts.surfaces.plain("#a9aaa6", rough=0.5)
    box = fronts.surfaces.plain("#8b9092", rough=0.5, metal=0.3)
    for unit in plan.units[::2]:
        x = unit.x_max
        if not columns(plan) and not fronts.style.sign_gap_m < 0.1:
            fronts.masonry.box((x - 0.05, x + 0.05), (0.06, 0.15), (0.1, base_z), pipe)
        fronts.masonry.box((x - 0.05, x + 0.05), (wall + 0.01, wall + 0.11), (base_z, plan.house_height_m), pipe)
        if rng.random() < 0.6:
            y = unit.door_y + 0.055 if unit.door_y == 0 else 0.0
            fronts.masonry.box((x - 0.13, x + 0.13), (y, y + 0.1), (1.35, 1.75), box)


def _washing(fronts: FrontBuilder, middle: float, z: float, rng: np.random.Generator) -> None:
    """A pole with five to eight pieces, half a metre before the wall."""
    wall, _ = fronts.sign_place()
    low, high, y = middle - 1.1, middle + 1.1, wall + 0.55
    steel = fronts.surfaces.plain("#9b9d9d", rough=0.4, metal=0.6)
    fronts.masonry.strut((low, y, z), (high, y, z), 0.03, steel)
    for x in (low + 0.1, high - 0.1):
        fronts.masonry.strut((x, wall, z), (x, y, z), 0.03, steel)
    x = low + 0.12
    while x < high - 0.5:
        width, length = float(rng.uniform(0.25, 0.5)), float(rng.uniform(0.4, 0.85))
        cloth = fronts.surfaces.plain(CLOTHES[int(rng.integers(len(CLOTHES)))], rough=0.9)
        fronts.masonry.front((x, x + width), (z - length, z - 0.02), y + float(rng.normal(0, 0.03)), cloth)
        x += width + float(rng.uniform(0.04, 0.15))
