"""Training pictures follow from their numbers: which are made, which files belong to them, and what is in them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from sample_videos.generator.chances import DRESSED_SHARE, Split
from sample_videos.generator.labels import write_labels
from sample_videos.generator.objects import Identity, Seen
from sample_videos.generator.pictures import BATCH, PictureOptions, batches, label_files, setting_of, unfinished_batches
from sample_videos.generator.streets import STREETS
from sample_videos.generator.streets.trades import WINDOW


def seen(label: str = "table", *, visible: float = 1.0, width: float = 0.2) -> Seen:
    return Seen(Identity(f"{label}-1", label), (0.1, 0.1, 0.1 + width, 0.3), visible, None, 0.4, stands=True, mask=(4,))


def options(out: Path, count: int = 3, split: Split = Split.TRAINING) -> PictureOptions:
    return PictureOptions(out, out, count, split)


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
    assert set(label_files(0, options(tmp_path, split=Split.UNSEEN))) == written


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
    for split in Split:
        plans = [plan.name for plan in STREETS.values() if plan.held_out is (split is Split.UNSEEN)]
        made = [setting_of(batch, options(tmp_path, split=split)) for batch in range(2 * len(plans))]
        assert [setting.plan.name for setting in made] == plans * 2
        assert all(setting.clean is (split is Split.CLEAN) for setting in made)


def test_shops_of_clean_streets_have_windows_and_else_the_plan_stays(tmp_path: Path) -> None:
    made = [setting_of(batch, options(tmp_path, split=Split.CLEAN)).plan for batch in range(40)]
    dressed = [unit.trade == WINDOW for plan in made for unit in plan.units]
    assert abs(np.mean(dressed) - DRESSED_SHARE) < 0.1
    for plan in made:
        original = STREETS[plan.name]
        assert [(unit.code, unit.x_min, unit.x_max, unit.door_y) for unit in plan.units] == [
            (unit.code, unit.x_min, unit.x_max, unit.door_y) for unit in original.units
        ]
        assert all(unit.trade == WINDOW or unit == first for unit, first in zip(plan.units, original.units, strict=True))
        assert all(unit.trade != WINDOW for unit in original.units)


def test_the_weather_of_a_batch_follows_from_seed_and_number(tmp_path: Path) -> None:
    wanted = options(tmp_path)
    found = [(setting.night, setting.wet) for setting in (setting_of(batch, wanted) for batch in range(40))]
    draws = [np.random.default_rng([1, 11, batch]).random(2) for batch in range(40)]
    assert found == [(bool(night < 0.28), bool(wet < 0.18)) for night, wet in draws]
