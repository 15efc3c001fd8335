"""House walls, windows, shutters, awnings and what stands across the road."""

from __future__ import annotations

import cv2
import numpy as np

from sample_videos.generator.textures.ground import SIZE, Rgb, laid, rows_of
from sample_videos.generator.textures.noise import Array, clouds, streaked, worn


def render(rng: np.random.Generator, colour: Rgb, dirt: float = 0.3) -> Array:
    """Painted render; a tile of three metres."""
    picture = np.full((SIZE, SIZE, 3), colour, np.float32)
    picture += (14 * (clouds(rng, (SIZE, SIZE), cells=32, octaves=5) - 0.5))[..., None]
    return streaked(worn(picture, rng, dirt=dirt), rng, strength=dirt * 0.5)


def brick(rng: np.random.Generator) -> Array:
    """Old red brick, twelve by forty to three metres."""
    stones = rows_of(12, 40, shift=0.5)
    picture = laid(rng, stones, [(142, 84, 66), (130, 76, 60), (150, 94, 74), (118, 74, 62)], spread=9, joint=4, dark=1.0)
    edge = ((stones != np.roll(stones, 1, 0)) | (stones != np.roll(stones, 1, 1))).astype(np.float32)
    mortar = cv2.dilate(edge, np.ones((4, 4), np.uint8))[..., None]
    picture = picture * (1 - mortar) + mortar * (156.0, 148.0, 136.0)
    return streaked(worn(picture, rng, dirt=0.35), rng, strength=0.15)


def tiles(rng: np.random.Generator, colour: Rgb, columns: int, rows: int, *, shift: float = 0.0, dark: float = 0.8) -> Array:
    """Small glazed tiles, or panels where columns and rows are few."""
    picture = laid(rng, rows_of(columns, rows, shift=shift), [colour], spread=4, joint=3, dark=dark)
    return streaked(worn(picture, rng, dirt=0.22), rng, strength=0.2)


def concrete_wall(rng: np.random.Generator) -> Array:
    """Raw concrete with the marks of its boards."""
    picture = laid(rng, rows_of(2, 3), [(158, 154, 147), (150, 147, 141)], spread=4, joint=3, dark=0.75)
    return streaked(worn(picture, rng, dirt=0.45), rng, strength=0.35, density=0.03)


def shutter(rng: np.random.Generator, colour: Rgb) -> Array:
    """A roller shutter of thirty slats with dirt at its foot."""
    slat = np.arange(SIZE) % (SIZE / 30) / (SIZE / 30)
    shade = 0.86 + 0.2 * np.sin(slat * 2 * np.pi) - 0.25 * (slat > 0.93)
    foot = 1 - 0.35 * np.linspace(0, 1, SIZE) ** 5
    picture = np.ones((SIZE, SIZE, 3), np.float32) * colour * (shade * foot)[:, None, None]
    return streaked(worn(picture, rng, dirt=0.3), rng, strength=0.2)


def awning(rng: np.random.Generator, colour: Rgb, other: Rgb) -> Array:
    """Striped cloth, faded."""
    stripe = (np.arange(SIZE) * 12 // SIZE) % 2
    picture = np.where(stripe[None, :, None], np.array(colour, np.float32), np.array(other, np.float32)) * np.ones((SIZE, 1, 1), np.float32)
    return worn(picture, rng, dirt=0.3)


def window(rng: np.random.Generator, frame: Rgb, lit: bool = False) -> Array:
    """A two-leaved window, 256 x 288 pixels: glass with a curtain behind it."""
    height, width = 288, 256
    if lit:
        picture = np.full((height, width, 3), (238, 206, 150), np.float32) * np.linspace(1, 0.75, height)[:, None, None]
    else:
        sky = np.linspace(1.5, 0.7, height)[:, None, None]
        picture = np.array((62.0, 74.0, 82.0)) * sky * (0.8 + 0.4 * clouds(rng, (height, width), cells=2, octaves=3))[..., None]
    curtain = np.array(
        [(196, 184, 160), (150, 96, 90), (110, 124, 140), (206, 204, 198), (140, 150, 120)][int(rng.integers(5))], np.float32
    )
    for side in (0, 1):
        reach = int(width * rng.uniform(0.05, 0.4))
        folds = 0.8 + 0.2 * np.sin(np.arange(reach) / rng.uniform(3, 6))
        drawn = curtain * folds[None, :, None] * (1.0 if lit else 0.62)
        if side:
            picture[:, width - reach :] = drawn
        else:
            picture[:, :reach] = drawn
    for x in (0, width // 2, width):
        cv2.rectangle(picture, (x - 9, 0), (x + 9, height), frame, -1)
    for y in (0, height // 4, height):
        cv2.rectangle(picture, (0, y - 7), (width, y + 7), frame, -1)
    return worn(picture, rng, dirt=0.1, grain=2)


def far_houses(rng: np.random.Generator, wall: Rgb, columns: int, storeys: int, shops: bool) -> Array:
    """A whole front across the road with windows, and shops below where there are some."""
    picture = np.full((SIZE, SIZE, 3), wall, np.float32)
    storey = SIZE // storeys
    for row in range(storeys):
        ground = row == storeys - 1
        for column in range(columns):
            left, width = column * SIZE // columns, SIZE // columns
            if ground and shops:
                sign = rng.integers(40, 190, 3)
                picture[row * storey : row * storey + storey // 4, left + 3 : left + width - 3] = sign
                picture[row * storey + storey // 4 : SIZE, left + 8 : left + width - 8] = rng.choice([52, 66, 128])
            elif not (ground and row):
                top, side = row * storey + storey // 4, left + width // 4
                shade = np.array((66, 76, 84)) * rng.uniform(0.7, 1.4)
                picture[top - 4 : top + storey // 2 + 4, side - 4 : side + width // 2 + 4] = np.minimum(np.array(wall) * 1.15, 230)
                picture[top : top + storey // 2, side : side + width // 2] = shade
                if rng.random() < 0.4:
                    picture[top + storey // 2 + 6 : top + storey * 2 // 3, side : side + width // 5] = (196, 196, 190)
    return streaked(worn(picture, rng, dirt=0.3), rng, strength=0.25)
