"""The last seconds of a live stream, still compressed: evidence begins before anybody knew that it would be needed."""

from __future__ import annotations

import io
import zlib
from collections import deque
from dataclasses import dataclass, field, replace
from threading import Lock

import av

from pipeline.readers.stream_connection import VideoPacket

LARGEST_GROUP_BYTES = 32 * 2**20
"""A group that grows beyond this is let go: half a minute at 8 Mbit/s without a key frame."""
_LEAD_S = 5.0
EARLY_TICKS = 2**40
"""Decoding times that are made up lie this much before all times of showing."""


@dataclass(frozen=True, slots=True)
class RecordedGroup:
    """A key frame and all that was sent up to the next, as a small Matroska file of its own; times are media times.

    Times in the file count from its first packet, which is the key frame.
    """

    start_s: float
    """Of the key frame."""
    end_s: float
    """Of the last picture."""
    pictures: int
    form: str
    """Codec, size and parameter sets: groups of one form can be joined."""
    video: bytes = field(repr=False)

    def moved(self, by_s: float) -> RecordedGroup:
        """The same so many seconds later."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)


class GroupRecorder:
    """Cuts the packets of one connection into groups. Not for several threads at once."""

    def __init__(self, stream: av.VideoStream) -> None:
        """``stream`` must stay open as long as packets are added."""
        self._stream = stream
        self._tick_s = float(stream.time_base or 0)
        # Pictures of an open group are sent after its key frame and shown before it; Matroska knows no times before 0.
        self._lead = round(_LEAD_S / self._tick_s) if self._tick_s else 0
        context = stream.codec_context
        self._form = f"{context.name} {context.width}x{context.height} {zlib.crc32(context.extradata or b''):08x}"
        self._file: io.BytesIO | None = None
        self._output: av.container.OutputContainer | None = None
        self._copy: av.VideoStream | None = None
        self._first = 0
        self._last_shown = 0
        self._start_s = 0.0
        self._pictures = 0

    def begin(self, key: VideoPacket, stamp: int, media_time_s: float) -> None:
        """Start a group with its key frame, which is shown at this stamp (ticks) and media time. The one before must have been taken."""
        self._file = io.BytesIO()
        self._output = av.open(self._file, "w", format="matroska")
        self._copy = self._output.add_stream_from_template(self._stream)
        self._first = self._last_shown = stamp
        self._start_s, self._pictures = media_time_s, 0
        self.add(key, stamp)

    def add(self, packet: VideoPacket, stamp: int) -> None:
        """Copy a packet shown at this stamp; one before the first key frame is of no use and left out.

        A group that can't be copied is given up: the stream goes on, and its evidence has a hole.
        """
        if self._output is None or self._copy is None or self._file is None:
            return
        copy = av.Packet(bytes(packet))
        # Matroska keeps times of showing alone. Those of decoding must rise and be earlier, and not every stream tells them.
        copy.pts, copy.dts = stamp - self._first + self._lead, self._pictures - EARLY_TICKS
        copy.time_base, copy.is_keyframe, copy.stream = self._stream.time_base or copy.time_base, packet.is_keyframe, self._copy
        self._last_shown = max(self._last_shown, stamp)
        self._pictures += 1
        try:
            self._output.mux(copy)
        except (av.FFmpegError, ValueError):
            self.give_up()
            return
        if self._file.tell() > LARGEST_GROUP_BYTES:
            self.give_up()

    def take(self) -> RecordedGroup | None:
        """The group so far, whole; None where there is none."""
        if self._output is None or self._file is None:
            return None
        file = self._file
        try:
            self._output.close()
        except (av.FFmpegError, ValueError):
            self._forget()
            return None
        self._forget()
        end_s = self._start_s + (self._last_shown - self._first) * self._tick_s
        return RecordedGroup(self._start_s, end_s, self._pictures, self._form, file.getvalue())

    def give_up(self) -> None:
        """Let go of the group that was begun."""
        self.take()

    def _forget(self) -> None:
        self._output = self._copy = self._file = None


class StreamRing:
    """The last groups of one camera, across connections. One thread adds, any may read."""

    def __init__(self, *, seconds: float, most_bytes: int) -> None:
        """Keeps at least ``seconds``, unless that takes more than ``most_bytes``."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._groups: deque[RecordedGroup] = deque()
        self._bytes = 0
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """Held right now."""
        return self._bytes

    @property
    def seconds(self) -> float:
        """From the first to the last picture held."""
        with self._lock:
            return self._groups[-1].end_s - self._groups[0].start_s if self._groups else 0.0

    @property
    def end_s(self) -> float | None:
        """Media time of the last picture; None while empty."""
        with self._lock:
            return self._groups[-1].end_s if self._groups else None

    def add(self, group: RecordedGroup) -> None:
        """Take in a group. One that does not begin after the one before is left out: the same time can't be shown twice."""
        with self._lock:
            if self._groups and group.start_s <= self._groups[-1].start_s:
                return
            self._groups.append(group)
            self._bytes += len(group.video)
            while len(self._groups) > 1 and (self._is_over() or self._bytes > self._most_bytes):
                self._bytes -= len(self._groups.popleft().video)

    def groups_between(self, start_s: float, end_s: float) -> tuple[RecordedGroup, ...]:
        """The groups that show anything of this span, in rising time; it begins at or before ``start_s`` if that is still held."""
        with self._lock:
            groups = list(self._groups)
        nexts = [*(group.start_s for group in groups[1:]), float("inf")][: len(groups)]
        return tuple(group for group, after in zip(groups, nexts, strict=True) if after > start_s and group.start_s <= end_s)

    def _is_over(self) -> bool:
        return self._groups[-1].end_s - self._groups[1].start_s >= self._seconds
