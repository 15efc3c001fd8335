"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import PipelineError


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, then rename; folders are made where they are missing. PipelineError if the disk refuses."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as err:
        partial.unlink(missing_ok=True)
        raise PipelineError("cannot write", where=str(path), found=err.strerror or str(err)) from err
