"""What the records know of shops: what lists have stated of them, and what was found before them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, select, text
from sqlalchemy.orm import Session

from pipeline.cases import CaseState
from pipeline.records.account_rows import AuditEntry
from pipeline.records.audit import write_audit
from pipeline.records.case_queue import case_row, conditions, joined, names_of
from pipeline.records.case_rows import CaseFilter, CaseRow
from pipeline.records.catalogue import as_tenancy, save_shops
from pipeline.records.database import Database
from pipeline.records.figures import UNCONFIRMED, UNDECIDED
from pipeline.records.tables import CaseRecord, TenancyRecord, ViolationShopRecord
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import UNKNOWN_EPOCH

_AT_ONCE = 500
_MOST_CODES = 1000
"""In one statement: databases take a limited number of values."""
_LOCK_KEY = 0x646F6F7273686F70
"""Of PostgreSQL's advisory lock while a list is put in force: "doorshop" in ASCII."""


@dataclass(frozen=True, slots=True)
class ShopItems:
    """Cases of one shop that a filter finds: whose it was found to be, else whose it may be.

    ``lately`` and ``earlier`` count those since two moments, ``decided`` and ``confirmed`` are of the latter. ``last_at`` is when the last
    of all was first seen, None where its recording has no clock.
    """

    lately: int
    earlier: int
    decided: int
    confirmed: int
    last_at: datetime | None


NO_ITEMS = ShopItems(0, 0, 0, 0, None)


class ShopBook:
    """Shops of one database. Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds."""

    def __init__(self, database: Database) -> None:
        """See Records.shops."""
        self._database = database

    def put_in_force(self, registries: Sequence[ShopRegistry], audit: Sequence[AuditEntry], put: Callable[[], None]) -> None:
        """Keep a list that is put in force, in one transaction with its audit rows.

        Args:
            registries: the list, and others that shall be kept as well.
            audit: what is told of it.
            put: puts the file in force. Called last, by one caller at a time however many processes there are; what it raises leaves the
                records as they were.
        """
        with self._database.writing() as session:
            if not self._database.is_sqlite:  # SQLite has one writer at a time anyway
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            for registry in registries:
                save_shops(self._database, session, registry)
            write_audit(session, audit)
            session.flush()
            put()

    def statements(self, code: str) -> tuple[Tenancy, ...]:
        """Every tenancy of a shop that any list has ever stated, by its first day."""
        query = select(TenancyRecord).where(TenancyRecord.code == code)
        with self._database.reading() as session:
            found = [as_tenancy(record) for record in session.scalars(query)]
        return tuple(sorted(found, key=lambda tenancy: (str(tenancy.since or ""), tenancy.name, tenancy.grade)))

    def codes_with_cases(self, codes: Collection[str]) -> frozenset[str]:
        """Which of these shops any case names."""
        found: set[str] = set()
        wanted = sorted(codes)
        with self._database.reading() as session:
            for start in range(0, len(wanted), _MOST_CODES):
                these = wanted[start : start + _MOST_CODES]
                query = select(ViolationShopRecord.code).join(CaseRecord, _same()).where(ViolationShopRecord.code.in_(these)).distinct()
                found |= set(session.scalars(query))
        return frozenset(found)

    def items(self, wanted: CaseFilter, lately: datetime, earlier: datetime, codes: Collection[str]) -> Mapping[str, ShopItems]:
        """What was found before shops; those without any are left out.

        Args:
            wanted: which cases count.
            lately: counted since then, aware.
            earlier: counted since then, too.
            codes: of which shops.
        """
        found: dict[str, ShopItems] = {}
        these = sorted(codes)
        with self._database.reading() as session:
            for start in range(0, len(these), _MOST_CODES):
                found |= _items(session, wanted, lately, earlier, these[start : start + _MOST_CODES])
        return found

    def numbers(self, wanted: CaseFilter, since: datetime) -> Mapping[str, int]:
        """How many cases each shop has had since a moment, aware; shops without any are left out."""
        # Counted here: a database that groups by shop goes through all cases that there ever were.
        query = _of_shops(ViolationShopRecord.code).where(CaseRecord.listed_at >= since, *conditions(wanted))
        with self._database.reading() as session:
            return Counter(session.scalars(query))

    def newest(self, wanted: CaseFilter, codes: Container[str], count: int) -> tuple[str, ...]:
        """Those of the shops that had a case last, the last first; at most ``count``."""
        order = (CaseRecord.listed_at.desc(), CaseRecord.violation_id.desc(), ViolationShopRecord.code)
        query = _of_shops(ViolationShopRecord.code).where(*conditions(wanted)).order_by(*order)
        found: dict[str, None] = {}
        with self._database.reading() as session, closing(session.scalars(query.execution_options(yield_per=_AT_ONCE))) as rows:
            for code in rows:
                if len(found) >= count:
                    break
                if code in codes:
                    found[code] = None
        return tuple(found)

    def moments(self, code: str, wanted: CaseFilter) -> tuple[tuple[datetime | None, CaseState], ...]:
        """When the cases of one shop were first seen (None: no clock), and what has become of them; oldest first."""
        query = _of_shops(CaseRecord.listed_at, CaseRecord.state).order_by(CaseRecord.listed_at)
        query = query.where(ViolationShopRecord.code == code, *conditions(wanted))
        with self._database.reading() as session:
            return tuple((at if at > UNKNOWN_EPOCH else None, state) for at, state in session.execute(query))

    def cases(self, code: str, wanted: CaseFilter, limit: int) -> tuple[CaseRow, ...]:
        """The last cases before one shop, also those that were found to be another shop's, newest first."""
        query = joined().join(ViolationShopRecord, _same()).where(ViolationShopRecord.code == code, *conditions(wanted))
        query = query.order_by(CaseRecord.listed_at.desc(), CaseRecord.violation_id.desc()).limit(limit)
        with self._database.reading() as session:
            found = session.execute(query).all()
            names = names_of(session, [(record.run_id, record.violation_id) for record, _, _ in found])
            return tuple(
                case_row(record, violation, source, names[record.run_id, record.violation_id]) for record, violation, source in found
            )


