"""More tricycles: pedalled ones, a box before the rider, covered, caged and loaded beds; they roll towards +y."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_bicycles import handlebar, mudguard, saddle, wheel
from sample_videos.generator.blender.things_cartons import carton
from sample_videos.generator.blender.things_forms import posts, rounded, wire_panel
from sample_videos.generator.blender.things_fruit import plastic_crate
from sample_videos.generator.blender.things_groceries import sack
from sample_videos.generator.blender.things_kit import PAINTS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape
from sample_videos.generator.blender.things_tricycles import BED_Y, BED_Z, cabin, chassis, side_boards


def pedal_frame(kit: Kit, shape: Shape, paint: Material, *, wide: float = 0.86) -> None:
    """A heavy bicycle in front, two spoked wheels behind, a platform of boards between them."""
    wheel(kit, shape, 0.98, 0.33, width=0.024)
    mudguard(shape, 0.98, 0.365, paint, 0.6, 2.7)
    for x in (-wide / 2 - 0.05, wide / 2 + 0.05):
        wheel(kit, shape, -0.6, 0.33, width=0.026, x=x, spokes=12)
    shape.tube((-wide / 2 - 0.06, -0.6, 0.33), (wide / 2 + 0.06, -0.6, 0.33), 0.02, kit.dark_steel)
    shape.tube((0, 0.8, 0.86), (0, 0.42, 0.34), 0.02, paint)
    shape.tube((0, 0.82, 0.8), (0, 0.3, 0.72), 0.018, paint)
    shape.tube((0, 0.42, 0.3), (0, 0.26, 0.84), 0.018, paint)
    for x in (-0.05, 0.05):
        shape.tube((x, 0.98, 0.33), (x * 0.6, 0.83, 0.75), 0.013, paint)
        shape.tube((x * 5, -0.6, 0.36), (x, 0.4, 0.34), 0.016, paint)
    shape.tube((0, 0.83, 0.72), (0, 0.76, 1.04), 0.017, paint)
    handlebar(kit, shape, 0.76, 1.06, 0.3, back=0.16)
    saddle(kit, shape, 0.2, 0.86)
    shape.tube((0.05, 0.42, 0.32), (0.065, 0.42, 0.32), 0.09, kit.dark_steel, sides=12)
    for side in (-1, 1):
        shape.box((0.1, 0.08, 0.02), (side * 0.13, 0.42 + side * 0.12, 0.32 - side * 0.1), kit.black)
    for x in np.linspace(-wide / 2 + 0.08, wide / 2 - 0.08, 6):
        shape.box((wide / 6 - 0.01, 1.15, 0.025), (x, -0.6, 0.68), kit.wood)
    for y in (-1.1, -0.1):
        shape.box((wide, 0.05, 0.05), (0, y, 0.63), kit.dark_steel)
    for x in (-wide / 2 + 0.05, wide / 2 - 0.05):
        shape.tube((x, -0.6, 0.35), (x, -0.6, 0.65), 0.02, kit.dark_steel)


@recipe("tricycle_pedal")
def pedal(kit: Kit) -> Shape:
    """Pedalled tricycle with a bare platform and a low rail."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS), rough=0.6)
    pedal_frame(kit, shape, paint)
    for x in (-0.42, 0.42):
        shape.tube((x, -1.15, 0.86), (x, -0.05, 0.86), 0.012, paint)
        for y in (-1.15, -0.6, -0.05):
            shape.tube((x, y, 0.68), (x, y, 0.86), 0.012, paint)
    shape.tube((-0.42, -0.05, 0.86), (0.42, -0.05, 0.86), 0.012, paint)
    return shape


@recipe("tricycle_pedal_scrap")
def pedal_scrap(kit: Kit) -> Shape:
    """Pedalled tricycle of a collector: bales of cardboard and bags of bottles high on the platform."""
    shape = Shape()
    pedal_frame(kit, shape, kit.paint(kit.pick(PAINTS, shift=2), rough=0.7))
    for layer in range(13):
        size = (0.95 + float(kit.rng.uniform(-0.1, 0.08)), 0.85, 0.04)
        shape.box(size, (float(kit.rng.normal(0, 0.02)), -0.68, 0.71 + layer * 0.042), kit.kraft, turn=float(kit.rng.normal(0, 0.05)))
    for index in range(3):
        bag = kit.paint(("#c9c6ba", "#4f78a0", "#8fa38a", "#a9552f")[(index + kit.variant) % 4], rough=0.9)
        at = ((index - 1) * 0.34, -0.75 + (index % 2) * 0.2, 1.25)
        shape.ball(at, (0.24, 0.26, 0.24), bag)
    shape.path([(-0.48, -0.68, 0.7), (-0.5, -0.68, 1.24), (0.5, -0.68, 1.24), (0.48, -0.68, 0.7)], 0.008, kit.black)
    return shape


