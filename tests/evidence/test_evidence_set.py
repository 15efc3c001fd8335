"""The whole set of one violation: which files, what they show, what the manifest says."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.evidence import ViolationEvidence, read_manifest, verify_manifest, verify_run
from pipeline.shops import Tenancy
from pipeline.types import UNKNOWN_EPOCH, ClockSource, Image, SourceClock, Target, TargetKind
from tests.clips import frame_number
from tests.evidence import scene

PARTS = ("wide", "wide_marked", "close", "close_marked")
Written = tuple[Path, ViolationEvidence]


def picture(folder: Path, evidence: ViolationEvidence, what: str) -> Image:
    """One still of the set."""
    (file,) = [file for file in evidence.files if file.what == what]
    image = cv2.imread(str(folder / file.path))
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


def test_every_part_that_the_domain_asks_for_is_there(written: Written) -> None:
    _, evidence = written
    stills = {f"{moment}_{part}" for moment in ("first_seen", "middle", "confirmed", "after", "reference") for part in PARTS}
    assert {file.what for file in evidence.files} == stills | {"clip_first_seen_confirmed", "clip_first_seen_confirmed_marked"}
    assert evidence.complete
    assert evidence.missing == ()


def test_files_lie_where_they_say_with_the_hashes_they_say(written: Written) -> None:
    folder, evidence = written
    for file in evidence.files:
        data = (folder / file.path).read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (file.bytes, file.sha256)
    assert evidence.manifest_path == "run-1/CAM01/v0001/manifest.json"
    assert sha256((folder / evidence.manifest_path).read_bytes()).hexdigest() == evidence.manifest_sha256
    assert verify_manifest(folder / evidence.manifest_path) == ()
    assert verify_run(folder / "run-1") == ()
    assert [path.name for path in (folder / "run-1" / "CAM01").iterdir()] == ["v0001"]


def test_stills_show_their_moment_and_avoid_the_passer_by(written: Written) -> None:
    folder, evidence = written
    shown = {what: frame_number(picture(folder, evidence, f"{what}_wide")) for what in ("first_seen", "middle", "confirmed", "after")}
    # Somebody stands in front at 16 and 17 s, so first sight is shown by the look at 18 s.
    assert shown == {"first_seen": 18 * 8, "middle": 20 * 8, "confirmed": 24 * 8, "after": 38 * 8}
    said = read_manifest(folder / evidence.manifest_path)["statements"]
    assert "first_seen: look 2.0 s after the moment; 100% hidden in the nearest one" in said
    assert "gap: 2 looks from media time 27.0 to 28.0 s do not count (grey)" in said


def test_originals_keep_full_size_and_close_ones_show_the_thing_enlarged(written: Written) -> None:
    folder, evidence = written
    assert picture(folder, evidence, "confirmed_wide").shape == (360, 640, 3)
    entry = next(file for file in read_manifest(folder / evidence.manifest_path)["files"] if file["what"] == "confirmed_close")
    left, top, right, bottom = entry["crop_px"]
    close = picture(folder, evidence, "confirmed_close")
    assert close.shape == ((bottom - top) * entry["enlarged"], (right - left) * entry["enlarged"], 3)
    assert left < scene.THING.x_min * 640 < scene.THING.x_max * 640 < right
    assert top < scene.THING.y_min * 360 < scene.THING.y_max * 360 < bottom
    middle = close[close.shape[0] // 2, close.shape[1] // 2]
    assert abs(middle.astype(int) - (60, 160, 60)).max() < 40
    gone = picture(folder, evidence, "after_close")
    assert gone.shape == close.shape
    assert abs(gone[gone.shape[0] // 2, gone.shape[1] // 2].astype(int) - (60, 160, 60)).max() > 40


def test_marked_stills_leave_the_thing_itself_as_it_is(written: Written) -> None:
    """The marked copy is the original under a strip of words; inside the box only the tint of the zone lies over it."""
    folder, evidence = written
    marked = picture(folder, evidence, "confirmed_wide_marked")
    entry = next(file for file in read_manifest(folder / evidence.manifest_path)["files"] if file["what"] == "confirmed_wide_marked")
    assert (entry["width_px"], entry["height_px"]) == (marked.shape[1], marked.shape[0])
    strip = marked.shape[0] - 720
    assert 40 < strip < 120
    assert (marked[: strip - 2] > 180).any(), "no words in the strip"
    inside = marked[strip + round(0.65 * 720) : strip + round(0.75 * 720), round(0.57 * 1280) : round(0.66 * 1280)]
    assert inside.std(axis=(0, 1)).max() < 6, "something is drawn over the thing"
    edge = marked[strip + round(0.7 * 720), round(0.55 * 1280) - 4 : round(0.55 * 1280) + 5].astype(int)
    assert (abs(edge - (32, 96, 255)).sum(axis=1) < 120).any(), "no box round the thing"


def test_reference_is_the_file_itself(written: Written, reference: Path) -> None:
    folder, evidence = written
    assert (folder / "run-1/CAM01/v0001/reference_wide.png").read_bytes() == reference.read_bytes()
    assert next(file for file in evidence.files if file.what == "reference_wide").captured_at is None


def test_manifest_tells_all_that_judged(written: Written) -> None:
    folder, evidence = written
    content = read_manifest(folder / evidence.manifest_path)
    assert content["camera"] == {"id": "CAM01", "name": "", "place": "样谊路 1 号", "street": ""}
    assert content["violation"]["first_seen_at"] == "2024-01-31T01:42:33.000000+00:00"
    assert content["violation"]["things"] == [{"x_min": 0.55, "y_min": 0.6, "x_max": 0.68, "y_max": 0.8}]
    assert (content["zones"]["version"], content["rule_version"], content["model_versions"]) == ("z1", "r1", ["yolo@1"])
    assert content["run"]["model_sha256"] == "a" * 64
    assert content["clock"]["source"] == "file_name"
    assert content["clock"]["receive_time"] is None
    assert content["clock"]["offset_s"] is None
    assert content["previous_manifest_sha256"] is None
    raw = (folder / evidence.manifest_path).read_text(encoding="utf-8")
    assert raw == json.dumps(json.loads(raw), ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def test_captured_at_is_the_clock_at_the_media_time(written: Written) -> None:
    _, evidence = written
    for file in evidence.files:
        if file.media_time_s is not None:
            assert file.captured_at == scene.START + timedelta(seconds=file.media_time_s)


@pytest.mark.long
def test_same_inputs_give_the_same_bytes(street: Path, reference: Path, written: Written, tmp_path: Path) -> None:
    folder, evidence = written
    looks = scene.observations(hidden=(16.0, 17.0), gaps=(27.0, 28.0))

    def again(run_id: str) -> ViolationEvidence:
        writer = scene.writer(tmp_path, reference=reference, run_id=run_id)
        return writer.write(scene.violation(), scene.ClipFootage(street), looks, scene.CLOCK, source=street.name)

    same, other = again("run-1"), again("run-2")
    assert same == evidence, "stills, clips and manifest are byte-identical"
    assert [file.sha256 for file in other.files] == [file.sha256 for file in evidence.files]
    before, after = read_manifest(folder / evidence.manifest_path), read_manifest(tmp_path / other.manifest_path)
    assert before["run"].pop("run_id") != after["run"].pop("run_id")
    assert before == after


def test_unknown_clock_gives_no_wall_clock_time_anywhere(street: Path, tmp_path: Path) -> None:
    clock = SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN)
    shift = UNKNOWN_EPOCH - scene.START
    times = {
        name: getattr(scene.violation(), name) + shift
        for name in ("first_seen_at", "warned_at", "confirmed_at", "last_seen_at", "cleared_at", "peak_at")
    }
    looks = [scene.shifted(look, shift) for look in scene.observations()]
    evidence = scene.writer(tmp_path, before_s=1, after_s=1).write(
        scene.violation(**times), scene.ClipFootage(street), looks, clock, source="x"
    )
    assert all(file.captured_at is None for file in evidence.files)
    raw = (tmp_path / evidence.manifest_path).read_text(encoding="utf-8")
    assert "1970" not in raw
    content = json.loads(raw)
    assert content["media_times_s"]["first_seen"] == 16.0
    assert frame_number(picture(tmp_path, evidence, "confirmed_wide")) == 24 * 8
    assert any("nobody knows when" in statement for statement in content["statements"])


def test_what_cannot_be_made_is_named_and_the_set_is_not_complete(street: Path, tmp_path: Path) -> None:
    writer = scene.writer(tmp_path, reference=tmp_path / "gone.png", before_s=1, after_s=1)
    open_still = scene.violation(cleared_at=None)
    evidence = writer.write(open_still, scene.ClipFootage(street), scene.observations(), scene.CLOCK)
    assert evidence.missing == ("reference stills: cannot read gone.png: No such file or directory",)
    assert not evidence.complete
    content = read_manifest(tmp_path / evidence.manifest_path)
    assert (content["complete"], content["missing"]) == (False, list(evidence.missing))
    assert any("not cleared" in statement for statement in content["statements"])
    assert not any(file.what.startswith("after") for file in evidence.files)
    none_named = scene.writer(tmp_path, before_s=1, after_s=1).write(
        open_still, scene.ClipFootage(street), scene.observations(), scene.CLOCK
    )
    assert none_named.missing == ("reference stills: the zones name no clean reference picture",)


def test_large_pictures_keep_every_pixel_and_their_marked_copies_fit_a_screen(tmp_path: Path) -> None:
    footage = scene.FolderFootage(seconds=22, size=(2560, 1440))
    evidence = scene.writer(tmp_path, before_s=0, after_s=0).write(
        scene.violation(confirmed_at=scene.at(18), last_seen_at=scene.at(21), cleared_at=None), footage, scene.observations(), scene.CLOCK
    )
    assert picture(tmp_path, evidence, "confirmed_wide").shape == (1440, 2560, 3)
    marked = picture(tmp_path, evidence, "confirmed_wide_marked")
    assert marked.shape[1] == 1920
    assert 1080 < marked.shape[0] < 1260
    clip = next(
        file for file in read_manifest(tmp_path / evidence.manifest_path)["files"] if file["what"] == "clip_first_seen_confirmed_marked"
    )
    assert (clip["width_px"], clip["height_px"] - clip["strip_px"]) == (1280, 720)


def test_tenant_and_candidates_are_in_the_manifest(street: Path, tmp_path: Path) -> None:
    target = Target(TargetKind.AMBIGUOUS, ("BS-0007", "BS-0008"), "")
    tenant = Tenancy("BS-0007", "老王水果", "样谊路 1 号", "样谊路", "一中队", "水果", "B", "", None, None)
    evidence = scene.writer(tmp_path, before_s=1, after_s=1).write(
        scene.violation(target=target),
        scene.ClipFootage(street),
        scene.observations(),
        scene.CLOCK,
        tenants={"BS-0007": tenant},
    )
    shops = read_manifest(tmp_path / evidence.manifest_path)["shops"]
    assert [(shop["code"], shop["tenant"] and shop["tenant"]["name"]) for shop in shops] == [("BS-0007", "老王水果"), ("BS-0008", None)]
