"""What a batch says of itself: progress while it runs, and a report at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.types import ReadSummary, RunInfo, SourceClock, Violation


@dataclass(frozen=True, slots=True)
class SourceProgress:
    """How far one source is. ``duration_s`` is None where the container states none."""

    uri: str
    looks: int
    media_time_s: float
    duration_s: float | None
    violations: int
    finished: bool = False


@dataclass(slots=True)
class Hooks:
    """What the edge (command line, tests) hands in: the clock, fresh run ids, where to tell progress, when to stop."""

    now: Callable[[], datetime]
    new_run_id: Callable[[], str]
    on_progress: Callable[[SourceProgress], None] = field(default=lambda progress: None)
    should_stop: Callable[[], bool] = field(default=lambda: False)
    on_line: Callable[[str], None] = field(default=lambda line: None)


@dataclass(frozen=True, slots=True)
class StoredViolation:
    """A violation whose evidence lies on disk and whose row is committed."""

    violation: Violation
    shop_names: tuple[str, ...]
    evidence_files: int
    manifest_path: str
    complete: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source.

    ``error`` is one line; None means that it was judged to its end, or to where it was ``interrupted``.
    ``kept`` says that an earlier part of the run had finished it. ``gaps`` counts looks by reason, most first.
    """

    uri: str
    camera_id: str
    clock: SourceClock | None = None
    read: ReadSummary | None = None
    gaps: tuple[tuple[str, int], ...] = ()
    violations: tuple[StoredViolation, ...] = ()
    error: str | None = None
    interrupted: bool = False
    kept: bool = False
    stored_before: int = 0
    """Violations that an earlier part of the run has stored, where it is kept."""
    covered_by: str = ""
    """The recording of the same camera that shows all of its time, so that it needed no look."""
    notes: tuple[str, ...] = ()
    """How it lies beside the recordings before it, where that is worth a sentence."""

    @property
    def count(self) -> int:
        """Violations of this source, those that were stored before too."""
        return len(self.violations) + self.stored_before

    @property
    def state(self) -> str:
        """One word: ``failed``, ``interrupted``, ``covered``, ``kept`` or ``finished``."""
        if self.error or self.interrupted:
            return "failed" if self.error else "interrupted"
        return "covered" if self.covered_by else "kept" if self.kept else "finished"

    @property
    def faults(self) -> tuple[str, ...]:
        """What of the source could not be read, in sentences."""
        return (*self.notes, *(self.read.faults if self.read else ()))

    @property
    def seen_s(self) -> float:
        """Seconds of footage between the first and the last look."""
        if self.read is None or self.read.first_media_time_s is None or self.read.last_media_time_s is None:
            return 0.0
        return self.read.last_media_time_s - self.read.first_media_time_s

    def media_time_s(self, moment: datetime) -> float | None:
        """Where in the source a moment lies; None before it was opened."""
        return (moment - self.clock.start_at).total_seconds() if self.clock else None

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``; wall-clock times only where they are known."""
        known = self.clock is not None and self.clock.known
        return {
            "source": self.uri,
            "camera": self.camera_id,
            "state": self.state,
            "clock": self.clock.source.value if self.clock else None,
            "start_at": self.clock.start_at.isoformat() if self.clock and known else None,
            "looks": self.read.looks if self.read else 0,
            "missed_looks": self.read.missed_looks if self.read else 0,
            "damaged_packets": self.read.damaged_packets if self.read else 0,
            "gaps": dict(self.gaps),
            "faults": list(self.faults),
            "error": self.error,
            "stored_before": self.stored_before,
            "violations": [self._violation_json(stored, known) for stored in self.violations],
        }

    def _violation_json(self, stored: StoredViolation, known: bool) -> dict[str, Any]:
        found = stored.violation
        moments = {
            "first_seen": found.first_seen_at,
            "confirmed": found.confirmed_at,
            "last_seen": found.last_seen_at,
            "cleared": found.cleared_at,
        }
        times: dict[str, Any] = {}
        for name, moment in moments.items():
            times[f"{name}_at"] = moment.isoformat() if moment and known else None
            times[f"{name}_media_s"] = None if moment is None else self.media_time_s(moment)
        return {
            "id": found.violation_id,
            "kind": found.kind.value,
            "target": found.target.kind.value,
            "shops": list(found.target.shop_codes),
            "place": found.target.place,
            "labels": list(found.labels),
            "box": [found.box.x_min, found.box.y_min, found.box.x_max, found.box.y_max],
            "dwell_s": found.dwell_s,
            "things": len(found.things),
            "complete": stored.complete,
            "missing": list(stored.missing),
            "manifest": stored.manifest_path,
            **times,
        }


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a run.

    ``reconciled`` are lines about what an earlier crash had left behind. ``error`` is set where all sources were
    judged and the end of the run could not be recorded. ``command_to_resume`` judges what is not finished.
    """

    run: RunInfo
    sources: tuple[SourceReport, ...]
    reconciled: tuple[str, ...]
    interrupted: bool
    evidence_folder: Path
    command_to_resume: str
    error: str | None = None

    @property
    def failed(self) -> int:
        """Number of sources that failed."""
        return sum(source.error is not None for source in self.sources)

    @property
    def whole(self) -> bool:
        """Whether every source was judged to its end and all of it is recorded."""
        return not (self.failed or self.interrupted or self.error)

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "run": self.run.run_id,
            "started_at": self.run.started_at.isoformat(),
            "code": self.run.code_version,
            "model_sha256": self.run.model_sha256,
            "config_sha256": self.run.config_sha256,
            "zones_sha256": self.run.zones_sha256,
            "rules_sha256": self.run.rules_sha256,
            "interrupted": self.interrupted,
            "failed": self.failed,
            "error": self.error,
            "resume": None if self.whole else self.command_to_resume,
            "reconciled": list(self.reconciled),
            "evidence": str(self.evidence_folder),
            "sources": [source.as_json() for source in self.sources],
        }
