"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError


def write_aside(path: Path, data: bytes) -> None:
    """Write beside, then rename. OSError if the disk refuses: what was there stays."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """The same for what somebody asked for: folders are made where they are missing. PipelineError if the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_aside(path, data)
    except OSError as err:
        raise PipelineError("cannot write", where=str(path), found=err.strerror or str(err)) from err
