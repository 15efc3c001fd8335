"""What people wear and how they are built, drawn from their looks: colours, cuts, hair, height, weight."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from sample_videos.generator.values import Age, Looks

Colour = tuple[float, float, float]
"""Linear RGB, 0..1."""


def _linear(hex_colour: str) -> Colour:
    """#rrggbb (sRGB) as linear RGB."""
    values = np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    red, green, blue = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(red), float(green), float(blue)


SKINS = ("#e2b998", "#d9ae8e", "#e6c3a6", "#d0a280", "#c89774", "#dcb093")
HAIRS = ("#15110f", "#1c1613", "#241a15", "#0f0e0e", "#2e211a")
GREY_HAIRS = ("#8d8a86", "#5e5b58", "#b5b2ae", "#3f3c3a")
TOPS = (
    "#e8e6e1", "#d8d8d6", "#2b3040", "#1f2226", "#5a6270", "#8a8f94", "#7a2b32", "#33475e", "#4a5b4a", "#a39578",
    "#6f86a3", "#b9c7d6", "#c9b7a0", "#404a3c", "#9c4a3e", "#d6c9c4", "#2f5d62", "#c9a94b", "#c7393a", "#2d6fb7",
    "#e3a3a8", "#7fb08a",
)  # fmt: skip
SOFT_TOPS = ("#f0ece6", "#e7c9c9", "#c98c94", "#b3c6d4", "#d9c6a5", "#8f6b7a", "#6b8a86", "#2f3340", "#b5403f", "#e0d4ea", "#96a87c")
BOTTOMS = ("#20242e", "#2c3a52", "#3d4f6b", "#1b1b1d", "#4b4a48", "#6c6353", "#8a7f6c", "#34383c", "#56667c", "#2a2f2a")
SKIRTS = ("#23262e", "#7d2f3b", "#44536b", "#b9a58c", "#3f4f45", "#c9b9ad", "#8d5a4a", "#d2a9ae", "#3a3f66")
SHOES = ("#151515", "#2e2a27", "#e4e2de", "#5b4636", "#7c7f83", "#c9c5bd")
BRIGHT_SHOES = (*SHOES, "#a33a3a", "#d79aa4", "#5a7fb0")
APRONS = ("#24406b", "#8c2a2a", "#2d5a3f", "#d9d5cb", "#303030")
CAPS = ("#20242e", "#e4e2dc", "#7d2f33", "#3b4a5f", "#8a7f6c", "#2f4a3a")
SCHOOL = (("#eef0f2", "#22468a"), ("#eef0f2", "#b0322f"), ("#f2f2ee", "#2f7a52"))


