"""More stock that shops set out: open boxes, foam boxes, bottle crates, packs, sacks, buckets."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_cartons import carton
from sample_videos.generator.blender.things_forms import rounded
from sample_videos.generator.blender.things_fruit import heap
from sample_videos.generator.blender.things_groceries import sack
from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape


def open_box(
    kit: Kit, shape: Shape, at: tuple[float, float, float], size: tuple[float, float, float], side: Material, *, flaps: bool
) -> None:
    """Four walls and a floor at half height; flaps hang outwards."""
    (wide, deep, high), (x, y, z) = size, at
    for a in (-1, 1):
        shape.box((wide, 0.012, high), (x, y + a * deep / 2, z), side)
        shape.box((0.012, deep, high), (x + a * wide / 2, y, z), side)
        if flaps:
            shape.box((wide, 0.008, deep * 0.4), (x, y + a * deep / 2, z + high), kit.kraft, tilt=-a * float(kit.rng.uniform(1.6, 2.4)))
            shape.box((0.008, deep, wide * 0.3), (x + a * wide / 2, y, z + high), kit.kraft, lean=a * float(kit.rng.uniform(1.4, 2.2)))
    shape.box((wide, deep, 0.01), (x, y, z + high * 0.4), kit.paint("#4a3826"))


@recipe("cartons_cut_open")
def cut_open(kit: Kit) -> Shape:
    """Three cut-open cartons side by side, each with other wares, one raised on a closed carton."""
    shape = Shape()
    for index in range(3):
        x, lift = (index - 1) * 0.5, 0.3 if index == kit.variant % 3 else 0.0
        if lift:
            carton(kit, shape, (x, 0, 0), (0.44, 0.36, lift), shift=index)
        open_box(kit, shape, (x, 0, lift), (0.44, 0.34, 0.24), kit.print(f"carton_{(kit.variant + index * 3) % 8}"), flaps=index != 1)
        if index == 1:
            for pack in range(12):
                at = (x - 0.15 + pack % 4 * 0.1, -0.1 + pack // 4 * 0.1, lift + 0.1)
                shape.box((0.09, 0.09, 0.18), at, kit.print(f"wares_{pack % 4}"), turn=float(kit.rng.normal(0, 0.15)))
        else:
            heap(kit, shape, (x, 0, lift + 0.17), (0.4, 0.3), radius=0.042, layers=2, shift=index)
    return shape


@recipe("cartons_tumbled")
def tumbled(kit: Kit) -> Shape:
    """Unlike cartons thrown on a heap, some on their side."""
    shape = Shape()
    sizes = ((0.5, 0.38, 0.34), (0.4, 0.3, 0.28), (0.34, 0.5, 0.25), (0.6, 0.3, 0.3))
    spots = (
        (-0.45, -0.1, 0, 0.3),
        (0.12, 0.05, 0, -0.5),
        (0.55, -0.12, 0, 0.9),
        (-0.2, 0.25, 0, 1.2),
        (-0.2, 0.0, 0.33, 0.1),
        (0.35, 0.0, 0.3, -0.7),
    )
    for index, (x, y, z, turn) in enumerate(spots):
        box = Shape()
        carton(kit, box, (0, 0, 0), sizes[(index + kit.variant) % 4], shift=index * 2)
        shape.join(box, (x, y, z + (0.04 if index > 3 else 0)), turn=turn, tilt=0.18 if index > 3 else 0.0)
    return shape


@recipe("foam_boxes")
def foam_boxes(kit: Kit) -> Shape:
    """White foam boxes with lids and tape, in three columns of unlike height."""
    shape = Shape()
    foam, tape = kit.paint("#d8d8d3", rough=0.9), kit.paint(kit.pick(("#c9a86a", "#a5382e", "#3f7a9a")))
    for column in range(3):
        for level in range(3 - (column + kit.variant) % 3):
            x, z = (column - 1) * 0.56, level * 0.31
            turn = float(kit.rng.normal(0, 0.06))
            rounded(shape, (0.52, 0.36, 0.24), (x, 0, z), foam, radius=0.03, turn=turn)
            rounded(shape, (0.54, 0.38, 0.06), (x, 0, z + 0.245), foam, radius=0.03, turn=turn)
            shape.box((0.06, 0.385, 0.2), (x, 0, z + 0.11), tape, turn=turn)
    return shape


def beer_crate(kit: Kit, shape: Shape, at: tuple[float, float, float], plastic: Material, *, bottles: bool) -> None:
    """0.40 x 0.30 x 0.29 m with hand holes and an imprint."""
    x, y, z = at
    for a in (-1, 1):
        for low, high in ((0.0, 0.18), (0.24, 0.05)):
            shape.box((0.4, 0.014, high), (x, y + a * 0.145, z + low), plastic)
        shape.box((0.08, 0.016, 0.06), (x - 0.15, y + a * 0.145, z + 0.18), plastic)
        shape.box((0.08, 0.016, 0.06), (x + 0.15, y + a * 0.145, z + 0.18), plastic)
        shape.box((0.22, 0.018, 0.09), (x, y + a * 0.146, z + 0.05), kit.paint("#d9d3bd"))
        shape.box((0.014, 0.29, 0.29), (x + a * 0.193, y, z), plastic)
    shape.box((0.38, 0.28, 0.015), (x, y, z), plastic)
    if bottles:
        glass = kit.paint(("#2f4a34", "#5a3418")[kit.variant % 2], rough=0.15)
        for index in range(12):
            px, py = x + (index % 4 - 1.5) * 0.09, y + (index // 4 - 1) * 0.09
            shape.tube((px, py, z + 0.02), (px, py, z + 0.2), 0.036, glass, sides=6)
            shape.tube((px, py, z + 0.2), (px, py, z + 0.29), 0.026, glass, sides=6, end_radius=0.013)


@recipe("beer_crates_wall")
def beer_wall(kit: Kit) -> Shape:
    """A wall of bottle crates, four wide and up to four high, the top ones full."""
    shape = Shape()
    for column in range(4):
        count = 4 - (column * 2 + kit.variant) % 3
        for level in range(count):
            plastic = kit.paint(kit.pick(PLASTICS, shift=(column // 2) * 3), rough=0.5)
            beer_crate(kit, shape, ((column - 1.5) * 0.41, 0, level * 0.29), plastic, bottles=level == count - 1)
    return shape


@recipe("beer_crates_pair")
def beer_pair(kit: Kit) -> Shape:
    """Two low stacks of bottle crates at an angle."""
    shape = Shape()
    for index in range(2):
        stack = Shape()
        plastic = kit.paint(kit.pick(PLASTICS, shift=index * 2 + 1), rough=0.5)
        for level in range(2 + index):
            beer_crate(kit, stack, (0, 0, level * 0.29), plastic, bottles=level == 1 + index)
        shape.join(stack, ((index - 0.5) * 0.5, 0, 0), turn=float(kit.rng.normal(0, 0.2)))
    return shape


@recipe("water_barrels")
def barrels(kit: Kit) -> Shape:
    """Blue drinking-water barrels, standing and lying, in two layers."""
    shape = Shape()
    water = kit.paint(kit.pick(("#5a8fb8", "#7aa8b8", "#4a7fa8")), rough=0.12)
    cap = kit.paint(kit.pick(("#d9d9d4", "#2f66a8", "#c9302c")))
    profile = [
        (0.12, 0),
        (0.135, 0.02),
        (0.13, 0.12),
        (0.137, 0.15),
        (0.13, 0.18),
        (0.135, 0.34),
        (0.06, 0.42),
        (0.03, 0.44),
        (0.03, 0.49),
        (0, 0.49),
    ]
    for index in range(8):
        x, y = (index % 4 - 1.5) * 0.285, (index // 4 - 0.5) * 0.285
        shape.lathe(profile, (x, y, 0), water, sides=12)
        shape.tube((x, y, 0.455), (x, y, 0.5), 0.033, cap, sides=8)
    lying = Shape()
    lying.lathe(profile, (0, 0, -0.25), water, sides=12)
    lying.tube((0, 0, 0.2), (0, 0, 0.245), 0.033, cap, sides=8)
    for index in range(3):
        shape.join(lying, ((index - 1) * 0.29, 0, 0.58), tilt=np.pi / 2)
    return shape


@recipe("drink_packs")
def drink_packs(kit: Kit) -> Shape:
    """Shrink-wrapped packs of bottles in an uneven pyramid, two deep, in bright colours."""
    shape = Shape()
    for level, count in enumerate((4, 3, 2)):
        for index in range(count * (1 if level == 2 else 2)):
            drink = kit.paint(("#c9302c", "#d9a23a", "#3f8a52", "#7a4a2c", "#a9c4cc")[(level + index + kit.variant) % 5], rough=0.2)
            x, z = (index % count - (count - 1) / 2) * 0.3, level * 0.24
            y = 0.0 if level == 2 else (index // count - 0.5) * 0.2
            for bottle in range(6):
                px, py = x + (bottle % 3 - 1) * 0.085, y + (bottle // 3 - 0.5) * 0.085
                shape.lathe([(0.038, z), (0.04, z + 0.16), (0.014, z + 0.21), (0.014, z + 0.235)], (px, py, 0), drink, sides=6)
            shape.box((0.262, 0.178, 0.1), (x, y, z + 0.04), kit.print(f"packs_{(index + kit.variant) % 2}"))
    return shape


@recipe("rice_sacks_upright")
def upright_sacks(kit: Kit) -> Shape:
    """Open sacks on end with rolled rims, grain and beans up to the edge, little price cards."""
    shape = Shape()
    grains = ("#d8d2bf", "#8a3a2c", "#3a332c", "#c9a052", "#7f8a4a", "#b9875a")
    for index in range(6):
        x, y = (index % 3 - 1) * 0.44, (0.5 - index // 3) * 0.42
        cloth = kit.paint(("#b9aa86", "#c9c2ae", "#a58f68")[index % 3], rough=0.95)
        high = 0.42 + (0.1 if index > 2 else 0) + float(kit.rng.uniform(-0.02, 0.02))
        shape.lathe(
            [(0.17, 0), (0.205, 0.08), (0.2, high - 0.06), (0.19, high - 0.03), (0.215, high), (0.175, high + 0.01), (0.17, high - 0.03)],
            (x, y, 0),
            cloth,
            sides=14,
        )
        shape.lathe(
            [(0.18, high - 0.02), (0.1, high + 0.03), (0, high + 0.05)],
            (x, y, 0),
            kit.paint(grains[(index + kit.variant) % 6], rough=0.9),
            sides=14,
        )
        shape.box((0.1, 0.008, 0.12), (x, y, high + 0.04), kit.paint(("#e0c23c", "#d9d5ca")[index % 2]), tilt=0.2)
    return shape


@recipe("rice_sacks_column")
def sack_column(kit: Kit) -> Shape:
    """One high column of sacks laid crosswise."""
    shape = Shape()
    for level in range(6):
        turn = (level % 2) * np.pi / 2 + float(kit.rng.normal(0, 0.06))
        for side in (-1, 1):
            at = (side * 0.19 * np.cos(turn + np.pi / 2), side * 0.19 * np.sin(turn + np.pi / 2), level * 0.14)
            sack(shape, at, (0.72, 0.38, 0.145), kit.one_print("sack", 4, shift=level % 2), turn=turn)
    return shape


@recipe("buckets_nested")
def nested(kit: Kit) -> Shape:
    """Plastic buckets and bins nested in leaning columns, brushes sticking out of one."""
    shape = Shape()
    for column in range(4):
        plastic = kit.paint(kit.pick(PLASTICS, shift=column), rough=0.45)
        x = (column - 1.5) * 0.34
        count, radius = 5 - (column + kit.variant) % 3, 0.15 - 0.015 * (column % 2)
        for level in range(count):
            z = level * 0.11
            shape.lathe(
                [
                    (radius * 0.72, z),
                    (radius, z + 0.3),
                    (radius * 1.08, z + 0.31),
                    (radius * 0.95, z + 0.3),
                    (radius * 0.7, z + 0.03),
                    (0, z + 0.03),
                ],
                (x, level * 0.008, 0),
                plastic,
                sides=14,
            )
        if column == 2:
            for stick in range(4):
                tip = (x + (stick - 1.5) * 0.1, 0.1, count * 0.11 + 0.75)
                shape.tube((x, 0, count * 0.11), tip, 0.011, kit.wood, sides=5)
                shape.box((0.14, 0.04, 0.1), tip, kit.paint(kit.pick(PLASTICS, shift=stick)))
    return shape
