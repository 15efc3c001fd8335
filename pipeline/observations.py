"""The append-only log of observations, its reader, and the canonical text of violations and events.

One JSON value per line. The first line is the header (what was looked at, and every version that judged it), each
further line one observation. Numbers are written with all their digits and times to the microsecond, so what is
read is exactly what was seen: judging a log again gives byte-identical violations.

Shape of an observation: ``{"at": time, "media": seconds, "zones": version, "model": version, "seen": [detection, ...]}``,
or ``"gap": reason`` instead of ``"seen"``. A detection is ``[label, role, confidence, [x_min, y_min, x_max, y_max],
source, certainty, standing_since or null]``, and as an eighth part the foot of what stands aslant.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

from pipeline.errors import RecordError
from pipeline.json_values import (
    event_from_json,
    event_to_json,
    from_line,
    look_from_line,
    observation_from_data,
    observation_to_data,
    time_from_text,
    time_to_text,
    to_line,
    violation_from_json,
    violation_to_json,
)
from pipeline.types import ClockSource, GapReason, Observation, RunInfo, SourceClock

__all__ = [
    "FORMAT",
    "LogHeader",
    "LoggedRun",
    "ObservationLog",
    "event_from_json",
    "event_to_json",
    "read_log",
    "violation_from_json",
    "violation_to_json",
]

FORMAT = "doorline-observations-1"
"""Changes whenever a reader of the old one would misread the new one."""

_Value = TypeVar("_Value")
_LINES_PER_MARK = 64
"""Every so many lines a log that is being written remembers where it is, so that spans can be read back quickly."""


@dataclass(frozen=True, slots=True)
class LogHeader:
    """What a log is of. ``rule_version`` is that of the settings which judged it live; replaying may use others."""

    camera_id: str
    source: str
    """Name of the source without secrets and without its folder."""
    clock: SourceClock
    timezone: str
    interval_s: float
    zone_version: str
    model_version: str
    rule_version: str
    timeline: str
    """As given to the rule engine: "" for wall-clock times, else the content name of the source."""
    run: RunInfo


class ObservationLog:
    """Writes one log. A context manager: leaving it without an error completes the log, with an error discards it.

    A finished source is written as ``<name>.partial`` and renamed when complete, so that a file without the suffix is
    whole. With ``append`` (a live camera) lines go to the file itself, and an unfinished last line of an earlier
    crash is cut off first. Every observation is handed to the system at once; it is forced to the disk when closing and
    after each ``sync_every_s`` of observed time (0: each one, None: only when closing).
    """

    def __init__(
        self, path: Path, header: LogHeader, *, append: bool = False, sync_every_s: float | None = None, go_on_at: int | None = None
    ) -> None:
        """Create the log, or open it to go on. Raises RecordError if it can't be written or is of another camera.

        ``go_on_at``: keep so many bytes of one that was left unfinished, and write behind them.
        """
        self.path = path
        self._append = append
        self._header = header
        self._partial = path if append else path.with_name(path.name + ".partial")
        self._sync_every_s = sync_every_s
        self._synced_at: datetime | None = None
        self._last_at: datetime | None = None
        self._lines = 0
        self._marks: list[tuple[datetime, int]] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if go_on_at is not None:
                self._cut_back(go_on_at)
            goes_on = append or go_on_at is not None
            self._going_on = goes_on and self._partial.exists() and self._mend()
            self._file: BinaryIO = self._partial.open("ab" if goes_on else "wb")
        except OSError as err:
            raise self._cannot_write(err) from err
        if not self._going_on:
            self._write(_line(_header_to_data(header)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or self._append:
            self.close()
        else:
            self.discard()

    @property
    def written_path(self) -> Path:
        """Where it lies right now."""
        return self.path if self._file.closed else self._partial

    def append(self, observation: Observation) -> None:
        """Write one observation. Raises RecordError if it is out of order, of another camera, or can't be written."""
        if observation.camera_id != self._header.camera_id:
            raise RecordError(
                "observation of another camera", where=str(self.path), expected=self._header.camera_id, found=observation.camera_id
            )
        if self._last_at is not None and observation.captured_at <= self._last_at:
            raise RecordError(
                "observation out of order", where=str(self.path), expected=f"later than {self._last_at}", found=str(observation.captured_at)
            )
        self._last_at = observation.captured_at
        self._remember_place(observation, self._file.tell())
        self._write(_line(observation_to_data(observation)))
        if self._sync_is_due(self._last_at):
            self._sync()
            self._synced_at = self._last_at

    def between(self, start: datetime, end: datetime) -> tuple[Observation, ...]:
        """What this log was given from start to end, both inclusive, read back from the file.

        Costs what the span is long, not what the log is long. Raises RecordError if it can't be read back.
        """
        offset = next((offset for at, offset in reversed(self._marks) if at <= start), self._marks[0][1] if self._marks else None)
        if offset is None:
            return ()
        found: list[Observation] = []
        try:
            with self.written_path.open("rb") as file:
                file.seek(offset)
                for line in file:
                    observation = from_line(str(self._partial), line, lambda data: observation_from_data(data, self._header.camera_id))
                    if observation.captured_at > end:
                        break
                    if observation.captured_at >= start:
                        found.append(observation)
        except OSError as err:
            raise RecordError("cannot read observation log back", where=str(self._partial), found=err.strerror or str(err)) from err
        return tuple(found)

    def sync(self) -> int:
        """Have all that was written on the disk; how many bytes that is. Raises RecordError."""
        self._sync()
        return self._file.tell()

    def close(self) -> None:
        """Complete the log: on the disk, under its own name. Closing twice is harmless."""
        if self._file.closed:
            return
        self._sync()
        try:
            self._file.close()
            if not self._append:
                self._partial.replace(self.path)
            _sync_folder(self.path.parent)
        except OSError as err:
            raise self._cannot_write(err) from err

    def discard(self) -> None:
        """Remove what was written of an unfinished log. A log that is appended to keeps all its lines."""
        self._file.close()
        if not self._append:
            self._partial.unlink(missing_ok=True)

    def _sync_is_due(self, at: datetime) -> bool:
        if self._sync_every_s is None:
            return False
        return self._synced_at is None or (at - self._synced_at).total_seconds() >= self._sync_every_s

    def _cut_back(self, size: int) -> None:
        """To the bytes that are to be kept. What was interrupted in good order has its own name already."""
        if not self._partial.exists() and self.path.exists():
            self.path.replace(self._partial)
        found = self._partial.stat().st_size if self._partial.exists() else 0
        if found < size:
            expected = f"{size} bytes"
            raise RecordError("observation log is shorter than it was", where=str(self._partial), expected=expected, found=str(found))
        os.truncate(self._partial, size)

    def _mend(self) -> bool:
        """Cut off the unfinished last line of a log to go on with; whether it has a header then."""
        path = self._partial
        whole = _length_of_whole_lines(path)
        if whole < path.stat().st_size:
            os.truncate(path, whole)
        if not whole:
            return False
        known = read_log(path)
        if known.header.camera_id != self._header.camera_id:
            raise RecordError(
                "observation log of another camera", where=str(path), expected=self._header.camera_id, found=known.header.camera_id
            )
        offset = len(next(_whole_lines(path))[1])
        for observation, (_, line) in zip(known.observations(), islice(_whole_lines(path), 1, None), strict=True):
            self._remember_place(observation, offset)
            offset += len(line)
            self._last_at = observation.captured_at
        return True

    def _remember_place(self, observation: Observation, offset: int) -> None:
        if self._lines % _LINES_PER_MARK == 0:
            self._marks.append((observation.captured_at, offset))
        self._lines += 1

    def _write(self, line: bytes) -> None:
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as err:
            raise self._cannot_write(err) from err

    def _sync(self) -> None:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as err:
            raise self._cannot_write(err) from err

    def _cannot_write(self, err: OSError) -> RecordError:
        return RecordError(
            "cannot write observation log",
            where=str(self._partial),
            found=err.strerror or str(err),
            hint="Check free space and permissions of the folder 'observations' in the settings",
        )


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """A log that was opened. ``torn`` says that its last line is unfinished (a crash while writing) and left out."""

    path: Path
    header: LogHeader
    torn: bool

    def observations(self, *, last: int | None = None) -> Iterator[Observation]:
        """All observations in order, from the first each time. Raises RecordError with file and line at the first damaged one.

        ``last``: only so many, the last ones; what lies before them is not looked at.
        """

        def build(where: str, line: bytes) -> Observation:
            return from_line(where, line, lambda data: observation_from_data(data, self.header.camera_id))

        skipped = 0 if last is None else max(0, sum(1 for _ in _whole_lines(self.path)) - 1 - last)
        yield from self._in_order(build, lambda seen: seen.captured_at, skipped)

    def looks(self) -> Iterator[tuple[datetime, GapReason | None]]:
        """When each look was made, and why it does not count: quicker than ``observations`` where what was seen doesn't matter."""
        yield from self._in_order(look_from_line, lambda look: look[0])

    def _in_order(self, build: Callable[[str, bytes], _Value], time_of: Callable[[_Value], datetime], skipped: int = 0) -> Iterator[_Value]:
        last_at: datetime | None = None
        for number, line in islice(_whole_lines(self.path), 1 + skipped, None):
            value = build(f"{self.path}:{number}", line)
            at = time_of(value)
            if last_at is not None and at <= last_at:
                raise RecordError(
                    "observations out of order", where=f"{self.path}:{number}", expected=f"later than {last_at}", found=str(at)
                )
            last_at = at
            yield value


