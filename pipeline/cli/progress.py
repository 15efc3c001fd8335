"""How far a batch is, on a terminal."""

from __future__ import annotations

import time
from pathlib import Path

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipeline.cli.printing import ERRORS, counted
from pipeline.reports import SourceProgress

MOST_BARS = 6
"""Bars of the sources before these are taken away: the summary tells of them."""


class ProgressBars:
    """One bar per source: share, looks per second, times real time, violations so far. Nothing where there is no terminal."""

    def __init__(self, *, sources: int, shown: bool) -> None:
        """Args: sources: how many there are in all. shown: whether anything is drawn."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=ERRORS, disable=not shown, refresh_per_second=4)
        self._sources = sources
        self._tasks: dict[str, tuple[TaskID, float]] = {}

    def __enter__(self) -> ProgressBars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, progress: SourceProgress) -> None:
        """Show how far this source is."""
        if progress.uri not in self._tasks:
            self._add(progress)
        task, since = self._tasks[progress.uri]
        passed = max(time.monotonic() - since, 1e-3)
        speed = f"{progress.looks / passed:6.1f} looks/s {progress.media_time_s / passed:6.1f}x real time"
        said = f"{speed} {counted(progress.violations, 'violation')}"
        total = progress.media_time_s if progress.finished else progress.duration_s
        self._progress.update(task, completed=progress.media_time_s, total=total, said=said)

    def _add(self, progress: SourceProgress) -> None:
        name = escape(Path(progress.uri).name)
        number = f"{len(self._tasks) + 1}/{self._sources} " if self._sources > 1 else ""
        task = self._progress.add_task(f"{number}{name}", total=progress.duration_s, said="")
        self._tasks[progress.uri] = (task, time.monotonic())
        for earlier, _ in list(self._tasks.values())[:-MOST_BARS]:
            self._progress.update(earlier, visible=False)
