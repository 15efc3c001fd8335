"""Stalls of street vendors; some have a canopy, which is a part of its own."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_bicycles import wheel
from sample_videos.generator.blender.things_canopies import PLAIN, parasol
from sample_videos.generator.blender.things_fruit import basket, heap, plastic_crate
from sample_videos.generator.blender.things_kit import CANOPY, PAINTS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_racks import wares
from sample_videos.generator.blender.things_seating import folding_table, stool
from sample_videos.generator.blender.things_shape import Material, Shape
from sample_videos.generator.blender.things_tricycles import BED_Y, BED_Z, chassis, side_boards


def cart(kit: Kit, shape: Shape, wide: float, deep: float, high: float, paint: Material, *, shift: int = 0) -> None:
    """A body on two wheels and two legs with a steel top, a menu in front and a push bar at its side."""
    shape.box((wide, deep, high - 0.3), (0, 0, 0.26), paint)
    shape.box((wide + 0.06, deep + 0.06, 0.04), (0, 0, high - 0.04), kit.steel)
    shape.quad(
        [
            (wide / 2, deep / 2 + 0.006, 0.34),
            (-wide / 2, deep / 2 + 0.006, 0.34),
            (-wide / 2, deep / 2 + 0.006, high - 0.08),
            (wide / 2, deep / 2 + 0.006, high - 0.08),
        ],
        kit.one_print("menu", 5, shift=shift),
    )
    for y in (-deep / 2 + 0.04, deep / 2 - 0.04):
        wheel(kit, shape, y, 0.2, width=0.03, x=-wide / 2 + 0.25, spokes=0)
        shape.box((0.04, 0.04, 0.28), (wide / 2 - 0.12, y, 0), kit.dark_steel)
    shape.bend(lambda points: points)
    shape.path(
        [
            (wide / 2, -deep / 3, high - 0.12),
            (wide / 2 + 0.16, -deep / 3, high - 0.05),
            (wide / 2 + 0.16, deep / 3, high - 0.05),
            (wide / 2, deep / 3, high - 0.12),
        ],
        0.014,
        kit.steel,
    )


def glass_box(kit: Kit, shape: Shape, at: tuple[float, float, float], size: tuple[float, float, float]) -> None:
    """Panes in a steel frame with a lid."""
    wide, deep, high = size
    x, y, z = at
    for a in (-1, 1):
        shape.box((wide, 0.006, high), (x, y + a * deep / 2, z), kit.glass)
        shape.box((0.006, deep, high), (x + a * wide / 2, y, z), kit.glass)
        for b in (-1, 1):
            shape.box((0.02, 0.02, high), (x + a * wide / 2, y + b * deep / 2, z), kit.steel)
    shape.box((wide + 0.04, deep + 0.04, 0.03), (x, y, z + high), kit.paint(kit.pick(PAINTS, shift=1)))


def steamer(kit: Kit, shape: Shape, at: tuple[float, float, float], *, layers: int, radius: float = 0.24) -> None:
    """Bamboo steamers on a pot, with steamed buns on top of the highest when it is open."""
    x, y, z = at
    shape.tube((x, y, z), (x, y, z + 0.1), radius * 1.04, kit.steel, sides=16)
    bamboo, edge = kit.paint("#b58f58", rough=0.8), kit.paint("#8f6c3e", rough=0.8)
    for level in range(layers):
        low = z + 0.1 + level * 0.13
        shape.tube((x, y, low), (x, y, low + 0.11), radius, bamboo, sides=16)
        shape.tube((x, y, low + 0.11), (x, y, low + 0.13), radius * 1.03, edge, sides=16)
    top = z + 0.1 + layers * 0.13
    for index in range(9):
        angle, far = index * 2.4, 0.06 * index**0.5
        shape.ball(
            (x + far * np.cos(angle), y + far * np.sin(angle), top + 0.01), (0.05, 0.05, 0.035), kit.paint("#ded9cb", rough=0.8), detail=0
        )


@recipe("stall_breakfast")
def breakfast(kit: Kit) -> Shape:
    """Cart with steamers, a pot of soy milk and a price board."""
    shape = Shape()
    cart(kit, shape, 1.3, 0.75, 0.88, kit.steel)
    steamer(kit, shape, (-0.36, 0, 0.88), layers=3 + kit.variant % 2)
    steamer(kit, shape, (0.16, 0.02, 0.88), layers=2)
    shape.lathe([(0.13, 0), (0.13, 0.3), (0.135, 0.31), (0.05, 0.36), (0, 0.37)], (0.5, 0, 0.88), kit.steel)
    for x in (-0.62, 0.62):
        shape.tube((x, -0.35, 0.88), (x, -0.35, 1.74), 0.012, kit.dark_steel)
    shape.box((1.24, 0.02, 0.3), (0, -0.35, 1.45), kit.print("menu_0"))
    return shape


@recipe("stall_glass_cart")
def glass_cart(kit: Kit) -> Shape:
    """Cart with a glass box full of cooked food and a roof board."""
    shape = Shape()
    cart(kit, shape, 1.25, 0.72, 0.86, kit.paint(kit.pick(PAINTS, shift=2)), shift=1)
    glass_box(kit, shape, (0, 0.03, 0.86), (1.15, 0.6, 0.5))
    shape.box((1.1, 0.55, 0.02), (0, 0.03, 1.1), kit.glass)
    for z in (0.87, 1.12):
        for index in range(5):
            shape.box((0.19, 0.44, 0.03), ((index - 2) * 0.215, 0.03, z), kit.steel)
            food = kit.paint(("#9c5a2c", "#b98a3c", "#7a3a26", "#c2a468", "#6f7a3a")[(index + kit.variant) % 5])
            for ball in range(8):
                shape.ball(
                    ((index - 2) * 0.215 - 0.05 + ball % 2 * 0.1, -0.14 + ball // 2 * 0.11, z + 0.045), (0.05, 0.055, 0.03), food, detail=0
                )
    shape.box((1.2, 0.04, 0.28), (0, 0.26, 1.42), kit.one_print("menu", 5, shift=2, glow=0.15))
    return shape


@recipe("stall_barbecue")
def barbecue(kit: Kit) -> Shape:
    """Long trough of coals on legs with skewers, a hood behind and a tray of raw skewers."""
    shape = Shape()
    shape.box((1.15, 0.3, 0.16), (-0.2, 0.05, 0.68), kit.dark_steel)
    shape.box((1.08, 0.23, 0.01), (-0.2, 0.05, 0.815), kit.paint("#7a2a16", rough=0.9, glow=0.4))
    for x in (-0.7, 0.3):
        for y in (-0.08, 0.18):
            shape.tube((x, y, 0), (x, y, 0.7), 0.014, kit.dark_steel)
    for index in range(16):
        x = -0.68 + index * 0.064
        shape.tube((x, -0.1, 0.85), (x, 0.26, 0.85), 0.004, kit.wood, sides=4)
        shape.box((0.03, 0.18, 0.022), (x, 0.07, 0.845), kit.paint(("#6b3524", "#8a4a2c", "#5d4a2a")[index % 3], rough=0.6))
    shape.box((1.2, 0.02, 0.34), (-0.2, -0.22, 0.84), kit.steel, tilt=0.12)
    shape.box((0.5, 0.5, 0.7), (0.6, 0, 0), kit.paint(kit.pick(PAINTS)))
    shape.box((0.5, 0.5, 0.03), (0.6, 0, 0.72), kit.steel)
    for index in range(12):
        shape.box(
            (0.03, 0.34, 0.03),
            (0.42 + index % 6 * 0.07, 0, 0.75 + index // 6 * 0.03),
            kit.paint(("#a8544a", "#7d8f4a", "#c4b08a")[index % 3]),
        )
    shape.box((1.0, 0.02, 0.3), (-0.2, 0.22, 0.32), kit.print("menu_2"))
    return shape


def vending_tricycle(kit: Kit, shape: Shape, paint: Material) -> None:
    """A tricycle whose bed carries a counter."""
    chassis(kit, shape, paint, wide=1.05)
    side_boards(shape, paint, wide=1.05, high=0.3)
    shape.box((1.1, 1.5, 0.03), (0, BED_Y, BED_Z + 0.3), kit.steel)
    for x in (-0.545, 0.545):
        shape.quad(
            [
                (x, BED_Y - 0.7, BED_Z + 0.02),
                (x, BED_Y + 0.7, BED_Z + 0.02),
                (x, BED_Y + 0.7, BED_Z + 0.28),
                (x, BED_Y - 0.7, BED_Z + 0.28),
            ],
            kit.one_print("menu", 5, shift=1),
        )


@recipe("stall_tricycle")
def tricycle(kit: Kit) -> dict[str, Shape]:
    """Cargo tricycle with a glass box, a pan and a parasol."""
    shape = Shape()
    vending_tricycle(kit, shape, kit.paint(kit.pick(PAINTS, shift=1), rough=0.5))
    glass_box(kit, shape, (0, BED_Y - 0.28, BED_Z + 0.33), (0.9, 0.7, 0.5))
    heap(kit, shape, (0, BED_Y - 0.28, BED_Z + 0.38), (0.8, 0.6), radius=0.06, shift=1)
    shape.tube((0, BED_Y + 0.42, BED_Z + 0.33), (0, BED_Y + 0.42, BED_Z + 0.38), 0.26, kit.black, sides=18)
    for x in (-0.42, 0.42):
        shape.tube((x, BED_Y + 0.4, BED_Z + 0.33), (x, BED_Y + 0.4, BED_Z + 0.52), 0.05, kit.paint("#b9562c"), sides=8)
    roof = parasol(kit, radius=1.15, high=2.4)
    canopy = Shape()
    canopy.join(roof, (0.42, BED_Y + 0.1, 0))
    return {"": shape, CANOPY: canopy}


@recipe("stall_table_parasol")
def table_parasol(kit: Kit) -> dict[str, Shape]:
    """A folding table of small wares under a parasol."""
    shape = folding_table(kit, 1.8, 0.75, 0.74)
    cloth = kit.one_print("cloth", 6)
    shape.box((1.82, 0.77, 0.02), (0, 0, 0.74), cloth)
    shape.quad([(0.91, 0.388, 0.2), (-0.91, 0.388, 0.2), (-0.91, 0.388, 0.76), (0.91, 0.388, 0.76)], cloth)
    for level, y in enumerate((0.3, 0.02, -0.2)):
        wares(kit, shape, 0.76 + level * 0.02, 1.7, y, shift=level)
    canopy = Shape()
    canopy.join(parasol(kit, radius=1.2, plain=kit.variant % 2 == 0), (0.3, -0.5, 0))
    return {"": shape, CANOPY: canopy}


@recipe("stall_tray")
def tray(kit: Kit) -> Shape:
    """A tray of fruit on two stools."""
    shape = Shape()
    for x in (-0.3, 0.3):
        shape.join(stool(kit), (x, 0, 0), turn=0.1)
    shape.box((1.1, 0.7, 0.03), (0, 0, 0.47), kit.wood)
    for index in range(3):
        heap(kit, shape, ((index - 1) * 0.35, 0, 0.54), (0.34, 0.6), layers=2, shift=index, radius=0.045)
    for y in (-0.34, 0.34):
        shape.box((1.1, 0.015, 0.07), (0, y, 0.49), kit.wood)
    return shape


@recipe("stall_fruit_cart")
def fruit_cart(kit: Kit) -> Shape:
    """A flat barrow on two large wheels with crates and loose fruit."""
    shape = Shape()
    for y in (-0.47, 0.47):
        wheel(kit, shape, 0, 0.3, width=0.03, x=y)
    shape.bend(lambda points: points[:, [1, 0, 2]] * (1, -1, 1))
    shape.box((1.5, 0.95, 0.05), (0, 0, 0.58), kit.wood)
    for y in (-0.46, 0.46):
        shape.tube((-0.9, y, 0.64), (0.75, y, 0.6), 0.022, kit.wood)
        shape.box((0.05, 0.05, 0.58), (0.6, y, 0), kit.wood)
    for index in range(2):
        shape.join(plastic_crate(kit, shift=index), (-0.35 + index * 0.66, -0.24, 0.63))
    for index in range(3):
        heap(kit, shape, ((index - 1) * 0.48, 0.22, 0.67), (0.46, 0.46), layers=3, shift=index + 2, radius=0.05)
    shape.box((1.4, 0.015, 0.2), (0, 0.48, 0.36), kit.print("menu_4"))
    shape.tube((0.7, -0.4, 0.6), (0.7, -0.4, 1.05), 0.01, kit.steel)
    shape.box((0.3, 0.015, 0.2), (0.6, -0.4, 0.92), kit.paint("#c7a53a"))
    return shape


@recipe("stall_phone_covers")
def phone_covers(kit: Kit) -> Shape:
    """A cart whose hinged boards are full of phone covers."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#3a3d42", "#b7b4aa", "#7a3a5a")))
    shape.box((1.2, 0.5, 0.6), (0, 0, 0.16), paint)
    for x in (-0.5, 0.5):
        for y in (-0.2, 0.2):
            shape.tube((x - 0.02, y, 0.08), (x + 0.02, y, 0.08), 0.08, kit.rubber)
    cover = kit.one_print("covers", 2)
    back = (paint, paint, paint, paint, cover, paint)
    shape.box((1.2, 0.03, 0.86), (0, -0.16, 0.76), back, tilt=0.06)
    shape.box((1.16, 0.36, 0.03), (0, 0.08, 0.78), (paint, cover, paint, paint, paint, paint), tilt=-0.25)
    for x, turn in ((-0.64, 0.5), (0.64, -0.5)):
        shape.box((0.3, 0.02, 0.8), (x, -0.05, 0.76), back, turn=-turn)
    return shape


