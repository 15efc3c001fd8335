"""Time stamps of a container -> ticks that run on, whatever the stamps do.

Time is ``pts * time_base``. Where stamps are missing, a single one is off, or the clock behind them jumps, ticks
carry on from the packet before, and what was done is counted for the run's summary.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

LONGEST_HOLE_S = 600.0
"""A step forward of up to this is a hole in the recording and stays one; a longer one is a clock that was set."""
_LONGEST_REORDER_S = 10.0
"""No encoder shows a picture this much later than it is decoded: such a pts is wrong."""


class Stamps(NamedTuple):
    """What a container says of one packet, in its time base; None where it says nothing."""

    pts: int | None
    dts: int | None
    duration: int | None


class Ticks(NamedTuple):
    """Where one packet lies on the running timeline, in units of the time base.

    ``shown`` is None where the container gives no presentation time: the order of decoding and the order of
    showing must then be matched by the decoder. ``decoded`` is None where it gives nothing else. Never both.
    """

    decoded: int | None
    shown: int | None

    @property
    def place(self) -> int:
        """When it is shown as far as known, else when it is decoded."""
        return self.shown if self.shown is not None else self.decoded or 0


class Timeline:
    """Places the packets of one video stream, in the order they are read. Pure arithmetic, no container."""

    def __init__(self, time_base: Fraction, usual_duration: int) -> None:
        """``usual_duration`` is a packet's length in ticks where it says nothing itself (>= 1)."""
        self.time_base = time_base
        # Whole ticks, as fractions are slow and every packet is compared with these.
        self._longest_hole = int(LONGEST_HOLE_S / time_base)
        self._longest_reorder = int(_LONGEST_REORDER_S / time_base)
        self.jumps = 0
        self.made_up = 0
        self.unstamped = 0
        self.first_jump_s: float | None = None
        self.usual_duration = max(1, usual_duration)
        self._offset = 0
        self._last: int | None = None
        self._last_shown: int | None = None
        self._last_duration = self.usual_duration
        self._origin: int | None = None

    @property
    def seekable(self) -> bool:
        """Whether stamps alone lead back to a place in the file."""
        return self.jumps == 0 and self.unstamped == 0

    @property
    def origin(self) -> int | None:
        """Ticks of media time 0; None before the first picture is known."""
        return self._origin

    def fresh(self) -> Timeline:
        """A timeline of the same origin that has met no packet yet."""
        other = Timeline(self.time_base, self.usual_duration)
        other.set_origin(self._origin or 0)
        return other

    def set_origin(self, ticks: int) -> None:
        """Media time 0 is here. The first call counts."""
        if self._origin is None:
            self._origin = ticks

    def seconds(self, ticks: int) -> float:
        """Ticks -> media time."""
        return (ticks - (self._origin or 0)) * self.time_base.numerator / self.time_base.denominator

    def ticks(self, seconds: float) -> int:
        """Media time -> ticks, rounded down."""
        return (self._origin or 0) + int(seconds / float(self.time_base) // 1)

    def place(self, stamps: Stamps, following: Stamps | None) -> Ticks:
        """Place the next packet; ``following`` is the one after it, which tells a slip from a jump."""
        duration = stamps.duration or self.usual_duration
        if stamps.dts is None and stamps.pts is None:
            self.unstamped += 1
            return self._made_up(duration)
        if stamps.dts is None:
            return self._place_by_pts(stamps.pts or 0, duration)
        if self._is_slip(stamps.dts, following):
            return self._made_up(duration)
        self._rebase_after_jump(stamps.dts, self._last, 0)
        decoded = stamps.dts + self._offset
        self._last, self._last_duration = decoded, duration
        if stamps.pts is not None and abs(stamps.pts - stamps.dts) > self._longest_reorder:
            self.made_up += 1
            return Ticks(decoded, None)
        return Ticks(decoded, None if stamps.pts is None else self._show(stamps.pts))

    def _place_by_pts(self, pts: int, duration: int) -> Ticks:
        # Some demuxers give no dts (for the first packets, or ever). What is shown may go back and forth by the
        # reordering of pictures, and says nothing about the order of decoding that dts later carry on with.
        self._rebase_after_jump(pts, self._last_shown, self._longest_reorder)
        self._last_duration = duration
        shown = self._show(pts)
        return Ticks(None, shown)

    def _show(self, pts: int) -> int:
        self._last_shown = pts + self._offset
        return self._last_shown

    def _made_up(self, duration: int) -> Ticks:
        self.made_up += 1
        self._last, self._last_duration = self._expected(), duration
        return Ticks(self._last, None)

    def _expected(self) -> int:
        last = self._last if self._last is not None else self._last_shown
        return 0 if last is None else last + self._last_duration

    def _rebase_after_jump(self, raw: int, last: int | None, backwards: int) -> None:
        if last is None:
            return
        step = raw + self._offset - last
        if -backwards <= step and step <= self._longest_hole:
            return
        self.jumps += 1
        if self.first_jump_s is None:
            self.first_jump_s = self.seconds(last + self._last_duration)
        self._offset = last + self._last_duration - raw

    def _is_slip(self, dts: int, following: Stamps | None) -> bool:
        """One packet is off while the next goes on from the one before."""
        if self._last is None or following is None or following.dts is None:
            return False
        here, after = dts + self._offset, following.dts + self._offset
        goes_on = self._last < after and after - self._last <= self._longest_hole
        return goes_on and not self._last <= here <= after
