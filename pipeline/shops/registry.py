"""Who was where, and when: values that nothing can be wrong with any more."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

COLUMNS = ("code", "name", "address", "street", "squad", "trade", "grade", "contact", "since", "until")
"""Every column of zones/shops.csv. All must be there, in any order; only code and name must be filled in."""
GRADES = ("A", "B", "C")
"""分级分类. A row may also leave its grade empty."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """One tenancy of one shop code, from ``since`` (None: always) to ``until`` inclusive (None: still)."""

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

    def last_tenant(self, code: str, day: date) -> Tenancy | None:
        """Who held the shop on that local day, else who held it last before; before all of them, the first. None for a code without any."""
        known = sorted(self.tenancies.get(code, ()), key=lambda tenancy: tenancy.since or date.min)
        begun = [tenancy for tenancy in known if tenancy.since is None or tenancy.since <= day]
        return begun[-1] if begun else known[0] if known else None

    def closest_code(self, code: str) -> str | None:
        """The known code that somebody who wrote this one most likely meant; None if none is close."""
        return next(iter(difflib.get_close_matches(code, self.tenancies, n=1, cutoff=0.6)), None)
