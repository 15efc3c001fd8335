"""Zones and shops that are saved while ``doorline run`` runs: when files count as changed, and that the program takes them in by itself."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.config_files import load_settings
from pipeline.errors import ConfigError
from pipeline.live.program import run_live
from pipeline.live.request import LiveHooks, LiveRequest
from pipeline.live.status import LiveStatus
from pipeline.live.watched_files import TRY_AGAIN_EVERY_S, Changed, FileWatch, files_of, marks_of
from pipeline.preparing import checked_zones, save_catalogue, shops_of
from pipeline.records import Records
from pipeline.whole_files import write_aside
from tests.cli.running import doorline
from tests.live.live_camera import live_camera
from tests.live.live_office import LiveOffice, live_office, running
from tests.live.street_film import Film
from tests.streams.servers import free_port

EVERY_S = 3.0


class Watched:
    """A zone file and a shop list, looked at by a clock that a test moves."""

    def __init__(self, folder: Path) -> None:
        self.zones, self.shops = folder / "CAM01.geojson", folder / "shops.csv"
        self.zones.write_bytes(b"zones 1")
        self.shops.write_bytes(b"shops 1")
        self.now_s = 0.0
        self.watch = FileWatch(self.marks(), EVERY_S, lambda: self.now_s)

    def marks(self) -> Any:
        return marks_of((self.zones, self.shops))

    def look(self, times: int = 1) -> list[Changed]:
        """What is found in so many looks."""
        found = []
        for _ in range(times):
            self.now_s += EVERY_S
            changed = self.watch.look()
            found += [changed] if changed else []
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def touch(path: Path, seconds: int = 60) -> None:
    """Another time, the same content."""
    at = path.stat().st_mtime + seconds
    os.utime(path, (at, at))


def test_a_file_that_was_replaced_is_told_once(watched: Watched) -> None:
    assert watched.look(3) == []
    write_aside(watched.zones, b"zones 2")
    assert watched.look(5) == [Changed((watched.zones,))]


def test_nobody_looks_before_it_is_time(watched: Watched) -> None:
    write_aside(watched.zones, b"zones 2")
    assert watched.look() == []
    watched.now_s += EVERY_S / 2
    assert watched.watch.look() is None
    watched.now_s += EVERY_S / 2
    assert watched.watch.look() == Changed((watched.zones,))


def test_a_touched_file_and_one_that_is_saved_as_it_was_cause_nothing(watched: Watched) -> None:
    touch(watched.zones)
    assert watched.look(3) == []
    write_aside(watched.shops, b"shops 1")
    assert watched.look(3) == []


def test_a_change_of_the_same_size_and_time_is_found_by_the_file_that_it_is(watched: Watched) -> None:
    before = watched.zones.stat()
    write_aside(watched.zones, b"zones 2")
    os.utime(watched.zones, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watched.look(2) == [Changed((watched.zones,))]


def test_a_file_that_is_being_written_causes_nothing_before_it_rests(watched: Watched) -> None:
    with watched.zones.open("wb") as file:
        for part in range(4):
            file.write(b"part")
            file.flush()
            os.utime(watched.zones, (1000 + part, 1000 + part))
            assert watched.look() == []
    assert watched.look() == [Changed((watched.zones,))]


def test_what_changes_together_is_told_together(watched: Watched) -> None:
    write_aside(watched.zones, b"zones 2")
    assert watched.look() == []
    write_aside(watched.shops, b"shops 2")
    assert watched.look() == [], "the zones rest, but the shops are on the move: half of a change may well be a fault"
    assert watched.look(3) == [Changed((watched.zones, watched.shops))]


def test_a_deleted_file_is_told_once_and_so_is_its_return(watched: Watched) -> None:
    watched.zones.unlink()
    assert watched.look(4) == [Changed((watched.zones,))]
    watched.zones.write_bytes(b"zones 1")
    assert watched.look(4) == [Changed((watched.zones,))]


def test_a_file_that_is_away_for_a_moment_causes_nothing(watched: Watched) -> None:
    away = watched.zones.with_name("away")
    watched.zones.rename(away)
    assert watched.look() == []
    away.rename(watched.zones)
    assert watched.look(3) == []


def test_a_file_that_nobody_may_read_is_told_and_taken_up_when_one_may(watched: Watched) -> None:
    write_aside(watched.zones, b"zones 2")
    read, touched = watched.zones.read_bytes(), watched.zones.stat()
    watched.zones.unlink()
    watched.zones.mkdir()  # what no account, not even root's, reads as a file
    assert watched.look(3) == [Changed((watched.zones,))]
    watched.zones.rmdir()
    watched.zones.write_bytes(read)
    os.utime(watched.zones, ns=(touched.st_atime_ns, touched.st_mtime_ns))
    assert watched.look(3) == [Changed((watched.zones,))]


def test_what_was_refused_is_tried_again_now_and_then(watched: Watched) -> None:
    write_aside(watched.zones, b"broken")
    assert watched.look(2) == [Changed((watched.zones,))]
    watched.watch.refused()
    looks = round(TRY_AGAIN_EVERY_S / EVERY_S)
    assert watched.look(looks - 1) == []
    assert watched.look() == [Changed(())]
    watched.watch.refused()
    assert watched.look(looks - 1) == []
    watched.watch.taken_in(watched.marks())
    assert watched.look(2 * looks) == []


def test_what_changes_while_it_is_taken_in_is_found(watched: Watched) -> None:
    marks = watched.marks()
    write_aside(watched.zones, b"zones 2")
    watched.watch.taken_in(marks)
    assert watched.look(2) == [Changed((watched.zones,))]


def test_nobody_looks_where_it_is_switched_off(watched: Watched) -> None:
    watched.watch = FileWatch(watched.marks(), 0.0, lambda: watched.now_s)
    write_aside(watched.zones, b"zones 2")
    assert watched.look(5) == []


def test_zones_and_shops_are_looked_at_and_the_configuration_is_not(tmp_path: Path) -> None:
    office = live_office(tmp_path, {"CAM01": "rtsp://127.0.0.1:9/1", "CAM02": "rtsp://127.0.0.1:9/2"})
    files = files_of(load_settings(office.config))
    assert [path.name for path in files] == ["CAM01.geojson", "CAM02.geojson"]
    (tmp_path / "list.csv").write_text("code\n", encoding="utf-8")
    rewrite(office, shops="list.csv")
    assert [path.name for path in files_of(load_settings(office.config))] == ["CAM01.geojson", "CAM02.geojson", "list.csv"]


def test_zones_that_are_replaced_while_they_are_read_are_not_kept_under_a_version_that_is_not_theirs(tmp_path: Path) -> None:
    office = live_office(tmp_path, {"CAM01": "rtsp://127.0.0.1:9/1"})
    settings = load_settings(office.config)
    zones = checked_zones(settings)
    draw(office, "2026.2")
    with Records.open(settings.records.url) as records:
        with pytest.raises(ConfigError, match="replaced while they were read"):
            save_catalogue(records, settings, zones, shops_of(settings, zones))
        assert records.zone_versions("CAM01") == ()
        zones = checked_zones(settings)
        save_catalogue(records, settings, zones, shops_of(settings, zones))
        assert [row.version for row in records.zone_versions("CAM01")] == [zones["CAM01"].version]


# --- the whole program ---------------------------------------------------------------------------------------


def rewrite(office: LiveOffice, **changes: Any) -> None:
    """Sections of the configuration, replaced."""
    config = yaml.safe_load(office.config.read_text(encoding="utf-8"))
    office.config.write_text(yaml.safe_dump(config | changes), encoding="utf-8")


def zones_of(office: LiveOffice, version: str) -> bytes:
    """The zones of CAM01 as another version."""
    zones = json.loads((office.folder / "CAM01.geojson").read_bytes())
    zones["doorline"]["version"] = version
    return json.dumps(zones).encode()


def draw(office: LiveOffice, version: str) -> None:
    """Somebody saves the zones of CAM01 anew."""
    write_aside(office.folder / "CAM01.geojson", zones_of(office, version))


class Inside:
    """The loop of ``doorline run`` in this process: a test goes on each time the loop asks whether to stop."""

    def __init__(self, office: LiveOffice, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.office = office
        self.lines: list[str] = []
        self.status: LiveStatus | None = None
        self._monotonic = monotonic
        self._numbers = count(1)

    def run(self, play: Iterator[Callable[[], bool]]) -> None:
        """Run until the play is over: it gives what it waits for."""
        waits: list[Callable[[], bool]] = []
        deadline_s = time.monotonic() + 60

        def is_over() -> bool:
            assert time.monotonic() < deadline_s, f"waited in vain: {self.lines}"
            if not waits or waits[-1]():
                following = next(play, None)
                if following is None:
                    return True
                waits.append(following)
            return False

        settings = load_settings(self.office.config)
        request = LiveRequest(settings, self.office.config.read_text(encoding="utf-8"), "doorline run")
        hooks = LiveHooks(
            wall=lambda: datetime.now(UTC),
            monotonic=self._monotonic,
            new_run_id=lambda: str(next(self._numbers)),
            should_stop=is_over,
            on_line=self.lines.append,
            on_status=self._note,
        )
        run_live(request, hooks)

    def said(self, text: str, times: int = 1) -> Callable[[], bool]:
        """Waits for a line."""
        return lambda: sum(text in line for line in self.lines) == times

    def turned(self, times: int = 8) -> Callable[[], bool]:
        """Waits until the loop has turned so many times: more than twice as often as it looks at the files."""
        left = count(times, -1)
        return lambda: next(left) <= 0

    @property
    def zone_version(self) -> str:
        assert self.status is not None
        return self.status.cameras[0].zone_version

    def _note(self, status: LiveStatus) -> None:
        self.status = status


def inside(folder: Path, monotonic: Callable[[], float] = time.monotonic, **live: Any) -> Inside:
    """One camera that can't be reached: what is judged is of no matter here."""
    office = live_office(folder, {"CAM01": "http://127.0.0.1:9/none.flv"}, live={"watch_files_s": 0.2, **live})
    return Inside(office, monotonic)


