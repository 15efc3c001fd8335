"""Violations with their shops, steps and evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, bindparam, delete, func, select, tuple_
from sqlalchemy.orm import Session

from pipeline.errors import RecordError
from pipeline.records.catalogue import as_tenancy, save_tenancies, tenancy_id
from pipeline.records.database import Database
from pipeline.records.rows import EventRow, ViolationDetail, ViolationEntry, ViolationFilter, ViolationRow
from pipeline.records.runs import pick, run_row, source_row
from pipeline.records.tables import (
    EventRecord,
    EvidenceFileRecord,
    RunRecord,
    SourceRecord,
    Table,
    TenancyRecord,
    ViolationRecord,
    ViolationShopRecord,
)
from pipeline.types import UNKNOWN_EPOCH, BoundingBox, EvidenceFile

_MOST_IDS = 1000
"""In one statement: databases take a limited number of values."""
_MOMENTS = ("first_seen", "warned", "confirmed", "last_seen", "cleared", "peak")
_SAME = (
    *("violation_id", "kind", "camera_id", "dwell_s", "gap_s", "present_looks", "observed_looks", "hidden_looks"),
    *("peak_things", "zone_version", "rule_version"),
)
_FROM_SOURCE = frozenset({"camera_name", "camera_place", "camera_street", "clock_source"})
_MADE = frozenset({"shop_codes", "shop_names", "labels", "box", "things", "missing", "source_uri"})
_STORED = tuple(name for name in ViolationRow.__dataclass_fields__ if name not in _FROM_SOURCE | _MADE)


def save_violations(database: Database, session: Session, run_id: str, source_id: int, entries: Sequence[ViolationEntry]) -> None:
    """Insert violations, or replace them whole, in the same few statements however many there are."""
    latest = {entry.violation.violation_id: entry for entry in entries}
    if not latest:
        return
    source = _source_of(session, run_id, source_id, tuple(latest.values()))
    tenants = {tenancy_id(tenant): tenant for entry in latest.values() for tenant in entry.tenants}
    save_tenancies(database, session, list(tenants.values()), [])
    connection = session.connection()
    keys = {violation_id: {"run_id": run_id, "violation_id": violation_id} for violation_id in latest}
    rows = [{**keys[name], "source_id": source_id, **_columns(entry, source)} for name, entry in latest.items()]
    connection.execute(database.upsert(ViolationRecord), rows)
    parts: tuple[tuple[type[Table], Callable[[ViolationEntry, SourceRecord], list[dict[str, Any]]]], ...] = (
        (ViolationShopRecord, _shops),
        (EventRecord, _events),
        (EvidenceFileRecord, _evidence),
    )
    for table, values_of in parts:
        connection.execute(_delete_of(table), [{"run": run_id, "violation": violation_id} for violation_id in latest])
        values = [{**keys[name], **values} for name, entry in latest.items() for values in values_of(entry, source)]
        if values:
            connection.execute(database.insert(table), values)


def list_violations(session: Session, wanted: ViolationFilter) -> tuple[ViolationRow, ...]:
    """In the order of their runs, then of first sight; two statements, however many there are."""
    order = (
        RunRecord.started_at,
        RunRecord.run_id,
        # Without this, the databases disagree on where the unknown times go.
        ViolationRecord.first_seen_at.is_(None),
        ViolationRecord.first_seen_at,
        ViolationRecord.first_seen_media_s,
        ViolationRecord.source_id,
        ViolationRecord.violation_id,
    )
    query = _joined().where(*_conditions(wanted))
    if wanted.limit is None:
        found = session.execute(query.order_by(*order)).all()
    else:
        found = session.execute(query.order_by(*(column.desc() for column in order)).limit(wanted.limit)).all()[::-1]
    if not found:
        return ()
    names = _shop_names(session, wanted)
    return tuple(violation_row(record, source, names[record.run_id, record.violation_id]) for record, source in found)


def violation_keys(session: Session, run_ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """(run id, violation id) of all violations of these runs."""
    found: set[tuple[str, str]] = set()
    wanted = sorted(run_ids)
    for start in range(0, len(wanted), _MOST_IDS):
        some = ViolationRecord.run_id.in_(wanted[start : start + _MOST_IDS])
        query = select(ViolationRecord.run_id, ViolationRecord.violation_id).where(some)
        found.update((run_id, violation_id) for run_id, violation_id in session.execute(query))
    return frozenset(found)


def violation_detail(session: Session, run_id: str, text: str) -> ViolationDetail:
    """The violation of a run that ``text`` means, with all that belongs to it."""
    starts = func.substr(ViolationRecord.violation_id, 1, len(text)) == text
    ids = select(ViolationRecord.violation_id).where(ViolationRecord.run_id == run_id, starts).order_by(ViolationRecord.violation_id)
    return detail_of(session, run_id, pick(text, session.scalars(ids.limit(10)).all(), "violation"))


def detail_of(session: Session, run_id: str, violation_id: str) -> ViolationDetail:
    """A violation that is known to exist, with all that belongs to it."""
    this = (ViolationRecord.run_id == run_id, ViolationRecord.violation_id == violation_id)
    record, source = session.execute(_joined().where(*this)).one()
    tenants = _tenants(session, run_id, violation_id)
    events = select(EventRecord).where(EventRecord.run_id == run_id, EventRecord.violation_id == violation_id)
    return ViolationDetail(
        violation=violation_row(record, source, {tenant.code: tenant.name for tenant in tenants}),
        events=tuple(EventRow(step.phase, step.at, step.media_s) for step in session.scalars(events.order_by(EventRecord.position))),
        evidence=evidence_of(session, run_id, violation_id),
        tenants=tuple(as_tenancy(tenant) for tenant in tenants),
        source=source_row(source),
        run=run_row(session, run_id),
    )


def evidence_of(session: Session, run_id: str, violation_id: str) -> tuple[EvidenceFile, ...]:
    """The files of one violation's evidence, in order."""
    files = select(EvidenceFileRecord).where(EvidenceFileRecord.run_id == run_id, EvidenceFileRecord.violation_id == violation_id)
    return tuple(_file(file) for file in session.scalars(files.order_by(EvidenceFileRecord.position)))


