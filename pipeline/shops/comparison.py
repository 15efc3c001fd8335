"""What another shop list would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from pipeline.shops.registry import ShopRegistry, Tenancy


class ChangeKind(StrEnum):
    """What happens to a tenancy."""

    SHOP_ADDED = "shop_added"
    """A tenancy of a code that did not exist."""
    TENANCY_ADDED = "tenancy_added"
    """Another tenancy of a code that exists."""
    ENDED = "ended"
    """It gets a last day, and nothing else of it changes."""
    CHANGED = "changed"
    TENANCY_REMOVED = "tenancy_removed"
    SHOP_REMOVED = "shop_removed"
    """A tenancy of a code that will not exist any more."""


@dataclass(frozen=True, slots=True)
class ShopChange:
    """One tenancy before (None: there was none) and after (None: there will be none). ``columns`` are those that differ."""

    kind: ChangeKind
    code: str
    before: Tenancy | None
    after: Tenancy | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes from one list to another, by code; ``kept`` tenancies stay as they are."""

    changes: tuple[ShopChange, ...]
    kept: int

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many shops come or go, and how many tenancies each other kind of change is of."""
        of_shops = {ChangeKind.SHOP_ADDED, ChangeKind.SHOP_REMOVED}
        shops = Counter(kind for kind, _ in {(change.kind, change.code) for change in self.changes if change.kind in of_shops})
        return shops + Counter(change.kind for change in self.changes if change.kind not in of_shops)

    @property
    def removed_codes(self) -> tuple[str, ...]:
        """Codes that will not exist any more."""
        return tuple(sorted({change.code for change in self.changes if change.kind is ChangeKind.SHOP_REMOVED}))


def compare_shops(before: ShopRegistry, after: ShopRegistry) -> Comparison:
    """What changes from one list to the other. The order of rows says nothing."""
    changes: list[ShopChange] = []
    kept = 0
    for code in sorted({*before.tenancies, *after.tenancies}):
        old, new = before.tenancies.get(code, ()), after.tenancies.get(code, ())
        kept += len(set(old) & set(new))
        changes += _of_code(code, old, new, is_new=code not in before, is_gone=code not in after)
    return Comparison(tuple(changes), kept)


def merge_shops(before: ShopRegistry, added: ShopRegistry) -> ShopRegistry:
    """A list in which the codes of ``added`` are as it says, and all others as before."""
    return ShopRegistry({**before.tenancies, **added.tenancies})


def _of_code(code: str, old: Sequence[Tenancy], new: Sequence[Tenancy], *, is_new: bool, is_gone: bool) -> Iterator[ShopChange]:
    gone = [tenancy for tenancy in old if tenancy not in new]
    come = [tenancy for tenancy in new if tenancy not in old]
    # Same tenant and same first day; then the same first day; then the same tenant: what is left is another tenancy.
    for names in (("name", "since"), ("since",), ("name",)):
        for before in tuple(gone):
            after = next((each for each in come if all(getattr(each, name) == getattr(before, name) for name in names)), None)
            if after is not None:
                gone.remove(before)
                come.remove(after)
                yield _changed(code, before, after)
    for before in gone:
        yield ShopChange(ChangeKind.SHOP_REMOVED if is_gone else ChangeKind.TENANCY_REMOVED, code, before, None)
    for after in come:
        yield ShopChange(ChangeKind.SHOP_ADDED if is_new else ChangeKind.TENANCY_ADDED, code, None, after)


def _changed(code: str, before: Tenancy, after: Tenancy) -> ShopChange:
    columns = tuple(field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name))
    is_end = before.until is None and replace(before, until=after.until) == after
    return ShopChange(ChangeKind.ENDED if is_end else ChangeKind.CHANGED, code, before, after, columns)
