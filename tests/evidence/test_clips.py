"""Clips: what plays, what they cover, and marks that hold exactly while their look holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.errors import SourceError
from pipeline.evidence import ViolationEvidence, read_manifest
from pipeline.evidence.clip import moov_is_first
from pipeline.types import Image, Picture
from tests.clips import frame_number, make_clip, remux
from tests.evidence import scene
from tests.evidence.playing import Played, play

Written = tuple[Path, ViolationEvidence]


def entry_of(folder: Path, evidence: ViolationEvidence, what: str) -> dict[str, object]:
    """The manifest's entry of one file."""
    entries = [entry for entry in read_manifest(folder / evidence.manifest_path)["files"] if entry["what"] == what]
    return dict(entries[0])


def check_plays_everywhere(path: Path) -> Played:
    """H.264 8-bit 4:2:0, index first, begins with a key frame, decodes from end to end."""
    played = play(path)
    assert moov_is_first(path)
    assert (played.codec, played.pixel_format, played.first_is_key, played.damaged) == ("h264", "yuv420p", True, 0)
    assert played.times_s[0] == 0
    assert all(before < after for before, after in zip(played.times_s, played.times_s[1:], strict=False))
    return played


def write_clips(folder: Path, footage: scene.ClipFootage | scene.FolderFootage, **changes: object) -> ViolationEvidence:
    """The set with short margins."""
    writer = scene.writer(folder, before_s=2, after_s=2)
    return writer.write(scene.violation(**changes), footage, scene.observations(), scene.CLOCK)


def test_h264_is_copied_and_covers_both_moments(written: Written) -> None:
    folder, evidence = written
    played = check_plays_everywhere(folder / "run-1/CAM01/v0001/clip_first_seen_confirmed.mp4")
    entry = entry_of(folder, evidence, "clip_first_seen_confirmed")
    assert entry["method"] == "stream copy"
    first = evidence_time(evidence, "clip_first_seen_confirmed")
    assert first <= 6.0
    assert first + played.times_s[-1] >= 34.0
    for at, image in zip(played.times_s, played.images, strict=True):
        assert frame_number(image) == round((first + at) * scene.FPS)


def evidence_time(evidence: ViolationEvidence, what: str) -> float:
    """Media time at which a clip begins."""
    (file,) = [file for file in evidence.files if file.what == what]
    assert file.media_time_s is not None
    return file.media_time_s


def test_marks_change_with_the_picture_of_the_look(written: Written) -> None:
    """Box and words appear at the very picture of a look and go with the next look that says otherwise."""
    folder, evidence = written
    played = check_plays_everywhere(folder / "run-1/CAM01/v0001/clip_first_seen_confirmed_marked.mp4")
    original = play(folder / "run-1/CAM01/v0001/clip_first_seen_confirmed.mp4")
    assert played.times_s == pytest.approx(original.times_s, abs=0.0005)
    first = evidence_time(evidence, "clip_first_seen_confirmed_marked")
    boxed = [round((first + at) * scene.FPS) for at, image in zip(played.times_s, played.images, strict=True) if has_box(image)]
    # Hidden at 16 and 17 s, grey at 27 and 28 s, so a box from 18 to 27 and from 29 to 34 s.
    assert boxed == [*range(18 * 8, 27 * 8), *range(29 * 8, 34 * 8)]


def has_box(image: Image) -> bool:
    """Whether an orange line stands at the left edge of the thing (at half its height) in a marked clip of 640 px."""
    strip = image.shape[0] - 360
    x, y = round(scene.THING.x_min * 640), strip + round((scene.THING.y_min + scene.THING.y_max) / 2 * 360)
    patch = image[y - 4 : y + 5, x - 3 : x + 4].astype(int)
    # Chroma is halved in 4:2:0, so the line is paler than in a still; neither street nor thing has so much red over blue.
    return bool((patch[:, :, 2] - patch[:, :, 0] > 110).any())


