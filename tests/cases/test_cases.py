"""A case, step by step: who may do what from where, what is refused and why, and that nothing is ever lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cases import (
    REASONS,
    UNDO_WITHIN,
    Action,
    Case,
    CasePolicy,
    CaseRole,
    CaseState,
    Facts,
    Refusal,
    Step,
    StepRefusedError,
    can_undo,
    fold,
    possible,
    roles_for,
    take,
)

START = datetime(2026, 5, 12, 1, 42, tzinfo=UTC)
FACTS = Facts(
    shop_codes=("S001",),
    evidence_complete=True,
    seen_clear=True,
    day=date(2026, 5, 12),
    device_file_since=date(2026, 1, 1),
    device_file_until=date(2026, 12, 31),
)
POLICY = CasePolicy(penalties=True)
R, A, Q, S = CaseRole.REVIEWER, CaseRole.APPROVER, CaseRole.SQUAD, CaseRole.SYSTEM
WHO = {R: "ren", A: "an", Q: "qiu", S: "doorline", CaseRole.OPERATOR: "ou", CaseRole.ANALYST: "na"}

# From where, what, who, to where: docs/cases.md is what the code is held to.
DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "cases.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in DOCUMENT.partition("<!-- steps -->")[2].partition("<!-- /steps -->")[0].strip().splitlines()[2:]
]
MOVES = {
    (CaseState(state), Action(action), CaseRole(role)): CaseState(to) for state, action, roles, to in ROWS for role in roles.split(" or ")
}


def step(action: Action, role: CaseRole, after_s: float = 0.0, **said: object) -> Step:
    """A step with all that it needs, unless said otherwise."""
    at = START + timedelta(seconds=after_s)
    needed: dict[str, object] = {"reason": REASONS.get(action, ("",))[0], "note": "because"}
    if action in {Action.NOTIFY, Action.DISPATCH, Action.SCHEDULE_RECHECK}:
        needed["deadline"] = at + timedelta(days=1)
    if action is Action.DISPATCH:
        needed["squad"] = "first"
    return Step(action, WHO[role], role, at, **(needed | said))  # type: ignore[arg-type]  # named fields


def case_in(state: CaseState) -> Case:
    """A case that came to a state by steps that are allowed."""
    paths: dict[CaseState, tuple[Step, ...]] = {CaseState.CANDIDATE: ()}
    while state not in paths:
        for (before, action, role), after in MOVES.items():
            if before in paths and after not in paths:
                paths[after] = (*paths[before], step(action, role))
    return fold(paths[state])


def refused(case: Case, taken: Step, facts: Facts = FACTS, policy: CasePolicy = POLICY) -> Refusal:
    with pytest.raises(StepRefusedError) as caught:
        take(case, taken, facts, policy)
    return caught.value.refusal


def test_the_document_names_every_state() -> None:
    assert len(ROWS) >= 40
    assert all(f"`{state}`" in DOCUMENT for state in CaseState)


@pytest.mark.parametrize("state", CaseState)
def test_from_each_state_everybody_may_do_what_the_table_says_and_nothing_else(state: CaseState) -> None:
    case = case_in(state)
    for action, role in product(Action, CaseRole):
        if action is Action.UNDO:
            continue
        to = MOVES.get((state, action, role))
        taken = replace(step(action, role), by="somebody")
        if to is not None:
            assert take(case, taken, FACTS, POLICY).state is to
        else:
            expected = Refusal.ROLE if any(key[:2] == (state, action) for key in MOVES) else Refusal.STATE
            assert refused(case, taken) is expected
        assert (action in possible(case, role, "somebody", FACTS, POLICY)) == (to is not None)
        assert (role in roles_for(case, action)) == (to is not None)


def test_a_case_goes_from_candidate_to_the_archive() -> None:
    case = Case()
    for number, (action, role) in enumerate(
        [
            (Action.CONFIRM, R),
            (Action.NOTIFY, R),
            (Action.DISPATCH, R),
            (Action.ANSWER, Q),
            (Action.SUBMIT, R),
            (Action.WARN, A),
            (Action.SCHEDULE_RECHECK, A),
            (Action.FINISH_RECHECK, Q),
        ]
    ):
        assert not case.is_over
        case = take(case, step(action, role, number), FACTS, POLICY)
    assert case.state is CaseState.ARCHIVED
    assert case.is_over
    assert case.version == 8
    assert [(each.action, each.by) for each in case.steps][:2] == [(Action.CONFIRM, "ren"), (Action.NOTIFY, "ren")]


def test_the_law_is_decided_by_somebody_else_than_the_facts() -> None:
    case = case_in(CaseState.LAW_REVIEW)
    for action in (Action.FILE, Action.WARN, Action.WAIVE):
        assert refused(case, replace(step(action, A), by="ren")) is Refusal.SAME_PERSON
        assert action not in possible(case, A, "ren", FACTS, POLICY)
        assert take(case, step(action, A), FACTS, POLICY).steps[-1].by == "an"


@pytest.mark.parametrize(
    ("facts", "policy", "refusal"),
    [
        (FACTS, CasePolicy(), Refusal.PENALTY_OFF),
        (replace(FACTS, device_file_until=date(2026, 5, 11)), POLICY, Refusal.DEVICE_FILE),
        (replace(FACTS, device_file_since=date(2026, 5, 13)), POLICY, Refusal.DEVICE_FILE),
        (replace(FACTS, device_file_since=None), POLICY, Refusal.DEVICE_FILE),
        (replace(FACTS, day=None), POLICY, Refusal.DEVICE_FILE),
        (replace(FACTS, evidence_complete=False), POLICY, Refusal.EVIDENCE_INCOMPLETE),
    ],
)
def test_a_penalty_needs_the_district_the_device_file_and_all_evidence(facts: Facts, policy: CasePolicy, refusal: Refusal) -> None:
    case = case_in(CaseState.LAW_REVIEW)
    assert refused(case, step(Action.FILE, A), facts, policy) is refusal
    assert take(case, step(Action.WARN, A), facts, policy).state is CaseState.WARNED


def test_penalties_are_off_by_default() -> None:
    assert not CasePolicy().penalties


def test_incomplete_evidence_is_not_submitted() -> None:
    case = case_in(CaseState.NOTIFIED)
    assert refused(case, step(Action.SUBMIT, R), replace(FACTS, evidence_complete=False)) is Refusal.EVIDENCE_INCOMPLETE


@pytest.mark.parametrize(
    ("shops", "chosen", "is_right"),
    [
        ((), None, True),
        ((), "S001", False),
        (("S001",), None, True),
        (("S001",), "S001", True),
        (("S001",), "S009", False),
        (("S001", "S002"), None, False),
        (("S001", "S002"), "S002", True),
        (("S001", "S002"), "S009", False),
    ],
)
def test_whose_it_is_must_be_one_of_those_that_it_may_be(shops: tuple[str, ...], chosen: str | None, is_right: bool) -> None:
    taken, facts = step(Action.CONFIRM, R, shop_code=chosen), replace(FACTS, shop_codes=shops)
    if is_right:
        assert take(Case(), taken, facts, POLICY).shop_code == chosen
    else:
        assert refused(Case(), taken, facts) is Refusal.SHOP


def test_reasons_come_from_the_list_and_another_one_needs_a_sentence() -> None:
    assert refused(Case(), step(Action.REJECT, R, reason="ugly")) is Refusal.REASON
    assert refused(Case(), step(Action.REJECT, R, reason="")) is Refusal.REASON
    assert refused(Case(), step(Action.REJECT, R, reason="other", note=" ")) is Refusal.NOTE
    assert take(Case(), step(Action.REJECT, R, reason="unclear", note=""), FACTS, POLICY).state is CaseState.REJECTED
    assert refused(Case(), step(Action.EXEMPT, R, note="")) is Refusal.NOTE


@pytest.mark.parametrize("action", [Action.NOTIFY, Action.DISPATCH])
def test_who_is_told_to_do_something_is_told_until_when(action: Action) -> None:
    case = case_in(CaseState.FACT_CONFIRMED)
    assert refused(case, step(action, R, deadline=None)) is Refusal.DEADLINE
    assert refused(case, step(action, R, deadline=START)) is Refusal.DEADLINE
    until = START + timedelta(hours=2)
    assert take(case, step(action, R, deadline=until), FACTS, POLICY).deadline == until


def test_a_squad_must_be_named_and_is_forgotten_when_the_case_is_returned() -> None:
    case = case_in(CaseState.FACT_CONFIRMED)
    assert refused(case, step(Action.DISPATCH, R, squad="")) is Refusal.SQUAD
    sent = take(case, step(Action.DISPATCH, R), FACTS, POLICY)
    assert sent.squad == "first"
    back = take(sent, step(Action.RETURN, Q), FACTS, POLICY)
    assert (back.state, back.squad, back.deadline) == (CaseState.FACT_CONFIRMED, "", None)


def test_nobody_calls_rectified_what_the_camera_has_not_seen_clear() -> None:
    case = case_in(CaseState.NOTIFIED)
    for role in (R, S):
        assert refused(case, step(Action.RECTIFY, role), replace(FACTS, seen_clear=False)) is Refusal.NOT_CLEAR


def test_time_does_not_run_backwards() -> None:
    case = take(Case(), step(Action.CONFIRM, R, 10), FACTS, POLICY)
    assert refused(case, step(Action.NOTIFY, R, 9)) is Refusal.TIME


def test_a_step_is_taken_back_by_who_took_it_within_a_minute() -> None:
    case = take(Case(), step(Action.CONFIRM, R, shop_code="S001"), FACTS, POLICY)
    minute = UNDO_WITHIN.total_seconds()
    undo = Step(Action.UNDO, "ren", R, START + timedelta(seconds=minute))
    assert can_undo(case, "ren", undo.at)
    assert not can_undo(case, "an", undo.at)
    assert not can_undo(case, "ren", undo.at + timedelta(seconds=1))
    assert not can_undo(Case(), "ren", START)
    before = take(case, undo, FACTS, POLICY)
    assert (before.state, before.shop_code, before.steps, before.version) == (CaseState.CANDIDATE, None, (), 2)
    assert refused(case, replace(undo, by="an")) is Refusal.UNDO_OTHERS
    assert refused(case, replace(undo, at=undo.at + timedelta(seconds=1))) is Refusal.UNDO_LATE
    assert refused(Case(), undo) is Refusal.STATE


@given(st.lists(st.tuples(st.sampled_from(Action), st.sampled_from(CaseRole), st.sampled_from(["ren", "an", "qiu"])), max_size=40))
def test_whatever_is_tried_a_case_is_the_fold_of_what_was_taken(tries: list[tuple[Action, CaseRole, str]]) -> None:
    case, taken = Case(), []
    for number, (action, role, by) in enumerate(tries):
        tried = replace(step(action, role, number), by=by)
        try:
            after = take(case, tried, FACTS, POLICY)
        except StepRefusedError:
            continue
        taken.append(tried)
        if action is Action.UNDO:
            assert after.steps == case.steps[:-1]
        else:
            assert after.steps == (*case.steps, tried)
        case = after
        assert case == fold(taken)
        assert case.version == len(taken)
        law = [each for each in case.steps if each.action in {Action.FILE, Action.WARN, Action.WAIVE}]
        facts = [each for each in case.steps if each.action is Action.CONFIRM]
        assert all(each.by != facts[-1].by for each in law if len(facts) == 1)
        assert not any(each.role is S for each in law)
