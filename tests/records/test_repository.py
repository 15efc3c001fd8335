"""What goes into the records comes out again, on every database."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.errors import RecordError
from pipeline.records import EventRow, Records, RunState, SourceStart, ViolationEntry, ViolationFilter
from pipeline.types import UNKNOWN_EPOCH, BoundingBox, ClockSource, Phase, ReadSummary, SourceClock, TargetKind, ViolationKind
from tests.records.conftest import Place
from tests.records.samples import (
    CAMERA,
    CLOCK,
    FRUIT,
    GEOJSON,
    NO_CLOCK,
    NOODLES,
    SHOPS,
    START,
    TOOLS,
    ZONES,
    ambiguous,
    entry,
    furnish,
    on_public_ground,
    run_info,
    source_start,
    violation,
)


def test_a_violation_comes_back_as_it_was_saved(records: Records) -> None:
    source_id = furnish(records)
    found = violation(cleared=True)
    saved = entry(found, tenants=(NOODLES,))
    records.save_violation("run-1", source_id, saved)

    detail = records.violation("v-0a1b2c", run="run-1")
    row = detail.violation
    for name in ("violation_id", "kind", "camera_id", "labels", "box", "things", "dwell_s", "gap_s", "zone_version", "rule_version"):
        assert getattr(row, name) == getattr(found, name), name
    for name in ("present_looks", "observed_looks", "hidden_looks", "peak_things"):
        assert getattr(row, name) == getattr(found, name), name
    for name in ("first_seen", "warned", "confirmed", "last_seen", "cleared", "peak"):
        at: datetime = getattr(found, f"{name}_at")
        assert getattr(row, f"{name}_at") == at, name
        assert getattr(row, f"{name}_at").utcoffset() == timedelta(0), name
        assert getattr(row, f"{name}_media_s") == (at - START).total_seconds(), name
    assert (row.target, row.shop_codes, row.place) == (TargetKind.SHOP, ("BS-0001",), "鲜果行门前")
    assert row.shop_names == ("面馆",)
    assert (row.complete, row.missing, row.manifest_sha256) == (False, ("after: not cleared yet",), "f" * 64)
    assert (row.camera_name, row.camera_place, row.camera_street) == (CAMERA.name, CAMERA.place, CAMERA.street)
    assert (row.source_uri, row.clock_source) == ("CAM01_20240131_094217.mp4", ClockSource.FILE_NAME)
    assert not row.open
    assert detail.evidence == saved.evidence
    assert detail.tenants == (NOODLES,)
    assert [(step.phase, step.at) for step in detail.events] == [(event.phase, event.at) for event in saved.events]
    assert detail.run.run_id == "run-1"
    assert detail.source.source_id == source_id
    assert records.list_violations() == (row,)


def test_without_a_wall_clock_only_media_seconds_are_kept(records: Records) -> None:
    source_id = furnish(records, clock=NO_CLOCK)
    found = violation(start=UNKNOWN_EPOCH)
    records.save_violation("run-1", source_id, entry(found))

    row = records.list_violations()[0]
    for name in ("first_seen", "warned", "confirmed", "last_seen", "cleared", "peak"):
        assert getattr(row, f"{name}_at") is None, name
    assert (row.first_seen_media_s, row.warned_media_s, row.confirmed_media_s) == (13.5, 17.5, 21.623456)
    assert (row.last_seen_media_s, row.cleared_media_s, row.peak_media_s) == (73.5, None, 43.5)
    assert row.open
    detail = records.violation("v-")
    assert detail.events == (EventRow(Phase.WARNED, None, 17.5), EventRow(Phase.OPENED, None, 21.623456))
    assert detail.source.start_at is None
    assert records.list_violations(ViolationFilter(since=UNKNOWN_EPOCH)) == ()


def test_saving_again_replaces_everything_and_doubles_nothing(records: Records) -> None:
    source_id = furnish(records)
    first = entry(ambiguous(violation()), tenants=(NOODLES, TOOLS))
    records.save_violation("run-1", source_id, first)
    found = violation(cleared=True)
    final = replace(entry(found, tenants=(NOODLES,)), complete=True, missing=(), evidence=entry(found).evidence[:1])
    for _ in range(2):
        records.save_violation("run-1", source_id, final)

    assert len(records.list_violations()) == 1
    detail = records.violation("v-0a1b2c")
    assert detail.violation.complete
    assert detail.violation.shop_codes == ("BS-0001",)
    assert detail.tenants == (NOODLES,)
    assert [step.phase for step in detail.events] == [Phase.WARNED, Phase.OPENED, Phase.CLEARED]
    assert detail.evidence == final.evidence
    assert records.list_violations(ViolationFilter(shop_code="BS-0002")) == ()


def test_running_again_keeps_the_rows_of_the_earlier_run(records: Records) -> None:
    for number in (1, 2):
        run = run_info(f"run-{number}", started_at=START + timedelta(hours=number))
        source_id = furnish(records, run)
        records.save_violation(run.run_id, source_id, entry(violation(), folder=run.run_id))

    assert [row.run_id for row in records.list_violations()] == ["run-1", "run-2"]
    assert set(records.evidence_files("run-1")).isdisjoint(records.evidence_files("run-2"))
    assert list(records.evidence_files("run-1")) == ["run-1/v-0a1b2c/clip_confirmed.mp4", "run-1/v-0a1b2c/first_seen_wide.jpg"]
    assert [run.violations for run in records.list_runs()] == [1, 1]


def test_resuming_doubles_neither_run_nor_source_nor_violation(records: Records) -> None:
    first = furnish(records)
    records.save_violation("run-1", first, entry(violation()))
    records.finish_run("run-1", RunState.INTERRUPTED, START + timedelta(hours=1))
    again = furnish(records, run_info(started_at=START + timedelta(days=1)))
    records.save_violation("run-1", again, entry(violation()))

    assert again == first
    run = records.find_run("latest")
    assert (run.state, run.started_at, run.finished_at) == (RunState.RUNNING, START, None)
    assert (run.sources, run.violations) == (1, 1)


def test_a_run_does_not_go_on_under_other_rules(records: Records) -> None:
    furnish(records)
    with pytest.raises(RecordError, match=r"what judges has changed.*rules_sha256.*new run"):
        records.start_run(run_info(rules="x" * 64), "doorline batch")
    assert records.find_run("run-1").rules_sha256 == "r" * 64


def test_a_source_keeps_what_was_read_of_it(records: Records) -> None:
    source_id = furnish(records)
    summary = ReadSummary(100, 3, 400, 18, 0.04, 599.5, ("18 of 412 packets damaged, 3 looks lost",))
    records.finish_source(source_id, RunState.FINISHED, summary)
    other = records.start_source("run-1", SourceStart("rtsp://u:p@10.0.0.1/1", CAMERA.id, NO_CLOCK, None))
    records.finish_source(other, RunState.FAILED, error="gone")

    good, bad = records.list_sources("run-1")
    assert (good.looks, good.missed_looks, good.frames_decoded, good.damaged_packets) == (100, 3, 400, 18)
    assert (good.first_media_s, good.last_media_s, good.faults) == (0.04, 599.5, summary.faults)
    assert (good.start_at, good.duration_s, good.clock_source, good.state) == (START, 600.0, ClockSource.FILE_NAME, RunState.FINISHED)
    assert (bad.uri, bad.state, bad.error, bad.start_at, bad.looks) == ("rtsp://***@10.0.0.1/1", RunState.FAILED, "gone", None, 0)
    run = records.find_run("run-1")
    assert (run.sources, run.sources_failed, run.looks, run.missed_looks, run.damaged_packets) == (2, 1, 100, 3, 18)


def test_one_run_is_counted_apart_from_others(records: Records) -> None:
    for number in (1, 2):
        source_id = furnish(records, run_info(f"run-{number}"))
        records.finish_source(source_id, RunState.FINISHED, ReadSummary(10, 1, 10, 0, 0.0, 1.0, ()))
    assert [(run.sources, run.looks) for run in records.list_runs()] == [(1, 10), (1, 10)]
    assert records.find_run("run-2") == records.list_runs()[1]


def test_runs_are_told_by_their_state_and_violations_by_their_keys(records: Records) -> None:
    states = {
        "whole": (RunState.FINISHED, RunState.FINISHED),
        "partly": (RunState.FINISHED, RunState.FAILED),
        "cut": (RunState.INTERRUPTED,) * 2,
    }
    for run_id, (of_run, of_source) in states.items():
        source_id = furnish(records, run_info(run_id))
        records.save_violations(run_id, source_id, [entry(violation(name), folder=run_id) for name in ("v-1", "v-2")])
        records.finish_source(source_id, of_source)
        records.finish_run(run_id, of_run, START)
    furnish(records, run_info("goes on"))
    assert records.finished_runs() == {"whole"}
    assert records.running_runs() == {"goes on"}
    assert records.violation_keys({"whole", "goes on", "unknown"}) == {("whole", "v-1"), ("whole", "v-2")}
    assert len(records.violation_keys([*states, *(f"run {number}" for number in range(2500))])) == 6
    assert records.violation_keys(()) == frozenset()


def test_file_names_that_are_no_unicode_are_kept_as_escapes(records: Records) -> None:
    furnish(records)
    name = b"\xc2\xb7\xbf\xda.mp4".decode("utf-8", "surrogateescape") + "\0"
    source_id = records.start_source("run-1", source_start(name))
    assert records.start_source("run-1", source_start(name)) == source_id
    assert records.list_sources("run-1")[1].uri == "·\\udcbf\\udcda.mp4\\x00"


def test_filters(records: Records) -> None:
    source_id = furnish(records)
    shop = violation("v-1", first_s=10, cleared=True)
    both = ambiguous(violation("v-2", first_s=20))
    stall = on_public_ground(violation("v-3", first_s=30))
    for found in (stall, both, shop):
        records.save_violation("run-1", source_id, entry(found))

    def ids(wanted: ViolationFilter) -> list[str]:
        return [row.violation_id for row in records.list_violations(wanted)]

    assert ids(ViolationFilter()) == ["v-1", "v-2", "v-3"]
    assert ids(ViolationFilter(run_id="run-1", camera_id="cam01")) == ["v-1", "v-2", "v-3"]
    assert ids(ViolationFilter(run_id="run-2")) == ids(ViolationFilter(camera_id="cam02")) == []
    assert ids(ViolationFilter(kind=ViolationKind.STREET_STALL)) == ["v-3"]
    assert ids(ViolationFilter(shop_code="BS-0001")) == ["v-1", "v-2"]
    assert ids(ViolationFilter(shop_code="BS-0002")) == ["v-2"]
    assert ids(ViolationFilter(open=True)) == ["v-2", "v-3"]
    assert ids(ViolationFilter(open=False)) == ["v-1"]
    assert ids(ViolationFilter(limit=2)) == ["v-2", "v-3"]
    shanghai = timezone(timedelta(hours=8))
    assert ids(ViolationFilter(since=(START + timedelta(seconds=20)).astimezone(shanghai))) == ["v-2", "v-3"]
    assert ids(ViolationFilter(until=START + timedelta(seconds=20))) == ["v-1"]
    names = [row.shop_names for row in records.list_violations(ViolationFilter(limit=2))]
    assert names == [("", ""), ()]


def test_the_unknown_wall_clocks_come_last_on_every_database(records: Records) -> None:
    known = furnish(records)
    unknown = records.start_source("run-1", source_start("b.mp4", clock=NO_CLOCK))
    records.save_violation("run-1", unknown, entry(violation("v-1", start=UNKNOWN_EPOCH, first_s=1)))
    records.save_violation("run-1", known, entry(violation("v-2")))
    assert [row.violation_id for row in records.list_violations()] == ["v-2", "v-1"]
    assert [row.violation_id for row in records.list_violations(ViolationFilter(limit=1))] == ["v-1"]


def test_ids_may_be_shortened_as_long_as_they_are_unique(records: Records) -> None:
    with pytest.raises(RecordError, match="no run is recorded yet"):
        records.find_run("latest")
    assert records.latest_run_id() is None
    furnish(records, run_info("run-1"))
    source_id = furnish(records, run_info("run-12", started_at=START + timedelta(days=1)))
    for name in ("va%", "va_1", "VA"):
        records.save_violation("run-12", source_id, entry(violation(name)))

    assert records.latest_run_id() == "run-12"
    assert records.find_run("run-1").run_id == "run-1"
    assert records.violation("va%").violation.violation_id == "va%"
    assert records.violation("VA", run="run-12").violation.violation_id == "VA"
    with pytest.raises(RecordError, match=r"more than one violation begins with va.*va%, va_1"):
        records.violation("va")
    with pytest.raises(RecordError, match="more than one run begins with run"):
        records.find_run("run")
    for text in ("%", "", "x"):
        with pytest.raises(RecordError, match="no such violation"):
            records.violation(text)
    with pytest.raises(RecordError, match="no such violation"):
        records.violation("VA", run="run-1")


def test_a_correction_of_the_shop_list_changes_no_earlier_record(records: Records) -> None:
    source_id = furnish(records)
    records.save_violation("run-1", source_id, entry(violation(), tenants=(NOODLES,)))
    corrected = replace(NOODLES, name="大碗面馆")
    records.save_shops(replace(SHOPS, tenancies={"BS-0001": (FRUIT, corrected)}))
    other = furnish(records, run_info("run-2"))
    records.save_violation("run-2", other, entry(violation(), tenants=(corrected,)))
    assert [row.shop_names for row in records.list_violations()] == [("面馆",), ("大碗面馆",)]


def test_a_renamed_camera_changes_no_earlier_record(records: Records) -> None:
    source_id = furnish(records)
    records.save_violation("run-1", source_id, entry(violation()))
    records.save_camera(CAMERA.model_copy(update={"place": "样谊路 1 号"}))
    assert records.list_violations()[0].camera_place == CAMERA.place
    records.start_run(run_info("run-2"), "")
    records.start_source("run-2", source_start())
    assert records.list_sources("run-2")[0].camera_place == "样谊路 1 号"


def test_a_zone_file_is_kept_byte_for_byte_and_never_changes(records: Records) -> None:
    furnish(records)
    assert records.zone_geojson("cam01", ZONES.version) == GEOJSON
    with pytest.raises(RecordError, match="zones changed under the same version"):
        records.save_zones(ZONES, GEOJSON + b" ")
    assert records.zone_geojson("cam01", ZONES.version) == GEOJSON
    with pytest.raises(RecordError, match="no such zone version"):
        records.zone_geojson("cam01", "4")


def test_rows_that_belong_to_nothing_are_refused_whole(records: Records) -> None:
    source_id = furnish(records)
    stranger = replace(violation("v-1"), target=replace(violation().target, shop_codes=("BS-9999",)))
    for bad in (
        stranger,
        replace(violation("v-1"), zone_version="99"),
        replace(violation("v-1"), dwell_s=float("nan"), box=BoundingBox(0, 0, float("nan"), 1)),
    ):
        with pytest.raises(RecordError, match="refuses the row"):
            records.save_violation("run-1", source_id, entry(bad))
    with pytest.raises(RecordError, match="no such source"):
        records.save_violation("run-1", 99, entry(violation("v-1")))
    with pytest.raises(RecordError, match="does not belong to this source"):
        records.save_violation("run-2", source_id, entry(violation("v-1")))
    with pytest.raises(RecordError, match="does not belong to this source"):
        records.save_violation("run-1", source_id, entry(replace(violation("v-1"), camera_id="cam02")))
    assert records.list_violations() == ()
    assert records.evidence_files("run-1") == {}
    for call in (
        lambda: records.start_source("run-1", SourceStart("a.mp4", "cam02", CLOCK, None)),
        lambda: records.start_source("run-9", source_start()),
        lambda: records.finish_source(99, RunState.FINISHED),
        lambda: records.finish_run("run-9", RunState.FINISHED, START),
    ):
        with pytest.raises(RecordError):
            call()


def test_several_are_saved_all_or_none(records: Records) -> None:
    source_id = furnish(records)
    good, changed, bad = violation("v-1"), violation("v-1", cleared=True), replace(violation("v-2"), zone_version="99")
    with pytest.raises(RecordError, match="refuses the row"):
        records.save_violations("run-1", source_id, (entry(good), entry(bad)))
    assert records.list_violations() == ()
    records.save_violations("run-1", source_id, (entry(good), entry(violation("v-2")), entry(changed)))
    assert [(row.violation_id, row.open) for row in records.list_violations()] == [("v-1", False), ("v-2", True)]
    assert len(records.violation("v-1").events) == 3
    records.save_violations("run-1", source_id, ())


def test_evidence_rows_of_a_refused_entry_leave_the_old_ones_in_place(records: Records) -> None:
    source_id = furnish(records)
    saved = entry(violation())
    records.save_violation("run-1", source_id, saved)
    twice = replace(saved, evidence=(saved.evidence[0], saved.evidence[0]))
    with pytest.raises(RecordError, match="refuses the row"):
        records.save_violation("run-1", source_id, twice)
    assert records.violation("v-0a1b2c").evidence == saved.evidence


def test_times_without_a_zone_are_refused(records: Records) -> None:
    furnish(records)
    naive = datetime(2024, 1, 31, 9, 42)  # noqa: DTZ001 - the point of the test
    with pytest.raises(RecordError, match="time without a zone"):
        records.finish_run("run-1", RunState.FINISHED, naive)
    with pytest.raises(RecordError, match="time without a zone"):
        records.list_violations(ViolationFilter(since=naive))
    with pytest.raises(RecordError, match="time without a zone"):
        records.start_source("run-1", source_start("b.mp4", clock=SourceClock(naive, ClockSource.GIVEN)))
    assert records.find_run("run-1").state is RunState.RUNNING


def test_times_of_other_zones_are_the_same_times(records: Records) -> None:
    furnish(records)
    end = datetime(2024, 2, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    records.finish_run("run-1", RunState.FINISHED, end)
    stored = records.find_run("run-1").finished_at
    assert stored == end
    assert stored is not None
    assert stored.isoformat() == "2024-02-01T00:00:00.123456+00:00"


def test_contradictions_in_an_entry_are_mistakes_of_the_caller() -> None:
    found = violation()
    with pytest.raises(ValueError, match="missing parts: clip"):
        ViolationEntry(found, (), manifest_sha256="f" * 64, complete=True, missing=("clip",))
    with pytest.raises(ValueError, match="without a manifest"):
        ViolationEntry(found, (), complete=True)
    with pytest.raises(ValueError, match="another violation"):
        ViolationEntry(found, entry(violation("v-other")).events)
    with pytest.raises(ValueError, match="tenants of other shops: BS-0002"):
        ViolationEntry(found, (), tenants=(TOOLS,))
    with pytest.raises(ValueError, match="limit"):
        ViolationFilter(limit=0)


def _start_and_die(url: str, run_id: str) -> None:
    with Records.open(url) as records:
        furnish(records, run_info(run_id))


def test_runs_whose_process_is_gone_are_marked_interrupted(place: Place) -> None:
    child = multiprocessing.get_context("spawn").Process(target=_start_and_die, args=(place.url, "dead"))
    child.start()
    child.join()
    assert child.exitcode == 0
    with Records.open(place.url) as records:
        furnish(records, run_info("alive"))
        furnish(records, run_info("done"))
        records.finish_run("done", RunState.FINISHED, START)
        now = START + timedelta(hours=2)
        assert records.mark_interrupted(now) == ("dead",)
        assert records.mark_interrupted(now) == ()
        states = {run.run_id: (run.state, run.finished_at) for run in records.list_runs()}
        assert states == {"dead": (RunState.INTERRUPTED, now), "alive": (RunState.RUNNING, None), "done": (RunState.FINISHED, START)}
        assert [source.state for source in records.list_sources("dead")] == [RunState.INTERRUPTED]
        assert [source.state for source in records.list_sources("alive")] == [RunState.RUNNING]
        records.start_run(run_info("dead"), "doorline batch --resume")
        assert records.find_run("dead").state is RunState.RUNNING


def test_a_run_that_another_process_runs_is_not_taken_up(place: Place, tmp_path: Path) -> None:
    with Records.open(place.url) as records:
        furnish(records)
        context = multiprocessing.get_context("spawn")
        child = context.Process(target=_try_to_take_up, args=(place.url, tmp_path))
        child.start()
        child.join()
        assert child.exitcode == 0
    assert "the run is still running" in (tmp_path / "first").read_text(encoding="utf-8")
    assert not (tmp_path / "second").exists()


def _try_to_take_up(url: str, folder: Path) -> None:
    with Records.open(url) as records:
        assert records.mark_interrupted(START) == ()
        for name, take_over in (("first", False), ("second", True)):
            try:
                records.start_run(run_info(), "doorline batch --resume", take_over=take_over)
            except RecordError as err:
                (folder / name).write_text(str(err), encoding="utf-8")
