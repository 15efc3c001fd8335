"""Puts the things of the catalogue into a scene, moves them and takes them away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix

from sample_videos.generator.blender import (
    things_bicycles,
    things_boards,
    things_canopies,
    things_cargo,
    things_cartons,
    things_carts,
    things_counters,
    things_dining,
    things_displays,
    things_fruit,
    things_groceries,
    things_heaps,
    things_household,
    things_lorries,
    things_materials,
    things_mopeds,
    things_produce,
    things_racks,
    things_roofs,
    things_seating,
    things_shelves,
    things_signs,
    things_stalls,
    things_stock,
    things_stools,
    things_street,
    things_trees,
    things_tricycles,
    things_vehicles,
)
from sample_videos.generator.blender.things_imported import imported_mesh
from sample_videos.generator.blender.things_kit import CANOPY, RECIPES, Kit
from sample_videos.generator.blender.things_liveries import Painter
from sample_videos.generator.blender.things_shape import Array, Shape
from sample_videos.generator.blender.workshop import Workshop, standing
from sample_videos.generator.catalogue import THINGS, ThingSpec
from sample_videos.generator.prints import make_prints
from sample_videos.generator.values import Placed

VARIANTS = 6
"""So many looks a thing has; more would cost memory and time and show little."""
_RECIPE_MODULES = (
    things_bicycles,
    things_boards,
    things_canopies,
    things_cargo,
    things_cartons,
    things_carts,
    things_counters,
    things_dining,
    things_displays,
    things_fruit,
    things_groceries,
    things_heaps,
    things_household,
    things_lorries,
    things_materials,
    things_mopeds,
    things_produce,
    things_racks,
    things_roofs,
    things_seating,
    things_shelves,
    things_signs,
    things_stalls,
    things_stock,
    things_stools,
    things_street,
    things_trees,
    things_tricycles,
    things_vehicles,
)
"""Importing them enters their recipes."""


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a placed thing. Parts of one thing and one label are one thing in the truth."""

    object: bpy.types.Object
    label: str | None
    part: str
    """"" for the thing itself, "canopy" for the canopy of a stall."""


class ThingMaker:
    """Builds each thing once per variant; things of equal name and variant share their mesh."""

    def __init__(self, workshop: Workshop, assets: Path, prints: Path) -> None:
        """assets: the folder that `assets.py` fills. prints: where pictures for cartons and signs lie or get painted."""
        self._workshop = workshop
        self._furniture = assets / "furniture" if (assets / "furniture").is_dir() else assets
        self._prints = make_prints(prints)
        self._painter = Painter(workshop, self._prints)
        self._known: dict[tuple[str, int], dict[str, bpy.types.Mesh]] = {}

    def place(self, placed: Placed) -> tuple[Part, ...]:
        """The thing's objects, in the scene. KeyError when the catalogue has no such thing."""
        spec = THINGS[placed.thing]
        parts: list[Part] = []
        for part, mesh in self._meshes(spec, placed.seed % VARIANTS).items():
            one = self._workshop.place(mesh, _where(placed), name=f"{placed.object_id}:{part or 'thing'}")
            if placed.variant is not None and placed.variant.livery is not None:
                self._painter.repaint(one, placed.variant.livery, first=100 * len(parts))
            parts.append(Part(one, "canopy" if part == CANOPY else spec.label, part))
        return tuple(parts)

    @staticmethod
    def move(parts: Iterable[Part], placed: Placed) -> None:
        """Put the objects of a thing where it is now."""
        for part in parts:
            part.object.matrix_world = _where(placed)

    def remove(self, parts: Iterable[Part]) -> None:
        """Take a thing out of the scene; its mesh stays for the next one."""
        self._workshop.remove([part.object for part in parts])

    def _meshes(self, spec: ThingSpec, variant: int) -> dict[str, bpy.types.Mesh]:
        key = (spec.name, variant)
        if key not in self._known:
            # The name's own bytes: hash() differs from run to run.
            rng = np.random.default_rng([*spec.name.encode(), variant])
            kit = Kit(self._workshop, spec, variant, rng, self._prints)
            if spec.source:
                self._known[key] = {"": imported_mesh(kit, self._furniture)}
            else:
                made = RECIPES[spec.name](kit)
                self._known[key] = _fitted_meshes(kit, {"": made} if isinstance(made, Shape) else made)
        return self._known[key]


def _where(placed: Placed) -> bpy.types.Matrix:
    place = standing(placed.x, placed.y, placed.z, placed.turn, placed.scale)
    return place @ Matrix.Diagonal((*placed.variant.stretch, 1.0)) if placed.variant else place


def _fitted_meshes(kit: Kit, shapes: Mapping[str, Shape]) -> dict[str, bpy.types.Mesh]:
    """The size in the catalogue is the one that holds: people's paths and the truth are made from it."""
    low, high = shapes[""].bounds()
    spec = kit.spec
    size = np.array([spec.width_m, spec.depth_m, spec.height_m])
    factor = size / np.maximum(high - low, 1e-6)
    shift = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])

    def fit(points: Array) -> Array:
        return np.asarray((points - shift) * factor)

    meshes = {}
    for part, shape in shapes.items():
        shape.bend(fit)
        meshes[part] = shape.mesh(kit.workshop, f"{spec.name} {kit.variant} {part}")
    return meshes
