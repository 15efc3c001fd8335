"""When a camera is in trouble, and when it is well again."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import NotifyEvent, NotifySettings
from pipeline.notifying import CameraEvent, CameraHealth
from pipeline.types import GapReason, Observation
from tests.notifying.samples import NOW

SETTINGS = NotifySettings(trouble_after_s=60, well_after_s=20)
GOOD, DEAD, FROZEN, NOBODY = None, GapReason.NO_FRAME, GapReason.FROZEN, GapReason.NO_LOOK


def look(second: int, gap: GapReason | None) -> Observation:
    return Observation("cam01", NOW + timedelta(seconds=second), float(second), gap, (), "1", "m")


def told(*spans: tuple[GapReason | None, int], health: CameraHealth | None = None) -> list[tuple[str, int, int, str]]:
    """(event, at, since, reason) of looks every 10 s; each span is a gap (or none) and how many looks it lasts."""
    health = health or CameraHealth(SETTINGS)
    gaps = [gap for gap, looks in spans for _ in range(looks)]
    events = [health.update(look(10 * number, gap)) for number, gap in enumerate(gaps)]
    return [(each.event.value, _second(each.at), _second(each.since), each.reason) for each in events if each]


def _second(at: datetime) -> int:
    return round((at - NOW).total_seconds())


def test_a_dead_camera_is_told_once_and_so_is_its_return() -> None:
    assert told((GOOD, 3), (DEAD, 50), (GOOD, 50)) == [
        ("camera_trouble", 90, 30, "no_frame"),
        ("camera_well", 550, 30, "no_frame"),
    ]


def test_short_failures_are_not_told() -> None:
    assert told(*[(DEAD, 6), (GOOD, 1)] * 10) == []


def test_a_camera_that_comes_and_goes_is_not_well() -> None:
    assert told((DEAD, 7), *[(GOOD, 2), (DEAD, 1)] * 10) == [("camera_trouble", 60, 0, "no_frame")]


def test_the_reason_is_that_of_most_looks() -> None:
    ((_, _, _, reason),) = told((DEAD, 2), (FROZEN, 5))
    assert reason == "frozen"


def test_nobody_looking_says_nothing() -> None:
    assert told((NOBODY, 100)) == []
    assert told((DEAD, 7), (NOBODY, 100), (GOOD, 2), (NOBODY, 2), (GOOD, 1))[1][:2] == ("camera_well", 1110)


def test_a_trouble_that_was_told_before_a_restart_is_not_told_again_but_its_end_is() -> None:
    before = CameraEvent(NotifyEvent.CAMERA_TROUBLE, NOW - timedelta(days=3), NOW - timedelta(days=3, seconds=60), "frozen")
    assert told((DEAD, 20), (GOOD, 3), health=CameraHealth(SETTINGS, before)) == [("camera_well", 220, -259260, "frozen")]


@given(st.lists(st.tuples(st.sampled_from([GOOD, DEAD, FROZEN, NOBODY]), st.integers(1, 20)), max_size=30))
def test_trouble_and_well_take_turns(spans: list[tuple[GapReason | None, int]]) -> None:
    events = told(*spans)
    assert [event for event, *_ in events] == [("camera_trouble", "camera_well")[number % 2] for number in range(len(events))]
    assert all(at - since >= 60 for _, at, since, _ in events)
