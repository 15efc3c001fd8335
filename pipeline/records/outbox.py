"""The outbox: messages wait here until their receivers have taken them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from pipeline.records.database import Database
from pipeline.records.rows import ClaimedMessage, MessageState, OutboxRow, OutgoingMessage, ToldMessage
from pipeline.records.tables import OutboxRecord

_CLAIMED = tuple(ClaimedMessage.__dataclass_fields__)
_MOST_KEYS = 400
"""In one statement: databases take a limited number of values."""
_NEVER_TRIED: dict[str, Any] = {"leased_until": None, "attempts": 0, "attempted_at": None, "finished_at": None, "status": None, "error": ""}


def enqueue(database: Database, session: Session, messages: Sequence[OutgoingMessage]) -> int:
    """Insert messages whose key their receiver was not told before; how many they were."""
    new = 0
    for message in messages:
        values: dict[str, Any] = {name: getattr(message, name) for name in OutgoingMessage.__dataclass_fields__}
        due_at = values.pop("due_at") or message.created_at
        values |= {"state": MessageState.WAITING, "waiting_since": due_at, "next_attempt_at": due_at}
        insert = database.insert(OutboxRecord).values(**values, **_NEVER_TRIED).on_conflict_do_nothing()
        new += len(session.execute(insert.returning(OutboxRecord.sequence)).all())
    return new


def is_due(session: Session, receiver: str, now: datetime) -> bool:
    """Whether a message of this receiver could be claimed."""
    return session.execute(_due(receiver, now)).first() is not None


def claim_message(session: Session, receiver: str, now: datetime, leased_until: datetime) -> ClaimedMessage | None:
    """Lease the message that is due first."""
    # Two who ask at once get different messages, or none: on SQLite one waits for the other's transaction, on
    # PostgreSQL a row that another one is about to take is passed over.
    record = session.scalars(_due(receiver, now).with_for_update(of=OutboxRecord, skip_locked=True)).first()
    if record is None:
        return None
    record.leased_until, record.attempted_at, record.attempts = leased_until, now, record.attempts + 1
    session.flush()
    return ClaimedMessage(**{name: getattr(record, name) for name in _CLAIMED})


def mark_sent(session: Session, message: ClaimedMessage, at: datetime, status: int) -> None:
    """It was taken, even if the lease has run out and another process is sending it again."""
    values = {"state": MessageState.SENT, "finished_at": at, "leased_until": None, "status": status, "error": ""}
    session.execute(update(OutboxRecord).where(OutboxRecord.message_id == message.message_id).values(**values))


def put_off(session: Session, message: ClaimedMessage, until: datetime, status: int | None, error: str) -> None:
    """Back to the waiting ones."""
    values = {"next_attempt_at": until, "leased_until": None, "status": status, "error": error}
    session.execute(update(OutboxRecord).where(_still_ours(message)).values(**values))


def give_up(session: Session, message: ClaimedMessage, at: datetime, status: int | None, error: str) -> None:
    """To the failed ones."""
    values = {"state": MessageState.FAILED, "finished_at": at, "leased_until": None, "status": status, "error": error}
    session.execute(update(OutboxRecord).where(_still_ours(message)).values(**values))


def retry_failed(session: Session, now: datetime, receiver: str | None) -> int:
    """From the failed ones back to the waiting ones, as if never tried."""
    failed = OutboxRecord.state == MessageState.FAILED
    which = failed if receiver is None else and_(failed, OutboxRecord.receiver == receiver)
    values = {"state": MessageState.WAITING, "waiting_since": now, "next_attempt_at": now, **_NEVER_TRIED}
    return len(session.execute(update(OutboxRecord).where(which).values(**values).returning(OutboxRecord.sequence)).all())


def withdraw(session: Session, receivers: Sequence[str], subject: str, keys: str, why: str) -> frozenset[str]:
    """Take back what was not told yet of a subject, as far as keys begin so; the receivers that were told, or may have been.

    What has failed is taken back too, lest somebody put it among the waiting ones again.
    """
    these = (
        OutboxRecord.receiver.in_(receivers),
        OutboxRecord.subject == subject,
        OutboxRecord.event_key.startswith(keys, autoescape=True),
    )
    state, waiting = OutboxRecord.state, OutboxRecord.state == MessageState.WAITING
    untold = or_(state == MessageState.FAILED, and_(waiting, OutboxRecord.attempts == 0))
    session.execute(update(OutboxRecord).where(*these, untold).values(state=MessageState.WITHDRAWN, error=why))
    # Asked afterwards: whoever took one to send it in between has told it.
    told = or_(state == MessageState.SENT, and_(waiting, OutboxRecord.attempts > 0))
    return frozenset(session.scalars(select(OutboxRecord.receiver).where(*these, told)))


def give_back(session: Session, receivers: Sequence[str], subject: str, why: str) -> None:
    """Put back what was withdrawn for that reason, as it was before."""
    before = case((OutboxRecord.finished_at.is_not(None), MessageState.FAILED), else_=MessageState.WAITING)
    withdrawn = (OutboxRecord.state == MessageState.WITHDRAWN, OutboxRecord.error == why)
    these = (OutboxRecord.receiver.in_(receivers), OutboxRecord.subject == subject, *withdrawn)
    session.execute(update(OutboxRecord).where(*these).values(state=before, error=""))


def messages_of(session: Session, receivers: Sequence[str], subject: str) -> tuple[ToldMessage, ...]:
    """The messages about a case in the order of telling, whatever became of them."""
    # All states, one by one: then the index leads to them.
    these = (OutboxRecord.receiver.in_(receivers), OutboxRecord.state.in_(list(MessageState)), OutboxRecord.subject == subject)
    found = session.scalars(select(OutboxRecord).where(*these).order_by(OutboxRecord.sequence))
    return tuple(
        ToldMessage(
            receiver=row.receiver,
            event=row.event,
            number=int(row.event_key.removeprefix(f"{subject}/").partition("/")[0]),
            state=row.state,
            due_at=row.next_attempt_at,
            finished_at=row.finished_at,
            error=row.error,
        )
        for row in found
    )


def known_keys(session: Session, keys: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Of these pairs of receiver and key, those that are in the outbox, whatever became of them."""
    known: set[tuple[str, str]] = set()
    asked, columns = sorted(keys), tuple_(OutboxRecord.receiver, OutboxRecord.event_key)
    for start in range(0, len(asked), _MOST_KEYS):
        query = select(OutboxRecord.receiver, OutboxRecord.event_key).where(columns.in_(asked[start : start + _MOST_KEYS]))
        known.update((receiver, key) for receiver, key in session.execute(query))
    return frozenset(known)


