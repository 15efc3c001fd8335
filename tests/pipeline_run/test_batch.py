"""Footage in, violations with evidence and records out: the whole of it, in one process."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.config_files import load_settings
from pipeline.errors import FaultsError
from pipeline.evidence import verify_run
from pipeline.observations import event_to_json, read_log
from pipeline.records import Records, RunState
from pipeline.rules import RuleEngine, replay
from pipeline.zones.zone_files import load_zones
from tests.clips import damage, make_clip
from tests.pipeline_run.conftest import Office, hooks_of

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)


@pytest.mark.long
def test_a_carton_that_stands_and_goes_is_one_record_with_whole_evidence(office: Office, street_clip: Path) -> None:
    report = office.judge(street_clip)
    (source,) = report.sources
    (stored,) = source.violations
    found = stored.violation
    assert found.kind == "pavement_piling"
    assert found.target.place == "corner"
    assert 7 <= (found.first_seen_at - START).total_seconds() <= 11
    assert found.cleared_at is not None
    assert 26 <= (found.cleared_at - START).total_seconds() <= 33
    assert abs(found.box.x_min - 200 / 320) < 0.05
    assert abs(found.box.y_max - 212 / 240) < 0.05
    assert verify_run(office.evidence / "run-1") == ()
    with Records.open(load_settings(office.config).records.url) as records:
        detail = records.violation(found.violation_id)
        assert detail.run.state is RunState.FINISHED
        assert detail.source.state is RunState.FINISHED
        assert detail.source.looks == source.read.looks if source.read else False
        assert next(event.phase for event in detail.events) == "warned"
        for file in detail.evidence:
            assert (office.evidence / file.path).stat().st_size == file.bytes
        assert {"clip_first_seen_confirmed", "after_wide", "first_seen_close_marked"} <= {file.what for file in detail.evidence}
    assert stored.missing
    assert all("reference" in part for part in stored.missing), "the only part that this camera can't give"
    assert office.partials() == []


@pytest.mark.long
def test_the_log_gives_the_same_violations_again_to_the_byte(office: Office, street_clip: Path) -> None:
    office.judge(street_clip)
    (path,) = (office.folder / "out" / "observations" / "run-1").iterdir()
    settings = load_settings(office.config)
    zones = load_zones(settings.cameras[0].zones, camera_id="CAM01", shops=None)

    def judged_again() -> list[str]:
        engine = RuleEngine(settings.cameras[0], zones, None, settings.rules, clock_known=True)
        return [event_to_json(event) for event in replay(read_log(path).observations(), engine)]

    with Records.open(settings.records.url) as records:
        (row,) = records.list_violations()
    last = json.loads(judged_again()[-1])["violation"]
    assert judged_again() == judged_again()
    assert last["id" if "id" in last else "violation_id"] == row.violation_id


@pytest.mark.long
def test_batches_of_looks_change_neither_log_nor_result(office: Office, street_clip: Path) -> None:
    logs = []
    text = office.config.read_text(encoding="utf-8")
    for batch in (1, 3, 16):
        office.config.write_text(text.replace("interval_s: 1.0", f"interval_s: 1.0\n  batch: {batch}"), encoding="utf-8")
        office.judge(street_clip, hooks=hooks_of(f"batch-{batch}"))
        (path,) = (office.folder / "out" / "observations" / f"batch-{batch}").iterdir()
        logs.append(path.read_text(encoding="utf-8").splitlines()[1:])
    assert logs[0] == logs[1] == logs[2]


@pytest.mark.long
def test_one_bad_source_does_not_stop_the_others(office: Office, street_clip: Path) -> None:
    (office.folder / "CAM01_text.mp4").write_text("this is no film", encoding="utf-8")
    (office.folder / "CAM01_empty.mp4").touch()
    (office.folder / "CAM01_folder").mkdir()
    names = ("CAM01_text.mp4", "CAM01_empty.mp4", "CAM01_folder", "CAM01_missing.mp4", "stranger.mp4")
    report = office.judge(*(office.folder / name for name in names[:4]), street_clip)
    assert [source.error is None for source in report.sources] == [False, False, False, False, True]
    assert len(report.sources[-1].violations) == 1
    for source, name in zip(report.sources, names, strict=False):
        assert source.error is None or (name in source.error and "\n" not in source.error)
    assert office.partials() == []


@pytest.mark.long
def test_damage_is_told_and_the_rest_is_judged(office: Office, street_clip: Path, tmp_path: Path) -> None:
    cut = damage(street_clip, tmp_path / "CAM01_20240131_094217.ts.mp4", keep=1.0, spans=())
    ts = make_clip(tmp_path / "CAM01_whole.ts", seconds=20, fps=5, gop_s=1.0)
    short = damage(ts, tmp_path / "CAM01_short.ts", keep=0.6)
    report = office.judge(cut, short)
    assert report.sources[0].faults == ()
    assert report.failed == 0
    assert report.sources[1].read is not None
    assert report.sources[1].read.looks < 20


@pytest.mark.long
def test_running_anew_is_another_run_and_destroys_nothing(office: Office, street_clip: Path) -> None:
    first, second = (office.judge(street_clip, hooks=hooks_of(name), anew=True) for name in ("run-1", "run-2"))
    ids = [report.sources[0].violations[0].violation.violation_id for report in (first, second)]
    assert ids[0] == ids[1]
    assert len(office.rows("violations")) == 2
    assert verify_run(office.evidence / "run-1") == verify_run(office.evidence / "run-2") == ()
    assert second.reconciled == ()


@pytest.mark.long
def test_an_interrupted_run_goes_on_where_it_was_told_to(office: Office, street_clip: Path, tmp_path: Path) -> None:
    other = shutil.copy(street_clip, tmp_path / "CAM01_20240131_104217.mp4")
    looks = iter(range(1000))

    def stop_in_the_second_source() -> bool:
        return next(looks) > SECOND_SOURCE_BEGINS

    report = office.judge(street_clip, Path(other), hooks=hooks_of(should_stop=stop_in_the_second_source))
    assert report.interrupted
    assert [source.interrupted for source in report.sources] == [False, True]
    assert "--resume run-1" in report.command_to_resume
    resumed = office.judge(street_clip, Path(other), resume="run-1")
    assert [source.kept for source in resumed.sources] == [True, False]
    assert len(office.rows("violations")) == 2
    assert verify_run(office.evidence / "run-1") == ()
    with Records.open(load_settings(office.config).records.url) as records:
        assert records.find_run("run-1").state is RunState.FINISHED


SECOND_SOURCE_BEGINS = 50
"""Looks after which the second of two 40 s sources has begun."""


def test_nothing_runs_with_zones_of_another_camera(office: Office, street_clip: Path) -> None:
    path = office.folder / "cam01.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("CAM01", "CAM02"), encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        office.judge(street_clip)
    assert any("CAM02" in fault and "CAM01" in fault for fault in caught.value.faults)
    assert not (office.folder / "out").exists()


@pytest.fixture
def unknown_clock_clip(tmp_path: Path) -> Path:
    """A clip whose name and container say nothing of its time."""
    return make_clip(tmp_path / "pavement.mp4", seconds=4, fps=5, gop_s=1.0)


def test_rules_that_depend_on_the_hour_refuse_footage_without_a_clock(office: Office, unknown_clock_clip: Path) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text.replace("rules:\n", "rules:\n  enforcement_hours: [['08:00', '20:00']]\n"), encoding="utf-8")
    (source,) = office.judge(unknown_clock_clip).sources
    assert source.error is not None
    assert "--start" in source.error
