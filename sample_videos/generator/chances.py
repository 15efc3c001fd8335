"""What training pictures leave to chance: street, weather, camera, sensor. Everything follows from random numbers that are given. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from sample_videos.generator.sensor import SensorStyle
from sample_videos.generator.streets import STREETS
from sample_videos.generator.streets.trades import WINDOW
from sample_videos.generator.values import CameraPose, Conditions, Front, Light, StreetPlan

WIDTH, HEIGHT = 640, 360
"""Of every training picture, pixels."""


DRESSED_SHARE = 0.45
"""So many shops of a clean street show their wares in a window."""
WINDOW_DEPTH_M = (0.7, 1.1)


class Split(Enum):
    """What pictures are for. The value is a stream of random numbers."""

    TRAINING = 0
    UNSEEN = 1
    """Held-out streets and things: figures are measured there."""
    CLEAN = 2
    """Streets where nobody put anything down: parked wheels in every direction, benches, bins, shop windows."""

    @property
    def prefix(self) -> str:
        """Of the names of its pictures."""
        return {Split.TRAINING: "street", Split.UNSEEN: "unseen", Split.CLEAN: "clean"}[self]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the pictures of one batch share."""

    plan: StreetPlan
    night: bool
    wet: bool
    clean: bool = False
    """Nobody put anything down."""


def random_setting(batch: int, rng: np.random.Generator, split: Split) -> Setting:
    """Street, darkness and wetness of a batch; every street comes equally often."""
    plans = [plan for plan in STREETS.values() if plan.held_out is (split is Split.UNSEEN)]
    plan, night, wet = plans[batch % len(plans)], bool(rng.random() < 0.28), bool(rng.random() < 0.18)
    return Setting(_dressed(plan, rng), night, wet, clean=True) if split is Split.CLEAN else Setting(plan, night, wet)


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


def _dressed(plan: StreetPlan, rng: np.random.Generator) -> StreetPlan:
    """The same street, some of its shops with a window full of wares right behind the glass."""
    units = [
        replace(unit, trade=WINDOW, front=Front.GLASS, depth_m=float(rng.uniform(*WINDOW_DEPTH_M)))
        if rng.random() < DRESSED_SHARE
        else unit
        for unit in plan.units
    ]
    return replace(plan, units=tuple(units))
