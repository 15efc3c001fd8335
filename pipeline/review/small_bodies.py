"""What is larger than any form of ours: refused before anything of it is kept, and answered so that whoever sent it sees the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from fastapi import HTTPException, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LET_GO_BYTES = 2**30
_LET_GO_S = 300.0
"""So much, for so long, is read and let go after an answer: a line that is closed on somebody who still sends is reset, and what was
answered is lost with it."""


class TooLargeError(HTTPException):
    """A request with more than it may have. An HTTPException, since FastAPI lets nothing else through while it reads a form."""

    def __init__(self, most_bytes: int, came_bytes: int | None) -> None:
        """``came_bytes``: None where it was not announced, and is only known to be more."""
        super().__init__(413)
        self.most_bytes = most_bytes
        self.came_bytes = came_bytes


class SmallBodies:
    """Refuses it by what is announced, else as soon as more has come."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int, uploads: Mapping[str, int], refuse: Callable[[Request, TooLargeError], Response]
    ) -> None:
        """Hold what may be.

        Args:
            app: what is asked where all is well. TooLargeError comes out of what it reads; it answers with ``refuse`` as well.
            most_bytes: of a request.
            uploads: how a path ends that may take more -> so many bytes.
            refuse: makes the answer; it may ask the records.
        """
        self._app = app
        self._most = most_bytes
        self._uploads = dict(uploads)
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = next((larger for end, larger in self._uploads.items() if scope["path"].endswith(end)), self._most)
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        sender = _Sender(scope, receive, send)
        if not told.isdigit() or int(told) > most:
            error = TooLargeError(most, int(told) if told.isdigit() else None)
            sender.is_refused = True
            answer = await run_in_threadpool(self._refuse, Request(scope), error)
            await answer(scope, receive, sender.send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await sender.receive()
            taken += len(message.get("body", b""))
            if taken > most:
                sender.is_refused = True
                raise TooLargeError(most, None)
            return message

        await self._app(scope, counted, sender.send)


class _Sender:
    """Whoever sends too much: gets the answer at once, and is then listened to without anything being kept."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        # Who asks first whether to send is told no, and sends nothing.
        self._waits = any(name == b"expect" and value.lower() == b"100-continue" for name, value in scope["headers"])
        self._has_more = True
        self.is_refused = False

    async def receive(self) -> Message:
        self._waits = False
        message = await self._receive()
        self._has_more = message["type"] == "http.request" and bool(message.get("more_body"))
        return message

    async def send(self, message: Message) -> None:
        if not self.is_refused:
            await self._send(message)
        elif message["type"] == "http.response.start":
            await self._send({**message, "headers": [*message["headers"], (b"connection", b"close")]})
        elif message.get("more_body"):
            await self._send(message)
        else:
            await self._send({**message, "more_body": True})
            await self._let_go()
            await self._send({"type": "http.response.body", "body": b""})

    async def _let_go(self) -> None:
        left = _LET_GO_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(_LET_GO_S):
                while self._has_more and not self._waits and left > 0:
                    left -= len((await self.receive()).get("body", b""))
