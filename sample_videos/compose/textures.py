"""Procedural surfaces: float32 BGR 0..255 (or BGRA with alpha 0..1), made from a seeded generator."""

from __future__ import annotations

from importlib.resources import files

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from sample_videos.compose.camera import Floats, Point

FONT = "NotoSansCJKsc-Regular.otf"
HEAVY_FONT = "SimHei.ttf"


def cloudy(height: int, width: int, rng: np.random.Generator, *, coarsest: int = 4, octaves: int = 5) -> Floats:
    """Fractal value noise around 0, standard deviation 1."""
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        cells = coarsest * 2**octave
        grid = rng.standard_normal((max(2, cells * height // max(height, width)), max(2, cells * width // max(height, width))))
        smooth = cv2.resize(grid.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        total += np.asarray(smooth, dtype=np.float32) / np.float32(1.6**octave)
    return (total / max(float(total.std()), 1e-6)).astype(np.float32)


def plain(height: int, width: int, colour: Point, rng: np.random.Generator, *, stains: float = 6, grain: float = 3) -> Floats:
    """One colour with stains and grain (standard deviations in grey levels)."""
    base = np.empty((height, width, 3), dtype=np.float32)
    base[:] = colour
    base += (cloudy(height, width, rng) * stains + rng.standard_normal((height, width)) * grain)[..., None].astype(np.float32)
    return base


def paving(width_m: float, depth_m: float, rng: np.random.Generator, *, px_per_m: int = 110, tile_m: float = 0.3) -> Floats:
    """Square pavers with joints, each of its own tone, some of them stained or replaced."""
    height, width = round(depth_m * px_per_m), round(width_m * px_per_m)
    rows, columns = int(np.ceil(depth_m / tile_m)), int(np.ceil(width_m / tile_m))
    tones = np.array([138, 146, 152], dtype=np.float32) + rng.standard_normal((rows, columns, 1)).astype(np.float32) * 5
    reddish = rng.random((rows, columns)) < 0.06
    tones[reddish] += np.array([-10, -4, 6], dtype=np.float32)
    texture = np.asarray(
        cv2.resize(tones, (round(columns * tile_m * px_per_m), round(rows * tile_m * px_per_m)), interpolation=cv2.INTER_NEAREST)
    )
    texture = texture[:height, :width].copy()
    texture += (cloudy(height, width, rng, coarsest=6) * 5 + rng.standard_normal((height, width)) * 4)[..., None].astype(np.float32)
    step = tile_m * px_per_m
    for index in range(columns + 1):
        cv2.line(texture, (round(index * step), 0), (round(index * step), height), (104, 110, 114), 2)
    for index in range(rows + 1):
        cv2.line(texture, (0, round(index * step)), (width, round(index * step)), (104, 110, 114), 2)
    for _ in range(60):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(texture, centre, int(rng.integers(2, 5)), tuple(float(v) for v in texture[centre[1], centre[0]] - 22), -1, cv2.LINE_AA)
    return np.asarray(texture, dtype=np.float32)


def tactile(width_m: float, rng: np.random.Generator, *, px_per_m: int = 110, tile_m: float = 0.3) -> Floats:
    """The yellow ribbed strip for the blind (盲道), one tile deep."""
    size = round(tile_m * px_per_m)
    columns = int(np.ceil(width_m / tile_m))
    texture = plain(size, columns * size, (70, 160, 188), rng, stains=7, grain=4)
    for rib in range(4):
        y = round((rib + 0.5) * size / 4)
        cv2.line(texture, (0, y), (texture.shape[1], y), (92, 186, 212), max(2, size // 9))
        cv2.line(texture, (0, y + size // 10), (texture.shape[1], y + size // 10), (48, 120, 146), 2)
    for column in range(columns):
        cv2.line(texture, (column * size, 0), (column * size, size), (50, 104, 122), 2)
    texture += (rng.standard_normal((1, columns, 1)).repeat(size, axis=1)[:, : texture.shape[1]] * 6).astype(np.float32)
    return texture


def asphalt(width_m: float, depth_m: float, rng: np.random.Generator, *, px_per_m: int = 70) -> Floats:
    """Worn asphalt with lighter wheel tracks, cracks and a patch."""
    height, width = round(depth_m * px_per_m), round(width_m * px_per_m)
    texture = plain(height, width, (92, 92, 90), rng, stains=6, grain=9)
    rows = np.linspace(0, depth_m, height, dtype=np.float32)[:, None, None]
    texture += 8 * np.exp(-(((rows - 1.4) / 0.35) ** 2)) + 8 * np.exp(-(((rows - 3.0) / 0.35) ** 2))
    x0, y0 = int(width * 0.62), int(height * 0.25)
    texture[y0 : y0 + height // 4, x0 : x0 + width // 9] *= 0.82
    for _ in range(5):
        start = np.array([rng.integers(width), rng.integers(height)], dtype=np.float64)
        walk = np.cumsum(rng.standard_normal((26, 2)) * [9, 4] + [6, 1], axis=0) + start
        cv2.polylines(texture, [walk.astype(np.int32)], False, (64, 64, 62), 1, cv2.LINE_AA)
    return texture


def wall_tiles(width_m: float, height_m: float, rng: np.random.Generator, *, px_per_m: int = 70) -> Floats:
    """Facade of small glazed tiles, weathered, with water marks from above."""
    height, width = round(height_m * px_per_m), round(width_m * px_per_m)
    texture = plain(height, width, (176, 192, 200), rng, stains=5, grain=3)
    for y in range(0, height, 14):
        cv2.line(texture, (0, y), (width, y), (156, 170, 178), 1)
    for row, y in enumerate(range(0, height, 14)):
        for x in range((row % 2) * 14, width, 28):
            cv2.line(texture, (x, y), (x, y + 14), (156, 170, 178), 1)
    streaks = np.asarray(
        cv2.resize(np.abs(rng.standard_normal((3, width // 6))).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    )
    texture -= (streaks * np.linspace(13, 3, height, dtype=np.float32)[:, None])[..., None]
    return texture


def cardboard(rng: np.random.Generator, label: str = "", *, top: bool = False) -> Floats:
    """A carton's side with print, or its top with a strip of tape."""
    texture = plain(120, 160, (104, 148, 184), rng, stains=4, grain=3)
    if top:
        texture[54:68] = texture[54:68] * 0.5 + np.array([120, 170, 200], dtype=np.float32) * 0.55
        cv2.line(texture, (0, 60), (160, 60), (70, 104, 134), 1)
        return texture
    texture[:14, 70:92] = (132, 178, 206)
    cv2.rectangle(texture, (0, 0), (159, 119), (76, 112, 144), 2)
    if label:
        texture = write(texture, label, (80, 66), 30, (52, 70, 110))
    cv2.rectangle(texture, (12, 88), (44, 108), (60, 80, 112), 2)
    cv2.arrowedLine(texture, (136, 110), (136, 88), (60, 80, 112), 2, tipLength=0.4)
    return texture


def fruit_heap(colour: Point, rng: np.random.Generator, *, size: int = 150) -> Floats:
    """A crate's filling seen from above: shaded balls, the upper ones over the lower ones."""
    texture = np.full((size, size, 3), np.array(colour) * 0.28, dtype=np.float32)
    for radius, count in ((13, 110), (14, 70)):
        for _ in range(count):
            centre = rng.integers(8, size - 8, 2)
            tone = np.array(colour) * (0.82 + 0.3 * rng.random()) + rng.standard_normal(3) * 6
            for share, light in ((1.0, 0.62), (0.85, 0.86), (0.62, 1.0), (0.3, 1.16)):
                at = (int(centre[0] - radius * (1 - share) * 0.5), int(centre[1] - radius * (1 - share) * 0.6))
                cv2.circle(texture, at, round(radius * share), tuple(float(min(v * light, 250)) for v in tone), -1, cv2.LINE_AA)
    return texture


def crate_side(colour: Point, rng: np.random.Generator) -> Floats:
    """A plastic crate's side: rim, ribs and dark slots."""
    texture = plain(90, 160, colour, rng, stains=3, grain=2)
    dark = tuple(float(v * 0.42) for v in colour)
    for y in (30, 50, 70):
        for x in (12, 64, 116):
            cv2.rectangle(texture, (x, y), (x + 34, y + 9), dark, -1)
    texture[:14] *= 1.16
    cv2.line(texture, (0, 15), (160, 15), dark, 2)
    cv2.rectangle(texture, (58, 18), (102, 26), dark, -1)
    return texture


def sign_board(text: str, small: str, ground: Point, ink: Point, rng: np.random.Generator, *, heavy: bool) -> Floats:
    """A shop's sign: name, a line of small print, a frame, slightly faded."""
    texture = plain(170, 760, ground, rng, stains=5, grain=2)
    cv2.rectangle(texture, (5, 5), (754, 164), tuple(float(v) for v in np.array(ground) * 0.6 + 60), 4)
    texture = write(texture, text, (380, 72), 104, ink, heavy=heavy)
    texture = write(texture, small, (380, 145), 26, ink)
    texture *= np.linspace(1.06, 0.9, 170, dtype=np.float32)[:, None, None]
    return texture


def stripes(colour: Point, rng: np.random.Generator) -> Floats:
    """An awning's cloth, with the scalloped lower edge cut out."""
    texture = plain(140, 720, (214, 222, 226), rng, stains=5, grain=2)
    for x in range(0, 720, 80):
        texture[:, x : x + 40] = np.array(colour, dtype=np.float32) + texture[:, x : x + 40] * 0.06
    texture *= np.linspace(1.05, 0.86, 140, dtype=np.float32)[:, None, None]
    alpha = np.ones((140, 720), dtype=np.float32)
    alpha[118:] = 0
    for x in range(20, 720, 40):
        cv2.circle(alpha, (x, 118), 20, 1.0, -1, cv2.LINE_AA)
    return np.dstack([texture, alpha]).astype(np.float32)


def write(texture: Floats, text: str, centre: tuple[int, int], size: int, colour: Point, *, heavy: bool = False) -> Floats:
    """Write text on a texture, centred."""
    mask = PillowImage.new("L", (texture.shape[1], texture.shape[0]), 0)
    ImageDraw.Draw(mask).text(centre, text, fill=255, font=font(size, heavy=heavy), anchor="mm", stroke_width=1 if size > 40 else 0)
    share = (np.asarray(mask, dtype=np.float32) / 255.0)[..., None]
    return (texture * (1 - share) + np.array(colour, dtype=np.float32) * share).astype(np.float32)


def font(size: int, *, heavy: bool = False) -> ImageFont.FreeTypeFont:
    """A font with simplified Chinese glyphs."""
    return ImageFont.truetype(str(files("mplfonts") / "fonts" / (HEAVY_FONT if heavy else FONT)), size)
