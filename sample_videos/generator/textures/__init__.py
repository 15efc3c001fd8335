"""All surfaces of the streets as pictures, drawn from seeds: pure numpy, OpenCV and Pillow."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from sample_videos.generator.streets import STREETS
from sample_videos.generator.streets.styles import style_of
from sample_videos.generator.streets.trades import TRADES, WINDOW
from sample_videos.generator.textures import ground, interiors, lettering, walls
from sample_videos.generator.textures.noise import Array

SEED = 2026
WINDOWS, LIT_WINDOWS = 6, 3
"""How many different windows there are."""
INTERIORS = 2
"""How many different walls each kind of shelves has."""
WINDOW_DISPLAYS = 16
"""How many different shop windows there are."""
AWNINGS = (((150, 40, 36), (204, 198, 186)), ((38, 84, 130), (200, 198, 190)), ((46, 106, 66), (196, 190, 170)))
SHUTTERS = ((150, 153, 154), (126, 138, 148), (168, 158, 138))

Draw = Callable[[np.random.Generator], Array]

GROUND: dict[str, Draw] = {
    "pave_slabs": ground.slabs,
    "pave_small_slabs": ground.small_slabs,
    "pave_granite": ground.granite,
    "pave_terrazzo": ground.terrazzo,
    "pave_concrete": ground.concrete,
    "pave_red_brick": ground.red_brick,
    "pave_hexagons": ground.hexagon_tiles,
    "pave_herringbone": ground.zigzag,
    "tactile": ground.tactile,
    "asphalt_worn": partial(ground.asphalt, grey=104, wear=0.9, patches=0),
    "asphalt_patched": partial(ground.asphalt, grey=98, wear=1.0, patches=4),
    "asphalt_new": partial(ground.asphalt, grey=80, wear=0.2, patches=0),
    "concrete_road": ground.concrete_road,
}
WALLS: dict[str, Draw] = {
    "facade_render": partial(walls.render, colour=(186, 172, 146)),
    "facade_brick": walls.brick,
    "facade_flats": partial(walls.tiles, colour=(172, 156, 138), columns=20, rows=40, dark=0.86),
    "facade_stucco": partial(walls.render, colour=(198, 184, 150), dirt=0.45),
    "facade_concrete": walls.concrete_wall,
    "facade_cream": partial(walls.render, colour=(200, 188, 162), dirt=0.22),
    "facade_white_tiles": partial(walls.tiles, colour=(196, 200, 198), columns=14, rows=56, shift=0.5, dark=0.82),
    "facade_panels": partial(walls.tiles, colour=(84, 88, 92), columns=2, rows=4, dark=0.5),
    "across_houses": partial(walls.far_houses, wall=(178, 168, 150), columns=4, storeys=3, shops=True),
    "across_flats": partial(walls.far_houses, wall=(182, 172, 158), columns=6, storeys=6, shops=True),
    "across_wall": partial(walls.far_houses, wall=(164, 158, 148), columns=5, storeys=3, shops=False),
}


def _all() -> Iterator[tuple[str, Draw]]:
    """Name (without the ending) and way of drawing of every texture."""
    yield from GROUND.items()
    yield from WALLS.items()
    for index, colour in enumerate(SHUTTERS):
        yield f"shutter_{index}", partial(walls.shutter, colour=colour)
    for index, (colour, other) in enumerate(AWNINGS):
        yield f"awning_{index}", partial(walls.awning, colour=colour, other=other)
    for index in range(WINDOWS):
        frame = [(200, 202, 200), (112, 116, 118), (118, 84, 58)][index % 3]
        yield f"window_{index}", partial(walls.window, frame=frame)
    for index in range(LIT_WINDOWS):
        yield f"window_lit_{index}", partial(walls.window, frame=(120, 116, 110), lit=True)
    for kind in interiors.SHELVES:
        for index in range(WINDOW_DISPLAYS if kind == TRADES[WINDOW].shelves else INTERIORS):
            yield f"inside_{kind}_{index}", partial(interiors.interior, shelves=kind)
    for trade in TRADES.values():
        yield f"poster_{trade.key}", partial(lettering.poster, text=trade.poster)
    for plan in STREETS.values():
        style = style_of(plan)
        for unit in plan.units:
            shape = style.sign_height_m / (unit.x_max - unit.x_min - style.sign_gap_m)
            line = TRADES[unit.trade].line
            yield f"plate/{unit.code}", partial(lettering.number_plate, address=unit.address)
            yield f"sign/{unit.code}", partial(lettering.sign, name=unit.name, line=line, colours=unit.sign, height_by_width=shape)


def texture_names() -> tuple[str, ...]:
    """What make_textures draws, without the ending .png."""
    return tuple(name for name, _ in _all())


def make_textures(folder: Path) -> None:
    """Draw every texture that is not there yet; the same seeds give the same pictures."""
    for name, draw in _all():
        path = folder / f"{name}.png"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = draw(np.random.default_rng([SEED, zlib.crc32(name.encode())]))
        pixels = np.clip(picture[..., ::-1], 0, 255).astype(np.uint8)
        # Written aside and renamed, so that a run that was cut off leaves no half picture behind; several processes may
        # draw the same texture at the same time.
        unfinished = path.with_name(f".{path.stem}.{os.getpid()}.png")
        cv2.imwrite(str(unfinished), pixels)
        unfinished.replace(path)


__all__ = ["make_textures", "texture_names"]
