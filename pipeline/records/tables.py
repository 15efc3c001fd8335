"""The tables. Column names are the words of the glossary; every change here needs a migration."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pipeline.cases import Action, CaseRole, CaseState
from pipeline.config import NotifyEvent
from pipeline.records.columns import CanonicalJson, PlainText, UtcTime, word
from pipeline.records.rows import MessageState, RunState
from pipeline.types import ClockSource, Phase, TargetKind, ViolationKind

_ID = String(128)
_SHA256 = String(64)


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcTime(), float: Double(), str: PlainText()}


class CameraRecord(Table):
    """A camera as last configured; what it was called at the time of a run is kept with the sources."""

    __tablename__ = "cameras"

    camera_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    name: Mapped[str]
    place: Mapped[str]
    street: Mapped[str]


class ZoneVersionRecord(Table):
    """One version of a camera's zones with the whole file, so that every judgement can be shown as it was made."""

    __tablename__ = "zone_versions"

    camera_id: Mapped[str] = mapped_column(_ID, ForeignKey("cameras.camera_id"), primary_key=True)
    version: Mapped[str] = mapped_column(_ID, primary_key=True)
    sha256: Mapped[str] = mapped_column(_SHA256)
    author: Mapped[str]
    drawn_on: Mapped[date]
    reason: Mapped[str]
    geojson: Mapped[str] = mapped_column(Text)


class ShopRecord(Table):
    """A shop code (一店一码)."""

    __tablename__ = "shops"

    code: Mapped[str] = mapped_column(_ID, primary_key=True)


