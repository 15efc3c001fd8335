"""Ground floors: shop fronts with their insides, signs, awnings, and the houses beside the row."""

from __future__ import annotations

import numpy as np
from bpy.types import Material

from sample_videos.generator.blender.architecture_masonry import Masonry, Surfaces
from sample_videos.generator.streets.styles import Style, style_of
from sample_videos.generator.streets.trades import TRADES, WINDOW
from sample_videos.generator.textures import AWNINGS, INTERIORS, SHUTTERS, WINDOW_DISPLAYS
from sample_videos.generator.values import Front, ShopUnit, StreetPlan

WALL_TILE_M = 3.0
"""One wall texture covers this much."""
FRAME_M = 0.055
HOUSING_M = 0.32
"""Height of the box that a shutter rolls up in."""
SHUTTER_TILE_M = 2.6
"""Metres that one texture of a shutter covers."""
GLASS = "#c4d2d2"

Span = tuple[float, float]


class FrontBuilder:
    """Builds the fronts of one street into one mesh."""

    def __init__(self, masonry: Masonry, surfaces: Surfaces, plan: StreetPlan, *, night: bool) -> None:
        self.masonry = masonry
        self.surfaces = surfaces
        self.plan = plan
        self.style: Style = style_of(plan)
        self.night = night
        self.frame = surfaces.plain(self.style.frame, rough=0.4, metal=0.5)
        self.wall = surfaces.weathered(plan.facade, kind="wall")
        self.pillar = surfaces.plain(self.style.pillar, rough=0.8)

    def shop(self, unit: ShopUnit, index: int) -> None:
        """One shop from the door line inwards, its pillars, its sign."""
        rng = np.random.default_rng([self.plan.seed, 41, index])
        opening = (unit.x_min + self.style.pillar_m / 2, unit.x_max - self.style.pillar_m / 2)
        self._pillars(unit, opening)
        if unit.front is Front.SHUTTER:
            self.shutter(opening, unit.door_y, index)
        else:
            self._inside(unit, rng)
            self._closing(unit, opening, rng)
        if unit.door_y < 0:
            self.masonry.flat((unit.x_min, unit.x_max), (unit.door_y, 0.0), self.style.front_height_m, self.pillar)
        self._sign(unit)
        if self.style.awning_m:
            self._awning(unit, index)

    def _pillars(self, unit: ShopUnit, opening: Span) -> None:
        top = self.style.front_height_m
        front = 0.05 if unit.door_y == 0 else 0.0
        for xs in ((unit.x_min, opening[0]), (opening[1], unit.x_max)):
            self.masonry.box(xs, (unit.door_y - 0.2, front), (0.0, top), self.pillar)
            self.masonry.box((xs[0], xs[1]), (unit.door_y - 0.2, front + 0.015), (0.0, 0.16), self.surfaces.plain("#5d5952", rough=0.8))

    def _inside(self, unit: ShopUnit, rng: np.random.Generator) -> None:
        """Floor, ceiling with tubes, shelves on three walls, a counter and an island."""
        add, plain = self.masonry, self.surfaces.plain
        glow = 0.42 if self.night else 0.16
        floor_z, top = self.style.step_m + 0.004, self.style.front_height_m
        xs, door, back = (unit.x_min + 0.03, unit.x_max - 0.03), unit.door_y, unit.door_y - unit.depth_m
        kind, first = TRADES[unit.trade].shelves, int(rng.integers(INTERIORS))
        count = INTERIORS
        if unit.trade == WINDOW:
            # By its depth, which is another one each time a street is dressed.
            first, count = round(unit.depth_m * 1000), WINDOW_DISPLAYS
        shelves = [self.surfaces.picture(f"inside_{kind}_{(first + i) % count}", rough=0.75, glow=glow) for i in range(2)]
        floor = plain(("#8d877b", "#a19c93", "#77716a", "#96806a")[int(rng.integers(4))], rough=0.35)
        add.flat(xs, (back, door), floor_z, floor)
        if self.style.step_m:
            add.front((unit.x_min, unit.x_max), (0.0, floor_z), door, plain("#8f8a80", rough=0.8))
        add.front(xs, (floor_z, top), back, shelves[0])
        # Each side wall from left to right as one looks at it: words must not be mirrored.
        for x, ys in ((xs[0], (back, door - 0.2)), (xs[1], (door - 0.2, back))):
            add.side(x, ys, (floor_z, top), shelves[1])
        add.flat(xs, (back, door), top - 0.02, plain("#d2d0c8", glow=0.6 if self.night else 0.25))
        for y in (door - 0.8, door - 1.9):
            add.box(
                (xs[0] + 0.5, xs[1] - 0.5), (y - 0.05, y + 0.05), (top - 0.1, top - 0.05), plain("#fff6e6", glow=3.0 if self.night else 1.6)
            )
        self._furniture(xs, door, floor_z, shelves[1], rng)

    def _furniture(self, xs: Span, door: float, floor_z: float, goods: Material, rng: np.random.Generator) -> None:
        """A counter with a till on one side, a stand of goods on the other."""
        add, plain = self.masonry, self.surfaces.plain
        body = plain(("#b9b2a4", "#8d9092", "#8a7a64", "#a8b0ae")[int(rng.integers(4))], rough=0.5)
        board, dark = plain("#5a4636", rough=0.35), plain("#2d2d2f", rough=0.5)
        left = bool(rng.random() < 0.5)
        counter = (xs[0] + 0.25, xs[0] + 1.55) if left else (xs[1] - 1.55, xs[1] - 0.25)
        ys = (door - 1.6, door - 1.1)
        add.box(counter, (ys[0] + 0.05, ys[1] - 0.05), (floor_z, floor_z + 0.1), dark)
        add.box(counter, ys, (floor_z + 0.1, floor_z + 0.88), body)
        add.box((counter[0] - 0.03, counter[1] + 0.03), (ys[0] - 0.03, ys[1] + 0.03), (floor_z + 0.88, floor_z + 0.92), board)
        middle = sum(counter) / 2
        add.box((middle - 0.17, middle + 0.17), (ys[0] + 0.1, ys[0] + 0.35), (floor_z + 0.92, floor_z + 1.2), dark)
        stand = (xs[1] - 1.7, xs[1] - 0.5) if left else (xs[0] + 0.5, xs[0] + 1.7)
        add.box(stand, (door - 2.1, door - 1.6), (floor_z, floor_z + 1.15), body, face=goods)

    def _closing(self, unit: ShopUnit, opening: Span, rng: np.random.Generator) -> None:
        """What closes the front on the door line: glass, half of it, or nothing but the rolled-up shutter."""
        low, high = opening
        top = self.style.front_height_m
        if unit.front is Front.GLASS:
            self._glass((low, high), unit, rng)
        elif unit.front is Front.HALF:
            middle = (low + high) / 2
            self._glass((low, middle) if rng.random() < 0.5 else (middle, high), unit, rng)
        if unit.front is not Front.GLASS:
            housing = self.surfaces.picture(f"shutter_{len(unit.code + unit.name) % len(SHUTTERS)}", rough=0.5, metal=0.3)
            self.masonry.box(opening, (unit.door_y - 0.28, unit.door_y - 0.02), (top - HOUSING_M, top), self.frame)
            self.masonry.front(opening, (top - HOUSING_M, top), unit.door_y - 0.01, housing, SHUTTER_TILE_M)
            for x in (low, high - 0.07):
                self.masonry.box((x, x + 0.07), (unit.door_y - 0.1, unit.door_y - 0.02), (self.style.step_m, top), self.frame)

    def _glass(self, span: Span, unit: ShopUnit, rng: np.random.Generator) -> None:
        """Panes in frames, a door among them, sheets of paper on some."""
        low, high = span
        y, floor, top = unit.door_y - 0.06, self.style.step_m, self.style.front_height_m
        panes = max(2, round((high - low) / 1.05))
        width = (high - low) / panes
        door = int(rng.integers(panes))
        transom = min(2.25, top - 0.35)
        for index in range(panes + 1):
            x = low + index * width
            self.masonry.box((x - FRAME_M / 2, x + FRAME_M / 2), (y - 0.03, y + 0.03), (floor, top), self.frame)
        for z, height in ((floor, 0.1), (transom, FRAME_M), (top - FRAME_M, FRAME_M)):
            self.masonry.box(span, (y - 0.025, y + 0.025), (z, z + height), self.frame)
        self.masonry.front(span, (floor + 0.1, top - FRAME_M), y, self.surfaces.plain(GLASS, rough=0.04, alpha=0.2))
        handle = low + (door + 0.85) * width
        steel = self.surfaces.plain("#b9bbbb", rough=0.25, metal=0.9)
        self.masonry.box((handle - 0.02, handle + 0.02), (y + 0.03, y + 0.07), (floor + 0.85, floor + 1.35), steel)
        sheet = self.surfaces.picture(f"poster_{TRADES[unit.trade].key}", rough=0.6)
        for index in range(panes):
            if index == door or rng.random() < 0.5:
                left, bottom = low + (index + 0.22) * width, floor + float(rng.uniform(1.05, 1.3))
                self.masonry.front((left, left + 0.46), (bottom, bottom + 0.64), y + 0.008, sheet)

    def shutter(self, opening: Span, y: float, index: int) -> None:
        """A closed roller shutter with its guides and housing."""
        top = self.style.front_height_m
        slats = self.surfaces.picture(f"shutter_{index % len(SHUTTERS)}", rough=0.45, metal=0.35)
        self.masonry.front(opening, (self.style.step_m, top - HOUSING_M), y - 0.08, slats)
        self.masonry.box(opening, (y - 0.3, y - 0.01), (top - HOUSING_M, top), self.frame)
        for x in (opening[0], opening[1] - 0.08):
            self.masonry.box((x, x + 0.08), (y - 0.1, y - 0.03), (self.style.step_m, top), self.frame)
        if self.style.step_m:
            self.masonry.front(opening, (0.0, self.style.step_m), y, self.surfaces.plain("#8f8a80", rough=0.8))

    def sign_place(self) -> tuple[float, float]:
        """y of the wall behind the signs, z of their lower edge. Over an arcade they hang on its beam."""
        if self.style.arcade_m:
            return self.style.arcade_m, self.style.front_height_m + 0.55
        return 0.0, self.style.front_height_m

    def _sign(self, unit: ShopUnit) -> None:
        """A flat box that may lean forward."""
        style = self.style
        wall, bottom = self.sign_place()
        self.masonry.front((unit.x_min, unit.x_max), (bottom - 0.02, bottom + style.sign_height_m + 0.12), wall, self.wall, WALL_TILE_M)
        xs = (unit.x_min + style.sign_gap_m / 2, unit.x_max - style.sign_gap_m / 2)
        near, far, top = wall + 0.12, wall + 0.12 + style.sign_tilt_m, bottom + style.sign_height_m
        letters = self.surfaces.picture(f"sign/{unit.code}", rough=0.5, glow=0.5 if self.night else 0.05)
        edge = self.surfaces.plain("#5a5c5e", rough=0.5, metal=0.4)
        low, high = xs
        self.masonry.quad([(high, near, bottom), (low, near, bottom), (low, far, top), (high, far, top)], letters)
        self.masonry.quad([(low, wall, top), (low, far, top), (high, far, top), (high, wall, top)], edge)
        self.masonry.quad([(low, wall, bottom), (low, near, bottom), (high, near, bottom), (high, wall, bottom)], edge)
        for x in xs:
            self.masonry.quad([(x, wall, bottom), (x, near, bottom), (x, far, top), (x, wall, top)], edge)

    def _awning(self, unit: ShopUnit, index: int) -> None:
        """Fixed cloth on two arms under the sign."""
        reach, top = self.style.awning_m, self.style.front_height_m + 0.02
        low, high, edge = unit.x_min + 0.12, unit.x_max - 0.12, top - 0.36
        cloth = self.surfaces.picture(f"awning_{index % len(AWNINGS)}", rough=0.85)
        self.masonry.quad([(high, reach, edge), (low, reach, edge), (low, 0.06, top), (high, 0.06, top)], cloth)
        self.masonry.quad([(high, reach, edge - 0.16), (low, reach, edge - 0.16), (low, reach, edge), (high, reach, edge)], cloth)
        for x in (low, high):
            self.masonry.strut((x, 0.05, top - 0.75), (x, reach, edge), 0.03, self.frame)

    def neighbour(self, xs: Span, index: int, material: Material) -> None:
        """A house beside the row: nobody sells there. A wall with a door and windows, or closed shutters."""
        low, high = xs
        top = self.style.front_height_m + self.style.sign_height_m + 0.12
        if index % 2:
            self.masonry.front(xs, (self.style.front_height_m, top), 0.0, material, WALL_TILE_M)
            for left in np.arange(low, high - 2.9, 3.2):
                self.masonry.box((left, left + 0.4), (-0.2, 0.0), (0.0, self.style.front_height_m), self.pillar)
                self.shutter((left + 0.4, left + 3.2), 0.0, index)
            return
        self.masonry.front(xs, (0.0, top), 0.0, material, WALL_TILE_M)
        self.masonry.box(xs, (-0.1, 0.04), (0.0, 0.5), self.surfaces.plain("#77736b", rough=0.85))
        middle = (low + high) / 2
        self.masonry.box((middle - 0.7, middle + 0.7), (-0.1, 0.03), (0.0, 2.3), self.surfaces.plain("#3f5a52", rough=0.5, metal=0.3))
        for left in (low + 1.2, high - 2.6):
            self.masonry.box((left - 0.08, left + 1.48), (-0.1, 0.05), (1.1, 2.7), self.pillar)
            self.masonry.front((left, left + 1.4), (1.2, 2.6), 0.06, self.surfaces.picture(f"window_{index % 6}", rough=0.25))
            for bar in range(9):
                x = left + bar * 0.175
                self.masonry.box((x - 0.01, x + 0.01), (0.16, 0.18), (1.15, 2.65), self.frame)
