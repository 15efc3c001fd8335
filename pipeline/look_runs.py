"""The looks of live cameras as their logs tell, kept as runs: a log that grows is read on from where it ended, all others once."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from pipeline.coverage import LookRun, Span
from pipeline.errors import RecordError
from pipeline.json_values import look_from_line
from pipeline.local_hours import stretches_of
from pipeline.observations import read_log
from pipeline.types import GapReason

HOUR_OF_LOG = "%Y%m%dT%H"
"""How the name of a live camera's hourly log begins (pipeline/live/hourly_log.py), UTC."""
_TICK = timedelta(microseconds=1)
_QUARTER_MINUTES = 15
_QUARTER = timedelta(minutes=_QUARTER_MINUTES)
"""Runs end at quarters of an hour, where the days of all time zones begin: so none lies across the end of a day."""
_MOST_RUNS = 500_000
"""About 100 MB."""
Told: TypeAlias = tuple[datetime, datetime, GapReason | None]
"""From when to when, and why nothing was observed; None: it was."""


@dataclass(frozen=True, slots=True)
class LoggedLooks:
    """What the logs of one camera tell of a span of time, oldest first; a look just before and just behind it may be among them."""

    runs: tuple[LookRun, ...]
    faults: tuple[str, ...]
    """Logs that could not be read in full: what they hold beyond is not among the runs."""


class LookLogs:
    """The hourly logs of all live cameras, for any thread."""

    def __init__(self, folder: Path, longest_step_s: float, *, most_runs: int = _MOST_RUNS) -> None:
        """Nothing is read yet.

        Args:
            folder: with one folder for each camera (``observations``/live).
            longest_step_s: time between two looks beyond which nobody was looking.
            most_runs: remembered, about; logs that nobody asked for lately are read anew when somebody does.
        """
        self._folder = folder
        self._longest = timedelta(seconds=longest_step_s)
        self._most = most_runs
        self._logs: OrderedDict[Path, _GrowingLog] = OrderedDict()
        self._listed: dict[Path, tuple[int, tuple[str, ...], int]] = {}
        """Folder -> when it was changed, as its disk tells, what lay there, and how often that was found."""
        self._lock = Lock()

    @property
    def exist(self) -> bool:
        """Whether there are live logs where this looks for them: those of another machine are not seen from here."""
        return self._folder.is_dir()

    def of(self, camera_id: str, since: datetime, until: datetime) -> LoggedLooks:
        """The looks of [since, until) and those beside it. Two programs may have looked at the same time: the first one is believed."""
        first, last = (f"{at.astimezone(UTC):{HOUR_OF_LOG}}" for at in (since - self._longest, until + self._longest))
        folder = self._folder / camera_id
        paths = [folder / name for name in self._names(folder) if first <= name[: len("20240131T09")] <= last]
        runs: list[LookRun] = []
        faults: list[str] = []
        for path in paths:
            log = self._log(path)
            log.read_on()
            runs += _behind(log, runs[-1].last if runs else None)
            faults += [log.fault] if log.fault else []
        self._forget()
        wanted = tuple(run for run in runs if run.last >= since - self._longest and run.first < until + self._longest)
        return LoggedLooks(wanted, tuple(faults))

    def _names(self, folder: Path) -> tuple[str, ...]:
        """Of the logs in a folder, oldest first. Months of them are listed anew only where the folder has changed."""
        try:
            changed = folder.stat().st_mtime_ns
        except OSError:
            return ()
        known, names, times = self._listed.get(folder, (0, (), 0))
        # Twice: what comes within the same tick of the disk's clock as the first listing leaves no trace.
        if known != changed or times < 2:
            names, times = tuple(sorted(path.name for path in folder.glob("*.jsonl"))), times + 1 if known == changed else 1
            self._listed[folder] = (changed, names, times)
        return names

    def _log(self, path: Path) -> _GrowingLog:
        with self._lock:
            log = self._logs.setdefault(path, _GrowingLog(path, self._longest))
            self._logs.move_to_end(path)
            return log

    def _forget(self) -> None:
        """What nobody asked for the longest, as far as there is too much."""
        with self._lock:
            kept = sum(len(log.runs) for log in self._logs.values())
            while kept > self._most and len(self._logs) > 1:
                kept -= len(self._logs.popitem(last=False)[1].runs)