def test_words_change_every_look(written: Written) -> None:
    folder, _ = written
    played = play(folder / "run-1/CAM01/v0001/clip_first_seen_confirmed_marked.mp4")
    strips = [image[: image.shape[0] - 360].astype(int) for image in played.images]
    changed = [index for index in range(1, len(strips)) if np.abs(strips[index] - strips[index - 1]).max() > 60]
    assert [index for index in changed if index % 8] == []
    assert len(changed) >= len(strips) // 8 - 1


@pytest.mark.parametrize(
    ("codec", "pixel_format"),
    [("hevc", "yuv420p"), ("mpeg4", "yuv420p"), ("h264", "yuv420p10le"), ("h264", "yuv444p"), ("mjpeg", "yuvj420p")],
)
def test_what_browsers_cannot_play_is_transcoded_with_its_times(codec: str, pixel_format: str, tmp_path: Path) -> None:
    suffix = ".mkv" if codec == "mjpeg" else ".mp4"
    clip = scene.street_clip(tmp_path / f"clip{suffix}", codec=codec, size=(322, 242), pixel_format=pixel_format)
    evidence = write_clips(tmp_path / "evidence", scene.ClipFootage(clip))
    entry = entry_of(tmp_path / "evidence", evidence, "clip_first_seen_confirmed")
    assert str(entry["method"]).startswith("transcoded from")
    assert (entry["width_px"], entry["height_px"]) == (322, 242)
    folder = tmp_path / "evidence/run-1/CAM01/v0001"
    first = evidence_time(evidence, "clip_first_seen_confirmed")
    assert first <= 14.0
    for name in ("clip_first_seen_confirmed.mp4", "clip_first_seen_confirmed_marked.mp4"):
        played = check_plays_everywhere(folder / name)
        assert first + played.times_s[-1] >= 26.0 - 0.01
    played = play(folder / "clip_first_seen_confirmed.mp4")
    numbers = [frame_number(image) for image in played.images]
    assert numbers == [round((first + at) * scene.FPS) for at in played.times_s]


def test_folder_of_pictures_becomes_a_clip_at_its_own_times(tmp_path: Path) -> None:
    evidence = write_clips(tmp_path, scene.FolderFootage())
    folder = tmp_path / "run-1/CAM01/v0001"
    played = check_plays_everywhere(folder / "clip_first_seen_confirmed.mp4")
    assert played.times_s == pytest.approx([float(k) for k in range(13)], abs=1e-4)
    assert [frame_number(image) for image in played.images] == [(14 + k) * scene.FPS for k in range(13)]
    assert played.images[0].shape == (242, 322, 3)
    assert entry_of(tmp_path, evidence, "clip_first_seen_confirmed")["method"] == "encoded from the pictures"
    assert check_plays_everywhere(folder / "clip_first_seen_confirmed_marked.mp4").times_s == pytest.approx(played.times_s, abs=1e-4)


def test_moments_far_apart_get_a_clip_each(street: Path, tmp_path: Path) -> None:
    evidence = write_clips(tmp_path, scene.ClipFootage(street), confirmed_at=scene.at(33))
    clips = {file.what: file.media_time_s for file in evidence.files if file.what.startswith("clip")}
    assert set(clips) == {"clip_first_seen", "clip_first_seen_marked", "clip_confirmed", "clip_confirmed_marked"}
    assert (clips["clip_first_seen"], clips["clip_confirmed"]) == (14.0, 30.0)


def test_a_source_that_begins_or_ends_within_the_margin_is_stated(street: Path, tmp_path: Path) -> None:
    writer = scene.writer(tmp_path, before_s=20, after_s=30)
    evidence = writer.write(scene.violation(), scene.ClipFootage(street), scene.observations(), scene.CLOCK)
    statements = read_manifest(tmp_path / evidence.manifest_path)["statements"]
    assert "clip_first_seen_confirmed: source begins 16.0 s before first sight" in statements
    assert "clip_first_seen_confirmed: source ends 19.9 s after confirmation" in statements
    assert not [line for line in evidence.missing if line.startswith("clip")]


