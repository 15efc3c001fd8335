"""More cars and lorries without a maker's name; they look towards +y."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_forms import rounded
from sample_videos.generator.blender.things_kit import CAR_PAINTS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape
from sample_videos.generator.blender.things_vehicles import Body, build, lorry_cab


@recipe("car_city")
def city(kit: Kit) -> Shape:
    """A short, tall electric car with two doors."""
    outline = [(-1.68, 0.3), (1.66, 0.3), (1.74, 0.6), (1.62, 0.9), (1.22, 1.02), (0.72, 1.55), (-1.3, 1.6), (-1.66, 1.4), (-1.74, 0.85)]
    windows = ([(-0.45, 1.0), (1.0, 1.02), (0.62, 1.48), (-0.45, 1.52)], [(-1.45, 1.02), (-0.55, 1.0), (-0.55, 1.52), (-1.2, 1.5)])
    body = Body(1.54, outline, windows, ((1.2, 1.05), (0.75, 1.52)), ((-1.72, 1.0), (-1.62, 1.42)), (-1.12, 1.12), 0.28, 0.98, 0.1, 0.68)
    colours = ("#d0b03a", "#8fb0a8", "#d9dad8", "#c98a8a", "#6f9ab8", "#4b4f54")
    shape = build(kit, body, kit.paint(kit.pick(colours), rough=0.3))
    shape.box((1.2, 1.6, 0.03), (0, -0.3, 1.59), kit.black if kit.variant % 2 else kit.paint("#d9dad8"))
    return shape


@recipe("car_estate")
def estate(kit: Kit) -> Shape:
    """A long low car whose roof runs to the rear, with a roof box."""
    outline = [(-2.28, 0.3), (2.25, 0.3), (2.34, 0.55), (2.2, 0.76), (1.1, 0.92), (0.45, 1.42), (-1.6, 1.48), (-2.24, 1.05), (-2.34, 0.8)]
    windows = (
        [(-0.2, 0.95), (0.9, 0.95), (0.4, 1.35), (-0.2, 1.38)],
        [(-1.1, 0.95), (-0.28, 0.95), (-0.28, 1.38), (-1.1, 1.39)],
        [(-1.95, 0.99), (-1.18, 0.95), (-1.18, 1.39), (-1.6, 1.38)],
    )
    body = Body(1.8, outline, windows, ((1.08, 0.94), (0.48, 1.39)), ((-2.26, 1.0), (-1.68, 1.42)), (-1.38, 1.42), 0.31, 0.9, 0.13, 0.66)
    shape = build(kit, body, kit.paint(kit.pick(CAR_PAINTS, shift=2), rough=0.28))
    for y in (-1.2, 0.0):
        shape.box((1.3, 0.06, 0.05), (0, y, 1.48), kit.dark_steel)
    load = kit.paint(kit.pick(("#33363a", "#d3d4d0", "#6f7a80")), rough=0.5)
    rounded(shape, (0.75, 1.7, 0.26), (0.1, -0.6, 1.52), load, radius=0.2, bevel=0.06)
    return shape


@recipe("car_taxi")
def taxi(kit: Kit) -> Shape:
    """A three-box car in two colours with a lit sign on its roof."""
    outline = [
        (-2.2, 0.3),
        (2.2, 0.3),
        (2.28, 0.55),
        (2.16, 0.8),
        (1.05, 0.95),
        (0.5, 1.42),
        (-0.85, 1.44),
        (-1.5, 1.0),
        (-2.2, 0.96),
        (-2.28, 0.6),
    ]
    windows = ([(-0.1, 0.98), (0.86, 0.98), (0.46, 1.36), (-0.1, 1.38)], [(-1.2, 1.0), (-0.18, 0.98), (-0.18, 1.38), (-0.82, 1.38)])
    body = Body(1.74, outline, windows, ((1.03, 0.97), (0.53, 1.39)), ((-1.48, 1.02), (-0.92, 1.4)), (-1.34, 1.38), 0.3, 0.93, 0.13, 0.66)
    upper, lower = (("#c9a23a", "#3f7f6a"), ("#2f6fa8", "#d9dad8"), ("#a8322b", "#d0cfc6"), ("#3f8a52", "#c9cac6"))[kit.variant % 4]
    shape = build(kit, body, kit.paint(upper, rough=0.3))
    band = kit.paint(lower, rough=0.3)
    for x in (-0.885, 0.885):
        shape.box((0.012, 3.9, 0.3), (x, 0, 0.42), band)
    shape.box((0.5, 0.16, 0.14), (0, -0.1, 1.43), kit.paint("#e8e2c8", rough=0.4, glow=0.4))
    return shape


@recipe("lorry_canvas")
def canvas(kit: Kit) -> Shape:
    """A small lorry with a canvas over bows and boards below it."""
    paint = kit.paint(("#3f6a8a", "#c9cac5", "#4c6a4a", "#a8382e")[kit.variant % 4], rough=0.45)
    shape = lorry_cab(kit, paint)
    shape.box((2.0, 3.7, 0.5), (0, -0.84, 0.78), paint)
    for y in np.linspace(-2.6, 0.9, 6):
        for x in (-1.01, 1.01):
            shape.box((0.05, 0.06, 0.5), (x, y, 0.78), kit.dark_steel)
    cloth = kit.paint(("#4f6a54", "#2f4f80", "#8a8474", "#a9552f")[(kit.variant + 1) % 4], rough=0.9)
    line = [(-1.02, 1.1), (-1.02, 2.3), (-0.85, 2.6), (-0.4, 2.75), (0.4, 2.75), (0.85, 2.6), (1.02, 2.3), (1.02, 1.1)]
    rows = np.linspace(-2.68, 1.0, 12)
    grid = np.array([[(x * (1 - 0.015 * (i % 2)), y, z - 0.03 * (i % 2) * (z > 2)) for x, z in line] for i, y in enumerate(rows)])
    shape.sheet(grid, cloth, smooth=False)
    for y in (-2.68, 1.0):
        shape.add(np.array([(x, y, z) for x, z in line]), np.arange(8)[None, ::-1] if y > 0 else np.arange(8)[None], cloth)
    return shape


@recipe("van_step")
def step_van(kit: Kit) -> Shape:
    """A boxy delivery van: upright nose, flat screen, a print on its side."""
    outline = [(-2.4, 0.4), (2.3, 0.4), (2.4, 0.7), (2.36, 1.15), (2.2, 1.25), (1.95, 2.25), (1.75, 2.42), (-2.3, 2.45), (-2.4, 2.3)]
    windows = ([(0.85, 1.3), (2.05, 1.3), (1.85, 2.05), (0.85, 2.1)],)
    body = Body(1.9, outline, windows, ((2.18, 1.32), (1.97, 2.2)), None, (-1.5, 1.55), 0.34, 1.3, 0.04, 0.85)
    shape = build(kit, body, kit.paint(("#d6d4cc", "#b9c4c9", "#c9a23a", "#4a6a8a", "#8a9a8a")[kit.variant % 5], rough=0.4))
    side = kit.one_print("delivery", 3)
    for x, start, end in ((0.962, -2.0, 0.4), (-0.962, 0.4, -2.0)):
        shape.quad([(x, start, 1.1), (x, end, 1.1), (x * 0.975, end, 2.0), (x * 0.975, start, 2.0)], side)
    shape.box((0.02, 0.02, 1.6), (0, -2.41, 0.6), kit.black)
    return shape
