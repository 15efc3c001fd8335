"""Where evidence lies, how it appears in one step, and what a crash may have left behind.

Invariant: a folder ``<run_id>/<camera_id>/<violation_id>`` under the evidence folder is whole, with its manifest,
or it is not there. What is being written lies in ``<violation_id>.partial``; what is being replaced is kept in
``<violation_id>.replaced.partial`` until the new folder stands.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from pipeline.errors import EvidenceError

MANIFEST_NAME = "manifest.json"
PARTIAL_SUFFIX = ".partial"
_REPLACED_SUFFIX = ".replaced.partial"
_CHAIN_NAME = "chain.json"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a disk that takes no more."""
_PROBE_BYTES = 1 << 20


def violation_folder(root: Path, run_id: str, camera_id: str, violation_id: str) -> Path:
    """Final folder of one violation. EvidenceError for an id that can't be a folder name."""
    for name in (run_id, camera_id, violation_id):
        if not re.fullmatch(r"\w[\w.\-]*", name) or name.endswith(PARTIAL_SUFFIX):
            raise EvidenceError(
                "cannot name an evidence folder", where=str(root), expected="letters, digits, '.', '_', '-'", found=repr(name)
            )
    return root / run_id / camera_id / violation_id


@contextmanager
def partial_folder(final: Path) -> Iterator[Path]:
    """An empty ``.partial`` folder beside ``final``; whatever is left of it at the end is removed, error or not.

    An OSError inside becomes an EvidenceError with one clear line (disk full is told apart).
    """
    partial = final.with_name(final.name + PARTIAL_SUFFIX)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        yield partial
    except OSError as err:
        raise write_error(err, final) from err
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_error(err: OSError, where: Path) -> EvidenceError:
    """The one line a user sees when evidence can't be written."""
    if err.errno in NO_ROOM:
        hint = "Free some space and run again: evidence that is whole is kept"
        return EvidenceError("disk full while writing evidence", where=str(where), found=os.strerror(err.errno or 0), hint=hint)
    return EvidenceError("cannot write evidence", where=str(where), found=str(err))


def require_room(folder: Path) -> None:
    """Raise the OSError of a full disk, if that is why a step in this folder failed."""
    probe = folder / "room.probe"
    try:
        write_file(probe, bytes(_PROBE_BYTES))
    finally:
        probe.unlink(missing_ok=True)


def write_file(path: Path, data: bytes) -> None:
    """Write a file and force it to disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def flush_to_disk(path: Path) -> None:
    """Force a file or a folder's entries to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file's content."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def publish(partial: Path, final: Path) -> None:
    """Give a finished folder its final name in one step; an older one of that name is replaced."""
    flush_to_disk(partial)
    replaced = final.with_name(final.name + _REPLACED_SUFFIX)
    if final.exists():
        shutil.rmtree(replaced, ignore_errors=True)
        final.rename(replaced)
    partial.rename(final)
    flush_to_disk(final.parent)
    shutil.rmtree(replaced, ignore_errors=True)


class Chain:
    """The hash chain of one run's manifests, shared by every process that writes to it.

    ``chain.json`` in the run's folder names the newest manifest, its sha256 and that of the one before. It is
    written before the folder gets its name, so after a crash the newest one that stands is still known.
    """

    def __init__(self, run_folder: Path) -> None:
        """Args: run_folder: ``<evidence folder>/<run_id>``."""
        self._folder = run_folder
        self._file = run_folder / _CHAIN_NAME

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else adds to this run's chain meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".chain.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def newest(self) -> str | None:
        """sha256 of the newest manifest; None if there is none yet. EvidenceError if chain.json can't be read."""
        try:
            entry = json.loads(self._file.read_text(encoding="utf-8"))
            path, digest, before = str(entry["path"]), str(entry["sha256"]), entry["previous_sha256"]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as err:
            raise EvidenceError("cannot read the hash chain", where=str(self._file), found=str(err)) from err
        manifest = self._folder / path
        stands = manifest.exists() and file_sha256(manifest) == digest
        return digest if stands else (None if before is None else str(before))

    def announce(self, manifest: Path, digest: str, previous: str | None) -> None:
        """Name the manifest that is about to become the newest; ``manifest`` is its final path."""
        path = manifest.relative_to(self._folder).as_posix()
        entry = {"path": path, "sha256": digest, "previous_sha256": previous}
        partial = self._file.with_name(_CHAIN_NAME + PARTIAL_SUFFIX)
        write_file(partial, (json.dumps(entry, sort_keys=True) + "\n").encode())
        partial.replace(self._file)
        flush_to_disk(self._folder)


def find_manifests(root: Path, *, only_run: str | None = None, except_runs: Collection[str] = ()) -> Iterator[Path]:
    """All finished manifests under the evidence folder, sorted by path, by name alone. Partial folders are left out.

    The runs that are to be left out are not looked into.
    """
    for run_folder in _run_folders(root, except_runs):
        if only_run in {None, run_folder.name}:
            yield from sorted(path for path in run_folder.glob(f"*/*/{MANIFEST_NAME}") if not path.parent.name.endswith(PARTIAL_SUFFIX))


def find_partials(root: Path, *, except_runs: Collection[str] = ()) -> tuple[Path, ...]:
    """What interrupted writes left under the evidence folder, sorted. Runs that still write are to be left out."""
    folders = _run_folders(root, except_runs)
    return tuple(sorted(path for folder in folders for depth in ("*", "*/*") for path in folder.glob(depth + PARTIAL_SUFFIX)))


def remove_partials(root: Path, *, except_runs: Collection[str] = ()) -> tuple[Path, ...]:
    """Remove what interrupted writes left and give it back as a list. Runs that still write are to be left out.

    A folder that was being replaced when the write stopped gets its name back if the new one never stood.
    """
    partials = find_partials(root, except_runs=except_runs)
    for path in partials:
        final = path.with_name(path.name.removesuffix(_REPLACED_SUFFIX))
        if path.name.endswith(_REPLACED_SUFFIX) and not final.exists():
            path.rename(final)
        elif path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return partials


def _run_folders(root: Path, except_runs: Collection[str]) -> list[Path]:
    """What stands directly under the evidence folder, sorted; nothing where there is none yet."""
    return sorted(path for path in root.glob("*") if path.name not in except_runs)
