"""More two-wheelers: bicycles with loads and child seats, cargo bikes, mopeds with shields, roofs and boxes; they roll towards +y."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_bicycles import (
    BIKE_PAINTS,
    Electric,
    bicycle,
    electric,
    handlebar,
    mudguard,
    saddle,
    wheel,
    wire_basket,
)
from sample_videos.generator.blender.things_cartons import carton
from sample_videos.generator.blender.things_forms import rounded
from sample_videos.generator.blender.things_groceries import sack
from sample_videos.generator.blender.things_kit import CLOTHS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape

PASTELS = ("#b9c9c2", "#d0a8a0", "#c9b98a", "#8fa8b8", "#d0cfc8", "#7a8f6a")


@recipe("bicycle_mountain")
def mountain(kit: Kit) -> Shape:
    """Thick tyres, a straight bar, a fork with springs, no guards."""
    shape = Shape()
    paint = kit.paint(kit.pick(BIKE_PAINTS, shift=3), rough=0.35)
    for y in (-0.54, 0.54):
        wheel(kit, shape, y, 0.33, width=0.034, spokes=12)
    crank, seat, head = (0.0, -0.12, 0.3), (0.0, -0.26, 0.74), (0.0, 0.34, 0.8)
    for start, end in ((crank, head), (seat, head), (crank, seat)):
        shape.tube(start, end, 0.024, paint)
    for x in (-0.05, 0.05):
        shape.tube((x, -0.54, 0.33), seat, 0.011, paint)
        shape.tube((x, -0.54, 0.33), crank, 0.012, paint)
        shape.tube((x * 1.4, 0.54, 0.33), (x * 1.4, 0.38, 0.72), 0.02, kit.steel)
    shape.tube((0, 0.38, 0.72), (0, 0.32, 0.96), 0.018, paint)
    shape.tube((-0.33, 0.3, 0.97), (0.33, 0.3, 0.97), 0.014, kit.black)
    shape.tube(seat, (0, -0.3, 0.92), 0.014, kit.steel)
    saddle(kit, shape, -0.3, 0.94)
    shape.tube((0.05, *crank[1:]), (0.065, *crank[1:]), 0.1, kit.dark_steel, sides=14)
    for side in (-1, 1):
        shape.box((0.1, 0.08, 0.02), (side * 0.12, -0.12 + side * 0.12, 0.3), kit.black)
    return shape


@recipe("bicycle_loaded")
def loaded(kit: Kit) -> Shape:
    """Old bicycle with bags at both sides of the rear wheel and a box on the carrier."""
    shape = bicycle(kit, radius=0.33, base=1.08, step_through=False, basket=True, half_bar=0.3)
    cloth = kit.paint(kit.pick(CLOTHS, shift=3), rough=0.95)
    for x in (-0.17, 0.17):
        rounded(shape, (0.16, 0.42, 0.36), (x, -0.6, 0.36), cloth, radius=0.05, bevel=0.03)
    carton(kit, shape, (0, -0.6, 0.74), (0.38, 0.4, 0.28), shift=1)
    return shape


@recipe("bicycle_child_seat")
def child_seat(kit: Kit) -> Shape:
    """City bicycle with a child's seat behind and a cover over the saddle."""
    shape = bicycle(kit, radius=0.3, base=1.02, step_through=True, basket=True)
    seat = kit.paint(kit.pick(PLASTICS), rough=0.5)
    rounded(shape, (0.3, 0.3, 0.1), (0, -0.56, 0.68), seat, radius=0.08)
    rounded(shape, (0.3, 0.08, 0.42), (0, -0.7, 0.72), seat, radius=0.04)
    for x in (-0.15, 0.15):
        rounded(shape, (0.05, 0.28, 0.2), (x, -0.56, 0.72), seat, radius=0.02)
    return shape


@recipe("bicycle_long_cargo")
def long_cargo(kit: Kit) -> Shape:
    """Cargo bicycle with a low open box between the bar and a small front wheel."""
    shape = Shape()
    paint = kit.paint(kit.pick(BIKE_PAINTS, shift=1), rough=0.4)
    wheel(kit, shape, -0.72, 0.32, width=0.026)
    wheel(kit, shape, 0.86, 0.24, width=0.026)
    mudguard(shape, -0.72, 0.355, kit.black, 0.6, 2.9)
    shape.box((0.46, 0.75, 0.34), (0, 0.28, 0.3), kit.paint(kit.pick(("#8a5f3a", "#b28d5f", "#3d4247", "#3f5f4a")), rough=0.6))
    shape.box((0.4, 0.69, 0.01), (0, 0.28, 0.641), kit.black)
    shape.path([(0, -0.3, 0.3), (0, 0.4, 0.26), (0, 0.68, 0.5), (0, 0.8, 0.62)], 0.022, paint)
    shape.tube((0, -0.3, 0.28), (0, -0.46, 0.86), 0.018, paint)
    shape.tube((0, -0.36, 0.6), (0, -0.02, 0.74), 0.018, paint)
    for x in (-0.05, 0.05):
        shape.tube((x, -0.72, 0.32), (0, -0.43, 0.7), 0.011, paint)
        shape.tube((x, -0.72, 0.32), (0, -0.3, 0.28), 0.011, paint)
        shape.tube((x, 0.86, 0.24), (x * 0.6, 0.8, 0.6), 0.012, paint)
    saddle(kit, shape, -0.5, 0.88)
    shape.tube((0, -0.02, 0.5), (0, -0.1, 1.04), 0.016, paint)
    handlebar(kit, shape, -0.1, 1.05, 0.3, back=0.14)
    return shape


