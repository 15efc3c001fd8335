"""Rays against painted triangles, by Embree: sixteen million rays a second on one core. Needs embreex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from embreex import mesh_construction, rtcore_scene

from sample_videos.generator.surfaces import Array, Surface, vertex_normals

FAR_M = 1e6
LIFT_M = 0.004
"""Rays that leave a surface start this far above it."""
MOST_REMAPPED = 32_000
"""OpenCV looks up no more rows than this at once."""
MOST_LAYERS = 8
"""So many leaves or panes one ray looks through."""


@dataclass(frozen=True, eq=False)
class Hits:
    """Where rays ended; triangle and surface are -1 where nothing was hit."""

    distance: Array
    """In multiples of the direction's length."""
    triangle: Array
    surface: Array
    weights: Array
    """(N, 2): of the triangle's second and third corner."""

    @property
    def found(self) -> Array:
        """(N,) bool."""
        return np.asarray(self.triangle >= 0)

    def at(self, chosen: Array) -> Hits:
        """Some of them."""
        return Hits(self.distance[chosen], self.triangle[chosen], self.surface[chosen], self.weights[chosen])


@dataclass(frozen=True, eq=False)
class Finish:
    """The surface at hits: linear colour, roughness, metalness, glow."""

    colour: Array
    rough: Array
    metal: Array
    glow: Array


