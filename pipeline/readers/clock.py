"""When did a recording start? Given, else its file name, else its container, else unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.types import UNKNOWN_EPOCH, ClockSource, SourceClock

_YEARS = range(2000, 2100)
_STAMP = re.compile(
    r"""(?<!\d)(?P<year>20\d\d)(?P<dash>[-_.]?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)
        (?P<between>[-_ T.]{0,2})
        (?P<hour>\d\d)(?P<colon>[-_.:]?)(?P<minute>\d\d)(?P=colon)(?P<second>\d\d)
        (?:[.,]?(?P<milli>\d{3}))?(?!\d)
        (?P<zone>Z(?![A-Za-z0-9])|[+-]\d\d:?\d\d(?!\d))?""",
    re.VERBOSE,
)
_UNIX_MS = re.compile(r"(?<![\d.])(\d{13})(?!\d)")
_UNIX_MS_RANGE = range(1_262_304_000_000, 2_208_988_800_000)
"""2010 to 2040: a run of 13 digits outside it is some other number."""
_TIME_RANGE = re.compile(r"^(\d\d)\.(\d\d)\.(\d\d)-\d\d\.\d\d\.\d\d(?!\d)")
_DATE = re.compile(r"^(20\d\d)-?(\d\d)-?(\d\d)$")


def find_clock(path: Path, metadata: Mapping[str, str], *, start: datetime | None, zone: str) -> SourceClock:
    """Wall-clock time of media time 0 of a recording.

    Args:
        path: the file; its name may hold the start, in local time of ``zone`` unless it ends with Z or an offset.
        metadata: the container's; ``creation_time`` counts, but for the epochs that unset clocks give.
        start: given by the user; without a time zone it is in ``zone``.
        zone: name of the time zone.
    """
    if start is not None:
        return SourceClock(in_zone(start, zone), ClockSource.GIVEN)
    named = time_in_name(path, zone)
    if named is not None:
        return SourceClock(named, ClockSource.FILE_NAME)
    created = _created(metadata)
    if created is not None:
        return SourceClock(created, ClockSource.CONTAINER)
    return SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN)


def in_zone(moment: datetime, zone: str) -> datetime:
    """This moment in UTC; one without a time zone is local time of ``zone``."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def time_in_name(path: Path, zone: str) -> datetime | None:
    """The start that a recorder wrote into the name of its file (the first, where it wrote start and end), or None.

    Known: dates and times run together or parted by any of ``-_.: T`` (CAM01_20240131_094217, ch01_20240131094217_20240131104217,
    2024-01-31_09-42-17, 20240131T094217Z), milliseconds behind them, Unix milliseconds, and times of day
    (09.42.17-09.45.00) in a folder that is named after the date.
    """
    stamp = stamp_in(path.stem, zone) or stamp_in(path.name, zone)
    if stamp is not None:
        return stamp
    for match in _UNIX_MS.finditer(path.stem):
        if int(match[1]) in _UNIX_MS_RANGE:
            return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(match[1]))
    return _time_in_dated_folder(path, zone)


def stamp_in(text: str, zone: str) -> datetime | None:
    """The first possible date with time of day in a text, in UTC; None where there is none."""
    for match in _STAMP.finditer(text):
        part = match.groupdict()
        moment = _moment([int(part[name]) for name in ("year", "month", "day", "hour", "minute", "second")])
        if moment is None:
            continue
        moment += timedelta(milliseconds=int(part["milli"] or 0))
        # Behind anything but an ISO stamp, "-0130" is more likely a number of the recorder's own.
        said = part["zone"] if part["zone"] == "Z" or part["between"] == "T" else None
        return in_zone(moment.replace(tzinfo=_offset(said)) if said else moment, zone)
    return None


def _moment(numbers: list[int]) -> datetime | None:
    year, month, day, hour, minute, second = numbers
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # the zone is put on by the caller
    except ValueError:
        return None
    return moment if year in _YEARS else None


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-size if text[0] == "-" else size) if size < timedelta(hours=24) else UTC


def _time_in_dated_folder(path: Path, zone: str) -> datetime | None:
    match = _TIME_RANGE.match(path.name)
    if not match:
        return None
    for folder in path.parents:
        date = _DATE.match(folder.name)
        if date:
            moment = _moment([int(text) for text in (*date.groups(), *match.groups())])
            return None if moment is None else in_zone(moment, zone)
    return None


def _created(metadata: Mapping[str, str]) -> datetime | None:
    text = metadata.get("creation_time", "")
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if moment.year in _YEARS else None
