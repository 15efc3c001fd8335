"""Asking a running ``doorline run`` how it is doing: its health page, from wherever that can be reached."""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Condition, Thread
from typing import Any

from pipeline.errors import PipelineError

TIMEOUT_S = 5.0
MOST_BYTES = 16 * 2**20
"""A thousand cameras tell less than one."""
_LONGEST = 300
_ASK_EVERY_S = 3.0
_WAIT_S = 1.5
_TOO_OLD_S = 12.0


class NoAnswerError(PipelineError):
    """Nobody answers there, or not in time."""


class NoHealthPageError(PipelineError):
    """Something answers there that is no health page of ours."""


class StuckError(PipelineError):
    """The program answers, and says itself that its loop does not turn."""


def ask_status(address: str, *, timeout_s: float = TIMEOUT_S, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """What ``/status`` tells.

    Args:
        address: ``HOST:PORT`` of ``live.health``.
        timeout_s: for all of it, however slowly an answer comes.
        most_bytes: of an answer.

    Raises:
        NoAnswerError: nobody answers, or not in time.
        NoHealthPageError: the answer is none of a health page.
    """
    return _ask(address, time.monotonic() + timeout_s, most_bytes)


def ask_program(address: str, *, timeout_s: float = TIMEOUT_S, most_bytes: int = MOST_BYTES) -> ToldProgram:
    """What ``/status`` tells, as values. As ``ask_status``; raises StuckError as well."""
    until_s = time.monotonic() + timeout_s
    told = told_program(_ask(address, until_s, most_bytes), _url(address, "/status"))
    code, body = _get(address, "/healthz", until_s, most_bytes)
    if code == 503:
        raise StuckError("the program is stuck", where=_url(address, "/healthz"), found=body[:200].decode(errors="replace").strip())
    return told


@dataclass(frozen=True, slots=True)
class ToldCamera:
    """One camera as the program tells of it, since the program began."""

    camera_id: str
    watched: bool
    """A look counted lately."""
    elsewhere: bool
    """It takes turns with others, and it is not its turn."""
    state: str
    """Of its stream: see LinkState (pipeline/watching/camera_watch.py)."""
    fault: str
    gap: str
    """Why the last look did not count; empty where it did."""
    result_age_s: float | None
    interval_s: float
    looks: int
    open_violations: int
    zone_version: str = ""
    """By which zones it is judged; empty where an older program does not tell."""


@dataclass(frozen=True, slots=True)
class ToldProgram:
    """What a running program tells of itself."""

    cameras: Mapping[str, ToldCamera]
    stretch: float
    """By how much looks are further apart than asked for."""
    disk: str
    """``ok``, ``low`` or ``full``."""
    refused: str = ""
    """Why zones or shops that were changed are not in force; empty while they are."""


def told_program(values: Mapping[str, Any], where: str) -> ToldProgram:
    """The answer of ``/status`` as values. Raises NoHealthPageError for what is of another shape."""
    try:
        cameras = [_told_camera(camera) for camera in values["cameras"]]
        stretch, disk = _finite(values.get("stretch", 1.0)), str(values.get("disk", "ok"))
        refused = str(values.get("refused") or "")[:_LONGEST]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as err:
        found = f"{type(err).__name__}: {err}"[:200]
        raise NoHealthPageError("what answers there is no running doorline of this version", where=where, found=found) from err
    return ToldProgram({camera.camera_id: camera for camera in cameras}, stretch, disk, refused)


def _told_camera(values: Mapping[str, Any]) -> ToldCamera:
    age = values["result_age_s"]
    return ToldCamera(
        camera_id=str(values["camera_id"]),
        watched=bool(values["watched"]),
        elsewhere=bool(values["elsewhere"]),
        state=str(values["state"]),
        fault=str(values["fault"])[:_LONGEST],
        gap=str(values["gap"])[:_LONGEST],
        result_age_s=None if age is None else _finite(age),
        interval_s=_finite(values["interval_s"]),
        looks=int(values["looks"]),
        open_violations=int(values["open_violations"]),
        zone_version=str(values.get("zone_version") or "")[:_LONGEST],
    )


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} where a number of seconds is told")
    return number


# --- asking for many ---------------------------------------------------------------------------------------


class Trouble(StrEnum):
    """Why nothing is known of the program."""

    SILENT = "silent"
    """Nobody answers, or not in time."""
    FOREIGN = "foreign"
    """Something else answers."""
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Heard:
    """The last answer. ``program`` is None, and ``trouble`` says why, where there is none that still holds."""

    program: ToldProgram | None
    trouble: Trouble | None
    found: str = ""
    """What was wrong, for the log of the console and its administrators."""
    age_s: float = 0.0
    """How long ago that was."""


