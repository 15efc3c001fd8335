"""Times in the names of pictures: one scheme per folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.readers.clock import stamp_in

_DIGITS = re.compile(r"\d+")
_PLAIN = re.compile(r"^(?:[^\d]*[^\d.])?(\d{1,9}(?:\.\d{1,6})?)$")
_UNIX_RANGE_S = (1_262_304_000, 2_208_988_800)
"""2010 to 2040."""


@dataclass(frozen=True, slots=True)
class StampedName:
    """One picture: seconds since the first of its folder."""

    path: Path
    media_time_s: float


@dataclass(frozen=True, slots=True)
class FolderNames:
    """Pictures in rising time; ``start_at`` is the first one's wall-clock time where the names say it."""

    pictures: tuple[StampedName, ...]
    start_at: datetime | None
    faults: tuple[str, ...]


def read_names(paths: Sequence[Path], zone: str) -> FolderNames:
    """Find the scheme that most names follow, and each picture's time by it.

    Schemes: date and time of day (CAM01_20240131_094217.jpg, 20240131094217123.jpg; local time of ``zone`` unless marked Z),
    Unix milliseconds, Unix seconds, plain numbers that count seconds (0012.jpg). Names that don't follow it, and pictures
    with a time that another has already, are left out and named as faults.
    """
    schemes: list[Callable[[str], float | None]] = [lambda stem: _stamped(stem, zone), _unix_ms, _unix_s, _plain]
    parsed = [[(scheme(path.stem), path) for path in paths] for scheme in schemes]
    most = max(range(len(schemes)), key=lambda index: (sum(time is not None for time, _ in parsed[index]), -index))
    times = sorted((time, _natural(path.name), path) for time, path in parsed[most] if time is not None)
    faults = _faults([path.name for time, path in parsed[most] if time is None], "name without a time")
    pictures: list[StampedName] = []
    same: list[str] = []
    for time, _, path in times:
        media_time_s = round(time - times[0][0], 6)
        if pictures and media_time_s <= pictures[-1].media_time_s:
            same.append(path.name)
        else:
            pictures.append(StampedName(path, media_time_s))
    faults += _faults(same, "same time as the picture before")
    wall = most < len(schemes) - 1 and bool(times)
    start_at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=times[0][0]) if wall else None
    return FolderNames(tuple(pictures), start_at, tuple(faults))


def _stamped(stem: str, zone: str) -> float | None:
    moment = stamp_in(stem, zone)
    return None if moment is None else (moment - datetime.fromtimestamp(0, UTC)) / timedelta(seconds=1)


def _unix_ms(stem: str) -> float | None:
    return next((int(run) / 1000 for run in _DIGITS.findall(stem) if len(run) == 13 and _is_recent(int(run) / 1000)), None)


def _unix_s(stem: str) -> float | None:
    return next((float(run) for run in _DIGITS.findall(stem) if len(run) == 10 and _is_recent(int(run))), None)


def _plain(stem: str) -> float | None:
    match = _PLAIN.match(stem)
    return float(match[1]) if match else None


def _is_recent(seconds: float) -> bool:
    return _UNIX_RANGE_S[0] <= seconds < _UNIX_RANGE_S[1]


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts 2.jpg before 10.jpg."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name))


def _faults(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return [f"{len(names)} picture{'' if len(names) == 1 else 's'} left out ({why}): {some}"]
