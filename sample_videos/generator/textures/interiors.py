"""Back and side walls of shops, by what stands on their shelves: 1024 x 720 pixels for about 4.2 x 2.9 metres."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from sample_videos.generator.fonts import font
from sample_videos.generator.textures.noise import Array, worn

WIDTH, HEIGHT = 1024, 720
GOODS = (
    (176, 40, 34),
    (206, 168, 52),
    (46, 86, 146),
    (212, 210, 202),
    (62, 126, 70),
    (212, 112, 42),
    (108, 62, 124),
    (40, 40, 44),
    (168, 134, 96),
    (90, 160, 180),
)
FRUIT = ((206, 92, 26), (166, 32, 30), (96, 134, 42), (212, 176, 52), (120, 44, 78), (70, 116, 50))
GREENS = ((58, 104, 44), (84, 132, 54), (44, 84, 48), (206, 90, 120), (214, 190, 70), (200, 60, 54), (224, 214, 220))
CLOTH = ((46, 50, 66), (150, 46, 58), (206, 198, 184), (60, 90, 130), (96, 84, 70), (190, 150, 160), (70, 104, 84), (30, 30, 32))
DISHES = ("牛肉面", "鲜肉馄饨", "葱油拌面", "蛋炒饭", "小笼包", "红烧肉饭", "酸辣粉", "豆浆")
BACKDROPS = ((196, 190, 180), (60, 54, 58), (150, 40, 44), (210, 200, 170), (104, 122, 140))
BARGAINS = ("五折", "新品", "-30%", "SALE", "清仓", "换季", "50%", "上新")
Colour = tuple[int, int, int]


def varied(rng: np.random.Generator, colour: Colour, spread: float = 0.2) -> Colour:
    """That colour, a little lighter or darker."""
    factor = rng.uniform(1 - spread, 1 + spread)
    red, green, blue = (int(min(235, c * factor)) for c in colour)
    return red, green, blue


def one_of(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    """A random one of the colours, varied."""
    return varied(rng, colours[int(rng.integers(len(colours)))])


def boards(draw: ImageDraw.ImageDraw, levels: list[int], colour: Colour) -> None:
    """Shelf boards with a price rail and the shadow beneath."""
    for level in levels:
        draw.rectangle([0, level, WIDTH, level + 9], fill=colour)
        draw.rectangle([0, level + 10, WIDTH, level + 26], fill=(44, 40, 36))


def packets(rng: np.random.Generator, draw: ImageDraw.ImageDraw, low: tuple[int, int], wide: tuple[int, int], labels: bool) -> None:
    """Rows of packets or bottles on six boards; low and wide: least and greatest height and width in pixels."""
    levels = list(range(118, HEIGHT, 116))
    boards(draw, levels, (186, 182, 172))
    for level in levels:
        x = 4
        while x < WIDTH:
            width, height, colour = int(rng.integers(*wide)), int(rng.integers(*low)), one_of(rng, GOODS)
            for _ in range(int(rng.integers(1, 6))):
                draw.rectangle([x, level - height, x + width - 3, level - 1], fill=colour)
                draw.line([x + 1, level - height, x + 1, level - 1], fill=varied(rng, colour, 0.4))
                if labels:
                    draw.rectangle([x + 3, level - int(height * 0.66), x + width - 6, level - int(height * 0.34)], fill=(206, 200, 184))
                x += width
            x += int(rng.integers(0, 14))


def boxes(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Packets of every size."""
    packets(rng, draw, (46, 88), (26, 84), True)


