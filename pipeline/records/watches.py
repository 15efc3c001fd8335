"""Who watches which camera: a lease that is renewed, so that two programs on one database never watch the same one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipeline.records.database import Database
from pipeline.records.rows import CameraWatcher
from pipeline.records.tables import WatchRecord


def claim_cameras(database: Database, session: Session, camera_ids: Collection[str], watcher: str, told: str, lease: timedelta) -> None:
    """Lease those that nobody else has, and renew one's own; see ``others_watching`` for the rest."""
    now = _now(session)
    row = WatchRecord.__table__.c
    for camera_id in sorted(camera_ids):
        insert = database.insert(WatchRecord).values(camera_id=camera_id, watcher=watcher, told=told, leased_until=now + lease)
        new = {name: insert.excluded[name] for name in ("watcher", "told", "leased_until")}
        free = (row.watcher == watcher) | (row.leased_until < now)
        session.execute(insert.on_conflict_do_update(index_elements=["camera_id"], set_=new, where=free))


def others_watching(session: Session, camera_ids: Collection[str], watcher: str) -> tuple[CameraWatcher, ...]:
    """Who else has a lease on any of these that has not run out."""
    query = select(WatchRecord).where(WatchRecord.camera_id.in_(camera_ids), WatchRecord.watcher != watcher)
    rows = session.scalars(query.where(WatchRecord.leased_until >= _now(session)).order_by(WatchRecord.camera_id))
    return tuple(CameraWatcher(row.camera_id, row.told, row.leased_until) for row in rows)


def watching(session: Session) -> tuple[CameraWatcher, ...]:
    """All leases that have not run out."""
    rows = session.scalars(select(WatchRecord).where(WatchRecord.leased_until >= _now(session)).order_by(WatchRecord.camera_id))
    return tuple(CameraWatcher(row.camera_id, row.told, row.leased_until) for row in rows)


def release_cameras(session: Session, camera_ids: Collection[str], watcher: str) -> None:
    """Give back one's own."""
    session.execute(delete(WatchRecord).where(WatchRecord.camera_id.in_(camera_ids), WatchRecord.watcher == watcher))


def _now(session: Session) -> datetime:
    """The database's own clock: those of two hosts may be far apart."""
    now = session.execute(select(func.now())).scalar_one()
    return now.replace(tzinfo=UTC) if now.tzinfo is None else now.astimezone(UTC)