def _items(session: Session, wanted: CaseFilter, lately: datetime, earlier: datetime, codes: Sequence[str]) -> dict[str, ShopItems]:
    is_early = CaseRecord.listed_at >= earlier
    is_decided = CaseRecord.state.not_in(UNDECIDED)
    is_confirmed = CaseRecord.state.not_in(UNDECIDED | UNCONFIRMED)
    numbers = (CaseRecord.listed_at >= lately, is_early, and_(is_early, is_decided), and_(is_early, is_confirmed))
    query = _of_shops(ViolationShopRecord.code, *(_count(condition) for condition in numbers), func.max(CaseRecord.listed_at))
    query = query.where(ViolationShopRecord.code.in_(codes), *conditions(wanted)).group_by(ViolationShopRecord.code)
    found: dict[str, ShopItems] = {}
    for code, now, then, decided, confirmed, last_at in session.execute(query):
        found[code] = ShopItems(int(now), int(then), int(decided), int(confirmed), last_at if last_at > UNKNOWN_EPOCH else None)
    return found


def _count(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0), type_=Integer)


def _of_shops(*columns: Any) -> Any:
    """Cases with their shops; what was found to be another shop's is none of this one's."""
    is_of_shop = CaseRecord.shop_code.is_(None) | (CaseRecord.shop_code == ViolationShopRecord.code)
    return select(*columns).select_from(CaseRecord).join(ViolationShopRecord, _same()).where(is_of_shop)


def _same() -> ColumnElement[bool]:
    return and_(ViolationShopRecord.run_id == CaseRecord.run_id, ViolationShopRecord.violation_id == CaseRecord.violation_id)
