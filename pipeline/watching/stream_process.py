"""The process that watches streams: a thread for each, one that decodes what is taken, and nothing that could keep either waiting."""

from __future__ import annotations

import logging
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from threading import Condition, Lock, Thread

import numpy as np

from pipeline.config import GatewaySettings
from pipeline.errors import SourceError
from pipeline.readers.key_frames import DueLook, KeyFrameDecoder
from pipeline.readers.live_stream import LiveTimeline
from pipeline.readers.picture import VideoPicture
from pipeline.readers.stream_addresses import StreamAddresses
from pipeline.types import Frame, GapReason, MissedLook
from pipeline.watching.camera_watch import CameraWatch, WatchTools
from pipeline.watching.followed_clock import FollowedClock
from pipeline.watching.look_queue import LookQueue
from pipeline.watching.messages import (
    Beat,
    End,
    Forget,
    GroupsFound,
    GroupsWanted,
    KeyWanted,
    Leave,
    MoreLooks,
    Said,
    SentFrame,
    SentLooks,
    States,
    Stop,
    StreamState,
    Visit,
    Watch,
)
from pipeline.watching.shared_pixels import Pixels, PixelWriter

_LOG = logging.getLogger(__name__)
_WAIT_S = 0.5
_TELL_EVERY_S = 1.0
_TELL_SOON_S, _HURRY_S = 0.1, 3.0
"""After a stream was stopped the program waits for word of it."""
_LAST_WORDS_S = 2.0
"""A gateway is told that its cameras need not play any more."""


class StreamProcess:
    """One end of the connection to the program."""

    def __init__(self, connection: Connection, pixels: PixelWriter) -> None:
        """The first message must be a Beat. Raises EOFError where the program is gone already."""
        self._connection = connection
        self._pixels = pixels
        self._sending = Lock()
        first = connection.recv()
        if not isinstance(first, Beat):
            raise TypeError(f"expected a beat, found {type(first).__name__}")
        self._clock = FollowedClock(first.now, first.monotonic_s, time.monotonic)
        self._stretch = first.stretch
        self._queue = LookQueue()
        self._watches: dict[int, CameraWatch] = {}
        self._addresses: tuple[Sequence[GatewaySettings], StreamAddresses] | None = None
        self._may_send = 0
        self._hurry_until_s = 0.0
        self._allowed = Condition()

    def run(self) -> None:
        """Serve until the program wants no more, or is gone."""
        for work in (self._send_looks, self._send_states):
            Thread(target=_or_end, args=(work,), name=work.__name__, daemon=True).start()
        with suppress(EOFError, OSError):
            while not isinstance(message := self._connection.recv(), End):
                self._do(message)
        for watch in self._watches.values():
            watch.stop()
        until_s = time.monotonic() + _LAST_WORDS_S
        for watch in self._watches.values():
            watch.join(max(0.0, until_s - time.monotonic()))

    def say(self, said: Said) -> None:
        """A line for the program's log."""
        with suppress(OSError):
            self._send(said)

    def _do(self, message: object) -> None:
        match message:
            case Beat():
                self._clock.follow(message.now, message.monotonic_s)
                self._stretch = message.stretch
            case MoreLooks():
                self._pixels.free(message.freed)
                with self._allowed:
                    self._may_send += message.cameras
                    self._allowed.notify()
            case Watch():
                self._watch(message)
            case GroupsWanted():
                watch = self._watches.get(message.stream)
                self._send(GroupsFound(watch.ring.groups_between(message.start_s, message.end_s) if watch else ()))
            case KeyWanted():
                watch = self._watches.get(message.stream)
                key = watch.ring.newest_key() if watch else None
                self._send(GroupsFound(() if key is None else (key,)))
            case Leave() | Visit() | Stop() | Forget():
                # Of a stream that was stopped before this process was started, nothing is known here.
                if message.stream in self._watches:
                    self._change(message, self._watches[message.stream])
            case _:
                raise TypeError(f"unknown message {type(message).__name__}")

    def _change(self, message: Leave | Visit | Stop | Forget, watch: CameraWatch) -> None:
        match message:
            case Leave():
                watch.leave()
            case Visit():
                watch.visit()
            case Stop():
                watch.stop()
                self._hurry_until_s = time.monotonic() + _HURRY_S
            case Forget():
                del self._watches[message.stream]

    def _watch(self, wanted: Watch) -> None:
        settings, start_at = wanted.settings, wanted.start_at
        if self._addresses is None or self._addresses[0] != settings.gateways:
            self._addresses = (settings.gateways, StreamAddresses(settings.gateways, time.monotonic))
        _, addresses = self._addresses
        put = partial(self._queue.put, wanted.stream)
        tools = WatchTools(settings, addresses, put, time.monotonic, random.random, lambda: self._stretch)
        timeline = LiveTimeline(start_at, lambda: (self._clock.now() - start_at).total_seconds())
        watch = CameraWatch(wanted.camera, timeline, tools)
        self._watches[wanted.stream] = watch
        if wanted.left:
            watch.leave()
        watch.start()

    def _send_looks(self) -> None:
        """Decode what waits, the oldest first, as far ahead as the program allows: it judges one while the next is decoded."""
        decoder = KeyFrameDecoder()
        while True:
            with self._allowed:
                self._allowed.wait_for(lambda: self._may_send > 0)
            taken = self._queue.take(_WAIT_S)
            watch = self._watches.get(taken[0]) if taken else None
            if taken and watch:
                self._send_look(*taken, watch, decoder)
                with self._allowed:
                    self._may_send -= 1

    def _send_look(self, stream: int, due: Sequence[DueLook], watch: CameraWatch, decoder: KeyFrameDecoder) -> None:
        sent: list[SentFrame | MissedLook] = []
        room = _Room(self._pixels)
        for each in due:
            look = decoder.look(each)
            if isinstance(look, Frame) and isinstance(look.picture, VideoPicture):
                try:
                    form = look.picture.pack(room)
                except SourceError as err:
                    # A picture of this camera alone: the others go on.
                    _LOG.warning("camera %s: %s", watch.camera.id, err)
                    sent.append(MissedLook(look.camera_id, look.captured_at, look.media_time_s, GapReason.NO_FRAME))
                    room.give_back()
                else:
                    sent.append(SentFrame(look.captured_at, look.media_time_s, form, room.pixels.nbytes, room.slot))
            elif isinstance(look, MissedLook):
                sent.append(look)
        with self._sending:
            self._connection.send(SentLooks(stream, tuple(sent), self._state(stream, watch)))
            if room.slot is None and room.pixels.size:
                self._connection.send_bytes(room.pixels.data)

    def _send_states(self) -> None:
        while True:
            time.sleep(_TELL_SOON_S if time.monotonic() < self._hurry_until_s else _TELL_EVERY_S)
            states = tuple((stream, self._state(stream, watch)) for stream, watch in list(self._watches.items()))
            self._send(States(states, self._queue.waiting()))

    def _state(self, stream: int, watch: CameraWatch) -> StreamState:
        ring = watch.ring
        return StreamState(watch.link, replace(watch.counts), self._queue.dropped(stream), ring.bytes, ring.seconds, ring.end_s)

    def _send(self, message: object) -> None:
        with self._sending:
            self._connection.send(message)


