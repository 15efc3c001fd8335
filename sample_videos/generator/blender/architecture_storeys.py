"""Storeys over the shops, the arcade, and what closes the view: the far side and the ends of the street."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sample_videos.generator.blender.architecture_fronts import WALL_TILE_M, FrontBuilder, Span
from sample_videos.generator.blender.architecture_ground import FAR_PAVEMENT_M, reach_of
from sample_videos.generator.blender.architecture_masonry import Masonry, Surfaces
from sample_videos.generator.streets.styles import columns
from sample_videos.generator.textures import LIT_WINDOWS, WINDOWS
from sample_videos.generator.values import StreetPlan

WINDOW_M = (1.35, 1.5)
"""Width and height of a window."""
REVEAL_M = 0.14
SILL_M = 0.95
CAGED = ("rendered", "tiled", "brick", "market")
"""Styles whose first-floor windows have a cage against thieves."""
LIT_PART = 0.35
"""So many windows are lit at night."""
ACROSS = {"houses": (12.0, 10.0), "flats": (18.0, 20.0), "wall": (15.0, 9.0)}
"""Metres along and up that one texture of the far side covers."""


class StoreyBuilder:
    """Upper storeys of one street, in the same mesh as the fronts."""

    def __init__(self, fronts: FrontBuilder) -> None:
        self.fronts = fronts
        self.masonry: Masonry = fronts.masonry
        self.surfaces: Surfaces = fronts.surfaces
        self.style = fronts.style
        wall, sign = fronts.sign_place()
        self.wall_y = wall
        self.base_z = sign + self.style.sign_height_m + 0.12

    def house(self, xs: Span, height_m: float, index: int, *, wall_y: float | None = None) -> None:
        """Everything over the ground floor of one house."""
        y = self.wall_y if wall_y is None else wall_y
        rng = np.random.default_rng([self.fronts.plan.seed, 51, index])
        storeys = max(1, int((height_m - self.base_z) / self.style.storey_m))
        for storey in range(storeys):
            bottom = self.base_z + storey * self.style.storey_m
            self._storey(xs, bottom, y, rng, caged=storey == 0 and self.style_name in CAGED)
        top = self.base_z + storeys * self.style.storey_m
        self.masonry.front(xs, (top, top + 0.7), y, self.fronts.wall, WALL_TILE_M)
        self.masonry.box(xs, (y - 0.3, y + 0.12), (top + 0.7, top + 0.85), self.fronts.pillar)
        self.masonry.flat(xs, (y - 9.0, y), top + 0.2, self.fronts.pillar)
        if self.style.bay:
            self.masonry.box(
                xs, (y - 0.05, y + 0.28), (self.base_z - 0.04, self.base_z + 0.1), self.surfaces.plain(self.style.bay, rough=0.8)
            )

    @property
    def style_name(self) -> str:
        """The style as the plan calls it."""
        return self.fronts.plan.style

    def _storey(self, xs: Span, bottom: float, y: float, rng: np.random.Generator, *, caged: bool) -> None:
        """A wall with recessed windows."""
        low, high = xs
        count = max(1, round((high - low) / 2.3))
        pitch = (high - low) / count
        sill, head, top = bottom + SILL_M, bottom + SILL_M + WINDOW_M[1], bottom + self.style.storey_m
        wall = self.fronts.wall
        self.masonry.front(xs, (bottom, sill), y, wall, WALL_TILE_M)
        self.masonry.front(xs, (head, top), y, wall, WALL_TILE_M)
        edge = low
        for index in range(count):
            left = low + (index + 0.5) * pitch - WINDOW_M[0] / 2
            self.masonry.front((edge, left), (sill, head), y, wall, WALL_TILE_M)
            edge = left + WINDOW_M[0]
            self._window((left, edge), (sill, head), y, rng)
            if caged:
                self._cage((left, edge), (sill, head), y)
        self.masonry.front((edge, high), (sill, head), y, wall, WALL_TILE_M)

    def _window(self, xs: Span, zs: Span, y: float, rng: np.random.Generator) -> None:
        lit = self.fronts.night and rng.random() < LIT_PART
        name = f"window_lit_{int(rng.integers(LIT_WINDOWS))}" if lit else f"window_{int(rng.integers(WINDOWS))}"
        pane = self.surfaces.picture(name, rough=0.2, glow=0.3 if lit else 0.0)
        self.masonry.front(xs, zs, y - REVEAL_M, pane)
        for x in xs:
            self.masonry.side(x, (y - REVEAL_M, y), zs, self.fronts.pillar)
        for z in zs:
            self.masonry.flat(xs, (y - REVEAL_M, y), z, self.fronts.pillar)
        self.masonry.box((xs[0] - 0.08, xs[1] + 0.08), (y, y + 0.09), (zs[0] - 0.07, zs[0]), self.fronts.pillar)

    def _cage(self, xs: Span, zs: Span, y: float) -> None:
        """A cage of thin bars that stands out from the wall."""
        steel = self.surfaces.plain("#8e9496", rough=0.4, metal=0.6)
        low, high, bottom, top = xs[0] - 0.1, xs[1] + 0.1, zs[0] - 0.12, zs[1] + 0.05
        out = y + 0.38
        for x in np.linspace(low, high, 10):
            self.masonry.front((x - 0.009, x + 0.009), (bottom, top), out, steel)
        for z in (bottom, (bottom + top) / 2, top):
            self.masonry.box((low, high), (out - 0.012, out), (z - 0.012, z + 0.012), steel)
        for x in (low, high):
            for depth in (y + 0.1, y + 0.24, out):
                self.masonry.side(x, (depth - 0.009, depth + 0.009), (bottom, top), steel)
        self.masonry.flat((low, high), (y, out), bottom, self.surfaces.plain("#9aa0a0", rough=0.5, metal=0.4))

    def arcade(self, plan: StreetPlan) -> None:
        """Columns, the beam on them and the ceiling behind it."""
        style = self.style
        low, high = plan.units[0].x_min, plan.units[-1].x_max
        beam = style.front_height_m + 0.42
        stucco = self.fronts.wall
        for x, y, width in columns(plan):
            half = width / 2
            self.masonry.box((x - half, x + half), (y - half, y + half), (0.0, beam), stucco, WALL_TILE_M)
            for grown, zs in ((0.05, (0.0, 0.45)), (0.04, (beam - 0.22, beam))):
                reach = half + grown
                self.masonry.box((x - reach, x + reach), (y - reach, y + reach), zs, self.fronts.pillar)
        self.masonry.box(
            (low - 0.25, high + 0.25), (style.arcade_m - style.column_m, style.arcade_m - 0.001), (beam, self.base_z), stucco, WALL_TILE_M
        )
        self.masonry.flat((low, high), (0.0, style.arcade_m), beam + 0.12, self.fronts.pillar)
        self.masonry.front((low, high), (style.front_height_m, beam + 0.12), 0.0, stucco, WALL_TILE_M)


def neighbour_spans(plan: StreetPlan) -> Iterable[tuple[int, Span]]:
    """The houses on both sides of the row, 9.6 m wide each, to the ends of the street."""
    first, last = reach_of(plan)
    width, index = 9.6, 0
    x = plan.units[-1].x_max
    while x < last:
        yield index, (x, x + width)
        x, index = x + width, index + 1
    x, index = plan.units[0].x_min, 0
    while x > first:
        yield index + 100, (x - width, x)
        x, index = x - width, index + 1


def close_the_view(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan, kind: str) -> None:
    """The far side of the road and a house across each end of the street."""
    first, last = reach_of(plan)
    wide, high = ACROSS[kind]
    y = plan.kerb_y + plan.road_width_m + FAR_PAVEMENT_M
    material = surfaces.picture(f"across_{kind}", rough=0.85)
    u = (last - first) / wide
    corners = [(first, y, 0.0), (last, y, 0.0), (last, y, high), (first, y, high)]
    masonry.quad(corners, material, [(0, 0), (u, 0), (u, 1), (0, 1)])
    wide, high = ACROSS["flats"]
    end = surfaces.picture("across_flats", rough=0.85)
    for x in (first, last):
        masonry.quad([(x, -20.0, -0.2), (x, y + 10, -0.2), (x, y + 10, high), (x, -20.0, high)], end, [(0, 0), (2, 0), (2, 1), (0, 1)])
