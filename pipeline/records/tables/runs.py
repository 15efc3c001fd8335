"""Runs and what they looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.records.columns import CanonicalJson, word
from pipeline.records.rows import RunState
from pipeline.records.tables.base import ID, Table
from pipeline.types import ClockSource


class RunRecord(Table):
    """One run: every version and hash that its results depend on, and the process that runs it."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[RunState] = mapped_column(word(RunState))
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    command: Mapped[str]
    code_version: Mapped[str]
    model_sha256: Mapped[str]
    config_sha256: Mapped[str]
    zones_sha256: Mapped[str]
    rules_sha256: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int] = mapped_column(BigInteger)
    process_mark: Mapped[str]
    """Tells the process from a later one with the same pid; "" where the system does not say."""


class SourceRecord(Table):
    """One source of a run."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("run_id", "camera_id", "uri"), UniqueConstraint("run_id", "source_id"))

    source_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ID, ForeignKey("runs.run_id"))
    uri: Mapped[str]
    camera_id: Mapped[str] = mapped_column(ID, ForeignKey("cameras.camera_id"))
    camera_name: Mapped[str]
    camera_place: Mapped[str]
    camera_street: Mapped[str]
    clock_source: Mapped[ClockSource] = mapped_column(word(ClockSource))
    start_at: Mapped[datetime | None]
    duration_s: Mapped[float | None]
    state: Mapped[RunState] = mapped_column(word(RunState))
    looks: Mapped[int] = mapped_column(BigInteger)
    missed_looks: Mapped[int] = mapped_column(BigInteger)
    frames_decoded: Mapped[int] = mapped_column(BigInteger)
    damaged_packets: Mapped[int] = mapped_column(BigInteger)
    first_media_s: Mapped[float | None]
    last_media_s: Mapped[float | None]
    faults: Mapped[Any] = mapped_column(CanonicalJson)
    error: Mapped[str]
    content: Mapped[str | None]
    """Of what was looked at in it (archive/recordings.py); None for streams and what was recorded before version 0007."""


class WatchRecord(Table):
    """Which program watches a camera, until when it has the right to if it does not say so again."""

    __tablename__ = "camera_watches"

    camera_id: Mapped[str] = mapped_column(ID, primary_key=True)
    watcher: Mapped[str] = mapped_column(ID)
    """Same for a program and the one that is started in its place."""
    told: Mapped[str]
    """Who that is, for people."""
    leased_until: Mapped[datetime]
