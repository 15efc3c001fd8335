"""What a start looks for, and where it need not look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config import DoorlineSettings
from pipeline.config_files import load_settings
from pipeline.reconciling import evidence_without_row, reconcile
from pipeline.records import Records, RunState
from tests.pipeline_run.conftest import NOW, Office
from tests.records.samples import CAMERA, entry, furnish, run_info, violation

LEFT_ALONE = ("finished", "running")
LOOKED_INTO = ("source-failed", "source-interrupted", "interrupted", "unknown")
RECORDED, UNRECORDED = "v-recorded", "v-unrecorded"


@pytest.fixture
def settings(office: Office, monkeypatch: pytest.MonkeyPatch) -> DoorlineSettings:
    monkeypatch.chdir(office.folder)
    return load_settings(office.config)


@pytest.fixture
def records(settings: DoorlineSettings) -> Iterator[Records]:
    """One run of each kind; of each there is a set of evidence with a row and one without, and half of another."""
    with Records.open(settings.records.url) as records:
        for run_id in (*LEFT_ALONE, *LOOKED_INTO):
            if run_id != "unknown":
                source_id = furnish(records, run_info(run_id))
                records.save_violation(run_id, source_id, entry(violation(RECORDED), folder=run_id))
                end(records, run_id, source_id)
            lay_out(settings.evidence.folder / run_id / CAMERA.id, settings.observations / run_id)
        yield records


def test_runs_that_left_nothing_behind_are_not_looked_into(records: Records, settings: DoorlineSettings) -> None:
    lines = reconcile(records, settings, NOW)
    for run_id in LOOKED_INTO:
        named = [line.partition(":")[0] for line in lines if f"/{run_id}/" in line and RECORDED not in line]
        assert named == ["unfinished evidence removed", "unfinished observation log removed", "evidence without a row"]
    assert [line for line in lines for run_id in LEFT_ALONE if f"/{run_id}/" in line] == []
    left = {path.relative_to(path.parents[2]).parts[0] for path in settings.evidence.folder.glob("*/*/*.partial")}
    assert left == set(LEFT_ALONE)
    assert {path.parent.name for path in settings.observations.glob("*/*.partial")} == set(LEFT_ALONE)


def test_evidence_with_a_row_is_not_named_and_without_a_run_in_the_records_all_is(records: Records, settings: DoorlineSettings) -> None:
    named = [line for line in reconcile(records, settings, NOW) if line.startswith("evidence without a row") and f"/{RECORDED}." in line]
    assert len(named) == 1
    assert "/unknown/" in named[0]


def test_verifying_a_finished_run_still_names_what_no_row_vouches_for(records: Records, settings: DoorlineSettings) -> None:
    (line,) = evidence_without_row(records, settings.evidence.folder, "finished")
    assert UNRECORDED in line


def test_a_start_reads_no_evidence(records: Records, settings: DoorlineSettings) -> None:
    """A manifest that can't be read at all stops no start."""
    for manifest in settings.evidence.folder.glob("*/*/*/manifest.json"):
        manifest.unlink()
        manifest.mkdir()
    assert any(UNRECORDED in line for line in reconcile(records, settings, NOW))


def end(records: Records, run_id: str, source_id: int) -> None:
    """As its name says. One that runs is this process's own."""
    if run_id in {"running", "interrupted"}:
        state = RunState.RUNNING if run_id == "running" else RunState.INTERRUPTED
    else:
        state = RunState.FINISHED
    of_source = {"source-failed": RunState.FAILED, "source-interrupted": RunState.INTERRUPTED}.get(run_id, state)
    if of_source is not RunState.RUNNING:
        records.finish_source(source_id, of_source)
    if state is not RunState.RUNNING:
        records.finish_run(run_id, state, NOW)


def lay_out(camera_folder: Path, log_folder: Path) -> None:
    for name in (RECORDED, UNRECORDED, "v-half.partial"):
        (camera_folder / name).mkdir(parents=True)
        (camera_folder / name / "manifest.json").write_text("{}", encoding="utf-8")
    log_folder.mkdir(parents=True)
    (log_folder / "CAM01.jsonl.partial").touch()