def list_outbox(session: Session) -> tuple[OutboxRow, ...]:
    """One row per receiver, in two statements."""
    states = {state: OutboxRecord.state == state for state in MessageState}
    counts = [func.sum(case((states[state], 1), else_=0)).label(state.value) for state in MessageState]
    query = (
        select(
            OutboxRecord.receiver,
            *counts,
            func.min(case((states[MessageState.WAITING], OutboxRecord.created_at))).label("oldest_waiting_at"),
            func.min(case((states[MessageState.WAITING], OutboxRecord.next_attempt_at))).label("next_attempt_at"),
            func.max(case((states[MessageState.SENT], OutboxRecord.finished_at))).label("last_sent_at"),
        )
        .group_by(OutboxRecord.receiver)
        .order_by(OutboxRecord.receiver)
    )
    errors = _last_errors(session)
    return tuple(
        OutboxRow(
            receiver=row.receiver,
            waiting=int(row.waiting),
            sent=int(row.sent),
            failed=int(row.failed),
            oldest_waiting_at=row.oldest_waiting_at,
            next_attempt_at=row.next_attempt_at,
            last_sent_at=row.last_sent_at,
            last_error=errors.get(row.receiver, ""),
            withdrawn=int(row.withdrawn),
        )
        for row in session.execute(query)
    )


def _due(receiver: str, now: datetime) -> Select[OutboxRecord]:
    """The message of a receiver that may be sent now, of several the one that is due first."""
    other = aliased(OutboxRecord)
    of_its_subject = and_(
        other.receiver == OutboxRecord.receiver, other.state == MessageState.WAITING, other.subject == OutboxRecord.subject
    )
    # Asked row by row along the index until one will do. As NOT EXISTS, PostgreSQL would join all that waits with all that waits.
    first_of_its_subject = select(func.min(other.sequence)).where(of_its_subject).scalar_subquery()
    return (
        select(OutboxRecord)
        .where(
            OutboxRecord.receiver == receiver,
            OutboxRecord.state == MessageState.WAITING,
            OutboxRecord.next_attempt_at <= now,
            or_(OutboxRecord.leased_until.is_(None), OutboxRecord.leased_until <= now),
            OutboxRecord.sequence == first_of_its_subject,
        )
        # A message that is never taken comes behind those that were not tried yet.
        .order_by(OutboxRecord.next_attempt_at, OutboxRecord.sequence)
        .limit(1)
    )


def _still_ours(message: ClaimedMessage) -> ColumnElement[bool]:
    """Nobody else has claimed or finished it since."""
    return and_(
        OutboxRecord.message_id == message.message_id,
        OutboxRecord.state == MessageState.WAITING,
        OutboxRecord.leased_until == message.leased_until,
        OutboxRecord.attempts == message.attempts,
    )


def _last_errors(session: Session) -> dict[str, str]:
    """Receiver -> error of the last attempt among its messages that are not sent."""
    latest = (OutboxRecord.attempted_at.desc(), OutboxRecord.sequence.desc())
    rank = func.row_number().over(partition_by=OutboxRecord.receiver, order_by=latest).label("rank")
    unsent = (OutboxRecord.error != "", OutboxRecord.state != MessageState.WITHDRAWN)
    ranked = select(OutboxRecord.receiver, OutboxRecord.error, rank).where(*unsent).subquery()
    return {row.receiver: row.error for row in session.execute(select(ranked.c.receiver, ranked.c.error).where(ranked.c.rank == 1))}
