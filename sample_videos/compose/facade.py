"""Paints the row of shops: wall, open interiors, window, signs, awnings, what hangs on the wall."""

from __future__ import annotations

import cv2
import numpy as np

from sample_videos.compose.camera import Floats
from sample_videos.compose.layer import Layer
from sample_videos.compose.layout import FRUIT, HARDWARE, LEFT_X, NOODLES, RIGHT_X, SHOPS, Shop
from sample_videos.compose.solids import paint_box
from sample_videos.compose.textures import fruit_heap, plain, sign_board, stripes, wall_tiles, write

INSIDE_M = 2.2
"""How deep the open shops are."""


def paint_facade(layer: Layer, rng: np.random.Generator) -> None:
    """The whole row, from the back to the front."""
    wall = wall_tiles(RIGHT_X - LEFT_X, 7.0, rng)
    layer.quad([[LEFT_X, 0, 7], [RIGHT_X, 0, 7], [RIGHT_X, 0, 0], [LEFT_X, 0, 0]], wall, 0.94)
    layer.quad(
        [[LEFT_X, 0, 0.28], [RIGHT_X, 0, 0.28], [RIGHT_X, 0, 0], [LEFT_X, 0, 0]], plain(20, 900, (108, 114, 118), rng, stains=10), 0.9
    )
    layer.multiply([[LEFT_X, 0, 0.5], [RIGHT_X, 0, 0.5], [RIGHT_X, 0, 0], [LEFT_X, 0, 0]], 0.86, 0.15)
    _paint_inside(layer, FRUIT, (118, 142, 150), rng)
    _paint_fruit_shelves(layer, rng)
    _paint_inside(layer, NOODLES, (104, 128, 148), rng)
    _paint_noodle_counter(layer, rng)
    _paint_hardware_front(layer, rng)
    _paint_end_wall(layer, rng)
    for shop in SHOPS:
        _paint_pillars_and_sign(layer, shop, rng)
    _paint_upper_wall(layer, rng)


def _paint_inside(layer: Layer, shop: Shop, colour: tuple[float, float, float], rng: np.random.Generator) -> None:
    """An open front: floor, back wall, side walls and ceiling, darker towards the back."""
    left, right, top, back = shop.left_x + 0.3, shop.right_x - 0.3, 2.5, INSIDE_M
    floor = plain(200, 300, (120, 132, 138), rng, stains=6)
    for x in range(0, 300, 50):
        cv2.line(floor, (x, 0), (x, 200), (92, 102, 108), 2)
    for y in range(0, 200, 50):
        cv2.line(floor, (0, y), (300, y), (92, 102, 108), 2)
    floor *= np.linspace(0.42, 0.88, 200, dtype=np.float32)[:, None, None]
    back_wall = plain(160, 220, colour, rng, stains=5) * np.linspace(0.72, 0.5, 160, dtype=np.float32)[:, None, None]
    side = plain(160, 160, colour, rng, stains=5)
    fade = np.linspace(0.8, 0.45, 160, dtype=np.float32)[None, :, None]
    layer.quad([[left, 0, top], [right, 0, top], [right, 0, 0], [left, 0, 0]], plain(40, 40, (40, 44, 48), rng))
    layer.quad([[left, back, top], [right, back, top], [right, back, 0], [left, back, 0]], back_wall)
    layer.quad([[left, 0, top], [left, back, top], [left, back, 0], [left, 0, 0]], side * fade)
    layer.quad([[right, back, top], [right, 0, top], [right, 0, 0], [right, back, 0]], side * fade[:, ::-1] * 0.9)
    layer.quad([[left, back, 0], [right, back, 0], [right, 0, 0], [left, 0, 0]], floor)
    layer.polygon(
        [
            [left + 0.6, back - 0.02, 2.38],
            [right - 0.6, back - 0.02, 2.38],
            [right - 0.6, back - 0.02, 2.3],
            [left + 0.6, back - 0.02, 2.3],
        ],
        (236, 244, 244),
    )


