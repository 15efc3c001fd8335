"""The log of a live camera: a file per hour and run, found again after crashes and full disks."""

from __future__ import annotations

import gc
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.live.hourly_log import HourlyLog
from pipeline.observations import LogHeader
from pipeline.types import ClockSource, GapReason, Observation, RunInfo, SourceClock

T0 = datetime(2026, 3, 1, 12, 59, 50, tzinfo=UTC)
HEADER = LogHeader(
    camera_id="CAM01",
    source="rtsp://***@10.0.0.1/live",
    clock=SourceClock(T0, ClockSource.RECEIVED),
    timezone="Asia/Shanghai",
    interval_s=2.0,
    zone_version="1-abc",
    model_version="static-1",
    rule_version="rules-0",
    timeline="",
    run=RunInfo("live-1", "0.1.0", "m", "c", "z", "r", T0),
)


def seen(at_s: float) -> Observation:
    """A look so many seconds after T0."""
    return Observation("CAM01", T0 + timedelta(seconds=at_s), at_s, GapReason.NO_FRAME, (), "1-abc", "static-1")


def log(folder: Path, run_id: str = "live-1") -> HourlyLog:
    return HourlyLog(folder, replace(HEADER, run=replace(HEADER.run, run_id=run_id)))


def write(folder: Path, *seconds: float, run_id: str = "live-1") -> None:
    with log(folder, run_id) as written:
        for at_s in seconds:
            written.append(seen(at_s))


def found(folder: Path, start_s: float | None = None) -> list[float]:
    """Seconds of the looks that are found from a time on."""
    start = None if start_s is None else T0 + timedelta(seconds=start_s)
    return [each.media_time_s for each in log(folder).since(start)]


def test_each_hour_and_each_run_has_a_file_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, 0, 9.999999, 10, 3700)
    write(tmp_path, 3702, run_id="live-2")
    names = ["20260301T12-live-1.jsonl", "20260301T13-live-1.jsonl", "20260301T14-live-1.jsonl", "20260301T14-live-2.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert found(tmp_path) == [0, 9.999999, 10, 3700, 3702]


def test_a_restart_goes_on_in_the_same_file(tmp_path: Path) -> None:
    write(tmp_path, 0, 2)
    write(tmp_path, 4)
    assert len(list(tmp_path.iterdir())) == 1
    assert found(tmp_path) == [0, 2, 4]


def test_nothing_was_logged_yet(tmp_path: Path) -> None:
    assert found(tmp_path / "CAM01") == []


@given(st.sets(st.integers(0, 30_000_000), max_size=60), st.floats(-10, 30000), st.floats(0, 20000))
def test_looks_are_found_again_by_time(tmp_path_factory: pytest.TempPathFactory, ms: set[int], start_s: float, length_s: float) -> None:
    folder = tmp_path_factory.mktemp("log")
    rounded = [at_ms / 1000 for at_ms in sorted(ms)]
    write(folder, *rounded)
    start, end = T0 + timedelta(seconds=start_s), T0 + timedelta(seconds=start_s + length_s)
    between = [each.media_time_s for each in log(folder).between(start, end)]
    assert between == [at_s for at_s in rounded if start <= T0 + timedelta(seconds=at_s) <= end]
    assert found(folder, start_s) == [at_s for at_s in rounded if T0 + timedelta(seconds=at_s) >= start]


def test_what_a_run_with_a_clock_put_back_logged_again_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, 3000, 3700)
    write(tmp_path, 100, 3650, 3800, run_id="live-2")
    assert found(tmp_path) == [3000, 3700, 3800]


def test_a_half_written_line_is_cut_off_and_written_over(tmp_path: Path) -> None:
    write(tmp_path, 0, 2)
    (path,) = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(b'{"at": "2026-03-01T12:59')
    assert found(tmp_path) == [0, 2]
    write(tmp_path, 4)
    assert found(tmp_path) == [0, 2, 4]


@pytest.mark.parametrize("left", [0, 1, 30])
def test_a_file_whose_header_is_half_written_stops_no_start(left: int, tmp_path: Path) -> None:
    """The power went when an hour began, and came back in another hour: that file is never opened again."""
    write(tmp_path, 0)
    write(tmp_path, 20)
    torn = tmp_path / "20260301T13-live-1.jsonl"
    torn.write_bytes(torn.read_bytes()[:left])
    write(tmp_path, 3700)
    assert found(tmp_path) == [0, 3700]
    write(tmp_path, 30)
    assert found(tmp_path) == [0, 30, 3700]


def test_of_another_camera_it_is_refused(tmp_path: Path) -> None:
    write(tmp_path, 0)
    other = HourlyLog(tmp_path, replace(HEADER, camera_id="CAM02"))
    with pytest.raises(RecordError, match="another camera"):
        other.append(replace(seen(2), camera_id="CAM02"))


# --- a full disk ---------------------------------------------------------------------------------------------------


@contextmanager
def no_file_longer_than(length: int) -> Iterator[None]:
    """The kernel refuses to write beyond: what a full disk does."""
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("room", [0, 40])
def test_what_the_full_disk_refused_was_not_written_and_the_next_look_is(room: int, tmp_path: Path) -> None:
    written = log(tmp_path)
    written.append(seen(0))
    (path,) = tmp_path.iterdir()
    with no_file_longer_than(path.stat().st_size + room), pytest.raises(RecordError, match="cannot write observation log") as refused:
        written.append(seen(2))
    written.append(seen(4))
    # Whoever still holds the error holds the file that failed: what it could not write must not come out later.
    del refused
    written.append(seen(6))
    written.close()
    assert found(tmp_path) == [0, 4, 6]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a log whose header can't be written stays open
def test_a_full_disk_at_the_hour_loses_looks_and_no_more(tmp_path: Path) -> None:
    written = log(tmp_path)
    written.append(seen(0))
    with no_file_longer_than(20):
        for at_s in (10, 12):
            with pytest.raises(RecordError, match="cannot write observation log"):
                written.append(seen(at_s))
        assert [each.media_time_s for each in written.since(None)] == [0], "what was logged can still be read"
    gc.collect()
    written.append(seen(14))
    written.close()
    assert found(tmp_path) == [0, 14]


def test_a_folder_that_vanished_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "CAM01"
    written = log(folder)
    written.append(seen(0))
    (path,) = folder.iterdir()
    os.unlink(path)  # noqa: PTH108 - as somebody tidies up
    written.append(seen(2))
    written.append(seen(10))
    written.close()
    assert found(folder) == [10]


def test_hours_that_are_long_ago_are_removed_as_a_new_one_begins(tmp_path: Path) -> None:
    hour = 3600.0
    write(tmp_path, 0, 20, 20 + hour, 20 + 2 * hour)
    (tmp_path / "notes.txt").write_text("not ours")
    with HourlyLog(tmp_path, HEADER, keep=timedelta(hours=2)) as written:
        written.append(seen(30 + 2 * hour))
        assert found(tmp_path) == [20, 20 + hour, 20 + 2 * hour, 30 + 2 * hour], "the hour before the first whole one is gone"
        written.append(seen(20 + 4 * hour))
        written.append(seen(22 + 4 * hour))
    assert found(tmp_path) == [20 + 2 * hour, 30 + 2 * hour, 20 + 4 * hour, 22 + 4 * hour]
    assert (tmp_path / "notes.txt").exists()


def test_logs_are_kept_for_good_unless_asked_otherwise(tmp_path: Path) -> None:
    write(tmp_path, 0, 1e7)
    assert found(tmp_path) == [0, 1e7]
