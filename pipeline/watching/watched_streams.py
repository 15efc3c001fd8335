"""All streams that a program watches: which process watches which, and what came from all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.readers.live_stream import StreamCounts
from pipeline.types import Look
from pipeline.watching.camera_watch import Link, LinkState
from pipeline.watching.messages import Beat, StreamState
from pipeline.watching.stream_watcher import Inbox, StreamWatcher
from pipeline.watching.watched_stream import WatchedStream

_END_WITHIN_S = 3.0


class WatchedStreams:
    """All streams of a program and the processes that watch them. Belongs to one thread, but for what says otherwise."""

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

    def take(self, wait_s: float) -> tuple[WatchedStream, list[Look]] | None:
        """What waits of the stream that has waited longest, in rising time; it is the caller's alone until ``give_back``. From any thread.

        Waits up to ``wait_s`` seconds for it; None where nothing came.
        """
        arrived = self._inbox.take(wait_s)
        if arrived is None:
            return None
        # Before these are judged: the next ones are decoded meanwhile.
        arrived.watcher.taken(arrived)
        return None if arrived.stream is None else (arrived.stream, arrived.looks)

    def give_back(self, stream: WatchedStream) -> None:
        """What was taken of this stream is judged."""
        self._inbox.give_back(stream)

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
