"""Who did what: rows that nobody can change or remove."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from pipeline.records.account_rows import AuditEntry, AuditRow
from pipeline.records.tables import AuditRecord

MOST_AT_ONCE = 1000
_LONGEST_WORD = 128
_ENTRY = tuple(AuditEntry.__dataclass_fields__)
_WORDS = ("account", "did", "subject")


def write_audit(session: Session, entries: Sequence[AuditEntry]) -> None:
    """Write audit rows in the transaction of what they tell of: both hold, or neither."""
    for entry in entries:
        words = {name: _fitting(getattr(entry, name)) for name in _WORDS}
        session.execute(insert(AuditRecord).values(at=entry.at, detail=entry.detail, remote=entry.remote, **words))


def list_audit(
    session: Session,
    words: dict[str, str | None],
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
) -> tuple[AuditRow, ...]:
    """Newest first; see AccountRecords. ``words`` are column -> the only value wanted, None for any."""
    wanted = {getattr(AuditRecord, name): _fitting(word) for name, word in words.items() if word is not None}
    conditions: list[ColumnElement[bool]] = [column == word for column, word in wanted.items()]
    if since is not None:
        conditions.append(AuditRecord.at >= since)
    if until is not None:
        conditions.append(AuditRecord.at < until)
    if before is not None:
        conditions.append(AuditRecord.audit_id < before)
    query = select(AuditRecord).where(*conditions).order_by(AuditRecord.audit_id.desc()).limit(limit)
    return tuple(AuditRow(record.audit_id, *(getattr(record, name) for name in _ENTRY)) for record in session.scalars(query))


def _fitting(word: str) -> str:
    """As the column can hold it: what was done must be recorded even where a stranger chose the words."""
    return word.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")[:_LONGEST_WORD]
