"""Threads that judge side by side."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from pipeline.config import DoorlineSettings
from pipeline.errors import ModelError
from pipeline.live.judges import Judges
from pipeline.types import UNKNOWN_EPOCH, GapReason, Look, MissedLook
from pipeline.watching.watched_stream import WatchedStream
from pipeline.watching.watched_streams import WatchedStreams


def look(media_time_s: float) -> Look:
    return MissedLook("CAM01", datetime(2026, 3, 1, tzinfo=UTC), media_time_s, GapReason.NO_LOOK)


def unwatched(count: int) -> list[WatchedStream]:
    """Streams that nobody watches."""
    address = "rtsp://127.0.0.1:1/street"
    settings = DoorlineSettings.model_validate({"cameras": [{"id": "CAM01", "zones": "zones.geojson", "stream": address}]})
    streams = WatchedStreams(lambda: UNKNOWN_EPOCH, time.monotonic, 100)
    return [streams.add(settings.cameras[0], settings, UNKNOWN_EPOCH) for _ in range(count)]


class Waiting:
    """Looks that wait, handed out as WatchedStreams does: those of a stream to one at a time."""

    def __init__(self, looks: Sequence[tuple[WatchedStream, Look]]) -> None:
        self._looks = deque(looks)
        self._taken: set[int] = set()
        self._lock = threading.Lock()

    def take(self, wait_s: float) -> tuple[WatchedStream, list[Look]] | None:
        with self._lock:
            for each in self._looks:
                if each[0].number not in self._taken:
                    self._looks.remove(each)
                    self._taken.add(each[0].number)
                    return each[0], [each[1]]
        time.sleep(min(wait_s, 0.01))
        return None

    def give_back(self, stream: WatchedStream) -> None:
        with self._lock:
            self._taken.remove(stream.number)

    @property
    def left(self) -> int:
        return len(self._looks)


@contextmanager
def judges(waiting: Waiting, judge: Callable[[WatchedStream, Sequence[Look]], None], threads: int) -> Iterator[Judges]:
    made = Judges(waiting, judge, threads, time.monotonic)
    try:
        yield made
    finally:
        made.close()


def test_all_that_waits_is_judged_each_stream_in_its_order_by_several_threads() -> None:
    streams = unwatched(5)
    waiting = Waiting([(streams[number % 5], look(number)) for number in range(100)])
    judged: dict[int, list[float]] = {id(stream): [] for stream in streams}
    names: set[str] = set()

    def judge(stream: WatchedStream, looks: Sequence[Look]) -> None:
        names.add(threading.current_thread().name)
        judged[id(stream)] += [each.media_time_s for each in looks]
        time.sleep(0.001)

    with judges(waiting, judge, 3) as three:
        for _ in range(40):
            three.work(0.05)
            if not waiting.left:
                break
    assert [sorted(times) == times for times in judged.values()] == [True] * 5
    assert sorted(time_s for times in judged.values() for time_s in times) == list(range(100))
    assert 1 <= len(names) <= 3
    assert three.busy_s > 0


def test_between_two_stretches_of_work_nobody_judges() -> None:
    (stream,) = unwatched(1)
    waiting = Waiting([(stream, look(number)) for number in range(30)])
    at_work = threading.Event()

    def judge(_stream: WatchedStream, _looks: Sequence[Look]) -> None:
        at_work.set()
        time.sleep(0.02)
        at_work.clear()

    with judges(waiting, judge, 2) as two:
        two.work(0.1)
        assert not at_work.is_set()
        left = waiting.left
        time.sleep(0.05)
        assert waiting.left == left > 0


def test_what_one_of_them_raises_ends_the_work_of_all_and_gives_the_stream_back() -> None:
    stream, other = unwatched(2)
    waiting = Waiting([(stream, look(0)), (stream, look(1)), (other, look(2))])

    def judge(_stream: WatchedStream, looks: Sequence[Look]) -> None:
        if looks[0].media_time_s == 0:
            raise ModelError("model failed while running")

    with judges(waiting, judge, 2) as two:
        began_s = time.monotonic()
        with pytest.raises(ModelError, match="model failed"):
            two.work(30.0)
        assert time.monotonic() - began_s < 5
        two.work(0.2)
    assert waiting.left == 0
