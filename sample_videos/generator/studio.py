"""A street in which training pictures are taken: scenes that last, moments in them, and a camera that renders them.

What can be seen in a moment, and where, follows from rays alone. The camera adds light to it and takes nothing away, so that
labels may be made anew without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from sample_videos.generator.arrangements import Arrangement
from sample_videos.generator.backdrop import Backdrop
from sample_videos.generator.blender.light import LightRig
from sample_videos.generator.blender.location import Location, Materials
from sample_videos.generator.blender.render import Renderer
from sample_videos.generator.camera import Projection
from sample_videos.generator.chances import HEIGHT, WIDTH, Setting, random_conditions, random_pose, random_sensor
from sample_videos.generator.moving import draw
from sample_videos.generator.objects import Seen
from sample_videos.generator.seeing import Seeing
from sample_videos.generator.sensor import Sensor, automatic_exposure
from sample_videos.generator.sky import lighting
from sample_videos.generator.tracing import TracedScene
from sample_videos.generator.values import Conditions
from sample_videos.generator.view import View

SAMPLES = 2
"""Paths per pixel; a model is trained on noisy pictures anyway."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What several pictures share: camera, light, and what stands there."""

    arrangement: Arrangement
    conditions: Conditions
    view: View


@dataclass(frozen=True, eq=False)
class Moment:
    """People, wheels and what was put down last in a scene, and what can be seen of everything."""

    movers: TracedScene
    seen: list[Seen]


class Studio:
    """One street. Scenes are set up one after the other; a moment belongs to the scene that was set up last."""

    def __init__(self, setting: Setting, build: Path) -> None:
        """build: assets, textures and prints."""
        materials = Materials(build, build / "textures", build / "prints")
        self.setting = setting
        self.location = Location(setting.plan, materials, night=setting.night, wet=setting.wet)

    def set_up(self, rng: np.random.Generator) -> Scene:
        """Choose the camera and the light, and put things there."""
        pose = random_pose(self.setting.plan, rng)
        conditions = random_conditions(self.setting, rng)
        arrangement = Arrangement(self.setting.plan, Projection(pose), rng)
        if self.setting.clean:
            arrangement.set_out_clean()
        else:
            arrangement.set_out()
        self.location.stand(arrangement.standing)
        solid = TracedScene([*self.location.street, *(piece.surface for piece in self.location.standing)])
        return Scene(arrangement, conditions, View(solid, Projection(pose)))

    def moment(self, scene: Scene, rng: np.random.Generator) -> Moment:
        """Somebody passes by. Takes from rng before anything else of a picture does, so that labels never depend on its looks."""
        lively = scene.arrangement.enlivened(rng)
        moving = self.location.moving(lively.figures, lively.passing)
        movers = TracedScene([piece.surface for piece in moving])
        seen = Seeing(scene.view, len(self.location.street), self.location.standing, moving, movers).objects(self.setting.plan)
        self.location.moving([], [])
        return Moment(movers, seen)


class Camera:
    """Renders the scenes of a studio by Cycles and develops their moments."""

    def __init__(self, studio: Studio, folder: Path) -> None:
        """folder: for what Blender writes for a while."""
        self._location = studio.location
        self._rig = LightRig(studio.location.workshop)
        self._renderer = Renderer(studio.location.workshop, folder, samples=SAMPLES)

    def backdrop(self, scene: Scene) -> Backdrop:
        """The scene that was set up last, in its light."""
        projection = scene.view.projection
        light = lighting(scene.conditions, self._location.plan, projection.pose)
        self._rig.set(light)
        self._renderer.look(projection)
        columns, rows = projection.bending
        plate = cv2.remap(self._renderer.picture(), columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return Backdrop(plate, scene.view.scene, projection, light, self._location.shop_lights)

    @staticmethod
    def picture(backdrop: Backdrop, conditions: Conditions, moment: Moment, rng: np.random.Generator, number: int) -> np.ndarray[Any, Any]:
        """One picture, uint8 BGR. number: seeds what the sensor adds."""
        drawn = draw(backdrop, moment.movers)
        exposure = automatic_exposure(backdrop.plate, backdrop.light.key) * float(np.exp(rng.normal(0, 0.18)))
        sensor = Sensor(random_sensor(rng, number), WIDTH, HEIGHT)
        return sensor.develop(drawn.picture, conditions, exposure, number)
