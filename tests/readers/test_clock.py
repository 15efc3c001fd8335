"""When a recording started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import open_reader
from pipeline.readers.clock import find_clock, time_in_name
from pipeline.types import UNKNOWN_EPOCH, ClockSource
from tests.readers.conftest import ClipFactory

ZONE = "Asia/Shanghai"
MOMENT = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "CAM01_20240131_094217.mp4",
        "20240131094217.mp4",
        "2024-01-31_09-42-17.mp4",
        "2024-01-31 09.42.17.mkv",
        "2024-01-31T09:42:17.mkv",
        "20240131T014217Z.ts",
        "20240131T094217+0800.ts",
        "2024_01_31_09_42_17.avi",
        "ch01_20240131094217_20240131104217.mp4",
        "ch0001_00000000012000000_20240131094217.mp4",
        "NVR_ch1_main_20240131094217_20240131104217.dav",
        "192.168.1.64_01_20240131094217000_1.mp4",
        "D01_S20240131094217_E20240131104217.mp4",
        "样太路12号_20240131-094217.flv",
        "1706665337000.mp4",
        "cam3_1706665337000_part2.mp4",
        "20240131_094217-0001.mp4",
        "20241399_000000_20240131_094217.mp4",
    ],
)
def test_recorder_names(name: str) -> None:
    assert time_in_name(Path("/footage") / name, ZONE) == MOMENT


def test_time_of_day_in_a_folder_of_the_date() -> None:
    assert time_in_name(Path("/nvr/2024-01-31/001/dav/09/09.42.17-09.45.00[M][0@0][0].dav"), ZONE) == MOMENT
    assert time_in_name(Path("/nvr/001/dav/09/09.42.17-09.45.00[M][0@0][0].dav"), ZONE) is None


def test_milliseconds() -> None:
    assert time_in_name(Path("20240131094217123.mp4"), ZONE) == MOMENT + timedelta(milliseconds=123)
    assert time_in_name(Path("1706665337123.mp4"), ZONE) == MOMENT + timedelta(milliseconds=123)


@pytest.mark.parametrize(
    "name",
    [
        "street.mp4",
        "CAM01.mp4",
        "20240131.mp4",
        "20241331_094217.mp4",
        "20230229_094217.mp4",
        "20240131_246060.mp4",
        "00000000001000000.mp4",
        "120240131094217.mp4",
        "202401310942171.mp4",
        "12345678901234567890.mp4",
        "19700101_000000.mp4",
        "12345678_123456.mp4",
        "9999999999999.mp4",
        "13812345678.mp4",
        "1706665337.mp4",
        "pedestrian_road_30s.mp4",
        "vid_1920x1080_25fps_4000k.mp4",
    ],
)
def test_other_digits_are_no_time(name: str) -> None:
    assert time_in_name(Path("/footage") / name, ZONE) is None


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(["%Y%m%d%H%M%S", "%Y%m%d_%H%M%S", "%Y-%m-%d_%H-%M-%S", "%Y.%m.%d %H.%M.%S", "%Y%m%dT%H%M%S"]))
def test_what_is_written_is_read(moment: datetime, pattern: str) -> None:
    expected = moment.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    assert time_in_name(Path(f"CAM7_{moment.strftime(pattern)}.mp4"), ZONE) == expected
    assert time_in_name(Path(f"{moment.strftime('%Y%m%dT%H%M%SZ')}.mp4"), ZONE) == moment.replace(tzinfo=UTC)


@given(st.text(alphabet="0123456789_-.TZ+: abSE", max_size=40))
def test_any_name_is_a_time_of_this_century_or_none(name: str) -> None:
    moment = time_in_name(Path("x" + name.replace("/", "")), ZONE)
    assert moment is None or (moment.tzinfo is UTC and 1999 <= moment.year <= 2100)


def test_given_wins_over_name_over_container() -> None:
    named, metadata = Path("20240131_094217.mp4"), {"creation_time": "2023-05-06T07:08:09.000000Z"}
    given_at = datetime(2022, 1, 1, tzinfo=UTC)
    assert find_clock(named, metadata, start=given_at, zone=ZONE).source is ClockSource.GIVEN
    assert find_clock(named, metadata, start=None, zone=ZONE).start_at == MOMENT
    clock = find_clock(Path("a.mp4"), metadata, start=None, zone=ZONE)
    assert (clock.source, clock.start_at) == (ClockSource.CONTAINER, datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC))


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "1904-01-01T00:00:00.000000Z", "yesterday", ""])
def test_unset_container_clocks_don_t_count(text: str) -> None:
    clock = find_clock(Path("a.mp4"), {"creation_time": text}, start=None, zone=ZONE)
    assert (clock.source, clock.start_at) == (ClockSource.UNKNOWN, UNKNOWN_EPOCH)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_time_in_a_real_container(clip: ClipFactory, suffix: str) -> None:
    path = clip(suffix, seconds=1, output_options=("-metadata", "creation_time=2023-05-06T07:08:09Z"))
    clock = open_reader(str(path), camera_id="c").clock
    assert (clock.source, clock.start_at) == (ClockSource.CONTAINER, datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC))
