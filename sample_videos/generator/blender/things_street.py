"""What belongs on a street and must not be taken for goods: bins, bollards, cabinets, signs."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape


@recipe("bin")
def bin_(kit: Kit) -> Shape:
    """Litter bin on a post foot with a roof."""
    shape = Shape()
    shape.lathe(
        [(0.14, 0), (0.19, 0.06), (0.2, 0.66), (0.21, 0.68), (0.19, 0.68), (0, 0.6)],
        (0, 0, 0),
        kit.paint(("#5c6660", "#4a5a52", "#6d6a62")[kit.variant % 3], metal=0.3),
        sides=16,
    )
    for angle in (0.5, 2.6, 4.7):
        shape.tube(
            (0.18 * np.cos(angle), 0.18 * np.sin(angle), 0.66), (0.18 * np.cos(angle), 0.18 * np.sin(angle), 0.84), 0.012, kit.dark_steel
        )
    shape.lathe([(0.21, 0.84), (0.2, 0.87), (0, 0.92)], (0, 0, 0), kit.dark_steel, sides=16)
    return shape


@recipe("recycling_bin")
def recycling(kit: Kit) -> Shape:
    """Two boxes with slots under one roof."""
    shape = Shape()
    for x, colour in ((-0.23, "#3a6a9a"), (0.23, "#6b6e70")):
        shape.box((0.42, 0.38, 0.82), (x, 0, 0.06), kit.paint(colour, rough=0.5))
        shape.box((0.26, 0.02, 0.12), (x, 0.19, 0.66), kit.black)
        shape.box((0.16, 0.012, 0.2), (x, 0.192, 0.3), kit.paint("#cfd3d0"))
    shape.box((0.96, 0.42, 0.06), (0, 0, 0.94), kit.dark_steel)
    for x in (-0.46, 0, 0.46):
        shape.box((0.03, 0.36, 0.95), (x, 0, 0), kit.dark_steel)
    return shape


@recipe("wheelie_bin")
def wheelie(kit: Kit) -> Shape:
    """Two-wheeled bin with a lid."""
    shape = Shape()
    plastic = kit.paint(("#3c5f47", "#3d4144", "#2f5482")[kit.variant % 3], rough=0.6)
    for z0, z1, a, b in ((0.05, 0.92, 0.22, 0.27),):
        low = [(-a, -a, z0), (a, -a, z0), (a, a * 1.1, z0), (-a, a * 1.1, z0)]
        high = [(-b, -b, z1), (b, -b, z1), (b, b * 1.2, z1), (-b, b * 1.2, z1)]
        shape.add(np.array(low + high), np.array([(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]), plastic)
    shape.box((0.58, 0.66, 0.05), (0, 0.02, 0.92), plastic, tilt=0.06)
    shape.tube((-0.22, -0.33, 0.95), (0.22, -0.33, 0.95), 0.02, plastic)
    for x in (-0.25, 0.25):
        shape.tube((x - 0.025, -0.24, 0.1), (x + 0.025, -0.24, 0.1), 0.1, kit.rubber, sides=12)
    return shape


@recipe("cone")
def cone(kit: Kit) -> Shape:
    """Traffic cone."""
    shape = Shape()
    red, white = kit.paint("#b8452c", rough=0.6), kit.paint("#d2d2cc", rough=0.6)
    shape.box((0.38, 0.38, 0.035), (0, 0, 0), kit.black if kit.variant % 2 else red)
    for low, high, material in ((0.035, 0.2, red), (0.2, 0.32, white), (0.32, 0.45, red), (0.45, 0.55, white), (0.55, 0.7, red)):
        shape.tube((0, 0, low), (0, 0, high), 0.15 - 0.17 * low, material, end_radius=0.15 - 0.17 * high, sides=14, caps=high > 0.69)
    return shape


@recipe("bollard")
def bollard(kit: Kit) -> Shape:
    """Steel post with a reflecting band."""
    shape = Shape()
    shape.lathe(
        [(0.09, 0), (0.09, 0.02), (0.07, 0.03), (0.07, 0.8), (0.06, 0.84), (0, 0.85)],
        (0, 0, 0),
        kit.paint(("#4a4e50", "#8d9092")[kit.variant % 2], rough=0.4, metal=0.5),
    )
    shape.tube((0, 0, 0.62), (0, 0, 0.7), 0.073, kit.paint("#c9a63a"), sides=12, caps=False)
    return shape


@recipe("manhole")
def manhole(kit: Kit) -> Shape:
    """Cast cover in a ring."""
    shape = Shape()
    shape.tube((0, 0, 0), (0, 0, 0.008), 0.36, kit.paint("#5a5855", rough=0.8), sides=24)
    shape.tube((0, 0, 0), (0, 0, 0.01), 0.32, kit.print("grating"), sides=24)
    return shape


@recipe("floor_drain")
def drain(kit: Kit) -> Shape:
    """Grating of bars."""
    shape = Shape()
    shape.box((0.6, 0.3, 0.004), (0, 0, 0), kit.black)
    for index in range(9):
        shape.box((0.035, 0.3, 0.01), ((index - 4) * 0.07, 0, 0), kit.dark_steel)
    return shape


@recipe("hydrant")
def hydrant(kit: Kit) -> Shape:
    """Street hydrant with three outlets."""
    shape = Shape()
    red = kit.paint(("#9c332a", "#8a2f2b")[kit.variant % 2], rough=0.5)
    shape.lathe(
        [(0.15, 0), (0.15, 0.05), (0.1, 0.06), (0.1, 0.55), (0.13, 0.56), (0.13, 0.6), (0.1, 0.68), (0.04, 0.74), (0.03, 0.78), (0, 0.78)],
        (0, 0, 0),
        red,
    )
    for start, end in (((-0.2, 0, 0.45), (0.2, 0, 0.45)), ((0, 0, 0.4), (0, 0.19, 0.4))):
        shape.tube(start, end, 0.055, red, sides=10)
    return shape


@recipe("cabinet")
def cabinet(kit: Kit) -> Shape:
    """Utility cabinet with two doors and slots."""
    shape = Shape()
    paint = kit.paint(("#7f8a86", "#9a9a92", "#5d6f66")[kit.variant % 3], rough=0.6)
    shape.box((0.95, 0.38, 0.1), (0, 0, 0), kit.paint("#8d8a83", rough=0.9))
    shape.box((0.92, 0.38, 1.14), (0, 0, 0.1), paint)
    shape.box((0.95, 0.42, 0.06), (0, 0, 1.24), paint)
    for x in (-0.23, 0.23):
        shape.box((0.43, 0.015, 1.04), (x, 0.19, 0.15), paint)
        shape.box((0.025, 0.03, 0.12), (x * 0.25, 0.2, 0.62), kit.black)
        for z in range(5):
            shape.box((0.24, 0.008, 0.012), (x, 0.2, 0.98 + z * 0.03), kit.black)
    shape.box((0.12, 0.004, 0.1), (-0.23, 0.2, 0.78), kit.paint("#c9a832"))
    return shape


@recipe("utility_pole")
def pole(kit: Kit) -> Shape:
    """Concrete pole with cross arms, a box and a band."""
    shape = Shape()
    shape.tube((0, 0, 0), (0, 0, 7.6), 0.17, kit.paint("#9a968c", rough=0.95), end_radius=0.1, sides=12)
    shape.tube((0, 0, 0.6), (0, 0, 1.7), 0.172, kit.paint("#3a3a38"), end_radius=0.162, sides=12, caps=False)
    for z in (0.7, 1.1, 1.5):
        shape.tube((0, 0, z), (0, 0, z + 0.18), 0.176, kit.paint("#b9a035"), sides=12, caps=False)
    for z in (6.6, 7.2):
        shape.box((0.3, 0.08, 0.08), (0, 0.0, z), kit.dark_steel)
    shape.box((0.26, 0.14, 0.4), (0, 0.1, 2.4), kit.paint("#a9aba8"))
    return shape


@recipe("traffic_sign")
def traffic_sign(kit: Kit) -> Shape:
    """No stopping, on a pole."""
    shape = Shape()
    shape.tube((0, -0.03, 0), (0, -0.03, 2.55), 0.035, kit.steel)
    shape.tube((0, 0.0, 2.3), (0, 0.012, 2.3), 0.3, kit.steel, sides=24)
    shape.tube((0, 0.012, 2.3), (0, 0.02, 2.3), 0.3, kit.print("traffic"), sides=24)
    shape.lathe([(0.07, 0), (0.07, 0.02), (0.04, 0.03)], (0, -0.03, 0), kit.dark_steel)
    return shape


@recipe("notice_board")
def notice_board(kit: Kit) -> Shape:
    """Glazed board on two posts under a small roof."""
    shape = Shape()
    for x in (-0.85, 0.85):
        shape.box((0.08, 0.08, 2.0), (x, 0, 0), kit.steel)
    face = kit.print("notice", rough=0.25)
    shape.box((1.66, 0.1, 1.0), (0, 0, 0.85), (kit.steel, kit.steel, kit.steel, kit.steel, face, kit.steel))
    shape.box((1.8, 0.35, 0.05), (0, 0, 2.0), kit.paint("#4a5d68"))
    return shape


@recipe("bicycle_rack")
def bicycle_rack(kit: Kit) -> Shape:
    """Five bows on a rail."""
    shape = Shape()
    for y in (-0.23, 0.23):
        shape.tube((-1.1, y, 0.03), (1.1, y, 0.03), 0.02, kit.steel)
    for index in range(5):
        x = (index - 2) * 0.5
        bow = [(x, 0.23 * np.cos(a), 0.45 + 0.32 * np.sin(a)) for a in np.linspace(0, np.pi, 8)]
        shape.path([(x, 0.23, 0.03), *bow, (x, -0.23, 0.03)], 0.018, kit.steel)
    return shape


@recipe("post_box")
def post_box(kit: Kit) -> Shape:
    """Green box on a plinth with a slot."""
    shape = Shape()
    green = kit.paint("#2d5a3e", rough=0.4)
    shape.box((0.46, 0.4, 0.12), (0, 0, 0), kit.paint("#4c4f4c"))
    shape.box((0.48, 0.42, 1.08), (0, 0, 0.12), green)
    shape.box((0.5, 0.44, 0.1), (0, 0, 1.2), green)
    shape.box((0.3, 0.02, 0.04), (0, 0.215, 1.02), kit.black)
    shape.box((0.24, 0.01, 0.3), (0, 0.213, 0.55), kit.paint("#c7b25a"))
    return shape


@recipe("mailbox")
def mailbox(kit: Kit) -> Shape:
    """Letter box on a post."""
    shape = Shape()
    shape.box((0.06, 0.06, 0.9), (0, 0, 0), kit.dark_steel)
    shape.box((0.42, 0.26, 0.34), (0, 0, 0.9), kit.paint(kit.pick(("#6a7076", "#8a3a34", "#3f5a70"))))
    shape.box((0.3, 0.012, 0.03), (0, 0.13, 1.14), kit.black)
    return shape


@recipe("railing")
def railing(kit: Kit) -> Shape:
    """Two metres of pavement railing."""
    shape = Shape()
    paint = kit.paint(("#c3c5c2", "#5f6a6e")[kit.variant % 2], rough=0.45)
    for z in (0.15, 0.55, 1.02):
        shape.box((2.0, 0.04, 0.04), (0, 0, z), paint)
    for x in np.linspace(-0.97, 0.97, 15):
        wide = 0.06 if abs(x) > 0.9 else 0.02
        shape.box((wide, wide, 1.05), (float(x), 0, 0), paint)
    return shape


@recipe("ac_unit")
def ac_unit(kit: Kit) -> Shape:
    """Outdoor unit on brackets."""
    shape = Shape()
    white = kit.paint(("#c2c1b8", "#aeb0ac", "#cfcdc2")[kit.variant % 3], rough=0.6)
    shape.box((0.82, 0.3, 0.54), (0, 0.02, 0.04), white)
    shape.tube((0.12, 0.17, 0.31), (0.12, 0.175, 0.31), 0.23, kit.paint("#3d4042"), sides=18)
    for radius in (0.08, 0.15, 0.22):
        ring = [(0.12 + radius * np.cos(a), 0.178, 0.31 + radius * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 13)]
        shape.path(ring, 0.006, white, sides=4)
    for x in (-0.3, 0.3):
        shape.box((0.04, 0.34, 0.04), (x, 0, 0), kit.dark_steel)
    shape.tube((-0.38, -0.1, 0.3), (-0.4, -0.17, 0.1), 0.02, kit.paint("#b9b6a8"))
    return shape


@recipe("door_mat")
def door_mat(kit: Kit) -> Shape:
    """Mat with a darker edge."""
    shape = Shape()
    shape.box((0.9, 0.6, 0.015), (0, 0, 0), kit.paint("#33312e", rough=1))
    shape.box((0.8, 0.5, 0.02), (0, 0, 0), kit.paint(kit.pick(("#7a2f2c", "#5a5650", "#3f5a48")), rough=1))
    return shape


@recipe("broom")
def broom(kit: Kit) -> Shape:
    """A broom that leans back."""
    shape = Shape()
    shape.tube((0, 0.08, 0.3), (0, -0.1, 1.3), 0.013, kit.paint(kit.pick(("#a8854f", "#3f6ea0"))))
    shape.tube((0, 0.1, 0.0), (0, 0.075, 0.34), 0.15, kit.paint("#b19a5e", rough=1), end_radius=0.03, sides=8)
    shape.bend(lambda points: points * np.where(points[:, 2:] < 0.3, (1, 0.4, 1), (1, 1, 1)))
    return shape


@recipe("mop_bucket")
def mop_bucket(kit: Kit) -> Shape:
    """Bucket with a mop in it."""
    shape = Shape()
    shape.lathe([(0.12, 0), (0.165, 0.3), (0.175, 0.31), (0.15, 0.3), (0, 0.2)], (0, 0, 0), kit.paint(kit.pick(PLASTICS)))
    shape.tube((0.03, 0, 0.2), (-0.12, -0.08, 1.2), 0.012, kit.steel)
    shape.ball((0.03, 0, 0.26), (0.1, 0.1, 0.08), kit.paint("#b9b4a4", rough=1))
    return shape


@recipe("umbrella_stand")
def umbrella_stand(kit: Kit) -> Shape:
    """A tall can with closed umbrellas."""
    shape = Shape()
    shape.lathe([(0.13, 0), (0.14, 0.42), (0.13, 0.42), (0, 0.1)], (0, 0, 0), kit.paint("#55595b", metal=0.4))
    for index in range(4):
        x, y = 0.06 * np.cos(index * 1.7), 0.06 * np.sin(index * 1.7)
        shape.tube(
            (x, y, 0.1),
            (x * 1.6, y * 1.6, 0.66),
            0.02,
            kit.paint(kit.pick(("#26282b", "#3a4a70", "#7a2f38", "#4a5a44"), shift=index)),
            end_radius=0.032,
        )
        shape.tube((x * 1.6, y * 1.6, 0.66), (x * 1.7, y * 1.7, 0.78), 0.01, kit.wood)
    return shape


@recipe("shopping_bag")
def shopping_bag(kit: Kit) -> Shape:
    """A full plastic bag with handles."""
    shape = Shape()
    plastic = kit.paint(kit.pick(("#c9cbc6", "#a8352f", "#4a86a8", "#d0b04a")), rough=0.4)
    shape.ball((0, 0, 0.15), (0.16, 0.08, 0.15), plastic)
    for x in (-0.05, 0.05):
        shape.path([(x * 2, 0, 0.26), (x, 0, 0.38), (0, 0, 0.4)], 0.012, plastic)
    return shape


@recipe("suitcase")
def suitcase(kit: Kit) -> Shape:
    """Wheeled case with its handle out."""
    shape = Shape()
    shell = kit.paint(kit.pick(("#34404a", "#6a2f38", "#8f9290", "#37604f")), rough=0.4)
    shape.box((0.44, 0.24, 0.58), (0, 0, 0.05), shell)
    for x in (-0.14, -0.05, 0.05, 0.14):
        shape.box((0.03, 0.26, 0.54), (x, 0, 0.07), shell)
    shape.path([(-0.1, -0.08, 0.62), (-0.1, -0.08, 0.91), (0.1, -0.08, 0.91), (0.1, -0.08, 0.62)], 0.01, kit.steel)
    for x in (-0.18, 0.18):
        for y in (-0.08, 0.08):
            shape.ball((x, y, 0.03), 0.03, kit.rubber, detail=0)
    return shape


@recipe("bench_steel")
def bench_steel(kit: Kit) -> Shape:
    """Seat and back of perforated sheet steel that curve into each other, on two feet, with armrests."""
    shape = Shape()
    sheet = kit.paint(kit.pick(("#8f9496", "#6f7678", "#55605c", "#a3a49c")), rough=0.35, metal=0.7)
    for y, z, tilt in ((0.08, 0.43, 0.0), (-0.08, 0.43, -0.06), (-0.2, 0.5, -0.9)):
        shape.box((1.7, 0.17, 0.03), (0, y, z), sheet, tilt=tilt)
    for z in (0.56, 0.66, 0.76):
        shape.box((1.7, 0.03, 0.08), (0, -0.26 - (z - 0.56) * 0.15, z), sheet)
    for x in (-0.8, -0.27, 0.27, 0.8):
        shape.box((0.04, 0.5, 0.04), (x, -0.02, 0.39), kit.dark_steel)
        shape.tube((x, 0.16, 0.42), (x, 0.16, 0.62), 0.015, kit.dark_steel)
        shape.tube((x, 0.16, 0.62), (x, -0.24, 0.62), 0.015, kit.dark_steel)
    for x in (-0.6, 0.6):
        shape.box((0.1, 0.42, 0.4), (x, -0.02, 0), kit.dark_steel)
    return shape


@recipe("bench_stone")
def bench_stone(kit: Kit) -> Shape:
    """A granite slab on two blocks."""
    shape = Shape()
    stone = kit.paint(kit.pick(("#8d8a84", "#a09a8e", "#6e6c68")), rough=0.8)
    shape.box((1.8, 0.46, 0.1), (0, 0, 0.36), stone)
    for x in (-0.6, 0.6):
        shape.box((0.3, 0.4, 0.36), (x, 0, 0), kit.paint("#77746e", rough=0.9))
    return shape


@recipe("bench_backless")
def bench_backless(kit: Kit) -> Shape:
    """Wooden slats on a steel frame, no back."""
    shape = Shape()
    slat = kit.paint(kit.pick(("#7d5a3a", "#8f6a44", "#5d4632")), rough=0.7)
    for index in range(5):
        shape.box((1.6, 0.08, 0.04), (0, -0.2 + index * 0.1, 0.42), slat)
    for x in (-0.62, 0.62):
        shape.box((0.06, 0.5, 0.05), (x, 0, 0.37), kit.dark_steel)
        for y in (-0.2, 0.2):
            shape.box((0.06, 0.06, 0.37), (x, y, 0), kit.dark_steel)
    return shape


@recipe("bin_steel")
def bin_steel(kit: Kit) -> Shape:
    """Round bin of sheet steel with a dome and a wide slot."""
    shape = Shape()
    sheet = kit.paint(kit.pick(("#8d9294", "#3f4446", "#5a6a5e", "#a49c8a")), rough=0.35, metal=0.6)
    shape.lathe([(0.2, 0), (0.21, 0.04), (0.21, 0.7), (0.22, 0.72), (0.2, 0.72), (0, 0.66)], (0, 0, 0), sheet, sides=20)
    for angle in (0.8, 2.3, 3.9, 5.4):
        shape.box((0.05, 0.05, 0.14), (0.18 * np.cos(angle), 0.18 * np.sin(angle), 0.7), sheet)
    shape.lathe([(0.22, 0.82), (0.2, 0.89), (0.1, 0.95), (0, 0.96)], (0, 0, 0), sheet, sides=20)
    return shape


@recipe("bin_square")
def bin_square(kit: Kit) -> Shape:
    """Box with an opening in front, an ashtray on top, a panel on its door."""
    shape = Shape()
    shell = kit.paint(kit.pick(("#34383a", "#2f5a48", "#6a6c6a", "#7c4a3a")), rough=0.5)
    shape.box((0.5, 0.42, 0.98), (0, 0, 0.04), shell)
    shape.box((0.32, 0.02, 0.16), (0, 0.212, 0.74), kit.black)
    shape.box((0.3, 0.012, 0.34), (0, 0.214, 0.24), kit.paint(kit.pick(("#c9c4b4", "#7f9a5a", "#b6bcc0"), shift=1)))
    shape.box((0.52, 0.44, 0.05), (0, 0, 1.02), kit.dark_steel)
    return shape


@recipe("phone_box")
def phone_box(kit: Kit) -> Shape:
    """A glazed box with a telephone in it; it stands open in front."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#33383c", "#7c1f1c", "#2c4a66")), rough=0.4, metal=0.3)
    for x in (-0.4, 0.4):
        for y in (-0.37, 0.37):
            shape.box((0.06, 0.06, 2.1), (x, y, 0), frame)
        shape.box((0.02, 0.68, 1.5), (x, 0, 0.5), kit.glass)
    shape.box((0.74, 0.03, 1.9), (0, -0.36, 0.1), kit.paint("#8b9092", rough=0.4, metal=0.5))
    shape.box((0.3, 0.16, 0.5), (0, -0.26, 1.0), kit.black)
    shape.box((0.86, 0.8, 0.1), (0, 0, 2.1), frame)
    return shape