@recipe("stall_roofed_cart")
def roofed(kit: Kit) -> dict[str, Shape]:
    """A cart under its own striped roof on four posts."""
    shape = Shape()
    cart(kit, shape, 1.6, 0.85, 0.9, kit.paint(kit.pick(PAINTS, shift=3)), shift=3)
    for index in range(3):
        shape.join(basket(kit, shift=index), ((index - 1) * 0.5, 0, 0.9), scale=0.82)
    canopy = Shape()
    for x in (-0.76, 0.76):
        for y in (-0.4, 0.4):
            canopy.tube((x, y, 0.9), (x, y, 2.1), 0.014, kit.steel)
    v, u = np.meshgrid(np.linspace(0, 1, 3), np.linspace(-1, 1, 9), indexing="ij")
    for side in (-1, 1):
        canopy.sheet(np.stack([u * 0.98, side * (1 - v) * 0.62, 2.06 + v * 0.3], 2), kit.one_print("stripes", 4), smooth=False)
        canopy.sheet(np.stack([u * 0.98, side * (0.62 + 0 * v), 1.9 + v * 0.16], 2), kit.one_print("stripes", 4), smooth=False)
    return {"": shape, CANOPY: canopy}


@recipe("stall_sweet_potato")
def sweet_potato(kit: Kit) -> Shape:
    """An oven made from a drum on a barrow, roast sweet potatoes around its lid."""
    shape = Shape()
    shape.box((1.2, 0.7, 0.06), (0, 0, 0.38), kit.wood)
    for y in (-0.36, 0.36):
        wheel(kit, shape, y, 0.2, width=0.03, x=-0.35, spokes=0)
        shape.box((0.05, 0.05, 0.38), (0.48, y * 0.8, 0), kit.wood)
    rust = kit.paint(("#5b4538", "#4a4d50", "#6a4632")[kit.variant % 3], rough=0.9, metal=0.3)
    shape.lathe(
        [(0.32, 0.44), (0.32, 0.7), (0.335, 0.71), (0.32, 0.72), (0.32, 0.98), (0.335, 0.99), (0.32, 1.0), (0.32, 1.16), (0, 1.16)],
        (-0.2, 0, 0),
        rust,
        sides=20,
    )
    for index in range(14):
        angle = index * 2 * np.pi / 14
        at = (-0.2 + 0.23 * np.cos(angle), 0.23 * np.sin(angle), 1.2)
        shape.ball(at, (0.075, 0.04, 0.04), kit.paint(("#6b3a2e", "#8a5a34")[index % 2], rough=0.8), detail=0, turn=angle)
    shape.tube((-0.2, 0, 1.16), (-0.2, 0, 1.29), 0.13, kit.dark_steel, sides=14)
    shape.join(basket(kit, shift=3), (0.36, 0, 0.44), scale=0.8)
    shape.box((0.9, 0.015, 0.28), (0.05, 0.37, 0.16), kit.print("menu_3"))
    return shape


