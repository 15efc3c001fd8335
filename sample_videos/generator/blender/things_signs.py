"""Signs that stand on the ground: boards, banners, lit boxes."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape


def leaning_board(shape: Shape, wide: float, high: float, foot_y: float, face: Material, frame: Material) -> None:
    """A framed board whose top leans to the middle; foot_y > 0 is the front one."""
    lean = np.arctan2(abs(foot_y), high)
    front = 1 if foot_y > 0 else -1
    board = Shape()
    board.box((wide, 0.02, high), (0, 0, 0), frame)
    board.quad(
        [
            (wide / 2 - 0.03, 0.012, 0.12),
            (-wide / 2 + 0.03, 0.012, 0.12),
            (-wide / 2 + 0.03, 0.012, high - 0.03),
            (wide / 2 - 0.03, 0.012, high - 0.03),
        ],
        face,
    )
    board.bend(
        lambda points: np.stack([points[:, 0], points[:, 1] * np.cos(lean) - points[:, 2] * np.sin(lean), points[:, 2] * np.cos(lean)], 1)
    )
    shape.join(board, (0, foot_y, 0), turn=0.0 if front > 0 else np.pi)


@recipe("sign_a_board")
def a_board(kit: Kit) -> Shape:
    """Two boards that meet at the top."""
    shape = Shape()
    frame = kit.paint(("#c7c8c4", "#2d2f31", "#7b5636")[kit.variant % 3], rough=0.4)
    leaning_board(shape, 0.6, 1.0, 0.26, kit.one_print("poster", 6), frame)
    leaning_board(shape, 0.6, 1.0, -0.26, kit.one_print("poster", 6, shift=1), frame)
    shape.tube((-0.27, -0.16, 0.35), (-0.27, 0.16, 0.35), 0.006, kit.dark_steel)
    return shape


@recipe("sign_chalk")
def chalk(kit: Kit) -> Shape:
    """Chalk board in a wooden frame with a strut."""
    shape = Shape()
    leaning_board(shape, 0.62, 1.18, 0.26, kit.one_print("chalk", 3), kit.wood)
    for x in (-0.25, 0.25):
        shape.box((0.035, 0.025, 1.15), (x, -0.27, 0), kit.wood, tilt=-0.22)
    shape.box((0.5, 0.02, 0.03), (0, -0.18, 0.4), kit.wood)
    return shape


@recipe("sign_light_box")
def light_box(kit: Kit) -> Shape:
    """A lit box on a foot, written on both sides."""
    shape = Shape()
    face = kit.one_print("light_box", 3, rough=0.3, glow=0.7)
    frame = kit.paint(("#3a3c3f", "#b5b7b6")[kit.variant % 2], rough=0.4)
    shape.box((0.5, 0.16, 1.12), (0, 0, 0.18), (frame, frame, face, frame, face, frame))
    shape.box((0.46, 0.4, 0.03), (0, 0, 0), frame)
    shape.box((0.1, 0.1, 0.18), (0, 0, 0), frame)
    return shape


@recipe("banner_x")
def x_banner(kit: Kit) -> Shape:
    """A sheet held by crossed rods."""
    shape = Shape()
    sheet = kit.one_print("banner", 4)
    shape.quad([(0.3, 0.1, 0.05), (-0.3, 0.1, 0.05), (-0.3, -0.02, 1.62), (0.3, -0.02, 1.62)], sheet)
    for x in (-0.3, 0.3):
        shape.tube((x, 0.09, 0.05), (0, -0.03, 0.8), 0.008, kit.dark_steel)
        shape.tube((x, -0.03, 1.6), (0, -0.03, 0.8), 0.008, kit.dark_steel)
    shape.tube((0, -0.03, 0.8), (0, -0.42, 0), 0.01, kit.dark_steel)
    return shape


@recipe("banner_roll_up")
def roll_up(kit: Kit) -> Shape:
    """A sheet drawn up from a case."""
    shape = Shape()
    sheet = kit.one_print("banner", 4, shift=2)
    shape.box((0.82, 0.1, 0.08), (0, 0, 0.01), kit.steel)
    for x in (-0.3, 0.3):
        shape.box((0.04, 0.36, 0.015), (x, 0, 0), kit.steel)
    shape.quad([(0.4, 0.0, 0.09), (-0.4, 0.0, 0.09), (-0.4, -0.01, 1.98), (0.4, -0.01, 1.98)], sheet)
    shape.tube((-0.41, -0.01, 1.99), (0.41, -0.01, 1.99), 0.012, kit.steel)
    shape.tube((0, -0.04, 0.08), (0, -0.04, 1.98), 0.008, kit.dark_steel)
    return shape


@recipe("sign_easel")
def easel(kit: Kit) -> Shape:
    """A picture on a painter's tripod."""
    shape = Shape()
    for x in (-0.3, 0.3):
        shape.tube((x, 0.28, 0), (x * 0.2, -0.02, 1.48), 0.017, kit.wood)
    shape.tube((0, -0.4, 0), (0, -0.03, 1.42), 0.017, kit.wood)
    shape.box((0.6, 0.06, 0.03), (0, 0.2, 0.5), kit.wood)
    face = kit.one_print("poster", 6, shift=3)
    shape.box((0.52, 0.02, 0.76), (0, 0.2, 0.53), (kit.kraft, kit.kraft, kit.kraft, kit.wood, face, kit.wood), tilt=0.2)
    return shape


@recipe("sign_round_foot")
def round_foot(kit: Kit) -> Shape:
    """A round sign on a pole with a heavy foot."""
    shape = Shape()
    shape.lathe([(0, 0.07), (0.05, 0.07), (0.19, 0.03), (0.2, 0.0)], (0, 0, 0), kit.black)
    shape.tube((0, 0, 0.05), (0, 0, 0.95), 0.018, kit.steel)
    ground = kit.paint(("#a6302a", "#2a5f8c", "#c79a36")[kit.variant % 3], rough=0.4)
    shape.tube((0, -0.03, 1.17), (0, 0.03, 1.17), 0.28, ground, sides=24)
    shape.quad([(0.22, 0.034, 1.1), (-0.22, 0.034, 1.1), (-0.22, 0.034, 1.24), (0.22, 0.034, 1.24)], kit.one_print("menu", 5))
    return shape
