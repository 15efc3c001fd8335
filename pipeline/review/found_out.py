"""What takes a while to find out, found out once for everybody who looks: in a thread of its own, and nobody waits for long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

from pipeline.errors import PipelineError

_LOG = logging.getLogger(__name__)
_Value = TypeVar("_Value")


class FoundOut(Generic[_Value]):
    """The newest finding; finding out begins anew when somebody looks and it is older than it should be."""

    def __init__(self, find: Callable[[], _Value], *, every_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Nothing is known.

        Args:
            find: called in a thread of its own, never twice at a time. A PipelineError is logged, and the finding before stays.
            every_s: older ones are found out anew when somebody looks.
            monotonic: seconds that run on.
        """
        self._find = find
        self._every_s = every_s
        self._monotonic = monotonic
        self._found = Condition()
        self._finding = False
        self._value: _Value | None = None
        self._begun_s = float("-inf")
        self._whole = False

    def look(self, wait_s: float) -> _Value | None:
        """The newest finding; None where there is none yet after ``wait_s``. Who finds one waits for no newer one."""
        with self._found:
            if not self._finding and self._monotonic() - self._begun_s >= self._every_s:
                self._finding, self._begun_s = True, self._monotonic()
                Thread(target=self._go, name="finding-out", daemon=True).start()
            if not self._whole:
                self._found.wait_for(lambda: self._whole or not self._finding, wait_s)
            return self._value

    def _go(self) -> None:
        try:
            value = self._find()
            with self._found:
                self._value, self._whole = value, True
        except PipelineError as err:
            _LOG.warning("%s", err)
        finally:
            with self._found:
                self._finding = False
                self._found.notify_all()
