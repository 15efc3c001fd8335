"""A street whose zones can be drawn: real pictures and polygons that share edges, shops, and looks of the last half hour.

Of the four shops in the picture one, 老丁五金 (YT-0103), is not drawn yet; in front of it, on ground that nobody watches, a crate stands.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2

from pipeline.live.hourly_log import HourlyLog
from pipeline.observations import LogHeader
from pipeline.records import Records
from pipeline.shops import load_shops
from pipeline.types import BoundingBox, ClockSource, Detection, DetectionSource, Observation, Role, RunInfo, SourceClock
from tests.review.street import Street, furnish_street

SAMPLES = Path(__file__).resolve().parents[2] / "zones" / "samples"
_FILM = SAMPLES.parents[1] / "sample_videos" / "CAM24_20260512_094200.mp4"
CAMERA, OTHER = "CAM24", "CAM21"
UNDRAWN = "YT-0103"
CRATE = BoundingBox(0.40, 0.44, 0.46, 0.53)
"""In front of the shop that is not drawn yet."""
EDGE = {"front": ((0.54983, 0.54106), (0.69431, 0.47954)), "kerb": ((0.40059, 0.60414), (0.54983, 0.54106))}
"""Edges of the neighbour, 惠家水果, that the undrawn shop shares: of its front, and of its frontage."""
FAR_EDGE = {"front": ((0.42091, 0.38281), (0.5429, 0.34678)), "kerb": ((0.30247, 0.41847), (0.42091, 0.38281))}
"""The same of the neighbour on the other side, 鲜香面馆."""


def furnish_zone_street(records: Records, folder: Path) -> Street:
    """Two cameras with zones, reference pictures, a picture of a quiet minute and a newest one; looks of the first camera."""
    zones = folder / "zones"
    zones.mkdir()
    for camera in (CAMERA, OTHER):
        shutil.copy(SAMPLES / f"{camera}_reference.jpg", zones)
        data = json.loads((SAMPLES / f"{camera}.geojson").read_text(encoding="utf-8"))
        data["features"] = [each for each in data["features"] if each["properties"].get("shop_code") != UNDRAWN or camera != CAMERA]
        data["doorline"]["drawn_on"] = "2024-01-02"
        (zones / f"{camera}.geojson").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    shutil.copy(SAMPLES / "shops.csv", zones)
    settings: dict[str, object] = {
        "cameras": [_camera(zones, CAMERA, "样桐路口"), _camera(zones, OTHER, "样桐路东段")],
        "shops": str(zones / "shops.csv"),
        "observations": str(folder / "observations"),
        "live": {"folder": str(folder / "live")},
        "rules": {"longest_look_interval_s": 10},
    }
    made = furnish_street(records, folder, 2, settings=settings)
    street = replace(made, console=replace(made.console, shops_at_start=load_shops(zones / "shops.csv")))
    write_looks(street, [(Detection("crate", Role.GOODS, 0.9, CRATE, DetectionSource.YOLO),)] * 360, every_s=5.0)
    _write_pictures(street)
    return street


def zone_path(street: Street, camera: str = CAMERA) -> Path:
    """Where the zones of a camera lie."""
    return next(each.zones for each in street.console.settings.cameras if each.id == camera)


def zone_data(street: Street, camera: str = CAMERA) -> dict[str, Any]:
    """The zone file in force."""
    found: dict[str, Any] = json.loads(zone_path(street, camera).read_text(encoding="utf-8"))
    return found


def zone_of(street: Street, **wanted: str) -> dict[str, Any]:
    """The one feature of the file in force with these properties."""
    (found,) = (each for each in zone_data(street)["features"] if wanted.items() <= each["properties"].items())
    return dict(found)


def write_looks(street: Street, looks: Sequence[tuple[Detection, ...]], *, every_s: float) -> None:
    """Looks of the first camera that end now, logged as a running program does."""
    since = street.clock.now - timedelta(seconds=every_s * (len(looks) - 1))
    run = RunInfo("live-1", "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, since)
    clock = SourceClock(since, ClockSource.RECEIVED)
    header = LogHeader(CAMERA, "rtsp://127.0.0.1:9", clock, "Asia/Shanghai", every_s, "1", "model-1", "rules-0", "", run)
    with HourlyLog(street.console.settings.observations / "live" / CAMERA, header) as log:
        for number, things in enumerate(looks):
            at = since + timedelta(seconds=every_s * number)
            log.append(Observation(CAMERA, at, every_s * number, None, things, "1", "model-1"))


def _camera(zones: Path, camera: str, name: str) -> dict[str, object]:
    return {"id": camera, "name": name, "place": "样桐路101号门前", "street": "样桐路", "zones": str(zones / f"{camera}.geojson")}


def _write_pictures(street: Street) -> None:
    live, now = street.console.settings.live, street.clock.now
    quiet = now - timedelta(hours=3)
    _write_picture(live.quiet_of(CAMERA) / f"{quiet:%Y%m%dT%H%M%SZ}.jpg", 1.0, quiet)
    _write_picture(live.picture_of(CAMERA), 30.0, now)


def _write_picture(path: Path, at_s: float, taken_at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    film = cv2.VideoCapture(str(_FILM))
    film.set(cv2.CAP_PROP_POS_MSEC, at_s * 1000)
    seen, picture = film.read()
    film.release()
    assert seen
    cv2.imwrite(str(path), picture)
    os.utime(path, (taken_at.timestamp(), taken_at.timestamp()))
