"""The last seconds of a live stream, still compressed: evidence begins before anybody knew that it would be needed."""

from __future__ import annotations

import io
import zlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate
from threading import Lock
from typing import Protocol

import av

from pipeline.readers.stream_connection import VideoPacket

LARGEST_GROUP_BYTES = 32 * 2**20
"""A group that grows beyond this is let go: half a minute at 8 Mbit/s without a key frame."""
_LEAD_S = 5.0
COPIED_ONLY = {"probesize": "32", "analyzeduration": "0"}
"""For files of our own that are only copied: what FFmpeg could learn by decoding the first pictures stands in their header."""
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

    @property
    def bytes(self) -> int:
        """Held in memory."""
        return len(self.video)

    def recorded(self) -> RecordedGroup:
        """See HeldGroup."""
        return self

    def key(self) -> RecordedGroup | None:
        """See HeldGroup."""
        try:
            with av.open(io.BytesIO(self.video), "r", options=COPIED_ONLY) as source:
                stream = source.streams.video[0]
                packet = next(each for each in source.demux(stream) if each.size)
                video = _key_file(bytes(packet), stream)
        except (av.FFmpegError, ValueError, StopIteration):
            return None
        return RecordedGroup(self.start_s, self.start_s, 1, self.form, video)


class HeldGroup(Protocol):
    """What a ring holds of a group."""

    @property
    def start_s(self) -> float:
        """Media time of the key frame."""

    @property
    def end_s(self) -> float:
        """Media time of the last picture."""

    @property
    def bytes(self) -> int:
        """Held in memory."""

    def recorded(self) -> RecordedGroup | None:
        """The group as a file; None where it can't be copied: the stream goes on, and its evidence has a hole."""

    def key(self) -> RecordedGroup | None:
        """Its key frame alone as a file; None where it can't be copied."""


@dataclass(frozen=True, slots=True)
class SentPacket:
    """A packet as it was sent, and when it is shown: ticks from the key frame of its group."""

    data: bytes = field(repr=False)
    shown: int
    is_keyframe: bool


@dataclass(frozen=True, slots=True)
class PacketGroup:
    """A group as it was sent. Most are never asked for, and to copy one into a file costs half as much as to receive it.

    All bytes lie in one block: some hundred thousand packets of all sizes, each let go by itself, would leave holes everywhere.
    """

    start_s: float
    end_s: float
    data: bytes = field(repr=False)
    ends: tuple[int, ...] = field(repr=False)
    """Of each packet, in ``data``."""
    shown: tuple[int, ...] = field(repr=False)
    """Of each packet, see SentPacket. The first is the key frame."""
    template: StreamTemplate = field(repr=False)

    @classmethod
    def of(cls, start_s: float, end_s: float, packets: Sequence[SentPacket], template: StreamTemplate) -> PacketGroup:
        """``packets``: all of one group, in the order in which they were sent."""
        ends = tuple(accumulate(len(packet.data) for packet in packets))
        return cls(start_s, end_s, b"".join(packet.data for packet in packets), ends, tuple(each.shown for each in packets), template)

    @property
    def bytes(self) -> int:
        """Held in memory."""
        return len(self.data)

    def packets(self) -> list[SentPacket]:
        """As they were sent."""
        spans = zip((0, *self.ends[:-1]), self.ends, self.shown, strict=True)
        return [SentPacket(self.data[begin:end], shown, is_keyframe=begin == 0) for begin, end, shown in spans]

    def moved(self, by_s: float) -> PacketGroup:
        """The same so many seconds later."""
        return replace(self, start_s=self.start_s + by_s, end_s=self.end_s + by_s)

    def recorded(self) -> RecordedGroup | None:
        """See HeldGroup."""
        video = self.template.copied(self.packets())
        return None if video is None else RecordedGroup(self.start_s, self.end_s, len(self.ends), self.template.form, video)

    def key(self) -> RecordedGroup | None:
        """See HeldGroup."""
        video = self.template.copied_key(self.data[: self.ends[0]])
        return None if video is None else RecordedGroup(self.start_s, self.start_s, 1, self.template.form, video)


class StreamTemplate:
    """What belongs to all packets of a connection: enough to copy them into a file after it is closed. One thread at a time."""

    def __init__(self, stream: av.VideoStream, key: VideoPacket) -> None:
        """``stream`` is open, ``key`` one of its key frames; neither is needed afterwards. FFmpegError, ValueError: it can't be copied."""
        self._time_base = stream.time_base or Fraction(1, 1000)
        # Pictures of an open group are sent after its key frame and shown before it; Matroska knows no times before 0.
        self._lead = round(_LEAD_S / float(self._time_base))
        self.form = _form_of(stream)
        # A file of one picture, which tells all that the header of the next one needs: a closed connection can't be asked any more.
        # Of a format that keeps parameter sets as they were sent: Matroska would tell of packets in another form.
        first = self._file([SentPacket(bytes(key), 0, is_keyframe=True)], stream, "nut")
        self._kept = av.open(io.BytesIO(first), "r", options=COPIED_ONLY)

    def copied(self, packets: Sequence[SentPacket]) -> bytes | None:
        """A Matroska file of these packets of one group; None where they can't be copied."""
        try:
            return self._file(packets, self._kept.streams.video[0], "matroska")
        except (av.FFmpegError, ValueError):
            return None

    def copied_key(self, key: bytes) -> bytes | None:
        """A Matroska file of a key frame alone; None where it can't be copied."""
        try:
            return _key_file(key, self._kept.streams.video[0])
        except (av.FFmpegError, ValueError):
            return None

    def _file(self, packets: Sequence[SentPacket], template: av.VideoStream, name: str) -> bytes:
        file = io.BytesIO()
        with av.open(file, "w", format=name) as output:
            copy = output.add_stream_from_template(template)
            for number, sent in enumerate(packets):
                packet = av.Packet(sent.data)
                # Matroska keeps times of showing alone. Those of decoding must rise and be earlier, and not every stream tells them.
                packet.pts, packet.dts = sent.shown + self._lead, number - EARLY_TICKS
                packet.time_base, packet.is_keyframe, packet.stream = self._time_base, sent.is_keyframe, copy
                output.mux(packet)
        return file.getvalue()


