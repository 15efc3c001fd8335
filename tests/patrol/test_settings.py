"""Who is toured, as the configuration says, and what it must not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.config import DoorlineSettings, PatrolMode
from pipeline.live.patrolled import PatrolledCamera, patrolled_cameras
from tests.rules.street import T0, shop_list, street

MODES = {"a": None, "b": "always", "c": "toured", "d": "off"}


def settings(patrol: dict[str, Any], modes: dict[str, str | None], **more: Any) -> DoorlineSettings:
    cameras = [
        {"id": name, "zones": "z.geojson", "stream": f"rtsp://10.0.0.1/{name}"} | ({"patrol": mode} if mode else {})
        for name, mode in modes.items()
    ]
    return DoorlineSettings.model_validate({"cameras": cameras, "patrol": patrol, **more})


def test_cameras_are_toured_where_there_are_slots_and_always_watched_where_there_are_none() -> None:
    with_slots = settings({"slots": 2}, MODES)
    assert [with_slots.patrol_of(camera).value for camera in with_slots.cameras] == ["toured", "always", "toured", "off"]
    without = settings({}, {"a": None, "b": "always", "d": "off"})
    assert [without.patrol_of(camera).value for camera in without.cameras] == ["always", "always", "off"]


@pytest.mark.parametrize(
    ("patrol", "more", "message"),
    [
        ({"slots": 0}, {}, "camera c: toured, but patrol.slots is 0"),
        ({"slots": 1, "stay_s": 3}, {"looks": {"interval_s": 2.0}}, "gives camera a no two looks"),
        ({"slots": 1}, {"rules": {"overrides": [{"cameras": ["c", "q"], "longest_gap_s": 1800}]}}, "no such camera: q"),
        ({"slots": 1, "grade_weights": {"A": 0}}, {}, "greater than or equal to 0.1"),
        ({"slots": 1, "quiet_hours": [["22:00", "25:00"]]}, {}, "local time of day"),
    ],
)
def test_what_could_never_work_is_refused(patrol: dict[str, Any], more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(patrol, MODES, **more)


def test_grades_history_and_targets_of_cameras() -> None:
    given = settings({"slots": 2}, {"a": None, "b": "always"})
    zones = {name: replace(street(), camera_id=name) for name in ("a", "b")}
    yesterday = T0 - timedelta(days=1)
    found = patrolled_cameras(given, zones, shop_list(A="C", B=""), {"a": [yesterday]}, date(2024, 5, 6))
    assert found == (
        PatrolledCamera("a", PatrolMode.TOURED, ("C",), None, (yesterday,)),
        PatrolledCamera("b", PatrolMode.ALWAYS, ("C",), None, ()),
    )


def test_views_of_one_stream_are_toured_as_one() -> None:
    def camera(name: str, stream: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "zones": Path("z.geojson"), "stream": stream, **more}

    cameras = [
        camera("left", "rtsp://10.0.0.1/dome", patrol="off"),
        camera("right", "rtsp://10.0.0.1/dome", coverage_target=0.2),
        camera("other", "rtsp://10.0.0.2/main", patrol="off"),
        camera("archive", ""),
    ]
    given = DoorlineSettings.model_validate({"cameras": cameras, "patrol": {"slots": 1}})
    zones = {name: replace(street(), camera_id=name) for name in ("left", "right", "other", "archive")}
    found = patrolled_cameras(given, zones, shop_list(A="", B=""), {"right": [T0], "left": [T0 - timedelta(days=2)]}, date(2024, 5, 6))
    assert [(each.camera_id, each.mode) for each in found] == [("left", PatrolMode.TOURED), ("other", PatrolMode.OFF)]
    assert (found[0].coverage_target, found[0].violations) == (0.2, (T0 - timedelta(days=2), T0))
