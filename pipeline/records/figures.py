"""Figures of many cases at once: how many, how right, how soon, where again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session

from pipeline.cases import Action, CaseState
from pipeline.records.case_queue import conditions
from pipeline.records.case_rows import CaseFilter
from pipeline.records.tables import CaseRecord, CaseStepRecord, TenancyRecord, ViolationRecord, ViolationShopRecord
from pipeline.types import ViolationKind

UNDECIDED = frozenset({CaseState.CANDIDATE, CaseState.EXPIRED, CaseState.VOID})
"""Nobody has said whether it is a violation, or nobody can."""
UNCONFIRMED = frozenset({CaseState.REJECTED, CaseState.EXEMPT})
_MOST_VERDICTS = 2000
_MOST_SHOPS = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of one kind before one camera, by state."""

    camera_id: str
    kind: ViolationKind
    of_state: Mapping[CaseState, int]


@dataclass(frozen=True, slots=True)
class ShopTally:
    """A shop and how many confirmed cases it had; ``name`` is that of a tenant at the time, "" where nobody is known."""

    code: str
    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Of the cases that a filter finds.

    ``hours`` counts cases by the UTC hour in which they were first seen (minutes 0); those without a clock are left out.
    ``verdict_s`` is the median time from confirmation by the dwell to the first verdict, of the last 2,000 verdicts; None without any.
    """

    tallies: tuple[Tally, ...]
    rejections: Mapping[str, int]
    hours: Mapping[datetime, int]
    shops: tuple[ShopTally, ...]
    verdict_s: float | None


def case_figures(session: Session, wanted: CaseFilter) -> CaseFigures:
    """A few statements, however many cases there are."""
    found = conditions(wanted)
    return CaseFigures(
        _tallies(session, found), _rejections(session, found), _hours(session, found), _shops(session, found), _verdict_s(session, found)
    )


def _tallies(session: Session, found: list[ColumnElement[bool]]) -> tuple[Tally, ...]:
    columns = (CaseRecord.camera_id, CaseRecord.kind, CaseRecord.state)
    counted: dict[tuple[str, ViolationKind], dict[CaseState, int]] = {}
    for camera_id, kind, state, number in session.execute(select(*columns, func.count()).where(*found).group_by(*columns)):
        counted.setdefault((camera_id, kind), {})[state] = number
    return tuple(Tally(camera_id, kind, of_state) for (camera_id, kind), of_state in sorted(counted.items()))


def _rejections(session: Session, found: list[ColumnElement[bool]]) -> dict[str, int]:
    """Reason -> how many cases that are rejected now were for it."""
    last = (
        select(CaseStepRecord.violation_id, func.max(CaseStepRecord.number).label("number"))
        .where(CaseStepRecord.action == Action.REJECT)
        .group_by(CaseStepRecord.violation_id)
        .subquery()
    )
    query = (
        select(CaseStepRecord.reason, func.count())
        .join(last, (last.c.violation_id == CaseStepRecord.violation_id) & (last.c.number == CaseStepRecord.number))
        .join(CaseRecord, CaseRecord.violation_id == CaseStepRecord.violation_id)
        .where(*found, CaseRecord.state == CaseState.REJECTED)
        .group_by(CaseStepRecord.reason)
        .order_by(func.count().desc(), CaseStepRecord.reason)
    )
    return {reason: number for reason, number in session.execute(query)}


def _hours(session: Session, found: list[ColumnElement[bool]]) -> dict[datetime, int]:
    # PostgreSQL takes parts of a time in the zone of the session; SQLite keeps UTC digits.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    at = CaseRecord.listed_at if is_sqlite else func.timezone("UTC", CaseRecord.listed_at)
    parts = (extract("year", at), extract("month", at), extract("day", at), extract("hour", at))
    counted: Counter[datetime] = Counter()
    for year, month, day, hour, number in session.execute(
        select(parts[0], parts[1], parts[2], parts[3], func.count()).where(*found).group_by(*parts)
    ):
        if int(year) > 1970:
            counted[datetime(int(year), int(month), int(day), int(hour), tzinfo=UTC)] += number
    return dict(sorted(counted.items()))


def _shops(session: Session, found: list[ColumnElement[bool]]) -> tuple[ShopTally, ...]:
    """Shops with the most confirmed cases: whose it was found to be, else whose it was by the rules alone."""
    same = (ViolationShopRecord.run_id == CaseRecord.run_id) & (ViolationShopRecord.violation_id == CaseRecord.violation_id)
    query = (
        select(ViolationShopRecord.code, func.max(TenancyRecord.name), func.count())
        .join(CaseRecord, same)
        .outerjoin(TenancyRecord, TenancyRecord.tenancy_id == ViolationShopRecord.tenancy_id)
        .where(*found, CaseRecord.state.not_in(UNDECIDED | UNCONFIRMED))
        .where(CaseRecord.shop_code.is_(None) | (CaseRecord.shop_code == ViolationShopRecord.code))
        .group_by(ViolationShopRecord.code)
        .order_by(func.count().desc(), ViolationShopRecord.code)
        .limit(_MOST_SHOPS)
    )
    return tuple(ShopTally(code, name or "", number) for code, name, number in session.execute(query))


def _verdict_s(session: Session, found: list[ColumnElement[bool]]) -> float | None:
    same = (ViolationRecord.run_id == CaseRecord.run_id) & (ViolationRecord.violation_id == CaseRecord.violation_id)
    query = (
        select(ViolationRecord.confirmed_at, CaseStepRecord.at)
        .join(CaseRecord, CaseRecord.violation_id == CaseStepRecord.violation_id)
        .join(ViolationRecord, same)
        .where(*found, CaseStepRecord.number == 1, ViolationRecord.confirmed_at.is_not(None))
        .order_by(CaseStepRecord.at.desc())
        .limit(_MOST_VERDICTS)
    )
    times = [(at - confirmed_at).total_seconds() for confirmed_at, at in session.execute(query) if confirmed_at is not None]
    return median(times) if times else None
