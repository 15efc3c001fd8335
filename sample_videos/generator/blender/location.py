"""One street as a place to film: what stands there, what moves through it, and the triangles of both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy

from sample_videos.generator.blender.architecture import build_street
from sample_videos.generator.blender.figures import FigureMaker
from sample_videos.generator.blender.light import wet_the_ground
from sample_videos.generator.blender.surfaces import SurfaceReader
from sample_videos.generator.blender.things import Part, ThingMaker
from sample_videos.generator.blender.workshop import Workshop
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.pieces import Piece
from sample_videos.generator.sky import PointLight
from sample_videos.generator.surfaces import Surface
from sample_videos.generator.textures import make_textures
from sample_videos.generator.values import Figure, Placed, StreetPlan


@dataclass(frozen=True, slots=True)
class Materials:
    """Where everything lies that streets are built from."""

    assets: Path
    """Unpacked bodies and furniture."""
    textures: Path
    prints: Path


class Location:
    """Builds a street and keeps what stands and moves there in step with a script."""

    def __init__(self, plan: StreetPlan, materials: Materials, *, night: bool, wet: bool) -> None:
        """night: signs and shop fronts are lit. wet: the ground mirrors. Both last as long as the location."""
        make_textures(materials.textures)
        self.plan = plan
        self.workshop = Workshop()
        self._things = ThingMaker(self.workshop, materials.assets, materials.prints)
        self._figures = FigureMaker(self.workshop, materials.assets)
        self._reader = SurfaceReader()
        build_street(self.workshop, plan, materials.textures, things=self._things, night=night)
        if wet:
            wet_the_ground()
        bpy.context.view_layer.update()
        shown = [one for one in self.workshop.scene.objects if one.type == "MESH" and not one.hide_render]
        self.street: tuple[Surface, ...] = tuple(self._reader.read(one) for one in shown)
        self.shop_lights: tuple[PointLight, ...] = tuple(_shop_light(one) for one in self.workshop.scene.objects if one.type == "LIGHT")
        self._standing: dict[Placed, tuple[tuple[Part, ...], tuple[Piece, ...]]] = {}
        self._rolling: dict[str, tuple[Part, ...]] = {}
        self._bodies: dict[str, tuple[Figure, bpy.types.Object]] = {}

    @property
    def standing(self) -> tuple[Piece, ...]:
        """All pieces of what stands there now."""
        return tuple(piece for _, pieces in self._standing.values() for piece in pieces)

    def stand(self, things: Iterable[Placed]) -> tuple[list[Piece], list[Piece]]:
        """Let exactly these things stand there; returns the pieces that came and the ones that went."""
        wanted = dict.fromkeys(things)
        came: list[Piece] = []
        went: list[Piece] = []
        for placed in [known for known in self._standing if known not in wanted]:
            parts, pieces = self._standing.pop(placed)
            self._things.remove(parts)
            went += pieces
        for placed in [one for one in wanted if one not in self._standing]:
            parts = self._things.place(placed)
            pieces = tuple(self._piece(part, placed) for part in parts)
            self._standing[placed] = (parts, pieces)
            came += pieces
        # The order of things must not depend on what stood there before.
        self._standing = {placed: self._standing[placed] for placed in wanted}
        return came, went

    def moving(self, figures: Sequence[Figure], things: Sequence[Placed]) -> tuple[Piece, ...]:
        """People, what they carry and what rolls, as triangles; renderings by Blender do not show them."""
        carried = [held for figure in figures if (held := self._in_hands(figure)) is not None]
        pieces = [self._roll(placed) for placed in (*things, *carried)]
        present = {placed.object_id for placed in (*things, *carried)}
        for gone in [known for known in self._rolling if known not in present]:
            self._things.remove(self._rolling.pop(gone))
        for gone in [known for known in self._bodies if known not in {figure.person_id for figure in figures}]:
            self._remove_body(gone)
        return (*(piece for some in pieces for piece in some), *(self._walk(figure) for figure in figures))

    def show_movers(self, shown: bool) -> None:
        """Whether Blender's renderings show what moves, too."""
        for parts in self._rolling.values():
            for part in parts:
                part.object.hide_render = not shown
        for _, body in self._bodies.values():
            body.hide_render = not shown

    def _roll(self, placed: Placed) -> list[Piece]:
        known = self._rolling.get(placed.object_id)
        if known is None:
            known = self._rolling[placed.object_id] = self._things.place(placed)
            for part in known:
                part.object.hide_render = True
        else:
            self._things.move(known, placed)
        return [self._piece(part, placed) for part in known]

    def _walk(self, figure: Figure) -> Piece:
        known = self._bodies.get(figure.person_id)
        if known is not None and known[0].looks != figure.looks:
            self._remove_body(figure.person_id)
            known = None
        if known is None:
            body = self._figures.place(figure)
            body.hide_render = True
        else:
            body = known[1]
            self._figures.update(body, figure)
        self._bodies[figure.person_id] = (figure, body)
        return Piece(figure.person_id, None, "person", self._reader.read(body, changed=True), None)

    def _in_hands(self, figure: Figure) -> Placed | None:
        """Where the thing is that somebody carries."""
        if figure.carries is None:
            return None
        x, y, z, turn = self._figures.carry_point(figure, depth_m=THINGS[figure.carries].depth_m)
        return Placed(f"{figure.person_id}/{figure.carries}", figure.carries, x, y, z, turn, seed=figure.carries_seed, moving=True)

    def _remove_body(self, person_id: str) -> None:
        _, body = self._bodies.pop(person_id)
        mesh_name = body.data.name
        self._figures.remove(body)
        self._reader.forget(mesh_name)

    def _piece(self, part: Part, placed: Placed) -> Piece:
        return Piece(placed.object_id, placed.group, part.label, self._reader.read(part.object), placed)


def _shop_light(one: bpy.types.Object) -> PointLight:
    """A flat lamp of the street as a point that shines in one direction."""
    matrix = one.matrix_world
    towards = -matrix.to_3x3().col[2].normalized()
    # A flat lamp sends its flux into half a sphere, most of it straight ahead.
    red, green, blue = (float(value) * one.data.energy / math.pi for value in one.data.color)
    place = matrix.translation
    return PointLight((place.x, place.y, place.z), (red, green, blue), (towards.x, towards.y, towards.z))
