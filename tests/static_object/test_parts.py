"""The measuring parts of the static eye: shift, light, and who was there first."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detectors.static_object.align import shift_of
from pipeline.detectors.static_object.features import Features, features_of, is_grey
from pipeline.detectors.static_object.light import light_change
from pipeline.detectors.static_object.put_down import judge
from pipeline.detectors.static_object.regions import Region
from pipeline.types import Image
from tests.static_object.scenery import BAG, put_bag, street

_SIZE = (320, 180)


def _features(image: Image) -> Features:
    return features_of(np.asarray(cv2.resize(image, _SIZE, interpolation=cv2.INTER_AREA), np.uint8))


@settings(max_examples=20, deadline=None)
@given(st.floats(-4, 4), st.floats(-4, 4))
def test_a_shift_is_measured_to_a_fraction_of_a_pixel(x: float, y: float) -> None:
    matrix = np.array([[1, 0, 2 * x], [0, 1, 2 * y]], np.float32)
    moved = np.asarray(cv2.warpAffine(street(), matrix, street().shape[1::-1], borderMode=cv2.BORDER_REPLICATE), np.uint8)
    ground = _features(street())
    found = shift_of(_features(moved), ground, np.ones(ground.brightness.shape, np.bool_))
    assert found == pytest.approx((x, y), abs=0.5)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.4, 1.6), st.floats(0.8, 1.2))
def test_light_is_taken_off(gain: float, warmth: float) -> None:
    lit = np.asarray(np.clip(street() * np.array([gain / warmth, gain, gain * warmth]), 0, 255), np.uint8)
    look, ground = _features(lit), _features(street())
    same = light_change(look, ground, np.ones(ground.brightness.shape, np.bool_)).apply(look)
    unclipped = cv2.resize(lit, _SIZE).max(axis=2) < 250
    assert float(np.median(np.abs(same.brightness - ground.brightness)[unclipped])) < 4


def test_grey_pictures_are_told_from_coloured_ones() -> None:
    grey = cv2.cvtColor(cv2.cvtColor(street(), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert is_grey(_features(np.asarray(grey, np.uint8)))
    assert not is_grey(_features(street()))


def test_put_down_and_taken_away_are_opposite_verdicts() -> None:
    empty, full = _features(street()), _features(put_bag(street()))
    width, height = _SIZE
    rows = slice(int(BAG.y_min * height) - 10, int(BAG.y_max * height) + 10)
    columns = slice(int(BAG.x_min * width) - 10, int(BAG.x_max * width) + 10)
    mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.bool_)
    mask[10:-10, 10:-10] = True
    region = Region(rows, columns, mask, 1.0)
    nothing = np.zeros_like(mask)
    put, taken = judge(region, full, empty, nothing), judge(region, empty, full, nothing)
    assert put.score > 0.5
    assert put.closed > 0.9
    assert taken.score == pytest.approx(-put.score, abs=0.05)
    assert taken.closed < 0.1
