"""Pictures that are printed on things: cartons, sacks, signs, cloth, shelves. All names and words on them are made up. Pure.

`make_prints` paints each once into a folder; the same seed gives the same picture.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from sample_videos.generator.fonts import font
from sample_videos.generator.prints_patterns import PATTERNS, grain

Rng = np.random.Generator

CARTON_WORDS = ("样样红 苹果", "小满 饼干", "青禾 牛奶", "云岭 橙子", "巷口家 面条", "家常 洗衣粉", "南山 蜜桔", "百味 调料")
SACK_WORDS = (("东田香米", "#a3262a"), ("北仓面粉", "#1f5a97"), ("丰谷大米", "#2c7a3c"), ("珍禾糯米", "#b0702a"))
POSTERS = (
    ("#b3231d", "#ffe69a", "今日特价", "苹果 5.8元/斤"),
    ("#155e3a", "#ffffff", "新鲜到店", "每日清晨采摘"),
    ("#f2efe6", "#8a1f16", "招牌面食", "牛肉面 18元"),
    ("#223a63", "#f6d56a", "换季清仓", "全场五折起"),
    ("#e7a83a", "#5a1f10", "配钥匙", "修锁 换电池"),
    ("#efe6ef", "#6b2a5c", "鲜花绿植", "开业花篮"),
)
MENUS = (
    ("#a51f1a", "#ffe9a0", "早点 包子 豆浆"),
    ("#1d4d85", "#ffffff", "手抓饼 煎饼"),
    ("#222326", "#ff9a3c", "烧烤 烤串"),
    ("#dba437", "#5c1b12", "烤红薯 玉米"),
    ("#2c7a46", "#ffffff", "鲜榨果汁"),
)


def words(draw: ImageDraw.ImageDraw, middle: tuple[float, float], text: str, colour: str, wide: float, high: float) -> None:
    """A line of text around a point, as large as fits into wide x high pixels."""
    size = int(high)
    while size > 8 and draw.textlength(text, font=font(size)) > wide:
        size -= 2
    draw.text(middle, text, font=font(size), fill=colour, anchor="mm")


def carton(rng: Rng, which: int) -> Image.Image:
    """The side of a carton: printed brown board, or white board."""
    base = ("#b58a5c", "#a97e52", "#c29a6c", "#d9d2c4")[which % 4]
    ink = ("#7a2018", "#24468a", "#2a5c35", "#b0361f", "#3b2b20")[which % 5]
    picture = Image.new("RGB", (256, 192), base)
    draw = ImageDraw.Draw(picture)
    if which % 3 == 1:
        draw.rectangle((0, 120, 256, 192), fill=ink)
    name, what = CARTON_WORDS[which].split()
    words(draw, (128, 62), name, ink, 200, 58)
    words(draw, (128, 145), what, "#f2e8d5" if which % 3 == 1 else ink, 170, 42)
    draw.rectangle((8, 160, 60, 184), outline=ink, width=2)
    for x in range(200, 246, 5):
        draw.line((x, 162, x, 184), fill="#2d241c", width=int(rng.integers(1, 4)))
    return grain(picture, rng, 7)


def carton_top(rng: Rng, which: int) -> Image.Image:
    """The closed lid: a gap with tape over it."""
    picture = Image.new("RGB", (192, 192), ("#b58a5c", "#a97e52", "#c29a6c", "#d9d2c4")[which % 4])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 82, 192, 110), fill=("#c8ac7d", "#d8cdb4")[which % 2])
    draw.line((0, 96, 192, 96), fill="#6b4e31", width=2)
    return grain(picture, rng, 7)


def sack(rng: Rng, which: int) -> Image.Image:
    """Woven white sack with a name."""
    name, ink = SACK_WORDS[which]
    picture = Image.new("RGB", (256, 256), "#d9d5c8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((44, 30, 212, 150), fill=ink)
    words(draw, (128, 92), name, "#f7f0d8", 150, 44)
    draw.rectangle((30, 176, 226, 190), fill=ink)
    words(draw, (128, 220), "净含量25千克", ink, 170, 26)
    return grain(picture, rng, 12)


def cement(rng: Rng, which: int) -> Image.Image:
    """Paper sack of cement."""
    picture = Image.new("RGB", (256, 192), "#a8a294")
    draw = ImageDraw.Draw(picture)
    ink = ("#2f4d3a", "#7a2a22")[which]
    draw.rectangle((0, 20, 256, 46), fill=ink)
    words(draw, (128, 104), ("坚石水泥", "砂浆王")[which], ink, 200, 60)
    return grain(picture, rng, 14)


def poster(rng: Rng, which: int) -> Image.Image:
    """Sheet of an A-board."""
    ground, ink, head, line = POSTERS[which]
    picture = Image.new("RGB", (192, 288), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((8, 8, 183, 279), outline=ink, width=3)
    words(draw, (96, 60), head, ink, 160, 46)
    _blobs(draw, rng, (30, 100, 162, 200))
    words(draw, (96, 240), line, ink, 160, 30)
    return grain(picture, rng, 4)


def banner(rng: Rng, which: int) -> Image.Image:
    """Tall banner on a stand."""
    ground, ink, head, line = POSTERS[(which + 1) % len(POSTERS)]
    picture = Image.new("RGB", (192, 448), ground)
    draw = ImageDraw.Draw(picture)
    for index, one in enumerate(head):
        draw.text((96, 60 + index * 62), one, font=font(54), fill=ink, anchor="mm")
    _blobs(draw, rng, (24, 300, 168, 385))
    draw.rectangle((0, 398, 192, 448), fill=ink)
    words(draw, (96, 422), line, ground, 176, 28)
    return grain(picture, rng, 4)


def _blobs(draw: ImageDraw.ImageDraw, rng: Rng, box: tuple[int, int, int, int]) -> None:
    """A picture of wares, seen from afar."""
    colours = ("#d3571f", "#c03028", "#e0b53c", "#7fa03a", "#e8dcc2", "#8c4a2a")
    for _ in range(16):
        x, y = rng.uniform(box[0], box[2] - 30), rng.uniform(box[1], box[3] - 30)
        size = rng.uniform(18, 40)
        draw.ellipse((x, y, x + size, y + size * 0.9), fill=colours[int(rng.integers(len(colours)))])


def chalk(rng: Rng, which: int) -> Image.Image:
    """Black board with chalk writing."""
    picture = Image.new("RGB", (192, 288), "#23282a")
    draw = ImageDraw.Draw(picture)
    lines = (
        ("今日推荐", "手冲咖啡", "拿铁 16", "蛋糕 22"),
        ("午市套餐", "两荤一素", "二十元", "送汤"),
        ("花市", "百合 15", "玫瑰 20", "绿萝 12"),
    )[which]
    inks = ("#f0ead8", "#e8b7b0", "#cfe3c0", "#f2df9c")
    for index, text in enumerate(lines):
        words(draw, (96, 48 + index * 62), text, inks[(index + which) % 4], 160, 44 if index == 0 else 34)
    return grain(picture.filter(ImageFilter.GaussianBlur(0.6)), rng, 6)


def light_box(rng: Rng, which: int) -> Image.Image:
    """Face of a lit sign."""
    ground, ink, text = (("#f7f3e6", "#b3201c", "足浴理疗"), ("#c8281f", "#fff2b8", "麻辣小串"), ("#f3f6fa", "#17539a", "打字复印"))[which]
    picture = Image.new("RGB", (160, 352), ground)
    draw = ImageDraw.Draw(picture)
    for index, one in enumerate(text):
        draw.text((80, 60 + index * 78), one, font=font(66), fill=ink, anchor="mm")
    return picture


def menu(rng: Rng, which: int) -> Image.Image:
    """Board along a stall."""
    ground, ink, text = MENUS[which]
    picture = Image.new("RGB", (448, 128), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((6, 6, 441, 121), outline=ink, width=3)
    words(draw, (224, 62), text, ink, 400, 66)
    return grain(picture, rng, 4)


def delivery(rng: Rng, which: int) -> Image.Image:
    """Side of a box for food."""
    ground, ink, text = (("#2f6fa8", "#ffffff", "快送"), ("#d9a92c", "#33281a", "捎到"), ("#2c7a55", "#ffffff", "鲜达"))[which]
    picture = Image.new("RGB", (192, 160), ground)
    draw = ImageDraw.Draw(picture)
    words(draw, (96, 76), text, ink, 140, 64)
    draw.rectangle((0, 132, 192, 142), fill="#d8d8d2")
    return grain(picture, rng, 4)


def lorry_side(rng: Rng, which: int) -> Image.Image:
    """Side of a box body."""
    ground, ink, text = (("#d7d8d6", "#2a5c86", "样城冷链"), ("#cfd3cc", "#8a2a22", "小满货运"))[which]
    picture = Image.new("RGB", (512, 256), ground)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 190), (512, 120), (512, 170), (0, 240)], fill=ink)
    words(draw, (256, 90), text, ink, 330, 90)
    return grain(picture, rng, 4)


def notice(rng: Rng, which: int) -> Image.Image:
    """Board of a neighbourhood: sheets of paper behind glass."""
    picture = Image.new("RGB", (384, 224), "#8fa39a")
    draw = ImageDraw.Draw(picture)
    for index in range(6):
        x, y = 16 + index % 3 * 122, 14 + index // 3 * 104
        draw.rectangle((x, y, x + 104, y + 92), fill=("#f0ede4", "#d8423a", "#f3e7b8", "#dfe8ee", "#f0ede4", "#cfe0c6")[index])
        for line in range(4):
            draw.rectangle((x + 12, y + 20 + line * 16, x + 12 + int(rng.integers(40, 80)), y + 26 + line * 16), fill="#6c6c68")
    return picture


def plate(rng: Rng, which: int) -> Image.Image:
    """Number plate of no real place."""
    picture = Image.new("RGB", (160, 48), ("#1f4f9c", "#d2b23c")[which])
    words(ImageDraw.Draw(picture), (80, 22), ("样A·00X01", "样B·00X02")[which], ("#f2f2f2", "#222222")[which], 140, 34)
    return picture


Painter = Callable[[Rng, int], Image.Image]
FAMILIES: dict[str, tuple[Painter, int]] = {
    "carton": (carton, 8),
    "carton_top": (carton_top, 4),
    "sack": (sack, 4),
    "cement": (cement, 2),
    "poster": (poster, 6),
    "banner": (banner, 4),
    "chalk": (chalk, 3),
    "light_box": (light_box, 3),
    "menu": (menu, 5),
    "delivery": (delivery, 3),
    "lorry_side": (lorry_side, 2),
    "notice": (notice, 1),
    "plate": (plate, 2),
    **PATTERNS,
}
"""What there is, and how many of each. Pictures of families of one have no number in their name."""


def print_names() -> tuple[str, ...]:
    """The names of all pictures, without .png."""
    return tuple(name for family, (_, count) in FAMILIES.items() for name in _members(family, count))


def _members(family: str, count: int) -> tuple[str, ...]:
    return (family,) if count == 1 else tuple(f"{family}_{index}" for index in range(count))


def make_prints(folder: Path) -> Path:
    """Paint what is missing in the folder; gives the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for family, (paint, count) in FAMILIES.items():
        for index, name in enumerate(_members(family, count)):
            path = folder / f"{name}.png"
            if not path.exists():
                # Several processes may paint the same print at the same time.
                partial = path.with_suffix(f".{os.getpid()}.partial")
                paint(np.random.default_rng([*family.encode(), index]), index).save(partial, format="PNG")
                partial.replace(path)
    return folder
