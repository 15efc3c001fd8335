"""The manifest of one violation's evidence: what was kept, what it shows, what judged, and the hash chain.

Canonical JSON: UTF-8, sorted keys, two spaces, a newline at the end. Field names carry their units.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline.errors import EvidenceError
from pipeline.evidence.folders import MANIFEST_NAME, file_sha256, find_manifests

FORMAT = "doorline-evidence-1"


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """A manifest that lies in the evidence folder."""

    path: Path
    sha256: str
    run_id: str
    camera_id: str
    violation_id: str


def as_json(content: Mapping[str, Any]) -> bytes:
    """Canonical bytes of a manifest: the same content always gives the same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2, default=_plain, allow_nan=False)
    return (text + "\n").encode()


def plain_fields(value: Any) -> dict[str, Any]:
    """All fields of a frozen dataclass, by name, nested ones too."""
    return asdict(value)


def digest_of(data: bytes) -> str:
    """Hex sha256."""
    return sha256(data).hexdigest()


def scan_manifests(root: Path, *, only_run: str | None = None) -> Iterator[StoredManifest]:
    """All finished manifests under the evidence folder (or of one run) with their hashes, sorted by path."""
    for path in find_manifests(root, only_run=only_run):
        folder = path.parent
        yield StoredManifest(path, file_sha256(path), folder.parent.parent.name, folder.parent.name, folder.name)


def read_manifest(path: Path) -> dict[str, Any]:
    """Content of a manifest. EvidenceError if it can't be read or is none."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as err:
        raise EvidenceError("cannot read manifest", where=str(path), found=str(err)) from err
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("files"), list):
        raise EvidenceError("not a manifest", where=str(path), expected=f"format {FORMAT!r} with files")
    return content


def verify_manifest(path: Path) -> tuple[str, ...]:
    """Every difference between a manifest and its folder: one line each, empty if all is as it was written.

    Compares bytes and sha256 of every file, and names files that are missing, not listed or listed twice.
    EvidenceError if the manifest itself can't be read.
    """
    content = read_manifest(path)
    folder, differences, listed = path.parent, [], {MANIFEST_NAME}
    for entry in content["files"]:
        name = str(entry.get("name", ""))
        if name in listed or not name or "/" in name or "\\" in name:
            differences.append(f"{path}: file name {name!r} is listed twice or is no plain name")
            continue
        listed.add(name)
        differences += _file_differences(folder / name, entry)
    found = {child.name for child in folder.iterdir()}
    differences += [f"{folder / name}: not in the manifest" for name in sorted(found - listed)]
    return tuple(differences)


def verify_run(run_folder: Path) -> tuple[str, ...]:
    """Every difference in one run: all its manifests, their files and the chain. Empty if all is as it was written."""
    differences: list[str] = []
    known: set[str] = set()
    previous_of: dict[Path, str | None] = {}
    for stored in scan_manifests(run_folder.parent, only_run=run_folder.name):
        try:
            differences += verify_manifest(stored.path)
            content = read_manifest(stored.path)
        except EvidenceError as err:
            differences.append(str(err))
            continue
        named = (content["run"]["run_id"], content["violation"]["camera_id"], content["violation"]["violation_id"])
        if named != (stored.run_id, stored.camera_id, stored.violation_id):
            differences.append(f"{stored.path}: belongs to {'/'.join(named)}")
        previous_of[stored.path] = content["previous_manifest_sha256"]
        known |= {stored.sha256, *content["replaces_manifest_sha256"]}
    return tuple(differences + _chain_differences(run_folder, previous_of, known))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def _file_differences(path: Path, entry: Mapping[str, Any]) -> list[str]:
    if not path.is_file():
        return [f"{path}: missing"]
    size = path.stat().st_size
    if size != entry.get("bytes"):
        return [f"{path}: changed; expected {entry.get('bytes')} bytes; found {size}"]
    digest = file_sha256(path)
    return [] if digest == entry.get("sha256") else [f"{path}: changed; expected sha256 {entry.get('sha256')}; found {digest}"]


def _chain_differences(run_folder: Path, previous_of: Mapping[Path, str | None], known: set[str]) -> list[str]:
    """Each manifest names the one before; one is the first; none is named twice; the newest is the one in chain.json."""
    differences = []
    seen: dict[str | None, Path] = {}
    for path, previous in previous_of.items():
        if previous is not None and previous not in known:
            differences.append(f"{path}: the manifest before it is missing or changed; expected sha256 {previous}")
        if previous in seen:
            what = "is also said to be the first" if previous is None else "names the same manifest before it"
            differences.append(f"{path}: chain forks; {seen[previous]} {what}")
        seen[previous] = path
    if previous_of and None not in seen:
        differences.append(f"{run_folder}: the first manifest of the chain is missing")
    newest = _announced(run_folder)
    if newest is not None and newest not in known:
        differences.append(f"{run_folder}: the newest manifest is missing, changed, or its writing was cut short; expected sha256 {newest}")
    return differences


def _announced(run_folder: Path) -> str | None:
    try:
        return str(json.loads((run_folder / "chain.json").read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