def _paint_fruit_shelves(layer: Layer, rng: np.random.Generator) -> None:
    """Tiers of fruit along the back wall, lit by a lamp."""
    colours = [(40, 140, 235), (50, 60, 205), (60, 190, 225), (70, 170, 120), (60, 205, 235), (90, 60, 120)]
    left, right = FRUIT.left_x + 0.45, FRUIT.right_x - 0.45
    for tier, (y, z) in enumerate(((2.0, 1.25), (1.75, 0.85), (1.5, 0.45))):
        layer.polygon([[left, y, z], [right, y, z], [right, y, 0], [left, y, 0]], (44, 58, 70))
        step = (right - left) / 5
        for index in range(5):
            heap = fruit_heap(colours[(index * 2 + tier) % 6], rng, size=110)
            x0, x1 = left + index * step + 0.03, left + (index + 1) * step - 0.03
            layer.quad([[x0, y + 0.36, z + 0.16], [x1, y + 0.36, z + 0.16], [x1, y, z], [x0, y, z]], heap, 0.78)
            card = write(plain(30, 40, (226, 236, 236), rng, stains=2), f"{3 + (index * 7 + tier * 5) % 9}.8", (20, 15), 17, (40, 40, 200))
            xm = (x0 + x1) / 2
            layer.quad(
                [
                    [xm - 0.1, y - 0.01, z + 0.02],
                    [xm + 0.1, y - 0.01, z + 0.02],
                    [xm + 0.1, y - 0.01, z - 0.13],
                    [xm - 0.1, y - 0.01, z - 0.13],
                ],
                card,
                0.85,
            )


def _paint_noodle_counter(layer: Layer, rng: np.random.Generator) -> None:
    left, right = NOODLES.left_x, NOODLES.right_x
    menu = plain(120, 260, (36, 40, 120), rng, stains=3)
    for index, dish in enumerate(("葱油拌面 12", "红烧牛肉面 22", "菜肉馄饨 14", "小笼 一客 12")):
        menu = write(menu, dish, (130, 22 + 26 * index), 20, (150, 225, 245))
    layer.quad([[left + 0.7, 2.18, 2.15], [right - 0.9, 2.18, 2.15], [right - 0.9, 2.18, 1.3], [left + 0.7, 2.18, 1.3]], menu, 0.9)
    counter = plain(60, 200, (96, 120, 140), rng, stains=6)
    paint_box(layer, (right - 1.1, 1.7, 0), (1.4, 0.5, 1.0), (counter * 0.62, counter * 0.5, counter * 0.8))
    wood = plain(40, 60, (70, 106, 140), rng, stains=8)
    paint_box(layer, (left + 1.0, 1.45, 0.7), (1.0, 0.7, 0.05), (wood * 0.6, wood * 0.5, wood * 0.8))
    for dx in (-0.42, 0.42):
        layer.line([[left + 1.0 + dx, 1.15, 0.0], [left + 1.0 + dx, 1.15, 0.7]], (50, 54, 58), 0.05)


def _paint_hardware_front(layer: Layer, rng: np.random.Generator) -> None:
    """A shop window with goods behind glass, and a glass door."""
    left = HARDWARE.left_x + 0.32
    goods = plain(150, 230, (62, 70, 74), rng, stains=6)
    for row in range(4):
        cv2.line(goods, (0, 34 + 36 * row), (230, 34 + 36 * row), (104, 120, 128), 3)
        x = 4
        while x < 216:
            width, height = int(rng.integers(9, 24)), int(rng.integers(12, 28))
            tone = tuple(float(v) for v in rng.integers(50, 190, 3))
            cv2.rectangle(goods, (x, 33 + 36 * row - height), (x + width, 33 + 36 * row), tone, -1)
            x += width + int(rng.integers(2, 9))
    goods = np.asarray(cv2.GaussianBlur(goods, (0, 0), 0.9))
    _glass(layer, (left, left + 1.85), (0.55, 2.4), goods)
    door = plain(200, 100, (70, 80, 84), rng, stains=8)
    door *= np.linspace(1.1, 0.8, 200, dtype=np.float32)[:, None, None]
    _glass(layer, (left + 1.98, left + 3.02), (0.04, 2.4), door)
    layer.line([[left + 2.12, -0.02, 0.95], [left + 2.12, -0.02, 1.35]], (200, 204, 206), 0.045)
    notice = write(plain(60, 60, (40, 48, 190), rng, stains=2), "推", (30, 30), 40, (235, 240, 240))
    layer.quad([[left + 2.2, -0.01, 1.3], [left + 2.4, -0.01, 1.3], [left + 2.4, -0.01, 1.1], [left + 2.2, -0.01, 1.1]], notice)
    sill = plain(12, 100, (160, 166, 170), rng)
    layer.quad([[left - 0.08, -0.03, 0.55], [left + 1.93, -0.03, 0.55], [left + 1.93, -0.03, 0.46], [left - 0.08, -0.03, 0.46]], sill)
    layer.quad(
        [[left - 0.04, 0, 0.46], [left + 1.9, 0, 0.46], [left + 1.9, 0, 0], [left - 0.04, 0, 0]],
        plain(40, 160, (118, 108, 98), rng, stains=7),
        0.9,
    )


