"""Accounts that sign in by an OpenID provider: who is bound to which, and who is on the way back from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from pipeline.records.account_access import account_place, as_account, close_sessions, locked_account
from pipeline.records.account_rows import Account, AuditEntry, BoundAccountError, check_account
from pipeline.records.audit import write_audit
from pipeline.records.database import Database
from pipeline.records.tables import AccountRecord, SignInRecord


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody was sent to the provider: what must come back, and where they wanted to go.

    ``nonce`` must stand in what the provider says of who they are; ``verifier`` (PKCE) redeems it.
    """

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    place: str
    expires_at: datetime


class SignIns:
    """See Records.sign_ins. Every method is one transaction; ``audit`` says in it who did it. An unknown name is a RecordError."""

    def __init__(self, database: Database) -> None:
        """See Records.sign_ins."""
        self._database = database

    # --- who is bound to what ------------------------------------------------------------------------------

    def account_of(self, issuer: str, subject: str) -> Account | None:
        """The account that is bound to this person of that provider, a disabled one too; None where none is."""
        query = select(AccountRecord).where(AccountRecord.oidc_issuer == issuer, AccountRecord.oidc_subject == subject)
        with self._database.reading() as session:
            record = session.scalars(query).one_or_none()
            return None if record is None else as_account(record)

    def use_oidc(self, name: str, at: datetime, bound_to: tuple[str, str] | None = None, audit: Sequence[AuditEntry] = ()) -> Account:
        """Let an account sign in by the provider from now on, and by no password: all its sessions are closed, its password is gone.

        Who was bound to it is bound no more. ``bound_to``: issuer and subject of the only person who may use it; None: the next one
        there whose name is that of the account. BoundAccountError where that person has another account.
        """
        with self._database.writing() as session:
            record = locked_account(session, name)
            record.password_hash, record.failures, record.barred_until = "", 0, None
            record.oidc_since, record.oidc_issuer, record.oidc_subject = at, None, None
            if bound_to is not None:
                _bind(session, record, *bound_to)
            check_account(as_account(record))
            close_sessions(session, name)
            write_audit(session, audit)
            return as_account(record)

    def bind(self, name: str, issuer: str, subject: str, audit: Sequence[AuditEntry] = ()) -> Account:
        """Bind an account to a person of a provider for good, and return it after that.

        BoundAccountError where it is bound to somebody else, where that person has another account, and where it signs in by password.
        """
        with self._database.writing() as session:
            record = locked_account(session, name)
            if record.oidc_since is None or record.oidc_subject is not None:
                raise BoundAccountError("the account is not free to be bound", where=account_place(name))
            _bind(session, record, issuer, subject)
            write_audit(session, audit)
            return as_account(record)

    # --- who is on the way ---------------------------------------------------------------------------------

    def begin(self, state_sha256: str, browser_sha256: str, sign_in: SignIn, now: datetime) -> None:
        """Keep that somebody was sent there; those who never came back are forgotten."""
        values = {"nonce": sign_in.nonce, "verifier": sign_in.verifier, "place": sign_in.place, "expires_at": sign_in.expires_at}
        with self._database.writing() as session:
            session.execute(delete(SignInRecord).where(SignInRecord.expires_at <= now))
            session.execute(insert(SignInRecord).values(state_sha256=state_sha256, browser_sha256=browser_sha256, **values))

    def take(self, state_sha256: str, browser_sha256: str, now: datetime) -> SignIn | None:
        """What was kept, which nobody else can take after that; None for an unknown state, another browser, or too late."""
        gone = (
            delete(SignInRecord)
            .where(SignInRecord.state_sha256 == state_sha256, SignInRecord.browser_sha256 == browser_sha256)
            .returning(SignInRecord.nonce, SignInRecord.verifier, SignInRecord.place, SignInRecord.expires_at)
        )
        with self._database.writing() as session:
            row = session.execute(gone).one_or_none()
            found = None if row is None else SignIn(*row)
        return None if found is None or found.expires_at <= now else found


def _bind(session: Session, record: AccountRecord, issuer: str, subject: str) -> None:
    taken = select(AccountRecord.name).where(AccountRecord.oidc_issuer == issuer, AccountRecord.oidc_subject == subject)
    other = session.scalars(taken).one_or_none()
    if other is not None and other != record.name:
        hint = f"Give the account {other} a password, or leave it as it is"
        raise BoundAccountError("this person has another account", where=account_place(record.name), found=other, hint=hint)
    record.oidc_issuer, record.oidc_subject = issuer, subject
    session.flush()
