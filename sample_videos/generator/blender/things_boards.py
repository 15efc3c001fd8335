"""More signs that stand on the ground: boards of wood and metal, banners, lit boxes, arrows."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_forms import facing, facing_back, posts, rounded
from sample_videos.generator.blender.things_kit import PAINTS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape
from sample_videos.generator.blender.things_signs import leaning_board

BOARD_PAINTS = ("#2f6b8a", "#a5382e", "#d0a13a", "#4a7a52", "#33373b", "#c9c5b8")


@recipe("sign_barn_board")
def barn_board(kit: Kit) -> Shape:
    """A-board of raw planks; a small poster is nailed to each side."""
    shape = Shape()
    for side in (-1, 1):
        half = Shape()
        for index in range(5):
            half.box((0.1, 0.02, 0.82), ((index - 2) * 0.108, 0, 0.1), kit.wood)
        for z in (0.2, 0.78):
            half.box((0.5, 0.02, 0.06), (0, 0.02, z), kit.wood)
        for x in (-0.23, 0.23):
            half.box((0.05, 0.03, 0.95), (x, -0.015, 0), kit.wood)
        facing(half, 0.36, 0.3, 0.74, 0.035, kit.one_print("poster", 6, shift=2 + side))
        shape.join(half, (0, side * 0.26, 0), turn=0 if side > 0 else np.pi, tilt=0.26)
    return shape


@recipe("sign_metal_frame")
def metal_frame(kit: Kit) -> Shape:
    """A wide board in a tube frame on two crossed feet, written on both sides."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#b9bbba", "#2c2e31", "#8d2420")), rough=0.35, metal=0.4)
    shape.path([(-0.6, 0, 0.04), (-0.6, 0, 1.2), (0.6, 0, 1.2), (0.6, 0, 0.04)], 0.018, frame)
    shape.tube((-0.6, 0, 0.3), (0.6, 0, 0.3), 0.016, frame)
    for x in (-0.6, 0.6):
        shape.tube((x, -0.28, 0.02), (x, 0.28, 0.02), 0.02, frame)
    shape.box((1.14, 0.012, 0.84), (0, 0, 0.33), frame)
    facing(shape, 1.1, 0.35, 1.15, 0.009, kit.one_print("menu", 5, shift=1))
    facing_back(shape, 1.1, 0.35, 1.15, -0.009, kit.one_print("menu", 5, shift=2))
    return shape


@recipe("sign_blackboard_legs")
def blackboard(kit: Kit) -> Shape:
    """A wide blackboard between two turned posts."""
    shape = Shape()
    for x in (-0.5, 0.5):
        shape.box((0.06, 0.06, 1.35), (x, 0, 0), kit.wood)
        shape.box((0.07, 0.46, 0.05), (x, 0, 0), kit.wood)
        shape.ball((x, 0, 1.38), 0.04, kit.wood)
    shape.box((0.96, 0.03, 0.06), (0, 0, 1.2), kit.wood)
    shape.box((0.96, 0.03, 0.06), (0, 0, 0.32), kit.wood)
    shape.box((0.94, 0.015, 0.84), (0, 0, 0.37), kit.paint("#23282a", rough=0.9))
    facing(shape, 0.6, 0.4, 1.18, 0.01, kit.one_print("chalk", 3, shift=1), x=0.12)
    facing_back(shape, 0.6, 0.4, 1.18, -0.01, kit.one_print("chalk", 3))
    return shape


@recipe("banner_curved")
def curved_banner(kit: Kit) -> Shape:
    """A wide roll-up banner that bows in the wind, on a rounded case."""
    shape = Shape()
    rounded(shape, (1.0, 0.2, 0.1), (0, 0, 0), kit.steel, radius=0.08)
    u, v = np.meshgrid(np.linspace(1, -1, 5), np.linspace(0, 1, 9))
    bow = 0.09 * np.sin(np.pi * v) + 0.015 * np.sin(u * 3)
    grid = np.stack([u * 0.48, 0.02 + bow, 0.1 + v * 1.85], 2)
    shape.sheet(grid, kit.one_print("banner", 4, shift=1))
    shape.box((0.98, 0.02, 0.03), (0, 0.02, 1.94), kit.steel)
    shape.tube((0, -0.05, 0.1), (0, 0.0, 1.95), 0.009, kit.dark_steel)
    for x in (-0.36, 0.36):
        shape.box((0.06, 0.4, 0.015), (x, 0, 0), kit.steel)
    return shape


