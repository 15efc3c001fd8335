"""Runs and their sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, case, func, select, update
from sqlalchemy.orm import Session

from pipeline.addresses import hide_secrets
from pipeline.errors import RecordError
from pipeline.records.database import Database
from pipeline.records.processes import Process, is_gone, this_process
from pipeline.records.rows import RunRow, RunState, SourceRow, SourceStart
from pipeline.records.tables import CameraRecord, RunRecord, SourceRecord, ViolationRecord
from pipeline.types import ReadSummary, RunInfo

LATEST = "latest"
_JUDGES = ("code_version", "model_sha256", "config_sha256", "zones_sha256", "rules_sha256")
_RUN_COLUMNS = ("run_id", "state", "started_at", "finished_at", "command", *_JUDGES, "host", "pid")
_SOURCE_COLUMNS = tuple(SourceRow.__dataclass_fields__)


def start_run(session: Session, run: RunInfo, command: str, *, take_over: bool) -> None:
    """Insert a run, or take up one that was interrupted."""
    me = this_process()
    record = session.get(RunRecord, run.run_id, with_for_update=True)
    if record is None:
        judges = {name: getattr(run, name) for name in _JUDGES}
        record = RunRecord(run_id=run.run_id, started_at=run.started_at, **judges)
        session.add(record)
    else:
        _check_same_judges(record, run)
        if not take_over:
            _check_abandoned(record, me)
    record.state, record.finished_at, record.command = RunState.RUNNING, None, command
    record.host, record.pid, record.process_mark = me.host, me.pid, me.mark


def finish_run(session: Session, run_id: str, state: RunState, finished_at: datetime) -> None:
    """Set how a run ended."""
    record = session.get(RunRecord, run_id, with_for_update=True)
    if record is None:
        raise RecordError("no such run", where=f"run {run_id}")
    record.state, record.finished_at = state, finished_at


def mark_interrupted(session: Session, now: datetime) -> tuple[str, ...]:
    """Mark this host's runs whose process is gone, with those of their sources that were still running."""
    query = select(RunRecord).where(RunRecord.state == RunState.RUNNING).order_by(RunRecord.run_id).with_for_update()
    gone = [run for run in session.scalars(query) if is_gone(Process(run.host, run.pid, run.process_mark))]
    for run in gone:
        run.state, run.finished_at = RunState.INTERRUPTED, now
    ids = tuple(run.run_id for run in gone)
    running = (SourceRecord.run_id.in_(ids), SourceRecord.state == RunState.RUNNING)
    session.execute(update(SourceRecord).where(*running).values(state=RunState.INTERRUPTED))
    return ids


def list_runs(session: Session) -> tuple[RunRow, ...]:
    """All runs, oldest first."""
    return _run_rows(session, None)


def run_row(session: Session, run_id: str) -> RunRow:
    """One run that is known to exist."""
    return _run_rows(session, run_id)[0]


def running_runs(session: Session) -> frozenset[str]:
    """Ids of the runs that are recorded as running."""
    return frozenset(session.scalars(select(RunRecord.run_id).where(RunRecord.state == RunState.RUNNING)))


def finished_runs(session: Session) -> frozenset[str]:
    """Ids of the runs that are finished, and so is each of their sources."""
    wanting = select(SourceRecord.run_id).where(SourceRecord.state != RunState.FINISHED)
    whole = (RunRecord.state == RunState.FINISHED, RunRecord.run_id.not_in(wanting))
    return frozenset(session.scalars(select(RunRecord.run_id).where(*whole)))


def latest_run_id(session: Session) -> str | None:
    """The run that started last; None without any."""
    return session.scalars(select(RunRecord.run_id).order_by(RunRecord.started_at.desc(), RunRecord.run_id.desc()).limit(1)).first()


def run_to_go_on(session: Session, run: RunInfo, command: str) -> str | None:
    """The newest run that nobody runs, by the same command and with all the same judges; None without any."""
    same = (getattr(RunRecord, name) == getattr(run, name) for name in _JUDGES)
    query = select(RunRecord.run_id).where(RunRecord.command == command, RunRecord.state != RunState.RUNNING, *same)
    return session.scalars(query.order_by(RunRecord.started_at.desc(), RunRecord.run_id.desc()).limit(1)).first()


def find_run(session: Session, text: str) -> str:
    """The run that ``text`` means: "latest", a whole id, or the beginning of exactly one."""
    if text == LATEST:
        latest = latest_run_id(session)
        if latest is None:
            raise RecordError("no run is recorded yet", where="records", hint="Run doorline batch first")
        return latest
    starts = func.substr(RunRecord.run_id, 1, len(text)) == text
    return pick(text, session.scalars(select(RunRecord.run_id).where(starts).order_by(RunRecord.run_id).limit(10)).all(), "run")


def pick(text: str, found: Sequence[str], noun: str) -> str:
    """The one id that ``text`` means among those that begin with it. RecordError for none or several."""
    if text in found:
        return text
    if not text or not found:
        raise RecordError(f"no such {noun}", where="records", found=text or "an empty id", hint="doorline records list shows what there is")
    if len(found) > 1:
        raise RecordError(f"more than one {noun} begins with {text}", where="records", found=", ".join(found), hint="Give more of the id")
    return found[0]