@recipe("stall_juice_bar")
def juice(kit: Kit) -> dict[str, Shape]:
    """A curved counter with dispensers and cups under a pointed roof."""
    shape = Shape()
    angle = np.linspace(0.0, np.pi, 11)
    front = np.array([[(0.75 * np.cos(a), 0.42 * np.sin(a) - 0.05, z) for a in angle] for z in (0.02, 0.98)])
    shape.sheet(front, kit.one_print("menu", 5, shift=4), tiles=(2, 1))
    top = [(0.78 * np.cos(a), 0.46 * np.sin(a) - 0.05, 1.0) for a in angle]
    shape.add(np.array(top), np.arange(len(top))[None], kit.paint("#b99a6a", rough=0.4))
    shape.box((1.5, 0.3, 0.98), (0, -0.2, 0), kit.paint("#9a9c98", rough=0.5))
    for index in range(4):
        x = (index - 1.5) * 0.3
        juice_colour = kit.paint(("#c9782a", "#a83a34", "#8aa23c", "#d2b447")[(index + kit.variant) % 4], rough=0.15)
        shape.tube((x, 0.08, 1.0), (x, 0.08, 1.17), 0.09, juice_colour, sides=12)
        shape.tube((x, 0.08, 1.17), (x, 0.08, 1.2), 0.095, kit.steel, sides=12)
    canopy = Shape()
    cloth = kit.paint(kit.pick(PLAIN, shift=4), rough=0.85)
    for x in (-0.7, 0.7):
        canopy.tube((x, -0.3, 0), (x, -0.3, 2.2), 0.018, kit.steel)
    for side in (-1, 1):
        canopy.quad([(side * 0.95, -0.7, 2.1), (side * 0.95, 0.7, 2.1), (0, 0.0, 2.55), (0, -0.0, 2.55)], cloth)
        canopy.quad([(-0.95, side * 0.7, 2.1), (0.95, side * 0.7, 2.1), (0, 0, 2.55), (0, 0, 2.55)], cloth)
        canopy.quad([(-0.95, side * 0.7, 1.95), (0.95, side * 0.7, 1.95), (0.95, side * 0.7, 2.1), (-0.95, side * 0.7, 2.1)], cloth)
    return {"": shape, CANOPY: canopy}


