"""``doorline coverage``: how much of each camera, shop and place was really seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, counted, moment_of, print_faults, print_json

if TYPE_CHECKING:
    from pipeline.coverage_logs import CoverageReport


def coverage(
    config: ConfigOption,
    since: Annotated[str | None, typer.Option(help="Begin of the span, such as 2024-01-31T09:00; else the first look.")] = None,
    until: Annotated[str | None, typer.Option(help="End of the span; else the last look.")] = None,
    camera: Annotated[list[str] | None, typer.Option(help="This camera alone; may be given several times.")] = None,
    log: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="These observation logs, or folders of them, instead of those of the live cameras."),
    ] = None,
    require: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Share that each camera must reach, such as 0.9. Exit code 1 if one does not.")
    ] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write all figures to this file too; Excel opens it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Say how much of each camera, shop and place was really seen. Exit code 1 if a camera is below --require, or a log is damaged."""
    from pipeline.cli.coverage_tables import as_values, csv_bytes, print_coverage
    from pipeline.config_files import load_settings
    from pipeline.coverage_logs import CoverageRequest, coverage_of
    from pipeline.whole_files import write_whole

    settings = load_settings(config)
    timezone = settings.looks.timezone
    report = coverage_of(
        CoverageRequest(
            settings,
            since=moment_of("--since", since, timezone) if since else None,
            until=moment_of("--until", until, timezone) if until else None,
            cameras=tuple(camera or ()),
            logs=tuple(log or ()),
        )
    )
    targets = {one.id: one.coverage_target for one in settings.cameras if one.coverage_target is not None}
    if as_json:
        print_json(as_values(report, targets))
    else:
        print_coverage(report, targets, timezone)
    if csv_file:
        write_whole(csv_file, csv_bytes(report, targets, timezone))
        if not as_json:
            OUT.print(f"[dim]figures[/] {escape(str(csv_file))}", soft_wrap=True)
    _say_what_is_wrong(report, require)


def _say_what_is_wrong(report: CoverageReport, require: float | None) -> None:
    if report.faults:
        ERRORS.print(f"[bold red]not read in full[/] {counted(len(report.faults), 'log')}; the rest of it counts as not looked at")
        print_faults(report.faults)
    below = [camera for camera in report.cameras if require is not None and camera.figures.required_share < require]
    if below:
        ERRORS.print(f"[bold red]not reached[/] {require:.1%} by {counted(len(below), 'camera')}")
        print_faults(f"{camera.camera_id}: {camera.figures.required_share:.1%}" for camera in below)
    if report.faults or below:
        raise typer.Exit(1)
