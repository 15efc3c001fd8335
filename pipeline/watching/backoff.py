"""When to try a camera again: soon at first, then more rarely, never all cameras at once, and never not at all."""

from __future__ import annotations

from collections.abc import Callable

_FIRST_S = 1.0
_LONGEST_S = 8.0
_PATIENT_S = 30.0
_SOON_FOR_S = 600.0
"""For so long after a camera was last well it is tried at least every _LONGEST_S; then, every _PATIENT_S."""
_WELL_AFTER_S = 30.0
"""A connection that lasted this long was a good one."""
_FLAPS = 5
_SPREAD = 0.25


class Backoff:
    """How long to wait after a connection failed or broke. One camera's; pure but for the dice."""

    def __init__(self, random: Callable[[], float]) -> None:
        """``random``: 0..1, so that cameras behind one switch don't all come back at the same moment."""
        self._random = random
        self._failures = 0
        self._flaps = 0
        self._failing_s = 0.0

    @property
    def flapping(self) -> bool:
        """Whether it connects and breaks again and again: then it is left alone for longer."""
        return self._flaps >= _FLAPS

    def after(self, lasted_s: float, *, connected: bool) -> float:
        """Seconds to wait before the next try.

        Args:
            lasted_s: from the beginning of the try to its end.
            connected: whether it brought any picture.
        """
        if connected and lasted_s >= _WELL_AFTER_S:
            self._failures = self._flaps = 0
            self._failing_s = 0.0
        self._flaps = self._flaps + 1 if connected and lasted_s < _WELL_AFTER_S else self._flaps
        self._failures += 1
        longest_s = _PATIENT_S if self.flapping or self._failing_s > _SOON_FOR_S else _LONGEST_S
        wait_s = longest_s if self.flapping else min(longest_s, _FIRST_S * 2.0 ** min(self._failures - 1, 10))
        wait_s *= 1 - _SPREAD + 2 * _SPREAD * self._random()
        self._failing_s += lasted_s + wait_s
        return wait_s
