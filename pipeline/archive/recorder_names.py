"""What a recorder wrote into the name of a file, where a bureau's own expression says how to read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.readers.clock import in_zone

_DIGITS = 14
"""Of a moment: year, month, day, hour, minute, second."""


@dataclass(frozen=True, slots=True)
class NamedParts:
    """What was found in a name; None for what it does not tell. Times are aware UTC."""

    camera: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None


class NameReader:
    """Reads names by the expressions of the settings, the first that fits. What they do not tell is left to what Doorline knows itself."""

    def __init__(self, expressions: Sequence[str], zone: str) -> None:
        """``expressions``: regular expressions with some of the groups ``camera``, ``start``, ``end`` (checked when settings are read).

        They are searched in the path with forward slashes, so that a folder may tell the channel. ``zone``: of the times.
        """
        self._expressions = tuple(re.compile(text) for text in expressions)
        self._zone = zone

    def read(self, path: Path) -> NamedParts:
        """What the name tells; a time that is none counts as not told."""
        text = path.absolute().as_posix()
        for expression in self._expressions:
            match = expression.search(text)
            if match is not None:
                told = match.groupdict()
                return NamedParts(told.get("camera") or None, self._moment(told.get("start")), self._moment(told.get("end")))
        return NamedParts()

    def _moment(self, text: str | None) -> datetime | None:
        """Of the digits of a moment, whatever stands between them: 14, or 17 with milliseconds."""
        digits = re.sub(r"\D", "", text or "")
        if len(digits) not in (_DIGITS, _DIGITS + 3):
            return None
        try:
            moment = datetime.strptime(digits[:_DIGITS], "%Y%m%d%H%M%S")  # noqa: DTZ007  # the zone is put on below
        except ValueError:
            return None
        return in_zone(moment.replace(microsecond=int(digits[_DIGITS:] or 0) * 1000), self._zone)
