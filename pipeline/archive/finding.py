"""Which footage was meant, and which camera each piece belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import glob, has_magic
from pathlib import Path

from pipeline.archive.recorder_names import NameReader
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


def plan_sources(
    cameras: Sequence[CameraSettings], words: Sequence[str], camera_id: str | None, names: NameReader | None = None
) -> tuple[PlannedSource, ...]:
    """Find the sources behind what the user named, each once, in a fixed order, and the camera of each.

    A folder stands for all video files in it and below, a pattern (``*``, ``?``, ``**``) for all that it matches, ``@FILE`` for the
    words that stand in a file, one a line, relative to its folder; any other word is one source. A source belongs to ``camera_id`` if
    given, else to the camera that an expression finds in its name, else to the one whose ``files`` patterns match its name (its path,
    where the pattern has a ``/``), else to the one whose id its name begins with, else to the only camera there is if that one names
    no patterns.

    Args:
        cameras: those of the settings.
        words: what the user named.
        camera_id: of all sources; None: each by its name.
        names: the expressions of the settings; None without any.

    Raises:
        ConfigError: ``camera_id`` is not in the configuration, or a list can't be read.
    """
    if camera_id is not None and camera_id not in {camera.id for camera in cameras}:
        known = ", ".join(camera.id for camera in cameras)
        raise ConfigError("unknown camera", where="--camera", expected=f"one of {known}", found=camera_id)
    found = dict.fromkeys(source for word in _listed(words) for source in _sources_behind(word))
    return tuple(
        PlannedSource(source, None, f"{source}: nothing there matches this pattern")
        if _is_pattern(source)
        else _with_camera(cameras, source, camera_id, names)
        for source in found
    )


def _listed(words: Iterable[str]) -> Iterable[str]:
    """The words, with those of lists in the place of the list."""
    for word in words:
        if not word.startswith("@") or Path(word).exists():
            yield word
            continue
        path = Path(word[1:])
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as err:
            found = getattr(err, "strerror", None) or "text that is not UTF-8"
            raise ConfigError("cannot read the list of footage", where=str(path), expected="one path a line", found=found) from err
        for line in (line.strip() for line in lines):
            if line and not line.startswith("#"):
                yield line if "://" in line else str(path.parent / line)


def _sources_behind(word: str) -> list[str]:
    """A pattern that matches nothing stands for itself."""
    if _is_pattern(word):
        matched = sorted(glob(word, recursive=True))  # noqa: PTH207  # absolute patterns, which Path.glob refuses
        return [source for each in matched for source in _sources_behind(each)] or [word]
    path = Path(word.removeprefix("file://"))
    if not path.is_dir():
        return [word]
    try:
        below = sorted(str(child) for child in path.rglob("*") if child.suffix.lower() in VIDEO_SUFFIXES and child.is_file())
    except OSError:
        return [word]  # its reader says why, and the other sources go on
    return below or [word]


def _is_pattern(word: str) -> bool:
    return has_magic(word) and "://" not in word and not Path(word).exists()


def _with_camera(cameras: Sequence[CameraSettings], uri: str, camera_id: str | None, names: NameReader | None) -> PlannedSource:
    path = Path(uri.removeprefix("file://"))
    said = names.read(path).camera if names else None
    if camera_id is not None:
        matching = [camera for camera in cameras if camera.id == camera_id]
    elif said is not None:
        matching = [camera for camera in cameras if camera.id == said] or [
            camera for camera in cameras if any(fnmatch(said, pattern) for pattern in camera.files)
        ]
    else:
        matching = (
            [camera for camera in cameras if any(_matches(path, pattern) for pattern in camera.files)]
            or [camera for camera in cameras if _begins_with(path.name, camera.id)]
            or [camera for camera in cameras if len(cameras) == 1 and not camera.files]
        )
    if len(matching) == 1:
        return PlannedSource(uri, matching[0])
    found = ", ".join(camera.id for camera in matching) or ("none" if said is None else f"none for {said!r}")
    fault = (
        f"{uri}: cannot tell whose camera this is; expected one camera by its 'files' patterns or its id; found {found}. Give --camera ID"
    )
    return PlannedSource(uri, None, fault)


def _matches(path: Path, pattern: str) -> bool:
    """A pattern with a ``/`` is about the end of the path: recorders often name the channel in a folder alone."""
    if "/" not in pattern:
        return fnmatch(path.name, pattern)
    return fnmatch(path.absolute().as_posix(), f"*/{pattern.removeprefix('/')}")


def _begins_with(name: str, camera_id: str) -> bool:
    rest = name.removeprefix(camera_id)
    return rest != name and not rest[:1].isalnum()
