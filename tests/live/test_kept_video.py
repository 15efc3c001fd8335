"""What is kept of a stream: the ring in memory, videos on the disk, and footage made of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.readers.kept_video import KeptFootage, KeptVideo
from pipeline.readers.stream_ring import RecordedGroup, StreamRing
from pipeline.stages import Footage
from tests.clips import frame_number
from tests.live.recording import FPS, START_S, number_at, record, sent
from tests.readers.conftest import ClipFactory

SOURCES: dict[str, tuple[str, dict[str, Any]]] = {
    "H.264": ("mp4", {}),
    "H.264 in FLV": ("flv", {}),
    "H.264 in MPEG-TS": ("ts", {}),
    "H.264 with B-frames": ("mp4", {"bframes": 3}),
    "H.264 with B-frames in MPEG-TS": ("ts", {"bframes": 3}),
    "H.265": ("mp4", {"codec": "hevc"}),
    "H.265 with B-frames": ("mp4", {"codec": "hevc", "bframes": 3}),
}
SECONDS = 12
GOP_S = 2.0


@pytest.fixture(params=SOURCES)
def groups(request: pytest.FixtureRequest, clip: ClipFactory) -> list[RecordedGroup]:
    """Twelve seconds of pictures whose number is their time in 1/25 s, a key frame each two."""
    suffix, settings = SOURCES[request.param]
    return record(clip(suffix, seconds=SECONDS, gop_s=GOP_S, **settings))


@pytest.fixture
def plain(clip: ClipFactory) -> list[RecordedGroup]:
    """The same in plain H.264."""
    return record(clip("mp4", seconds=SECONDS, gop_s=GOP_S))


def key_of(group: RecordedGroup) -> RecordedGroup:
    """Its key frame alone."""
    key = group.key()
    assert key is not None
    return key


def shown(footage: KeptFootage, start_s: float, end_s: float) -> list[tuple[float, int | None]]:
    """Media times and numbers of all pictures of a span."""
    return [(time_s, frame_number(picture.bgr())) for time_s, picture in footage.pictures_between(start_s, end_s)]


# --- groups ------------------------------------------------------------------------------------------------------


def test_a_stream_is_cut_into_groups_at_its_key_frames(groups: list[RecordedGroup]) -> None:
    assert [group.start_s for group in groups] == pytest.approx([START_S + GOP_S * number for number in range(6)], abs=1e-3)
    assert sum(group.pictures for group in groups) == SECONDS * FPS
    assert len({group.form for group in groups}) == 1
    for earlier, later in pairwise(groups):
        assert earlier.end_s == pytest.approx(later.start_s - 1 / FPS, abs=0.15)
    assert groups[-1].end_s == pytest.approx(START_S + SECONDS - 1 / FPS, abs=1e-3)


def test_each_group_can_be_read_by_itself(groups: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    for group in groups:
        part = kept.keep([group])
        first_s, picture = kept.footage().picture_at(group.start_s)
        assert first_s == pytest.approx(group.start_s, abs=0.002)
        assert frame_number(picture.bgr()) == number_at(group.start_s)
        kept.remove(part)


@pytest.mark.parametrize("name", SOURCES)
def test_the_newest_key_frame_can_be_had_alone(name: str, clip: ClipFactory, tmp_path: Path) -> None:
    suffix, settings = SOURCES[name]
    ring = StreamRing(seconds=100, most_bytes=10**9)
    for group in sent(clip(suffix, seconds=SECONDS, gop_s=GOP_S, **settings))[:4]:
        ring.add(group)
    key = ring.newest_key()
    assert key is not None
    assert key.start_s == key.end_s == pytest.approx(START_S + 6.0, abs=1e-3)
    assert key.pictures == 1
    kept = KeptVideo(tmp_path / "kept")
    kept.keep_key(key)
    assert [(round(at - START_S, 2), number) for at, number in shown(kept.footage(), 0, 1e9)] == [(6.0, 150)]


# --- the ring ----------------------------------------------------------------------------------------------------


def made_up(start_s: float, length_s: float = 2.0, size: int = 1000, form: str = "h264 320x240 0") -> RecordedGroup:
    return RecordedGroup(start_s, start_s + length_s - 0.04, 50, form, bytes(size))


def test_an_empty_ring_knows_nothing() -> None:
    ring = StreamRing(seconds=10, most_bytes=10**6)
    assert (ring.bytes, ring.seconds, ring.end_s, ring.groups_between(0, 1e9)) == (0, 0.0, None, ())
    assert ring.newest_key() is None


@given(st.lists(st.tuples(st.floats(0.1, 30), st.floats(0, 60)), max_size=60), st.floats(1, 60))
def test_the_last_seconds_are_always_held(groups: list[tuple[float, float]], seconds: float) -> None:
    ring = StreamRing(seconds=seconds, most_bytes=10**9)
    now_s = 0.0
    for length_s, pause_s in groups:
        ring.add(made_up(now_s, length_s + 0.04))
        end_s = now_s + length_s
        assert ring.end_s == pytest.approx(end_s)
        held = ring.groups_between(float("-inf"), float("inf"))
        assert held[0].start_s <= max(0.0, end_s - seconds) + 1e-6 or held[0].start_s == 0.0
        assert len(held) == 1 or held[-1].end_s - held[1].start_s < seconds, "and not a group more"
        now_s = end_s + 0.04 + pause_s


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=60), st.integers(1, 10000))
def test_it_never_holds_more_bytes_but_for_the_newest_group(sizes: list[int], most: int) -> None:
    ring = StreamRing(seconds=1e6, most_bytes=most)
    for number, size in enumerate(sizes):
        ring.add(made_up(2.0 * number, size=size))
        held = ring.groups_between(float("-inf"), float("inf"))
        assert ring.bytes == sum(len(group.video) for group in held)
        assert ring.bytes <= max(most, size)
        assert held[-1].start_s == 2.0 * number


def test_a_group_that_does_not_begin_later_is_left_out() -> None:
    ring = StreamRing(seconds=100, most_bytes=10**6)
    for start_s in (0.0, 2.0, 1.0, 2.0, 3.0):
        ring.add(made_up(start_s))
    assert [group.start_s for group in ring.groups_between(-1, 100)] == [0.0, 2.0, 3.0]
    assert ring.bytes == 3000


def test_a_span_begins_with_the_key_frame_at_or_before_it() -> None:
    ring = StreamRing(seconds=100, most_bytes=10**6)
    for start_s in (0.0, 2.0, 4.0, 6.0):
        ring.add(made_up(start_s))

    def between(start_s: float, end_s: float) -> list[float]:
        return [group.start_s for group in ring.groups_between(start_s, end_s)]

    assert between(2.5, 4.5) == [2.0, 4.0]
    assert between(2.0, 4.0) == [2.0, 4.0]
    assert between(-5, 0.1) == [0.0]
    assert between(7.9, 100) == [6.0]


# --- videos on the disk ------------------------------------------------------------------------------------------


def test_names_survive_a_restart_and_what_was_half_written_does_not(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    written = [kept.keep(plain[:2]), kept.keep(plain[4:]), kept.keep_key(key_of(plain[3]))]
    (tmp_path / "kept" / "0000000009999-0000000010000.mkv.partial").write_bytes(b"half")
    (tmp_path / "kept" / "notes.txt").write_text("somebody's")
    again = KeptVideo(tmp_path / "kept")
    assert not list(tmp_path.rglob("*.partial"))
    found = again.parts()
    assert [part.path for part in found] == [written[0].path, written[2].path, written[1].path]
    written.sort(key=lambda part: part.start_s)
    assert [part.start_s for part in found] == pytest.approx([part.start_s for part in written], abs=0.001)
    assert [part.end_s for part in found] == pytest.approx([part.end_s for part in written], abs=0.001)


def test_times_before_the_first_start_are_found_again_too(plain: list[RecordedGroup], tmp_path: Path) -> None:
    """Somebody put the machine's clock right: it is earlier now than when the camera was first watched."""
    kept = KeptVideo(tmp_path / "kept")
    kept.keep([group.moved(-START_S - 5.0) for group in plain[:2]])
    (part,) = kept.parts()
    assert part.start_s == -5.0
    assert part.end_s == pytest.approx(-1.04)
    assert shown(kept.footage(), -3.0, -2.96)[0][1] == 50


