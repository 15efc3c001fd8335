"""The right picture at the right time, whatever the codec, container, rate and time stamps."""

from __future__ import annotations

import random
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from pipeline.readers import open_reader
from pipeline.readers.container import new_timeline, open_video
from pipeline.readers.decoding import GroupDecoder
from pipeline.readers.groups import LARGEST_PIECE_BYTES, DemuxCounts, read_groups
from pipeline.readers.picture import Scaler, VideoPicture
from pipeline.types import Frame, Image
from tests.clips import frame_number, make_clip, remux
from tests.readers.conftest import ClipFactory
from tests.readers.looking import assert_rising, frames, missed, read, seen

FORMATS = [
    ("mp4", "h264", 0, 2.0),
    ("mp4", "h264", 2, 2.0),
    ("mp4", "h264", 3, 1.92),
    ("mp4", "h264", 2, 10.0),
    ("mkv", "h264", 2, 4.0),
    ("mov", "h264", 0, 2.0),
    ("avi", "h264", 2, 2.0),
    ("flv", "h264", 2, 2.0),
    ("ts", "h264", 2, 2.0),
    ("h264", "h264", 2, 2.0),
    ("mp4", "hevc", 3, 2.0),
    ("mkv", "hevc", 3, 4.0),
    ("ts", "hevc", 3, 2.0),
    ("avi", "mpeg4", 0, 0.5),
    ("avi", "mpeg4", 2, 0.5),
    ("mp4", "mpeg4", 2, 0.5),
    ("avi", "mjpeg", 0, 1.0),
    ("ts", "mpeg2video", 2, 0.5),
]


@pytest.mark.parametrize("interval_s", [2.0, 0.7])
@pytest.mark.parametrize(("suffix", "codec", "bframes", "gop_s"), FORMATS)
def test_each_look_shows_its_moment(clip: ClipFactory, suffix: str, codec: str, bframes: int, gop_s: float, interval_s: float) -> None:
    path = clip(suffix, codec=codec, bframes=bframes, gop_s=gop_s, seconds=8)
    with open_reader(str(path), camera_id="c", interval_s=interval_s) as reader:
        looks = list(reader)
    assert_rising(looks)
    assert not missed(looks)
    assert all(number == round(time * 25) for time, number in seen(looks))
    footage = reader.footage()
    for look in frames(looks):
        time, picture = footage.picture_at(look.media_time_s)
        assert (time, frame_number(picture.bgr())) == (look.media_time_s, round(look.media_time_s * 25))
    due = [index * interval_s for index in range(1000) if index * interval_s < 7.9]
    assert len(looks) == len(due)
    assert all(-1e-6 <= look.media_time_s - time <= interval_s / 2 + 1e-6 for look, time in zip(looks, due, strict=True))


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize("fps", [Fraction(30000, 1001), Fraction(24000, 1001), Fraction(15), Fraction(60)])
def test_time_is_not_counted_in_pictures(clip: ClipFactory, suffix: str, fps: Fraction) -> None:
    looks, summary = read(clip(suffix, fps=fps, seconds=8, bframes=2, size=(160, 120)), 1.0)
    assert [number for _, number in seen(looks)] == [round(time * fps) for time, _ in seen(looks)]
    assert len(looks) == 8
    assert summary.faults == ()


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "mov"])
def test_variable_rate(clip: ClipFactory, tmp_path: Path, suffix: str) -> None:
    draw = random.Random(1)  # noqa: S311  # no secret
    path = remux(clip("avi", codec="mjpeg", seconds=12), tmp_path / f"vfr.{suffix}", lambda index, _: index == 0 or draw.random() < 0.2)
    looks, summary = read(path, 1.0)
    assert all(number == round(time * 25) for time, number in seen(looks))
    assert 11 <= len(looks) <= 12
    assert not missed(looks)
    assert summary.faults == ()


def test_a_picture_every_five_seconds(clip: ClipFactory) -> None:
    looks, _ = read(clip("mp4", fps=0.2, seconds=30, gop_s=10), 10.0)
    assert seen(looks) == [(0.0, 0), (10.0, 2), (20.0, 4)]


@pytest.mark.parametrize("offset_s", [0.0, 3600.0, 2**33 / 90_000 - 5])
def test_media_time_starts_at_the_first_picture(clip: ClipFactory, offset_s: float) -> None:
    """Also where the 33 bit clock of a transport stream runs over within the file."""
    looks, summary = read(clip("ts", seconds=8, bframes=2, output_options=("-output_ts_offset", str(offset_s))), 1.0)
    assert seen(looks) == [(float(second), 25 * second) for second in range(8)]
    assert summary.faults == ()


