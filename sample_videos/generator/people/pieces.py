"""Pieces that a person is put together from: shells cut out of the base mesh, pushed outwards, smoothed, coloured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sample_videos.generator.people.base_mesh import BaseMesh, FloatArray, IndexArray
from sample_videos.generator.people.skeleton import BONES, SIDES, Skeleton
from sample_videos.generator.people.wardrobe import Colour

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Piece:
    """Part of a figure at rest: points (n, 3) in metres, weights (n, bones), faces (m, 4), colours (m, 3)."""

    points: FloatArray
    weights: FloatArray
    faces: IndexArray
    colours: FloatArray

    def centres(self) -> FloatArray:
        """Middles of the faces."""
        return np.asarray(self.points[self.faces].mean(1))

    def coloured(self, mask: BoolArray, colour: Colour) -> Piece:
        """The faces of the mask in another colour."""
        colours = self.colours.copy()
        colours[mask] = colour
        return replace(self, colours=colours)

    def kept(self, mask: BoolArray) -> Piece:
        """Only the faces of the mask, only the points they use."""
        used, faces = np.unique(self.faces[mask], return_inverse=True)
        return Piece(self.points[used], self.weights[used], faces.reshape(-1, 4), self.colours[mask])

    def moved(self, points: FloatArray) -> Piece:
        """The same piece with its points elsewhere."""
        return replace(self, points=points)

    def held_by(self, bone: str) -> Piece:
        """The same piece, following one bone only."""
        weights = np.zeros_like(self.weights)
        weights[:, BONES.index(bone)] = 1
        return replace(self, weights=weights)

    def cut_below(self, height: float | FloatArray) -> Piece:
        """Everything under a height (one, or one per point) goes; the hem is straight."""
        lowest = np.broadcast_to(np.asarray(height, np.float64), len(self.points))
        points = self.points.copy()
        above = points[:, 2] > lowest
        points[:, 2] = np.maximum(points[:, 2], lowest)
        return self.moved(points).kept(np.asarray(above[self.faces].any(1)))

    def cut_above(self, height: float | FloatArray) -> Piece:
        """Everything over a height goes."""
        highest = np.broadcast_to(np.asarray(height, np.float64), len(self.points))
        points = self.points.copy()
        below = points[:, 2] < highest
        points[:, 2] = np.minimum(points[:, 2], highest)
        return self.moved(points).kept(np.asarray(below[self.faces].any(1)))

    def cut_beside(self, width: float) -> Piece:
        """Everything further than that to the left or right of the middle goes; the edges are straight."""
        points = self.points.copy()
        inside = np.abs(points[:, 1]) < width
        points[:, 1] = np.clip(points[:, 1], -width, width)
        return self.moved(points).kept(np.asarray(inside[self.faces].any(1)))

    def rim(self) -> BoolArray:
        """Which points lie on an open edge."""
        edges = np.sort(np.concatenate([self.faces[:, [i, (i + 1) % 4]] for i in range(4)]), axis=1)
        single, counts = np.unique(edges, axis=0, return_counts=True)
        mask = np.zeros(len(self.points), bool)
        mask[single[counts == 1].ravel()] = True
        return mask

    def smoothed(self, times: int) -> Piece:
        """Fabric spans hollows: points move towards the middle of their neighbours; open edges stay."""
        edges = np.unique(np.sort(np.concatenate([self.faces[:, [i, (i + 1) % 4]] for i in range(4)]), axis=1), axis=0)
        start, end = np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([edges[:, 1], edges[:, 0]])
        count = np.maximum(np.bincount(start, minlength=len(self.points)), 1)[:, None]
        inner = ~self.rim()[:, None]
        points = self.points
        for _ in range(times):
            total = np.zeros_like(points)
            np.add.at(total, start, points[end])
            points = np.where(inner, points + 0.5 * (total / count - points), points)
        return self.moved(points)

    def coarsened(self, cell_m: float) -> Piece:
        """Points closer than a cell become one; what is left of a face with three corners repeats its last one."""
        cells = np.floor(self.points / cell_m).astype(np.int64)
        _, cell = np.unique(cells, axis=0, return_inverse=True)
        cell = cell.ravel()
        count = np.bincount(cell)[:, None]
        points, weights = np.zeros((len(count), 3)), np.zeros((len(count), self.weights.shape[1]))
        np.add.at(points, cell, self.points)
        np.add.at(weights, cell, self.weights)
        faces = cell[self.faces]
        # Leave out corners equal to the one before, then fill up with the last corner.
        fresh = faces != np.roll(faces, 1, axis=1)
        corners = fresh.sum(1)
        order = np.argsort(~fresh, axis=1, kind="stable")
        packed = np.take_along_axis(faces, order, axis=1)
        packed[:, 3] = np.where(corners == 3, packed[:, 2], packed[:, 3])
        crossed = (packed[:, 0] == packed[:, 2]) | ((packed[:, 1] == packed[:, 3]) & (corners == 4))
        alike = np.sort(np.where((corners == 3)[:, None] & (np.arange(4) == 3), -1, packed), axis=1)
        _, first = np.unique(alike, axis=0, return_index=True)
        once = np.isin(np.arange(len(packed)), first)
        return Piece(points / count, weights / count, packed, self.colours).kept(np.asarray((corners >= 3) & ~crossed & once))


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one."""
    starts = np.cumsum([0] + [len(piece.points) for piece in pieces[:-1]])
    return Piece(
        np.concatenate([piece.points for piece in pieces]),
        np.concatenate([piece.weights for piece in pieces]),
        np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=True)]),
        np.concatenate([piece.colours for piece in pieces]),
    )


