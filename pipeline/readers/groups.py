"""Packets of a stream, cut into groups that can be decoded by themselves: a key frame and all that depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import av

from pipeline.readers.cadence import Cadence, index_times
from pipeline.readers.timeline import Stamps, Ticks, Timeline

# A string, as the class can be subscripted in its type stub only.
VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"

_HEAD_BYTES = 4096
_START_CODE = re.compile(rb"\x00\x00\x01(.)", re.DOTALL)
_IDR_SLICE = 5
"""H.264 NAL unit type; 1 to 4 are other slices."""
LARGEST_PIECE_BYTES = 48 * 2**20
"""A group with more than this in it is handed out in pieces: 10 s at 38 Mbit/s, far above any street camera."""
_MOST_FAILURES = 100
"""Reads in a row that may fail before the rest of a file counts as unreadable."""


@dataclass(slots=True)
class GroupItem:
    """One packet in decoding order.

    ``place`` are its ticks of showing, as far as known. ``ticks`` is ``place`` where this item shows a picture, None
    where it is only there to decode others.
    """

    packet: VideoPacket
    ticks: int | None
    place: int
    damaged: bool


@dataclass(slots=True)
class PictureGroup:
    """A key frame and the packets up to the next, in decoding order.

    Pictures that are decoded after the next key frame but shown before it (open groups) belong to this group; the
    key frame that they need stands before them as an item that shows nothing.
    ``in_showing_order`` is False where presentation times are unknown: then the n-th picture that the decoder puts
    out has the n-th smallest of the ticks. ``next_key_ticks`` is None at the end of the stream or of a piece.
    """

    items: list[GroupItem] = field(default_factory=list)
    starts_with_key: bool = True
    is_last_piece: bool = True
    in_showing_order: bool = True
    next_key_ticks: int | None = None
    stream_bytes: int = 0

    @property
    def shown_ticks(self) -> list[int]:
        """When its pictures are shown, rising."""
        return sorted(item.ticks for item in self.items if item.ticks is not None)


@dataclass(slots=True)
class DemuxCounts:
    """What demuxing met."""

    packets: int = 0
    unreadable: int = 0
    """Reads that failed."""
    damaged: int = 0
    """Packets whose bytes can't be a picture, or that the demuxer itself calls corrupt."""
    before_key: int = 0
    """Packets that nothing can be decoded from, as no key frame came before them."""
    holes: int = 0
    """Places where packets are missing from a stream that is regular otherwise."""
    hole_ticks: int = 0
    error: str = ""


def read_groups(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    timeline: Timeline,
    counts: DemuxCounts,
    *,
    piece_bytes: int = LARGEST_PIECE_BYTES,
) -> Iterator[PictureGroup]:
    """Cut the packets from the container's current position on into groups, and larger ones than ``piece_bytes`` into pieces."""
    cutter = _Cutter(counts, piece_bytes)
    length_prefixed = _is_length_prefixed(stream)
    # AVI holds no presentation times; what the demuxer gives for these codecs ignores their B-frames.
    has_pts = not ("avi" in container.format.name and stream.codec_context.name in {"h264", "hevc"})
    cadence = Cadence(timeline.time_base)
    packets = index_times(container, stream, _read_packets(container, stream, counts))
    # Matroska holds no decoding times; what the demuxer guesses is wrong where the stream's head tells less than all of its
    # reordering. Whether packets are missing can still be told from it.
    has_dts = "matroska" not in container.format.name
    for packet, ticks in _place(packets, timeline, has_pts=has_pts, has_dts=has_dts):
        damaged = _is_damaged(packet, length_prefixed=length_prefixed)
        counts.damaged += damaged
        decoded = ticks.decoded if has_dts else packet.dts
        missing = 0 if decoded is None else cadence.missing_before(decoded)
        if missing:
            counts.holes += 1
            counts.hole_ticks += missing
        # What follows a hole was predicted from pictures that are not there; a key frame starts anew.
        broken = damaged or (missing > 0 and not packet.is_keyframe)
        yield from cutter.add(GroupItem(packet, None if packet.is_discard else ticks.place, ticks.place, broken), ticks)
    yield from cutter.rest()


def starts_afresh(key: VideoPacket) -> bool:
    """Whether this key frame resets the decoder (an H.264 IDR picture). True for all other codecs."""
    if key.stream.codec_context.name != "h264":
        return True
    data = bytes(memoryview(key)[:_HEAD_BYTES])
    if _is_length_prefixed(key.stream):
        kinds, place = [], 0
        while place + 4 < len(data):
            kinds.append(data[place + 4] & 31)
            place += 4 + int.from_bytes(data[place : place + 4], "big")
    else:
        kinds = [match[1][0] & 31 for match in _START_CODE.finditer(data)]
    return next((kind == _IDR_SLICE for kind in kinds if 1 <= kind <= _IDR_SLICE), True)


