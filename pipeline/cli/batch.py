"""``doorline batch``: footage in, violations with evidence and records out."""

from __future__ import annotations

import secrets
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipeline.batch import BatchRequest, run_batch
from pipeline.cli.printing import ERRORS, OUT, clock, duration, print_json, same_day, table, whose
from pipeline.config import load_settings
from pipeline.errors import ConfigError
from pipeline.records import hide_secrets
from pipeline.reports import BatchReport, Hooks, SourceProgress, SourceReport, StoredViolation
from pipeline.sources import plan_sources


def batch(
    sources: Annotated[
        list[str], typer.Argument(help="Video files, folders of videos, or folders of stamped pictures.", metavar="CLIP...")
    ],
    config: Annotated[Path, typer.Option("--config", "-c", help="Configuration file.")],
    camera: Annotated[str | None, typer.Option(help="Camera of all sources; else told by file name.")] = None,
    start: Annotated[str | None, typer.Option(help="Wall-clock start, such as 2024-01-31T09:42:17+08:00.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this run: its finished sources are kept.", metavar="RUN")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Look at footage every few seconds and write violations with evidence and records.

    Exit code 0: done; 1: some source failed; 2: usage or configuration; 130: interrupted.
    """
    settings = load_settings(config)
    request = BatchRequest(
        settings=settings,
        config_text=config.read_text(encoding="utf-8"),
        sources=plan_sources(settings.cameras, sources, camera),
        start=_start_time(start, settings.looks.timezone) if start else None,
        resume=resume,
        command=shlex.join(["doorline", *sys.argv[1:]]),
    )
    began = time.monotonic()
    with _stop_signal() as stop, _ProgressBars(shown=not json and ERRORS.is_terminal) as bars:
        hooks = Hooks(now=_now, new_run_id=_new_run_id, on_progress=bars.update, should_stop=stop)
        report = run_batch(request, hooks)
    if json:
        print_json(report.as_json())
    else:
        _print_report(report, ZoneInfo(settings.looks.timezone), time.monotonic() - began, hide_secrets(settings.records.url))
    if report.interrupted:
        raise typer.Exit(130)
    raise typer.Exit(1 if report.failed else 0)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_run_id() -> str:
    """Sorts by time, and never meets another run of the same second."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def _start_time(text: str, timezone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ConfigError("not a time", where="--start", expected="a time such as 2024-01-31T09:42:17+08:00", found=text) from err
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


class _StopFlag:
    """Set by the first Ctrl-C or SIGTERM; the second one kills as usual."""

    def __init__(self) -> None:
        self.set = False

    def __call__(self) -> bool:
        return self.set


@contextmanager
def _stop_signal() -> Iterator[_StopFlag]:
    """Turn the first interrupt into a request to stop after the current write."""
    flag = _StopFlag()

    def ask(number: int, frame: FrameType | None) -> None:
        flag.set = True
        signal.signal(number, before[number])
        ERRORS.print("\n[yellow]stopping[/] after the current write; once more to stop at once")

    before = {int(number): signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield flag
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _ProgressBars:
    """One bar per source: share, looks per second, times real time, violations so far."""

    def __init__(self, *, shown: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"), TimeElapsedColumn())
        self._progress = Progress(*columns, console=ERRORS, disable=not shown, refresh_per_second=4)
        self._tasks: dict[str, tuple[TaskID, float]] = {}

    def __enter__(self) -> _ProgressBars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, progress: SourceProgress) -> None:
        """Show how far this source is."""
        if progress.uri not in self._tasks:
            task = self._progress.add_task(escape(Path(progress.uri).name), total=progress.duration_s, said="")
            self._tasks[progress.uri] = (task, time.monotonic())
        task, since = self._tasks[progress.uri]
        passed = max(time.monotonic() - since, 1e-3)
        speed = f"{progress.looks / passed:6.1f} looks/s {progress.media_time_s / passed:6.1f}x real time {progress.violations} violations"
        total = progress.media_time_s if progress.finished else progress.duration_s
        self._progress.update(task, completed=progress.media_time_s, total=total, said=speed)


def _print_report(report: BatchReport, zone: ZoneInfo, wall_s: float, url: str) -> None:
    for line in report.reconciled:
        ERRORS.print(f"[yellow]found at start[/] {escape(line)}", soft_wrap=True)
    violations = table("Violations", "camera", "kind", "whose", "first seen", "cleared", "dwell", "evidence")
    for source in report.sources:
        for stored in source.violations:
            violations.add_row(*_violation_cells(source, stored, zone))
    if violations.row_count:
        OUT.print(violations)
    sources = table("Sources", "source", "camera", "starts", "looks", "gaps", "violations", "state")
    for source in report.sources:
        sources.add_row(*_source_cells(source, zone))
    OUT.print(sources)
    for source in report.sources:
        for fault in source.faults:
            OUT.print(f"[yellow]damaged[/] {escape(Path(source.uri).name)}: {escape(fault)}", soft_wrap=True)
        if source.error:
            ERRORS.print(f"[bold red]failed[/] {escape(source.error)}", soft_wrap=True)
    seen_s = sum(source.seen_s for source in report.sources)
    count = sum(len(source.violations) for source in report.sources)
    OUT.print(
        f"run {report.run.run_id}: {count} violation{'s' if count != 1 else ''} in {duration(seen_s)} of footage, "
        f"{duration(wall_s)} ({seen_s / max(wall_s, 1e-3):.1f}x real time)",
        soft_wrap=True,
    )
    OUT.print(f"evidence {escape(str(report.evidence_folder))}\nrecords  {escape(url)}", soft_wrap=True)
    if report.interrupted:
        hint = f"Go on with: {report.command_to_resume}"
        ERRORS.print(f"[yellow]interrupted[/] what was written is whole; finished sources are kept. {escape(hint)}", soft_wrap=True)


def _violation_cells(source: SourceReport, stored: StoredViolation, zone: ZoneInfo) -> tuple[str, ...]:
    found = stored.violation
    known = source.clock is not None and source.clock.known
    first = found.first_seen_at if known else None
    cleared = "still there"
    if found.cleared_at:
        cleared = same_day(found.cleared_at if known else None, source.media_time_s(found.cleared_at), zone, first)
    return (
        escape(found.camera_id),
        found.kind.value,
        escape(whose(found.target.shop_codes, stored.shop_names, found.target.place)),
        clock(first, source.media_time_s(found.first_seen_at), zone),
        cleared,
        duration(found.dwell_s),
        f"{stored.evidence_files} files" if stored.complete else f"missing: {escape(', '.join(stored.missing))}",
    )


def _source_cells(source: SourceReport, zone: ZoneInfo) -> tuple[str, ...]:
    if source.interrupted:
        state = "[yellow]interrupted[/]"
    elif source.error:
        state = "[red]failed[/]"
    else:
        state = "kept" if source.kept else "[yellow]damaged[/]" if source.faults else "done"
    known = source.clock.start_at if source.clock and source.clock.known else None
    starts = f"{clock(known, None, zone)} ({source.clock.source.value})" if source.clock and known else "unknown"
    gaps = ", ".join(f"{count} {reason}" for reason, count in source.gaps) or "none"
    looks = str(source.read.looks) if source.read else "-"
    return (escape(Path(source.uri).name), source.camera_id, starts, looks, gaps, str(len(source.violations)), state)
