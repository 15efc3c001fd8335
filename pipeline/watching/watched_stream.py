"""One stream as the program sees it: how it is doing, what is held of it, and what can be told to whoever watches it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.readers.live_stream import StreamCounts
from pipeline.readers.stream_ring import RecordedGroup
from pipeline.watching.camera_watch import Link, LinkState
from pipeline.watching.messages import Forget, GroupsWanted, KeyWanted, Leave, Stop, StreamState, Visit, Watch

_LOOK_AGAIN_S = 0.02


class Ring(Protocol):
    """The last seconds of a stream (StreamRing)."""

    @property
    def end_s(self) -> float | None:
        """Media time of the last picture; None while empty."""

    def groups_between(self, start_s: float, end_s: float) -> tuple[RecordedGroup, ...]:
        """See StreamRing."""

    def newest_key(self) -> RecordedGroup | None:
        """See StreamRing."""


class WatchingProcess(Protocol):
    """The process that watches a stream, as the stream needs it (StreamWatcher)."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    def start(self) -> None:
        """Begin, unless it has begun. Raises SourceError."""

    def send(self, message: object) -> None:
        """Tell it something; nothing is lost where it has died, because the next one is told all that matters."""

    def groups(self, wanted: GroupsWanted | KeyWanted) -> tuple[RecordedGroup, ...]:
        """What is held of a stream; none where the process has died."""

    def forget(self, number: int) -> None:
        """What comes of that stream from now on is for nobody."""


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
    _process: WatchingProcess
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
        self._process.forget(self.number)
