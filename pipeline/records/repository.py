"""The records of one database: the only way in and out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from pipeline.config import CameraSettings
from pipeline.errors import RecordError
from pipeline.records import catalogue, outbox, runs, violations, watches
from pipeline.records.account_rows import AuditEntry
from pipeline.records.accounts import AccountRecords
from pipeline.records.audit import write_audit
from pipeline.records.case_opening import open_cases
from pipeline.records.case_telling import CaseTelling
from pipeline.records.casebook import CaseBook
from pipeline.records.database import Database
from pipeline.records.draws import DrawBook
from pipeline.records.photos import CasePhotos
from pipeline.records.rows import (
    CameraWatcher,
    ClaimedMessage,
    OutboxRow,
    OutgoingMessage,
    RunRow,
    RunState,
    SourceRow,
    SourceStart,
    ViolationDetail,
    ViolationEntry,
    ViolationFilter,
    ViolationRow,
    ZoneVersionRow,
)
from pipeline.records.schema import upgrade
from pipeline.records.shop_book import ShopBook
from pipeline.records.sign_ins import SignIns
from pipeline.records.tokens import ApiTokens
from pipeline.shops import ShopRegistry
from pipeline.types import EvidenceFile, ReadSummary, RunInfo
from pipeline.zones import CameraZones


class Records:
    """Runs, sources and violations with their evidence, in SQLite or PostgreSQL.

    Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds; the
    same call may then be made again. All times are aware UTC. May be used from several threads and, on one
    database, from several processes.
    """

    def __init__(self, database: Database) -> None:
        """Use ``open`` instead: it makes sure of the tables."""
        self._database = database
        self._telling: CaseTelling | None = None

    @classmethod
    def open(cls, url: str, *, busy_timeout_s: float = 30.0, create: bool = True) -> Self:
        """Connect, creating the file, its folder and the tables where they are missing and upgrading older ones.

        Args:
            url: ``sqlite:///PATH`` or ``postgresql+psycopg://USER:PASSWORD@HOST/DATABASE``.
            busy_timeout_s: how long to wait for a lock that another connection holds.
            create: False for those who only read: where there are no records yet, nothing is created.

        Raises:
            RecordError: no database, not ours, of a newer version, locked, read-only or out of reach; no records
                yet (unless ``create``).
        """
        database = Database(url, busy_timeout_s=busy_timeout_s, create=create)
        try:
            upgrade(database, create=create)
            database.settle()
        except RecordError:
            database.close()
            raise
        return cls(database)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Give all connections back."""
        self._database.close()

    @property
    def tokens(self) -> ApiTokens:
        """What programs ask with."""
        return ApiTokens(self._database)

    @property
    def cases(self) -> CaseBook:
        """What people decide."""
        return CaseBook(self._database, self._telling)

    def tell_of_cases(self, telling: CaseTelling) -> None:
        """From now on, a step of a case puts the messages that tell of it into the outbox, in the transaction in which it is taken."""
        self._telling = telling

    @property
    def photos(self) -> CasePhotos:
        """What squads show of what they found."""
        return CasePhotos(self._database)

    @property
    def shops(self) -> ShopBook:
        """What lists have stated of shops, and what was found before them."""
        return ShopBook(self._database)

    @property
    def draws(self) -> DrawBook:
        """Random draws of shops for inspection."""
        return DrawBook(self._database)

    @property
    def accounts(self) -> AccountRecords:
        """Who may use the console, who is logged in, and who did what."""
        return AccountRecords(self._database)

    @property
    def sign_ins(self) -> SignIns:
        """Accounts that sign in by an OpenID provider."""
        return SignIns(self._database)

    # --- what a run knows ----------------------------------------------------------------------------------

    def save_camera(self, camera: CameraSettings) -> None:
        """Insert or update a camera's name, place and street. Needed before its zones and sources."""
        with self._database.writing() as session:
            catalogue.save_camera(self._database, session, camera)

    def save_zones(
        self,
        zones: CameraZones,
        geojson: bytes,
        *,
        saved_at: datetime | None = None,
        saved_by: str | None = None,
        audit: Sequence[AuditEntry] = (),
        put: Callable[[], None] | None = None,
    ) -> None:
        """Keep one version of a camera's zones with its whole file. Needed before violations that name it.

        The same version again changes nothing; RecordError where its content differs from what is kept.

        Args:
            zones: the version; of its zones themselves nothing is kept but the file.
            geojson: the file, byte for byte.
            saved_at, saved_by: when and by which account it was drawn in the console.
            audit: says in the same transaction who did it.
            put: puts the file where it comes into force. Called last, while nobody else can save zones of this camera, on any machine:
                what it raises undoes all of it.
        """
        with self._database.writing() as session:
            if put is not None:
                catalogue.hold_camera(session, zones.camera_id)
            catalogue.save_zones(self._database, session, zones, geojson, saved_at, saved_by)
            write_audit(session, audit)
            if put is not None:
                put()

    def zone_versions(self, camera_id: str) -> tuple[ZoneVersionRow, ...]:
        """All versions of a camera's zones that were ever in force or saved, newest first; none for an unknown camera."""
        with self._database.reading() as session:
            return catalogue.zone_versions(session, camera_id)

    def zone_geojson(self, camera_id: str, version: str) -> bytes:
        """The zone file of that version as it was saved, byte for byte. RecordError where there is none."""
        with self._database.reading() as session:
            return catalogue.zone_geojson(session, camera_id, version)

    def save_shops(self, registry: ShopRegistry) -> None:
        """Keep all shop codes and tenancies. What earlier registries stated stays; nothing is changed or removed."""
        with self._database.writing() as session:
            catalogue.save_shops(self._database, session, registry)

    # --- runs and sources ----------------------------------------------------------------------------------

    def start_run(self, run: RunInfo, command: str, *, take_over: bool = False) -> None:
        """Record a run as running in this process, or take up one that was interrupted.

        An old run keeps its first start. RecordError where its code, model, settings, zones or rules were
        others, or where another process still runs it (``take_over`` skips this check: for a host that is
        known to be gone).
        """
        with self._database.writing() as session:
            runs.start_run(session, run, command, take_over=take_over)

    def finish_run(self, run_id: str, state: RunState, finished_at: datetime) -> None:
        """Record how a run ended. RecordError for an unknown run."""
        with self._database.writing() as session:
            runs.finish_run(session, run_id, state, finished_at)

    def mark_interrupted(self, now: datetime) -> tuple[str, ...]:
        """Mark running runs, and their running sources, as interrupted where nobody runs them any more.

        Only runs of this host whose process is gone; runs of other hosts are left alone. Returns their ids.
        """
        with self._database.writing() as session:
            return runs.mark_interrupted(session, now)

    def list_runs(self) -> tuple[RunRow, ...]:
        """All runs with sums over their sources, oldest first."""
        with self._database.reading() as session:
            return runs.list_runs(session)

    def running_runs(self) -> frozenset[str]:
        """Ids of the runs that are recorded as running."""
        with self._database.reading() as session:
            return runs.running_runs(session)

    def finished_runs(self) -> frozenset[str]:
        """Ids of the runs that are finished with every one of their sources: each violation they kept has its row."""
        with self._database.reading() as session:
            return runs.finished_runs(session)

    def latest_run_id(self) -> str | None:
        """The run that started last; None without any."""
        with self._database.reading() as session:
            return runs.latest_run_id(session)

    def find_run(self, text: str) -> RunRow:
        """The run that is meant by "latest", a whole id or the beginning of exactly one. RecordError otherwise."""
        with self._database.reading() as session:
            return runs.run_row(session, runs.find_run(session, text))

    def run_to_go_on(self, run: RunInfo, command: str) -> RunRow | None:
        """The newest run that nobody runs, begun by the same command line and with the same versions of all that judges."""
        with self._database.reading() as session:
            found = runs.run_to_go_on(session, run, command)
            return runs.run_row(session, found) if found else None

    def count_violations_by_source(self, run_id: str) -> dict[int, int]:
        """How many violations of a run each of its sources has; those without any are left out."""
        with self._database.reading() as session:
            return runs.count_violations_by_source(session, run_id)

    def start_source(self, run_id: str, source: SourceStart) -> int:
        """Record a source as running and return its id.

        The same address and camera in the same run is the same source, which begins anew. Needs the camera.
        Passwords in the address are hidden.
        """
        with self._database.writing() as session:
            return runs.start_source(self._database, session, run_id, source)

    def finish_source(self, source_id: int, state: RunState, summary: ReadSummary | None = None, error: str = "") -> None:
        """Record how a source ended: what was read of it (None: nothing known) and the error that ended it, in one line."""
        with self._database.writing() as session:
            runs.finish_source(session, source_id, state, summary, error)

    def list_sources(self, run_id: str) -> tuple[SourceRow, ...]:
        """The sources of a run in the order they were started."""
        with self._database.reading() as session:
            return runs.list_sources(session, run_id)

    # --- who watches what ----------------------------------------------------------------------------------

    def claim_cameras(self, camera_ids: Collection[str], watcher: str, told: str, lease: timedelta) -> tuple[CameraWatcher, ...]:
        """Lease cameras that nobody else watches, or renew that; returns who else watches any of the others.

        Args:
            camera_ids: which.
            watcher: same for a program and the one that is started in its place.
            told: who that is, for people.
            lease: how long it holds from now on, by the clock of the database.
        """
        with self._database.writing() as session:
            watches.claim_cameras(self._database, session, camera_ids, watcher, told, lease)
            return watches.others_watching(session, camera_ids, watcher)

    def watching(self) -> tuple[CameraWatcher, ...]:
        """Who watches which camera right now, by camera."""
        with self._database.reading() as session:
            return watches.watching(session)

    def release_cameras(self, camera_ids: Collection[str], watcher: str) -> None:
        """Give leases back; those of others stay."""
        with self._database.writing() as session:
            watches.release_cameras(session, camera_ids, watcher)

    # --- violations ----------------------------------------------------------------------------------------

    def save_violation(self, run_id: str, source_id: int, entry: ViolationEntry, messages: Sequence[OutgoingMessage] = ()) -> None:
        """Record a violation with its steps, shops and evidence, replacing what this run knew of it before.

        Its evidence must lie on disk already. Needs the source, the zone version and the shop codes. Where the
        clock of the source is unknown, only media seconds are kept. ``messages`` tell of it: see ``enqueue``.
        """
        self.save_violations(run_id, source_id, (entry,), messages)

    def save_violations(
        self, run_id: str, source_id: int, entries: Sequence[ViolationEntry], messages: Sequence[OutgoingMessage] = ()
    ) -> None:
        """As ``save_violation``, for several of one source at once: all of them and all messages, or none. The last of equal ids counts."""
        with self._database.writing() as session:
            violations.save_violations(self._database, session, run_id, source_id, entries)
            open_cases(self._database, session, run_id, [entry.violation.violation_id for entry in entries], self._telling)
            outbox.enqueue(self._database, session, messages)

    def list_violations(self, wanted: ViolationFilter | None = None) -> tuple[ViolationRow, ...]:
        """Violations by run, then by first sight (unknown wall clocks last)."""
        with self._database.reading() as session:
            return violations.list_violations(session, wanted or ViolationFilter())

    def violation_keys(self, run_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """(run id, violation id) of all violations of these runs, and nothing else of them."""
        with self._database.reading() as session:
            return violations.violation_keys(session, run_ids)

    def violation(self, text: str, *, run: str = runs.LATEST) -> ViolationDetail:
        """One violation with all that belongs to it.

        Args:
            text: its id or the beginning of it, unique in the run.
            run: "latest", a run id or the beginning of exactly one.

        Raises:
            RecordError: none or several are meant.
        """
        with self._database.reading() as session:
            return violations.violation_detail(session, runs.find_run(session, run), text)

    def evidence_files(self, run_id: str) -> dict[str, EvidenceFile]:
        """Path (relative to the evidence folder) -> file, of all evidence that a run's rows vouch for, sorted by path."""
        with self._database.reading() as session:
            return violations.evidence_files(session, run_id)

    # --- the outbox ----------------------------------------------------------------------------------------

    def enqueue(self, messages: Sequence[OutgoingMessage]) -> int:
        """Put messages into the outbox, in this order, and return how many are new. What a receiver was told before stays as it is."""
        if not messages:
            return 0
        with self._database.writing() as session:
            return outbox.enqueue(self._database, session, messages)

    def claim_message(self, receiver: str, now: datetime, leased_until: datetime) -> ClaimedMessage | None:
        """The message of a receiver that is due first, for this caller alone until ``leased_until``; None if none is due.

        Not due: one that another process has, one before its next attempt, and one behind an earlier message of its
        subject that still waits.
        """
        with self._database.reading() as session:  # most often there is none: no need to hold up those who write
            if not outbox.is_due(session, receiver, now):
                return None
        with self._database.writing() as session:
            return outbox.claim_message(session, receiver, now, leased_until)

    def mark_sent(self, message: ClaimedMessage, at: datetime, status: int) -> None:
        """Record that the receiver has taken it, whoever holds the lease by now."""
        with self._database.writing() as session:
            outbox.mark_sent(session, message, at, status)

    def put_off(self, message: ClaimedMessage, until: datetime, status: int | None, error: str) -> None:
        """Record a failed attempt; the next one is due at ``until``. Changes nothing where another process has the message by now."""
        with self._database.writing() as session:
            outbox.put_off(session, message, until, status, error)

    def give_up(self, message: ClaimedMessage, at: datetime, status: int | None, error: str) -> None:
        """Record that a message has failed for good. Changes nothing where another process has the message by now."""
        with self._database.writing() as session:
            outbox.give_up(session, message, at, status, error)

    def retry_failed(self, now: datetime, receiver: str | None = None) -> int:
        """Let failed messages (of one receiver, or all) wait again, due at once; how many they are."""
        with self._database.writing() as session:
            return outbox.retry_failed(session, now, receiver)

    def list_outbox(self) -> tuple[OutboxRow, ...]:
        """What the outbox holds for each receiver that ever had a message, by name."""
        with self._database.reading() as session:
            return outbox.list_outbox(session)
