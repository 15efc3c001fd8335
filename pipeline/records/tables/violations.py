"""What was found, and what is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.config import NotifyEvent
from pipeline.records.columns import CanonicalJson, word
from pipeline.records.rows import MessageState
from pipeline.records.tables.base import ID, SHA256, Table
from pipeline.types import Phase, TargetKind, ViolationKind


class ViolationRecord(Table):
    """One violation of one run. The key makes resuming harmless and keeps runs apart."""

    __tablename__ = "violations"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "source_id"], ["sources.run_id", "sources.source_id"]),
        ForeignKeyConstraint(["camera_id", "zone_version"], ["zone_versions.camera_id", "zone_versions.version"]),
        CheckConstraint("NOT complete OR (missing = '[]' AND manifest_sha256 IS NOT NULL)", name="complete"),
        Index(None, "camera_id", "first_seen_at"),
        Index(None, "first_seen_at"),
    )

    run_id: Mapped[str] = mapped_column(ID, ForeignKey("runs.run_id"), primary_key=True)
    violation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    source_id: Mapped[int]
    kind: Mapped[ViolationKind] = mapped_column(word(ViolationKind))
    camera_id: Mapped[str] = mapped_column(ID)
    target: Mapped[TargetKind] = mapped_column(word(TargetKind))
    shop_codes: Mapped[Any] = mapped_column(CanonicalJson)
    place: Mapped[str]
    labels: Mapped[Any] = mapped_column(CanonicalJson)
    box: Mapped[Any] = mapped_column(CanonicalJson)
    things: Mapped[Any] = mapped_column(CanonicalJson)
    first_seen_at: Mapped[datetime | None]
    first_seen_media_s: Mapped[float]
    warned_at: Mapped[datetime | None]
    warned_media_s: Mapped[float | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_media_s: Mapped[float | None]
    last_seen_at: Mapped[datetime | None]
    last_seen_media_s: Mapped[float]
    cleared_at: Mapped[datetime | None]
    cleared_media_s: Mapped[float | None]
    peak_at: Mapped[datetime | None]
    peak_media_s: Mapped[float]
    peak_things: Mapped[int]
    dwell_s: Mapped[float]
    gap_s: Mapped[float]
    present_looks: Mapped[int] = mapped_column(BigInteger)
    observed_looks: Mapped[int] = mapped_column(BigInteger)
    hidden_looks: Mapped[int] = mapped_column(BigInteger)
    complete: Mapped[bool]
    missing: Mapped[Any] = mapped_column(CanonicalJson)
    manifest_sha256: Mapped[str | None] = mapped_column(SHA256)
    zone_version: Mapped[str] = mapped_column(ID)
    rule_version: Mapped[str] = mapped_column(ID)


def of_violation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"])


class ViolationShopRecord(Table):
    """A shop in the target of a violation, with the tenancy in force at first sight (NULL: nobody is known)."""

    __tablename__ = "violation_shops"
    __table_args__ = (of_violation(),)

    run_id: Mapped[str] = mapped_column(ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    code: Mapped[str] = mapped_column(ID, ForeignKey("shops.code"), primary_key=True, index=True)
    tenancy_id: Mapped[str | None] = mapped_column(SHA256, ForeignKey("tenancies.tenancy_id"))


class EventRecord(Table):
    """One step in the life of a violation; ``position`` counts from 0, oldest first."""

    __tablename__ = "events"
    __table_args__ = (of_violation(),)

    run_id: Mapped[str] = mapped_column(ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    phase: Mapped[Phase] = mapped_column(word(Phase))
    at: Mapped[datetime | None]
    media_s: Mapped[float]


class EvidenceFileRecord(Table):
    """One file of a violation's evidence; ``path`` is relative to the evidence folder."""

    __tablename__ = "evidence_files"
    __table_args__ = (of_violation(), UniqueConstraint("run_id", "path"))

    run_id: Mapped[str] = mapped_column(ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(SHA256)
    bytes: Mapped[int] = mapped_column(BigInteger)
    captured_at: Mapped[datetime | None]
    media_s: Mapped[float | None]
    what: Mapped[str]


class OutboxRecord(Table):
    """One message to one receiver. It is written with what it tells of, and stays when it was sent: its key must not be told again.

    ``leased_until`` is when the process that took it to send it loses the right to (NULL: nobody has it).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("receiver", "event_key"),
        UniqueConstraint("message_id"),
        Index(None, "receiver", "state", "next_attempt_at", "sequence"),
        Index(None, "receiver", "state", "subject", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(primary_key=True)
    """Order of telling."""
    message_id: Mapped[str] = mapped_column(ID)
    receiver: Mapped[str] = mapped_column(ID)
    event: Mapped[NotifyEvent] = mapped_column(word(NotifyEvent))
    event_key: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(word(MessageState))
    waiting_since: Mapped[datetime]
    """When it was told or became due, or was put back by a person."""
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    attempted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """When it was sent or given up."""
    status: Mapped[int | None]
    """Of the last HTTP answer."""
    error: Mapped[str]
    """Why the last attempt failed, or what has taken it back, in one line."""
