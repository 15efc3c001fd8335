"""Pictures without words: boards, cloth, shelves full of wares, leaves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

Rng = np.random.Generator
_WARES = ("#b3332b", "#d9a23a", "#2f6aa5", "#e5e0d2", "#3f8a4c", "#7a4a8c", "#d0703a", "#8fb6c2", "#5b3a26", "#f0d98a")


def grain(picture: Image.Image, rng: Rng, strength: float) -> Image.Image:
    """Wear and fibres: noise of some 8-bit steps."""
    values = np.asarray(picture, float)
    noise = rng.normal(0, strength, values.shape[:2])[..., None]
    coarse = np.asarray(Image.fromarray(rng.normal(128, 40, (8, 8)).clip(0, 255).astype(np.uint8)).resize(picture.size), float) - 128
    return Image.fromarray((values + noise + coarse[..., None] * strength / 40).clip(0, 255).astype(np.uint8))


def kraft(rng: Rng, which: int) -> Image.Image:
    """Plain cardboard."""
    return grain(Image.new("RGB", (96, 96), "#b08658"), rng, 8)


def wood(rng: Rng, which: int) -> Image.Image:
    """Boards with their grain along u."""
    lines = rng.normal(0, 14, (128, 1)) + rng.normal(0, 5, (128, 256))
    base = np.array([166, 128, 86])
    return Image.fromarray((base + lines[..., None] * (1, 0.9, 0.7)).clip(0, 255).astype(np.uint8))


def bricks(rng: Rng, which: int) -> Image.Image:
    """Stacked bricks, seen from their ends and sides."""
    picture = Image.new("RGB", (256, 192), "#5d4a42")
    draw = ImageDraw.Draw(picture)
    for row in range(12):
        for column in range(-1, 9):
            shade = int(rng.integers(-22, 22))
            x = column * 32 + (row % 2) * 16
            draw.rectangle((x + 1, row * 16 + 1, x + 30, row * 16 + 14), fill=(150 + shade, 76 + shade // 2, 58 + shade // 2))
    return grain(picture, rng, 8)


def wares(rng: Rng, which: int) -> Image.Image:
    """One shelf of boxes and bags, front side."""
    picture = Image.new("RGB", (320, 96), "#2b2824")
    draw = ImageDraw.Draw(picture)
    x = 0
    while x < 320:
        wide, high = int(rng.integers(14, 34)), int(rng.integers(56, 92))
        colour = _WARES[int(rng.integers(len(_WARES)))]
        for _ in range(int(rng.integers(1, 4))):
            draw.rectangle((x, 96 - high, x + wide - 2, 96), fill=colour)
            draw.rectangle((x + 3, 96 - high + 10, x + wide - 5, 96 - high + 26), fill="#ece6d6")
            x += wide
    return grain(picture, rng, 6)


def bottles(rng: Rng, which: int) -> Image.Image:
    """Three shelves of drinks, as behind the door of a fridge."""
    picture = Image.new("RGB", (192, 384), "#b9c4c6")
    draw = ImageDraw.Draw(picture)
    for row in range(5):
        floor = 74 + row * 76
        draw.rectangle((0, floor, 192, floor + 4), fill="#7f888a")
        for column in range(9):
            x = 4 + column * 21
            colour = _WARES[int(rng.integers(len(_WARES)))]
            draw.rounded_rectangle((x, floor - 52, x + 17, floor - 1), 4, fill=colour)
            draw.rectangle((x + 5, floor - 62, x + 12, floor - 52), fill="#e8e4da")
            draw.rectangle((x, floor - 38, x + 17, floor - 20), fill="#efeade")
    return grain(picture, rng, 5)


def packs(rng: Rng, which: int) -> Image.Image:
    """Shrink-wrapped bottles from the side."""
    picture = Image.new("RGB", (256, 128), "#aebfc8")
    draw = ImageDraw.Draw(picture)
    label = ("#2f74b5", "#c23a30")[which]
    for column in range(6):
        x = 2 + column * 42
        draw.rounded_rectangle((x, 16, x + 38, 127), 8, fill="#cfdde2")
        draw.rectangle((x + 12, 2, x + 26, 16), fill=label)
        draw.rectangle((x, 56, x + 38, 96), fill=label)
        draw.line((x + 8, 20, x + 8, 124), fill="#f4f8fa", width=3)
    return grain(picture, rng, 5)


def magazines(rng: Rng, which: int) -> Image.Image:
    """A row of covers."""
    picture = Image.new("RGB", (320, 128), "#4a4642")
    draw = ImageDraw.Draw(picture)
    for column in range(5):
        x = 4 + column * 64
        draw.rectangle((x, 6, x + 56, 126), fill=_WARES[int(rng.integers(len(_WARES)))])
        draw.rectangle((x + 4, 10, x + 52, 28), fill="#f0ead8")
        draw.ellipse((x + 12, 44, x + 46, 100), fill=_WARES[int(rng.integers(len(_WARES)))])
    return grain(picture, rng, 5)


def covers(rng: Rng, which: int) -> Image.Image:
    """Phone covers on hooks."""
    picture = Image.new("RGB", (320, 256), ("#e6e3dc", "#34383c")[which])
    draw = ImageDraw.Draw(picture)
    for row in range(4):
        for column in range(10):
            x, y = 5 + column * 32, 6 + row * 63
            colour = _WARES[int(rng.integers(len(_WARES)))]
            draw.rounded_rectangle((x, y, x + 24, y + 50), 5, fill=colour)
            draw.rounded_rectangle((x + 3, y + 3, x + 10, y + 13), 2, fill="#2a2a2c")
    return grain(picture, rng, 4)


def cloth(rng: Rng, which: int) -> Image.Image:
    """Woven patterns: stripes, checks, dots."""
    ground, ink = (
        ("#7b2f3c", "#c9a86a"),
        ("#3a5274", "#d5d2c6"),
        ("#c7b79c", "#7a4b3b"),
        ("#4e6350", "#a9b58c"),
        ("#2a2b33", "#7c8796"),
        ("#b98a8f", "#f0e4de"),
    )[which]
    picture = Image.new("RGB", (128, 128), ground)
    draw = ImageDraw.Draw(picture)
    for step in range(0, 128, 16):
        if which % 3 == 0:
            draw.rectangle((step, 0, step + 5, 128), fill=ink)
        elif which % 3 == 1:
            draw.line((step, 0, step, 128), fill=ink, width=3)
            draw.line((0, step, 128, step), fill=ink, width=3)
        else:
            for other in range(0, 128, 16):
                draw.ellipse((step + 4, other + 4, step + 10, other + 10), fill=ink)
    return grain(picture, rng, 6)


def stripes(rng: Rng, which: int) -> Image.Image:
    """Awning cloth and the red-white-blue tarpaulin."""
    sets: Sequence[tuple[str, ...]] = (
        ("#2f6a49", "#e2ddd0"),
        ("#a83228", "#e2ddd0"),
        ("#2c568f", "#dedbd2"),
        ("#b5362c", "#e0ddd4", "#2f5c9a"),
    )
    colours = sets[which]
    picture = Image.new("RGB", (192, 64))
    draw = ImageDraw.Draw(picture)
    for index in range(12):
        draw.rectangle((index * 16, 0, index * 16 + 15, 64), fill=colours[index % len(colours)])
    return grain(picture, rng, 6)


def carpet(rng: Rng, which: int) -> Image.Image:
    """Pattern of a carpet."""
    ground, ink = (("#7a2a26", "#c8a25a"), ("#31486b", "#b9b7a8"), ("#6d5a3f", "#cdbb92"))[which]
    picture = Image.new("RGB", (128, 256), ground)
    draw = ImageDraw.Draw(picture)
    for y in range(0, 256, 32):
        draw.polygon([(64, y + 2), (110, y + 16), (64, y + 30), (18, y + 16)], outline=ink, width=4)
    draw.rectangle((3, 0, 10, 256), fill=ink)
    draw.rectangle((117, 0, 124, 256), fill=ink)
    return grain(picture, rng, 10)


def leaves(rng: Rng, which: int) -> Image.Image:
    """A twig of leaves with nothing between them (alpha)."""
    picture = Image.new("RGBA", (160, 160), (66, 84, 40, 0))
    draw = ImageDraw.Draw(picture)
    for _ in range(46):
        x, y = rng.uniform(14, 146, 2)
        size, angle = rng.uniform(13, 26), rng.uniform(0, np.pi)
        along, across = np.array([np.cos(angle), np.sin(angle)]) * size, np.array([-np.sin(angle), np.cos(angle)]) * size * 0.45
        shade = rng.uniform(0.65, 1.2)
        base = np.array(((74, 98, 42), (96, 112, 50), (58, 88, 52))[which]) * shade
        middle = np.array([x, y])
        corners = [tuple(middle + v) for v in (along, across, -along, -across)]
        draw.polygon(corners, fill=(*base.clip(0, 255).astype(int).tolist(), 255))
    return picture


def greens(rng: Rng, which: int) -> Image.Image:
    """Leaf vegetables lying side by side."""
    picture = Image.new("RGB", (160, 96), "#39492a")
    draw = ImageDraw.Draw(picture)
    for _ in range(150):
        x, y = rng.uniform(0, 160), rng.uniform(0, 96)
        shade = rng.uniform(0.6, 1.25)
        base = np.array(((92, 132, 52), (120, 148, 78))[which]) * shade
        draw.ellipse((x - 12, y - 5, x + 12, y + 5), fill=tuple(base.clip(0, 255).astype(int).tolist()))
    for _ in range(26):
        x, y = rng.uniform(0, 160), rng.uniform(0, 96)
        draw.line((x, y, x + 14, y + 2), fill="#dde2c4", width=3)
    return grain(picture, rng, 8)


def shoes(rng: Rng, which: int) -> Image.Image:
    """Pairs of shoes on a shelf, from above the toes."""
    picture = Image.new("RGB", (320, 80), "#54504a")
    draw = ImageDraw.Draw(picture)
    for column in range(8):
        colour = ("#2a2a2c", "#e6e2d8", "#7d4a2e", "#97343a", "#34507c")[int(rng.integers(5))]
        for half in (0, 18):
            x = 4 + column * 40 + half
            draw.rounded_rectangle((x, 14, x + 15, 78), 7, fill=colour)
            draw.rounded_rectangle((x + 4, 18, x + 11, 40), 3, fill="#1d1c1b")
    return grain(picture, rng, 5)


def traffic(rng: Rng, which: int) -> Image.Image:
    """No stopping: blue ground, red ring and cross."""
    picture = Image.new("RGB", (128, 128), "#1f4f9c")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 4, 124, 124), outline="#b8251f", width=14)
    draw.line((24, 24, 104, 104), fill="#b8251f", width=13)
    draw.line((104, 24, 24, 104), fill="#b8251f", width=13)
    return picture


def tiles(rng: Rng, which: int) -> Image.Image:
    """Boxes of wall tiles."""
    picture = Image.new("RGB", (192, 192), "#c3b89f")
    draw = ImageDraw.Draw(picture)
    for row in range(6):
        draw.rectangle((0, row * 32, 192, row * 32 + 29), fill=("#cbbfa5", "#bfb196")[row % 2])
        draw.rectangle((20, row * 32 + 7, 90, row * 32 + 22), fill=("#3a6a9a", "#8f3a2e")[which])
    return grain(picture, rng, 9)


def grating(rng: Rng, which: int) -> Image.Image:
    """Cover of a shaft: cast iron with ribs."""
    picture = Image.new("RGB", (128, 128), "#4d4b48")
    draw = ImageDraw.Draw(picture)
    for row in range(0, 128, 16):
        for column in range(0, 128, 16):
            draw.rectangle((column + 3, row + 3, column + 11, row + 11), fill="#656260")
    draw.ellipse((2, 2, 126, 126), outline="#2f2e2c", width=4)
    return grain(picture, rng, 8)


def bark(rng: Rng, which: int) -> Image.Image:
    """Flaking bark of a plane tree, or a plain brown one."""
    base = ("#8b8674", "#5f5142")[which]
    picture = Image.new("RGB", (128, 256), base)
    draw = ImageDraw.Draw(picture)
    for _ in range(90 if which == 0 else 160):
        x, y = rng.uniform(0, 128), rng.uniform(0, 256)
        shade = ("#a7a38f", "#6e6a58", "#b5ae97") if which == 0 else ("#4a3f33", "#6f604e")
        wide = rng.uniform(4, 16) if which == 0 else 2
        draw.ellipse((x, y, x + wide, y + rng.uniform(10, 34)), fill=shade[int(rng.integers(len(shade)))])
    return grain(picture, rng, 10)


PATTERNS: dict[str, tuple[Callable[[Rng, int], Image.Image], int]] = {
    "kraft": (kraft, 1),
    "wood": (wood, 1),
    "bricks": (bricks, 1),
    "wares": (wares, 4),
    "bottles": (bottles, 2),
    "packs": (packs, 2),
    "magazines": (magazines, 2),
    "covers": (covers, 2),
    "cloth": (cloth, 6),
    "stripes": (stripes, 4),
    "carpet": (carpet, 3),
    "leaves": (leaves, 3),
    "greens": (greens, 2),
    "shoes": (shoes, 2),
    "traffic": (traffic, 1),
    "tiles": (tiles, 2),
    "grating": (grating, 1),
    "bark": (bark, 2),
}
"""Families of pictures and how many of each."""
