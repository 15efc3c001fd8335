"""Packets that are missing: told by a regular stream that skips, and by the index of an AVI file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from pipeline.readers.groups import VideoPacket

_SHORTEST_HOLE_S = 0.3
_SHORTEST_HOLE_STEPS = 5
"""Cameras drop a picture or two by themselves; that is no damage."""
_STEPS_TO_TRUST = 25
_REGULAR_SHARE = 0.95
_CHUNK_HEADER_BYTES = 8


class Cadence:
    """Knows whether packets come at a constant rate, and then where some are missing. Keeps a few numbers only."""

    def __init__(self, time_base: Fraction) -> None:
        """``time_base``: seconds of one tick."""
        self._shortest_hole = int(_SHORTEST_HOLE_S / time_base)
        self._last: int | None = None
        self._typical = 0
        self._votes = 0
        self._regular = 0
        self._steps = 0

    def missing_before(self, decoded: int) -> int:
        """Ticks that are missing between the packet before and this one; 0 where the stream is whole or irregular."""
        step = 0 if self._last is None else decoded - self._last
        self._last = decoded
        if step <= 0:
            return 0
        trusted = self._steps >= _STEPS_TO_TRUST and self._regular >= _REGULAR_SHARE * self._steps
        is_hole = trusted and step > _SHORTEST_HOLE_STEPS * self._typical and step >= self._shortest_hole
        self._vote(step)
        return step - self._typical if is_hole else 0

    def _vote(self, step: int) -> None:
        """Majority vote over the steps; time stamps rounded to milliseconds count as equal."""
        alike = abs(step - self._typical) <= max(1, self._typical // 10)
        if self._votes == 0 and not alike:
            self._typical, self._votes, self._regular, self._steps = step, 1, 1, 1
            return
        self._votes = min(self._votes + 1, 1000) if alike else self._votes - 1
        self._steps += 1
        self._regular += alike


def index_times(container: av.container.InputContainer, stream: av.VideoStream, packets: Iterator[VideoPacket]) -> Iterator[VideoPacket]:
    """Give the packets of an AVI file the times that its index names for their place in the file.

    AVI has no time stamps: the demuxer counts packets, so that behind a damaged one all times would be early.
    """
    entries = stream.index_entries
    if "avi" not in container.format.name or len(entries) < stream.frames:
        yield from packets
        return
    expected = 0
    for packet in packets:
        if packet.pos is not None and packet.dts is not None:
            place = packet.pos - _CHUNK_HEADER_BYTES
            if expected >= len(entries) or entries[expected].pos != place:
                expected = bisect_left(entries, place, key=lambda entry: entry.pos)
            if expected < len(entries) and entries[expected].pos == place:
                shift = entries[expected].timestamp - packet.dts
                packet.dts += shift
                packet.pts = None if packet.pts is None else packet.pts + shift
            expected += 1
        yield packet
