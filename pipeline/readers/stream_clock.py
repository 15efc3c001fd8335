"""When a picture of a live stream was taken: its own time stamps, laid on the time at which it was received."""

from __future__ import annotations

_JUMP_S = 5.0
"""A stamp that is off by more than this belongs to another clock: the camera set its own, or the gateway began anew."""
_WINDOW_S = 20.0
"""So long must every packet come late before the delay counts as real: the two clocks have drifted, nothing was held up."""


class StreamClock:
    """Gives each stamp of one connection a time on the timeline of the receiver.

    Packets are held up on their way and never come early. So the shortest delay seen so far is the true one, and stamps keep
    the even pace that their arrival has lost. A gateway hands out at once what it has kept: for these first
    packets the delay falls, and times may step back by that much.
    """

    def __init__(self) -> None:
        """Knows nothing before the first stamp."""
        self._offset_s: float | None = None
        self._window_from_s = 0.0
        self._shortest_s = 0.0
        self.jumps = 0
        """How often the stream's own clock jumped."""

    @property
    def offset_s(self) -> float:
        """What to add to a stamp, seconds; 0 before the first one."""
        return self._offset_s or 0.0

    def note(self, stamp_s: float, arrived_s: float) -> None:
        """Take in one packet: its own time and when it arrived, both in seconds, arrivals not falling."""
        delay_s = arrived_s - stamp_s
        if self._offset_s is None or abs(delay_s - self._offset_s) > _JUMP_S:
            self.jumps += self._offset_s is not None
            self._begin(delay_s, arrived_s)
        elif delay_s < self._offset_s:
            self._begin(delay_s, arrived_s)
        else:
            self._shortest_s = min(self._shortest_s, delay_s)
            if arrived_s - self._window_from_s >= _WINDOW_S:
                self._begin(self._shortest_s, arrived_s)

    def _begin(self, offset_s: float, arrived_s: float) -> None:
        self._offset_s = offset_s
        self._window_from_s = arrived_s
        self._shortest_s = float("inf")
