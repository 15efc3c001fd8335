"""Whose turn it is: the stalest, the important, those below their target; and nobody starves."""

from __future__ import annotations

import json
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import PatrolMode, PatrolSettings
from pipeline.errors import PipelineError, RecordError
from pipeline.live.patrol import PatrolPlanner, longest_wait_s
from pipeline.live.patrolled import PatrolledCamera

from .touring import SHANGHAI, T0, Tour, at, cameras

TWO = PatrolSettings(slots=2)


def planner(toured: list[PatrolledCamera], rules: PatrolSettings = TWO, **more: object) -> PatrolPlanner:
    return PatrolPlanner(rules, toured, SHANGHAI, **more)  # type: ignore[arg-type]  # keywords by name


def visit(of: PatrolPlanner, camera_id: str, since_s: float, observed_s: float = 60.0) -> None:
    of.started(camera_id, at(since_s))
    of.ended(camera_id, at(since_s + 70), observed_s)


def test_each_gets_its_turn_and_then_the_stalest() -> None:
    plan = planner(cameras(3))
    assert plan.next_to_watch(T0, 2) == ("cam-00", "cam-01")
    visit(plan, "cam-00", 0)
    assert plan.next_to_watch(at(70), 2) == ("cam-01", "cam-02")
    visit(plan, "cam-01", 70)
    visit(plan, "cam-02", 140)
    assert plan.next_to_watch(at(210), 2) == ("cam-00", "cam-01")


def test_no_more_than_there_are_slots_and_none_that_is_watched() -> None:
    plan = planner(cameras(5))
    plan.started("cam-00", T0)
    assert plan.next_to_watch(at(1), 5) == ("cam-01",)
    plan.started("cam-01", at(1))
    assert plan.next_to_watch(at(2), 5) == ()
    assert plan.next_to_watch(at(2), 0) == ()


def test_cameras_that_are_always_watched_or_off_take_no_part() -> None:
    some = [PatrolledCamera("a", PatrolMode.ALWAYS), PatrolledCamera("b"), PatrolledCamera("c", PatrolMode.OFF)]
    plan = planner(some)
    assert plan.next_to_watch(T0, 2) == ("b",)
    with pytest.raises(PipelineError, match="not a toured camera"):
        plan.started("a", T0)


def test_a_visit_lasts_warm_up_and_stay_and_longer_where_nobody_waits() -> None:
    plan = planner(cameras(3))
    plan.started("cam-00", T0)
    assert not plan.is_over("cam-00", at(69))
    assert plan.is_over("cam-00", at(70))
    alone = planner(cameras(1))
    alone.started("cam-00", T0)
    assert not alone.is_over("cam-00", at(3600))


def test_who_shows_nothing_loses_the_turn_after_the_warm_up_and_comes_back_soon() -> None:
    plan = planner(cameras(5), PatrolSettings(slots=5))
    plan.next_to_watch(T0, 5)
    plan.started("cam-00", T0)
    assert not plan.is_over("cam-00", at(9), seen=False)
    assert plan.is_over("cam-00", at(10), seen=False)
    plan.ended("cam-00", at(10), 0.0, failed=True)
    assert "cam-00" not in plan.next_to_watch(at(69), 5)
    assert "cam-00" in plan.next_to_watch(at(70), 5)


@pytest.mark.parametrize(("failures", "pause_s"), [(1, 60), (2, 120), (3, 240), (4, 480), (5, 600), (40, 600)])
def test_a_dead_camera_is_tried_ever_more_rarely_but_for_ever(failures: int, pause_s: float) -> None:
    plan = planner(cameras(1))
    for _ in range(failures):
        plan.started("cam-00", T0)
        plan.ended("cam-00", at(10), 0.0, failed=True)
    assert plan.next_to_watch(at(10 + pause_s - 1), 1) == ()
    assert plan.next_to_watch(at(10 + pause_s), 1) == ("cam-00",)
    visit(plan, "cam-00", 1000)
    assert plan.next_to_watch(at(1071), 1) == ("cam-00",)


def test_pictures_of_which_none_counts_are_a_failure() -> None:
    plan = planner(cameras(1))
    visit(plan, "cam-00", 0, observed_s=0.0)
    assert plan.next_to_watch(at(100), 1) == ()


def test_grades_and_recent_violations_come_sooner() -> None:
    some = [
        PatrolledCamera("plain"),
        PatrolledCamera("graded", grades=("A", "C")),
        PatrolledCamera("caught", violations=(T0 - timedelta(days=1),)),
        PatrolledCamera("caught-long-ago", violations=(T0 - timedelta(days=20),)),
    ]
    plan = planner(some, PatrolSettings(slots=2, grade_weights={"C": 3.0}))
    for camera in some:
        visit(plan, camera.camera_id, 0)
    assert plan.next_to_watch(at(100), 4)[:2] == ("graded", "caught")
    plan.found("plain", at(99))
    assert plan.next_to_watch(at(100), 4)[:2] == ("graded", "plain")


def test_history_without_days_makes_no_difference() -> None:
    plan = planner([PatrolledCamera("a", violations=(at(500),))], PatrolSettings(slots=1, history_days=0))
    assert plan.next_to_watch(T0, 1) == ("a",)