class _Room:
    """Takes the pixels of one picture."""

    def __init__(self, writer: PixelWriter) -> None:
        self._writer = writer
        self.pixels = np.empty(0, np.uint8)
        self.slot: int | None = None

    def __call__(self, size: int) -> Pixels:
        self.pixels, self.slot = self._writer.room(size)
        return self.pixels

    def give_back(self) -> None:
        """Nothing is sent of it."""
        if self.slot is not None:
            self._writer.free((self.slot,))
        self.pixels, self.slot = np.empty(0, np.uint8), None


def _or_end(work: Callable[[], None]) -> None:
    """Work that never ends. If it does, nothing would be sent any more: rather end, and be started anew."""
    try:
        work()
    except OSError:
        # The program is gone.
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)


class _Telling(logging.Handler):
    """Hands what is logged here to the program."""

    def __init__(self, process: StreamProcess) -> None:
        super().__init__()
        self._process = process

    def emit(self, record: logging.LogRecord) -> None:
        self._process.say(Said(record.name, record.levelno, record.getMessage()))


def serve(descriptor: int, pixels: int, level: int) -> None:
    """Be such a process; ends it.

    Args:
        descriptor: of the socket to the program.
        pixels: of the memory that is shared with it.
        level: from which on lines are worth telling.
    """
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Meant for the program, which closes the connection when it is time.
        signal.signal(name, signal.SIG_IGN)
    with suppress(EOFError):
        process = StreamProcess(Connection(descriptor), PixelWriter(pixels))
        logging.basicConfig(level=level, handlers=[_Telling(process)])
        process.run()
    # A camera that sends nothing holds its thread until its timeout: nobody waits for that.
    os._exit(0)
