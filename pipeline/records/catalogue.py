"""Cameras, zones and shops as a run knew them."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.config import CameraSettings
from pipeline.errors import RecordError
from pipeline.records.columns import canonical_json
from pipeline.records.database import Database
from pipeline.records.rows import ZoneVersionRow
from pipeline.records.tables import CameraRecord, ShopRecord, TenancyRecord, ZoneVersionRecord
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.zones import CameraZones

_NEVER = datetime.min.replace(tzinfo=UTC)


def save_camera(database: Database, session: Session, camera: CameraSettings) -> None:
    """Insert or update one camera."""
    row = {"camera_id": camera.id, "name": camera.name, "place": camera.place, "street": camera.street}
    session.execute(database.upsert(CameraRecord), row)


def hold_camera(session: Session, camera_id: str) -> None:
    """Let nobody else change the zones of a camera before this transaction ends (SQLite has one writer at a time anyway)."""
    held = update(CameraRecord).where(CameraRecord.camera_id == camera_id).values(camera_id=CameraRecord.camera_id)
    if session.execute(held.returning(CameraRecord.camera_id)).first() is None:
        raise RecordError("no such camera", where=f"camera {camera_id}", hint="It must be saved before its zones")


def save_zones(
    database: Database, session: Session, zones: CameraZones, geojson: bytes, saved_at: datetime | None = None, saved_by: str | None = None
) -> None:
    """Insert one version of a camera's zones; the same version again changes nothing."""
    row = {
        "camera_id": zones.camera_id,
        "version": zones.version,
        "sha256": hashlib.sha256(geojson).hexdigest(),
        "author": zones.author,
        "drawn_on": zones.drawn_on,
        "reason": zones.reason,
        "geojson": geojson.decode("utf-8"),
        "saved_at": saved_at,
        "saved_by": saved_by,
    }
    session.execute(database.insert(ZoneVersionRecord).values(row).on_conflict_do_nothing())
    key = (ZoneVersionRecord.camera_id == zones.camera_id, ZoneVersionRecord.version == zones.version)
    kept = session.scalars(select(ZoneVersionRecord.sha256).where(*key)).one()
    if kept != row["sha256"]:
        raise RecordError(
            "zones changed under the same version",
            where=f"camera {zones.camera_id}, zone version {zones.version}",
            expected=f"sha256 {kept}",
            found=str(row["sha256"]),
            hint="Give the changed zones a new version",
        )


def zone_versions(session: Session, camera_id: str) -> tuple[ZoneVersionRow, ...]:
    """Newest first: by when they were drawn in the console, else by the day that they name."""
    names = [name for name in ZoneVersionRow.__dataclass_fields__]
    query = select(*(getattr(ZoneVersionRecord, name) for name in names)).where(ZoneVersionRecord.camera_id == camera_id)
    rows = [ZoneVersionRow(*row) for row in session.execute(query)]
    return tuple(sorted(rows, key=lambda row: (row.drawn_on, row.saved_at or _NEVER, row.version), reverse=True))


def zone_geojson(session: Session, camera_id: str, version: str) -> bytes:
    """The zone file of that version, byte for byte."""
    query = select(ZoneVersionRecord.geojson).where(ZoneVersionRecord.camera_id == camera_id, ZoneVersionRecord.version == version)
    text = session.scalars(query).one_or_none()
    if text is None:
        raise RecordError("no such zone version", where=f"camera {camera_id}", found=version)
    return text.encode("utf-8")


def save_shops(database: Database, session: Session, registry: ShopRegistry) -> None:
    """Add the shops and tenancies that are not known yet; what earlier versions stated stays."""
    save_tenancies(database, session, [tenancy for known in registry.tenancies.values() for tenancy in known], list(registry.tenancies))


def save_tenancies(database: Database, session: Session, tenancies: list[Tenancy], codes: list[str]) -> None:
    """Add what is not known yet, in two statements."""
    if codes:
        session.execute(database.insert(ShopRecord).on_conflict_do_nothing(), [{"code": code} for code in sorted(set(codes))])
    if tenancies:
        rows: dict[str, dict[str, Any]] = {tenancy_id(tenancy): asdict(tenancy) for tenancy in tenancies}
        values = [{"tenancy_id": key, **row} for key, row in sorted(rows.items())]
        session.execute(database.insert(TenancyRecord).on_conflict_do_nothing(), values)


def tenancy_id(tenancy: Tenancy) -> str:
    """The sha256 of all that it states."""
    content = asdict(tenancy) | {"since": _day(tenancy.since), "until": _day(tenancy.until)}
    return hashlib.sha256(canonical_json(content).encode("utf-8", "backslashreplace")).hexdigest()


def as_tenancy(record: TenancyRecord) -> Tenancy:
    """As it was given."""
    return Tenancy(
        code=record.code,
        name=record.name,
        address=record.address,
        street=record.street,
        squad=record.squad,
        trade=record.trade,
        grade=record.grade,
        contact=record.contact,
        since=record.since,
        until=record.until,
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
