"""Other colours for a thing: what each of its materials becomes. The same livery gives the same colours every time. Pure.

Plastic, cloth and paint come in every colour. Cardboard and wood mostly stay what they are, steel mostly stays steel, tyres
mostly stay black and glass stays glass: otherwise nobody could tell the thing any longer.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sample_videos.generator.prints import FAMILIES
from sample_videos.generator.prints_tints import MILD_TINTS, TINTS

Colour = tuple[float, float, float]
"""Linear RGB, 0..1."""
NEW_COLOUR: Mapping[str, float] = MappingProxyType({"brown": 0.18, "steel": 0.22, "dark": 0.12, "paint": 0.5})
"""Chance that a material of this sort gets a wholly new colour; else it is only shifted."""
CARDBOARD_AND_WOOD = frozenset({"carton", "carton_top", "kraft", "wood", "bark", "leaves", "greens", "bricks"})
"""Families of prints that mostly stay as they are."""
STRONG_TINT, STRONG_TINT_OF_BROWN = 0.65, 0.12
"""Chance that a print changes its colours altogether."""
EXCHANGED = (
    ("poster", "chalk", "banner", "light_box"),
    ("menu",),
    ("carton",),
    ("carton_top",),
    ("sack", "cement"),
    ("stripes", "cloth"),
    ("wares", "packs", "bottles"),
    ("magazines", "covers"),
    ("delivery",),
    ("lorry_side",),
    ("shoes",),
    ("carpet",),
)
"""Families of prints that may stand for each other."""
SWAPPED = 0.5
"""Chance that a print is exchanged."""


@dataclass(frozen=True, slots=True)
class Finish:
    """A surface of one colour."""

    colour: Colour
    rough: float
    metal: float = 0.0
    alpha: float = 1.0


class Livery:
    """One choice of colours."""

    def __init__(self, number: int) -> None:
        """number: any whole number from 0."""
        self._number = number
        rng = np.random.default_rng([number, 1])
        self._hue_turn = float(rng.uniform(-0.5, 0.5)) if rng.random() < 0.6 else float(rng.normal(0, 0.04))
        self._richness, self._brightness = (float(value) for value in np.exp(rng.normal(0, (0.35, 0.25))))
        self._swaps, self._shift = bool(rng.random() < SWAPPED), int(rng.integers(1, 64))

    def finish(self, before: Finish, part: int) -> Finish:
        """What a surface becomes. part: number of the material; equal surfaces of different parts may come out different."""
        rng = np.random.default_rng([self._number, 2, part])
        sort = sort_of(before)
        hue, richness, value = colorsys.rgb_to_hsv(*(_display(channel) for channel in before.colour))
        rough = float(np.clip(before.rough + rng.normal(0, 0.15), 0.15, 0.95))
        if sort == "glass":
            shade = (hue + float(rng.uniform(-0.2, 0.2)), min(richness * 2, 1.0), value * float(rng.uniform(0.7, 1.05)))
            return _stepped(shade, before.rough, 0.0, before.alpha)
        if rng.random() < NEW_COLOUR[sort]:
            return _stepped(_any_colour(rng), rough, 0.0 if rng.random() < 0.85 else 0.5, before.alpha)
        if sort == "paint":
            shade = (hue + self._hue_turn, richness * self._richness, value * self._brightness)
        else:
            shade = (hue + float(rng.normal(0, 0.015)), richness * float(rng.uniform(0.6, 1.25)), value * float(rng.uniform(0.65, 1.25)))
        return _stepped(shade, rough, before.metal, before.alpha)

    def print(self, name: str, part: int) -> tuple[str, int]:
        """Which print a print becomes, and in which tint (see prints_tints.py)."""
        rng = np.random.default_rng([self._number, 3, part])
        family = name.rstrip("0123456789").rstrip("_")
        strong = rng.random() < (STRONG_TINT_OF_BROWN if family in CARDBOARD_AND_WOOD else STRONG_TINT)
        tint = int(rng.integers(MILD_TINTS, TINTS) if strong else rng.integers(MILD_TINTS))
        return (self._exchanged(family, name) if self._swaps else name), tint

    def tint(self, part: int) -> int:
        """The tint of a picture that is none of our prints."""
        return int(np.random.default_rng([self._number, 4, part]).integers(TINTS))

    def _exchanged(self, family: str, name: str) -> str:
        """Another print of the same use. All parts go on by the same number: a white carton keeps a white lid."""
        group = next((group for group in EXCHANGED if family in group), None)
        if group is None:
            return name
        members = [f"{one}_{index}" for one in group for index in range(FAMILIES[one][1])]
        return members[(members.index(name) + self._shift) % len(members)] if name in members else name


def sort_of(one: Finish) -> str:
    """glass, steel, dark, brown or paint: how a surface is treated."""
    if one.alpha < 0.9:
        return "glass"
    if one.metal > 0.4:
        return "steel"
    hue, richness, value = colorsys.rgb_to_hsv(*(_display(channel) for channel in one.colour))
    if value < 0.2:
        return "dark"
    # Cardboard, boards and bamboo lie between orange and yellow and are never bright and pure.
    return "brown" if 0.03 < hue < 0.14 and 0.18 < richness < 0.72 and value < 0.86 else "paint"


def _any_colour(rng: np.random.Generator) -> Colour:
    """Hue, richness and value of something painted or dyed: a third of all such things are white, grey, black or beige."""
    if rng.random() < 0.35:
        return float(rng.choice([0.1, 0.12, 0.6])), float(rng.uniform(0, 0.15)), float(rng.uniform(0.12, 0.92))
    return float(rng.random()), float(rng.uniform(0.3, 0.92)), float(rng.uniform(0.2, 0.88))


def _stepped(shade: Colour, rough: float, metal: float, alpha: float) -> Finish:
    """In steps, so that things share materials and a long run does not gather thousands of them."""
    hue, richness, value = round(shade[0] * 24) / 24 % 1.0, round(_within(shade[1]) * 6) / 6, round(_within(shade[2]) * 9) / 9
    red, green, blue = (_linear(channel) for channel in colorsys.hsv_to_rgb(hue, min(richness, 0.9), float(np.clip(value, 0.1, 0.9))))
    return Finish((red, green, blue), round(rough * 5) / 5, metal, alpha)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _display(value: float) -> float:
    """Linear to what a screen is sent."""
    value = _within(value)
    return value * 12.92 if value <= 0.0031308 else 1.055 * float(value ** (1 / 2.4)) - 0.055


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
