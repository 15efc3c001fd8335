"""The case book: a case for every violation that was opened, and the steps that people take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from pipeline.cases import Action, Case, CasePolicy, CaseRole, CaseState, Facts, Step, fold, roles_for, take
from pipeline.records.account_rows import AuditEntry, Json
from pipeline.records.audit import write_audit
from pipeline.records.case_due import count_due, due_steps
from pipeline.records.case_queue import case_row, conditions, joined, list_cases, names_of, neighbours
from pipeline.records.case_rows import (
    CaseCounts,
    CaseDetail,
    CaseFilter,
    CaseOrder,
    CasePage,
    ClaimedCaseError,
    DueStep,
    NoSuchCaseError,
    StaleCaseError,
)
from pipeline.records.database import Database
from pipeline.records.figures import CaseFigures, case_figures
from pipeline.records.photos import photos_of
from pipeline.records.tables import (
    CaseRecord,
    CaseStepRecord,
    SourceRecord,
    TenancyRecord,
    ViolationRecord,
    ViolationShopRecord,
)
from pipeline.records.violations import detail_of, evidence_of
from pipeline.records.workload import Workload, workload
from pipeline.types import UNKNOWN_EPOCH, EvidenceFile

MOST_AT_ONCE = 200
_MOST_IDS = 1000
"""In one statement: databases take a limited number of values."""
PRODUCT = "doorline"
"""Who takes the steps that no person takes."""
_FOLLOWED = (CaseState.FACT_CONFIRMED, CaseState.NOTIFIED, CaseState.DISPATCHED, CaseState.SELF_RECTIFIED)
"""Where what the camera sees changes the state by itself."""
_OF_A_NEW_CASE: dict[str, Any] = {"state": CaseState.CANDIDATE, "version": 0, "squad": ""}


class CaseBook:
    """Cases of one database. Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds."""

    def __init__(self, database: Database) -> None:
        """See Records.cases."""
        self._database = database

    def list_cases(self, wanted: CaseFilter, order: CaseOrder = CaseOrder.NEWEST, *, after: str = "", limit: int = 50) -> CasePage:
        """A page of cases; ``after`` as an earlier page gave it. NoSuchPageError where nobody gave such a one."""
        with self._database.reading() as session:
            return list_cases(session, wanted, order, after, min(max(1, limit), MOST_AT_ONCE))

    def count_cases(self, wanted: CaseFilter) -> CaseCounts:
        """How many there are of each state; ``wanted.states`` says nothing here."""
        query = select(CaseRecord.state, func.count()).where(*conditions(replace(wanted, states=None))).group_by(CaseRecord.state)
        with self._database.reading() as session:
            return CaseCounts({state: number for state, number in session.execute(query)})

    def workload(self, states: Collection[CaseState], now: datetime) -> tuple[Workload, ...]:
        """How many cases of these states there are, by street and camera."""
        with self._database.reading() as session:
            return workload(session, states, now)

    def figures(self, wanted: CaseFilter) -> CaseFigures:
        """Figures of the cases that a filter finds."""
        with self._database.reading() as session:
            return case_figures(session, wanted)

    def case(self, violation_id: str, streets: Sequence[str] | None = None) -> CaseDetail:
        """A case with all that belongs to it. NoSuchCaseError, also for one of a street that is not among ``streets``."""
        with self._database.reading() as session:
            return _case_detail(session, violation_id, streets)

    def evidence(self, violation_id: str, wanted: CaseFilter) -> tuple[EvidenceFile, ...]:
        """The evidence of a case that a filter lets through, and nothing else of it; NoSuchCaseError for all others."""
        with self._database.reading() as session:
            query = select(CaseRecord.run_id).where(CaseRecord.violation_id == violation_id, *conditions(wanted))
            run_id = session.scalars(query).one_or_none()
            if run_id is None:
                raise NoSuchCaseError("no such case", where=violation_id)
            return evidence_of(session, run_id, violation_id)

    def beside(self, violation_id: str, wanted: CaseFilter, order: CaseOrder, now: datetime, by: str) -> tuple[str | None, str | None]:
        """Ids of the cases before and behind this one in a queue, without those that somebody else has in hand. NoSuchCaseError."""
        with self._database.reading() as session:
            record = session.get(CaseRecord, violation_id)
            if record is None:
                raise NoSuchCaseError("no such case", where=violation_id)
            return neighbours(session, record, wanted, order, now, by)

    def count_due(self, wanted: CaseFilter, now: datetime, borders: Sequence[datetime]) -> tuple[int, ...]:
        """How many deadlines have passed, and how many come from now to each border, of the cases that a filter finds."""
        with self._database.reading() as session:
            return count_due(session, wanted, now, borders)

    def due_steps(self, now: datetime, *, expire_after: timedelta | None, limit: int) -> tuple[DueStep, ...]:
        """Steps that the calendar asks the product to take (docs/cases.md), the longest due first; ``expire_after`` None: none expires."""
        with self._database.reading() as session:
            return due_steps(session, now, expire_after, limit)

    def claim(self, violation_id: str, by: str, now: datetime, until: datetime) -> None:
        """Have a case in hand, or go on having it. ClaimedCaseError where somebody else has it at that time."""
        with self._database.writing() as session:
            record = _locked(session, violation_id)
            _refuse_what_others_have(record, by, now)
            # One at a time: whoever opens the next item has let go of the one before.
            others = (CaseRecord.claimed_by == by, CaseRecord.violation_id != violation_id)
            session.execute(update(CaseRecord).where(*others).values(claimed_by=None, claimed_until=None))
            record.claimed_by, record.claimed_until = by, until

    def release(self, violation_id: str, by: str) -> None:
        """Let go of a case; what somebody else has stays as it is."""
        ours = (CaseRecord.violation_id == violation_id, CaseRecord.claimed_by == by)
        with self._database.writing() as session:
            session.execute(update(CaseRecord).where(*ours).values(claimed_by=None, claimed_until=None))

    def take_step(
        self,
        violation_id: str,
        step: Step,
        version: int,
        facts_of: Callable[[CaseDetail], Facts],
        policy: CasePolicy,
        *,
        remote: str = "",
    ) -> CaseDetail:
        """Take a step, and write down in the audit log that it was taken.

        Args:
            violation_id: of the case.
            step: which.
            version: of the case as whoever decides has seen it.
            facts_of: what is known of the violation; called with the case as it is.
            policy: of the district.
            remote: where the request came from.

        Raises:
            NoSuchCaseError, ClaimedCaseError, StaleCaseError: nothing was changed.
            StepRefusedError: the case does not allow it; nothing was changed.
        """
        with self._database.writing() as session:
            record = _locked(session, violation_id)
            if step.role is not CaseRole.SYSTEM:
                _refuse_what_others_have(record, step.by, step.at)
            if record.version != version:
                raise StaleCaseError(
                    "somebody has taken a step since",
                    where=f"case {violation_id}",
                    expected=f"version {version}",
                    found=str(record.version),
                )
            detail = _case_detail(session, violation_id, None)
            case = take(detail.case, step, facts_of(detail), policy)
            _write(session, record, step, case, remote)
            return _case_detail(session, violation_id, None)


def open_cases(database: Database, session: Session, run_id: str, violation_ids: Sequence[str]) -> None:
    """A case for each of these violations that was opened and has none, and what the queue knows of those that have one.

    Called in the transaction that writes the violations.
    """
    for start in range(0, len(violation_ids), _MOST_IDS):
        values = _queue_values(session, run_id, violation_ids[start : start + _MOST_IDS])
        if not values:
            continue
        statement = database.insert(CaseRecord)
        queue = {name: statement.excluded[name] for name in values[0] if name not in {"violation_id", "run_id", *_OF_A_NEW_CASE}}
        # Where another run found the same violation first, the case is of that run, and stays as it is.
        ours = CaseRecord.__table__.c.run_id == run_id
        before = _confirmed_and_standing(session, run_id, [each["violation_id"] for each in values])
        session.connection().execute(statement.on_conflict_do_update(index_elements=["violation_id"], set_=queue, where=ours), values)
        for each in values:
            stood = before.get(each["violation_id"], each["standing"])
            if stood != each["standing"]:
                _follow(session, each["violation_id"], cleared=stood)


def _confirmed_and_standing(session: Session, run_id: str, violation_ids: Sequence[str]) -> dict[str, bool]:
    """Whether these violations stood as far as their cases know, of those whose facts were confirmed and that wait for the end."""
    asked = (CaseRecord.violation_id.in_(violation_ids), CaseRecord.run_id == run_id, CaseRecord.state.in_(_FOLLOWED))
    found = session.execute(select(CaseRecord.violation_id, CaseRecord.standing).where(*asked))
    return {violation_id: standing for violation_id, standing in found}


def _follow(session: Session, violation_id: str, *, cleared: bool) -> None:
    """The camera has seen the ground clear, which is how most cases end, or the same thing stands there again: nobody need act."""
    record = _locked(session, violation_id)
    detail = _case_detail(session, violation_id, None)
    action = Action.RECTIFY if cleared else Action.RETURN
    if CaseRole.SYSTEM not in roles_for(detail.case, action):
        return
    found, last_at = detail.detail.violation, detail.case.steps[-1].at
    at = max((found.cleared_at if cleared else found.last_seen_at) or last_at, last_at)
    step = Step(action, PRODUCT, CaseRole.SYSTEM, at, note="" if cleared else "seen standing again")
    _write(session, record, step, take(detail.case, step, Facts(seen_clear=cleared), CasePolicy()), "")


def _write(session: Session, record: CaseRecord, step: Step, case: Case, remote: str) -> None:
    """Keep a step that was taken, what it has made of the case, and that somebody did so."""
    before = record.state
    session.execute(insert(CaseStepRecord).values(_step_values(record.violation_id, case.version, step)))
    record.state, record.version, record.updated_at = case.state, case.version, step.at
    record.shop_code, record.squad, record.deadline = case.shop_code, case.squad, case.deadline
    record.claimed_by = record.claimed_until = None
    told: dict[str, Json] = {
        "from": before.value,
        "to": case.state.value,
        "version": case.version,
        "reason": step.reason,
        "as": step.role.value,
    }
    write_audit(session, [AuditEntry(step.at, step.by, f"case/{step.action}", f"violation/{record.violation_id}", told, remote)])
    session.flush()


def _queue_values(session: Session, run_id: str, violation_ids: Sequence[str]) -> list[dict[str, Any]]:
    streets = (
        select(ViolationShopRecord.violation_id, func.min(TenancyRecord.street).label("street"))
        .join(TenancyRecord, TenancyRecord.tenancy_id == ViolationShopRecord.tenancy_id)
        .where(ViolationShopRecord.run_id == run_id, TenancyRecord.street != "")
        .group_by(ViolationShopRecord.violation_id)
        .subquery()
    )
    query = (
        select(ViolationRecord, func.coalesce(streets.c.street, SourceRecord.camera_street))
        .join(SourceRecord, SourceRecord.source_id == ViolationRecord.source_id)
        .outerjoin(streets, streets.c.violation_id == ViolationRecord.violation_id)
        .where(ViolationRecord.run_id == run_id, ViolationRecord.violation_id.in_(violation_ids))
        .where(ViolationRecord.confirmed_media_s.is_not(None))
    )
    return [
        {
            "violation_id": record.violation_id,
            "run_id": run_id,
            **_OF_A_NEW_CASE,
            "kind": record.kind,
            "camera_id": record.camera_id,
            "street": street,
            "listed_at": record.first_seen_at or UNKNOWN_EPOCH,
            "dwell_s": record.dwell_s,
            "standing": record.cleared_media_s is None,
            "ambiguous": len(record.shop_codes) > 1,
            "gaps": record.gap_s > 0,
            "complete": record.complete,
        }
        for record, street in session.execute(query)
    ]


def _case_detail(session: Session, violation_id: str, streets: Sequence[str] | None) -> CaseDetail:
    found = session.execute(joined().where(CaseRecord.violation_id == violation_id)).one_or_none()
    if found is None or (streets is not None and found[0].street not in streets):
        raise NoSuchCaseError("no such case", where=violation_id)
    record, violation, source = found
    names = names_of(session, [(record.run_id, violation_id)])[record.run_id, violation_id]
    steps = session.scalars(select(CaseStepRecord).where(CaseStepRecord.violation_id == violation_id).order_by(CaseStepRecord.number))
    history = tuple(_step(step) for step in steps)
    case = fold(history) if history else Case()
    row = case_row(record, violation, source, names)
    return CaseDetail(row, case, history, detail_of(session, record.run_id, violation_id), photos_of(session, violation_id))


def _locked(session: Session, violation_id: str) -> CaseRecord:
    """The row, which nobody else can change before this transaction ends (SQLite has one writer at a time anyway)."""
    record = session.scalars(select(CaseRecord).where(CaseRecord.violation_id == violation_id).with_for_update()).one_or_none()
    if record is None:
        raise NoSuchCaseError("no such case", where=violation_id)
    return record


def _refuse_what_others_have(record: CaseRecord, by: str, now: datetime) -> None:
    if record.claimed_by not in {None, by} and record.claimed_until is not None and record.claimed_until > now:
        raise ClaimedCaseError(
            "somebody else is at this case",
            where=f"case {record.violation_id}",
            found=f"{record.claimed_by}, until {record.claimed_until.isoformat()}",
        )


def _step(record: CaseStepRecord) -> Step:
    return Step(
        record.action,
        record.by,
        record.role,
        record.at,
        reason=record.reason,
        note=record.note,
        shop_code=record.shop_code,
        squad=record.squad,
        deadline=record.deadline,
    )


def _step_values(violation_id: str, number: int, step: Step) -> dict[str, Any]:
    return {
        "violation_id": violation_id,
        "number": number,
        "action": step.action,
        "by": step.by,
        "role": step.role,
        "at": step.at,
        "reason": step.reason,
        "note": step.note,
        "shop_code": step.shop_code,
        "squad": step.squad,
        "deadline": step.deadline,
    }
