"""Blender's objects as painted triangles for the tracer."""

from __future__ import annotations

from dataclasses import replace

import bpy
import cv2
import numpy as np

from sample_videos.generator.surfaces import Array, Paint, Surface

LARGEST_PICTURE = 384
"""Pictures on things are read at most this wide: finer detail would only flicker."""


class SurfaceReader:
    """Reads meshes and materials once and remembers them."""

    def __init__(self) -> None:
        self._paints: dict[str, Paint] = {}
        self._surfaces: dict[str, Surface] = {}
        self._pictures: dict[str, Array] = {}

    def read(self, one: bpy.types.Object, *, changed: bool = False) -> Surface:
        """The object in world metres. changed: its vertices were moved since it was read last."""
        mesh = one.data
        if mesh.name not in self._surfaces:
            self._surfaces[mesh.name] = self._mesh(mesh)
        surface = self._surfaces[mesh.name]
        if any(slot.link == "OBJECT" for slot in one.material_slots):
            surface = replace(surface, paints=tuple(self._paint(slot.material) for slot in one.material_slots))
        if changed:
            vertices = _vertices(mesh)
            surface = Surface(vertices, surface.triangles, surface.paints, surface.paint_of, surface.uv, surface.smooth)
        return surface.moved(np.array(one.matrix_world))

    def forget(self, mesh_name: str) -> None:
        """To be called when a mesh is removed: its name may be used again."""
        self._surfaces.pop(mesh_name, None)

    def _mesh(self, mesh: bpy.types.Mesh) -> Surface:
        mesh.calc_loop_triangles()
        count = len(mesh.loop_triangles)
        triangles, loops = np.zeros(count * 3, np.int32), np.zeros(count * 3, np.int32)
        faces = np.zeros(count, np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
        mesh.loop_triangles.foreach_get("loops", loops)
        mesh.loop_triangles.foreach_get("polygon_index", faces)
        paint_of, smooth = np.zeros(len(mesh.polygons), np.int32), np.zeros(len(mesh.polygons), bool)
        mesh.polygons.foreach_get("material_index", paint_of)
        mesh.polygons.foreach_get("use_smooth", smooth)
        uv = np.zeros((count, 3, 2), np.float32)
        if mesh.uv_layers.active is not None and len(mesh.loops):
            flat = np.zeros(len(mesh.loops) * 2, np.float32)
            mesh.uv_layers.active.uv.foreach_get("vector", flat)
            uv = flat.reshape(-1, 2)[loops].reshape(count, 3, 2)
        paints = tuple(self._paint(material) for material in mesh.materials) or (Paint(),)
        chosen = np.minimum(paint_of[faces], len(paints) - 1)
        return Surface(_vertices(mesh), triangles.reshape(-1, 3), paints, chosen, uv, smooth[faces])

    def _paint(self, material: bpy.types.Material | None) -> Paint:
        if material is None:
            return Paint()
        if material.name not in self._paints:
            self._paints[material.name] = self._read_paint(material)
        return self._paints[material.name]

    def _read_paint(self, material: bpy.types.Material) -> Paint:
        shader = None
        if material.use_nodes and material.node_tree:
            shader = next((node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED"), None)
        if shader is None:
            red, green, blue, _ = material.diffuse_color
            return Paint((red, green, blue))
        colour = tuple(float(value) for value in shader.inputs["Base Color"].default_value[:3])
        alpha = shader.inputs["Alpha"]
        return Paint(
            (colour[0], colour[1], colour[2]),
            rough=float(shader.inputs["Roughness"].default_value),
            metal=float(shader.inputs["Metallic"].default_value),
            glow=float(shader.inputs["Emission Strength"].default_value),
            opacity=1.0 if alpha.is_linked else float(alpha.default_value),
            picture=self._picture(shader.inputs["Base Color"]),
            cut_out=bool(alpha.is_linked),
        )

    def _picture(self, socket: bpy.types.NodeSocket) -> Array | None:
        """The first picture that feeds a socket."""
        waiting, seen = [link.from_node for link in socket.links], set()
        while waiting:
            node = waiting.pop(0)
            if node.name in seen:
                continue
            seen.add(node.name)
            if node.type == "TEX_IMAGE" and node.image is not None:
                return self._pixels(node.image)
            waiting += [link.from_node for entry in node.inputs for link in entry.links]
        return None

    def _pixels(self, image: bpy.types.Image) -> Array:
        if image.name not in self._pictures:
            width, height = image.size
            flat = np.zeros(width * height * 4, np.float32)
            image.pixels.foreach_get(flat)
            pixels = flat.reshape(height, width, 4)
            if not image.is_float and image.colorspace_settings.name == "sRGB":
                colour = pixels[..., :3]
                pixels[..., :3] = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
            scale = min(1.0, LARGEST_PICTURE / max(width, 1))
            if scale < 1:
                pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            self._pictures[image.name] = np.ascontiguousarray(pixels)
        return self._pictures[image.name]


def _vertices(mesh: bpy.types.Mesh) -> Array:
    flat = np.zeros(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", flat)
    return flat.reshape(-1, 3)
