"""People in the scene: one mesh per person, moved by writing its points in place."""

from __future__ import annotations

import math
from collections import OrderedDict
from pathlib import Path

import bpy
import numpy as np

from sample_videos.generator.blender.workshop import Workshop, standing
from sample_videos.generator.people.body import Body, make_body
from sample_videos.generator.values import Figure, Looks

KEPT_BODIES = 64
"""Bodies remembered; a body takes some 2 MiB."""
GRIP_M = 0.12
"""What is held reaches this far below the wrists."""


class FigureMaker:
    """Places people. assets: the folder that holds bodies/."""

    def __init__(self, workshop: Workshop, assets: Path) -> None:
        self._workshop = workshop
        self._assets = assets
        self._bodies: OrderedDict[Looks, Body] = OrderedDict()

    def body(self, looks: Looks) -> Body:
        """The body with these looks: its height_m and stride_m."""
        if looks not in self._bodies:
            self._bodies[looks] = make_body(looks, self._assets)
            if len(self._bodies) > KEPT_BODIES:
                self._bodies.popitem(last=False)
        self._bodies.move_to_end(looks)
        return self._bodies[looks]

    def place(self, figure: Figure) -> bpy.types.Object:
        """A new person in the scene."""
        body = self.body(figure.looks)
        colours, index = np.unique(np.round(body.colours, 3), axis=0, return_inverse=True)
        materials = [self._workshop.plain((float(r), float(g), float(b)), rough=0.85) for r, g, b in colours]
        mesh = self._workshop.mesh(
            f"person {figure.person_id}", self._points(figure), body.faces, materials, material_of_face=index.ravel(), smooth=True
        )
        one = self._workshop.place(mesh, name=figure.person_id)
        one.matrix_world = standing(figure.x, figure.y, figure.z, figure.heading)
        return one

    def update(self, placed: bpy.types.Object, figure: Figure) -> None:
        """The same person a moment later."""
        placed.data.vertices.foreach_set("co", self._points(figure).ravel())
        placed.data.update()
        placed.matrix_world = standing(figure.x, figure.y, figure.z, figure.heading)

    def remove(self, placed: bpy.types.Object) -> None:
        """Take a person out and free the mesh."""
        mesh = placed.data
        self._workshop.remove([placed])
        self._workshop.forget_mesh(mesh)

    def carry_point(self, figure: Figure, *, depth_m: float = 0.36) -> tuple[float, float, float, float]:
        """Where a thing held before the body has the middle of its bottom: x, y, z and its turn.

        depth_m: the thing's measure away from the body; its front looks where the person looks.
        """
        body = self.body(figure.looks)
        wrists = body.between_hands(figure.pose, figure.phase, seat_m=figure.seat_m)
        # Wrists lie at the sides of the thing, a third of its depth from the body.
        ahead = float(wrists[0]) + depth_m / 6
        x = figure.x + ahead * math.cos(figure.heading) - float(wrists[1]) * math.sin(figure.heading)
        y = figure.y + ahead * math.sin(figure.heading) + float(wrists[1]) * math.cos(figure.heading)
        return x, y, figure.z + max(0.0, float(wrists[2]) - GRIP_M), figure.heading - math.pi / 2

    def _points(self, figure: Figure) -> np.ndarray:
        body = self.body(figure.looks)
        return body.posed(figure.pose, figure.phase, seat_m=figure.seat_m, carries=figure.carries is not None)
