"""Freezers, gas bottles, tyres, carpets, basins, toys and other wares of a house."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape


@recipe("old_mattress")
def mattress(kit: Kit) -> Shape:
    """A mattress on its long edge, leaning on two chairs' worth of boards."""
    shape = Shape()
    cover = kit.one_print("cloth", 6, shift=2)
    edge = kit.paint("#c9c3b4", rough=0.9)
    shape.box((1.9, 0.2, 1.2), (0, 0.12, 0), (edge, edge, cover, edge, cover, edge), tilt=0.14)
    shape.box((1.7, 0.03, 1.0), (0, -0.16, 0), kit.wood, tilt=0.1)
    for z in (0.02, 1.14):
        shape.tube((-0.95, 0.225 - z * 0.14, z), (0.95, 0.225 - z * 0.14, z), 0.014, kit.paint("#7d7a72"))
    return shape


@recipe("chest_freezer")
def freezer(kit: Kit) -> Shape:
    """White chest with sliding glass and ice cream under it."""
    shape = Shape()
    white, trim = kit.paint("#d6d8d6", rough=0.35), kit.paint(("#2f6fa0", "#a8352c", "#3c8a80")[kit.variant % 3], rough=0.4)
    shape.box((1.2, 0.66, 0.74), (0, 0, 0.06), white)
    shape.box((1.14, 0.58, 0.06), (0, 0, 0), kit.black)
    shape.box((1.21, 0.02, 0.3), (0, 0.325, 0.3), kit.one_print("menu", 5, shift=1))
    shape.box((1.2, 0.66, 0.05), (0, 0, 0.79), trim)
    shape.box((1.1, 0.56, 0.01), (0, 0, 0.838), kit.print(f"wares_{kit.variant % 4}", rough=0.15))
    shape.box((0.03, 0.58, 0.02), (0, 0, 0.845), kit.steel)
    return shape


@recipe("display_fridge")
def fridge(kit: Kit) -> Shape:
    """Tall fridge with a glass door full of drinks and a lit head."""
    shape = Shape()
    body = kit.paint(("#26282b", "#a2352c", "#2c5f94")[kit.variant % 3], rough=0.4)
    shape.box((0.66, 0.6, 1.86), (0, 0, 0.06), body)
    shape.box((0.6, 0.5, 0.06), (0, 0, 0), kit.black)
    shape.box((0.56, 0.012, 1.38), (0, 0.3, 0.22), kit.one_print("bottles", 2, rough=0.12, glow=0.25))
    shape.box((0.62, 0.012, 0.2), (0, 0.3, 1.66), kit.one_print("menu", 5, glow=0.35))
    shape.tube((0.27, 0.33, 0.7), (0.27, 0.33, 1.2), 0.012, kit.steel)
    return shape


