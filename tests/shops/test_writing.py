"""What is written as CSV is read back as it was; and how two lists compare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from pipeline.shops import (
    COLUMNS,
    ChangeKind,
    ShopFaultCode,
    ShopRegistry,
    Tenancy,
    compare_shops,
    csv_of,
    in_order,
    merge_shops,
    read_shops,
)
from tests.shops.test_xlsx import registries

MEN = Tenancy("S1", "面馆", "样台路218号", "样谊路", "一中队", "餐饮", "B", "138", date(2020, 1, 1), None)
DOU = replace(MEN, name="豆浆", since=date(2026, 1, 15))
GUO = replace(MEN, code="S2", name="鲜果")
LIST = ShopRegistry({"S1": (MEN,), "S2": (GUO,)})


def kinds(before: ShopRegistry, after: ShopRegistry) -> list[tuple[str, ChangeKind, tuple[str, ...]]]:
    return [(change.code, change.kind, change.columns) for change in compare_shops(before, after).changes]


@settings(max_examples=150)
@given(registries())
def test_what_is_written_is_read_back_and_equal_lists_are_equal_bytes(registry: ShopRegistry) -> None:
    raw = csv_of(registry)
    read = read_shops(raw, "shops.csv")
    assert read.faults == ()
    assert in_order(read.registry) == in_order(registry)
    assert csv_of(read.registry) == raw
    assert csv_of(ShopRegistry(dict(reversed(list(registry.tenancies.items()))))) == raw
    assert compare_shops(registry, read.registry).changes == ()


@pytest.mark.parametrize("name", ["=1+1", "+86 138", "-", "@x", "'=1", "''+", "'x", "a=1"])
def test_nothing_that_a_spreadsheet_takes_for_a_formula_is_written(name: str) -> None:
    raw = csv_of(ShopRegistry({"S1": (replace(MEN, name=name),)}))
    cells = raw.decode("utf-8-sig").splitlines()[1].split(",")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert read_shops(raw, "shops.csv").registry.tenancies["S1"][0].name == name


def test_excel_reads_it_as_utf8() -> None:
    assert csv_of(LIST).startswith(b"\xef\xbb\xbfcode,name,")
    assert csv_of(LIST).count(b"\r\n") == 3


def test_a_hundred_thousand_rows_are_read() -> None:
    shops = ShopRegistry({f"S{number:06d}": (replace(MEN, code=f"S{number:06d}"),) for number in range(100_000)})
    raw = csv_of(shops)
    read = read_shops(raw, "shops.csv")
    assert (len(read.registry.tenancies), read.faults) == (100_000, ())
    assert compare_shops(shops, read.registry).kept == 100_000


def test_a_hundred_thousand_rows_of_one_code_are_told_of_one_by_one() -> None:
    """Not each beside each: that would never end."""
    rows = [",".join(("S1", f"店{number}", *[""] * 8)) for number in range(100_000)]
    read = read_shops("\n".join([",".join(COLUMNS), *rows]).encode(), "shops.csv")
    assert len(read.faults) == 99_999
    assert {fault.code for fault in read.faults} == {ShopFaultCode.TWO_TENANTS}


def test_more_rows_than_any_district_has_shops_are_refused() -> None:
    raw = (",".join(COLUMNS) + "\nS1,店,,,,,,,," * 200_001).encode()
    assert read_shops(raw, "shops.csv").faults[0].code is ShopFaultCode.TOO_MANY_ROWS


# --- comparing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        ({"S1": (MEN,), "S2": (GUO,), "S3": (replace(GUO, code="S3"),)}, [("S3", ChangeKind.SHOP_ADDED, ())]),
        ({"S1": (replace(MEN, until=date(2025, 12, 31)),), "S2": (GUO,)}, [("S1", ChangeKind.ENDED, ("until",))]),
        ({"S1": (replace(MEN, grade="C"),), "S2": (GUO,)}, [("S1", ChangeKind.CHANGED, ("grade",))]),
        ({"S1": (replace(MEN, grade="C", until=date(2025, 1, 1)),), "S2": (GUO,)}, [("S1", ChangeKind.CHANGED, ("grade", "until"))]),
        ({"S1": (replace(MEN, since=date(2019, 1, 1)),), "S2": (GUO,)}, [("S1", ChangeKind.CHANGED, ("since",))]),
        ({"S1": (replace(MEN, name="拉面"),), "S2": (GUO,)}, [("S1", ChangeKind.CHANGED, ("name",))]),
        (
            {"S1": (replace(MEN, until=date(2026, 1, 14)), DOU), "S2": (GUO,)},
            [("S1", ChangeKind.ENDED, ("until",)), ("S1", ChangeKind.TENANCY_ADDED, ())],
        ),
        ({"S1": (DOU,), "S2": (GUO,)}, [("S1", ChangeKind.TENANCY_REMOVED, ()), ("S1", ChangeKind.TENANCY_ADDED, ())]),
        ({"S1": (MEN,)}, [("S2", ChangeKind.SHOP_REMOVED, ())]),
        ({"S2": (GUO,), "S1": (MEN,)}, []),
    ],
)
def test_what_another_list_changes(after: dict[str, tuple[Tenancy, ...]], changes: list[tuple[str, ChangeKind, tuple[str, ...]]]) -> None:
    assert kinds(LIST, ShopRegistry(after)) == changes


def test_a_tenancy_that_was_ended_and_gets_another_end_is_changed() -> None:
    ended = ShopRegistry({"S1": (replace(MEN, until=date(2025, 1, 1)),)})
    later = ShopRegistry({"S1": (replace(MEN, until=date(2025, 2, 1)),)})
    assert kinds(ended, later) == [("S1", ChangeKind.CHANGED, ("until",))]


def test_a_part_of_the_list_leaves_all_others_as_they_are() -> None:
    merged = merge_shops(LIST, ShopRegistry({"S2": (replace(GUO, grade="A"),), "S3": (replace(GUO, code="S3"),)}))
    assert kinds(LIST, merged) == [("S2", ChangeKind.CHANGED, ("grade",)), ("S3", ChangeKind.SHOP_ADDED, ())]
    assert compare_shops(LIST, merged).removed_codes == ()


@settings(max_examples=100)
@given(registries(), registries())
def test_counts_add_up(before: ShopRegistry, after: ShopRegistry) -> None:
    found = compare_shops(before, after)
    gone = sum(change.before is not None for change in found.changes)
    come = sum(change.after is not None for change in found.changes)
    assert found.kept + gone == len(in_order(before))
    assert found.kept + come == len(in_order(after))
    assert set(found.removed_codes) == set(before.tenancies) - set(after.tenancies)
    assert found.counts.get(ChangeKind.SHOP_ADDED, 0) == len(set(after.tenancies) - set(before.tenancies))
    assert found.counts.get(ChangeKind.SHOP_REMOVED, 0) == len(found.removed_codes)
    assert found.counts.get(ChangeKind.CHANGED, 0) == sum(change.kind is ChangeKind.CHANGED for change in found.changes)
