"""Tokens of programs that ask on behalf of an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pipeline.errors import RecordError
from pipeline.records.account_access import as_account
from pipeline.records.account_rows import Account, AuditEntry
from pipeline.records.audit import write_audit
from pipeline.records.database import Database
from pipeline.records.tables import AccountRecord, ApiTokenRecord


class Scope(StrEnum):
    """What a program may do."""

    READ_CASES = "cases:read"
    DECIDE_CASES = "cases:decide"
    READ_AUDIT = "audit:read"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token, without the token. ``token_id`` is what people call it by: the beginning of its hash."""

    token_id: str
    account: str
    called: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class ApiTokens:
    """See Records.tokens. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        """See Records.tokens."""
        self._database = database

    def add(self, token_sha256: str, token: ApiToken, audit: Sequence[AuditEntry] = ()) -> None:
        """Keep the hash of a new token. RecordError for an account that is unknown or disabled."""
        with self._database.writing() as session:
            account = session.get(AccountRecord, token.account)
            if account is None or account.disabled_at is not None:
                raise RecordError("no account that could have a token", where=f"account {token.account}")
            values = {
                "token_sha256": token_sha256,
                "account": token.account,
                "called": token.called,
                "scopes": [scope.value for scope in token.scopes],
                "created_at": token.created_at,
                "expires_at": token.expires_at,
            }
            session.execute(insert(ApiTokenRecord).values(**values))
            write_audit(session, audit)

    def find(self, token_sha256: str, now: datetime) -> tuple[Account, ApiToken] | None:
        """Whose token it is; None for one that is unknown, revoked or expired, or whose account is disabled."""
        with self._database.reading() as session:
            record = session.get(ApiTokenRecord, token_sha256)
            if record is None or record.revoked_at is not None or record.expires_at <= now:
                return None
            account = session.get(AccountRecord, record.account)
            return None if account is None or account.disabled_at is not None else (as_account(account), _token(record))

    def list(self) -> tuple[ApiToken, ...]:
        """All of them, newest first, also those that hold no more."""
        with self._database.reading() as session:
            order = (ApiTokenRecord.created_at.desc(), ApiTokenRecord.token_sha256)
            return tuple(_token(record) for record in session.scalars(select(ApiTokenRecord).order_by(*order)))

    def revoke(self, token_id: str, at: datetime, audit: Sequence[AuditEntry] = ()) -> ApiToken:
        """Let it hold no more. RecordError where none or several are meant."""
        with self._database.writing() as session:
            record = _meant(session, token_id)
            record.revoked_at = record.revoked_at or at
            write_audit(session, audit)
            return _token(record)


def _meant(session: Session, token_id: str) -> ApiTokenRecord:
    found = session.scalars(select(ApiTokenRecord).where(ApiTokenRecord.token_sha256.startswith(token_id, autoescape=True)).limit(2)).all()
    if len(found) != 1 or not token_id:
        raise RecordError("no such token" if not found else "several tokens begin so", where=token_id, hint="See doorline accounts tokens")
    return found[0]


def _token(record: ApiTokenRecord) -> ApiToken:
    scopes = tuple(Scope(scope) for scope in record.scopes)
    return ApiToken(
        record.token_sha256[:12], record.account, record.called, scopes, record.created_at, record.expires_at, record.revoked_at
    )
