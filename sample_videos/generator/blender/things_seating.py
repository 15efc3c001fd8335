"""Tables, stools and chairs that no catalogue has."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape


def folding_table(kit: Kit, wide: float, deep: float, high: float) -> Shape:
    """A board on crossed steel legs."""
    shape = Shape()
    shape.box((wide, deep, 0.03), (0, 0, high - 0.03), kit.paint(("#c9c6bd", "#8b6a48", "#5c6a70")[kit.variant % 3], rough=0.5))
    for x in (-wide / 2 + 0.12, wide / 2 - 0.12):
        shape.tube((x, -deep / 2 + 0.05, 0), (x, deep / 2 - 0.05, high - 0.03), 0.014, kit.dark_steel)
        shape.tube((x, deep / 2 - 0.05, 0), (x, -deep / 2 + 0.05, high - 0.03), 0.014, kit.dark_steel)
    shape.tube((-wide / 2 + 0.12, 0, high / 2), (wide / 2 - 0.12, 0, high / 2), 0.012, kit.dark_steel)
    return shape


@recipe("table_square")
def square(kit: Kit) -> Shape:
    """Wooden square table of an eatery, with chopsticks and a bottle."""
    shape = Shape()
    top = kit.paint(("#a8804f", "#7d5233", "#b5a184", "#5a4336")[kit.variant % 4], rough=0.4)
    shape.box((0.78, 0.78, 0.035), (0, 0, 0.705), top)
    shape.box((0.68, 0.68, 0.06), (0, 0, 0.645), top)
    for x in (-0.32, 0.32):
        for y in (-0.32, 0.32):
            shape.box((0.05, 0.05, 0.66), (x, y, 0), top)
    return shape


@recipe("table_low_plastic")
def low(kit: Kit) -> Shape:
    """Low plastic table with splayed legs."""
    shape = Shape()
    plastic = kit.paint(kit.pick(PLASTICS, shift=1), rough=0.45)
    shape.box((0.62, 0.62, 0.025), (0, 0, 0.475), plastic)
    shape.box((0.56, 0.56, 0.05), (0, 0, 0.43), plastic)
    for x in (-1, 1):
        for y in (-1, 1):
            shape.tube((x * 0.28, y * 0.28, 0), (x * 0.24, y * 0.24, 0.45), 0.022, plastic, end_radius=0.034)
    return shape


@recipe("table_hot_pot")
def hot_pot(kit: Kit) -> Shape:
    """Round table with a steel pot in its middle and bowls around it."""
    shape = Shape()
    top = kit.paint(("#6b4a33", "#3d3a38", "#a88860")[kit.variant % 3], rough=0.35)
    shape.lathe([(0, 0.67), (0.45, 0.67), (0.45, 0.7), (0, 0.7)], (0, 0, 0), top, sides=24, smooth=False)
    shape.tube((0, 0, 0.03), (0, 0, 0.68), 0.06, kit.dark_steel)
    shape.lathe([(0.28, 0), (0.28, 0.03), (0.06, 0.06)], (0, 0, 0), kit.dark_steel)
    shape.lathe([(0.13, 0.7), (0.16, 0.75), (0.165, 0.755), (0.15, 0.745), (0, 0.74)], (0, 0, 0), kit.steel)
    for index in range(5):
        angle = index * 2 * np.pi / 5
        at = (0.32 * np.cos(angle), 0.32 * np.sin(angle), 0.7)
        shape.lathe([(0.03, 0), (0.06, 0.045), (0.05, 0.035), (0, 0.02)], at, kit.paint("#cfcdc4"), sides=8)
    return shape


@recipe("table_steel")
def steel(kit: Kit) -> Shape:
    """Work table of stainless steel with a lower shelf."""
    shape = Shape()
    shape.box((1.2, 0.7, 0.04), (0, 0, 0.74), kit.steel)
    shape.box((1.1, 0.6, 0.02), (0, 0, 0.22), kit.steel)
    for x in (-0.56, 0.56):
        for y in (-0.31, 0.31):
            shape.tube((x, y, 0), (x, y, 0.75), 0.022, kit.steel)
    return shape


@recipe("stool_plastic")
def stool(kit: Kit) -> Shape:
    """Square plastic stool with splayed plate legs."""
    shape = Shape()
    plastic = kit.paint(kit.pick(PLASTICS), rough=0.45)
    shape.box((0.28, 0.28, 0.02), (0, 0, 0.44), plastic)
    shape.box((0.3, 0.3, 0.05), (0, 0, 0.4), plastic)
    for x in (-1, 1):
        for y in (-1, 1):
            low_corner, high_corner = (x * 0.155, y * 0.155, 0), (x * 0.125, y * 0.125, 0.42)
            shape.tube(low_corner, high_corner, 0.02, plastic, end_radius=0.03, sides=5)
    for side in range(4):
        band = Shape()
        band.box((0.24, 0.012, 0.06), (0, 0.14, 0.16), plastic)
        shape.join(band, turn=side * np.pi / 2)
    return shape


@recipe("stool_round")
def round_stool(kit: Kit) -> Shape:
    """Padded disc on a ring of steel legs."""
    shape = Shape()
    pad = kit.paint(("#7a2a2c", "#2a2b2e", "#3d5f86")[kit.variant % 3], rough=0.5)
    shape.lathe([(0, 0.42), (0.17, 0.42), (0.18, 0.45), (0.16, 0.47), (0, 0.47)], (0, 0, 0), pad)
    for index in range(4):
        angle = index * np.pi / 2 + np.pi / 4
        x, y = np.cos(angle), np.sin(angle)
        shape.tube((0.18 * x, 0.18 * y, 0), (0.13 * x, 0.13 * y, 0.42), 0.011, kit.steel)
    return shape


@recipe("armchair_plastic")
def armchair(kit: Kit) -> Shape:
    """One-piece garden chair with arms."""
    shape = Shape()
    plastic = kit.paint(("#c9c9c2", "#2f6a4a", "#30507e", "#a63a30")[kit.variant % 4], rough=0.45)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 8))
    back = np.stack([u * (0.24 - 0.03 * v), -0.2 - 0.07 * v + 0.04 * u**2, 0.41 + v * 0.41 - 0.03 * v * u**2], 2)
    seat = np.stack([u * 0.25, -0.21 + v * 0.46, 0.43 - 0.02 * (1 - u**2) + 0 * v], 2)
    for surface in (seat, back):
        shape.sheet(surface, plastic)
        shape.sheet(surface - (0, 0.012, 0.012), plastic)
    for x in (-1, 1):
        shape.tube((x * 0.28, 0.26, 0), (x * 0.25, 0.2, 0.64), 0.024, plastic)
        shape.tube((x * 0.27, -0.29, 0), (x * 0.24, -0.2, 0.45), 0.024, plastic)
        shape.box((0.055, 0.46, 0.022), (x * 0.26, 0.0, 0.63), plastic)
        shape.tube((x * 0.245, -0.2, 0.45), (x * 0.25, -0.24, 0.64), 0.02, plastic)
    return shape


@recipe("bench_long")
def bench(kit: Kit) -> Shape:
    """Wooden trestle bench."""
    shape = Shape()
    shape.box((1.2, 0.26, 0.035), (0, 0, 0.415), kit.wood)
    for x in (-0.45, 0.45):
        for y in (-1, 1):
            shape.tube((x * 1.12, y * 0.13, 0), (x, y * 0.08, 0.42), 0.022, kit.wood, sides=4)
        shape.box((0.03, 0.2, 0.04), (x * 1.05, 0, 0.16), kit.wood)
    shape.box((0.9, 0.03, 0.05), (0, 0, 0.3), kit.wood)
    return shape
