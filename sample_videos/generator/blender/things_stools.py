"""More seats: stools of plastic, wood and steel, folding chairs, bamboo, loungers, stacks of them."""

from __future__ import annotations

from itertools import product

import numpy as np

from sample_videos.generator.blender.things_forms import legs, rounded
from sample_videos.generator.blender.things_kit import CLOTHS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_seating import armchair
from sample_videos.generator.blender.things_shape import Material, Shape

BAMBOO = ("#b8935a", "#9c7440", "#c9ab73")
WOODS = ("#8a5f3a", "#6b4429", "#b28d5f", "#4f3a2c")


def round_plastic_stool(shape: Shape, plastic: Material, z: float = 0.0) -> None:
    """One moulded piece: a disc with a rolled rim, four broad legs that widen downwards, a ring between them."""
    shape.lathe([(0, 0.455), (0.13, 0.455), (0.155, 0.44), (0.16, 0.4), (0.15, 0.4)], (0, 0, z), plastic, sides=18)
    shape.lathe([(0.155, 0.2), (0.162, 0.2), (0.158, 0.26), (0.15, 0.26)], (0, 0, z), plastic, sides=18)
    for index in range(4):
        a = index * np.pi / 2
        across = np.array([-np.sin(a), np.cos(a)])
        foot, head = 0.19 * np.array([np.cos(a), np.sin(a)]), 0.15 * np.array([np.cos(a), np.sin(a)])
        corners = [
            (*(foot - across * 0.05), z),
            (*(foot + across * 0.05), z),
            (*(head + across * 0.09), z + 0.42),
            (*(head - across * 0.09), z + 0.42),
        ]
        shape.quad(corners, plastic)
        shape.quad([(x * 0.93, y * 0.93, h) for x, y, h in corners], plastic)


@recipe("stool_moulded")
def moulded(kit: Kit) -> Shape:
    """A single round plastic stool."""
    shape = Shape()
    round_plastic_stool(shape, kit.paint(kit.pick(PLASTICS), rough=0.45))
    return shape


