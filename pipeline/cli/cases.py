"""``doorline cases``: what the calendar asks for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, clock, counted, print_json, table
from pipeline.errors import FaultsError

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings
    from pipeline.records import DueStep
    from pipeline.shops import ShopRegistry

app = typer.Typer(help="Take the steps of cases that are due.", no_args_is_help=True)
_REMOTE = "command line"


@app.command()
def due(
    config: ConfigOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is due; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Take the steps that the calendar asks for: notices that were heeded, and cases that expire; and tell receivers of deadlines that have
    passed (notify). For a timer where no console runs.

    What somebody decides at the same moment is left to them. Exit code 0: done, also where nothing was due; 1: the records fail.
    """
    from pipeline.config_files import load_settings
    from pipeline.due_steps import list_due_steps, list_untold_deadlines, take_due_steps, tell_deadlines
    from pipeline.notifying import case_telling
    from pipeline.records import Records

    settings, now = load_settings(config), datetime.now(UTC)
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=False) as records:
        records.tell_of_cases(case_telling(settings, lambda: _shops_of(settings), lambda: now))
        review = settings.review
        steps = list_due_steps(records, review, now) if dry_run else take_due_steps(records, review, now, remote=_REMOTE)
        deadlines = len(list_untold_deadlines(records, now)) if dry_run else tell_deadlines(records, now)
    if as_json:
        print_json({"taken": not dry_run, "steps": [_values(step) for step in steps], "deadlines_told": deadlines})
        return
    if steps:
        shown = table("", "case", "was", "step", "due since")
        zone = ZoneInfo(settings.looks.timezone)
        for step in steps:
            shown.add_row(escape(step.violation_id), step.state.value, step.action.value, clock(step.since, None, zone))
        OUT.print(shown)
    OUT.print(f"{counted(len(steps), 'step')} {'due' if dry_run else 'taken'}")
    if deadlines:
        OUT.print(f"{counted(deadlines, 'deadline')} {'to be told' if dry_run else 'told'}")


def _shops_of(settings: DoorlineSettings) -> ShopRegistry | None:
    """Asked for names that are not in the records; a list that is broken stops nothing."""
    from pipeline.shops import load_shops

    try:
        return load_shops(settings.shops) if settings.shops else None
    except FaultsError as err:
        ERRORS.print(f"[yellow]no names from the shop list: {escape(str(err))}[/]", soft_wrap=True)
        return None


def _values(step: DueStep) -> dict[str, object]:
    return {
        "violation_id": step.violation_id,
        "version": step.version,
        "state": step.state.value,
        "step": step.action.value,
        "since": step.since.isoformat(),
    }
