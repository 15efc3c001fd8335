"""Watches one connection to a live stream: every packet goes into the ring, and a picture is handed on where a look is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import av

from pipeline.errors import SourceError
from pipeline.readers.key_frames import DueLook, KeyFrame, KeyFrameLook, open_decoder
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.readers.stream_clock import StreamClock
from pipeline.readers.stream_connection import StreamConnection, VideoPacket
from pipeline.readers.stream_ring import GroupRecorder, PacketGroup, StreamRing
from pipeline.types import Frame, GapReason, MissedLook

_LONG_GROUP_S = 10.0
"""Cameras that send key frames more rarely are decoded throughout."""
_LOOKS_TO_MISS = 3.0
_LONGEST_BLIND_S = 30.0
"""A stream from which nothing could be decoded for this long is given up, and connected to anew."""
_KEYS_TO_TRY = 3
"""Cameras that break the rules of their codec do so in each key frame: after so many failures damage is no longer looked for."""
_BURST_S = 0.3


@dataclass(slots=True)
class StreamCounts:
    """What one camera's streams brought so far, over all connections."""

    packets: int = 0
    bytes: int = 0
    decoded: int = 0
    damaged: int = 0
    """Pictures that could not be decoded whole."""
    clock_jumps: int = 0
    connections: int = 0


@dataclass(frozen=True, slots=True)
class LiveTimeline:
    """Media time 0 of a camera, and what time it is on that timeline now."""

    start_at: datetime
    now_s: Callable[[], float]
    """Seconds since ``start_at``; never falls."""

    def at(self, media_time_s: float) -> datetime:
        """Wall-clock time of a media time."""
        return self.start_at + timedelta(seconds=media_time_s)


class LiveStream:
    """One camera's stream, connection after connection. Belongs to one thread."""

    def __init__(self, camera_id: str, timeline: LiveTimeline, ring: StreamRing, interval_s: Callable[[], float]) -> None:
        """Nothing is watched yet.

        Args:
            camera_id: goes into every look.
            timeline: of the camera.
            ring: takes all that is sent.
            interval_s: asked at each key frame: seconds between looks, which may change with the load.
        """
        self._camera_id = camera_id
        self._timeline = timeline
        self._ring = ring
        self._interval_s = interval_s
        self._last_look_s = float("-inf")
        self._due = _Due()
        self._throughout = False
        self.counts = StreamCounts()

    def watch(self, connection: StreamConnection, stop: Callable[[], bool]) -> Iterator[DueLook]:
        """Looks in strictly rising time, until asked to stop or the other side ends it; key frames are not decoded yet.

        Raises SourceError: the line broke, or nothing can be decoded for too long.
        """
        self.counts.connections += 1
        keys = _Keys(connection.stream.codec_context, self.counts, self._timeline.now_s)
        session = _Session(connection.stream, self._ring, self.counts, keys, throughout=self._throughout)
        shown_s = self._timeline.now_s()
        try:
            for packet in connection.packets():
                if stop():
                    return
                if _is_of_another_form(packet, connection.stream):
                    raise SourceError(
                        "the stream has changed", where=connection.where, found="another size, or other parameters of its codec"
                    )
                now_s = self._timeline.now_s()
                for media_time_s, picture in session.take(packet, now_s, self._is_due):
                    shown_s = now_s
                    look = self._look(media_time_s, picture, session)
                    if look is not None:
                        yield look
                patience_s = max(_LONGEST_BLIND_S, _LOOKS_TO_MISS * self._interval_s())
                if now_s - (shown_s if keys.blind_since_s is None else keys.blind_since_s) > patience_s:
                    found = f"{session.keys} key frames" if session.keys else "no key frame"
                    raise SourceError(
                        "nothing can be decoded", where=connection.where, expected=f"a picture in {patience_s:g} s", found=found
                    )
        finally:
            self._throughout = session.throughout
            session.end()

    def missed(self, reason: GapReason) -> MissedLook | None:
        """A look that saw nothing, now; None where one was made at this very moment."""
        now_s = self._timeline.now_s()
        if not self._is_later(now_s):
            return None
        return MissedLook(self._camera_id, self._timeline.at(now_s), now_s, reason)

    def _is_due(self, media_time_s: float) -> bool:
        return self._due.is_due(media_time_s, self._interval_s())

    def _is_later(self, media_time_s: float) -> bool:
        if media_time_s <= self._last_look_s:
            return False
        self._last_look_s = media_time_s
        return True

    def _look(self, media_time_s: float, picture: av.VideoFrame | KeyFrame, session: _Session) -> DueLook | None:
        if not self._is_later(media_time_s):
            return None
        at = self._timeline.at(media_time_s)
        if isinstance(picture, KeyFrame):
            return KeyFrameLook(self._camera_id, at, media_time_s, picture, session.told)
        return Frame(self._camera_id, at, media_time_s, VideoPicture(picture, session.scaler))


