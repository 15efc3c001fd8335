"""The queue as a table for spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from pipeline.errors import ConfigError
from pipeline.records import AuditEntry, CaseRow, Cell, csv_lines, write_sheet
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.queue_page import Queue, TheQueue
from pipeline.review.wording import Translate

router = APIRouter(include_in_schema=False)
MOST_ROWS = 20_000
_AT_ONCE = 200
_COLUMNS = (
    *("violation", "state", "kind", "shop_codes", "shops", "shop", "place", "street", "camera", "first_seen", "confirmed", "cleared"),
    *("dwell_s", "gap_s", "things", "complete", "squad", "deadline", "updated"),
)


class TableForm(StrEnum):
    """How the table is written."""

    CSV = "csv"
    XLSX = "xlsx"


@router.get("/cases.{form}")
def export_queue(form: TableForm, console: The, by: By, queue: TheQueue) -> Response:
    """All cases of a queue, in its order. ConfigError for more than a person would look through."""
    counts = console.records.cases.count_cases(queue.wanted).of_state
    number = sum(count for state, count in counts.items() if queue.wanted.states is None or state in queue.wanted.states)
    if number > MOST_ROWS:
        raise ConfigError(
            "more cases than one table takes", where="/", expected=f"at most {MOST_ROWS}", found=str(number), hint="Narrow the filter"
        )
    told = AuditEntry(console.now(), by.account.name, "cases/exported", "", {"query": queue.query, "cases": number}, by.remote)
    console.records.accounts.note((told,))
    t = console.wording.of(by.language)
    header = [t(f"column.{name}") for name in _COLUMNS]
    rows = (_cells(row, console, t) for row in _rows(console, queue))
    name = f"doorline-{console.now().astimezone(console.zone):%Y%m%d-%H%M}.{form.value}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    if form is TableForm.CSV:
        # With a byte order mark, so that Excel on Chinese Windows reads it as UTF-8.
        lines = (("\ufeff" if number == 0 else "") + line for number, line in enumerate(csv_lines(header, rows)))
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
    stream = io.BytesIO()
    write_sheet(t("nav.queue"), header, list(rows), stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(stream.getvalue(), media_type=kind, headers=headers)


def _rows(console: Console, queue: Queue) -> Iterator[CaseRow]:
    after = ""
    while True:
        page = console.records.cases.list_cases(queue.wanted, queue.order, after=after, limit=_AT_ONCE)
        yield from page.cases
        after = page.after
        if not after:
            return


def _cells(row: CaseRow, console: Console, t: Translate) -> tuple[Cell, ...]:
    found = row.violation

    def local(at: datetime | None) -> datetime | None:
        return None if at is None else at.astimezone(console.zone).replace(microsecond=0)

    return (
        row.violation_id,
        t(f"state.{row.state.value}"),
        t(f"kind.{found.kind.value}"),
        "; ".join(found.shop_codes),
        "; ".join(name for name in found.shop_names if name),
        row.shop_code,
        found.place or found.camera_place,
        row.street,
        found.camera_name or found.camera_id,
        local(found.first_seen_at),
        local(found.confirmed_at),
        local(found.cleared_at),
        round(found.dwell_s),
        round(found.gap_s),
        found.peak_things,
        found.complete,
        row.squad,
        local(row.deadline),
        local(row.updated_at),
    )
