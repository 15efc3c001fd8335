"""Meshes, materials and imports for everything that gets built: the only place that talks to bpy's data blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

Colour = tuple[float, float, float]
"""Linear RGB, 0..1."""
Point = tuple[float, float, float]
UNIT_UV = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def linear(hex_colour: str) -> Colour:
    """#rrggbb (sRGB) as linear RGB."""
    values = np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    red, green, blue = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(red), float(green), float(blue)


class Workshop:
    """Makes materials once, meshes once, and objects as often as asked.

    An object is a light copy that shares its mesh: building the same crate forty times costs one crate of memory.
    """

    def __init__(self) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene: bpy.types.Scene = bpy.context.scene
        self._materials: dict[str, bpy.types.Material] = {}
        self._meshes: dict[str, bpy.types.Mesh] = {}

    # --- materials

    def plain(self, colour: Colour, *, rough: float = 0.7, metal: float = 0.0, glow: float = 0.0, alpha: float = 1.0) -> bpy.types.Material:
        """A material of one colour; equal ones are the same."""
        key = f"plain {tuple(round(c, 3) for c in colour)} {rough:.2f} {metal:.2f} {glow:.2f} {alpha:.2f}"
        if key not in self._materials:
            material, shader = self._new_material(key)
            shader.inputs["Base Color"].default_value = (*colour, 1)
            shader.inputs["Emission Color"].default_value = (*colour, 1)
            self._finish(material, shader, rough, metal, glow, alpha)
        return self._materials[key]

    def printed(
        self, picture: Path, *, rough: float = 0.7, metal: float = 0.0, glow: float = 0.0, alpha: float = 1.0
    ) -> bpy.types.Material:
        """A material with a picture on it, laid by the mesh's UV."""
        key = f"printed {picture} {rough:.2f} {metal:.2f} {glow:.2f} {alpha:.2f}"
        if key not in self._materials:
            material, shader = self._new_material(key)
            texture = material.node_tree.nodes.new("ShaderNodeTexImage")
            texture.image = bpy.data.images.load(str(picture), check_existing=True)
            links = material.node_tree.links
            links.new(texture.outputs["Color"], shader.inputs["Base Color"])
            if glow:
                links.new(texture.outputs["Color"], shader.inputs["Emission Color"])
            if alpha < 0:
                # Cut out by the picture's own alpha: leaves, nets.
                links.new(texture.outputs["Alpha"], shader.inputs["Alpha"])
            self._finish(material, shader, rough, metal, glow, abs(alpha))
        return self._materials[key]

    def _new_material(self, key: str) -> tuple[bpy.types.Material, bpy.types.Node]:
        material = bpy.data.materials.new(key[:60])
        material.use_nodes = True
        self._materials[key] = material
        return material, material.node_tree.nodes["Principled BSDF"]

    @staticmethod
    def _finish(material: bpy.types.Material, shader: bpy.types.Node, rough: float, metal: float, glow: float, alpha: float) -> None:
        shader.inputs["Roughness"].default_value = rough
        shader.inputs["Metallic"].default_value = metal
        shader.inputs["Emission Strength"].default_value = glow
        if not shader.inputs["Alpha"].is_linked:
            shader.inputs["Alpha"].default_value = alpha
        # Glowing things light nothing by direct sampling: it would cost more than it shows.
        material.cycles.emission_sampling = "NONE"

    # --- meshes

    def mesh(
        self,
        key: str,
        vertices: Sequence[Point] | np.ndarray,
        faces: Iterable[Sequence[int]],
        materials: Sequence[bpy.types.Material],
        *,
        material_of_face: Sequence[int] | np.ndarray | None = None,
        uv: Sequence[tuple[float, float]] | np.ndarray | None = None,
        smooth: bool = False,
    ) -> bpy.types.Mesh:
        """A mesh under a name; asked for again, the same one comes back. uv: one pair per corner of each face."""
        if key in self._meshes:
            return self._meshes[key]
        mesh = bpy.data.meshes.new(key[:60])
        mesh.from_pydata([tuple(map(float, v)) for v in vertices], [], [tuple(map(int, f)) for f in faces])
        for material in materials:
            mesh.materials.append(material)
        if material_of_face is not None:
            mesh.polygons.foreach_set("material_index", np.asarray(material_of_face, np.int32))
        if uv is not None:
            mesh.uv_layers.new().data.foreach_set("uv", np.asarray(uv, np.float32).ravel())
        if smooth:
            mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
        mesh.update()
        self._meshes[key] = mesh
        return mesh

    def has_mesh(self, key: str) -> bool:
        """Whether mesh(key, ...) was called before."""
        return key in self._meshes

    def known_mesh(self, key: str) -> bpy.types.Mesh:
        """The mesh of that name; KeyError when there is none."""
        return self._meshes[key]

    def quad(
        self, key: str, corners: Sequence[Point], material: bpy.types.Material, uv: Sequence[tuple[float, float]] = UNIT_UV
    ) -> bpy.types.Mesh:
        """A flat four-cornered piece."""
        return self.mesh(key, corners, [(0, 1, 2, 3)], [material], uv=uv)

    def box(self, key: str, size: Point, materials: bpy.types.Material | Sequence[bpy.types.Material]) -> bpy.types.Mesh:
        """A box that stands on z = 0 around the origin. Six materials: bottom, top, -y, +x, +y, -x."""
        width, depth, height = size
        corners = [(a * width / 2, b * depth / 2, z) for z in (0.0, height) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        faces = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
        chosen = list(materials) if isinstance(materials, Sequence) else [materials]
        index = list(range(6)) if len(chosen) == 6 else [0] * 6
        return self.mesh(key, corners, faces, chosen, material_of_face=index, uv=UNIT_UV * 6)

    def tube(
        self,
        key: str,
        start: Point,
        end: Point,
        radius: float,
        material: bpy.types.Material,
        *,
        sides: int = 12,
        end_radius: float | None = None,
    ) -> bpy.types.Mesh:
        """A cylinder, or a cone frustum, from start to end."""
        first, last = Vector(start), Vector(end)
        axis = (last - first).normalized()
        across = axis.orthogonal().normalized()
        other = axis.cross(across)
        around = [across * np.cos(a) + other * np.sin(a) for a in np.linspace(0, 2 * np.pi, sides, endpoint=False)]
        far = radius if end_radius is None else end_radius
        vertices = [tuple(first + q * radius) for q in around] + [tuple(last + q * far) for q in around]
        faces: list[tuple[int, ...]] = [(i, (i + 1) % sides, sides + (i + 1) % sides, sides + i) for i in range(sides)]
        faces += [tuple(range(sides))[::-1], tuple(range(sides, 2 * sides))]
        return self.mesh(key, vertices, faces, [material])

    def imported(self, path: Path, size: Point, *, rotation: np.ndarray | None = None, keep_materials: bool = True) -> bpy.types.Mesh:
        """An OBJ file as one mesh, scaled to width, depth, height in metres, standing on z = 0 around the origin.

        rotation: 3x3 in the file's own axes (y up), as catalogues of furniture state it.
        """
        key = f"imported {path} {size}"
        if key in self._meshes:
            return self._meshes[key]
        before = set(bpy.data.objects)
        bpy.ops.wm.obj_import(filepath=str(path), forward_axis="NEGATIVE_Z", up_axis="Y")
        fresh = [o for o in bpy.data.objects if o not in before]
        # By name: joining frees objects, and a freed one can't be asked for its name.
        fresh_names = [o.name for o in fresh]
        pieces = [o for o in fresh if o.type == "MESH"]
        bpy.ops.object.select_all(action="DESELECT")
        for piece in pieces:
            piece.select_set(True)
        bpy.context.view_layer.objects.active = pieces[0]
        if len(pieces) > 1:
            bpy.ops.object.join()
        whole = bpy.context.view_layer.objects.active
        bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)
        mesh = whole.data
        flat = np.zeros(len(mesh.vertices) * 3, np.float32)
        mesh.vertices.foreach_get("co", flat)
        points: np.ndarray[Any, Any] = flat.reshape(-1, 3)
        if rotation is not None:
            axes = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
            points = points @ (axes.T @ rotation @ axes).T
        low, high = points.min(0), points.max(0)
        points = (points - [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]]) * np.array(size) / np.maximum(high - low, 1e-6)
        mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
        mesh.update()
        for material in mesh.materials:
            if material is not None:
                material.cycles.emission_sampling = "NONE"
        for name in fresh_names:
            if name in bpy.data.objects:
                bpy.data.objects.remove(bpy.data.objects[name])
        self._meshes[key] = mesh
        return mesh

    def tinted(self, mesh: bpy.types.Mesh, key: str, material: bpy.types.Material) -> bpy.types.Mesh:
        """A copy of a mesh with one material all over."""
        name = f"{mesh.name} {key}"
        if name not in self._meshes:
            copy = mesh.copy()
            for index in range(len(copy.materials)):
                copy.materials[index] = material
            self._meshes[name] = copy
        return self._meshes[name]

    def merged(self, key: str, pieces: Sequence[tuple[bpy.types.Mesh, Matrix]]) -> bpy.types.Mesh:
        """Several meshes, each moved by its matrix, as one: fewer objects, one mask."""
        if key in self._meshes:
            return self._meshes[key]
        objects = [self.place(mesh, matrix) for mesh, matrix in pieces]
        # join() keeps the first object's mesh: it must be a copy, or the original would grow.
        objects[0].data = objects[0].data.copy()
        bpy.ops.object.select_all(action="DESELECT")
        for one in objects:
            one.select_set(True)
        bpy.context.view_layer.objects.active = objects[0]
        bpy.ops.object.join()
        whole = bpy.context.view_layer.objects.active
        bpy.ops.object.transform_apply(location=True, rotation=True, scale=True)
        mesh = whole.data
        bpy.data.objects.remove(whole)
        self._meshes[key] = mesh
        return mesh

    # --- objects

    def place(self, mesh: bpy.types.Mesh, matrix: Matrix | None = None, *, name: str = "") -> bpy.types.Object:
        """One object of that mesh in the scene."""
        one = bpy.data.objects.new(name or mesh.name, mesh)
        if matrix is not None:
            one.matrix_world = matrix
        self.scene.collection.objects.link(one)
        return one

    @staticmethod
    def remove(objects: Iterable[bpy.types.Object]) -> None:
        """Take objects out of the scene; meshes stay for the next use."""
        for one in list(objects):
            bpy.data.objects.remove(one)

    def forget_mesh(self, mesh: bpy.types.Mesh) -> None:
        """Free a mesh that will not be used again."""
        for key in [key for key, known in self._meshes.items() if known == mesh]:
            del self._meshes[key]
        bpy.data.meshes.remove(mesh)


def standing(x: float, y: float, z: float = 0.0, turn: float = 0.0, scale: float = 1.0) -> Matrix:
    """Scale, then turn about z, then move."""
    return Matrix.Translation((x, y, z)) @ Matrix.Rotation(turn, 4, "Z") @ Matrix.Scale(scale, 4)