def test_who_is_below_the_target_comes_first_until_it_is_reached() -> None:
    some = [*cameras(3), PatrolledCamera("wanted", coverage_target=0.3)]
    plan = planner(some, enforcement_hours=[(time(8), time(18))])
    for camera in some:
        visit(plan, camera.camera_id, 0, observed_s=60.0)
    assert plan.observed_share("wanted", at(100)) == 0.6
    assert plan.next_to_watch(at(100), 1) != ("wanted",)
    assert plan.next_to_watch(at(240), 1) == ("wanted",)
    # Before the hours begin nothing can be gained.
    early = at(-3600)
    assert plan.observed_share("wanted", early) is None
    # The next day begins with nothing observed.
    assert plan.observed_share("wanted", at(86400 + 100)) == 0.0


def test_time_outside_enforcement_hours_counts_for_no_target() -> None:
    plan = planner([PatrolledCamera("a", coverage_target=0.5)], enforcement_hours=[(time(8), time(18))])
    plan.started("a", at(-30))
    plan.ended("a", at(30), 60.0)
    assert plan.observed_share("a", at(60)) == 0.5


def test_nobody_tours_in_quiet_hours_over_midnight_in_local_time() -> None:
    plan = planner(cameras(3), PatrolSettings(slots=2, quiet_hours=((time(22), time(6)),)))
    night, morning = at(14 * 3600), at(22 * 3600)
    assert plan.next_to_watch(night - timedelta(seconds=1), 1) == ("cam-00",)
    plan.started("cam-00", night - timedelta(seconds=1))
    assert plan.is_over("cam-00", night)
    plan.ended("cam-00", night, 0.5)
    assert plan.next_to_watch(night, 2) == ()
    assert plan.next_to_watch(morning - timedelta(seconds=1), 2) == ()
    assert plan.is_quiet(night)
    # In the morning nobody is overdue: weights decide, not the night.
    assert plan.next_to_watch(morning, 2) == ("cam-01", "cam-02")


def test_a_restart_goes_on_with_the_same_plan() -> None:
    some = [PatrolledCamera(f"cam-{each:02}", coverage_target=0.2 if each % 2 else None) for each in range(7)]
    tour = Tour(planner(some))
    tour.run(T0, 600, 2)
    data = json.loads(json.dumps(tour.planner.as_json()))
    again = PatrolPlanner.from_json(TWO, some, SHANGHAI, data)
    assert again.as_json() == data
    for camera_id in again.next_to_watch(at(600), 2):
        again.started(camera_id, at(600))
    assert again.as_json() == data


def test_a_camera_that_is_new_after_a_restart_is_the_stalest() -> None:
    tour = Tour(planner(cameras(7)))
    tour.run(T0, 600, 2)
    wanted = [*cameras(7)[1:], PatrolledCamera("new")]
    again = PatrolPlanner.from_json(TWO, wanted, SHANGHAI, tour.planner.as_json())
    assert again.next_to_watch(at(600), 1) == ("new",)
    with pytest.raises(PipelineError, match="not a toured camera"):
        again.started("cam-00", at(600))


@pytest.mark.parametrize("data", [{}, {"cameras": []}, {"cameras": {"a": {}}}, {"cameras": {"a": {"turn_at": "2024-05-06T00:00"}}}])
def test_a_damaged_plan_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(RecordError, match="damaged plan"):
        PatrolPlanner.from_json(TWO, cameras(1), SHANGHAI, data)


@st.composite
def patrols(draw: st.DrawFn) -> tuple[PatrolSettings, list[PatrolledCamera], set[str], float]:
    """Any weights, targets and histories, some cameras dead, asked every so many seconds."""
    weights = st.floats(0.1, 10)
    rules = PatrolSettings(
        slots=draw(st.integers(1, 4)),
        stay_s=draw(st.sampled_from([10, 30, 60])),
        warm_up_s=draw(st.sampled_from([2, 5, 20])),
        grade_weights={"A": draw(weights), "C": draw(weights)},
        history_weight=draw(st.floats(0, 10)),
    )
    some = [
        PatrolledCamera(
            f"cam-{each:02}",
            grades=draw(st.sampled_from([(), ("A",), ("B",), ("A", "C")])),
            coverage_target=draw(st.none() | st.floats(0.01, 1)),
            violations=tuple(T0 - timedelta(hours=hours) for hours in draw(st.lists(st.integers(0, 500), max_size=4))),
        )
        for each in range(draw(st.integers(1, 12)))
    ]
    dead = draw(st.sets(st.sampled_from([camera.camera_id for camera in some])))
    return rules, some, dead, draw(st.sampled_from([1.0, 5.0]))


@given(patrols())
@settings(max_examples=60, deadline=None)
def test_nobody_waits_longer_than_the_bound(patrol: tuple[PatrolSettings, list[PatrolledCamera], set[str], float]) -> None:
    rules, some, dead, tick_s = patrol
    tours = [
        Tour(planner(some, rules), connect_s=min(4.0, rules.warm_up_s / 2), tick_s=tick_s, is_dead=lambda name, _: name in dead)
        for _ in "ab"
    ]
    bound_s = longest_wait_s(len(some), rules.slots, rules.warm_up_s + rules.stay_s + tick_s)
    until_s = min(3 * bound_s, 6000.0)
    for tour in tours:
        tour.run(T0, until_s, rules.slots)
    assert tours[0].plan == tours[1].plan
    for camera_id, wait_s in tours[0].waits([camera.camera_id for camera in some], T0, at(until_s)).items():
        assert wait_s <= bound_s + (600 if camera_id in dead else 0) + tick_s, camera_id
