"""Folders of stamped pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import open_reader
from pipeline.readers.picture_names import read_names
from pipeline.types import ClockSource
from tests.clips import make_folder
from tests.readers.looking import assert_rising, missed, read, seen

MOMENT = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "start_at"),
    [
        (["CAM01_20240131_094217.jpg", "CAM01_20240131_094218.jpg", "CAM01_20240131_094220.jpg"], MOMENT),
        (["20240131094217000.png", "20240131094218000.png", "20240131094220000.png"], MOMENT),
        (["2024-01-31T09-42-17.webp", "2024-01-31T09-42-18.webp", "2024-01-31T09-42-20.webp"], MOMENT),
        (["1706665337.jpg", "1706665338.jpg", "1706665340.jpg"], MOMENT),
        (["c1_1706665337000.bmp", "c1_1706665338000.bmp", "c1_1706665340000.bmp"], MOMENT),
        (["0012.jpg", "0013.jpg", "0015.jpg"], None),
        (["8.jpg", "9.jpg", "11.jpg"], None),
        (["frame_8.JPG", "frame_9.JPG", "frame_11.JPG"], None),
    ],
)
def test_names_give_times(tmp_path: Path, names: list[str], start_at: datetime | None) -> None:
    folder = make_folder(tmp_path, dict(zip(names, (0, 1, 3), strict=True)))
    (folder / "0012.txt").write_text("labels lie beside the pictures")
    looks, summary = read(folder, 1.0)
    assert seen(looks) == [(0.0, 0), (1.0, 1), (3.0, 3)]
    assert summary.faults == ()
    clock = open_reader(str(folder), camera_id="c").clock
    assert clock.source is (ClockSource.FILE_NAME if start_at else ClockSource.UNKNOWN)
    if start_at:
        assert clock.start_at == start_at


def test_pictures_in_the_same_second_are_told_apart_by_milliseconds(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {"20240131094217123.jpg": 0, "20240131094217623.jpg": 1, "20240131094218123.jpg": 2})
    looks, _ = read(folder, 0.5)
    assert seen(looks) == [(0.0, 0), (0.5, 1), (1.0, 2)]
    assert looks[0].captured_at == MOMENT + timedelta(milliseconds=123)


def test_the_scheme_of_most_names_holds_and_the_others_are_said(tmp_path: Path) -> None:
    names = {"20240131_094217.jpg": 0, "20240131_094218.jpg": 1, "0003.jpg": 2, "copy of street.jpg": 3, "a_20240131_094218.jpg": 4}
    looks, summary = read(make_folder(tmp_path, names), 1.0)
    assert [time for time, _ in seen(looks)] == [0.0, 1.0]
    assert len(summary.faults) == 2
    assert "0003.jpg, copy of street.jpg" in summary.faults[0]
    assert "same time" in summary.faults[1]


def test_small_gaps_are_skipped_and_holes_are_missed_looks(tmp_path: Path) -> None:
    seconds = [1, 6, 7, 8, 10, 11, 12, 30]
    looks, summary = read(make_folder(tmp_path, {f"{second:04d}.jpg": second for second in seconds}), 2.0)
    assert_rising(looks)
    assert seen(looks) == [(0.0, 1), (5.0, 6), (6.0, 7), (9.0, 10), (10.0, 11), (29.0, 30)]
    assert missed(looks) == [2.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0, 24.0, 26.0]
    assert summary.missed_looks == 9


def test_broken_pictures_are_never_handed_out(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {f"{second:04d}.jpg": second for second in range(8)})
    whole = (folder / "0002.jpg").read_bytes()
    (folder / "0002.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "0005.jpg").write_bytes(b"")
    (folder / "0007.jpg").write_bytes(b"\0" * 5000)
    looks, summary = read(folder, 1.0)
    assert [number for _, number in seen(looks)] == [0, 1, 3, 4, 6]
    assert missed(looks) == [2.0, 5.0, 7.0]
    assert summary.damaged_packets == 3
    assert any("3 of 8 pictures damaged: 0002.jpg, 0005.jpg, 0007.jpg" in fault for fault in summary.faults)


def test_a_broken_picture_is_replaced_by_the_next_before_another_look_is_due(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {f"{second:04d}.jpg": second for second in range(8)})
    (folder / "0002.jpg").write_bytes(b"")
    looks, summary = read(folder, 2.0)
    assert [number for _, number in seen(looks)] == [0, 3, 4, 6]
    assert not missed(looks)
    assert summary.damaged_packets == 1


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=50, unique=True))
def test_natural_order(seconds: list[int]) -> None:
    names = read_names([Path(f"frame_{second}.jpg") for second in seconds], "UTC")
    assert [picture.path.stem for picture in names.pictures] == [f"frame_{second}" for second in sorted(seconds)]
    assert [picture.media_time_s for picture in names.pictures] == [second - min(seconds) for second in sorted(seconds)]
    assert names.faults == ()