class HealthAsker:
    """Asks for everybody who wants to know: at most once in some seconds, however many they are, and nobody waits for long."""

    def __init__(self, ask: Callable[[], ToldProgram], monotonic: Callable[[], float] = time.monotonic, *, wait_s: float = _WAIT_S) -> None:
        """Nobody has asked.

        Args:
            ask: as ``ask_program``; it is called in a thread of its own, and may take as long as its own limit allows.
            monotonic: seconds that run on.
            wait_s: how long somebody waits at most where there is no answer yet that still holds.
        """
        self._ask = ask
        self._monotonic = monotonic
        self._wait_s = wait_s
        self._answered = Condition()
        self._asking = False
        self._heard = Heard(None, Trouble.SILENT)
        self._heard_s = float("-inf")

    def heard(self) -> Heard:
        """The newest answer."""
        with self._answered:
            age_s = self._monotonic() - self._heard_s
            if age_s >= _ASK_EVERY_S and not self._asking:
                self._asking = True
                Thread(target=self._go_and_ask, name="asking-health", daemon=True).start()
            if age_s >= _TOO_OLD_S and self._asking:
                self._answered.wait(self._wait_s)
                age_s = self._monotonic() - self._heard_s
            if age_s >= _TOO_OLD_S:
                return Heard(None, Trouble.SILENT)
            return Heard(self._heard.program, self._heard.trouble, self._heard.found, age_s)

    def _go_and_ask(self) -> None:
        heard = Heard(None, Trouble.SILENT)
        try:
            heard = Heard(self._ask(), None)
        except StuckError as err:
            heard = Heard(None, Trouble.STUCK, str(err))
        except NoHealthPageError as err:
            heard = Heard(None, Trouble.FOREIGN, str(err))
        except NoAnswerError as err:
            heard = Heard(None, Trouble.SILENT, str(err))
        finally:
            with self._answered:
                self._heard, self._heard_s, self._asking = heard, self._monotonic(), False
                self._answered.notify_all()


# --- the wire ----------------------------------------------------------------------------------------------


def _ask(address: str, until_s: float, most_bytes: int) -> dict[str, Any]:
    code, body = _get(address, "/status", until_s, most_bytes)
    url = _url(address, "/status")
    if code != 200:
        raise NoHealthPageError("what answers there is no running doorline", where=url, expected="status 200", found=str(code))
    try:
        values = json.loads(body)
        if not isinstance(values, dict) or not isinstance(values["cameras"], list):
            raise TypeError("no object with cameras")
    except (ValueError, KeyError, TypeError, RecursionError) as err:
        raise NoHealthPageError("what answers there is no running doorline", where=url, found=f"{type(err).__name__}: {err}"[:200]) from err
    return values


def _get(address: str, path: str, until_s: float, most_bytes: int) -> tuple[int, bytes]:
    """Status and body. By hand: no library gives up by the clock on who sends a byte now and then, and no proxy lies between."""
    host, port = _place(address)
    request = f"GET {path} HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    received = bytearray()
    try:
        with socket.create_connection((host, port), timeout=_left(until_s)) as line:
            line.sendall(request.encode("ascii", "replace"))
            while len(received) <= most_bytes:
                line.settimeout(_left(until_s))
                data = line.recv(65536)
                if not data:
                    break
                received += data
    except (OSError, UnicodeError, OverflowError) as err:
        hint = "Start it: doorline run --config ..."
        found = "no answer in time" if isinstance(err, TimeoutError) else (getattr(err, "strerror", None) or str(err))
        raise NoAnswerError("no running doorline answers", where=_url(address, path), found=found, hint=hint) from err
    return _parsed(bytes(received), _url(address, path), most_bytes)


def _parsed(received: bytes, url: str, most_bytes: int) -> tuple[int, bytes]:
    head, parted, body = received.partition(b"\r\n\r\n")
    words = head.split(b"\r\n", 1)[0].split()
    if len(received) > most_bytes or not parted or len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
        found = f"more than {most_bytes} bytes" if len(received) > most_bytes else received[:60].decode(errors="replace") or "nothing"
        raise NoHealthPageError("what answers there is no running doorline", where=url, expected="a page of HTTP", found=found)
    return int(words[1]), body


def _left(until_s: float) -> float:
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    bare = host.strip("[]")
    return ("127.0.0.1" if bare in {"0.0.0.0", "::"} else bare), int(port)  # noqa: S104  # asked, not bound


def _url(address: str, path: str) -> str:
    host, port = _place(address)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