@pytest.mark.parametrize(
    ("codec", "suffix", "option"), [("hevc", "mp4", "-x265-params"), ("h264", "ts", "-x264-params"), ("h264", "mp4", "-x264-params")]
)
def test_open_groups_lose_no_picture(clip: ClipFactory, codec: str, suffix: str, option: str) -> None:
    settings = "keyint=50:min-keyint=50:scenecut=0:bframes=3:open-gop=1" + (":log-level=error:pools=1" if codec == "hevc" else "")
    path = clip(suffix, codec=codec, seconds=8, bframes=3, encoder_options=(option, settings))
    pictures = [
        (time, frame_number(picture.bgr())) for time, picture in open_reader(str(path), camera_id="c").footage().pictures_between(0, 9)
    ]
    assert [number for _, number in pictures] == list(range(200))
    assert [round(time * 25) for time, _ in pictures] == list(range(200))
    looks, summary = read(path, 0.7)
    assert all(number == round(time * 25) for time, number in seen(looks))
    assert len(looks) == 12
    assert summary.faults == ()


def joined(first: Path, second: Path, target: Path) -> Path:
    """Two transport streams back to back, as recorders join them."""
    target.write_bytes(first.read_bytes() + second.read_bytes())
    return target


@pytest.mark.parametrize("offset_s", [0, 4, 7000])
def test_clocks_that_jump_leave_time_rising(clip: ClipFactory, tmp_path: Path, offset_s: int) -> None:
    first = clip("ts", seconds=6, bframes=2)
    second = clip("ts", seconds=6, bframes=2, first_number=150, output_options=("-output_ts_offset", str(offset_s)))
    path = joined(first, second, tmp_path / "jump.ts")
    with open_reader(str(path), camera_id="c", interval_s=1.0) as reader:
        looks = list(reader)
    assert_rising(looks)
    assert seen(looks) == [(float(second), 25 * second) for second in range(12)]
    assert any("jump 1 time" in fault for fault in reader.summary().faults)
    footage = reader.footage()
    for look in frames(looks):
        time, picture = footage.picture_at(look.media_time_s)
        assert time == look.media_time_s
        assert frame_number(picture.bgr()) == frame_number(look.picture.bgr())


def test_a_hole_in_the_recording_is_missed_looks(clip: ClipFactory, tmp_path: Path) -> None:
    first = clip("ts", seconds=6, bframes=2)
    second = clip("ts", seconds=6, bframes=2, first_number=150, output_options=("-output_ts_offset", "20"))
    with open_reader(str(joined(first, second, tmp_path / "hole.ts")), camera_id="c", interval_s=2.0) as reader:
        looks = list(reader)
    assert_rising(looks)
    assert missed(looks) == [6.0, 8.0, 10.0, 12.0, 14.0, 16.0]
    assert [number for _, number in seen(looks)] == [0, 50, 100, 150, 152, 202, 252]
    assert reader.summary().missed_looks == 6
    assert any("missing in 1 place" in fault for fault in reader.summary().faults)


def test_missing_stamps_are_made_up_and_said(clip: ClipFactory) -> None:
    looks, summary = read(clip("h264", seconds=6, bframes=2, gop_s=3), 1.0)
    assert seen(looks) == [(float(second), 25 * second) for second in range(6)]
    assert any("150 time stamps missing" in fault for fault in summary.faults)


def test_key_frames_alone_are_decoded_where_they_come_often_enough(clip: ClipFactory) -> None:
    _, summary = read(clip("mp4", seconds=12, gop_s=2.0, bframes=2), 2.0)
    assert (summary.looks, summary.frames_decoded) == (6, 6)
    _, summary = read(clip("avi", codec="mjpeg", seconds=12), 2.0)
    assert (summary.looks, summary.frames_decoded) == (6, 6)


def test_nothing_behind_a_look_is_decoded(clip: ClipFactory) -> None:
    """Groups of 7 s, a look every 4 s: 0 and 4 are in the first group, 8 in the second."""
    path = clip("mp4", seconds=12, gop_s=7.0)
    looks, summary = read(path, 4.0)
    assert seen(looks) == [(0.0, 0), (4.0, 100), (8.0, 200)]
    assert summary.frames_decoded == 101 + 26


