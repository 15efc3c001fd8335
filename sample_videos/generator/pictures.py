"""Training pictures: random scenes on the streets, with boxes of what can be seen. Each picture follows from its number alone."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from sample_videos.generator.arrangements import Arrangement
from sample_videos.generator.camera import Projection
from sample_videos.generator.objects import Seen
from sample_videos.generator.sensor import Sensor, SensorStyle, automatic_exposure
from sample_videos.generator.sky import lighting
from sample_videos.generator.streets import STREETS
from sample_videos.generator.values import LABELS, CameraPose, Conditions, Light, StreetPlan

if TYPE_CHECKING:
    from sample_videos.generator.backdrop import Backdrop
    from sample_videos.generator.blender.light import LightRig
    from sample_videos.generator.blender.location import Location
    from sample_videos.generator.blender.render import Renderer

BATCH = 48
"""So many pictures in a row share one street and its weather: building it takes as long as rendering two of them."""
WIDTH, HEIGHT = 640, 360
HOURS = 4
"""So many pictures share what Blender renders: the camera, the light and what stands there. People and wheels differ."""
SAMPLES = 2
"""Paths per pixel; a model is trained on noisy pictures anyway."""
LEAST_VISIBLE = 0.30
LEAST_LONG_PX, LEAST_SHORT_PX = 16, 6
"""What is smaller than this in a picture 640 wide is ignored."""
DARK = frozenset({Light.DUSK, Light.NIGHT, Light.INFRARED})


@dataclass(frozen=True, slots=True)
class PictureOptions:
    """Which pictures are made, and where."""

    build: Path
    out: Path
    """images/, labels/, ignored/ (boxes that are neither right nor wrong) and seen/ (everything about each box)."""
    count: int
    unseen: bool = False
    """The held-out streets and things in place of the others."""
    seed: int = 1
    say: Callable[[str], None] = print


@dataclass(frozen=True, slots=True)
class Setting:
    """What the pictures of one batch share."""

    plan: StreetPlan
    night: bool
    wet: bool


def setting_of(batch: int, options: PictureOptions) -> Setting:
    """Street, darkness and wetness of a batch; every street comes equally often."""
    plans = [plan for plan in STREETS.values() if plan.held_out is options.unseen]
    rng = np.random.default_rng([options.seed, 11, batch])
    return Setting(plans[batch % len(plans)], bool(rng.random() < 0.28), bool(rng.random() < 0.18))


def batches(options: PictureOptions) -> list[int]:
    """The batches in which a picture is missing."""
    return [batch for batch in range(math.ceil(options.count / BATCH)) if _missing(batch, options)]


def make_batch(batch: int, options: PictureOptions) -> None:
    """Render what is missing of one batch. One batch per process: Blender builds one street."""
    from sample_videos.generator.blender.light import LightRig
    from sample_videos.generator.blender.location import Location, Materials
    from sample_videos.generator.blender.render import Renderer

    missing = _missing(batch, options)
    if not missing:
        return
    setting = setting_of(batch, options)
    materials = Materials(options.build, options.build / "textures", options.build / "prints")
    studio = _Studio(
        setting,
        location := Location(setting.plan, materials, night=setting.night, wet=setting.wet),
        LightRig(location.workshop),
        Renderer(location.workshop, options.build / "pictures" / f"batch-{batch}", samples=SAMPLES),
    )
    for scene in sorted({number // HOURS for number in missing}):
        studio.set_up(np.random.default_rng([options.seed, 12, int(options.unseen), scene]))
        for number in (one for one in missing if one // HOURS == scene):
            picture, seen = studio.shoot(np.random.default_rng([options.seed, 14, int(options.unseen), number]), number)
            _write(number, picture, seen, options)
    options.say(f"pictures {missing[0]}-{missing[-1]} of {options.count}: {setting.plan.name}")


def _missing(batch: int, options: PictureOptions) -> list[int]:
    numbers = range(batch * BATCH, min((batch + 1) * BATCH, options.count))
    return [number for number in numbers if not (options.out / "images" / f"{_stem(number, options)}.jpg").exists()]


def _stem(number: int, options: PictureOptions) -> str:
    return f"{'unseen' if options.unseen else 'street'}_{number:05d}"


@dataclass(frozen=True, eq=False)
class _Scene:
    """What HOURS pictures share."""

    arrangement: Arrangement
    conditions: Conditions
    backdrop: Backdrop


class _Studio:
    """One street in which pictures are taken."""

    def __init__(self, setting: Setting, location: Location, rig: LightRig, renderer: Renderer) -> None:
        self._setting, self._location, self._rig, self._renderer = setting, location, rig, renderer
        self._scene: _Scene | None = None

    def set_up(self, rng: np.random.Generator) -> None:
        """Choose the camera and the light, put things there, and let Blender render them."""
        pose = random_pose(self._setting.plan, rng)
        conditions = random_conditions(self._setting, rng)
        arrangement = Arrangement(self._setting.plan, Projection(pose), rng)
        arrangement.set_out()
        self._location.stand(arrangement.standing)
        self._scene = _Scene(arrangement, conditions, self._backdrop(pose, conditions))

    def shoot(self, rng: np.random.Generator, number: int) -> tuple[np.ndarray[Any, Any], list[Seen]]:
        """One picture of the scene that was set up, uint8 BGR, and what can be seen in it."""
        from sample_videos.generator import seeing
        from sample_videos.generator.moving import draw
        from sample_videos.generator.tracing import TracedScene

        if self._scene is None:
            raise RuntimeError("set_up comes before shoot")
        backdrop, location = self._scene.backdrop, self._location
        lively = self._scene.arrangement.enlivened(rng)
        moving = location.moving(lively.figures, lively.passing)
        movers = TracedScene([piece.surface for piece in moving])
        drawn = draw(backdrop, movers)
        seen = seeing.Seeing(backdrop, len(location.street), location.standing, moving, movers).objects(self._setting.plan)
        location.moving([], [])
        exposure = automatic_exposure(backdrop.plate, backdrop.light.key) * float(np.exp(rng.normal(0, 0.18)))
        sensor = Sensor(random_sensor(rng, number), WIDTH, HEIGHT)
        return sensor.develop(drawn.picture, self._scene.conditions, exposure, number), seen

    def _backdrop(self, pose: CameraPose, conditions: Conditions) -> Backdrop:
        from sample_videos.generator.backdrop import Backdrop
        from sample_videos.generator.tracing import TracedScene

        light = lighting(conditions, self._setting.plan, pose)
        projection = Projection(pose)
        self._rig.set(light)
        self._renderer.look(projection)
        columns, rows = projection.bending
        plate = cv2.remap(self._renderer.picture(), columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        scene = TracedScene([*self._location.street, *(piece.surface for piece in self._location.standing)])
        return Backdrop(plate, scene, projection, light, self._location.shop_lights)


def random_pose(plan: StreetPlan, rng: np.random.Generator) -> CameraPose:
    """Near one of the plan's places for a camera, never the same twice."""
    base = plan.cameras[int(rng.integers(len(plan.cameras)))]
    x, y, z = (float(value) for value in (base.target + rng.normal(0, (1.6, 0.35, 0.2))))
    return replace(
        base,
        x=base.x + float(rng.normal(0, 0.9)),
        y=base.y + float(rng.normal(0, 0.35)),
        z=float(np.clip(base.z + rng.normal(0, 0.5), 3.4, 6.0)),
        target=(x, y, z),
        fov=base.fov * float(rng.uniform(0.78, 1.12)),
        width=WIDTH,
        height=HEIGHT,
        roll=float(rng.normal(0, 0.015)),
        k1=float(rng.uniform(-0.1, 0.02)),
    )


