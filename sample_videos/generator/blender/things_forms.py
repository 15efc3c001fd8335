"""Forms that many things share: rounded boxes, cloths that hang, wire panels, rows of legs, castors."""

from __future__ import annotations

from itertools import product

import numpy as np

from sample_videos.generator.blender.things_kit import Kit
from sample_videos.generator.blender.things_shape import Array, Material, Shape

Spot = tuple[float, float, float]


def rounded(
    shape: Shape, size: Spot, at: Spot, material: Material, *, radius: float = 0.04, bevel: float = 0.015, turn: float = 0.0
) -> None:
    """A box standing on `at` with round upright edges and a bevelled lid."""
    wide, deep, high = size
    corners = []
    for quarter, (a, b) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in np.linspace(0, np.pi / 2, 4):
            angle = quarter * np.pi / 2 + step
            corners.append((a * (wide / 2 - radius) + radius * np.cos(angle), b * (deep / 2 - radius) + radius * np.sin(angle)))
    outline = np.array([*corners, corners[0]])
    small = 1 - bevel * 2 / np.array([wide, deep])
    rings = [(outline * small, 0.0), (outline, bevel), (outline, high - bevel), (outline * small, high)]
    piece = Shape()
    piece.sheet(np.array([[(x, y, z) for x, y in ring] for ring, z in rings]), material, smooth=False)
    piece.add(np.array([(x, y, high) for x, y in outline[:-1] * small]), np.arange(len(corners))[None], material)
    piece.add(np.array([(x, y, 0.0) for x, y in outline[:-1] * small]), np.arange(len(corners))[None, ::-1], material)
    shape.join(piece, at, turn=turn)


def tablecloth(kit: Kit, shape: Shape, size: tuple[float, float], z: float, drop: float, material: Material, *, waves: int = 9) -> None:
    """A cloth over a table of width x depth whose top is at z; its hem swings."""
    wide, deep = size
    count = 48
    around = np.linspace(0, 1, count + 1)
    outline = np.array([_on_rectangle(share, wide, deep) for share in around])
    outward = outline / np.maximum(np.linalg.norm(outline, axis=1, keepdims=True), 1e-6)
    swing = 0.02 + 0.018 * np.sin(around * 2 * np.pi * waves + float(kit.rng.uniform(0, 6)))[:, None]
    hem = outline + outward * swing
    middle = outline + outward * swing * 0.4
    rows = [(outline, z + 0.004), (middle, z - drop / 2), (hem, z - drop)]
    grid = np.array([np.column_stack([flat, np.full(count + 1, height)]) for flat, height in rows])
    shape.sheet(grid, material, smooth=False, tiles=(4 * (wide + deep), 2 * drop))
    corners = [(a * wide / 2, b * deep / 2, z + 0.004) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    shape.quad(corners, material, uv=[(0, 0), (2 * wide, 0), (2 * wide, 2 * deep), (0, 2 * deep)])


def _on_rectangle(share: float, wide: float, deep: float) -> tuple[float, float]:
    """The point at that share of the way around a rectangle."""
    way = (share % 1.0) * 2 * (wide + deep)
    for length, start, step in (
        (wide, (-wide / 2, -deep / 2), (1, 0)),
        (deep, (wide / 2, -deep / 2), (0, 1)),
        (wide, (wide / 2, deep / 2), (-1, 0)),
        (deep, (-wide / 2, deep / 2), (0, -1)),
    ):
        if way <= length + 1e-9:
            return start[0] + step[0] * way, start[1] + step[1] * way
        way -= length
    return -wide / 2, -deep / 2


def legs(shape: Shape, wide: float, deep: float, high: float, material: Material, *, radius: float = 0.018, splay: float = 0.0) -> None:
    """Four round legs under a top of width x depth; splay: how far the feet stand out, metres."""
    for a, b in product((-1, 1), (-1, 1)):
        foot = (a * (wide / 2 + splay), b * (deep / 2 + splay), 0.0)
        shape.tube(foot, (a * wide / 2, b * deep / 2, high), radius, material, sides=6)


def posts(shape: Shape, wide: float, deep: float, low: float, high: float, material: Material, *, thick: float = 0.03) -> None:
    """Four square posts between two heights."""
    for a, b in product((-1, 1), (-1, 1)):
        shape.box((thick, thick, high - low), (a * wide / 2, b * deep / 2, low), material)


def castors(kit: Kit, shape: Shape, wide: float, deep: float, *, radius: float = 0.05) -> None:
    """Four small wheels."""
    for a, b in product((-1, 1), (-1, 1)):
        x, y = a * wide / 2, b * deep / 2
        shape.tube((x, y - 0.018, radius), (x, y + 0.018, radius), radius, kit.rubber, sides=10)
        shape.box((0.03, 0.04, radius), (x, y, radius), kit.dark_steel)


def wire_panel(shape: Shape, corners: Array | list[Spot], material: Material, *, across: int, up: int, radius: float = 0.004) -> None:
    """Wires between four corners (low left, low right, high right, high left)."""
    a, b, c, d = (np.array(corner, float) for corner in corners)
    for u in np.linspace(0, 1, across):
        shape.tube(tuple(a + (b - a) * u), tuple(d + (c - d) * u), radius, material, sides=4, caps=False)
    for v in np.linspace(0, 1, up):
        shape.tube(tuple(a + (d - a) * v), tuple(b + (c - b) * v), radius, material, sides=4, caps=False)


def wire_tray(shape: Shape, size: Spot, at: Spot, material: Material, *, step: float = 0.09) -> None:
    """An open basket of wires standing on `at`."""
    (wide, deep, high), (x, y, z) = size, at
    w, d = wide / 2, deep / 2
    low = [(x - w, y - d, z), (x + w, y - d, z), (x + w, y + d, z), (x - w, y + d, z)]
    top = [(one[0], one[1], z + high) for one in low]
    across, along = max(int(wide / step), 3), max(int(deep / step), 3)
    wire_panel(shape, low, material, across=across, up=along)
    for i in range(4):
        j = (i + 1) % 4
        wire_panel(shape, [low[i], low[j], top[j], top[i]], material, across=across if i % 2 == 0 else along, up=3)
        shape.tube(top[i], top[j], 0.007, material, sides=5)


def facing(shape: Shape, wide: float, low: float, high: float, y: float, material: Material, *, x: float = 0.0) -> None:
    """A picture that looks at +y."""
    shape.quad([(x + wide / 2, y, low), (x - wide / 2, y, low), (x - wide / 2, y, high), (x + wide / 2, y, high)], material)


def facing_back(shape: Shape, wide: float, low: float, high: float, y: float, material: Material) -> None:
    """A picture that looks at -y."""
    shape.quad([(-wide / 2, y, low), (wide / 2, y, low), (wide / 2, y, high), (-wide / 2, y, high)], material)
