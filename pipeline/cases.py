"""What becomes of a violation after it was found: people decide, step by step, and every step stays (docs/cases.md).

Pure: steps in, case out, or a refusal that says why. A case is the fold of its steps; nothing is ever changed in place, and taking
something back is a step of its own. The product itself takes steps for two reasons only: what the camera sees (the ground is clear, or
no longer is) and what the calendar says (nobody decided in time, or a notice was heeded). It never moves a case towards a penalty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

UNDO_WITHIN = timedelta(seconds=60)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class CaseRole(StrEnum):
    """What somebody may do. A person may have several."""

    OPERATOR = "operator"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    SQUAD = "squad"
    ANALYST = "analyst"
    SYSTEM = "system"
    """The product itself."""


class CaseState(StrEnum):
    """How far a case has come."""

    CANDIDATE = "candidate"
    FACT_CONFIRMED = "fact_confirmed"
    NOTIFIED = "notified"
    DISPATCHED = "dispatched"
    ANSWERED = "answered"
    SELF_RECTIFIED = "self_rectified"
    LAW_REVIEW = "law_review"
    FILED = "filed"
    WARNED = "warned"
    NO_PENALTY = "no_penalty"
    RECHECK = "recheck"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    EXEMPT = "exempt"
    VOID = "void"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can be done with a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    EXEMPT = "exempt"
    VOID = "void"
    EXPIRE = "expire"
    NOTIFY = "notify"
    RECTIFY = "rectify"
    DISPATCH = "dispatch"
    ANSWER = "answer"
    SUBMIT = "submit"
    RETURN = "return"
    FILE = "file"
    WARN = "warn"
    WAIVE = "waive"
    SCHEDULE_RECHECK = "schedule_recheck"
    FINISH_RECHECK = "finish_recheck"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    UNDO = "undo"


REASONS: Mapping[Action, tuple[str, ...]] = {
    Action.REJECT: (
        "not_goods",
        "passer_by",
        "parked_vehicle",
        "permitted",
        "fixture",
        "shadow_or_light",
        "wrong_shop",
        "camera_moved",
        "too_short",
        "unclear",
        "other",
    ),
    Action.VOID: ("camera_moved", "device_file", "clock", "evidence_chain", "other"),
    Action.ANSWER: ("rectified", "talked_to", "not_found", "refused", "other"),
    Action.WAIVE: ("first_time", "slight", "rectified_at_once", "other"),
    Action.FINISH_RECHECK: ("clear", "again"),
}
"""Reasons that a step must choose from; ``other`` needs a note."""
_NEEDS_NOTE = frozenset({Action.EXEMPT, Action.RETURN, Action.REOPEN})


class Refusal(StrEnum):
    """Why a step can't be taken."""

    STATE = "state"
    """The case is not, or no longer, where this can be done."""
    ROLE = "role"
    SAME_PERSON = "same_person"
    """Who confirmed the facts can't decide the law."""
    EVIDENCE_INCOMPLETE = "evidence_incomplete"
    PENALTY_OFF = "penalty_off"
    """The district has not switched penalties on."""
    DEVICE_FILE = "device_file"
    """The camera's device file does not hold on that day."""
    REASON = "reason"
    NOTE = "note"
    SHOP = "shop"
    """Whose ground it is must be chosen, among those that it may be."""
    DEADLINE = "deadline"
    SQUAD = "squad"
    NOT_CLEAR = "not_clear"
    """The camera has not seen the ground clear."""
    UNDO_LATE = "undo_late"
    UNDO_OTHERS = "undo_others"
    TIME = "time"
    """Earlier than the step before it."""


