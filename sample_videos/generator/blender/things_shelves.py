"""More racks with wares: rails, gondolas, baskets of wire, stands for papers, vegetables and drinks."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_forms import castors, facing, posts, wire_panel, wire_tray
from sample_videos.generator.blender.things_fruit import greens, heap
from sample_videos.generator.blender.things_kit import CLOTHS, PAINTS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_racks import cloth_of, garment, rail, wares
from sample_videos.generator.blender.things_shape import Shape


@recipe("rack_rail_shelf")
def rail_shelf(kit: Kit) -> Shape:
    """Wooden trestle rail with a board of shoes and boxes below and a hat board on top."""
    shape = Shape()
    rail(kit, shape, 0, 1.45, 1.2, 12)
    for x in (-0.62, 0.62):
        shape.tube((x, -0.26, 0), (x, 0, 1.6), 0.022, kit.wood, sides=4)
        shape.tube((x, 0.26, 0), (x, 0, 1.6), 0.022, kit.wood, sides=4)
    shape.box((1.2, 0.36, 0.025), (0, 0, 0.22), kit.wood)
    shape.box((1.2, 0.26, 0.025), (0, 0, 1.58), kit.wood)
    for index in range(5):
        colour = kit.paint(CLOTHS[int(kit.rng.integers(10))], rough=0.8)
        shape.box((0.18, 0.28, 0.1), ((index - 2) * 0.23, 0, 0.245), colour)
        if index % 2:
            shape.lathe([(0.13, 0), (0.07, 0.02), (0.065, 0.09), (0, 0.1)], ((index - 2) * 0.23, 0, 1.605), colour, sides=10)
    return shape


@recipe("rack_rail_pipe")
def rail_pipe(kit: Kit) -> Shape:
    """Rail of black water pipe with round feet; long coats, sparsely hung."""
    shape = Shape()
    shape.path([(-0.55, 0, 0.02), (-0.55, 0, 1.66), (0.55, 0, 1.66), (0.55, 0, 0.02)], 0.024, kit.black)
    for x in (-0.55, 0.55):
        shape.tube((x, 0, 0), (x, 0, 0.025), 0.17, kit.black, sides=14)
    for index in range(7):
        x = (index - 3) * 0.14 + float(kit.rng.normal(0, 0.02))
        garment(kit, shape, (x, 0, 1.64), cloth_of(kit, index), turn=float(kit.rng.normal(0, 0.2)), long=float(kit.rng.uniform(0.8, 1.2)))
    return shape


@recipe("rack_rail_slanted")
def rail_slanted(kit: Kit) -> Shape:
    """Two arms that slope to the front, clothes facing the street."""
    shape = Shape()
    shape.tube((0, -0.1, 0.04), (0, -0.1, 1.7), 0.026, kit.steel)
    for y, x in ((-0.1, 0.42), (0.2, 0.3)):
        shape.tube((-x, y, 0.03), (x, y, 0.03), 0.02, kit.steel)
    shape.tube((0, -0.3, 0.03), (0, 0.34, 0.03), 0.02, kit.steel)
    shape.tube((-0.3, -0.1, 1.68), (0.3, -0.1, 1.68), 0.02, kit.steel)
    for x in (-0.28, 0.28):
        shape.tube((x, -0.1, 1.68), (x, 0.42, 1.35), 0.014, kit.steel)
        for index in range(5):
            share = 0.15 + index * 0.18
            at = (x, -0.1 + share * 0.52, 1.68 - share * 0.33)
            garment(kit, shape, at, cloth_of(kit, index), turn=np.pi / 2 + float(kit.rng.normal(0, 0.08)), long=0.7)
    return shape


@recipe("rack_wire_tiers")
def wire_tiers(kit: Kit) -> Shape:
    """Four deep baskets of wire above each other, full of toys and packets."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#b8bab8", "#2f3235", "#a5382e")), rough=0.4, metal=0.4)
    posts(shape, 0.72, 0.46, 0.04, 1.5, paint, thick=0.022)
    castors(kit, shape, 0.7, 0.44, radius=0.04)
    for level in range(4):
        z = 0.14 + level * 0.36
        wire_tray(shape, (0.7, 0.44, 0.17), (0, 0, z), paint, step=0.1)
        shape.box((0.68, 0.42, 0.01), (0, 0, z), paint)
        for index in range(15):
            colour = kit.paint(PLASTICS[int(kit.rng.integers(7))], rough=0.45)
            at = ((index % 5 - 2) * 0.13, (index // 5 - 1) * 0.13, z + 0.07)
            if (index + level + kit.variant) % 2:
                shape.ball(at, float(kit.rng.uniform(0.06, 0.085)), colour)
            else:
                shape.box((0.11, 0.1, 0.16), (at[0], at[1], z + 0.01), colour, turn=float(kit.rng.normal(0, 0.3)))
    return shape


@recipe("rack_dump_bin")
def dump_bin(kit: Kit) -> Shape:
    """A high bin of wire mesh on legs heaped with bargains, a price board on a stalk."""
    shape = Shape()
    posts(shape, 0.8, 0.8, 0, 0.9, kit.steel, thick=0.025)
    wire_tray(shape, (0.8, 0.8, 0.5), (0, 0, 0.4), kit.steel, step=0.1)
    shape.box((0.78, 0.78, 0.01), (0, 0, 0.7), kit.paint("#3a3a3c"))
    for _ in range(60):
        colour = kit.paint((*PLASTICS, *CLOTHS)[int(kit.rng.integers(17))], rough=0.6)
        x, y = kit.rng.uniform(-0.33, 0.33, 2)
        size = (0.14, 0.1, 0.07)
        shape.box(
            size,
            (float(x), float(y), 0.72 + float(kit.rng.uniform(0, 0.16))),
            colour,
            turn=float(kit.rng.uniform(0, 3)),
            tilt=float(kit.rng.normal(0, 0.3)),
        )
    shape.tube((0, -0.4, 0.9), (0, -0.4, 1.4), 0.012, kit.steel)
    shape.box((0.5, 0.02, 0.26), (0, -0.4, 1.24), kit.one_print("menu", 5, shift=3))
    return shape


@recipe("rack_gondola")
def gondola(kit: Kit) -> Shape:
    """Shelf of a supermarket on a broad foot: deep boards below, shallow ones above, a coloured head board."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#cfd0cb", "#8f979c", "#d8d2bd")), rough=0.5)
    shape.box((1.2, 0.56, 0.14), (0, 0, 0), paint)
    shape.box((1.2, 0.03, 1.5), (0, -0.26, 0.14), paint)
    for level, deep in enumerate((0.5, 0.4, 0.34, 0.3)):
        z = 0.14 + level * 0.34
        if level:
            shape.box((1.2, deep, 0.02), (0, -0.26 + deep / 2, z), paint)
        wares(kit, shape, z + 0.02, 1.14, -0.26 + deep - 0.03, shift=level * 2)
        shape.box((1.2, 0.012, 0.045), (0, -0.26 + deep + 0.01, z - 0.02), kit.paint("#c9302c"))
    head = kit.paint(kit.pick(PAINTS, shift=1), rough=0.5)
    shape.box((1.2, 0.06, 0.18), (0, -0.25, 1.6), head)
    facing(shape, 1.1, 1.62, 1.76, -0.215, kit.one_print("menu", 5, shift=1))
    return shape


@recipe("rack_newspapers")
def newspapers(kit: Kit) -> Shape:
    """Low stand with newspapers hung over rods."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#2f3336", "#7a5a3a", "#8d2420")), rough=0.5)
    for x in (-0.42, 0.42):
        shape.tube((x, 0.26, 0), (x, -0.14, 1.1), 0.018, frame)
        shape.tube((x, -0.26, 0), (x, -0.14, 1.1), 0.018, frame)
        shape.tube((x, 0.2, 0.16), (x, -0.24, 0.16), 0.012, frame)
    paper = [kit.paint(colour, rough=0.95) for colour in ("#d2cfc4", "#c9c3b2", "#dad8d0")]
    for level in range(5):
        y, z = 0.22 - level * 0.085, 0.28 + level * 0.2
        shape.tube((-0.42, y, z), (0.42, y, z), 0.008, kit.steel)
        for column in range(2):
            x = (column - 0.5) * 0.42
            shape.box((0.38, 0.012, 0.24), (x, y + 0.015, z - 0.22), paper[(level + column) % 3], tilt=-0.12)
            ink = kit.paint(("#a5282a", "#24468a", "#2b2b2b")[(level + column + kit.variant) % 3])
            shape.box((0.34, 0.003, 0.05), (x, y + 0.023, z - 0.07), ink)
            shape.box((0.2, 0.003, 0.08), (x - 0.05, y + 0.036, z - 0.18), kit.paint("#7d7d78"))
    return shape


