"""Wares spread on a sheet on the ground, and building material."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_fruit import FRUIT, basket, greens
from sample_videos.generator.blender.things_kit import CLOTHS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape


def ground_sheet(kit: Kit, shape: Shape, wide: float, deep: float, *, shift: int = 0) -> None:
    """A sheet that does not lie quite flat."""
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 9), np.linspace(-0.5, 0.5, 7))
    z = kit.rng.uniform(0.002, 0.016, u.shape)
    material = kit.print("stripes_3") if (kit.variant + shift) % 3 == 0 else kit.one_print("cloth", 6, shift=shift)
    shape.sheet(np.stack([u * wide, v * deep, z], 2), material, tiles=(3, 2))


@recipe("clothes_sheet")
def clothes(kit: Kit) -> Shape:
    """Folded and thrown clothes in rows."""
    shape = Shape()
    ground_sheet(kit, shape, 2.0, 1.5, shift=1)
    for row in range(4):
        for column in range(6):
            x, y = (column - 2.5) * 0.32, (row - 1.5) * 0.34
            jitter = kit.rng.normal(0, 0.02, 2)
            colour = kit.paint(CLOTHS[int(kit.rng.integers(len(CLOTHS)))], rough=0.95)
            high = float(kit.rng.uniform(0.05, 0.15))
            u, v = np.meshgrid(np.linspace(-1, 1, 6), np.linspace(-1, 1, 6))
            z = high * (1 - u**4) * (1 - v**4) + kit.rng.uniform(0, 0.025, u.shape)
            shape.sheet(np.stack([u * 0.145 + x + jitter[0], v * 0.155 + y + jitter[1], z + 0.01], 2), colour)
    return shape


@recipe("vegetable_sheet")
def vegetables(kit: Kit) -> Shape:
    """Heaps of greens, roots and tomatoes on a sheet, a basket among them."""
    shape = Shape()
    ground_sheet(kit, shape, 1.8, 1.3)
    for index in range(6):
        x, y = (index % 3 - 1) * 0.56, 0.3 - index // 3 * 0.6
        if (index + kit.variant) % 3 == 0:
            greens(kit, shape, (x, y, 0.01), (0.5, 0.48), 0.2, shift=index)
        elif index == 5:
            shape.join(basket(kit, shift=2), (x, y, 0), scale=0.8)
        else:
            shades = FRUIT[(kit.variant + index) % len(FRUIT)]
            for ball in range(42):
                angle, far = ball * 2.4, 0.036 * ball**0.5
                spot = (x + far * np.cos(angle), y + far * np.sin(angle), 0.17 - far * 0.62)
                shape.ball(spot, 0.042, kit.paint(shades[ball % 2], rough=0.5), detail=0)
    return shape


@recipe("toys_sheet")
def toys(kit: Kit) -> Shape:
    """Balls, boxes and small cars on a sheet."""
    shape = Shape()
    ground_sheet(kit, shape, 1.6, 1.2, shift=2)
    for row in range(4):
        for column in range(6):
            x, y = (column - 2.5) * 0.25, (row - 1.5) * 0.27
            colour = kit.paint(PLASTICS[int(kit.rng.integers(len(PLASTICS)))], rough=0.4)
            what = int(kit.rng.integers(3))
            if what == 0:
                shape.ball((x, y, 0.1), 0.09, colour)
            elif what == 1:
                side = kit.print(f"wares_{(row + column) % 4}")
                shape.box((0.18, 0.1, 0.2), (x, y, 0.01), side, turn=float(kit.rng.normal(0, 0.3)))
            else:
                shape.box((0.1, 0.2, 0.06), (x, y, 0.03), colour)
                shape.box((0.09, 0.1, 0.05), (x, y - 0.01, 0.09), kit.dark_glass)
    return shape


@recipe("shoes_sheet")
def shoes(kit: Kit) -> Shape:
    """Pairs of shoes in rows on a sheet."""
    shape = Shape()
    ground_sheet(kit, shape, 1.8, 1.2, shift=3)
    for row in range(4):
        for column in range(8):
            colour = kit.paint(("#26262a", "#d8d3c6", "#7d4a2e", "#8e343a", "#34507c")[int(kit.rng.integers(5))], rough=0.6)
            for half in (-0.045, 0.045):
                x, y = (column - 3.5) * 0.21 + half, (row - 1.5) * 0.28
                shape.ball((x, y + 0.03, 0.035), (0.038, 0.1, 0.04), colour, detail=0)
                shape.ball((x, y - 0.07, 0.055), (0.034, 0.055, 0.075), colour, detail=0)
    return shape


@recipe("brick_pile")
def brick_pile(kit: Kit) -> Shape:
    """A block of bricks, some thrown on top."""
    shape = Shape()
    side = kit.print("bricks")
    shape.box((0.75, 0.75, 0.48), (-0.2, 0, 0), side)
    shape.box((0.38, 0.6, 0.3), (0.38, 0.03, 0), side)
    colours = [kit.paint(colour, rough=0.9) for colour in ("#96503c", "#8a4636", "#a35d46")]
    for index in range(22):
        x, y = kit.rng.uniform(-0.45, 0.5), kit.rng.uniform(-0.28, 0.28)
        z = 0.48 if x < 0.12 else 0.3
        shape.box((0.24, 0.115, 0.055), (x, y, z + 0.055 * (index % 2)), colours[index % 3], turn=float(kit.rng.uniform(0, 3)))
    return shape


@recipe("tile_boxes")
def tile_boxes(kit: Kit) -> Shape:
    """Cardboard boxes of tiles stacked on edge boards, two stacks of different height."""
    shape = Shape()
    side, top = kit.one_print("tiles", 2), kit.kraft
    for x, high in ((-0.31, 0.72), (0.31, 0.48)):
        for y in (-0.2, 0.2):
            shape.box((0.6, 0.1, 0.08), (x, y, 0), kit.wood)
        shape.box((0.6, 0.6, high), (x, 0, 0.08), (top, top, side, side, side, side), turn=float(kit.rng.normal(0, 0.03)))
    for index in range(3):
        shape.box((0.6, 0.012, 0.58), (0.31, 0.32 + index * 0.02, 0.0), kit.paint("#b9b6ae", rough=0.3), tilt=0.08)
    return shape


@recipe("pipes")
def pipes(kit: Kit) -> Shape:
    """A bundle of plastic pipes on two battens."""
    shape = Shape()
    colour = kit.paint(("#c9ccc9", "#b5643a", "#8f989c")[kit.variant % 3], rough=0.45)
    for x in (-1.0, 1.0):
        shape.box((0.08, 0.5, 0.05), (x, 0, 0), kit.wood)
    for layer, count in enumerate((4, 3, 2)):
        for index in range(count):
            y, z = (index - (count - 1) / 2) * 0.115, 0.105 + layer * 0.1
            shift = float(kit.rng.uniform(-0.08, 0.08))
            shape.tube((-1.4 + shift, y, z), (1.4 + shift, y, z), 0.056, colour, sides=10, caps=False)
            shape.tube((-1.39 + shift, y, z), (1.39 + shift, y, z), 0.048, kit.black, sides=8)
    return shape


@recipe("planks")
def planks(kit: Kit) -> Shape:
    """Boards of unequal length on battens."""
    shape = Shape()
    for x in (-0.8, 0.8):
        shape.box((0.09, 0.5, 0.06), (x, 0, 0), kit.wood)
    for layer in range(6):
        for index in range(3 if layer < 5 else 1):
            at = (float(kit.rng.normal(0, 0.06)), (index - 1) * 0.16 + float(kit.rng.normal(0, 0.01)), 0.06 + layer * 0.045)
            shape.box((2.45 + float(kit.rng.normal(0, 0.05)), 0.15, 0.04), at, kit.wood, turn=float(kit.rng.normal(0, 0.01)), tiles=2)
    return shape