class _Due:
    """Which pictures are looked at: those nearest to the times at which looks are due, so that intervals are right on average.

    Key frames come when the camera sends them. Every two seconds, and a look asked for per three: 0, 2, 6, 8, 12 ...
    """

    def __init__(self) -> None:
        self._next_s = float("-inf")
        self._offered_s = float("-inf")

    def is_due(self, media_time_s: float, interval_s: float) -> bool:
        """Whether a picture of this time, later than all before, is to be looked at."""
        step_s, self._offered_s = max(0.0, min(media_time_s - self._offered_s, interval_s)), media_time_s
        if media_time_s < self._next_s - step_s / 2:
            return False
        # What was late by much is not made up for: after a hole in the stream, looks are no closer together than before.
        late = media_time_s - self._next_s >= interval_s / 2
        self._next_s = (media_time_s if late else self._next_s) + interval_s
        return True


class _Session:
    """What belongs to one connection."""

    def __init__(self, stream: av.VideoStream, ring: StreamRing, counts: StreamCounts, keys: _Keys, *, throughout: bool) -> None:
        """``throughout``: whether the connection before was one of rare key frames: then this one needs no time to find out."""
        self._stream = stream
        self._ring = ring
        self._counts = counts
        self._clock = StreamClock()
        self._recorder = GroupRecorder(stream)
        self._keys = keys
        self._decoder = _PictureDecoder(stream.codec_context, keys)
        self._tick_s = float(stream.time_base or 0)
        self._last_stamp: int | None = None
        self._key_s: float | None = None
        self._key_offset_s = 0.0
        self._burst: list[tuple[PacketGroup, float]] = []
        self.throughout = throughout
        self.scaler = Scaler()
        self.keys = 0
        self.told = keys.told

    def take(self, packet: VideoPacket, now_s: float, is_due: Callable[[float], bool]) -> Iterator[tuple[float, av.VideoFrame | KeyFrame]]:
        """Take in one packet; the look that it brings, as media time and picture."""
        stamped = packet.pts is not None or packet.dts is not None
        stamp = self._stamp(packet, now_s)
        self._counts.packets += 1
        self._counts.bytes += packet.size
        jumps, offset_s = self._clock.jumps, self._clock.offset_s
        self._clock.note(stamp * self._tick_s, now_s)
        jumped = self._clock.jumps > jumps
        self._counts.clock_jumps += jumped
        if jumped:
            self._recorder.give_up()
            self._hand_over(offset_s)
            self._decoder.lose()
        media_time_s = stamp * self._tick_s + self._clock.offset_s
        self.throughout = self.throughout or (self._key_s is not None and media_time_s - self._key_s > _LONG_GROUP_S)
        if packet.is_keyframe:
            self.keys += 1
            self._end_group()
            self._key_s, self._key_offset_s = media_time_s, self._clock.offset_s
            if stamped:
                self._recorder.begin(packet, stamp, media_time_s)
        else:
            self._recorder.add(packet, stamp)
        if self.throughout:
            for shown, frame in self._decoder.follow(packet, stamp):
                time_s = shown * self._tick_s + self._clock.offset_s
                if is_due(time_s):
                    yield time_s, frame
        elif packet.is_keyframe and is_due(media_time_s):
            yield media_time_s, self._keys.frame(packet)

    def end(self) -> None:
        """The connection is over: what was recorded of the last group counts."""
        self._end_group()
        self._hand_over(self._clock.offset_s)

    def _end_group(self) -> None:
        group = self._recorder.take()
        if group is not None:
            self._burst.append((group, self._key_offset_s))
        # A gateway that hands out what it kept: how old these pictures are is known when the burst is over.
        if abs(self._clock.offset_s - self._key_offset_s) <= _BURST_S:
            self._hand_over(self._clock.offset_s)

    def _hand_over(self, offset_s: float) -> None:
        """Put what is whole into the ring, where it turned out to belong."""
        for group, seemed_s in self._burst:
            moved_s = offset_s - seemed_s
            self._ring.add(group.moved(moved_s) if abs(moved_s) > _BURST_S else group)
        self._burst.clear()

    def _stamp(self, packet: VideoPacket, now_s: float) -> int:
        """When the picture is shown, in ticks; from its arrival where the stream does not say."""
        stamp = packet.pts if packet.pts is not None else packet.dts
        if stamp is None:
            # Nobody knows how far apart these are shown: good for a look, not for a recording.
            self._recorder.give_up()
            stamp = round((now_s - self._clock.offset_s) / self._tick_s)
            if self._last_stamp is not None:
                stamp = max(stamp, self._last_stamp + 1)
        self._last_stamp = stamp
        return stamp