def read_log(path: Path) -> LoggedRun:
    """Open a log. Raises RecordError if it can't be read, is no log, or its header is damaged.

    Only a last line without its line end counts as torn; damage anywhere else is an error, where the line is read.
    """
    try:
        torn = _length_of_whole_lines(path) < path.stat().st_size
        first = next(_whole_lines(path), None)
    except OSError as err:
        raise RecordError("cannot read observation log", where=str(path), found=err.strerror or str(err)) from err
    if first is None:
        raise RecordError("not an observation log", where=str(path), expected="a header line", found="no whole line")
    return LoggedRun(path, from_line(f"{path}:1", first[1], _header_from_data), torn)


# --- lines -------------------------------------------------------------------------------------------------


def _line(data: Mapping[str, Any]) -> bytes:
    return to_line(data).encode() + b"\n"


def _whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that have their line end. Raises RecordError if the file can't be read."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.endswith(b"\n"):
                    yield number, line
    except OSError as err:
        raise RecordError("cannot read observation log", where=str(path), found=err.strerror or str(err)) from err


def _length_of_whole_lines(path: Path) -> int:
    """Bytes up to and with the last line end."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 65536)
            file.seek(start)
            found = file.read(end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
    return 0


def _sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _header_to_data(header: LogHeader) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "camera": header.camera_id,
        "source": header.source,
        "clock": {"start": time_to_text(header.clock.start_at), "source": header.clock.source.value},
        "timezone": header.timezone,
        "interval_s": header.interval_s,
        "zones": header.zone_version,
        "model": header.model_version,
        "rules": header.rule_version,
        "timeline": header.timeline,
        "run": asdict(header.run) | {"started_at": time_to_text(header.run.started_at)},
    }


def _header_from_data(data: dict[str, Any]) -> LogHeader:
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']!r}")
    return LogHeader(
        camera_id=data["camera"],
        source=data["source"],
        clock=SourceClock(time_from_text(data["clock"]["start"]), ClockSource(data["clock"]["source"])),
        timezone=data["timezone"],
        interval_s=float(data["interval_s"]),
        zone_version=data["zones"],
        model_version=data["model"],
        rule_version=data["rules"],
        timeline=data["timeline"],
        run=RunInfo(**(data["run"] | {"started_at": time_from_text(data["run"]["started_at"])})),
    )