def evidence_files(session: Session, run_id: str) -> dict[str, EvidenceFile]:
    """Path -> file of all evidence that a run's rows vouch for, sorted by path."""
    query = select(EvidenceFileRecord).where(EvidenceFileRecord.run_id == run_id)
    return dict(sorted((record.path, _file(record)) for record in session.scalars(query)))


def _source_of(session: Session, run_id: str, source_id: int, entries: Sequence[ViolationEntry]) -> SourceRecord:
    """The source, which must be one of this run and of the camera of these violations."""
    source = session.get(SourceRecord, source_id)
    if source is None:
        raise RecordError("no such source in the records", where=f"run {run_id}, source {source_id}")
    for violation in (entry.violation for entry in entries):
        if (source.run_id, source.camera_id) != (run_id, violation.camera_id):
            raise RecordError(
                "the violation does not belong to this source",
                where=f"run {run_id}, violation {violation.violation_id}, source {source_id}",
                expected=f"a source of camera {violation.camera_id} in this run",
                found=f"one of camera {source.camera_id} in run {source.run_id}",
            )
    return source


@cache
def _delete_of(table: type[Table]) -> Delete:
    """DELETE of what belongs to one violation."""
    core = table.metadata.tables[table.__tablename__]
    return delete(core).where(core.c.run_id == bindparam("run"), core.c.violation_id == bindparam("violation"))


def _columns(entry: ViolationEntry, source: SourceRecord) -> dict[str, Any]:
    """A violation as columns, without its source."""
    violation = entry.violation
    columns: dict[str, Any] = {name: getattr(violation, name) for name in _SAME}
    for name in _MOMENTS:
        at: datetime | None = getattr(violation, f"{name}_at")
        columns[f"{name}_at"], columns[f"{name}_media_s"] = _moment(at, source)
    target = violation.target
    columns |= {"target": target.kind, "shop_codes": list(target.shop_codes), "place": target.place}
    columns |= {"labels": list(violation.labels), "box": _corners(violation.box), "things": [_corners(box) for box in violation.things]}
    return columns | {"complete": entry.complete, "missing": list(entry.missing), "manifest_sha256": entry.manifest_sha256}


def _moment(at: datetime | None, source: SourceRecord) -> tuple[datetime | None, float | None]:
    """Wall-clock time (None where the clock is unknown) and media seconds of a time on the source's timeline."""
    if at is None:
        return None, None
    if source.start_at is None:
        return None, (at - UNKNOWN_EPOCH).total_seconds()
    return at, (at - source.start_at).total_seconds()


