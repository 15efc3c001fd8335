"""Cars, vans and small lorries that no catalogue has without a maker's name; they look towards +y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_videos.generator.blender.things_bicycles import wheel
from sample_videos.generator.blender.things_kit import CAR_PAINTS, Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape

Outline = list[tuple[float, float]]
"""(y, z) from the rear bottom over the front to the rear top, counter-clockwise seen from +x."""


@dataclass(frozen=True, slots=True)
class Body:
    """A vehicle as outlines from the side, metres."""

    wide: float
    outline: Outline
    side_windows: tuple[Outline, ...]
    windscreen: tuple[tuple[float, float], tuple[float, float]]
    rear_window: tuple[tuple[float, float], tuple[float, float]] | None
    wheels: tuple[float, float]
    radius: float
    belt: float
    """Above this height the body gets narrower."""
    lean: float = 0.12
    """How much narrower the roof is, of the width."""
    lamps_z: float = 0.7


def _curved(outline: Outline, belt: float, lean: float, wide: float) -> list[tuple[float, Outline]]:
    """Slices across the vehicle: the outline shrinks a little towards the sides, so that edges look round."""
    points = np.array(outline)
    middle = (points.min(0) + points.max(0)) / 2
    slices = []
    for share, shrink in ((-1.0, 0.035), (-0.9, 0.012), (-0.6, 0.0), (0.6, 0.0), (0.9, 0.012), (1.0, 0.035)):
        slices.append((share * wide / 2, [tuple(p) for p in points + (middle - points) * shrink]))
    return slices


def build(kit: Kit, body: Body, paint: Material) -> Shape:
    """The painted body with windows, wheels, lamps, plates and mirrors."""
    shape = Shape()
    slices = _curved(body.outline, body.belt, body.lean, body.wide)
    count = len(body.outline)
    grid = np.array([[(x, *line[i % count]) for i in range(count + 1)] for x, line in slices])
    shape.sheet(grid, paint, smooth=False)
    for x, line in (slices[0], slices[-1]):
        points = np.array([(x, y, z) for y, z in line])
        shape.add(points, np.arange(count)[None] if x > 0 else np.arange(count)[None, ::-1], paint)
    out = body.wide / 2
    for window in body.side_windows:
        for x in (-out - 0.006, out + 0.006):
            shape.plate(window, x, 0.008, kit.dark_glass)
    for pane, front in ((body.windscreen, 1), (body.rear_window, -1)):
        if pane:
            (y0, z0), (y1, z1) = pane
            half = out * 0.86
            corners = [(half * front, y0 + front * 0.015, z0 + 0.012), (-half * front, y0 + front * 0.015, z0 + 0.012)]
            corners += [(-half * front, y1 + front * 0.015, z1 + 0.012), (half * front, y1 + front * 0.015, z1 + 0.012)]
            shape.quad(corners, kit.dark_glass)
    _lean_in(shape, body)
    _details(kit, shape, body, paint)
    return shape


def _lean_in(shape: Shape, body: Body) -> None:
    """The greenhouse gets narrower upwards."""
    top = max(z for _, z in body.outline)

    def lean(points: np.ndarray) -> np.ndarray:
        share = np.clip((points[:, 2] - body.belt) / max(top - body.belt, 1e-6), 0, 1)
        return np.stack([points[:, 0] * (1 - body.lean * share), points[:, 1], points[:, 2]], 1)

    shape.bend(lean)


def _details(kit: Kit, shape: Shape, body: Body, paint: Material) -> None:
    """Wheels in dark arches, lamps, plates, mirrors, bumpers."""
    out = body.wide / 2
    front, rear = max(y for y, _ in body.outline), min(y for y, _ in body.outline)
    for y in body.wheels:
        for x in (-out + 0.1, out - 0.1):
            shape.tube(
                (x + np.sign(x) * 0.102, y, body.radius * 1.06),
                (x - np.sign(x) * 0.1, y, body.radius * 1.06),
                body.radius * 1.14,
                kit.black,
                sides=18,
            )
            wheel(kit, shape, y, body.radius, width=0.1, x=x + np.sign(x) * 0.022, spokes=0)
    for x in (-out * 0.74, out * 0.74):
        shape.ball((x, front - 0.05, body.lamps_z), (out * 0.2, 0.07, 0.075), kit.paint("#d3d7d5", rough=0.12))
        shape.ball((x * 1.14, rear + 0.04, body.lamps_z + 0.12), (out * 0.11, 0.05, 0.12), kit.paint("#8c1f1c", rough=0.2))
        shape.ball((np.sign(x) * (out + 0.02), body.windscreen[0][0] - 0.22, body.belt + 0.06), (0.06, 0.05, 0.07), kit.black)
    for y in (front - 0.03, rear + 0.03):
        shape.box((body.wide * 0.94, 0.1, 0.16), (0, y, 0.3), kit.black)
    shape.box((0.44, 0.012, 0.13), (0, front + 0.022, 0.4), kit.one_print("plate", 2))
    shape.box((0.44, 0.012, 0.13), (0, rear - 0.022, 0.5), kit.one_print("plate", 2))
    shape.box((body.wide * 0.5, 0.02, 0.08), (0, front - 0.005, body.lamps_z - 0.06), kit.black)


@recipe("car_hatch")
def hatch(kit: Kit) -> Shape:
    """A small five-door car."""
    outline = [(-1.9, 0.3), (1.9, 0.3), (1.95, 0.55), (1.82, 0.78), (0.95, 0.95), (0.28, 1.46), (-1.2, 1.52), (-1.72, 1.34), (-1.95, 0.85)]
    windows = ([(-0.52, 0.96), (0.74, 0.96), (0.22, 1.39), (-0.52, 1.43)], [(-1.5, 0.98), (-0.6, 0.96), (-0.6, 1.43), (-1.24, 1.42)])
    body = Body(1.7, outline, windows, ((0.93, 0.97), (0.31, 1.43)), ((-1.93, 0.93), (-1.75, 1.3)), (-1.22, 1.2), 0.3, 0.92)
    return build(kit, body, kit.paint(kit.pick(CAR_PAINTS), rough=0.28))


@recipe("car_suv")
def suv(kit: Kit) -> Shape:
    """A tall car with a long roof, a spare line of dark sills and roof rails."""
    outline = [(-2.2, 0.38), (2.2, 0.38), (2.3, 0.72), (2.2, 0.98), (1.15, 1.1), (0.5, 1.6), (-1.6, 1.66), (-2.12, 1.5), (-2.3, 0.98)]
    windows = (
        [(-0.3, 1.1), (0.95, 1.1), (0.45, 1.54), (-0.3, 1.57)],
        [(-1.25, 1.1), (-0.38, 1.1), (-0.38, 1.57), (-1.25, 1.58)],
        [(-1.95, 1.14), (-1.33, 1.1), (-1.33, 1.58), (-1.72, 1.55)],
    )
    body = Body(1.92, outline, windows, ((1.13, 1.12), (0.54, 1.57)), ((-2.27, 1.08), (-2.15, 1.46)), (-1.4, 1.4), 0.36, 1.06, 0.13, 0.86)
    shape = build(kit, body, kit.paint(kit.pick(CAR_PAINTS, shift=1), rough=0.28))
    for x in (-0.95, 0.95):
        shape.box((0.04, 2.0, 0.12), (x, 0, 0.38), kit.black)
    for x in (-0.7, 0.7):
        shape.tube((x, -1.5, 1.7), (x, 0.3, 1.66), 0.02, kit.dark_steel)
    return shape


@recipe("van")
def panel_van(kit: Kit) -> Shape:
    """A panel van without side windows behind the doors."""
    outline = [(-2.72, 0.4), (2.65, 0.4), (2.75, 0.8), (2.62, 1.1), (1.95, 1.3), (1.35, 2.2), (0.9, 2.42), (-2.6, 2.46), (-2.75, 2.2)]
    windows = ([(0.62, 1.32), (1.75, 1.32), (1.25, 2.02), (0.62, 2.08)],)
    body = Body(2.1, outline, windows, ((1.93, 1.33), (1.38, 2.16)), ((-2.745, 1.4), (-2.75, 2.1)), (-1.75, 1.75), 0.35, 1.25, 0.07, 0.92)
    shape = build(kit, body, kit.paint(("#d3d4d0", "#8f979c", "#2f4f78")[kit.variant % 3], rough=0.35))
    for x in (-1.045, 1.045):
        shape.box((0.015, 3.0, 0.1), (x, -0.9, 0.75), kit.black)
        shape.box((0.012, 0.02, 1.3), (x * 0.995, 0.45, 0.75), kit.dark_steel)
        shape.box((0.012, 0.02, 1.3), (x * 0.995, -0.75, 0.75), kit.dark_steel)
    return shape


@recipe("microvan")
def microvan(kit: Kit) -> Shape:
    """The short-nosed van of small traders."""
    outline = [(-1.88, 0.34), (1.86, 0.34), (1.9, 0.7), (1.72, 0.98), (1.12, 1.72), (0.8, 1.84), (-1.7, 1.86), (-1.88, 1.6)]
    windows = (
        [(0.42, 1.05), (1.42, 1.05), (1.0, 1.62), (0.42, 1.66)],
        [(-0.6, 1.05), (0.34, 1.05), (0.34, 1.66), (-0.6, 1.68)],
        [(-1.72, 1.05), (-0.68, 1.05), (-0.68, 1.68), (-1.66, 1.66)],
    )
    body = Body(1.58, outline, windows, ((1.68, 1.02), (1.15, 1.68)), ((-1.87, 1.05), (-1.84, 1.62)), (-1.2, 1.25), 0.29, 1.0, 0.08)
    return build(kit, body, kit.paint(("#b9bcbc", "#d4d4cf", "#5f6f7c")[kit.variant % 3], rough=0.35))


@recipe("minibus")
def minibus(kit: Kit) -> Shape:
    """A high-roofed bus for a dozen people."""
    outline = [(-2.92, 0.38), (2.85, 0.38), (2.95, 0.8), (2.8, 1.15), (2.2, 2.1), (1.75, 2.46), (-2.7, 2.56), (-2.95, 2.3)]
    windows = tuple([(y, 1.25), (y + 0.88, 1.25), (y + 0.88, 1.98), (y, 1.98)] for y in (-2.75, -1.8, -0.85, 0.1))
    cab = [(1.15, 1.22), (2.5, 1.22), (2.05, 1.95), (1.15, 1.98)]
    body = Body(
        2.04, outline, (*windows, cab), ((2.76, 1.22), (2.22, 2.06)), ((-2.94, 1.3), (-2.95, 2.1)), (-1.75, 1.95), 0.35, 1.2, 0.07, 0.85
    )
    return build(kit, body, kit.paint(("#d6d7d3", "#c2c3be", "#3f5f80")[kit.variant % 3], rough=0.3))


def lorry_cab(kit: Kit, paint: Material) -> Shape:
    """A forward-control cab on a ladder frame that reaches to y = -2.7."""
    outline = [(1.2, 0.45), (2.66, 0.45), (2.7, 1.0), (2.62, 1.25), (2.3, 2.08), (2.1, 2.2), (1.2, 2.2)]
    body = Body(
        1.92,
        outline,
        ([(1.4, 1.3), (2.42, 1.3), (2.16, 1.98), (1.4, 2.02)],),
        ((2.62, 1.3), (2.34, 2.05)),
        None,
        (1.85, -1.65),
        0.38,
        1.25,
        0.06,
        0.8,
    )
    shape = build(kit, body, paint)
    for x in (-0.4, 0.4):
        shape.box((0.1, 4.4, 0.18), (x, -0.5, 0.55), kit.dark_steel)
    for x in (-0.84, 0.84):
        wheel(kit, shape, -1.65, 0.38, width=0.1, x=x * 0.85, spokes=0)
    shape.box((1.8, 0.06, 0.12), (0, -2.65, 0.45), kit.black)
    for x in (-0.8, 0.8):
        shape.box((0.2, 0.03, 0.1), (x, -2.68, 0.58), kit.paint("#8c1f1c", rough=0.3))
    return shape


@recipe("lorry_box")
def lorry(kit: Kit) -> Shape:
    """A small lorry with a box body."""
    paint = kit.paint(("#35588a", "#c9cac5", "#8d2b27")[kit.variant % 3], rough=0.4)
    shape = lorry_cab(kit, paint)
    side = kit.one_print("lorry_side", 2)
    white = kit.paint("#c9cac6", rough=0.5)
    shape.box((2.05, 3.75, 2.05), (0, -0.82, 0.82), (white, white, white, side, white, side))
    shape.box((0.03, 0.03, 1.9), (0.0, -2.71, 0.9), kit.steel)
    return shape


@recipe("lorry_flat")
def flat(kit: Kit) -> Shape:
    """A small lorry with low drop sides and a headboard."""
    paint = kit.paint(("#2f5f9a", "#a8382e", "#4c6a4a")[kit.variant % 3], rough=0.45)
    shape = lorry_cab(kit, paint)
    shape.box((2.0, 3.6, 0.08), (0, -0.85, 0.76), kit.wood)
    for x in (-0.99, 0.99):
        shape.box((0.04, 3.6, 0.4), (x, -0.85, 0.82), paint)
        for y in np.linspace(-2.5, 0.85, 6):
            shape.box((0.07, 0.06, 0.42), (x, y, 0.8), kit.dark_steel)
    shape.box((2.0, 0.04, 0.4), (0, -2.64, 0.82), paint)
    for z in (0.0, 0.35, 0.7):
        shape.box((2.0, 0.05, 0.08), (0, 0.96, 1.0 + z), paint)
    for x in (-0.9, 0, 0.9):
        shape.box((0.06, 0.06, 1.0), (x, 0.96, 0.8), paint)
    return shape


@recipe("pickup")
def pickup(kit: Kit) -> Shape:
    """Double cabin and an open bed."""
    outline = [(-2.5, 0.45), (2.45, 0.45), (2.55, 0.75), (2.42, 1.02), (1.3, 1.12), (0.7, 1.72), (-0.72, 1.76), (-0.95, 1.12), (-2.55, 1.1)]
    windows = ([(0.08, 1.14), (1.05, 1.14), (0.62, 1.64), (0.08, 1.66)], [(-0.76, 1.14), (0.0, 1.14), (0.0, 1.66), (-0.62, 1.68)])
    body = Body(1.86, outline, windows, ((1.27, 1.14), (0.73, 1.69)), ((-0.95, 1.14), (-0.75, 1.7)), (-1.6, 1.55), 0.37, 1.1, 0.13, 0.85)
    shape = build(kit, body, kit.paint(kit.pick(CAR_PAINTS, shift=3), rough=0.3))
    shape.box((1.56, 1.42, 0.01), (0, -1.76, 1.112), kit.paint("#222325", rough=0.9))
    for x in (-0.82, 0.82):
        shape.box((0.06, 1.5, 0.04), (x, -1.76, 1.1), kit.black)
    return shape
