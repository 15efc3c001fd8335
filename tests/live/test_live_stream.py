"""Connections to a stream, one after the other: the looks that are made of them, and what goes into the ring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Self

import av
import pytest

from pipeline.config import StreamSettings
from pipeline.errors import SourceError
from pipeline.readers.key_frames import KeyFrameDecoder
from pipeline.readers.live_stream import LiveStream, LiveTimeline
from pipeline.readers.stream_connection import StreamConnection, VideoPacket
from pipeline.readers.stream_ring import StreamRing
from pipeline.types import Frame, GapReason, Look, MissedLook
from tests.clips import Span, damage, frame_number
from tests.readers.conftest import ClipFactory

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FPS = 25
Edit = Callable[[VideoPacket], bool]


def as_it_is(packet: VideoPacket) -> bool:
    return True


class Clock:
    """Seconds on the timeline of a camera; moved by the packets that arrive."""

    def __init__(self, now_s: float = 100.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class FilmedConnection(StreamConnection):
    """A clip in real time: each packet arrives when it is shown, on a clock that nobody has to wait for."""

    def __init__(self, path: Path, clock: Clock, *, edit: Edit = as_it_is, late_s: Callable[[float], float] = lambda at_s: 0.0) -> None:
        """``edit``: may change a packet's stamps, and says whether it arrives. ``late_s``: by time in the clip."""
        super().__init__("rtsp://127.0.0.1/film", StreamSettings(), clock)
        self._path = path
        self._clock = clock
        self._edit = edit
        self._late_s = late_s
        self._began_s = clock.now_s

    def __enter__(self) -> Self:
        self._film = av.open(str(self._path))
        return self

    def __exit__(self, *error: object) -> None:
        self._film.close()

    @property
    def stream(self) -> av.VideoStream:
        return self._film.streams.video[0]

    def packets(self) -> Iterator[VideoPacket]:
        tick_s = float(self.stream.time_base or 0)
        first: int | None = None
        for packet in self._film.demux(self.stream):
            if packet.size and packet.dts is not None:
                first = packet.dts if first is None else first
                sent_s = (packet.dts - first) * tick_s
                self._clock.now_s = max(self._clock.now_s, self._began_s + sent_s + self._late_s(sent_s))
                if self._edit(packet):
                    yield packet


class Watched:
    """A camera's stream and its ring."""

    def __init__(self, interval_s: float = 2.0) -> None:
        self.clock = Clock()
        self.interval_s = interval_s
        self.ring = StreamRing(seconds=600, most_bytes=10**9)
        self.stream = LiveStream("CAM01", LiveTimeline(T0, self.clock), self.ring, lambda: self.interval_s)
        self.decoder = KeyFrameDecoder()
        self.looks: list[Look] = []

    def watch(self, path: Path, *, edit: Edit = as_it_is, late_s: Callable[[float], float] = lambda at_s: 0.0) -> list[Look]:
        """The looks of one connection, to its end."""
        looks: list[Look] = []
        with FilmedConnection(path, self.clock, edit=edit, late_s=late_s) as connection:
            for due in self.stream.watch(connection, lambda: False):
                looks.append(self.decoder.look(due))
                self.looks.append(looks[-1])
        return looks


@pytest.fixture
def watched() -> Watched:
    return Watched()


def numbers(looks: list[Look]) -> list[int | None]:
    """Of the pictures; None where there is none."""
    return [frame_number(look.picture.bgr()) if isinstance(look, Frame) else None for look in looks]


def assert_rising(looks: list[Look]) -> None:
    assert all(earlier.media_time_s < later.media_time_s for earlier, later in pairwise(looks))