@recipe("stool_stack")
def stool_stack(kit: Kit) -> Shape:
    """Five or more plastic stools in each other, of two colours."""
    shape = Shape()
    for level in range(5 + kit.variant % 3):
        round_plastic_stool(shape, kit.paint(kit.pick(PLASTICS, shift=level // 2), rough=0.45), level * 0.085)
    return shape


@recipe("chair_stack")
def chair_stack(kit: Kit) -> Shape:
    """Four garden chairs in each other."""
    shape = Shape()
    one = armchair(kit)
    for level in range(4):
        shape.join(one, (0, level * 0.03, level * 0.1))
    return shape


@recipe("stool_box")
def box_stool(kit: Kit) -> Shape:
    """Plastic stool with solid sides, an arch cut into each, and a patterned top."""
    shape = Shape()
    plastic = kit.paint(kit.pick(PLASTICS, shift=3), rough=0.45)
    rounded(shape, (0.36, 0.28, 0.05), (0, 0, 0.35), plastic, radius=0.05)
    rounded(shape, (0.26, 0.18, 0.006), (0, 0, 0.4), kit.paint(kit.pick(PLASTICS, shift=5)), radius=0.03, bevel=0.002)
    for side, wide, far in ((0, 0.34, 0.13), (1, 0.26, 0.17), (2, 0.34, 0.13), (3, 0.26, 0.17)):
        panel = Shape()
        for x in (-1, 1):
            panel.quad(
                [
                    (x * wide / 2, far + 0.02, 0),
                    (x * (wide / 2 - 0.09), far + 0.02, 0),
                    (x * (wide / 2 - 0.11), far, 0.36),
                    (x * wide / 2, far, 0.36),
                ],
                plastic,
            )
        panel.quad([(wide / 2, far, 0.24), (-wide / 2, far, 0.24), (-wide / 2, far, 0.36), (wide / 2, far, 0.36)], plastic)
        shape.join(panel, turn=side * np.pi / 2)
    return shape


@recipe("stool_wood_square")
def wood_stool(kit: Kit) -> Shape:
    """Carpenter's stool: thick slab, splayed square legs, rungs."""
    shape = Shape()
    wood = kit.paint(kit.pick(WOODS), rough=0.6)
    shape.box((0.38, 0.26, 0.04), (0, 0, 0.44), wood)
    for a, b in product((-1, 1), (-1, 1)):
        shape.tube((a * 0.18, b * 0.14, 0), (a * 0.13, b * 0.08, 0.44), 0.022, wood, sides=4)
    for b in (-1, 1):
        shape.box((0.3, 0.02, 0.03), (0, b * 0.115, 0.18), wood)
    for a in (-1, 1):
        shape.box((0.02, 0.2, 0.03), (a * 0.155, 0, 0.26), wood)
    return shape


@recipe("stool_folding")
def folding_stool(kit: Kit) -> Shape:
    """Fishing stool: crossed steel legs and a slung piece of cloth."""
    shape = Shape()
    for x in (-0.18, 0.18):
        shape.tube((x, -0.17, 0), (x, 0.17, 0.4), 0.011, kit.dark_steel)
        shape.tube((x, 0.17, 0), (x, -0.17, 0.4), 0.011, kit.dark_steel)
    for y in (-0.17, 0.17):
        shape.tube((-0.18, y, 0), (0.18, y, 0), 0.011, kit.dark_steel)
        shape.tube((-0.18, y, 0.4), (0.18, y, 0.4), 0.011, kit.dark_steel)
    u, v = np.meshgrid(np.linspace(-1, 1, 4), np.linspace(-1, 1, 7))
    shape.sheet(np.stack([u * 0.17, v * 0.17, 0.37 + 0.04 * v**2], 2), kit.paint(kit.pick(CLOTHS, shift=1), rough=0.95))
    return shape


@recipe("chair_director")
def director(kit: Kit) -> Shape:
    """Folding chair with crossed wooden legs, flat arms, cloth seat and back."""
    shape = Shape()
    wood = kit.paint(kit.pick(WOODS, shift=2), rough=0.6)
    cloth = kit.paint(kit.pick(("#2f4f80", "#7d8a4a", "#20222a", "#a5382e", "#c9bda4")), rough=0.95)
    for y in (-0.2, 0.2):
        shape.tube((-0.27, y, 0.02), (0.27, y, 0.44), 0.016, wood, sides=4)
        shape.tube((0.27, y, 0.02), (-0.27, y, 0.44), 0.016, wood, sides=4)
    for x in (-0.28, 0.28):
        shape.box((0.03, 0.48, 0.03), (x, 0, 0), wood)
        shape.box((0.06, 0.48, 0.02), (x, 0.02, 0.64), wood)
        shape.box((0.025, 0.03, 0.22), (x, 0.2, 0.44), wood)
        shape.box((0.025, 0.03, 0.46), (x, -0.2, 0.44), wood)
    u, v = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(-1, 1, 4))
    shape.sheet(np.stack([u * 0.28, v * 0.2, 0.42 + 0.025 * u**2], 2), cloth)
    shape.sheet(np.stack([u * 0.28, -0.2 - 0.03 * (1 - u**2), 0.8 + v * 0.09], 2), cloth)
    return shape


@recipe("chair_bamboo")
def bamboo_chair(kit: Kit) -> Shape:
    """Low bamboo chair: round poles, a seat and back of split cane."""
    shape = Shape()
    cane, pole = kit.paint(kit.pick(BAMBOO), rough=0.6), kit.paint(kit.pick(BAMBOO, shift=1), rough=0.55)
    for x in (-0.21, 0.21):
        shape.tube((x, 0.2, 0), (x, 0.2, 0.6), 0.021, pole)
        shape.path([(x, -0.2, 0), (x, -0.2, 0.4), (x, -0.3, 0.88)], 0.021, pole)
        shape.tube((x, 0.22, 0.6), (x, -0.25, 0.6), 0.019, pole)
        shape.tube((x, 0.2, 0.14), (x, -0.2, 0.14), 0.015, pole)
    for y, z in ((0.2, 0.36), (-0.2, 0.36), (0.2, 0.12), (-0.3, 0.88), (-0.22, 0.5)):
        shape.tube((-0.22, y, z), (0.22, y, z), 0.018, pole)
    for y in np.linspace(-0.17, 0.17, 11):
        shape.box((0.42, 0.024, 0.012), (0, y, 0.365), cane)
    for x in np.linspace(-0.17, 0.17, 9):
        shape.tube((x, -0.22, 0.48), (x, -0.3, 0.88), 0.01, cane, sides=5)
    return shape


@recipe("chair_school")
def school(kit: Kit) -> Shape:
    """Bent plywood on a frame of steel tube."""
    shape = Shape()
    ply = kit.paint(kit.pick(("#b98d58", "#8a5f38", "#3f6f9a", "#c9a052", "#7d2f2a")), rough=0.4)
    for x in (-0.18, 0.18):
        shape.path([(x, 0.2, 0), (x, 0.17, 0.43), (x, -0.14, 0.43), (x, -0.24, 0)], 0.012, kit.dark_steel)
        shape.path([(x, -0.14, 0.43), (x, -0.2, 0.8)], 0.012, kit.dark_steel)
    u, v = np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 6))
    shape.sheet(np.stack([u * 0.2, v * 0.2, 0.45 - 0.015 * (1 - u**2) - 0.02 * np.clip(v, 0, 1) ** 3], 2), ply)
    shape.sheet(np.stack([u * 0.2, -0.185 - 0.03 * (1 - u**2) - 0.02 * v, 0.71 + v * 0.1], 2), ply)
    return shape


