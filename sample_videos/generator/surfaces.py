"""Painted triangles: what a tracer has to know about a thing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class Paint:
    """How light leaves a surface. Colours are linear RGB, 0..1."""

    colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
    rough: float = 0.7
    metal: float = 0.0
    glow: float = 0.0
    """Radiance that it gives off by itself, in multiples of its colour."""
    opacity: float = 1.0
    picture: Array | None = None
    """(height, width, 4) float32, linear RGB and alpha, the first row at the bottom; laid by the surface's uv."""
    cut_out: bool = False
    """The picture's alpha cuts holes: leaves, nets."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles in world metres."""

    vertices: Array
    """(V, 3) float32."""
    triangles: Array
    """(T, 3) int32."""
    paints: tuple[Paint, ...]
    paint_of: Array
    """(T,) index into paints."""
    uv: Array
    """(T, 3, 2) float32; zeros where nothing is printed."""
    smooth: Array
    """(T,) bool: shaded as if it were round."""

    def moved(self, matrix: Array) -> Surface:
        """The same surface after a (4, 4) transform."""
        turned = self.vertices @ np.asarray(matrix, np.float32)[:3, :3].T + np.asarray(matrix, np.float32)[:3, 3]
        return Surface(turned.astype(np.float32), self.triangles, self.paints, self.paint_of, self.uv, self.smooth)

    def bounds(self) -> Array:
        """(2, 3): lowest and highest corner of the box around it."""
        return np.array([self.vertices.min(0), self.vertices.max(0)])


def corners_of(bounds: Array) -> Array:
    """(8, 3): the corners of a box given by its lowest and highest."""
    low, high = bounds
    return np.array([(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])


def vertex_normals(vertices: Array, triangles: Array) -> Array:
    """(V, 3) unit normals, the mean of the faces around each vertex weighted by their area."""
    corner = vertices[triangles]
    faces = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    summed = np.stack(
        [np.bincount(triangles.ravel(), np.repeat(faces[:, axis], 3), minlength=len(vertices)) for axis in range(3)],
        axis=-1,
    )
    return np.asarray(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12), np.float32)