@recipe("tricycle_front_box")
def front_box(kit: Kit) -> Shape:
    """Two wheels and a deep box in front, one wheel and the rider behind."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=1), rough=0.5)
    wheel(kit, shape, -0.85, 0.33, width=0.026)
    mudguard(shape, -0.85, 0.37, kit.black, 0.8, 2.9)
    for x in (-0.44, 0.44):
        wheel(kit, shape, 0.55, 0.28, width=0.026, x=x)
    shape.box((0.8, 1.0, 0.5), (0, 0.6, 0.32), kit.paint(kit.pick(("#8a5f3a", "#b28d5f", "#2f4f6a", "#c9c2b0")), rough=0.6))
    shape.box((0.84, 1.04, 0.03), (0, 0.6, 0.82), kit.black if kit.variant % 2 else kit.wood)
    shape.tube((0, 0.1, 0.5), (0, -0.45, 0.34), 0.026, paint)
    shape.tube((0, -0.45, 0.32), (0, -0.62, 0.86), 0.02, paint)
    for x in (-0.05, 0.05):
        shape.tube((x, -0.85, 0.33), (0, -0.6, 0.7), 0.012, paint)
        shape.tube((x, -0.85, 0.33), (0, -0.45, 0.32), 0.012, paint)
    saddle(kit, shape, -0.66, 0.88)
    shape.tube((0, 0.05, 0.6), (0, -0.05, 1.05), 0.018, paint)
    handlebar(kit, shape, -0.05, 1.06, 0.32, back=0.14)
    for side in (-1, 1):
        shape.box((0.1, 0.08, 0.02), (side * 0.13, -0.45 + side * 0.12, 0.3), kit.black)
    return shape


@recipe("tricycle_mesh")
def mesh(kit: Kit) -> Shape:
    """Bed with pressed boards below, a closed cage of wire mesh above and a lid of mesh."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#3d6f4a", "#35588a", "#b9782c", "#8f979c")), rough=0.5)
    chassis(kit, shape, paint)
    side_boards(shape, paint, high=0.34)
    cage = Shape()
    posts(cage, 1.0, 1.48, 0.0, 0.95, paint, thick=0.03)
    w, d, low, top = 0.5, 0.74, 0.34, 0.94
    ring = [(-w, -d), (w, -d), (w, d), (-w, d)]
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        wire_panel(cage, [(ax, ay, low), (bx, by, low), (bx, by, top), (ax, ay, top)], kit.steel, across=9, up=5)
    wire_panel(cage, [(x, y, top) for x, y in ring], kit.steel, across=7, up=9)
    shape.join(cage, (0, BED_Y, BED_Z))
    for index in range(4):
        crate = plastic_crate(kit, shift=index, filled=index > 1)
        shape.join(crate, ((index % 2 - 0.5) * 0.46, BED_Y - 0.3, BED_Z + index // 2 * 0.25), turn=np.pi / 2)
    return shape


@recipe("tricycle_covered")
def covered(kit: Kit) -> Shape:
    """A tarpaulin over bows covers the bed like a waggon."""
    shape = Shape()
    chassis(kit, shape, kit.paint(kit.pick(PAINTS, shift=3), rough=0.5), wide=1.05)
    side_boards(shape, kit.paint(kit.pick(PAINTS, shift=3), rough=0.5), wide=1.05, high=0.3)
    cloth = (
        kit.print("stripes_3")
        if kit.variant % 3 == 0
        else kit.paint(("#4f6a54", "#3c6a9a", "#a9552f", "#8a8474")[kit.variant % 4], rough=0.85)
    )
    angle = np.linspace(0, np.pi, 10)
    grid = np.array(
        [[(0.54 * np.cos(a), BED_Y + y, BED_Z + 0.25 + 0.72 * np.sin(a) ** 0.7) for a in angle] for y in np.linspace(-0.74, 0.74, 5)]
    )
    grid[1::2, :, 2] -= 0.02
    shape.sheet(grid, cloth, smooth=False, tiles=(3.0, 2.0))
    back = [(0.54 * np.cos(a), BED_Y + 0.74, BED_Z + 0.25 + 0.72 * np.sin(a) ** 0.7) for a in angle]
    shape.add(np.array(back), np.arange(10)[None, ::-1], cloth)
    for index in range(3):
        sack(shape, (0, BED_Y - 0.4, BED_Z + index * 0.16), (0.8, 0.5, 0.17), kit.one_print("sack", 4))
    return shape


@recipe("tricycle_cab_bed")
def cab_bed(kit: Kit) -> Shape:
    """A closed cabin before an open bed with drop sides."""
    shape = Shape()
    paint = kit.paint(("#3a6a94", "#a8322b", "#6f7f52", "#d0cfc6", "#c9a23a")[kit.variant % 5], rough=0.4)
    cabin(kit, shape, paint, high=1.6, deep=1.0)
    shape.box((1.06, 1.55, 0.06), (0, -0.6, 0.55), kit.dark_steel)
    for x in (-0.53, 0.53):
        shape.box((0.03, 1.55, 0.32), (x, -0.6, 0.6), paint)
        for y in np.linspace(-1.3, 0.1, 5):
            shape.box((0.05, 0.05, 0.34), (x, y, 0.59), kit.dark_steel)
        wheel(kit, shape, -0.75, 0.26, width=0.06, x=x * 0.86, spokes=0)
    for y in (-1.38, 0.18):
        shape.box((1.06, 0.03, 0.32), (0, y, 0.6), paint)
    shape.tube((-0.5, 0.2, 1.45), (0.5, 0.2, 1.45), 0.018, kit.steel)
    wheel(kit, shape, 0.98, 0.26, width=0.06, spokes=0)
    if kit.variant % 2:
        for index in range(4):
            carton(kit, shape, ((index % 2 - 0.5) * 0.48, -0.85 + index // 2 * 0.4, 0.61), shift=index)
    return shape


@recipe("tricycle_barrels")
def barrels(kit: Kit) -> Shape:
    """Deliveries of drinking water: blue barrels in two layers between frames."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=4), rough=0.5)
    chassis(kit, shape, paint)
    for z in (0.16, 0.62):
        for x in (-0.5, 0.5):
            shape.box((0.025, 1.5, 0.04), (x, BED_Y, BED_Z + z), paint)
        for y in (-0.75, 0.75):
            shape.box((1.0, 0.025, 0.04), (0, BED_Y + y, BED_Z + z), paint)
    bed = Shape()
    posts(bed, 1.0, 1.5, 0.0, 0.66, paint)
    shape.join(bed, (0, BED_Y, BED_Z))
    water, cap = kit.paint(kit.pick(("#5a8fb8", "#7aa8b8", "#4a7fa8")), rough=0.12), kit.paint("#d9d9d4")
    profile = [(0.12, 0), (0.135, 0.02), (0.13, 0.15), (0.135, 0.3), (0.06, 0.38), (0.03, 0.44), (0, 0.44)]
    for layer in range(2):
        for index in range(15 if layer == 0 else 9):
            at = ((index % 3 - 1) * 0.3, BED_Y - 0.58 + index // 3 * 0.285, BED_Z + layer * 0.44)
            shape.lathe(profile, at, water, sides=9)
            shape.tube((at[0], at[1], at[2] + 0.4), (at[0], at[1], at[2] + 0.45), 0.033, cap, sides=6)
    return shape


@recipe("tricycle_cleaner")
def cleaner(kit: Kit) -> Shape:
    """Street cleaner's tricycle: two wheeled bins on the bed, brooms upright, bright paint."""
    shape = Shape()
    paint = kit.paint(("#d0702a", "#3f7f4a", "#2f6fa8")[kit.variant % 3], rough=0.5)
    chassis(kit, shape, paint)
    side_boards(shape, paint, high=0.18)
    green = kit.paint(("#2f6a44", "#4a4d50", "#2f5a96")[kit.variant % 3], rough=0.6)
    for y in (-0.36, 0.36):
        rounded(shape, (0.62, 0.56, 0.78), (0, BED_Y + y, BED_Z), green, radius=0.06)
        rounded(shape, (0.66, 0.62, 0.07), (0, BED_Y + y, BED_Z + 0.78), kit.paint("#3a3c3f"), radius=0.08, bevel=0.03)
    for x in (-0.42, 0.42):
        shape.tube((x, BED_Y - 0.6, BED_Z), (x, BED_Y - 0.7, BED_Z + 1.2), 0.014, kit.wood, sides=5)
        shape.lathe([(0.03, 0), (0.13, 0.3), (0, 0.32)], (x, BED_Y - 0.7, BED_Z + 1.15), kit.paint("#8a9a4a", rough=1.0), sides=8)
    return shape


@recipe("tricycle_leisure")
def leisure(kit: Kit) -> Shape:
    """Small electric tricycle of the elderly: a padded bench behind the rider, a basket in front, no roof."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#8d2420", "#27508a", "#4f7a5a", "#c9a23a", "#6a5f9e")), rough=0.35)
    wheel(kit, shape, 0.72, 0.2, width=0.045, spokes=0)
    for x in (-0.36, 0.36):
        wheel(kit, shape, -0.55, 0.2, width=0.045, x=x, spokes=0)
        mudguard_at = Shape()
        mudguard(mudguard_at, -0.55, 0.25, paint, 0.3, 2.9, width=0.12)
        shape.join(mudguard_at, (x, 0, 0))
    rounded(shape, (0.42, 1.0, 0.1), (0, 0.05, 0.24), kit.black, radius=0.08)
    rounded(shape, (0.66, 0.6, 0.3), (0, -0.52, 0.3), paint, radius=0.08)
    pad = kit.paint(kit.pick(("#5a2f2a", "#26262a", "#8a6a48")), rough=0.6)
    rounded(shape, (0.74, 0.4, 0.12), (0, -0.55, 0.6), pad, radius=0.08, bevel=0.03)
    rounded(shape, (0.74, 0.12, 0.4), (0, -0.8, 0.66), pad, radius=0.05, bevel=0.03)
    rounded(shape, (0.36, 0.34, 0.12), (0, -0.05, 0.62), pad, radius=0.08, bevel=0.03)
    shape.box((0.2, 0.2, 0.3), (0, -0.05, 0.32), paint)
    shape.tube((0, 0.72, 0.2), (0, 0.5, 1.0), 0.026, kit.dark_steel)
    u, v = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(0, 1, 4))
    shape.sheet(np.stack([u * (0.22 - 0.06 * v), 0.66 - 0.14 * v - 0.08 * u**2, 0.36 + v * 0.56], 2), paint)
    handlebar(kit, shape, 0.5, 1.0, 0.3, back=0.14)
    basket = kit.paint(kit.pick(PLASTICS), rough=0.6)
    shape.box((0.36, 0.26, 0.22), (0, 0.8, 0.68), basket)
    shape.box((0.32, 0.22, 0.01), (0, 0.8, 0.901), kit.black)
    for x in (-0.34, 0.34):
        shape.path([(x, -0.72, 0.7), (x, -0.72, 0.92), (x, -0.4, 0.92)], 0.016, kit.steel)
    return shape


@recipe("tricycle_motor")
def motor(kit: Kit) -> Shape:
    """Heavy motor tricycle: a motorcycle's tank and screen in front, steel sides, a load of bricks and bags."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#8d2420", "#27508a", "#3d4247", "#b98a2f")), rough=0.4)
    chassis(kit, shape, paint, wide=1.16, bed=1.6)
    side_boards(shape, paint, wide=1.16, bed=1.6, high=0.42)
    mudguard(shape, 1.04, 0.31, paint, 0.4, 2.6, width=0.16)
    shape.ball((0, 0.66, 0.8), (0.14, 0.2, 0.12), paint)
    shape.box((0.24, 0.3, 0.28), (0, 0.66, 0.34), kit.dark_steel)
    shape.quad([(0.3, 1.0, 1.0), (-0.3, 1.0, 1.0), (-0.22, 0.86, 1.42), (0.22, 0.86, 1.42)], kit.glass)
    for x in (-0.26, 0.26):
        shape.tube((x, 0.98, 0.95), (x * 0.8, 0.86, 1.42), 0.01, kit.dark_steel)
    if kit.variant % 2:
        shape.box((1.0, 0.9, 0.4), (0, BED_Y - 0.25, BED_Z), kit.print("bricks"))
    for index in range(3):
        sack(shape, (0, BED_Y + 0.45, BED_Z + index * 0.16), (0.9, 0.45, 0.17), kit.one_print("cement", 2))
    shape.box((0.3, 0.012, 0.1), (0, BED_Y - 0.83, BED_Z - 0.12), kit.one_print("plate", 2))
    return shape
