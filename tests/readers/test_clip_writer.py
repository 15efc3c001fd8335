"""Cutting Matroska, which stores no decoding times: every picture is there, in order, when it should be, in both targets."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import open_reader
from pipeline.readers.clip_writer import decoding_times
from tests.clips import frame_number, make_clip, remux
from tests.readers.conftest import ClipFactory
from tests.readers.looking import read, seen
from tests.readers.test_footage import assert_runs_to

FPS = 8
BFRAMES = (0, 2, 3)
TARGETS = ("cut.mp4", "cut.mkv")
SPANS = ((0.0, 3.0), (2.6, 5.0), (5.5, 12.0))
"""From the first packet, from behind a seek, and up to the end."""


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("bframes", BFRAMES)
@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_matroska_is_cut_whole(clip: ClipFactory, tmp_path: Path, codec: str, bframes: int, target: str) -> None:
    source = clip("mkv", codec=codec, bframes=bframes, seconds=8, fps=FPS, gop_s=1.25, size=(160, 120))
    for start_s, end_s in SPANS:
        assert_cut_whole(source, start_s, end_s, tmp_path / target, bframes)


@pytest.mark.parametrize("target", TARGETS)
def test_pictures_that_are_reordered_only_later_on(tmp_path: Path, target: str) -> None:
    """Neither the stream's head nor the first packets tell how far the later ones are put off."""
    plain = make_clip(tmp_path / "plain.ts", codec="hevc", seconds=3, fps=FPS, gop_s=1.0, bframes=0, size=(160, 120))
    shift = ("-output_ts_offset", "3")
    later = make_clip(
        tmp_path / "later.ts",
        codec="hevc",
        seconds=3,
        fps=FPS,
        gop_s=1.0,
        bframes=3,
        size=(160, 120),
        first_number=3 * FPS,
        output_options=shift,
    )
    joined = tmp_path / "joined.ts"
    joined.write_bytes(plain.read_bytes() + later.read_bytes())
    source = without_decoding_times(joined, tmp_path / "source.mkv")
    assert_cut_whole(source, 1.5, 5.0, tmp_path / target, 3)
    looks, summary = read(source, interval_s=0.5)
    assert seen(looks) == [(number / FPS, number) for number in range(0, 6 * FPS, FPS // 2)]
    assert summary.faults == ()


@given(st.lists(st.integers(-1000, 1000), max_size=60))
def test_decoding_times_rise_and_never_come_after_the_showing(shown: list[int]) -> None:
    """Whatever the order of showing, and with equal times in it."""
    decoded = decoding_times(shown)
    assert len(decoded) == len(shown)
    assert all(earlier < later for earlier, later in pairwise(decoded))
    assert all(before <= after for before, after in zip(decoded, shown, strict=True))


@given(st.lists(st.integers(0, 10_000), unique=True, min_size=1, max_size=60))
def test_decoding_times_of_pictures_that_come_in_order_are_those_of_showing(shown: list[int]) -> None:
    assert decoding_times(sorted(shown)) == sorted(shown)


def test_decoding_times_are_put_off_by_as_many_pictures_as_are_reordered() -> None:
    assert decoding_times([0, 160, 80, 40, 120, 320, 240, 200, 280]) == [-80, -40, 0, 40, 80, 120, 160, 200, 240]
    assert decoding_times([0, 375, 250, 125]) == [-250, -125, 0, 125]
    assert decoding_times([]) == []


def without_decoding_times(source: Path, target: Path) -> Path:
    """The same packets in Matroska, whatever their decoding times were."""

    def put_off(index: int, packet: av.Packet[av.VideoStream]) -> bool:
        packet.dts = index  # ticks: any rising numbers will do, as they are not stored
        return True

    return remux(source, target, put_off)


def assert_cut_whole(source: Path, start_s: float, end_s: float, path: Path, bframes: int) -> None:
    with open_reader(str(source), camera_id="c") as reader:
        began_s = reader.footage().cut(start_s, end_s, path)
    shown, packets = pictures_of(path), packets_of(path)
    first = round(began_s * FPS)
    assert first <= start_s * FPS
    assert_runs_to([number for _, number in shown], first, min(round(end_s * FPS), last_number(source)), bframes)
    for time_s, number in shown:
        assert number is not None
        assert time_s == pytest.approx((number - first) / FPS, abs=0.002)
    assert len(packets) == len(shown)
    if path.suffix == ".mp4":
        assert all(decoded <= presented for decoded, presented in packets)
        assert all(earlier[0] < later[0] for earlier, later in pairwise(packets))


def pictures_of(path: Path) -> list[tuple[float, int | None]]:
    """Time in seconds and burnt-in number of each picture, in the order of showing, decoded from scratch."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
        assert all(frame.time is not None for frame in frames)
        pictures = [(frame.time or 0.0, frame_number(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))) for frame in frames]
    return sorted(pictures)


def packets_of(path: Path) -> list[tuple[int, int]]:
    """Times of decoding and of showing as the container gives them, in ticks."""
    with av.open(str(path)) as container:
        return [(packet.dts or 0, packet.pts or 0) for packet in container.demux(video=0) if packet.size]


def last_number(source: Path) -> int:
    return max(number for _, number in pictures_of(source) if number is not None)
