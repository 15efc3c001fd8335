"""What footage says of itself before anybody looks at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.readers.clock import find_clock
from pipeline.readers.container import claimed_duration_s, open_video
from pipeline.readers.image_folder import ImageFolderReader
from pipeline.types import SourceClock

_ENDS_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FootageHeader:
    """Of one file or folder of pictures. ``duration_s`` is a claim, None where nothing is claimed."""

    clock: SourceClock
    duration_s: float | None
    bytes: int
    content: str
    """32 hex digits of size, beginning and end: other content, other digits. Whoever changes the middle alone is not noticed."""


def header_of_video(path: Path, *, start: datetime | None, zone: str) -> FootageHeader:
    """See ``pipeline.readers.read_header``."""
    with open_video(path) as (container, stream):
        metadata = {**stream.metadata, **container.metadata}
        duration_s = claimed_duration_s(container, stream)
    return FootageHeader(find_clock(path, metadata, start=start, zone=zone), duration_s, path.stat().st_size, _content(path))


def header_of_folder(folder: Path, *, start: datetime | None, zone: str) -> FootageHeader:
    """The same of a folder of pictures: its content is that of all their names and sizes."""
    reader = ImageFolderReader(folder, camera_id="", interval_s=1.0, start=start, zone=zone)
    files = sorted((path.name, path.stat().st_size) for path in folder.iterdir() if path.is_file())
    digest = hashlib.sha256("\n".join(f"{name} {size}" for name, size in files).encode())
    return FootageHeader(reader.clock, reader.duration_s, sum(size for _, size in files), digest.hexdigest()[:32])


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256(str(size := path.stat().st_size).encode())
            digest.update(file.read(_ENDS_BYTES))
            file.seek(max(file.tell(), size - _ENDS_BYTES))
            digest.update(file.read(_ENDS_BYTES))
    except OSError as err:
        raise SourceError("cannot read footage", where=str(path), found=err.strerror or str(err)) from err
    return digest.hexdigest()[:32]
