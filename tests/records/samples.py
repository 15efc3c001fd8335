"""Made-up values for tests of the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings
from pipeline.records import Records, SourceStart, ViolationEntry
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import (
    UNKNOWN_EPOCH,
    BoundingBox,
    ClockSource,
    EvidenceFile,
    Phase,
    RunInfo,
    SourceClock,
    Target,
    TargetKind,
    Violation,
    ViolationEvent,
    ViolationKind,
)
from pipeline.zones import CameraZones

START = datetime(2024, 1, 31, 1, 42, 17, 250_000, tzinfo=UTC)
CLOCK = SourceClock(START, ClockSource.FILE_NAME)
NO_CLOCK = SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN)
CAMERA = CameraSettings(id="cam01", name="路口", place="样江路 12 号", street="样谊路", zones=Path("cam01.geojson"))
GEOJSON = '{"type": "FeatureCollection", "features": [], "name": "门前"}\r\n'.encode()
ZONES = CameraZones(
    "cam01", "3-" + sha256(GEOJSON).hexdigest()[:12], "王", date(2024, 1, 2), "新店", None, 16 / 9, (), ZoneInfo("Asia/Shanghai")
)
FRUIT = Tenancy("BS-0001", "鲜果行", "样江路 12 号", "样谊路", "一中队", "水果", "B", "", None, date(2024, 1, 15))
NOODLES = replace(FRUIT, name="面馆", trade="餐饮", since=date(2024, 1, 16), until=None)
TOOLS = Tenancy("BS-0002", "=五金", "样江路 14 号", "样谊路", "一中队", "五金", "A", "", None, None)
SHOPS = ShopRegistry({"BS-0001": (FRUIT, NOODLES), "BS-0002": (TOOLS,)})


def run_info(run_id: str = "run-1", *, started_at: datetime = START, rules: str = "r" * 64) -> RunInfo:
    return RunInfo(run_id, "0.1.0", "m" * 64, "c" * 64, "z" * 64, rules, started_at)


def source_start(uri: str = "CAM01_20240131_094217.mp4", *, clock: SourceClock = CLOCK) -> SourceStart:
    return SourceStart(uri, CAMERA.id, clock, 600.0)


def violation(violation_id: str = "v-0a1b2c", *, start: datetime = START, cleared: bool = False, first_s: float = 13.5) -> Violation:
    def at(seconds: float) -> datetime:
        return start + timedelta(seconds=first_s + seconds)

    box = BoundingBox(0.1, 0.25, 1 / 3, 0.75)
    return Violation(
        violation_id=violation_id,
        kind=ViolationKind.BEYOND_SHOPFRONT,
        camera_id=CAMERA.id,
        target=Target(TargetKind.SHOP, ("BS-0001",), "鲜果行门前"),
        labels=("crate", "table"),
        box=box,
        things=(box, BoundingBox(0.2, 0.3, 0.25, 0.7)),
        first_seen_at=at(0),
        warned_at=at(4),
        confirmed_at=at(8.123456),
        last_seen_at=at(60),
        cleared_at=at(70) if cleared else None,
        dwell_s=60.0,
        gap_s=0.5,
        present_looks=58,
        observed_looks=60,
        hidden_looks=2,
        peak_things=2,
        peak_at=at(30),
        zone_version=ZONES.version,
        rule_version="r1",
    )


def ambiguous(found: Violation) -> Violation:
    return replace(found, target=Target(TargetKind.AMBIGUOUS, ("BS-0001", "BS-0002"), "两店之间"))


def on_public_ground(found: Violation) -> Violation:
    return replace(found, kind=ViolationKind.STREET_STALL, target=Target(TargetKind.PLACE, (), "=样江路口"))


def entry(found: Violation, *, tenants: tuple[Tenancy, ...] = (), folder: str = "run-1") -> ViolationEntry:
    """With steps, two files of evidence and one part missing."""
    steps = [(Phase.WARNED, found.warned_at), (Phase.OPENED, found.confirmed_at), (Phase.CLEARED, found.cleared_at)]
    files = tuple(
        EvidenceFile(
            f"{folder}/{found.violation_id}/{what}", sha256(what.encode()).hexdigest(), 5_000_000_000, found.first_seen_at, 13.5, what
        )
        for what in ("first_seen_wide.jpg", "clip_confirmed.mp4")
    )
    events = tuple(ViolationEvent(phase, at, found) for phase, at in steps if at is not None)
    return ViolationEntry(found, events, files, "f" * 64, complete=False, missing=("after: not cleared yet",), tenants=tenants)


def furnish(records: Records, run: RunInfo | None = None, *, clock: SourceClock = CLOCK) -> int:
    """Camera, zones, shops, a run and one source of it; returns the source's id."""
    records.save_camera(CAMERA)
    records.save_zones(ZONES, GEOJSON)
    records.save_shops(SHOPS)
    run = run or run_info()
    records.start_run(run, "doorline batch a.mp4")
    return records.start_source(run.run_id, source_start(clock=clock))