class UncuttableFootage(scene.ClipFootage):
    """A source whose packets can't be copied, though its pictures can be read."""

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Writes rubbish first, as a half-done copy would."""
        path.write_bytes(b"rubbish")
        raise SourceError("no time stamps to cut by", where=self.path.name)


class TurnedFootage(scene.ClipFootage):
    """A source that is shown upside down from how it is stored, which a copy of its packets would not know."""

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, scene.StillPicture]]:
        """Every picture turned by 180 degrees."""
        for at, picture in super().pictures_between(start_s, end_s):
            yield at, scene.StillPicture(np.ascontiguousarray(picture.image[::-1, ::-1]))


@pytest.mark.parametrize("kind", [UncuttableFootage, TurnedFootage])
def test_where_a_copy_will_not_do_the_pictures_themselves_are_encoded(kind: type[scene.ClipFootage], street: Path, tmp_path: Path) -> None:
    evidence = write_clips(tmp_path, kind(street))
    assert entry_of(tmp_path, evidence, "clip_first_seen_confirmed")["method"] == "encoded from the pictures"
    assert any("not copied: " in line for line in read_manifest(tmp_path / evidence.manifest_path)["statements"])
    played = check_plays_everywhere(tmp_path / "run-1/CAM01/v0001/clip_first_seen_confirmed.mp4")
    first = played.images[0] if kind is UncuttableFootage else played.images[0][::-1, ::-1]
    assert frame_number(np.ascontiguousarray(first)) == 14 * scene.FPS
    assert len(played.images) == 12 * scene.FPS + 1


def test_a_source_without_key_frames_for_long_does_not_make_a_long_clip(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=30, fps=scene.FPS, size=(320, 240), gop_s=60)
    short = scene.writer(tmp_path / "short", before_s=1, after_s=1, longest_lead_s=5)
    evidence = short.write(scene.violation(), scene.ClipFootage(clip), scene.observations(), scene.CLOCK)
    assert evidence_time(evidence, "clip_first_seen") == 15.0
    statements = read_manifest(tmp_path / "short" / evidence.manifest_path)["statements"]
    assert "clip_first_seen: not copied: the last key frame lies 15.0 s earlier" in statements


def test_a_variable_rate_keeps_the_time_of_every_picture(tmp_path: Path) -> None:
    """Pictures that come late now and then: the transcoded clip and its marked copy show each when the source does."""
    even = make_clip(tmp_path / "even.mkv", seconds=30, fps=scene.FPS, size=(320, 240), codec="mjpeg")

    def delay(index: int, packet: av.Packet[av.VideoStream]) -> bool:
        packet.pts = packet.dts = index * 125 + index % 3 * 37
        return index % 11 != 5

    uneven = remux(even, tmp_path / "uneven.mkv", delay)
    evidence = write_clips(tmp_path / "evidence", scene.ClipFootage(uneven))
    first = evidence_time(evidence, "clip_first_seen_confirmed")
    for name in ("clip_first_seen_confirmed.mp4", "clip_first_seen_confirmed_marked.mp4"):
        played = check_plays_everywhere(tmp_path / "evidence/run-1/CAM01/v0001" / name)
        indices = [index for index in range(30 * scene.FPS) if index % 11 != 5]
        times = [index * 0.125 + index % 3 * 0.037 for index in indices]
        assert played.times_s == pytest.approx([at - first for at in times if first <= at + 1e-6 and at <= 26.001], abs=0.002)
        if "marked" not in name:
            assert [frame_number(image) for image in played.images] == [
                k for k, at in zip(indices, times, strict=True) if first <= at + 1e-6 and at <= 26.001
            ]


def test_fakes_are_pictures() -> None:
    """The fakes keep to the Protocol that they stand in for."""
    picture: Picture = scene.StillPicture(np.zeros((4, 6, 3), np.uint8))
    assert picture.bgr(width_px=3).shape == (2, 3, 3)
