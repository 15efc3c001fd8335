"""One camera: what it sees, how it is doing, what was seen of the day and of the last days, and what its judgements rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pipeline.config import CameraSettings
from pipeline.coverage import CoverageFold, Span
from pipeline.errors import PipelineError
from pipeline.look_runs import Told, told_time
from pipeline.records import AuditEntry, CaseOrder
from pipeline.review.asking import Asking, By, The
from pipeline.review.camera_tiles import camera_of, reason_text, seen_now, tiles_of, told_of
from pipeline.review.console import Console
from pipeline.review.frame import frame, sees_all
from pipeline.review.seeing import seen_by
from pipeline.review.views import case_view
from pipeline.review.wall_page import EVERY_S
from pipeline.review.wording import Translate, local_time, span_text
from pipeline.types import GapReason
from pipeline.zones.zone_files import load_zones

router = APIRouter(include_in_schema=False)
_DAYS = 7
_ITEMS = 6
_MOST_PARTS = 1500
"""Of a strip; of more, minutes are shown."""
_MOST_GAPS = 50
_ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the strip of a day; ``x`` and ``width`` are shares (0..1) of it."""

    x: float
    width: float
    reason: str
    """Empty where it was observed."""
    text: str


@dataclass(frozen=True, slots=True)
class DayShare:
    """How much of a day was observed."""

    day: date
    share: float
    longest_s: float
    reached: bool | None
    """None where the camera has no target."""


@router.get("/cameras/{camera_id}")
def show_camera(camera_id: str, console: The, by: By) -> HTMLResponse:
    """The page of one camera. NoSuchCameraError."""
    camera, t = camera_of(console, by.account, camera_id), console.wording.of(by.language)
    told = AuditEntry(console.now(), by.account.name, "camera/viewed", f"camera/{camera.id}", {}, by.remote)
    console.records.accounts.note((told,))
    sight, now = console.live.sight(), console.now()
    (seen,) = seen_now(sight, [camera])
    (tile,) = tiles_of(console, by.account, t, [seen], now)
    shown = console.render(
        "camera.html",
        by.language,
        **frame(by.login, tile.url),
        tile=tile,
        camera=camera,
        told=told_of(console, by.account, t, sight),
        state_url=f"/cameras/state?{urlencode({'camera': camera.id})}",
        every_s=EVERY_S,
        day=_day(console, camera, t, now) if sight.logs_here and camera.stream else None,
        days=_days(console, camera, now) if sight.logs_here and camera.stream else [],
        zones=_zones(console, camera),
        judged_by=seen.zone_version,
        zones_url=f"/zones/{quote(camera.id)}" if sees_all(by.account) else "",
        device_file=_device_file(camera, now.astimezone(console.zone).date()),
        items=_items(console, by, camera),
        items_url=f"/?{urlencode({'camera': camera.id, 'state': 'all'})}",
    )
    return HTMLResponse(shown)


def _day(console: Console, camera: CameraSettings, t: Translate, now: datetime) -> dict[str, Any]:
    """The local day so far, as a strip and as a list of what was not observed."""
    since, until = console.live.midnight(), console.live.midnight(-1)
    longest = timedelta(seconds=console.settings.rules.longest_look_interval_s)
    runs = console.live.looks.of(camera.id, since, now).runs
    told = told_time(runs, since, now, longest) if now > since else ()
    whole = (until - since).total_seconds()
    gaps = sorted((part for part in told if part[2] is not None), key=lambda part: part[0] - part[1])[:_MOST_GAPS]
    return {
        "parts": [_part(console, t, part, since, whole) for part in _legible(told)],
        "now": (now - since).total_seconds() / whole,
        "looks": sum(run.looks for run in runs if run.first >= since),
        "observed_s": sum((end - start).total_seconds() for start, end, reason in told if reason is None),
        "gap_s": sum((end - start).total_seconds() for start, end, reason in told if reason is not None),
        "gaps": [
            {"from": local_time(start, console.zone, "%H:%M:%S"), "to": local_time(end, console.zone, "%H:%M:%S"), "reason": reason.value}
            | {"span": (end - start).total_seconds()}
            for start, end, reason in gaps
            if reason is not None
        ],
        "reasons": sorted({part[2].value for part in told if part[2] is not None}),
    }


def _legible(told: Sequence[Told]) -> list[Told]:
    """Where there is more than can be drawn, whole minutes: each is what the longest part of it that was not observed is."""
    if len(told) <= _MOST_PARTS:
        return list(told)
    minutes: dict[datetime, GapReason | None] = {}
    for start, end, reason in told:
        at = start.replace(second=0, microsecond=0)
        while at < end:
            minutes[at] = reason or minutes.get(at)
            at += timedelta(minutes=1)
    return [(at, at + timedelta(minutes=1), reason) for at, reason in minutes.items()]


def _part(console: Console, t: Translate, part: Told, since: datetime, whole_s: float) -> Part:
    start, end, reason = part
    what = t("camera.watched") if reason is None else reason_text(t, reason.value)
    clock = f"{local_time(start, console.zone, '%H:%M:%S')}–{local_time(end, console.zone, '%H:%M:%S')}"
    length_s = (end - start).total_seconds()
    text = f"{clock} {what}{t('list.dot')}{span_text(length_s, t)}"
    return Part((start - since).total_seconds() / whole_s, length_s / whole_s, reason.value if reason else "", text)


def _days(console: Console, camera: CameraSettings, now: datetime) -> list[DayShare]:
    """The last days, the newest first; today as far as it has come."""
    rules, found = console.settings.rules, []
    for days_ago in range(_DAYS):
        since, until = console.live.midnight(days_ago), min(console.live.midnight(days_ago - 1), now)
        if until <= since:
            continue
        fold = CoverageFold(rules.longest_look_interval_s, since, until)
        for run in console.live.looks.of(camera.id, since, until).runs:
            fold.add_run(run)
        figures = fold.coverage(camera.id, Span(since, until, console.zone, rules.enforcement_hours)).figures
        target = camera.coverage_target
        reached = None if target is None else figures.required_share >= target
        found.append(DayShare(since.date(), figures.required_share, figures.enforced_longest_s, reached))
    return found


def _zones(console: Console, camera: CameraSettings) -> dict[str, Any]:
    """The version in force, or why there is none."""
    try:
        zones = load_zones(camera.zones, camera_id=camera.id, shops=console.shops)
    except PipelineError as err:
        return {"problem": str(err)}
    return {"problem": "", "version": zones.version, "author": zones.author, "drawn_on": zones.drawn_on, "number": len(zones.zones)}


def _device_file(camera: CameraSettings, today: date) -> dict[str, Any] | None:
    """The file that a penalty needs, and whether it holds today; None without one."""
    file = camera.device_file
    if file is None:
        return None
    holds = file.since <= today <= file.until
    state = ("ends_soon" if file.until - today < _ENDS_SOON else "holds") if holds else "over" if today > file.until else "not_yet"
    return {"number": file.number, "since": file.since, "until": file.until, "state": state}


def _items(console: Console, by: Asking, camera: CameraSettings) -> list[Any]:
    wanted = replace(seen_by(by.account), camera_id=camera.id)
    page = console.records.cases.list_cases(wanted, CaseOrder.NEWEST, limit=_ITEMS)
    shown_name, now = console.shown_name(), console.now()
    query = urlencode({"camera": camera.id, "state": "all"})
    return [case_view(row, by.account.name, now, shown_name, query) for row in page.cases]
