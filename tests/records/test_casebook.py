"""Cases in the records: opened with their violations, listed, claimed, and moved by people; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Facts, Refusal, Step, StepRefusedError
from pipeline.errors import RecordError
from pipeline.records import (
    CaseDetail,
    CaseFilter,
    CaseOrder,
    ClaimedCaseError,
    NoSuchCaseError,
    Records,
    StaleCaseError,
)
from pipeline.types import ViolationKind
from tests.records.samples import FRUIT, NO_CLOCK, START, ambiguous, entry, furnish, on_public_ground, run_info, violation

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)
POLICY = CasePolicy()


def facts_of(detail: CaseDetail) -> Facts:
    found = detail.detail.violation
    return Facts(found.shop_codes, evidence_complete=True, seen_clear=not found.open, day=date(2024, 1, 31))


def confirm(by: str = "ren", after_s: float = 0.0, **said: object) -> Step:
    return Step(Action.CONFIRM, by, CaseRole.REVIEWER, NOW + timedelta(seconds=after_s), **said)  # type: ignore[arg-type]  # named fields


def furnish_cases(records: Records, count: int) -> list[str]:
    """So many cases, one after the other: every second one still stands, every third is ambiguous."""
    source = furnish(records)
    ids = [f"v-{number:03d}" for number in range(count)]
    entries = []
    for number, name in enumerate(ids):
        found = replace(violation(name, first_s=10.0 * number, cleared=number % 2 == 1), dwell_s=float(number % 7))
        entries.append(entry(ambiguous(found) if number % 3 == 2 else found, tenants=(FRUIT,)))
    records.save_violations("run-1", source, entries)
    return ids


def ids_of(records: Records, wanted: CaseFilter, order: CaseOrder, limit: int = 50) -> list[str]:
    """All pages, one after the other."""
    found: list[str] = []
    after = ""
    while True:
        page = records.cases.list_cases(wanted, order, after=after, limit=limit)
        found += [case.violation_id for case in page.cases]
        after = page.after
        if not after:
            return found


def test_a_violation_that_was_opened_has_a_case_and_one_that_was_only_warned_of_has_none(records: Records) -> None:
    source = furnish(records)
    records.save_violation("run-1", source, entry(replace(violation("v-warned"), confirmed_at=None)))
    records.save_violation("run-1", source, entry(violation("v-opened"), tenants=(FRUIT,)))
    (case,) = records.cases.list_cases(CaseFilter()).cases
    assert (case.violation_id, case.state, case.version, case.street) == ("v-opened", CaseState.CANDIDATE, 0, "样谊路")
    assert case.violation.shop_names == ("鲜果行",)
    assert records.cases.count_cases(CaseFilter()).of_state == {CaseState.CANDIDATE: 1}


def test_what_the_queue_knows_follows_the_violation_and_what_was_decided_stays(records: Records) -> None:
    source = furnish(records)
    records.save_violation("run-1", source, entry(violation("v-1")))
    records.cases.take_step("v-1", confirm(), 0, facts_of, POLICY)
    assert records.cases.count_cases(CaseFilter(standing=True)).all == 1
    back = Step(Action.RETURN, "ren", CaseRole.REVIEWER, NOW, note="再看一次")
    records.cases.take_step("v-1", back, 1, facts_of, POLICY)
    records.save_violation("run-1", source, entry(violation("v-1", cleared=True)))
    detail = records.cases.case("v-1")
    assert (detail.row.state, detail.row.version) == (CaseState.CANDIDATE, 2)
    assert records.cases.count_cases(CaseFilter(standing=True)).all == 0


def test_what_the_camera_sees_cleared_is_rectified_by_itself(records: Records) -> None:
    source = furnish(records)
    for name in ("v-confirmed", "v-candidate"):
        records.save_violation("run-1", source, entry(violation(name)))
    early = Step(Action.CONFIRM, "ren", CaseRole.REVIEWER, START + timedelta(seconds=30))
    records.cases.take_step("v-confirmed", early, 0, facts_of, POLICY)
    for name in ("v-confirmed", "v-candidate"):
        for _ in range(2):
            records.save_violation("run-1", source, entry(violation(name, cleared=True)))
    detail = records.cases.case("v-confirmed")
    assert (detail.row.state, detail.row.version) == (CaseState.SELF_RECTIFIED, 2)
    last = detail.history[-1]
    assert (last.action, last.by, last.role, last.at) == (
        Action.RECTIFY,
        "doorline",
        CaseRole.SYSTEM,
        violation("v", cleared=True).cleared_at,
    )
    assert records.cases.case("v-candidate").row.state is CaseState.CANDIDATE
    assert [row.did for row in records.accounts.list_audit()] == ["case/rectify", "case/confirm"]
    records.save_violation("run-1", source, entry(violation("v-confirmed")))
    again = records.cases.case("v-confirmed")
    assert (again.row.state, again.history[-1].action, again.history[-1].note) == (
        CaseState.FACT_CONFIRMED,
        Action.RETURN,
        "seen standing again",
    )


def test_the_same_violation_found_again_by_another_run_is_the_same_case(records: Records) -> None:
    records.save_violation("run-1", furnish(records), entry(violation("v-1")))
    records.cases.take_step("v-1", confirm(), 0, facts_of, POLICY)
    again = furnish(records, run_info("run-2"))
    records.save_violation("run-2", again, entry(violation("v-1", cleared=True), folder="run-2"))
    (case,) = records.cases.list_cases(CaseFilter()).cases
    assert (case.violation.run_id, case.state) == ("run-1", CaseState.FACT_CONFIRMED)


@pytest.mark.parametrize("order", CaseOrder)
@pytest.mark.parametrize("limit", [1, 4, 50])
def test_pages_hold_every_case_once_in_order(records: Records, order: CaseOrder, limit: int) -> None:
    ids = furnish_cases(records, 12)
    found = ids_of(records, CaseFilter(), order, limit)
    expected = {
        CaseOrder.NEWEST: ids[::-1],
        CaseOrder.OLDEST: ids,
        CaseOrder.DUE: ids[::-1],
        CaseOrder.URGENT: sorted(ids, key=lambda name: (int(name[2:]) % 2 == 0, int(name[2:]) % 7, name), reverse=True),
    }
    assert found == expected[order]


def test_recordings_without_a_clock_come_last_of_the_newest(records: Records) -> None:
    source = furnish(records, clock=NO_CLOCK)
    records.save_violation("run-1", source, entry(violation("v-nobody-knows")))
    assert ids_of(records, CaseFilter(), CaseOrder.NEWEST) == ["v-nobody-knows"]
    assert records.cases.case("v-nobody-knows").row.violation.first_seen_at is None


@pytest.mark.parametrize("after", ["x", "WyJuZXdlc3QiXQ", "WyJvbGRlc3QiLCIyMDI0LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwidi0xIl0"])
def test_a_page_that_nobody_gave_is_refused(records: Records, after: str) -> None:
    furnish_cases(records, 2)
    with pytest.raises(RecordError, match="no such page"):
        records.cases.list_cases(CaseFilter(), CaseOrder.NEWEST, after=after)


def test_a_filter_finds_what_it_asks_for(records: Records) -> None:
    ids = furnish_cases(records, 9)
    source = records.list_sources("run-1")[0].source_id
    records.save_violation("run-1", source, entry(on_public_ground(violation("v-stall", first_s=500))))

    def found(**wanted: object) -> list[str]:
        return ids_of(records, CaseFilter(**wanted), CaseOrder.OLDEST)  # type: ignore[arg-type]  # named fields

    assert found(kind=ViolationKind.STREET_STALL) == ["v-stall"]
    assert found(ambiguous=True) == [ids[2], ids[5], ids[8]]
    assert found(shop_code="BS-0002") == [ids[2], ids[5], ids[8]]
    assert found(standing=True) == [*ids[::2], "v-stall"]
    assert found(since=START + timedelta(seconds=60), until=START + timedelta(seconds=80)) == [ids[6], ids[7]]
    assert found(complete=True) == []
    assert len(found(gaps=True)) == 10
    assert found(camera_id="cam09") == []
    assert found(streets=("另一条路",)) == []
    assert len(found(streets=("样谊路",))) == 10
    assert found(states=(CaseState.REJECTED,)) == []


def test_a_street_that_somebody_may_not_see_has_no_cases(records: Records) -> None:
    furnish_cases(records, 1)
    assert records.cases.case("v-000", ["样谊路"]).row.violation_id == "v-000"
    for streets in ([], ["另一条路"]):
        with pytest.raises(NoSuchCaseError, match="no such case"):
            records.cases.case("v-000", streets)


def test_a_step_is_taken_and_stays_with_who_when_and_why(records: Records) -> None:
    furnish_cases(records, 3)
    shop = confirm(shop_code="BS-0002", note="看清了")
    detail = records.cases.take_step("v-002", shop, 0, facts_of, POLICY, remote="10.0.0.7")
    assert (detail.row.state, detail.row.version, detail.row.shop_code) == (CaseState.FACT_CONFIRMED, 1, "BS-0002")
    assert records.cases.case("v-002").history == (shop,)
    undo = Step(Action.UNDO, "ren", CaseRole.REVIEWER, NOW + timedelta(seconds=30))
    back = records.cases.take_step("v-002", undo, 1, facts_of, POLICY)
    assert (back.row.state, back.row.version, back.row.shop_code) == (CaseState.CANDIDATE, 2, None)
    assert records.cases.case("v-002").history == (shop, undo)


def test_what_is_refused_changes_nothing(records: Records) -> None:
    furnish_cases(records, 3)
    with pytest.raises(StepRefusedError) as caught:
        records.cases.take_step("v-002", confirm(), 0, facts_of, POLICY)
    assert caught.value.refusal is Refusal.SHOP
    detail = records.cases.case("v-002")
    assert (detail.row.state, detail.row.version, detail.history) == (CaseState.CANDIDATE, 0, ())
    with pytest.raises(NoSuchCaseError):
        records.cases.take_step("v-999", confirm(), 0, facts_of, POLICY)


def test_of_two_who_decide_on_the_same_page_one_is_told(records: Records) -> None:
    furnish_cases(records, 1)
    records.cases.take_step("v-000", confirm(), 0, facts_of, POLICY)
    late = Step(Action.REJECT, "lu", CaseRole.REVIEWER, NOW + timedelta(seconds=1), reason="unclear")
    with pytest.raises(StaleCaseError, match="somebody has taken a step since; expected version 0; found 1"):
        records.cases.take_step("v-000", late, 0, facts_of, POLICY)


def test_of_many_who_decide_at_once_one_verdict_stands(records: Records) -> None:
    furnish_cases(records, 1)

    def decide(number: int) -> bool:
        try:
            records.cases.take_step("v-000", confirm(f"r{number}"), 0, facts_of, POLICY)
        except RecordError:
            return False
        return True

    # Refused as stale, or because the database was busy for too long: either way it was not taken.
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, range(6))) == 1
    assert len(records.cases.case("v-000").history) == 1


def test_who_has_a_case_in_hand_has_it_alone_until_it_lapses(records: Records) -> None:
    furnish_cases(records, 2)
    until = NOW + timedelta(minutes=10)
    records.cases.claim("v-000", "ren", NOW, until)
    records.cases.claim("v-000", "ren", NOW, until)
    with pytest.raises(ClaimedCaseError, match="somebody else is at this case; found ren, until 2024-02-01T08:10"):
        records.cases.claim("v-000", "lu", NOW, until)
    with pytest.raises(ClaimedCaseError):
        records.cases.take_step("v-000", confirm("lu"), 0, facts_of, POLICY)
    assert ids_of(records, CaseFilter(claimed_by="ren"), CaseOrder.OLDEST) == ["v-000"]
    records.cases.claim("v-000", "lu", until, until + timedelta(minutes=10))
    records.cases.release("v-000", "ren")
    assert records.cases.case("v-000").row.claimed_by == "lu"
    records.cases.claim("v-001", "lu", until, until + timedelta(minutes=10))
    assert records.cases.case("v-000").row.claimed_by is None
    records.cases.take_step("v-001", confirm("lu", after_s=3), 0, facts_of, POLICY)
    assert records.cases.case("v-001").row.claimed_by is None


def beside(records: Records, name: str, by: str, wanted: CaseFilter | None = None) -> Sequence[str | None]:
    return records.cases.beside(name, wanted or CaseFilter(), CaseOrder.OLDEST, NOW, by)


def test_beside_a_case_are_those_that_nobody_else_has(records: Records) -> None:
    ids = furnish_cases(records, 4)
    assert beside(records, ids[0], "ren") == (None, ids[1])
    assert beside(records, ids[2], "ren") == (ids[1], ids[3])
    records.cases.claim(ids[1], "lu", NOW, NOW + timedelta(minutes=1))
    assert beside(records, ids[0], "ren") == (None, ids[2])
    assert beside(records, ids[2], "lu") == (ids[1], ids[3])
    assert beside(records, ids[1], "ren", CaseFilter(standing=True)) == (ids[0], ids[2])