@pytest.mark.long
def test_saved_zones_come_into_force_and_what_is_broken_does_not(tmp_path: Path) -> None:
    program = inside(tmp_path)
    path = tmp_path / "CAM01.geojson"

    def play() -> Iterator[Callable[[], bool]]:
        yield lambda: program.status is not None
        first = program.zone_version

        touch(path)
        yield program.turned()
        assert program.lines == []

        draw(program.office, "2026.2")
        yield lambda: program.zone_version != first
        assert program.zone_version.startswith("2026.2-")
        assert program.lines == [f"changed: {path}", "reloaded: run live-2"]

        good = path.read_bytes()
        write_aside(path, b"{")
        yield program.said("not reloaded, all goes on as before")
        yield program.turned()
        yield lambda: bool(program.status and program.status.refused)
        assert program.zone_version.startswith("2026.2-"), "what was in force still is"
        assert len(program.lines) == 4, "it is said once"
        assert "not valid JSON" in program.lines[3]

        write_aside(path, good)
        yield program.said("reloaded: nothing has changed")
        yield lambda: program.status is not None and program.status.refused == ""

        path.unlink()
        yield program.said("not reloaded, all goes on as before", times=2)
        yield program.turned()
        assert program.zone_version.startswith("2026.2-")
        assert "No such file" in program.lines[-1]

        path.write_bytes(good)
        draw(program.office, "2026.3")
        yield program.said("reloaded: run live-")
        yield lambda: program.zone_version.startswith("2026.3-")

    program.run(play())
    assert [row["state"] for row in program.office.runs()] == ["finished", "finished", "interrupted"], "what was refused left no run"


