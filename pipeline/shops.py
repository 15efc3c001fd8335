"""zones/shops.csv -> ShopRegistry: who was where, and when (一店一码)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Tenancy:
    """One tenant of one shop code, from ``since`` (None: always) to ``until`` inclusive (None: still)."""

    code: str
    name: str
    address: str
    street: str
    squad: str
    trade: str
    grade: str
    contact: str
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether this tenant had the shop on that local calendar day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ShopRegistry:
    """All shop codes with their tenancies, in the order of the file."""

    tenancies: Mapping[str, tuple[Tenancy, ...]]

    def __contains__(self, code: str) -> bool:
        """Whether this shop code exists at all."""
        return code in self.tenancies

    def tenant_on(self, code: str, day: date | None) -> Tenancy | None:
        """Who held the shop on that local day; None if nobody did, or if the day is unknown and tenants changed."""
        known = self.tenancies.get(code, ())
        if day is None:
            return known[0] if len(known) == 1 else None
        return next((tenancy for tenancy in known if tenancy.holds_on(day)), None)
