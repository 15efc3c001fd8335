"""The health page: what it says of a program that works, one that is stuck, and one that has not begun."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.asking_health import told_program
from pipeline.errors import ConfigError
from pipeline.live.health import HealthBoard, health_page
from pipeline.live.status import CameraStatus, LiveStatus, worst_first

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def camera(name: str, *, age_s: float | None = 1.0, fault: str = "", gaps: tuple[tuple[str, int], ...] = ()) -> CameraStatus:
    return CameraStatus(
        camera_id=name,
        name=f"street {name}",
        elsewhere=False,
        state="watched" if not fault else "waiting",
        fault=fault,
        last_result_at=None if age_s is None else NOW - timedelta(seconds=age_s),
        result_age_s=age_s,
        interval_s=2.0,
        looks=100,
        gaps=gaps,
        gap="",
        dropped=3,
        reconnections=1,
        decoded=97,
        damaged=2,
        clock_jumps=0,
        stream_bytes=10_000,
        ring_bytes=5_000,
        ring_s=45.0,
        open_violations=2,
        evidence_waiting=1,
    )


def status(*cameras: CameraStatus, delays_s: tuple[float, ...] = (0.1, 0.2, 0.3)) -> LiveStatus:
    return LiveStatus(
        run_id="live-1",
        at=NOW,
        started_at=NOW - timedelta(hours=1),
        cameras=cameras,
        waiting=1,
        stretch=1.25,
        delays_s=delays_s,
        detect_s=12.5,
        rule_s=0.5,
        disk_free_bytes=5 * 2**30,
        disk="low",
        clock_parted=False,
    )


class Program:
    """A board with a clock, and its page."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.board = HealthBoard(lambda: self.now_s)
        self.address = ""

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:  # noqa: S310  # our own page
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as err:
            with err:
                return err.code, err.read().decode()


@pytest.fixture
def program() -> Iterator[Program]:
    made = Program()
    with health_page("127.0.0.1:0", made.board) as made.address:
        yield made


def test_a_program_that_works_is_well_and_ready(program: Program) -> None:
    program.board.post(status(camera("A"), camera("B", age_s=None, fault="no route")))
    assert program.get("/healthz") == (200, "ok\n")
    assert program.get("/readyz") == (200, "1 of 2 cameras watched\n")


def test_a_program_that_has_not_begun_is_well_but_not_ready(program: Program) -> None:
    assert program.get("/healthz")[0] == 200
    assert program.get("/readyz") == (503, "starting\n")
    assert json.loads(program.get("/status")[1]) == {"cameras": []}


def test_cameras_that_are_away_make_it_unready_not_unwell(program: Program) -> None:
    program.board.post(status(camera("A", age_s=300)))
    assert program.get("/healthz")[0] == 200
    assert program.get("/readyz") == (503, "0 of 1 cameras watched\n")


def test_a_loop_that_does_not_turn_is_neither(program: Program) -> None:
    program.board.post(status(camera("A")))
    program.now_s = 31
    for path in ("/healthz", "/readyz"):
        assert program.get(path) == (503, "the loop has not turned for 31 s\n")


def test_metrics_are_what_prometheus_reads(program: Program) -> None:
    program.board.post(status(camera("A", gaps=(("no_frame", 7), ("dark", 1))), camera("B", age_s=None)))
    code, text = program.get("/metrics")
    assert code == 200
    samples = {(s.name, *sorted(s.labels.values())): s.value for family in text_string_to_metric_families(text) for s in family.samples}
    assert samples["doorline_cameras",] == 2
    assert samples["doorline_cameras_watched",] == 1
    assert samples["doorline_camera_last_result_age_seconds", "A"] == 1
    assert ("doorline_camera_last_result_age_seconds", "B") not in samples
    assert samples["doorline_camera_gaps_total", "A", "no_frame"] == 7
    assert samples["doorline_camera_looks_total", "A"] == 100
    assert samples["doorline_look_stretch",] == 1.25
    assert samples["doorline_look_delay_seconds", "0.5"] == pytest.approx(0.2)
    assert samples["doorline_disk_free_bytes",] == 5 * 2**30
    assert samples["doorline_changes_refused",] == 0


def test_what_was_refused_is_told_to_people_and_to_prometheus(program: Program) -> None:
    program.board.post(replace(status(replace(camera("A"), zone_version="7-abc")), refused="a.geojson: not valid JSON"))
    assert "doorline_changes_refused 1.0" in program.get("/metrics")[1]
    values = json.loads(program.get("/status")[1])
    assert (values["refused"], values["cameras"][0]["zone_version"]) == ("a.geojson: not valid JSON", "7-abc")
    told = told_program(values, "here")
    assert (told.refused, told.cameras["A"].zone_version) == ("a.geojson: not valid JSON", "7-abc")


def test_status_is_json_with_every_camera(program: Program) -> None:
    program.board.post(status(camera("A", gaps=(("dark", 1),))))
    values = json.loads(program.get("/status")[1])
    assert values["run_id"] == "live-1"
    assert values["delay_s"]["p95"] == pytest.approx(0.29, abs=0.01)
    assert values["cameras"][0]["gaps"] == {"dark": 1}
    assert values["cameras"][0]["watched"] is True


def test_other_pages_are_not_there(program: Program) -> None:
    assert program.get("/etc/passwd")[0] == 404


def test_a_page_that_cannot_be_served_is_refused(program: Program) -> None:
    taken = program.address.removeprefix("http://")
    with pytest.raises(ConfigError, match="cannot serve the health page"), health_page(taken, program.board):
        pass


def test_who_needs_somebody_comes_first() -> None:
    cameras = [camera("A"), camera("B", age_s=None), camera("C", age_s=500, fault="refused")]
    assert [each.camera_id for each in worst_first(cameras)] == ["C", "B", "A"]


@pytest.mark.parametrize(("delays", "p95"), [((), None), ((0.4,), 0.4), (tuple(n / 100 for n in range(101)), 0.95)])
def test_delays(delays: tuple[float, ...], p95: float | None) -> None:
    found = status(delays_s=delays).delay_s(0.95)
    assert found == (None if p95 is None else pytest.approx(p95, abs=0.011))
