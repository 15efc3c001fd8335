"""Bicycles and electric two-wheelers; they roll towards +y."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape

BIKE_PAINTS = ("#8d2420", "#26292d", "#27508a", "#c4c5c1", "#356b4c", "#b98a2f")


def wheel(kit: Kit, shape: Shape, y: float, radius: float, *, width: float = 0.02, x: float = 0.0, spokes: int = 10) -> None:
    """Tyre, rim, hub and spokes; spokes = 0: a cast disc."""
    shape.ring((x, y, radius), radius - width, width, kit.rubber, sides=20, section=6)
    if not spokes:
        shape.tube((x - width * 0.7, y, radius), (x + width * 0.7, y, radius), radius * 0.62, kit.steel, sides=14)
        shape.tube((x - width * 0.9, y, radius), (x + width * 0.9, y, radius), radius * 0.25, kit.dark_steel, sides=10)
        return
    shape.ring((x, y, radius), radius - width * 2.2, width * 0.5, kit.steel, sides=20, section=4)
    shape.tube((x - 0.04, y, radius), (x + 0.04, y, radius), 0.022, kit.dark_steel)
    for angle in np.linspace(0, 2 * np.pi, spokes, endpoint=False):
        far = radius - width * 2
        shape.tube((x, y, radius), (x, y + far * np.cos(angle), radius + far * np.sin(angle)), 0.003, kit.steel, sides=3, caps=False)


def mudguard(shape: Shape, y: float, radius: float, material: Material, start: float, end: float, *, width: float = 0.05) -> None:
    """A band around a wheel from angle to angle (0 = ahead, pi / 2 = above)."""
    angle = np.linspace(start, end, 8)
    grid = np.array([[(x, y + radius * np.cos(a), radius * 0.96 + radius * np.sin(a)) for x in (-width / 2, 0, width / 2)] for a in angle])
    grid[:, 1] += np.stack([0 * angle, 0.012 * np.cos(angle), 0.012 * np.sin(angle)], 1)
    shape.sheet(grid, material)


def saddle(kit: Kit, shape: Shape, y: float, z: float) -> None:
    """Broad behind, narrow before."""
    shape.ball((0, y - 0.05, z), (0.09, 0.1, 0.035), kit.black)
    shape.ball((0, y + 0.07, z), (0.04, 0.11, 0.03), kit.black)


def handlebar(kit: Kit, shape: Shape, y: float, z: float, half: float, *, back: float = 0.12) -> None:
    """Swept back, with grips and a bell."""
    shape.path([(-half, y - back, z), (-half * 0.5, y, z), (half * 0.5, y, z), (half, y - back, z)], 0.012, kit.steel)
    for x in (-half, half):
        shape.tube((x, y - back - 0.03, z), (x * 0.95, y - back + 0.07, z), 0.018, kit.black)


def wire_basket(kit: Kit, shape: Shape, at: tuple[float, float, float], material: Material) -> None:
    """0.34 x 0.26 x 0.22 m, of wires."""
    x0, y0, z0 = at
    for z in (0, 0.11, 0.22):
        ring = [(x0 + a * (0.15 + z * 0.1), y0 + b * (0.11 + z * 0.1), z0 + z) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
        shape.path(ring, 0.006, material, sides=4)
    for a in np.linspace(-1, 1, 5):
        for b in (-1, 1):
            shape.tube((x0 + a * 0.15, y0 + b * 0.11, z0), (x0 + a * 0.172, y0 + b * 0.132, z0 + 0.22), 0.004, material, sides=4)
            shape.tube((x0 + b * 0.15, y0 + a * 0.11, z0), (x0 + b * 0.172, y0 + a * 0.132, z0 + 0.22), 0.004, material, sides=4)
    shape.box((0.3, 0.22, 0.006), at, material)


def bicycle(
    kit: Kit, *, radius: float, base: float, step_through: bool, basket: bool, width: float = 0.02, half_bar: float = 0.28
) -> Shape:
    """Frame, two wheels, chain, saddle; base: distance of the wheels."""
    shape = Shape()
    paint = kit.paint(kit.pick(BIKE_PAINTS), rough=0.4)
    rear, front = -base / 2, base / 2
    for y in (rear, front):
        wheel(kit, shape, y, radius, width=width)
        mudguard(shape, y, radius + 0.035, kit.steel if kit.variant % 2 else paint, 0.5 if y < 0 else 0.9, 2.9)
    crank, seat, head = (0, rear + 0.42, 0.29), (0, rear + 0.3, 0.68), (0, front - 0.17, 0.76)
    shape.tube(crank, (0, rear + 0.24, 0.84), 0.016, paint)
    shape.tube(crank, head, 0.02, paint)
    if not step_through:
        shape.tube(seat, head, 0.018, paint)
    else:
        shape.tube((0, rear + 0.36, 0.44), (0, front - 0.14, 0.66), 0.018, paint)
    for x in (-0.045, 0.045):
        shape.tube((x, rear, radius), (0, rear + 0.3, 0.66), 0.009, paint)
        shape.tube((x, rear, radius), crank, 0.01, paint)
        shape.tube((x, front, radius), (x * 0.6, front - 0.13, 0.66), 0.011, paint)
    shape.tube((0, front - 0.13, 0.62), (0, front - 0.2, 0.98), 0.016, paint)
    saddle(kit, shape, rear + 0.22, 0.86)
    handlebar(kit, shape, front - 0.2, 0.99, half_bar)
    shape.tube((0.05, crank[1], crank[2]), (0.062, crank[1], crank[2]), 0.09, kit.dark_steel, sides=14)
    for side in (-1, 1):
        pedal = (side * 0.07, crank[1] + side * 0.12, crank[2] - side * 0.11)
        shape.tube((side * 0.06, crank[1], crank[2]), pedal, 0.01, kit.dark_steel)
        shape.box((0.1, 0.08, 0.02), (side * 0.12, pedal[1], pedal[2]), kit.black)
    shape.box((0.02, 0.42, 0.05), (0.06, rear + 0.2, 0.29), kit.dark_steel)
    shape.box((0.14, 0.34, 0.015), (0, rear - 0.02, radius * 2 + 0.06), kit.dark_steel)
    for x in (-0.06, 0.06):
        shape.tube((x, rear, radius), (x, rear - 0.1, radius * 2 + 0.06), 0.006, kit.dark_steel)
    shape.tube((-0.05, rear + 0.36, 0.28), (-0.16, rear + 0.34, 0.0), 0.01, kit.dark_steel)
    if basket:
        wire_basket(kit, shape, (0, front + 0.06, 0.72), kit.dark_steel if kit.variant % 2 else kit.steel)
    return shape


@recipe("bicycle_basket")
def city(kit: Kit) -> Shape:
    """Step-through with a basket."""
    return bicycle(kit, radius=0.32, base=1.06, step_through=True, basket=True)


@recipe("bicycle_shared")
def shared(kit: Kit) -> Shape:
    """Sturdy hire bicycle: thick tyres, cast wheels, bright guards and a lock."""
    shape = bicycle(kit, radius=0.31, base=1.04, step_through=True, basket=False, width=0.028)
    bright = kit.paint(("#c48a24", "#3f86a8", "#4d8f4a")[kit.variant % 3], rough=0.5)
    for y in (-0.52, 0.52):
        mudguard(shape, y, 0.35, bright, 0.4, 2.9, width=0.09)
        shape.tube((-0.03, y, 0.31), (0.03, y, 0.31), 0.1, bright, sides=12)
    shape.box((0.3, 0.22, 0.16), (0, 0.56, 0.74), bright)
    shape.box((0.25, 0.18, 0.01), (0, 0.56, 0.895), kit.black)
    shape.box((0.12, 0.06, 0.1), (0, -0.28, 0.56), kit.black)
    return shape


@recipe("bicycle_folding")
def folding(kit: Kit) -> Shape:
    """Small wheels under a long seat post and stem."""
    shape = Shape()
    paint = kit.paint(kit.pick(BIKE_PAINTS, shift=2), rough=0.4)
    for y in (-0.48, 0.48):
        wheel(kit, shape, y, 0.23, width=0.024)
        mudguard(shape, y, 0.26, kit.black, 0.6, 2.7)
        for x in (-0.05, 0.05):
            shape.tube((x, y, 0.23), (0, y * 0.75, 0.5), 0.013, paint)
    shape.tube((0, -0.38, 0.44), (0, 0.36, 0.5), 0.035, paint)
    shape.tube((0, -0.16, 0.26), (0, -0.3, 0.85), 0.018, kit.steel)
    shape.tube((0, 0.37, 0.44), (0, 0.28, 0.98), 0.02, kit.steel)
    saddle(kit, shape, -0.3, 0.86)
    handlebar(kit, shape, 0.28, 0.98, 0.26, back=0.03)
    shape.tube((0.05, -0.14, 0.28), (0.06, -0.14, 0.28), 0.08, kit.dark_steel, sides=12)
    for side in (-1, 1):
        shape.box((0.09, 0.07, 0.02), (side * 0.12, -0.14 + side * 0.13, 0.28), kit.black)
    return shape


@dataclass(frozen=True, slots=True)
class Electric:
    """Outline of an electric two-wheeler, metres."""

    radius: float
    base: float
    seat: tuple[float, float]
    """From y to y."""
    seat_z: float
    floor_z: float
    bar: tuple[float, float]
    """y and z of the handlebar."""
    shield: float = 0.2
    """Half width of the leg shield; 0: none."""
    tail: float = 0.12
    """Half width of the body under the seat."""
    flat_nose: bool = False


def electric(kit: Kit, form: Electric, colours: tuple[str, ...] = BIKE_PAINTS) -> Shape:
    """Body, floor board, leg shield, seat, lamp and mirrors."""
    shape = Shape()
    paint = kit.paint(kit.pick(colours), rough=0.3)
    rear, front = -form.base / 2, form.base / 2
    for y in (rear, front):
        wheel(kit, shape, y, form.radius, width=0.045, spokes=0)
    bar_y, bar_z = form.bar
    shape.tube((0, front, form.radius), (0, bar_y, bar_z), 0.028, kit.dark_steel)
    for x in (-0.07, 0.07):
        shape.tube((x, front, form.radius), (x, front - 0.12, form.radius + 0.26), 0.018, kit.dark_steel)
    mudguard(shape, front, form.radius + 0.04, paint, 0.3, 2.6, width=0.14)
    mudguard(shape, rear, form.radius + 0.05, kit.black, 1.2, 3.0, width=0.14)
    _shell(shape, paint, kit.black, form, rear, front)
    handlebar(kit, shape, bar_y, bar_z, 0.3, back=0.08)
    lamp_z = bar_z - 0.08
    shape.ball((0, bar_y + 0.06, lamp_z), (0.11, 0.09, 0.08), paint)
    shape.ball((0, bar_y + 0.12, lamp_z), (0.065, 0.045, 0.05), kit.paint("#cfd4d2", rough=0.15), detail=0)
    shape.ball((0, rear - 0.24, form.seat_z - 0.14), (0.07, 0.03, 0.03), kit.paint("#8c1f1c", rough=0.2), detail=0)
    shape.box((0.15, 0.01, 0.1), (0, rear - 0.25, form.seat_z - 0.34), kit.one_print("plate", 2), tilt=-0.2)
    for x in (-1, 1):
        shape.tube((x * 0.24, bar_y - 0.03, bar_z), (x * 0.3, bar_y - 0.02, bar_z + 0.14), 0.006, kit.black, sides=4)
        shape.ball((x * 0.3, bar_y - 0.02, bar_z + 0.17), (0.05, 0.012, 0.035), kit.black, detail=0)
    shape.tube((-0.06, -0.05, form.floor_z), (-0.2, -0.1, 0), 0.012, kit.dark_steel)
    return shape


def _shell(shape: Shape, paint: Material, dark: Material, form: Electric, rear: float, front: float) -> None:
    """The painted body: under the seat, the floor, the shield; and the seat."""
    begin, end = form.seat
    under = [(0.62, form.floor_z - 0.02), (1.0, form.seat_z - 0.2), (0.92, form.seat_z - 0.07)]
    rings = []
    for y in np.linspace(rear - 0.22, end + 0.02, 7):
        share = np.sin(np.pi * np.clip((y - rear + 0.3) / (end - rear + 0.55), 0, 1)) ** 0.6
        half = form.tail * (0.35 + 0.65 * share)
        lift = max(0.0, (rear + 0.12 - y)) * 0.85
        low = form.floor_z + lift + (0.16 if y < rear + 0.2 else 0)
        rings.append(
            [
                (sx * half * w, y, max(z, low) if i == 0 else z + lift * 0.3)
                for sx in (-1, 1)
                for i, (w, z) in (enumerate(under) if sx < 0 else list(enumerate(under))[::-1])
            ]
        )
    shape.sheet(np.array(rings), paint)
    shape.box((form.tail * 1.9, front - 0.28 - begin, 0.06), (0, (front - 0.28 + begin) / 2 + 0.02, form.floor_z - 0.05), dark)
    grid = []
    for s in np.linspace(0, 1, 5):
        y = begin + (end - begin) * s
        grid.append(
            [
                (u * form.tail * (1.08 - 0.25 * s), y, form.seat_z - 0.075 + 0.075 * (1 - u**4) - 0.05 * s * (1 - s))
                for u in np.linspace(-1, 1, 7)
            ]
        )
    shape.sheet(np.array(grid), dark)
    shape.box((form.tail * 2, end - begin, 0.05), (0, (begin + end) / 2, form.seat_z - 0.12), dark)
    if not form.shield:
        return
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 5))
    half = form.shield * (0.62 + 0.38 * np.sin(np.pi * (0.15 + 0.7 * v)))
    y = front - 0.2 - 0.14 * v - (0.02 if form.flat_nose else 0.09) * u**2
    z = form.floor_z - 0.04 + v * (form.bar[1] - 0.16 - form.floor_z)
    shape.sheet(np.stack([u * half, y, z], 2), paint)
    shape.sheet(np.stack([u * half * 0.96, y - 0.03, z], 2), dark)


@recipe("e_bike")
def light(kit: Kit) -> Shape:
    """Light electric bicycle with a basket and a rear carrier."""
    shape = electric(kit, Electric(0.2, 1.12, (-0.62, -0.12), 0.74, 0.32, (0.4, 0.98), shield=0.13, tail=0.1, flat_nose=True))
    wire_basket(kit, shape, (0, 0.62, 0.66), kit.dark_steel)
    shape.tube((0, 0.5, 0.5), (0, 0.6, 0.66), 0.012, kit.dark_steel)
    return shape


@recipe("e_bike_delivery")
def delivery(kit: Kit) -> Shape:
    """With an insulated box behind the rider and a wind cover."""
    shape = electric(kit, Electric(0.22, 1.2, (-0.55, 0.0), 0.76, 0.32, (0.44, 1.02), shield=0.19))
    side = kit.one_print("delivery", 3)
    top = kit.paint(("#2f6fa8", "#d9a92c", "#2c7a55")[kit.variant % 3])
    shape.box((0.44, 0.42, 0.42), (0, -0.62, 0.78), (top, top, side, side, side, side))
    shape.box((0.12, 0.3, 0.04), (0, -0.6, 0.74), kit.dark_steel)
    return shape


@recipe("e_scooter")
def scooter(kit: Kit) -> Shape:
    """Full-size electric scooter with a broad shield and a long seat."""
    return electric(kit, Electric(0.23, 1.24, (-0.72, 0.02), 0.75, 0.3, (0.44, 1.0), shield=0.23, tail=0.15))


@recipe("e_bike_long")
def long(kit: Kit) -> Shape:
    """No shield: an open frame with the battery in the middle, a long bench seat, footrests, a rear bow."""
    shape = electric(kit, Electric(0.25, 1.28, (-0.84, 0.1), 0.76, 0.36, (0.46, 1.06), shield=0.0, tail=0.09))
    shape.box((0.16, 0.36, 0.26), (0, 0.02, 0.34), kit.paint(kit.pick(BIKE_PAINTS, shift=3), rough=0.5))
    shape.tube((0, 0.1, 0.56), (0, 0.5, 0.86), 0.026, kit.dark_steel)
    shape.path([(-0.1, -0.6, 0.7), (-0.1, -0.92, 0.86), (0.1, -0.92, 0.86), (0.1, -0.6, 0.7)], 0.013, kit.steel)
    return shape


@recipe("motorcycle")
def motorcycle(kit: Kit) -> Shape:
    """Tank, engine, spoked wheels, a long flat seat and one exhaust."""
    shape = Shape()
    paint = kit.paint(kit.pick(BIKE_PAINTS), rough=0.3)
    for y in (-0.62, 0.66):
        wheel(kit, shape, y, 0.3, width=0.05)
        mudguard(shape, y, 0.34, paint if y > 0 else kit.black, 0.5 if y > 0 else 1.0, 2.5, width=0.12)
    for x in (-0.085, 0.085):
        shape.tube((x, 0.66, 0.3), (x, 0.42, 0.92), 0.022, kit.steel)
        shape.tube((x, -0.62, 0.3), (x, -0.1, 0.42), 0.022, kit.dark_steel)
        shape.tube((x * 1.3, -0.6, 0.36), (x * 1.3, -0.42, 0.7), 0.026, kit.steel)
    shape.path([(0, 0.4, 0.86), (0, 0.2, 0.4), (0, -0.1, 0.36), (0, -0.3, 0.68)], 0.026, kit.dark_steel)
    shape.ball((0, 0.16, 0.78), (0.14, 0.26, 0.13), paint)
    shape.box((0.2, 0.26, 0.26), (0, 0.06, 0.3), kit.dark_steel)
    shape.tube((0, 0.12, 0.5), (0, 0.2, 0.64), 0.085, kit.steel, sides=10)
    shape.box((0.22, 0.62, 0.09), (0, -0.38, 0.71), kit.black)
    shape.ball((0, -0.5, 0.68), (0.13, 0.28, 0.07), paint)
    shape.path([(0.1, 0.2, 0.5), (0.13, 0.24, 0.28), (0.14, -0.2, 0.25)], 0.02, kit.steel)
    shape.tube((0.14, -0.2, 0.25), (0.17, -0.8, 0.36), 0.04, kit.steel, sides=8)
    handlebar(kit, shape, 0.36, 1.02, 0.36, back=0.1)
    shape.tube((0, 0.46, 0.86), (0, 0.53, 0.86), 0.09, kit.paint("#cfd4d2", rough=0.15), sides=12)
    shape.ball((0, 0.46, 0.86), (0.1, 0.08, 0.1), kit.black)
    shape.box((0.14, 0.01, 0.1), (0, -0.93, 0.5), kit.one_print("plate", 2), tilt=-0.2)
    shape.ball((0, -0.84, 0.66), (0.06, 0.03, 0.035), kit.paint("#8c1f1c", rough=0.2), detail=0)
    for x in (-1, 1):
        shape.tube((x * 0.26, 0.33, 1.02), (x * 0.32, 0.33, 1.12), 0.006, kit.black, sides=4)
        shape.ball((x * 0.32, 0.33, 1.14), (0.05, 0.012, 0.035), kit.black, detail=0)
    return shape
