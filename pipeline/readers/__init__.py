"""Readers: footage in, looks out."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.errors import SourceError
from pipeline.readers.clip_join import join_clips
from pipeline.readers.container import is_folder
from pipeline.readers.grid import WHOLE, MediaSpan
from pipeline.readers.header import FootageHeader, header_of_folder, header_of_video
from pipeline.readers.image_folder import ImageFolderReader
from pipeline.readers.video_file import VideoFileReader
from pipeline.stages import FrameReader

__all__ = ["FootageHeader", "MediaSpan", "join_clips", "open_reader", "read_header"]

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+://")


def open_reader(
    uri: str,
    *,
    camera_id: str,
    interval_s: float = 2.0,
    start: datetime | None = None,
    timezone: str = "Asia/Shanghai",
    span: MediaSpan = WHOLE,
) -> FrameReader:
    """Open footage for looks at media times 0, interval, 2 x interval, ...

    Media time 0 is the first picture. A look is the first picture at or after its due time (where a key frame follows within half an
    interval, that key frame); due times that have passed by then are skipped, or come as MissedLook where nothing
    could be read or the recording has a hole of more than two intervals.

    Args:
        uri: path or file:// URI of a video file or of a folder of stamped pictures.
        camera_id: goes into every look.
        interval_s: seconds between looks, > 0.
        start: wall-clock time of the first picture, where known better than by name or container; local time of ``timezone`` if naive.
        timezone: of the times in file names.
        span: media times in which looks are wanted.

    Raises:
        SourceError: nothing readable there: missing, empty, no video, not one picture that can be decoded.
    """
    path = _local_path(uri)
    if is_folder(path):
        return ImageFolderReader(path, camera_id=camera_id, interval_s=interval_s, start=start, zone=timezone, span=span)
    return VideoFileReader(path, camera_id=camera_id, interval_s=interval_s, start=start, zone=timezone, span=span)


def read_header(uri: str, *, start: datetime | None = None, timezone: str = "Asia/Shanghai") -> FootageHeader:
    """When footage begins, how long it claims to be and how large it is, without a look at its pictures; see ``open_reader``.

    Raises SourceError: nothing there, or no video.
    """
    path = _local_path(uri)
    return (header_of_folder if is_folder(path) else header_of_video)(path, start=start, zone=timezone)


def _local_path(uri: str) -> Path:
    if not _SCHEME.match(uri):
        return Path(uri)
    parts = urlsplit(uri)
    if parts.scheme.lower() == "file" and parts.netloc in {"", "localhost"}:
        return Path(unquote(parts.path))
    # Neither the user's name nor the password of a camera goes into a message.
    where = f"{parts.scheme}://{parts.hostname or ''}"
    raise SourceError("cannot open footage", where=where, expected="a file or folder of this machine", found=f"a {parts.scheme} address")
