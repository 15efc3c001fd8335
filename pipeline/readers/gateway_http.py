"""One HTTP request to a gateway, which may take long: it ends at its time or when somebody wants to stop, and says what went wrong."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline.errors import SourceError

_CONNECT_WITHIN_S = 5.0
_LOOK_EVERY_S = 0.05
_MOST_BYTES = 1 << 20


class NoAnswerError(Exception):
    """The gateway took the request and said nothing within the time."""


class StoppedError(Exception):
    """Somebody wanted to stop before the answer was there."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back. Headers and body may hold a token."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in small letters."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A GET. Path and headers hold secrets: they are shown nowhere, and no redirection or proxy ever gets them."""

    url: str
    """``http(s)://host:port``, with or without a path before that of the request."""
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


def get(request: HttpRequest, *, within_s: float, monotonic: Callable[[], float], stopped: Callable[[], bool]) -> HttpAnswer:
    """The answer to a request.

    Args:
        within_s: seconds until the whole answer must be there.
        monotonic: a clock that runs on, seconds.
        stopped: asked several times a second; True ends the wait.

    Raises SourceError (the gateway can't be reached), NoAnswerError, StoppedError.
    """
    until = monotonic() + within_s
    exchange = _Exchange(request, within_s)
    exchange.start()
    while not exchange.done.wait(_LOOK_EVERY_S):
        if stopped():
            exchange.abandon()
            raise StoppedError
        if monotonic() >= until:
            exchange.abandon()
            raise NoAnswerError
    if exchange.error is not None:
        raise _fault(request.url, exchange.error) from exchange.error
    if exchange.answer is None:
        raise NoAnswerError
    return exchange.answer


class _Exchange(threading.Thread):
    """The request in a thread of its own, since nothing else lets a caller leave while the gateway thinks."""

    def __init__(self, request: HttpRequest, within_s: float) -> None:
        super().__init__(name="gateway", daemon=True)
        self._request = request
        self._within_s = within_s
        self._connection = _connection(request.url, min(_CONNECT_WITHIN_S, within_s))
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
        path = urlsplit(self._request.url).path + self._request.path
        try:
            self._connection.request("GET", path, headers={"Accept": "application/json", **self._request.headers})
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


def _fault(url: str, err: OSError | http.client.HTTPException) -> SourceError:
    expected, hint = "", "Check the url of the gateway, and that it runs"
    if isinstance(err, ConnectionRefusedError):
        found = "connection refused"
    elif isinstance(err, TimeoutError):
        expected, found = f"a connection within {_CONNECT_WITHIN_S:g} s", "none"
    elif isinstance(err, ssl.SSLCertVerificationError):
        found, hint = f"a certificate that can't be trusted: {err.verify_message}", "Install the certificate of whoever issued it"
    elif isinstance(err, socket.gaierror):
        found = "no machine of that name"
    elif isinstance(err, ssl.SSLError | http.client.HTTPException):
        expected, found = "an answer in HTTP", "something else"
    else:
        found = err.strerror or type(err).__name__
    return SourceError("cannot reach the gateway", where=url, expected=expected, found=found, hint=hint)