@recipe("gas_bottles")
def gas(kit: Kit) -> Shape:
    """Three steel bottles with collars."""
    shape = Shape()
    for index in range(3):
        colour = kit.paint(("#8c9298", "#4a6f8c", "#77806a")[(kit.variant + index // 2) % 3], rough=0.5, metal=0.3)
        x = (index - 1) * 0.35
        profile = [
            (0.14, 0),
            (0.14, 0.04),
            (0.16, 0.06),
            (0.172, 0.1),
            (0.172, 0.46),
            (0.14, 0.54),
            (0.06, 0.58),
            (0.03, 0.59),
            (0.03, 0.66),
            (0, 0.66),
        ]
        shape.lathe(profile, (x, 0, 0), colour)
        for angle in np.linspace(0.4, 5.9, 7):
            shape.box((0.05, 0.012, 0.15), (x + 0.1 * np.cos(angle), 0.1 * np.sin(angle), 0.56), colour, turn=float(angle) + np.pi / 2)
        shape.tube((x - 0.03, 0, 0.64), (x + 0.05, 0, 0.64), 0.018, kit.paint("#b59a4a", metal=0.6))
    return shape


@recipe("tyre_stack")
def tyres(kit: Kit) -> Shape:
    """A stack of tyres and two that lean on it."""
    shape = Shape()
    for level in range(4):
        lying = Shape()
        lying.ring((0, 0, 0), 0.22, 0.095, kit.rubber, sides=18, section=8)
        lying.bend(lambda points: points[:, [1, 2, 0]])
        shape.join(lying, (float(kit.rng.normal(-0.28, 0.015)), float(kit.rng.normal(0, 0.015)), 0.1 + level * 0.19))
    for index in range(2):
        shape.ring((0.22 + index * 0.22, 0.02, 0.32), 0.22, 0.095, kit.rubber, sides=18, section=8)
        shape.ring((0.22 + index * 0.22, 0.02, 0.32), 0.13, 0.012, kit.dark_steel, sides=14)
    return shape


@recipe("rolled_carpets")
def carpets(kit: Kit) -> Shape:
    """Rolls that stand beside each other."""
    shape = Shape()
    for index in range(7):
        x, y = (index % 4 - 1.5) * 0.28, 0.1 - index // 4 * 0.2
        high = float(kit.rng.uniform(1.15, 1.6))
        lean = float(kit.rng.normal(0, 0.03))
        radius = float(kit.rng.uniform(0.1, 0.13))
        shape.tube((x, y, 0), (x + lean, y - 0.05, high), radius, kit.one_print("carpet", 3, shift=index), sides=12)
        shape.tube((x + lean, y - 0.05, high), (x + lean, y - 0.05, high + 0.004), radius * 0.35, kit.black, sides=8)
    return shape


@recipe("basin_stack")
def basins(kit: Kit) -> Shape:
    """Stacks of plastic basins and a row of buckets."""
    shape = Shape()
    for index in range(3):
        x = (index - 1) * 0.42
        for level in range(4 + (index + kit.variant) % 3):
            plastic = kit.paint(PLASTICS[(kit.variant + index + level) % len(PLASTICS)], rough=0.4)
            shape.lathe(
                [(0.0, 0.01), (0.14, 0), (0.19, 0.11), (0.205, 0.115), (0.18, 0.1), (0.135, 0.02), (0, 0.02)],
                (x, -0.2, level * 0.07),
                plastic,
            )
    for index in range(4):
        plastic = kit.paint(kit.pick(PLASTICS, shift=index + 2), rough=0.4)
        for level in range(2):
            x = (index - 1.5) * 0.31
            shape.lathe(
                [(0.0, 0.01), (0.1, 0), (0.14, 0.26), (0.15, 0.265), (0.13, 0.25), (0.1, 0.03), (0, 0.03)], (x, 0.24, level * 0.08), plastic
            )
    return shape


@recipe("toy_box")
def toy_box(kit: Kit) -> Shape:
    """A shallow bin of balls and plush."""
    shape = Shape()
    wall = kit.paint(kit.pick(PLASTICS), rough=0.5)
    for y in (-0.29, 0.29):
        shape.box((0.8, 0.02, 0.34), (0, y, 0), wall)
    for x in (-0.39, 0.39):
        shape.box((0.02, 0.6, 0.34), (x, 0, 0), wall)
    shape.box((0.78, 0.58, 0.02), (0, 0, 0.2), kit.black)
    for index in range(34):
        x, y = (index % 7 - 3) * 0.108, (index // 7 - 2) * 0.115
        colour = kit.paint(PLASTICS[int(kit.rng.integers(len(PLASTICS)))], rough=0.6)
        size = float(kit.rng.uniform(0.055, 0.085))
        shape.ball((x, y, 0.3 + float(kit.rng.uniform(0, 0.1))), size, colour, detail=1 if size > 0.07 else 0)
    return shape


@recipe("buckets_brooms")
def brooms(kit: Kit) -> Shape:
    """Barrel of brooms and mops between steel buckets."""
    shape = Shape()
    shape.lathe([(0.19, 0), (0.21, 0.2), (0.2, 0.5), (0.18, 0.49), (0, 0.45)], (0, -0.02, 0), kit.paint(kit.pick(PLASTICS)))
    for index in range(9):
        angle = index * 0.7
        foot = (0.1 * np.cos(angle), 0.1 * np.sin(angle) - 0.02, 0.4)
        head = (0.2 * np.cos(angle), 0.15 * np.sin(angle) - 0.04, 1.18)
        shape.tube(foot, head, 0.012, kit.paint(("#9c7a4c", "#3f70a0", "#a83d35")[index % 3]), sides=6)
        shape.tube(
            head,
            (head[0] * 1.15, head[1] * 1.15, 1.34),
            0.03,
            kit.paint(("#a8905a", "#d3cfc2", "#5d4a7a")[index % 3], rough=1),
            sides=6,
            end_radius=0.07,
        )
    for index in range(4):
        x = (-0.42, -0.3, 0.3, 0.42)[index]
        y = (0.12, -0.14, -0.14, 0.12)[index]
        shape.lathe([(0.09, 0), (0.125, 0.26), (0.13, 0.265), (0.11, 0.25), (0, 0.05)], (x, y, 0), kit.steel)
    return shape
