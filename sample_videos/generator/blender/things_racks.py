"""Racks with wares: clothes, shoes, boxes, magazines."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import CLOTHS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape


def garment(kit: Kit, shape: Shape, at: tuple[float, float, float], material: Material, *, turn: float = 0.0, long: float = 0.75) -> None:
    """A shirt or a dress on a hanger, seen from its side when turn = 0; `at` is the rail."""
    v, u = np.meshgrid(np.linspace(0, 1, 6), np.linspace(-1, 1, 7), indexing="ij")
    shoulder = np.where(v < 0.1, 0.35 + 0.65 * v / 0.1, 1.0)
    width = 0.2 * shoulder * (1 + 0.12 * v)
    folds = 0.02 * np.sin(u * 5 + float(kit.rng.uniform(0, 6))) * v
    thick = float(kit.rng.uniform(0.018, 0.032))
    for side in (-1, 1):
        grid = np.stack([side * thick * (1 - u**2) + folds, u * width, -0.06 - v * long], 2)
        cosine, sine = np.cos(turn), np.sin(turn)
        spun = np.stack([grid[..., 0] * cosine - grid[..., 1] * sine, grid[..., 0] * sine + grid[..., 1] * cosine, grid[..., 2]], 2)
        shape.sheet(spun + at, material)
    shape.tube((at[0], at[1], at[2] - 0.07), (at[0], at[1], at[2] + 0.015), 0.004, kit.dark_steel, sides=4)


def cloth_of(kit: Kit, index: int) -> Material:
    """Plain mostly, patterned now and then."""
    if int(kit.rng.integers(5)) == 0:
        return kit.one_print("cloth", 6, shift=index, rough=0.95)
    return kit.paint(CLOTHS[int(kit.rng.integers(len(CLOTHS)))], rough=0.95)


def rail(kit: Kit, shape: Shape, y: float, z: float, wide: float, count: int) -> None:
    """A horizontal rail full of clothes."""
    shape.tube((-wide / 2, y, z), (wide / 2, y, z), 0.014, kit.steel)
    for index in range(count):
        x = (index - (count - 1) / 2) * (wide - 0.16) / max(count - 1, 1) + float(kit.rng.normal(0, 0.01))
        garment(kit, shape, (x, y, z), cloth_of(kit, index), turn=float(kit.rng.normal(0, 0.12)), long=float(kit.rng.uniform(0.6, 0.95)))


@recipe("rack_clothes")
def clothes(kit: Kit) -> Shape:
    """A rail on wheels."""
    shape = Shape()
    rail(kit, shape, 0, 1.52, 1.4, 16)
    for x in (-0.68, 0.68):
        shape.tube((x, 0, 0.08), (x, 0, 1.55), 0.014, kit.steel)
        shape.tube((x, -0.24, 0.06), (x, 0.24, 0.06), 0.014, kit.steel)
        for y in (-0.23, 0.23):
            shape.ball((x, y, 0.03), 0.03, kit.rubber, detail=0)
    shape.tube((-0.68, 0, 0.14), (0.68, 0, 0.14), 0.012, kit.steel)
    return shape


@recipe("rack_clothes_double")
def double(kit: Kit) -> Shape:
    """Two rails, the rear one higher, bags on a lower board."""
    shape = Shape()
    rail(kit, shape, 0.2, 1.3, 1.34, 13)
    rail(kit, shape, -0.2, 1.66, 1.34, 13)
    for x in (-0.68, 0.68):
        shape.path([(x, 0.34, 0), (x, 0.2, 1.3), (x, -0.2, 1.68), (x, -0.34, 0)], 0.015, kit.dark_steel)
    shape.box((1.34, 0.5, 0.02), (0, 0, 0.14), kit.wood)
    for index in range(5):
        shape.box((0.2, 0.3, 0.1), ((index - 2) * 0.26, 0, 0.16), cloth_of(kit, index))
    return shape


@recipe("rack_clothes_round")
def round_rail(kit: Kit) -> Shape:
    """Clothes around a ring."""
    shape = Shape()
    for index in range(22):
        angle = index * 2 * np.pi / 22
        at = (0.34 * np.cos(angle), 0.34 * np.sin(angle), 1.4)
        garment(
            kit,
            shape,
            at,
            cloth_of(kit, index),
            turn=angle + np.pi / 2 + float(kit.rng.normal(0, 0.1)),
            long=float(kit.rng.uniform(0.6, 0.95)),
        )
        shape.tube(at, (0.34 * np.cos(angle + 0.29), 0.34 * np.sin(angle + 0.29), 1.4), 0.012, kit.steel, sides=5)
    shape.tube((0, 0, 0), (0, 0, 1.42), 0.02, kit.steel)
    for angle in (0, np.pi / 2, np.pi, 3 * np.pi / 2):
        shape.tube((0, 0, 1.4), (0.34 * np.cos(angle), 0.34 * np.sin(angle), 1.4), 0.01, kit.steel)
        shape.tube((0, 0, 0.06), (0.45 * np.cos(angle), 0.45 * np.sin(angle), 0.02), 0.016, kit.steel)
    return shape


@recipe("rack_shelf_goods")
def shelf(kit: Kit) -> Shape:
    """Four boards of packets."""
    shape = Shape()
    paint = kit.paint(("#c6c7c2", "#7f8689", "#39505f")[kit.variant % 3], rough=0.5)
    for x in (-0.49, 0.49):
        for y in (-0.2, 0.2):
            shape.box((0.03, 0.03, 1.62), (x, y, 0), paint)
    for level in range(4):
        z = 0.12 + level * 0.4
        shape.box((0.98, 0.42, 0.025), (0, 0, z), paint)
        wares(kit, shape, z + 0.025, 0.94, 0.17, shift=level)
    shape.box((0.96, 0.01, 1.5), (0, -0.2, 0.1), paint)
    return shape


def wares(kit: Kit, shape: Shape, z: float, wide: float, front_y: float, *, shift: int) -> None:
    """A row of packets of uneven height on a board."""
    x = -wide / 2
    while x < wide / 2 - 0.08:
        broad, high = float(kit.rng.uniform(0.09, 0.17)), float(kit.rng.uniform(0.16, 0.32))
        depth = float(kit.rng.uniform(0.22, 0.34))
        shape.box(
            (broad * 0.94, depth, high),
            (x + broad / 2, front_y - depth / 2, z),
            kit.print(f"wares_{(kit.variant + shift + int(x * 40)) % 4}"),
        )
        x += broad


@recipe("rack_shoes")
def shoes(kit: Kit) -> Shape:
    """Sloped boards with shoes, open at the sides."""
    shape = Shape()
    for level in range(4):
        y, z = 0.16 - level * 0.11, 0.12 + level * 0.29
        shape.box((1.08, 0.26, 0.015), (0, y, z), kit.wood, tilt=-0.4)
        for index in range(10):
            colour = kit.paint(("#26262a", "#d2cdc0", "#7d4a2e", "#8e343a", "#34507c")[int(kit.rng.integers(5))], rough=0.6)
            x = (index - 4.5) * 0.105
            shape.ball((x, y + 0.03, z + 0.045), (0.04, 0.1, 0.04), colour, detail=0)
            shape.ball((x, y - 0.06, z + 0.085), (0.036, 0.05, 0.055), colour, detail=0)
    for x in (-0.54, 0.54):
        shape.tube((x, 0.24, 0), (x, -0.2, 1.1), 0.016, kit.dark_steel)
        shape.tube((x, -0.23, 0), (x, -0.2, 1.1), 0.016, kit.dark_steel)
    return shape


@recipe("rack_magazines")
def magazines(kit: Kit) -> Shape:
    """Sloped pockets with covers."""
    shape = Shape()
    frame = kit.paint(("#44484b", "#8a6a48", "#a9352c")[kit.variant % 3], rough=0.5)
    for level in range(4):
        y, z = 0.18 - level * 0.1, 0.16 + level * 0.31
        shape.quad(
            [(0.44, y, z), (-0.44, y, z), (-0.44, y - 0.1, z + 0.29), (0.44, y - 0.1, z + 0.29)], kit.one_print("magazines", 2, shift=level)
        )
        shape.box((0.9, 0.03, 0.08), (0, y + 0.02, z - 0.03), frame)
    for x in (-0.45, 0.45):
        shape.tube((x, 0.21, 0), (x, -0.2, 1.4), 0.016, frame)
        shape.tube((x, -0.21, 0), (x, -0.2, 1.4), 0.016, frame)
    shape.box((0.88, 0.02, 1.3), (0, -0.2, 0.06), frame)
    return shape


@recipe("rack_grid")
def grid(kit: Kit) -> Shape:
    """A wire grid with small things on hooks."""
    shape = Shape()
    for x in np.linspace(-0.58, 0.58, 9):
        shape.tube((x, 0, 0.25), (x, 0, 1.5), 0.005, kit.dark_steel, sides=4)
    for z in np.linspace(0.28, 1.5, 9):
        shape.tube((-0.6, 0, z), (0.6, 0, z), 0.005, kit.dark_steel, sides=4)
    for x in (-0.58, 0.58):
        shape.tube((x, 0, 0), (x, 0, 1.52), 0.014, kit.dark_steel)
        shape.tube((x, -0.22, 0.01), (x, 0.22, 0.01), 0.014, kit.dark_steel)
    for row in range(4):
        for column in range(8):
            if int(kit.rng.integers(6)) == 0:
                continue
            size = (0.11, 0.035, float(kit.rng.uniform(0.12, 0.22)))
            at = ((column - 3.5) * 0.14, 0.05 + float(kit.rng.uniform(0, 0.06)), 1.24 - row * 0.29)
            shape.box(size, at, kit.paint(CLOTHS[int(kit.rng.integers(len(CLOTHS)))], rough=0.6))
    return shape


@recipe("rack_snack_steps")
def snacks(kit: Kit) -> Shape:
    """Three wire baskets like steps, full of bags, a price board on top."""
    shape = Shape()
    paint = kit.paint(("#b5352c", "#d0cfc8", "#3f7a5a")[kit.variant % 3], rough=0.5)
    for level in range(3):
        y, z = 0.2 - level * 0.19, 0.3 + level * 0.27
        shape.box((0.9, 0.24, 0.012), (0, y, z), paint)
        for front in (-0.12, 0.12):
            shape.box((0.9, 0.01, 0.1), (0, y + front, z), paint)
        for index in range(14):
            x = (index % 7 - 3) * 0.124
            at = (x + float(kit.rng.normal(0, 0.01)), y - 0.05 + index // 7 * 0.09, z + 0.09)
            shape.ball(at, (0.06, 0.04, 0.09), kit.print(f"wares_{index % 4}"), detail=0)
    for x in (-0.45, 0.45):
        shape.tube((x, 0.3, 0), (x, 0.3, 0.4), 0.014, paint)
        shape.tube((x, -0.3, 0), (x, -0.3, 1.1), 0.014, paint)
        shape.tube((x, 0.3, 0.28), (x, -0.3, 0.84), 0.012, paint)
    shape.box((0.94, 0.02, 0.2), (0, -0.3, 1.07), kit.one_print("menu", 5))
    return shape
