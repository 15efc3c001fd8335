"""A street recorded in many files is judged as if it were one."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg
import pytest

from pipeline.archive.planning import ArchiveRequest, plan_archive
from pipeline.batch import BatchRequest, run_batch
from pipeline.config_files import load_settings
from pipeline.evidence import verify_run
from pipeline.reports import BatchReport
from pipeline.types import Violation
from tests.pipeline_run.conftest import SECONDS, Office, hooks_of, make_office

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
BORDERS_S = (12, 22)


def cut(whole: Path, folder: Path, begin_s: float, end_s: float, *, name_s: float | None = None, suffix: str = ".mp4") -> Path:
    """A piece of the street as a recorder would have named it; key frames come each second."""
    folder.mkdir(exist_ok=True)
    at = START + timedelta(hours=8, seconds=begin_s if name_s is None else name_s)
    path = folder / f"CAM01_{at:%Y%m%d_%H%M%S}{suffix}"
    span = ["-ss", f"{begin_s}", "-i", str(whole), "-t", f"{end_s - begin_s}"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *span, "-c", "copy", str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def whole_clip(street_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street without B-frames: it can be cut at each key frame, and nothing is lost."""
    path = tmp_path_factory.mktemp("whole") / street_clip.name
    coding = ["-c:v", "libx264", "-bf", "0", "-g", "5", "-crf", "18"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", "-i", str(street_clip), *coding, str(path)], check=True)
    return path


@pytest.fixture(scope="module")
def pieces(whole_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street in three files."""
    folder = tmp_path_factory.mktemp("pieces") / "nas"
    for begin_s, end_s in zip((0, *BORDERS_S), (*BORDERS_S, SECONDS), strict=True):
        cut(whole_clip, folder, begin_s, end_s)
    return folder


@pytest.fixture(scope="module")
def undisturbed(pieces: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Where all of it was judged at once."""
    office = make_office(tmp_path_factory.mktemp("undisturbed"))
    office.judge(pieces)
    return office


def found_in(report: BatchReport) -> list[Violation]:
    return [stored.violation for source in report.sources for stored in source.violations]


def logged(office: Office) -> list[dict[str, Any]]:
    """The looks of the only series."""
    (path,) = (office.folder / "out" / "observations" / "run-1").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def comparable(violation: Violation) -> Violation:
    return replace(violation, rule_version="")


@pytest.mark.long
def test_a_dwell_runs_across_the_borders_of_files(whole_clip: Path, pieces: Path, tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    (whole,) = found_in(make_office(tmp_path / "whole").judge(whole_clip))
    office = make_office(tmp_path / "parts")
    report = office.judge(pieces)
    assert report.whole
    (parts,) = found_in(report)
    assert comparable(parts) == comparable(whole)
    assert [len(source.violations) for source in report.sources] == [1, 0, 0], "it belongs to the recording in which it was first seen"
    assert verify_run(office.evidence / "run-1") == ()
    looks = logged(office)
    assert len(looks) == SECONDS
    assert [look["media"] for look in looks] == [float(second) for second in range(SECONDS)]
    assert all("gap" not in look for look in looks)
    assert len(office.rows("sources")) == 3


@pytest.mark.long
def test_a_clip_across_a_border_is_cut_as_if_there_were_none(office: Office, pieces: Path) -> None:
    report = office.judge(pieces)
    (stored,) = report.sources[0].violations
    manifest = json.loads((office.evidence / stored.manifest_path).read_text(encoding="utf-8"))
    assert all("reference" in part for part in stored.missing), "the only part that this camera can't give"
    assert manifest["source"] == min(path.name for path in pieces.iterdir())
    folder = (office.evidence / stored.manifest_path).parent
    longest = 0.0
    for clip in folder.glob("*.mp4"):
        with av.open(str(clip)) as container:
            times = [float(frame.pts * frame.time_base) for frame in container.decode(video=0) if frame.pts is not None and frame.time_base]
        assert times == sorted(set(times))
        steps = [later - earlier for earlier, later in pairwise(times)]
        assert max(steps) < 0.5, f"{clip.name} has a hole"
        longest = max(longest, times[-1])
    assert longest > 10, "from 5 s before it was first seen to 5 s after it was confirmed"


@pytest.mark.long
def test_a_missing_file_is_a_gap_and_a_broken_one_a_line(office: Office, whole_clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nas"
    cut(whole_clip, folder, 0, 14)
    cut(whole_clip, folder, 20, SECONDS)
    text = folder / f"CAM01_{START + timedelta(hours=8, seconds=14):%Y%m%d_%H%M%S}.mp4"
    text.write_text("this is no film", encoding="utf-8")
    report = office.judge(folder)
    assert [source.error is None for source in report.sources] == [False, True, True]
    assert text.name in (report.sources[0].error or "")
    looks = logged(office)
    gaps = [look for look in looks if "gap" in look]
    assert [look["gap"] for look in gaps] == ["no_look"]
    assert len(looks) == SECONDS - 6 + 1
    (found,) = found_in(report)
    assert found.gap_s > 5, "of which nobody knows"
    assert found.dwell_s < 14


@pytest.mark.long
def test_time_that_two_recordings_show_is_looked_at_once(office: Office, whole_clip: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nas"
    cut(whole_clip, folder, 0, 20)
    cut(whole_clip, folder, 15, SECONDS)
    twice = cut(whole_clip, folder, 5, 10)
    report = office.judge(folder)
    assert {Path(source.uri).name: source.state for source in report.sources}[twice.name] == "covered"
    assert [look["media"] for look in logged(office)] == [float(second) for second in range(SECONDS)]
    (found,) = found_in(report)
    assert 26 <= (found.cleared_at or START).timestamp() - START.timestamp() <= 33


@pytest.mark.long
def test_only_the_span_that_was_asked_for_is_judged(office: Office, pieces: Path) -> None:
    settings = load_settings(office.config)
    wanted = ArchiveRequest((str(pieces),), since=START + timedelta(seconds=14), until=START + timedelta(seconds=30))
    plan = plan_archive(settings, wanted)
    assert plan.outside == 1
    assert plan.wanted_s == pytest.approx(16, abs=0.5)
    run_batch(BatchRequest(settings, "", plan), hooks_of())
    looks = logged(office)
    assert looks[0]["at"].startswith("2024-01-31T01:42:31")
    assert looks[-1]["at"].startswith("2024-01-31T01:42:47")


def stop_after(looks: int) -> Callable[[], bool]:
    asked = iter(range(10_000))
    return lambda: next(asked) > looks


@pytest.mark.long
@pytest.mark.parametrize("stopped_after", [5, 13, 19, 30, 41])
def test_a_run_that_was_stopped_anywhere_goes_on_to_the_same_result(
    pieces: Path, undisturbed: Office, office: Office, stopped_after: int
) -> None:
    report = office.judge(pieces, hooks=hooks_of(should_stop=stop_after(stopped_after)))
    assert report.interrupted
    resumed = office.judge(pieces, resume="run-1")
    assert [source.kept for source in resumed.sources] == [stopped_after >= 13, stopped_after >= 24, False]
    assert_same(undisturbed, office)


@pytest.mark.long
def test_what_is_recorded_later_goes_on_from_what_was_judged_before(
    pieces: Path, undisturbed: Office, office: Office, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    kept = []
    for piece in sorted(pieces.iterdir()):
        shutil.copy2(piece, nas)
        report = office.judge(nas)
        assert report.whole
        kept.append([source.kept for source in report.sources])
    assert kept == [[False], [False, False], [True, False, False]], "the last one before is judged again: its end was the end"
    # The record was stored with each day, and its manifest says what it replaces.
    assert_same(undisturbed, office, but={"manifest_sha256"})
    again = office.judge(nas)
    assert [source.state for source in again.sources] == ["kept"] * 3
    assert sum(source.count for source in again.sources) == 1


@pytest.mark.long
def test_a_recording_that_holds_something_else_by_now_is_judged_in_a_run_of_its_own(office: Office, pieces: Path, tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    shutil.copytree(pieces, nas)
    office.judge(nas)
    last = max(nas.iterdir())
    last.write_bytes(last.read_bytes() + b"\0" * 64)
    office.judge(nas, hooks=hooks_of("run-2"))
    assert {row[0] for row in office.rows("runs")} == {"run-1", "run-2"}


def assert_same(first: Office, second: Office, *, but: Collection[str] = ()) -> None:
    """The same violations, events and evidence, by their hashes; nothing half-written."""
    for table in ("violations", "events", "evidence_files"):
        columns = second.columns(table)
        kept = [number for number, name in enumerate(columns) if name not in {"source_id", "recorded_at", *but}]
        rows = [sorted(str([row[number] for number in kept]) for row in office.rows(table)) for office in (first, second)]
        assert rows[0] == rows[1], table
    assert logged(first) == logged(second)
    assert second.partials() == []
    assert verify_run(second.evidence / "run-1") == ()


@pytest.mark.long
def test_a_run_that_is_killed_goes_on_when_it_is_called_again(pieces: Path, undisturbed: Office, office: Office) -> None:
    """By the command line, as somebody would who knows nothing of runs."""
    command = [sys.executable, "-m", "pipeline.cli", "batch", str(pieces), "--config", str(office.config)]
    log = office.folder / "out" / "observations"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until_s = time.monotonic() + 60
        while not any(path.stat().st_size > 2000 for path in log.rglob("*.partial")):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < until_s
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "goes on" in done.stderr
    assert len(office.rows("runs")) == 1
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0
    assert len(office.rows("runs")) == 1
    assert len(office.rows("violations")) == len(undisturbed.rows("violations"))


@pytest.mark.long
def test_two_cameras_in_one_folder_are_two_timelines(office: Office, pieces: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nas"
    shutil.copytree(pieces, folder)
    for path in list(folder.iterdir()):
        shutil.copy(path, folder / path.name.replace("CAM01", "CAM02"))
    config = json.loads((office.folder / "cam01.geojson").read_text(encoding="utf-8"))
    config["doorline"]["camera_id"] = "CAM02"
    (office.folder / "cam02.geojson").write_text(json.dumps(config), encoding="utf-8")
    text = office.config.read_text(encoding="utf-8").replace("cameras:\n", "cameras:\n- id: CAM02\n  zones: cam02.geojson\n")
    office.config.write_text(text, encoding="utf-8")
    report = office.judge(folder)
    assert sorted(violation.camera_id for violation in found_in(report)) == ["CAM01", "CAM02"]
