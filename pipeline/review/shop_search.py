"""Which shops somebody may see, and which of them an address asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request

from pipeline.cases import CaseRole
from pipeline.errors import ConfigError
from pipeline.records import Account
from pipeline.review.asking import Asking, By, The
from pipeline.review.console import Console, streets_of
from pipeline.review.frame import frame, may_draw_lots
from pipeline.review.shop_list import ShopEntry
from pipeline.review.wording import Translate
from pipeline.shops import GRADES, Tenancy

_NO_GRADE = "-"
_KEPT = ("q", "street", "grade", "squad", "trade", "let", "sort")


class ShopOrder(StrEnum):
    """How the registry is sorted. What was found comes with the most or the latest first."""

    CODE = "code"
    NAME = "name"
    STREET = "street"
    GRADE = "grade"
    SQUAD = "squad"
    ITEMS = "items"
    """Of the last 30 days."""
    ITEMS_90 = "items90"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class ShopSearch:
    """What an address asks for, as it stands there, and the shops that fit it, of those that somebody may see."""

    told: Mapping[str, str]
    order: ShopOrder
    entries: tuple[ShopEntry, ...]
    visible: tuple[ShopEntry, ...]

    @property
    def query(self) -> str:
        """For addresses: only what was asked for."""
        return urlencode({name: value for name, value in self.told.items() if value})


def search_of(request: Request, console: The, by: By) -> ShopSearch:
    """The shops that an address asks for. ConfigError where it means nothing."""
    told = {name: request.query_params.get(name, "").strip()[:200] for name in _KEPT}
    try:
        order = ShopOrder(told["sort"] or "code")
    except ValueError as err:
        raise ConfigError("this address asks for what there is not", where="/shops", found=str(err)) from err
    visible = visible_shops(console, by.account)
    return ShopSearch(told, order, tuple(_fitting(visible, told)), visible)


TheSearch = Annotated[ShopSearch, Depends(search_of)]


def visible_shops(console: Console, account: Account) -> tuple[ShopEntry, ...]:
    """All shops that somebody may see, by code, as they are today."""
    current = console.shop_list.current()
    entries = () if current is None else current.entries(local_day(console))
    streets = streets_of(account)
    return entries if streets is None else tuple(entry for entry in entries if entry.tenancy.street in streets)


def local_day(console: Console) -> date:
    """Today, where the cameras are."""
    return console.now().astimezone(console.zone).date()


def days_ago(console: Console, days: int) -> datetime:
    """The local midnight with which a period of so many days began that ends today."""
    return datetime.combine(local_day(console) - timedelta(days=days - 1), time(), console.zone)


def may_keep_shops(account: Account) -> bool:
    """Whether somebody may put another list in force."""
    return CaseRole.OPERATOR in account.roles and CaseRole.SQUAD not in account.roles


def sees_contacts(account: Account) -> bool:
    """Whether somebody may see how a tenant is reached: whoever works with tenants, not who only compares figures."""
    return bool(set(account.roles) - {CaseRole.ANALYST})


def shop_url(code: str) -> str:
    """The page of a shop."""
    return f"/shops/{quote(code, safe='')}"


def shops_frame(by: Asking, here: str) -> dict[str, Any]:
    """For every page about shops: what stands around it, and where else to go among them."""
    return frame(by.login, here) | {
        "may_import": may_keep_shops(by.account),
        "may_draw": may_draw_lots(by.account),
        "is_squad": CaseRole.SQUAD in by.account.roles,
    }


def street_seen(account: Account, tenancy: Tenancy) -> bool:
    """Whether somebody may see what is known of this tenancy."""
    streets = streets_of(account)
    return streets is None or tenancy.street in streets


def choices_of(entries: Iterable[ShopEntry], t: Translate) -> dict[str, list[tuple[str, str]]]:
    """Filter -> values that these shops have, with their names."""
    found: dict[str, set[str]] = {"street": set(), "squad": set(), "trade": set()}
    for entry in entries:
        for name, values in found.items():
            values.add(getattr(entry.tenancy, name))
    choices = {name: [(value, value) for value in sorted(values - {""})] for name, values in found.items()}
    choices["grade"] = [*((grade, grade) for grade in GRADES), (_NO_GRADE, t("shops.no_grade"))]
    choices["let"] = [("1", t("shops.let")), ("0", t("shops.vacant"))]
    return choices


def _fitting(entries: Iterable[ShopEntry], told: Mapping[str, str]) -> Iterable[ShopEntry]:
    words = told["q"].casefold().split()
    grade = "" if told["grade"] == _NO_GRADE else told["grade"]
    for entry in entries:
        tenancy = entry.tenancy
        if (
            (not told["street"] or tenancy.street == told["street"])
            and (not told["grade"] or tenancy.grade == grade)
            and (not told["squad"] or tenancy.squad == told["squad"])
            and (not told["trade"] or tenancy.trade == told["trade"])
            and (not told["let"] or entry.is_let == (told["let"] == "1"))
            and all(word in entry.text for word in words)
        ):
            yield entry
