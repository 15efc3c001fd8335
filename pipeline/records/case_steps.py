"""Steps of cases as rows: each with what it has made of the case, who took it, and whoever is to be told of it; all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pipeline.cases import Action, Case, Step, fold
from pipeline.records.account_rows import AuditEntry, Json
from pipeline.records.audit import write_audit
from pipeline.records.case_queue import case_row, joined, names_of
from pipeline.records.case_rows import CaseDetail, NoSuchCaseError
from pipeline.records.case_telling import CaseTelling, TakenStep, keys_of, subject_of
from pipeline.records.database import Database
from pipeline.records.outbox import enqueue, give_back, withdraw
from pipeline.records.photos import photos_of
from pipeline.records.tables import CaseRecord, CaseStepRecord
from pipeline.records.violations import detail_of

_ENDS_ALL = frozenset({Action.EXEMPT, Action.VOID})
"""What anybody was asked for is not wanted any more after these."""


@dataclass(frozen=True, slots=True)
class StepWriter:
    """Writes steps in one transaction. ``telling`` None: nobody is told."""

    database: Database
    session: Session
    telling: CaseTelling | None

    def write(self, record: CaseRecord, before: CaseDetail, step: Step, case: Case, remote: str) -> CaseDetail:
        """Keep a step that was taken and what it has made of the case, that somebody did so, and the messages that tell of it.

        Args:
            record: of the case, locked.
            before: the case without the step.
            step: which was taken.
            case: what it has made of it.
            remote: where the request came from.
        """
        was = record.state
        self.session.execute(insert(CaseStepRecord).values(_step_values(record.violation_id, case.version, step)))
        record.state, record.version, record.updated_at = case.state, case.version, step.at
        record.shop_code, record.squad, record.deadline = case.shop_code, case.squad, case.deadline
        record.claimed_by = record.claimed_until = None
        told: dict[str, Json] = {
            "from": was.value,
            "to": case.state.value,
            "version": case.version,
            "reason": step.reason,
            "as": step.role.value,
        }
        write_audit(self.session, [AuditEntry(step.at, step.by, f"case/{step.action}", f"violation/{record.violation_id}", told, remote)])
        self.session.flush()
        after = case_detail(self.session, record.violation_id)
        if self.telling is not None and self.telling.receivers:
            self._tell(self.telling, before, step, after)
        return after

    def _tell(self, telling: CaseTelling, before: CaseDetail, step: Step, after: CaseDetail) -> None:
        violation_id, number = after.row.violation_id, after.case.version
        subject, this = subject_of(violation_id), _withdrawn_by(number)
        undone, told = None, frozenset[str]()
        if step.action is Action.UNDO:
            undone = before.case.steps[-1]
            of_it = next(place for place, each in enumerate(before.history, start=1) if each is undone)
            told = withdraw(self.session, telling.receivers, subject, keys_of(violation_id, of_it), this)
            give_back(self.session, telling.receivers, subject, _withdrawn_by(of_it))
        elif step.action in _ENDS_ALL:
            told = withdraw(self.session, telling.receivers, subject, f"{subject}/", this)
        enqueue(self.database, self.session, telling.of_step(TakenStep(number, step, after, undone, told)))


def case_detail(session: Session, violation_id: str, streets: Sequence[str] | None = None) -> CaseDetail:
    """A case with all that belongs to it. NoSuchCaseError, also for one of a street that is not among ``streets``."""
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


def locked(session: Session, violation_id: str) -> CaseRecord:
    """The row, which nobody else can change before this transaction ends (SQLite has one writer at a time anyway)."""
    record = session.scalars(select(CaseRecord).where(CaseRecord.violation_id == violation_id).with_for_update()).one_or_none()
    if record is None:
        raise NoSuchCaseError("no such case", where=violation_id)
    return record


def _withdrawn_by(number: int) -> str:
    return f"taken back by step {number} of the case"


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
