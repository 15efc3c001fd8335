"""The generator's sensor: what becomes of light on its way into a recording."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from sample_videos.generator import fonts
from sample_videos.generator.sensor import Sensor, SensorStyle, automatic_exposure
from sample_videos.generator.values import Conditions, Light

AT = datetime(2026, 5, 12, 9, 42, 7)  # noqa: DTZ001  local time that is burnt in
PLAIN = SensorStyle(seed=3, vignette=0.0, noise=0.0, sharpen=0.0)


def grey(value: float) -> np.ndarray:
    return np.full((90, 160, 3), value, np.float32)


needs_fonts = pytest.mark.skipif(not fonts.are_there(), reason="run python -m sample_videos.generator.assets first")


def test_brighter_light_gives_a_brighter_picture() -> None:
    sensor = Sensor(PLAIN, 160, 90)
    means = [float(sensor.develop(grey(v), Conditions(), 1.0, 0).mean()) for v in (0.01, 0.05, 0.2, 0.5, 1.0, 3.0)]
    assert means == sorted(means)
    assert means[0] > 5
    assert means[-1] > 245


def test_a_middle_grey_of_light_is_a_middle_grey_on_the_screen() -> None:
    assert Sensor(PLAIN, 160, 90).develop(grey(0.2), Conditions(), 1.0, 0).mean() == pytest.approx(124, abs=12)


def test_exposure_makes_up_for_darkness() -> None:
    rng = np.random.default_rng(1)
    scene = rng.random((90, 160, 3)).astype(np.float32)
    assert automatic_exposure(scene * 0.01, 0.18) == pytest.approx(100 * automatic_exposure(scene, 0.18), rel=0.02)


@needs_fonts
def test_the_same_picture_comes_out_whatever_was_developed_before() -> None:
    style = SensorStyle(seed=5, name="CAM21")
    first, second = Sensor(style, 160, 90), Sensor(style, 160, 90)
    rainy = Conditions(rain=True)
    first.develop(grey(0.3), rainy, 1.0, 0, AT)
    assert np.array_equal(first.develop(grey(0.3), rainy, 1.0, 7, AT), second.develop(grey(0.3), rainy, 1.0, 7, AT))


def test_noise_differs_from_picture_to_picture_and_grows_at_night() -> None:
    sensor = Sensor(SensorStyle(seed=5, sharpen=0.0), 160, 90)

    def spread(light: Light, first: int) -> float:
        one, other = (sensor.develop(grey(0.2), Conditions(light=light), 1.0, n).astype(float) for n in (first, first + 1))
        return float((one - other).std())

    assert 0 < spread(Light.DAY, 0) < spread(Light.NIGHT, 0)


def test_infrared_has_no_colour() -> None:
    coloured = grey(0.3) * np.array([1.0, 0.4, 0.2], np.float32)
    picture = Sensor(SensorStyle(seed=5), 160, 90).develop(coloured, Conditions(light=Light.INFRARED), 1.0, 4).astype(int)
    assert np.abs(picture[..., 0] - picture[..., 2]).max() <= 1


def test_corners_are_darker() -> None:
    picture = Sensor(SensorStyle(seed=5, noise=0.0, vignette=0.3), 160, 90).develop(grey(0.3), Conditions(), 1.0, 0)
    assert picture[:6, :6].mean() < picture[40:50, 70:90].mean() - 15


@needs_fonts
def test_the_time_is_burnt_in_above_on_the_left() -> None:
    named = Sensor(SensorStyle(seed=5, noise=0.0, name="CAM21"), 640, 360)
    dark = np.full((360, 640, 3), 0.05, np.float32)
    first = named.develop(dark, Conditions(), 1.0, 0, AT).astype(int)
    later = named.develop(dark, Conditions(), 1.0, 0, AT.replace(second=8)).astype(int)
    changed = np.argwhere(np.abs(first - later).max(-1) > 40)
    assert len(changed)
    assert changed[:, 0].max() < 60
    assert changed[:, 1].max() < 320
    assert first[:60, :320].max() > 240


def test_rain_falls_elsewhere_in_the_next_picture() -> None:
    sensor = Sensor(PLAIN, 320, 180)
    dark = np.full((180, 320, 3), 0.1, np.float32)
    one, other = (sensor.develop(dark, Conditions(rain=True), 1.0, n).astype(int) for n in (0, 1))
    dry = sensor.develop(dark, Conditions(), 1.0, 0).astype(int)
    assert (np.abs(one - other).max(-1) > 8).sum() > 100
    assert (one - dry).max() > 12
