"""What every FrameReader and its Footage promise, over all implementations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from pipeline.errors import SourceError
from pipeline.readers import open_reader
from pipeline.stages import Footage, FrameReader
from pipeline.types import UNKNOWN_EPOCH, ClockSource, Frame
from tests.clips import frame_number, make_folder
from tests.readers.conftest import ClipFactory
from tests.readers.looking import assert_rising, frames, missed, seen

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)


@pytest.fixture(params=["video", "video with B-frames", "folder"])
def source(request: pytest.FixtureRequest, clip: ClipFactory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of pictures whose number is their time in 1/25 s."""
    if request.param == "video":
        return clip("mp4", seconds=12)
    if request.param == "video with B-frames":
        return clip("mkv", seconds=12, bframes=3, gop_s=5)
    folder = tmp_path_factory.mktemp("pictures")
    return make_folder(folder, {f"{second:04d}.png": 25 * second for second in range(12)})


def opened(source: Path, interval_s: float = 2.0) -> FrameReader:
    return open_reader(str(source), camera_id="CAM01", interval_s=interval_s, start=START)


@pytest.mark.parametrize("interval_s", [1.0, 2.0, 3.0])
def test_looks_lie_on_the_grid_and_show_their_moment(source: Path, interval_s: float) -> None:
    with opened(source, interval_s) as reader:
        looks = list(reader)
    assert all(number == round(time * 25) for time, number in seen(looks))
    late = [look.media_time_s - index * interval_s for index, look in enumerate(looks)]
    assert len(looks) == len(np.arange(0, 12, interval_s))
    assert min(late) >= 0
    assert max(late) <= interval_s / 2  # waiting for a key frame
    assert not missed(looks)
    assert_rising(looks)


def test_wall_clock_time_is_start_plus_media_time(source: Path) -> None:
    with opened(source) as reader:
        assert reader.clock.start_at == START
        assert reader.clock.source is ClockSource.GIVEN
        for look in reader:
            assert look.camera_id == "CAM01"
            assert look.captured_at == START + timedelta(seconds=look.media_time_s)
            assert look.captured_at.tzinfo is UTC


def test_a_naive_start_is_local_time(source: Path) -> None:
    reader = open_reader(str(source), camera_id="c", start=datetime(2024, 1, 31, 9, 42, 17), timezone="Asia/Shanghai")  # noqa: DTZ001
    assert reader.clock.start_at == datetime(2024, 1, 31, 9, 42, 17, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_without_any_time_the_clock_is_unknown(source: Path) -> None:
    clock = open_reader(str(source), camera_id="c").clock
    assert (clock.source, clock.start_at, clock.known) == (ClockSource.UNKNOWN, UNKNOWN_EPOCH, False)


def test_summary_counts_what_was_read(source: Path) -> None:
    with opened(source) as reader:
        assert reader.summary().looks == 0
        looks = list(reader)
        summary = reader.summary()
    assert (summary.looks, summary.missed_looks, summary.damaged_packets, summary.faults) == (len(looks), 0, 0, ())
    assert summary.first_media_time_s == 0
    assert summary.last_media_time_s is not None
    assert 11 <= summary.last_media_time_s < 12
    assert reader.duration_s == pytest.approx(11.5, abs=0.51)


def test_reading_twice_gives_the_same_bytes(source: Path) -> None:
    def content() -> list[tuple[float, bytes]]:
        with opened(source) as reader:
            return [(frame.media_time_s, frame.picture.bgr(width_px=160).tobytes()) for frame in frames(list(reader))]

    assert content() == content()


def test_one_reader_can_be_read_again(source: Path) -> None:
    with opened(source) as reader:
        first, again = seen(list(reader)), seen(list(reader))
    assert first == again
    assert reader.summary().looks == len(again)


def test_leaving_early_closes_the_source(source: Path) -> None:
    with opened(source) as reader:
        looks = iter(reader)
        first = next(looks)
    assert isinstance(first, Frame)
    assert not list(looks)
    assert frame_number(first.picture.bgr()) == 0


def test_pictures_are_read_only_cached_and_keep_their_aspect(source: Path) -> None:
    with opened(source) as reader:
        picture = frames(list(reader))[0].picture
    full, small = picture.bgr(), picture.bgr(width_px=160)
    assert (picture.width_px, picture.height_px) == (320, 240)
    assert full.shape == (240, 320, 3)
    assert small.shape == (120, 160, 3)
    assert full.dtype == np.uint8
    assert picture.bgr(width_px=160) is small
    assert picture.bgr(width_px=1).shape == (1, 1, 3)
    assert picture.bgr(width_px=640).shape == (480, 640, 3)
    with pytest.raises(ValueError, match="read-only"):
        full[0, 0, 0] = 1
    with pytest.raises(ValueError, match="width_px"):
        picture.bgr(width_px=0)


def test_footage_gives_the_picture_of_each_look(source: Path) -> None:
    with opened(source, 1.0) as reader:
        footage = reader.footage()
        for look in reader:
            assert isinstance(look, Frame)
            time, picture = footage.picture_at(look.media_time_s)
            assert time == look.media_time_s
            assert frame_number(picture.bgr()) == frame_number(look.picture.bgr())


def test_footage_gives_the_next_picture_where_there_is_none(source: Path) -> None:
    time, picture = opened(source).footage().picture_at(6.99)
    assert time == pytest.approx(7.0)
    assert frame_number(picture.bgr()) == 175
    assert opened(source).footage().picture_at(-5)[0] == 0


def test_footage_gives_a_span_with_both_ends(source: Path) -> None:
    pictures = list(opened(source).footage().pictures_between(4.0, 6.0))
    assert pictures[0][0] == pytest.approx(4.0)
    assert pictures[-1][0] == pytest.approx(6.0)
    assert [frame_number(picture.bgr()) for _, picture in pictures] == [round(time * 25) for time, _ in pictures]


def test_footage_behind_the_end_is_an_error(source: Path) -> None:
    footage = opened(source).footage()
    with pytest.raises(SourceError, match="no readable picture there"):
        footage.picture_at(60)
    assert not list(footage.pictures_between(60, 70))


def test_footage_cuts_video_and_refuses_a_folder(source: Path, tmp_path: Path) -> None:
    footage: Footage = opened(source).footage()
    if footage.codec:
        assert footage.cut(5.5, 7.5, tmp_path / "cut.mp4") <= 5.5
    else:
        with pytest.raises(SourceError, match="folder of pictures"):
            footage.cut(5.5, 7.5, tmp_path / "cut.mp4")
        assert not (tmp_path / "cut.mp4").exists()


@pytest.mark.parametrize("interval_s", [0.0, -1.0, float("nan"), float("inf")])
def test_a_senseless_interval_is_refused(source: Path, interval_s: float) -> None:
    with pytest.raises(ValueError, match="interval_s"):
        opened(source, interval_s)


def test_a_file_uri_is_a_path(source: Path) -> None:
    with open_reader(source.absolute().as_uri(), camera_id="c") as reader:
        assert len(list(reader)) == 6
