"""Who is there, and when they were seen last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.records.tables import AccountRecord, AuditRecord, SessionRecord


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody is there: sessions that are open, and when anything was done last (None: never, as far as is known)."""

    sessions: int
    seen_at: datetime | None


def presence(session: Session, now: datetime) -> dict[str, Presence]:
    """Account -> whether somebody is there, of all accounts."""
    live = select(SessionRecord.account, func.count(), func.max(SessionRecord.seen_at)).where(SessionRecord.expires_at > now)
    opened = {name: (number, seen_at) for name, number, seen_at in session.execute(live.group_by(SessionRecord.account))}
    found = {}
    for name in session.scalars(select(AccountRecord.name)):
        # The last row of each by its index: the audit may be long.
        last = select(AuditRecord.at).where(AuditRecord.account == name).order_by(AuditRecord.audit_id.desc()).limit(1)
        number, seen_at = opened.get(name, (0, None))
        found[name] = Presence(number, max((at for at in (seen_at, session.scalars(last).first()) if at is not None), default=None))
    return found