@recipe("chair_banquet")
def banquet(kit: Kit) -> Shape:
    """Chair of a banquet hall: padded seat and rounded back on a thin gilded frame."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#a9853f", "#b4b6b6", "#3a3c3f")), rough=0.35, metal=0.6)
    pad = kit.paint(kit.pick(("#7a1f2c", "#b08a3c", "#2f3f6a", "#3f5a46")), rough=0.85)
    legs(shape, 0.36, 0.36, 0.42, frame, radius=0.014, splay=0.03)
    rounded(shape, (0.42, 0.42, 0.08), (0, 0, 0.42), pad, radius=0.09, bevel=0.025)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 7))
    half = 0.2 * np.sqrt(np.clip(1 - (v * 0.95) ** 4, 0, 1))
    for lift in (0.0, 0.035):
        shape.sheet(np.stack([u * half, -0.2 - 0.08 * v - lift, 0.54 + v * 0.38], 2), pad)
    for x in (-0.18, 0.18):
        shape.path([(x, -0.19, 0.42), (x * 1.08, -0.24, 0.7), (x * 0.8, -0.28, 0.9)], 0.014, frame)
    return shape


@recipe("stool_bar")
def bar_stool(kit: Kit) -> Shape:
    """High stool with a ring for the feet."""
    shape = Shape()
    wood = kit.paint(kit.pick(WOODS, shift=1), rough=0.5)
    steel = kit.paint(kit.pick(("#2b2d30", "#b33a2c", "#8f979c", "#3f7a70")), rough=0.45)
    shape.lathe([(0, 0.7), (0.16, 0.7), (0.17, 0.72), (0.16, 0.74), (0, 0.74)], (0, 0, 0), wood, sides=16)
    legs(shape, 0.22, 0.22, 0.7, steel, radius=0.015, splay=0.07)
    for side in range(4):
        rung = Shape()
        rung.tube((-0.16, 0.16, 0.24), (0.16, 0.16, 0.24), 0.012, steel, sides=5)
        shape.join(rung, turn=side * np.pi / 2)
    return shape


@recipe("chair_lounger")
def lounger(kit: Kit) -> Shape:
    """Folding lounger: long slung cloth with a pillow on a bent frame."""
    shape = Shape()
    cloth = kit.one_print("stripes", 4) if kit.variant % 2 else kit.paint(kit.pick(CLOTHS, shift=6), rough=0.95)
    line = [(0.55, 0.3), (0.12, 0.36), (-0.1, 0.38), (-0.5, 0.86)]
    for x in (-0.27, 0.27):
        shape.path([(x, y, z) for y, z in line], 0.016, kit.steel)
        shape.tube((x, 0.45, 0), (x, -0.25, 0.58), 0.014, kit.steel)
        shape.tube((x, -0.5, 0), (x, 0.2, 0.56), 0.014, kit.steel)
        shape.box((0.05, 0.42, 0.02), (x, 0.0, 0.56), kit.black)
    grid = np.array([[(x, y, z - 0.015) for x in np.linspace(-0.26, 0.26, 4)] for y, z in line])
    shape.sheet(grid, cloth, smooth=False, tiles=(1.0, 2.0))
    shape.ball((0, -0.42, 0.83), (0.18, 0.05, 0.08), kit.paint("#cfc8b8", rough=0.95))
    return shape


@recipe("bench_plank")
def plank(kit: Kit) -> Shape:
    """A thick board on two stacks of bricks."""
    shape = Shape()
    shape.box((1.3, 0.3, 0.05), (0, 0, 0.38), kit.wood, turn=0.02)
    brick = kit.print("bricks")
    for x in (-0.45, 0.45):
        shape.box((0.24, 0.26, 0.38), (x, 0, 0), brick)
    return shape


@recipe("bench_tube")
def bench_tube(kit: Kit) -> Shape:
    """Long bench of a canteen: coloured seat pads on a steel beam."""
    shape = Shape()
    pad = kit.paint(kit.pick(("#d07a2c", "#2f6fa8", "#3f8a52", "#c9c7bf", "#b3332b")), rough=0.4)
    for index in range(3):
        rounded(shape, (0.36, 0.3, 0.04), ((index - 1) * 0.42, 0, 0.42), pad, radius=0.06)
    shape.box((1.2, 0.06, 0.05), (0, 0, 0.37), kit.dark_steel)
    for x in (-0.5, 0.5):
        shape.box((0.05, 0.05, 0.37), (x, 0, 0), kit.dark_steel)
        shape.box((0.05, 0.36, 0.03), (x, 0, 0), kit.dark_steel)
    return shape


@recipe("stool_log")
def log_stool(kit: Kit) -> Shape:
    """Drum-shaped stool with rings of nails, of glazed clay or wood."""
    shape = Shape()
    glaze = kit.paint(kit.pick(("#3f6a94", "#8a4a34", "#d0cdc2", "#5a7a62", "#7d5a3a")), rough=0.3)
    profile = [(0.13, 0.0), (0.15, 0.03), (0.185, 0.16), (0.19, 0.23), (0.185, 0.3), (0.15, 0.43), (0.14, 0.45), (0, 0.455)]
    shape.lathe(profile, (0, 0, 0), glaze, sides=18)
    dark = kit.paint("#3b332b", rough=0.5)
    for z, far in ((0.06, 0.162), (0.4, 0.16)):
        for angle in np.linspace(0, 2 * np.pi, 14, endpoint=False):
            shape.ball((far * np.cos(angle), far * np.sin(angle), z), 0.012, dark, detail=0)
    return shape
