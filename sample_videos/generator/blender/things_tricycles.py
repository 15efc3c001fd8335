"""Cargo tricycles; they roll towards +y."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_bicycles import handlebar, wheel
from sample_videos.generator.blender.things_cartons import carton
from sample_videos.generator.blender.things_groceries import sack
from sample_videos.generator.blender.things_kit import PAINTS, Kit, recipe
from sample_videos.generator.blender.things_shape import Array, Material, Shape

BED_Y = -0.42
"""Middle of the load bed."""
BED_Z = 0.56


def chassis(kit: Kit, shape: Shape, paint: Material, *, wide: float = 1.02, bed: float = 1.5) -> None:
    """Frame, three wheels, fork, seat, handlebar; the bed's floor but no sides."""
    for x in (-wide / 2 + 0.06, wide / 2 - 0.06):
        wheel(kit, shape, BED_Y - 0.15, 0.27, width=0.05, x=x, spokes=0)
    wheel(kit, shape, 1.04, 0.27, width=0.05, spokes=0)
    shape.box((wide, bed, 0.05), (0, BED_Y, BED_Z - 0.05), paint)
    for x in (-0.3, 0.3):
        shape.box((0.06, bed + 0.5, 0.06), (x, BED_Y + 0.2, 0.42), kit.dark_steel)
    shape.tube((-0.4, BED_Y - 0.15, 0.27), (0.4, BED_Y - 0.15, 0.27), 0.04, kit.dark_steel)
    shape.path([(0, 0.3, 0.45), (0, 0.75, 0.42), (0, 0.92, 0.8)], 0.035, paint)
    for x in (-0.08, 0.08):
        shape.tube((x, 1.04, 0.27), (x * 0.7, 0.9, 0.82), 0.02, kit.dark_steel)
    shape.tube((0, 0.92, 0.75), (0, 0.84, 1.06), 0.022, kit.dark_steel)
    handlebar(kit, shape, 0.84, 1.08, 0.34, back=0.16)
    shape.box((0.34, 0.34, 0.08), (0, 0.45, 0.72), kit.black)
    shape.box((0.3, 0.3, 0.25), (0, 0.45, 0.47), paint)
    shape.ball((0, 1.0, 0.9), (0.09, 0.07, 0.08), paint)
    shape.ball((0, 1.06, 0.9), (0.06, 0.03, 0.06), kit.paint("#cfd4d2", rough=0.2), detail=0)


def side_boards(shape: Shape, paint: Material, *, wide: float = 1.02, bed: float = 1.5, high: float = 0.26) -> None:
    """Four pressed boards around the bed."""
    for x in (-wide / 2, wide / 2):
        shape.box((0.025, bed, high), (x, BED_Y, BED_Z), paint)
        for y in np.linspace(-bed / 2 + 0.1, bed / 2 - 0.1, 5):
            shape.box((0.045, 0.05, high), (x, BED_Y + y, BED_Z), paint)
    for y in (BED_Y - bed / 2, BED_Y + bed / 2):
        shape.box((wide, 0.025, high), (0, y, BED_Z), paint)


@recipe("tricycle_open")
def open_bed(kit: Kit) -> Shape:
    """Empty bed."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS), rough=0.5)
    chassis(kit, shape, paint)
    side_boards(shape, paint)
    return shape


@recipe("tricycle_loaded")
def loaded(kit: Kit) -> Shape:
    """Cartons and sacks on the bed."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=1), rough=0.5)
    chassis(kit, shape, paint)
    side_boards(shape, paint)
    for row in range(3):
        for column in range(2):
            for level in range(3 if row else 2):
                if (row + column + level + kit.variant) % 5 == 0 and level == 2:
                    continue
                carton(kit, shape, ((column - 0.5) * 0.47, BED_Y - 0.5 + row * 0.38, BED_Z + level * 0.31), shift=row % 2)
    for level in range(2):
        sack(shape, (0, BED_Y + 0.52, BED_Z + level * 0.16), (0.8, 0.4, 0.17), kit.one_print("sack", 4))
    return shape


