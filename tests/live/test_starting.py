"""Which run a start goes on with, and that nobody else watches the same camera."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipeline.config_files import load_settings
from pipeline.errors import ConfigError
from pipeline.live.request import LiveHooks, LiveRequest
from pipeline.live.starting import alone, start_run
from pipeline.preparing import checked_zones
from pipeline.records import Records, RunState
from pipeline.types import RunInfo
from tests.live.live_office import LiveOffice, live_office

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CAMERA = {"CAM01": "rtsp://127.0.0.1:9/one"}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'doorline.db'}") as opened:
        yield opened


def office(folder: Path, **changes: Any) -> LiveOffice:
    folder.mkdir(exist_ok=True)
    return live_office(folder, CAMERA, **changes)


def started(office: LiveOffice, records: Records) -> RunInfo:
    """A program starts, and ends again."""
    settings = load_settings(office.config)
    numbers = count(len(records.list_runs()))
    hooks = LiveHooks(wall=lambda: NOW, monotonic=lambda: 0.0, new_run_id=lambda: f"run-{next(numbers)}", should_stop=lambda: True)
    request = LiveRequest(settings, office.config.read_text(encoding="utf-8"), f"doorline run --config {office.config}")
    run = start_run(request, records, "m" * 64, checked_zones(settings), hooks)
    records.finish_run(run.run_id, RunState.INTERRUPTED, NOW)
    return run


def test_the_same_command_goes_on_with_the_same_run(tmp_path: Path, records: Records) -> None:
    first = started(office(tmp_path / "a"), records)
    assert first.run_id == "live-run-0"
    assert started(office(tmp_path / "a"), records) == first
    assert len(records.list_runs()) == 1


def test_other_settings_are_another_run(tmp_path: Path, records: Records) -> None:
    started(office(tmp_path / "a"), records)
    changed = office(tmp_path / "a", looks={"interval_s": 2.0})
    assert started(changed, records).run_id == "live-run-1"
    assert started(changed, records).run_id == "live-run-1"


def test_two_programs_that_share_a_database_each_go_on_with_their_own_run(tmp_path: Path, records: Records) -> None:
    one, other = office(tmp_path / "a"), office(tmp_path / "b", looks={"interval_s": 2.0})
    first, second = started(one, records), started(other, records)
    assert first.run_id != second.run_id
    assert started(one, records).run_id == first.run_id
    assert started(other, records).run_id == second.run_id


def test_a_camera_is_watched_by_one_program_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path / "CAM01", "CAM01"):
        with pytest.raises(ConfigError, match="another program watches this camera"), alone(tmp_path / "CAM01", "CAM01"):
            pass
        with alone(tmp_path / "CAM02", "CAM02"):
            pass
    with alone(tmp_path / "CAM01", "CAM01"):
        pass
