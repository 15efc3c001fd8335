"""More fruit, vegetables and plants: pyramids, bamboo baskets, heaps on cloths, potted shrubs."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_forms import legs
from sample_videos.generator.blender.things_fruit import FRUIT, greens, heap
from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape
from sample_videos.generator.blender.things_trees import crown, foliage

POTS = ("#9a5a3c", "#c9c5ba", "#3f4f5a", "#2b2d2f", "#7a8a72", "#3f5f8a")


def pyramid(kit: Kit, shape: Shape, at: tuple[float, float, float], radius: float, *, shift: int) -> None:
    """A cone of fruit with every ball in the hollow between those below it."""
    shades = [kit.paint(colour, rough=0.4) for colour in FRUIT[(kit.variant + shift) % len(FRUIT)]]
    for layer, rim in enumerate((0.2, 0.15, 0.1, 0.05, 0.0)):
        count = max(int(2 * np.pi * rim / (radius * 2)), 1)
        for index in range(count):
            angle = (index + layer / 2) * 2 * np.pi / count
            spot = (at[0] + rim * np.cos(angle), at[1] + rim * np.sin(angle), at[2] + radius + layer * radius * 1.6)
            shape.ball(spot, radius, shades[(index + layer) % 2], detail=0)


def woven(shape: Shape, at: tuple[float, float, float], radius: float, high: float, cane: Material, rim: Material) -> None:
    """A basket of split bamboo with bands."""
    profile = [(radius * 0.75, 0.0)]
    for band in range(4):
        z = high * (band + 0.5) / 4.5
        swell = radius * (0.78 + 0.22 * z / high)
        profile += [(swell, z - 0.02), (swell * 1.03, z), (swell, z + 0.02)]
    profile += [(radius, high), (radius * 0.9, high - 0.01), (0, high * 0.65)]
    shape.lathe(profile, at, cane, sides=16, smooth=False)
    shape.lathe([(radius * 1.02, high - 0.03), (radius * 1.05, high - 0.01), (radius * 1.02, high + 0.01)], at, rim, sides=16)


@recipe("fruit_pyramids")
def fruit_pyramids(kit: Kit) -> Shape:
    """Fruit in cones on plates along a covered bench."""
    shape = Shape()
    cloth = kit.paint(kit.pick(("#2f6b3f", "#8e2430", "#d6d1c2", "#3f5f86")), rough=0.9)
    shape.box((1.7, 0.6, 0.5), (0, 0, 0), cloth)
    for index in range(3):
        x, y = (index - 1) * 0.54, -0.1
        shape.lathe([(0.1, 0.5), (0.25, 0.53), (0.23, 0.53), (0, 0.51)], (x, y + 0.1, 0), kit.paint("#c9c5b8"), sides=14)
        pyramid(kit, shape, (x, y + 0.1, 0.52), 0.05, shift=index)
    return shape


@recipe("baskets_bamboo")
def bamboo_baskets(kit: Kit) -> Shape:
    """Five bamboo baskets of unlike size, heaped, standing close."""
    shape = Shape()
    rim = kit.paint("#6d5230", rough=0.8)
    for index, (x, y, radius, high) in enumerate(
        ((-0.55, 0.05, 0.27, 0.4), (0.0, 0.12, 0.22, 0.28), (0.5, 0.0, 0.3, 0.34), (-0.2, -0.34, 0.22, 0.5), (0.3, -0.42, 0.2, 0.3))
    ):
        cane = kit.paint(("#b8935a", "#a5824e", "#8f6c3e")[(index + kit.variant) % 3], rough=0.85)
        woven(shape, (x, y, 0), radius, high, cane, rim)
        if (index + kit.variant) % 3 == 1:
            greens(kit, shape, (x, y, high - 0.06), (radius * 1.5, radius * 1.5), 0.16, shift=index)
        else:
            shades = [kit.paint(colour, rough=0.5) for colour in FRUIT[(index + kit.variant) % len(FRUIT)]]
            for ball in range(22):
                angle, far = ball * 2.4, radius * 0.19 * ball**0.5
                shape.ball((x + far * np.cos(angle), y + far * np.sin(angle), high + 0.05 - far * 0.35), 0.048, shades[ball % 2], detail=0)
    return shape


@recipe("shoulder_baskets")
def shoulder_baskets(kit: Kit) -> Shape:
    """Two flat baskets on cords with the pole laid over them: what a farmer carries to town."""
    shape = Shape()
    cane, rim = kit.paint(kit.pick(("#b8935a", "#9c7440", "#a98a58")), rough=0.85), kit.paint("#6d5230", rough=0.8)
    for index, x in enumerate((-0.55, 0.55)):
        woven(shape, (x, 0, 0), 0.32, 0.2, cane, rim)
        if (index + kit.variant) % 2:
            greens(kit, shape, (x, 0, 0.14), (0.5, 0.5), 0.2, shift=index)
        else:
            heap(kit, shape, (x, 0, 0.2), (0.44, 0.44), radius=0.055, layers=2, shift=index)
        for angle in (0.5, 2.1, 3.7, 5.3):
            shape.tube((x + 0.31 * np.cos(angle), 0.31 * np.sin(angle), 0.19), (x, 0, 0.58), 0.006, kit.kraft, sides=4)
    shape.path([(-0.75, 0, 0.57), (-0.3, 0, 0.61), (0.3, 0, 0.61), (0.75, 0, 0.57)], 0.022, cane)
    return shape


@recipe("vegetable_cloth")
def vegetable_cloth(kit: Kit) -> Shape:
    """Heaps of roots, pods and leaves on a fertiliser sack spread on the ground, a steelyard beside them."""
    shape = Shape()
    u, v = np.meshgrid(np.linspace(-1, 1, 11), np.linspace(-1, 1, 8))
    crumple = 0.012 + 0.012 * np.abs(np.sin(u * 7 + v * 4))
    shape.sheet(
        np.stack([u * 0.8, v * 0.55, crumple], 2),
        kit.paint(kit.pick(("#c9c6ba", "#4f78a0", "#a9552f", "#6f8a5a")), rough=0.9),
        smooth=False,
    )
    for index in range(6):
        x, y = (index % 3 - 1) * 0.5, (index // 3 - 0.5) * 0.5
        kind = (index + kit.variant) % 3
        if kind == 0:
            greens(kit, shape, (x, y, 0.02), (0.42, 0.4), 0.16, shift=index)
        elif kind == 1:
            root = [
                kit.paint(colour, rough=0.8)
                for colour in (("#c9662a", "#d07a3a"), ("#d2cfc0", "#c4c0ac"), ("#7a5a3c", "#8a6a48"))[index % 3]
            ]
            for piece in range(14):
                at = (x + float(kit.rng.uniform(-0.12, 0.12)), y + float(kit.rng.uniform(-0.1, 0.1)), 0.05 + piece // 6 * 0.05)
                shape.ball(at, (0.035, 0.11, 0.035), root[piece % 2], detail=0, turn=float(kit.rng.normal(0, 0.5)))
        else:
            heap(kit, shape, (x, y, 0.06), (0.34, 0.34), radius=0.04, layers=3, shift=index)
    return shape


@recipe("cabbage_wall")
def cabbages(kit: Kit) -> Shape:
    """Winter cabbages laid like bricks, heads to the street."""
    shape = Shape()
    leaf = [kit.paint(colour, rough=0.8) for colour in ("#9fb06a", "#b9c48a", "#8aa05a")]
    for layer in range(4):
        for index in range(8 - layer):
            x, z = (index - (7 - layer) / 2) * 0.19, 0.085 + layer * 0.14
            shape.ball((x, 0.06, z), (0.095, 0.2, 0.085), leaf[(index + layer) % 3])
            shape.ball((x, -0.14, z), (0.06, 0.07, 0.055), kit.paint("#d8d8c2", rough=0.7), detail=0)
    return shape


@recipe("pumpkin_heap")
def pumpkins(kit: Kit) -> Shape:
    """Pumpkins and winter melons on straw, a few cut open."""
    shape = Shape()
    u, v = np.meshgrid(np.linspace(-1, 1, 8), np.linspace(-1, 1, 6))
    shape.sheet(
        np.stack([u * 0.75, v * 0.5, 0.03 + 0.03 * np.cos(u * 9) * np.cos(v * 7)], 2), kit.paint("#b9a468", rough=1.0), smooth=False
    )
    for index in range(16):
        angle, far = index * 2.4 + kit.variant, 0.14 * index**0.5
        x, y = far * np.cos(angle) * 1.2, far * np.sin(angle) * 0.75
        if index % 3:
            shape.ball(
                (x, y, 0.14), (0.16, 0.16, 0.115), kit.paint(("#c9742a", "#b8622a", "#7a7a3a")[(index + kit.variant) % 3], rough=0.6)
            )
            shape.tube((x, y, 0.24), (x + 0.02, y, 0.3), 0.015, kit.paint("#6a6a3a"), sides=5)
        else:
            shape.ball((x, y, 0.13), (0.12, 0.26, 0.12), kit.paint(("#8fa58a", "#5f7a5a")[index % 2], rough=0.7), turn=angle)
    return shape


def pot(kit: Kit, shape: Shape, at: tuple[float, float, float], radius: float, high: float, *, shift: int) -> None:
    """A flower pot filled with earth."""
    clay = kit.paint(POTS[(kit.variant + shift) % 6], rough=0.6)
    profile = [(radius * 0.68, 0), (radius * 0.95, high * 0.85), (radius * 1.06, high * 0.86), (radius * 1.06, high), (radius * 0.92, high)]
    shape.lathe(profile, at, clay, sides=12)
    shape.lathe([(radius * 0.92, high * 0.93), (0, high * 0.95)], at, kit.paint("#3a2c20", rough=1.0), sides=12)


@recipe("potted_shrubs")
def shrubs(kit: Kit) -> Shape:
    """Leafy shrubs and small palms in pots of many kinds, set in a loose row."""
    shape = Shape()
    for index in range(5):
        x, y = (index - 2) * 0.42 + float(kit.rng.normal(0, 0.02)), float(kit.rng.normal(0, 0.08))
        radius, high = float(kit.rng.uniform(0.12, 0.18)), float(kit.rng.uniform(0.2, 0.34))
        pot(kit, shape, (x, y, 0), radius, high, shift=index)
        leaves = kit.print(f"leaves_{(index + kit.variant) % 3}", cut_out=True)
        if index % 2:
            shape.tube((x, y, high), (x, y, high + 0.35), 0.015, kit.paint("#6a5238"), sides=5)
        lift = high + (0.5 if index % 2 else 0.2)
        foliage(kit, shape, crown(kit, (x, y, lift), (0.2, 0.2, 0.2), 40), 0.12, leaves, cards=1)
    return shape


@recipe("potted_palms")
def palms(kit: Kit) -> Shape:
    """Tall plants with sword-shaped leaves in glazed pots with bows: gifts for an opening."""
    shape = Shape()
    green = [kit.paint(colour, rough=0.6) for colour in ("#3f6a3a", "#55803f", "#6f9a4a")]
    for index in range(3):
        x = (index - 1) * 0.5
        pot(kit, shape, (x, 0, 0), 0.17, 0.34, shift=index * 2 + 1)
        shape.box((0.2, 0.02, 0.1), (x, 0.175, 0.14), kit.paint("#b3232a"))
        for blade in range(18):
            angle, far = blade * 2.4, 0.12 + 0.16 * (blade % 5) / 4
            top, bend = 0.75 + 0.35 * ((blade * 7) % 5) / 4, far * 1.6
            c, s = np.cos(angle), np.sin(angle)
            across = (-s * 0.028, c * 0.028)
            base, middle, tip = (x, 0.0, 0.33), (x + far * 0.7 * c, far * 0.7 * s, top), (x + bend * c, bend * s, top - 0.12)
            grid = np.array(
                [
                    [(p[0] - across[0] * w, p[1] - across[1] * w, p[2]), (p[0] + across[0] * w, p[1] + across[1] * w, p[2])]
                    for p, w in ((base, 0.6), (middle, 1.2), (tip, 0.1))
                ]
            )
            shape.sheet(grid, green[blade % 3], smooth=False)
    return shape


@recipe("seedling_trays")
def seedlings(kit: Kit) -> Shape:
    """Flat black trays of small green plants on a low bench."""
    shape = Shape()
    legs(shape, 1.3, 0.5, 0.3, kit.dark_steel)
    shape.box((1.4, 0.6, 0.03), (0, 0, 0.3), kit.wood)
    for index in range(6):
        x, y = (index % 3 - 1) * 0.46, (index // 3 - 0.5) * 0.3
        shape.box((0.42, 0.26, 0.05), (x, y, 0.33), kit.black)
        leaf = kit.paint(("#5f8a3f", "#7aa04a", "#4a7a4a", "#8a9a3a")[(index + kit.variant) % 4], rough=0.8)
        bloom = kit.paint(("#c93a5a", "#e0b52c", "#d8cfd6", "#8a4a9f")[(index + kit.variant) % 4], rough=0.7)
        for plant in range(15):
            at = (x - 0.16 + plant % 5 * 0.08, y - 0.08 + plant // 5 * 0.08, 0.4 + float(kit.rng.uniform(0, 0.03)))
            shape.ball(at, (0.038, 0.038, 0.035), leaf, detail=0)
            if (plant + index) % 2:
                shape.ball((at[0], at[1], at[2] + 0.03), 0.02, bloom, detail=0)
    return shape


@recipe("egg_trays")
def eggs(kit: Kit) -> Shape:
    """Stacks of egg trays and baskets of salted eggs."""
    shape = Shape()
    pulp = kit.paint("#9a9488", rough=0.95)
    for column in range(3):
        x = (column - 1) * 0.34
        count = 6 - (column + kit.variant) % 3
        for level in range(count):
            shape.box((0.3, 0.3, 0.035), (x, 0, level * 0.055), pulp)
        egg = kit.paint(("#c99a72", "#d8cdb8", "#b9c4b0")[(column + kit.variant) % 3], rough=0.5)
        for index in range(25):
            at = (x + (index % 5 - 2) * 0.056, (index // 5 - 2) * 0.056, count * 0.055 + 0.01)
            shape.ball(at, (0.023, 0.023, 0.03), egg, detail=0)
    shape.box((0.5, 0.3, 0.02), (0.0, 0.36, 0), kit.paint(kit.pick(PLASTICS)))
    heap(kit, shape, (0.0, 0.36, 0.05), (0.46, 0.28), radius=0.03, layers=2, shift=3)
    return shape
