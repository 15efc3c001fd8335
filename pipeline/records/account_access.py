"""Accounts within a transaction: for all that changes them."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.cases import CaseRole
from pipeline.errors import RecordError
from pipeline.records.account_rows import Account, is_account_name
from pipeline.records.tables import AccountRecord, SessionRecord

_ACCOUNT = tuple(Account.__dataclass_fields__)


def as_account(record: AccountRecord) -> Account:
    """An account as it is given out."""
    values = {name: getattr(record, name) for name in _ACCOUNT}
    return Account(**values | {"roles": tuple(CaseRole(role) for role in record.roles), "streets": tuple(record.streets)})


def locked_account(session: Session, name: str) -> AccountRecord:
    """The row, which nobody else can change before this transaction ends (SQLite has one writer at a time anyway)."""
    query = select(AccountRecord).where(AccountRecord.name == name).with_for_update()
    record = session.scalars(query).one_or_none() if is_account_name(name) else None
    if record is None:
        raise RecordError("no such account", where=account_place(name))
    return record


def close_sessions(session: Session, name: str, but: str = "") -> None:
    """All sessions of an account, but for the one whose token has this hash."""
    session.execute(delete(SessionRecord).where(SessionRecord.account == name, SessionRecord.token_sha256 != but))


def account_place(name: str) -> str:
    """What an error says of where it happened; a stranger may have chosen the name."""
    return f"account {name[:64]}"