def start_source(database: Database, session: Session, run_id: str, source: SourceStart) -> int:
    """Insert a source of a run, or begin it anew."""
    camera = session.get(CameraRecord, source.camera_id)
    if camera is None:
        raise RecordError("no such camera in the records", where=f"camera {source.camera_id}", hint="Save the camera first")
    key = {"run_id": run_id, "camera_id": source.camera_id, "uri": hide_secrets(source.uri)}
    row: dict[str, Any] = {
        "camera_name": camera.name,
        "camera_place": camera.place,
        "camera_street": camera.street,
        "clock_source": source.clock.source,
        "start_at": source.clock.start_at if source.clock.known else None,
        "duration_s": source.duration_s,
        "content": source.content or None,
        "state": RunState.RUNNING,
        "looks": 0,
        "missed_looks": 0,
        "frames_decoded": 0,
        "damaged_packets": 0,
        "first_media_s": None,
        "last_media_s": None,
        "faults": [],
        "error": "",
    }
    insert = database.insert(SourceRecord).values({**key, **row})
    upsert = insert.on_conflict_do_update(index_elements=list(key), set_=row)
    return session.scalars(upsert.returning(SourceRecord.source_id)).one()


def finish_source(session: Session, source_id: int, state: RunState, summary: ReadSummary | None, error: str) -> None:
    """Set how a source ended and what was read of it."""
    record = session.get(SourceRecord, source_id)
    if record is None:
        raise RecordError("no such source in the records", where=f"source {source_id}")
    record.state, record.error = state, error
    if summary is not None:
        record.looks, record.missed_looks = summary.looks, summary.missed_looks
        record.frames_decoded, record.damaged_packets = summary.frames_decoded, summary.damaged_packets
        record.first_media_s, record.last_media_s = summary.first_media_time_s, summary.last_media_time_s
        record.faults = list(summary.faults)


def list_sources(session: Session, run_id: str) -> tuple[SourceRow, ...]:
    """The sources of a run in the order they were started."""
    query = select(SourceRecord).where(SourceRecord.run_id == run_id).order_by(SourceRecord.source_id)
    return tuple(source_row(record) for record in session.scalars(query))


def count_violations_by_source(session: Session, run_id: str) -> dict[int, int]:
    """Source -> its violations, for those that have any."""
    query = select(ViolationRecord.source_id, func.count()).where(ViolationRecord.run_id == run_id).group_by(ViolationRecord.source_id)
    return {source_id: count for source_id, count in session.execute(query)}


def source_row(record: SourceRecord) -> SourceRow:
    """As plain values."""
    values = {name: getattr(record, name) for name in _SOURCE_COLUMNS}
    return SourceRow(**values | {"faults": tuple(record.faults), "content": record.content or ""})


def _check_same_judges(record: RunRecord, run: RunInfo) -> None:
    changed = [name for name in _JUDGES if getattr(record, name) != getattr(run, name)]
    if changed:
        raise RecordError(
            "the run cannot go on: what judges has changed",
            where=f"run {run.run_id}",
            expected=", ".join(f"{name} {getattr(record, name)}" for name in changed),
            found=", ".join(getattr(run, name) for name in changed),
            hint="Start a new run",
        )


def _check_abandoned(record: RunRecord, me: Process) -> None:
    """Two processes must not write one run at a time."""
    owner = Process(record.host, record.pid, record.process_mark)
    if record.state is RunState.RUNNING and owner != me and not is_gone(owner):
        raise RecordError(
            "the run is still running",
            where=f"run {record.run_id}",
            found=f"process {owner.pid} on {owner.host}",
            hint="Wait for it to end, or start a new run",
        )


def _run_rows(session: Session, run_id: str | None) -> tuple[RunRow, ...]:
    """Runs with sums over their sources, in one statement."""
    sources, violations = _sums_of_sources(run_id), _counts_of_violations(run_id)
    query = (
        select(RunRecord, sources, violations.c.violations)
        .outerjoin(sources, sources.c.run_id == RunRecord.run_id)
        .outerjoin(violations, violations.c.run_id == RunRecord.run_id)
        .order_by(RunRecord.started_at, RunRecord.run_id)
    )
    if run_id is not None:
        query = query.where(RunRecord.run_id == run_id)
    names = ("sources", "sources_failed", "looks", "missed_looks", "damaged_packets", "violations")
    rows = []
    for row in session.execute(query):
        values: dict[str, Any] = {name: getattr(row[0], name) for name in _RUN_COLUMNS}
        values |= {name: int(row._mapping[name] or 0) for name in names}  # no source or violation: NULL
        rows.append(RunRow(**values))
    return tuple(rows)


def _sums_of_sources(run_id: str | None) -> Subquery:
    failed = func.sum(case((SourceRecord.state == RunState.FAILED, 1), else_=0))
    query = select(
        SourceRecord.run_id,
        func.count().label("sources"),
        failed.label("sources_failed"),
        func.sum(SourceRecord.looks).label("looks"),
        func.sum(SourceRecord.missed_looks).label("missed_looks"),
        func.sum(SourceRecord.damaged_packets).label("damaged_packets"),
    ).group_by(SourceRecord.run_id)
    return (query if run_id is None else query.where(SourceRecord.run_id == run_id)).subquery()


def _counts_of_violations(run_id: str | None) -> Subquery:
    query = select(ViolationRecord.run_id, func.count().label("violations")).group_by(ViolationRecord.run_id)
    return (query if run_id is None else query.where(ViolationRecord.run_id == run_id)).subquery()