def _key_file(data: bytes, template: av.VideoStream) -> bytes:
    """A Matroska file of one key frame, shown at 0. FFmpegError, ValueError: it can't be copied."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        copy = output.add_stream_from_template(template)
        packet = av.Packet(data)
        packet.pts = packet.dts = 0
        packet.time_base, packet.is_keyframe, packet.stream = Fraction(1, 1000), True, copy
        output.mux(packet)
    return file.getvalue()


def _form_of(stream: av.VideoStream) -> str:
    context = stream.codec_context
    return f"{context.name} {context.width}x{context.height} {zlib.crc32(context.extradata or b''):08x}"


class GroupRecorder:
    """Cuts the packets of one connection into groups. Not for several threads at once."""

    def __init__(self, stream: av.VideoStream) -> None:
        """``stream`` must stay open as long as groups are begun."""
        self._stream = stream
        self._template: StreamTemplate | None = None
        self._tick_s = float(stream.time_base or 0)
        self._packets: list[SentPacket] | None = None
        self._bytes = 0
        self._first = self._last_shown = 0
        self._start_s = 0.0

    def begin(self, key: VideoPacket, stamp: int, media_time_s: float) -> None:
        """Start a group with its key frame, which is shown at this stamp (ticks) and media time. The one before must have been taken."""
        if self._template is None:
            try:
                self._template = StreamTemplate(self._stream, key)
            except (av.FFmpegError, ValueError):
                # The stream goes on, and its evidence has a hole.
                return
        self._packets, self._bytes = [], 0
        self._first = self._last_shown = stamp
        self._start_s = media_time_s
        self.add(key, stamp)

    def add(self, packet: VideoPacket, stamp: int) -> None:
        """Keep a packet shown at this stamp; one before the first key frame is of no use and left out."""
        if self._packets is None:
            return
        data = bytes(packet)
        self._packets.append(SentPacket(data, stamp - self._first, packet.is_keyframe))
        self._last_shown = max(self._last_shown, stamp)
        self._bytes += len(data)
        if self._bytes > LARGEST_GROUP_BYTES:
            self.give_up()

    def take(self) -> PacketGroup | None:
        """The group so far, whole; None where there is none."""
        if self._packets is None or self._template is None:
            return None
        packets, self._packets = self._packets, None
        end_s = self._start_s + (self._last_shown - self._first) * self._tick_s
        return PacketGroup.of(self._start_s, end_s, packets, self._template)

    def give_up(self) -> None:
        """Let go of the group that was begun."""
        self._packets = None


class StreamRing:
    """The last groups of one camera, across connections. One thread adds, any may read."""

    def __init__(self, *, seconds: float, most_bytes: int) -> None:
        """Keeps at least ``seconds``, unless that takes more than ``most_bytes``."""
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._groups: deque[HeldGroup] = deque()
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

    def add(self, group: HeldGroup) -> None:
        """Take in a group. One that does not begin after the one before is left out: the same time can't be shown twice."""
        with self._lock:
            if self._groups and group.start_s <= self._groups[-1].start_s:
                return
            self._groups.append(group)
            self._bytes += group.bytes
            while len(self._groups) > 1 and (self._is_over() or self._bytes > self._most_bytes):
                self._bytes -= self._groups.popleft().bytes

    def groups_between(self, start_s: float, end_s: float) -> tuple[RecordedGroup, ...]:
        """The groups that show anything of this span, in rising time; it begins at or before ``start_s`` if that is still held."""
        with self._lock:
            groups = list(self._groups)
        nexts = [*(group.start_s for group in groups[1:]), float("inf")][: len(groups)]
        wanted = (group for group, after in zip(groups, nexts, strict=True) if after > start_s and group.start_s <= end_s)
        return tuple(recorded for group in wanted if (recorded := group.recorded()) is not None)

    def newest_key(self) -> RecordedGroup | None:
        """The key frame of the last group alone; None while empty, and where it can't be copied."""
        with self._lock:
            newest = self._groups[-1] if self._groups else None
        return newest.key() if newest else None

    def _is_over(self) -> bool:
        return self._groups[-1].end_s - self._groups[1].start_s >= self._seconds