class _Keys:
    """The key frames of one connection, and what became of them. One thread watches, another decodes."""

    def __init__(self, context: av.VideoCodecContext, counts: StreamCounts, now_s: Callable[[], float]) -> None:
        self._codec = context.codec.canonical_name
        self._extradata = context.extradata
        self._counts = counts
        self._now_s = now_s
        self._lock = Lock()
        self._failures = 0
        self.strict = True
        """Whether damage is looked for."""
        self.blind_since_s: float | None = None
        """When the first of the last key frames failed, all of which did; None while they can be decoded."""

    def frame(self, packet: VideoPacket) -> KeyFrame:
        """What is needed to decode it at any time."""
        return KeyFrame(self._codec, self._extradata, self.strict, bytes(packet))

    def told(self, whole: bool) -> None:
        """Take in whether a key frame could be decoded."""
        if whole:
            self._failures, self.blind_since_s = 0, None
            self.note(decoded=1)
            return
        self.note(damaged=1)
        self._failures += 1
        self.blind_since_s = self.blind_since_s if self.blind_since_s is not None else self._now_s()
        if self._failures >= _KEYS_TO_TRY and self._counts.decoded == 0:
            self.strict = False

    def note(self, *, decoded: int = 0, damaged: int = 0) -> None:
        """Count pictures."""
        with self._lock:
            self._counts.decoded += decoded
            self._counts.damaged += damaged


class _PictureDecoder:
    """Decodes a stream throughout. What damage may have touched is never handed out."""

    def __init__(self, context: av.VideoCodecContext, keys: _Keys) -> None:
        self._codec = context.codec.canonical_name
        self._extradata = context.extradata
        self._keys = keys
        self._whole: av.VideoCodecContext | None = None
        self._shown: dict[int, int] = {}
        self._serial = 0
        self._broken = True

    def follow(self, packet: VideoPacket, stamp: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """Pictures that come out when this packet goes in, with their stamps. After damage nothing until the next key frame."""
        if packet.is_keyframe:
            self._whole = self._whole or open_decoder(self._codec, self._extradata, strict=self._keys.strict, alone=False)
            self._broken = False
        if self._broken or self._whole is None:
            return
        self._serial += 1
        self._shown[self._serial] = stamp
        try:
            frames = self._whole.decode(_copy(packet, self._serial))
        except (av.FFmpegError, ValueError):
            self._keys.note(damaged=1)
            self.lose()
            return
        self._keys.note(decoded=len(frames))
        for frame in frames:
            shown = self._shown.pop(frame.pts, None) if frame.pts is not None else None
            if frame.is_corrupt:
                self._keys.note(damaged=1)
                self.lose()
                return
            if shown is not None:
                yield shown, frame

    def lose(self) -> None:
        """What was decoded so far can't be built upon."""
        self._broken = True
        self._shown.clear()
        if self._whole is not None:
            self._whole.flush_buffers()


def _is_of_another_form(packet: VideoPacket, stream: av.VideoStream) -> bool:
    """Whether what comes now can't be decoded as what came before; FLV says so in a header, which some send again and again."""
    if not packet.has_sidedata("new_extradata"):
        return False
    return bytes(packet.get_sidedata("new_extradata")) != (stream.codec_context.extradata or b"")


def _copy(packet: VideoPacket, stamp: int) -> av.Packet[av.VideoStream]:
    """The same bytes under another stamp: the recorder needs the packet as it came."""
    copy: av.Packet[av.VideoStream] = av.Packet(bytes(packet))  # type: ignore[assignment]  # of no stream yet
    copy.pts = copy.dts = stamp
    copy.is_keyframe = packet.is_keyframe
    return copy
