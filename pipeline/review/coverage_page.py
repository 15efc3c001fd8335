"""Coverage of patrols: how much of the enforcement hours was really seen of each camera, shop and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from pipeline.config import CameraSettings
from pipeline.coverage import Figures, PlaceCoverage
from pipeline.coverage_logs import CoverageReport
from pipeline.errors import ConfigError
from pipeline.records import AuditEntry
from pipeline.review.asking import By, The
from pipeline.review.camera_tiles import cameras_of
from pipeline.review.console import Console
from pipeline.review.coverage_counts import Counted, Wanted
from pipeline.review.frame import frame

router = APIRouter(include_in_schema=False)
MOST_DAYS = 31
_CHOICES = (1, 7, 14, 31)
_WAIT_S = 2.0
_TOP_REASONS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A camera or a place. ``reached`` is None where nobody set a target."""

    name: str
    url: str
    under: str
    figures: Figures
    target: float | None
    reached: bool | None
    looks: int | None
    counted: int | None
    gaps: tuple[tuple[str, float], ...]
    last_seen_at: datetime | None


@router.get("/coverage")
def show_coverage(
    console: The,
    by: By,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 7,
    until: Annotated[str, Query(max_length=10)] = "",
    street: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Of the cameras that this person sees. ConfigError for a day that is none, or has not come."""
    cameras = [camera for camera in cameras_of(console, by.account) if camera.stream and (not street or camera.street == street)]
    last, since, end = _span(console, days, until)
    asked: dict[str, str | int] = {"days": days} | ({"until": until} if until else {}) | ({"street": street} if street else {})
    values: dict[str, Any] = {
        **frame(by.login, f"/coverage?{urlencode(asked)}"),
        "days": days,
        "choices": _CHOICES,
        "first": since.date(),
        "last": last,
        "until": until,
        "today": console.now().astimezone(console.zone).date(),
        "street": street,
        "streets": sorted({camera.street for camera in cameras_of(console, by.account) if camera.street}),
        "hours": [(f"{begin:%H:%M}", f"{over:%H:%M}") for begin, over in console.settings.rules.enforcement_hours],
        "logs_here": console.live.looks.exist,
    }
    told = AuditEntry(console.now(), by.account.name, "coverage/viewed", "", dict(asked), by.remote)
    if not cameras or not console.live.looks.exist:
        return HTMLResponse(console.render("coverage.html", by.language, **values, counting=None, counted=None))
    found = console.coverage.look(Wanted(tuple(camera.id for camera in cameras), since, end), _WAIT_S)
    if not isinstance(found, Counted):
        return HTMLResponse(console.render("coverage.html", by.language, **values, counting=found, counted=None))
    console.records.accounts.note((told,))
    report = found.report
    rows = _camera_rows(report, cameras)
    shown = console.render(
        "coverage.html",
        by.language,
        **values,
        counting=None,
        counted=found,
        cameras=rows,
        places=[_place_row(place) for place in report.places],
        mean=sum(row.figures.required_share for row in rows) / len(rows),
        missed=sum(row.reached is False for row in rows),
        targets=sum(row.target is not None for row in rows),
        faults=report.faults,
    )
    return HTMLResponse(shown)


def _span(console: Console, days: int, until: str) -> tuple[date, datetime, datetime]:
    """The last day, and the span of so many local days that ends with it."""
    today = console.now().astimezone(console.zone).date()
    try:
        last = date.fromisoformat(until) if until else today
        first = last - timedelta(days=days - 1)
    except (ValueError, OverflowError) as err:
        raise ConfigError("no such day", where="/coverage", expected="such as 2024-01-31", found=until) from err
    if last > today or last.year < 2000:
        raise ConfigError("nobody has looked on that day", where="/coverage", expected=f"a day up to {today}", found=until)
    since, end = (datetime.combine(day, time(), console.zone) for day in (first, last + timedelta(days=1)))
    if since >= console.now():  # a clock that was put back
        raise ConfigError("nobody has looked on that day", where="/coverage", expected=f"a day up to {today}", found=until)
    return last, since, end


def _camera_rows(report: CoverageReport, cameras: Sequence[CameraSettings]) -> list[Row]:
    """Who is farthest below its target first, then who was seen the least."""
    settings = {camera.id: camera for camera in cameras}
    rows = []
    for each in report.cameras:
        camera, share = settings[each.camera_id], each.figures.required_share
        rows.append(
            Row(
                name=camera.name or camera.id,
                url=f"/cameras/{quote(camera.id)}",
                under=camera.street or camera.place,
                figures=each.figures,
                target=camera.coverage_target,
                reached=None if camera.coverage_target is None else share >= camera.coverage_target,
                looks=each.looks,
                counted=each.counted,
                gaps=tuple((reason.value, s) for reason, s in report.enforced_gaps.get(camera.id, ())[:_TOP_REASONS] if s >= 1),
                last_seen_at=each.last_seen_at,
            )
        )
    return sorted(rows, key=lambda row: (min(0.0, row.figures.required_share - (row.target or 0.0)), row.figures.required_share, row.name))


def _place_row(place: PlaceCoverage) -> Row:
    url = f"/shops/{quote(place.shop_code, safe='')}" if place.shop_code else ""
    return Row(
        name=place.name or place.shop_code,
        url=url,
        under=place.shop_code,
        figures=place.figures,
        target=None,
        reached=None,
        looks=None,
        counted=None,
        gaps=(),
        last_seen_at=place.last_seen_at,
    )