class TracedScene:
    """Surfaces that rays can be shot at. They stay as they were when the scene was made."""

    def __init__(self, surfaces: Sequence[Surface]) -> None:
        self.surfaces = tuple(surfaces)
        counts = [len(s.triangles) for s in surfaces]
        starts = np.cumsum([0, *[len(s.vertices) for s in surfaces]])
        paints = np.cumsum([0, *[len(s.paints) for s in surfaces]])
        self._vertices = _joined([s.vertices for s in surfaces], (0, 3), np.float32)
        self._triangles = _joined([s.triangles + starts[i] for i, s in enumerate(surfaces)], (0, 3), np.int32)
        self._paint_of = _joined([s.paint_of + paints[i] for i, s in enumerate(surfaces)], (0,), np.int32)
        self._uv = _joined([s.uv for s in surfaces], (0, 3, 2), np.float32)
        self._smooth = _joined([s.smooth for s in surfaces], (0,), bool)
        self._surface_of = np.repeat(np.arange(len(surfaces)), counts)
        self._paints = [paint for s in surfaces for paint in s.paints]
        self._normals: Array | None = None
        see_through = np.array([p.opacity < 1 or p.cut_out for p in self._paints], bool)
        self._see_through = see_through[self._paint_of] if len(self._paint_of) else np.zeros(0, bool)
        self._embree: Any = None
        if len(self._triangles):
            self._embree = rtcore_scene.EmbreeScene()
            self._mesh = mesh_construction.TriangleMesh(self._embree, self._vertices, self._triangles)

    def first(self, origins: Array, directions: Array) -> Hits:
        """The nearest solid thing along each ray; panes and the holes between leaves are looked through."""
        origins, directions = _rays(origins, directions)
        count = len(origins)
        hits = Hits(np.full(count, np.inf, np.float32), np.full(count, -1), np.full(count, -1), np.zeros((count, 2), np.float32))
        if self._embree is None or not count:
            return hits
        open_rays, travelled = np.arange(count), np.zeros(count, np.float32)
        for _ in range(MOST_LAYERS):
            start = origins[open_rays] + directions[open_rays] * travelled[open_rays, None]
            found = self._embree.run(start, directions[open_rays], output=True)
            struck = found["primID"] >= 0
            rays, triangle = open_rays[struck], found["primID"][struck]
            weights = np.column_stack([found["u"][struck], found["v"][struck]])
            solid = ~self._looked_through(triangle, weights)
            kept = rays[solid]
            hits.distance[kept] = (travelled[rays] + found["tfar"][struck])[solid]
            hits.triangle[kept], hits.weights[kept] = triangle[solid], weights[solid]
            open_rays = rays[~solid]
            if not len(open_rays):
                break
            step = LIFT_M / np.linalg.norm(directions[open_rays], axis=1)
            travelled[open_rays] += found["tfar"][struck][~solid] + step
        known = hits.triangle >= 0
        hits.surface[known] = self._surface_of[hits.triangle[known]]
        return hits

    def blocked(self, origins: Array, directions: Array, reach: Array | float = FAR_M) -> Array:
        """(N,) bool: whether anything solid lies within reach (multiples of the direction's length)."""
        origins, directions = _rays(origins, directions)
        if self._embree is None or not len(origins):
            return np.zeros(len(origins), bool)
        limits = np.broadcast_to(np.asarray(reach, np.float32), len(origins))
        if self._see_through.any():
            return np.asarray(self.first(origins, directions).distance < limits)
        return np.asarray(self._embree.run(origins, directions, dists=limits.copy(), query="OCCLUDED") >= 0)

    def normals(self, hits: Hits, directions: Array) -> Array:
        """(N, 3) unit normals that look towards where the rays came from; zeros where nothing was hit."""
        if self._normals is None:
            self._normals = vertex_normals(self._vertices, self._triangles) if len(self._triangles) else np.zeros((0, 3), np.float32)
        result = np.zeros((len(hits.triangle), 3), np.float32)
        known = np.flatnonzero(hits.found)
        chosen = self._triangles[hits.triangle[known]]
        corner = self._vertices[chosen]
        flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
        round_ = (self._normals[chosen] * _thirds(hits.weights[known])[..., None]).sum(1)
        round_ /= np.maximum(np.linalg.norm(round_, axis=1, keepdims=True), 1e-6)
        away = (flat * directions[known]).sum(1) > 0
        flat[away] *= -1
        round_[(round_ * flat).sum(1) < 0] *= -1
        result[known] = np.where(self._smooth[hits.triangle[known], None], round_, flat)
        return result

    def finish(self, hits: Hits) -> Finish:
        """What the surface looks like at each hit."""
        paint = (
            np.where(hits.found, self._paint_of[np.maximum(hits.triangle, 0)], 0)
            if len(self._paint_of)
            else np.zeros(len(hits.triangle), int)
        )
        table = np.array([(*p.colour, p.rough, p.metal, p.glow) for p in self._paints] or [(0, 0, 0, 1, 0, 0)], np.float32)[paint]
        colour = table[:, :3].copy()
        for index in np.unique(paint[hits.found]):
            picture = self._paints[index].picture
            if picture is not None:
                chosen = np.flatnonzero(hits.found & (paint == index))
                colour[chosen] = self._printed(picture, hits.triangle[chosen], hits.weights[chosen])[:, :3]
        return Finish(colour, table[:, 3], table[:, 4], table[:, 5])

    def _looked_through(self, triangle: Array, weights: Array) -> Array:
        """Whether the light passes at these points of triangles."""
        through = self._see_through[triangle]
        for index in np.unique(self._paint_of[triangle[through]]):
            paint = self._paints[index]
            chosen = np.flatnonzero(through & (self._paint_of[triangle] == index))
            opacity = np.full(len(chosen), paint.opacity)
            if paint.cut_out and paint.picture is not None:
                opacity = self._printed(paint.picture, triangle[chosen], weights[chosen])[:, 3]
            through[chosen] = opacity < 0.5
        return through

    def _printed(self, picture: Array, triangle: Array, weights: Array) -> Array:
        """(N, 4): the picture's colours at points of triangles."""
        uv = (self._uv[triangle] * _thirds(weights)[..., None]).sum(1)
        height, width = picture.shape[:2]
        column, row = (uv[:, 0] % 1.0) * width - 0.5, (uv[:, 1] % 1.0) * height - 0.5
        if not len(uv):
            return np.zeros((0, 4), np.float32)
        places = np.column_stack([column, row]).astype(np.float32)
        parts = [places[start : start + MOST_REMAPPED] for start in range(0, len(places), MOST_REMAPPED)]
        read = [cv2.remap(picture, part[:, :1], part[:, 1:], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP) for part in parts]
        return np.concatenate(read).reshape(-1, 4)


def _thirds(weights: Array) -> Array:
    return np.column_stack([1 - weights.sum(1), weights])


def _joined(parts: Sequence[Array], empty: tuple[int, ...], kind: Any) -> Array:
    return np.ascontiguousarray(np.concatenate(parts), kind) if parts else np.zeros(empty, kind)


def _rays(origins: Array, directions: Array) -> tuple[Array, Array]:
    directions = np.array(directions, np.float32)
    return np.array(np.broadcast_to(origins, directions.shape), np.float32), directions
