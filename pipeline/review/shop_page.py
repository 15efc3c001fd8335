"""One shop: who had it when, what it may, which cameras see it, and what was found before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from pipeline.cases import CaseState
from pipeline.records import UNCONFIRMED, UNDECIDED, AuditEntry, AuditRow
from pipeline.review.asking import Asking, By, The
from pipeline.review.console import Console
from pipeline.review.frame import may_audit, sees_all
from pipeline.review.seeing import seen_by
from pipeline.review.shop_ground import Permit, filed_of, permits_of, sights_of
from pipeline.review.shop_list import ShopEntry
from pipeline.review.shop_search import local_day, sees_contacts, shop_url, shops_frame, street_seen, visible_shops
from pipeline.review.views import case_view
from pipeline.review.wording import Translate
from pipeline.shops import Tenancy
from pipeline.zones import OpenHours

router = APIRouter(include_in_schema=False)
_ITEMS = 20
_WEEKS = 26
_LOWEST = 4
"""Cases that fill the height of the chart at least."""
_CHANGES = 30


@dataclass(frozen=True, slots=True)
class Week:
    """What was first seen in a week: its first day (Monday), and how many cases; heights are 0..1 of the largest week."""

    first: date
    confirmed: int
    undecided: int
    others: int
    confirmed_height: float
    whole_height: float

    @property
    def all(self) -> int:
        """Of any outcome."""
        return self.confirmed + self.undecided + self.others


@router.get("/shops/{code:path}")
def show_shop(code: str, console: The, by: By) -> HTMLResponse:
    """The page of one shop. That somebody looked at it is a row of the audit."""
    entry = entry_of(console, by, code)
    now = console.now()
    console.records.accounts.note((AuditEntry(now, by.account.name, "shop/viewed", f"shop/{code}", {}, by.remote),))
    wanted = seen_by(by.account)
    rows = console.records.shops.cases(code, wanted, _ITEMS)
    moments = console.records.shops.moments(code, wanted)
    counts = Counter(state for _, state in moments)
    shown_name = console.shown_name()
    t = console.wording.of(by.language)
    tenancies = _tenancies(console, by, code)
    shown = console.render(
        "shop.html",
        by.language,
        **shops_frame(by, shop_url(code)),
        shop=entry,
        url=shop_url(code),
        today=local_day(console),
        tenancies=tenancies,
        earlier=_earlier(console, by, code, tenancies),
        changes=_changes(console, code, shown_name if may_audit(by.account) else None),
        sees_contacts=sees_contacts(by.account),
        sees_zones=sees_all(by.account),
        sights=sights_of(console.settings, code),
        permits=[_permit_view(permit, t) for permit in permits_of(console.settings, code, now)],
        filed=filed_of(console.settings, code, now),
        items=[(case_view(row, by.account.name, now, shown_name), row.shop_code in (None, code)) for row in rows],
        of_state={state.value: counts[state] for state in CaseState if counts[state]},
        total=counts.total(),
        weeks=_weeks(console, moments),
    )
    return HTMLResponse(shown)


def entry_of(console: Console, by: Asking, code: str) -> ShopEntry:
    """A shop that this person may see; 404 for all others: nobody learns that they exist."""
    entry = next((entry for entry in visible_shops(console, by.account) if entry.code == code), None)
    if entry is None:
        raise HTTPException(404)
    return entry


def _tenancies(console: Console, by: Asking, code: str) -> list[Tenancy]:
    """Of the list in force, the last first."""
    shops = console.shops
    known = () if shops is None else shops.tenancies.get(code, ())
    seen = [tenancy for tenancy in known if street_seen(by.account, tenancy)]
    return sorted(seen, key=lambda tenancy: str(tenancy.since or ""), reverse=True)


def _earlier(console: Console, by: Asking, code: str, tenancies: Sequence[Tenancy]) -> list[Tenancy]:
    """What earlier lists stated otherwise; contacts that are not in force any more are nobody's business."""
    stated = {replace(tenancy, contact="") for tenancy in console.records.shops.statements(code) if street_seen(by.account, tenancy)}
    gone = stated - {replace(tenancy, contact="") for tenancy in tenancies}
    return sorted(gone, key=lambda tenancy: (str(tenancy.since or ""), tenancy.name, tenancy.grade), reverse=True)


def _changes(console: Console, code: str, shown_name: Callable[[str], str] | None) -> list[dict[str, Any]]:
    """When the list in force was changed here, the last first. ``shown_name``: says who did it; None where this person is not told."""
    rows = console.records.accounts.list_audit(subject=f"shop/{code}", did="shop/changed", limit=_CHANGES)
    return [_change(row, shown_name) for row in rows]


def _change(row: AuditRow, shown_name: Callable[[str], str] | None) -> dict[str, Any]:
    columns = [(name, str(value)) for name, value in row.detail.items() if name not in {"kind", "sha256", "street", "squad"}]
    by = shown_name(row.account) if shown_name else ""
    return {"at": row.at, "by": by, "kind": str(row.detail.get("kind", "")), "columns": columns}


def _permit_view(permit: Permit, t: Translate) -> dict[str, Any]:
    hours = [f"{_days_text(each, t)} {each.opens:%H:%M}–{_end_text(each)}" for each in permit.hours]
    return {"permit": permit, "hours": hours or [t("shops.always")]}


def _end_text(hours: OpenHours) -> str:
    midnight = hours.closes.hour == 0 and hours.closes.minute == 0
    return "24:00" if midnight else f"{hours.closes:%H:%M}"


def _days_text(hours: OpenHours, t: Translate) -> str:
    """Every day, a span of days, or each of them."""
    days = sorted(hours.days)
    if len(days) == 7:
        return t("shops.daily")
    names = [t(f"weekday.{day}") for day in days]
    is_span = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    return t("shops.days_span", first=names[0], last=names[-1]) if is_span else t("list.comma").join(names)


def _weeks(console: Console, moments: Sequence[tuple[datetime | None, CaseState]]) -> list[Week]:
    """The last weeks, also those without a case."""
    today = local_day(console)
    first = today - timedelta(days=today.weekday() + 7 * (_WEEKS - 1))
    counted: dict[date, Counter[str]] = {first + timedelta(weeks=number): Counter() for number in range(_WEEKS)}
    for at, state in moments:
        if at is None:
            continue
        day = at.astimezone(console.zone).date()
        monday = day - timedelta(days=day.weekday())
        if monday in counted:
            counted[monday]["undecided" if state in UNDECIDED else "others" if state in UNCONFIRMED else "confirmed"] += 1
    return _heights(counted)


def _heights(counted: Mapping[date, Counter[str]]) -> list[Week]:
    # One case alone fills no chart.
    most = max(_LOWEST, *(count.total() for count in counted.values()))
    return [
        Week(monday, count["confirmed"], count["undecided"], count["others"], count["confirmed"] / most, count.total() / most)
        for monday, count in counted.items()
    ]
