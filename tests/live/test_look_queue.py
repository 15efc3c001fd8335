"""Looks on their way to the judge: the newest picture wins, no gap is forgotten, nothing is lost unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.live.look_queue import LookQueue, Pace
from pipeline.types import Frame, GapReason, Look, MissedLook
from tests.footage.scenes import ArrayPicture

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PICTURE = ArrayPicture(np.zeros((2, 2, 3), np.uint8))


def look(camera: str, number: int, *, seen: bool) -> Look:
    at = T0 + timedelta(seconds=number)
    return Frame(camera, at, number, PICTURE) if seen else MissedLook(camera, at, number, GapReason.NO_FRAME)


def take(queue: LookQueue, cameras: int = 100) -> list[list[Look]]:
    """All that waits right now."""
    return queue.take(cameras, 0.0)


@dataclass
class Told:
    """What was put and what came out, per camera."""

    frames_put: int = 0
    frames_taken: int = 0
    taken: list[Look] = field(default_factory=list)


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["frame", "gap", "take"])), max_size=200))
def test_every_picture_is_taken_or_counted_and_the_order_stays(steps: list[tuple[str, str]]) -> None:
    queue = LookQueue()
    told = {"A": Told(), "B": Told()}

    def drain() -> None:
        for looks in take(queue):
            mine = told[looks[0].camera_id]
            assert len({each.camera_id for each in looks}) == 1
            assert sum(isinstance(each, Frame) for each in looks) <= 1
            mine.taken += looks
            mine.frames_taken += sum(isinstance(each, Frame) for each in looks)

    for number, (camera, step) in enumerate(steps):
        if step == "take":
            drain()
        else:
            queue.put(look(camera, number, seen=step == "frame"))
            told[camera].frames_put += step == "frame"
    drain()
    for camera, mine in told.items():
        assert mine.frames_put == mine.frames_taken + queue.dropped(camera)
        times = [each.media_time_s for each in mine.taken]
        assert times == sorted(set(times))
    assert queue.dropped_in_all() == queue.dropped("A") + queue.dropped("B")
    assert queue.waiting() == 0


def test_the_newest_picture_wins_and_the_gaps_before_it_stay() -> None:
    queue = LookQueue()
    for number, seen in enumerate([True, False, True, False, True]):
        queue.put(look("A", number, seen=seen))
    (looks,) = take(queue)
    assert [(each.media_time_s, isinstance(each, Frame)) for each in looks] == [(1, False), (3, False), (4, True)]
    assert queue.dropped("A") == 2


def test_of_very_many_gaps_the_first_and_the_last_stay_and_so_does_the_picture() -> None:
    queue = LookQueue()
    for number in range(32):
        queue.put(look("A", number, seen=False))
    queue.put(look("A", 32, seen=True))
    for number in range(33, 500):
        queue.put(look("A", number, seen=False))
    (looks,) = take(queue)
    assert len(looks) <= 65
    assert [looks[0].media_time_s, looks[-1].media_time_s] == [0, 499]
    assert [each.media_time_s for each in looks if isinstance(each, Frame)] == [32]


def test_cameras_that_have_waited_longest_come_first() -> None:
    queue = LookQueue()
    for number, camera in enumerate("ABCA"):
        queue.put(look(camera, number, seen=True))
    assert [looks[0].camera_id for looks in take(queue, 2)] == ["A", "B"]
    queue.put(look("A", 9, seen=True))
    assert [looks[0].camera_id for looks in take(queue, 2)] == ["C", "A"]
    assert take(queue) == []


def test_a_closed_queue_lets_nobody_wait() -> None:
    queue = LookQueue()
    queue.close()
    assert queue.take(1, 3600.0) == []


# --- the pace ----------------------------------------------------------------------------------------------------


class Load:
    """Looks that come in ten seconds, of which so many can be judged, at the pace that is asked for."""

    def __init__(self, can_judge: float) -> None:
        self.can_judge = can_judge
        self.now_s = 0.0
        self.pace = Pace(lambda: self.now_s)
        self.judged = self.dropped = 0

    def ten_seconds(self, come: float) -> None:
        come /= self.pace.factor
        judged = min(come, self.can_judge)
        self.judged += round(judged)
        self.dropped += round(come - judged)
        self.now_s += 10
        self.pace.note(self.judged, self.dropped)


def test_as_long_as_all_is_judged_looks_come_as_asked_for() -> None:
    load = Load(can_judge=100)
    for _ in range(20):
        load.ten_seconds(come=100)
    assert load.pace.factor == 1.0


def test_overload_stretches_the_time_between_looks_until_all_are_judged_again() -> None:
    load = Load(can_judge=100)
    for _ in range(20):
        load.ten_seconds(come=300)
    assert 2.4 <= load.pace.factor <= 4.0
    for _ in range(40):
        load.ten_seconds(come=90)
    assert load.pace.factor == 1.0


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=60))
def test_the_pace_stays_within_bounds(steps: list[tuple[int, int]]) -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    judged = dropped = 0
    for done, lost in steps:
        now_s += 10
        judged, dropped = judged + done, dropped + lost
        before = pace.factor
        assert pace.note(judged, dropped) == (pace.factor != before)
        assert 1.0 <= pace.factor <= 6.0


def test_it_is_judged_by_ten_seconds_at_a_time() -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    now_s = 9.9
    assert not pace.note(0, 1000)
    now_s = 10.0
    assert pace.note(0, 1000)
    assert not pace.note(0, 2000)
    assert pace.factor == 1.25
