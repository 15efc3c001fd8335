"""More of what gets piled up: building material, doors and boards that lean, tyres, gas, bed frames, brooms, scrap."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_cartons import carton
from sample_videos.generator.blender.things_forms import legs, posts, rounded
from sample_videos.generator.blender.things_groceries import sack
from sample_videos.generator.blender.things_kit import PAINTS, PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape
from sample_videos.generator.blender.things_stools import WOODS


@recipe("doors_leaning")
def doors(kit: Kit) -> Shape:
    """New doors and window frames leaning against each other."""
    shape = Shape()
    for index in range(4):
        y, tilt = 0.22 - index * 0.1, 0.16 + index * 0.015
        leaf = Shape()
        wood = kit.paint(kit.pick((*WOODS, "#d0ccc0", "#7d8a8f"), shift=index), rough=0.5)
        wide = 0.82 - 0.06 * (index % 2)
        leaf.box((wide, 0.045, 1.95), (0, 0, 0), wood)
        trim = kit.paint("#5a4534", rough=0.6)
        for z, high in ((0.2, 0.6), (0.95, 0.8)):
            for x in (-0.26, 0.26):
                leaf.box((0.02, 0.052, high), (x, 0, z), trim)
            leaf.box((0.54, 0.052, 0.02), (0, 0, z), trim)
            leaf.box((0.54, 0.052, 0.02), (0, 0, z + high), trim)
        leaf.ball((0.33, 0.04, 0.95), 0.03, kit.steel, detail=0)
        shape.join(leaf, (float(kit.rng.normal(0, 0.05)), y, 0), tilt=tilt)
    return shape


@recipe("boards_leaning")
def boards(kit: Kit) -> Shape:
    """Plywood and plasterboard leaning in a sheaf, edges out of line."""
    shape = Shape()
    for index in range(9):
        sheet = Shape()
        colour = kit.wood if index % 3 else kit.paint(("#c9c6bc", "#b08a5a", "#8fa39a")[(index + kit.variant) % 3], rough=0.8)
        sheet.box((1.22 - 0.1 * (index % 3), 0.015, 1.6), (0, 0, 0), colour)
        shape.join(sheet, (float(kit.rng.normal(0, 0.06)), 0.2 - index * 0.035, 0), tilt=0.2)
    return shape


@recipe("mortar_bags")
def mortar(kit: Kit) -> Shape:
    """Paper bags on a pallet under a half drawn sheet of film."""
    shape = Shape()
    for y in (-0.4, 0, 0.4):
        shape.box((1.1, 0.1, 0.1), (0, y, 0), kit.wood)
    for x in np.linspace(-0.48, 0.48, 6):
        shape.box((0.12, 0.95, 0.02), (x, 0, 0.1), kit.wood)
    for layer in range(6):
        for index in range(6):
            if layer == 5 and index > 2:
                continue
            x, y = (index % 2 - 0.5) * 0.54, (index // 2 - 1) * 0.32
            sack(
                shape,
                (x, y, 0.12 + layer * 0.11),
                (0.53, 0.31, 0.115),
                kit.one_print("cement", 2, shift=1),
                turn=float(kit.rng.normal(0, 0.03)),
            )
    film = kit.paint(("#9fb8c4", "#c9ccc8", "#6f9ab0")[kit.variant % 3], rough=0.2, alpha=0.55)
    v = np.linspace(0, 1, 6)
    u, w = np.meshgrid(np.linspace(-1, 1, 7), v)
    shape.sheet(np.stack([u * 0.57, -0.52 - 0 * w - 0.02 * np.sin(u * 8), 0.82 - w * 0.6], 2), film)
    return shape


@recipe("pipe_bundle")
def pipe_bundle(kit: Kit) -> Shape:
    """A bundle of plastic pipes tied with wire, leaning lengths of gutter on it."""
    shape = Shape()
    plastic = kit.paint(kit.pick(("#d2d4d2", "#c98a2c", "#4f5a60", "#3f6f9a")), rough=0.4)
    for layer, count in enumerate((6, 5, 4, 3)):
        for index in range(count):
            y, z = (index - (count - 1) / 2) * 0.112, 0.056 + layer * 0.097
            off = float(kit.rng.normal(0, 0.05))
            shape.tube((-1.1 + off, y, z), (1.1 + off, y, z), 0.055, plastic, sides=10, caps=False)
            for end in (-1.101, 1.101):
                shape.tube((end + off, y, z), (end + off * 1.001, y, z + 0.001), 0.05, kit.black, sides=8)
    for x in (-0.7, 0.7):
        shape.path([(x, -0.36, 0), (x, -0.22, 0.4), (x, 0.22, 0.4), (x, 0.36, 0)], 0.008, kit.dark_steel)
    return shape


@recipe("wire_coils")
def bars(kit: Kit) -> Shape:
    """Coils of wire and cable drums."""
    shape = Shape()
    rust = kit.paint(("#6a4632", "#4a4d50", "#7a5a44")[kit.variant % 3], rough=0.8, metal=0.3)
    for level in range(5):
        coil = Shape()
        coil.ring((0, 0, 0), 0.32, 0.035, rust, sides=20, section=5)
        coil.bend(lambda points: points[:, [1, 2, 0]])
        shape.join(coil, (-0.42 + float(kit.rng.normal(0, 0.02)), float(kit.rng.normal(0, 0.02)), 0.035 + level * 0.065))
    for x in (0.25, 0.55):
        shape.tube((x - 0.02, 0, 0.34), (x + 0.02, 0, 0.34), 0.34, kit.wood, sides=20)
    shape.tube((0.25, 0, 0.34), (0.55, 0, 0.34), 0.24, kit.paint(kit.pick(("#1f2022", "#b33a2c", "#2f5a96")), rough=0.5), sides=18)
    return shape


@recipe("bed_frames")
def bed_frames(kit: Kit) -> Shape:
    """Steel bed ends and slatted frames set against each other."""
    shape = Shape()
    paint = kit.paint(kit.pick(("#2f4f6a", "#b4b6b6", "#6b4429", "#3f5f4a")), rough=0.5)
    for index in range(3):
        end = Shape()
        end.path([(-0.6, 0, 0), (-0.6, 0, 0.9), (-0.45, 0, 1.05), (0.45, 0, 1.05), (0.6, 0, 0.9), (0.6, 0, 0)], 0.022, paint)
        end.tube((-0.6, 0, 0.4), (0.6, 0, 0.4), 0.018, paint)
        for x in np.linspace(-0.42, 0.42, 6):
            end.tube((x, 0, 0.4), (x, 0, 1.04), 0.009, paint, sides=5)
        shape.join(end, (float(kit.rng.normal(0, 0.04)), 0.2 - index * 0.13, 0), tilt=0.12)
    slats = Shape()
    for z in np.linspace(0.05, 1.35, 11):
        slats.box((1.1, 0.018, 0.07), (0, 0, z), kit.wood)
    for x in (-0.55, 0.55):
        slats.box((0.05, 0.03, 1.45), (x, 0, 0), kit.wood)
    shape.join(slats, (0.05, -0.24, 0), tilt=0.1)
    return shape


@recipe("tyres_row")
def tyres(kit: Kit) -> Shape:
    """Tyres standing in a row like books, one lying before them."""
    shape = Shape()
    for index in range(6):
        one = Shape()
        one.ring((0, 0, 0.31), 0.22, 0.09, kit.rubber, sides=20, section=7)
        shape.join(one, ((index - 2.5) * 0.2, 0, 0), turn=float(kit.rng.normal(0, 0.08)))
    lying = Shape()
    lying.ring((0, 0, 0), 0.22, 0.09, kit.rubber, sides=20, section=7)
    lying.bend(lambda points: points[:, [1, 2, 0]])
    shape.join(lying, (0.1, 0.55, 0.09))
    shape.join(lying, (0.13, 0.57, 0.26))
    return shape


@recipe("gas_cage")
def gas_cage(kit: Kit) -> Shape:
    """Gas bottles behind the bars of a cage."""
    shape = Shape()
    posts(shape, 1.3, 0.5, 0, 1.0, kit.dark_steel)
    for z in (0.05, 0.5, 0.97):
        for y in (-0.25, 0.25):
            shape.box((1.3, 0.02, 0.025), (0, y, z), kit.dark_steel)
    for x in np.linspace(-0.6, 0.6, 9):
        shape.tube((x, 0.25, 0.05), (x, 0.25, 0.98), 0.007, kit.dark_steel, sides=5)
    paint = kit.paint(kit.pick(("#7a8a94", "#b5382e", "#3f6a4a", "#c9c9c2")), rough=0.5)
    for index in range(4):
        x = (index - 1.5) * 0.31
        shape.lathe(
            [(0.13, 0), (0.145, 0.04), (0.145, 0.48), (0.1, 0.57), (0.03, 0.6), (0.03, 0.66), (0, 0.66)], (x, 0, 0.02), paint, sides=14
        )
        shape.tube((x, 0, 0.62), (x, 0, 0.72), 0.08, paint, sides=10, caps=False)
    return shape


@recipe("broom_bundle")
def broom_bundle(kit: Kit) -> Shape:
    """Bamboo brooms and mops in an upright bundle in a tub, dustpans at its foot."""
    shape = Shape()
    tub = kit.paint(kit.pick(PLASTICS, shift=2), rough=0.5)
    shape.lathe([(0.2, 0), (0.26, 0.34), (0.275, 0.35), (0.24, 0.33), (0, 0.05)], (0, 0, 0), tub, sides=16)
    for index in range(12):
        angle, far = index * 2.4, 0.05 * index**0.5
        x, y = far * np.cos(angle), far * np.sin(angle)
        top = 1.25 + 0.12 * ((index * 5) % 4) / 3
        tip = (x * 2.2, y * 2.2, top)
        shape.tube((x, y, 0.1), tip, 0.012, kit.paint(("#b8935a", "#c9302c", "#3f7ab0", "#8a6a40")[index % 4]), sides=5)
        if index % 2:
            shape.lathe(
                [(0.02, 0), (0.09, 0.24), (0.07, 0.26), (0, 0.26)],
                tip,
                kit.paint(("#a5824e", "#8a9a4a", "#c9c5b8")[index % 3], rough=1.0),
                sides=8,
            )
        else:
            shape.box((0.26, 0.05, 0.1), tip, kit.paint(kit.pick(PLASTICS, shift=index)), turn=angle)
    for x in (-0.34, 0.34):
        shape.box((0.24, 0.22, 0.04), (x, 0.12, 0), kit.paint(kit.pick(PLASTICS, shift=4)))
        shape.tube((x, 0.02, 0.03), (x, -0.08, 0.7), 0.012, kit.steel, sides=5)
    return shape


@recipe("scrap_heap")
def scrap(kit: Kit) -> Shape:
    """Flattened cardboard tied in bales, bottles in woven bags: what a collector piles up."""
    shape = Shape()
    for layer in range(16):
        size = (0.8 + float(kit.rng.uniform(-0.1, 0.1)), 0.6 + float(kit.rng.uniform(-0.08, 0.08)), 0.035)
        shape.box(size, (-0.4, float(kit.rng.normal(0, 0.015)), layer * 0.037), kit.kraft, turn=float(kit.rng.normal(0, 0.07)))
    for x in (-0.65, -0.15):
        shape.box((0.02, 0.7, 0.6), (x, 0, 0), kit.paint("#3f6f9a"))
    for index in range(3):
        bag = kit.paint(("#c9c6ba", "#4f78a0", "#8fa38a")[(index + kit.variant) % 3], rough=0.9)
        x, y = 0.35 + index % 2 * 0.38, (index // 2 - 0.3) * 0.5
        shape.lathe([(0.18, 0), (0.25, 0.15), (0.24, 0.4), (0.1, 0.58), (0.06, 0.62), (0.12, 0.72), (0, 0.7)], (x, y, 0), bag, sides=12)
    carton(kit, shape, (-0.35, 0, 0.59), (0.5, 0.4, 0.3), shift=2)
    return shape


@recipe("old_chest_drawers")
def drawers(kit: Kit) -> Shape:
    """Chest of drawers with a mirror laid on it and one drawer gone."""
    shape = Shape()
    wood = kit.paint(kit.pick(WOODS), rough=0.5)
    shape.box((0.9, 0.45, 0.8), (0, 0, 0.06), wood)
    for level in range(4):
        z = 0.1 + level * 0.19
        gone = level == (kit.variant + 1) % 4
        shape.box((0.82, 0.02, 0.17), (0, 0.222, z), kit.black if gone else wood)
        for x in (-0.2, 0.2):
            shape.ball((x, 0.24, z + 0.085), 0.02, kit.steel, detail=0)
    shape.box((0.96, 0.5, 0.03), (0, 0, 0.86), wood)
    shape.box((0.5, 0.04, 0.6), (0.1, -0.12, 0.88), wood, tilt=0.3)
    shape.quad([(0.32, -0.115, 0.92), (-0.12, -0.115, 0.92), (-0.12, -0.28, 1.42), (0.32, -0.28, 1.42)], kit.paint("#a9b8bc", rough=0.05))
    legs(shape, 0.8, 0.36, 0.07, wood)
    return shape


@recipe("fridge_double")
def fridge(kit: Kit) -> Shape:
    """Discarded household fridge with two doors."""
    shape = Shape()
    body = kit.paint(kit.pick(("#d3d5d3", "#a9aeb0", "#5f7a8a", "#8a3a34", "#c9c2ae")), rough=0.35)
    rounded(shape, (0.6, 0.6, 0.5), (0, 0, 0.05), body, radius=0.04)
    rounded(shape, (0.6, 0.6, 0.98), (0, 0, 0.57), body, radius=0.04)
    for z, high in ((0.2, 0.25), (0.75, 0.4)):
        shape.box((0.03, 0.03, high), (-0.22, 0.31, z), kit.steel)
    shape.box((0.5, 0.5, 0.06), (0, 0, 0), kit.black)
    shape.box((0.16, 0.004, 0.05), (0.12, 0.302, 1.42), kit.paint(kit.pick(PAINTS)))
    return shape


@recipe("furniture_wrapped")
def wrapped(kit: Kit) -> Shape:
    """New armchairs wrapped in film, stacked on each other with cardboard corners."""
    shape = Shape()
    cloth = kit.paint(kit.pick(("#8a7a68", "#5a4a6b", "#7b2f3c", "#4d5a46")), rough=0.9)
    film = kit.paint("#c2ccd0", rough=0.15, alpha=0.14)
    for level in range(2):
        z = level * 0.66
        rounded(shape, (0.9, 0.8, 0.3), (0, 0, z + 0.08), cloth, radius=0.1)
        rounded(shape, (0.9, 0.22, 0.55), (0, -0.3, z + 0.1), cloth, radius=0.1)
        for x in (-0.38, 0.38):
            rounded(shape, (0.16, 0.8, 0.42), (x, 0, z + 0.08), cloth, radius=0.07)
        rounded(shape, (0.94, 0.84, 0.62), (0, 0, z + 0.06), film, radius=0.1)
    shape.box((0.9, 0.06, 0.06), (0, 0.2, 0), kit.wood)
    shape.box((0.9, 0.06, 0.06), (0, -0.2, 0), kit.wood)
    return shape