class _GrowingLog:
    """One log, read as far as it was written when somebody asked last."""

    def __init__(self, path: Path, longest: timedelta, after: datetime | None = None) -> None:
        """``after``: only what comes later than this."""
        self._path = path
        self._longest = longest
        self._after = after
        self._lock = Lock()
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.runs: tuple[LookRun, ...] = ()
        self.fault = ""
        self._damaged = False
        self._read = self._lines = 0
        self._last_at: datetime | None = None

    def behind(self, at: datetime) -> tuple[LookRun, ...]:
        """Only what comes later than this, to the very look: read anew."""
        log = _GrowingLog(self._path, self._longest, at)
        log.read_on()
        return log.runs

    def read_on(self) -> None:
        """Take in what was written since. Raises nothing: what can't be read is in ``fault``."""
        with self._lock:
            try:
                size = self._path.stat().st_size
                if size < self._read:
                    self._begin_anew()
                if size > self._read and not self._damaged:
                    self.fault = ""
                    self._take_in(size)
            except FileNotFoundError:
                self._begin_anew()  # too old, and removed meanwhile
            except OSError as err:
                self.fault = str(RecordError("cannot read observation log", where=str(self._path), found=err.strerror or str(err)))

    def _take_in(self, size: int) -> None:
        runs = list(self.runs)
        last = runs.pop() if runs else None
        run = _OpenRun(last.first, last.last, last.looks, last.gap) if last else None
        try:
            for at, gap in self._looks(size):
                if self._after is not None and at <= self._after:
                    continue
                if run is not None and run.gap is gap and at < run.ends and at - run.last <= self._longest:
                    run.last = at
                    run.looks += 1
                    continue
                if run is not None:
                    runs.append(run.done())
                run = _OpenRun(at, at, 1, gap)
        except RecordError as err:
            self._damaged, self.fault = True, str(err)
        self.runs = (*runs, run.done()) if run is not None else ()

    def _looks(self, size: int) -> Iterator[tuple[datetime, GapReason | None]]:
        """Whole lines that were not read yet, up to ``size``. Raises RecordError at the first one that is damaged or out of order."""
        with self._path.open("rb") as file:
            file.seek(self._read)
            while self._read < size and (line := file.readline()).endswith(b"\n"):
                if self._lines:
                    yield self._look(line)
                else:
                    self._check_header()
                self._read += len(line)
                self._lines += 1

    def _look(self, line: bytes) -> tuple[datetime, GapReason | None]:
        where = f"{self._path}:{self._lines + 1}"
        at, gap = look_from_line(where, line)
        if self._last_at is not None and at <= self._last_at:
            raise RecordError("observations out of order", where=where, expected=f"later than {self._last_at}", found=str(at))
        self._last_at = at
        return at, gap

    def _check_header(self) -> None:
        if not read_log(self._path).header.clock.known:
            raise RecordError("nobody knows when this was recorded; left out", where=str(self._path))


class _OpenRun:
    """A run that may go on."""

    def __init__(self, first: datetime, last: datetime, looks: int, gap: GapReason | None) -> None:
        self.first, self.last, self.looks, self.gap = first, last, looks, gap
        self.ends = (
            first - timedelta(minutes=first.minute % _QUARTER_MINUTES, seconds=first.second, microseconds=first.microsecond) + _QUARTER
        )

    def done(self) -> LookRun:
        return LookRun(self.first, self.last, self.looks, self.gap)


def _behind(log: _GrowingLog, at: datetime | None) -> tuple[LookRun, ...]:
    """The runs of a log that come later than a time."""
    runs = log.runs
    if at is None or not runs or runs[0].first > at:
        return runs
    return log.behind(at) if runs[-1].last > at else ()


def told_time(runs: Sequence[LookRun], since: datetime, until: datetime, longest: timedelta) -> tuple[Told, ...]:
    """All the time from since to until, in parts one after the other: as CoverageFold counts it."""
    told: list[Told] = []
    before: LookRun | None = None
    for run in runs:
        if before is not None:
            told.append((before.last, run.first, GapReason.NO_LOOK if run.first - before.last > longest else run.gap or before.gap))
        told.append((run.first, run.last, run.gap))
        before = run
    first, last = (told[0][0], told[-1][1]) if told else (until, until)
    whole = [(since, first, GapReason.NO_LOOK), *told, (last, until, GapReason.NO_LOOK)]
    return tuple(_joined([(max(start, since), min(end, until), reason) for start, end, reason in whole]))


def told_seconds(runs: Sequence[LookRun], span: Span, longest: timedelta) -> dict[GapReason | None, float]:
    """Seconds of the enforcement hours of a span (of all of it where there are none), by why nothing was observed or None, most first."""
    windows = stretches_of(span.enforcement_hours, span.since, span.until, span.zone) or ((span.since, span.until),)
    ticks: Counter[GapReason | None] = Counter()
    for window in windows:
        for start, end, reason in told_time(runs, *window, longest):
            ticks[reason] += (end - start) // _TICK
    # Whole microseconds are added: sums of fractions would depend on the order.
    return {reason: count / 1e6 for reason, count in ticks.most_common()}


def _joined(parts: Sequence[Told]) -> Iterator[Told]:
    """Those that are not empty; neighbours that say the same as one."""
    held: Told | None = None
    for start, end, reason in parts:
        if start >= end:
            continue
        if held is not None and held[2] is not reason:
            yield held
            held = None
        held = (start if held is None else held[0], end, reason)
    if held is not None:
        yield held
