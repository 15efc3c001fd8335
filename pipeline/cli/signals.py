"""Ctrl-C and SIGTERM, turned into a request to stop."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StopFlag:
    """Set by the first Ctrl-C or SIGTERM."""

    def __init__(self) -> None:
        """Not set."""
        self.set = False

    def __call__(self) -> bool:
        return self.set


@contextmanager
def stop_signals() -> Iterator[StopFlag]:
    """Turn the first Ctrl-C or SIGTERM into a request to stop after the current write, the second into KeyboardInterrupt."""
    flag = StopFlag()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def ask(number: int, frame: FrameType | None) -> None:
        flag.set = True
        for each in numbers:
            signal.signal(each, signal.default_int_handler)
        # Straight to the system: the signal may have come in the middle of a print.
        os.write(sys.stderr.fileno(), b"\nstopping after the current write; once more to stop at once\n")

    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, ask)
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Request:
    """Set by SIGHUP, taken by whoever answers."""

    def __init__(self) -> None:
        """Not set."""
        self.set = False

    def take(self) -> bool:
        """Whether somebody asked since the last time."""
        asked, self.set = self.set, False
        return asked


@contextmanager
def reload_signal() -> Iterator[Request]:
    """Turn SIGHUP into a request to read the configuration again."""
    request = Request()

    def ask(number: int, frame: FrameType | None) -> None:
        request.set = True

    before = signal.signal(signal.SIGHUP, ask)
    try:
        yield request
    finally:
        signal.signal(signal.SIGHUP, before)