FORMS: dict[str, tuple[str, dict[str, object]]] = {
    "H.264": ("mp4", {}),
    "H.264 in FLV": ("flv", {}),
    "H.264 in MPEG-TS": ("ts", {}),
    "H.264 with B-frames": ("mp4", {"bframes": 3}),
    "H.265": ("mp4", {"codec": "hevc"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_looks_are_made_at_key_frames_and_show_their_moment(form: str, watched: Watched, clip: ClipFactory) -> None:
    suffix, settings = FORMS[form]
    looks = watched.watch(clip(suffix, seconds=12, gop_s=2, **settings))
    assert numbers(looks) == [0, 50, 100, 150, 200, 250]
    assert [look.media_time_s for look in looks] == pytest.approx([100, 102, 104, 106, 108, 110], abs=0.2)
    assert all(look.captured_at == T0 + timedelta(seconds=look.media_time_s) for look in looks)
    assert {look.camera_id for look in looks} == {"CAM01"}
    assert watched.stream.counts.damaged == 0
    for look in looks:
        group = watched.ring.groups_between(look.media_time_s, look.media_time_s)[0]
        assert group.start_s == pytest.approx(look.media_time_s, abs=0.001), "the ring shows it at the same time"


def test_key_frames_between_two_looks_are_not_decoded(clip: ClipFactory) -> None:
    watched = Watched(interval_s=4.0)
    assert numbers(watched.watch(clip("mp4", seconds=12, gop_s=1))) == [0, 100, 200]
    assert watched.stream.counts.decoded == 3


@pytest.mark.parametrize(
    ("gop_s", "interval_s", "expected"),
    [
        (2.0, 3.0, [0, 2, 6, 8, 12, 14, 18]),
        (2.0, 2.5, [0, 2, 4, 8, 10, 12, 14, 18]),
        (2.0, 5.0, [0, 4, 10, 14]),
        (1.0, 2.4, [0, 2, 5, 7, 10, 12, 14, 17, 19]),
        (4.0, 2.0, [0, 4, 8, 12, 16]),
    ],
)
def test_looks_are_as_far_apart_as_asked_for_on_average(gop_s: float, interval_s: float, expected: list[int], clip: ClipFactory) -> None:
    """Key frames come when they come; of those the nearest are taken."""
    looks = Watched(interval_s).watch(clip("mp4", seconds=20, gop_s=gop_s))
    assert [round(look.media_time_s - 100) for look in looks] == expected


def test_after_a_hole_looks_are_no_closer_together(clip: ClipFactory) -> None:
    watched = Watched(interval_s=3.0)
    film = clip("mp4", seconds=12, gop_s=1)
    watched.watch(film)
    watched.clock.now_s += 40
    times = [look.media_time_s for look in watched.watch(film)]
    assert [round(later - earlier) for earlier, later in pairwise(times)] == [3, 3, 3]


def test_where_every_picture_is_a_key_frame_looks_come_a_little_early_at_most(watched: Watched, clip: ClipFactory) -> None:
    times = [look.media_time_s for look in watched.watch(clip("mkv", seconds=12, codec="mjpeg"))]
    assert all(1.6 <= later - earlier <= 2.05 for earlier, later in pairwise(times))


def test_the_pace_may_change_while_it_is_watched(watched: Watched, clip: ClipFactory) -> None:
    def slower(packet: VideoPacket) -> bool:
        watched.interval_s = 2.0 if watched.clock.now_s < 106 else 4.0
        return True

    assert numbers(watched.watch(clip("mp4", seconds=20, gop_s=2), edit=slower)) == [0, 50, 100, 150, 250, 350, 450]


@pytest.mark.parametrize("interval_s", [40.0, 90.0])
def test_a_camera_that_is_looked_at_rarely_is_not_given_up(interval_s: float, clip: ClipFactory) -> None:
    watched = Watched(interval_s)
    looks = watched.watch(clip("mp4", seconds=200, fps=2, gop_s=2, size=(160, 120)))
    assert None not in numbers(looks)
    steps = [later.media_time_s - earlier.media_time_s for earlier, later in pairwise(looks)]
    assert len(steps) >= 2
    assert all(0.8 * interval_s <= step_s <= interval_s + 2 for step_s in steps)


def test_a_camera_that_sends_key_frames_rarely_is_decoded_throughout(watched: Watched, clip: ClipFactory) -> None:
    looks = watched.watch(clip("mp4", seconds=60, fps=5, gop_s=15, size=(160, 120)))
    times = [look.media_time_s for look in looks if isinstance(look, Frame)]
    assert times[:2] == pytest.approx([100, 115], abs=0.3)
    assert [later - earlier for earlier, later in pairwise(times[1:])] == pytest.approx([2.0] * (len(times) - 2), abs=0.5)
    assert numbers(looks) == [round((time_s - 100) * 5) for time_s in times]


def test_one_that_sends_next_to_no_key_frames_is_watched_from_the_second_connection_on(watched: Watched, clip: ClipFactory) -> None:
    film = clip("mp4", seconds=80, fps=5, gop_s=80, size=(160, 120))
    with pytest.raises(SourceError, match="nothing can be decoded"):
        watched.watch(film)
    looks = watched.watch(film)
    assert len(looks) == pytest.approx(40, abs=6)
    assert all(isinstance(look, Frame) for look in looks)


def test_a_connection_that_shows_nothing_is_given_up(watched: Watched, clip: ClipFactory) -> None:
    with pytest.raises(SourceError, match="no key frame"):
        watched.watch(clip("mp4", seconds=60, fps=5, gop_s=2, size=(160, 120)), edit=lambda packet: not packet.is_keyframe)
    assert watched.looks == []
    assert watched.clock.now_s == pytest.approx(130, abs=1)
    assert watched.ring.end_s is None


def test_damage_is_a_missed_look_never_a_picture(watched: Watched, clip: ClipFactory, tmp_path: Path) -> None:
    torn = damage(clip("ts", seconds=20, gop_s=2), tmp_path / "torn.ts", spans=(Span(0.3, 0.5),), fill=None)
    looks = watched.watch(torn)
    assert_rising(looks)
    assert all(number in range(0, 500, 50) for number, look in zip(numbers(looks), looks, strict=True) if isinstance(look, Frame))
    assert any(isinstance(look, MissedLook) and look.reason is GapReason.NO_FRAME for look in looks) or len(looks) < 10
    assert numbers(looks)[0] == 0
    assert numbers(looks)[-1] == 450


@pytest.mark.parametrize("by_s", [8 * 3600, -8 * 3600, 60, -60])
def test_a_stream_whose_clock_jumps_goes_on(by_s: float, watched: Watched, clip: ClipFactory) -> None:
    def jump(packet: VideoPacket) -> bool:
        if watched.clock.now_s > 107:
            ticks = round(by_s / float(packet.time_base))
            packet.pts = (packet.pts or 0) + ticks
            packet.dts = (packet.dts or 0) + ticks
        return True

    looks = watched.watch(clip("mp4", seconds=20, gop_s=2), edit=jump)
    assert_rising(looks)
    assert numbers(looks) == list(range(0, 500, 50))
    assert [look.media_time_s for look in looks] == pytest.approx([100 + 2 * number for number in range(10)], abs=0.1)
    assert watched.stream.counts.clock_jumps == 1
    groups = watched.ring.groups_between(0, 1e9)
    assert [round(group.start_s) for group in groups] == [100, 102, 104, 108, 110, 112, 114, 116, 118], "the group that is torn is left out"


def test_stamps_that_are_missing_cost_recordings_and_no_looks(watched: Watched, clip: ClipFactory) -> None:
    def without(packet: VideoPacket) -> bool:
        packet.pts = packet.dts = None
        return True

    looks = watched.watch(clip("mp4", seconds=12, gop_s=2), edit=without)
    assert numbers(looks) == [0, 50, 100, 150, 200, 250]
    assert watched.ring.end_s is None


def test_what_a_gateway_kept_goes_into_the_ring_at_its_own_time(watched: Watched, clip: ClipFactory) -> None:
    """Four seconds are handed out at once: they were taken before the connection was made."""
    watched.watch(clip("mp4", seconds=20, gop_s=2), late_s=lambda at_s: max(0.0, 4.0 - at_s))
    starts = [group.start_s for group in watched.ring.groups_between(0, 1e9)]
    assert starts == pytest.approx([100 + 2 * number for number in range(10)], abs=0.5)
    assert_rising(watched.looks)


def test_late_packets_make_late_looks_at_their_own_time(watched: Watched, clip: ClipFactory) -> None:
    looks = watched.watch(clip("mp4", seconds=20, gop_s=2), late_s=lambda at_s: 1.5 if 7 < at_s < 13 else 0.0)
    assert [look.media_time_s for look in looks] == pytest.approx([100 + 2 * number for number in range(10)], abs=0.1)


def test_over_connections_times_rise_and_gaps_lie_between(watched: Watched, clip: ClipFactory) -> None:
    film = clip("mp4", seconds=6, gop_s=2)
    watched.watch(film)
    missed = watched.stream.missed(GapReason.NO_FRAME)
    assert (
        missed == MissedLook("CAM01", T0 + timedelta(seconds=missed.media_time_s), missed.media_time_s, GapReason.NO_FRAME)
        if missed
        else False
    )
    assert watched.stream.missed(GapReason.NO_FRAME) is None, "once at one moment"
    watched.clock.now_s += 5
    watched.watch(film)
    assert_rising(watched.looks)
    assert watched.stream.counts.connections == 2
    groups = watched.ring.groups_between(0, 1e9)
    assert len(groups) == 6
    assert groups[3].start_s - groups[2].end_s == pytest.approx(5, abs=0.2)


def test_it_stops_when_asked(watched: Watched, clip: ClipFactory) -> None:
    with FilmedConnection(clip("mp4", seconds=6, gop_s=2), watched.clock) as connection:
        assert list(watched.stream.watch(connection, lambda: True)) == []