def test_a_look_waits_for_a_key_frame_that_comes_soon(clip: ClipFactory) -> None:
    looks, summary = read(clip("mp4", seconds=12, gop_s=5.0), 4.0)
    assert seen(looks) == [(0.0, 0), (5.0, 125), (10.0, 250)]
    assert summary.frames_decoded == 3


@pytest.mark.long
def test_four_hours_are_read_by_index(tmp_path: Path) -> None:
    """Footage far into a long file is reached without reading what is before it."""
    short = make_clip(tmp_path / "short.mp4", seconds=60, fps=5, gop_s=10, size=(64, 48))
    long = tmp_path / "long.mp4"
    repeat(short, long, times=60)
    reader = open_reader(str(long), camera_id="c", interval_s=60.0)
    looks = list(reader)
    assert [number for _, number in seen(looks)] == [0] * 60
    time, picture = reader.footage().picture_at(3001.0)
    assert (round(time, 3), frame_number(picture.bgr())) == (3001.0, 5)


def repeat(source: Path, target: Path, *, times: int) -> None:
    """The same packets again and again, one after the other in time."""
    with av.open(str(target), "w") as output:
        copy = None
        shift = 0
        for _ in range(times):
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                copy = copy or output.add_stream_from_template(video)
                for packet in container.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = copy
                    output.mux(packet)
                shift += video.duration or 0


def test_frames_are_decoded_as_they_are_asked_for(clip: ClipFactory) -> None:
    with open_reader(str(clip("mp4", seconds=12)), camera_id="c", interval_s=2.0) as reader:
        looks = iter(reader)
        assert isinstance(next(looks), Frame)
        assert reader.summary().looks == 1


@pytest.mark.parametrize("bframes", [0, 3])
def test_groups_in_pieces_are_decoded_through(clip: ClipFactory, bframes: int) -> None:
    path = clip("mp4", seconds=8, gop_s=4.0, bframes=bframes)
    with open_video(path) as (container, stream):
        timeline, counts = new_timeline(stream), DemuxCounts()
        decoder = GroupDecoder(path, stream, strict=True)
        numbers: list[int | None] = []
        pieces = 0
        for group in read_groups(container, stream, timeline, counts, piece_bytes=4000):
            pieces += 1
            numbers += [frame_number(VideoPicture(frame, Scaler()).bgr()) for _, frame in decoder.decode(group)]
    assert pieces > 4
    assert numbers == list(range(200))


@pytest.mark.long
def test_a_group_beyond_all_bounds_is_read_in_pieces(tmp_path: Path) -> None:
    """One key frame at the start and 60 MB behind it: never held at once, and no look is lost."""
    noise = np.random.default_rng(1).integers(0, 120, (480, 640, 3), np.uint8)

    def snow(number: int, canvas: Image) -> None:
        canvas[:] = np.roll(noise, (number * 37, number * 91), (0, 1))

    path = make_clip(
        tmp_path / "snow.mkv",
        seconds=16,
        fps=10,
        gop_s=1000,
        size=(640, 480),
        scene=snow,
        encoder_options=("-preset", "ultrafast", "-qp", "1"),
    )
    assert path.stat().st_size > 1.2 * LARGEST_PIECE_BYTES
    looks, summary = read(path, 2.0)
    assert seen(looks) == [(float(second), 10 * second) for second in range(0, 16, 2)]
    assert summary.faults == ()


def test_footage_follows_a_clock_that_runs_over(clip: ClipFactory) -> None:
    path = clip("ts", seconds=8, bframes=2, output_options=("-output_ts_offset", str(2**33 / 90_000 - 5)))
    footage = open_reader(str(path), camera_id="c").footage()
    for number in (199, 30, 120, 0):
        time, picture = footage.picture_at(number / 25)
        assert (round(time * 25), frame_number(picture.bgr())) == (number, number)


def test_pictures_before_an_edit_are_decoded_but_not_shown(clip: ClipFactory, tmp_path: Path) -> None:
    """A clip cut at 3.4 s by copying starts with a key frame at 2 s that its edit list hides."""
    path = tmp_path / "edited.mp4"
    source = clip("mp4", seconds=12, bframes=2)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-ss", "3.4", "-i", str(source), "-c", "copy", str(path)]
    subprocess.run(command, check=True)
    looks, summary = read(path, 1.0)
    assert seen(looks) == [(float(second), 85 + 25 * second) for second in range(9)]
    assert summary.faults == ()
    pictures = open_reader(str(path), camera_id="c").footage().pictures_between(0, 0.1)
    assert [frame_number(picture.bgr()) for _, picture in pictures] == [85, 86, 87]
