"""From metres to the picture and back: one fixed camera with a lens that bends straight lines. Pure.

Three planes are told apart. The *ideal* plane is what a pinhole shows: x to the right, y down, 1 at half the picture's
width. The *picture* is the ideal plane bent by the lens, in fractions 0..1 with y down: what a recording shows and what
every truth is stated in. The *rendered* picture is an ideal one, a little wider than the picture, because the lens draws
corners in from further out; `bending` says where each pixel of the picture is found in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from sample_videos.generator.values import CameraPose

Array = np.ndarray[Any, Any]

NEAREST_M = 0.15
"""Nothing nearer to the camera than this is projected."""
EDGE_STEP_M = 0.25
"""Sides of polygons on the ground are bent by the lens in steps of this length."""


@dataclass(frozen=True, slots=True)
class RenderedView:
    """The ideal picture that a renderer has to make before the lens is applied."""

    width: int
    height: int
    half_width: float
    """What half its width is in the ideal plane; 1 without distortion."""
    half_height: float
    fov: float
    """Horizontal angle of view, radians."""


@dataclass(frozen=True)
class Projection:
    """What one camera does to points in metres."""

    pose: CameraPose

    @cached_property
    def axes(self) -> Array:
        """(3, 3): the camera's right, down and forward in the world. A roll > 0 turns the camera clockwise."""
        pose = self.pose
        forward = np.array(pose.target, float) - (pose.x, pose.y, pose.z)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        cosine, sine = math.cos(pose.roll), math.sin(pose.roll)
        return np.array([right * cosine + down * sine, down * cosine - right * sine, forward])

    @cached_property
    def matrix(self) -> Array:
        """(3, 4): homogeneous metres to the ideal plane times the depth in metres, then the depth."""
        flat = self.axes / np.array([[self._tangent], [self._tangent], [1.0]])
        return np.hstack([flat, -flat @ np.array([[self.pose.x], [self.pose.y], [self.pose.z]])])

    @property
    def aspect(self) -> float:
        """Height over width."""
        return self.pose.height / self.pose.width

    def depth(self, points: Sequence[Sequence[float]] | Array) -> Array:
        """Metres along the line of sight of (N, 3) points; less than 0 behind the camera."""
        return np.asarray((np.asarray(points, float).reshape(-1, 3) - (self.pose.x, self.pose.y, self.pose.z)) @ self.axes[2])

    def to_ideal(self, points: Sequence[Sequence[float]] | Array) -> Array:
        """(N, 3) metres to (N, 2) of the ideal plane; nan behind the camera."""
        given = np.asarray(points, float).reshape(-1, 3)
        seen = given @ self.matrix[:, :3].T + self.matrix[:, 3]
        seen[seen[:, 2] < NEAREST_M] = np.nan
        return np.asarray(seen[:, :2] / seen[:, 2:])

    def to_picture(self, points: Sequence[Sequence[float]] | Array) -> Array:
        """(N, 3) metres to (N, 2) fractions of the picture, the lens included; nan behind the camera."""
        return self._fractions(self._bent(self.to_ideal(points)))

    def to_rendered(self, points: Sequence[Sequence[float]] | Array) -> Array:
        """(N, 3) metres to (N, 2) fractions of the rendered picture; nan behind the camera."""
        view = self.rendered
        return np.asarray(self.to_ideal(points) / (2 * view.half_width, 2 * view.half_height) + 0.5)

    def rays(self, fractions: Sequence[Sequence[float]] | Array) -> Array:
        """(N, 2) fractions of the picture to (N, 3) directions in the world, 1 m long along the line of sight."""
        bent = (np.asarray(fractions, float).reshape(-1, 2) - 0.5) * (2, 2 * self.aspect)
        return self.ideal_rays(self._straight(bent))

    def ideal_rays(self, ideal: Array) -> Array:
        """(N, 2) of the ideal plane to (N, 3) directions in the world, 1 m long along the line of sight."""
        return np.asarray(np.column_stack([ideal * self._tangent, np.ones(len(ideal))]) @ self.axes)

    def to_ground(self, fractions: Sequence[Sequence[float]] | Array, z: float = 0.0) -> Array:
        """(N, 2) fractions of the picture to (N, 2) metres on the plane at height z; nan at and above the horizon."""
        rays = self.rays(fractions)
        fall = np.where(rays[:, 2] < -1e-6, rays[:, 2], np.nan)
        reach = (z - self.pose.z) / fall
        return np.asarray(rays[:, :2] * reach[:, None] + (self.pose.x, self.pose.y))

    def ground_polygon(self, ring: Sequence[Sequence[float]] | Array, z: float = 0.0) -> list[tuple[float, float]]:
        """What is visible of a polygon at height z: (x, y) metres to its corners in fractions, without repeating the first.

        Empty when nothing of it is in the picture; the largest piece when the frame cuts it into several.
        """
        pieces = self.ground_polygons(ring, z)
        return pieces[0] if pieces else []

    def ground_polygons(self, ring: Sequence[Sequence[float]] | Array, z: float = 0.0) -> list[list[tuple[float, float]]]:
        """All visible pieces of a polygon at height z, the largest first."""
        ahead = self._in_front(np.asarray(ring, float).reshape(-1, 2), z)
        if len(ahead) < 3:
            return []
        ideal = shapely.Polygon(self.to_ideal(np.column_stack([ahead, np.full(len(ahead), z)])))
        # Cut to a little more than the lens can see before bending: a barrel lens folds back what lies far outside.
        view = self.rendered
        near = _valid(ideal).intersection(shapely.box(-view.half_width, -view.half_height, view.half_width, view.half_height).buffer(0.02))
        frame = shapely.box(0, 0, 1, 1)
        seen: list[shapely.Polygon] = []
        for piece in _polygons(near):
            corners = np.asarray(shapely.segmentize(piece, 0.04).exterior.coords)
            bent = _valid(shapely.Polygon(self._fractions(self._bent(corners))))
            seen += [part for part in _polygons(bent.intersection(frame)) if part.area > 1e-6]
        seen.sort(key=lambda part: -part.area)
        return [[(float(x), float(y)) for x, y in part.exterior.simplify(2e-4).coords[:-1]] for part in seen]

    @cached_property
    def rendered(self) -> RenderedView:
        """The ideal picture that covers all that the lens shows, with the same pixels per degree in the middle."""
        corner = np.array([[1.0, self.aspect]])
        wider = max(1.0, float(self._straight(corner)[0, 0]))
        width = 2 * math.ceil(self.pose.width * wider / 2)
        height = 2 * math.ceil(self.pose.height * wider / 2)
        half_width = width / self.pose.width
        return RenderedView(width, height, half_width, height / self.pose.width, 2 * math.atan(half_width * self._tangent))

    @cached_property
    def bending(self) -> tuple[Array, Array]:
        """For cv2.remap: column and row of the rendered picture for each pixel of the picture, (height, width) float32."""
        pose, view = self.pose, self.rendered
        columns, rows = np.meshgrid((np.arange(pose.width) + 0.5) / pose.width, (np.arange(pose.height) + 0.5) / pose.height)
        bent = (np.stack([columns.ravel(), rows.ravel()], -1) - 0.5) * (2, 2 * self.aspect)
        ideal = self._straight(bent)
        found = (ideal / (2 * view.half_width, 2 * view.half_height) + 0.5) * (view.width, view.height) - 0.5
        shape = (pose.height, pose.width)
        return found[:, 0].reshape(shape).astype(np.float32), found[:, 1].reshape(shape).astype(np.float32)

    @property
    def _tangent(self) -> float:
        return math.tan(self.pose.fov / 2)

    def _fractions(self, plane: Array) -> Array:
        return np.asarray(plane / (2, 2 * self.aspect) + 0.5)

    def _bent(self, ideal: Array) -> Array:
        """Ideal to bent, both in units of half the width. Beyond the fold of a barrel lens: straight on outwards."""
        radius = np.linalg.norm(ideal, axis=-1, keepdims=True)
        fold = self._fold
        return np.asarray(ideal * (1 + self.pose.k1 * np.minimum(radius, fold) ** 2))

    def _straight(self, bent: Array) -> Array:
        """Bent to ideal: the inverse of _bent, by Newton's steps."""
        radius = np.linalg.norm(bent, axis=-1, keepdims=True)
        if self.pose.k1 == 0:
            return bent
        found = radius.copy()
        for _ in range(12):
            inside = np.minimum(found, self._fold * 0.98)
            found -= (inside * (1 + self.pose.k1 * inside**2) - radius) / (1 + 3 * self.pose.k1 * inside**2)
        return np.asarray(bent * found / np.maximum(radius, 1e-12))

    @property
    def _fold(self) -> float:
        return 1 / math.sqrt(-3 * self.pose.k1) if self.pose.k1 < 0 else 1e6

    def _in_front(self, ring: Array, z: float) -> Array:
        """The ring with short sides, cut off where it comes too near to the camera's plane."""
        dense = np.asarray(shapely.segmentize(shapely.Polygon(ring), EDGE_STEP_M).exterior.coords)[:-1]
        depths = self.depth(np.column_stack([dense, np.full(len(dense), z)])) - 2 * NEAREST_M
        kept: list[Array] = []
        for i in range(len(dense)):
            j = (i + 1) % len(dense)
            if depths[i] > 0:
                kept.append(dense[i])
            if (depths[i] > 0) != (depths[j] > 0):
                kept.append(dense[i] + (dense[j] - dense[i]) * depths[i] / (depths[i] - depths[j]))
        return np.array(kept).reshape(-1, 2)


def _valid(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else shape.buffer(0)


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    parts = list(shape.geoms) if hasattr(shape, "geoms") else [shape]
    return [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
