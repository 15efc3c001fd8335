"""Light of the sample streets: where it comes from and how much of it there is."""

from __future__ import annotations

import numpy as np
import pytest

from sample_videos.generator.sky import lighting
from sample_videos.generator.streets import street
from sample_videos.generator.values import Conditions, Light

PLAN = street("tong")
CAMERA = PLAN.cameras[0]
UP, DOWN = np.array([[0.1, 0.0, 1.0]]), np.array([[0.1, 0.0, -1.0]])


def test_the_sun_stands_where_the_conditions_say() -> None:
    light = lighting(Conditions(sun_azimuth=np.pi / 2, sun_elevation=0.5), PLAN, CAMERA)
    assert light.towards_sun == pytest.approx((0, np.cos(0.5), np.sin(0.5)))


@pytest.mark.parametrize("kind", Light)
def test_the_sky_is_brighter_than_the_ground(kind: Light) -> None:
    light = lighting(Conditions(light=kind), PLAN, CAMERA)
    assert light.radiance(UP).mean() > light.radiance(DOWN).mean() > 0


def test_lamps_burn_at_night_and_only_those_that_are_on() -> None:
    assert lighting(Conditions(light=Light.DAY, lamps_on=(0, 1)), PLAN, CAMERA).lamps == ()
    night = lighting(Conditions(light=Light.NIGHT, lamps_on=(1,)), PLAN, CAMERA)
    assert [lamp.place[0] for lamp in night.lamps] == [PLAN.lamps[1].x]


def test_the_infrared_lamp_hangs_at_the_camera() -> None:
    (lamp,) = lighting(Conditions(light=Light.INFRARED, lamps_on=(0,)), PLAN, CAMERA).lamps
    assert np.linalg.norm(np.array(lamp.place) - (CAMERA.x, CAMERA.y, CAMERA.z)) < 0.3


def test_dusk_glows_where_the_sun_went() -> None:
    light = lighting(Conditions(light=Light.DUSK, sun_azimuth=0.9), PLAN, CAMERA)
    towards = np.array([[np.cos(0.9), np.sin(0.9), 0.2]])
    assert light.radiance(towards)[0, 0] > 1.5 * light.radiance(-towards * (1, 1, -1))[0, 0]
