"""More displays before a shop: bolts of cloth, mats, tins, appliances, shoes, toys, a counter of glass."""

from __future__ import annotations

from sample_videos.generator.blender.things_forms import legs
from sample_videos.generator.blender.things_kit import CLOTHS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape


@recipe("cloth_bolts")
def bolts(kit: Kit) -> Shape:
    """Bolts of cloth stacked like logs on a low pallet."""
    shape = Shape()
    for x in (-0.5, 0.0, 0.5):
        shape.box((0.1, 0.7, 0.1), (x, 0, 0), kit.wood)
    for layer, count in enumerate((5, 4, 3, 2)):
        for index in range(count):
            y, z = (index - (count - 1) / 2) * 0.145, 0.17 + layer * 0.125
            shift = float(kit.rng.normal(0, 0.04))
            cloth = (
                kit.one_print("cloth", 6, shift=index)
                if (index + layer) % 3 == 0
                else kit.paint(CLOTHS[int(kit.rng.integers(10))], rough=0.95)
            )
            shape.tube((-0.65 + shift, y, z), (0.65 + shift, y, z), 0.07, cloth, sides=12)
            shape.tube((-0.68 + shift, y, z), (0.68 + shift, y, z), 0.025, kit.kraft, sides=8)
    return shape


@recipe("carpet_stand")
def carpet_stand(kit: Kit) -> Shape:
    """Rolled mats standing in an open crate."""
    shape = Shape()
    for a in (-1, 1):
        for z in (0.05, 0.25, 0.45):
            shape.box((0.8, 0.02, 0.1), (0, a * 0.3, z), kit.wood)
            shape.box((0.02, 0.6, 0.1), (a * 0.4, 0, z), kit.wood)
    for index in range(9):
        x, y = (index % 3 - 1) * 0.23, (index // 3 - 1) * 0.17
        high = float(kit.rng.uniform(0.8, 1.35))
        tilt = kit.rng.normal(0, 0.05, 2)
        roll = kit.one_print("carpet", 3, shift=index) if index % 2 else kit.paint(CLOTHS[int(kit.rng.integers(10))], rough=0.95)
        shape.tube((x, y, 0.03), (x + float(tilt[0]), y + float(tilt[1]), high), 0.085, roll, sides=12)
    return shape


@recipe("paint_tins")
def paint_tins(kit: Kit) -> Shape:
    """Pyramid of paint tins with handles and coloured bands."""
    shape = Shape()
    for layer, count in enumerate((5, 4, 3)):
        for row in range(2 if layer < 2 else 1):
            for index in range(count):
                x, y, z = (index - (count - 1) / 2) * 0.225, (row - 0.5) * 0.23 if layer < 2 else 0.0, layer * 0.235
                shape.tube(
                    (x, y, z), (x, y, z + 0.22), 0.1, kit.paint(("#c9cbc8", "#d8d2c2")[kit.variant % 2], rough=0.35, metal=0.3), sides=12
                )
                shape.tube(
                    (x, y, z + 0.05), (x, y, z + 0.16), 0.102, kit.paint(kit.pick(PLASTICS, shift=index + layer)), sides=12, caps=False
                )
                shape.tube((x, y, z + 0.22), (x, y, z + 0.23), 0.09, kit.steel, sides=12)
    return shape


@recipe("appliance_cartons")
def appliances(kit: Kit) -> Shape:
    """Large cartons of a fridge, a television and a fan: upright, with straps and arrows."""
    shape = Shape()
    strap = kit.paint(("#2f5a96", "#c9a23a", "#b33a2c")[kit.variant % 3])
    for index, (x, size) in enumerate(
        ((-0.5, (0.66, 0.62, 1.55)), (0.18, (0.6, 0.58, 0.86)), (0.7, (0.24, 0.9, 0.72)), (0.18, (0.5, 0.4, 0.4)))
    ):
        z = 0.86 if index == 3 else 0.0
        turn = float(kit.rng.normal(0, 0.05))
        side = kit.print(f"carton_{(kit.variant * 2 + index * 3) % 8}")
        shape.box(size, (x, 0, z), (kit.kraft, kit.kraft, side, side, side, side), turn=turn)
        shape.box((size[0] + 0.008, size[1] + 0.008, 0.025), (x, 0, z + size[2] * 0.7), strap, turn=turn)
        shape.box((0.03, size[1] + 0.008, size[2] + 0.004), (x - size[0] * 0.2, 0, z), strap, turn=turn)
    return shape


@recipe("shoes_on_boxes")
def shoes_on_boxes(kit: Kit) -> Shape:
    """Columns of shoe boxes; on each a pair of shoes."""
    shape = Shape()
    for column in range(5):
        for row in range(2):
            x, y = (column - 2) * 0.35, (0.5 - row) * 0.36
            count = 2 + row * 2 - (column + kit.variant) % 2
            for level in range(count):
                box = kit.paint(("#b5502c", "#d5d2c8", "#2f3a4a", "#c9c2ae", "#8a3a34")[int(kit.rng.integers(5))])
                shape.box((0.32, 0.22, 0.1), (x, y, level * 0.125), box)
                shape.box((0.33, 0.23, 0.03), (x, y, level * 0.125 + 0.095), box)
            colour = kit.paint(("#26262a", "#d2cdc0", "#7d4a2e", "#8e343a", "#34507c")[int(kit.rng.integers(5))], rough=0.5)
            for foot in (-0.06, 0.06):
                shape.ball((x + foot, y, count * 0.125 + 0.04), (0.042, 0.12, 0.04), colour, detail=0)
                shape.ball((x + foot, y - 0.06, count * 0.125 + 0.08), (0.036, 0.05, 0.05), colour, detail=0)
    return shape


@recipe("toys_display")
def toys(kit: Kit) -> Shape:
    """Low table of toys: cars, balls, dolls; a net of balls before it."""
    shape = Shape()
    legs(shape, 1.2, 0.6, 0.4, kit.dark_steel)
    shape.box((1.3, 0.7, 0.03), (0, 0, 0.4), kit.paint(kit.pick(CLOTHS, shift=4), rough=0.95))
    for index in range(28):
        x, y = (index % 7 - 3) * 0.175, (index // 7 - 1.5) * 0.155
        toy = kit.paint(("#c9302c", "#e0b52c", "#2f7fb8", "#3f9a52", "#d07ab0", "#e07a2c")[int(kit.rng.integers(6))], rough=0.4)
        kind = int(kit.rng.integers(3))
        if kind == 0:
            shape.box((0.09, 0.14, 0.045), (x, y, 0.45), toy)
            shape.box((0.07, 0.07, 0.035), (x, y, 0.495), kit.dark_glass)
        elif kind == 1:
            shape.ball((x, y, 0.5), 0.065, toy)
        else:
            shape.ball((x, y, 0.49), (0.045, 0.045, 0.06), toy, detail=0)
            shape.ball((x, y, 0.575), 0.035, kit.paint("#d9b08a"), detail=0)
    for index in range(9):
        ball = kit.paint(PLASTICS[int(kit.rng.integers(7))], rough=0.4)
        shape.ball(((index % 5 - 2) * 0.23, 0.48 + index // 5 * 0.02, 0.11 + index // 5 * 0.17), 0.11, ball)
    return shape


@recipe("glass_case_counter")
def glass_counter(kit: Kit) -> Shape:
    """Glass counter of a tobacconist pushed out before the door."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#b4b6b6", "#8a6a48", "#2f3235")), rough=0.35)
    shape.box((1.2, 0.45, 0.3), (0, 0, 0), frame)
    for level in (0.3, 0.58):
        shape.box((1.16, 0.42, 0.012), (0, 0, level), frame)
        for index in range(16):
            pack = kit.paint(("#c9302c", "#d9a23a", "#d8d3c4", "#2f4f80", "#3f7a4a")[int(kit.rng.integers(5))], rough=0.4)
            shape.box((0.055, 0.25, 0.12), ((index - 7.5) * 0.07, 0, level + 0.01), pack)
    for a in (-1, 1):
        shape.box((1.2, 0.006, 0.6), (0, a * 0.222, 0.3), kit.glass if a > 0 else frame)
        shape.box((0.006, 0.45, 0.6), (a * 0.597, 0, 0.3), kit.glass)
        for b in (-1, 1):
            shape.box((0.025, 0.025, 0.6), (a * 0.59, b * 0.215, 0.3), frame)
    shape.box((1.24, 0.48, 0.02), (0, 0, 0.9), kit.glass)
    return shape
