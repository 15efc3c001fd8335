"""Which logs are read, how far, and what becomes of damaged ones."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config_files import load_settings
from pipeline.coverage_logs import CoverageReport, CoverageRequest, coverage_of
from pipeline.errors import ConfigError
from pipeline.types import ClockSource, GapReason

from .watched_street import Look, at, make_street, steady, write_live, write_log


def asked(config: Path, since_s: float | None = None, until_s: float | None = None, **more: Any) -> CoverageReport:
    since, until = (None if seconds is None else at(seconds) for seconds in (since_s, until_s))
    return coverage_of(CoverageRequest(load_settings(config), since, until, **more))


def observed(report: CoverageReport) -> dict[str, float]:
    return {camera.camera_id: camera.figures.observed_s for camera in report.cameras}


def places(report: CoverageReport) -> dict[str, float]:
    return {place.shop_code or place.name: place.figures.observed_s for place in report.places}


def test_live_logs_over_the_full_hour_and_over_a_restart(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    write_live(tmp_path, "CAM01", steady(3500, 3700), "live-1")
    write_live(tmp_path, "CAM01", steady(3706, 3800), "live-2")
    report = asked(config, 3400, 3900)
    # CAM02 has no look, and comes first: it is the worst.
    assert list(observed(report).items()) == [("CAM02", 0.0), ("CAM01", 300.0)]
    assert report.faults == ()


def test_places_inherit_the_time_of_their_cameras(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    write_live(tmp_path, "CAM01", steady(0, 60))
    write_live(tmp_path, "CAM02", steady(40, 80))
    report = asked(config, 0, 100)
    assert places(report) == {"S1": 80.0, "S2": 40.0, "东段": 60.0, "西段": 40.0}
    assert [place.shop_code or place.name for place in report.places] == ["西段", "S2", "东段", "S1"]
    (shop,) = [place for place in report.places if place.shop_code == "S1"]
    assert (shop.name, shop.cameras, shop.last_seen_at) == ("面馆", ("CAM01", "CAM02"), at(80))


def test_looks_just_outside_the_span_tell_about_its_edges_even_in_another_hour(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    write_live(tmp_path, "CAM01", steady(3599 - 60, 7201 + 60))
    report = asked(config, 3600, 7200, cameras=("CAM01",))
    assert observed(report) == {"CAM01": 3600.0}


def test_months_that_nobody_asked_for_are_not_opened(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    logs = write_live(tmp_path, "CAM01", steady(0, 60))
    (logs / "20230101T00-live-0.jsonl").write_text("nothing that anybody could read\n", encoding="utf-8")
    assert asked(config, 0, 60).faults == ()
    assert len(asked(config, None, 60).faults) == 1


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    logs = write_live(tmp_path, "CAM01", steady(0, 60))
    (path,) = logs.iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    (logs / "20240506T02-live-2.jsonl").touch()
    (logs / "20240506T02-live-3.jsonl").write_bytes(b'{"format": "doorline-obs')
    report = asked(config, 0, 60)
    assert observed(report)["CAM01"] == 58.0
    assert report.faults == ()


def test_a_damaged_log_counts_up_to_its_damage_and_is_named(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    logs = write_live(tmp_path, "CAM01", steady(0, 60))
    (path,) = logs.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:11], b"garbage\n", *lines[12:]]))
    write_live(tmp_path, "CAM01", steady(70, 90), "live-2")
    report = asked(config, 0, 100)
    assert observed(report)["CAM01"] == 18.0 + 20.0
    (fault,) = report.faults
    assert f"{path}:12" in fault


def test_given_logs_instead_of_the_live_ones(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    write_live(tmp_path, "CAM01", steady(1000, 2000))
    logs = tmp_path / "run-1"
    late, early = write_log(logs / "a.jsonl", "CAM01", steady(62, 100)), write_log(logs / "b.jsonl", "CAM01", steady(0, 60))
    write_log(logs / "again.jsonl", "CAM01", steady(0, 60))
    report = asked(config, logs=(logs,))
    assert observed(report) == {"CAM01": 100.0}
    assert (report.since, report.until, report.cameras[0].looks) == (at(0), at(100), 51)
    assert places(report).keys() == {"S1", "东段"}
    assert observed(asked(config, logs=(late, early))) == {"CAM01": 100.0}
    assert observed(asked(config, 0, 50, logs=(late, early), cameras=("CAM02",))) == {"CAM02": 0.0}


def test_a_log_of_which_nobody_knows_when_it_was_is_left_out(tmp_path: Path) -> None:
    config = make_street(tmp_path)
    log = write_log(tmp_path / "a.jsonl", "CAM01", steady(0, 60), clock=ClockSource.UNKNOWN)
    (fault,) = asked(config, 0, 60, logs=(log,)).faults
    assert "nobody knows when" in fault


def test_where_no_log_can_be_read_it_says_why(tmp_path: Path) -> None:
    config, missing = make_street(tmp_path), tmp_path / "none.jsonl"
    with pytest.raises(ConfigError, match=r"no log could be read.*none\.jsonl"):
        asked(config, logs=(missing,))
    assert len(asked(config, 0, 60, logs=(missing,)).faults) == 1


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"cameras": ("CAM07",)}, "no such camera.*CAM07"),
        ({}, "no look in the logs"),
        ({"since_s": 100.0, "until_s": 100.0}, "an empty span"),
    ],
)
def test_what_can_not_be_answered_is_refused(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        asked(make_street(tmp_path), **more)


def test_a_log_of_a_camera_that_is_not_configured_is_refused(tmp_path: Path) -> None:
    log = write_log(tmp_path / "a.jsonl", "CAM09", steady(0, 60))
    with pytest.raises(ConfigError, match=r"a\.jsonl.*CAM09"):
        asked(make_street(tmp_path), logs=(log,))


def test_enforcement_hours_have_a_share_of_their_own(tmp_path: Path) -> None:
    config = make_street(tmp_path, enforcement_hours=[["10:01", "11:00"]])
    write_live(tmp_path, "CAM01", steady(0, 90))
    (camera,) = asked(config, 0, 120, cameras=("CAM01",)).cameras
    assert (camera.figures.share, camera.figures.enforced_share) == (0.75, 0.5)


@given(
    st.dictionaries(st.integers(0, 200), st.none() | st.sampled_from(GapReason), min_size=3, max_size=40),
    st.sets(st.integers(1, 200), max_size=4),
)
@settings(max_examples=25, deadline=timedelta(seconds=5))
def test_how_a_log_is_cut_into_files_changes_nothing(seen: dict[int, GapReason | None], cuts: set[int]) -> None:
    looks: list[Look] = sorted((float(seconds), gap) for seconds, gap in seen.items())
    edges = [0, *sorted(cuts), 201]
    with tempfile.TemporaryDirectory() as folder:
        config = make_street(Path(folder))
        whole = write_log(Path(folder) / "whole.jsonl", "CAM01", looks)
        parts = [
            write_log(Path(folder) / f"part-{number}.jsonl", "CAM01", [look for look in looks if start <= look[0] < end])
            for number, (start, end) in enumerate(pairwise(edges))
        ]
        one, many = (asked(config, 0, 200, logs=tuple(logs)) for logs in ([whole], reversed(parts)))
    assert [(camera.gaps, camera.figures, camera.looks) for camera in one.cameras] == [
        (camera.gaps, camera.figures, camera.looks) for camera in many.cameras
    ]
    assert one.places == many.places