@recipe("rack_spinner")
def spinner(kit: Kit) -> Shape:
    """A turning pillar of cards: four sides of wire pockets on a star foot."""
    shape = Shape()
    shape.tube((0, 0, 0.05), (0, 0, 1.66), 0.02, kit.steel)
    for angle in np.arange(5) * 2 * np.pi / 5:
        shape.tube((0, 0, 0.09), (0.32 * np.cos(angle), 0.32 * np.sin(angle), 0.02), 0.018, kit.dark_steel)
    for side in range(4):
        face = Shape()
        wire_panel(face, [(-0.2, 0.21, 0.35), (0.2, 0.21, 0.35), (0.2, 0.21, 1.6), (-0.2, 0.21, 1.6)], kit.dark_steel, across=3, up=7)
        for level in range(6):
            for column in range(2):
                colour = kit.paint((*PLASTICS, *CLOTHS)[int(kit.rng.integers(17))], rough=0.5)
                face.box((0.17, 0.015, 0.16), ((column - 0.5) * 0.2, 0.23, 0.37 + level * 0.205), colour, tilt=0.12)
        shape.join(face, turn=side * np.pi / 2)
    return shape


@recipe("rack_vegetables")
def vegetables(kit: Kit) -> Shape:
    """Three tilted trays on a steel frame with leaves, roots and fruit, a striped valance above."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#3f6f4a", "#b8bab8", "#7a5a3a")), rough=0.5)
    for level in range(3):
        y, z = 0.22 - level * 0.24, 0.3 + level * 0.34
        shape.box((1.3, 0.42, 0.02), (0, y, z), frame, tilt=0.3)
        shape.box((1.3, 0.02, 0.1), (0, y + 0.21, z - 0.08), frame)
        for column in range(3):
            x = (column - 1) * 0.43
            if (column + level + kit.variant) % 3 == 0:
                greens(kit, shape, (x, y, z + 0.02), (0.4, 0.36), 0.14, shift=level)
            else:
                heap(kit, shape, (x, y, z + 0.06), (0.4, 0.36), radius=0.05, shift=column + level)
    for x in (-0.65, 0.65):
        shape.tube((x, 0.4, 0), (x, 0.4, 0.3), 0.018, frame)
        shape.tube((x, -0.42, 0), (x, -0.42, 1.5), 0.018, frame)
        shape.tube((x, 0.4, 0.28), (x, -0.42, 1.2), 0.014, frame)
    shape.box((1.36, 0.02, 0.22), (0, -0.4, 1.42), kit.one_print("stripes", 4, shift=1))
    return shape


@recipe("rack_shoe_tower")
def shoe_tower(kit: Kit) -> Shape:
    """Upright shoe rack of chrome tubes, pairs on seven levels, boxes at its foot."""
    shape = Shape()
    for x in (-0.36, 0.36):
        for y in (-0.14, 0.14):
            shape.tube((x, y, 0), (x, y, 1.6), 0.013, kit.steel)
    for level in range(7):
        z = 0.28 + level * 0.21
        for y in (-0.1, 0.06):
            shape.tube((-0.36, y, z + (0.04 if y < 0 else 0)), (0.36, y, z + (0.04 if y < 0 else 0)), 0.008, kit.steel)
        for pair in range(3):
            colour = kit.paint(("#26262a", "#d2cdc0", "#7d4a2e", "#8e343a", "#34507c", "#c9a86a")[int(kit.rng.integers(6))], rough=0.5)
            for foot in (-0.05, 0.05):
                shape.ball(((pair - 1) * 0.23 + foot, 0.0, z + 0.045), (0.04, 0.13, 0.04), colour, detail=0)
                shape.ball(((pair - 1) * 0.23 + foot, -0.07, z + 0.08), (0.036, 0.05, 0.05), colour, detail=0)
    for index in range(3):
        shape.box((0.22, 0.32, 0.12), ((index - 1) * 0.24, 0.02, 0.02), kit.paint(("#b5502c", "#d5d2c8", "#3a4a5c")[index]))
        shape.box((0.22, 0.32, 0.1), ((index - 1) * 0.24, 0.02, 0.14), kit.paint(("#c9c2ae", "#2b2d30", "#8a3a34")[index]))
    return shape


@recipe("rack_drink_crates")
def drink_crates(kit: Kit) -> Shape:
    """Slanting frame with four crates of bottles, one above the other."""
    shape = Shape()
    frame = kit.paint(kit.pick(("#a5282a", "#2f5a96", "#3d4247")), rough=0.5)
    for x in (-0.26, 0.26):
        shape.box((0.035, 0.035, 1.5), (x, -0.2, 0), frame)
        shape.box((0.035, 0.5, 0.035), (x, 0.02, 0), frame)
        shape.tube((x, 0.24, 0.03), (x, -0.2, 1.1), 0.014, frame)
    for level in range(4):
        crate = Shape()
        plastic = kit.paint(kit.pick(PLASTICS, shift=level), rough=0.5)
        for y in (-0.15, 0.15):
            crate.box((0.46, 0.015, 0.16), (0, y, 0), plastic)
        for x in (-0.23, 0.23):
            crate.box((0.015, 0.3, 0.16), (x, 0, 0), plastic)
        crate.box((0.45, 0.29, 0.015), (0, 0, 0), plastic)
        drink = kit.paint(("#2f4a34", "#8a4a1c", "#c9772a", "#a8b9b0", "#4a2418")[(level + kit.variant) % 5], rough=0.15)
        for index in range(15):
            x, y = (index % 5 - 2) * 0.085, (index // 5 - 1) * 0.085
            crate.tube((x, y, 0.02), (x, y, 0.17), 0.034, drink, sides=7)
            crate.tube((x, y, 0.17), (x, y, 0.25), 0.03, drink, sides=7, end_radius=0.013)
        shape.join(crate, (0, 0.08 - level * 0.06, 0.1 + level * 0.36), tilt=0.35)
    return shape


@recipe("rack_umbrellas")
def umbrellas(kit: Kit) -> Shape:
    """A barrel frame full of furled umbrellas and canes, two open ones on its top bar."""
    shape = Shape()
    for z in (0.05, 0.5):
        ring = Shape()
        ring.ring((0, 0, 0), 0.3, 0.014, kit.dark_steel, sides=16, section=5)
        ring.bend(lambda points: points[:, [1, 2, 0]])
        shape.join(ring, (0, 0, z))
    for angle in np.arange(6) * np.pi / 3:
        x, y = 0.3 * np.cos(angle), 0.3 * np.sin(angle)
        shape.tube((x, y, 0), (x, y, 0.5), 0.01, kit.dark_steel)
    for index in range(16):
        angle, far = index * 2.4, 0.065 * index**0.5
        x, y = far * np.cos(angle), far * np.sin(angle)
        colour = kit.paint(CLOTHS[int(kit.rng.integers(10))], rough=0.8)
        shape.tube((x * 0.8, y * 0.8, 0.05), (x * 1.1, y * 1.1, 0.75), 0.015, colour, end_radius=0.04, sides=6)
        shape.tube((x * 1.1, y * 1.1, 0.75), (x * 1.15, y * 1.15, 0.92), 0.012, kit.black, sides=5)
    shape.tube((0, -0.28, 0.0), (0, -0.28, 1.3), 0.016, kit.steel)
    roof = kit.paint(kit.pick(("#b3332b", "#2f66a8", "#d0a63a", "#6a5f9e")), rough=0.7)
    shape.lathe([(0.5, 1.2), (0.42, 1.32), (0.22, 1.42), (0, 1.45)], (0, -0.1, 0), roof, sides=9, smooth=False)
    return shape


@recipe("rack_bakery")
def bakery(kit: Kit) -> Shape:
    """Trays of buns on the runners of a steel trolley."""
    shape = Shape()
    posts(shape, 0.56, 0.66, 0.08, 1.6, kit.steel, thick=0.03)
    castors(kit, shape, 0.52, 0.6, radius=0.05)
    for level in range(7):
        z = 0.22 + level * 0.2
        shape.box((0.54, 0.64, 0.015), (0, 0, z), kit.dark_steel)
        dough = kit.paint(("#b9823f", "#c99a58", "#8f5a2c", "#d6bd86")[(level + kit.variant) % 4], rough=0.7)
        for index in range(12):
            shape.ball(((index % 3 - 1) * 0.16, (index // 3 - 1.5) * 0.15, z + 0.04), (0.065, 0.06, 0.045), dough, detail=0)
    shape.box((0.58, 0.68, 0.02), (0, 0, 1.6), kit.steel)
    return shape
