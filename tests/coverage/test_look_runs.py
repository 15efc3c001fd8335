"""Looks of live logs as runs: the same coverage as look by look, read on from where a log ended, whatever becomes of the logs."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config_files import load_settings
from pipeline.coverage import CoverageFold, LookRun, Span
from pipeline.coverage_logs import CoverageRequest, coverage_of, live_coverage
from pipeline.errors import RecordError
from pipeline.json_values import from_line, look_from_data, look_from_line, observation_to_data, to_line
from pipeline.look_runs import LookLogs, told_time
from pipeline.types import BoundingBox, Certainty, Detection, DetectionSource, GapReason, Observation, Role

from .watched_street import T0, at, make_street, steady, write_live

LONGEST_S = 10.0
LONGEST = timedelta(seconds=LONGEST_S)
GAPS = st.sampled_from([None, None, None, GapReason.DARK, GapReason.NO_FRAME])


def logs_of(folder: Path, **more: int) -> LookLogs:
    return LookLogs(folder / "out" / "observations" / "live", LONGEST_S, **more)


def folded(runs: tuple[LookRun, ...], span: Span) -> object:
    fold = CoverageFold(LONGEST_S, span.since, span.until)
    for run in runs:
        fold.add_run(run)
    return comparable(fold, span)


def comparable(fold: CoverageFold, span: Span) -> object:
    found = fold.coverage("CAM01", span)
    return found.looks, found.counted, found.last_seen_at, dict(found.gaps), found.figures, list(found.observed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from([1.0, 2.0, 2.0, 9.9, 10.0, 10.1, 700.0, 2000.0]), GAPS), min_size=1, max_size=60),
    edges=st.tuples(st.integers(0, 20), st.integers(1, 30)),
)
def test_runs_tell_what_all_the_looks_tell(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, GapReason | None]], edges: tuple[int, int]
) -> None:
    """Of a span that begins and ends at quarters of an hour."""
    folder = tmp_path_factory.mktemp("logs")
    seconds, looks = 0.0, []
    for step_s, gap in steps:
        seconds += step_s
        looks.append((seconds, gap))
    write_live(folder, "CAM01", looks)
    span = Span(T0 + timedelta(minutes=15 * edges[0]), T0 + timedelta(minutes=15 * (edges[0] + edges[1])), ZoneInfo("Asia/Shanghai"))
    fold = CoverageFold(LONGEST_S, span.since, span.until)
    for at_s, gap in looks:
        fold.add(at(at_s), gap)
    runs = logs_of(folder).of("CAM01", span.since, span.until).runs
    assert folded(runs, span) == comparable(fold, span)
    seconds_of: Counter[GapReason | None] = Counter()
    for start, end, reason in told_time(runs, span.since, span.until, LONGEST):
        seconds_of[reason] += round((end - start).total_seconds() * 1e6)
    found = fold.coverage("CAM01", span)
    assert seconds_of.pop(None, 0) == round(found.figures.observed_s * 1e6)
    assert {reason: ticks / 1e6 for reason, ticks in seconds_of.items()} == dict(found.gaps)


def test_told_time_is_all_the_time_in_one_piece() -> None:
    looks = [LookRun(at(10), at(20), 6, None), LookRun(at(22), at(30), 5, GapReason.DARK), LookRun(at(80), at(90), 6, None)]
    told = told_time(looks, at(0), at(100), LONGEST)
    assert told == (
        (at(0), at(10), GapReason.NO_LOOK),
        (at(10), at(20), None),
        (at(20), at(30), GapReason.DARK),
        (at(30), at(80), GapReason.NO_LOOK),
        (at(80), at(90), None),
        (at(90), at(100), GapReason.NO_LOOK),
    )
    assert told_time([], at(0), at(100), LONGEST) == ((at(0), at(100), GapReason.NO_LOOK),)


def test_the_report_is_that_of_the_command(tmp_path: Path) -> None:
    config = make_street(tmp_path, enforcement_hours=[["10:00", "11:00"]])
    write_live(tmp_path, "CAM01", [*steady(0, 1000), *steady(1020, 4000)])
    write_live(tmp_path, "CAM02", [(seconds, GapReason.DARK if 100 < seconds < 200 else None) for seconds, _ in steady(0, 500)])
    loaded = load_settings(config)
    told: list[int] = []
    report = live_coverage(loaded, loaded.cameras, logs_of(tmp_path), (at(0), at(7200)), None, told.append)
    command = coverage_of(CoverageRequest(loaded, at(0), at(7200)))
    assert [(each.camera_id, each.figures, each.gaps, each.looks) for each in report.cameras] == [
        (each.camera_id, each.figures, each.gaps, each.looks) for each in command.cameras
    ]
    assert [(each.shop_code, each.cameras, each.figures) for each in report.places] == [
        (each.shop_code, each.cameras, each.figures) for each in command.places
    ]
    assert told == [1, 2]
    assert dict(report.enforced_gaps["CAM01"]) == {GapReason.NO_LOOK: 20.0}, "of the first hour alone: the second is none of theirs"
    (first,) = (each.figures for each in report.cameras if each.camera_id == "CAM01")
    assert (first.enforced_longest_s, first.enforced_longest_since) == (20.0, at(1000))
    assert first.longest_unobserved_s == 3200.0


def test_zones_that_are_refused_are_a_fault_and_the_rest_is_counted(tmp_path: Path) -> None:
    loaded = load_settings(make_street(tmp_path))
    write_live(tmp_path, "CAM01", steady(0, 100))
    (tmp_path / "CAM02.geojson").write_text("{")
    report = live_coverage(loaded, loaded.cameras, logs_of(tmp_path), (at(0), at(100)), None)
    assert len(report.faults) == 1
    assert {each.camera_id: each.figures.observed_s for each in report.cameras} == {"CAM01": 100.0, "CAM02": 0.0}
    assert {each.cameras for each in report.places} == {("CAM01",)}


# --- logs that change -------------------------------------------------------------------------------------------


def looks_in(logs: LookLogs, until_s: float = 7200) -> int:
    return sum(run.looks for run in logs.of("CAM01", at(0), at(until_s)).runs)


def test_a_log_that_grows_is_read_on(tmp_path: Path) -> None:
    logs = logs_of(tmp_path)
    assert not logs.exist
    assert looks_in(logs) == 0
    (path,) = write_live(tmp_path, "CAM01", steady(0, 100)).iterdir()
    assert logs.exist
    assert looks_in(logs) == 51
    size = path.stat().st_size
    path.write_bytes(b"x" * size)
    assert looks_in(logs) == 51, "what was read is not read again"


def test_each_part_of_a_log_is_told_as_soon_as_it_is_whole(tmp_path: Path) -> None:
    (path,) = write_live(tmp_path, "CAM01", steady(0, 20)).iterdir()
    whole = path.read_bytes()
    logs = logs_of(tmp_path)
    path.write_bytes(b"")
    for end in range(0, len(whole) + 1, 37):
        path.write_bytes(whole[:end])
        assert looks_in(logs) == max(0, whole[:end].count(b"\n") - 1)
    path.write_bytes(whole)
    assert looks_in(logs) == 11


def test_a_log_that_was_cut_off_is_read_anew(tmp_path: Path) -> None:
    (path,) = write_live(tmp_path, "CAM01", steady(0, 100)).iterdir()
    logs = logs_of(tmp_path)
    assert looks_in(logs) == 51
    os.truncate(path, path.stat().st_size // 2)
    assert looks_in(logs) < 30


def test_a_log_that_is_removed_is_gone(tmp_path: Path) -> None:
    (path,) = write_live(tmp_path, "CAM01", steady(0, 100)).iterdir()
    logs = logs_of(tmp_path)
    assert looks_in(logs) == 51
    path.unlink()
    assert looks_in(logs) == 0


def test_damage_is_told_and_what_comes_before_it_counts(tmp_path: Path) -> None:
    (path,) = write_live(tmp_path, "CAM01", steady(0, 100)).iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:11], b"garbage\n", *lines[12:]]))
    found = logs_of(tmp_path).of("CAM01", at(0), at(100))
    assert sum(run.looks for run in found.runs) == 10
    (fault,) = found.faults
    assert f"{path}:12" in fault
    path.write_bytes(b"".join([*lines[:11], lines[5], *lines[12:]]))
    (fault,) = logs_of(tmp_path).of("CAM01", at(0), at(100)).faults
    assert "out of order" in fault


def test_where_two_programs_looked_the_first_is_believed_to_the_very_look(tmp_path: Path) -> None:
    write_live(tmp_path, "CAM01", steady(0, 100), "live-1")
    write_live(tmp_path, "CAM01", [(seconds, GapReason.DARK) for seconds, _ in steady(61, 141)], "live-2")
    runs = logs_of(tmp_path).of("CAM01", at(0), at(200)).runs
    assert [(run.first, run.last, run.looks, run.gap) for run in runs] == [
        (at(0), at(100), 51, None),
        (at(101), at(141), 21, GapReason.DARK),
    ]
    assert all(run.last <= at(100) for run in logs_of(tmp_path).of("CAM01", at(0), at(200)).runs[:1])


def test_what_nobody_asked_for_lately_is_forgotten_and_read_anew(tmp_path: Path) -> None:
    write_live(tmp_path, "CAM01", steady(0, 2 * 3600, 60.0))
    logs = logs_of(tmp_path, most_runs=10)
    assert looks_in(logs) == 121
    assert len(logs._logs) == 1
    assert looks_in(logs) == 121


# --- lines ------------------------------------------------------------------------------------------------------


DETECTIONS = st.builds(
    Detection,
    label=st.sampled_from(["crate", "cardboard box", "箱", 'a "quoted" one']),
    role=st.sampled_from(Role),
    confidence=st.floats(0, 1),
    box=st.just(BoundingBox(0.1, 0.2, 1 / 3, 1e-7 + 0.5)),
    source=st.sampled_from(DetectionSource),
    certainty=st.sampled_from(Certainty),
    standing_since=st.none() | st.just(datetime(2024, 1, 1, tzinfo=UTC)),
)


def line_of(seen: Observation) -> bytes:
    return to_line(observation_to_data(seen)).encode() + b"\n"


@given(gap=GAPS, found=st.lists(DETECTIONS, max_size=4), micros=st.integers(0, 10**6 - 1), media=st.floats(0, 1e6))
def test_a_line_is_read_as_it_was_written(gap: GapReason | None, found: list[Detection], micros: int, media: float) -> None:
    moment = T0 + timedelta(microseconds=micros)
    line = line_of(Observation("CAM01", moment, media, gap, () if gap else tuple(found), "v1", "yolo+static/3"))
    assert look_from_line("x", line) == (moment, gap) == from_line("x", line, look_from_data)


@given(
    place=st.integers(0, 400),
    put=st.sampled_from([b"", b"x", b'"', b"}", b"\x00", b"\xff", b"[", b",", b"0", b"\n", b"-", b"e"]),
    found=st.booleans(),
)
def test_a_line_that_was_damaged_is_judged_as_the_whole_reader_does(place: int, put: bytes, found: bool) -> None:
    crate = Detection("crate", Role.GOODS, 0.5, BoundingBox(0.1, 0.2, 0.3, 0.4), DetectionSource.YOLO, Certainty.SURE, None)
    whole = line_of(Observation("CAM01", T0, 1.5, None if found else GapReason.DARK, (crate,) * found, "v1", "m"))
    place %= len(whole)
    damaged = whole[:place] + put + whole[place + 1 :]
    try:
        wanted: object = from_line("x", damaged, look_from_data)
    except RecordError:
        wanted = RecordError
    try:
        got: object = look_from_line("x", damaged)
    except RecordError:
        got = RecordError
    assert got == wanted


def test_a_log_that_is_new_is_found_however_often_its_folder_was_listed(tmp_path: Path) -> None:
    write_live(tmp_path, "CAM01", steady(0, 10))
    logs = logs_of(tmp_path)
    assert [looks_in(logs) for _ in range(4)] == [6] * 4
    write_live(tmp_path, "CAM01", steady(3600, 3610))
    assert looks_in(logs) == 12
