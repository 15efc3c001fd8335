"""What a crash left behind, found at the next start: nothing half-written stays, and nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from pipeline.config import DoorlineSettings
from pipeline.evidence import remove_partials, scan_manifests
from pipeline.records import Records, RunState, ViolationFilter


def reconcile(records: Records, settings: DoorlineSettings, now: datetime) -> tuple[str, ...]:
    """Clean up after runs that nobody runs any more, and say what does not fit together, one line each.

    Runs of this host whose process is gone are marked as interrupted. Partial files are removed. Evidence that no
    row vouches for is left where it is and named, since only a person can say what it is worth; so are rows whose
    evidence is gone. Runs that are still running are left alone.
    """
    gone = records.mark_interrupted(now)
    running = {row.run_id for row in records.list_runs() if row.state is RunState.RUNNING}
    folder = settings.evidence.folder
    lines = [f"run {run_id} was cut off and is now marked as interrupted" for run_id in gone]
    lines += [f"unfinished evidence removed: {path}" for path in remove_partials(folder, except_runs=running)]
    lines += [f"unfinished observation log removed: {path}" for path in _remove_partial_logs(settings.observations, running)]
    lines += _evidence_without_row(records, folder, running)
    lines += _rows_without_evidence(records, folder, gone)
    return tuple(lines)


def _remove_partial_logs(folder: Path, running: Collection[str]) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*.partial")):
        if path.parent.name not in running:
            path.unlink()
            yield path


def _evidence_without_row(records: Records, folder: Path, running: Collection[str]) -> Iterator[str]:
    known = {(row.run_id, row.violation_id) for row in records.list_violations(ViolationFilter())}
    for manifest in scan_manifests(folder):
        if manifest.run_id not in running and (manifest.run_id, manifest.violation_id) not in known:
            yield f"evidence without a row: {manifest.path.parent}. Resume run {manifest.run_id} to judge it again, or remove the folder"


def _rows_without_evidence(records: Records, folder: Path, runs: Collection[str]) -> Iterator[str]:
    """Of the runs that were cut off: rows whose files are not there."""
    for run_id in sorted(runs):
        for path in records.evidence_files(run_id):
            if not (folder / path).is_file():
                yield f"row without its evidence: run {run_id}, {folder / path}. Restore the file, or void the violation"
