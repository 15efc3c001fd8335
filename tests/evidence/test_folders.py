"""Whole or not there: crashes, replacing, the chain of hashes, and finding what was changed afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import EvidenceError
from pipeline.evidence import ViolationEvidence, find_partials, read_manifest, remove_partials, scan_manifests, verify_manifest, verify_run
from pipeline.evidence.folders import partial_folder, publish, violation_folder, write_file
from tests.evidence import scene

RUN = "run-1"


def write(folder: Path, violation_id: str, *, confidence_box_shift: float = 0.0, run_id: str = RUN) -> ViolationEvidence:
    """A small set: a folder of pictures with short margins. A shift makes other bytes."""
    box = scene.THING
    moved = type(box)(box.x_min + confidence_box_shift, box.y_min, box.x_max + confidence_box_shift, box.y_max)
    violation = scene.violation(violation_id=violation_id, box=moved, things=(moved,), confirmed_at=scene.at(18), last_seen_at=scene.at(19))
    footage = scene.FolderFootage(size=(160, 120))
    return scene.writer(folder, before_s=1, after_s=1, run_id=run_id).write(violation, footage, scene.observations(), scene.CLOCK)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three violations of one run."""
    folder = tmp_path_factory.mktemp("whole")
    for name in ("v1", "v2", "v3"):
        write(folder, name)
    return folder


@pytest.fixture
def three(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    return Path(shutil.copytree(whole, tmp_path / "evidence"))


def manifest(folder: Path, name: str) -> Path:
    """Path of one manifest."""
    return folder / RUN / "CAM01" / name / "manifest.json"


def test_manifests_form_a_chain(three: Path) -> None:
    stored = {item.violation_id: item for item in scan_manifests(three)}
    assert list(stored) == ["v1", "v2", "v3"]
    previous = {name: read_manifest(item.path)["previous_manifest_sha256"] for name, item in stored.items()}
    assert previous == {"v1": None, "v2": stored["v1"].sha256, "v3": stored["v2"].sha256}
    assert verify_run(three / RUN) == ()


def test_runs_have_chains_of_their_own(three: Path) -> None:
    other = write(three, "v1", run_id="run-2")
    assert other.previous_manifest_sha256 is None
    assert verify_run(three / RUN) == verify_run(three / "run-2") == ()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: (path.parent / "middle_wide.jpg").write_bytes(b"x"), "middle_wide.jpg: changed; expected"),
        (lambda path: (path.parent / "middle_wide.jpg").unlink(), "middle_wide.jpg: missing"),
        (lambda path: (path.parent / "more.jpg").write_bytes(b"x"), "more.jpg: not in the manifest"),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"CAM01", b"CAM09")), "v2/manifest.json: belongs to run-1/CAM09/v2"),
        (
            lambda path: path.write_bytes(path.read_bytes().replace(b"r1", b"r2")),
            "v3/manifest.json: the manifest before it is missing or changed",
        ),
        (lambda path: path.write_bytes(b"{"), "v2/manifest.json: cannot read manifest"),
        (lambda path: shutil.rmtree(path.parent), "v3/manifest.json: the manifest before it is missing or changed"),
    ],
)
def test_whatever_is_changed_in_the_middle_is_found(three: Path, spoil: object, said: str) -> None:
    assert callable(spoil)
    spoil(manifest(three, "v2"))
    assert any(said in line for line in verify_run(three / RUN)), verify_run(three / RUN)


def test_a_byte_flipped_at_the_same_length_is_found(three: Path) -> None:
    path = manifest(three, "v1").parent / "clip_first_seen_confirmed.mp4"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (line,) = verify_manifest(manifest(three, "v1"))
    assert "expected sha256" in line


def test_losing_the_first_or_the_last_is_found(three: Path) -> None:
    shutil.rmtree(manifest(three, "v3").parent)
    assert any("newest manifest" in line for line in verify_run(three / RUN))
    shutil.rmtree(manifest(three, "v1").parent)
    assert any("first manifest" in line for line in verify_run(three / RUN))


