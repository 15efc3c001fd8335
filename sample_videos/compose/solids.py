"""Things with a shape: boxes, drums, tables, plants. Each is painted once and laid over every frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.layer import SHADOW, Layer
from sample_videos.compose.textures import cardboard, crate_side, fruit_heap, plain

FRONT, SIDE, TOP, DARK_SIDE = 0.92, 0.8, 1.12, 0.58
"""Light on the faces of a box: towards the camera, towards the sun (left), upwards, away from the sun."""


@dataclass(frozen=True)
class Solid:
    """A thing with outer measures (metres along X, Y, Z) and a way to paint it at a place (the middle of its underside)."""

    name: str
    size: Point
    paint: Callable[[Layer, Point], None]

    def corners(self, at: Point) -> Floats:
        """8x3 corners of its outer box."""
        w, d, h = self.size
        return np.array(
            [[at[0] + i * w / 2, at[1] + j * d / 2, at[2] + k * h] for k in (0, 1) for j in (-1, 1) for i in (-1, 1)], dtype=np.float32
        )

    def layer(self, camera: Camera, at: Point, *, scale: int = 2) -> Layer:
        """Painted at a place."""
        layer = Layer(camera, self.corners(at), scale=scale)
        if not layer.empty:
            self.paint(layer, at)
        return layer

    def shadow(self, at: Point) -> Floats:
        """Nx3 points on the ground whose convex hull is its shadow."""
        return drop_shadow(self.corners(at))


def drop_shadow(points: Floats) -> Floats:
    """Let points fall along the light onto the ground."""
    fallen = points.copy()
    fallen[:, 0] += points[:, 2] * SHADOW[0]
    fallen[:, 1] += points[:, 2] * SHADOW[1]
    fallen[:, 2] = 0
    return fallen


def paint_box(layer: Layer, at: Point, size: Point, faces: tuple[Floats, Floats, Floats]) -> None:
    """A box seen from the street: (front, side, top) textures; the side nearer to the camera is painted."""
    (x, y, z), (w, d, h) = at, size
    left, right, near, far = x - w / 2, x + w / 2, y - d / 2, y + d / 2
    camera_x = layer.camera.position[0]
    front, side, top = faces
    if camera_x < left:
        layer.quad([[left, far, z + h], [left, near, z + h], [left, near, z], [left, far, z]], side, SIDE)
    elif camera_x > right:
        layer.quad([[right, near, z + h], [right, far, z + h], [right, far, z], [right, near, z]], side, DARK_SIDE)
    layer.quad([[left, far, z + h], [right, far, z + h], [right, near, z + h], [left, near, z + h]], top, TOP)
    layer.quad([[left, near, z + h], [right, near, z + h], [right, near, z], [left, near, z]], front, FRONT)


def crate(name: str, plastic: Point, fruit: Point, seed: int) -> Solid:
    """A plastic crate heaped with fruit."""
    rng = np.random.default_rng(seed)
    side, heap = crate_side(plastic, rng), fruit_heap(fruit, rng)
    size = (0.62, 0.44, 0.34)

    def paint(layer: Layer, at: Point) -> None:
        w, d, h = size
        paint_box(layer, at, size, (side, side, plain(40, 40, plastic, rng)))
        x0, x1, y0, y1, z = at[0] - w / 2 + 0.03, at[0] + w / 2 - 0.03, at[1] - d / 2 + 0.03, at[1] + d / 2 - 0.03, at[2] + h
        layer.quad([[x0, y1, z], [x1, y1, z], [x1, y0, z], [x0, y0, z]], heap, 1.05)

    return Solid(name, size, paint)


def carton(name: str, size: Point, label: str, seed: int) -> Solid:
    """A cardboard carton."""
    rng = np.random.default_rng(seed)
    faces = (cardboard(rng, label), cardboard(rng, label), cardboard(rng, top=True))
    return Solid(name, size, lambda layer, at: paint_box(layer, at, size, faces))


def drum(name: str, radius: float, height: float, colour: Point, band: Point) -> Solid:
    """A paint bucket or a bin: a cylinder with a band."""

    def paint(layer: Layer, at: Point) -> None:
        angles = np.radians(np.arange(0, 361, 9))
        ring = np.stack([at[0] + radius * np.cos(angles), at[1] + radius * np.sin(angles)], axis=1)
        for a, b, angle in zip(ring[:-1], ring[1:], angles[:-1], strict=True):
            if np.sin(angle) > 0.35:
                continue
            light = 0.62 + 0.42 * max(0.0, float(np.cos(angle - np.radians(215))))
            for low, high, tone in ((0.0, 0.3, colour), (0.3, 0.72, band), (0.72, 1.0, colour)):
                z0, z1 = at[2] + low * height, at[2] + high * height
                layer.polygon([[*a, z0], [*b, z0], [*b, z1], [*a, z1]], tuple3(np.array(tone) * light))
        top = at[2] + height
        layer.polygon([[x, y, top] for x, y in ring], tuple3(np.array(colour) * 1.12))
        inner = [[at[0] + (x - at[0]) * 0.86, at[1] + (y - at[1]) * 0.86, top] for x, y in ring]
        layer.polygon(inner, tuple3(np.array(colour) * 0.82))

    return Solid(name, (2 * radius, 2 * radius, height), paint)


def table(name: str, width: float, height: float, seed: int) -> Solid:
    """A square folding table with a wooden top."""
    rng = np.random.default_rng(seed)
    wood = plain(60, 60, (92, 138, 178), rng, stains=10, grain=4)
    half = width / 2

    def paint(layer: Layer, at: Point) -> None:
        x, y, z = at
        legs = [(-half + 0.04, half - 0.04), (half - 0.04, half - 0.04), (-half + 0.04, -half + 0.04), (half - 0.04, -half + 0.04)]
        for dx, dy in legs:
            layer.line([[x + dx, y + dy, z], [x + dx, y + dy, z + height - 0.03]], (74, 78, 80), 0.04)
        paint_box(layer, (x, y, z + height - 0.04), (width, width, 0.04), (wood * 0.8, wood * 0.8, wood))

    return Solid(name, (width, width, height), paint)


def planter(size: Point, seed: int) -> Solid:
    """A long concrete planter with shrubs."""
    rng = np.random.default_rng(seed)
    stone = plain(60, 200, (138, 144, 148), rng, stains=10, grain=4)
    w, d, h = size
    box = (w, d, 0.42)

    def paint(layer: Layer, at: Point) -> None:
        paint_box(layer, at, box, (stone, stone, plain(30, 60, (40, 52, 62), rng)))
        leaves(layer, (at[0], at[1], at[2] + 0.42 + (h - 0.42) / 2), (w / 2.1, d / 2.1, (h - 0.42) / 2), 420, rng)

    return Solid("planter", size, paint)


def leaves(layer: Layer, centre: Point, radii: Point, count: int, rng: np.random.Generator, *, leaf_m: float = 0.07) -> None:
    """A bush or a tree's crown: leaves in an ellipsoid, dark below and behind, bright above and towards the sun."""
    spots = rng.standard_normal((count, 3))
    spots *= (rng.random((count, 1)) ** (1 / 3)) / np.linalg.norm(spots, axis=1, keepdims=True)
    spots = spots[np.argsort(-spots[:, 1])]
    for spot in spots:
        light = 0.72 + 0.34 * spot[2] - 0.16 * spot[0] - 0.14 * spot[1] + 0.16 * rng.standard_normal()
        at = np.array(centre) + spot * np.array(radii)
        tilt = rng.random(2) * np.pi
        a = np.array([np.cos(tilt[0]), 0.2, np.sin(tilt[0])]) * leaf_m
        b = np.array([-np.sin(tilt[0]), 0.1, np.cos(tilt[0])]) * leaf_m * 0.55
        tone = np.array([46, 104, 78]) * max(light, 0.3) + rng.standard_normal(3) * 4
        layer.polygon([at - a, at - b, at + a, at + b], tuple3(tone))


def tuple3(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Point:
    """A colour or point as plain numbers, 0..255."""
    clipped = np.clip(values, 0, 250)
    return (float(clipped[0]), float(clipped[1]), float(clipped[2]))
