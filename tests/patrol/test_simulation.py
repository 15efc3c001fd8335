"""A morning with 60 cameras and eight slots: who was really seen for how long."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from statistics import mean

import pytest

from pipeline.config import PatrolSettings
from pipeline.coverage import CameraCoverage, Span
from pipeline.live.patrol import PatrolPlanner, longest_wait_s
from pipeline.live.patrolled import PatrolledCamera

from .touring import SHANGHAI, T0, Tour, at

HOURS = 6
SLOTS = 8
RULES = PatrolSettings(slots=SLOTS, stay_s=60, warm_up_s=10, grade_weights={"A": 1, "B": 1.5, "C": 2})
ENFORCED = ((time(6), time(22)),)
TARGET = 0.35
DEAD = {"cam-57", "cam-58"}
LAME = "cam-59"
"""Away for the third hour."""


def sixty() -> list[PatrolledCamera]:
    """Five with a target, five with shops of grade C, five with violations yesterday; the other 45 have nothing special."""
    return [
        PatrolledCamera(
            f"cam-{number:02}",
            coverage_target=TARGET if number < 5 else None,
            grades=("C",) if 5 <= number < 10 else ("A",),
            violations=(T0 - timedelta(days=1),) * 3 if 10 <= number < 15 else (),
        )
        for number in range(60)
    ]


def is_dead(camera_id: str, when: datetime) -> bool:
    return camera_id in DEAD or (camera_id == LAME and at(2 * 3600) <= when < at(3 * 3600))


@pytest.fixture(scope="module")
def tour() -> Tour:
    # The day's enforcement began two hours ago, and nothing has been observed in them: targets have to catch up.
    done = Tour(PatrolPlanner(RULES, sixty(), SHANGHAI, enforcement_hours=ENFORCED), is_dead=is_dead)
    done.run(T0, HOURS * 3600, SLOTS)
    return done


@pytest.fixture(scope="module")
def coverage(tour: Tour) -> dict[str, CameraCoverage]:
    span = Span(at(-2 * 3600), at(HOURS * 3600), SHANGHAI, ENFORCED)
    return {camera.camera_id: tour.folds[camera.camera_id].coverage(camera.camera_id, span) for camera in sixty()}


def shares(coverage: dict[str, CameraCoverage], first: int, last: int) -> list[float]:
    return [coverage[f"cam-{number:02}"].figures.share for number in range(first, last)]


def test_nobody_is_unvisited_for_longer_than_the_bound(tour: Tour) -> None:
    bound_s = longest_wait_s(60, SLOTS, RULES.stay_s + RULES.warm_up_s + 1)
    assert bound_s == 4 * 8 * 71
    for camera_id, wait_s in tour.waits([camera.camera_id for camera in sixty()], T0, at(HOURS * 3600)).items():
        assert wait_s <= bound_s + 1, camera_id


def test_targets_are_reached(coverage: dict[str, CameraCoverage]) -> None:
    assert min(shares(coverage, 0, 5)) >= TARGET - 0.01
    assert max(shares(coverage, 0, 5)) <= TARGET + 0.03


def test_what_weighs_more_is_seen_more_and_nobody_little(coverage: dict[str, CameraCoverage]) -> None:
    plain = mean(shares(coverage, 15, 57))
    assert mean(shares(coverage, 5, 10)) > 1.4 * plain
    assert mean(shares(coverage, 10, 15)) > 1.2 * plain
    assert min(shares(coverage, 15, 57)) > 0.8 * plain


def test_slots_are_used(coverage: dict[str, CameraCoverage]) -> None:
    observed_s = sum(camera.figures.observed_s for camera in coverage.values())
    assert observed_s > 0.9 * SLOTS * HOURS * 3600


def test_dead_cameras_cost_little_and_one_that_comes_back_is_seen_again(tour: Tour, coverage: dict[str, CameraCoverage]) -> None:
    for camera_id in DEAD:
        assert coverage[camera_id].figures.observed_s == 0
        held_s = sum((end - start).total_seconds() for start, end in tour.visits[camera_id])
        assert held_s <= 0.02 * HOURS * 3600
    back_at = min(start for start, end in tour.visits[LAME] if start >= at(3 * 3600))
    assert back_at <= at(3 * 3600 + 600 + 10)
    assert coverage[LAME].figures.observed_s > 0