class _Cutter:
    """Collects packets until a group is whole."""

    def __init__(self, counts: DemuxCounts, piece_bytes: int) -> None:
        self._counts = counts
        self._piece_bytes = piece_bytes
        self._group: PictureGroup | None = None
        self._key: GroupItem | None = None
        # The group before, which waits for the pictures that are shown before the key frame of this one.
        self._before: PictureGroup | None = None
        self._borrowed_key = False

    def add(self, item: GroupItem, ticks: Ticks) -> Iterator[PictureGroup]:
        if item.packet.is_keyframe:
            yield from self._begin(item, ticks)
        elif self._group is None:
            self._counts.before_key += 1
            return
        elif self._is_shown_before_key(ticks):
            self._give_back(item)
            return
        else:
            yield from self._release()
        group = self._group
        if group is None:
            return
        group.items.append(item)
        group.in_showing_order &= ticks.shown is not None
        group.stream_bytes += item.packet.size
        if group.stream_bytes > self._piece_bytes:
            yield from self._release()
            group.is_last_piece = False
            yield group
            self._group, self._key = PictureGroup(starts_with_key=False, in_showing_order=group.in_showing_order), None

    def rest(self) -> Iterator[PictureGroup]:
        yield from self._release()
        if self._group is not None and self._group.items:
            yield self._group

    def _begin(self, key: GroupItem, ticks: Ticks) -> Iterator[PictureGroup]:
        yield from self._release()
        self._before, self._group, self._key = self._group, PictureGroup(in_showing_order=ticks.shown is not None), key
        self._borrowed_key = False
        if self._before is not None:
            self._before.next_key_ticks = ticks.place

    def _is_shown_before_key(self, ticks: Ticks) -> bool:
        key = self._key
        return ticks.shown is not None and key is not None and key.ticks is not None and ticks.shown < key.ticks

    def _give_back(self, item: GroupItem) -> None:
        if self._before is None or self._key is None:
            self._counts.before_key += 1
            return
        if not self._borrowed_key:
            self._before.items.append(replace(self._key, ticks=None))
            self._borrowed_key = True
        self._before.items.append(item)

    def _release(self) -> Iterator[PictureGroup]:
        if self._before is not None:
            yield self._before
            self._before = None


def _place(packets: Iterator[VideoPacket], timeline: Timeline, *, has_pts: bool, has_dts: bool) -> Iterator[tuple[VideoPacket, Ticks]]:
    """Each packet with its place in time, one packet later, as the next one tells a slip from a jump."""
    waiting: tuple[VideoPacket, Stamps] | None = None
    for packet in packets:
        stamps = Stamps(packet.pts if has_pts else None, packet.dts if has_dts or packet.pts is None else None, packet.duration)
        if waiting is not None:
            yield waiting[0], timeline.place(waiting[1], stamps)
        waiting = packet, stamps
    if waiting is not None:
        yield waiting[0], timeline.place(waiting[1], None)


def _read_packets(container: av.container.InputContainer, stream: av.VideoStream, counts: DemuxCounts) -> Iterator[VideoPacket]:
    failures = 0
    while failures < _MOST_FAILURES:
        try:
            for packet in container.demux(stream):
                if packet.size:
                    failures = 0
                    counts.packets += 1
                    yield packet
        except (av.FFmpegError, OSError) as err:
            # Reading goes on behind the damage where the container can find its way again.
            failures += 1
            counts.unreadable += 1
            counts.error = counts.error or str(getattr(err, "strerror", None) or err)
        else:
            return


def _is_length_prefixed(stream: av.VideoStream) -> bool:
    """Whether lengths stand before the units of a packet (mp4, mkv, flv), not start codes (ts)."""
    return stream.codec_context.name in {"h264", "hevc"} and (stream.codec_context.extradata or b"")[:1] == b"\x01"


def _is_damaged(packet: VideoPacket, *, length_prefixed: bool) -> bool:
    """What can be told from the first bytes, so that damage shows even in packets that nobody decodes."""
    if packet.is_corrupt:
        return True
    head = bytes(memoryview(packet)[:8])
    if not any(head):
        return True
    return length_prefixed and not 0 < int.from_bytes(head[:4], "big") <= packet.size - 4
