"""The threads that judge the looks of all cameras, each stream by one of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Protocol

from pipeline.types import Look
from pipeline.watching.watched_stream import WatchedStream

_WAIT_S = 0.2


class Arrivals(Protocol):
    """Where looks come from (WatchedStreams), asked by several threads."""

    def take(self, wait_s: float) -> tuple[WatchedStream, list[Look]] | None:
        """Looks of one stream, which is the caller's alone until it is given back; None where none came."""
        ...

    def give_back(self, stream: WatchedStream) -> None:
        """Those are judged."""
        ...


class Judges:
    """A few threads that judge side by side, for a while at a time: in between nothing of what they work with changes under their hands.

    The network and most of the work on pictures let other threads run meanwhile. What one stream shows is judged in its order. Even on two
    cores, which also read the streams, a second thread keeps up where one alone is busy all the time (docs/benchmarks.md).
    """

    def __init__(
        self,
        arrivals: Arrivals,
        judge: Callable[[WatchedStream, Sequence[Look]], None],
        threads: int,
        monotonic: Callable[[], float],
    ) -> None:
        """No thread runs yet.

        Args:
            arrivals: where looks come from.
            judge: judges looks of one stream; called from any of the threads, for one stream from one of them at a time.
            threads: how many.
            monotonic: seconds that run on.
        """
        self._arrivals = arrivals
        self._judge = judge
        self._threads = threads
        self._monotonic = monotonic
        self._pool = ThreadPoolExecutor(threads, "judging")
        self._counting = Lock()
        self._busy_s = 0.0

    @property
    def busy_s(self) -> float:
        """For how long the threads have judged, in the mean of them."""
        return self._busy_s / self._threads

    def work(self, seconds: float) -> None:
        """Judge what comes for so long. What ``judge`` raises ends the work of all, and is raised here."""
        until_s, ended = self._monotonic() + seconds, Event()
        working = [self._pool.submit(self._work, until_s, ended) for _ in range(self._threads)]
        errors = [error for each in working if (error := each.exception()) is not None]
        if errors:
            raise errors[0]

    def close(self) -> None:
        """End the threads; nothing is judged any more."""
        self._pool.shutdown()

    def _work(self, until_s: float, ended: Event) -> None:
        try:
            while not ended.is_set() and self._monotonic() < until_s:
                taken = self._arrivals.take(_WAIT_S)
                if taken is not None:
                    self._judge_and_give_back(*taken)
        except BaseException:
            ended.set()
            raise

    def _judge_and_give_back(self, stream: WatchedStream, looks: Sequence[Look]) -> None:
        began_s = self._monotonic()
        try:
            self._judge(stream, looks)
        finally:
            self._arrivals.give_back(stream)
            with self._counting:
                self._busy_s += self._monotonic() - began_s
