"""The program's side of the processes that watch its streams: who watches what, what comes from there, and what if one of them dies."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Condition, Thread
from typing import Protocol

import numpy as np

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import SourceError
from pipeline.readers.live_stream import StreamCounts
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.readers.stream_ring import RecordedGroup
from pipeline.types import Frame, Look, MissedLook
from pipeline.watching.camera_watch import Link, LinkState
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
from pipeline.watching.shared_pixels import PixelReader, make_shared_memory

_LOG = logging.getLogger(__name__)
_AHEAD = 3
"""So many looks are decoded before anybody has time for them."""
_ANSWER_WITHIN_S = 10.0
_START_AGAIN_AFTER_S = 5.0
"""A process that dies at once, again and again, is not started more often than this."""
_END_WITHIN_S = 3.0
_LOOK_AGAIN_S = 0.02
_MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "65536"}
"""Else glibc gives each of a hundred threads a heap of its own, and groups that were let go leave holes in it."""


class Ring(Protocol):
    """The last seconds of a stream (StreamRing)."""

    @property
    def end_s(self) -> float | None:
        """Media time of the last picture; None while empty."""

    def groups_between(self, start_s: float, end_s: float) -> tuple[RecordedGroup, ...]:
        """See StreamRing."""

    def newest_key(self) -> RecordedGroup | None:
        """See StreamRing."""


@dataclass(slots=True)
class WatchedStream:
    """One stream, as the program sees it. Belongs to the thread that judges."""

    camera: CameraSettings
    """That gives its name to it; of several views of one camera, the one with the shortest interval."""
    settings: DoorlineSettings
    start_at: datetime
    """Media time 0."""
    views: int
    """How many cameras of the configuration look through it."""
    _process: StreamWatcher
    number: int
    state: StreamState
    _started: bool = False
    _stopped: bool = False
    _left: bool = False

    @property
    def interval_s(self) -> float:
        """Seconds between looks that are asked for."""
        return self.camera.interval_s or self.settings.looks.interval_s

    @property
    def link(self) -> Link:
        """How the stream is doing, as of about a second ago."""
        return self.state.link

    @property
    def counts(self) -> StreamCounts:
        """What came so far, as of about a second ago."""
        return self.state.counts

    @property
    def end_s(self) -> float | None:
        """See Ring."""
        return self.state.ring_end_s

    def groups_between(self, start_s: float, end_s: float) -> tuple[RecordedGroup, ...]:
        """See Ring; none from a process that has died."""
        return self._process.groups(GroupsWanted(self.number, start_s, end_s)) if self._started else ()

    def newest_key(self) -> RecordedGroup | None:
        """See Ring; none from a process that has died."""
        keys = self._process.groups(KeyWanted(self.number)) if self._started else ()
        return keys[-1] if keys else None

    def is_for(self, cameras: Sequence[CameraSettings], settings: DoorlineSettings) -> bool:
        """Whether this is how a stream would be watched under these settings for these cameras: never for several views."""
        if len(cameras) != 1 or self.views != 1:
            return False
        (camera,) = cameras
        wanted = (camera.stream, settings.streams, settings.gateways, settings.live, camera.interval_s or settings.looks.interval_s)
        return wanted == (self.camera.stream, self.settings.streams, self.settings.gateways, self.settings.live, self.interval_s)

    def start(self) -> None:
        """Begin to watch, unless it was left before."""
        self._started = True
        self._process.start()
        self.begin_again()

    def begin_again(self) -> None:
        """Tell a new process what the old one knew."""
        if self._started and not self._stopped:
            self._process.send(Watch(self.number, self.camera, self.settings, self.start_at, self._left))

    def leave(self) -> None:
        """Let go of the stream until ``visit``; a patrol goes on to the next."""
        self._left = True
        if self._started:
            self._process.send(Leave(self.number))

    def visit(self) -> None:
        """Watch again."""
        self._left = False
        if self._started:
            self._process.send(Visit(self.number))

    def stop(self) -> None:
        """Stop watching; what is held of it can still be asked for."""
        self._stopped = True
        if self._started:
            self._process.send(Stop(self.number))

    def join(self, wait_s: float) -> bool:
        """Whether it has stopped, after waiting for so long at most: a stream that sends nothing can't be left sooner than its timeout."""
        until_s = time.monotonic() + wait_s
        while self._started and self.link.state is not LinkState.STOPPED and self._process.alive and time.monotonic() < until_s:
            time.sleep(_LOOK_AGAIN_S)
        return self.link.state is LinkState.STOPPED or not self._started

    def forget(self) -> None:
        """Stopped, and nothing of it is needed any more."""
        if self._started:
            self._process.send(Forget(self.number))
        self._process.streams.pop(self.number, None)


