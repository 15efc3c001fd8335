"""Stalls that stand: cloth-covered tables, open suitcases, boards full of small wares, flowers."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_canopies import PLAIN, parasol
from sample_videos.generator.blender.things_carts import flat_roof
from sample_videos.generator.blender.things_forms import facing, legs, posts, tablecloth, wire_panel
from sample_videos.generator.blender.things_fruit import greens, heap
from sample_videos.generator.blender.things_groceries import bunch
from sample_videos.generator.blender.things_kit import CANOPY, CLOTHS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_racks import cloth_of, garment
from sample_videos.generator.blender.things_shape import Shape


@recipe("stall_cloth_table")
def cloth_table(kit: Kit) -> Shape:
    """A table hidden by a cloth down to the ground, folded clothes in rows and a low rail behind."""
    shape = Shape()
    cloth = kit.paint(kit.pick(CLOTHS, shift=2), rough=0.95)
    shape.box((1.7, 0.8, 0.04), (0, 0, 0.7), kit.wood)
    tablecloth(kit, shape, (1.7, 0.8), 0.745, 0.72, cloth)
    for index in range(21):
        column, row = index % 7, index // 7
        for level in range(int(kit.rng.integers(1, 4))):
            at = ((column - 3) * 0.235, -0.26 + row * 0.26, 0.755 + level * 0.045)
            shape.box((0.2, 0.22, 0.042), at, cloth_of(kit, index + level), turn=float(kit.rng.normal(0, 0.08)))
    for x in (-0.82, 0.82):
        shape.tube((x, -0.38, 0.7), (x, -0.38, 1.5), 0.014, kit.steel)
    shape.tube((-0.82, -0.38, 1.5), (0.82, -0.38, 1.5), 0.012, kit.steel)
    for index in range(7):
        garment(
            kit, shape, ((index - 3) * 0.23, -0.38, 1.5), cloth_of(kit, index), turn=np.pi / 2 + float(kit.rng.normal(0, 0.1)), long=0.55
        )
    return shape


@recipe("stall_suitcase")
def suitcase(kit: Kit) -> Shape:
    """An open suitcase on a folding stand: small wares in it, more pinned to its lid."""
    shape = Shape()
    shell = kit.paint(kit.pick(("#3a3d42", "#6b2f30", "#7a5a3a", "#2f4f6a")), rough=0.6)
    for x in (-0.4, 0.4):
        shape.tube((x, -0.3, 0), (x, 0.3, 0.62), 0.014, kit.dark_steel)
        shape.tube((x, 0.3, 0), (x, -0.3, 0.62), 0.014, kit.dark_steel)
    shape.box((1.0, 0.6, 0.03), (0, 0, 0.62), shell)
    for y in (-0.3, 0.3):
        shape.box((1.0, 0.02, 0.12), (0, y, 0.64), shell)
    for x in (-0.5, 0.5):
        shape.box((0.02, 0.6, 0.12), (x, 0, 0.64), shell)
    shape.box((0.96, 0.56, 0.01), (0, 0, 0.69), kit.paint("#7a1f2c", rough=0.95))
    lid = (shell, shell, shell, shell, kit.one_print("covers", 2), shell)
    shape.box((1.0, 0.06, 0.6), (0, -0.33, 0.72), lid, tilt=0.2)
    for index in range(50):
        colour = kit.paint(("#c9a23c", "#d5d8d8", "#3f8f98", "#b3382c", "#6a5f9e", "#e0dbc9")[int(kit.rng.integers(6))], rough=0.3)
        at = ((index % 10 - 4.5) * 0.093, -0.2 + index // 10 * 0.1, 0.715)
        shape.ball(at, (0.03, 0.035, 0.02), colour, detail=0)
    return shape


@recipe("stall_trestle_blanket")
def trestle_blanket(kit: Kit) -> Shape:
    """Boards on trestles, a patterned blanket over them, crockery and vases in heaps."""
    shape = Shape()
    for x in (-0.7, 0.7):
        for side in (-1, 1):
            shape.tube((x - 0.15, side * 0.32, 0), (x, side * 0.25, 0.62), 0.02, kit.wood, sides=4)
            shape.tube((x + 0.15, side * 0.32, 0), (x, side * 0.25, 0.62), 0.02, kit.wood, sides=4)
    shape.box((1.9, 0.85, 0.03), (0, 0, 0.62), kit.wood)
    tablecloth(kit, shape, (1.9, 0.85), 0.655, 0.3, kit.one_print("cloth", 6, shift=2))
    glazes = ("#d6d3c8", "#3f6a94", "#6a8a72", "#8a4a34", "#2f3a40", "#c2a86a")
    for index in range(26):
        x, y = (index % 9 - 4) * 0.2, -0.28 + index // 9 * 0.28
        glaze = kit.paint(glazes[int(kit.rng.integers(6))], rough=0.2)
        high = float(kit.rng.uniform(0.08, 0.3))
        kind = (index + kit.variant) % 3
        if kind == 0:
            shape.lathe([(0.04, 0), (0.08, high * 0.5), (0.03, high * 0.85), (0.05, high)], (x, y, 0.66), glaze, sides=9)
        elif kind == 1:
            for level in range(4):
                shape.lathe([(0.04, 0), (0.09, 0.05), (0.08, 0.045), (0, 0.02)], (x, y, 0.66 + level * 0.022), glaze, sides=9)
        else:
            shape.lathe([(0.05, 0), (0.06, 0.09), (0.065, 0.1), (0.05, 0.09), (0, 0.09)], (x, y, 0.66), glaze, sides=9)
    return shape


@recipe("stall_flowers")
def flowers(kit: Kit) -> dict[str, Shape]:
    """Stepped boards with buckets of cut flowers and pots below, a square cloth roof."""
    shape = Shape()
    for step in range(3):
        y, z = 0.36 - step * 0.32, 0.1 + step * 0.26
        shape.box((1.7, 0.32, 0.025), (0, y, z), kit.wood)
        for x in (-0.8, 0.0, 0.8):
            shape.box((0.035, 0.28, z), (x, y, 0), kit.dark_steel)
        for column in range(5):
            x = (column - 2) * 0.33
            bucket = kit.paint(kit.pick(("#2f3336", "#9aa5a6", "#3d6a4f", "#a9552f"), shift=column % 2), rough=0.5)
            shape.lathe([(0.08, 0), (0.115, 0.2), (0.1, 0.19), (0, 0.18)], (x, y, z + 0.025), bucket, sides=10)
            bunch(kit, shape, (x, y, z + 0.2), 0.12, 0.24, shift=step * 6 + column)
    canopy = Shape()
    flat_roof(kit, canopy, 2.0, 1.3, 2.1, foot=0.0, hem=0.2, shift=3)
    return {"": shape, CANOPY: canopy}


@recipe("stall_accessory_boards")
def accessory_boards(kit: Kit) -> Shape:
    """Two wire boards that lean against each other, full of small packs on hooks, and a stool-high tray before them."""
    shape = Shape()
    for side in (-1, 1):
        corners = [(-0.7, side * 0.34, 0.05), (0.7, side * 0.34, 0.05), (0.7, side * 0.04, 1.6), (-0.7, side * 0.04, 1.6)]
        wire_panel(shape, corners, kit.dark_steel, across=10, up=12)
        for row in range(7):
            share = 0.12 + row * 0.13
            for column in range(10):
                if int(kit.rng.integers(7)) == 0:
                    continue
                colour = kit.paint((*PLASTICS, *CLOTHS[:4])[int(kit.rng.integers(11))], rough=0.45)
                at = ((column - 4.5) * 0.142, side * (0.375 - share * 0.3), 0.05 + share * 1.55)
                shape.box((0.1, 0.025, float(kit.rng.uniform(0.1, 0.17))), at, colour)
    shape.box((1.2, 0.34, 0.06), (0, 0.56, 0.36), kit.one_print("cloth", 6))
    legs_at = Shape()
    legs(legs_at, 1.1, 0.26, 0.36, kit.dark_steel)
    shape.join(legs_at, (0, 0.56, 0))
    for index in range(24):
        colour = kit.paint(PLASTICS[int(kit.rng.integers(7))], rough=0.4)
        shape.box(
            (0.08, 0.06, 0.05), ((index % 12 - 5.5) * 0.095, 0.5 + index // 12 * 0.12, 0.42), colour, turn=float(kit.rng.normal(0, 0.4))
        )
    return shape


@recipe("stall_side_awning")
def side_awning(kit: Kit) -> dict[str, Shape]:
    """Sloped vegetable counter under a cloth that hangs down at one side."""
    shape = Shape()
    legs(shape, 1.7, 0.8, 0.55, kit.dark_steel)
    shape.box((1.8, 0.95, 0.05), (0, 0, 0.62), kit.wood, tilt=-0.22)
    for column in range(4):
        x = (column - 1.5) * 0.44
        for row in range(2):
            y = -0.22 + row * 0.44
            z = 0.7 - y * 0.22
            for edge in (-0.21, 0.21):
                shape.box((0.02, 0.42, 0.09), (x + edge, y, z - 0.05), kit.wood)
            if (row + column + kit.variant) % 3 == 0:
                greens(kit, shape, (x, y, z - 0.02), (0.4, 0.4), 0.12, shift=column)
            else:
                heap(kit, shape, (x, y, z + 0.01), (0.38, 0.38), radius=0.048, shift=column + row * 2)
    canopy = Shape()
    posts(canopy, 1.9, 1.1, 0.0, 2.0, kit.dark_steel, thick=0.025)
    cloth = kit.paint(kit.pick(PLAIN, shift=2), rough=0.9)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 5))
    canopy.sheet(np.stack([u * 1.05, v * 0.65, 2.05 + 0.08 * v - 0.05 * (1 - u**2)], 2), cloth)
    fall = np.stack([-1.05 - 0.03 * np.sin(3 * v), v * 0.62, 1.55 + u * 0.48], 2)
    canopy.sheet(fall, cloth)
    return {"": shape, CANOPY: canopy}


@recipe("stall_fish_tubs")
def fish_tubs(kit: Kit) -> Shape:
    """Low benches with shallow trays of ice and fish, a scale and a cutting block."""
    shape = Shape()
    shape.box((1.8, 0.8, 0.04), (0, 0, 0.42), kit.steel)
    legs(shape, 1.7, 0.7, 0.42, kit.dark_steel, radius=0.022)
    ice, scales = (
        kit.paint("#cfdadf", rough=0.3),
        [kit.paint(colour, rough=0.25, metal=0.3) for colour in ("#7f8d94", "#a9b2b4", "#8a6a62")],
    )
    for column in range(3):
        x = (column - 1) * 0.56 - 0.05
        tray = kit.paint(kit.pick(("#d5d6d2", "#3d6fa0", "#b8453a"), shift=column % 2), rough=0.5)
        for y in (-0.32, 0.32):
            shape.box((0.52, 0.02, 0.12), (x, y, 0.46), tray)
        for edge in (-0.26, 0.26):
            shape.box((0.02, 0.64, 0.12), (x + edge, 0, 0.46), tray)
        shape.box((0.5, 0.62, 0.06), (x, 0, 0.47), ice)
        for index in range(8):
            at = (x - 0.17 + index % 4 * 0.11, -0.15 + index // 4 * 0.3, 0.545)
            shape.ball(at, (0.045, 0.14, 0.03), scales[(index + column) % 3], turn=float(kit.rng.normal(0, 0.12)))
    shape.tube((0.82, 0.2, 0.46), (0.82, 0.2, 0.54), 0.14, kit.wood, sides=14)
    shape.box((0.2, 0.24, 0.12), (0.84, -0.2, 0.46), kit.paint("#c9cac6"))
    shape.box((0.02, 0.2, 0.16), (0.86, -0.2, 0.6), kit.black)
    facing(shape, 1.4, 0.12, 0.4, 0.405, kit.one_print("menu", 5, shift=1))
    return shape


@recipe("stall_hats")
def hat_poles(kit: Kit) -> dict[str, Shape]:
    """Hats, scarves and bags on a stepped stand of poles beside a table, under a round parasol."""
    shape = Shape()
    legs(shape, 1.1, 0.6, 0.66, kit.dark_steel)
    shape.box((1.2, 0.7, 0.03), (0, 0, 0.66), kit.paint(kit.pick(CLOTHS)))
    hats = [kit.paint(colour, rough=0.95) for colour in ("#c9b184", "#7a2f3c", "#2f3f5c", "#d7d3ca", "#3c4a36", "#b98a8f")]
    for index in range(10):
        x, y = (index % 5 - 2) * 0.23, -0.15 + index // 5 * 0.32
        shape.lathe(
            [(0.13, 0.0), (0.12, 0.012), (0.07, 0.02), (0.065, 0.1), (0, 0.11)], (x, y, 0.69), hats[(index + kit.variant) % 6], sides=12
        )
    for x in (-0.55, -0.1, 0.35):
        shape.tube((x, -0.36, 0), (x, -0.36, 1.75), 0.014, kit.steel)
        for level in range(4):
            at = (x, -0.3, 0.9 + level * 0.26)
            shape.lathe(
                [(0.14, 0.0), (0.13, 0.012), (0.075, 0.02), (0.07, 0.1), (0, 0.11)], at, hats[(level * 2 + int(x * 10)) % 6], sides=12
            )
    canopy = Shape()
    canopy.join(parasol(kit, radius=1.05, high=2.3, plain=True), (0.45, -0.2, 0))
    return {"": shape, CANOPY: canopy}