class TenancyRecord(Table):
    """One tenancy as some version of the registry stated it. Never changed: a correction is another row.

    ``tenancy_id`` is the sha256 of its content.
    """

    __tablename__ = "tenancies"

    tenancy_id: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    code: Mapped[str] = mapped_column(_ID, ForeignKey("shops.code"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    street: Mapped[str]
    squad: Mapped[str]
    trade: Mapped[str]
    grade: Mapped[str]
    contact: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]


class RunRecord(Table):
    """One run: every version and hash that its results depend on, and the process that runs it."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(_ID, primary_key=True)
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
    run_id: Mapped[str] = mapped_column(_ID, ForeignKey("runs.run_id"))
    uri: Mapped[str]
    camera_id: Mapped[str] = mapped_column(_ID, ForeignKey("cameras.camera_id"))
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

    run_id: Mapped[str] = mapped_column(_ID, ForeignKey("runs.run_id"), primary_key=True)
    violation_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    source_id: Mapped[int]
    kind: Mapped[ViolationKind] = mapped_column(word(ViolationKind))
    camera_id: Mapped[str] = mapped_column(_ID)
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
    manifest_sha256: Mapped[str | None] = mapped_column(_SHA256)
    zone_version: Mapped[str] = mapped_column(_ID)
    rule_version: Mapped[str] = mapped_column(_ID)


def _of_violation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"])


class ViolationShopRecord(Table):
    """A shop in the target of a violation, with the tenancy in force at first sight (NULL: nobody is known)."""

    __tablename__ = "violation_shops"
    __table_args__ = (_of_violation(),)

    run_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    code: Mapped[str] = mapped_column(_ID, ForeignKey("shops.code"), primary_key=True, index=True)
    tenancy_id: Mapped[str | None] = mapped_column(_SHA256, ForeignKey("tenancies.tenancy_id"))


class EventRecord(Table):
    """One step in the life of a violation; ``position`` counts from 0, oldest first."""

    __tablename__ = "events"
    __table_args__ = (_of_violation(),)

    run_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    phase: Mapped[Phase] = mapped_column(word(Phase))
    at: Mapped[datetime | None]
    media_s: Mapped[float]


class EvidenceFileRecord(Table):
    """One file of a violation's evidence; ``path`` is relative to the evidence folder."""

    __tablename__ = "evidence_files"
    __table_args__ = (_of_violation(), UniqueConstraint("run_id", "path"))

    run_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(_SHA256)
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
    message_id: Mapped[str] = mapped_column(_ID)
    receiver: Mapped[str] = mapped_column(_ID)
    event: Mapped[NotifyEvent] = mapped_column(word(NotifyEvent))
    event_key: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(word(MessageState))
    waiting_since: Mapped[datetime]
    """When it was told, or put back by a person."""
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    attempted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """When it was sent or given up."""
    status: Mapped[int | None]
    """Of the last HTTP answer."""
    error: Mapped[str]
    """Why the last attempt failed, in one line."""


class WatchRecord(Table):
    """Which program watches a camera, until when it has the right to if it does not say so again."""

    __tablename__ = "camera_watches"

    camera_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    watcher: Mapped[str] = mapped_column(_ID)
    """Same for a program and the one that is started in its place."""
    told: Mapped[str]
    """Who that is, for people."""
    leased_until: Mapped[datetime]


class CaseRecord(Table):
    """What became of a violation: the fold of its steps, with what the queue filters and sorts by.

    One case per violation, of the run that found it first: the same street judged again by the same rules makes no second case.
    """

    __tablename__ = "cases"
    __table_args__ = (
        _of_violation(),
        Index(None, "state", "listed_at", "violation_id"),
        Index(None, "listed_at", "violation_id"),
        Index(None, "state", "standing", "dwell_s", "violation_id"),
        Index(None, "street", "state", "listed_at"),
        Index(None, "camera_id", "listed_at"),
    )

    violation_id: Mapped[str] = mapped_column(_ID, primary_key=True)
    run_id: Mapped[str] = mapped_column(_ID)
    state: Mapped[CaseState] = mapped_column(word(CaseState))
    version: Mapped[int]
    """Steps ever taken: who decides says which version was seen, so that two people never decide at once."""
    shop_code: Mapped[str | None] = mapped_column(_ID)
    """Whose it was found to be by whoever confirmed it."""
    squad: Mapped[str]
    deadline: Mapped[datetime | None]
    kind: Mapped[ViolationKind] = mapped_column(word(ViolationKind))
    camera_id: Mapped[str] = mapped_column(_ID)
    street: Mapped[str]
    listed_at: Mapped[datetime]
    """First seen; 1970 where the recording has no clock: the queue sorts by it."""
    dwell_s: Mapped[float]
    standing: Mapped[bool]
    """Not seen clear yet."""
    ambiguous: Mapped[bool]
    gaps: Mapped[bool]
    """Nobody looked for a part of the time."""
    complete: Mapped[bool]
    """No part of the evidence is missing."""
    claimed_by: Mapped[str | None] = mapped_column(_ID, index=True)
    claimed_until: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    """Of the last step."""


class CaseStepRecord(Table):
    """One step of a case, also one that was taken back; ``number`` counts from 1. Never changed."""

    __tablename__ = "case_steps"

    violation_id: Mapped[str] = mapped_column(_ID, ForeignKey("cases.violation_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[Action] = mapped_column(word(Action))
    by: Mapped[str] = mapped_column(_ID)
    role: Mapped[CaseRole] = mapped_column(word(CaseRole))
    at: Mapped[datetime]
    reason: Mapped[str]
    note: Mapped[str]
    shop_code: Mapped[str | None] = mapped_column(_ID)
    squad: Mapped[str]
    deadline: Mapped[datetime | None]


class AccountRecord(Table):
    """Somebody who may use the console. Never removed: steps and audit rows name them."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(_ID, primary_key=True)
    shown_as: Mapped[str]
    password_hash: Mapped[str]
    """argon2id; "" where nobody can log in by password."""
    roles: Mapped[Any] = mapped_column(CanonicalJson)
    squad: Mapped[str]
    streets: Mapped[Any] = mapped_column(CanonicalJson)
    """Of a squad: it sees these and no others."""
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    failures: Mapped[int]
    """Wrong passwords in a row."""
    barred_until: Mapped[datetime | None]
    """No password is looked at before."""


class SessionRecord(Table):
    """Somebody who is logged in. The token itself is in the browser alone."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account: Mapped[str] = mapped_column(_ID, ForeignKey("accounts.name"), index=True)
    form_token: Mapped[str] = mapped_column(_ID)
    """What a form of this session must carry (CSRF)."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiTokenRecord(Table):
    """What lets a program ask on behalf of an account. The token itself was shown once and is kept nowhere."""

    __tablename__ = "api_tokens"

    token_sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    account: Mapped[str] = mapped_column(_ID, ForeignKey("accounts.name"), index=True)
    called: Mapped[str]
    """What it is for, as people say."""
    scopes: Mapped[Any] = mapped_column(CanonicalJson)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AuditRecord(Table):
    """Somebody did or looked at something. Append-only: the database itself refuses to change or remove a row."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "audit_id"), Index(None, "account", "audit_id"))

    audit_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    at: Mapped[datetime]
    account: Mapped[str] = mapped_column(_ID)
    """"" where nobody was logged in."""
    did: Mapped[str] = mapped_column(_ID)
    subject: Mapped[str] = mapped_column(_ID)
    """What it was about: ``violation/ID``, ``account/NAME`` ..."""
    detail: Mapped[Any] = mapped_column(CanonicalJson)
    remote: Mapped[str]
    """Where the request came from."""
