"""The zones and shops that a running program was started from, looked at now and then: what was saved there comes into force by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline.config import DoorlineSettings

TRY_AGAIN_EVERY_S = 60.0
"""What stood in the way of a change may be gone by itself: the records were away, a reference picture had not arrived yet."""
_Stat: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A file as it was seen; None for what can't be told."""

    stat: _Stat | None
    sha256: str | None


Marks: TypeAlias = Mapping[Path, _Mark]


@dataclass(frozen=True, slots=True)
class Changed:
    """A reason to read the files again. ``paths`` are those with another content; none: what was refused may be tried again."""

    paths: tuple[Path, ...]


def files_of(settings: DoorlineSettings) -> tuple[Path, ...]:
    """Zone files and shop list.

    The configuration itself is none of them: it adds and leaves cameras, and holds much that only a new start takes in. Who edits it saves
    it more than once on the way; it is read again when somebody asks for that (SIGHUP).
    """
    files = [camera.zones for camera in settings.cameras] + ([settings.shops] if settings.shops else [])
    return tuple(dict.fromkeys(files))


def marks_of(paths: Iterable[Path]) -> Marks:
    """Files as they are now. To be asked before they are loaded: what is changed meanwhile is then found, and not missed."""
    return {path: _Mark(_stat(path), _sha256(path)) for path in paths}


class FileWatch:
    """Says when files have another content than the one that was taken in last. Belongs to one thread.

    A file counts as changed when it has stayed as it is from one look to the next, and its content is another: one that is being written,
    or was only touched, is none. While any of them is on the move nothing is said, so that what belongs together is taken in together.
    """

    def __init__(self, marks: Marks, every_s: float, monotonic: Callable[[], float]) -> None:
        """``marks``: the files as they were taken in; ``every_s``: from one look to the next, 0: nobody looks."""
        self._every_s = every_s
        self._monotonic = monotonic
        self._looked_s = monotonic()
        self._refused_s: float | None = None
        self._known = dict(marks)
        self._moving: dict[Path, _Stat | None] = {}
        self._told: dict[Path, None] = {}

    def taken_in(self, marks: Marks) -> None:
        """What is in force now was read from files that were like this before."""
        self._known, self._refused_s = dict(marks), None
        self._moving.clear()
        self._told.clear()

    def refused(self) -> None:
        """What was changed last was not taken in."""
        self._refused_s = self._monotonic()

    def look(self) -> Changed | None:
        """What has changed, where it is time to look; None: nothing."""
        now_s = self._monotonic()
        if not self._every_s or now_s - self._looked_s < self._every_s:
            return None
        self._looked_s = now_s
        for path, known in self._known.items():
            self._compare(path, known)
        if self._moving:
            return None
        if self._told:
            changed = Changed(tuple(self._told))
            self._told.clear()
            return changed
        return Changed(()) if self._refused_s is not None and now_s - self._refused_s >= TRY_AGAIN_EVERY_S else None

    def _compare(self, path: Path, known: _Mark) -> None:
        stat = _stat(path)
        # One that is there and can't be read looks the same once it can.
        if stat == known.stat and (stat is None or known.sha256 is not None):
            self._moving.pop(path, None)
            return
        if stat != known.stat and (path not in self._moving or self._moving[path] != stat):
            self._moving[path] = stat
            return
        self._moving.pop(path, None)
        mark = _Mark(stat, _sha256(path))
        self._known[path] = mark
        if mark.sha256 != known.sha256:
            self._told[path] = None


def _stat(path: Path) -> _Stat | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
