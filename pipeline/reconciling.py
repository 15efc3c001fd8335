"""What a crash left behind, found at the next start: nothing half-written stays, and nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from pipeline.config import DoorlineSettings
from pipeline.errors import EvidenceError, fault_line
from pipeline.evidence import file_sha256, find_manifests, remove_partials, scan_manifests, verify_run
from pipeline.records import Records, ViolationFilter


def reconcile(records: Records, settings: DoorlineSettings, now: datetime) -> tuple[str, ...]:
    """Clean up after runs that nobody runs any more, and say what does not fit together, one line each.

    Runs of this host whose process is gone are marked as interrupted. Partial files are removed. Evidence that no
    row vouches for is left where it is and named, since only a person can say what it is worth; so are rows whose
    evidence is gone. Runs that are still running are left alone. Runs that finished with all their sources are not
    looked into and no hash is computed, so that a start takes no longer as the archive grows: ``check_evidence`` does that.

    Raises:
        RecordError: the database fails.
        EvidenceError: a folder can't be read or cleaned.
    """
    try:
        return _reconcile(records, settings, now)
    except OSError as err:
        where = str(err.filename or settings.evidence.folder)
        hint = "Give this user the right to read and write the folders of evidence and observations"
        raise EvidenceError("cannot clean up after an earlier run", where=where, found=err.strerror or str(err), hint=hint) from err


def check_evidence(records: Records, settings: DoorlineSettings, run_id: str) -> tuple[str, ...]:
    """Compute the hashes of all evidence of a run again. Every difference to the rows and in the chain, one line each.

    Raises:
        RecordError: the database fails.
        EvidenceError: a folder can't be read.
    """
    folder = settings.evidence.folder
    try:
        differences = list(verify_run(folder / run_id))
        manifests = {manifest.violation_id: manifest.sha256 for manifest in scan_manifests(folder, only_run=run_id)}
    except OSError as err:
        raise EvidenceError("cannot read evidence", where=str(err.filename or folder), found=err.strerror or str(err)) from err
    for row in records.list_violations(ViolationFilter(run_id=run_id)):
        found = manifests.get(row.violation_id)
        if row.manifest_sha256 and found and found != row.manifest_sha256:
            expected = f"sha256 {row.manifest_sha256}"
            differences.append(
                fault_line(row.violation_id, "not the manifest that was recorded", expected=expected, found=f"sha256 {found}")
            )
    named = " ".join(differences)
    recorded = (str(folder / path) for path in records.evidence_files(run_id))
    differences += [f"{path}: recorded, but not there" for path in recorded if path not in named and not Path(path).is_file()]
    differences += _photo_differences(records, folder, run_id)
    return tuple(differences)


def _photo_differences(records: Records, folder: Path, run_id: str) -> Iterator[str]:
    """What is not as it was kept, of the photos that squads added to the cases of a run."""
    for photo in records.photos.of_run(run_id):
        path = folder / photo.path
        if not path.is_file():
            yield f"{path}: recorded, but not there"
        elif (found := file_sha256(path)) != photo.sha256:
            yield fault_line(str(path), "changed", expected=f"sha256 {photo.sha256}", found=f"sha256 {found}")


def evidence_without_row(records: Records, folder: Path, run_id: str | None = None, except_runs: Collection[str] = ()) -> Iterator[str]:
    """Whole sets of evidence that no row vouches for, told by their names, of one run or of all but some, one line each."""
    found = [manifest.parent for manifest in find_manifests(folder, only_run=run_id, except_runs=except_runs)]
    known = records.violation_keys({_run_of(violation) for violation in found})
    for violation in found:
        if (_run_of(violation), violation.name) not in known:
            yield f"evidence without a row: {violation}. Resume run {_run_of(violation)} to judge it again, or remove the folder"


def _run_of(violation: Path) -> str:
    """Evidence lies in ``<run_id>/<camera_id>/<violation_id>``."""
    return violation.parent.parent.name


def _reconcile(records: Records, settings: DoorlineSettings, now: datetime) -> tuple[str, ...]:
    gone = records.mark_interrupted(now)
    # Some write still; the others left nothing behind, as each violation's row is written before its source is finished.
    left_alone = records.running_runs() | records.finished_runs()
    folder = settings.evidence.folder
    lines = [f"run {run_id} was cut off and is now marked as interrupted" for run_id in gone]
    lines += [f"unfinished evidence removed: {path}" for path in remove_partials(folder, except_runs=left_alone)]
    lines += [f"unfinished observation log removed: {path}" for path in _remove_partial_logs(settings.observations, left_alone)]
    lines += evidence_without_row(records, folder, except_runs=left_alone)
    lines += _rows_without_evidence(records, folder, gone)
    return tuple(lines)


def _remove_partial_logs(folder: Path, except_runs: Collection[str]) -> Iterator[Path]:
    for run_folder in sorted(folder.glob("*")):
        if run_folder.name in except_runs:
            continue
        for path in sorted(run_folder.glob("*.partial")):
            # One with a checkpoint is gone on with.
            if not path.with_suffix("").with_suffix(".checkpoint").exists():
                path.unlink()
                yield path


def _rows_without_evidence(records: Records, folder: Path, runs: Collection[str]) -> Iterator[str]:
    """Of the runs that were cut off: rows whose files are not there."""
    for run_id in sorted(runs):
        for path in records.evidence_files(run_id):
            if not (folder / path).is_file():
                yield f"row without its evidence: run {run_id}, {folder / path}. Restore the file, or void the violation"
