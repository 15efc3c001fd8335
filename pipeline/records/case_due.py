"""What the calendar asks for: deadlines that have passed or come, and the steps that the product takes of itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from pipeline.cases import Action, Case, CaseRole, CaseState, roles_for
from pipeline.records.case_queue import case_row, conditions, joined, names_of
from pipeline.records.case_rows import CaseFilter, DueStep
from pipeline.records.case_telling import PassedDeadline
from pipeline.records.tables import CaseRecord, CaseStepRecord, RunRecord, ViolationRecord

_MOST_KEYS = 400
"""In one statement: databases take a limited number of values."""
_SET_DEADLINES = (Action.NOTIFY, Action.DISPATCH, Action.SCHEDULE_RECHECK)
_OF_OTHERS = (CaseState.DISPATCHED, CaseState.RECHECK)
_EXPIRING = tuple(state for state in CaseState if CaseRole.SYSTEM in roles_for(Case(state), Action.EXPIRE))


def count_due(session: Session, wanted: CaseFilter, now: datetime, borders: Sequence[datetime]) -> tuple[int, ...]:
    """See CaseBook."""
    at = CaseRecord.deadline
    spans = (at < now, *(and_(at >= now, at < border) for border in borders))
    counted = (func.coalesce(func.sum(case((span, 1), else_=0)), 0) for span in spans)
    return tuple(int(number) for number in session.execute(select(*counted).where(*conditions(wanted), at.is_not(None))).one())


def passed_deadlines(session: Session, since: datetime, now: datetime) -> tuple[PassedDeadline, ...]:
    """Cases that still wait for what was to be done by a deadline at or after ``since`` and before ``now``, the oldest first.

    A notice whose ground the camera has seen clear was heeded: it is not among them.
    """
    set_by = (CaseStepRecord.violation_id == CaseRecord.violation_id, CaseStepRecord.deadline == CaseRecord.deadline)
    number = select(func.max(CaseStepRecord.number)).where(*set_by, CaseStepRecord.action.in_(_SET_DEADLINES)).scalar_subquery()
    waits = or_(CaseRecord.state.in_(_OF_OTHERS), and_(CaseRecord.state == CaseState.NOTIFIED, CaseRecord.standing))
    passed = (CaseRecord.deadline >= since, CaseRecord.deadline < now)
    query = joined().add_columns(number).where(waits, *passed).order_by(CaseRecord.deadline, CaseRecord.violation_id)
    found = session.execute(query).all()
    names: dict[tuple[str, str], dict[str, str]] = {}
    for start in range(0, len(found), _MOST_KEYS):
        names |= names_of(session, [(record.run_id, record.violation_id) for record, *_ in found[start : start + _MOST_KEYS]])
    return tuple(
        PassedDeadline(step, case_row(record, violation, source, names.get((record.run_id, record.violation_id), {})))
        for record, violation, source, step in found
        if step is not None
    )


def due_steps(session: Session, now: datetime, expire_after: timedelta | None, limit: int) -> tuple[DueStep, ...]:
    """See CaseBook."""
    found = _rectified(session, now, limit)
    if expire_after is not None:
        settled = {step.violation_id for step in found}
        found += [step for step in _expired(session, now, expire_after, limit) if step.violation_id not in settled]
    return tuple(sorted(found, key=lambda step: (step.since, step.violation_id))[:limit])


def _rectified(session: Session, now: datetime, limit: int) -> list[DueStep]:
    """The owner was told, the time that was given is over, and the camera has seen the ground clear."""
    query = (
        select(CaseRecord.violation_id, CaseRecord.version, CaseRecord.state, CaseRecord.deadline)
        .where(CaseRecord.state == CaseState.NOTIFIED, CaseRecord.deadline <= now, CaseRecord.standing.is_(False), _in_nobodys_hand(now))
        .order_by(CaseRecord.deadline, CaseRecord.violation_id)
        .limit(limit)
    )
    return [DueStep(*row[:3], Action.RECTIFY, row[3] or now) for row in session.execute(query)]


def _expired(session: Session, now: datetime, after: timedelta, limit: int) -> list[DueStep]:
    """Cases that have rested for so long: no step, nothing seen, no deadline running; and nobody looks at them.

    A recording without a clock, or of last year, rests since the run that judged it: before, nobody could decide.
    """
    before = now - after
    this = (ViolationRecord.run_id == CaseRecord.run_id) & (ViolationRecord.violation_id == CaseRecord.violation_id)
    query = (
        select(
            CaseRecord.violation_id,
            CaseRecord.version,
            CaseRecord.state,
            CaseRecord.updated_at,
            CaseRecord.deadline,
            ViolationRecord.last_seen_at,
            RunRecord.started_at,
        )
        .join(ViolationRecord, this)
        .join(RunRecord, RunRecord.run_id == CaseRecord.run_id)
        # What was first seen later can't rest for so long; said for the index of the queue.
        .where(CaseRecord.state.in_(_EXPIRING), CaseRecord.listed_at <= before, _in_nobodys_hand(now))
        .where(or_(CaseRecord.updated_at.is_(None), CaseRecord.updated_at <= before))
        .where(or_(CaseRecord.deadline.is_(None), CaseRecord.deadline <= before))
        .where(or_(ViolationRecord.last_seen_at.is_(None), ViolationRecord.last_seen_at <= before))
        .where(RunRecord.started_at <= before)
        .order_by(CaseRecord.listed_at, CaseRecord.violation_id)
        .limit(limit)
    )
    return [
        DueStep(violation_id, version, state, Action.EXPIRE, max(moment for moment in moments if moment is not None) + after)
        for violation_id, version, state, *moments in session.execute(query)
    ]


def _in_nobodys_hand(now: datetime) -> ColumnElement[bool]:
    return or_(CaseRecord.claimed_until.is_(None), CaseRecord.claimed_until <= now)
