"""``doorline batch``: footage in, violations with evidence and records out."""

from __future__ import annotations

import secrets
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, moment_of, print_json
from pipeline.cli.signals import stop_signals
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.archive.planning import ArchiveRequest
    from pipeline.batch import BatchRequest
    from pipeline.reports import BatchReport


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(help="Video files, folders, patterns such as 'nas/**/*.mp4', @LIST files, folders of pictures.", metavar="CLIP..."),
    ],
    config: ConfigOption,
    camera: Annotated[str | None, typer.Option(help="Camera of all sources; else told by file name.")] = None,
    start: Annotated[str | None, typer.Option(help="Wall-clock start, such as 2024-01-31T09:42:17+08:00.")] = None,
    street: Annotated[list[str] | None, typer.Option(help="Only cameras of this street; may be given again.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what was recorded from then on.")] = None,
    until: Annotated[str | None, typer.Option(help="Only what was recorded up to then.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with this run: its finished sources are kept.", metavar="RUN")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be judged and how long it would take; write nothing.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Judge all of it again, in a run of its own, whatever was done before.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Look at footage every few seconds and write violations with evidence and records.

    Exit code 0: done; 1: some source failed; 2: usage or configuration; 130: interrupted.
    """
    request = _request(config, (resume, anew), lambda zone: _wanted(sources, camera, street or [], (start, since, until), zone))
    if dry_run:
        _say_what_would_be_done(request, as_json=json)
        return
    from pipeline.addresses import hide_secrets
    from pipeline.cli.summary import print_how_to_go_on, print_report

    began = time.monotonic()
    report = _run(request, bars=not json and ERRORS.is_terminal)
    if json:
        print_json(report.as_json())
        print_how_to_go_on(report)
    else:
        zone = ZoneInfo(request.settings.looks.timezone)
        print_report(report, zone, time.monotonic() - began, hide_secrets(request.settings.records.url))
    raise typer.Exit(130 if report.interrupted else 0 if report.whole else 1)


def _wanted(
    words: list[str], camera: str | None, streets: list[str], times: tuple[str | None, str | None, str | None], zone: str
) -> ArchiveRequest:
    from pipeline.archive.planning import ArchiveRequest

    start, since, until = (
        moment_of(option, text, zone) if text else None for option, text in zip(("--start", "--since", "--until"), times, strict=True)
    )
    return ArchiveRequest(tuple(words), camera, start, tuple(streets), since, until)


def _request(config: Path, run: tuple[str | None, bool], wanted: Callable[[str], ArchiveRequest]) -> BatchRequest:
    from pipeline.archive.planning import plan_archive
    from pipeline.config_files import load_settings

    settings = load_settings(config)
    try:
        config_text = config.read_text(encoding="utf-8")
    except OSError as err:
        raise ConfigError("cannot read configuration", where=str(config), found=err.strerror or str(err)) from err
    plan = plan_archive(settings, wanted(settings.looks.timezone))
    from pipeline.batch import BatchRequest  # last: it brings everything that works, which refused words need not wait for

    command = shlex.join(["doorline", *sys.argv[1:]])
    return BatchRequest(settings, config_text, plan, resume=run[0], command=command, anew=run[1])


def _say_what_would_be_done(request: BatchRequest, *, as_json: bool) -> None:
    from pipeline.batch import estimate_batch
    from pipeline.cli.plan_tables import plan_as_json, print_plan

    estimate = estimate_batch(request)
    if as_json:
        print_json(plan_as_json(request.plan, estimate))
    else:
        print_plan(request.plan, estimate, ZoneInfo(request.settings.looks.timezone))


def _run(request: BatchRequest, *, bars: bool) -> BatchReport:
    """Run, with bars and with Ctrl-C turned into a request to stop. A second Ctrl-C leaves from here."""
    from pipeline.batch import command_to_resume, run_batch
    from pipeline.cli.progress import ProgressBars
    from pipeline.reports import Hooks

    run_ids = [request.resume] if request.resume else []

    def new_run_id() -> str:
        """Sorts by time, and never meets another run of the same second."""
        run_ids.append(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        return run_ids[-1]

    try:
        with stop_signals() as stop, ProgressBars(sources=request.plan.recordings, shown=bars) as shown:
            return run_batch(request, Hooks(_now, new_run_id, on_progress=shown.update, should_stop=stop, on_line=_say))
    except KeyboardInterrupt:
        hint = f" Go on with: {command_to_resume(request.command, run_ids[-1])}" if run_ids else ""
        what = "what was stored stays; the next start removes what is half-written."
        ERRORS.print(f"[yellow]stopped at once[/] {what}{escape(hint)}", soft_wrap=True)
        raise typer.Exit(130) from None


def _say(line: str) -> None:
    ERRORS.print(f"[yellow]note[/] {escape(line)}", soft_wrap=True)


def _now() -> datetime:
    return datetime.now(UTC)