@recipe("tricycle_box")
def boxed(kit: Kit) -> Shape:
    """A closed box on the bed."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=2), rough=0.5)
    chassis(kit, shape, paint)
    side = kit.one_print("lorry_side", 2)
    shape.box((1.06, 1.5, 1.05), (0, BED_Y, BED_Z), (paint, paint, paint, side, paint, side))
    for x in (-0.53, 0.53):
        for y in (-0.75, 0.75):
            shape.box((0.05, 0.05, 1.06), (x, BED_Y + y, BED_Z), kit.steel)
    shape.box((0.03, 0.03, 0.9), (0.1, BED_Y - 0.76, BED_Z + 0.08), kit.steel)
    return shape


def cabin(kit: Kit, shape: Shape, paint: Material, *, high: float, deep: float = 1.15, wide: float = 1.0) -> None:
    """A closed cabin around the seat: sloping windscreen, side windows, lamps."""
    front, back = 1.3, 1.3 - deep
    outline = [(back, 0.3), (front - 0.02, 0.3), (front, 0.72), (front - 0.1, 0.86), (front - 0.42, high), (back, high)]
    shape.plate(outline, 0, wide, paint)
    window = [(back + 0.12, 0.95), (front - 0.24, 0.95), (front - 0.47, high - 0.09), (back + 0.12, high - 0.09)]
    for x in (-wide / 2 - 0.004, wide / 2 + 0.004):
        shape.plate(window, x, 0.006, kit.dark_glass)
    w = wide / 2 - 0.08
    y_low, y_high = front - 0.12, front - 0.4
    z_low, z_high = 0.9, high - 0.05
    shape.quad(
        [(w, y_low + 0.012, z_low), (-w, y_low + 0.012, z_low), (-w, y_high + 0.012, z_high), (w, y_high + 0.012, z_high)], kit.dark_glass
    )
    for x in (-w * 0.8, w * 0.8):
        shape.ball((x, front - 0.02, 0.66), (0.08, 0.04, 0.06), kit.paint("#d5d8d4", rough=0.15))
    shape.box((0.26, 0.01, 0.09), (0, front + 0.002, 0.42), kit.one_print("plate", 2))


def _narrow_above(points: Array) -> Array:
    """The sides lean in above the doors."""
    share = np.clip((points[:, 2] - 0.85) / 0.85, 0, 1)
    return np.stack([points[:, 0] * (1 - 0.1 * share), points[:, 1], points[:, 2]], 1)


@recipe("tricycle_electric")
def electric(kit: Kit) -> Shape:
    """A small closed passenger tricycle."""
    shape = Shape()
    paint = kit.paint(("#a8322b", "#c9cac6", "#3a6a94", "#6f7f52", "#b98a38", "#4b4f54")[kit.variant % 6], rough=0.35)
    outline = [(-1.25, 0.36), (1.28, 0.36), (1.32, 0.78), (1.18, 0.85), (0.78, 1.66), (-0.9, 1.7), (-1.22, 1.45), (-1.3, 0.85)]
    shape.plate(outline, 0, 1.04, paint)
    for x in (-0.527, 0.527):
        shape.plate([(0.08, 0.95), (0.98, 0.95), (0.68, 1.55), (0.08, 1.58)], x, 0.006, kit.dark_glass)
        shape.plate([(-1.1, 0.98), (-0.04, 0.95), (-0.04, 1.58), (-0.86, 1.58)], x, 0.006, kit.dark_glass)
    shape.quad([(0.43, 1.16, 0.98), (-0.43, 1.16, 0.98), (-0.43, 0.83, 1.6), (0.43, 0.83, 1.6)], kit.dark_glass)
    shape.bend(_narrow_above)
    for x in (-0.47, 0.47):
        wheel(kit, shape, -0.72, 0.24, width=0.055, x=x, spokes=0)
    wheel(kit, shape, 1.0, 0.24, width=0.055, spokes=0)
    for x in (-0.36, 0.36):
        shape.ball((x, 1.29, 0.7), (0.09, 0.05, 0.07), kit.paint("#d5d8d4", rough=0.15))
        shape.ball((x * 1.2, -1.27, 0.8), (0.05, 0.04, 0.08), kit.paint("#8c1f1c", rough=0.2))
        shape.ball((x * 1.55, 0.92, 1.08), (0.05, 0.03, 0.06), kit.black)
    shape.box((0.3, 0.01, 0.1), (0, 1.325, 0.46), kit.one_print("plate", 2))
    return shape


@recipe("tricycle_rails")
def rails(kit: Kit) -> Shape:
    """Tall cage of bars around a longer bed, scrap and foam boards inside."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=3), rough=0.6)
    chassis(kit, shape, paint, wide=1.1, bed=1.62)
    for x in (-0.54, 0.54):
        for z in (0.1, 0.3, 0.62):
            shape.tube((x, BED_Y - 0.8, BED_Z + z), (x, BED_Y + 0.8, BED_Z + z), 0.014, paint, sides=5)
        for y in np.linspace(-0.8, 0.8, 9):
            shape.tube((x, BED_Y + y, BED_Z), (x, BED_Y + y, BED_Z + 0.63), 0.011, paint, sides=5)
    for y in (-0.8, 0.8):
        for z in (0.1, 0.3, 0.62):
            shape.tube((-0.54, BED_Y + y, BED_Z + z), (0.54, BED_Y + y, BED_Z + z), 0.014, paint, sides=5)
    for index in range(kit.variant % 3 * 2):
        shape.box(
            (0.9, 0.5, 0.09),
            (float(kit.rng.normal(0, 0.03)), BED_Y - 0.2, BED_Z + index * 0.09),
            kit.kraft,
            turn=float(kit.rng.normal(0, 0.1)),
        )
    return shape


