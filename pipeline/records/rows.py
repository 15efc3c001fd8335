"""What goes into the records and what comes out: plain frozen values, no SQL, no session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.config import NotifyEvent
from pipeline.shops import Tenancy
from pipeline.types import (
    BoundingBox,
    ClockSource,
    EvidenceFile,
    Phase,
    SourceClock,
    TargetKind,
    Violation,
    ViolationEvent,
    ViolationKind,
)


class RunState(StrEnum):
    """How far a run, or one source of it, has come."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class MessageState(StrEnum):
    """What became of a message in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """What it tells of was taken back before anybody was told."""


# --- in ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SourceStart:
    """A source at the moment it was opened. ``uri`` may hold a password: it is hidden before it is stored.

    ``content`` changes with what is looked at in it; "" for a stream.
    """

    uri: str
    camera_id: str
    clock: SourceClock
    duration_s: float | None
    content: str = ""


@dataclass(frozen=True, slots=True)
class ViolationEntry:
    """All that is recorded of one violation, as known now. A later entry of the same violation replaces it whole.

    ``events`` are all its steps so far, oldest first. ``evidence`` are files that exist on disk with these
    hashes; ``manifest_sha256`` is the hash of the manifest that lists them (None: no evidence yet).
    ``complete`` says that no part of the evidence is wanting; ``missing`` names the parts that are, and why.
    ``tenants`` are the tenancies in force at first sight of the shops in the target, as far as they are known.
    """

    violation: Violation
    events: tuple[ViolationEvent, ...]
    evidence: tuple[EvidenceFile, ...] = ()
    manifest_sha256: str | None = None
    complete: bool = False
    missing: tuple[str, ...] = ()
    tenants: tuple[Tenancy, ...] = ()

    def __post_init__(self) -> None:
        """Refuse contradictions with ValueError: they are mistakes of the caller, never of the footage."""
        if any(event.violation.violation_id != self.violation.violation_id for event in self.events):
            raise ValueError("an event of another violation")
        if self.complete and self.missing:
            raise ValueError(f"complete evidence with missing parts: {', '.join(self.missing)}")
        if self.complete and self.manifest_sha256 is None:
            raise ValueError("complete evidence without a manifest")
        strangers = {tenant.code for tenant in self.tenants} - set(self.violation.target.shop_codes)
        if strangers:
            raise ValueError(f"tenants of other shops: {', '.join(sorted(strangers))}")


@dataclass(frozen=True, slots=True)
class ViolationFilter:
    """Which violations to list; None: any.

    ``shop_code`` finds it as the one shop or as one of the candidates. ``since`` <= first seen < ``until``
    (aware times; violations whose wall clock is unknown are then left out). ``open`` True: not cleared yet.
    ``limit`` keeps the last so many in the order of the list.
    """

    run_id: str | None = None
    camera_id: str | None = None
    kind: ViolationKind | None = None
    shop_code: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        """Refuse a limit below 1 with ValueError."""
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"limit below 1: {self.limit}")


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to one receiver, as it goes into the outbox. Holds no address and no secret.

    ``event_key`` names what happened, the same whenever it is told again: a receiver gets one message per key.
    ``message_id`` is derived from both. Messages of one ``subject`` (a violation, a case, a camera) reach a receiver in
    order. ``body`` is the JSON text that is sent, byte for byte. It is not sent before ``due_at`` (None: at once).
    """

    message_id: str
    receiver: str
    event: NotifyEvent
    event_key: str
    subject: str
    body: str
    created_at: datetime
    due_at: datetime | None = None


# --- out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: what judged, how far it came, and sums over its sources.

    ``host`` and ``pid`` name the process that ran it last.
    """

    run_id: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    command: str
    code_version: str
    model_sha256: str
    config_sha256: str
    zones_sha256: str
    rules_sha256: str
    host: str
    pid: int
    sources: int
    sources_failed: int
    looks: int
    missed_looks: int
    damaged_packets: int
    violations: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of a run. Camera name, place and street are those of the time it was opened.

    ``start_at`` is the wall-clock time of media time 0, None where it is unknown. ``faults`` are sentences for
    the user; empty means that the source was whole. ``error`` is the one line that ended it, "" if none did.
    """

    source_id: int
    run_id: str
    uri: str
    camera_id: str
    camera_name: str
    camera_place: str
    camera_street: str
    clock_source: ClockSource
    start_at: datetime | None
    duration_s: float | None
    state: RunState
    looks: int
    missed_looks: int
    frames_decoded: int
    damaged_packets: int
    first_media_s: float | None
    last_media_s: float | None
    faults: tuple[str, ...]
    error: str
    content: str


