"""Things whose mesh comes from a catalogue of furniture: imported, turned to the front, thinned out, coloured."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import bmesh
import bpy
import numpy as np
from mathutils import Matrix

from sample_videos.generator.blender.things_kit import CAR_PAINTS, CLOTHS, PAINTS, PLASTICS, Kit
from sample_videos.generator.blender.workshop import linear
from sample_videos.generator.furniture import Model, read_models

MOST_FACES = 5_000
"""Meshes with more get thinned out: nobody sees the difference at street distance."""
EXTRA_TURNS: dict[str, float] = {}
"""Of models whose front is not where the catalogue says, radians."""
WOODS = ("#8a6a48", "#6e4a30", "#b09066", "#5a4a3c")
BIKE_PAINTS = ("#8d2420", "#26292d", "#c4c5c1", "#27508a", "#356b4c", "#7d8286")
PAINTED: dict[str, tuple[str, ...]] = {
    "vehicle": CAR_PAINTS,
    "two_wheeler": BIKE_PAINTS,
    "chair": (*PLASTICS[:4], *WOODS[:2]),
    "table": WOODS,
    "goods": CLOTHS,
    "canopy": PAINTS,
}
"""Colours that the variants of an imported thing get on its largest plain surface, by label."""

KEEP_FIRST = ("table", "canopy", "goods")
"""Labels whose first variant keeps the colours of the model."""


@cache
def _models(furniture: Path) -> dict[str, Model]:
    return read_models(furniture)


def imported_mesh(kit: Kit, furniture: Path) -> bpy.types.Mesh:
    """The mesh of a thing that has a source, in this variant's colours."""
    spec = kit.spec
    model = _models(furniture)[spec.source]
    # A catalogue's front looks at the file's +z, which is -y here.
    turn = math.pi + EXTRA_TURNS.get(spec.source, 0.0)
    sideways = abs(math.sin(turn)) > 0.5
    size = (spec.depth_m, spec.width_m, spec.height_m) if sideways else (spec.width_m, spec.depth_m, spec.height_m)
    known = kit.workshop.has_mesh(f"imported {model.path} {size}")
    mesh = kit.workshop.imported(model.path, size, rotation=model.rotation_matrix)
    if not known:
        mesh.transform(Matrix.Rotation(turn, 4, "Z"))
        _thin_out(kit, mesh)
        _tame(mesh)
    colours = PAINTED.get(spec.label or "")
    if colours is None or (kit.variant == 0 and spec.label in KEEP_FIRST):
        return mesh
    return _painted(kit, mesh, colours)


def _thin_out(kit: Kit, mesh: bpy.types.Mesh) -> None:
    """Collapses edges until few enough faces are left."""
    triangles = sum(len(face.vertices) - 2 for face in mesh.polygons)
    if len(mesh.polygons) <= MOST_FACES:
        return
    one = kit.workshop.place(mesh)
    modifier = one.modifiers.new("thin", "DECIMATE")
    modifier.ratio = MOST_FACES / triangles
    thin = bpy.data.meshes.new_from_object(one.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    # The known mesh keeps its identity: it takes over what the thin one holds.
    one.modifiers.clear()
    work = bmesh.new()
    work.from_mesh(thin)
    work.to_mesh(mesh)
    work.free()
    kit.workshop.remove([one])
    bpy.data.meshes.remove(thin)


def _tame(mesh: bpy.types.Mesh) -> None:
    """No mirrors and no pure colours: catalogues are made for bright rooms."""
    for material in mesh.materials:
        shader = material.node_tree.nodes.get("Principled BSDF") if material and material.node_tree else None
        if shader is None:
            continue
        _drop_missing_picture(material, shader)
        shader.inputs["Roughness"].default_value = max(float(shader.inputs["Roughness"].default_value), 0.3)
        if not shader.inputs["Base Color"].is_linked:
            colour = np.array(shader.inputs["Base Color"].default_value[:3])
            grey = float(colour.mean())
            shader.inputs["Base Color"].default_value = (*np.clip(grey + (colour - grey) * 0.75, 0.01, 0.78), 1)


def _drop_missing_picture(material: bpy.types.Material, shader: bpy.types.Node) -> None:
    """Some models name pictures that their package does not hold: they would be magenta."""
    for link in list(material.node_tree.links):
        image = getattr(link.from_node, "image", None)
        if image is not None and not Path(bpy.path.abspath(image.filepath)).is_file():
            material.node_tree.links.remove(link)
            shader.inputs["Base Color"].default_value = (*linear("#8d8578"), 1)


def _painted(kit: Kit, mesh: bpy.types.Mesh, colours: tuple[str, ...]) -> bpy.types.Mesh:
    """A copy in the variant's colour: all its gaudy surfaces, or else its largest plain one."""
    chosen = [index for index, material in enumerate(mesh.materials) if _is_paint(material) and _gaudy(material)]
    chosen = chosen or _largest_paint(mesh)
    if not chosen:
        return mesh
    # Shifted by the name, so that designs of one variant differ.
    colour = linear(kit.pick(colours, shift=len(kit.spec.name)))
    copy = mesh.copy()
    for index in chosen:
        material = mesh.materials[index].copy()
        shader = material.node_tree.nodes["Principled BSDF"]
        shader.inputs["Base Color"].default_value = (*colour, 1)
        material.cycles.emission_sampling = "NONE"
        copy.materials[index] = material
    return copy


def _largest_paint(mesh: bpy.types.Mesh) -> list[int]:
    """The plain material with the largest area, if there is one."""
    count = len(mesh.polygons)
    areas, which = np.zeros(count, np.float32), np.zeros(count, np.int32)
    mesh.polygons.foreach_get("area", areas)
    mesh.polygons.foreach_get("material_index", which)
    by_material = np.bincount(which, areas, minlength=len(mesh.materials))
    order = [int(index) for index in np.argsort(-by_material) if index < len(mesh.materials)]
    return [index for index in order if _is_paint(mesh.materials[index])][:1]


def _gaudy(material: bpy.types.Material) -> bool:
    """Whether a colour is far from grey and not just a small lamp: red and amber stay."""
    red, green, blue = material.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value[:3]
    lamp = red > 2 * max(green, blue)
    return not lamp and max(red, green, blue) - min(red, green, blue) > 0.2


def _is_paint(material: bpy.types.Material | None) -> bool:
    """Whether a material is of one colour, not glass and not black rubber."""
    shader = material.node_tree.nodes.get("Principled BSDF") if material and material.node_tree else None
    if shader is None or shader.inputs["Base Color"].is_linked:
        return False
    return float(shader.inputs["Alpha"].default_value) > 0.9 and max(shader.inputs["Base Color"].default_value[:3]) > 0.03