@recipe("tricycle_courier")
def courier(kit: Kit) -> Shape:
    """Closed cabin and a tall box body with a roof edge."""
    shape = Shape()
    paint = kit.paint(("#c8c9c4", "#2f6a4e", "#38577e")[kit.variant % 3], rough=0.4)
    cabin(kit, shape, paint, high=1.62, deep=0.95)
    side = kit.one_print("delivery", 3, shift=1)
    shape.box((1.08, 1.75, 1.25), (0, -0.55, 0.5), (paint, paint, paint, side, paint, side))
    shape.box((1.1, 1.78, 0.05), (0, -0.55, 1.73), kit.steel)
    for x in (-0.46, 0.46):
        wheel(kit, shape, -0.75, 0.26, width=0.06, x=x, spokes=0)
    wheel(kit, shape, 0.98, 0.26, width=0.06, spokes=0)
    return shape


@recipe("tricycle_roofed")
def roofed(kit: Kit) -> Shape:
    """A roof on posts over the rider and two benches, open sides."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=4), rough=0.5)
    chassis(kit, shape, paint, wide=1.0, bed=1.3)
    side_boards(shape, paint, wide=1.0, bed=1.3, high=0.2)
    for x in (-0.36, 0.36):
        shape.box((0.26, 1.2, 0.22), (x, BED_Y, BED_Z), kit.paint("#6b2f30", rough=0.6))
        for y in (-0.62, 0.24):
            shape.tube((x * 1.3, BED_Y + y, BED_Z), (x * 1.3, BED_Y + y, 1.76), 0.016, kit.steel)
        shape.tube((x, 1.0, 0.85), (x, 0.7, 1.76), 0.016, kit.steel)
    u, v = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(0, 1, 4))
    shape.sheet(np.stack([u * 0.52, -1.1 + v * 1.95, 1.82 - 0.07 * u**2], 2), kit.one_print("stripes", 3))
    shape.quad([(0.36, 1.0, 0.9), (-0.36, 1.0, 0.9), (-0.36, 0.72, 1.7), (0.36, 0.72, 1.7)], kit.glass)
    return shape
