"""Street lamps without their light, and wires from pole to pole and along the houses."""

from __future__ import annotations

from itertools import pairwise

import bpy
import numpy as np

from sample_videos.generator.blender.architecture_ground import FAR_PAVEMENT_M, reach_of
from sample_videos.generator.blender.architecture_masonry import Masonry, Surfaces
from sample_videos.generator.blender.workshop import Point, Workshop, standing
from sample_videos.generator.streets.styles import style_of
from sample_videos.generator.values import Lamp, StreetPlan

WIRED = ("brick", "market")
"""Styles with wires along the houses."""
POST_BEFORE_KERB_M = 0.32
"""Lamp posts stand this far inside the kerb."""
WIRE_Z = (6.9, 7.25, 7.6)


def post_of(plan: StreetPlan, lamp: Lamp) -> tuple[float, float]:
    """x and y of the foot of a lamp's post."""
    return lamp.x, plan.kerb_y - POST_BEFORE_KERB_M


def stand_lamps(workshop: Workshop, surfaces: Surfaces, plan: StreetPlan) -> list[bpy.types.Object]:
    """Every lamp of the plan with what carries it; all alike share their meshes."""
    steel = surfaces.plain("#6f7476", rough=0.45, metal=0.5)
    head = workshop.box("lamp head", (0.24, 0.62, 0.1), steel)
    glass = workshop.box("lamp glass", (0.18, 0.46, 0.02), surfaces.plain("#e8e4d8", rough=0.3))
    carry = _hang if style_of(plan).lamps == "span" else _stand
    objects: list[bpy.types.Object] = []
    for lamp in plan.lamps:
        objects += carry(workshop, surfaces, plan, lamp)
        # The light hangs at the lamp's own place; the head sits over it and shades nothing below.
        objects.append(workshop.place(head, standing(lamp.x, lamp.y, lamp.z + 0.05)))
        objects.append(workshop.place(glass, standing(lamp.x, lamp.y, lamp.z + 0.035)))
    return objects


def _stand(workshop: Workshop, surfaces: Surfaces, plan: StreetPlan, lamp: Lamp) -> list[bpy.types.Object]:
    """A post at the kerb with an arm over the road."""
    steel = surfaces.plain("#6f7476", rough=0.45, metal=0.5)
    x, y = post_of(plan, lamp)
    name = f"{lamp.z:.2f} {lamp.y - y:.2f}"
    post = workshop.tube(f"lamp post {name}", (0, 0, 0), (0, 0, lamp.z), 0.06, steel, end_radius=0.04)
    foot = workshop.tube("lamp foot", (0, 0, 0), (0, 0, 0.45), 0.1, steel, end_radius=0.08)
    arm = workshop.tube(f"lamp arm {name}", (0, 0, lamp.z - 0.05), (0, lamp.y - y, lamp.z + 0.08), 0.03, steel, sides=8)
    return [workshop.place(mesh, standing(x, y)) for mesh in (post, foot, arm)]


def _hang(workshop: Workshop, surfaces: Surfaces, plan: StreetPlan, lamp: Lamp) -> list[bpy.types.Object]:
    """A wire from the houses to the houses across the road."""
    wire = surfaces.plain("#1d1d1e", rough=0.6)
    far = plan.kerb_y + plan.road_width_m + FAR_PAVEMENT_M
    name = f"{lamp.y:.2f} {lamp.z:.2f}"
    near_half = workshop.tube(f"lamp wire near {name}", (0, 0, lamp.z + 0.5), (0, lamp.y, lamp.z + 0.12), 0.012, wire, sides=5)
    far_half = workshop.tube(f"lamp wire far {name}", (0, lamp.y, lamp.z + 0.12), (0, far, lamp.z + 0.5), 0.012, wire, sides=5)
    return [workshop.place(mesh, standing(lamp.x, 0)) for mesh in (near_half, far_half)]


def string_wires(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan) -> bool:
    """Wires between the plan's poles, out to both ends, and a bundle of cables on the houses; False: there are none."""
    if plan.style not in WIRED:
        return False
    black = surfaces.plain("#1d1d1e", rough=0.6)
    first, last = reach_of(plan)
    poles = sorted((placed.x, placed.y) for placed in plan.fixtures if placed.thing == "utility_pole")
    if poles:
        stops = [(first, poles[0][1]), *poles, (last, poles[-1][1])]
        for start, end in pairwise(stops):
            for index, z in enumerate(WIRE_Z):
                offset = 0.25 * (index - 1)
                _sagging(masonry, (start[0], start[1] + offset, z), (end[0], end[1] + offset, z), 0.035, black)
    style = style_of(plan)
    z = style.front_height_m + style.sign_height_m + 0.3
    rng = np.random.default_rng([plan.seed, 61])
    holds = [plan.units[0].x_min, *(unit.x_max for unit in plan.units)]
    for cable in range(4):
        for low, high in pairwise(holds):
            drop = float(rng.uniform(0, 0.06)) + 0.035 * cable
            _sagging(masonry, (low, 0.12, z - drop), (high, 0.12, z - drop), 0.025, black, depth=float(rng.uniform(0.04, 0.22)))
    return True


def _sagging(masonry: Masonry, start: Point, end: Point, width: float, material: bpy.types.Material, *, depth: float | None = None) -> None:
    """A wire in eight straight pieces; depth: how far it hangs through, metres."""
    sag = abs(end[0] - start[0]) * 0.02 if depth is None else depth
    along = np.linspace(0, 1, 9)
    points = [
        (
            float(start[0] + (end[0] - start[0]) * t),
            float(start[1] + (end[1] - start[1]) * t),
            float(start[2] + (end[2] - start[2]) * t - sag * 4 * t * (1 - t)),
        )
        for t in along
    ]
    for one, other in pairwise(points):
        masonry.strut(one, other, width, material)