def bottles(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Bottles and cartons side by side, small ones."""
    packets(rng, draw, (52, 90), (15, 30), True)


def fruit(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Slanted trays full of fruit or vegetables, a mirror above."""
    draw.rectangle([0, 40, WIDTH, 190], fill=(126, 134, 136))
    for level in range(200, HEIGHT - 40, 130):
        for left in range(0, WIDTH, 128):
            colour = FRUIT[int(rng.integers(len(FRUIT)))]
            draw.rectangle([left + 2, level, left + 125, level + 112], fill=(54, 46, 38))
            for _ in range(70):
                x, y = left + int(rng.integers(8, 110)), level + int(rng.integers(4, 88))
                draw.ellipse([x, y, x + 18, y + 18], fill=varied(rng, colour, 0.3))
            draw.rectangle([left + 40, level + 84, left + 86, level + 108], fill=(214, 206, 170))


def rails(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Two rails of hanging clothes."""
    for top, length in ((70, 270), (400, 280)):
        draw.line([0, top, WIDTH, top], fill=(180, 180, 176), width=6)
        x = 10
        while x < WIDTH - 20:
            width = int(rng.integers(14, 36))
            foot = top + int(length * rng.uniform(0.7, 1.0))
            colour = one_of(rng, CLOTH)
            draw.polygon([(x, top + 22), (x + width // 2, top + 6), (x + width, top + 22), (x + width, foot), (x, foot)], fill=colour)
            draw.line([x, top + 24, x, foot], fill=(24, 24, 26), width=2)
            x += width + (60 if rng.random() < 0.06 else 0)


def drawers(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """A wall of small wooden drawers below, jars and boxes above."""
    packets(rng, draw, (50, 92), (34, 60), True)
    draw.rectangle([0, 350, WIDTH, HEIGHT], fill=(96, 60, 38))
    for y in range(356, HEIGHT - 30, 58):
        for x in range(4, WIDTH - 40, 74):
            draw.rectangle([x, y, x + 68, y + 52], fill=varied(rng, (124, 80, 50), 0.12), outline=(66, 40, 26))
            draw.rectangle([x + 20, y + 8, x + 48, y + 22], fill=(206, 190, 150))
            draw.ellipse([x + 29, y + 30, x + 39, y + 40], fill=(190, 160, 80))


def mirrors(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Mirrors with lit frames, a counter with flasks, posters of hair."""
    draw.rectangle([0, 0, WIDTH, HEIGHT], fill=(190, 184, 176))
    for left in range(40, WIDTH - 150, 240):
        draw.rectangle([left - 8, 140, left + 158, 478], fill=(222, 214, 196))
        draw.rectangle([left, 150, left + 150, 470], fill=varied(rng, (112, 124, 132), 0.15))
        draw.polygon([(left, 470), (left + 80, 150), (left + 120, 150), (left + 40, 470)], fill=(134, 146, 154))
    draw.rectangle([0, 490, WIDTH, 520], fill=(110, 78, 56))
    for x in range(20, WIDTH, 46):
        draw.rectangle([x, 452, x + 14, 490], fill=one_of(rng, GOODS))
    draw.rectangle([0, 520, WIDTH, HEIGHT], fill=(76, 70, 68))


def flowers(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Buckets of flowers on steps."""
    for level in (230, 430, 640):
        draw.rectangle([0, level, WIDTH, level + 14], fill=(120, 92, 66))
        for x in range(30, WIDTH, 84):
            draw.polygon(
                [(x, level - 64), (x + 56, level - 64), (x + 48, level), (x + 8, level)], fill=one_of(rng, ((70, 76, 80), (170, 170, 164)))
            )
            colour = GREENS[int(rng.integers(3, len(GREENS)))]
            for index in range(70):
                px, py = x + 28 + rng.normal(0, 22), level - 96 + rng.normal(0, 30)
                tone = one_of(rng, GREENS[:3]) if index < 36 else varied(rng, colour, 0.25)
                draw.ellipse([px - 8, py - 8, px + 8, py + 8], fill=tone)


def menu(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """The board with dishes and prices over a tiled wall and the hatch to the kitchen."""
    draw.rectangle([0, 0, WIDTH, HEIGHT], fill=(198, 192, 178))
    for y in range(300, HEIGHT, 34):
        draw.line([0, y, WIDTH, y], fill=(170, 164, 150), width=2)
    for x in range(0, WIDTH, 34):
        draw.line([x, 300, x, HEIGHT], fill=(170, 164, 150), width=2)
    draw.rectangle([30, 50, WIDTH - 30, 270], fill=(150, 34, 28), outline=(206, 170, 80), width=6)
    for index, dish in enumerate(DISHES):
        x, y = 60 + (index % 4) * 235, 80 + (index // 4) * 90
        draw.text((x, y), dish, font=font(38), fill=(236, 222, 170))
        draw.text((x, y + 46), f"{int(rng.integers(6, 30))}元", font=font(28), fill=(236, 200, 90))
    draw.rectangle([330, 330, 720, 500], fill=(60, 56, 52), outline=(170, 170, 166), width=8)
    draw.rectangle([360, 420, 690, 496], fill=(150, 152, 150))
    draw.rectangle([60, 340, 220, 470], fill=one_of(rng, GOODS))


def tools(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """Pegboard with tools above, boxes and coils below."""
    draw.rectangle([0, 0, WIDTH, 400], fill=(146, 142, 132))
    for x in range(16, WIDTH, 40):
        for y in range(30, 380, 92):
            length, colour = int(rng.integers(40, 84)), one_of(rng, GOODS)
            draw.rectangle([x + 8, y, x + 14, y + length], fill=(76, 78, 80))
            draw.rectangle([x + 4, y + length // 2, x + 18, y + length], fill=colour)
    boards(draw, [520, 650], (150, 148, 142))
    for level in (520, 650):
        for x in range(4, WIDTH, 76):
            if rng.random() < 0.4:
                draw.ellipse([x, level - 74, x + 70, level - 2], outline=one_of(rng, GOODS), width=16)
            else:
                draw.rectangle([x, level - int(rng.integers(40, 84)), x + 68, level - 1], fill=one_of(rng, GOODS))


def window(rng: np.random.Generator, draw: ImageDraw.ImageDraw) -> None:
    """A shop window: clothes on dummies and stands, bags on steps, large words about prices."""
    draw.rectangle([0, 0, WIDTH, HEIGHT], fill=varied(rng, BACKDROPS[int(rng.integers(len(BACKDROPS)))], 0.15))
    for left in range(int(rng.integers(0, 120)), WIDTH - 160, int(rng.integers(260, 420))):
        top, colour = int(rng.integers(20, 160)), one_of(rng, GOODS)
        draw.rectangle([left, top, left + 210, top + int(rng.integers(120, 330))], fill=colour)
        draw.text(
            (left + 20, top + 24), BARGAINS[int(rng.integers(len(BARGAINS)))], font=font(int(rng.integers(44, 84))), fill=(228, 222, 206)
        )
    for x in range(int(rng.integers(20, 90)), WIDTH - 120, int(rng.integers(110, 190))):
        if rng.random() < 0.7:
            _dummy(rng, draw, x, int(rng.integers(130, 230)))
        else:
            _step(rng, draw, x)
    draw.rectangle([0, HEIGHT - 36, WIDTH, HEIGHT], fill=varied(rng, (120, 112, 100), 0.3))


def _dummy(rng: np.random.Generator, draw: ImageDraw.ImageDraw, x: int, top: int) -> None:
    """A dummy, with or without a head, in a coat, a dress, or a jacket and trousers; 110 pixels wide."""
    skin, cloth, foot = varied(rng, (196, 186, 172), 0.25), one_of(rng, CLOTH if rng.random() < 0.6 else GOODS), HEIGHT - 40
    if rng.random() < 0.6:
        draw.ellipse([x + 40, top - 52, x + 70, top - 8], fill=skin)
    hem = int(top + (foot - top) * rng.uniform(0.4, 0.85))
    flare = int(rng.integers(0, 26))
    for side in (40, 62):
        draw.rectangle([x + side, hem - 10, x + side + 12, foot], fill=skin if rng.random() < 0.5 else one_of(rng, CLOTH))
    draw.polygon([(x + 22, top), (x + 88, top), (x + 82 + flare, hem), (x + 28 - flare, hem)], fill=cloth)
    for side in (12, 84):
        draw.polygon(
            [(x + side, top + 8), (x + side + 14, top + 4), (x + side + 16, top + 170), (x + side, top + 172)], fill=varied(rng, cloth, 0.3)
        )
    draw.line([x + 55, top, x + 55, hem], fill=varied(rng, cloth, 0.5), width=3)


def _step(rng: np.random.Generator, draw: ImageDraw.ImageDraw, x: int) -> None:
    """A white block with bags, shoes or boxes on it."""
    top = int(rng.integers(430, 600))
    draw.rectangle([x, top, x + 104, HEIGHT], fill=varied(rng, (206, 202, 194), 0.15))
    for left in range(x + 4, x + 84, 34):
        height = int(rng.integers(24, 74))
        draw.rectangle([left, top - height, left + 28, top], fill=one_of(rng, GOODS))
        draw.arc([left + 4, top - height - 20, left + 24, top - height + 14], 180, 360, fill=(40, 34, 30), width=4)


SHELVES: dict[str, Callable[[np.random.Generator, ImageDraw.ImageDraw], None]] = {
    "fruit": fruit,
    "boxes": boxes,
    "rails": rails,
    "bottles": bottles,
    "drawers": drawers,
    "mirrors": mirrors,
    "flowers": flowers,
    "menu": menu,
    "tools": tools,
    "window": window,
}
"""How a wall is drawn, by the word that a trade uses."""


def interior(rng: np.random.Generator, shelves: str) -> Array:
    """A wall of a shop; the light comes from above."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), varied(rng, (128, 120, 108), 0.2))
    SHELVES[shelves](rng, ImageDraw.Draw(picture))
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    return worn(soft * np.linspace(1.0, 0.62, HEIGHT, dtype=np.float32)[:, None, None], rng, dirt=0.18, grain=2)
