"""A real receiver on loopback that answers as it was told to, and keeps what it got."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pipeline.config import ReceiverSettings

PATIENCE_S = 20.0
"""A test that waits longer has failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do with one post. ``silent``: say nothing until the webhook ends. ``trickle``: a byte now and then."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_up: bool = False
    silent: bool = False
    trickle: bool = False


@dataclass(frozen=True, slots=True)
class Got:
    """One post as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["X-Doorline-Message"]


class Webhook:
    """Answers posts in turn as scripted, then with 200."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self._answers = list(answers)
        self._changed = threading.Condition()
        self._got: list[Got] = []
        self.ending = threading.Event()
        self.address = ""

    @property
    def got(self) -> tuple[Got, ...]:
        with self._changed:
            return tuple(self._got)

    @property
    def message_ids(self) -> list[str]:
        return [each.message_id for each in self.got]

    def settings(self, **changes: Any) -> ReceiverSettings:
        return ReceiverSettings(**{"name": "district", "url": f"{self.address}/hook?a=b", "secret": "s3cret", **changes})

    def wait_for(self, count: int) -> None:
        """Until so many posts have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._got) >= count, PATIENCE_S), f"{len(self._got)} of {count} posts"

    def take(self, got: Got) -> Answer:
        """Keep a post and say how to answer it."""
        with self._changed:
            self._got.append(got)
            self._changed.notify_all()
            return self._answers.pop(0) if self._answers else Answer()


@contextmanager
def webhook(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Webhook]:
    """A webhook that listens."""
    hook = Webhook(answers)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"hook": hook}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    hook.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Senders that hang up are what some tests are about."""


class _Handler(http.server.BaseHTTPRequestHandler):
    hook: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.hook.take(Got(self.path, dict(self.headers.items()), body))
        if answer.silent:
            self.hook.ending.wait(PATIENCE_S)
        elif answer.trickle:
            self._trickle()
        elif answer.hang_up:
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.send_response(answer.status)
            for name, value in {"Content-Length": "0", **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()

    def _trickle(self) -> None:
        """One header without end: each byte comes well within any timeout."""
        try:
            self.wfile.write(b"HTTP/1.1 2")
            while not self.hook.ending.wait(0.05):
                self.wfile.write(b"0")
        except OSError:
            return  # cut off, as it should be

    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""
