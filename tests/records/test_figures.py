"""Figures of many cases, counted by hand; on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Facts, Step
from pipeline.records import CaseDetail, CaseFilter, Records
from pipeline.types import ViolationKind
from tests.records.samples import FRUIT, NO_CLOCK, START, TOOLS, ambiguous, entry, furnish, on_public_ground, run_info, violation

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)


def facts_of(detail: CaseDetail) -> Facts:
    return Facts(detail.detail.violation.shop_codes, evidence_complete=True, seen_clear=False, day=date(2024, 1, 31))


def decide(records: Records, name: str, action: Action, **said: str) -> None:
    step = Step(action, "ren", CaseRole.REVIEWER, NOW, **said)  # type: ignore[arg-type]  # named fields
    records.cases.take_step(name, step, records.cases.case(name).row.version, facts_of, CasePolicy())


def furnish_figures(records: Records) -> None:
    """Eight cases of a shop, an hour apart; the third is ambiguous, the last a stall on public ground."""
    source = furnish(records)
    for number in range(8):
        found = violation(f"v-{number}", first_s=3600.0 * number)
        found = ambiguous(found) if number == 2 else on_public_ground(found) if number == 7 else found
        records.save_violation("run-1", source, entry(found, tenants=() if number == 7 else (FRUIT, TOOLS) if number == 2 else (FRUIT,)))


def test_cases_are_counted_by_what_became_of_them(records: Records) -> None:
    furnish_figures(records)
    for name in ("v-0", "v-1"):
        decide(records, name, Action.CONFIRM)
    decide(records, "v-2", Action.CONFIRM, shop_code="BS-0002")
    decide(records, "v-3", Action.REJECT, reason="passer_by")
    decide(records, "v-4", Action.REJECT, reason="unclear")
    decide(records, "v-5", Action.REJECT, reason="unclear")
    figures = records.cases.figures(CaseFilter())
    shop, stall = figures.tallies
    assert (shop.camera_id, shop.kind) == ("cam01", ViolationKind.BEYOND_SHOPFRONT)
    assert shop.of_state == {CaseState.FACT_CONFIRMED: 3, CaseState.REJECTED: 3, CaseState.CANDIDATE: 1}
    assert (stall.kind, stall.of_state) == (ViolationKind.STREET_STALL, {CaseState.CANDIDATE: 1})
    assert list(figures.rejections.items()) == [("unclear", 2), ("passer_by", 1)]
    assert [(each.code, each.name, each.cases) for each in figures.shops] == [("BS-0001", "鲜果行", 2), ("BS-0002", "=五金", 1)]
    hours = Counter((START + timedelta(seconds=3600.0 * number)).replace(minute=0, second=0, microsecond=0) for number in range(8))
    assert figures.hours == hours
    waited = sorted((NOW - (START + timedelta(seconds=3600.0 * number + 8.123456))).total_seconds() for number in range(6))
    assert figures.verdict_s == (waited[2] + waited[3]) / 2


def test_only_what_a_filter_finds_is_counted(records: Records) -> None:
    furnish_figures(records)
    figures = records.cases.figures(CaseFilter(since=START + timedelta(hours=5), kind=ViolationKind.BEYOND_SHOPFRONT))
    assert [sum(tally.of_state.values()) for tally in figures.tallies] == [2]
    nothing = records.cases.figures(CaseFilter(streets=()))
    assert (nothing.tallies, dict(nothing.hours), nothing.shops, nothing.verdict_s) == ((), {}, (), None)


def test_a_rejection_that_was_taken_back_is_none(records: Records) -> None:
    furnish_figures(records)
    decide(records, "v-0", Action.REJECT, reason="unclear")
    records.cases.take_step("v-0", Step(Action.UNDO, "ren", CaseRole.REVIEWER, NOW), 1, facts_of, CasePolicy())
    assert records.cases.figures(CaseFilter()).rejections == {}


def test_recordings_without_a_clock_have_no_hour(records: Records) -> None:
    records.save_violation("run-2", furnish(records, run_info("run-2"), clock=NO_CLOCK), entry(replace(violation("v-nobody-knows"))))
    figures = records.cases.figures(CaseFilter())
    assert sum(sum(tally.of_state.values()) for tally in figures.tallies) == 1
    assert dict(figures.hours) == {}


def test_what_is_to_be_done_is_counted_by_street_camera_and_state(records: Records) -> None:
    furnish_figures(records)
    for name in ("v-0", "v-1"):
        decide(records, name, Action.CONFIRM)
    step = Step(Action.DISPATCH, "ren", CaseRole.REVIEWER, NOW, squad="一中队", deadline=NOW + timedelta(hours=1))
    records.cases.take_step("v-1", step, 1, facts_of, CasePolicy())
    decide(records, "v-3", Action.REJECT, reason="unclear")
    states = (CaseState.CANDIDATE, CaseState.FACT_CONFIRMED, CaseState.DISPATCHED)

    def counted(now: datetime) -> list[tuple[str, str, CaseState, bool, int, int]]:
        load = records.cases.workload(states, now)
        return sorted((each.street, each.camera_id, each.state, each.standing, each.cases, each.late) for each in load)

    wanted = [
        ("样谊路", "cam01", CaseState.CANDIDATE, True, 5, 0),
        ("样谊路", "cam01", CaseState.DISPATCHED, True, 1, 0),
        ("样谊路", "cam01", CaseState.FACT_CONFIRMED, True, 1, 0),
    ]
    assert counted(NOW) == sorted(wanted)
    assert [late for *_, late in counted(NOW + timedelta(hours=2))] == [0, 1, 0]
    assert records.cases.workload((), NOW) == ()
