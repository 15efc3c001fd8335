"""What every recipe of a thing works with: its size, its dice, and the materials that things are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from sample_videos.generator.blender.things_shape import Material, Shape
from sample_videos.generator.blender.workshop import Workshop, linear
from sample_videos.generator.catalogue import ThingSpec

CANOPY = "canopy"
"""Name of the part of a stall that is labelled canopy."""

PLASTICS = ("#2f66a8", "#b3332b", "#2f7d4b", "#c9c7bf", "#d08a2c", "#6a5f9e", "#3c8f98")
"""Colours of plastic crates, basins, stools."""
PAINTS = ("#20406b", "#8d2420", "#2c5a3d", "#b7b3a8", "#3d4247", "#c06a22")
"""Colours of painted metal: carts, tricycles."""
CAR_PAINTS = ("#d9dad8", "#2b2d30", "#8e9397", "#5c1f22", "#223a5a", "#b9b2a2")
CLOTHS = ("#7b2f3c", "#2e3f5c", "#c9bda4", "#4d5a46", "#20222a", "#b98a8f", "#8aa0b0", "#d7d3ca", "#5a4a6b", "#c2a23c")


@dataclass(frozen=True, slots=True)
class Kit:
    """One thing being made. `rng` and `variant` decide its colours, prints and filling."""

    workshop: Workshop
    spec: ThingSpec
    variant: int
    rng: np.random.Generator
    prints: Path

    def pick(self, colours: Sequence[str], *, shift: int = 0) -> str:
        """One of the colours: variants of a thing get different ones."""
        return colours[(self.variant + shift) % len(colours)]

    def paint(self, colour: str, *, rough: float = 0.55, metal: float = 0.0, glow: float = 0.0, alpha: float = 1.0) -> Material:
        """Anything of one colour (#rrggbb)."""
        return self.workshop.plain(linear(colour), rough=rough, metal=metal, glow=glow, alpha=alpha)

    def print(self, name: str, *, rough: float = 0.75, glow: float = 0.0, cut_out: bool = False) -> Material:
        """A picture of prints.py."""
        return self.workshop.printed(self.prints / f"{name}.png", rough=rough, glow=glow, alpha=-1.0 if cut_out else 1.0)

    def one_print(self, family: str, count: int, *, shift: int = 0, rough: float = 0.75, glow: float = 0.0) -> Material:
        """One picture of a family, by the variant."""
        return self.print(f"{family}_{(self.variant + shift) % count}", rough=rough, glow=glow)

    @property
    def steel(self) -> Material:
        """Stainless steel."""
        return self.paint("#b4b6b6", rough=0.32, metal=0.85)

    @property
    def dark_steel(self) -> Material:
        """Frames, screws, grates."""
        return self.paint("#4b4d4f", rough=0.5, metal=0.5)

    @property
    def rubber(self) -> Material:
        """Tyres, grips."""
        return self.paint("#1b1b1c", rough=0.85)

    @property
    def black(self) -> Material:
        """Black plastic, saddles."""
        return self.paint("#242526", rough=0.6)

    @property
    def glass(self) -> Material:
        """Panes of carts and cabinets."""
        return self.paint("#c8d6d8", rough=0.08, alpha=0.28)

    @property
    def dark_glass(self) -> Material:
        """Windows of vehicles."""
        return self.paint("#20272c", rough=0.08)

    @property
    def wood(self) -> Material:
        """Raw boards."""
        return self.print("wood")

    @property
    def kraft(self) -> Material:
        """Plain cardboard."""
        return self.print("kraft")


Recipe = Callable[[Kit], Shape | Mapping[str, Shape]]
"""Makes one thing; several parts when they carry different labels: "" is the thing itself, CANOPY its canopy."""
RECIPES: dict[str, Recipe] = {}


_R = TypeVar("_R", bound=Recipe)


def recipe(*names: str) -> Callable[[_R], _R]:
    """Enters a recipe under the names of things."""

    def enter(make: _R) -> _R:
        for name in names:
            RECIPES[name] = make
        return make

    return enter
