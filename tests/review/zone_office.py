"""A console over a street whose zones can be drawn: sample cameras with their pictures, shops, logs of looks, and people."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.cases import CaseRole
from pipeline.config import DoorlineSettings
from pipeline.observations import LogHeader, ObservationLog
from pipeline.records import Account, Records
from pipeline.review.console import Console
from pipeline.shops import load_shops
from pipeline.types import BoundingBox, ClockSource, Detection, DetectionSource, Observation, Role, RunInfo, SourceClock
from pipeline.zones import CameraZones
from pipeline.zones.zone_files import load_zones
from tests.review.street import PEOPLE, Clock, Street, password_hash

SAMPLES = Path(__file__).resolve().parents[2] / "zones" / "samples"
CAMERA, OTHER, BARE = "CAM24", "CAM25", "CAM99"
"""Two with zones, and one that has none yet."""
FRUIT, HARDWARE = "YT-0102", "YT-0103"
NOW = datetime(2026, 5, 12, 4, 0, tzinfo=UTC)
RULES = {
    "dwell": {
        "warn_after_s": 30,
        "candidate_after_s": 60,
        "clear_span_s": 10,
        "longest_gap_s": 20,
        "reopen_within_s": 60,
        "loading_grace_s": 0,
    }
}
ON_PAVEMENT = BoundingBox(0.50, 0.62, 0.56, 0.74)
"""Stands before the door line of the fruit shop."""
INDOORS = BoundingBox(0.655, 0.615, 0.675, 0.665)
"""Stands behind it."""


@dataclass
class ZoneOffice:
    """What a test works with."""

    console: Console
    clock: Clock
    folder: Path

    @property
    def records(self) -> Records:
        return self.console.records

    @property
    def street(self) -> Street:
        """For a Person to sit down at."""
        return Street(self.console, self.clock, [], self.console.settings.evidence.folder)

    @property
    def zone_file(self) -> Path:
        """Of the camera that is drawn."""
        return self.folder / "zones" / f"{CAMERA}.geojson"

    @property
    def zones(self) -> CameraZones:
        """In force."""
        return load_zones(self.zone_file, camera_id=CAMERA, shops=self.console.shops)

    def features(self) -> list[dict[str, Any]]:
        """Of the file in force."""
        found: list[dict[str, Any]] = json.loads(self.zone_file.read_text(encoding="utf-8"))["features"]
        return found

    def watch(self, boxes: Sequence[BoundingBox], length_s: int = 300, every_s: int = 2) -> None:
        """Let the camera have seen crates in these places, as a live camera logs its looks."""
        begin = NOW - timedelta(seconds=length_s)
        run = RunInfo("live-1", "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, begin)
        clock = SourceClock(begin, ClockSource.RECEIVED)
        header = LogHeader(CAMERA, "rtsp://camera/", clock, "Asia/Shanghai", every_s, self.zones.version, "model-1", "rules-1", "", run)
        seen = tuple(Detection("crate", Role.GOODS, 0.9, box, DetectionSource.YOLO) for box in boxes)
        hours: dict[str, list[Observation]] = {}
        for second in range(0, length_s + 1, every_s):
            at = begin + timedelta(seconds=second)
            look = Observation(CAMERA, at, float(second), None, seen, self.zones.version, "model-1")
            hours.setdefault(f"{at:%Y%m%dT%H}", []).append(look)
        for hour, looks in hours.items():
            path = self.console.settings.observations / "live" / CAMERA / f"{hour}-live-1.jsonl"
            with ObservationLog(path, header, append=True) as log:
                for look in looks:
                    log.append(look)


def furnish_zone_office(records: Records, folder: Path, **settings: Any) -> ZoneOffice:
    """Sample zones copied, so that they can be drawn over; nothing watched yet."""
    zones = folder / "zones"
    zones.mkdir()
    for camera_id in (CAMERA, OTHER):
        for name in (f"{camera_id}.geojson", f"{camera_id}_reference.jpg"):
            shutil.copy(SAMPLES / name, zones / name)
    shutil.copy(SAMPLES / "shops.csv", zones / "shops.csv")
    cameras = [
        {
            "id": camera_id,
            "name": f"样桐路 {camera_id}",
            "place": "样桐路101-113号",
            "street": "样桐路",
            "zones": zones / f"{camera_id}.geojson",
        }
        for camera_id in (CAMERA, OTHER, BARE)
    ]
    made = DoorlineSettings.model_validate(
        {
            "cameras": cameras,
            "shops": zones / "shops.csv",
            "observations": folder / "observations",
            "evidence": {"folder": folder / "evidence"},
            "live": {"folder": folder / "live"},
            "rules": RULES,
            "records": {"url": "sqlite:///unused.db"},
        }
        | settings
    )
    people = {**PEOPLE, "na": ("那分析", (CaseRole.ANALYST,), "", ())}
    for name, (shown_as, roles, squad, streets) in people.items():
        records.accounts.add(Account(name, shown_as, roles, squad, streets, password_hash(), NOW, None, 0, None))
    clock = Clock(NOW)
    return ZoneOffice(Console(made, records, load_shops(zones / "shops.csv"), clock), clock, folder)
