"""The queue of cases: which, in what order, a page at a time."""

from __future__ import annotations

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session

from pipeline.records.case_rows import CaseFilter, CaseOrder, CasePage, CaseRow, NoSuchPageError
from pipeline.records.tables import CaseRecord, SourceRecord, TenancyRecord, ViolationRecord, ViolationShopRecord
from pipeline.records.violations import violation_row

_NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for the deadline of what has none: behind all others."""
_DEADLINE = func.coalesce(CaseRecord.deadline, literal(_NEVER, CaseRecord.deadline.type)).label("deadline")
_ORDERS: dict[CaseOrder, tuple[tuple[Any, bool], ...]] = {
    # Column and whether it falls; the id makes the order one of its own.
    CaseOrder.NEWEST: ((CaseRecord.listed_at, True), (CaseRecord.violation_id, True)),
    CaseOrder.OLDEST: ((CaseRecord.listed_at, False), (CaseRecord.violation_id, False)),
    CaseOrder.URGENT: ((CaseRecord.standing, True), (CaseRecord.dwell_s, True), (CaseRecord.violation_id, True)),
    CaseOrder.DUE: ((_DEADLINE, False), (CaseRecord.listed_at, True), (CaseRecord.violation_id, True)),
}


def list_cases(session: Session, wanted: CaseFilter, order: CaseOrder, after: str, limit: int) -> CasePage:
    """At most ``limit`` cases behind ``after``; see CaseBook."""
    columns = _ORDERS[order]
    query = joined().where(*conditions(wanted))
    if after:
        query = query.where(_behind(columns, _values_of(after, order)))
    query = query.order_by(*(column.desc() if falls else column.asc() for column, falls in columns))
    found = session.execute(query.limit(limit + 1)).all()
    names = names_of(session, [(record.run_id, record.violation_id) for record, _, _ in found])
    rows = [case_row(record, violation, source, names[record.run_id, record.violation_id]) for record, violation, source in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return CasePage(tuple(rows), "" if last is None else _text_of(order, _values_in(last, columns)))


def neighbours(
    session: Session, record: CaseRecord, wanted: CaseFilter, order: CaseOrder, now: datetime, by: str
) -> tuple[str | None, str | None]:
    """The cases before and behind this one in the queue that nobody but ``by`` has in hand."""
    free = or_(CaseRecord.claimed_by.is_(None), CaseRecord.claimed_by == by, CaseRecord.claimed_until <= now)
    query = select(CaseRecord.violation_id).where(*conditions(wanted), free)
    forth = _ORDERS[order]
    back = tuple((column, not falls) for column, falls in forth)
    return _first_behind(session, query, record, back), _first_behind(session, query, record, forth)


def _first_behind(session: Session, query: Select[str], record: CaseRecord, columns: Sequence[tuple[Any, bool]]) -> str | None:
    query = query.where(_behind(columns, _values_in(record, columns)))
    return session.scalars(query.order_by(*(column.desc() if falls else column.asc() for column, falls in columns)).limit(1)).first()


def _values_in(record: CaseRecord, columns: Sequence[tuple[Any, bool]]) -> list[Any]:
    """Where a case stands in an order."""
    values = (getattr(record, column.key) for column, _ in columns)
    return [_NEVER if value is None else value for value in values]


def _behind(columns: Sequence[tuple[Any, bool]], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a row comes after these values in the order of the columns."""
    choices = []
    for place, (column, falls) in enumerate(columns):
        same = [earlier == value for (earlier, _), value in zip(columns[:place], values, strict=False)]
        if isinstance(values[place], bool):
            # Databases do not all call one of them the larger; only one way round is there anything farther.
            farther = column.is_(not values[place]) if values[place] == falls else false()
        else:
            farther = column < values[place] if falls else column > values[place]
        choices.append(and_(*same, farther))
    first, falls = columns[0]
    # Says nothing new, but lets a database begin at this place of its index.
    begins = true() if isinstance(values[0], bool) else first <= values[0] if falls else first >= values[0]
    return and_(begins, or_(*choices))


