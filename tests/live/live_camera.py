"""A street camera on loopback that goes on by the clock whether anybody watches or not, and misbehaves on command.

It hands out FLV by HTTP as media gateways do, with a silent sound track, to several clients at once. What it shows at
each second is decided when that second comes, so a test puts the carton down when it likes. A new connection begins at
the last key frame.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tests.live.street_film import RATE, Film, Scene

_VIDEO, _SOUND, _SCRIPT = 9, 8, 18
_AAC_PARAMETERS, _AAC_SILENCE = bytes.fromhex("af001210"), bytes.fromhex("af01210049900219002380")
"""44.1 kHz in stereo, and a frame of it without a sound."""
_HTTP_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\nConnection: close\r\n\r\n"
_TICK_S = 0.02


class Mood(StrEnum):
    """What it does with its clients."""

    WELL = "well"
    SILENT = "silent"
    """It accepts, and never says another word."""
    GARBAGE = "garbage"
    """It sends what is no video."""
    TRICKLE = "trickle"
    """One packet a minute."""


@dataclass(frozen=True, slots=True)
class _Second:
    """What is shown at one second."""

    parameters: bytes
    packets: tuple[bytes, ...]


class LiveCamera:
    """Goes on from when it is made until ``switch_off``. Its commands may come from any thread."""

    def __init__(self, film: Film, *, sound: bool = True, title: bytes = b"") -> None:
        """``title``: what it calls itself, in whatever encoding."""
        self._film = film
        self._sound = sound
        self._title = title
        self._changed = threading.Condition()
        self._began_s = time.monotonic()
        self._scene = Scene.EMPTY
        self._mood = Mood.WELL
        self._frozen: _Second | None = None
        self._ahead_s = 0.0
        self._shown: dict[int, _Second] = {}
        self._off = False
        self._clients: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        """So many clients were answered."""
        self._accept(self._listener)

    @property
    def address(self) -> str:
        """What a player opens."""
        return f"http://127.0.0.1:{self.port}/live/street.flv"

    # --- what happens on the street -----------------------------------------------------------------------------

    def put_down(self) -> None:
        """A carton stands there from the next second on."""
        self._show(Scene.CARTON)

    def take_away(self) -> None:
        """The street is empty from the next second on."""
        self._show(Scene.EMPTY)

    def grey(self) -> None:
        """The picture is grey from the next second on, until something else is shown."""
        self._show(Scene.GREY)

    # --- what happens to the camera -----------------------------------------------------------------------------

    def cut(self) -> None:
        """Close all connections and refuse new ones until ``mend``."""
        with self._changed:
            # Merely closed, it would stay open as long as somebody waits in accept().
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.drop()

    def drop(self) -> None:
        """Close all connections; new ones are welcome."""
        with self._changed:
            clients, self._clients = self._clients, set()
        for client in clients:
            _close(client)

    def silence(self) -> None:
        """Send nothing more, to nobody, until ``mend``."""
        self._become(Mood.SILENT)

    def garbage(self) -> None:
        """Send random bytes until ``mend``."""
        self._become(Mood.GARBAGE)

    def one_packet_a_minute(self) -> None:
        """Send next to nothing until ``mend``."""
        self._become(Mood.TRICKLE)

    def freeze(self) -> None:
        """Show the same second again and again until ``mend``; its stamps go on."""
        with self._changed:
            self._frozen = self._second(int(self._now_s()))

    def jump(self, seconds: float) -> None:
        """Its clock is set, in the middle of all connections."""
        with self._changed:
            self._ahead_s += seconds

    def resize(self, film: Film, *, dropping: bool = True) -> None:
        """Go on with a film of another size from the next second on: connections are closed, or, as gateways do, go on too."""
        with self._changed:
            self._film = film
        if dropping:
            self.drop()

    def mend(self) -> None:
        """All is well again; clients that are still there were lost on the way."""
        with self._changed:
            ill, self._mood = self._mood is not Mood.WELL, Mood.WELL
            self._frozen = None
            self._changed.notify_all()
        if ill:
            self.drop()
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._accept(self._listener)

    def switch_off(self) -> None:
        """The end."""
        with self._changed:
            self._off = True
            self._changed.notify_all()
        if self._listener.fileno() >= 0:
            self.cut()

    # --- the other side -----------------------------------------------------------------------------------------

    def _show(self, scene: Scene) -> None:
        with self._changed:
            self._scene = scene

    def _become(self, mood: Mood) -> None:
        with self._changed:
            self._mood = mood
            self._changed.notify_all()

    def _now_s(self) -> float:
        return time.monotonic() - self._began_s

    def _second(self, number: int) -> _Second:
        """What is shown at this second, the same for all clients."""
        if self._frozen is not None:
            return self._frozen
        if number not in self._shown:
            seconds = self._film.seconds[self._scene]
            self._shown[number] = _Second(self._film.parameters, seconds[number % len(seconds)])
        return self._shown[number]

    def _accept(self, listener: socket.socket) -> None:
        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with self._changed:
                    self._clients.add(client)
                    self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = client.recv(4096)
                if not more:
                    return
                asked += more
            self._wait(lambda: self._mood is not Mood.SILENT)
            client.sendall(
                _HTTP_HEAD + _flv_head(sound=self._sound) + _tag(_VIDEO, 0, _video(b"", self._second(int(self._now_s())).parameters))
            )
            if self._sound:
                client.sendall(_tag(_SOUND, 0, _AAC_PARAMETERS))
            if self._title:
                client.sendall(_tag(_SCRIPT, 0, _metadata(self._title)))
            self._stream(client)

    def _stream(self, client: socket.socket) -> None:
        noise = np.random.default_rng(client.fileno())
        at = int(self._now_s()) * RATE
        told = self._second(at // RATE).parameters
        while not self._off:
            due_s = at / RATE
            self._wait(lambda due_s=due_s: self._now_s() >= due_s)  # type: ignore[misc]  # bound now
            with self._changed:
                mood, second, stamp_s = self._mood, self._second(at // RATE), due_s + self._ahead_s
            if mood is Mood.SILENT:
                self._wait(lambda: self._mood is not Mood.SILENT)
                return
            if second.parameters != told:
                told = second.parameters
                client.sendall(_tag(_VIDEO, round(stamp_s * 1000), _video(b"", told)))
            client.sendall(
                noise.bytes(2000) if mood is Mood.GARBAGE else self._tags(second.packets[at % RATE], stamp_s, key=at % RATE == 0)
            )
            at += 60 * RATE if mood is Mood.TRICKLE else 1

    def _tags(self, packet: bytes, stamp_s: float, *, key: bool) -> bytes:
        stamp_ms = round(stamp_s * 1000)
        return _tag(_VIDEO, stamp_ms, _video(packet, b"", key=key)) + (_tag(_SOUND, stamp_ms, _AAC_SILENCE) if self._sound else b"")

    def _wait(self, ready: Callable[[], bool]) -> None:
        with self._changed:
            while not (self._off or ready()):
                self._changed.wait(_TICK_S)


@contextmanager
def live_camera(film: Film, *, sound: bool = True, title: bytes = b"") -> Iterator[LiveCamera]:
    """A camera that shows an empty street."""
    camera = LiveCamera(film, sound=sound, title=title)
    try:
        yield camera
    finally:
        camera.switch_off()


def _close(client: socket.socket) -> None:
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _video(packet: bytes, parameters: bytes, *, key: bool = True) -> bytes:
    """The body of an FLV video tag: a picture, or the parameters of the codec."""
    return bytes([0x17 if key else 0x27, 0 if parameters else 1, 0, 0, 0]) + (parameters or packet)


def _metadata(title: bytes) -> bytes:
    """AMF: onMetaData with nothing but a title."""

    def text(value: bytes) -> bytes:
        return len(value).to_bytes(2, "big") + value

    return b"\x02" + text(b"onMetaData") + b"\x08\x00\x00\x00\x01" + text(b"title") + b"\x02" + text(title) + b"\x00\x00\x09"


def _flv_head(*, sound: bool) -> bytes:
    return b"FLV\x01" + bytes([5 if sound else 1, 0, 0, 0, 9, 0, 0, 0, 0])


def _tag(kind: int, stamp_ms: int, body: bytes) -> bytes:
    stamp = stamp_ms & 0xFFFFFFFF
    head = bytes([kind]) + len(body).to_bytes(3, "big") + (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes([stamp >> 24, 0, 0, 0])
    return head + body + (len(head) + len(body)).to_bytes(4, "big")