def test_keeping_the_same_again_changes_nothing(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    before = kept.keep(plain[:2]).path.stat()
    assert kept.keep(plain[:2]).path.stat() == before


def test_a_removed_part_is_gone_and_may_be_removed_twice(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    part = kept.keep(plain[:2])
    kept.remove(part)
    kept.remove(part)
    assert kept.parts() == ()


def test_groups_that_are_no_video_are_an_error_and_leave_nothing(tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    with pytest.raises(SourceError, match="can't be joined"):
        kept.keep([made_up(0.0)])
    assert made_up(0.0).key() is None
    assert not list((tmp_path / "kept").iterdir())


def test_a_disk_that_refuses_is_an_oserror(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    (tmp_path / "kept").rmdir()
    with pytest.raises(OSError, match="kept"):
        kept.keep(plain[:2])


# --- footage -----------------------------------------------------------------------------------------------------


@pytest.fixture
def footage(groups: list[RecordedGroup], tmp_path: Path) -> KeptFootage:
    """Seconds 0-4 and 8-12 of the clip, and the key frame at 6."""
    kept = KeptVideo(tmp_path / "kept")
    kept.keep(groups[:2])
    kept.keep(groups[4:])
    kept.keep_key(key_of(groups[3]))
    return kept.footage()


def test_it_gives_the_very_picture_of_each_look(footage: KeptFootage) -> None:
    for second in (0, 1, 2, 3, 8, 9, 10, 11):
        at_s = START_S + second
        time_s, picture = footage.picture_at(at_s)
        assert time_s == pytest.approx(at_s, abs=0.002)
        assert frame_number(picture.bgr()) == number_at(at_s)
        assert footage.holds(at_s)
    assert frame_number(footage.picture_at(START_S + 6)[1].bgr()) == number_at(START_S + 6)


def test_every_picture_of_what_was_kept_is_there_at_its_time(footage: KeptFootage) -> None:
    found = shown(footage, START_S - 100, START_S + 100)
    numbers = [number for number in range(SECONDS * FPS) if number < 100 or number >= 200 or number == 150]
    if found[99][1] == 150:  # an open group: its last picture is sent with the next one
        numbers.remove(99)
    assert [number for _, number in found] == numbers
    assert [time_s for time_s, _ in found] == pytest.approx([START_S + number / FPS for number in numbers], abs=0.002)


def test_it_says_what_it_holds(footage: KeptFootage) -> None:
    held = [second for second in range(-1, 14) if footage.holds(START_S + second)]
    assert held == [0, 1, 2, 3, 6, 8, 9, 10, 11]


def test_a_span_has_both_ends_and_no_picture_twice(footage: KeptFootage) -> None:
    found = shown(footage, START_S + 1, START_S + 9)
    assert found[0][1] == 25
    assert found[-1][1] == 225
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(found))


def test_where_nothing_was_kept_the_next_picture_is_given(footage: KeptFootage) -> None:
    time_s, picture = footage.picture_at(START_S + 4.5)
    assert time_s == pytest.approx(START_S + 6, abs=0.002)
    assert frame_number(picture.bgr()) == 150
    with pytest.raises(SourceError, match="nothing was kept of this time"):
        footage.picture_at(START_S + 12.5)
    assert shown(footage, START_S + 4.5, START_S + 5.5) == []


def test_a_cut_is_a_copy_from_the_key_frame_before(footage: KeptFootage, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    first_s = footage.cut(START_S + 9, START_S + 11, path)
    assert first_s == pytest.approx(START_S + 8, abs=0.002)
    with av.open(str(path)) as container:
        numbers = [frame_number(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)) for frame in container.decode(video=0)]
    assert numbers[: 3 * FPS + 1] == list(range(200, 276))
    assert len(numbers) <= 3 * FPS + 4, "what the last pictures are predicted from comes with them"
    with pytest.raises(SourceError, match="nothing was kept of this time"):
        footage.cut(START_S + 4.5, START_S + 5.5, tmp_path / "hole.mp4")
    assert not (tmp_path / "hole.mp4").exists()


def test_a_cut_over_a_hole_takes_the_video_that_shows_most(footage: KeptFootage, tmp_path: Path) -> None:
    first_s = footage.cut(START_S + 3, START_S + 10, tmp_path / "cut.mp4")
    assert first_s == pytest.approx(START_S + 8, abs=0.002)


def test_it_is_footage_like_any_other(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    nothing: Footage = kept.footage()
    assert nothing.codec == ""
    assert not nothing.holds(START_S)
    with pytest.raises(SourceError, match="nothing was kept"):
        nothing.picture_at(START_S)
    with pytest.raises(SourceError, match="nothing was kept"):
        nothing.cut(START_S, START_S + 2, tmp_path / "cut.mp4")
    assert list(nothing.pictures_between(0, 1e9)) == []
    kept.keep(plain)
    assert kept.footage().codec == "h264"


def test_videos_that_overlap_show_each_picture_once(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    kept.keep(plain[0:3])
    kept.keep(plain[1:5])
    kept.keep_key(key_of(plain[2]))
    assert [number for _, number in shown(kept.footage(), 0, 1e9)] == list(range(250))


def test_a_group_whose_clock_was_put_back_a_little_hides_no_key_frame(plain: list[RecordedGroup], tmp_path: Path) -> None:
    """Packets that come faster than those before show that all were older than they seemed."""
    kept = KeptVideo(tmp_path / "kept")
    early = [replace(group, start_s=group.start_s - 0.1, end_s=group.end_s - 0.1) for group in plain[1:]]
    kept.keep([plain[0], *early])
    assert [number for _, number in shown(kept.footage(), 0, 1e9)] == [*range(48), *range(50, 300)]
    assert frame_number(kept.footage().picture_at(early[0].start_s)[1].bgr()) == 50


def test_groups_of_two_connections_are_one_video_with_a_hole(plain: list[RecordedGroup], clip: ClipFactory, tmp_path: Path) -> None:
    """What the same camera sends after it was away for a minute."""
    kept = KeptVideo(tmp_path / "kept")
    later = record(clip("mp4", seconds=SECONDS, gop_s=GOP_S), START_S + 60)
    kept.keep([*plain[4:], *later[:1]])
    found = shown(kept.footage(), 0, 1e9)
    assert [number for _, number in found] == [*range(200, 300), *range(50)]
    assert found[100][0] == pytest.approx(START_S + 60, abs=0.002)


def test_one_video_that_can_be_read_no_more_takes_nothing_from_the_others(plain: list[RecordedGroup], tmp_path: Path) -> None:
    kept = KeptVideo(tmp_path / "kept")
    kept.keep(plain[:2]).path.write_bytes(b"")
    kept.keep(plain[4:])
    footage = kept.footage()
    assert footage.codec == "h264"
    assert frame_number(footage.picture_at(START_S + 9)[1].bgr()) == 225
    assert footage.cut(START_S + 9, START_S + 10, tmp_path / "cut.mp4") == pytest.approx(START_S + 8, abs=0.002)
