"""A shape under construction: boxes, tubes, balls and sheets gathered in arrays, made into one mesh at the end.

Building a thing of two hundred pieces this way takes milliseconds; two hundred Blender objects would take seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import bpy
import numpy as np

from sample_videos.generator.blender.workshop import UNIT_UV, Point, Workshop

Array = np.ndarray[Any, Any]
Material: TypeAlias = Any
"""A bpy.types.Material; bpy has no types to check against."""
BOX_FACES = np.array([(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)])
BOX_CORNERS = np.array([(a, b, z) for z in (0.0, 1.0) for a, b in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))])


def turned(points: Array, *, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Array:
    """The points turned about x, then y, then z, radians."""
    for angle, (a, b) in ((x, (1, 2)), (y, (2, 0)), (z, (0, 1))):
        if angle:
            points = points.copy()
            cosine, sine = np.cos(angle), np.sin(angle)
            points[:, a], points[:, b] = points[:, a] * cosine - points[:, b] * sine, points[:, a] * sine + points[:, b] * cosine
    return points


@cache
def ball_template(detail: int) -> tuple[Array, Array]:
    """Corners and triangles of a unit ball: 20 triangles at detail 0, 80 at 1."""
    golden = (1 + 5**0.5) / 2
    points = [(float(s), t * golden, 0.0) for s in (-1, 1) for t in (-1, 1)]
    points += [(0.0, float(s), t * golden) for s in (-1, 1) for t in (-1, 1)]
    points += [(t * golden, 0.0, float(s)) for s in (-1, 1) for t in (-1, 1)]
    corners = np.array(points)
    far = np.linalg.norm(corners[:, None] - corners[None], axis=2)
    near = (far > 0.1) & (far < 2.1)
    triangles = [
        (a, b, c) for a in range(12) for b in range(a + 1, 12) for c in range(b + 1, 12) if near[a, b] and near[b, c] and near[a, c]
    ]
    corners = corners / np.linalg.norm(corners[0])
    faces = np.array(
        [
            t if np.dot(np.cross(corners[t[1]] - corners[t[0]], corners[t[2]] - corners[t[0]]), corners[t[0]]) > 0 else t[::-1]
            for t in triangles
        ]
    )
    for _ in range(detail):
        middle = {}
        fresh = list(corners)
        split = []
        for face in faces:
            mids = []
            for a, b in zip(face, np.roll(face, -1), strict=True):
                edge = (min(a, b), max(a, b))
                if edge not in middle:
                    point = corners[a] + corners[b]
                    middle[edge] = len(fresh)
                    fresh.append(point / np.linalg.norm(point))
                mids.append(middle[edge])
            a, b, c = face
            split += [(a, mids[0], mids[2]), (b, mids[1], mids[0]), (c, mids[2], mids[1]), tuple(mids)]
        corners, faces = np.array(fresh), np.array(split)
    return corners, faces


class _Piece(NamedTuple):
    points: Array
    faces: Array
    """(faces, corners): indices into the piece's own points."""
    uv: Array
    material: Material
    smooth: bool


