"""``doorline records``: list, show, export and verify what was recorded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, clock, counted, duration, moment_of, print_faults, same_day, table, whose
from pipeline.types import ViolationKind

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings
    from pipeline.records import Records, ViolationDetail, ViolationFilter, ViolationRow

app = typer.Typer(help="List, show, export and verify recorded violations.", no_args_is_help=True)
RunOption = Annotated[str, typer.Option(help='"latest", "all", or a run id or its beginning.')]
CameraOption = Annotated[str | None, typer.Option(help="Of this camera only.")]
KindOption = Annotated[ViolationKind | None, typer.Option(help="Of this kind only.")]
ShopOption = Annotated[str | None, typer.Option(help="Of this shop code, alone or among the candidates.")]
SinceOption = Annotated[str | None, typer.Option(help="First seen at or after, such as 2024-01-31T09:00.")]
UntilOption = Annotated[str | None, typer.Option(help="First seen before.")]
OpenOption = Annotated[bool | None, typer.Option("--open/--cleared", help="Still standing, or cleared, only.")]


@app.command("list")
def list_records(
    config: ConfigOption,
    run: RunOption = "latest",
    camera: CameraOption = None,
    kind: KindOption = None,
    shop: ShopOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    still_open: OpenOption = None,
) -> None:
    """List violations."""
    settings, zone = _settings(config)
    with _open(settings) as records:
        wanted = _filter(records, zone, run, camera, kind, shop, since, until, still_open)
        rows = records.list_violations(wanted)
    shown = table("", "id", *(["run"] if run == "all" else []), "camera", "kind", "whose", "first seen", "cleared", "dwell", "evidence")
    for row in rows:
        shown.add_row(*_row_cells(row, zone, with_run=run == "all"))
    OUT.print(shown)
    OUT.print(f"{counted(len(rows), 'violation')}")


@app.command()
def show(
    violation: Annotated[str, typer.Argument(help="Violation id or its beginning.")],
    config: ConfigOption,
    run: Annotated[str, typer.Option(help='"latest", or a run id or its beginning.')] = "latest",
) -> None:
    """Show one violation with its steps, evidence and everything that judged it."""
    settings, zone = _settings(config)
    with _open(settings) as records:
        detail = records.violation(violation, run=run)
    _print_detail(detail, settings.evidence.folder, zone)


@app.command()
def export(
    config: ConfigOption,
    form: Annotated[
        Literal["jsonl", "csv", "xlsx"], typer.Option("--format", "-f", help="jsonl for machines, csv or xlsx for people.")
    ] = "jsonl",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output if left out.")] = None,
    run: RunOption = "latest",
    camera: CameraOption = None,
    kind: KindOption = None,
    shop: ShopOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    still_open: OpenOption = None,
) -> None:
    """Export violations as JSON lines, CSV (Excel opens it) or XLSX."""
    from pipeline.records import ExportFormat, export_violations

    settings, zone = _settings(config)
    with _open(settings) as records:
        rows = records.list_violations(_filter(records, zone, run, camera, kind, shop, since, until, still_open))
    export_violations(rows, ExportFormat(form), output or sys.stdout.buffer, zone)
    if output:
        OUT.print(f"{escape(str(output))}: {counted(len(rows), 'violation')}", soft_wrap=True)


@app.command()
def runs(config: ConfigOption) -> None:
    """List runs."""
    settings, zone = _settings(config)
    with _open(settings) as records:
        rows = records.list_runs()
    shown = table("", "run", "started", "state", "sources", "looks", "violations", "code", "rules")
    for row in rows:
        sources = f"{row.sources}, {row.sources_failed} failed" if row.sources_failed else str(row.sources)
        shown.add_row(
            row.run_id,
            clock(row.started_at, None, zone),
            row.state.value,
            sources,
            str(row.looks),
            str(row.violations),
            row.code_version,
            row.rules_sha256,
        )
    OUT.print(shown)


@app.command()
def verify(config: ConfigOption, run: Annotated[str, typer.Option(help='"latest", or a run id or its beginning.')] = "latest") -> None:
    """Compute the hashes of all evidence of a run again, and its chain. Exit code 1 if anything differs."""
    from pipeline.reconciling import check_evidence, evidence_without_row

    settings, _ = _settings(config)
    with _open(settings) as records:
        run_id = records.find_run(run).run_id
        files = len(records.evidence_files(run_id))
        differences = check_evidence(records, settings, run_id)
        unrecorded = tuple(evidence_without_row(records, settings.evidence.folder, run_id))
    for line in unrecorded:
        ERRORS.print(f"[yellow]not counted[/] {escape(line)}", soft_wrap=True)
    if differences:
        ERRORS.print(f"[bold red]{counted(len(differences), 'difference')}[/] in run {run_id}")
        print_faults(differences)
        raise typer.Exit(1)
    OUT.print(f"[green]ok[/] run {run_id}: {files} evidence files and the chain of manifests are unchanged")


def _settings(config: Path) -> tuple[DoorlineSettings, ZoneInfo]:
    from pipeline.config_files import load_settings

    settings = load_settings(config)
    return settings, ZoneInfo(settings.looks.timezone)


def _open(settings: DoorlineSettings) -> Records:
    from pipeline.records import Records

    return Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=False)


def _filter(
    records: Records,
    zone: ZoneInfo,
    run: str,
    camera: str | None,
    kind: ViolationKind | None,
    shop: str | None,
    since: str | None,
    until: str | None,
    still_open: bool | None,
) -> ViolationFilter:
    from pipeline.records import ViolationFilter

    return ViolationFilter(
        run_id=None if run == "all" else records.find_run(run).run_id,
        camera_id=camera,
        kind=kind,
        shop_code=shop,
        since=moment_of("--since", since, zone.key) if since else None,
        until=moment_of("--until", until, zone.key) if until else None,
        open=still_open,
    )


def _row_cells(row: ViolationRow, zone: ZoneInfo, *, with_run: bool) -> tuple[str, ...]:
    cleared = same_day(row.cleared_at, row.cleared_media_s, zone, row.first_seen_at) or "still there"
    return (
        row.violation_id[:8],
        *([row.run_id] if with_run else []),
        escape(row.camera_id),
        row.kind.value,
        escape(whose(row.shop_codes, row.shop_names, row.place)),
        clock(row.first_seen_at, row.first_seen_media_s, zone),
        cleared,
        duration(row.dwell_s),
        "complete" if row.complete else "incomplete",
    )


def _print_detail(detail: ViolationDetail, folder: Path, zone: ZoneInfo) -> None:
    row = detail.violation
    facts = {
        "violation": f"{row.violation_id} ({row.kind.value})",
        "whose": f"{whose(row.shop_codes, row.shop_names, row.place)} ({row.target.value})",
        "camera": f"{row.camera_id} {row.camera_name} {row.camera_place}".strip(),
        "labels": ", ".join(row.labels),
        "first seen": clock(row.first_seen_at, row.first_seen_media_s, zone),
        "confirmed": clock(row.confirmed_at, row.confirmed_media_s, zone),
        "last seen": clock(row.last_seen_at, row.last_seen_media_s, zone),
        "cleared": clock(row.cleared_at, row.cleared_media_s, zone) or "still there",
        "dwell": f"{duration(row.dwell_s)}, unobserved {duration(row.gap_s)}",
        "looks": f"{row.present_looks} of {row.observed_looks} saw it, {row.hidden_looks} hidden",
        "most at once": f"{row.peak_things} at {clock(row.peak_at, row.peak_media_s, zone)}",
        "source": f"{row.source_uri} (clock: {row.clock_source.value})",
        "judged by": f"code {detail.run.code_version}, model {detail.run.model_sha256[:12]}, zones {row.zone_version}, {row.rule_version}",
        "run": f"{row.run_id} ({detail.run.state.value})",
        "manifest": row.manifest_sha256 or "none",
    }
    for name, text in facts.items():
        OUT.print(f"[dim]{name:>12}[/]  {escape(text)}", soft_wrap=True)
    for event in detail.events:
        OUT.print(f"[dim]{event.phase.value:>12}[/]  {clock(event.at, event.media_s, zone)}")
    for file in detail.evidence:
        OUT.print(
            f"[dim]{'evidence':>12}[/]  {escape(str(folder / file.path))}  {file.bytes / 1e3:.0f} kB  sha256 {file.sha256[:12]}",
            soft_wrap=True,
        )
    for part in row.missing:
        OUT.print(f"[yellow]{'missing':>12}[/]  {escape(part)}", soft_wrap=True)
