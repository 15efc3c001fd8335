"""Road, kerb, pavement and what is painted or laid on them."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.architecture_masonry import Masonry, Surfaces
from sample_videos.generator.streets.styles import style_of
from sample_videos.generator.values import StreetPlan

BEYOND_M = 60.0
"""The street goes on this far on both sides of its shops."""
PAINT_Z = 0.004
"""Painted lines and inlays lie this high above what they are on: enough for no flicker."""
FAR_PAVEMENT_M = 3.0
ROAD_TILE_M = (7.0, 7.0)
TACTILE_M = 0.4
PAINT = "#b9b8b0"


def reach_of(plan: StreetPlan) -> tuple[float, float]:
    """From where to where along x the street is built."""
    return plan.units[0].x_min - BEYOND_M, plan.units[-1].x_max + BEYOND_M


def lay_ground(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan) -> None:
    """Everything that one walks or drives on."""
    style = style_of(plan)
    xs = reach_of(plan)
    far = plan.kerb_y + plan.road_width_m
    pavement = surfaces.weathered(plan.pavement, kind="ground")
    door = min(unit.door_y for unit in plan.units)
    masonry.flat(xs, (door, plan.kerb_y - style.kerb_width_m), 0.0, pavement, style.tile_m)
    masonry.flat(xs, (far + style.kerb_width_m, far + FAR_PAVEMENT_M), 0.0, pavement, style.tile_m)
    masonry.flat(xs, (plan.kerb_y, far), plan.road_z, surfaces.weathered(style.asphalt, kind="ground", rough=0.88), ROAD_TILE_M)
    _kerb(masonry, surfaces, plan, plan.kerb_y - style.kerb_width_m, plan.kerb_y)
    _kerb(masonry, surfaces, plan, far, far + style.kerb_width_m)
    if plan.tactile_y is not None:
        ys = (plan.tactile_y - TACTILE_M / 2, plan.tactile_y + TACTILE_M / 2)
        corners = [(xs[0], ys[0], PAINT_Z), (xs[1], ys[0], PAINT_Z), (xs[1], ys[1], PAINT_Z), (xs[0], ys[1], PAINT_Z)]
        u = (xs[1] - xs[0]) / (4 * TACTILE_M)
        masonry.quad(corners, surfaces.weathered("tactile", kind="ground"), [(0, 0), (u, 0), (u, 0.25), (0, 0.25)])
    _lines(masonry, surfaces, plan)


def _kerb(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan, near: float, far: float) -> None:
    """Stones of a metre; no two neighbours of the same grey."""
    rng = np.random.default_rng([plan.seed, 31])
    first, last = reach_of(plan)
    base = int(style_of(plan).kerb[1:3], 16)
    for x in np.arange(first, last, 1.0):
        grey = int(np.clip(base + 9 * rng.integers(-1, 2), 0, 255))
        stone = surfaces.plain(f"#{grey:02x}{grey - 3:02x}{grey - 9:02x}", rough=0.85)
        stone.name = f"kerb {grey}"
        masonry.box((x + 0.006, x + 0.994), (near, far), (plan.road_z, 0.006), stone)


def _lines(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan) -> None:
    """The middle of the road, the edge, parking bays, gutter and drains."""
    style = style_of(plan)
    first, last = reach_of(plan)
    z = plan.road_z + PAINT_Z
    middle = plan.kerb_y + plan.road_width_m / 2
    white = surfaces.plain(PAINT, rough=0.75)
    if style.middle == "dashed":
        for x in np.arange(first, last, 6.0):
            masonry.flat((x, x + 2.4), (middle - 0.07, middle + 0.07), z, white)
    elif style.middle in ("solid", "yellow"):
        colour = white if style.middle == "solid" else surfaces.plain("#b8943a", rough=0.75)
        for offset in (-0.14, 0.14) if style.middle == "yellow" else (0.0,):
            masonry.flat((first, last), (middle + offset - 0.06, middle + offset + 0.06), z, colour)
    if style.parking:
        edge = plan.kerb_y + 2.2
        masonry.flat((first, last), (edge - 0.05, edge + 0.05), z, white)
        for x in np.arange(first + 1.5, last, 5.5):
            masonry.flat((x - 0.05, x + 0.05), (plan.kerb_y + 0.1, edge), z, white)
    gutter = surfaces.plain("#6f6d68", rough=0.9)
    gutter.name = "road gutter"
    masonry.flat((first, last), (plan.kerb_y, plan.kerb_y + 0.28), plan.road_z + 0.002, gutter)
    grate = surfaces.plain("#2c2c2d", rough=0.6, metal=0.4)
    for x in np.arange(first + 4.0, last, 15.0):
        for slot in range(6):
            masonry.flat((x + slot * 0.08, x + slot * 0.08 + 0.045), (plan.kerb_y + 0.03, plan.kerb_y + 0.27), z + 0.001, grate)
