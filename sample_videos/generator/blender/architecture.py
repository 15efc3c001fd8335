"""Builds a street from its plan: everything that does not move and carries no label."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import bpy

from sample_videos.generator.blender.architecture_clutter import hang_small_things
from sample_videos.generator.blender.architecture_fronts import FrontBuilder
from sample_videos.generator.blender.architecture_ground import lay_ground
from sample_videos.generator.blender.architecture_masonry import Masonry, Surfaces
from sample_videos.generator.blender.architecture_poles import stand_lamps, string_wires
from sample_videos.generator.blender.architecture_storeys import StoreyBuilder, close_the_view, neighbour_spans
from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.values import Front, Placed, StreetPlan

SHOP_LIGHT_W = 24.0
"""Power of the light of an open shop at night, watts of Blender."""


class PlacedPart(Protocol):
    """One object that a thing consists of."""

    @property
    def object(self) -> bpy.types.Object:
        """In the scene already."""


class FixturePlacer(Protocol):
    """Whoever can put things of the catalogue into the scene."""

    def place(self, placed: Placed) -> tuple[PlacedPart, ...]:
        """The thing's objects."""


def build_street(
    workshop: Workshop, plan: StreetPlan, textures: Path, *, things: FixturePlacer, night: bool = False
) -> list[bpy.types.Object]:
    """Ground, houses, signs, lamps, wires and the plan's fixtures, placed in the scene.

    textures: the folder that make_textures filled. night: signs and open shops glow, some windows are lit and the light
    of the shops falls on the pavement; street lamps are only posts here.
    """
    surfaces = Surfaces(workshop, textures)
    ground, houses = Masonry(workshop, f"{plan.name} ground"), Masonry(workshop, f"{plan.name} houses")
    lay_ground(ground, surfaces, plan)
    _houses(houses, surfaces, plan, night=night)
    objects = [ground.build(), houses.build()]
    objects += stand_lamps(workshop, surfaces, plan)
    wires = Masonry(workshop, f"{plan.name} wires")
    if string_wires(wires, surfaces, plan):
        objects.append(wires.build())
    objects += [part.object for fixture in plan.fixtures for part in things.place(fixture)]
    if night:
        objects += _shop_lights(workshop, plan)
    for one in objects:
        one.pass_index = 0
    return objects


def _houses(masonry: Masonry, surfaces: Surfaces, plan: StreetPlan, *, night: bool) -> None:
    fronts = FrontBuilder(masonry, surfaces, plan, night=night)
    storeys = StoreyBuilder(fronts)
    for index, unit in enumerate(plan.units):
        fronts.shop(unit, index)
        storeys.house((unit.x_min, unit.x_max), plan.house_height_m, index)
    if fronts.style.arcade_m:
        storeys.arcade(plan)
    for index, span in neighbour_spans(plan):
        fronts.neighbour(span, index, fronts.wall)
        storeys.house(span, plan.house_height_m + (index % 3 - 1) * fronts.style.storey_m, index, wall_y=0.0)
    hang_small_things(fronts, plan, storeys.base_z)
    close_the_view(masonry, surfaces, plan, fronts.style.opposite)


def _shop_lights(workshop: Workshop, plan: StreetPlan) -> list[bpy.types.Object]:
    """One flat light under the ceiling of every shop that is not closed, tilted outwards."""
    found: list[bpy.types.Object] = []
    for unit in plan.units:
        if unit.front is Front.SHUTTER:
            continue
        data = bpy.data.lights.new(f"shop light {unit.code}", "AREA")
        data.energy, data.color = SHOP_LIGHT_W, (1.0, 0.9, 0.76)
        data.shape, data.size, data.size_y = "RECTANGLE", (unit.x_max - unit.x_min) * 0.6, 0.5
        one = bpy.data.objects.new(data.name, data)
        one.location = ((unit.x_min + unit.x_max) / 2, unit.door_y - 0.5, 2.45)
        one.rotation_euler = (0.6, 0.0, 0.0)
        workshop.scene.collection.objects.link(one)
        found.append(one)
    return found