@recipe("e_bike_retro")
def retro(kit: Kit) -> Shape:
    """Rounded light scooter in pastel with a round lamp, a top case and a basket of wire."""
    shape = electric(kit, Electric(0.21, 1.18, (-0.6, -0.02), 0.74, 0.3, (0.42, 1.0), shield=0.21, tail=0.17), PASTELS)
    case = kit.paint(kit.pick(PASTELS), rough=0.35)
    rounded(shape, (0.36, 0.3, 0.28), (0, -0.72, 0.78), case, radius=0.09, bevel=0.04)
    wire_basket(kit, shape, (0, 0.66, 0.6), kit.steel)
    return shape


@recipe("e_bike_blanket")
def blanket(kit: Kit) -> Shape:
    """Electric bike with a padded wind blanket hung before the rider's legs."""
    shape = electric(kit, Electric(0.2, 1.14, (-0.62, -0.08), 0.75, 0.31, (0.4, 0.98), shield=0.15, tail=0.11, flat_nose=True))
    quilt = kit.paint(kit.pick(("#7b2f3c", "#2e3f5c", "#c9638a", "#5a4a6b", "#4d5a46", "#20222a")), rough=0.95)
    u, v = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(0, 1, 7))
    y = 0.5 - 0.22 * u**2 - 0.08 * v + 0.02 * np.sin(v * 16)
    shape.sheet(np.stack([u * (0.34 - 0.06 * v), y, 0.24 + v * 0.78], 2), quilt)
    shape.sheet(np.stack([u * (0.33 - 0.06 * v), y - 0.03, 0.24 + v * 0.78], 2), quilt)
    shape.box((0.32, 0.26, 0.22), (0, -0.7, 0.74), kit.paint(kit.pick(PLASTICS, shift=2), rough=0.5))
    return shape


@recipe("e_bike_sacks")
def sacks(kit: Kit) -> Shape:
    """Electric bike loaded with a sack across the foot board and crates behind."""
    shape = electric(kit, Electric(0.22, 1.2, (-0.5, 0.0), 0.76, 0.33, (0.44, 1.02), shield=0.18, tail=0.13))
    sack(shape, (0, 0.18, 0.33), (0.56, 0.3, 0.2), kit.one_print("sack", 4))
    plastic = kit.paint(kit.pick(PLASTICS, shift=1), rough=0.5)
    for level in range(2):
        shape.box((0.5, 0.36, 0.2), (0, -0.66, 0.76 + level * 0.21), plastic)
        shape.box((0.44, 0.3, 0.01), (0, -0.66, 0.965 + level * 0.21), kit.black)
    return shape


@recipe("moped_cub")
def cub(kit: Kit) -> Shape:
    """Step-through moped: spoked wheels, white leg guards, an engine that lies flat, a chrome carrier."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#8d2420", "#27508a", "#356b4c", "#26292d")), rough=0.35)
    white = kit.paint("#d3d2ca", rough=0.4)
    for y in (-0.58, 0.6):
        wheel(kit, shape, y, 0.29, width=0.036)
        mudguard(shape, y, 0.33, paint, 0.5, 2.7, width=0.11)
    for x in (-0.07, 0.07):
        shape.tube((x, 0.6, 0.29), (x, 0.42, 0.7), 0.022, paint)
        shape.tube((x * 1.4, -0.58, 0.3), (x * 1.4, -0.45, 0.62), 0.022, kit.steel)
    shape.path([(0, 0.42, 0.8), (0, 0.2, 0.44), (0, -0.15, 0.42), (0, -0.5, 0.6)], 0.05, paint)
    u, v = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(0, 1, 4))
    shape.sheet(np.stack([u * (0.26 - 0.06 * v), 0.34 - 0.1 * u**2 + 0.06 * v, 0.3 + v * 0.45], 2), white)
    shape.tube((0, 0.0, 0.32), (0, 0.3, 0.34), 0.08, kit.steel, sides=10)
    rounded(shape, (0.24, 0.62, 0.12), (0, -0.34, 0.64), kit.black, radius=0.1, bevel=0.04)
    rounded(shape, (0.22, 0.4, 0.2), (0, -0.4, 0.46), paint, radius=0.07)
    shape.tube((0.14, 0.1, 0.25), (0.16, -0.72, 0.3), 0.035, kit.steel, sides=8)
    handlebar(kit, shape, 0.38, 1.0, 0.32, back=0.14)
    shape.tube((0, 0.42, 0.72), (0, 0.38, 1.0), 0.05, paint)
    shape.ball((0, 0.46, 0.95), (0.09, 0.08, 0.085), paint)
    shape.tube((0, 0.5, 0.95), (0, 0.545, 0.95), 0.07, kit.paint("#cfd4d2", rough=0.15), sides=12)
    shape.box((0.2, 0.26, 0.02), (0, -0.72, 0.74), kit.steel)
    for x in (-1, 1):
        shape.tube((x * 0.24, 0.36, 1.0), (x * 0.3, 0.36, 1.12), 0.006, kit.black, sides=4)
        shape.ball((x * 0.3, 0.36, 1.14), (0.05, 0.012, 0.035), kit.black, detail=0)
    shape.box((0.14, 0.01, 0.1), (0, -0.9, 0.5), kit.one_print("plate", 2), tilt=-0.2)
    return shape
