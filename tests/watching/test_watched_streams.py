"""Streams that are watched by another process, and what if that process dies."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from pipeline.config import DoorlineSettings
from pipeline.errors import SourceError
from pipeline.types import Frame, GapReason, Look, MissedLook
from pipeline.watching.camera_watch import LinkState
from pipeline.watching.messages import Beat, End, Forget, GroupsFound, GroupsWanted, Leave, States, Stop, Visit
from pipeline.watching.shared_pixels import make_shared_memory
from pipeline.watching.watched_stream import WatchedStream
from pipeline.watching.watched_streams import WatchedStreams
from tests.cli.running import ROOT
from tests.live.live_camera import live_camera
from tests.live.street_film import Film
from tests.streams.servers import wait_for

pytestmark = pytest.mark.long
START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Street:
    """The program's side, and all looks that came so far."""

    def __init__(self, per_process: int = 100) -> None:
        self._began_s = time.monotonic()
        self.streams = WatchedStreams(self.now, time.monotonic, per_process)
        self.looks: dict[str, list[Look]] = {}

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self._began_s)

    def watch(self, camera_id: str, address: str) -> WatchedStream:
        settings = DoorlineSettings.model_validate(
            {
                "cameras": [{"id": camera_id, "zones": "zones.geojson", "stream": address}],
                "looks": {"interval_s": 1.0},
                "streams": {"open_timeout_s": 5, "read_timeout_s": 2},
                "live": {"gap_every_s": 1.0, "ring_s": 10},
            }
        )
        stream = self.streams.add(settings.cameras[0], settings, START)
        stream.start()
        return stream

    def until(self, ready: Callable[[], bool], seconds: float = 40.0) -> None:
        until_s, told_s = time.monotonic() + seconds, 0.0
        while not ready():
            assert time.monotonic() < until_s, f"waited in vain: {self.looks}"
            self.take()
            if time.monotonic() - told_s > 1:
                told_s = time.monotonic()
                self.streams.tend(1.0)

    def take(self) -> None:
        taken = self.streams.take(0.1)
        if taken is not None:
            stream, looks = taken
            self.looks.setdefault(stream.camera.id, []).extend(looks)
            self.streams.give_back(stream)

    def frames(self, camera_id: str) -> list[Frame]:
        return [look for look in self.looks.get(camera_id, []) if isinstance(look, Frame)]


@contextmanager
def a_street(per_process: int = 100) -> Iterator[Street]:
    street = Street(per_process)
    try:
        yield street
    finally:
        street.streams.close()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_looks_come_with_their_time_and_picture_and_what_is_held_can_be_asked_for(street: Film) -> None:
    with live_camera(street) as camera, a_street() as there:
        watched = there.watch("CAM01", camera.address)
        there.until(lambda: len(there.frames("CAM01")) >= 5)
        looks = there.frames("CAM01")
        assert {look.picture.bgr().shape for look in looks} == {(240, 320, 3)}
        assert all(look.picture.bgr().std() > 10 for look in looks)
        assert all(earlier.captured_at < later.captured_at for earlier, later in pairwise(looks))
        assert all(look.captured_at == START + timedelta(seconds=look.media_time_s) for look in looks)
        assert timedelta(0) <= there.now() - looks[-1].captured_at < timedelta(seconds=8)
        there.until(lambda: watched.end_s is not None and watched.state.ring_s > 2)
        first, last = looks[1].media_time_s, watched.end_s
        assert last is not None
        groups = watched.groups_between(first, last)
        assert groups
        assert groups[0].start_s <= first + 0.01
        assert watched.link.state is LinkState.WATCHED
        assert watched.counts.decoded >= 5


def test_what_is_held_of_a_stream_outlives_its_watching(street: Film) -> None:
    with live_camera(street) as camera, a_street() as there:
        watched = there.watch("CAM01", camera.address)
        there.until(lambda: watched.end_s is not None)
        watched.stop()
        assert watched.join(5)
        assert watched.link.state is LinkState.STOPPED
        assert watched.end_s is not None
        assert watched.groups_between(0, watched.end_s)[-1].end_s == watched.end_s
        watched.forget()


def test_while_nobody_takes_them_the_newest_wins_and_the_others_are_counted(street: Film) -> None:
    with live_camera(street) as camera, a_street() as there:
        watched = there.watch("CAM01", camera.address)
        there.until(lambda: len(there.frames("CAM01")) >= 1)
        wait_for(lambda: watched.state.dropped >= 2, 40)
        there.until(lambda: watched.state.dropped >= 2)
        there.until(lambda: (there.now() - there.frames("CAM01")[-1].captured_at).total_seconds() < 3)
        assert there.streams.dropped() == watched.state.dropped
        # What was decoded ahead is older; then comes the newest.
        assert len(there.frames("CAM01")) >= 4
        assert watched.counts.decoded <= len(there.frames("CAM01")) + 4, "what is dropped is not decoded"


def test_a_stream_that_is_left_is_visited_again(street: Film) -> None:
    with live_camera(street) as camera, a_street() as there:
        watched = there.watch("CAM01", camera.address)
        there.until(lambda: len(there.frames("CAM01")) >= 1)
        watched.leave()
        there.until(lambda: watched.link.state is LinkState.ELSEWHERE)
        assert any(isinstance(look, MissedLook) and look.reason is GapReason.NO_LOOK for look in there.looks["CAM01"])
        seen = len(there.frames("CAM01"))
        watched.visit()
        there.until(lambda: len(there.frames("CAM01")) > seen)