class StepRefusedError(ValueError):
    """A step that can't be taken. ``refusal`` says why; the case stays as it is."""

    def __init__(self, refusal: Refusal, told: str) -> None:
        """``told``: one sentence for whoever reads a log."""
        super().__init__(told)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case: who, as what, when, why.

    ``reason`` is one of REASONS of the action, "" where it has none. ``shop_code`` is whose ground the one who confirms found it to be
    (None: a place, or as found). ``deadline`` is until when the owner (NOTIFY) or the squad (DISPATCH) has time, or when to look again
    (SCHEDULE_RECHECK). All times are aware UTC.
    """

    action: Action
    by: str
    role: CaseRole
    at: datetime
    reason: str = ""
    note: str = ""
    shop_code: str | None = None
    squad: str = ""
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the violation itself when a step is to be taken.

    ``shop_codes`` are those whose ground it may be: none for a place, several where it is ambiguous. ``device_file_until`` is until
    when the camera's device file holds, from ``device_file_since``; None: there is none. ``day`` is the local day of the violation,
    None where the recording has no clock.
    """

    shop_codes: tuple[str, ...] = ()
    evidence_complete: bool = False
    seen_clear: bool = False
    day: date | None = None
    device_file_since: date | None = None
    device_file_until: date | None = None

    @property
    def device_file_holds(self) -> bool:
        """Whether penalties may rest on this camera on that day (行政处罚法 第四十一条)."""
        if self.day is None or self.device_file_since is None or self.device_file_until is None:
            return False
        return self.device_file_since <= self.day <= self.device_file_until


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What a district has decided. Penalties by camera are off unless it switches them on."""

    penalties: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its steps made it. ``version`` counts all steps ever taken, also those taken back."""

    state: CaseState = CaseState.CANDIDATE
    steps: tuple[Step, ...] = ()
    """Those in force, oldest first: without what was taken back."""
    version: int = 0
    shop_code: str | None = None
    squad: str = ""
    deadline: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done."""
        return self.state in _ENDS

    @property
    def confirmed_by(self) -> str:
        """Who found the facts, in force; "" before."""
        return next((step.by for step in reversed(self.steps) if step.action is Action.CONFIRM), "")


_ENDS = frozenset({CaseState.ARCHIVED, CaseState.REJECTED, CaseState.EXEMPT, CaseState.VOID, CaseState.EXPIRED})
_DECIDED = (CaseState.FILED, CaseState.WARNED, CaseState.NO_PENALTY, CaseState.SELF_RECTIFIED)
_UNDER_WAY = (CaseState.FACT_CONFIRMED, CaseState.NOTIFIED, CaseState.ANSWERED)
_BEFORE_THE_LAW = (CaseState.CANDIDATE, *_UNDER_WAY, CaseState.DISPATCHED)
_REVIEWER = frozenset({CaseRole.REVIEWER})
_APPROVER = frozenset({CaseRole.APPROVER})
_EITHER = _REVIEWER | _APPROVER
_SYSTEM = frozenset({CaseRole.SYSTEM})
_SQUAD = frozenset({CaseRole.SQUAD})

_Move = tuple[tuple[CaseState, ...], CaseState, frozenset[CaseRole]]
_MOVES: Mapping[Action, tuple[_Move, ...]] = {
    Action.CONFIRM: (((CaseState.CANDIDATE,), CaseState.FACT_CONFIRMED, _REVIEWER),),
    Action.REJECT: (((CaseState.CANDIDATE,), CaseState.REJECTED, _REVIEWER),),
    Action.EXEMPT: (((*_BEFORE_THE_LAW, CaseState.LAW_REVIEW), CaseState.EXEMPT, _EITHER),),
    Action.VOID: (((*_BEFORE_THE_LAW, CaseState.LAW_REVIEW), CaseState.VOID, _EITHER),),
    Action.EXPIRE: (((CaseState.CANDIDATE, *_UNDER_WAY), CaseState.EXPIRED, _SYSTEM),),
    Action.NOTIFY: (((CaseState.FACT_CONFIRMED,), CaseState.NOTIFIED, _REVIEWER),),
    Action.RECTIFY: (
        ((CaseState.FACT_CONFIRMED, CaseState.NOTIFIED, CaseState.DISPATCHED), CaseState.SELF_RECTIFIED, _SYSTEM | _REVIEWER),
    ),
    Action.DISPATCH: ((_UNDER_WAY, CaseState.DISPATCHED, _REVIEWER),),
    Action.ANSWER: (((CaseState.DISPATCHED,), CaseState.ANSWERED, _SQUAD),),
    Action.SUBMIT: ((_UNDER_WAY, CaseState.LAW_REVIEW, _REVIEWER),),
    Action.RETURN: (
        ((CaseState.LAW_REVIEW,), CaseState.FACT_CONFIRMED, _APPROVER),
        ((CaseState.DISPATCHED,), CaseState.FACT_CONFIRMED, _SQUAD),
        ((CaseState.FACT_CONFIRMED,), CaseState.CANDIDATE, _REVIEWER),
        # It was cleared for moments only: it is the same violation.
        ((CaseState.SELF_RECTIFIED,), CaseState.FACT_CONFIRMED, _SYSTEM),
    ),
    Action.FILE: (((CaseState.LAW_REVIEW,), CaseState.FILED, _APPROVER),),
    Action.WARN: (((CaseState.LAW_REVIEW,), CaseState.WARNED, _APPROVER),),
    Action.WAIVE: (((CaseState.LAW_REVIEW,), CaseState.NO_PENALTY, _APPROVER),),
    Action.SCHEDULE_RECHECK: (((*_DECIDED, CaseState.ANSWERED), CaseState.RECHECK, _EITHER),),
    Action.FINISH_RECHECK: (((CaseState.RECHECK,), CaseState.ARCHIVED, _REVIEWER | _SQUAD),),
    Action.ARCHIVE: (((*_DECIDED, CaseState.ANSWERED), CaseState.ARCHIVED, _EITHER),),
    Action.REOPEN: (((CaseState.REJECTED, CaseState.EXEMPT, CaseState.EXPIRED), CaseState.CANDIDATE, _APPROVER),),
}
_BY_ANOTHER = frozenset({Action.FILE, Action.WARN, Action.WAIVE})
_WITH_DEADLINE = frozenset({Action.NOTIFY, Action.DISPATCH, Action.SCHEDULE_RECHECK})


def take(case: Case, step: Step, facts: Facts, policy: CasePolicy) -> Case:
    """The case after one step more. Raises StepRefusedError: nothing has changed then."""
    if case.steps and step.at < case.steps[-1].at:
        raise StepRefusedError(Refusal.TIME, f"a step at {step.at.isoformat()} before one at {case.steps[-1].at.isoformat()}")
    if step.action is Action.UNDO:
        return _undo(case, step)
    state = _next_state(case, step)
    _check_what_is_said(step)
    _check_facts(case, step, facts, policy)
    return _with(case, step, state)


def possible(case: Case, role: CaseRole, by: str, facts: Facts, policy: CasePolicy) -> tuple[Action, ...]:
    """What somebody in this role may do now, in the order of Action; what is refused for the facts is left out. Without UNDO."""
    return tuple(action for action in Action if action is not Action.UNDO and _is_open(case, action, role, by, facts, policy))


def roles_for(case: Case, action: Action) -> frozenset[CaseRole]:
    """Who may do this from where the case is, as far as roles go; empty where nobody may."""
    return frozenset(role for states, _, roles in _MOVES.get(action, ()) if case.state in states for role in roles)


def can_undo(case: Case, by: str, now: datetime) -> bool:
    """Whether this person may take the last step back."""
    return bool(case.steps) and case.steps[-1].by == by and now - case.steps[-1].at <= UNDO_WITHIN


def fold(steps: Iterable[Step]) -> Case:
    """The case that these steps, each of which was taken, have made."""
    case = Case()
    for step in steps:
        case = _undo(case, step) if step.action is Action.UNDO else _with(case, step, _next_state(case, step))
    return case


def _next_state(case: Case, step: Step) -> CaseState:
    moves = [move for move in _MOVES[step.action] if case.state in move[0]]
    if not moves:
        raise StepRefusedError(Refusal.STATE, f"{step.action.value} is not possible from {case.state.value}")
    for _, state, roles in moves:
        if step.role in roles:
            return state
    raise StepRefusedError(Refusal.ROLE, f"{step.action.value} is not for a {step.role.value}")


def _check_what_is_said(step: Step) -> None:
    reasons = REASONS.get(step.action, ())
    if reasons and step.reason not in reasons:
        raise StepRefusedError(Refusal.REASON, f"{step.action.value} needs one of {', '.join(reasons)}; found {step.reason or 'none'}")
    if (step.reason == "other" or step.action in _NEEDS_NOTE) and not step.note.strip():
        raise StepRefusedError(Refusal.NOTE, f"{step.action.value} needs a sentence that says why")
    if step.action in _WITH_DEADLINE and (step.deadline is None or step.deadline <= step.at):
        raise StepRefusedError(Refusal.DEADLINE, f"{step.action.value} needs a deadline after {step.at.isoformat()}")
    if step.action is Action.DISPATCH and not step.squad:
        raise StepRefusedError(Refusal.SQUAD, "it must be said which squad is to go")


def _check_facts(case: Case, step: Step, facts: Facts, policy: CasePolicy) -> None:
    match step.action:
        case Action.CONFIRM:
            _check_shop(step, facts)
        case Action.RECTIFY if not facts.seen_clear:
            raise StepRefusedError(Refusal.NOT_CLEAR, "the camera has not seen the ground clear")
        case Action.SUBMIT if not facts.evidence_complete:
            raise StepRefusedError(Refusal.EVIDENCE_INCOMPLETE, "a part of the evidence is missing: it can't be submitted")
        case Action.FILE if not policy.penalties:
            raise StepRefusedError(Refusal.PENALTY_OFF, "penalties by camera are switched off here")
        case Action.FILE if not facts.device_file_holds:
            raise StepRefusedError(Refusal.DEVICE_FILE, "the camera's device file does not hold on that day")
        case Action.FILE if not facts.evidence_complete:
            raise StepRefusedError(Refusal.EVIDENCE_INCOMPLETE, "a part of the evidence is missing")
    if step.action in _BY_ANOTHER and step.by == case.confirmed_by:
        raise StepRefusedError(Refusal.SAME_PERSON, f"{step.by} confirmed the facts: somebody else decides the law")


def _check_shop(step: Step, facts: Facts) -> None:
    if step.shop_code is None and len(facts.shop_codes) > 1:
        raise StepRefusedError(Refusal.SHOP, f"it must be said whose it is: {', '.join(facts.shop_codes)}")
    if step.shop_code is not None and step.shop_code not in facts.shop_codes:
        found = ", ".join(facts.shop_codes) or "a place, no shop"
        raise StepRefusedError(Refusal.SHOP, f"expected one of {found}; found {step.shop_code}")


def _is_open(case: Case, action: Action, role: CaseRole, by: str, facts: Facts, policy: CasePolicy) -> bool:
    step = Step(action, by, role, case.steps[-1].at if case.steps else _LONG_AGO)
    try:
        _next_state(case, step)
        _check_facts(case, replace(step, shop_code=facts.shop_codes[0] if facts.shop_codes else None), facts, policy)
    except StepRefusedError:
        return False
    return True


def _undo(case: Case, step: Step) -> Case:
    if not case.steps:
        raise StepRefusedError(Refusal.STATE, "there is nothing to take back")
    last = case.steps[-1]
    if last.by != step.by:
        raise StepRefusedError(Refusal.UNDO_OTHERS, f"the last step is {last.by}'s: nobody else can take it back")
    if step.at - last.at > UNDO_WITHIN:
        raise StepRefusedError(Refusal.UNDO_LATE, f"a step can be taken back within {UNDO_WITHIN.total_seconds():g} s")
    return replace(fold(case.steps[:-1]), version=case.version + 1)


def _with(case: Case, step: Step, state: CaseState) -> Case:
    returned = state in {CaseState.CANDIDATE, CaseState.FACT_CONFIRMED} and step.action is not Action.CONFIRM
    return Case(
        state=state,
        steps=(*case.steps, step),
        version=case.version + 1,
        shop_code=step.shop_code if step.action is Action.CONFIRM else (None if state is CaseState.CANDIDATE else case.shop_code),
        squad=step.squad or ("" if returned else case.squad),
        deadline=step.deadline if step.action in _WITH_DEADLINE else (case.deadline if state is case.state else None),
    )