def _shops(entry: ViolationEntry, _: SourceRecord) -> list[dict[str, Any]]:
    tenants = {tenant.code: tenancy_id(tenant) for tenant in entry.tenants}
    return [{"code": code, "tenancy_id": tenants.get(code)} for code in entry.violation.target.shop_codes]


def _events(entry: ViolationEntry, source: SourceRecord) -> list[dict[str, Any]]:
    moments = [(event.phase, *_moment(event.at, source)) for event in entry.events]
    return [{"position": position, "phase": phase, "at": at, "media_s": s} for position, (phase, at, s) in enumerate(moments)]


def _evidence(entry: ViolationEntry, _: SourceRecord) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "path": file.path,
            "sha256": file.sha256,
            "bytes": file.bytes,
            "captured_at": file.captured_at,
            "media_s": file.media_time_s,
            "what": file.what,
        }
        for position, file in enumerate(entry.evidence)
    ]


def _joined() -> Select[ViolationRecord, SourceRecord]:
    """Violations with their sources, and with their runs for the order."""
    return (
        select(ViolationRecord, SourceRecord)
        .join(SourceRecord, SourceRecord.source_id == ViolationRecord.source_id)
        .join(RunRecord, RunRecord.run_id == ViolationRecord.run_id)
    )


def _conditions(wanted: ViolationFilter) -> list[ColumnElement[bool]]:
    equal = {
        ViolationRecord.run_id: wanted.run_id,
        ViolationRecord.camera_id: wanted.camera_id,
        ViolationRecord.kind: wanted.kind,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if wanted.shop_code is not None:
        shop = select(ViolationShopRecord.run_id, ViolationShopRecord.violation_id).where(ViolationShopRecord.code == wanted.shop_code)
        conditions.append(tuple_(ViolationRecord.run_id, ViolationRecord.violation_id).in_(shop))
    if wanted.since is not None:
        conditions.append(ViolationRecord.first_seen_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(ViolationRecord.first_seen_at < wanted.until)
    if wanted.open is not None:
        conditions.append(ViolationRecord.cleared_media_s.is_(None) if wanted.open else ViolationRecord.cleared_media_s.is_not(None))
    return conditions


def _shop_names(session: Session, wanted: ViolationFilter) -> defaultdict[tuple[str, str], dict[str, str]]:
    """(run, violation) -> shop code -> name of the tenant at first sight, of all that the filter finds."""
    query = (
        select(ViolationShopRecord.run_id, ViolationShopRecord.violation_id, TenancyRecord.code, TenancyRecord.name)
        .join(TenancyRecord, TenancyRecord.tenancy_id == ViolationShopRecord.tenancy_id)
        .join(ViolationRecord, _same_violation())
        .where(*_conditions(wanted))
    )
    names: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for run_id, violation_id, code, name in session.execute(query):
        names[run_id, violation_id][code] = name
    return names


def _same_violation() -> ColumnElement[bool]:
    return (ViolationRecord.run_id == ViolationShopRecord.run_id) & (ViolationRecord.violation_id == ViolationShopRecord.violation_id)


def _tenants(session: Session, run_id: str, violation_id: str) -> Sequence[TenancyRecord]:
    query = select(TenancyRecord).join(ViolationShopRecord, ViolationShopRecord.tenancy_id == TenancyRecord.tenancy_id)
    this = (ViolationShopRecord.run_id == run_id, ViolationShopRecord.violation_id == violation_id)
    return session.scalars(query.where(*this).order_by(ViolationShopRecord.code)).all()


def violation_row(record: ViolationRecord, source: SourceRecord, names: dict[str, str]) -> ViolationRow:
    """A violation as it is given out; ``names`` are those of its shops by code."""
    values = {name: getattr(record, name) for name in _STORED} | {name: getattr(source, name) for name in _FROM_SOURCE}
    codes = tuple(record.shop_codes)
    return ViolationRow(
        **values,
        shop_codes=codes,
        shop_names=tuple(names.get(code, "") for code in codes),
        labels=tuple(record.labels),
        box=BoundingBox(*record.box),
        things=tuple(BoundingBox(*corners) for corners in record.things),
        missing=tuple(record.missing),
        source_uri=source.uri,
    )


def _file(record: EvidenceFileRecord) -> EvidenceFile:
    return EvidenceFile(
        path=record.path,
        sha256=record.sha256,
        bytes=record.bytes,
        captured_at=record.captured_at,
        media_time_s=record.media_s,
        what=record.what,
    )


def _corners(box: BoundingBox) -> list[float]:
    return [box.x_min, box.y_min, box.x_max, box.y_max]
