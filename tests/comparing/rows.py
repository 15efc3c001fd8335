"""Violations of runs to compare."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.records import ViolationRow
from pipeline.types import BoundingBox, ClockSource, TargetKind, ViolationKind

T0 = datetime(2024, 1, 31, 1, 0, tzinfo=UTC)
BOX = BoundingBox(0.4, 0.5, 0.6, 0.8)


def row(name: str, first_s: float = 0.0, stood_s: float = 900.0, *, cleared: bool = True, **more: Any) -> ViolationRow:
    """One that stood for so long, in a run of no name; ``more`` are fields of the row."""
    last_s = first_s + stood_s
    known = more.pop("known", True)

    def at(seconds: float | None) -> datetime | None:
        return T0 + timedelta(seconds=seconds) if known and seconds is not None else None

    moments: dict[str, float | None] = {
        "first_seen": first_s,
        "warned": first_s + 300,
        "confirmed": first_s + 600,
        "last_seen": last_s,
        "cleared": last_s if cleared else None,
        "peak": first_s,
    }
    values: dict[str, Any] = {
        "run_id": "run",
        "violation_id": name,
        "kind": ViolationKind.BEYOND_SHOPFRONT,
        "camera_id": "CAM01",
        "camera_name": "",
        "camera_place": "",
        "camera_street": "",
        "target": TargetKind.SHOP,
        "shop_codes": ("BS-0001",),
        "shop_names": ("",),
        "place": "door",
        "labels": ("crate",),
        "box": BOX,
        "things": (BOX,),
        "peak_things": 1,
        "dwell_s": stood_s,
        "gap_s": 0.0,
        "present_looks": 100,
        "observed_looks": 100,
        "hidden_looks": 0,
        "complete": True,
        "missing": (),
        "manifest_sha256": None,
        "zone_version": "1",
        "rule_version": "1",
        "source_id": 1,
        "source_uri": "a.mp4",
        "clock_source": ClockSource.FILE_NAME if known else ClockSource.UNKNOWN,
    }
    for moment, seconds in moments.items():
        values |= {f"{moment}_at": at(seconds), f"{moment}_media_s": seconds}
    return ViolationRow(**values | more)