class StreamWatcher:
    """One process that watches streams, started anew where it dies: what is in the native code of a decoder must not end the program."""

    def __init__(self, beat: Callable[[], Beat], inbox: Inbox, monotonic: Callable[[], float], number: int) -> None:
        """Nothing runs before ``start``."""
        self._beat = beat
        self._inbox = inbox
        self._monotonic = monotonic
        self._number = number
        self.streams: dict[int, WatchedStream] = {}
        self._born_s = float("-inf")
        self.waiting = 0
        """Streams of which something waits there."""
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._pixels: PixelReader | None = None
        self._answers: SimpleQueue[GroupsFound] = SimpleQueue()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Begin, unless it has begun. Raises SourceError."""
        if self._process is None:
            self._start()

    def send(self, message: object) -> None:
        """To a process that has just died, nothing is sent: the next one is told all that matters."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.send(message)

    def groups(self, wanted: GroupsWanted | KeyWanted) -> tuple[RecordedGroup, ...]:
        """What is held of a stream; none where the process has died."""
        if self._process is None or not self.alive:
            return ()
        self.send(wanted)
        try:
            return self._answers.get(timeout=_ANSWER_WITHIN_S).groups
        except Empty:
            self._process.kill()  # It would answer later, and each answer would be taken for the next one's.
            err = SourceError("no answer from what watches the streams", where=self._name, expected=f"one in {_ANSWER_WITHIN_S:g} s")
            _LOG.error("%s", err)
            return ()

    def tend(self) -> None:
        """Start it anew where it has died. Called now and then."""
        if self._process is None or self.alive or self._monotonic() - self._born_s < _START_AGAIN_AFTER_S:
            return
        ended = self._process.returncode
        _LOG.error("%s ended with %s, and is started anew; its %d streams have a gap", self._name, ended, len(self.streams))
        try:
            self._start()
        except SourceError as err:
            _LOG.error("%s", err)
            self._born_s = self._monotonic()
            return
        for stream in list(self.streams.values()):
            stream.begin_again()

    def end(self) -> None:
        """Ask it to end; see ``wait``."""
        self.send(End())

    def wait(self, seconds: float) -> None:
        """Wait for its end; a process that does not end in time is ended."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def _name(self) -> str:
        return f"the process that watches streams (pid {self.pid})"

    def _start(self) -> None:
        try:
            ours, pixels, process = self._new_process()
        except OSError as err:
            hint = "Give the machine more memory, or the program the right to start processes"
            raise SourceError("cannot start what watches the streams", where=sys.executable, found=str(err), hint=hint) from err
        self._process, self._connection, self._pixels, self._answers = process, ours, pixels, SimpleQueue()
        self._born_s = self._monotonic()
        self.send(self._beat())
        self.send(MoreLooks(_AHEAD))
        receiver = Thread(target=self._receive, args=(ours, pixels, self._answers, process), name=f"streams {self._number}", daemon=True)
        receiver.start()

    @staticmethod
    def _new_process() -> tuple[Connection, PixelReader, subprocess.Popen[bytes]]:
        """Our end of the connection, the memory in common, and the process. OSError."""
        ours, theirs = Pipe()
        memory = make_shared_memory()
        try:
            level = logging.getLogger().getEffectiveLevel()
            command = [sys.executable, "-m", "pipeline.watching", str(theirs.fileno()), str(memory), str(level)]
            pixels = PixelReader(memory)
            process = subprocess.Popen(command, pass_fds=[theirs.fileno(), memory], stdin=subprocess.DEVNULL, env=_MALLOC | os.environ)
        finally:
            theirs.close()
            os.close(memory)
        return ours, pixels, process

    def _receive(
        self, connection: Connection, pixels: PixelReader, answers: SimpleQueue[GroupsFound], process: subprocess.Popen[bytes]
    ) -> None:
        """Take in what one process sends, until it ends."""
        scaler = Scaler()
        try:
            with suppress(EOFError, OSError):
                while True:
                    self._take_in(connection.recv(), connection, pixels, answers, scaler)
        finally:
            # Whatever ended this: a process that nobody listens to must not seem to watch.
            process.kill()
            answers.put(GroupsFound(()))

    def _take_in(
        self, message: object, connection: Connection, pixels: PixelReader, answers: SimpleQueue[GroupsFound], scaler: Scaler
    ) -> None:
        match message:
            case SentLooks():
                stream = self.streams.get(message.stream)
                looks = [_look(sent, stream, connection, pixels, scaler) for sent in message.looks]
                if stream is not None:
                    stream.state = message.state
                self._inbox.put(Arrived(connection, self, stream, looks))
            case States():
                for number, state in message.streams:
                    if number in self.streams:
                        self.streams[number].state = state
                self.waiting = message.waiting
            case GroupsFound():
                answers.put(message)
            case Said():
                logging.getLogger(message.logger).log(message.level, "%s", message.line)

    def taken(self, arrived: Arrived) -> None:
        """Somebody has taken these: one more may be sent, unless they came from a process that has died since."""
        if arrived.connection is self._connection:
            self.send(MoreLooks(1, self._pixels.freed() if self._pixels else ()))


def _look(sent: SentFrame | MissedLook, stream: WatchedStream | None, connection: Connection, shared: PixelReader, scaler: Scaler) -> Look:
    if isinstance(sent, MissedLook):
        return sent
    if sent.slot is None:
        pixels = np.empty(sent.bytes, np.uint8)
        connection.recv_bytes_into(pixels)
    else:
        pixels = shared.pixels(sent.slot, sent.bytes)
    camera_id = stream.camera.id if stream else ""
    return Frame(camera_id, sent.captured_at, sent.media_time_s, VideoPicture.unpacked(sent.form, pixels, scaler))


@dataclass(frozen=True, slots=True)
class Arrived:
    """Looks of one stream that came from its process; ``stream`` is None where nobody watches it any more."""

    connection: Connection
    watcher: StreamWatcher
    stream: WatchedStream | None
    looks: list[Look]


@dataclass(slots=True)
class Inbox:
    """What came from all processes and was not taken yet. Any thread puts, one takes."""

    _arrived: deque[Arrived] = field(default_factory=deque)
    _changed: Condition = field(default_factory=Condition)

    def put(self, arrived: Arrived) -> None:
        """One more."""
        with self._changed:
            self._arrived.append(arrived)
            self._changed.notify()

    def take(self, most: int, wait_s: float) -> list[Arrived]:
        """At most so many, the oldest first; waits up to ``wait_s`` seconds for the first."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._arrived), wait_s)
            return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]