def test_two_manifests_after_the_same_one_are_a_fork(three: Path) -> None:
    path = manifest(three, "v3")
    content = json.loads(path.read_bytes())
    content["previous_manifest_sha256"] = read_manifest(manifest(three, "v2"))["previous_manifest_sha256"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert any("chain forks" in line for line in verify_run(three / RUN))


def test_writing_the_same_again_changes_nothing(three: Path) -> None:
    before = {item.violation_id: item.sha256 for item in scan_manifests(three)}
    write(three, "v2")
    write(three, "v3")
    assert {item.violation_id: item.sha256 for item in scan_manifests(three)} == before
    assert verify_run(three / RUN) == ()


def test_a_replaced_set_keeps_its_link_and_names_what_it_replaced(three: Path) -> None:
    old = {item.violation_id: item.sha256 for item in scan_manifests(three)}
    for name in ("v2", "v3"):
        evidence = write(three, name, confidence_box_shift=0.05)
        content = read_manifest(three / evidence.manifest_path)
        assert content["replaces_manifest_sha256"] == [old[name]]
        assert evidence.manifest_sha256 != old[name]
    assert verify_run(three / RUN) == ()
    assert write(three, "v4").previous_manifest_sha256 == evidence.manifest_sha256
    assert verify_run(three / RUN) == ()
    assert find_partials(three) == ()


def test_a_crash_between_announcing_and_naming_keeps_the_chain(three: Path) -> None:
    """chain.json names a manifest that never came to stand: the next one links to the last that does."""
    newest = next(item.sha256 for item in scan_manifests(three) if item.violation_id == "v3")
    announced = {"path": "CAM01/v4/manifest.json", "sha256": "0" * 64, "previous_sha256": newest}
    (three / RUN / "chain.json").write_text(json.dumps(announced), encoding="utf-8")
    assert write(three, "v4").previous_manifest_sha256 == newest
    assert verify_run(three / RUN) == ()


def test_a_damaged_manifest_is_replaced_at_the_end_of_the_chain(three: Path) -> None:
    manifest(three, "v3").write_bytes(b"{")
    newest = next(item.sha256 for item in scan_manifests(three) if item.violation_id == "v2")
    assert write(three, "v3").previous_manifest_sha256 == newest
    assert verify_run(three / RUN) == ()


def test_leftovers_of_a_crash_are_found_and_removed(three: Path) -> None:
    partial = three / RUN / "CAM01" / "v9.partial"
    partial.mkdir()
    (partial / "first_seen_wide.jpg").write_bytes(b"half")
    half = three / RUN / "chain.json.partial"
    half.write_bytes(b"half")
    assert [item.violation_id for item in scan_manifests(three)] == ["v1", "v2", "v3"]
    assert find_partials(three) == (partial, half)
    assert remove_partials(three, except_runs=(RUN,)) == ()
    assert remove_partials(three) == (partial, half)
    assert find_partials(three) == ()
    assert verify_run(three / RUN) == ()


def test_a_set_whose_replacement_never_stood_comes_back(three: Path) -> None:
    final = three / RUN / "CAM01" / "v2"
    final.rename(final.with_name("v2.replaced.partial"))
    (three / RUN / "CAM01" / "v2.partial").mkdir()
    remove_partials(three)
    assert sorted(path.name for path in final.parent.iterdir()) == ["v1", "v2", "v3"]
    assert verify_run(three / RUN) == ()


def test_a_set_that_was_replaced_before_the_crash_stays_replaced(three: Path) -> None:
    final = three / RUN / "CAM01" / "v2"
    shutil.copytree(final, final.with_name("v2.replaced.partial"))
    remove_partials(three)
    assert sorted(path.name for path in final.parent.iterdir()) == ["v1", "v2", "v3"]


def test_a_partial_folder_is_gone_whatever_happens(tmp_path: Path) -> None:
    final = tmp_path / "run" / "cam" / "v"

    def interrupted() -> None:
        with partial_folder(final) as partial:
            write_file(partial / "a", b"1")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(final.parent.iterdir()) == []
    with partial_folder(final) as partial:
        write_file(partial / "a", b"1")
        publish(partial, final)
    assert [path.name for path in final.iterdir()] == ["a"]


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "v.partial", "-x", "a b"])
def test_ids_that_are_no_folder_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="cannot name an evidence folder"):
        violation_folder(tmp_path, "run", "cam", name)