def _glass(layer: Layer, across: tuple[float, float], upright: tuple[float, float], behind: Floats) -> None:
    """A pane in an aluminium frame: what is behind it, under the reflection of a bright street."""
    (left, right), (low, high) = across, upright
    height, width = behind.shape[:2]
    shine = np.zeros((height, width), dtype=np.float32)
    for x in (width * 0.15, width * 0.62):
        points = np.array([[x, 0], [x + width * 0.16, 0], [x - width * 0.1, height], [x - width * 0.26, height]], dtype=np.int32)
        cv2.fillPoly(shine, [points], 1.0, cv2.LINE_AA)
    shine = np.asarray(cv2.GaussianBlur(shine, (0, 0), 4)) * 26 + np.linspace(34, 6, height, dtype=np.float32)[:, None]
    pane = behind * 0.72 + shine[..., None] * np.array([1.1, 1.04, 1.0], dtype=np.float32)
    layer.quad([[left, 0, high], [right, 0, high], [right, 0, low], [left, 0, low]], pane.astype(np.float32))
    frame = [[left, 0, low], [left, 0, high], [right, 0, high], [right, 0, low], [left, 0, low]]
    layer.line(frame, (188, 194, 198), 0.06)
    layer.line([[(left + right) / 2, 0, low], [(left + right) / 2, 0, high]], (176, 182, 186), 0.035)
    layer.multiply([[left, 0, high], [right, 0, high], [right, 0, high - 0.3], [left, 0, high - 0.3]], 0.75, 0.1)


def _paint_end_wall(layer: Layer, rng: np.random.Generator) -> None:
    """The blank wall beyond the last shop: a notice board, a meter box, a downpipe, a house number."""
    base = NOODLES.right_x
    layer.line([[base + 0.3, -0.05, 0], [base + 0.3, -0.05, 7]], (150, 156, 160), 0.1)
    layer.line([[base + 0.33, -0.06, 0], [base + 0.33, -0.06, 7]], (118, 124, 128), 0.03)
    board = plain(120, 200, (200, 208, 210), rng, stains=3)
    cv2.rectangle(board, (0, 0), (199, 22), (60, 70, 170), -1)
    board = write(board, "社区公告栏", (100, 11), 17, (235, 240, 240))
    for _ in range(6):
        x, y = int(rng.integers(6, 150)), int(rng.integers(28, 80))
        tone = tuple(float(v) for v in rng.integers(150, 245, 3))
        cv2.rectangle(board, (x, y), (x + 38, y + 32), tone, -1)
        for line in range(4):
            cv2.line(board, (x + 4, y + 7 + 6 * line), (x + 32, y + 7 + 6 * line), (120, 120, 120), 1)
    layer.quad([[base + 1.3, -0.06, 2.05], [base + 3.0, -0.06, 2.05], [base + 3.0, -0.06, 1.0], [base + 1.3, -0.06, 1.0]], board, 0.95)
    frame = [
        [base + 1.3, -0.07, 1.0],
        [base + 1.3, -0.07, 2.05],
        [base + 3.0, -0.07, 2.05],
        [base + 3.0, -0.07, 1.0],
        [base + 1.3, -0.07, 1.0],
    ]
    layer.line(frame, (150, 156, 160), 0.05)
    layer.multiply([[base + 1.4, 0, 0.98], [base + 3.1, 0, 0.98], [base + 3.1, 0, 0.85], [base + 1.4, 0, 0.85]], 0.75, 0.08)
    paint_box(layer, (base + 0.8, -0.1, 1.25), (0.45, 0.2, 0.6), tuple3_faces(plain(40, 30, (150, 158, 160), rng)))
    plate = write(plain(30, 80, (150, 80, 30), rng, stains=2), "宝兴路 128", (40, 15), 15, (240, 240, 240))
    layer.quad([[base + 3.5, -0.02, 2.3], [base + 4.1, -0.02, 2.3], [base + 4.1, -0.02, 2.08], [base + 3.5, -0.02, 2.08]], plate)