class WatchedStreams:
    """All streams of a program and the processes that watch them. Belongs to the thread that judges."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float], per_process: int) -> None:
        """No process runs yet.

        Args:
            now: steady time.
            monotonic: the clock of this machine that runs on, as ``time.monotonic`` reads it.
            per_process: streams that share a process.
        """
        self._now = now
        self._monotonic = monotonic
        self._per_process = per_process
        self._inbox = Inbox()
        self._watchers: list[StreamWatcher] = []
        self._stretch = 1.0
        self._streams = 0

    def add(self, camera: CameraSettings, settings: DoorlineSettings, start_at: datetime, *, views: int = 1) -> WatchedStream:
        """A stream more, which is not watched yet: see ``WatchedStream.start``.

        Args:
            camera: whose stream, and how often it is looked at.
            start_at: media time 0.
            views: how many cameras of the configuration look through it.
        """
        watcher = min(self._watchers, key=lambda each: len(each.streams), default=None)
        if watcher is None or len(watcher.streams) >= self._per_process:
            watcher = StreamWatcher(self._beat, self._inbox, self._monotonic, len(self._watchers))
            self._watchers.append(watcher)
        self._streams += 1
        state = StreamState(Link(LinkState.CONNECTING, self._monotonic(), "", 0), StreamCounts(), 0, 0, 0.0, None)
        stream = WatchedStream(camera, settings, start_at, views, watcher, self._streams, state)
        watcher.streams[stream.number] = stream
        return stream

    def take(self, most: int, wait_s: float) -> list[tuple[WatchedStream, list[Look]]]:
        """What waits of at most so many streams, each in rising time, those that have waited longest first.

        Waits up to ``wait_s`` seconds for the first look; empty where none came.
        """
        arrived = self._inbox.take(most, wait_s)
        for each in arrived:
            # Before these are judged: the next ones are decoded meanwhile.
            each.watcher.taken(each)
        return [(each.stream, each.looks) for each in arrived if each.stream is not None and each.looks]

    def tend(self, stretch: float) -> None:
        """About once a second: tell all processes the time and the pace, and start anew what has died."""
        self._stretch = stretch
        for watcher in self._watchers:
            watcher.tend()
            watcher.send(self._beat())

    def waiting(self) -> int:
        """Streams of which something waits, as of about a second ago."""
        return sum(watcher.waiting for watcher in self._watchers)

    def dropped(self) -> int:
        """Pictures that nobody had time for, of all streams that are watched."""
        return sum(stream.state.dropped for watcher in self._watchers for stream in list(watcher.streams.values()))

    def close(self) -> None:
        """End all processes; takes a few seconds at most."""
        until_s = self._monotonic() + _END_WITHIN_S
        for watcher in self._watchers:
            watcher.end()
        for watcher in self._watchers:
            watcher.wait(max(0.0, until_s - self._monotonic()))

    @property
    def pids(self) -> tuple[int, ...]:
        """Of all processes."""
        return tuple(watcher.pid for watcher in self._watchers if watcher.pid is not None)

    def _beat(self) -> Beat:
        return Beat(self._now(), self._monotonic(), self._stretch)
