"""A coverage report as tables, as one JSON value, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from pipeline.cli.printing import OUT, clock, duration, table
from pipeline.json_values import time_to_text
from pipeline.types import GapReason

if TYPE_CHECKING:
    from rich.table import Table

    from pipeline.coverage import CameraCoverage, Figures, PlaceCoverage
    from pipeline.coverage_logs import CoverageReport

Targets = Mapping[str, float]
"""Camera -> share 0..1 that it shall reach."""
_LEVELS = "▁▂▃▄▅▆▇█"
_UNTOUCHED = "·"
_FORMULA_STARTS = ("=", "+", "-", "@")
_MOST_REASONS = 3


# --- tables ------------------------------------------------------------------------------------------------


def print_coverage(report: CoverageReport, targets: Targets, timezone: str) -> None:
    """Cameras, worst first; then shops and places, those with the least observed time first."""
    zone = ZoneInfo(timezone)
    enforced = any(camera.figures.enforced_share is not None for camera in report.cameras)
    OUT.print(_cameras(report, targets, zone, enforced=enforced))
    OUT.print(_visits(report))
    if report.places:
        OUT.print(_places(report, zone, enforced=enforced))
    if enforced:
        OUT.print("[dim]enforced: share observed of the time within rules.enforcement_hours[/]")


def _cameras(report: CoverageReport, targets: Targets, zone: ZoneInfo, *, enforced: bool) -> Table:
    span = f"{clock(report.since, None, zone)} to {clock(report.until, None, zone)}"
    shares = ["observed", *(["enforced"] if enforced else []), *(["target"] if targets else [])]
    shown = table(
        f"{span}, {duration((report.until - report.since).total_seconds())}",
        *("camera", *shares, "time", "looks that count", "longest unobserved", "gaps"),
    )
    for camera in report.cameras:
        figures, target = camera.figures, targets.get(camera.camera_id)
        reached = target is None or figures.required_share >= target
        aims = ["" if target is None else f"[{'green' if reached else 'red'}]{target:.0%}[/]"] if targets else []
        shown.add_row(
            escape(camera.camera_id),
            *_shares(figures, enforced=enforced),
            *aims,
            duration(figures.observed_s),
            f"{camera.counted} of {camera.looks}",
            _longest(figures, zone),
            _gaps(camera),
        )
    return shown


def _visits(report: CoverageReport) -> Table:
    shown = table("", "camera", "visits", "median", "between: median", "longest", "observed by local hour, 0 to 23")
    for camera in report.cameras:
        figures = camera.figures
        lengths = (figures.visit_median_s, figures.between_median_s, figures.between_longest_s)
        texts = ["" if seconds is None else duration(seconds) for seconds in lengths]
        shown.add_row(escape(camera.camera_id), str(figures.visits), *texts, _hours(figures))
    return shown


def _places(report: CoverageReport, zone: ZoneInfo, *, enforced: bool) -> Table:
    shown = table("", "whose", "observed", *(["enforced"] if enforced else []), "time", "last seen", "longest unobserved", "cameras")
    for place in report.places:
        shown.add_row(
            escape(f"{place.shop_code} {place.name}".strip()),
            *_shares(place.figures, enforced=enforced),
            duration(place.figures.observed_s),
            clock(place.last_seen_at, None, zone) or "never",
            _longest(place.figures, zone),
            escape(", ".join(place.cameras)),
        )
    return shown


def _shares(figures: Figures, *, enforced: bool) -> list[str]:
    within = "" if figures.enforced_share is None else f"{figures.enforced_share:.1%}"
    return [f"{figures.share:.1%}", *([within] if enforced else [])]


def _longest(figures: Figures, zone: ZoneInfo) -> str:
    since = figures.longest_unobserved_since
    return "" if since is None else f"{duration(figures.longest_unobserved_s)} from {since.astimezone(zone):%m-%d %H:%M:%S}"


def _gaps(camera: CameraCoverage) -> str:
    most = ", ".join(f"{reason.value} {duration(seconds)}" for reason, seconds in camera.gaps[:_MOST_REASONS])
    return most + (", ..." if len(camera.gaps) > _MOST_REASONS else "")


def _hours(figures: Figures) -> str:
    """One bar an hour; a dot for hours that the span does not touch."""
    return "".join(_UNTOUCHED if share is None else _LEVELS[min(7, int(share * 8))] for share in figures.by_hour)


# --- values ------------------------------------------------------------------------------------------------


def as_values(report: CoverageReport, targets: Targets) -> dict[str, Any]:
    """For JSON: times in UTC, durations in seconds, shares 0..1."""
    return {
        "since": time_to_text(report.since),
        "until": time_to_text(report.until),
        "cameras": [
            {
                "camera": camera.camera_id,
                "looks": camera.looks,
                "counted": camera.counted,
                "last_seen_at": _text(camera.last_seen_at),
                "gaps_s": {reason.value: seconds for reason, seconds in camera.gaps},
                "target": targets.get(camera.camera_id),
                "by_hour": camera.figures.by_hour,
                **_values(camera.figures),
            }
            for camera in report.cameras
        ],
        "places": [
            {
                "shop": place.shop_code or None,
                "name": place.name,
                "cameras": place.cameras,
                "last_seen_at": _text(place.last_seen_at),
                "by_hour": place.figures.by_hour,
                **_values(place.figures),
            }
            for place in report.places
        ],
        "faults": report.faults,
    }


def _values(figures: Figures) -> dict[str, Any]:
    return {
        "observed_s": figures.observed_s,
        "unobserved_s": figures.unobserved_s,
        "share": figures.share,
        "enforced_share": figures.enforced_share,
        "longest_unobserved_s": figures.longest_unobserved_s,
        "longest_unobserved_since": _text(figures.longest_unobserved_since),
        "visits": figures.visits,
        "visit_median_s": figures.visit_median_s,
        "between_median_s": figures.between_median_s,
        "between_longest_s": figures.between_longest_s,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else time_to_text(moment)


def csv_bytes(report: CoverageReport, targets: Targets, timezone: str) -> bytes:
    """A row per camera, shop and place, ``what`` says which; local times with their offset. With a byte order mark, for Excel."""
    zone = ZoneInfo(timezone)
    rows = [_camera_row(camera, targets, zone) for camera in report.cameras] + [_place_row(place, zone) for place in report.places]
    names = ["what", "id", "name", "cameras", "target", "looks", "counted", "last_seen_at"]
    names += list(_values(report.cameras[0].figures)) if report.cameras else []
    names += [f"gap_{reason.value}_s" for reason in GapReason] + [f"hour_{hour:02}" for hour in range(24)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _camera_row(camera: CameraCoverage, targets: Targets, zone: ZoneInfo) -> dict[str, Any]:
    gaps = {f"gap_{reason.value}_s": 0.0 for reason in GapReason} | {f"gap_{reason.value}_s": seconds for reason, seconds in camera.gaps}
    row = {
        "what": "camera",
        "id": camera.camera_id,
        "target": targets.get(camera.camera_id),
        "looks": camera.looks,
        "counted": camera.counted,
    }
    return row | _row(camera.figures, camera.last_seen_at, zone) | gaps


def _place_row(place: PlaceCoverage, zone: ZoneInfo) -> dict[str, Any]:
    what = "shop" if place.shop_code else "place"
    row = {"what": what, "id": _plain(place.shop_code), "name": _plain(place.name), "cameras": "; ".join(place.cameras)}
    return row | _row(place.figures, place.last_seen_at, zone)


def _row(figures: Figures, last_seen_at: datetime | None, zone: ZoneInfo) -> dict[str, Any]:
    since = figures.longest_unobserved_since
    times = {"last_seen_at": _local(last_seen_at, zone), "longest_unobserved_since": _local(since, zone)}
    return _values(figures) | times | {f"hour_{hour:02}": share for hour, share in enumerate(figures.by_hour)}


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else moment.astimezone(zone).isoformat()


def _plain(text: str) -> str:
    """Text that a spreadsheet would take for a formula gets a ' before it."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
