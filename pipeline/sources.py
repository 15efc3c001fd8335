"""Which footage belongs to which camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from pipeline.config import CameraSettings
from pipeline.errors import ConfigError

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".mkv", ".avi", ".flv", ".ts", ".mov", ".m4v", ".mts", ".m2ts", ".webm", ".h264", ".h265", ".hevc", ".ps", ".dav"}
)
"""File name endings that are taken for footage when a whole folder is given."""


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """One source and its camera; ``camera`` is None, with the reason in ``fault``, where nobody can tell."""

    uri: str
    camera: CameraSettings | None
    fault: str = ""


def plan_sources(cameras: Sequence[CameraSettings], uris: Sequence[str], camera_id: str | None) -> tuple[PlannedSource, ...]:
    """Find the sources behind what the user named, in a fixed order, and the camera of each.

    A folder that holds video files stands for each of them; any other path is one source. A source belongs to
    ``camera_id`` if given, else to the camera whose ``files`` patterns match its name, else to the camera
    whose id its name begins with, else to the only camera there is if that one names no patterns.

    Raises:
        ConfigError: ``camera_id`` is not in the configuration.
    """
    if camera_id is not None and camera_id not in {camera.id for camera in cameras}:
        known = ", ".join(camera.id for camera in cameras)
        raise ConfigError("unknown camera", where="--camera", expected=f"one of {known}", found=camera_id)
    return tuple(_with_camera(cameras, source, camera_id) for uri in uris for source in _sources_behind(uri))


def _sources_behind(uri: str) -> list[str]:
    path = Path(uri.removeprefix("file://"))
    if not path.is_dir():
        return [uri]
    try:
        videos = sorted(str(child) for child in path.iterdir() if child.is_file() and child.suffix.lower() in VIDEO_SUFFIXES)
    except OSError:
        return [uri]  # its reader says why, and the other sources go on
    return videos or [uri]


def _with_camera(cameras: Sequence[CameraSettings], uri: str, camera_id: str | None) -> PlannedSource:
    name = Path(uri).name
    if camera_id is not None:
        matching = [camera for camera in cameras if camera.id == camera_id]
    else:
        matching = (
            [camera for camera in cameras if any(fnmatch(name, pattern) for pattern in camera.files)]
            or [camera for camera in cameras if _begins_with(name, camera.id)]
            or [camera for camera in cameras if len(cameras) == 1 and not camera.files]
        )
    if len(matching) == 1:
        return PlannedSource(uri, matching[0])
    found = "none" if not matching else ", ".join(camera.id for camera in matching)
    fault = (
        f"{uri}: cannot tell whose camera this is; expected one camera by its 'files' patterns or its id; found {found}. Give --camera ID"
    )
    return PlannedSource(uri, None, fault)


def _begins_with(name: str, camera_id: str) -> bool:
    rest = name.removeprefix(camera_id)
    return rest != name and not rest[:1].isalnum()
