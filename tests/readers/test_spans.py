"""Only a part of a recording is looked at, and what is seen there is what a whole reading sees."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from pipeline.errors import SourceError
from pipeline.readers import MediaSpan, join_clips, open_reader, read_header
from pipeline.types import Look
from tests.clips import damage, make_clip, make_picture
from tests.readers.looking import frames, read, seen

SPANS = [(0.0, None), (3.0, None), (3.2, 7.0), (4.0, 4.0), (0.0, 0.0), (9.5, None), (30.0, None), (2.0, 6.9)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("spans") / "CAM01_20240131_094217.mp4", seconds=10, fps=5, gop_s=2.0)


def part_of(path: Path, from_s: float, until_s: float | None, interval_s: float = 1.0) -> tuple[list[Look], int]:
    with open_reader(str(path), camera_id="CAM01", interval_s=interval_s, span=MediaSpan(from_s, until_s)) as reader:
        return list(reader), reader.summary().frames_decoded


@pytest.mark.parametrize(("from_s", "until_s"), SPANS)
def test_a_span_of_a_film_shows_what_the_whole_shows_there(clip: Path, from_s: float, until_s: float | None) -> None:
    whole, _ = read(clip)
    looks, _ = part_of(clip, from_s, until_s)
    last_s = float("inf") if until_s is None else until_s
    assert seen(looks) == [(at, number) for at, number in seen(whole) if from_s <= at <= last_s]
    assert len(frames(looks)) == len(looks)


def test_what_lies_outside_is_not_decoded(clip: Path) -> None:
    _, decoded_of_all = part_of(clip, 0.0, None)
    _, decoded = part_of(clip, 8.0, None)
    assert decoded <= decoded_of_all / 3


@pytest.mark.parametrize(("from_s", "until_s"), SPANS)
def test_a_span_of_a_folder_of_pictures(tmp_path: Path, from_s: float, until_s: float | None) -> None:
    for second in range(10):
        cv2.imwrite(str(tmp_path / f"{second:04d}.png"), make_picture(second, (320, 240)))
    looks, _ = part_of(tmp_path, from_s, until_s)
    last_s = float("inf") if until_s is None else until_s
    assert [number for _, number in seen(looks)] == [second for second in range(10) if from_s <= second <= last_s]


def test_damage_before_the_end_of_the_span_is_a_missed_look_and_behind_it_nobodys_business(clip: Path, tmp_path: Path) -> None:
    torn = damage(make_clip(tmp_path / "CAM01_a.ts", seconds=10, fps=5, gop_s=2.0), tmp_path / "CAM01_b.ts", keep=0.6)
    whole, _ = read(torn)
    looks, _ = part_of(torn, 0.0, 3.0)
    assert [look.media_time_s for look in looks] == [look.media_time_s for look in whole if look.media_time_s <= 3.0]


def test_a_header_tells_start_length_size_and_content_without_a_look(clip: Path, tmp_path: Path) -> None:
    header = read_header(str(clip))
    assert header.clock.start_at.isoformat() == "2024-01-31T01:42:17+00:00"
    assert header.duration_s == pytest.approx(10.0, abs=0.1)
    assert header.bytes == clip.stat().st_size
    copy = tmp_path / "other.mp4"
    copy.write_bytes(clip.read_bytes())
    assert read_header(str(copy)).content == header.content
    copy.write_bytes(clip.read_bytes() + b"\0")
    assert read_header(str(copy)).content != header.content
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(SourceError, match="no video in it"):
        read_header(str(tmp_path / "empty.mp4"))


def cut(clip: Path, start_s: float, end_s: float, path: Path) -> float:
    with open_reader(str(clip), camera_id="CAM01", interval_s=1.0) as reader:
        list(reader)
        return reader.footage().cut(start_s, end_s, path)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_pieces_are_joined_without_a_picture_lost_or_shown_twice(clip: Path, tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"1{suffix}", tmp_path / f"2{suffix}"
    begins = cut(clip, 2.0, 7.0, first), cut(clip, 6.0, 9.0, second)
    assert begins == (2.0, 6.0)
    joined = tmp_path / f"joined{suffix}"
    assert join_clips([(first, 0.0), (second, begins[1] - begins[0])], joined)
    looks, _ = read(joined, 0.2)
    assert [number for _, number in seen(looks)] == list(range(10, 46))


def test_pieces_that_are_coded_in_other_ways_are_not_joined(clip: Path, tmp_path: Path) -> None:
    other = make_clip(tmp_path / "other.mp4", seconds=4, fps=5, size=(640, 480))
    first = tmp_path / "1.mp4"
    cut(clip, 2.0, 4.0, first)
    assert not join_clips([(first, 0.0), (other, 2.0)], tmp_path / "joined.mp4")
    assert not (tmp_path / "joined.mp4").exists()


def test_a_piece_that_is_none_is_told(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "1.mp4").write_text("no film", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot join clips"):
        join_clips([(tmp_path / "1.mp4", 0.0), (clip, 2.0)], tmp_path / "joined.mp4")