def _text_of(order: CaseOrder, values: Sequence[Any]) -> str:
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps([order.value, *told]).encode()).decode().rstrip("=")


def _values_of(after: str, order: CaseOrder) -> list[Any]:
    try:
        told, *values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if told != order.value or len(values) != len(_ORDERS[order]):
            raise ValueError(told)
        if order is CaseOrder.URGENT:
            return [bool(values[0]), float(values[1]), str(values[2])]
        return [*(datetime.fromisoformat(value).astimezone(UTC) for value in values[:-1]), str(values[-1])]
    except (ValueError, TypeError, binascii.Error) as err:
        raise NoSuchPageError("no such page", expected="the 'after' that an earlier page gave", found=after[:80]) from err


def conditions(wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """What a filter asks of a case."""
    equal = {
        CaseRecord.kind: wanted.kind,
        CaseRecord.street: wanted.street,
        CaseRecord.squad: wanted.squad,
        CaseRecord.camera_id: wanted.camera_id,
        CaseRecord.standing: wanted.standing,
        CaseRecord.ambiguous: wanted.ambiguous,
        CaseRecord.gaps: wanted.gaps,
        CaseRecord.complete: wanted.complete,
        CaseRecord.claimed_by: wanted.claimed_by,
    }
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if wanted.states is not None:
        found.append(CaseRecord.state.in_(wanted.states))
    if wanted.streets is not None:
        found.append(CaseRecord.street.in_(wanted.streets))
    if wanted.since is not None:
        found.append(CaseRecord.listed_at >= wanted.since)
    if wanted.until is not None:
        found.append(CaseRecord.listed_at < wanted.until)
    if wanted.due_since is not None:
        found.append(CaseRecord.deadline >= wanted.due_since)
    if wanted.due_until is not None:
        found.append(CaseRecord.deadline < wanted.due_until)
    if wanted.shop_code is not None:
        # Asked of each case in the order of the queue: a page needs few of them, however many the shop has.
        this = (ViolationShopRecord.run_id == CaseRecord.run_id) & (ViolationShopRecord.violation_id == CaseRecord.violation_id)
        found.append(exists().where(this, ViolationShopRecord.code == wanted.shop_code))
    return found


def joined() -> Select[CaseRecord, ViolationRecord, SourceRecord]:
    """Cases with their violations and sources."""
    this = (ViolationRecord.run_id == CaseRecord.run_id) & (ViolationRecord.violation_id == CaseRecord.violation_id)
    return (
        select(CaseRecord, ViolationRecord, SourceRecord)
        .join(ViolationRecord, this)
        .join(SourceRecord, SourceRecord.source_id == ViolationRecord.source_id)
    )


def names_of(session: Session, keys: Sequence[tuple[str, str]]) -> defaultdict[tuple[str, str], dict[str, str]]:
    """(run, violation) -> shop code -> name of the tenant at first sight."""
    query = (
        select(ViolationShopRecord.run_id, ViolationShopRecord.violation_id, TenancyRecord.code, TenancyRecord.name)
        .join(TenancyRecord, TenancyRecord.tenancy_id == ViolationShopRecord.tenancy_id)
        .where(tuple_(ViolationShopRecord.run_id, ViolationShopRecord.violation_id).in_(keys))
    )
    names: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for run_id, violation_id, code, name in session.execute(query) if keys else ():
        names[run_id, violation_id][code] = name
    return names


def case_row(record: CaseRecord, violation: ViolationRecord, source: SourceRecord, names: dict[str, str]) -> CaseRow:
    """A case as it is given out."""
    return CaseRow(
        violation_id=record.violation_id,
        state=record.state,
        version=record.version,
        shop_code=record.shop_code,
        squad=record.squad,
        deadline=record.deadline,
        street=record.street,
        claimed_by=record.claimed_by,
        claimed_until=record.claimed_until,
        updated_at=record.updated_at,
        violation=violation_row(violation, source, names),
    )
