"""Two programs on one database never watch the same camera, wherever they run."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.live.leases import CameraLeases
from pipeline.records import Records
from tests.live.live_camera import live_camera
from tests.live.live_office import live_office, running
from tests.live.street_film import Film
from tests.streams.servers import wait_for


class Clock:
    """Seconds that only a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'doorline.db'}") as opened:
        yield opened


def test_a_camera_of_another_program_is_refused_and_nothing_is_kept_of_the_attempt(records: Records, tmp_path: Path) -> None:
    one, other = (CameraLeases(records, tmp_path / name, Clock()) for name in ("a", "b"))
    one.claim(["CAM01"])
    with pytest.raises(ConfigError, match=r"another program watches this camera; found process \d+ on .* right to it ends 20"):
        other.claim(["CAM01", "CAM02"])
    one.claim(["CAM02"])
    one.close()
    other.claim(["CAM01", "CAM02"])
    other.close()


def test_the_program_that_is_started_in_its_place_does_not_wait(records: Records, tmp_path: Path) -> None:
    CameraLeases(records, tmp_path / "a", Clock()).claim(["CAM01"])
    again = CameraLeases(records, tmp_path / "a", Clock())
    again.claim(["CAM01"])
    again.close()


def test_whoever_was_away_too_long_learns_what_was_taken(records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    away = CameraLeases(records, tmp_path / "a", clock)
    monkeypatch.setattr("pipeline.live.leases._LEASE", timedelta(seconds=-5))
    away.claim(["CAM01", "CAM02"])
    monkeypatch.undo()
    other = CameraLeases(records, tmp_path / "b", Clock())
    other.claim(["CAM02"])
    assert away.lost() == (), "not before it is time to renew"
    clock.now_s = 20.0
    taken: list[str] = []

    def told() -> bool:
        taken.extend(each.camera_id for each in away.lost())
        return bool(taken)

    wait_for(told, 20)
    assert taken == ["CAM02"]
    away.close()
    other.close()


def test_records_that_are_out_of_reach_take_no_camera_away(records: Records, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    leases = CameraLeases(records, tmp_path / "a", clock)
    leases.claim(["CAM01"])
    (tmp_path / "doorline.db").rename(tmp_path / "elsewhere.db")
    records.close()
    for _ in range(3):
        clock.now_s += 20
        until_s = time.monotonic() + 5
        while time.monotonic() < until_s and not caplog.records:
            assert leases.lost() == ()
            time.sleep(0.05)
    assert any("could not be renewed" in record.message for record in caplog.records)


@pytest.mark.long
def test_a_camera_that_another_program_took_is_left_and_the_others_go_on(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as one, live_camera(street) as two:
        office = live_office(tmp_path, {"CAM01": one.address, "CAM02": two.address})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting("CAM01") >= 2 and office.counting("CAM02") >= 2)
            with closing(sqlite3.connect(tmp_path / "out" / "doorline.db", timeout=30)) as database:
                database.execute(
                    "update camera_watches set watcher = 'other', told = 'somebody', leased_until = '2999-01-01 00:00:00.000000'"
                    " where camera_id = 'CAM01'"
                )
                database.commit()
            program.until(lambda: "camera CAM01: not watched any more, it is by somebody" in program.err)
            seen, other = office.counting("CAM01"), office.counting("CAM02")
            program.until(lambda: office.counting("CAM02") >= other + 5)
            assert office.counting("CAM01") <= seen + 1
            assert program.stop() == 0


@pytest.mark.long
def test_a_second_program_with_other_folders_on_the_same_records_is_refused(street: Film, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'shared.db'}"
    with live_camera(street) as camera:
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        one = live_office(tmp_path / "one", {"CAM01": camera.address}, records={"url": database})
        two = live_office(tmp_path / "two", {"CAM01": camera.address}, records={"url": database})
        with running(one) as first, running(two) as second:
            program = first.start()
            program.until(lambda: one.counting() >= 2)
            refused = second.start()
            assert refused.process.wait(60) == 2, refused.err
            (line,) = refused.err.strip().splitlines()
            assert line.startswith("error camera CAM01: another program watches this camera"), line
            assert program.stop() == 0
            after = second.start()
            after.until(lambda: two.counting() >= 2)
            assert after.stop() == 0
