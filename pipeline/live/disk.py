"""Room on the disk: warned of early, and spent last on what can't be had again."""

from __future__ import annotations

import logging
from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 5.0
_GIB = 2**30


class DiskRoom:
    """Whether there is room for evidence. Any thread may ask.

    Below the first limit it is only said. Below the second, nothing of the streams is kept and no evidence is written; violations wait, and
    are stored when there is room again. The log of looks goes on: without it nothing could be judged.
    """

    def __init__(self, free: Callable[[], int | None], *, warn_gib: float, stop_gib: float, monotonic: Callable[[], float]) -> None:
        """``free``: bytes that are left; None where nobody knows, which counts as enough."""
        self._free = free
        self._warn = warn_gib * _GIB
        self._stop = stop_gib * _GIB
        self._monotonic = monotonic
        self._looked_s = float("-inf")
        self._left: int | None = None
        self._said = ""

    @property
    def free_bytes(self) -> int | None:
        """What is left, a few seconds old at most."""
        if self._monotonic() - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = self._monotonic()
            self._left = self._free()
            self._say()
        return self._left

    @property
    def state(self) -> str:
        """``ok``, ``low`` or ``full``."""
        left = self.free_bytes
        if left is None or left >= self._warn:
            return "ok"
        return "low" if left >= self._stop else "full"

    @property
    def is_enough(self) -> bool:
        """Whether evidence may be written."""
        return self.state != "full"

    def _say(self) -> None:
        left = self._left
        state = "" if left is None or left >= self._warn else ("low" if left >= self._stop else "full")
        if state == self._said:
            return
        self._said = state
        if state == "low" and left is not None:
            _LOG.warning("the disk of the evidence is nearly full: %.1f GiB left", left / _GIB)
        elif state == "full" and left is not None:
            _LOG.error("the disk of the evidence is full: %.2f GiB left. No evidence is written until there is room", left / _GIB)
        else:
            _LOG.warning("there is room for evidence again")
