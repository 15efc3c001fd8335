"""Signs over the shops and sheets on their doors, in simplified Chinese."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sample_videos.generator.fonts import font
from sample_videos.generator.textures.noise import Array, streaked, worn

SIGN_WIDTH = 1024


def rgb(hex_colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers 0..255."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def shaded(colour: tuple[int, int, int], factor: float) -> tuple[int, int, int]:
    """A colour made darker or lighter."""
    red, green, blue = (max(0, min(255, round(c * factor))) for c in colour)
    return red, green, blue


def fitted(text: str, width: float, height: float, *, serif: bool = False) -> ImageFont.FreeTypeFont:
    """The largest font in which the text fits."""
    size = max(8, int(height))
    while size > 8 and font(size, serif=serif).getlength(text) > width:
        size -= 4
    return font(size, serif=serif)


def sign(rng: np.random.Generator, name: str, line: str, colours: tuple[str, str], height_by_width: float) -> Array:
    """A shop sign: name, the small line of its trade, a frame or a mark by chance."""
    width, height = SIGN_WIDTH, max(120, round(SIGN_WIDTH * height_by_width))
    # Printed sheets are never pure: paint and plastic keep within 18..225.
    ground, letters = (rgb_within(colour) for colour in colours)
    serif = bool(rng.random() < 0.35)
    picture = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(picture)
    if rng.random() < 0.4:
        draw.rectangle([0, height * 0.8, width, height], fill=shaded(ground, 0.72))
    if rng.random() < 0.5:
        draw.rectangle([7, 7, width - 8, height - 8], outline=shaded(letters, 0.9), width=4)
    left = 0.0
    if rng.random() < 0.5:
        radius, centre = height * 0.3, height * 0.55
        draw.ellipse([centre - radius, height * 0.42 - radius, centre + radius, height * 0.42 + radius], fill=letters)
        mark = font(int(radius * 1.25), serif=True)
        draw.text((centre, height * 0.42), name[0], font=mark, fill=ground, anchor="mm")
        left = height * 0.8
    big = fitted(name, (width - left) * 0.8, height * 0.56, serif=serif)
    middle = (left + width) / 2
    draw.text((middle + 4, height * 0.42 + 4), name, font=big, fill=shaded(ground, 0.5), anchor="mm")
    draw.text((middle, height * 0.42), name, font=big, fill=letters, anchor="mm", stroke_width=1, stroke_fill=shaded(letters, 0.7))
    draw.text((middle, height * 0.87), line, font=fitted(line, width * 0.7, height * 0.15), fill=letters, anchor="mm")
    return streaked(worn(np.asarray(picture, np.float32), rng, dirt=0.14, grain=2), rng, strength=0.2, density=0.01)


def rgb_within(colour: str) -> tuple[int, int, int]:
    """A colour as plastic and paint show it: neither black nor glaring."""
    red, green, blue = (max(18, min(225, c)) for c in rgb(colour))
    return red, green, blue


def number_plate(rng: np.random.Generator, address: str) -> Array:
    """A blue enamel plate, 256 x 128 pixels: the road above, the number below."""
    road, number = address[:3], address[3:]
    picture = Image.new("RGB", (256, 128), (32, 66, 130))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([4, 4, 251, 123], outline=(206, 210, 214), width=4)
    draw.text((128, 36), road, font=font(42), fill=(218, 220, 222), anchor="mm")
    draw.text((128, 86), number, font=font(50), fill=(218, 220, 222), anchor="mm")
    return worn(np.asarray(picture, np.float32), rng, dirt=0.12, grain=2)


def poster(rng: np.random.Generator, text: str) -> Array:
    """A sheet for a door, 256 x 360 pixels, with big letters one under the other or in rows of two."""
    paper, ink = [((214, 60, 44), (246, 224, 130)), ((226, 220, 204), (186, 34, 30)), ((222, 196, 84), (150, 30, 24))][int(rng.integers(3))]
    picture = Image.new("RGB", (256, 360), paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle([8, 8, 247, 351], outline=ink, width=4)
    rows = [text[i : i + 2] for i in range(0, len(text), 2)]
    size = min(96, 300 // len(rows))
    for index, row in enumerate(rows):
        draw.text((128, 40 + size * (index + 0.5)), row, font=font(int(size * 0.9)), fill=ink, anchor="mm")
    return worn(np.asarray(picture, np.float32), rng, dirt=0.15, grain=2)