class Habit(StrEnum):
    """What the arms do while their owner stands about."""

    HANGING = "hanging"
    PHONE = "phone"
    BEHIND = "behind"
    """Hands behind the back."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """Clothes and hair of one person."""

    skin: Colour
    hair: Colour
    hair_style: str
    """short, bob, bun or tail."""
    top: str
    """tee, shirt, jacket, coat or dress."""
    top_colour: Colour
    inner_colour: Colour
    """Seen in the gap of an open jacket; the collar of a shirt; the sleeves of a school jacket."""
    bottom: str
    """trousers, shorts or skirt."""
    bottom_colour: Colour
    shoes: Colour
    apron: Colour | None = None
    cap: Colour | None = None
    backpack: Colour | None = None
    two_tone: bool = False
    """The yoke has the inner colour."""


@dataclass(frozen=True, slots=True)
class Stature:
    """How a body is built."""

    height_m: float
    weight: float
    """0 = slight, 0.5 = average, 1 = heavy."""
    stoop: float
    """Radians."""
    stride_per_height: float
    habit: Habit = Habit.HANGING


HABITS = {Age.YOUNG: (0.5, 0.45, 0.05), Age.MIDDLE: (0.55, 0.25, 0.2), Age.OLD: (0.45, 0.05, 0.5)}
"""How often each habit is found, in their order."""


def stature_of(looks: Looks) -> Stature:
    """Height, weight, stoop and stride of a person."""
    rng = np.random.default_rng([looks.seed, 1])
    if looks.age is Age.CHILD:
        return Stature(float(rng.uniform(1.08, 1.48)), float(rng.uniform(0.2, 0.75)), 0.0, 0.78)
    mean, spread = (1.60, 0.05) if looks.female else (1.715, 0.055)
    height = float(np.clip(rng.normal(mean, spread), mean - 0.12, mean + 0.13))
    weight = float(np.clip(rng.normal({Age.YOUNG: 0.38, Age.MIDDLE: 0.56, Age.OLD: 0.45}[looks.age], 0.18), 0.05, 0.95))
    habit = tuple(Habit)[int(rng.choice(3, p=HABITS[looks.age]))]
    if looks.age is Age.OLD:
        return Stature(height - 0.05, weight, float(rng.uniform(0.1, 0.26)), float(rng.uniform(0.56, 0.64)), habit)
    return Stature(height, weight, 0.0, float(rng.uniform(0.73, 0.78)), habit)


def outfit_of(looks: Looks) -> Outfit:
    """Clothes, hair and skin of a person."""
    rng = np.random.default_rng([looks.seed, 2])
    skin = _linear(_pick(rng, SKINS))
    hair_style, hair = _hair(rng, looks)
    shoes = _linear(_pick(rng, BRIGHT_SHOES if looks.female or looks.age is Age.CHILD else SHOES))
    if looks.age is Age.CHILD and rng.random() < 0.45:
        light, strong = (_linear(colour) for colour in SCHOOL[int(rng.integers(len(SCHOOL)))])
        pack = _linear(_pick(rng, TOPS)) if rng.random() < 0.7 else None
        return Outfit(skin, hair, hair_style, "school", light, strong, "trousers", strong, shoes, backpack=pack)
    top, bottom = _cut(rng, looks)
    top_colour = _linear(_pick(rng, SOFT_TOPS if looks.female else TOPS))
    bottom_colour = _linear(_pick(rng, SKIRTS if bottom == "skirt" else BOTTOMS))
    if top == "dress":
        bottom_colour = top_colour
    if top in ("jacket", "coat") and not looks.female:
        top_colour = _linear(_pick(rng, BOTTOMS))
    adult = looks.age is not Age.CHILD
    apron = _linear(_pick(rng, APRONS)) if adult and top in ("tee", "shirt") and bottom == "trousers" and rng.random() < 0.16 else None
    pack = _linear(_pick(rng, TOPS)) if apron is None and looks.age is not Age.OLD and rng.random() < 0.12 else None
    return Outfit(
        skin,
        hair,
        hair_style,
        top,
        top_colour,
        _linear(_pick(rng, ("#e9e7e2", "#c9ccd0", "#2a2d33", "#8d3036", "#7f93ad"))),
        bottom,
        bottom_colour,
        shoes,
        apron=apron,
        cap=_linear(_pick(rng, CAPS)) if rng.random() < 0.09 else None,
        backpack=pack,
        two_tone=top == "tee" and bool(rng.random() < 0.2),
    )


def _pick(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(rng.integers(len(choices)))]


def _hair(rng: np.random.Generator, looks: Looks) -> tuple[str, Colour]:
    style = _pick(rng, ("bob", "bun", "tail", "bob", "short")) if looks.female else "short"
    if looks.female and looks.age is Age.OLD:
        style = _pick(rng, ("short", "short", "bob", "bun"))
    grey = looks.age is Age.OLD or (looks.age is Age.MIDDLE and rng.random() < 0.12)
    return style, _linear(_pick(rng, GREY_HAIRS if grey else HAIRS))


def _cut(rng: np.random.Generator, looks: Looks) -> tuple[str, str]:
    """Top and bottom that go together."""
    if looks.female:
        top = _pick(rng, ("tee", "tee", "shirt", "shirt", "jacket", "coat", "dress", "dress"))
        bottom = "skirt" if top == "dress" else _pick(rng, ("trousers", "trousers", "trousers", "skirt", "shorts"))
        if looks.age is Age.OLD or top == "coat":
            bottom = "skirt" if top == "dress" else "trousers"
        return top, bottom
    top = _pick(rng, ("tee", "tee", "shirt", "shirt", "jacket", "jacket", "coat"))
    bottom = _pick(rng, ("trousers", "trousers", "trousers", "trousers", "shorts"))
    return top, "trousers" if looks.age is Age.OLD or top in ("jacket", "coat") else bottom
