"""For tests that need neither threads nor streams."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import PipelineError
from pipeline.types import UNKNOWN_EPOCH
from pipeline.watching.watched_stream import WatchedStream
from pipeline.watching.watched_streams import WatchedStreams


class AtOnce(Executor):
    """Does the work when it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except (PipelineError, OSError) as err:
            future.set_exception(err)
        return future


def unwatched(camera: CameraSettings, settings: DoorlineSettings) -> WatchedStream:
    """A stream that nobody watches."""
    return WatchedStreams(lambda: UNKNOWN_EPOCH, time.monotonic, 1).add(camera, settings, UNKNOWN_EPOCH)