@recipe("banner_flag")
def flag(kit: Kit) -> Shape:
    """A feather-shaped flag on a bent pole that stands in a water foot."""
    shape = Shape()
    cloth = kit.paint(kit.pick(BOARD_PAINTS, shift=1), rough=0.9)
    rounded(shape, (0.42, 0.42, 0.12), (0, 0, 0), kit.paint("#3d4247"), radius=0.08)
    pole = [(-0.1, 0, 0.1), (-0.12, 0, 1.4), (-0.06, 0, 1.8), (0.12, 0, 2.04), (0.3, 0, 2.08)]
    shape.path(pole, 0.011, kit.steel)
    v = np.linspace(0, 1, 12)
    left = np.interp(v, (0, 0.65, 0.85, 1), (-0.1, -0.115, -0.04, 0.3))
    right = np.interp(v, (0, 0.2, 0.9, 1), (0.1, 0.28, 0.36, 0.32))
    z = 0.45 + v * 1.63
    wave = 0.03 * np.sin(v * 9)
    shape.sheet(np.stack([np.stack([left, wave * 0, z], 1), np.stack([right, wave, z], 1)], 1), cloth)
    shape.quad([(0.22, 0.035, 0.75), (-0.07, 0.02, 0.75), (-0.07, 0.02, 1.45), (0.22, 0.035, 1.45)], kit.one_print("poster", 6))
    return shape


@recipe("sign_lamp_tower")
def lamp_tower(kit: Kit) -> Shape:
    """A lit box with four faces that turns on a round foot."""
    shape = Shape()
    face = kit.one_print("light_box", 3, shift=1, rough=0.3, glow=0.6)
    cap = kit.paint(kit.pick(BOARD_PAINTS), rough=0.4)
    shape.lathe([(0.22, 0), (0.22, 0.05), (0.06, 0.1), (0.05, 0.3)], (0, 0, 0), kit.dark_steel)
    shape.box((0.36, 0.36, 1.0), (0, 0, 0.3), (cap, cap, face, face, face, face))
    shape.box((0.42, 0.42, 0.06), (0, 0, 1.3), cap)
    shape.box((0.42, 0.42, 0.05), (0, 0, 0.27), cap)
    return shape


@recipe("sign_light_wheels")
def light_wheels(kit: Kit) -> Shape:
    """A broad lit box on a trolley with a cable: red letters on a pale face."""
    shape = Shape()
    edge = kit.paint(kit.pick(("#c9302c", "#c9cac6", "#2f5a96")), rough=0.4)
    face = kit.one_print("menu", 5, shift=3, glow=0.5)
    shape.box((1.15, 0.2, 0.62), (0, 0, 0.42), (edge, edge, face, edge, face, edge))
    for x in (-0.45, 0.45):
        shape.box((0.04, 0.04, 0.4), (x, 0, 0.06), kit.dark_steel)
        shape.box((0.04, 0.44, 0.03), (x, 0, 0.05), kit.dark_steel)
        for y in (-0.2, 0.2):
            shape.ball((x, y, 0.03), 0.032, kit.rubber, detail=0)
    return shape


