"""Average precision: what is ignored neither rewards nor punishes."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.training.libraries import ultralytics_ready
from pipeline.training.scoring import Scores, Truth, score
from pipeline.training.seeing import Found

A, B, C = (0.1, 0.1, 0.3, 0.4), (0.5, 0.5, 0.8, 0.9), (0.6, 0.0, 0.9, 0.3)
Box = tuple[float, float, float, float]


def truth(*boxes: Box, ignored: tuple[Box, ...] = (), ignored_class: int = 1) -> Truth:
    corners = np.array(boxes, dtype=float).reshape(-1, 4), np.array(ignored, dtype=float).reshape(-1, 4)
    return Truth(corners[0], np.full(len(boxes), 1), corners[1], np.full(len(ignored), ignored_class))


def found(*boxes: Box, kind: int = 1) -> Found:
    return Found(np.array(boxes, dtype=float).reshape(-1, 4), np.linspace(0.9, 0.5, len(boxes)), np.full(len(boxes), kind))


def judged(one: Truth, seen: Found, smallest: float | None = None) -> Scores:
    with ultralytics_ready(1):
        return score([one], [seen], None if smallest is None else [smallest])


def test_everything_found_exactly_is_all_right() -> None:
    scores = judged(truth(A, B), found(B, A))
    assert scores.classes["goods"].things == 2
    assert scores.map50 == pytest.approx(0.995, abs=0.006)
    assert scores.map50_95 == pytest.approx(scores.map50)
    assert list(scores.classes) == ["goods"]


def test_half_found_is_half_right_and_another_class_is_wrong() -> None:
    assert judged(truth(A, B), found(A)).map50 == pytest.approx(0.5, abs=0.01)
    assert judged(truth(A, B), found(A, B, kind=2)).map50 == 0.0
    assert judged(truth(A), found()).map50 == 0.0


def test_finding_a_thing_twice_or_a_thing_that_is_not_there_costs() -> None:
    assert judged(truth(A, B), found(A, A, B)).map50 < 0.9
    assert judged(truth(A), found(C, A)).map50 == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("ignored_class", "costs"), [(1, False), (-1, False), (2, True)])
def test_in_an_ignored_region_nothing_costs(ignored_class: int, costs: bool) -> None:
    part_of_c = (0.6, 0.0, 0.75, 0.3)
    scores = judged(truth(A, ignored=(C,), ignored_class=ignored_class), found(part_of_c, A))
    assert (scores.map50 < 0.9) is costs
    assert scores.classes["goods"].things == 1


def test_small_detections_cost_only_where_small_things_are_judged() -> None:
    speck = (0.9, 0.9, 0.92, 0.92)
    assert judged(truth(A), found(speck, A)).map50 < 0.9
    assert judged(truth(A), found(speck, A), smallest=0.01).map50 > 0.9


def test_a_loose_box_counts_at_50_and_not_at_75() -> None:
    loose = (0.1, 0.1, 0.3, 0.6)
    scores = judged(truth(A), found(loose))
    assert scores.map50 > 0.9
    assert scores.map50_95 == pytest.approx(0.995 * 3 / 10, abs=0.01)
