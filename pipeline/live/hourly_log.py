"""The observation log of one live camera: a file per hour, so that a start reads little and an old day can be moved away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import RecordError
from pipeline.observations import LogHeader, ObservationLog, read_log
from pipeline.types import Observation

_HOUR = "%Y%m%dT%H"
_SYNC_EVERY_S = 10.0
"""Observed seconds that a power cut may cost; the end of the program costs nothing."""


class HourlyLog:
    """Appends looks, finds them again. One thread appends; others may read what was appended."""

    def __init__(self, folder: Path, header: LogHeader, keep: timedelta | None = None) -> None:
        """Nothing is opened yet.

        Args:
            folder: of this camera, over all runs.
            header: of this run; its files carry the run in their names.
            keep: hours that are longer ago than this are removed as a new one begins; None: all are kept.
        """
        self._folder = folder
        self._header = header
        self._keep = keep
        self._open: ObservationLog | None = None
        self._hour: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def append(self, observation: Observation) -> None:
        """Write one look. Raises RecordError, and then it was not written: the next one tries anew."""
        hour = _hour_of(observation.captured_at)
        try:
            if self._open is None or hour != self._hour:
                self.close()
                self._remove_old(hour)
                self._open = ObservationLog(self._path(hour), self._header, append=True, sync_every_s=_SYNC_EVERY_S)
                self._hour = hour
            self._open.append(observation)
        except RecordError:
            # What is half-written is cut off when it is opened again.
            self._abandon()
            raise

    def between(self, start: datetime, end: datetime) -> tuple[Observation, ...]:
        """The looks from start to end, both inclusive. Raises RecordError where a file can't be read."""
        return tuple(seen for seen in self.since(start) if seen.captured_at <= end)

    def since(self, start: datetime | None) -> Iterator[Observation]:
        """The looks from a time on (None: all), in order. Raises RecordError where a file can't be read."""
        first = _hour_of(start).strftime(_HOUR) if start else ""
        last_at: datetime | None = None
        for path in self.files():
            if path.name < first:
                continue
            for seen in read_log(path).observations():
                if (start is None or seen.captured_at >= start) and (last_at is None or seen.captured_at > last_at):
                    last_at = seen.captured_at
                    yield seen

    def files(self) -> tuple[Path, ...]:
        """All files that hold a header, oldest first."""
        return tuple(path for path in sorted(self._folder.glob("*.jsonl")) if _has_header(path))

    def close(self) -> None:
        """Everything on the disk. Raises RecordError."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _remove_old(self, hour: datetime) -> None:
        if self._keep is None:
            return
        oldest = (hour - self._keep).strftime(_HOUR)
        for path in self._folder.glob("*.jsonl"):
            if path.name < oldest:
                # What can't be removed now is tried again in an hour.
                with suppress(OSError):
                    path.unlink()

    def _abandon(self) -> None:
        if self._open is not None:
            # Closed for good, whatever the disk says: a file left open would write later what it could not write now.
            with suppress(OSError):
                self._open.discard()
        self._open = self._hour = None

    def _path(self, hour: datetime) -> Path:
        return self._folder / f"{hour.strftime(_HOUR)}-{self._header.run.run_id}.jsonl"


def _has_header(path: Path) -> bool:
    """Whether the first line is whole: a crash at the beginning of an hour may leave less."""
    with path.open("rb") as file:
        return file.readline().endswith(b"\n")


def _hour_of(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
