"""Flat pieces gathered into one mesh, and the surfaces they are covered with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bpy

from sample_videos.generator.blender.workshop import UNIT_UV, Point, Workshop, linear

MATTE = 0.82
"""Roughness of walls and ground."""


class Surfaces:
    """The materials of one street."""

    def __init__(self, workshop: Workshop, textures: Path) -> None:
        self._workshop = workshop
        self._textures = textures
        self._weathered: set[str] = set()

    def plain(self, colour: str, *, rough: float = 0.7, metal: float = 0.0, glow: float = 0.0, alpha: float = 1.0) -> bpy.types.Material:
        """One colour (#rrggbb)."""
        return self._workshop.plain(linear(colour), rough=rough, metal=metal, glow=glow, alpha=alpha)

    def picture(self, name: str, *, rough: float = 0.7, glow: float = 0.0, metal: float = 0.0) -> bpy.types.Material:
        """A texture by its name."""
        return self._workshop.printed(self._textures / f"{name}.png", rough=rough, glow=glow, metal=metal)

    def weathered(self, name: str, *, kind: str, rough: float = MATTE) -> bpy.types.Material:
        """A texture that repeats, under wide soft stains that do not: the eye must not find the repetition.

        kind: "ground" or "wall"; ground gets wet in the rain, by its name.
        """
        material = self.picture(name, rough=rough)
        if name not in self._weathered:
            self._weathered.add(name)
            material.name = f"{kind} {name}"
            _stain(material)
        return material


def _stain(material: bpy.types.Material) -> None:
    """Multiply the colour by noise that is fixed in the world, 0.78..1.08."""
    tree = material.node_tree
    base = tree.nodes["Principled BSDF"].inputs["Base Color"]
    source = base.links[0].from_socket
    place = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = 0.55
    noise.inputs["Detail"].default_value = 4.0
    ramp = tree.nodes.new("ShaderNodeMapRange")
    for name, value in (("From Min", 0.3), ("From Max", 0.7), ("To Min", 0.78), ("To Max", 1.08)):
        ramp.inputs[name].default_value = value
    mixed = tree.nodes.new("ShaderNodeMix")
    mixed.data_type, mixed.blend_type = "RGBA", "MULTIPLY"
    mixed.inputs[0].default_value = 1.0
    tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
    tree.links.new(noise.outputs[0], ramp.inputs["Value"])
    tree.links.new(source, mixed.inputs[6])
    tree.links.new(ramp.outputs["Result"], mixed.inputs[7])
    tree.links.new(mixed.outputs[2], base)


class Masonry:
    """Collects quads of many materials; one mesh and one object in the end."""

    def __init__(self, workshop: Workshop, name: str) -> None:
        self._workshop = workshop
        self._name = name
        self._vertices: list[Point] = []
        self._material_of_face: list[int] = []
        self._uv: list[tuple[float, float]] = []
        self._materials: dict[str, int] = {}
        self._known: list[bpy.types.Material] = []

    def quad(self, corners: Sequence[Point], material: bpy.types.Material, uv: Sequence[tuple[float, float]] = UNIT_UV) -> None:
        """Four corners, counter-clockwise as seen from the side that shows."""
        self._vertices += corners
        if material.name not in self._materials:
            self._materials[material.name] = len(self._known)
            self._known.append(material)
        self._material_of_face.append(self._materials[material.name])
        self._uv += uv

    def front(
        self, xs: tuple[float, float], zs: tuple[float, float], y: float, material: bpy.types.Material, tile: float | None = None
    ) -> None:
        """Upright, facing the road. tile: metres that one texture covers; None: the texture once."""
        (low, high), (bottom, top) = xs, zs
        corners = [(high, y, bottom), (low, y, bottom), (low, y, top), (high, y, top)]
        uv = UNIT_UV if tile is None else [(-x / tile, z / tile) for x, _, z in corners]
        self.quad(corners, material, uv)

    def side(
        self, x: float, ys: tuple[float, float], zs: tuple[float, float], material: bpy.types.Material, tile: float | None = None
    ) -> None:
        """Upright, along y."""
        (near, far), (bottom, top) = ys, zs
        corners = [(x, near, bottom), (x, far, bottom), (x, far, top), (x, near, top)]
        self.quad(corners, material, UNIT_UV if tile is None else [(y / tile, z / tile) for _, y, z in corners])

    def flat(
        self,
        xs: tuple[float, float],
        ys: tuple[float, float],
        z: float,
        material: bpy.types.Material,
        tile: tuple[float, float] | None = None,
    ) -> None:
        """Level."""
        corners = [(xs[0], ys[0], z), (xs[1], ys[0], z), (xs[1], ys[1], z), (xs[0], ys[1], z)]
        self.quad(corners, material, UNIT_UV if tile is None else [(x / tile[0], y / tile[1]) for x, y, _ in corners])

    def box(
        self,
        xs: tuple[float, float],
        ys: tuple[float, float],
        zs: tuple[float, float],
        material: bpy.types.Material,
        tile: float | None = None,
        *,
        face: bpy.types.Material | None = None,
    ) -> None:
        """A box along the axes. face: another material for the side that faces the road."""
        self.front(xs, zs, ys[1], face or material, None if face else tile)
        self.side(xs[0], ys, zs, material, tile)
        self.side(xs[1], ys, zs, material, tile)
        for z in zs:
            self.flat(xs, ys, z, material, (tile, tile) if tile else None)

    def strut(self, start: Point, end: Point, width: float, material: bpy.types.Material) -> None:
        """A three-sided rod between two points, for wires and arms."""
        offsets = [(0.0, width / 2), (width / 2, -width / 2), (-width / 2, -width / 2)]
        along_x = abs(end[0] - start[0]) > abs(end[1] - start[1])

        def ring(point: Point) -> list[Point]:
            x, y, z = point
            return [(x, y + a, z + b) if along_x else (x + a, y, z + b) for a, b in offsets]

        first, last = ring(start), ring(end)
        for i in range(3):
            j = (i + 1) % 3
            self.quad([first[i], first[j], last[j], last[i]], material)

    def build(self) -> bpy.types.Object:
        """The object, placed in the scene."""
        faces = [(i, i + 1, i + 2, i + 3) for i in range(0, len(self._vertices), 4)]
        mesh = self._workshop.mesh(
            f"street {self._name}", self._vertices, faces, self._known, material_of_face=self._material_of_face, uv=self._uv
        )
        return self._workshop.place(mesh, name=self._name)
