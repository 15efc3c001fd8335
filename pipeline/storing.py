"""Evidence first, then the row that vouches for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.evidence import EvidenceWriter
from pipeline.records import Records, ViolationDetail, ViolationEntry
from pipeline.reports import StoredViolation
from pipeline.settling import SettledViolation
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.stages import Footage
from pipeline.types import Observation, RunInfo, SourceClock
from pipeline.zones import CameraZones


@dataclass(frozen=True, slots=True)
class JudgedSource:
    """Where violations come from: the row of the source, its name without secrets, its clock, and the looks that it logged."""

    source_id: int
    name: str
    clock: SourceClock
    looks_between: Callable[[datetime, datetime], tuple[Observation, ...]]

    def media(self, at: datetime) -> float:
        """The media time of a wall-clock time, seconds."""
        return (at - self.clock.start_at).total_seconds()


class ViolationStore:
    """Stores the violations of one camera within one run."""

    def __init__(
        self, settings: DoorlineSettings, run: RunInfo, records: Records, shops: ShopRegistry, camera: CameraSettings, zones: CameraZones
    ) -> None:
        """Nothing is written yet."""
        self._settings = settings
        self._run = run
        self._records = records
        self._shops = shops
        self._zones = zones
        self._writer = EvidenceWriter(settings.evidence, run, camera, zones)

    def store(self, held: SettledViolation, source: JudgedSource, footage: Footage) -> StoredViolation:
        """Write the evidence of a violation and commit its row; what this run knew of it before is replaced.

        Raises EvidenceError (nothing half-written is left, no row) or RecordError (evidence without a row, which the next start names).
        """
        violation, evidence_settings = held.violation, self._settings.evidence
        tenants = self._tenants(violation.target.shop_codes, violation.first_seen_at if source.clock.known else None)
        margin = timedelta(seconds=max(evidence_settings.before_s, evidence_settings.after_s) + 1)
        until = max(
            violation.last_seen_at, violation.cleared_at or violation.last_seen_at, violation.confirmed_at or violation.last_seen_at
        )
        evidence = self._writer.write(
            violation,
            footage,
            source.looks_between(violation.first_seen_at - margin, until + margin),
            source.clock,
            source=source.name,
            tenants=tenants,
        )
        entry = ViolationEntry(
            violation=violation,
            events=held.events,
            evidence=evidence.files,
            manifest_sha256=evidence.manifest_sha256,
            complete=evidence.complete,
            missing=evidence.missing,
            tenants=tuple(tenants.values()),
        )
        self._records.save_violation(self._run.run_id, source.source_id, entry)
        names = tuple(tenants[code].name if code in tenants else "" for code in violation.target.shop_codes)
        return StoredViolation(violation, names, len(evidence.files), evidence.manifest_path, evidence.complete, evidence.missing)

    def store_bare(self, held: SettledViolation, source: JudgedSource, why: str) -> StoredViolation:
        """Commit the row of a violation of which there is no picture (any more): incomplete, and it says so. Raises RecordError.

        Evidence that was written when it was confirmed stays: what has been proven is not lost with what came after.
        """
        violation = held.violation
        tenants = self._tenants(violation.target.shop_codes, violation.first_seen_at if source.clock.known else None)
        before = self._stored_before(violation.violation_id)
        files = before.evidence if before else ()
        manifest = before.violation.manifest_sha256 if before else None
        missing = (f"what came after: {why}",) if manifest else (f"all: {why}",)
        entry = ViolationEntry(violation, held.events, files, manifest, False, missing, tuple(tenants.values()))
        self._records.save_violation(self._run.run_id, source.source_id, entry)
        names = tuple(tenants[code].name if code in tenants else "" for code in violation.target.shop_codes)
        return StoredViolation(violation, names, len(files), "", False, entry.missing)

    def _stored_before(self, violation_id: str) -> ViolationDetail | None:
        if (self._run.run_id, violation_id) not in self._records.violation_keys([self._run.run_id]):
            return None
        return self._records.violation(violation_id, run=self._run.run_id)

    def _tenants(self, codes: Iterable[str], at: datetime | None) -> dict[str, Tenancy]:
        """Who held the shops on that local day, as far as it is known."""
        day = at.astimezone(self._zones.timezone).date() if at else None
        found = {code: self._shops.tenant_on(code, day) for code in codes}
        return {code: tenancy for code, tenancy in found.items() if tenancy is not None}