def tuple3_faces(face: Floats) -> tuple[Floats, Floats, Floats]:
    """The same face for front, side and top."""
    return face, face, face


def _paint_pillars_and_sign(layer: Layer, shop: Shop, rng: np.random.Generator) -> None:
    stone = plain(120, 16, (150, 156, 160), rng, stains=7)
    for x in (shop.left_x, shop.right_x - 0.3):
        layer.quad([[x, -0.04, 2.62], [x + 0.3, -0.04, 2.62], [x + 0.3, -0.04, 0], [x, -0.04, 0]], stone, 0.95)
    step = plain(10, 200, (158, 164, 168), rng, stains=7)
    layer.quad(
        [
            [shop.left_x + 0.3, 0.03, 0.02],
            [shop.right_x - 0.3, 0.03, 0.02],
            [shop.right_x - 0.3, -0.1, 0.02],
            [shop.left_x + 0.3, -0.1, 0.02],
        ],
        step,
    )
    x0, x1, low, high = shop.left_x + 0.06, shop.right_x - 0.06, 2.72, 3.55
    layer.multiply([[x0, 0, low], [x1, 0, low], [x1, 0, low - 0.3], [x0, 0, low - 0.3]], 0.66, 0.12)
    layer.polygon([[x0, 0, high], [x0, -0.16, high], [x0, -0.16, low], [x0, 0, low]], (110, 116, 120))
    board = sign_board(shop.name, shop.small, shop.ground, shop.ink, rng, heavy=shop.heavy)
    layer.quad([[x0, -0.16, high], [x1, -0.16, high], [x1, -0.16, low], [x0, -0.16, low]], board)
    layer.line([[x0, -0.16, high], [x1, -0.16, high]], (206, 210, 212), 0.04)
    if shop.awning:
        cloth = stripes(shop.awning, rng)
        layer.multiply([[x0, -0.02, 2.7], [x1, -0.02, 2.7], [x1, -0.02, 1.9], [x0, -0.02, 1.9]], 0.72, 0.2)
        layer.multiply([[x0 + 0.5, -0.02, 0], [x1 + 0.9, -0.02, 0], [x1 + 0.9, -0.5, 0], [x0 + 0.5, -0.5, 0]], 0.78, 0.2)
        layer.quad([[x0, -0.1, 2.74], [x1, -0.1, 2.74], [x1, -0.95, 2.3], [x0, -0.95, 2.3]], cloth, 1.02)


def _paint_upper_wall(layer: Layer, rng: np.random.Generator) -> None:
    """First-floor windows, air conditioners and cables."""
    for x in np.arange(-6.9, 11, 3.1):
        curtain = plain(60, 80, (120, 128, 128), rng, stains=10)
        _glass(layer, (float(x), float(x) + 1.5), (4.35, 5.7), np.asarray(curtain * 0.7, dtype=np.float32))
        sill = plain(10, 60, (168, 174, 178), rng)
        layer.quad([[x - 0.1, -0.1, 4.35], [x + 1.6, -0.1, 4.35], [x + 1.6, -0.1, 4.25], [x - 0.1, -0.1, 4.25]], sill)
        unit = plain(60, 90, (206, 210, 210), rng, stains=5)
        cv2.circle(unit, (32, 30), 23, (120, 126, 128), -1, cv2.LINE_AA)
        for radius in (6, 11, 16, 21):
            cv2.circle(unit, (32, 30), radius, (168, 174, 176), 1, cv2.LINE_AA)
        layer.multiply([[x + 1.9, 0, 4.3], [x + 2.9, 0, 4.3], [x + 2.9, 0, 3.6], [x + 1.9, 0, 3.6]], 0.75, 0.1)
        paint_box(layer, (x + 2.2, -0.2, 3.72), (0.85, 0.34, 0.56), (unit, unit[:, :20], unit[:12]))
    for z, sag in ((3.95, 0.14), (4.08, 0.2), (4.0, 0.09)):
        xs = np.linspace(LEFT_X, RIGHT_X, 60)
        layer.line([[x, -0.12, z - sag * abs(np.sin(x * 0.7))] for x in xs], (52, 54, 56), 0.02)
