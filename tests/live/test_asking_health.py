"""Asking a program how it is: whatever answers, and however slowly."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.asking_health import (
    HealthAsker,
    NoAnswerError,
    NoHealthPageError,
    StuckError,
    ToldProgram,
    Trouble,
    ask_program,
    ask_status,
    told_program,
)
from pipeline.live.health import HealthBoard, health_page
from pipeline.live.status import CameraStatus, LiveStatus
from tests.streams.servers import free_port

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WELL = ToldProgram({}, 1.0, "ok")


def camera(name: str) -> CameraStatus:
    return CameraStatus(name, "a street", False, "watched", "", NOW, 1.5, 2.0, 100, (("dark", 3),), "dark", 0, 0, 1, 0, 0, 1, 1, 45.0, 2, 0)


def status() -> LiveStatus:
    cameras = (camera("cam01"), camera("cam02"))
    return LiveStatus("live-1", NOW, NOW - timedelta(hours=1), cameras, 0, 1.25, (0.1,), 1.0, 0.1, 5, "low", False)


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """Something on a port that says what it says to whoever connects."""
    server = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.recv(4096)
                speak(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        stopped.set()
        # A thread that waits for somebody is not woken by closing what it waits at.
        with suppress(OSError), socket.create_connection(server.getsockname()[:2], timeout=1):
            pass
        server.close()
        thread.join(5)


# --- one question -----------------------------------------------------------------------------------------------


def test_a_program_is_asked_and_tells() -> None:
    board = HealthBoard(time.monotonic)
    with health_page("127.0.0.1:0", board) as address:
        place = address.removeprefix("http://")
        assert ask_program(place).cameras == {}, "before its first look at itself"
        board.post(status())
        told = ask_program(place)
        assert (told.stretch, told.disk, list(told.cameras)) == (1.25, "low", ["cam01", "cam02"])
        one = told.cameras["cam01"]
        assert (one.watched, one.gap, one.result_age_s, one.looks, one.open_violations) == (True, "dark", 1.5, 100, 2)
        assert ask_status(place) == json.loads(json.dumps(status().as_json()))


def test_a_program_that_is_stuck_says_so() -> None:
    now_s = 0.0
    board = HealthBoard(lambda: now_s)
    board.post(status())
    with health_page("127.0.0.1:0", board) as address:
        now_s = 31.0
        with pytest.raises(StuckError, match="has not turned for 31 s"):
            ask_program(address.removeprefix("http://"))


def test_nobody_is_there() -> None:
    with pytest.raises(NoAnswerError, match="no running doorline answers"):
        ask_program(f"127.0.0.1:{free_port()}")
    with pytest.raises(NoAnswerError):
        ask_program("127.0.0.1:99999")
    with pytest.raises(NoAnswerError):
        ask_program("no.such.host.invalid:80")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.0 200 OK\r\n",
        b"HTTP/1.0 two OK\r\n\r\n{}",
        b"HTTP/1.0 404 Not Found\r\n\r\n",
        b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<html>",
        b"HTTP/1.0 200 OK\r\n\r\n[1, 2]",
        b'HTTP/1.0 200 OK\r\n\r\n{"cameras": "many"}',
        b'HTTP/1.0 200 OK\r\n\r\n{"cameras": [1]}',
        b'HTTP/1.0 200 OK\r\n\r\n{"cameras": [null]}',
        b'HTTP/1.0 200 OK\r\n\r\n{"cameras": [{"camera_id": "a", "result_age_s": NaN}]}',
        b'HTTP/1.0 200 OK\r\n\r\n{"cameras": [], "stretch": []}',
        b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 100_000,
        b"HTTP/1.0 200 OK\r\n\r\n\xff\xfe{}",
    ],
)
def test_what_is_no_health_page_is_told_as_such(answer: bytes) -> None:
    with speaking(lambda line: line.sendall(answer)) as address, pytest.raises(NoHealthPageError, match="no running doorline"):
        ask_program(address)


def test_numbers_that_are_none_are_refused() -> None:
    values = json.loads(json.dumps(status().as_json()))
    for name, value in (("result_age_s", float("nan")), ("interval_s", float("inf")), ("looks", None), ("open_violations", "many")):
        broken = values | {"cameras": [values["cameras"][0] | {name: value}]}
        with pytest.raises(NoHealthPageError):
            told_program(broken, "here")


def test_an_answer_that_is_too_long_is_given_up() -> None:
    with (
        speaking(lambda line: line.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 300_000)) as address,
        pytest.raises(NoHealthPageError, match="more than 100000 bytes"),
    ):
        ask_status(address, most_bytes=100_000)


def test_who_sends_a_byte_now_and_then_is_given_up_by_the_clock() -> None:
    sent = threading.Event()

    def drip(line: socket.socket) -> None:
        while True:
            line.sendall(b"H")
            sent.wait(0.05)

    began_s = time.monotonic()
    with speaking(drip) as address, pytest.raises(NoAnswerError, match="no answer in time"):
        ask_program(address, timeout_s=0.5)
    assert time.monotonic() - began_s < 5


# --- for many ---------------------------------------------------------------------------------------------------


class Asked:
    """Answers as it is told, and counts."""

    def __init__(self) -> None:
        self.times = 0
        self.answer: ToldProgram | Exception = WELL
        self.hold = threading.Event()
        self.hold.set()
        self.now_s = 100.0
        self.asker = HealthAsker(self._ask, lambda: self.now_s, wait_s=5.0)

    def _ask(self) -> ToldProgram:
        self.times += 1
        self.hold.wait(20)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def settle(self) -> None:
        """Until nobody asks."""
        end_s = time.monotonic() + 10
        while self.asker._asking:
            assert time.monotonic() < end_s
            threading.Event().wait(0.01)


def test_who_looks_within_some_seconds_gets_the_same_answer() -> None:
    asked = Asked()
    assert [asked.asker.heard().program for _ in range(20)] == [WELL] * 20
    assert asked.times == 1
    asked.now_s += 3.0
    asked.asker.heard()
    asked.settle()
    assert asked.times == 2


def test_who_looks_while_it_is_asked_again_waits_for_nobody() -> None:
    asked = Asked()
    asked.asker.heard()
    asked.hold.clear()
    asked.now_s += 5.0
    began_s = time.monotonic()
    heard = asked.asker.heard()
    assert time.monotonic() - began_s < 1
    assert (heard.program, heard.age_s) == (WELL, 5.0)
    asked.now_s += 8.0
    threading.Timer(0.2, asked.hold.set).start()
    assert asked.asker.heard().age_s == 0.0, "one that is too old is waited for"


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (NoAnswerError("nobody"), Trouble.SILENT),
        (NoHealthPageError("a router"), Trouble.FOREIGN),
        (StuckError("stuck"), Trouble.STUCK),
    ],
)
def test_trouble_takes_the_place_of_what_was_well_before(error: Exception, trouble: Trouble) -> None:
    asked = Asked()
    assert asked.asker.heard().trouble is None
    asked.answer = error
    asked.now_s += 3.0
    asked.asker.heard()
    asked.settle()
    heard = asked.asker.heard()
    assert (heard.program, heard.trouble, heard.found) == (None, trouble, str(error))
    asked.answer = WELL
    asked.now_s += 3.0
    asked.asker.heard()
    asked.settle()
    assert asked.asker.heard().program is WELL


def test_an_old_answer_is_no_answer() -> None:
    asked = Asked()
    asked.asker = HealthAsker(asked._ask, lambda: asked.now_s, wait_s=0.05)
    asked.asker.heard()
    asked.settle()
    asked.hold.clear()
    asked.now_s += 60.0
    assert asked.asker.heard().trouble is Trouble.SILENT
    asked.hold.set()
    asked.settle()
