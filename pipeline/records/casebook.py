"""The case book: a case for every violation that was opened, and the steps that people take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import func, select, update

from pipeline.cases import CasePolicy, CaseRole, CaseState, Facts, Step, take
from pipeline.records.case_due import count_due, due_steps, passed_deadlines
from pipeline.records.case_queue import conditions, list_cases, neighbours
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
from pipeline.records.case_steps import StepWriter, case_detail, locked
from pipeline.records.case_telling import CaseTelling, PassedDeadline, subject_of
from pipeline.records.database import Database
from pipeline.records.figures import CaseFigures, case_figures
from pipeline.records.outbox import enqueue, known_keys, messages_of
from pipeline.records.rows import OutgoingMessage, ToldMessage
from pipeline.records.tables import CaseRecord
from pipeline.records.violations import evidence_of
from pipeline.records.workload import Workload, workload
from pipeline.types import EvidenceFile

MOST_AT_ONCE = 200
_Untold: TypeAlias = tuple[PassedDeadline, tuple[OutgoingMessage, ...]]


class CaseBook:
    """Cases of one database. Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds."""

    def __init__(self, database: Database, telling: CaseTelling | None = None) -> None:
        """See Records.cases."""
        self._database = database
        self._telling = telling

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
            return case_detail(session, violation_id, streets)

    def evidence(self, violation_id: str, wanted: CaseFilter) -> tuple[EvidenceFile, ...]:
        """The evidence of a case that a filter lets through, and nothing else of it; NoSuchCaseError for all others."""
        with self._database.reading() as session:
            query = select(CaseRecord.run_id).where(CaseRecord.violation_id == violation_id, *conditions(wanted))
            run_id = session.scalars(query).one_or_none()
            if run_id is None:
                raise NoSuchCaseError("no such case", where=violation_id)
            return evidence_of(session, run_id, violation_id)

    def messages(self, violation_id: str) -> tuple[ToldMessage, ...]:
        """What the receivers of today's settings were told of a case, and what became of it, in the order of telling."""
        if self._telling is None or not self._telling.receivers:
            return ()
        with self._database.reading() as session:
            return messages_of(session, self._telling.receivers, subject_of(violation_id))

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

    def untold_deadlines(self, now: datetime, since: datetime) -> tuple[PassedDeadline, ...]:
        """Deadlines at or after ``since`` that have passed and that somebody is still to be told of, the oldest first."""
        return tuple(passed for passed, _ in self._untold(now, since))

    def tell_deadlines(self, now: datetime, since: datetime) -> int:
        """Put the messages of all of them into the outbox; of how many cases. Where somebody decides at that moment, that counts."""
        untold, told = self._untold(now, since), 0
        for start in range(0, len(untold), MOST_AT_ONCE):
            some = untold[start : start + MOST_AT_ONCE]
            ids = [passed.case.violation_id for passed, _ in some]
            asked = select(CaseRecord.violation_id, CaseRecord.version).where(CaseRecord.violation_id.in_(ids)).with_for_update()
            with self._database.writing() as session:
                as_seen = {(violation_id, version) for violation_id, version in session.execute(asked)}
                for passed, messages in some:
                    if (passed.case.violation_id, passed.case.version) in as_seen:
                        told += enqueue(self._database, session, messages) > 0
        return told

    def _untold(self, now: datetime, since: datetime) -> tuple[_Untold, ...]:
        if self._telling is None or not self._telling.receivers:
            return ()
        with self._database.reading() as session:
            made = [(passed, self._telling.of_deadline(passed)) for passed in passed_deadlines(session, since, now)]
            known = known_keys(session, {(message.receiver, message.event_key) for _, messages in made for message in messages})
        untold = [(passed, [each for each in messages if (each.receiver, each.event_key) not in known]) for passed, messages in made]
        return tuple((passed, tuple(messages)) for passed, messages in untold if messages)

    def claim(self, violation_id: str, by: str, now: datetime, until: datetime) -> None:
        """Have a case in hand, or go on having it. ClaimedCaseError where somebody else has it at that time."""
        with self._database.writing() as session:
            record = locked(session, violation_id)
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
        """Take a step, write down in the audit log that it was taken, and put the messages that tell of it into the outbox.

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
            record = locked(session, violation_id)
            if step.role is not CaseRole.SYSTEM:
                _refuse_what_others_have(record, step.by, step.at)
            if record.version != version:
                raise StaleCaseError(
                    "somebody has taken a step since",
                    where=f"case {violation_id}",
                    expected=f"version {version}",
                    found=str(record.version),
                )
            detail = case_detail(session, violation_id)
            case = take(detail.case, step, facts_of(detail), policy)
            return StepWriter(self._database, session, self._telling).write(record, detail, step, case, remote)


def _refuse_what_others_have(record: CaseRecord, by: str, now: datetime) -> None:
    if record.claimed_by not in {None, by} and record.claimed_until is not None and record.claimed_until > now:
        raise ClaimedCaseError(
            "somebody else is at this case",
            where=f"case {record.violation_id}",
            found=f"{record.claimed_by}, until {record.claimed_until.isoformat()}",
        )