@recipe("stall_snack_tricycle")
def snack_tricycle(kit: Kit) -> Shape:
    """A tricycle with a house of steel and a hatch held open: roof, counter and wares are one."""
    shape = Shape()
    paint = kit.paint(("#b5382e", "#c99a35", "#3a7f7a")[kit.variant % 3], rough=0.45)
    chassis(kit, shape, paint, wide=1.1, bed=1.6)
    for x in (-0.56, 0.56):
        shape.box((0.02, 1.6, 0.5), (x, BED_Y, BED_Z), paint)
        shape.quad(
            [
                (x * 1.02, BED_Y - 0.75, BED_Z + 0.06),
                (x * 1.02, BED_Y + 0.75, BED_Z + 0.06),
                (x * 1.02, BED_Y + 0.75, BED_Z + 0.44),
                (x * 1.02, BED_Y - 0.75, BED_Z + 0.44),
            ],
            kit.one_print("menu", 5, shift=3),
        )
        for y in (-0.78, 0.78):
            shape.box((0.03, 0.03, 1.5), (x, BED_Y + y, BED_Z), kit.steel)
        shape.box((0.3, 1.6, 0.02), (x * 1.15, BED_Y, BED_Z + 0.52), kit.steel)
    for y in (-0.8, 0.8):
        shape.box((1.12, 0.02, 0.5), (0, BED_Y + y, BED_Z), paint)
    shape.box((1.16, 1.7, 0.1), (0, BED_Y, BED_Z + 1.46), paint)
    shape.box((1.0, 0.02, 0.9), (0, BED_Y - 0.79, BED_Z + 0.54), kit.glass)
    for index in range(3):
        steamer(kit, shape, (0, BED_Y - 0.5 + index * 0.5, BED_Z + 0.45), layers=1 + index % 2, radius=0.2)
    return shape


