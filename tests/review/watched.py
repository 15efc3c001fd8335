"""Live cameras before a console: their configuration, logs, pictures, and a program that tells how they are doing."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2

from pipeline.live.status import CameraStatus, LiveStatus
from pipeline.observations import LogHeader, ObservationLog
from pipeline.types import ClockSource, GapReason, Observation, RunInfo, SourceClock
from tests.pipeline_run.conftest import zone
from tests.records.samples import START
from tests.review.street import Street

STREET, OTHER = "样谊路", "另一条路"
CAMERAS: dict[str, tuple[str, str]] = {
    "cam01": ("路口", STREET),
    "cam02": ("市场西门", STREET),
    "cam03": ("学校南侧", STREET),
    "cam04": ("公交站", OTHER),
    "cam05": ("河滨步道", OTHER),
    "cam06": ("旧货市场", OTHER),
    "cam07": ("菜场东门", STREET),
}
"""Camera -> name and street; the last but one has no stream."""
NO_STREAM = "cam06"
TOURED = "cam05"


def watched_settings(folder: Path, *, health: str = "", cameras: Sequence[str] = tuple(CAMERAS), **more: Any) -> dict[str, object]:
    """For ``furnish_street``: these cameras with their zones, a patrol of one slot, all folders below ``folder``."""
    for camera in cameras:
        write_zones(folder, camera)
    return {
        "cameras": [_camera(folder, camera) for camera in cameras],
        "observations": str(folder / "observations"),
        "looks": {"interval_s": 2.0},
        "live": {"folder": str(folder / "live"), "health": health},
        "patrol": {"slots": 1},
        "rules": {"longest_look_interval_s": 10, "enforcement_hours": [["07:00", "22:00"]]},
        **more,
    }


def _camera(folder: Path, camera: str) -> dict[str, object]:
    name, street = CAMERAS[camera]
    made: dict[str, object] = {"id": camera, "name": name, "place": f"{street} {camera[-1]}2 号", "street": street}
    made |= {"zones": str(folder / f"{camera}.geojson"), "patrol": "toured" if camera == TOURED else "always"}
    if camera == "cam01":
        made["device_file"] = {"number": "沪宝城管监 2024-017", "since": "2024-01-01", "until": "2024-12-31"}
        made["coverage_target"] = 0.4
    return made if camera == NO_STREAM else made | {"stream": f"rtsp://127.0.0.1:9/{camera}"}


def write_zones(folder: Path, camera: str) -> None:
    """A shop front and the pavement before it."""
    ground = [[0.0, 0.2], [1.0, 0.2], [1.0, 0.6], [0.0, 0.6]]
    pavement = [[0.0, 0.6], [1.0, 0.6], [1.0, 1.0], [0.0, 1.0]]
    about = {"version": "7", "author": "王", "drawn_on": "2024-01-02", "reason": "新店", "reference": None}
    about |= {"camera_id": camera, "picture_px": [320, 240], "timezone": "Asia/Shanghai"}  # type: ignore[dict-item]  # JSON
    features = [
        zone(1, "frontage", ground, shop_code="BS-0001", name="店前"),
        zone(2, "public", pavement, place=f"{CAMERAS[camera][1]}人行道", name="人行道"),
    ]
    text = json.dumps({"type": "FeatureCollection", "doorline": about, "features": features}, ensure_ascii=False)
    (folder / f"{camera}.geojson").write_text(text, encoding="utf-8")


def write_looks(street: Street, camera: str, looks: Sequence[tuple[datetime, GapReason | None]], run_id: str = "live-1") -> Path:
    """Log looks as a running program does; the folder of that camera's logs."""
    folder = street.console.settings.observations / "live" / camera
    run = RunInfo(run_id, "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, START)
    clock = SourceClock(START, ClockSource.RECEIVED)
    header = LogHeader(camera, "rtsp://127.0.0.1:9", clock, "Asia/Shanghai", 2.0, "v1", "model-1", "rules-0", "", run)
    # A file for each hour as HourlyLog writes them, without waiting for the disk every ten seconds of looks.
    for hour, of_hour in groupby(looks, key=lambda look: f"{look[0].astimezone(UTC):%Y%m%dT%H}"):
        with ObservationLog(folder / f"{hour}-{run_id}.jsonl", header, append=True) as log:
            for at, gap in of_hour:
                log.append(Observation(camera, at, (at - START).total_seconds(), gap, (), "v1", "model-1"))
    return folder


def steady(since: datetime, until: datetime, every_s: float = 2.0, gap: GapReason | None = None) -> list[tuple[datetime, GapReason | None]]:
    """Looks from since to until, both included, in UTC as programs log them."""
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    number = int((until - since).total_seconds() / every_s) + 1
    return [(since + timedelta(seconds=every_s * each), gap) for each in range(number)]


def write_picture(street: Street, camera: str, at: datetime, shade: int = 90) -> None:
    """The newest picture of a camera, written at that time."""
    path = street.console.settings.live.picture_of(camera)
    path.parent.mkdir(parents=True, exist_ok=True)
    film = cv2.VideoCapture(str(Path(__file__).resolve().parents[2] / "sample_videos" / "CAM24_20260512_094200.mp4"))
    film.set(cv2.CAP_PROP_POS_MSEC, shade * 200)
    seen, picture = film.read()
    film.release()
    assert seen
    cv2.imwrite(str(path), cv2.resize(picture, (480, 270)))
    os.utime(path, (at.timestamp(), at.timestamp()))


def told(camera: str, now: datetime, **more: Any) -> CameraStatus:
    """A camera that is well, but for what is said otherwise."""
    values: dict[str, Any] = {
        "camera_id": camera,
        "name": CAMERAS[camera][0],
        "elsewhere": False,
        "state": "watched",
        "fault": "",
        "last_result_at": now,
        "result_age_s": 1.0,
        "interval_s": 2.0,
        "looks": 100,
        "gaps": (),
        "gap": "",
        "dropped": 0,
        "reconnections": 0,
        "decoded": 100,
        "damaged": 0,
        "clock_jumps": 0,
        "stream_bytes": 1,
        "ring_bytes": 1,
        "ring_s": 45.0,
        "open_violations": 0,
        "evidence_waiting": 0,
    }
    return CameraStatus(**values | more)


def of_program(now: datetime, *cameras: CameraStatus, **more: Any) -> LiveStatus:
    """What a program tells that watches these."""
    values: dict[str, Any] = {
        "run_id": "live-1",
        "at": now,
        "started_at": now - timedelta(hours=1),
        "cameras": cameras,
        "waiting": 0,
        "stretch": 1.0,
        "delays_s": (0.1, 0.2),
        "detect_s": 1.0,
        "rule_s": 0.1,
        "disk_free_bytes": 10**12,
        "disk": "ok",
        "clock_parted": False,
    }
    return LiveStatus(**values | more)


class HealthServer:
    """Speaks as the health page of a program does, or as a test wants it to."""

    def __init__(self) -> None:
        self.status: LiveStatus | None = None
        self.answer: bytes | None = None
        """Instead of the status."""
        self.code = 200
        self.health = 200
        self.asked = 0
        self.hold = threading.Event()
        """While it is not set, nobody gets an answer."""
        self.hold.set()
        self.address = ""

    def body(self) -> bytes:
        if self.answer is not None:
            return self.answer
        return json.dumps(self.status.as_json() if self.status else {"cameras": []}, ensure_ascii=False).encode()


@contextmanager
def health_server() -> Iterator[HealthServer]:
    """On a port of this machine."""
    told = HealthServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += self.path == "/status"
            told.hold.wait(20)
            body = told.body() if self.path == "/status" else b"the loop has not turned for 31 s\n"
            self.send_response(told.code if self.path == "/status" else told.health)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked has heard enough
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    told.address = f"127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        told.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def look_anew(street: Street) -> None:
    """What was found out in the last two seconds is forgotten."""
    street.console.live._sight = None


def until(wanted: Any, limit_s: float = 10.0) -> None:
    """Wait until something is true that a thread of the console finds out."""
    end_s = time.monotonic() + limit_s
    while not wanted():
        assert time.monotonic() < end_s, "never"
        threading.Event().wait(0.02)
