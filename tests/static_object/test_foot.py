"""Where what stands aslant meets the ground, told by its lower rim; and what is no such thing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detectors.static_object.foot import SLICES, foot_rows
from pipeline.types import BoundingBox, Detection, DetectionSource, Image, Role
from tests.static_object.scenery import HEIGHT, WIDTH, detector, person, show, street, zones

TALL, WIDE = 20, 32


def receding(drop: int, *, to_left: bool = False) -> np.ndarray:
    """A row of crates, its far end so many rows higher than its near one."""
    rim = np.linspace(TALL - drop, TALL, WIDE)
    shown = np.arange(TALL)[:, None] < (rim if to_left else rim[::-1])[None]
    return np.asarray(shown)


NOBODY = np.zeros((TALL, WIDE), bool)


@pytest.mark.parametrize("to_left", [False, True])
def test_a_row_that_recedes_has_a_rising_foot(to_left: bool) -> None:
    foot = foot_rows(receding(12, to_left=to_left), NOBODY)
    assert len(foot) == SLICES
    near_to_far = foot[::-1] if to_left else foot
    assert list(near_to_far) == sorted(near_to_far, reverse=True)
    assert near_to_far[0] == pytest.approx(TALL, abs=1)
    assert near_to_far[-1] == pytest.approx(TALL - 11, abs=1)


@pytest.mark.parametrize("drop", [0, 2, 4])
def test_what_is_hardly_aslant_stands_on_the_edge_of_its_box(drop: int) -> None:
    assert foot_rows(receding(drop), NOBODY) == ()


def test_a_table_on_legs_stands_on_its_legs() -> None:
    table = receding(8)
    top = table.copy()
    top[5:] &= np.arange(TALL)[5:, None] < np.linspace(10, 4, WIDE)[None]
    legs = np.zeros_like(table)
    for column in (1, 2, 29, 30):
        legs[: int(np.linspace(20, 12, WIDE)[column]), column] = True
    assert foot_rows(top | legs, NOBODY) == ()


def test_a_parasol_stands_on_its_pole() -> None:
    parasol = np.zeros_like(NOBODY)
    parasol[:8] = np.arange(8)[:, None] >= np.linspace(6, 0, WIDE)[None]
    parasol[:, 15:17] = True
    assert foot_rows(parasol, NOBODY) == ()


def test_what_somebody_hides_is_filled_in_between() -> None:
    hidden = NOBODY.copy()
    hidden[:, 12:18] = True
    row = receding(12)
    whole, partly = foot_rows(row, NOBODY), foot_rows(row & ~hidden, hidden)
    assert partly == pytest.approx(whole, abs=1.5)
    hidden[:, 4:24] = True
    assert foot_rows(row & ~hidden, hidden) == ()


def test_somebody_in_front_of_the_feet_hides_the_rim() -> None:
    hidden = NOBODY.copy()
    hidden[10:, :] = True
    assert foot_rows(receding(12) & ~hidden, hidden) == ()


@given(st.integers(1, 40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_a_foot_rises_one_way_and_lies_in_the_box(height: int, width: int, random: object) -> None:
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]  # a random.Random
    thing, hidden = rng.random((height, width)) < rng.random(), rng.random((height, width)) < 0.2
    foot = foot_rows(thing, hidden)
    assert len(foot) in {0, SLICES}
    assert all(0 < row <= height for row in foot)
    assert list(foot) in (sorted(foot), sorted(foot, reverse=True))


# --- in a street -------------------------------------------------------------------------------------------

ROW = BoundingBox(0.40, 0.50, 0.60, 0.75)
GOODS = Detection("goods", Role.GOODS, 0.7, ROW, DetectionSource.YOLO)


def _row_of_crates(image: Image, *, shadow: bool) -> Image:
    """Crates that recede to the right, and the shadow that they cast before them."""
    corners = [(ROW.x_min, 0.50), (ROW.x_max, 0.46), (ROW.x_max, 0.60), (ROW.x_min, ROW.y_max)]
    points = np.rint(np.array(corners) * (WIDTH, HEIGHT)).astype(np.int32)
    if shadow:
        before = np.rint(np.array([(0.40, 0.75), (0.60, 0.60), (0.66, 0.68), (0.46, 0.83)]) * (WIDTH, HEIGHT)).astype(np.int32)
        dark = cv2.fillPoly(np.zeros((HEIGHT, WIDTH), np.uint8), [before], 1) > 0
        image[dark] = (image[dark] * 0.55).astype(np.uint8)
    cv2.fillPoly(image, [points], (30, 60, 190))
    return image


@pytest.mark.parametrize("shadow", [False, True])
def test_named_goods_aslant_are_told_where_they_stand_without_their_shadow(tmp_path: Path, shadow: bool) -> None:
    reference = tmp_path / "empty.png"
    cv2.imwrite(str(reference), street())
    eye = detector(zones(reference=reference))
    for frame in show([0.0, 1.0, 2.0, 3.0], lambda _, image: _row_of_crates(image, shadow=shadow)):
        (look,) = eye.detect([frame], [(GOODS,)])
    (named,) = [each for each in look if each.source is DetectionSource.YOLO]
    assert len(named.foot) == SLICES
    middles = ROW.x_min + ROW.width * (np.arange(SLICES) + 0.5) / SLICES
    true = 0.75 - 0.15 * (middles - ROW.x_min) / ROW.width
    assert np.abs(np.array(named.foot) - true).max() < 0.03


def test_level_goods_and_what_the_ground_does_not_show_have_no_foot(tmp_path: Path) -> None:
    reference = tmp_path / "empty.png"
    cv2.imwrite(str(reference), street())
    eye = detector(zones(reference=reference))

    def level(_: float, image: Image) -> Image:
        top_left, bottom_right = (
            (round(ROW.x_min * WIDTH), round(ROW.y_min * HEIGHT)),
            (round(ROW.x_max * WIDTH), round(ROW.y_max * HEIGHT)),
        )
        return np.asarray(cv2.rectangle(image, top_left, bottom_right, (30, 60, 190), -1), np.uint8)

    elsewhere = Detection("goods", Role.GOODS, 0.7, BoundingBox(0.1, 0.5, 0.3, 0.75), DetectionSource.YOLO)
    somebody = person(BoundingBox(0.7, 0.4, 0.75, 0.8))
    for frame in show([0.0, 1.0], level):
        (look,) = eye.detect([frame], [(GOODS, elsewhere, somebody)])
    assert [each.foot for each in look if each.source is DetectionSource.YOLO] == [(), (), ()]


def test_an_unnamed_thing_aslant_has_a_foot_too() -> None:
    def change(second: float, image: Image) -> Image:
        return _row_of_crates(image, shadow=False) if second >= 4 else image

    eye = detector()
    for frame in show([float(s) for s in range(24)], change):
        (look,) = eye.detect([frame], [()])
    (thing,) = look
    assert len(thing.foot) == SLICES
    assert thing.foot[0] == pytest.approx(0.74, abs=0.04)
    assert thing.foot[-1] == pytest.approx(0.62, abs=0.04)
    assert all(thing.box.y_min < row <= thing.box.y_max + 1e-9 for row in thing.foot)