@recipe("sign_arrow")
def arrow(kit: Kit) -> Shape:
    """A big arrow with lamps around its edge on a slanted stand."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#c23a2c", "#d9a62c", "#2f6a9a", "#3f8a5a")), rough=0.4)
    outline = [(-0.55, 0.75), (0.1, 0.75), (0.1, 0.58), (0.6, 0.95), (0.1, 1.32), (0.1, 1.15), (-0.55, 1.15)]
    body = Shape()
    body.plate(outline, 0, 0.08, paint)
    shape.join(body, turn=-np.pi / 2)
    points = np.array([(x, z) for x, z in outline])
    for start, end in zip(points, np.roll(points, -1, 0), strict=True):
        for share in np.linspace(0, 1, 5)[:-1]:
            x, z = start + (end - start) * share
            shape.ball((float(x) * 0.93, 0.05, float(z)), 0.025, kit.paint("#ffe9b0", glow=0.5), detail=0)
    facing(shape, 0.5, 0.82, 1.08, 0.045, kit.one_print("menu", 5), x=-0.22)
    for x in (-0.3, 0.2):
        shape.tube((x, 0, 0.75), (x, 0.24, 0), 0.016, kit.dark_steel)
        shape.tube((x, 0, 0.75), (x, -0.24, 0), 0.016, kit.dark_steel)
    return shape


@recipe("sign_menu_lectern")
def lectern(kit: Kit) -> Shape:
    """A menu on a slanted desk of metal, an arch of sheet above it."""
    shape = Shape()
    paint = kit.paint(kit.pick(PAINTS, shift=3), rough=0.5)
    shape.box((0.5, 0.4, 0.04), (0, 0, 0), paint)
    shape.box((0.1, 0.06, 1.0), (0, -0.08, 0.04), paint)
    shape.box((0.56, 0.03, 0.44), (0, 0.1, 0.92), paint, tilt=0.9)
    shape.quad([(0.26, 0.12, 0.955), (-0.26, 0.12, 0.955), (-0.26, -0.2, 1.21), (0.26, -0.2, 1.21)], kit.one_print("poster", 6, shift=4))
    shape.box((0.5, 0.03, 0.3), (0, -0.2, 1.2), paint)
    facing(shape, 0.46, 1.23, 1.47, -0.18, kit.one_print("menu", 5, shift=4))
    return shape


@recipe("sign_hoarding_small")
def hoarding(kit: Kit) -> Shape:
    """A printed wall on two heavy feet: the poster of an event."""
    shape = Shape()
    sheet = kit.one_print("poster", 6, shift=1)
    shape.box((1.25, 0.05, 1.6), (0, 0, 0.2), (kit.steel, kit.steel, kit.steel, kit.steel, sheet, kit.steel))
    facing_back(shape, 1.2, 0.24, 1.76, -0.027, kit.one_print("poster", 6, shift=3))
    for x in (-0.45, 0.45):
        shape.box((0.08, 0.5, 0.06), (x, 0, 0), kit.dark_steel)
        shape.box((0.05, 0.06, 0.3), (x, 0, 0), kit.dark_steel)
    return shape


@recipe("sign_hanging_frame")
def hanging(kit: Kit) -> Shape:
    """A round board that hangs by chains inside a wooden gallows."""
    shape = Shape()
    shape.box((0.07, 0.07, 1.55), (-0.35, 0, 0), kit.wood)
    shape.box((0.75, 0.06, 0.06), (0, 0, 1.46), kit.wood)
    shape.box((0.6, 0.07, 0.05), (-0.25, 0, 0), kit.wood)
    shape.box((0.07, 0.5, 0.05), (-0.35, 0, 0), kit.wood)
    shape.tube((-0.35, 0, 1.15), (-0.05, 0, 1.46), 0.02, kit.wood, sides=4)
    for x in (-0.08, 0.28):
        shape.tube((x, 0, 1.46), (x, 0, 1.3), 0.006, kit.dark_steel, sides=4)
    paint = kit.paint(kit.pick(BOARD_PAINTS, shift=2), rough=0.6)
    shape.box((0.56, 0.03, 0.62), (0.1, 0, 0.68), paint)
    facing(shape, 0.5, 0.71, 1.27, 0.018, kit.one_print("chalk", 3, shift=2), x=0.1)
    return shape


@recipe("sign_price_cards")
def price_cards(kit: Kit) -> Shape:
    """Boards of two sizes leaning in a low wire stand: handwritten prices on bright card."""
    shape = Shape()
    posts(shape, 0.8, 0.3, 0, 0.5, kit.dark_steel, thick=0.02)
    for y in (-0.15, 0.15):
        shape.tube((-0.4, y, 0.5), (0.4, y, 0.5), 0.008, kit.dark_steel)
        shape.tube((-0.4, y, 0.05), (0.4, y, 0.05), 0.008, kit.dark_steel)
    leaning_board(shape, 0.46, 1.05, 0.16, kit.one_print("poster", 6, shift=5), kit.paint(kit.pick(BOARD_PAINTS)))
    card = kit.paint(kit.pick(("#e0c23c", "#d8663a", "#8ab04a", "#d9a0b0")), rough=0.9)
    for index, x in enumerate((-0.36, 0.34)):
        shape.box((0.34, 0.012, 0.5 + index * 0.12), (x, 0.1, 0.45), card, tilt=0.2)
        shape.box((0.02, 0.02, 0.45), (x, 0.08, 0.0), kit.dark_steel)
    return shape
