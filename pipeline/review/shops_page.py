"""The registry of shops (一店一码): found, filtered, sorted, page by page; and as a table."""

from __future__ import annotations

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
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAYS_OF = {ShopOrder.ITEMS: 30, ShopOrder.ITEMS_90: 90}


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
    total = len(search.entries)
    pages = max(1, -(-total // _PAGE))
    number = min(max(page, 1), pages)
    shown = _in_order(console, by.account, search, number * _PAGE)[(number - 1) * _PAGE : number * _PAGE]
    current = console.shop_list.current()
    query = search.query

    def address(other: int) -> str:
        return f"/shops?{query}&page={other}" if query else f"/shops?page={other}"

    rendered = console.render(
        "shops.html",
        by.language,
        **shops_frame(by, f"/shops?{query}" if query else "/shops"),
        rows=_with_items(console, by.account, shown),
        total=total,
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


def _in_order(console: Console, account: Account, search: ShopSearch, count: int) -> list[ShopEntry]:
    """All shops of a search; at least the first ``count`` are in the order that it asks for."""
    entries, order, shops = search.entries, search.order, console.records.shops
    if order is ShopOrder.CODE:
        return list(entries)
    if order is ShopOrder.LAST:
        by_code = {entry.code: entry for entry in entries}
        first = [by_code.pop(code) for code in shops.newest(seen_by(account), set(by_code), count)]
        return [*first, *by_code.values()]
    if order in _DAYS_OF:
        numbers = shops.numbers(seen_by(account), days_ago(console, _DAYS_OF[order]))
        return sorted(entries, key=lambda entry: -numbers.get(entry.code, 0))
    # What is not known comes last.
    told = [(getattr(entry.tenancy, order.value), entry) for entry in entries]
    return [entry for _, entry in sorted(told, key=lambda each: (not each[0], each[0]))]


def _with_items(console: Console, account: Account, entries: list[ShopEntry]) -> list[ShopRow]:
    lately, earlier = days_ago(console, 30), days_ago(console, 90)
    items = console.records.shops.items(seen_by(account), lately, earlier, [entry.code for entry in entries])
    rows = []
    for entry in entries:
        found = items.get(entry.code, NO_ITEMS)
        rows.append(ShopRow(entry, shop_url(entry.code), found, found.confirmed / found.decided if found.decided else None))
    return rows
