"""``doorline notify``: are the receivers there, and what waits for them?"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, clock, counted, print_json, table
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings, ReceiverSettings
    from pipeline.notifying import Trial
    from pipeline.records import OutboxRow, Records

app = typer.Typer(help="Try the receivers of messages, and see what the outbox holds.", no_args_is_help=True)
ReceiverOption = Annotated[list[str] | None, typer.Option(help="This receiver alone; may be given several times.")]


@app.command("test")
def try_out(
    config: ConfigOption,
    receiver: ReceiverOption = None,
    template_only: Annotated[bool, typer.Option("--template-only", help="Print what would be sent, and send nothing.")] = False,
) -> None:
    """Send one message, marked as a test, to each receiver. Exit code 1 if any did not take it."""
    from pipeline.notifying import try_receivers
    from pipeline.notifying.messages import trial_message

    settings, zone = _settings(config)
    wanted, now = _chosen(settings, receiver), datetime.now(UTC)
    if template_only:
        for each in wanted:
            OUT.print(f"[bold]{escape(each.name)}[/] {each.template.value}")
            typer.echo(trial_message(each, zone, now).body)
        return
    trials = try_receivers(wanted, zone, now=now, monotonic=time.monotonic)
    _print_trials(trials)
    failed = [trial for trial in trials if trial.attempt.error]
    for trial in failed:
        ERRORS.print(f"[bold red]error[/] receiver {escape(trial.receiver.name)}: {escape(trial.attempt.error)}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def outbox(
    config: ConfigOption,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Show what waits for each receiver, what was sent, and what has failed."""
    settings, zone = _settings(config)
    with _open(settings) as records:
        rows = records.list_outbox()
    known = {each.name for each in settings.notify.receivers}
    if as_json:
        print_json({"receivers": [_values(row, known) for row in rows]})
        return
    shown = table("Outbox", "receiver", "waiting", "sent", "failed", "oldest waiting", "next attempt", "last sent", "last error")
    for row in rows:
        times = (clock(moment, None, zone) for moment in (row.oldest_waiting_at, row.next_attempt_at, row.last_sent_at))
        error = row.last_error if row.receiver in known else "not in the settings any more" if row.waiting else ""
        failed = f"[red]{row.failed}[/]" if row.failed else "0"
        shown.add_row(escape(row.receiver), str(row.waiting), str(row.sent), failed, *times, escape(error))
    OUT.print(shown)
    OUT.print(f"{counted(sum(row.waiting for row in rows), 'message')} waiting")


@app.command()
def retry(config: ConfigOption, receiver: ReceiverOption = None) -> None:
    """Put messages that have failed back among those that wait, as if they had never been tried."""
    settings, _ = _settings(config)
    with _open(settings) as records:
        names = {row.receiver for row in records.list_outbox()} | {each.name for each in settings.notify.receivers}
        _refuse_strangers(receiver, names)
        now = datetime.now(UTC)
        count = sum(records.retry_failed(now, name) for name in receiver) if receiver else records.retry_failed(now)
    OUT.print(f"{counted(count, 'message')} put back")


def _settings(config: Path) -> tuple[DoorlineSettings, ZoneInfo]:
    from pipeline.config_files import load_settings

    settings = load_settings(config)
    return settings, ZoneInfo(settings.looks.timezone)


def _open(settings: DoorlineSettings) -> Records:
    from pipeline.records import Records

    return Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=False)


def _chosen(settings: DoorlineSettings, names: list[str] | None) -> list[ReceiverSettings]:
    receivers = settings.notify.receivers
    if not receivers:
        raise ConfigError(
            "no receiver", where="notify.receivers", expected="a receiver with name and url", hint="See docs/notifications.md"
        )
    _refuse_strangers(names, {each.name for each in receivers})
    return [each for each in receivers if names is None or each.name in names]


def _refuse_strangers(names: list[str] | None, known: set[str]) -> None:
    unknown = sorted(set(names or ()) - known)
    if unknown:
        raise ConfigError("no such receiver", where="--receiver", expected=", ".join(sorted(known)), found=", ".join(unknown))


def _print_trials(trials: tuple[Trial, ...]) -> None:
    from pipeline.notifying.sender import shown_address

    shown = table("Test messages", "receiver", "template", "address", "signed", "result", "status", "time")
    for each in trials:
        result = f"[red]{each.attempt.outcome.value}[/]" if each.attempt.error else f"[green]{each.attempt.outcome.value}[/]"
        shown.add_row(
            escape(each.receiver.name),
            each.receiver.template.value,
            escape(shown_address(each.receiver)),
            "yes" if each.receiver.secret else "no",
            result,
            str(each.attempt.status or ""),
            f"{each.took_s * 1000:.0f} ms",
        )
    OUT.print(shown)


def _values(row: OutboxRow, known: set[str]) -> dict[str, object]:
    moments = {name: getattr(row, name) for name in ("oldest_waiting_at", "next_attempt_at", "last_sent_at")}
    return {
        "receiver": row.receiver,
        "in_settings": row.receiver in known,
        "waiting": row.waiting,
        "sent": row.sent,
        "failed": row.failed,
        "last_error": row.last_error,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }
