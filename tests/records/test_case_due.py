"""What the calendar asks for: which steps are due, which deadlines have passed, and the order by deadline; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Step
from pipeline.records import CaseFilter, CaseOrder, Records
from tests.records.samples import FRUIT, NO_CLOCK, START, entry, furnish, run_info, violation
from tests.records.test_casebook import facts_of, ids_of

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def open_case(records: Records, source: int, name: str, *, first_s: float = 13.5, cleared: bool = True) -> None:
    records.save_violation("run-1", source, entry(violation(name, cleared=cleared, first_s=first_s), tenants=(FRUIT,)))


def take(records: Records, name: str, action: Action, at: datetime = NOW, role: CaseRole = CaseRole.REVIEWER, **said: object) -> None:
    step = Step(action, "somebody", role, at, **said)  # type: ignore[arg-type]  # named fields
    records.cases.take_step(name, step, records.cases.case(name).row.version, facts_of, CasePolicy())


def due(records: Records, now: datetime, days: float | None = 10, limit: int = 100) -> dict[str, Action]:
    expire_after = None if days is None else days * DAY
    return {step.violation_id: step.action for step in records.cases.due_steps(now, expire_after=expire_after, limit=limit)}


def notified(records: Records, name: str, until: datetime = NOW + DAY) -> None:
    take(records, name, Action.CONFIRM)
    take(records, name, Action.NOTIFY, deadline=until)


def test_a_notice_that_was_heeded_is_due_at_its_deadline_and_one_that_was_not_never(records: Records) -> None:
    source = furnish(records)
    open_case(records, source, "v-clear")
    open_case(records, source, "v-stands", cleared=False)
    for name in ("v-clear", "v-stands"):
        notified(records, name)
    assert due(records, NOW + DAY - timedelta(seconds=1), None) == {}
    assert due(records, NOW + DAY, None) == {"v-clear": Action.RECTIFY}
    (step,) = records.cases.due_steps(NOW + 2 * DAY, expire_after=None, limit=9)
    assert (step.version, step.state, step.since) == (2, CaseState.NOTIFIED, NOW + DAY)


def test_what_rests_for_so_long_expires_and_nothing_does_unless_it_is_wanted(records: Records) -> None:
    source = furnish(records)
    open_case(records, source, "v-1")
    seen = START + timedelta(seconds=73.5)
    assert due(records, seen + 10 * DAY - timedelta(seconds=1)) == {}
    assert due(records, seen + 10 * DAY) == {"v-1": Action.EXPIRE}
    assert due(records, seen + 1000 * DAY, None) == {}
    (step,) = records.cases.due_steps(seen + 11 * DAY, expire_after=10 * DAY, limit=9)
    assert (step.version, step.state, step.since) == (0, CaseState.CANDIDATE, seen + 10 * DAY)


@pytest.mark.parametrize(
    ("steps", "since"),
    [
        ([(Action.CONFIRM, {})], NOW),
        ([(Action.CONFIRM, {}), (Action.NOTIFY, {"deadline": NOW + 3 * DAY})], NOW + 3 * DAY),
        (
            [
                (Action.CONFIRM, {}),
                (Action.DISPATCH, {"deadline": NOW + DAY, "squad": "一中队"}),
                (Action.ANSWER, {"role": CaseRole.SQUAD, "reason": "refused"}),
            ],
            NOW,
        ),
        ([(Action.CONFIRM, {}), (Action.RETURN, {"note": "再看"})], NOW),
    ],
)
def test_a_case_rests_since_its_last_step_and_not_while_a_deadline_runs(
    records: Records, steps: list[tuple[Action, dict[str, object]]], since: datetime
) -> None:
    open_case(records, furnish(records), "v-1", cleared=False)
    for action, said in steps:
        take(records, "v-1", action, **said)  # type: ignore[arg-type]  # named fields
    assert due(records, since + 10 * DAY - timedelta(seconds=1)) == {}
    assert due(records, since + 10 * DAY) == {"v-1": Action.EXPIRE}


@pytest.mark.parametrize(
    "steps",
    [
        [(Action.DISPATCH, {"deadline": NOW + DAY, "squad": "一中队"})],
        [(Action.DISPATCH, {"deadline": NOW + DAY, "squad": "一中队"}), (Action.RECTIFY, {})],
        [(Action.EXEMPT, {"note": "有许可"})],
    ],
)
def test_what_is_with_a_squad_rectified_or_over_does_not_expire(records: Records, steps: list[tuple[Action, dict[str, object]]]) -> None:
    open_case(records, furnish(records), "v-1")
    take(records, "v-1", Action.CONFIRM)
    for action, said in steps:
        take(records, "v-1", action, **said)  # type: ignore[arg-type]  # named fields
    assert due(records, NOW + 1000 * DAY) == {}


def test_older_footage_rests_since_the_run_that_judged_it(records: Records) -> None:
    furnish(records)
    later = furnish(records, run_info("run-2", started_at=START + 400 * DAY))
    records.save_violation("run-2", later, entry(violation("v-1", cleared=True), folder="run-2"))
    assert due(records, START + 405 * DAY) == {}
    assert due(records, START + 410 * DAY) == {"v-1": Action.EXPIRE}


def test_a_recording_without_a_clock_rests_since_the_run_that_judged_it(records: Records) -> None:
    source = furnish(records, clock=NO_CLOCK)
    records.save_violation("run-1", source, entry(violation("v-1", cleared=True)))
    assert due(records, START + 9 * DAY) == {}
    assert due(records, START + 10 * DAY) == {"v-1": Action.EXPIRE}


def test_what_somebody_has_in_hand_is_left_to_them(records: Records) -> None:
    open_case(records, furnish(records), "v-1")
    now = NOW + 100 * DAY
    records.cases.claim("v-1", "ren", now, now + timedelta(minutes=10))
    assert due(records, now + timedelta(minutes=9)) == {}
    assert due(records, now + timedelta(minutes=10)) == {"v-1": Action.EXPIRE}


def test_the_longest_due_come_first_and_no_more_than_are_asked_for(records: Records) -> None:
    source = furnish(records)
    for number in range(4):
        open_case(records, source, f"v-{number}", first_s=1000.0 - 100.0 * number)
    assert list(due(records, NOW + 100 * DAY, limit=3)) == ["v-3", "v-2", "v-1"]


def with_deadlines(records: Records) -> None:
    """Deadlines in 3 h (told), 1 h (with a squad) and 2 h before (to look again), and one case without."""
    source = furnish(records)
    for number, name in enumerate(("v-told", "v-sent", "v-again", "v-none")):
        open_case(records, source, name, first_s=10.0 * number)
        if name != "v-none":
            take(records, name, Action.CONFIRM)
    take(records, "v-told", Action.NOTIFY, deadline=NOW + timedelta(hours=3))
    take(records, "v-sent", Action.DISPATCH, squad="一中队", deadline=NOW + timedelta(hours=1))
    take(records, "v-again", Action.RECTIFY)
    take(records, "v-again", Action.SCHEDULE_RECHECK, NOW - timedelta(0), deadline=NOW + timedelta(minutes=1))


def test_deadlines_are_counted_and_found(records: Records) -> None:
    with_deadlines(records)
    now = NOW + timedelta(hours=2)
    borders = (NOW + timedelta(hours=2, minutes=30), NOW + timedelta(hours=4))
    assert records.cases.count_due(CaseFilter(), now, borders) == (2, 0, 1)
    assert records.cases.count_due(CaseFilter(states=(CaseState.RECHECK,)), now, borders) == (1, 0, 0)
    assert records.cases.count_due(CaseFilter(streets=()), now, borders) == (0, 0, 0)
    assert ids_of(records, CaseFilter(due_until=now), CaseOrder.DUE) == ["v-again", "v-sent"]
    assert ids_of(records, CaseFilter(due_since=now), CaseOrder.DUE) == ["v-told"]
    assert ids_of(records, CaseFilter(due_since=NOW + timedelta(minutes=1), due_until=NOW + timedelta(hours=1)), CaseOrder.DUE) == [
        "v-again"
    ]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_by_deadline_comes_what_is_due_first_and_what_has_none_last_newest_first(records: Records, limit: int) -> None:
    with_deadlines(records)
    source = records.list_sources("run-1")[0].source_id
    open_case(records, source, "v-newer", first_s=900.0)
    expected = ["v-again", "v-sent", "v-told", "v-newer", "v-none"]
    assert ids_of(records, CaseFilter(), CaseOrder.DUE, limit) == expected
    for place, name in enumerate(expected):
        before = expected[place - 1] if place else None
        behind = expected[place + 1] if place + 1 < len(expected) else None
        assert records.cases.beside(name, CaseFilter(), CaseOrder.DUE, NOW, "ren") == (before, behind)


def test_equal_deadlines_lose_no_case(records: Records) -> None:
    source = furnish(records)
    names = [f"v-{number}" for number in range(5)]
    for number, name in enumerate(names):
        records.save_violation("run-1", source, entry(replace(violation(name), dwell_s=float(number)), tenants=(FRUIT,)))
        notified(records, name)
    assert sorted(ids_of(records, CaseFilter(), CaseOrder.DUE, 2)) == names
