"""What a batch says at its end."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from rich.markup import escape

from pipeline.cli.printing import ERRORS, OUT, clock, counted, duration, same_day, table, whose
from pipeline.reports import BatchReport, SourceReport, StoredViolation


def print_report(report: BatchReport, zone: ZoneInfo, wall_s: float, url: str) -> None:
    """Tables and totals on standard output; what went wrong, and what to do, on standard error."""
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
        _print_what_is_special(source)
    seen_s = sum(source.seen_s for source in report.sources)
    count = sum(source.count for source in report.sources)
    OUT.print(
        f"run {report.run.run_id}: {counted(count, 'violation')} in {duration(seen_s)} of footage, "
        f"{duration(wall_s)} ({seen_s / max(wall_s, 1e-3):.1f}x real time)",
        soft_wrap=True,
    )
    before = sum(source.stored_before for source in report.sources)
    if before:
        OUT.print(f"{counted(before, 'violation')} of kept sources: doorline records list --run {report.run.run_id}", soft_wrap=True)
    OUT.print(f"evidence {escape(str(report.evidence_folder))}\nrecords  {escape(url)}", soft_wrap=True)
    print_how_to_go_on(report)


def _print_what_is_special(source: SourceReport) -> None:
    name = _name(source)
    notes = [*source.notes, *([f"needs no look, {Path(source.covered_by).name} shows the same time"] if source.covered_by else [])]
    for word, sentences in (("damaged", source.read.faults if source.read else ()), ("note", notes)):
        for sentence in sentences:
            OUT.print(f"[yellow]{word}[/] {escape(name)}: {escape(sentence)}", soft_wrap=True)
    if source.error:
        ERRORS.print(f"[bold red]failed[/] {escape(_with_source(source))}", soft_wrap=True)


def print_how_to_go_on(report: BatchReport) -> None:
    """Nothing for a run that is whole."""
    if report.error:
        ERRORS.print(f"[bold red]error[/] the end of the run could not be recorded: {escape(report.error)}", soft_wrap=True)
    command = escape(report.command_to_resume)
    if report.interrupted:
        ERRORS.print(f"[yellow]interrupted[/] what was written is whole; finished sources are kept. Go on with: {command}", soft_wrap=True)
    elif report.failed or report.error:
        ERRORS.print(f"[yellow]unfinished[/] what is done is kept. Once mended, go on with: {command}", soft_wrap=True)


def _with_source(source: SourceReport) -> str:
    """The error, with the source's name before it where the error is about something else."""
    error = source.error or ""
    name = _name(source)
    return error if name in error else f"{name}: {error}"


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
    shown = {"interrupted": "[yellow]interrupted[/]", "failed": "[red]failed[/]", "finished": "done"}
    state = (
        "[yellow]damaged[/]" if source.state == "finished" and source.read and source.read.faults else shown.get(source.state, source.state)
    )
    known = source.clock.start_at if source.clock and source.clock.known else None
    starts = f"{clock(known, None, zone)} ({source.clock.source.value})" if source.clock and known else "unknown"
    gaps = ", ".join(f"{count} {reason}" for reason, count in source.gaps) or "none"
    looks = str(source.read.looks) if source.read else "-"
    return (escape(_name(source)), source.camera_id, starts, looks, gaps, str(source.count), state)


def _name(source: SourceReport) -> str:
    return Path(source.uri).name or source.uri