def random_conditions(setting: Setting, rng: np.random.Generator) -> Conditions:
    """Light and weather that fit the batch."""
    lights, shares = (
        ((Light.DUSK, Light.NIGHT, Light.INFRARED), (0.35, 0.4, 0.25)) if setting.night else ((Light.DAY, Light.OVERCAST), (0.6, 0.4))
    )
    light = lights[1] if setting.wet and not setting.night else lights[int(rng.choice(len(lights), p=shares))]
    lamps = tuple(index for index in range(len(setting.plan.lamps)) if rng.random() < 0.85) or (0,)
    return Conditions(
        light=light,
        sun_azimuth=float(rng.uniform(0.25, 2.9)),
        sun_elevation=float(rng.uniform(0.35, 1.25)),
        wet=setting.wet,
        rain=setting.wet and bool(rng.random() < 0.5),
        lamps_on=lamps if setting.night else (),
        turbidity=int(rng.integers(6)),
    )


def random_sensor(rng: np.random.Generator, seed: int) -> SensorStyle:
    """A camera of any quality."""
    return SensorStyle(
        seed=seed,
        blur_px=float(rng.uniform(0.4, 1.1)),
        sharpen=float(rng.uniform(0.1, 0.9)),
        vignette=float(rng.uniform(0.05, 0.35)),
        saturation=float(rng.uniform(0.6, 1.1)),
        tint=(float(rng.normal(1, 0.04)), 1.0, float(rng.normal(1, 0.05))),
        noise=float(rng.uniform(0.5, 2.2)),
    )


def is_counted(one: Seen) -> bool:
    """Whether a model should find it: enough of it shows, and not too small."""
    width, height = (one.box[2] - one.box[0]) * 640, (one.box[3] - one.box[1]) * 640 * HEIGHT / WIDTH
    return one.visible >= LEAST_VISIBLE and max(width, height) >= LEAST_LONG_PX and min(width, height) >= LEAST_SHORT_PX


def label_line(one: Seen) -> str:
    """As ultralytics reads it: class, middle and size in fractions."""
    x0, y0, x1, y1 = one.box
    return f"{LABELS.index(one.identity.label)} {(x0 + x1) / 2:.5f} {(y0 + y1) / 2:.5f} {x1 - x0:.5f} {y1 - y0:.5f}\n"


def _write(number: int, picture: np.ndarray[Any, Any], seen: list[Seen], options: PictureOptions) -> None:
    """The picture last: where it is, everything about it is."""
    stem = _stem(number, options)
    texts = {
        "labels": (".txt", "".join(label_line(one) for one in seen if is_counted(one))),
        "ignored": (".txt", "".join(label_line(one) for one in seen if not is_counted(one))),
        "seen": (".json", json.dumps([_about(one) for one in seen], ensure_ascii=False)),
    }
    for folder, (ending, text) in texts.items():
        (options.out / folder).mkdir(parents=True, exist_ok=True)
        (options.out / folder / f"{stem}{ending}").write_text(text)
    images = options.out / "images"
    images.mkdir(parents=True, exist_ok=True)
    quality = int(np.random.default_rng([options.seed, 13, number]).integers(45, 93))
    partial = images / f"{stem}.partial.jpg"
    cv2.imwrite(str(partial), picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    partial.replace(images / f"{stem}.jpg")


def _about(one: Seen) -> dict[str, Any]:
    return {
        "id": one.identity.name,
        "label": one.identity.label,
        "box": [round(value, 4) for value in one.box],
        "visible": round(one.visible, 3),
        "counted": is_counted(one),
    }
