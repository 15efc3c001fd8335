"""One camera, watched for as long as the program runs: connect, look, lose it, wait, connect again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Thread

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import SourceError
from pipeline.readers.key_frames import DueLook
from pipeline.readers.live_stream import LiveStream, LiveTimeline, StreamCounts
from pipeline.readers.stream_addresses import StreamAddresses
from pipeline.readers.stream_connection import StreamConnection
from pipeline.readers.stream_ring import StreamRing
from pipeline.types import GapReason, MissedLook
from pipeline.watching.backoff import Backoff

_LOG = logging.getLogger(__name__)
_MOST_OF_LONGEST = 0.8
"""Of ``rules.longest_look_interval_s``: key frames come when they come."""


class LinkState(StrEnum):
    """How a camera's stream is doing."""

    CONNECTING = "connecting"
    WATCHED = "watched"
    """Pictures come."""
    WAITING = "waiting"
    """It failed or broke, and is tried again soon."""
    FLAPPING = "flapping"
    """It breaks again and again, and is tried more rarely."""
    ELSEWHERE = "elsewhere"
    """A patrol is at other cameras."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Link:
    """A camera's stream as seen from outside."""

    state: LinkState
    since_s: float
    """Monotonic seconds at which the state began."""
    fault: str
    """What broke it last, in one line; empty while all is well."""
    reconnections: int


@dataclass(frozen=True, slots=True)
class WatchTools:
    """What all cameras share."""

    settings: DoorlineSettings
    addresses: StreamAddresses
    put: Callable[[DueLook], None]
    """Takes looks, from the thread of each camera, per camera in rising time."""
    monotonic: Callable[[], float]
    random: Callable[[], float]
    """0..1."""
    stretch: Callable[[], float] = lambda: 1.0
    """By how much looks are further apart than the settings ask for, >= 1; asked at each key frame."""


class CameraWatch:
    """The thread of one camera. Whatever its stream does stays with it: others never wait for it."""

    def __init__(self, camera: CameraSettings, timeline: LiveTimeline, tools: WatchTools) -> None:
        """Nothing runs yet. ``timeline`` is this camera's."""
        settings = tools.settings
        interval_s = camera.interval_s or settings.looks.interval_s
        # Looks that are further apart would each be a gap: rather let some wait.
        longest_s = _MOST_OF_LONGEST * settings.rules.longest_look_interval_s
        self.camera = camera
        self.ring = StreamRing(seconds=settings.live.ring_s, most_bytes=round(settings.live.ring_mb * 2**20))
        self._settings = settings
        self._addresses = tools.addresses
        self._put = tools.put
        self._monotonic = tools.monotonic
        self._stream = LiveStream(camera.id, timeline, self.ring, lambda: max(interval_s, min(interval_s * tools.stretch(), longest_s)))
        self._backoff = Backoff(tools.random)
        self._stop = Event()
        self._leave = Event()
        """Set while nobody may watch: elsewhere, or stopped."""
        self._visit = Event()
        """Set while somebody may watch, or all is to stop."""
        self._visit.set()
        self._thread = Thread(target=self._run, name=f"camera {camera.id}", daemon=True)
        self._link = Link(LinkState.CONNECTING, tools.monotonic(), "", 0)

    @property
    def link(self) -> Link:
        """How the stream is doing now."""
        return self._link

    @property
    def counts(self) -> StreamCounts:
        """What came so far."""
        return self._stream.counts

    def start(self) -> None:
        """Begin to watch, unless it was left before."""
        self._thread.start()

    def leave(self) -> None:
        """Let go of the stream until ``visit``; a patrol goes on to the next."""
        self._visit.clear()
        self._leave.set()

    def visit(self) -> None:
        """Watch again."""
        self._leave.clear()
        self._visit.set()

    def stop(self) -> None:
        """Ask it to stop; see ``join``."""
        self._stop.set()
        self._leave.set()
        self._visit.set()

    def join(self, wait_s: float) -> bool:
        """Whether it has stopped, after waiting for so long at most: a stream that sends nothing can't be left sooner than its timeout."""
        self._thread.join(wait_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._leave.is_set():
                self._set(LinkState.ELSEWHERE, "")
                self._miss(GapReason.NO_LOOK)
                self._visit.wait()
                continue
            began_s = self._monotonic()
            self._set(LinkState.CONNECTING, self._link.fault)
            fault, seen = self._watch()
            if self._leave.is_set():
                continue
            wait_s = self._backoff.after(self._monotonic() - began_s, connected=seen)
            flapping = self._backoff.flapping
            if seen or fault != self._link.fault:
                _LOG.warning("camera %s: %s. Trying again%s", self.camera.id, fault, f" in {wait_s:.0f} s" if flapping else "")
            self._set(LinkState.FLAPPING if flapping else LinkState.WAITING, fault)
            self._wait(wait_s)
        self._set(LinkState.STOPPED, self._link.fault)

    def _watch(self) -> tuple[str, bool]:
        """One connection to its end: why it ended, and whether it brought any picture."""
        seen = False
        try:
            with (
                self._addresses.open(self.camera.stream, stop=self._leave) as address,
                StreamConnection(address, self._settings.streams, self._monotonic) as connection,
            ):
                for look in self._stream.watch(connection, self._leave.is_set):
                    if not isinstance(look, MissedLook) and not seen:
                        seen = True
                        self._well()
                    self._put(look)
                fault = str(SourceError("the stream ended", where=connection.where, expected="one that never ends"))
        except SourceError as err:
            fault = str(err)
        if not self._leave.is_set():
            self._miss(GapReason.NO_FRAME)
        return fault, seen

    def _well(self) -> None:
        if self._link.fault:
            _LOG.warning("camera %s: pictures again", self.camera.id)
        link = self._link
        self._link = Link(LinkState.WATCHED, self._monotonic(), "", link.reconnections + (1 if link.fault else 0))

    def _set(self, state: LinkState, fault: str) -> None:
        self._link = Link(state, self._monotonic(), fault, self._link.reconnections)

    def _wait(self, wait_s: float) -> None:
        """Wait, and say now and then that nothing is seen."""
        until_s = self._monotonic() + wait_s
        while (left_s := until_s - self._monotonic()) > 0 and not self._leave.wait(min(left_s, self._settings.live.gap_every_s)):
            if left_s > self._settings.live.gap_every_s:
                self._miss(GapReason.NO_FRAME)

    def _miss(self, reason: GapReason) -> None:
        missed = self._stream.missed(reason)
        if missed is not None and not self._stop.is_set():
            self._put(missed)
