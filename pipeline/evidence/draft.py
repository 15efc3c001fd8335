"""A set of evidence while it is being made: its files so far, what is missing and what must be stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pipeline.errors import PipelineError
from pipeline.evidence.folders import file_sha256, flush_to_disk, write_file

Details: TypeAlias = dict[str, str | int | float | bool | list[int] | None]
"""What the manifest says of a file beside its hash and times; names carry units."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One finished file in the partial folder. ``details`` go to the manifest as they are."""

    name: str
    what: str
    sha256: str
    bytes: int
    media_time_s: float | None
    details: Details


@dataclass(slots=True)
class Draft:
    """Collects what is written into ``folder`` (the partial one). ``work`` is for files that nobody keeps."""

    folder: Path
    work: Path
    files: list[DraftFile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def add_bytes(self, name: str, data: bytes, media_time_s: float | None, details: Details) -> None:
        """Write a file and list it under its name without the suffix. OSError as the disk gives it."""
        write_file(self.folder / name, data)
        self.add_file(name, media_time_s, details)

    def add_file(self, name: str, media_time_s: float | None, details: Details) -> None:
        """List a file that lies in the folder already."""
        path = self.folder / name
        flush_to_disk(path)
        self.files.append(DraftFile(name, path.stem, file_sha256(path), path.stat().st_size, media_time_s, details))

    def state(self, statement: str) -> None:
        """Say something in the manifest, once."""
        if statement and statement not in self.statements:
            self.statements.append(statement)


def reason_of(err: PipelineError) -> str:
    """An error as a reason in the manifest: what and expected, without the paths of this machine."""
    return f"{err.what}; expected {err.expected}" if err.expected else err.what