@recipe("stall_bags")
def bags(kit: Kit) -> Shape:
    """Handbags on a low table and on a rail above it."""
    shape = folding_table(kit, 1.8, 0.8, 0.55)
    for x in (-0.86, 0.86):
        shape.tube((x, -0.36, 0), (x, -0.36, 1.64), 0.015, kit.dark_steel)
    for z in (1.1, 1.64):
        shape.tube((-0.86, -0.36, z), (0.86, -0.36, z), 0.012, kit.dark_steel)
    colours = ("#5a2f2a", "#26262a", "#a8784a", "#7a3a4a", "#39506a", "#b9a88a")
    for index in range(21):
        row, column = divmod(index, 7)
        high = float(kit.rng.uniform(0.18, 0.26))
        z, y = ((0.55, 0.18), (1.1 - high - 0.12, -0.34), (1.64 - high - 0.12, -0.34))[row]
        x = (column - 3) * 0.24
        colour = kit.paint(colours[int(kit.rng.integers(6))] if kit.variant % 2 else PLASTICS[int(kit.rng.integers(7))], rough=0.5)
        shape.box((0.2, 0.1, high), (x, y, z), colour, turn=float(kit.rng.normal(0, 0.15)))
        shape.path(
            [(x - 0.06, y, z + high), (x - 0.04, y, z + high + 0.12), (x + 0.04, y, z + high + 0.12), (x + 0.06, y, z + high)],
            0.008,
            colour,
            sides=4,
        )
    return shape
