"""Which parts of a picture the network is shown, and how large: fixed once per picture size.

One window spans all watched zones, with room for the people who stand in them. Zones whose smallest thing would
be too small in it are covered by enlarged tiles as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from shapely import box

from pipeline.config import YoloSettings
from pipeline.detectors.network import STRIDE_PX
from pipeline.types import BoundingBox
from pipeline.zones import WATCHED, CameraZones, Zone

MOST_TILES = 8
"""Enlarged tiles beside the one wide window. Where more would be needed, all are enlarged less until that many do."""
MOST_ENLARGED = 2.0
"""Native pixels are never blown up beyond this: it adds cost and no detail."""
_LEAST_GAIN = 1.15
"""A tile that shows things less than this much larger than the wide window is not worth its cost."""
_ROOM_ABOVE = 0.25
_ROOM_BESIDE = 0.05
"""Fractions of the picture round the zones: people stand on the ground and reach above it."""
_PERSON_IN_THINGS = 5.0
"""Height of a person in heights of the smallest thing of interest (a bag, a carton)."""
_NEARLY_ALL = 0.85
_SHRINK = 0.9

CLOSE_INPUT_PX = 320
"""Input of a closer look at one thing."""
_CLOSE_LEAST_PX = 64
_CLOSE_ROOM = 0.6
"""Room on each side of the box in a closer look, in box sizes."""
_CLOSE_ENLARGED = 5.0


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the picture in whole pixels at full resolution, and the network input that it is scaled into.

    ``left <= x < right`` and ``top <= y < bottom``. ``scale`` is input pixels per picture pixel; the input is a
    multiple of the network's stride and at least as large as the scaled part.
    """

    left: int
    top: int
    right: int
    bottom: int
    scale: float
    input_width: int
    input_height: int

    @property
    def width(self) -> int:
        """In picture pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In picture pixels."""
        return self.bottom - self.top


def plan_windows(zones: CameraZones, width: int, height: int, settings: YoloSettings) -> tuple[Window, ...]:
    """The wide window first, then tiles, nearest need first. Pure: zones, picture size and settings decide.

    Without watched zones the whole picture is one window.
    """
    watched = zones.of_kind(*WATCHED)
    if not watched:
        return (_window((0, 0, width, height), settings.image_size_px),)
    bounds = [zone.polygon.bounds for zone in watched]
    span = (
        min(b[0] for b in bounds) - _ROOM_BESIDE,
        min(b[1] for b in bounds) - _ROOM_ABOVE,
        max(b[2] for b in bounds) + _ROOM_BESIDE,
        max(b[3] for b in bounds) + _ROOM_BESIDE,
    )
    pixels = _to_pixels(span, width, height)
    if (pixels[2] - pixels[0]) * (pixels[3] - pixels[1]) > _NEARLY_ALL * width * height:
        pixels = (0, 0, width, height)
    wide = _window(pixels, settings.image_size_px)
    return (wide, *_tiles(watched, wide, (width, height), settings))


def close_window(thing: BoundingBox, width: int, height: int) -> Window:
    """A closer look: a square around a box with room, moved into the picture where it would stick out."""
    thing_width, thing_height = thing.width * width, thing.height * height
    side = max(_CLOSE_LEAST_PX, round(max(thing_width, thing_height) * (1 + 2 * _CLOSE_ROOM)))
    side_x, side_y = min(side, width), min(side, height)
    left = min(max(0, round((thing.x_min + thing.x_max) / 2 * width - side_x / 2)), width - side_x)
    top = min(max(0, round((thing.y_min + thing.y_max) / 2 * height - side_y / 2)), height - side_y)
    scale = min(_CLOSE_ENLARGED, CLOSE_INPUT_PX / max(side_x, side_y))
    return Window(left, top, left + side_x, top + side_y, scale, CLOSE_INPUT_PX, CLOSE_INPUT_PX)


