"""Truth files: what is read, and how faults are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, FaultsError
from pipeline.evaluation.truth import TruthBox
from pipeline.evaluation.truth_files import load_truths
from pipeline.types import BoundingBox, ViolationKind

PROJECT = Path(__file__).parents[2]


def smallest() -> dict[str, Any]:
    """A file with what is needed and nothing else."""
    event = {"kind": "street_stall", "began_s": 5, "boxes": [{"from_s": 5, "to_s": 60, "box": [0.1, 0.2, 0.3, 0.4]}]}
    return {"format": 2, "camera_id": "CAM01", "starts_at": "2024-01-31T09:42:17+08:00", "length_s": 60, "events": [event]}


def write(folder: Path, data: Any, name: str = "a.truth.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def faults_of(*paths: Path) -> tuple[str, ...]:
    with pytest.raises(FaultsError) as err:
        load_truths(paths)
    return err.value.faults


def test_the_smallest_file_is_enough(tmp_path: Path) -> None:
    (truth,) = load_truths([write(tmp_path, smallest())])
    assert (truth.camera_id, truth.starts_at, truth.length_s) == ("CAM01", datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC), 60)
    assert (truth.name, truth.dwell, truth.held_out, truth.conditions.light) == ("a", None, False, "unknown")
    (event,) = truth.events
    assert (event.name, event.kind, event.shop_codes, event.ended_s) == ("event 1", ViolationKind.STREET_STALL, (), None)
    assert event.boxes == (TruthBox(5, 60, BoundingBox(0.1, 0.2, 0.3, 0.4), 1),)


def test_the_example_of_the_documentation_is_a_truth_file(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    (truth,) = load_truths([write(tmp_path, page.split("```json\n")[1].split("```")[0])])
    assert [event.name for event in truth.events] == ["crates carried out", "table in its permitted place"]


def test_the_samples_are_truth_files() -> None:
    assert load_truths([PROJECT / "sample_videos"])


def test_a_folder_stands_for_its_files_and_none_is_read_twice(tmp_path: Path) -> None:
    first, second = write(tmp_path, smallest()), write(tmp_path, smallest() | {"camera_id": "CAM00"}, "b.truth.json")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    assert [truth.file for truth in load_truths([tmp_path, first])] == [second, first]


def _set(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = value

    return change


def _without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.pop(key)


BOX = ("events", 0, "boxes", 0)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_set("format", value=1), "format: not a truth file of this version; expected 2; found 1. Format: docs/evaluation.md"),
        (_without("format"), "format: not a truth file of this version; expected 2; found none. Format: docs/evaluation.md"),
        (_without("camera_id"), "camera_id: is missing. Format: docs/evaluation.md"),
        (_set("evnts", value=[]), "evnts: unknown key. Did you mean 'events'?"),
        (_set("events", 0, "exused_by", value="loading"), "events[0].exused_by: unknown key. Did you mean 'excused_by'?"),
        (_set("dwell", value={"candidate_after": 8}), "dwell.candidate_after: unknown key. Did you mean 'candidate_after_s'?"),
        (_set("length_s", value="60"), 'length_s: Input should be a valid number; found "60"'),
        (_set("events", 0, "began_s", value=True), "events[0].began_s: Input should be a valid number; found true"),
        (
            _set("events", 0, "kind", value="stall"),
            "events[0].kind: Input should be 'beyond_shopfront', 'pavement_piling' or 'street_stall'",
        ),
        (_set("length_s", value=0), "length_s: Input should be greater than 0; found 0"),
        (_set(*BOX, "box", 2, value=1.2), "events[0].boxes[0].box[2]: Input should be less than or equal to 1; found 1.2"),
        (
            _set(*BOX, "box", value=[0.3, 0.2, 0.1, 0.4]),
            "events[0].boxes[0].box: expected x_min < x_max and y_min < y_max; found [0.3, 0.2, 0.1, 0.4]",
        ),
        (_set("events", 0, "boxes", value=[]), "events[0].boxes: Tuple should have at least 1 item"),
        (_set("events", 0, "ended_s", value=3), "events[0]: expected ended_s later than began_s; found began_s 5, ended_s 3"),
        (_set("events", 0, "ended_s", value=70), "events[0].ended_s: expected inside the clip (0..60 s), or null; found 70"),
        (_set("events", 0, "ended_s", value=30), "events[0].boxes[0]: expected a time while the event lasts (5..30 s); found 5..60 s"),
        (_set("events", 0, "began_s", value=20), "events[0].boxes[0]: expected a time while the event lasts (20..60 s); found 5..60 s"),
        (_set("events", 0, "shop_codes", value=["A", "A"]), "events[0]: expected each shop code once; found A, A"),
        (_set("gaps", value=[{"from_s": 5, "to_s": 4}]), "gaps[0]: expected to_s later than from_s; found from_s 5, to_s 4"),
        (_set("gaps", value=[{"from_s": 5, "to_s": 90}]), "gaps[0]: expected a time inside the clip (0..60 s); found 5..90 s"),
    ],
)
def test_a_fault_names_file_place_expected_and_found(tmp_path: Path, change: Callable[[dict[str, Any]], None], fault: str) -> None:
    data = smallest()
    change(data)
    path = write(tmp_path, data)
    (line,) = faults_of(path)
    assert line.startswith(f"{path}: {fault}"), line


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"format": 2,\n "events": [}', "line 2, column 13: not valid JSON"),
        ("[]", "(whole file): not a truth file; expected a JSON object; found []"),
        ('{"format": 2, "clip": "a", "clip": "b"}', "(whole file): not valid JSON; found key given twice: clip"),
        ('{"format": 2, "length_s": NaN}', "(whole file): not valid JSON; found NaN"),
    ],
)
def test_a_file_that_is_no_truth(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, text)
    (line,) = faults_of(path)
    assert line.startswith(f"{path}: {fault}"), line


def test_a_time_without_offset_and_a_switch_for_a_number_are_refused(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, smallest() | {"starts_at": "2024-01-31T09:42:17", "dwell": {"warn_after_s": True}}))
    assert [line.split(": ")[1] for line in faults] == ["starts_at", "dwell.warn_after_s"]


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    first = write(tmp_path, smallest() | {"length_s": -1}, "a.truth.json")
    second = write(tmp_path, smallest() | {"camera_id": ""}, "b.truth.json")
    assert [line.split(":")[0] for line in faults_of(tmp_path)] == [str(first), str(second)]


def test_two_truths_of_the_same_camera_and_time_are_refused(tmp_path: Path) -> None:
    write(tmp_path, smallest(), "a.truth.json")
    second = write(tmp_path, smallest() | {"starts_at": "2024-01-31T09:43:00+08:00"}, "b.truth.json")
    (line,) = faults_of(tmp_path)
    assert line.startswith(f"{second}: starts_at: same camera and time as another truth file; expected a time outside")


def test_a_folder_without_truth_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no truth"):
        load_truths([tmp_path])
