"""Two cameras on one street: both show shop S1, the second one S2 too, each its own piece of pavement. And their logs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from pipeline.live.hourly_log import HourlyLog
from pipeline.observations import LogHeader, ObservationLog
from pipeline.types import ClockSource, GapReason, Observation, RunInfo, SourceClock
from tests.pipeline_run.conftest import zone

T0 = datetime(2024, 5, 6, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
SHOPS = "code,name,address,street,squad,trade,grade,contact,since,until\nS1,面馆,,,,,A,,,\nS2,水果店,,,,,C,,,\n"
Look = tuple[float, GapReason | None]
"""Seconds from T0, and why it does not count."""


def at(seconds: float) -> datetime:
    """So long after T0."""
    return T0 + timedelta(seconds=seconds)


def steady(since_s: float, until_s: float, every_s: float = 2.0) -> list[Look]:
    """Looks that count, both ends included."""
    return [(since_s + number * every_s, None) for number in range(int((until_s - since_s) / every_s) + 1)]


def make_street(folder: Path, **rules: Any) -> Path:
    """Configuration, zones and shops; the configuration file."""
    left, right = [[0.0, 0.2], [0.5, 0.2], [0.5, 0.6], [0.0, 0.6]], [[0.5, 0.2], [1.0, 0.2], [1.0, 0.6], [0.5, 0.6]]
    pavement = [[0.0, 0.6], [1.0, 0.6], [1.0, 1.0], [0.0, 1.0]]
    shown = {
        "CAM01": [zone(1, "frontage", left, shop_code="S1", name="面馆门前"), zone(2, "public", pavement, place="东段", name="人行道")],
        "CAM02": [
            zone(1, "frontage", left, shop_code="S1", name="面馆门前"),
            zone(2, "frontage", right, shop_code="S2", name="水果店门前"),
            zone(3, "public", pavement, place="西段", name="人行道"),
        ],
    }
    about = {"version": "1", "author": "test", "drawn_on": "2024-01-30", "reason": "first drawing", "reference": None}
    for camera_id, features in shown.items():
        own = about | {"camera_id": camera_id, "picture_px": [320, 240], "timezone": "Asia/Shanghai"}
        text = json.dumps({"type": "FeatureCollection", "doorline": own, "features": features})
        (folder / f"{camera_id}.geojson").write_text(text, encoding="utf-8")
    (folder / "shops.csv").write_text(SHOPS, encoding="utf-8")
    cameras = [{"id": name, "zones": f"{name}.geojson", "stream": f"rtsp://127.0.0.1/{name}"} for name in shown]
    config = {"cameras": cameras, "shops": "shops.csv", "rules": {"longest_look_interval_s": 10, **rules}}
    (folder / "doorline.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return folder / "doorline.yaml"


def header(camera_id: str, run_id: str = "run-1", clock: ClockSource = ClockSource.GIVEN) -> LogHeader:
    """Of a log of this camera."""
    run = RunInfo(run_id, "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, T0)
    return LogHeader(camera_id, "clip.mp4", SourceClock(T0, clock), "Asia/Shanghai", 2.0, "v1", "model-1", "rules-0", "", run)


def observation(camera_id: str, look: Look) -> Observation:
    """One look without anything in it."""
    return Observation(camera_id, at(look[0]), look[0], look[1], (), "v1", "model-1")


def write_log(path: Path, camera_id: str, looks: Sequence[Look], **more: Any) -> Path:
    """A log of a batch."""
    with ObservationLog(path, header(camera_id, **more)) as log:
        for look in looks:
            log.append(observation(camera_id, look))
    return path


def write_live(folder: Path, camera_id: str, looks: Sequence[Look], run_id: str = "live-1") -> Path:
    """The hourly logs of a live camera, under the folder of the configuration."""
    logs = folder / "out" / "observations" / "live" / camera_id
    with HourlyLog(logs, header(camera_id, run_id)) as log:
        for look in looks:
            log.append(observation(camera_id, look))
    return logs
