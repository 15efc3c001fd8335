"""Cartons: single, stacked, open, on a pallet."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_fruit import heap
from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Shape

CARTON = (0.44, 0.36, 0.31)
"""Usual size, metres."""


def carton(kit: Kit, shape: Shape, at: tuple[float, float, float], size: tuple[float, float, float] = CARTON, *, shift: int = 0) -> None:
    """One closed carton; shift chooses its print."""
    which = (kit.variant * 3 + shift) % 8
    side, top = kit.print(f"carton_{which}"), kit.print(f"carton_top_{which % 4}")
    turn = float(kit.rng.normal(0, 0.035))
    shape.box(size, at, (top, top, side, side, side, side), turn=turn)


def stack(kit: Kit, columns: list[int], rows: int = 1, size: tuple[float, float, float] = CARTON, *, kinds: int = 1) -> Shape:
    """Columns of that many cartons side by side, in so many rows behind each other."""
    shape = Shape()
    gap = 0.015
    for row in range(rows):
        for index, count in enumerate(columns):
            kind = int(kit.rng.integers(kinds))
            for level in range(count - (row if count > 1 and rows > 1 else 0)):
                x = (index - (len(columns) - 1) / 2) * (size[0] + gap) + float(kit.rng.normal(0, 0.012))
                y = -row * (size[1] + gap) * -1 + float(kit.rng.normal(0, 0.01))
                carton(kit, shape, (x, -y, level * size[2]), size, shift=kind)
    return shape


@recipe("carton")
def one(kit: Kit) -> Shape:
    """A single carton."""
    shape = Shape()
    carton(kit, shape, (0, 0, 0))
    return shape


@recipe("carton_stack_low", "carton_stack_high", "carton_wall")
def stacked(kit: Kit) -> Shape:
    """Two or four columns; the last one is sometimes lower."""
    low = int(kit.rng.integers(0, 2))
    columns = {"carton_stack_low": [2, 2 - low], "carton_stack_high": [4, 4 - low], "carton_wall": [4, 4, 4 - low, 3 - low]}
    return stack(kit, columns[kit.spec.name], kinds=2)


@recipe("carton_pyramid")
def pyramid(kit: Kit) -> Shape:
    """Two rows, higher in the middle."""
    return stack(kit, [2, 3, 1], rows=2, kinds=3)


@recipe("carton_open")
def opened(kit: Kit) -> Shape:
    """Flaps up, fruit inside."""
    shape = Shape()
    side = kit.print(f"carton_{kit.variant % 8}")
    wide, deep, high = 0.44, 0.33, 0.27
    for across, along, size in ((0.0, deep / 2, (wide, 0.01, high)), (0, -deep / 2, (wide, 0.01, high))):
        shape.box(size, (across, along, 0), side)
    for edge in (-wide / 2, wide / 2):
        shape.box((0.01, deep, high), (edge, 0, 0), side)
    for y, tilt in ((deep / 2, -0.5), (-deep / 2, 0.5)):
        shape.box((wide, 0.008, 0.13), (0.0, y, high - 0.005), kit.kraft, tilt=tilt)
    for x, lean in ((wide / 2, 0.6), (-wide / 2, -0.6)):
        shape.box((0.008, deep, 0.13), (x, 0, high - 0.005), kit.kraft, lean=lean)
    heap(kit, shape, (0, 0, 0.14), (wide - 0.04, deep - 0.04), layers=2, radius=0.042)
    return shape


@recipe("carton_hand_truck")
def hand_truck(kit: Kit) -> Shape:
    """Four cartons on a two-wheeled truck."""
    shape = stack(kit, [3], size=(0.46, 0.36, 0.32), kinds=3)
    shape.bend(lambda points: points + np.array([0, 0.06, 0.06]))
    paint = kit.paint(kit.pick(("#a5342a", "#2f5d96", "#3a3d40")))
    for x in (-0.17, 0.17):
        shape.tube((x, -0.16, 0.05), (x, -0.2, 1.15), 0.014, paint)
        shape.ring((x * 1.35, -0.24, 0.1), 0.075, 0.025, kit.rubber, sides=12)
    for z in (0.3, 0.7, 1.15):
        shape.tube((-0.17, -0.19, z), (0.17, -0.19, z), 0.012, paint)
    shape.box((0.42, 0.36, 0.02), (0, 0.06, 0.03), kit.dark_steel)
    return shape


@recipe("carton_pallet")
def pallet(kit: Kit) -> Shape:
    """Interlocked layers on a wooden pallet, some gone from the top."""
    shape = Shape()
    for y in (-0.42, -0.14, 0.14, 0.42):
        shape.box((1.2, 0.13, 0.025), (0, y, 0.115), kit.wood)
    for x in (-0.52, 0, 0.52):
        shape.box((0.1, 1.0, 0.115), (x, 0, 0), kit.wood)
    for layer in range(4):
        crossed = layer % 2
        for i in range(2 if crossed else 3):
            for j in range(3 if crossed else 2):
                if layer == 3 and (i + j + kit.variant) % 3 == 0:
                    continue
                size = (0.58, 0.32, 0.265) if crossed else (0.385, 0.48, 0.265)
                place = ((i - (0.5 if crossed else 1)) * (size[0] + 0.01), (j - (1 if crossed else 0.5)) * (size[1] + 0.01))
                carton(kit, shape, (*place, 0.14 + layer * 0.265), size, shift=kit.variant % 2)
    return shape


@recipe("carton_tower_mixed")
def tower(kit: Kit) -> Shape:
    """Large household cartons, the widest below."""
    shape = Shape()
    level = 0.0
    for index, size in enumerate(((0.78, 0.66, 0.52), (0.6, 0.56, 0.44), (0.52, 0.4, 0.28), (0.36, 0.3, 0.2))):
        at = (float(kit.rng.normal(0, 0.03)), float(kit.rng.normal(0, 0.03)), level)
        carton(kit, shape, at, size, shift=index * 3)
        level += size[2]
    return shape
