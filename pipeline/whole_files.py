"""Files that are written whole or not at all."""

from __future__ import annotations

import os
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


def write_for_good(path: Path, data: bytes) -> None:
    """The same, forced to the disk, with folders where they are missing: a row may vouch for it then. OSError if the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
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
