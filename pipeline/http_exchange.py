"""One HTTP request to a server that may take long: it ends at its time or when somebody wants to stop, and says what went wrong."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_CONNECT_WITHIN_S = 5.0
_LOOK_EVERY_S = 0.05
_MOST_BYTES = 1 << 20


class UnreachableError(Exception):
    """The server can't be reached, or speaks no HTTP; in words."""

    def __init__(self, found: str, *, expected: str = "", hint: str = "") -> None:
        """As in PipelineError."""
        self.found = found
        self.expected = expected
        self.hint = hint
        super().__init__(found)


class NoAnswerError(Exception):
    """The server took the request and said nothing within the time."""


class StoppedError(Exception):
    """Somebody wanted to stop before the answer was there."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; of a body the first MiB. Headers and body may hold a token."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in small letters."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A GET, or a POST where it has a body. Path, headers and body hold secrets: they are shown nowhere, and no redirection or proxy ever
    gets them."""

    url: str
    """``http(s)://host:port``, with or without a path before that of the request."""
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


def exchange(
    request: HttpRequest,
    *,
    within_s: float,
    monotonic: Callable[[], float] = time.monotonic,
    stopped: Callable[[], bool] = lambda: False,
) -> HttpAnswer:
    """The answer to a request, whatever its status.

    Args:
        request: what is asked.
        within_s: seconds until the whole answer must be there, however slowly it comes.
        monotonic: a clock that runs on, seconds.
        stopped: asked several times a second; True ends the wait.

    Raises UnreachableError, NoAnswerError, StoppedError.
    """
    until = monotonic() + within_s
    running = _Exchange(request, within_s)
    running.start()
    while not running.done.wait(_LOOK_EVERY_S):
        if stopped():
            running.abandon()
            raise StoppedError
        if monotonic() >= until:
            running.abandon()
            raise NoAnswerError
    if running.error is not None:
        raise _fault(running.error, running.connect_within_s) from running.error
    if running.answer is None:
        raise NoAnswerError
    return running.answer


class _Exchange(threading.Thread):
    """The request in a thread of its own, since nothing else lets a caller leave while the server thinks."""

    def __init__(self, request: HttpRequest, within_s: float) -> None:
        super().__init__(name="http", daemon=True)
        self._request = request
        self._within_s = within_s
        self.connect_within_s = min(_CONNECT_WITHIN_S, within_s)
        self._connection = _connection(request.url, self.connect_within_s)
        self._abandoned = threading.Event()
        self.done = threading.Event()
        self.answer: HttpAnswer | None = None
        self.error: OSError | http.client.HTTPException | None = None

    def run(self) -> None:
        try:
            self._connection.connect()
            if not self._abandoned.is_set():
                self._connection.sock.settimeout(self._within_s)
                self.answer = self._exchanged()
        except (OSError, http.client.HTTPException) as err:
            self.error = err
        finally:
            self._connection.close()
            self.done.set()

    def _exchanged(self) -> HttpAnswer | None:
        method = "GET" if self._request.body is None else "POST"
        path = (urlsplit(self._request.url).path + self._request.path) or "/"
        try:
            self._connection.request(method, path, self._request.body, {"Accept": "application/json", **self._request.headers})
            response = self._connection.getresponse()
            body = response.read(_MOST_BYTES)
        except TimeoutError:
            return None
        return HttpAnswer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)

    def abandon(self) -> None:
        """Cut the line, so that the thread doesn't wait on."""
        self._abandoned.set()
        line = self._connection.sock
        if line is not None:
            with suppress(OSError):
                # That of TLS would pull the line away under a thread that is reading.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def _connection(url: str, connect_within_s: float) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=connect_within_s)


def _fault(err: OSError | http.client.HTTPException, connect_within_s: float) -> UnreachableError:
    if isinstance(err, ConnectionRefusedError):
        return UnreachableError("connection refused")
    if isinstance(err, TimeoutError):
        return UnreachableError("none", expected=f"a connection within {connect_within_s:g} s")
    if isinstance(err, ssl.SSLCertVerificationError):
        hint = "Install the certificate of whoever issued it"
        return UnreachableError(f"a certificate that can't be trusted: {err.verify_message}", hint=hint)
    if isinstance(err, socket.gaierror):
        return UnreachableError("no machine of that name")
    if isinstance(err, ssl.SSLError | http.client.HTTPException):
        return UnreachableError("something else", expected="an answer in HTTP")
    return UnreachableError(err.strerror or type(err).__name__)