@dataclass(frozen=True, slots=True)
class ViolationRow:
    """One violation as recorded.

    Every ``*_at`` is an aware UTC time, None where it did not happen or where the wall clock is unknown; every
    ``*_media_s`` is the same moment in seconds from the start of its source (below 0 when it lies in an
    earlier source), None only where it did not happen. ``shop_names`` go with ``shop_codes``, "" where nobody
    is known to have held the shop.
    """

    run_id: str
    violation_id: str
    kind: ViolationKind
    camera_id: str
    camera_name: str
    camera_place: str
    camera_street: str
    target: TargetKind
    shop_codes: tuple[str, ...]
    shop_names: tuple[str, ...]
    place: str
    labels: tuple[str, ...]
    box: BoundingBox
    things: tuple[BoundingBox, ...]
    first_seen_at: datetime | None
    first_seen_media_s: float
    warned_at: datetime | None
    warned_media_s: float | None
    confirmed_at: datetime | None
    confirmed_media_s: float | None
    last_seen_at: datetime | None
    last_seen_media_s: float
    cleared_at: datetime | None
    cleared_media_s: float | None
    peak_at: datetime | None
    peak_media_s: float
    peak_things: int
    dwell_s: float
    gap_s: float
    present_looks: int
    observed_looks: int
    hidden_looks: int
    complete: bool
    missing: tuple[str, ...]
    manifest_sha256: str | None
    zone_version: str
    rule_version: str
    source_id: int
    source_uri: str
    clock_source: ClockSource

    @property
    def open(self) -> bool:
        """Whether it has not been cleared."""
        return self.cleared_media_s is None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step in the life of a violation. ``at`` is None where the wall clock is unknown."""

    phase: Phase
    at: datetime | None
    media_s: float


@dataclass(frozen=True, slots=True)
class ViolationDetail:
    """One violation with all that belongs to it."""

    violation: ViolationRow
    events: tuple[EventRow, ...]
    evidence: tuple[EvidenceFile, ...]
    tenants: tuple[Tenancy, ...]
    source: SourceRow
    run: RunRow


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this process alone may send until ``leased_until``. ``attempts`` counts this one too."""

    message_id: str
    receiver: str
    event: NotifyEvent
    body: str
    waiting_since: datetime
    attempts: int
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """What became of a message about a case. ``number`` is that of the step that it tells of, or whose deadline has passed.

    ``due_at`` is when it may be sent next, ``finished_at`` when it was taken or has failed. ``error`` is why the last attempt failed, or
    what has taken it back.
    """

    receiver: str
    event: NotifyEvent
    number: int
    state: MessageState
    due_at: datetime
    finished_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """What the outbox holds for one receiver.

    ``oldest_waiting_at`` is when the event of the oldest waiting message was told, ``next_attempt_at`` when the
    next attempt is due, ``last_sent_at`` when the last message was taken; None where there is none.
    ``last_error`` is that of the last attempt among the messages not sent, "" if there was none. ``withdrawn`` counts those that
    were taken back before they were sent.
    """

    receiver: str
    waiting: int
    sent: int
    failed: int
    oldest_waiting_at: datetime | None
    next_attempt_at: datetime | None
    last_sent_at: datetime | None
    last_error: str
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class CameraWatcher:
    """Who watches a camera, for people, and until when unless the lease is renewed."""

    camera_id: str
    told: str
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class ZoneVersionRow:
    """One version of a camera's zones, without its file.

    ``saved_at`` and ``saved_by`` (an account) say when and by whom it was drawn in the console: None for a file that was drawn elsewhere.
    """

    version: str
    sha256: str
    author: str
    drawn_on: date
    reason: str
    saved_at: datetime | None
    saved_by: str | None
