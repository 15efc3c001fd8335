"""Stalls on wheels: trolleys, barrows, handcarts and freezers of street vendors."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_bicycles import wheel
from sample_videos.generator.blender.things_canopies import PLAIN, parasol
from sample_videos.generator.blender.things_forms import castors, facing, posts, rounded
from sample_videos.generator.blender.things_fruit import basket, heap
from sample_videos.generator.blender.things_kit import CANOPY, PAINTS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape
from sample_videos.generator.blender.things_stalls import glass_box, steamer

BREADS = ("#b07a3c", "#c9954e", "#8f5a2a", "#d2b27a")


def flat_roof(kit: Kit, shape: Shape, wide: float, deep: float, high: float, *, foot: float, hem: float = 0.16, shift: int = 0) -> None:
    """Four posts that carry a nearly flat cloth with a hem all around."""
    posts(shape, wide - 0.1, deep - 0.1, foot, high, kit.steel, thick=0.025)
    cloth = kit.paint(kit.pick(PLAIN, shift=shift), rough=0.9)
    u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 5))
    crown = high + 0.1 * (1 - np.maximum(abs(u), abs(v)))
    shape.sheet(np.stack([u * wide / 2, v * deep / 2, crown], 2), cloth, smooth=False)
    for side in (-1, 1):
        shape.box((wide, 0.008, hem), (0, side * deep / 2, high - hem), cloth)
        shape.box((0.008, deep, hem), (side * wide / 2, 0, high - hem), cloth)


@recipe("stall_trolley_case")
def trolley_case(kit: Kit) -> Shape:
    """A steel trolley on castors; its glass case leans back and holds loaves on three levels."""
    shape = Shape()
    castors(kit, shape, 1.0, 0.5, radius=0.07)
    posts(shape, 1.1, 0.6, 0.1, 0.75, kit.steel, thick=0.035)
    for z in (0.25, 0.72):
        shape.box((1.14, 0.64, 0.03), (0, 0, z), kit.steel)
    for index in range(3):
        shape.box((0.3, 0.4, 0.26), ((index - 1) * 0.34, 0, 0.28), kit.paint(("#b78b5a", "#d5d2c8", "#44618c")[index]))
    for x in (-0.56, 0.56):
        shape.plate([(-0.3, 0.75), (0.3, 0.75), (0.3, 0.9), (0.05, 1.5), (-0.3, 1.5)], x, 0.008, kit.glass)
    shape.quad([(0.56, 0.3, 0.9), (-0.56, 0.3, 0.9), (-0.56, 0.05, 1.5), (0.56, 0.05, 1.5)], kit.glass)
    shape.box((1.16, 0.4, 0.03), (0, -0.12, 1.5), kit.paint(kit.pick(PAINTS)))
    for level in range(3):
        z, deep = 0.76 + level * 0.24, 0.5 - level * 0.1
        shape.box((1.08, deep, 0.012), (0, -0.27 + deep / 2, z), kit.steel)
        for index in range(9):
            colour = kit.paint(BREADS[(index // 3 + level + kit.variant) % 4], rough=0.7)
            shape.ball(((index - 4) * 0.12, -0.25 + deep / 2, z + 0.05), (0.05, deep * 0.36, 0.05), colour)
    facing(shape, 1.0, 0.5, 0.7, 0.325, kit.one_print("menu", 5))
    return shape


@recipe("stall_grill_hood")
def grill_hood(kit: Kit) -> Shape:
    """Grill cart whose smoke hood hangs from a frame and ends in a pipe."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#8a8f92", "#7c2a24", "#2f3338", "#3f5f4a")), rough=0.4)
    shape.box((1.6, 0.75, 0.55), (0, 0, 0.22), paint)
    castors(kit, shape, 1.3, 0.55, radius=0.11)
    shape.box((1.66, 0.82, 0.04), (0, 0, 0.77), kit.steel)
    shape.box((0.95, 0.32, 0.1), (-0.25, 0.12, 0.8), kit.dark_steel)
    shape.box((0.9, 0.26, 0.01), (-0.25, 0.12, 0.9), kit.paint("#7a2a16", rough=0.9, glow=0.4))
    for index in range(15):
        meat = kit.paint(("#6b3524", "#8a4a2c", "#a35a34")[index % 3], rough=0.6)
        shape.box((0.03, 0.2, 0.025), (-0.66 + index * 0.058, 0.14, 0.92), meat)
    posts(shape, 1.56, 0.7, 0.8, 1.5, kit.steel, thick=0.025)
    low = [(-0.8, -0.38, 1.45), (0.8, -0.38, 1.45), (0.8, 0.38, 1.45), (-0.8, 0.38, 1.45)]
    top = [(-0.35, -0.15, 1.8), (0.35, -0.15, 1.8), (0.35, 0.15, 1.8), (-0.35, 0.15, 1.8)]
    for i in range(4):
        shape.quad([low[i], low[(i + 1) % 4], top[(i + 1) % 4], top[i]], kit.steel)
    shape.tube((0, 0, 1.78), (0, 0, 2.2), 0.09, kit.steel, sides=12)
    for index in range(8):
        tray = kit.paint(("#a8544a", "#7d8f4a", "#c4b08a", "#b9713a")[index % 4])
        shape.box((0.17, 0.14, 0.05), (0.4 + index % 2 * 0.2, -0.24 + index // 2 * 0.16, 0.81), tray)
    facing(shape, 1.5, 0.3, 0.72, 0.38, kit.one_print("menu", 5, shift=2))
    return shape


@recipe("stall_drum_barrow")
def drum_barrow(kit: Kit) -> Shape:
    """Long wooden barrow with two spoked wheels; on it a wide pan with chestnuts and a bin of sand."""
    shape = Shape()
    axle = Shape()
    for x in (-0.5, 0.5):
        wheel(kit, axle, 0, 0.34, width=0.025, x=x, spokes=12)
    shape.join(axle, (-0.1, 0, 0), turn=np.pi / 2)
    for y in (-0.4, -0.2, 0.0, 0.2, 0.4):
        shape.box((1.5, 0.17, 0.035), (0, y, 0.66), kit.wood)
    for y in (-0.42, 0.42):
        shape.tube((-0.85, y, 0.72), (0.9, y * 0.9, 0.62), 0.025, kit.wood, sides=6)
        shape.tube((0.6, y * 0.9, 0), (0.55, y * 0.9, 0.66), 0.024, kit.wood, sides=6)
    shape.lathe([(0.2, 0.7), (0.42, 0.86), (0.44, 0.88), (0.41, 0.87), (0, 0.8)], (-0.3, 0, 0), kit.dark_steel, sides=20)
    brown = [kit.paint(colour, rough=0.4) for colour in ("#4d2a1a", "#623720")]
    for index in range(90):
        angle, far = index * 2.4, 0.04 * index**0.5
        shape.ball((-0.3 + far * np.cos(angle), far * np.sin(angle), 0.91 - far * 0.16), 0.026, brown[index % 2], detail=0)
    shape.lathe([(0.2, 0.7), (0.2, 1.05), (0.21, 1.06), (0, 1.06)], (0.4, 0.12, 0), kit.steel, sides=16)
    for index in range(5):
        shape.box((0.12, 0.08, 0.2), (0.2 + index * 0.13, -0.3, 0.7), kit.paint(("#d9d3c2", "#a8362c")[index % 2]))
    facing(shape, 1.2, 0.34, 0.62, 0.43, kit.one_print("menu", 5, shift=3))
    return shape


@recipe("stall_pancake_cart")
def pancake_cart(kit: Kit) -> dict[str, Shape]:
    """Pancake cart: a round hot plate behind low panes, sauces and eggs, a cloth roof."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#b8342a", "#d39a2c", "#37689a", "#4a7d52", "#d8d5ca")), rough=0.5)
    rounded(shape, (1.4, 0.8, 0.62), (0, 0, 0.2), paint, radius=0.08)
    shape.box((1.5, 0.9, 0.03), (0, 0, 0.82), kit.steel)
    for x in (-0.5, 0.5):
        wheel(kit, shape, 0.27, 0.17, width=0.03, x=x, spokes=0)
        wheel(kit, shape, -0.27, 0.17, width=0.03, x=x, spokes=0)
    shape.tube((-0.35, 0, 0.85), (-0.35, 0, 0.92), 0.3, kit.black, sides=24)
    shape.tube((-0.35, 0, 0.92), (-0.35, 0, 0.928), 0.25, kit.paint("#d8b97a", rough=0.8), sides=24)
    for index in range(6):
        colour = kit.paint(("#6b2018", "#3a2418", "#7f9a3a", "#c9a23c", "#d8d2c2", "#4a6a2c")[index])
        shape.tube(
            (0.22 + index % 3 * 0.17, 0.12 - index // 3 * 0.2, 0.85),
            (0.22 + index % 3 * 0.17, 0.12 - index // 3 * 0.2, 0.97),
            0.07,
            colour,
            sides=10,
        )
    for index in range(24):
        x, y, z = 0.28 + index % 6 * 0.055, -0.32 + index // 6 % 2 * 0.055, 0.87 + index // 12 * 0.04
        shape.ball((x, y, z), (0.025, 0.025, 0.03), kit.paint("#c9a27a"), detail=0)
    for a, wide in ((0.43, 1.46), (-0.43, 1.46)):
        shape.box((wide, 0.006, 0.28), (0, a, 0.85), kit.glass)
    facing(shape, 1.2, 0.3, 0.74, 0.405, kit.one_print("menu", 5, shift=1))
    canopy = Shape()
    flat_roof(kit, canopy, 1.7, 1.2, 2.15, foot=0.85, shift=1)
    return {"": shape, CANOPY: canopy}


@recipe("stall_ice_cream")
def ice_cream(kit: Kit) -> dict[str, Shape]:
    """Chest freezer with curved glass lids, pictures on its sides, on castors under a parasol."""
    shape = Shape()
    white = kit.paint(("#d9dcdb", "#c9d6df", "#dcd3c9")[kit.variant % 3], rough=0.35)
    rounded(shape, (1.4, 0.66, 0.72), (0, 0, 0.1), white, radius=0.07)
    castors(kit, shape, 1.2, 0.5, radius=0.05)
    u, v = np.meshgrid(np.linspace(-1, 1, 3), np.linspace(-1, 1, 8))
    for x in (-0.34, 0.34):
        shape.sheet(np.stack([x + u * 0.33, v * 0.3, 0.84 + 0.12 * (1 - v**2)], 2), kit.glass)
        shape.box((0.025, 0.62, 0.06), (x - 0.33, 0, 0.82), kit.paint("#c9302c"))
    for index in range(40):
        pack = kit.paint(("#c8352c", "#3a7fb0", "#e0c23c", "#d9d5ca", "#6a9a4a", "#c9638a")[int(kit.rng.integers(6))], rough=0.4)
        shape.box((0.12, 0.1, 0.05), (-0.6 + index % 10 * 0.133, -0.2 + index // 10 * 0.13, 0.83), pack, turn=float(kit.rng.normal(0, 0.3)))
    facing(shape, 1.2, 0.24, 0.7, 0.335, kit.one_print("menu", 5, shift=4))
    canopy = Shape()
    canopy.join(parasol(kit, radius=1.15, high=2.3, ribs=8), (-0.45, -0.5, 0))
    return {"": shape, CANOPY: canopy}


@recipe("stall_handcart_roof")
def handcart_roof(kit: Kit) -> Shape:
    """Two-wheeled handcart like a small house: shingled roof, a shelf behind, baskets on the counter; all is one."""
    shape = Shape()
    timber = kit.paint(kit.pick(("#7a4a2c", "#94683c", "#5a3524", "#6d5a44")), rough=0.7)
    for z in np.linspace(0.42, 0.8, 5):
        for y in (-0.4, 0.4):
            shape.box((1.5, 0.025, 0.085), (0, y, z), timber)
        for x in (-0.74, 0.74):
            shape.box((0.025, 0.78, 0.085), (x, 0, z), timber)
    shape.box((1.56, 0.9, 0.04), (0, 0, 0.88), timber)
    side = Shape()
    for y in (-0.5, 0.5):
        wheel(kit, side, 0.0, 0.36, width=0.03, x=y, spokes=10)
    shape.join(side, (-0.25, 0, 0), turn=np.pi / 2)
    for y in (-0.3, 0.3):
        shape.tube((0.6, y, 0), (0.6, y, 0.45), 0.025, timber, sides=6)
        shape.tube((0.7, y, 0.8), (1.05, y, 0.86), 0.02, timber, sides=6)
    posts(shape, 1.46, 0.76, 0.9, 1.9, timber, thick=0.05)
    roof = kit.paint(kit.pick(("#8e3a2c", "#3d4a44", "#4a3a30", "#2f4f6a")), rough=0.8)
    for direction in (-1, 1):
        for step in range(4):
            y, z = direction * (0.52 - step * 0.14), 1.88 + step * 0.09
            shape.box((1.75, 0.2, 0.02), (0, y, z), roof, tilt=-direction * 0.56)
    shape.box((1.4, 0.2, 0.02), (0, -0.3, 1.3), timber)
    for index in range(8):
        jar = kit.paint(("#b98a3c", "#8a3a26", "#c9c0a2", "#6f7a3a")[index % 4], rough=0.3)
        shape.tube(((index - 3.5) * 0.17, -0.3, 1.32), ((index - 3.5) * 0.17, -0.3, 1.5), 0.06, jar, sides=8)
    for index in range(3):
        shape.join(basket(kit, shift=index + 1), ((index - 1) * 0.48, 0.05, 0.92), scale=0.7)
    facing(shape, 1.3, 1.66, 1.86, 0.42, kit.one_print("menu", 5, shift=2))
    return shape


@recipe("stall_corn_pots")
def corn_pots(kit: Kit) -> Shape:
    """Small pushcart with two big steaming pots, corn cobs on their lids and a lit board on a stalk."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=4), rough=0.5)
    shape.box((1.05, 0.6, 0.05), (0, 0, 0.6), kit.steel)
    posts(shape, 1.0, 0.55, 0.1, 0.6, paint)
    shape.box((1.0, 0.55, 0.03), (0, 0, 0.2), paint)
    castors(kit, shape, 1.0, 0.5, radius=0.06)
    shape.tube((0.1, 0, 0.23), (0.1, 0, 0.5), 0.15, kit.paint("#5a6a72"), sides=12)
    for x in (-0.26, 0.26):
        shape.lathe([(0.22, 0.65), (0.24, 0.9), (0.25, 0.92), (0.22, 0.91), (0, 0.9)], (x, 0, 0), kit.steel, sides=18)
        for index in range(9):
            cob = kit.paint(("#d9b03a", "#c99a2c", "#7d8f4a")[index % 3], rough=0.6)
            shape.ball((x - 0.12 + index % 3 * 0.11, -0.08 + index // 3 * 0.08, 0.94), (0.035, 0.1, 0.035), cob, turn=index * 0.9)
    shape.path([(0.52, -0.2, 0.6), (0.7, -0.2, 0.85), (0.7, 0.2, 0.85), (0.52, 0.2, 0.6)], 0.014, kit.steel)
    shape.tube((-0.48, -0.25, 0.62), (-0.48, -0.25, 1.5), 0.012, kit.steel)
    shape.box((0.5, 0.05, 0.3), (-0.28, -0.25, 1.45), paint)
    facing(shape, 0.46, 1.48, 1.72, -0.222, kit.one_print("menu", 5, shift=3, glow=0.3), x=-0.28)
    facing(shape, 0.95, 0.3, 0.58, 0.285, kit.one_print("menu", 5, shift=3))
    return shape


@recipe("stall_noodle_counter")
def noodle_counter(kit: Kit) -> dict[str, Shape]:
    """L-shaped steel counter on castors with soup pots and bowls; a side awning folds out towards the customers."""
    shape = Shape()
    shape.box((1.6, 0.5, 0.7), (0, 0.15, 0.14), kit.paint(kit.pick(PAINTS, shift=2), rough=0.5))
    shape.box((0.5, 0.5, 0.7), (-0.55, -0.35, 0.14), kit.steel)
    for at, size in (((0, 0.15, 0.84), (1.66, 0.56, 0.03)), ((-0.55, -0.36, 0.84), (0.54, 0.5, 0.03))):
        shape.box(size, at, kit.steel)
    castors(kit, shape, 1.4, 0.45, radius=0.06)
    for x, y, radius in ((-0.55, -0.35, 0.2), (-0.5, 0.15, 0.17), (-0.1, 0.15, 0.14)):
        shape.lathe([(radius, 0.87), (radius, 1.12), (radius * 1.05, 1.13), (radius * 0.3, 1.18), (0, 1.2)], (x, y, 0), kit.steel)
    for index in range(6):
        x, y = 0.25 + index % 3 * 0.19, 0.03 + index // 3 * 0.2
        for level in range(3):
            shape.lathe([(0.04, 0), (0.085, 0.06), (0.075, 0.05), (0, 0.02)], (x, y, 0.87 + level * 0.03), kit.paint("#cfcbc0"), sides=8)
    facing(shape, 1.4, 0.3, 0.76, 0.405, kit.one_print("menu", 5))
    canopy = Shape()
    for x in (-0.78, 0.78):
        canopy.tube((x, -0.08, 0.87), (x, -0.08, 2.05), 0.016, kit.steel)
        canopy.tube((x, -0.08, 1.5), (x, 0.75, 1.78), 0.01, kit.steel)
    cloth = kit.one_print("stripes", 4, shift=1)
    canopy.quad([(0.95, 0.95, 1.75), (-0.95, 0.95, 1.75), (-0.95, -0.35, 2.15), (0.95, -0.35, 2.15)], cloth)
    canopy.quad([(0.95, 0.955, 1.58), (-0.95, 0.955, 1.58), (-0.95, 0.95, 1.75), (0.95, 0.95, 1.75)], cloth)
    return {"": shape, CANOPY: canopy}


@recipe("stall_drinks_wagon")
def drinks_wagon(kit: Kit) -> Shape:
    """Round-cornered wagon with a hatch, a counter board and a dark roof like a small caravan; all is one."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#8fb0a8", "#c8a24a", "#b5605a", "#d2cdbf", "#46566a")), rough=0.4)
    rounded(shape, (1.9, 1.1, 0.75), (0, 0, 0.3), paint, radius=0.25)
    rounded(shape, (1.95, 1.15, 0.14), (0, 0, 1.95), kit.paint("#d6d4cc", rough=0.5), radius=0.25, bevel=0.05)
    posts(shape, 1.45, 0.95, 1.05, 1.95, paint, thick=0.09)
    shape.box((1.5, 0.03, 0.9), (0, -0.5, 1.05), paint)
    shape.box((1.6, 0.28, 0.03), (0, 0.6, 1.05), kit.wood)
    for x in (-0.5, 0.5):
        for y in (-0.45, 0.45):
            wheel(kit, shape, y, 0.22, width=0.05, x=x, spokes=0)
    for index in range(7):
        cup = kit.paint(("#d9d5ca", "#8a5a34", "#c9a04a")[index % 3], rough=0.4)
        shape.tube(((index - 3) * 0.18, 0.58, 1.08), ((index - 3) * 0.18, 0.58, 1.22), 0.035, cup, sides=8, end_radius=0.045)
    shape.box((0.4, 0.35, 0.4), (-0.4, 0.0, 1.05), kit.steel)
    shape.box((0.3, 0.3, 0.5), (0.3, 0.0, 1.05), kit.black)
    facing(shape, 1.3, 0.5, 0.95, 0.556, kit.one_print("menu", 5, shift=4))
    facing(shape, 1.4, 1.7, 1.93, 0.53, kit.one_print("menu", 5, shift=1, glow=0.15))
    return shape


@recipe("stall_tofu_box")
def tofu_box(kit: Kit) -> Shape:
    """A wire handcart with a foam box, a glass lid and a bell pole: what a lone vendor pulls along."""
    shape = Shape()
    side = Shape()
    for x in (-0.36, 0.36):
        wheel(kit, side, 0, 0.24, width=0.022, x=x, spokes=8)
    shape.join(side, (-0.2, 0, 0), turn=np.pi / 2)
    shape.box((1.0, 0.55, 0.03), (0, 0, 0.34), kit.dark_steel)
    rounded(shape, (0.66, 0.5, 0.34), (-0.12, 0, 0.37), kit.paint("#d3d3cd", rough=0.9))
    glass_box(kit, shape, (-0.12, 0, 0.71), (0.56, 0.42, 0.22))
    heap(kit, shape, (-0.12, 0, 0.74), (0.5, 0.36), layers=2, radius=0.05, shift=4)
    for index in range(3):
        shape.tube(
            (0.36, -0.16 + index * 0.16, 0.37),
            (0.36, -0.16 + index * 0.16, 0.6),
            0.07,
            kit.paint(("#b33a2c", "#3a6a94", "#d8d2c2")[index]),
            sides=10,
        )
    shape.path([(0.5, -0.2, 0.36), (0.8, -0.2, 0.9), (0.8, 0.2, 0.9), (0.5, 0.2, 0.36)], 0.014, kit.dark_steel)
    shape.tube((0.45, -0.24, 0), (0.45, -0.24, 0.35), 0.02, kit.dark_steel)
    shape.tube((0.45, 0.24, 0), (0.45, 0.24, 0.35), 0.02, kit.dark_steel)
    facing(shape, 0.6, 0.42, 0.66, 0.257, kit.one_print("menu", 5, shift=2), x=-0.12)
    return shape


@recipe("stall_bun_tower")
def bun_tower(kit: Kit) -> Shape:
    """Low table of steel with four towers of steamers and a gas ring, an umbrella-less morning stall."""
    shape = Shape()
    shape.box((1.5, 0.7, 0.03), (0, 0, 0.6), kit.steel)
    posts(shape, 1.44, 0.64, 0, 0.6, kit.dark_steel, thick=0.035)
    for index, layers in enumerate((5, 3, 6, 2)):
        steamer(kit, shape, ((index - 1.5) * 0.37, 0.02, 0.63), layers=max(layers - (index + kit.variant) % 3, 1), radius=0.17)
    shape.tube((0.5, -0.1, 0.0), (0.5, -0.1, 0.45), 0.16, kit.paint("#4f6d7a", rough=0.6), sides=14)
    facing(shape, 1.3, 0.25, 0.55, 0.34, kit.one_print("menu", 5))
    return shape
