"""Intervals against values from the literature."""

from __future__ import annotations

import pytest

from pipeline.evaluation.intervals import bootstrap_f1, poisson, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe (1998), table I, method 3 without continuity correction; the last two by hand.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (3, 3, 0.4385, 1.0),
        (8, 10, 0.4902, 0.9433),
    ],
)
def test_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood (1936): limits of a Poisson mean, 95 %.
    [(0, 0.0, 3.689), (1, 0.02532, 5.572), (2, 0.2422, 7.225), (5, 1.6235, 11.668), (10, 4.795, 18.390), (100, 81.36, 121.63)],
)
def test_poisson(count: int, low: float, high: float) -> None:
    assert poisson(count) == pytest.approx((low, high), rel=2e-4)


def test_f1_of_a_single_clip_has_no_interval() -> None:
    assert bootstrap_f1([]) is None
    assert bootstrap_f1([(3, 1, 1)]) is None
    assert bootstrap_f1([(3, 1, 1), (0, 0, 0)]) is None


def test_clips_that_agree_are_no_proof_of_certainty() -> None:
    assert bootstrap_f1([(4, 0, 0)] * 6) is None
    assert bootstrap_f1([(0, 1, 1)] * 6) is None


def test_f1_of_clips_that_differ_is_wide() -> None:
    low, high = bootstrap_f1([(4, 0, 0), (0, 2, 2)] * 3) or (1.0, 0.0)
    assert 0 <= low < 0.6667 < high <= 1
    assert high - low > 0.4


def test_the_bootstrap_is_the_same_each_time() -> None:
    clips = [(4, 1, 0), (2, 0, 2), (1, 1, 1)]
    assert bootstrap_f1(clips) == bootstrap_f1(clips)
