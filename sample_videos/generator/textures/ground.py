"""Pavements, kerbs and roads. Every texture meets itself at its edges."""

from __future__ import annotations

import cv2
import numpy as np

from sample_videos.generator.textures.noise import Array, clouds, spotted, worn

SIZE = 1024
"""Pixels of a side."""
Rgb = tuple[int, int, int]


def rows_of(columns: int, rows: int, *, shift: float = 0.0) -> Array:
    """Which stone covers each pixel: stones in rows, every second row shifted by that part of a stone."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    row = y * rows // SIZE
    moved = (x * columns / SIZE + (row % 2) * shift) % columns
    return np.asarray(row * columns + moved.astype(int))


def herringbone(cells: int) -> Array:
    """Which stone covers each pixel: stones of one by two cells in a zigzag; cells: a multiple of four."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] * cells // SIZE
    kind = (x - y) % 4
    first_x, first_y = np.where(kind == 1, x - 1, x) % cells, np.where(kind == 2, y - 1, y) % cells
    return np.asarray(first_y * cells + first_x)


def hexagons(columns: int, rows: int) -> Array:
    """Which stone covers each pixel: six-cornered stones; rows: an even number."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    nearest = np.full(x.shape, 9.0, np.float32)
    found = np.zeros(x.shape, int)
    for step in range(-1, 3):
        row = np.floor(y * rows).astype(int) + step
        offset = (row % 2) / 2
        column = np.round(x * columns - offset).astype(int)
        # In units of a column's width; a row's pitch is sqrt(3)/2 of it.
        across, down = x * columns - offset - column, (y * rows - row) * 0.866
        distance = across**2 + down**2
        nearer = distance < nearest
        nearest = np.where(nearer, distance, nearest)
        found = np.where(nearer, (row % rows) * columns + column % columns, found)
    return found


def laid(rng: np.random.Generator, stones: Array, colours: list[Rgb], *, spread: float = 7, joint: int = 3, dark: float = 0.6) -> Array:
    """Stones of these colours with joints; spread: how much one differs from the next in grey levels, joint in pixels."""
    count = int(stones.max()) + 1
    shades = np.array(colours, np.float32)[rng.integers(0, len(colours), count)] + rng.normal(0, spread, (count, 1))
    picture = shades[stones].astype(np.float32)
    edge = ((stones != np.roll(stones, 1, 0)) | (stones != np.roll(stones, 1, 1))).astype(np.float32)
    wide = cv2.dilate(edge, np.ones((joint, joint), np.uint8))
    lit = np.clip(np.roll(wide, (joint, joint), (0, 1)) - wide, 0, 1)
    return np.asarray(picture * (1 - (1 - dark) * wide)[..., None] * (1 + 0.06 * lit)[..., None])


def slabs(rng: np.random.Generator) -> Array:
    """Square concrete slabs, two greys."""
    picture = laid(rng, rows_of(9, 9), [(164, 158, 147), (156, 152, 144), (168, 160, 146)], spread=6)
    return spotted(worn(picture, rng, dirt=0.28), rng, 60, (2, 5), 0.75)


def small_slabs(rng: np.random.Generator) -> Array:
    """Old small slabs in a shifted bond, uneven and patched."""
    picture = laid(
        rng, rows_of(8, 12, shift=0.5), [(146, 140, 130), (152, 147, 138), (134, 130, 122), (158, 148, 132)], spread=9, dark=0.52
    )
    return spotted(worn(picture, rng, dirt=0.4), rng, 130, (2, 7), 0.7)


def granite(rng: np.random.Generator) -> Array:
    """Large flamed granite in two tones, tight joints."""
    picture = laid(rng, rows_of(8, 16, shift=0.5), [(172, 168, 163), (166, 163, 159), (150, 147, 144)], spread=4, joint=2, dark=0.72)
    speckle = rng.normal(0, 9, (SIZE, SIZE, 1))
    return worn(picture + speckle, rng, dirt=0.16)


def terrazzo(rng: np.random.Generator) -> Array:
    """Squares of terrazzo with chips, yellowish and greenish grey in a chequer."""
    stones = rows_of(4, 4)
    columns, rows = stones % 4, stones // 4
    picture = np.where(((columns + rows) % 2)[..., None], (168.0, 158.0, 138.0), (140.0, 142.0, 132.0)).astype(np.float32)
    chips = clouds(rng, (SIZE, SIZE), cells=128, octaves=2)
    picture += np.where(chips > 0.66, 26, np.where(chips < 0.36, -30, 0))[..., None]
    joints = laid(rng, stones, [(255, 255, 255)], spread=0, joint=2, dark=0.65) / 255
    return worn(picture * joints, rng, dirt=0.25)


def concrete(rng: np.random.Generator) -> Array:
    """Cast concrete in fields, swept, with cracks and oil."""
    picture = laid(rng, rows_of(2, 2), [(140, 137, 130), (134, 131, 125)], spread=4, joint=6, dark=0.6)
    picture += (28 * (clouds(rng, (SIZE, SIZE), cells=8, octaves=6, fall=0.7) - 0.5))[..., None]
    return spotted(cracked(worn(picture, rng, dirt=0.45), rng, 4, 0.68), rng, 40, (3, 12), 0.8)


def red_brick(rng: np.random.Generator) -> Array:
    """Red paving bricks in a shifted bond, some greyish."""
    picture = laid(
        rng, rows_of(8, 16, shift=0.5), [(164, 110, 90), (172, 118, 98), (154, 104, 88), (162, 128, 112)], spread=8, joint=4, dark=0.68
    )
    return worn(picture, rng, dirt=0.3)


def hexagon_tiles(rng: np.random.Generator) -> Array:
    """Six-cornered concrete tiles, grey with faded red ones."""
    picture = laid(rng, hexagons(10, 12), [(160, 156, 148), (152, 149, 142), (166, 161, 150), (168, 132, 116)], spread=6, dark=0.58)
    return spotted(worn(picture, rng, dirt=0.32), rng, 70, (2, 6), 0.75)


def zigzag(rng: np.random.Generator) -> Array:
    """Grey clinker in a zigzag, three tones."""
    picture = laid(rng, herringbone(20), [(150, 147, 143), (136, 134, 132), (160, 155, 147)], spread=6, dark=0.62)
    return worn(picture, rng, dirt=0.22)


def tactile(rng: np.random.Generator) -> Array:
    """Four yellow tiles of the tactile strip; its bars run along u."""
    picture = laid(rng, rows_of(4, 4), [(184, 150, 70), (176, 144, 70), (190, 154, 66)], spread=5, joint=6, dark=0.6)
    y = np.arange(SIZE) % (SIZE // 4)
    bars = np.zeros(SIZE, np.float32)
    for bar in range(4):
        middle = (bar + 0.5) * SIZE / 16
        bars += np.where(np.abs(y - middle) < 17, 0.1, 0) - np.where((y - middle >= 17) & (y - middle < 28), 0.28, 0)
    return worn(picture * (1 + bars)[:, None, None], rng, dirt=0.35)


def asphalt(rng: np.random.Generator, grey: float, wear: float, patches: int) -> Array:
    """Asphalt of that grey level; wear 0..1 brings cracks and polish, patches are darker mended places."""
    picture = np.full((SIZE, SIZE, 3), grey, np.float32) * (1, 0.99, 0.97)
    picture += rng.normal(0, 9, (SIZE, SIZE, 1)) + (18 * wear * (clouds(rng, (SIZE, SIZE), octaves=7, fall=0.7) - 0.5))[..., None]
    for _ in range(patches):
        x, y, width, height = rng.integers(80, SIZE - 420, 2).tolist() + rng.integers(120, 330, 2).tolist()
        picture[y : y + height, x : x + width] *= 0.8
        cv2.rectangle(picture, (x, y), (x + width, y + height), (grey * 0.62,) * 3, 5)
    return cracked(worn(picture, rng, dirt=0.3 * wear + 0.08, grain=5), rng, round(9 * wear), 0.66)


def concrete_road(rng: np.random.Generator) -> Array:
    """A road of cast concrete with wide joints."""
    picture = laid(rng, rows_of(1, 2), [(116, 115, 110), (111, 110, 106)], spread=3, joint=8, dark=0.5)
    return cracked(worn(picture, rng, dirt=0.4, grain=6), rng, 5, 0.66)


def cracked(picture: Array, rng: np.random.Generator, count: int, level: float) -> Array:
    """Cracks that wander, darker by the factor level."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    for _ in range(count):
        steps = rng.normal(0, 0.28, 90).cumsum() + rng.uniform(0, 6.28)
        path = rng.integers(0, SIZE, 2) + np.stack([np.cos(steps), np.sin(steps)], -1).cumsum(0) * 11
        cv2.polylines(mask, [path.astype(np.int32)], False, 255, 2, cv2.LINE_AA)
    return np.asarray(picture * (1 - (1 - level) * (mask / 255.0))[..., None])