def test_streams_are_spread_over_processes_and_one_that_dies_is_started_anew(street: Film, caplog: pytest.LogCaptureFixture) -> None:
    with live_camera(street) as one, live_camera(street) as other, a_street(per_process=1) as there:
        first, second = there.watch("CAM01", one.address), there.watch("CAM02", other.address)
        there.until(lambda: min(len(there.frames(name)) for name in ("CAM01", "CAM02")) >= 2)
        before, untouched = there.streams.pids
        assert before != untouched
        os.kill(before, signal.SIGKILL)
        there.until(lambda: is_gone(before) or there.streams.pids[0] != before)
        assert first.groups_between(0, 1e9) == (), "what it held is lost, and nobody waits for it"
        seen = len(there.frames("CAM01"))
        there.until(lambda: len(there.frames("CAM01")) >= seen + 2)
        assert there.streams.pids[1] == untouched
        assert there.streams.pids[0] != before
        assert second.link.reconnections == 0
        times = [look.media_time_s for look in there.looks["CAM01"]]
        assert times == sorted(set(times)), "the timeline is the program's, not the process's"
    assert [record.levelno for record in caplog.records if "is started anew" in record.message] == [logging.ERROR]


def test_what_goes_wrong_there_is_said_here(street: Film, caplog: pytest.LogCaptureFixture) -> None:
    with live_camera(street) as camera, a_street() as there:
        watched = there.watch("CAM01", camera.address)
        there.until(lambda: len(there.frames("CAM01")) >= 1)
        camera.cut()
        there.until(lambda: watched.link.state is LinkState.WAITING)
        there.until(lambda: "camera CAM01:" in caplog.text)
        assert watched.link.fault
        camera.mend()
        there.until(lambda: watched.link.state is LinkState.WATCHED)
        there.until(lambda: "pictures again" in caplog.text)
    assert any(isinstance(look, MissedLook) and look.reason is GapReason.NO_FRAME for look in there.looks["CAM01"])


def test_all_processes_end_with_the_program(street: Film) -> None:
    with live_camera(street) as camera:
        with a_street() as there:
            there.watch("CAM01", camera.address)
            there.until(lambda: len(there.frames("CAM01")) >= 1)
            (pid,) = there.streams.pids
        assert is_gone(pid)


def test_a_process_that_watches_loads_neither_models_nor_a_database() -> None:
    """It is started in a second, and small."""
    code = "import pipeline.watching.stream_process, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"av", "pipeline"} <= loaded
    assert not loaded & {"torch", "ultralytics", "openvino", "sqlalchemy", "typer", "scipy", "shapely"}


def test_a_process_that_cannot_be_started_is_one_line(street: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    with live_camera(street) as camera, a_street() as there, monkeypatch.context() as patched:
        patched.setattr("pipeline.watching.stream_watcher.make_shared_memory", full)
        with pytest.raises(SourceError, match=r"cannot start what watches the streams; found .*Cannot allocate memory"):
            there.watch("CAM01", camera.address)


def test_one_that_cannot_be_started_anew_is_tried_again(
    street: Film, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("pipeline.watching.stream_watcher._START_AGAIN_AFTER_S", 0.5)
    with live_camera(street) as camera, a_street() as there:
        there.watch("CAM01", camera.address)
        there.until(lambda: len(there.frames("CAM01")) >= 1)
        with monkeypatch.context() as patched:
            patched.setattr("pipeline.watching.stream_watcher.make_shared_memory", full)
            (pid,) = there.streams.pids
            os.kill(pid, signal.SIGKILL)
            there.until(lambda: "cannot start what watches the streams" in caplog.text)
        seen = len(there.frames("CAM01"))
        there.until(lambda: len(there.frames("CAM01")) > seen)


@contextmanager
def a_process() -> Iterator[tuple[Connection, subprocess.Popen[bytes]]]:
    """One that watches nothing yet, and the program's end of its connection."""
    ours, theirs = Pipe()
    memory = make_shared_memory()
    with theirs:
        command = [sys.executable, "-m", "pipeline.watching", str(theirs.fileno()), str(memory), "30"]
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno(), memory], stderr=subprocess.PIPE)
    os.close(memory)
    with ours, process:
        ours.send(Beat(START, time.monotonic(), 1.0))
        try:
            yield ours, process
        finally:
            process.kill()


def answer(connection: Connection) -> object:
    while isinstance(message := connection.recv(), States):
        pass
    return message


def test_a_process_that_was_started_anew_knows_nothing_of_streams_that_were_stopped_before() -> None:
    with a_process() as (connection, process):
        for message in (Leave(7), Visit(7), Stop(7), Forget(7), GroupsWanted(7, 0.0, 9.0)):
            connection.send(message)
        assert answer(connection) == GroupsFound(())
        connection.send(End())
        assert process.wait(20) == 0


def test_a_process_ends_when_the_program_is_gone() -> None:
    with a_process() as (connection, process):
        connection.send(GroupsWanted(7, 0.0, 9.0))
        assert answer(connection) == GroupsFound(())
        connection.close()
        assert process.wait(20) == 0


def test_work_that_fails_ends_the_process_and_says_why() -> None:
    """Else it would seem to watch, and nothing would be seen."""
    code = "from pipeline.watching.stream_process import _or_end; import threading, time\n"
    code += "threading.Thread(target=_or_end, args=(lambda: 1 / 0,), daemon=True).start(); time.sleep(60)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
