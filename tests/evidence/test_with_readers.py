"""Evidence of footage as the real readers give it: containers, B-frames, rotation, stamped pictures, a truncated file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.evidence import read_manifest, verify_run
from pipeline.readers import open_reader
from pipeline.stages import FrameReader
from pipeline.types import ClockSource, Detection, DetectionSource, MissedLook, Observation, Role
from tests.clips import frame_number, make_clip, make_folder
from tests.evidence import scene
from tests.evidence.playing import play

CLIP = "clip_first_seen_confirmed"


def read_through(reader: FrameReader) -> tuple[Observation, ...]:
    """Every look as an observation that saw the thing while it stood there."""
    looks = []
    for look in reader:
        gap = look.reason if isinstance(look, MissedLook) else None
        stands = gap is None and scene.PUT_DOWN_S <= look.media_time_s < scene.TAKEN_S
        seen = (Detection("carton", Role.GOODS, 0.83, scene.THING, DetectionSource.YOLO),) if stands else ()
        looks.append(Observation("CAM01", look.captured_at, look.media_time_s, gap, seen, "z1", "yolo@1"))
    return tuple(looks)


@pytest.mark.parametrize(
    ("name", "codec", "bframes", "rotation_deg", "method"),
    [
        ("CAM01_20240131_094217.mp4", "h264", 0, 0, "stream copy"),
        ("CAM01_20240131_094217.mp4", "h264", 2, 0, "stream copy"),
        ("CAM01_20240131_094217.ts", "h264", 2, 0, "stream copy"),
        ("CAM01_20240131_094217.flv", "h264", 0, 0, "stream copy"),
        ("CAM01_20240131_094217.mp4", "h264", 0, 90, "stream copy"),
        ("CAM01_20240131_094217.mp4", "hevc", 2, 0, "transcoded from hevc yuv420p"),
        # Matroska keeps no decoding times: whether its packets can be cut or its pictures must do, the clip is the same.
        ("CAM01_20240131_094217.mkv", "hevc", 2, 0, ""),
        ("CAM01_20240131_094217.avi", "mpeg4", 2, 0, "transcoded from mpeg4 yuv420p"),
    ],
)
@pytest.mark.long
def test_video_files(name: str, codec: str, bframes: int, rotation_deg: int, method: str, tmp_path: Path) -> None:
    clip = make_clip(
        tmp_path / name,
        seconds=scene.SECONDS,
        fps=scene.FPS,
        codec=codec,
        bframes=bframes,
        rotation_deg=rotation_deg,
        scene=scene.put_down,
    )
    with open_reader(str(clip), camera_id="CAM01", interval_s=1.0) as reader:
        looks = read_through(reader)
        assert reader.clock.source is ClockSource.FILE_NAME
        evidence = scene.writer(tmp_path / "evidence", before_s=2, after_s=2).write(
            scene.violation(), reader.footage(), looks, reader.clock, source=name
        )
    folder = tmp_path / "evidence/run-1/CAM01/v0001"
    (entry,) = [entry for entry in read_manifest(folder / "manifest.json")["files"] if entry["what"] == CLIP]
    assert entry["method"] == method or not method
    first = entry["media_time_s"]
    original = play(folder / f"{CLIP}.mp4")
    numbers = [frame_number(image) for image in original.images]
    assert numbers == [round((first + at) * scene.FPS) for at in original.times_s]
    assert first <= 14.0
    assert first + original.times_s[-1] >= 25.9
    marked = play(folder / f"{CLIP}_marked.mp4")
    assert marked.times_s == pytest.approx(original.times_s, abs=0.002)
    assert marked.damaged == original.damaged == 0
    assert [file.captured_at for file in evidence.files if file.what == "confirmed_wide"] == [scene.at(scene.CONFIRMED_S)]
    assert verify_run(tmp_path / "evidence/run-1") == ()


def test_folder_of_stamped_pictures(tmp_path: Path) -> None:
    names = {f"CAM01_{scene.START + timedelta(hours=8, seconds=k):%Y%m%d_%H%M%S}.jpg": k * scene.FPS for k in range(scene.SECONDS)}
    folder = make_folder(tmp_path / "pictures", names)
    with open_reader(str(folder), camera_id="CAM01", interval_s=1.0) as reader:
        looks = read_through(reader)
        evidence = scene.writer(tmp_path / "evidence", before_s=2, after_s=2).write(
            scene.violation(), reader.footage(), looks, reader.clock, source="pictures"
        )
    assert evidence.missing == ("reference stills: the zones name no clean reference picture",)
    played = play(tmp_path / f"evidence/run-1/CAM01/v0001/{CLIP}.mp4")
    assert [frame_number(image) for image in played.images] == [(14 + k) * scene.FPS for k in range(13)]
    assert played.times_s == pytest.approx(list(range(13)), abs=1e-4)


def test_a_truncated_file_gives_what_it_holds(tmp_path: Path) -> None:
    whole = scene.street_clip(tmp_path / "whole.ts", size=(320, 240))
    clip = tmp_path / "CAM01_20240131_094217.ts"
    data = whole.read_bytes()
    clip.write_bytes(data[: round(len(data) * 0.55)])
    with open_reader(str(clip), camera_id="CAM01", interval_s=1.0) as reader:
        looks = read_through(reader)
        still_there = scene.violation(cleared_at=None, confirmed_at=scene.at(21), last_seen_at=looks[-1].captured_at)
        evidence = scene.writer(tmp_path / "evidence").write(still_there, reader.footage(), looks, reader.clock, source=clip.name)
    statements = read_manifest(tmp_path / "evidence" / evidence.manifest_path)["statements"]
    assert [line for line in statements if line.startswith(f"{CLIP}: source ends")]
    assert evidence.missing == ("reference stills: the zones name no clean reference picture",)
    played = play(tmp_path / f"evidence/run-1/CAM01/v0001/{CLIP}_marked.mp4")
    assert played.damaged == 0
