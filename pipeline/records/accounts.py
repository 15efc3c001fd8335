"""Who may use the console, and who is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from pipeline.cases import CaseRole
from pipeline.errors import RecordError
from pipeline.records.account_access import account_place, as_account, close_sessions, locked_account
from pipeline.records.account_rows import (
    Account,
    AuditEntry,
    AuditRow,
    Login,
    NobodyLeftError,
    StaleAccountError,
    check_account,
    is_account_name,
)
from pipeline.records.audit import MOST_AT_ONCE, list_audit, write_audit
from pipeline.records.database import Database
from pipeline.records.presence import Presence, presence
from pipeline.records.tables import AccountRecord, SessionRecord

_LONGEST_BAR = timedelta(days=1)
_SEEN_EVERY = timedelta(minutes=1)
_ACCOUNT = tuple(Account.__dataclass_fields__)


class AccountRecords:
    """Accounts, sessions and the audit of one database.

    Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds. ``audit`` says in
    the same transaction who did it. An unknown name is a RecordError. All times are aware UTC.
    """

    def __init__(self, database: Database) -> None:
        """See Records.accounts."""
        self._database = database

    # --- accounts ------------------------------------------------------------------------------------------

    def add(self, account: Account, audit: Sequence[AuditEntry] = ()) -> None:
        """Keep a new account. RecordError where the name is taken, ValueError for what no account can be."""
        check_account(account)
        with self._database.writing() as session:
            _add(self._database, session, account)
            write_audit(session, audit)

    def find(self, name: str) -> Account | None:
        """The account of that name; None where there is none."""
        with self._database.reading() as session:
            record = session.get(AccountRecord, name) if is_account_name(name) else None
            return None if record is None else as_account(record)

    def list(self) -> tuple[Account, ...]:
        """All accounts by name, the disabled ones too."""
        with self._database.reading() as session:
            found = [as_account(record) for record in session.scalars(select(AccountRecord))]
        return tuple(sorted(found, key=lambda account: account.name))  # databases sort text each in its own way

    def change(  # noqa: PLR0913  four of them are the change
        self,
        name: str,
        *,
        shown_as: str | None = None,
        roles: tuple[CaseRole, ...] | None = None,
        squad: str | None = None,
        streets: tuple[str, ...] | None = None,
        known: Account | None = None,
        keep: CaseRole | None = None,
        audit: Sequence[AuditEntry] = (),
    ) -> Account:
        """Replace what is given, and return the account after it. ValueError for what no account can be.

        Holds at once, also for those who are logged in.

        Args:
            name: of the account.
            shown_as, roles, squad, streets: what it is to have; None: as before.
            known: the account as whoever changes it has seen it. StaleAccountError where it is another by now.
            keep: a role that somebody must have who is no squad and not disabled. NobodyLeftError where nobody would.
            audit: see the class.
        """
        given = {"shown_as": shown_as, "roles": roles, "squad": squad, "streets": streets}
        with self._database.writing() as session:
            _lock_all(session, keep)
            if known is not None and any(getattr(known, key) != getattr(as_account(locked_account(session, name)), key) for key in given):
                raise StaleAccountError("somebody has changed this account since", where=account_place(name))
            account = _change(session, name, {key: value for key, value in given.items() if value is not None})
            _refuse_nobody_left(session, keep)
            write_audit(session, audit)
        return account

    def set_password(self, name: str, password_hash: str, audit: Sequence[AuditEntry] = ()) -> None:
        """Give an account another password: all its sessions are closed, wrong passwords forgotten.

        One that signed in by OIDC signs in by this password from then on, and nobody is bound to it any more.
        """
        with self._database.writing() as session:
            record = locked_account(session, name)
            record.password_hash, record.failures, record.barred_until = password_hash, 0, None
            record.oidc_since = record.oidc_issuer = record.oidc_subject = None
            close_sessions(session, name)
            write_audit(session, audit)

    def renew_hash(self, name: str, known: str, renewed: str) -> None:
        """Keep the same password hashed anew. Sessions stay; nothing changes where ``known`` is not its hash any more."""
        with self._database.writing() as session:
            record = locked_account(session, name)
            if record.password_hash == known:
                record.password_hash = renewed

    def disable(self, name: str, at: datetime, audit: Sequence[AuditEntry] = (), *, keep: CaseRole | None = None) -> None:
        """Let nobody log in by it, and close all its sessions. Disabling it again keeps the first time. ``keep``: see ``change``."""
        with self._database.writing() as session:
            _lock_all(session, keep)
            record = locked_account(session, name)
            record.disabled_at = record.disabled_at or at
            session.flush()
            _refuse_nobody_left(session, keep)
            close_sessions(session, name)
            write_audit(session, audit)

    def enable(self, name: str, audit: Sequence[AuditEntry] = ()) -> None:
        """Let it be used again; wrong passwords are forgotten."""
        with self._database.writing() as session:
            record = locked_account(session, name)
            record.disabled_at, record.failures, record.barred_until = None, 0, None
            write_audit(session, audit)

    # --- logging in ----------------------------------------------------------------------------------------

    def note_failure(self, name: str, now: datetime, *, most: int, bar_for: timedelta, audit: Sequence[AuditEntry] = ()) -> Account:
        """Count a wrong password, and return the account after it.

        Args:
            name: of the account.
            now: when it was given.
            most: wrong passwords in a row that bar the account, 1 or more.
            bar_for: for how long; each further one doubles it, up to a day.
            audit: see the class.
        """
        if most < 1 or bar_for <= timedelta():
            raise ValueError(f"expected most of 1 or more and a bar_for above 0; found {most} and {bar_for}")
        with self._database.writing() as session:
            account = _note_failure(session, name, now, most, bar_for)
            write_audit(session, audit)
        return account

    def note_success(self, name: str, audit: Sequence[AuditEntry] = ()) -> None:
        """Forget the wrong passwords before the right one."""
        with self._database.writing() as session:
            record = locked_account(session, name)
            record.failures, record.barred_until = 0, None
            write_audit(session, audit)

    def open_session(  # noqa: PLR0913  a session has so many parts
        self,
        name: str,
        token_sha256: str,
        form_token: str,
        now: datetime,
        expires_at: datetime,
        *,
        id_token: str | None = None,
        audit: Sequence[AuditEntry] = (),
    ) -> None:
        """Record that somebody has logged in. RecordError where the account is disabled. ``id_token``: see Login."""
        with self._database.writing() as session:
            if locked_account(session, name).disabled_at is not None:
                raise RecordError("the account is disabled", where=account_place(name), hint="Enable it with doorline accounts enable")
            values = {"token_sha256": token_sha256, "account": name, "form_token": form_token, "id_token": id_token}
            session.execute(insert(SessionRecord).values(**values, created_at=now, seen_at=now, expires_at=expires_at))
            write_audit(session, audit)

    def login(self, token_sha256: str, now: datetime, *, idle: timedelta, seen: bool = True) -> Login | None:
        """Who is logged in by this token, and was seen now; not where ``seen`` is False: nobody did anything, a page asked by itself.

        None where nobody is: an unknown token, an expired session, one that nobody used for longer than ``idle`` (exact to a
        minute: using it is written down no more often), a disabled account.
        """
        with self._database.reading() as session:  # most often nothing is to be written: no need to hold up those who write
            found = _live_session(session, token_sha256, now, idle, lock=False)
            if found is None or not seen or now - found[0].seen_at < min(_SEEN_EVERY, idle / 2):
                return None if found is None else _login(found)
        with self._database.writing() as session:
            found = _live_session(session, token_sha256, now, idle, lock=True)
            if found is None:
                return None
            found[0].seen_at = max(now, found[0].seen_at)
            session.flush()
            return _login(found)

    def close_session(self, token_sha256: str, audit: Sequence[AuditEntry] = ()) -> None:
        """Log out; nothing where nobody is logged in by this token."""
        with self._database.writing() as session:
            session.execute(delete(SessionRecord).where(SessionRecord.token_sha256 == token_sha256))
            write_audit(session, audit)

    def close_sessions(self, name: str, audit: Sequence[AuditEntry] = (), *, but: str = "") -> None:
        """Log somebody out everywhere, but for the session of the token with this hash."""
        with self._database.writing() as session:
            locked_account(session, name)
            close_sessions(session, name, but)
            write_audit(session, audit)

    def presence(self, now: datetime) -> dict[str, Presence]:
        """Account -> whether somebody is there, of all accounts."""
        with self._database.reading() as session:
            return presence(session, now)

    def forget_expired(self, now: datetime) -> int:
        """Remove sessions that have expired; how many they were."""
        with self._database.writing() as session:
            gone = delete(SessionRecord).where(SessionRecord.expires_at <= now).returning(SessionRecord.token_sha256)
            return len(session.execute(gone).all())

    # --- who did what --------------------------------------------------------------------------------------

    def note(self, entries: Sequence[AuditEntry]) -> None:
        """Write audit rows. Nobody can change or remove them: the database itself refuses."""
        with self._database.writing() as session:
            write_audit(session, entries)

    def list_audit(  # noqa: PLR0913  all but one of them choose rows
        self,
        *,
        account: str | None = None,
        subject: str | None = None,
        did: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> tuple[AuditRow, ...]:
        """Audit rows, newest first.

        Args:
            account, subject, did: only these; None: any.
            since, until: only ``since`` <= at < ``until``; None: any.
            before: only older ones than that of this ``audit_id``: the last one of the page before.
            limit: how many, 1 to MOST_AT_ONCE.
        """
        if not 1 <= limit <= MOST_AT_ONCE:
            raise ValueError(f"expected a limit of 1 to {MOST_AT_ONCE}; found {limit}")
        words = {"account": account, "subject": subject, "did": did}
        with self._database.reading() as session:
            return list_audit(session, words, since, until, before, limit)


def _add(database: Database, session: Session, account: Account) -> None:
    insert_new = database.insert(AccountRecord).values({name: getattr(account, name) for name in _ACCOUNT}).on_conflict_do_nothing()
    if session.execute(insert_new.returning(AccountRecord.name)).first() is None:
        hint = "Choose another name, or change the account that is there"
        raise RecordError("there is an account of this name", where=account_place(account.name), hint=hint)


def _change(session: Session, name: str, given: dict[str, Any]) -> Account:
    record = locked_account(session, name)
    check_account(replace(as_account(record), **given))
    for column, value in given.items():
        setattr(record, column, value)
    session.flush()
    return as_account(record)


def _note_failure(session: Session, name: str, now: datetime, most: int, bar_for: timedelta) -> Account:
    record = locked_account(session, name)
    record.failures += 1
    if record.failures >= most:
        # As numbers: a timedelta that was doubled often enough is too long to be one.
        doubled_s = bar_for.total_seconds() * 2.0 ** min(record.failures - most, 64)
        record.barred_until = now + timedelta(seconds=min(doubled_s, _LONGEST_BAR.total_seconds()))
    session.flush()
    return as_account(record)


def _live_session(
    session: Session, token_sha256: str, now: datetime, idle: timedelta, *, lock: bool
) -> Row[SessionRecord, AccountRecord] | None:
    query = (
        select(SessionRecord, AccountRecord)
        .join(AccountRecord, AccountRecord.name == SessionRecord.account)
        .where(SessionRecord.token_sha256 == token_sha256, SessionRecord.expires_at > now, SessionRecord.seen_at >= now - idle)
        .where(AccountRecord.disabled_at.is_(None))
    )
    return session.execute(query.with_for_update(of=SessionRecord) if lock else query).one_or_none()


def _lock_all(session: Session, keep: CaseRole | None) -> None:
    """Where it counts who else there is, no two must be changed at once; in one order, so that nobody waits for each other."""
    if keep is not None:
        session.execute(select(AccountRecord.name).order_by(AccountRecord.name).with_for_update()).all()


def _refuse_nobody_left(session: Session, keep: CaseRole | None) -> None:
    if keep is None:
        return
    enabled = [as_account(record) for record in session.scalars(select(AccountRecord).where(AccountRecord.disabled_at.is_(None)))]
    if not any(keep in account.roles and CaseRole.SQUAD not in account.roles for account in enabled):
        raise NobodyLeftError(f"nobody would be left who is {keep.value}", hint="Give that role to somebody else first")


def _login(found: Row[SessionRecord, AccountRecord]) -> Login:
    opened, account = found
    return Login(as_account(account), opened.form_token, opened.created_at, opened.expires_at, opened.id_token)
