"""Of a damaged file all that is readable is given, nothing damaged is, and the summary says what is missing."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.readers import open_reader
from pipeline.types import Look, ReadSummary
from tests.clips import Span, damage, frame_number, make_picture
from tests.readers.conftest import ClipFactory
from tests.readers.looking import assert_rising, frames, missed, read, seen

SIZE = (320, 240)
FORMATS = [
    ("mp4", "h264", 2, 2.0),
    ("mkv", "h264", 2, 2.0),
    ("flv", "h264", 2, 2.0),
    ("ts", "h264", 2, 2.0),
    ("avi", "h264", 0, 2.0),
    ("mp4", "hevc", 3, 2.0),
    ("mkv", "hevc", 3, 2.0),
    ("ts", "hevc", 3, 2.0),
    ("avi", "mpeg4", 2, 0.5),
    ("mp4", "mpeg4", 2, 0.5),
    ("avi", "mjpeg", 0, 1.0),
    ("ts", "mpeg2video", 2, 0.5),
]


def assert_honest(looks: list[Look], summary: ReadSummary) -> None:
    """Every picture that was handed out is the one of its moment, unharmed; nothing is hidden."""
    assert_rising(looks)
    for frame in frames(looks):
        image = frame.picture.bgr()
        number = frame_number(image)
        assert number is not None
        assert abs(number / 25 - frame.media_time_s) < 0.1
        assert np.abs(image.astype(int) - make_picture(number, SIZE)).mean() < 9  # what the encoders themselves change is up to 7
    assert (summary.looks, summary.missed_looks) == (len(frames(looks)), len(missed(looks)))
    assert summary.faults


@pytest.mark.parametrize("fill", [0, None], ids=["zeros", "noise"])
@pytest.mark.parametrize(("suffix", "codec", "bframes", "gop_s"), FORMATS)
def test_overwritten_stretch(
    clip: ClipFactory, tmp_path: Path, suffix: str, codec: str, bframes: int, gop_s: float, fill: int | None
) -> None:
    whole = clip(suffix, codec=codec, bframes=bframes, gop_s=gop_s, seconds=12, size=SIZE)
    path = damage(whole, tmp_path / f"damaged.{suffix}", spans=(Span(0.40, 0.46),), fill=fill)
    looks, summary = read(path, 1.0)
    assert_honest(looks, summary)
    assert {0.0, 1.0, 2.0, 3.0} <= {round(frame.media_time_s) for frame in frames(looks)}
    assert max(frame.media_time_s for frame in frames(looks)) >= 11
    assert len(frames(looks)) >= 9


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "h264"), ("flv", "h264"), ("avi", "mpeg4"), ("avi", "mjpeg"), ("mkv", "hevc")])
def test_cut_off_at_the_end(clip: ClipFactory, tmp_path: Path, suffix: str, codec: str) -> None:
    whole = clip(suffix, codec=codec, gop_s=1.0, seconds=12, size=SIZE)
    looks, summary = read(damage(whole, tmp_path / f"cut.{suffix}", keep=0.6), 1.0)
    assert_honest(looks, summary)
    last = max(frame.media_time_s for frame in frames(looks))
    assert 6 <= last <= 8
    assert missed(looks)[-1] == 11.0
    assert any("lasts 12" in fault and "end at" in fault for fault in summary.faults)


def test_mp4_cut_off_behind_its_index(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("mp4", seconds=12, size=SIZE, output_options=("-movflags", "+faststart"))
    looks, summary = read(damage(whole, tmp_path / "cut.mp4", keep=0.6), 1.0)
    assert_honest(looks, summary)
    assert any("lists 300 pictures" in fault for fault in summary.faults)
    assert missed(looks)[-1] == 11.0


def test_transport_stream_cut_off_within_a_packet(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("ts", seconds=12, size=SIZE)
    path = tmp_path / "cut.ts"
    path.write_bytes(whole.read_bytes()[: 188 * 90 + 50])
    looks, summary = read(path, 1.0)
    assert_honest(looks, summary)
    assert "the file ends in the middle of a packet" in summary.faults


@pytest.mark.parametrize("suffix", ["ts", "flv", "mkv"])
def test_piece_cut_out_of_the_middle(clip: ClipFactory, tmp_path: Path, suffix: str) -> None:
    data = clip(suffix, seconds=12, size=SIZE, bframes=2).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(data[: int(len(data) * 0.30)] + data[int(len(data) * 0.5) :])
    looks, summary = read(path, 1.0)
    assert_honest(looks, summary)
    assert missed(looks)
    assert any("missing" in fault for fault in summary.faults)


def test_garbage_between(clip: ClipFactory, tmp_path: Path) -> None:
    data = clip("ts", seconds=12, size=SIZE).read_bytes()
    middle = len(data) // 188 // 2 * 188
    path = tmp_path / "garbage.ts"
    path.write_bytes(data[:middle] + np.random.default_rng(5).bytes(7777) + data[middle:])
    looks, summary = read(path, 1.0)
    assert_rising(looks)
    assert len(frames(looks)) >= 9
    assert summary.faults


@pytest.mark.parametrize("fill", [0, None])
def test_key_frame_lost_while_a_look_waited_for_it(clip: ClipFactory, tmp_path: Path, fill: int | None) -> None:
    """The look at 4 s waits for the key frame at 5 s. That one is damaged, so the picture at 4 s answers after all."""
    whole = clip("mp4", seconds=15, gop_s=5.0, size=SIZE)
    assert [time for time, _ in seen(read(whole, 4.0)[0])] == [0.0, 5.0, 10.0, 12.0]
    offset, size = place_of_packet(whole, 125)
    data = bytearray(whole.read_bytes())
    data[offset + 8 : offset + size] = bytes(size - 8) if fill == 0 else np.random.default_rng(3).bytes(size - 8)
    path = tmp_path / "lost.mp4"
    path.write_bytes(data)
    looks, summary = read(path, 4.0)
    assert seen(looks) == [(0.0, 0), (4.0, 100), (10.0, 250), (12.0, 300)]
    assert summary.damaged_packets == 1


def place_of_packet(path: Path, index: int) -> tuple[int, int]:
    """Offset and size in bytes of the n-th packet of a file."""
    with av.open(str(path)) as container:
        places = [(packet.pos or 0, packet.size) for packet in container.demux(video=0)]
    return places[index]


def test_damaged_pictures_are_missed_looks_at_their_due_times(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("mp4", seconds=12, gop_s=2.0, size=SIZE)
    data = bytearray(whole.read_bytes())
    for index in (100, 150):
        offset, size = place_of_packet(whole, index)
        data[offset : offset + size] = bytes(size)
    path = tmp_path / "lost.mp4"
    path.write_bytes(data)
    looks, summary = read(path, 1.0)
    assert [round(look.media_time_s, 3) for look in looks] == [float(second) for second in range(12)]
    assert missed(looks) == [4.0, 5.0, 6.0, 7.0]
    assert summary.damaged_packets == 2
    assert any(fault.startswith("2 of 300 packets damaged") for fault in summary.faults)
    assert any(fault.startswith("4 looks lost") for fault in summary.faults)


def test_damage_at_the_very_end_is_missed_looks(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("mp4", seconds=12, gop_s=2.0, size=SIZE)
    offset, size = place_of_packet(whole, 250)
    data = bytearray(whole.read_bytes())
    data[offset : offset + size] = bytes(size)
    path = tmp_path / "lost.mp4"
    path.write_bytes(data)
    looks, summary = read(path, 1.0)
    assert missed(looks) == [10.0, 11.0]
    assert summary.looks == 10


def test_recording_that_starts_between_key_frames(clip: ClipFactory, tmp_path: Path) -> None:
    """Recorders cut transport streams anywhere: what comes before the first key frame can't be decoded."""
    data = clip("ts", seconds=12, gop_s=4.0, size=SIZE).read_bytes()
    start = len(data) // 188 // 6 * 188
    path = tmp_path / "late.ts"
    path.write_bytes(data[start:])
    looks, summary = read(path, 1.0)
    assert [number for _, number in seen(looks)] == [100 + 25 * second for second in range(8)]
    assert any("before the first key frame" in fault for fault in summary.faults)


def test_footage_skips_what_is_damaged(clip: ClipFactory, tmp_path: Path) -> None:
    whole = clip("mp4", seconds=12, gop_s=2.0, size=SIZE)
    offset, size = place_of_packet(whole, 110)
    data = bytearray(whole.read_bytes())
    data[offset : offset + size] = bytes(size)
    path = tmp_path / "lost.mp4"
    path.write_bytes(data)
    footage = open_reader(str(path), camera_id="c").footage()
    assert frame_number(footage.picture_at(4.2)[1].bgr()) == 105
    assert frame_number(footage.picture_at(5.0)[1].bgr()) == 150
    numbers = [frame_number(picture.bgr()) for _, picture in footage.pictures_between(4.0, 6.0)]
    assert numbers == [*range(100, 110), 150]