class ShapedBody:
    """The base mesh in one person's shape and size, with the measures that clothes are cut by."""

    def __init__(self, base: BaseMesh, points: FloatArray, skeleton: Skeleton) -> None:
        self.base = base
        self.points = points
        self.skeleton = skeleton
        self.normals = _normals(points, base.faces)
        self.size = float(np.ptp(points[base.faces["body"]][..., 2])) / 1.7
        """Of the body, 1 = 1.7 m tall."""
        self.arm_share = self._weight_of("upperarm", "lowerarm", "hand")
        self.hand_share = self._weight_of("hand")
        self.arm_along = self._along_arms()

    def height_of(self, bone: str) -> float:
        """Height of a joint at rest."""
        return float(self.skeleton.joints[bone][2])

    def shell(self, group: str, mask: BoolArray, push_m: float | FloatArray, colour: Colour) -> Piece:
        """The faces of a group and mask, pushed outwards (one measure, or one per point of the base mesh)."""
        push = np.broadcast_to(np.asarray(push_m, np.float64), len(self.points))
        used, faces = np.unique(self.base.faces[group][mask], return_inverse=True)
        points = self.points[used] + self.normals[used] * push[used, None]
        faces = faces.reshape(-1, 4)
        return Piece(points, self.base.weights[used], faces, np.tile(np.array(colour), (len(faces), 1)))

    def face_mean(self, group: str, values: FloatArray) -> FloatArray:
        """A value per point as the mean of each face."""
        return np.asarray(values[self.base.faces[group]].mean(1))

    def sleeves_cut(self, group: str, along: float) -> BoolArray:
        """Faces that are not on an arm beyond `along`: 0 = shoulder, 1 = elbow, 2 = wrist."""
        far = self.face_mean(group, self.arm_along)
        on_arm = self.face_mean(group, self.arm_share) > 0.5
        return np.asarray(~on_arm | (far <= along))

    def _weight_of(self, *names: str) -> FloatArray:
        columns = [BONES.index(name + side) for name in names for side, _ in SIDES]
        return np.asarray(self.base.weights[:, columns].sum(1))

    def _along_arms(self) -> FloatArray:
        along = np.zeros(len(self.points))
        for side, sign in SIDES:
            here = self.points[:, 1] * sign > 0
            parts = []
            for first, second in (("upperarm", "lowerarm"), ("lowerarm", "hand")):
                start, way = self.skeleton.joints[first + side], self.skeleton.between(first + side, second + side)
                parts.append((self.points - start) @ way / float(way @ way))
            upper, lower = parts
            along = np.where(here, np.where(lower > 0, 1 + lower, np.minimum(upper, 1.0)), along)
        return along


def _normals(points: FloatArray, faces: dict[str, IndexArray]) -> FloatArray:
    normals = np.zeros_like(points)
    for corners in faces.values():
        a, b, c, d = (points[corners[:, i]] for i in range(4))
        face_normals = np.cross(c - a, d - b)
        for i in range(4):
            np.add.at(normals, corners[:, i], face_normals)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
