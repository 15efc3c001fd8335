"""The overview as tables for spreadsheets: the very figures of the page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from pipeline.records import AuditEntry, Cell, Sheet, csv_lines, write_book
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.export import TableForm
from pipeline.review.overview_figures import OverviewFigures, Share, overview_of
from pipeline.review.overview_page import Days
from pipeline.review.wording import Translate

router = APIRouter(include_in_schema=False)
_SHARES = ("cases", "decided", "confirmed_cases", "right")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class _Part:
    """One table: what it is of, the names of its columns (of the catalogue), and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@router.get("/overview.{form}")
def export_overview(form: TableForm, console: The, by: By, days: Days = 30) -> Response:
    """All figures of the overview: a sheet for each part, or one long CSV."""
    figures, t = overview_of(console, by.account, days), console.wording.of(by.language)
    told = AuditEntry(console.now(), by.account.name, "overview/exported", "", {"days": days, "cases": figures.whole.cases}, by.remote)
    console.records.accounts.note((told,))
    parts = tuple(_parts(console, figures, t))
    name = f"doorline-overview-{figures.first:%Y%m%d}-{figures.last:%Y%m%d}.{form.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if form is TableForm.CSV:
        # With a byte order mark, so that Excel on Chinese Windows reads it as UTF-8.
        return Response("\ufeff" + "".join(_lines(parts, t)), media_type="text/csv; charset=utf-8", headers=headers)
    stream = io.BytesIO()
    write_book([Sheet(part.title, [t(f"overview.{column}") for column in part.columns], part.rows) for part in parts], stream)
    return Response(stream.getvalue(), media_type=_XLSX, headers=headers)


def _parts(console: Console, figures: OverviewFigures, t: Translate) -> Iterator[_Part]:
    names = {camera.id: camera.name for camera in console.settings.cameras}
    yield _Part(t("overview.summary"), ("figure", "number"), tuple(_heads(figures, t)))
    yield _Part(
        t("overview.by_state"), ("state", "cases"), tuple((t(f"state.{state}"), number) for state, number in figures.of_state.items())
    )
    yield _Part(t("overview.by_kind"), ("kind", *_SHARES), tuple((t(f"kind.{each.name}"), *_cells(each)) for each in figures.kinds))
    yield _Part(
        t("overview.by_camera"),
        ("camera", "camera_code", *_SHARES),
        tuple((names.get(each.name) or each.name, each.name, *_cells(each)) for each in figures.cameras),
    )
    yield _Part(
        t("overview.rejections"), ("reason", "cases"), tuple((t(f"reason.reject.{name}"), number) for name, number in figures.rejections)
    )
    yield _Part(
        t("overview.shops"), ("shop", "shop_code", "confirmed_cases"), tuple((s.name or s.code, s.code, s.cases) for s in figures.shops)
    )
    yield _Part(t("overview.by_day"), ("day", "cases"), tuple((day.isoformat(), number) for day, number in figures.by_day))
    yield _Part(t("overview.by_hour"), ("hour", "cases"), tuple((f"{hour:02d}:00", number) for hour, number in enumerate(figures.by_hour)))
    yield _Part(
        t("overview.by_weekday"),
        ("weekday", "hour", "cases"),
        tuple(
            (t(f"weekday.{day}"), f"{hour:02d}:00", number)
            for day, hours in enumerate(figures.by_weekday)
            for hour, number in enumerate(hours)
            if number
        ),
    )


def _heads(figures: OverviewFigures, t: Translate) -> Iterator[tuple[Cell, ...]]:
    yield t("overview.first_day"), figures.first.isoformat()
    yield t("overview.last_day"), figures.last.isoformat()
    yield t("overview.cases"), figures.whole.cases
    yield t("overview.waiting"), figures.waiting
    yield t("overview.decided"), figures.whole.decided
    yield t("overview.confirmed_cases"), figures.whole.confirmed
    yield t("overview.right"), _rounded(figures.whole.right)
    yield t("overview.rectified"), _rounded(figures.rectified)
    yield t("overview.verdict_s"), None if figures.verdict_s is None else round(figures.verdict_s)


def _cells(share: Share) -> tuple[Cell, ...]:
    return share.cases, share.decided, share.confirmed, _rounded(share.right)


def _rounded(part: float | None) -> float | None:
    return None if part is None else round(part, 4)


def _lines(parts: tuple[_Part, ...], t: Translate) -> Iterator[str]:
    """Part after part, each with its own header, an empty line between them."""
    for number, part in enumerate(parts):
        if number:
            yield "\r\n"
        yield from csv_lines((part.title,), ())
        yield from csv_lines([t(f"overview.{column}") for column in part.columns], part.rows)
