"""More parasols, tents and awnings: stepped, fringed and long ones, sails, shed roofs, corrugated sheet."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_canopies import PARASOL_PAIRS, PLAIN, cone, stand, striped_roof
from sample_videos.generator.blender.things_forms import posts
from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Shape

TENTS = ("#9c2b28", "#2f4f86", "#c9c6bc", "#2f6a4c", "#b98a35", "#5a4a6b")


@recipe("parasol_pagoda")
def pagoda(kit: Kit) -> Shape:
    """Two roofs above each other, the upper one small."""
    shape = Shape()
    colours = [kit.paint(colour, rough=0.9) for colour in PARASOL_PAIRS[(kit.variant + 2) % 6]]
    cone(shape, colours[:1], ribs=6, radius=1.3, low=2.05, high=2.42, valance=0.12)
    cone(shape, colours[1:], ribs=6, radius=0.62, low=2.42, high=2.7)
    stand(kit, shape, 2.65, ribs=6, reach=0.7)
    return shape


@recipe("parasol_fringed")
def fringed(kit: Kit) -> Shape:
    """A flat beach parasol of sixteen panels with a fringe, tilted to one side."""
    shape, roof = Shape(), Shape()
    colours = [kit.paint(colour, rough=0.9) for colour in PARASOL_PAIRS[(kit.variant + 4) % 6]]
    cone(roof, colours, ribs=16, radius=1.15, low=-0.25, high=0.0, valance=0.02, scallop=0.12)
    shape.join(roof, (0, 0, 2.35), tilt=0.22)
    shape.tube((0, 0, 0), (0, 0, 2.34), 0.02, kit.wood)
    shape.lathe([(0, 0.12), (0.08, 0.12), (0.26, 0.04), (0.26, 0)], (0, 0, 0), kit.paint("#6f7476"), sides=14)
    return shape


@recipe("parasol_long")
def long(kit: Kit) -> Shape:
    """Rectangular market parasol, three metres by two, with a deep valance."""
    shape, roof = Shape(), Shape()
    cloth = kit.paint(kit.pick(PLAIN, shift=2), rough=0.9)
    cone(roof, [cloth], ribs=4, radius=np.sqrt(2), low=2.15, high=2.65, valance=0.2)
    turned = Shape()
    turned.join(roof, turn=np.pi / 4)
    turned.bend(lambda points: points * np.array([1.5, 1.05, 1.0]))
    shape.join(turned)
    shape.tube((0, 0, 0), (0, 0, 2.62), 0.03, kit.steel)
    shape.box((0.7, 0.7, 0.08), (0, 0, 0), kit.paint("#7a7a76", rough=0.9))
    return shape


@recipe("parasol_drinks")
def drinks(kit: Kit) -> Shape:
    """Bright parasol of a drinks seller: four wide panels of two colours and a deep valance, on a barrow wheel of stone."""
    shape = Shape()
    pair = (("#c9302c", "#e0dfd8"), ("#e0b52c", "#2f6fa8"), ("#2f8a4a", "#e0dfd8"), ("#2f6fa8", "#e0dfd8"), ("#d0702a", "#e8d9b0"))[
        kit.variant % 5
    ]
    cone(shape, [kit.paint(colour, rough=0.8) for colour in pair], ribs=8, radius=1.3, low=2.1, high=2.5, valance=0.3)
    stand(kit, shape, 2.5, foot=0.32, reach=0.75)
    return shape


@recipe("tent_gable")
def gable(kit: Kit) -> Shape:
    """Market stand with a ridge roof, striped, and gables of cloth."""
    shape = Shape()
    cloth = kit.one_print("stripes", 4, rough=0.85) if kit.variant % 2 else kit.paint(kit.pick(TENTS), rough=0.85)
    striped_roof(kit, shape, 2.8, [(-1.1, 1.85), (-1.1, 2.05), (0.0, 2.65), (1.1, 2.05), (1.1, 1.85)], cloth)
    for x in (-1.4, 1.4):
        shape.plate([(-1.1, 2.03), (1.1, 2.03), (0, 2.64)], x, 0.01, cloth)
    posts(shape, 2.7, 2.1, 0, 2.05, kit.steel, thick=0.04)
    shape.tube((-1.4, 0, 2.64), (1.4, 0, 2.64), 0.02, kit.steel)
    return shape


@recipe("tent_shed")
def shed(kit: Kit) -> Shape:
    """A pent roof of cloth with a back wall and one side wall."""
    shape = Shape()
    cloth = kit.paint(kit.pick(TENTS, shift=1), rough=0.85)
    for x in (-1.2, 1.2):
        shape.tube((x, 0.9, 0), (x, 0.9, 2.35), 0.022, kit.steel, sides=6)
        shape.tube((x, -0.9, 0), (x, -0.9, 1.95), 0.022, kit.steel, sides=6)
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 6))
    shape.sheet(np.stack([u * 1.25, v * 0.98, 2.17 + v * 0.2 - 0.05 * (1 - u**2) * (1 - v**2)], 2), cloth, smooth=False)
    shape.quad([(1.25, 0.98, 2.15), (-1.25, 0.98, 2.15), (-1.25, 0.98, 2.37), (1.25, 0.98, 2.37)], cloth)
    wall = 0.03 * np.sin(u * 12)
    shape.sheet(np.stack([u * 1.2, -0.93 + wall, 1.0 + v * 0.95], 2), cloth)
    shape.sheet(np.stack([-1.22 + wall, u * 0.9, 1.05 + v * 0.95], 2), cloth)
    return shape


@recipe("sail_shade")
def sail(kit: Kit) -> Shape:
    """A taut sail between three poles and a wall pole: two corners high, two low."""
    shape = Shape()
    corners = np.array([(-1.3, -1.0, 2.7), (1.3, -1.0, 2.15), (1.3, 1.0, 2.7), (-1.3, 1.0, 2.15)])
    u, v = np.meshgrid(np.linspace(0, 1, 8), np.linspace(0, 1, 8))
    flat = sum(w[..., None] * c for w, c in zip(((1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v), corners, strict=True))
    pull = 0.12 * np.sin(np.pi * u) * (2 * v - 1)
    grid = np.asarray(flat) + np.stack([0.12 * np.sin(np.pi * v) * (1 - 2 * u), -pull, 0 * u], 2)
    shape.sheet(grid, kit.paint(kit.pick(PLAIN, shift=1), rough=0.9))
    for x, y, z in corners:
        shape.tube((x * 1.06, y * 1.06, 0), (x * 1.04, y * 1.04, z + 0.05), 0.03, kit.dark_steel)
    return shape


@recipe("tarpaulin_lean")
def lean(kit: Kit) -> Shape:
    """Tarpaulin that slopes from a high rope to two short poles, edges torn by the wind."""
    shape = Shape()
    cloth = (
        kit.print("stripes_3", rough=0.8)
        if kit.variant % 2 == 0
        else kit.paint(("#3c6a9a", "#a9552f", "#5b6f62")[kit.variant % 3], rough=0.8)
    )
    u, v = np.meshgrid(np.linspace(-1, 1, 10), np.linspace(0, 1, 7))
    sag = 0.12 * (1 - u**2) * np.sin(np.pi * v) + kit.rng.uniform(0, 0.03, u.shape)
    shape.sheet(np.stack([u * 1.3, -0.8 + 1.7 * v + 0.04 * np.sin(u * 11) * v, 2.5 - 0.7 * v - sag], 2), cloth, tiles=(2, 1))
    for x in (-1.28, 1.28):
        shape.tube((x, 0.9, 0), (x, 0.86, 1.85), 0.024, kit.wood, sides=6)
        shape.tube((x, -0.8, 0), (x, -0.8, 2.55), 0.028, kit.wood, sides=6)
        shape.tube((x, 0.88, 1.8), (x * 1.05, 1.3, 0), 0.006, kit.paint("#c9c6ba"), sides=4)
    return shape


@recipe("awning_corrugated")
def corrugated(kit: Kit) -> Shape:
    """Corrugated sheet on iron brackets."""
    shape = Shape()
    metal = kit.paint(kit.pick(("#8f979c", "#6f7f8a", "#8a5a44", "#4a7a8a", "#5f7a5f")), rough=0.5, metal=0.3)
    x = np.linspace(-1.5, 1.5, 61)
    wave = 0.018 * np.sin(x * 42)
    grid = np.array([[(a, y, z + w) for a, w in zip(x, wave, strict=True)] for y, z in ((-0.55, 0.5), (0.0, 0.33), (0.6, 0.14))])
    shape.sheet(grid, metal)
    for a in (-1.3, 0.0, 1.3):
        shape.tube((a, -0.55, 0.46), (a, 0.56, 0.12), 0.016, kit.dark_steel)
        shape.tube((a, -0.55, 0.0), (a, 0.3, 0.2), 0.014, kit.dark_steel)
    shape.box((3.0, 0.03, 0.05), (0, 0.58, 0.08), kit.dark_steel)
    return shape


@recipe("awning_glass")
def glazed(kit: Kit) -> Shape:
    """Tinted plastic panes on curved arms."""
    shape = Shape()
    pane = kit.paint(kit.pick(("#6f8a8f", "#5a4a3c", "#4f7a9a", "#a9b0b0")), rough=0.1, alpha=0.6)
    curve = [(-0.55, 0.45), (-0.2, 0.43), (0.15, 0.34), (0.45, 0.18), (0.6, 0.04)]
    striped_roof(kit, shape, 2.6, curve, pane)
    for x in np.linspace(-1.3, 1.3, 4):
        shape.path([(x, y, z - 0.015) for y, z in curve], 0.016, kit.dark_steel)
        shape.tube((x, -0.55, 0.1), (x, 0.1, 0.33), 0.012, kit.dark_steel)
    for y, z in curve[::2]:
        shape.tube((-1.3, y, z + 0.01), (1.3, y, z + 0.01), 0.012, kit.steel)
    return shape