@pytest.mark.long
def test_a_shop_list_that_was_replaced_comes_into_force(tmp_path: Path) -> None:
    program = inside(tmp_path)
    shops = tmp_path / "list.csv"
    head = b"code,name,address,street,squad,trade,grade,contact,since,until\n"
    write_aside(shops, head + b"S1,before,1 Street,street,squad 1,food,A,,2020-01-01,\n")
    rewrite(program.office, shops="list.csv")

    def play() -> Iterator[Callable[[], bool]]:
        yield lambda: program.status is not None
        write_aside(shops, head + b"S1,after,1 Street,street,squad 1,food,A,,2020-01-01,\n")
        yield program.said("reloaded: run live-2")
        write_aside(shops, head)
        yield program.said("not reloaded, all goes on as before")
        yield program.turned()

    program.run(play())
    assert program.lines[0] == f"changed: {shops}"
    assert len(program.lines) == 4
    assert "no shop in the list" in program.lines[-1]
    with Records.open(load_settings(program.office.config).records.url) as records:
        assert {tenancy.name for tenancy in records.shops.statements("S1")} == {"before", "after"}


@pytest.mark.long
def test_a_camera_that_the_configuration_gained_waits_until_somebody_asks(tmp_path: Path) -> None:
    program = inside(tmp_path)

    def play() -> Iterator[Callable[[], bool]]:
        yield lambda: program.status is not None
        cameras = [{"id": "CAM01", "zones": "CAM01.geojson", "stream": "http://127.0.0.1:9/none.flv", "name": "another name"}]
        rewrite(program.office, cameras=cameras)
        yield program.turned()
        draw(program.office, "2026.2")
        yield program.said("reloaded: run live-2")
        yield program.turned(4)

    program.run(play())
    assert program.status is not None
    assert program.status.cameras[0].name == "", "the settings are those of the start"


@pytest.mark.long
def test_the_program_follows_what_is_saved_without_leaving_the_stream(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as camera:
        health = f"127.0.0.1:{free_port()}"
        office = live_office(tmp_path, {"CAM01": camera.address}, reference=True)
        live = yaml.safe_load(office.config.read_text(encoding="utf-8"))["live"]
        rewrite(office, live=live | {"watch_files_s": 0.5, "health": health})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 3)
            served = camera.connections
            draw(office, "2026.2")
            program.until(lambda: office.observations()[-1].zone_version.startswith("2026.2-"))
            assert camera.connections == served, "the stream was left"
            write_aside(tmp_path / "CAM01.geojson", zones_of(office, "2026.3")[:-20])
            program.until(lambda: "not reloaded, all goes on as before" in program.err)
            looks = office.counting()
            program.until(lambda: office.counting() >= looks + 3)
            assert program.err.count("not reloaded") == 1
            shown = doorline("status", "--config", "doorline.yaml", cwd=tmp_path)
            assert "changed files are not in force" in shown.out, shown
            assert "2026.2" in shown.out, "by which zones the camera is judged"
            assert office.observations()[-1].zone_version.startswith("2026.2-")
            program.process.send_signal(signal.SIGHUP)
            program.until(lambda: program.err.count("not reloaded") == 2)
            assert program.stop() == 0
    assert len(office.runs()) == 2
