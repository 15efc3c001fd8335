"""Looks on their way to the judge: the newest picture wins, no gap is forgotten, nothing is lost unseen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.key_frames import KeyFrameLook
from pipeline.types import Frame, GapReason, Look, MissedLook
from pipeline.watching.look_queue import LookQueue
from tests.footage.scenes import ArrayPicture

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PICTURE = ArrayPicture(np.zeros((2, 2, 3), np.uint8))


def look(camera: str, number: int, *, seen: bool) -> Look:
    at = T0 + timedelta(seconds=number)
    return Frame(camera, at, number, PICTURE) if seen else MissedLook(camera, at, number, GapReason.NO_FRAME)


def put(queue: LookQueue, each: Look) -> None:
    """By the number of its stream."""
    queue.put(ord(each.camera_id), each)


def take(queue: LookQueue, streams: int = 100) -> list[list[Look]]:
    """What waits right now."""
    taken: list[list[Look]] = []
    while len(taken) < streams and (found := queue.take(0.0)) is not None:
        stream, looks = found
        assert {look.camera_id for look in looks} == {chr(stream)}
        taken.append([look for look in looks if not isinstance(look, KeyFrameLook)])
    return taken


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
            put(queue, look(camera, number, seen=step == "frame"))
            told[camera].frames_put += step == "frame"
    drain()
    for camera, mine in told.items():
        assert mine.frames_put == mine.frames_taken + queue.dropped(ord(camera))
        times = [each.media_time_s for each in mine.taken]
        assert times == sorted(set(times))
    assert queue.waiting() == 0


def test_the_newest_picture_wins_and_the_gaps_before_it_stay() -> None:
    queue = LookQueue()
    for number, seen in enumerate([True, False, True, False, True]):
        put(queue, look("A", number, seen=seen))
    (looks,) = take(queue)
    assert [(each.media_time_s, isinstance(each, Frame)) for each in looks] == [(1, False), (3, False), (4, True)]
    assert queue.dropped(ord("A")) == 2


def test_of_very_many_gaps_the_first_and_the_last_stay_and_so_does_the_picture() -> None:
    queue = LookQueue()
    for number in range(32):
        put(queue, look("A", number, seen=False))
    put(queue, look("A", 32, seen=True))
    for number in range(33, 500):
        put(queue, look("A", number, seen=False))
    (looks,) = take(queue)
    assert len(looks) <= 65
    assert [looks[0].media_time_s, looks[-1].media_time_s] == [0, 499]
    assert [each.media_time_s for each in looks if isinstance(each, Frame)] == [32]


def test_cameras_that_have_waited_longest_come_first() -> None:
    queue = LookQueue()
    for number, camera in enumerate("ABCA"):
        put(queue, look(camera, number, seen=True))
    assert [looks[0].camera_id for looks in take(queue, 2)] == ["A", "B"]
    put(queue, look("A", 9, seen=True))
    assert [looks[0].camera_id for looks in take(queue, 2)] == ["C", "A"]
    assert take(queue) == []
