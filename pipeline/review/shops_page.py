"""The registry of shops (一店一码): found, filtered, sorted, page by page; and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from pipeline.records import NO_ITEMS, Account, AuditEntry, Json, ShopItems
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.export import TableForm
from pipeline.review.seeing import seen_by
from pipeline.review.shop_list import ShopEntry
from pipeline.review.shop_search import (
    ShopOrder,
    ShopSearch,
    TheSearch,
    choices_of,
    days_ago,
    sees_contacts,
    shop_url,
    shops_frame,
    street_seen,
)
from pipeline.review.wording import Translate
from pipeline.shops import COLUMNS, ShopRegistry, Tenancy, csv_of, in_order, xlsx_of

router = APIRouter(include_in_schema=False)
_PAGE = 50
_FEW = 1000
"""So many shops are asked for by their codes; of more, all are counted at once."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BY_ITEMS: Mapping[ShopOrder, Callable[[ShopItems], float]] = {
    ShopOrder.ITEMS: lambda items: items.lately,
    ShopOrder.ITEMS_90: lambda items: items.earlier,
    ShopOrder.LAST: lambda items: items.last_at.timestamp() if items.last_at else 0,
}


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop in the table. ``right`` is the share of what was decided in the last 90 days that was confirmed; None without any."""

    entry: ShopEntry
    url: str
    items: ShopItems
    right: float | None


@router.get("/shops")
def show_shops(console: The, by: By, search: TheSearch, page: int = 1) -> HTMLResponse:
    """A page of the registry."""
    rows = _rows(console, by.account, search)
    pages = max(1, -(-len(rows) // _PAGE))
    number = min(max(page, 1), pages)
    shown = rows[(number - 1) * _PAGE : number * _PAGE]
    current = console.shop_list.current()
    query = search.query

    def address(other: int) -> str:
        return f"/shops?{query}&page={other}" if query else f"/shops?page={other}"

    rendered = console.render(
        "shops.html",
        by.language,
        **shops_frame(by, f"/shops?{query}" if query else "/shops"),
        rows=_with_items(console, by.account, shown),
        total=len(rows),
        visible=len(search.visible),
        vacant=sum(not entry.is_let for entry in search.visible),
        first=(number - 1) * _PAGE + 1,
        previous_url=address(number - 1) if number > 1 else "",
        next_url=address(number + 1) if number < pages else "",
        filters=search.told,
        order=search.order.value,
        choices=choices_of(search.visible, console.wording.of(by.language)),
        export_urls={form.value: f"/shops.{form.value}?{query}" for form in TableForm},
        cards_url=f"/shops/cards?{query}" if query else "/shops/cards",
        fault=current.fault if current else "",
        has_list=current is not None,
    )
    return HTMLResponse(rendered)


@router.get("/shops.{form}")
def export_shops(form: TableForm, console: The, by: By, search: TheSearch) -> Response:
    """The shops that an address asks for with all their tenancies, in a form that can be imported again."""
    current = console.shop_list.current()
    codes = {entry.code for entry in search.entries}
    tenancies = {} if current is None else {code: known for code, known in current.registry.tenancies.items() if code in codes}
    registry = _without_what_may_not_be_seen(ShopRegistry(tenancies), by.account)
    detail: dict[str, Json] = {"query": search.query, "shops": len(registry.tenancies)}
    console.records.accounts.note((AuditEntry(console.now(), by.account.name, "shops/exported", "shops", detail, by.remote),))
    name = f"doorline-shops-{console.now().astimezone(console.zone):%Y%m%d-%H%M}"
    return table_of(registry, form, name, console.wording.of(by.language))


@router.get("/shops/template.{form}")
def give_template(form: TableForm, console: The, by: By) -> Response:
    """A list without a shop, to be filled in."""
    return table_of(ShopRegistry({}), form, "doorline-shops-template", console.wording.of(by.language))


def table_of(registry: ShopRegistry, form: TableForm, name: str, t: Translate) -> Response:
    """A list as a file for spreadsheets."""
    headers = {"content-disposition": f'attachment; filename="{name}.{form.value}"'}
    if form is TableForm.CSV:
        return Response(csv_of(registry), media_type="text/csv; charset=utf-8", headers=headers)
    headings = {column: t(f"shops.column.{column}") for column in COLUMNS}
    notes = [(headings[column], t(f"shops.meaning.{column}")) for column in COLUMNS]
    made = xlsx_of(in_order(registry), headings, t("nav.shops"), (t("shops.meanings"), notes))
    return Response(made, media_type=_XLSX, headers=headers)


def _without_what_may_not_be_seen(registry: ShopRegistry, account: Account) -> ShopRegistry:
    def shown(tenancy: Tenancy) -> Tenancy:
        return tenancy if sees_contacts(account) else replace(tenancy, contact="")

    kept = {code: tuple(shown(tenancy) for tenancy in known if street_seen(account, tenancy)) for code, known in registry.tenancies.items()}
    return ShopRegistry(kept)


def _rows(console: Console, account: Account, search: ShopSearch) -> list[ShopEntry]:
    if search.order is ShopOrder.CODE:
        return list(search.entries)
    figure = _BY_ITEMS.get(search.order)
    if figure is None:
        # What is not known comes last.
        told = [(getattr(entry.tenancy, search.order.value), entry) for entry in search.entries]
        return [entry for _, entry in sorted(told, key=lambda each: (not each[0], each[0]))]
    codes = [entry.code for entry in search.entries]
    items = _items(console, account, codes if len(codes) <= _FEW else None)
    return sorted(search.entries, key=lambda entry: -figure(items.get(entry.code, NO_ITEMS)))


def _with_items(console: Console, account: Account, entries: list[ShopEntry]) -> list[ShopRow]:
    items = _items(console, account, [entry.code for entry in entries])
    rows = []
    for entry in entries:
        found = items.get(entry.code, NO_ITEMS)
        rows.append(ShopRow(entry, shop_url(entry.code), found, found.confirmed / found.decided if found.decided else None))
    return rows


def _items(console: Console, account: Account, codes: list[str] | None) -> Mapping[str, ShopItems]:
    return console.records.shops.items(seen_by(account), days_ago(console, 30), days_ago(console, 90), codes)