def _tiles(zones: tuple[Zone, ...], wide: Window, size: tuple[int, int], settings: YoloSettings) -> tuple[Window, ...]:
    """Enlarged tiles for the zones that need them, at most MOST_TILES."""
    needs = []
    for zone in zones:
        if zone.smallest_thing:
            needed = settings.smallest_thing_px / (zone.smallest_thing * size[1])
            scale = min(needed, MOST_ENLARGED)
            if needed > wide.scale and scale >= wide.scale * _LEAST_GAIN:
                needs.append((scale, zone))
    needs.sort(key=lambda need: (-need[0], need[1].zone_id))
    shrink = 1.0
    while True:
        tiles: list[Window] = []
        for scale, zone in needs:
            if scale * shrink >= wide.scale * _LEAST_GAIN:
                tiles += [
                    tile for tile in _tiles_of(zone, scale * shrink, size, settings) if not any(_holds(other, tile) for other in tiles)
                ]
        if len(tiles) <= MOST_TILES:
            return tuple(tiles)
        shrink *= _SHRINK


def _tiles_of(zone: Zone, scale: float, size: tuple[int, int], settings: YoloSettings) -> list[Window]:
    """A grid of equal tiles over one zone and the people in it, overlapping by a person's height; empty cells left out."""
    thing = zone.smallest_thing or 0.0
    left, top, right, bottom = zone.polygon.bounds
    aspect = size[0] / size[1]
    beside = 2 * thing / aspect
    reach = (left - beside, top - _PERSON_IN_THINGS * thing, right + beside, bottom + thing)
    x_min, y_min, x_max, y_max = _to_pixels(reach, *size)
    side = settings.image_size_px / scale
    overlap = min(side / 3, _PERSON_IN_THINGS * thing * size[1])
    ground = zone.polygon.buffer(_PERSON_IN_THINGS * thing)
    tiles = []
    for cell_top, cell_bottom in _spans(y_min, y_max, side, overlap):
        for cell_left, cell_right in _spans(x_min, x_max, side, overlap):
            cell = box(cell_left / size[0], cell_top / size[1], cell_right / size[0], cell_bottom / size[1])
            if ground.intersects(cell):
                tiles.append(_window((cell_left, cell_top, cell_right, cell_bottom), settings.image_size_px, scale))
    return tiles


def _spans(start: int, end: int, side: float, overlap: float) -> list[tuple[int, int]]:
    """Equal spans of at most ``side`` pixels from start to end, each sharing at least ``overlap`` with the next."""
    length = end - start
    if length <= side:
        return [(start, end)]
    count = math.ceil((length - overlap) / (side - overlap))
    step = (length - side) / (count - 1)
    return [(min(start + round(i * step), end - int(side)), min(start + round(i * step) + int(side), end)) for i in range(count)]


def _window(pixels: tuple[int, int, int, int], longest: int, scale: float = MOST_ENLARGED) -> Window:
    """Scale a part of the picture into the smallest input that holds it: at most ``longest`` pixels, at most ``scale``."""
    left, top, right, bottom = pixels
    scale = min(scale, MOST_ENLARGED, longest / max(right - left, bottom - top))
    return Window(left, top, right, bottom, scale, _round_up((right - left) * scale), _round_up((bottom - top) * scale))


def _round_up(length: float) -> int:
    # A hair less before rounding up, so that 640.0000001 stays 640.
    return max(STRIDE_PX, math.ceil((length - 1e-6) / STRIDE_PX) * STRIDE_PX)


def _holds(outer: Window, inner: Window) -> bool:
    """Whether one window shows all of the other, at least as large."""
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
        and outer.scale >= inner.scale * _SHRINK
    )


def _to_pixels(bounds: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int]:
    """Fractions to whole pixels, outwards, inside the picture, at least one pixel each way."""
    left = min(max(0, math.floor(bounds[0] * width)), width - 1)
    top = min(max(0, math.floor(bounds[1] * height)), height - 1)
    return left, top, max(left + 1, min(width, math.ceil(bounds[2] * width))), max(top + 1, min(height, math.ceil(bounds[3] * height)))
