"""The observation log: exact round trips, crashes, damage, and judging again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.observations import (
    LogHeader,
    ObservationLog,
    event_from_json,
    event_to_json,
    read_log,
    violation_from_json,
    violation_to_json,
)
from pipeline.rules import replay
from pipeline.types import (
    BoundingBox,
    Certainty,
    ClockSource,
    Detection,
    DetectionSource,
    GapReason,
    Observation,
    Phase,
    Role,
    RunInfo,
    SourceClock,
    Target,
    TargetKind,
    Violation,
    ViolationEvent,
    ViolationKind,
)
from tests.rules.street import T0, bag, box, engine, looks, person, run, thing

HEADER = LogHeader(
    camera_id="cam-1",
    source="CAM01_20240506_100000.mp4",
    clock=SourceClock(T0, ClockSource.FILE_NAME),
    timezone="Asia/Shanghai",
    interval_s=2.0,
    zone_version="v1-abc",
    model_version="yolo-1+static-1",
    rule_version="rules-0",
    timeline="",
    run=RunInfo("run-1", "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, T0),
)

times = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
numbers = st.floats(0, 1, allow_subnormal=True)
boxes = st.builds(BoundingBox, numbers, numbers, numbers, numbers)
labels = st.text(min_size=1, max_size=12)
detections = st.builds(
    Detection,
    labels,
    st.sampled_from(Role),
    numbers,
    boxes,
    st.sampled_from(DetectionSource),
    st.sampled_from(Certainty),
    st.none() | times,
    st.lists(numbers, max_size=8).map(tuple),
)


@st.composite
def series(draw: st.DrawFn) -> list[Observation]:
    """Observations of one camera in rising time, gaps among them."""
    moments = sorted(draw(st.sets(times, max_size=6)))
    found = []
    for moment in moments:
        gap = draw(st.none() | st.sampled_from(GapReason))
        seen = tuple(draw(st.lists(detections, max_size=3))) if gap is None else ()
        found.append(Observation("cam-1", moment, draw(st.floats(0, 1e6)), gap, seen, draw(labels), draw(labels)))
    return found


violations = st.builds(
    Violation,
    violation_id=labels,
    kind=st.sampled_from(ViolationKind),
    camera_id=labels,
    target=st.builds(Target, st.sampled_from(TargetKind), st.lists(labels, max_size=3).map(tuple), labels),
    labels=st.lists(labels, max_size=3).map(tuple),
    box=boxes,
    things=st.lists(boxes, max_size=3).map(tuple),
    first_seen_at=times,
    warned_at=st.none() | times,
    confirmed_at=st.none() | times,
    last_seen_at=times,
    cleared_at=st.none() | times,
    dwell_s=st.floats(0, 1e6),
    gap_s=st.floats(0, 1e6),
    peak_at=times,
)


def write(path: Path, observations: list[Observation]) -> Path:
    with ObservationLog(path, HEADER) as log:
        for observation in observations:
            log.append(observation)
    return path


@given(series())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_read_is_exactly_what_was_seen(tmp_path: Path, observations: list[Observation]) -> None:
    logged = read_log(write(tmp_path / "log.jsonl", observations))
    assert logged.header == HEADER
    assert not logged.torn
    assert list(logged.observations()) == observations
    assert list(logged.observations()) == observations, "a log can be read again"


@given(violations, st.sampled_from(Phase), times)
@settings(max_examples=60, deadline=None)
def test_violations_and_events_round_trip(violation: Violation, phase: Phase, at: datetime) -> None:
    event = ViolationEvent(phase, at, violation)
    assert violation_from_json(violation_to_json(violation)) == violation
    assert event_from_json(event_to_json(event)) == event
    assert event_to_json(event_from_json(event_to_json(event))) == event_to_json(event)
    assert "\n" not in event_to_json(event)


def test_judging_a_log_again_gives_byte_identical_violations(tmp_path: Path) -> None:
    passing = [person(box(0.3, 0.62, 0.08, 0.3), (float(s), s + 2.0)) for s in range(5, 200, 11)]
    crates = [thing(box(0.14 + 0.028 * n, 0.6, 0.02, 0.04), (2.0 * n, 150.0 + 5 * n)) for n in range(12)]
    observations = looks([*crates, *passing, bag(box(0.7, 0.9), (33, 400), since=20)], 300, every_s=0.7, gaps=[(90, 96)])
    judge = engine()
    live = [event_to_json(event) for event in [*run(judge, observations), *judge.finish(observations[-1].captured_at)]]
    logged = read_log(write(tmp_path / "log.jsonl", observations))
    again = [event_to_json(event) for event in replay(logged.observations(), engine())]
    assert len(live) > 10
    assert again == live


def test_file_has_its_name_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "log.jsonl"
    log = ObservationLog(path, HEADER)
    log.append(looks([], 0)[0])
    assert not path.exists()
    assert path.with_name("log.jsonl.partial").exists()
    log.close()
    log.close()
    assert path.exists()
    assert not path.with_name("log.jsonl.partial").exists()


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with ObservationLog(tmp_path / "log.jsonl", HEADER) as log:
            log.append(looks([], 0)[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_span_can_be_read_back_while_writing_and_after(tmp_path: Path) -> None:
    observations = looks([thing(box(0.3, 0.55), (0, 1e6))], 400)
    log = ObservationLog(tmp_path / "log.jsonl", HEADER)
    assert log.between(T0, T0 + timedelta(days=1)) == ()
    for observation in observations:
        log.append(observation)
    for start, end in ((0, 0), (63, 65), (100, 230), (390, 999), (-5, 2)):
        wanted = tuple(item for number, item in enumerate(observations) if start <= number <= end)
        assert log.between(T0 + timedelta(seconds=start), T0 + timedelta(seconds=end)) == wanted
    log.close()
    assert log.between(T0, T0 + timedelta(seconds=3)) == tuple(observations[:4])


def test_live_log_goes_on_after_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    observations = looks([thing(box(0.3, 0.55), (0, 1e6))], 200)
    with ObservationLog(path, HEADER, append=True, sync_every_s=5) as log:
        for observation in observations[:150]:
            log.append(observation)
    with path.open("ab") as file:
        file.write(b'{"at":"2024-05-06T02:0')
    crashed = read_log(path)
    assert crashed.torn
    assert list(crashed.observations()) == observations[:150]
    with ObservationLog(path, HEADER, append=True) as log:
        for observation in observations[150:]:
            log.append(observation)
        assert log.between(T0 + timedelta(seconds=140), T0 + timedelta(seconds=160)) == tuple(observations[140:161])
    assert not read_log(path).torn
    assert list(read_log(path).observations()) == observations


def test_live_log_whose_header_was_cut_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    path.write_bytes(b'{"format":"door')
    with ObservationLog(path, HEADER, append=True) as log:
        log.append(looks([], 0)[0])
    assert read_log(path).header == HEADER
    assert len(list(read_log(path).observations())) == 1


def test_live_log_of_another_camera_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "live.jsonl", looks([], 1))
    with pytest.raises(RecordError, match="cam-2"):
        ObservationLog(path, replace(HEADER, camera_id="cam-2"), append=True)


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda line: line.replace(b'"media"', b'"medio"'), "'media'"),
        (lambda line: line[:40] + b"\n", "JSONDecodeError"),
        (lambda line: b"\x00" * 20 + b"\n", "log.jsonl:3"),
        (lambda line: line.replace(b'"goods"', b'"good"'), "good"),
        (lambda line: line.replace(b'"seen"', b'"saw"'), "either 'gap' or 'seen'"),
        (lambda line: line.replace(b"0.9,", b"NaN,"), "NaN"),
        (lambda line: line.replace(b"+00:00", b""), "no time zone"),
        (lambda line: line.replace(b"2024", b"2023"), "out of order"),
        (lambda line: b"[]\n", "log.jsonl:3"),
    ],
)
def test_damage_is_an_error_with_file_and_line(tmp_path: Path, damage: object, complaint: str) -> None:
    path = write(tmp_path / "log.jsonl", looks([thing(box(0.3, 0.55), (0, 9))], 4))
    lines = path.read_bytes().splitlines(keepends=True)
    assert callable(damage)
    lines[2] = damage(lines[2])
    path.write_bytes(b"".join(lines))
    logged = read_log(path)
    with pytest.raises(RecordError) as caught:
        list(logged.observations())
    assert f"{path}:3" in str(caught.value)
    assert complaint in str(caught.value)


def test_other_files_are_no_logs(tmp_path: Path) -> None:
    for name, content in {
        "empty": b"",
        "text": b"hello\n",
        "other": b'{"format":"doorline-observations-0"}\n',
        "torn": b'{"format"',
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(RecordError, match=name):
            read_log(path)
    with pytest.raises(RecordError, match="cannot read"):
        read_log(tmp_path / "missing")


def test_order_and_camera_are_checked_when_writing(tmp_path: Path) -> None:
    first, second = looks([], 1)
    with ObservationLog(tmp_path / "log.jsonl", HEADER) as log:
        log.append(second)
        with pytest.raises(RecordError, match="out of order"):
            log.append(first)
        with pytest.raises(RecordError, match="another camera"):
            log.append(replace(first, camera_id="cam-2"))


def test_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordError, match="cannot write observation log"):
        ObservationLog(tmp_path / "file" / "log.jsonl", HEADER)


def test_text_that_is_no_violation_is_refused() -> None:
    with pytest.raises(RecordError):
        violation_from_json('{"kind":"beyond_shopfront"}')
    with pytest.raises(RecordError):
        event_from_json("nonsense")
