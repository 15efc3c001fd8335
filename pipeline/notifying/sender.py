"""One attempt to hand one message to one receiver: a POST over HTTP, and what its answer means."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline import __version__
from pipeline.config import NotifyEvent, ReceiverSettings
from pipeline.notifying.signing import HEADER, sign

MESSAGE_HEADER = "X-Doorline-Message"
EVENT_HEADER = "X-Doorline-Event"
_MOST_ANSWER_BYTES = 4096
"""What is read of an answer, so that the receiver is not cut off while it writes; nothing looks at it."""
_TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Outcome(StrEnum):
    """What became of an attempt."""

    DELIVERED = "delivered"
    """The receiver answered 2xx: it has the message."""
    TRY_AGAIN = "try_again"
    """Nobody answered, or the answer says that the receiver can't take messages now."""
    REFUSED = "refused"
    """The receiver does not want this message, now or later."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. ``status`` is that of the HTTP answer, None without one. ``error`` is one line, "" if delivered.

    ``retry_after_s`` is how long the receiver asks to be left alone, None where it does not say.
    """

    outcome: Outcome
    status: int | None
    error: str = ""
    retry_after_s: float | None = None


class Sendable(Protocol):
    """What is sent of a message: one that waits in the outbox, or one that never was there."""

    @property
    def message_id(self) -> str:
        """The same at every attempt."""
        ...

    @property
    def event(self) -> NotifyEvent:
        """What it tells of."""
        ...

    @property
    def body(self) -> str:
        """JSON text, sent as UTF-8."""
        ...


def send(receiver: ReceiverSettings, message: Sendable, at: datetime) -> Attempt:
    """Post a message, signed at ``at`` (aware) if the receiver has a secret.

    Takes no longer than connecting (at most ``timeout_s`` for each address of the host) and ``timeout_s``, however
    slowly the receiver answers. Follows no redirect and uses no proxy: a message goes where the settings say, or
    nowhere. Never raises for what the network or the receiver does, and no error quotes address, secret or answer.
    """
    address, body = urlsplit(receiver.url), message.body.encode("utf-8")
    connection = _connection(address, receiver.timeout_s)
    deadline = _Deadline(receiver.timeout_s)
    try:
        connection.connect()
        deadline.start(connection.sock)
        connection.request("POST", _target(address), body, _headers(receiver, address, message, body, at))
        response = connection.getresponse()
        attempt = _meaning(response, at)
        with suppress(OSError, HTTPException):
            response.read(_MOST_ANSWER_BYTES)
    except (OSError, HTTPException) as err:
        late = deadline.passed or isinstance(err, TimeoutError)
        return Attempt(Outcome.TRY_AGAIN, None, f"no answer within {receiver.timeout_s:g} s" if late else _reason(err))
    finally:
        deadline.cancel()
        connection.close()
    return attempt


def shown_address(receiver: ReceiverSettings) -> str:
    """Scheme, host and port alone: user, path and parameters of such addresses are often secrets."""
    parts = urlsplit(receiver.url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


class _Deadline:
    """Cuts a connection when time is up: a socket's own timeout begins anew with every byte that trickles in."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def start(self, connected: socket.socket) -> None:
        """Time runs from here."""
        self._socket = connected
        self._timer.start()

    def cancel(self) -> None:
        """Nothing is cut any more."""
        self._timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        if self._socket is not None:
            with suppress(OSError):  # closed meanwhile
                # Of the plain socket: TLS would wait for the other side.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _connection(address: SplitResult, timeout_s: float) -> HTTPConnection:
    host = address.hostname or ""
    if address.scheme.lower() == "https":
        return HTTPSConnection(host, address.port, timeout=timeout_s, context=ssl.create_default_context())
    return HTTPConnection(host, address.port, timeout=timeout_s)


def _target(address: SplitResult) -> str:
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


def _headers(receiver: ReceiverSettings, address: SplitResult, message: Sendable, body: bytes, at: datetime) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"doorline/{__version__}",
        MESSAGE_HEADER: message.message_id,
        EVENT_HEADER: message.event.value,
    }
    if receiver.secret:
        headers[HEADER] = sign(receiver.secret, body, at)
    if receiver.authorization:
        headers["Authorization"] = receiver.authorization
    elif address.username or address.password:
        user = f"{unquote(address.username or '')}:{unquote(address.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
    return headers


def _meaning(response: HTTPResponse, at: datetime) -> Attempt:
    status = response.status
    if 200 <= status < 300:
        return Attempt(Outcome.DELIVERED, status)
    error = f"answered {status}{_phrase(status)}"
    if status in _TRY_AGAIN or status >= 500:
        return Attempt(Outcome.TRY_AGAIN, status, error, _retry_after_s(response.getheader("Retry-After", ""), at))
    if 300 <= status < 400:
        error += ": redirects are not followed; put the address it names into the settings"
    return Attempt(Outcome.REFUSED, status, error)


def _phrase(status: int) -> str:
    """The usual words, not the receiver's own."""
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _retry_after_s(text: str, at: datetime) -> float | None:
    """Seconds, or a date; None where it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return max(0.0, (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - at.timestamp())


def _reason(err: OSError | HTTPException) -> str:
    """In one line, without anything that the receiver has sent."""
    if isinstance(err, ssl.SSLCertVerificationError):
        return f"certificate refused: {err.verify_message}"
    if isinstance(err, ConnectionError) and not err.strerror:
        return "closed the connection without an answer"
    if isinstance(err, OSError):
        return err.strerror or type(err).__name__
    return f"no HTTP answer ({type(err).__name__})"
