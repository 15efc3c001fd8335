"""Cutting clips and reaching pictures anywhere in a video file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.errors import SourceError
from pipeline.readers import open_reader
from pipeline.types import Frame
from tests.clips import Span, damage, frame_number
from tests.readers.conftest import ClipFactory

FORMATS = [
    ("mp4", "h264", 0),
    ("mp4", "h264", 3),
    ("mkv", "h264", 3),
    ("ts", "h264", 2),
    ("flv", "h264", 2),
    ("avi", "h264", 0),
    ("mkv", "hevc", 3),
    ("ts", "hevc", 3),
    ("mp4", "mpeg4", 2),
    ("avi", "mpeg4", 0),
    ("avi", "mjpeg", 0),
]


def numbers_of(path: Path) -> list[int | None]:
    """Burnt-in numbers in the order in which a player shows the pictures, decoded from scratch."""
    with av.open(str(path)) as container:
        shown = sorted((frame.pts or 0, index, frame) for index, frame in enumerate(container.decode(video=0)))
        return [frame_number(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)) for _, _, frame in shown]


def assert_runs_to(numbers: list[int | None], first: int, last: int, bframes: int) -> None:
    """All pictures from first to last, and behind them at most what B-frames are predicted from."""
    whole = last - first + 1
    assert numbers[:whole] == list(range(first, last + 1))
    assert all(number is not None and last < number <= last + bframes + 1 for number in numbers[whole:])
    assert len(numbers) <= whole + max(bframes, 0)


@pytest.mark.parametrize("target", ["cut.mp4", "cut.mkv"])
@pytest.mark.parametrize(("suffix", "codec", "bframes"), FORMATS)
def test_cut(clip: ClipFactory, tmp_path: Path, suffix: str, codec: str, bframes: int, target: str) -> None:
    source = clip(suffix, codec=codec, bframes=bframes, seconds=12, gop_s=1.0, size=(160, 120))
    path = tmp_path / target
    start_s = open_reader(str(source), camera_id="c").footage().cut(4.5, 7.5, path)
    numbers = numbers_of(path)
    first = round(start_s * 25)
    assert 3.5 <= start_s <= 4.5
    assert numbers[0] == first
    assert_runs_to(numbers, first, 187, bframes)
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        times = sorted(packet.pts * video.time_base for packet in container.demux(video) if packet.pts is not None and video.time_base)
        assert abs(times[0]) < 0.002
        assert float(times[-1]) == pytest.approx(((numbers[-1] or 0) - first) / 25, abs=0.002)
        assert len(container.streams) == 1


def test_a_cut_mp4_starts_with_its_index(clip: ClipFactory, tmp_path: Path) -> None:
    """So that a browser plays it while it loads."""
    path = tmp_path / "cut.mp4"
    open_reader(str(clip("ts", seconds=6)), camera_id="c").footage().cut(2, 4, path)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"avc1" in data


def test_sound_is_left_out(clip: ClipFactory, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    open_reader(str(clip("mp4", seconds=4, audio=True)), camera_id="c").footage().cut(0, 2, path)
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_a_cut_of_a_turned_video_stays_turned(clip: ClipFactory, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    open_reader(str(clip("mp4", seconds=4, rotation_deg=90)), camera_id="c").footage().cut(0, 2, path)
    first = next(iter(open_reader(str(path), camera_id="c")))
    assert isinstance(first, Frame)
    assert frame_number(first.picture.bgr()) == 0


def test_a_cut_over_a_jump_of_the_clock(clip: ClipFactory, tmp_path: Path) -> None:
    first = clip("ts", seconds=6, bframes=2)
    second = clip("ts", seconds=6, bframes=2, first_number=150, output_options=("-output_ts_offset", "7000"))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    reader = open_reader(str(joined), camera_id="c")
    list(reader)
    start_s = reader.footage().cut(4.0, 9.0, tmp_path / "cut.mp4")
    numbers = numbers_of(tmp_path / "cut.mp4")
    assert start_s == pytest.approx(4.0)
    assert numbers[0] == 100
    assert numbers[-1] in range(225, 229)
    assert [number for number in numbers if number is not None and 148 <= number <= 152] == [148, 149, 150, 151, 152]


def test_open_groups_are_cut_whole(clip: ClipFactory, tmp_path: Path) -> None:
    settings = "keyint=50:min-keyint=50:scenecut=0:bframes=3:open-gop=1:log-level=error:pools=1"
    source = clip("mp4", codec="hevc", seconds=8, bframes=3, encoder_options=("-x265-params", settings))
    start_s = open_reader(str(source), camera_id="c").footage().cut(2.5, 5.0, tmp_path / "cut.mp4")
    numbers = numbers_of(tmp_path / "cut.mp4")
    assert_runs_to(numbers, round(start_s * 25), 125, 3)


def test_a_cut_before_the_start_begins_at_the_first_picture(clip: ClipFactory, tmp_path: Path) -> None:
    assert open_reader(str(clip("mp4", seconds=6)), camera_id="c").footage().cut(-10, 1, tmp_path / "cut.mp4") == 0


def test_unfinished_cuts_are_removed(clip: ClipFactory, tmp_path: Path) -> None:
    footage = open_reader(str(clip("mp4", seconds=6)), camera_id="c").footage()
    with pytest.raises(SourceError, match="cannot cut clip"):
        footage.cut(0, 2, tmp_path / "nowhere" / "cut.mp4")
    with pytest.raises(SourceError, match=r"\.mp4 or \.mkv"):
        footage.cut(0, 2, tmp_path / "cut.webm")
    assert not list(tmp_path.iterdir())


def test_footage_works_while_its_reader_reads(clip: ClipFactory, tmp_path: Path) -> None:
    with open_reader(str(clip("mp4", seconds=12, bframes=2)), camera_id="c", interval_s=1.0) as reader:
        footage = reader.footage()
        for look in reader:
            assert isinstance(look, Frame)
            assert frame_number(footage.picture_at(look.media_time_s)[1].bgr()) == frame_number(look.picture.bgr())
            assert footage.cut(look.media_time_s - 1, look.media_time_s, tmp_path / "cut.mp4") <= look.media_time_s


@pytest.mark.parametrize(
    ("suffix", "codec"), [("mp4", "h264"), ("mkv", "h264"), ("ts", "h264"), ("flv", "h264"), ("avi", "mpeg4"), ("h264", "h264")]
)
def test_any_picture_can_be_reached(clip: ClipFactory, suffix: str, codec: str) -> None:
    footage = open_reader(str(clip(suffix, codec=codec, seconds=20, gop_s=3.0, size=(160, 120))), camera_id="c").footage()
    for number in (499, 0, 74, 75, 76, 250, 333, 1):
        time, picture = footage.picture_at(number / 25)
        assert round(time * 25) == number
        assert frame_number(picture.bgr()) == number


def test_codec_names(clip: ClipFactory) -> None:
    for suffix, codec in (("mp4", "h264"), ("mkv", "hevc"), ("avi", "mpeg4"), ("avi", "mjpeg")):
        assert open_reader(str(clip(suffix, codec=codec, seconds=1)), camera_id="c").footage().codec == codec


def test_a_damaged_stretch_can_be_cut_around(clip: ClipFactory, tmp_path: Path) -> None:
    path = damage(clip("mkv", seconds=12, gop_s=1.0), tmp_path / "bad.mkv", spans=(Span(0.4, 0.5),), fill=None)
    start_s = open_reader(str(path), camera_id="c").footage().cut(2, 10, tmp_path / "cut.mp4")
    numbers = numbers_of(tmp_path / "cut.mp4")
    assert start_s == pytest.approx(2.0)
    assert numbers[0] == 50
    assert numbers[-1] in (250, 251)
