"""One process that watches streams, from the program's side: what comes from there, and what if it dies."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread

import numpy as np

from pipeline.errors import SourceError
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.readers.stream_ring import RecordedGroup
from pipeline.types import Frame, Look, MissedLook
from pipeline.watching.messages import Beat, End, GroupsFound, GroupsWanted, KeyWanted, MoreLooks, Said, SentFrame, SentLooks, States
from pipeline.watching.shared_pixels import PixelReader, make_shared_memory
from pipeline.watching.watched_stream import WatchedStream

_LOG = logging.getLogger(__name__)
_AHEAD = 4
"""So many looks are decoded before anybody has time for them."""
_ANSWER_WITHIN_S = 10.0
_START_AGAIN_AFTER_S = 5.0
"""A process that dies at once, again and again, is not started more often than this."""
_MALLOC = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "65536"}
"""Else glibc gives each of a hundred threads a heap of its own, and groups that were let go leave holes in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """Looks of one stream that came from its process; ``stream`` is None where nobody watches it any more."""

    connection: Connection
    watcher: StreamWatcher
    stream: WatchedStream | None
    looks: list[Look]


@dataclass(slots=True)
class Inbox:
    """What came from all processes and was not taken yet. Any thread puts, any takes."""

    _arrived: deque[Arrived] = field(default_factory=deque)
    _taken: set[int] = field(default_factory=set)
    """Streams whose looks somebody has in hand."""
    _changed: Condition = field(default_factory=Condition)

    def put(self, arrived: Arrived) -> None:
        """One more."""
        with self._changed:
            self._arrived.append(arrived)
            self._changed.notify()

    def take(self, wait_s: float) -> Arrived | None:
        """The oldest whose stream nobody has in hand; it is in the caller's until ``give_back``. None where none came in time."""
        with self._changed:
            arrived = self._changed.wait_for(self._next, wait_s)
            if arrived is not None:
                self._arrived.remove(arrived)
                if arrived.stream is not None:
                    self._taken.add(arrived.stream.number)
            return arrived

    def give_back(self, stream: WatchedStream) -> None:
        """What was taken of this stream is done with: somebody may take what came since."""
        with self._changed:
            self._taken.discard(stream.number)
            self._changed.notify()

    def _next(self) -> Arrived | None:
        return next((each for each in self._arrived if each.stream is None or each.stream.number not in self._taken), None)


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
        self._sending = Lock()
        self._asking = Lock()

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
            with self._sending, suppress(OSError):
                self._connection.send(message)

    def groups(self, wanted: GroupsWanted | KeyWanted) -> tuple[RecordedGroup, ...]:
        """What is held of a stream; none where the process has died."""
        with self._asking:
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

    def forget(self, number: int) -> None:
        """What comes of that stream from now on is for nobody."""
        self.streams.pop(number, None)

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
