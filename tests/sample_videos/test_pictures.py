"""Training pictures follow from their numbers: which are made, which files belong to them, and verifying what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from sample_videos.generator import __main__ as command
from sample_videos.generator.comparing import Comparison, difference
from sample_videos.generator.labels import write_labels
from sample_videos.generator.objects import Identity, Seen
from sample_videos.generator.pictures import BATCH, PictureOptions, batches, label_files, setting_of, unfinished_batches
from sample_videos.generator.streets import STREETS


def seen(label: str = "table", *, visible: float = 1.0, width: float = 0.2) -> Seen:
    return Seen(Identity(f"{label}-1", label), (0.1, 0.1, 0.1 + width, 0.3), visible, None, 0.4, stands=True, mask=(4,))


def options(out: Path, count: int = 3, *, unseen: bool = False) -> PictureOptions:
    return PictureOptions(out, out, count, unseen)


def write(folder: Path, stem: str, *objects: Seen) -> None:
    write_labels(objects, folder, stem)


def test_boxes_are_learnt_or_ignored_and_all_are_told_about(tmp_path: Path) -> None:
    write(tmp_path, "street_00000", seen(), seen("goods", visible=0.1))
    assert (tmp_path / "labels" / "street_00000.txt").read_text() == "2 0.20000 0.20000 0.20000 0.20000\n"
    assert (tmp_path / "ignored" / "street_00000.txt").read_text() == "1 0.20000 0.20000 0.20000 0.20000\n"
    about = json.loads((tmp_path / "seen" / "street_00000.json").read_text())
    assert [(one["label"], one["counted"]) for one in about] == [("table", True), ("goods", False)]


def test_label_files_are_what_is_written(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path, f"unseen_{number:05d}", seen())
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")}
    assert set(label_files(0, options(tmp_path, unseen=True))) == written


def test_the_last_batch_may_be_small_and_finished_ones_are_left_out(tmp_path: Path) -> None:
    wanted = options(tmp_path, BATCH + 2)
    assert batches(wanted) == unfinished_batches(wanted) == [0, 1]
    assert len(label_files(0, wanted)) == 3 * BATCH
    assert len(label_files(1, wanted)) == 3 * 2
    (tmp_path / "images").mkdir()
    for number in (BATCH, BATCH + 1):
        (tmp_path / "images" / f"street_{number:05d}.jpg").touch()
    assert unfinished_batches(wanted) == [0]


def test_every_street_comes_equally_often_on_its_own_side(tmp_path: Path) -> None:
    for unseen in (False, True):
        plans = [plan.name for plan in STREETS.values() if plan.held_out is unseen]
        made = [setting_of(batch, options(tmp_path, unseen=unseen)) for batch in range(2 * len(plans))]
        assert [setting.plan.name for setting in made] == plans * 2


def test_the_weather_of_a_batch_follows_from_seed_and_number(tmp_path: Path) -> None:
    wanted = options(tmp_path)
    found = [(setting.night, setting.wet) for setting in (setting_of(batch, wanted) for batch in range(40))]
    draws = [np.random.default_rng([1, 11, batch]).random(2) for batch in range(40)]
    assert found == [(bool(night < 0.28), bool(wet < 0.18)) for night, wet in draws]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    kept, fresh = tmp_path / "kept", tmp_path / "fresh"
    for folder in (kept, fresh):
        for number in range(3):
            write(folder, f"street_{number:05d}", seen(), seen("goods", visible=0.1))
    return kept, fresh


def compared(folders: tuple[Path, Path]) -> Comparison:
    comparison = Comparison(*folders)
    comparison.add(label_files(0, options(folders[0])))
    return comparison


def test_equal_files_pass(folders: tuple[Path, Path]) -> None:
    comparison = compared(folders)
    assert comparison.passed
    assert comparison.summary() == "all 9 files are the same"


def test_one_byte_is_found_and_told(folders: tuple[Path, Path]) -> None:
    path = folders[0] / "labels" / "street_00001.txt"
    path.write_text(path.read_text().replace("2 0.2", "3 0.2"))
    comparison = compared(folders)
    assert not comparison.passed
    assert comparison.differing == ["labels/street_00001.txt"]
    assert comparison.first.startswith("labels/street_00001.txt: from byte 0 (line 1) it says '3 0.20000")
    assert comparison.summary().startswith("8 of 9 files are the same, not labels/street_00001.txt; labels/street_00001.txt: from byte 0 ")


def test_a_longer_or_shorter_file_differs(folders: tuple[Path, Path]) -> None:
    path = folders[0] / "labels" / "street_00001.txt"
    whole = path.read_bytes()
    path.write_bytes(whole + b"1 0.5 0.5 0.1 0.1\n")
    assert "(line 2) it says '1 0.5 0.5 0.1 0.1' in place of nothing" in compared(folders).first
    path.write_bytes(b"")
    assert "it says nothing in place of '2 0.20000" in compared(folders).first


def test_a_missing_file_differs(folders: tuple[Path, Path]) -> None:
    (folders[0] / "seen" / "street_00002.json").unlink()
    (folders[1] / "ignored" / "street_00000.txt").unlink()
    comparison = compared(folders)
    assert comparison.differing == ["ignored/street_00000.txt", "seen/street_00002.json"]
    assert comparison.first == "ignored/street_00000.txt: was not made again"
    assert difference(folders[0] / "seen" / "street_00002.json", folders[1] / "seen" / "street_00002.json") == "is missing"


def test_nothing_compared_is_nothing_verified(folders: tuple[Path, Path]) -> None:
    assert not Comparison(*folders).passed


Spread = Callable[[Sequence[Sequence[str]], int, Callable[[int], None]], int]


def labelling(status: int = 0) -> Spread:
    """Stands for the processes with Blender: writes two pictures' labels where it is told to."""

    def spread(parts: Sequence[Sequence[str]], _processes: int, done: Callable[[int], None]) -> int:
        for part, words in enumerate(parts):
            assert {"--here", "--verify"} <= set(words)
            fresh = Path(words[words.index("--out") + 1])
            for number in range(2):
                write(fresh, f"street_{number:05d}", seen())
            done(part)
        return status

    return spread


def verified(out: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> int:
    monkeypatch.setattr(command, "_spread", labelling(status))
    return command.main(["pictures", "--verify", "--count", "2", "--out", str(out)])


def test_verify_passes_when_all_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(2):
        write(tmp_path, f"street_{number:05d}", seen())
    before = sorted(tmp_path.rglob("*"))
    assert verified(tmp_path, monkeypatch) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "all 6 files are the same"
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("harm", ["other", "missing", "crash"])
def test_verify_fails_when_anything_is_wrong(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "street_00000", seen())
    if harm != "missing":
        write(tmp_path, "street_00001", seen(width=0.25 if harm == "other" else 0.2))
    assert verified(tmp_path, monkeypatch, status=int(harm == "crash")) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert {"other": "it says", "missing": "is missing", "crash": "all 6 files are the same; but the work broke off"}[harm] in last
