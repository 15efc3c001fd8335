"""More tables: round and folding ones, tea and mahjong tables, picnic benches, tables with cloths."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_forms import legs, rounded, tablecloth
from sample_videos.generator.blender.things_kit import PAINTS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape
from sample_videos.generator.blender.things_stools import BAMBOO, WOODS


def disc(shape: Shape, radius: float, z: float, thick: float, material: Material, *, sides: int = 28) -> None:
    """A round board whose upper side is at z."""
    shape.lathe(
        [(0, z - thick), (radius - 0.01, z - thick), (radius, z - thick / 2), (radius - 0.01, z), (0, z)],
        (0, 0, 0),
        material,
        sides=sides,
        smooth=False,
    )


def crockery(kit: Kit, shape: Shape, z: float, far: float, seats: int) -> None:
    """Bowls, cups and a bottle around the middle of a table."""
    white = kit.paint("#d3d0c6", rough=0.25)
    for index in range(seats):
        angle = index * 2 * np.pi / seats + 0.3
        x, y = far * np.cos(angle), far * np.sin(angle)
        shape.lathe([(0.03, 0), (0.065, 0.05), (0.055, 0.04), (0, 0.02)], (x, y, z), white, sides=9)
        shape.tube((x * 0.8 + 0.06, y * 0.8, z), (x * 0.8 + 0.06, y * 0.8, z + 0.08), 0.025, kit.paint("#b9c2bc", rough=0.2), sides=7)
    bottle = kit.paint(("#2f4a34", "#6b3a1c", "#c9b46a")[kit.variant % 3], rough=0.15)
    shape.lathe([(0.035, 0), (0.035, 0.16), (0.014, 0.21), (0.014, 0.26), (0, 0.26)], (0.05, 0.02, z), bottle, sides=9)


@recipe("table_round_folding")
def round_folding(kit: Kit) -> Shape:
    """Large round board of an eatery on crossed steel legs, bowls and dishes on it."""
    shape = Shape()
    disc(shape, 0.6, 0.74, 0.03, kit.paint(kit.pick(("#a8342c", "#c9a878", "#8a5f3a", "#cfcbc0")), rough=0.35))
    for turn in (0, np.pi / 2):
        frame = Shape()
        for x in (-0.3, 0.3):
            frame.tube((x, -0.35, 0), (x * 0.6, 0.32, 0.71), 0.014, kit.dark_steel)
        shape.join(frame, turn=turn)
        shape.join(frame, turn=turn + np.pi)
    crockery(kit, shape, 0.74, 0.43, 6)
    for x, y in ((0.12, -0.15), (-0.16, 0.1), (0.05, 0.2)):
        shape.lathe([(0.05, 0), (0.11, 0.025), (0.1, 0.02), (0, 0.01)], (x, y, 0.74), kit.paint("#c9c4b6", rough=0.2), sides=12)
    return shape


@recipe("table_round_cloth")
def round_cloth(kit: Kit) -> Shape:
    """Round table under a cloth that falls to the ground in folds, a glass turntable on top."""
    shape = Shape()
    cloth = kit.paint(kit.pick(("#8e2430", "#d6d1c2", "#b8923c", "#3f5f86", "#c9a0a8")), rough=0.9)
    angle = np.linspace(0, 2 * np.pi, 65)
    fold = 1 + 0.035 * np.sin(angle * 16)
    flat = np.ones(65)
    rings = [(0.01, 0.765, flat), (0.6, 0.765, flat), (0.615, 0.74, flat), (0.63, 0.4, fold), (0.67, 0.02, 1 + (fold - 1) * 1.8)]
    grid = np.array([np.stack([r * f * np.cos(angle), r * f * np.sin(angle), np.full(65, z)], 1) for r, z, f in rings])
    shape.sheet(grid, cloth, smooth=False)
    disc(shape, 0.32, 0.79, 0.012, kit.paint("#8fa8a4", rough=0.1), sides=24)
    crockery(kit, shape, 0.77, 0.47, 8)
    return shape


@recipe("table_tea_low")
def tea(kit: Kit) -> Shape:
    """Low bamboo table with a tray, a pot and cups."""
    shape = Shape()
    cane = kit.paint(kit.pick(BAMBOO), rough=0.6)
    pole = kit.paint(kit.pick(BAMBOO, shift=1), rough=0.6)
    for y in np.linspace(-0.24, 0.24, 12):
        shape.tube((-0.4, y, 0.46), (0.4, y, 0.46), 0.02, cane, sides=6)
    legs(shape, 0.7, 0.46, 0.45, pole, radius=0.024)
    for y in (-0.23, 0.23):
        shape.tube((-0.36, y, 0.16), (0.36, y, 0.16), 0.016, pole)
    rounded(shape, (0.4, 0.26, 0.03), (0, 0, 0.48), kit.paint("#4f2f20", rough=0.4), radius=0.03)
    shape.ball((0.05, 0, 0.56), (0.07, 0.07, 0.06), kit.paint("#6b3a2a", rough=0.4))
    for index in range(4):
        shape.tube(
            (-0.14 + index % 2 * 0.07, -0.04 + index // 2 * 0.09, 0.51),
            (-0.14 + index % 2 * 0.07, -0.04 + index // 2 * 0.09, 0.54),
            0.025,
            kit.paint("#d2cdbf", rough=0.2),
            sides=8,
        )
    return shape


@recipe("table_mahjong")
def mahjong(kit: Kit) -> Shape:
    """Square table with a green felt, walls of tiles and drawers, on one broad foot."""
    shape = Shape()
    wood = kit.paint(kit.pick(WOODS), rough=0.4)
    shape.box((0.92, 0.92, 0.1), (0, 0, 0.66), wood)
    shape.box((0.76, 0.76, 0.006), (0, 0, 0.76), kit.paint(("#2f6b4a", "#2f4f80", "#7a2f3c")[kit.variant % 3], rough=0.95))
    shape.box((0.34, 0.34, 0.62), (0, 0, 0.04), kit.dark_steel)
    shape.box((0.66, 0.66, 0.05), (0, 0, 0), kit.dark_steel)
    tile = kit.paint("#d8d4c4", rough=0.3)
    for side in range(4):
        wall = Shape()
        wall.box((0.5, 0.03, 0.05), (0, 0.26, 0.766), tile)
        for index in range(5):
            wall.box((0.024, 0.034, 0.018), (float(kit.rng.uniform(-0.2, 0.2)), float(kit.rng.uniform(0.05, 0.2)), 0.766), tile, turn=index)
        shape.join(wall, turn=side * np.pi / 2)
    return shape


@recipe("table_picnic")
def picnic(kit: Kit) -> Shape:
    """Table and two benches in one, of planks on slanted trestles."""
    shape = Shape()
    wood = kit.paint(kit.pick(("#a5804f", "#7d5a3a", "#8f8674", "#5f6f5a")), rough=0.8)
    for y in np.linspace(-0.28, 0.28, 5):
        shape.box((1.5, 0.125, 0.035), (0, y, 0.72), wood)
    for side in (-1, 1):
        for y in (0.52, 0.62):
            shape.box((1.5, 0.09, 0.035), (0, side * y, 0.42), wood)
        for x in (-0.55, 0.55):
            shape.tube((x, side * 0.52, 0), (x, side * 0.22, 0.72), 0.035, wood, sides=4)
    for x in (-0.55, 0.55):
        shape.box((0.045, 1.3, 0.08), (x, 0, 0.34), wood)
    return shape


@recipe("table_plastic_square")
def plastic_square(kit: Kit) -> Shape:
    """Garden table of plastic with a slatted top, rounded corners and conical legs."""
    shape = Shape()
    plastic = kit.paint(kit.pick(("#d2d2cc", "#2f6a4a", "#b3332b", "#30507e", "#c98a2c")), rough=0.45)
    rounded(shape, (0.82, 0.82, 0.045), (0, 0, 0.68), plastic, radius=0.1)
    groove = kit.paint("#55554f")
    for y in np.linspace(-0.3, 0.3, 7):
        shape.box((0.6, 0.014, 0.003), (0, y, 0.7255), groove)
    for a in (-1, 1):
        for b in (-1, 1):
            shape.tube((a * 0.36, b * 0.36, 0), (a * 0.32, b * 0.32, 0.69), 0.022, plastic, end_radius=0.04)
    return shape


@recipe("table_plastic_round")
def plastic_round(kit: Kit) -> Shape:
    """Round plastic table with a hole for a parasol, on three bowed legs."""
    shape = Shape()
    plastic = kit.paint(kit.pick(PLASTICS, shift=2), rough=0.45)
    disc(shape, 0.45, 0.7, 0.04, plastic)
    shape.tube((0, 0, 0.701), (0, 0, 0.706), 0.03, kit.black, sides=10)
    for index in range(3):
        angle = index * 2 * np.pi / 3
        x, y = np.cos(angle), np.sin(angle)
        shape.path([(0.4 * x, 0.4 * y, 0), (0.26 * x, 0.26 * y, 0.3), (0.3 * x, 0.3 * y, 0.67)], 0.03, plastic)
    return shape


@recipe("table_cloth_long")
def cloth_long(kit: Kit) -> Shape:
    """Long table of a promotion: cloth to the ground, leaflets and boxes on it."""
    shape = Shape()
    tablecloth(
        kit,
        shape,
        (1.6, 0.62),
        0.75,
        0.73,
        kit.paint(kit.pick(("#a5232a", "#2f4f96", "#d6d3c8", "#2f6b4a", "#5a4a6b")), rough=0.9),
        waves=14,
    )
    for index in range(6):
        paper = kit.paint(("#d9d6cb", "#e0c46a", "#b9d0d8", "#d8a08a")[index % 4], rough=0.9)
        for level in range(2):
            shape.box((0.16, 0.22, 0.015), ((index - 2.5) * 0.25, 0.12, 0.755 + level * 0.015), paper, turn=float(kit.rng.normal(0, 0.15)))
    shape.box((0.3, 0.2, 0.22), (-0.5, -0.12, 0.755), kit.print(f"carton_{kit.variant % 8}"))
    shape.box((0.22, 0.2, 0.3), (0.45, -0.12, 0.755), kit.print(f"wares_{kit.variant % 4}"))
    return shape


@recipe("table_oilcloth")
def oilcloth(kit: Kit) -> Shape:
    """Square table under a short patterned oilcloth, chopsticks and bowls on it."""
    shape = Shape()
    legs(shape, 0.72, 0.72, 0.72, kit.paint(kit.pick(WOODS)), radius=0.026)
    tablecloth(kit, shape, (0.85, 0.85), 0.73, 0.2, kit.one_print("cloth", 6, shift=3), waves=12)
    crockery(kit, shape, 0.735, 0.28, 4)
    shape.tube((-0.1, 0.1, 0.735), (-0.1, 0.1, 0.85), 0.04, kit.paint("#7d3a2a"), sides=8)
    return shape


@recipe("table_stone")
def stone(kit: Kit) -> Shape:
    """Stone table on a turned foot."""
    shape = Shape()
    granite = kit.paint(kit.pick(("#8f8d88", "#a59f94", "#6f7274")), rough=0.8)
    disc(shape, 0.48, 0.74, 0.09, granite)
    shape.lathe([(0.26, 0), (0.26, 0.06), (0.15, 0.12), (0.13, 0.35), (0.17, 0.58), (0.22, 0.66)], (0, 0, 0), granite, sides=16)
    return shape


@recipe("table_folding_case")
def folding_case(kit: Kit) -> Shape:
    """Aluminium camping table with a roll top and crossed legs."""
    shape = Shape()
    top = kit.paint(kit.pick(("#b9bcbd", "#7d6a4a", "#3d4247")), rough=0.4, metal=0.3)
    for x in np.linspace(-0.42, 0.42, 10):
        shape.box((0.085, 0.6, 0.018), (x, 0, 0.68), top)
    for y in (-0.26, 0.26):
        shape.tube((-0.42, y, 0), (0.4, y, 0.67), 0.013, kit.dark_steel)
        shape.tube((0.42, y, 0), (-0.4, y, 0.67), 0.013, kit.dark_steel)
    for x in (-0.4, 0.4):
        shape.tube((x, -0.26, 0.3), (x * 0.1, 0.26, 0.34), 0.008, kit.dark_steel)
    shape.box((0.9, 0.03, 0.03), (0, 0.27, 0.65), kit.paint(kit.pick(PAINTS)))
    shape.box((0.9, 0.03, 0.03), (0, -0.27, 0.65), kit.paint(kit.pick(PAINTS)))
    return shape
