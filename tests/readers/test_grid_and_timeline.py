"""The arithmetic of due times and of time stamps."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.cadence import Cadence
from pipeline.readers.grid import LookGrid
from pipeline.readers.timeline import LONGEST_HOLE_S, Stamps, Timeline

MS = Fraction(1, 1000)


@given(
    st.sampled_from([0.2, 0.7, 1.0, 2.0, 5.0, 15.0]),
    st.lists(st.floats(min_value=0.001, max_value=40), min_size=1, max_size=200),
)
def test_each_due_time_is_taken_or_lost_once(interval_s: float, steps: list[float]) -> None:
    grid = LookGrid(interval_s)
    answered: list[float] = []
    time = 0.0
    for step in steps:
        if grid.is_due(time):
            due = grid.due_s
            lost = grid.lost_before(time)
            assert all(earlier < time for earlier in lost)
            assert lost == [] or lost[0] == due
            answered += [*lost, grid.due_s]
            assert time - grid.due_s < interval_s
            grid.take(time)
            assert grid.due_s > time - 1e-5
        time += step
    assert answered == pytest.approx([index * interval_s for index in range(len(answered))])


@given(st.floats(min_value=0.05, max_value=60), st.integers(min_value=0, max_value=200_000))
def test_due_times_don_t_drift(interval_s: float, index: int) -> None:
    grid = LookGrid(interval_s)
    grid.take(index * interval_s)
    assert grid.due_s == pytest.approx((index + 1) * interval_s, rel=1e-12)


def place_all(timeline: Timeline, stamps: list[Stamps]) -> list[int]:
    placed = [timeline.place(here, after) for here, after in zip(stamps, [*stamps[1:], None], strict=True)]
    return [ticks.place for ticks in placed]


def steady(*dts: int) -> list[Stamps]:
    return [Stamps(value, value, 40) for value in dts]


def test_steady_stamps_stay_as_they_are() -> None:
    timeline = Timeline(MS, 40)
    assert place_all(timeline, steady(500, 540, 580, 660)) == [500, 540, 580, 660]
    assert timeline.seekable


def test_one_stamp_that_is_off_is_a_slip() -> None:
    for wrong in (5, 90_000_000, 2000):
        timeline = Timeline(MS, 40)
        assert place_all(timeline, steady(500, 540, wrong, 620, 660)) == [500, 540, 580, 620, 660]
        assert (timeline.jumps, timeline.made_up) == (0, 1)


def test_a_jump_back_or_far_ahead_is_closed_and_a_hole_is_kept() -> None:
    for start in (0, 9_000_000):
        timeline = Timeline(MS, 40)
        assert place_all(timeline, steady(500, 540, start, start + 40, start + 80)) == [500, 540, 580, 620, 660]
        assert timeline.jumps == 1
        assert not timeline.seekable
    timeline = Timeline(MS, 40)
    assert place_all(timeline, steady(500, 540, 30_540, 30_580)) == [500, 540, 30_540, 30_580]
    assert timeline.jumps == 0


def test_missing_stamps_go_on_by_duration() -> None:
    timeline = Timeline(MS, 40)
    nothing = Stamps(None, None, None)
    assert place_all(timeline, [*steady(500), nothing, Stamps(None, None, 20), nothing]) == [500, 540, 580, 600]
    assert timeline.made_up == 3


def test_first_packets_without_dts_are_no_jump() -> None:
    """Matroska: decoding order 0 160 80 40 120, the first two without dts."""
    timeline = Timeline(MS, 40)
    stamps = [Stamps(0, None, 40), Stamps(160, None, 40), Stamps(80, 0, 40), Stamps(40, 40, 40), Stamps(120, 80, 40)]
    assert place_all(timeline, stamps) == [0, 160, 80, 40, 120]
    assert (timeline.jumps, timeline.made_up) == (0, 0)


def test_an_impossible_pts_is_not_believed() -> None:
    timeline = Timeline(MS, 40)
    stamps = [*steady(500, 540), Stamps(99_999_999, 580, 40), *steady(620)]
    assert place_all(timeline, stamps) == [500, 540, 580, 620]
    assert timeline.made_up == 1


@given(st.lists(st.one_of(st.none(), st.integers(min_value=-(10**9), max_value=10**9)), min_size=1, max_size=60))
def test_time_runs_on_whatever_the_stamps_do(dts: list[int | None]) -> None:
    timeline = Timeline(MS, 40)
    placed = place_all(timeline, [Stamps(None, value, None) for value in dts])
    assert all(0 <= later - earlier <= LONGEST_HOLE_S * 1000 for earlier, later in pairwise(placed))


@given(
    st.integers(min_value=1, max_value=90_000), st.integers(min_value=-(2**40), max_value=2**40), st.integers(min_value=0, max_value=2**33)
)
def test_ticks_and_seconds_agree(rate: int, origin: int, ticks: int) -> None:
    timeline = Timeline(Fraction(1, rate), 1)
    timeline.set_origin(origin)
    assert timeline.seconds(timeline.ticks(ticks / rate + 0.25 / rate)) == pytest.approx(ticks / rate)


def test_missing_packets_show_in_a_regular_stream_only() -> None:
    regular, irregular = Cadence(MS), Cadence(MS)
    for index in range(100):
        assert regular.missing_before(index * 40 + index % 2) == 0
        assert irregular.missing_before(index * 40 + (index * 7919) % 37 * 100 * (index % 2)) == 0
    assert regular.missing_before(99 * 40 + 80) == 0
    assert regular.missing_before(99 * 40 + 80 + 1000) == pytest.approx(960, abs=2)
