"""Draws and shops in the records: added, never changed; counted for the right shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Facts, Step
from pipeline.records import AuditEntry, CaseDetail, CaseFilter, Draw, NoSuchDrawError, Records, ShopItems
from pipeline.shops import ShopRegistry, Tenancy
from tests.records.samples import FRUIT, NOODLES, SHOPS, START, TOOLS, ambiguous, entry, furnish, violation

DRAW = Draw(
    "a" * 16, START, "ou", "seed", {"streets": ["样谊路"], "shops": 2}, ("BS-0002", "BS-0001"), ("qiu",), ("BS-0001", "BS-0002", "店-三")
)
TOLD = AuditEntry(START, "ou", "draw/made", f"draw/{DRAW.draw_id}")


def test_a_draw_is_kept_with_its_audit_row(records: Records) -> None:
    assert records.draws.add(DRAW, (TOLD,))
    assert records.draws.draw(DRAW.draw_id) == DRAW
    assert [row.did for row in records.accounts.list_audit()] == ["draw/made"]


def test_a_form_sent_twice_draws_once_and_changes_nothing(records: Records) -> None:
    records.draws.add(DRAW, (TOLD,))
    assert not records.draws.add(replace(DRAW, seed="another", drawn=("BS-0001",)), (TOLD,))
    assert records.draws.draw(DRAW.draw_id) == DRAW
    assert len(records.accounts.list_audit()) == 1


def test_there_is_no_way_to_change_a_draw(records: Records) -> None:
    assert {name for name in dir(records.draws) if not name.startswith("_")} == {"add", "draw", "list"}


def test_draws_come_newest_first_page_by_page(records: Records) -> None:
    made = [replace(DRAW, draw_id=f"{number:016x}", drawn_at=START + timedelta(minutes=number // 2)) for number in range(7)]
    for draw in made:
        records.draws.add(draw)
    first = records.draws.list(limit=3)
    rest = records.draws.list(before=first[-1].draw_id, limit=10)
    assert [row.draw_id for row in (*first, *rest)] == [draw.draw_id for draw in reversed(made)]
    assert first[0].drawn == DRAW.drawn
    assert first[0].wanted == DRAW.wanted


@pytest.mark.parametrize("draw_id", ["", "nothing", "b" * 16])
def test_there_is_no_such_draw(records: Records, draw_id: str) -> None:
    with pytest.raises(NoSuchDrawError):
        records.draws.draw(draw_id)
    with pytest.raises(NoSuchDrawError):
        records.draws.list(before=draw_id or "nothing")


# --- shops ------------------------------------------------------------------------------------------------------


class RefusedError(Exception):
    """The file could not be put in its place."""


def test_a_list_is_kept_with_its_audit_row_and_put_in_force_last(records: Records) -> None:
    seen: list[int] = []
    records.shops.put_in_force((SHOPS,), (TOLD,), lambda: seen.append(1))
    assert seen == [1]
    assert set(records.shops.statements("BS-0001")) == {FRUIT, NOODLES}
    assert len(records.accounts.list_audit()) == 1


def test_a_list_that_cannot_be_put_in_force_leaves_the_records_as_they_were(records: Records) -> None:
    def refuse() -> None:
        raise RefusedError

    with pytest.raises(RefusedError):
        records.shops.put_in_force((SHOPS,), (TOLD,), refuse)
    assert records.shops.statements("BS-0001") == ()
    assert records.accounts.list_audit() == ()


def test_what_earlier_lists_stated_stays(records: Records) -> None:
    records.save_shops(SHOPS)
    other = replace(TOOLS, grade="C")
    records.shops.put_in_force((ShopRegistry({"BS-0002": (other,)}),), (), lambda: None)
    assert set(records.shops.statements("BS-0002")) == {TOOLS, other}
    assert records.shops.statements("BS-9999") == ()


def furnish_cases(records: Records) -> list[str]:
    """Four cases a day apart: of shop 1, of shop 1, of either, of either."""
    source = furnish(records)
    names = [f"v-{number}" for number in range(4)]
    found = [violation(name, first_s=86400.0 * number, cleared=True) for number, name in enumerate(names)]
    both = [ambiguous(each) if number > 1 else each for number, each in enumerate(found)]
    records.save_violations("run-1", source, [entry(each, tenants=(FRUIT, TOOLS)[: len(each.target.shop_codes)]) for each in both])
    return names


def decide(records: Records, name: str, action: Action, shop_code: str | None = None, reason: str = "") -> None:
    step = Step(action, "ren", CaseRole.REVIEWER, START + timedelta(days=9), shop_code=shop_code, reason=reason)

    def facts(detail: CaseDetail) -> Facts:
        return Facts(shop_codes=detail.detail.violation.shop_codes)

    records.cases.take_step(name, step, 0, facts, CasePolicy())


def test_cases_are_counted_for_the_shop_that_they_were_found_to_be_of(records: Records) -> None:
    names = furnish_cases(records)
    lately, earlier = START + timedelta(days=1), START - timedelta(days=1)
    both = ["BS-0001", "BS-0002"]
    before = records.shops.items(CaseFilter(), lately, earlier, both)
    assert before["BS-0001"] == ShopItems(3, 4, 0, 0, START + timedelta(seconds=3 * 86400))
    assert before["BS-0002"].earlier == 2
    decide(records, names[0], Action.REJECT, reason="unclear")
    decide(records, names[1], Action.CONFIRM)
    decide(records, names[2], Action.CONFIRM, "BS-0002")
    after = records.shops.items(CaseFilter(), lately, earlier, ["BS-0001", "BS-0002", "BS-9999"])
    assert after["BS-0001"] == ShopItems(2, 3, 2, 1, START + timedelta(seconds=3 * 86400))
    assert after["BS-0002"] == ShopItems(2, 2, 1, 1, START + timedelta(seconds=3 * 86400))
    assert set(after) == {"BS-0001", "BS-0002"}
    confirmed = CaseFilter(states=(CaseState.FACT_CONFIRMED,))
    assert records.shops.items(confirmed, lately, earlier, both)["BS-0001"].earlier == 1
    assert records.shops.items(CaseFilter(streets=("另一条路",)), lately, earlier, both) == {}
    assert records.shops.items(CaseFilter(), lately, earlier, []) == {}
    assert records.shops.numbers(CaseFilter(), lately) == {"BS-0001": 2, "BS-0002": 2}
    assert records.shops.numbers(confirmed, earlier) == {"BS-0001": 1, "BS-0002": 1}
    assert [state for _, state in records.shops.moments("BS-0002", CaseFilter())] == [CaseState.FACT_CONFIRMED, CaseState.CANDIDATE]
    assert records.shops.moments("BS-0002", CaseFilter())[0][0] == START + timedelta(days=2)


def test_the_last_cases_of_a_shop(records: Records) -> None:
    names = furnish_cases(records)
    decide(records, names[3], Action.CONFIRM, "BS-0001")
    found = records.shops.cases("BS-0002", CaseFilter(), 5)
    assert [(row.violation_id, row.shop_code, row.violation.shop_names) for row in found] == [
        (names[3], "BS-0001", ("鲜果行", "=五金")),
        (names[2], None, ("鲜果行", "=五金")),
    ]
    assert [row.violation_id for row in records.shops.cases("BS-0001", CaseFilter(), 2)] == [names[3], names[2]]
    assert records.shops.cases("BS-0001", CaseFilter(states=()), 2) == ()


def test_shops_that_had_a_case_last_come_first(records: Records) -> None:
    names = furnish_cases(records)
    assert records.shops.newest(CaseFilter(), {"BS-0001", "BS-0002"}, 5) == ("BS-0001", "BS-0002")
    for name in names[2:]:
        decide(records, name, Action.CONFIRM, "BS-0002")
    assert records.shops.newest(CaseFilter(), {"BS-0001", "BS-0002"}, 5) == ("BS-0002", "BS-0001")
    assert records.shops.newest(CaseFilter(), {"BS-0001", "BS-0002"}, 1) == ("BS-0002",)
    assert records.shops.newest(CaseFilter(), {"BS-0001"}, 5) == ("BS-0001",)
    assert records.shops.newest(CaseFilter(streets=()), {"BS-0001"}, 5) == ()


def test_which_shops_any_case_names(records: Records) -> None:
    furnish_cases(records)
    assert records.shops.codes_with_cases(["BS-0001", "BS-0002", "BS-9999"]) == {"BS-0001", "BS-0002"}
    assert records.shops.codes_with_cases([f"S{number}" for number in range(2500)]) == frozenset()
    assert records.shops.codes_with_cases([]) == frozenset()


def test_statements_come_by_their_first_day(records: Records) -> None:
    later = Tenancy("S1", "乙", "", "", "", "", "", "", date(2026, 1, 1), None)
    first = replace(later, name="甲", since=None, until=date(2025, 12, 31))
    records.save_shops(ShopRegistry({"S1": (later, first)}))
    assert records.shops.statements("S1") == (first, later)
