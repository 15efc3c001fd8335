"""What is to be done where: the cases that are not over, by street and camera."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.cases import CaseState
from pipeline.records.tables import CaseRecord


@dataclass(frozen=True, slots=True)
class Workload:
    """Cases of one street, before one camera, in one state, that stand or do not."""

    street: str
    camera_id: str
    state: CaseState
    standing: bool
    cases: int
    late: int
    """Whose deadline is over."""


def workload(session: Session, states: Collection[CaseState], now: datetime) -> tuple[Workload, ...]:
    """One statement, however many cases there are."""
    columns = (CaseRecord.street, CaseRecord.camera_id, CaseRecord.state, CaseRecord.standing)
    late = func.sum(when((CaseRecord.deadline < now, 1), else_=0))
    query = select(*columns, func.count(), late).where(CaseRecord.state.in_(states)).group_by(*columns).order_by(*columns)
    return tuple(Workload(*values) for values in session.execute(query))