class Shape:
    """Gathers pieces; every method takes metres and a material, z points up."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []

    def add(self, points: Array, faces: Array, material: Material, *, uv: Array | None = None, smooth: bool = False) -> None:
        """Faces of one corner count; uv: (faces, corners, 2)."""
        corners = np.zeros((*np.shape(faces), 2)) if uv is None else np.asarray(uv, float)
        self._pieces.append(_Piece(np.asarray(points, float), np.asarray(faces, int), corners, material, smooth))

    def box(
        self,
        size: Point,
        at: Point,
        material: Material | Sequence[Material],
        *,
        turn: float = 0.0,
        tilt: float = 0.0,
        lean: float = 0.0,
        tiles: float = 1.0,
    ) -> None:
        """A box standing on `at`; tilt turns about x, lean about y, turn about z. Six materials as Workshop.box has them."""
        points = turned(BOX_CORNERS * size, x=tilt, y=lean, z=turn) + at
        uv = np.tile(np.array(UNIT_UV) * tiles, (6, 1, 1))
        if not isinstance(material, Sequence):
            self.add(points, BOX_FACES, material, uv=uv)
            return
        for index, one in enumerate(material):
            self.add(points[BOX_FACES[index]], np.arange(4)[None], one, uv=uv[:1])

    def tube(
        self,
        start: Point,
        end: Point,
        radius: float,
        material: Material,
        *,
        sides: int = 8,
        end_radius: float | None = None,
        caps: bool = True,
    ) -> None:
        """A cylinder, or a cone frustum."""
        first, last = np.array(start, float), np.array(end, float)
        axis = (last - first) / max(float(np.linalg.norm(last - first)), 1e-9)
        across = np.cross(axis, (0, 0, 1) if abs(axis[2]) < 0.9 else (1, 0, 0))
        across /= np.linalg.norm(across)
        other = np.cross(axis, across)
        angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
        around = np.outer(np.cos(angle), across) + np.outer(np.sin(angle), other)
        far = radius if end_radius is None else end_radius
        points = np.concatenate([first + around * radius, last + around * far])
        i = np.arange(sides)
        j = (i + 1) % sides
        along = np.stack([i, i + 1, i + 1, i], 1) / sides
        uv = np.stack([along, np.tile((0.0, 0.0, 1.0, 1.0), (sides, 1))], 2)
        self.add(points, np.stack([i, j, sides + j, sides + i], 1), material, uv=uv, smooth=sides > 6)
        if caps:
            disc = np.stack([0.5 + np.cos(angle) / 2, 0.5 + np.sin(angle) / 2], 1)[None]
            self.add(points[sides:], i[None], material, uv=disc)
            self.add(points[:sides], i[None, ::-1], material, uv=disc)

    def path(self, points: Sequence[Point], radius: float, material: Material, *, sides: int = 6) -> None:
        """A bent tube through the points."""
        for start, end in itertools.pairwise(points):
            self.tube(start, end, radius, material, sides=sides)

    def ball(self, at: Point, size: Point | float, material: Material, *, detail: int = 1, turn: float = 0.0) -> None:
        """A ball or an egg around `at`; size: radius, or the three half axes."""
        corners, faces = ball_template(detail)
        radii = np.broadcast_to(np.asarray(size, float), 3)
        uv = np.stack([np.arctan2(corners[:, 1], corners[:, 0]) / (2 * np.pi) + 0.5, corners[:, 2] / 2 + 0.5], 1)[faces]
        self.add(turned(corners * radii, z=turn) + at, faces, material, uv=uv, smooth=True)

    def lathe(self, profile: Sequence[tuple[float, float]], at: Point, material: Material, *, sides: int = 14, smooth: bool = True) -> None:
        """A turned body: (radius, height) pairs from the bottom to the top."""
        angle = np.linspace(0, 2 * np.pi, sides + 1)
        rings = [[(r * np.cos(a), r * np.sin(a), z) for a in angle] for r, z in profile]
        self.sheet(np.array(rings) + at, material, smooth=smooth)

    def sheet(self, grid: Array, material: Material, *, smooth: bool = True, tiles: tuple[float, float] = (1.0, 1.0)) -> None:
        """A surface through a grid of points (rows, columns, 3); the picture runs along columns (u) and rows (v)."""
        rows, columns = grid.shape[:2]
        index = np.arange(rows * columns).reshape(rows, columns)
        faces = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], 2).reshape(-1, 4)
        u, v = np.meshgrid(np.linspace(0, tiles[0], columns), np.linspace(0, tiles[1], rows))
        self.add(grid.reshape(-1, 3), faces, material, uv=np.stack([u, v], 2).reshape(-1, 2)[faces], smooth=smooth)

    def quad(self, corners: Sequence[Point] | Array, material: Material, uv: Sequence[tuple[float, float]] = UNIT_UV) -> None:
        """A flat piece with four corners."""
        self.add(np.asarray(corners, float), np.arange(4)[None], material, uv=np.asarray(uv)[None])

    def plate(self, outline: Sequence[tuple[float, float]], x: float, thickness: float, material: Material) -> None:
        """A flat body: the outline in y and z, counter-clockwise seen from +x, between x - thickness / 2 and x + thickness / 2."""
        count = len(outline)
        points = np.array([(x + s * thickness / 2, y, z) for s in (-1, 1) for y, z in outline])
        i = np.arange(count)
        j = (i + 1) % count
        self.add(points, np.stack([i, j, count + j, count + i], 1)[:, ::-1], material)
        self.add(points[count:], i[None], material)
        self.add(points[:count], i[None, ::-1], material)

    def ring(self, at: Point, radius: float, thickness: float, material: Material, *, sides: int = 20, section: int = 6) -> None:
        """A tyre that rolls along y, around `at`."""
        angle = np.linspace(0, 2 * np.pi, sides + 1)
        small = np.linspace(0, 2 * np.pi, section + 1)
        grid = np.array(
            [
                [
                    (np.sin(b) * thickness, (radius + np.cos(b) * thickness) * np.cos(a), (radius + np.cos(b) * thickness) * np.sin(a))
                    for b in small
                ]
                for a in angle
            ]
        )
        self.sheet(grid + at, material)

    def join(self, other: Shape, at: Point = (0.0, 0.0, 0.0), *, turn: float = 0.0, scale: float = 1.0, tilt: float = 0.0) -> None:
        """Another shape, scaled, tilted about x, turned about z and moved."""
        for piece in other._pieces:
            self._pieces.append(piece._replace(points=turned(piece.points * scale, x=tilt, z=turn) + at))

    def bend(self, how: Callable[[Array], Array]) -> None:
        """Moves all points gathered so far; `how` gets and gives (n, 3)."""
        self._pieces = [piece._replace(points=how(piece.points)) for piece in self._pieces]

    def bounds(self) -> tuple[Array, Array]:
        """Lowest and highest x, y, z."""
        points = np.concatenate([piece.points for piece in self._pieces])
        return points.min(0), points.max(0)

    def face_count(self) -> int:
        """Faces gathered so far."""
        return sum(len(piece.faces) for piece in self._pieces)

    def mesh(self, workshop: Workshop, key: str) -> bpy.types.Mesh:
        """All pieces as one mesh."""
        materials: list[Material] = []
        for piece in self._pieces:
            if piece.material not in materials:
                materials.append(piece.material)
        faces: list[Any] = []
        count = 0
        for piece in self._pieces:
            faces += list(piece.faces + count)
            count += len(piece.points)
        mesh = workshop.mesh(
            key,
            np.concatenate([piece.points for piece in self._pieces]),
            faces,
            materials,
            material_of_face=np.concatenate([np.full(len(piece.faces), materials.index(piece.material)) for piece in self._pieces]),
            uv=np.concatenate([piece.uv.reshape(-1, 2) for piece in self._pieces]),
        )
        mesh.polygons.foreach_set("use_smooth", np.concatenate([np.full(len(piece.faces), piece.smooth) for piece in self._pieces]))
        return mesh
