"""Sacks, packs of water, crates of bottles, flowers in buckets and pots."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape

PETALS = ("#b03a52", "#d9b13a", "#d8cfd6", "#8a4a8f", "#d0683a", "#c9818f")


def sack(shape: Shape, at: tuple[float, float, float], size: tuple[float, float, float], material: Material, *, turn: float = 0.0) -> None:
    """A full sack that lies: a cushion with a seam at both ends. size: length along x, width, height."""
    length, wide, high = size
    rings = []
    for u in np.linspace(-1, 1, 9):
        swell = (1 - abs(u) ** 5) * 0.9 + 0.1
        angle = np.linspace(0, 2 * np.pi, 13)
        # A little square: sacks flatten under each other.
        cosine, sine = np.sign(np.cos(angle)) * abs(np.cos(angle)) ** 0.6, np.sign(np.sin(angle)) * abs(np.sin(angle)) ** 0.6
        width = wide / 2 * (0.86 + 0.14 * swell)
        rings.append(np.stack([np.full(13, u * length / 2), cosine * width, high / 2 + sine * high / 2 * swell], 1))
    grid = np.array(rings)
    cosine_turn, sine_turn = np.cos(turn), np.sin(turn)
    spun = grid.copy()
    spun[..., 0], spun[..., 1] = (
        grid[..., 0] * cosine_turn - grid[..., 1] * sine_turn,
        grid[..., 0] * sine_turn + grid[..., 1] * cosine_turn,
    )
    # The picture runs once over the top and once along the sack.
    shape.sheet(np.swapaxes(spun, 0, 1) + at, material, tiles=(1, 2))


def pile(kit: Kit, shape: Shape, family: str, count: int, *, layers: int, size: tuple[float, float, float], across: int) -> None:
    """Layers of sacks, alternately along and across."""
    for layer in range(layers):
        for index in range(across - (layer == layers - 1)):
            y = (index - (across - 1) / 2) * size[1] * 1.02 + (size[1] / 2 if layer == layers - 1 else 0)
            jitter = kit.rng.normal(0, 0.02, 2)
            material = kit.one_print(family, count, shift=index if layer == 0 else 0)
            sack(shape, (jitter[0], y + jitter[1], layer * size[2] * 0.94), size, material, turn=float(kit.rng.normal(0, 0.05)))


@recipe("rice_sacks")
def rice(kit: Kit) -> Shape:
    """Two heaps of rice sacks and one open one on its end."""
    shape = Shape()
    for x in (-0.25, 0.27):
        for level in range(4 if x < 0 else 3):
            turn = np.pi / 2 + float(kit.rng.normal(0, 0.06))
            sack(shape, (x, 0, level * 0.165), (0.78, 0.48, 0.17), kit.one_print("sack", 4, shift=int(x > 0)), turn=turn)
    return shape


@recipe("cement_sacks")
def cement(kit: Kit) -> Shape:
    """Paper sacks in a tidy block."""
    shape = Shape()
    for layer in range(5):
        for index in range(2):
            y = (index - 0.5) * 0.45
            for x in (-0.3, 0.3):
                if layer == 4 and (x > 0 or index == kit.variant % 2):
                    continue
                sack(shape, (x, y, layer * 0.142), (0.58, 0.44, 0.15), kit.one_print("cement", 2), turn=float(kit.rng.normal(0, 0.03)))
    return shape


@recipe("sand_bags")
def sand(kit: Kit) -> Shape:
    """Woven sacks of sand thrown on a heap."""
    shape = Shape()
    colour = kit.paint(("#b9b3a0", "#8f9a86", "#a9a49a")[kit.variant % 3], rough=0.95)
    spots = (
        (-0.4, -0.15, 0),
        (0.05, -0.2, 0),
        (0.45, -0.1, 0),
        (-0.35, 0.2, 0),
        (0.2, 0.2, 0),
        (-0.15, 0, 0.17),
        (0.28, 0.02, 0.17),
        (0.05, 0.02, 0.33),
    )
    for x, y, z in spots:
        sack(shape, (x, y, z), (0.6, 0.4, 0.18), colour, turn=float(kit.rng.uniform(-0.6, 0.6)))
    return shape


@recipe("water_packs")
def water(kit: Kit) -> Shape:
    """Shrink-wrapped bottles, stacked."""
    shape = Shape()
    side, top = kit.one_print("packs", 2), kit.paint("#c3d2d8", rough=0.25)
    for row in range(2):
        for column in range(3):
            for level in range(3 - (row + column + kit.variant) % 2 * row):
                at = ((column - 1) * 0.31 + float(kit.rng.normal(0, 0.006)), (row - 0.5) * 0.29, level * 0.24)
                shape.box((0.3, 0.27, 0.235), at, (top, top, side, side, side, side), turn=float(kit.rng.normal(0, 0.02)))
    return shape


@recipe("drink_crates")
def drinks(kit: Kit) -> Shape:
    """Two columns of plastic bottle crates, bottles in the top ones."""
    shape = Shape()
    for column in range(2):
        plastic = kit.paint(kit.pick(PLASTICS, shift=column), rough=0.5)
        count = 4 - (column + kit.variant) % 2
        for level in range(count):
            z = level * 0.26
            for y in (-0.145, 0.145):
                shape.box((0.4, 0.015, 0.1), (column * 0.42, y, z), plastic)
                shape.box((0.4, 0.015, 0.05), (column * 0.42, y, z + 0.2), plastic)
            for x in (-0.193, 0, 0.193):
                shape.box((0.015, 0.3, 0.25), (column * 0.42 + x, 0, z), plastic)
        for i in range(5):
            for j in range(4):
                spot = (column * 0.42 - 0.15 + i * 0.075, -0.11 + j * 0.073, count * 0.26 - 0.22)
                shape.tube(spot, (spot[0], spot[1], spot[2] + 0.2), 0.03, kit.paint("#2f4a34", rough=0.2), sides=6)
                shape.tube(
                    (spot[0], spot[1], spot[2] + 0.2),
                    (spot[0], spot[1], spot[2] + 0.27),
                    0.022,
                    kit.paint("#b9a14a"),
                    sides=6,
                    end_radius=0.012,
                )
    return shape


@recipe("oil_cans")
def oil(kit: Kit) -> Shape:
    """Clear canisters of cooking oil with handles, three rows on two levels."""
    shape = Shape()
    oil_colour = kit.paint(("#c89a35", "#b5822c", "#d3b04e")[kit.variant % 3], rough=0.2)
    label, cap = kit.paint(kit.pick(PLASTICS)), kit.paint(kit.pick(PLASTICS, shift=1))
    for level in range(2):
        for row in range(3 - level):
            for column in range(6):
                x, y, z = (column - 2.5) * 0.158, (row - 1 + level * 0.5) * 0.18, level * 0.29
                shape.lathe([(0.07, 0), (0.072, 0.2), (0.03, 0.26), (0.025, 0.28)], (x, y, z), oil_colour, sides=8)
                shape.box((0.112, 0.118, 0.09), (x, y, z + 0.06), label)
                shape.tube((x, y, z + 0.265), (x, y, z + 0.295), 0.028, cap, sides=6)
    return shape


def bunch(kit: Kit, shape: Shape, at: tuple[float, float, float], wide: float, high: float, *, shift: int) -> None:
    """Leaves below, blossoms above."""
    petals = kit.paint(kit.pick(PETALS, shift=shift), rough=0.8)
    leaf = kit.print(f"leaves_{shift % 3}", cut_out=True)
    for index in range(6):
        angle = index * 1.05
        dx, dy = np.cos(angle) * wide, np.sin(angle) * wide
        x, y, z = at
        shape.quad(
            [
                (x - dy * 0.7, y + dx * 0.7, z),
                (x + dy * 0.7, y - dx * 0.7, z),
                (x + dx + dy, y + dy - dx, z + high),
                (x + dx - dy, y + dy + dx, z + high),
            ],
            leaf,
        )
    for index in range(14):
        angle, far = index * 2.4, wide * (0.08 + 0.24 * index**0.5)
        lift = high * (1.08 - 0.35 * (far / wide) ** 2) + float(kit.rng.normal(0, 0.02))
        shape.ball((at[0] + far * np.cos(angle), at[1] + far * np.sin(angle), at[2] + lift), 0.045, petals, detail=0)


@recipe("flower_buckets")
def buckets(kit: Kit) -> Shape:
    """Eight buckets of cut flowers in two rows, the rear ones raised."""
    shape = Shape()
    for row in range(2):
        for column in range(4):
            x, y, z = (column - 1.5) * 0.32, 0.18 - row * 0.36, row * 0.18
            if row:
                shape.box((0.3, 0.3, 0.18), (x, y, 0), kit.wood)
            bucket = kit.paint(("#2b2d2f", "#7f8a8c", "#35524a")[(kit.variant + column) % 3], rough=0.5)
            shape.lathe([(0.1, 0), (0.135, 0.27), (0.145, 0.275), (0.12, 0.26), (0, 0.24)], (x, y, z), bucket)
            bunch(kit, shape, (x, y, z + 0.24), 0.15, 0.28, shift=row * 4 + column)
    return shape


@recipe("potted_flowers")
def potted(kit: Kit) -> Shape:
    """Flower pots in three rows on a low stepped stand."""
    shape = Shape()
    for row in range(3):
        y, z = 0.27 - row * 0.27, 0.03 + row * 0.1
        shape.box((1.5, 0.25, 0.02), (0, y, z - 0.02), kit.paint("#6a6e68"))
        for x in (-0.7, 0, 0.7):
            shape.box((0.03, 0.2, z), (x, y, 0), kit.dark_steel)
        for column in range(5):
            x = (column - 2) * 0.29
            clay = kit.paint(("#9a5a3c", "#c9c5ba", "#4a5d68")[(column + row + kit.variant) % 3], rough=0.8)
            shape.lathe([(0.065, 0), (0.095, 0.15), (0.102, 0.15), (0.085, 0.14), (0, 0.14)], (x, y, z), clay, sides=10)
            bunch(kit, shape, (x, y, z + 0.12), 0.1, 0.17, shift=row * 2 + column % 4)
    return shape
