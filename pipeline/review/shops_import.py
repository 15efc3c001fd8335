"""Another shop list: what it would change is shown first, row by row; then it comes into force as it was shown, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from pipeline.errors import PipelineError
from pipeline.records import csv_lines
from pipeline.review.asking import Asking, By, ByForm, ForbiddenError, The
from pipeline.review.console import Console
from pipeline.review.shop_search import may_keep_shops, shop_url, shops_frame
from pipeline.review.wording import Translate
from pipeline.revising.saving_shops import (
    NoShopDraftError,
    PutBy,
    RefusedShopsError,
    ShopDraft,
    ShopFile,
    StaleShopsError,
    check_draft,
    keep_draft,
    put_in_force,
    shop_file,
)
from pipeline.shops import COLUMNS, ChangeKind, ShopChange, ShopFault, ShopRegistry, Tenancy, merge_shops, read_shops

router = APIRouter(include_in_schema=False)
MOST_SHOWN = 1000
"""Rows of a table on the page; the file with all changes has the rest."""
_EARLIER = 10
_MOST_FILE_BYTES = 8 * 2**20 - 2**12
"""What of a file has room in a request (app.py), beside the rest of the form."""


class NoShopListError(PipelineError):
    """The configuration names no shop list: nothing could come into force."""


class ImportMode(StrEnum):
    """What a file is of the whole list."""

    WHOLE = "whole"
    """All of it: what it does not have is removed."""
    PART = "part"
    """Some shops: all others stay as they are."""


@dataclass
class ImportForm:
    """What an upload says."""

    mode: Annotated[ImportMode, Form()] = ImportMode.WHOLE
    file: Annotated[UploadFile | None, File()] = None


@router.get("/shops/import")
def show_import(console: The, by: By, applied: str = "") -> HTMLResponse:
    """Where a list is handed in; ``applied`` tells that one has come into force."""
    _check_may(by)
    return _page(console, by, applied=applied[:12])


@router.post("/shops/import")
def try_import(console: The, by: ByForm, form: Annotated[ImportForm, Depends()]) -> HTMLResponse:
    """What a file would change. Nothing comes into force."""
    _check_may(by)
    present = _present(console)
    raw = b"" if form.file is None else form.file.file.read()
    name = "" if form.file is None else (form.file.filename or "")[:100]
    if not raw:
        return _page(console, by, problem="shops.import_nothing", status=422)
    read = read_shops(raw, name or "file")
    if read.faults:
        return _page(console, by, name=name, faults=read.faults, status=422)
    in_force = _in_force(console)
    wanted = read.registry if form.mode is ImportMode.WHOLE else merge_shops(in_force, read.registry)
    sha256 = keep_draft(present, wanted, console.now())
    draft = check_draft(console.settings, console.records, present, in_force, sha256)
    return _page(console, by, name=name, draft=draft, read=read, mode=form.mode)


@router.post("/shops/apply")
def apply_import(
    console: The,
    by: ByForm,
    sha256: Annotated[str, Form(min_length=64, max_length=64)],
    base_sha256: Annotated[str, Form(min_length=64, max_length=64)],
) -> Response:
    """Put in force what was shown, if nothing else has come into force since."""
    _check_may(by)
    present, in_force = _present(console), _in_force(console)
    draft = None
    try:
        checked = check_draft(console.settings, console.records, present, in_force, sha256)
        draft = replace(checked, base_sha256=base_sha256)
        put_in_force(console.records, present, in_force, draft, PutBy(by.account.name, console.now(), by.remote))
    except StaleShopsError:
        return _page(console, by, problem="error.shops_stale", status=409)
    except NoShopDraftError:
        return _page(console, by, problem="error.shops_draft", status=409)
    except RefusedShopsError:
        return _page(console, by, problem="error.shops_used", draft=draft, status=409)
    return RedirectResponse(f"/shops/import?applied={sha256[:12]}", 303)


@router.get("/shops/import/{sha256}.csv")
def give_changes(sha256: str, console: The, by: By) -> Response:
    """All changes that a list would make, as a table. NoShopDraftError where nobody was shown such a list."""
    _check_may(by)
    draft = check_draft(console.settings, console.records, _present(console), _in_force(console), sha256)
    t = console.wording.of(by.language)
    header = [t("shops.change"), *(t(f"shops.column.{column}") for column in ("code", "name")), t("shops.differences")]
    rows = (
        [t(f"shops.change.{change.kind.value}"), change.code, _name_of(change), _told(change, t)] for change in draft.comparison.changes
    )
    lines = (("\ufeff" if number == 0 else "") + line for number, line in enumerate(csv_lines(header, rows)))
    headers = {"content-disposition": f'attachment; filename="doorline-shops-changes-{draft.sha256[:12]}.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def fault_words(fault: ShopFault, t: Translate) -> str:
    """What is wrong, in the language of the page, without where."""
    values = dict(fault.values)
    if "column" in values:
        values["column"] = t(f"shops.column.{values['column']}")
    if "columns" in values:
        values["columns"] = t("list.comma").join(t(f"shops.column.{column}") for column in values["columns"].split())
    if "since" in values:
        values |= {"since": values["since"] or t("shops.since_ever"), "until": values["until"] or t("shops.until_now")}
    return t(f"shops.fault.{fault.code.value}", **values)


def _check_may(by: Asking) -> None:
    if not may_keep_shops(by.account):
        raise ForbiddenError


def _present(console: Console) -> ShopFile:
    path = console.shop_list.path
    if path is None:
        raise NoShopListError("no shop list in the configuration", hint="Name one as 'shops'")
    return shop_file(path)


def _in_force(console: Console) -> ShopRegistry:
    return console.shops or ShopRegistry({})


def _page(
    console: Console,
    by: Asking,
    *,
    status: int = 200,
    **found: Any,
) -> HTMLResponse:
    t = console.wording.of(by.language)
    draft, read, faults = found.get("draft"), found.get("read"), found.get("faults", ())
    changes = _changes(draft, read.lines if read is not None else {}, t) if draft is not None else []
    shown = console.render(
        "shops_import.html",
        by.language,
        **shops_frame(by, "/shops/import"),
        has_list=console.shop_list.path is not None,
        problem=found.get("problem", ""),
        applied=found.get("applied", ""),
        name=found.get("name", ""),
        mode=found.get("mode", ImportMode.WHOLE).value,
        faults=[{"line": fault.line, "shop": fault.shop, "text": fault_words(fault, t)} for fault in faults[:MOST_SHOWN]],
        fault_count=len(faults),
        draft=draft,
        counts={kind.value: draft.comparison.counts.get(kind, 0) for kind in ChangeKind} if draft is not None else {},
        changes=changes,
        most=MOST_SHOWN,
        most_bytes=_MOST_FILE_BYTES,
        uses=_uses(draft),
        earlier=_imports(console),
    )
    return HTMLResponse(shown, status)


def _changes(draft: ShopDraft, lines: Mapping[Tenancy, int], t: Translate) -> list[dict[str, Any]]:
    """The first of them, by their kind, those that take something away first."""
    order = [ChangeKind.SHOP_REMOVED, ChangeKind.TENANCY_REMOVED, ChangeKind.CHANGED, ChangeKind.ENDED, *ChangeKind]
    changes = sorted(draft.comparison.changes, key=lambda change: order.index(change.kind))
    return [
        {
            "line": lines.get(change.after) if change.after is not None else None,
            "kind": change.kind.value,
            "code": change.code,
            "url": shop_url(change.code) if change.before is not None else "",
            "name": _name_of(change),
            "told": _told(change, t),
        }
        for change in changes[:MOST_SHOWN]
    ]


def _name_of(change: ShopChange) -> str:
    tenancy = change.after or change.before
    return tenancy.name if tenancy is not None else ""


def _told(change: ShopChange, t: Translate) -> str:
    """What differs, or what comes or goes."""
    if change.before is None or change.after is None:
        tenancy = change.after or change.before
        return "" if tenancy is None else t("list.dot").join(_plain(tenancy, t))
    before, after = change.before, change.after
    parts = [
        t("shops.difference", column=t(f"shops.column.{column}"), before=_shown(before, column), after=_shown(after, column))
        for column in change.columns
    ]
    return t("list.semicolon").join(parts)


def _plain(tenancy: Tenancy, t: Translate) -> list[str]:
    kept = [str(getattr(tenancy, column)) for column in COLUMNS[2:7] if getattr(tenancy, column)]
    span = t("shops.span", since=tenancy.since or t("shops.since_ever"), until=tenancy.until or t("shops.until_now"))
    return [*kept, *([span] if tenancy.since or tenancy.until else [])]


def _shown(tenancy: Tenancy, column: str) -> str:
    return str(getattr(tenancy, column) or "–")


def _uses(draft: ShopDraft | None) -> list[dict[str, str]]:
    return [] if draft is None else [{"code": use.code, "by": use.by.value, "where": use.where} for use in draft.uses[:MOST_SHOWN]]


def _imports(console: Console) -> list[Mapping[str, Any]]:
    """The last lists that came into force here, the last first."""
    shown_name = console.shown_name()
    rows = console.records.accounts.list_audit(subject="shops", did="shops/imported", limit=_EARLIER)
    return [
        {
            "at": row.at,
            "by": shown_name(row.account),
            "shops": row.detail.get("shops", 0),
            "counts": {kind.value: row.detail[kind.value] for kind in ChangeKind if row.detail.get(kind.value)},
            "sha256": str(row.detail.get("sha256", ""))[:12],
        }
        for row in rows
    ]
