"""``doorline notify``: are the receivers there, and what waits for them?"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, clock, counted, print_json, table
from pipeline.cli.signals import stop_signals
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings, NotifyEvent, ReceiverSettings
    from pipeline.notifying import Delivery, Trial
    from pipeline.records import OutboxRow, Records

app = typer.Typer(help="Try the receivers of messages, and see what the outbox holds.", no_args_is_help=True)
_LOOK_EVERY_S = 0.2
ReceiverOption = Annotated[list[str] | None, typer.Option(help="This receiver alone; may be given several times.")]


@app.command("test")
def try_out(
    config: ConfigOption,
    receiver: ReceiverOption = None,
    event: Annotated[list[str] | None, typer.Option(help="What it tells of (docs/notifications.md); may be given several times.")] = None,
    every_event: Annotated[bool, typer.Option("--every-event", help="A message for each event that the receiver is told of.")] = False,
    phone: Annotated[list[str] | None, typer.Option(help="Where tests of receivers that write to shops (to_contact) go.")] = None,
    template_only: Annotated[bool, typer.Option("--template-only", help="Print what would be sent, and send nothing.")] = False,
) -> None:
    """Send a message, marked as a test, to each receiver: of opened, unless said otherwise. Exit code 1 if any did not take it."""
    from pipeline.notifying import TrialWish, trial_messages, try_receivers

    settings, zone = _settings(config)
    wanted, now = _chosen(settings, receiver), _now()
    wish = TrialWish(_events(event or ()), every_event, tuple(phone or ()))
    if template_only:
        for each in wanted:
            for message in trial_messages(each, zone, now, wish):
                OUT.print(f"[bold]{escape(each.name)}[/] {each.template.value}")
                typer.echo(message.body)
        return
    trials = try_receivers(wanted, zone, now=now, monotonic=time.monotonic, wish=wish)
    _print_trials(trials)
    failed = [trial for trial in trials if trial.attempt.error]
    for trial in failed:
        ERRORS.print(f"[bold red]error[/] receiver {escape(trial.receiver.name)}: {escape(trial.attempt.error)}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@app.command("send")
def send_waiting(
    config: ConfigOption,
    forever: Annotated[bool, typer.Option("--forever", help="Go on until told to stop (Ctrl-C, SIGTERM).")] = False,
) -> None:
    """Send what waits in the outbox and is due: where no doorline run does. Any number of programs may send from one outbox.

    Exit code 0: all was taken, or stopped as asked; 1: a receiver did not take a message, or the records fail.
    """
    from pipeline.notifying import Contacts, Delivery, Outcome

    settings, zone = _settings(config)
    receivers = _chosen(settings, None)
    with _open(settings) as records:
        contacts = Contacts(lambda: settings.shops, zone)
        delivery = Delivery(records, settings.notify, now=_now, chance=random.random, contacts=contacts)
        if forever:
            OUT.print(f"sending to {counted(len(receivers), 'receiver')} (Ctrl-C ends it)", soft_wrap=True)
            OUT.file.flush()
            _send_until_stopped(delivery)
            return
        attempts = delivery.deliver_due()
        rows = records.list_outbox()
    taken = sum(attempt.outcome is Outcome.DELIVERED for attempt in attempts)
    _print_outbox(rows, {each.name for each in receivers}, zone)
    OUT.print(f"{counted(taken, 'message')} sent, {sum(row.waiting for row in rows)} waiting")
    if taken < len(attempts):
        raise typer.Exit(1)


@app.command()
def outbox(
    config: ConfigOption,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Show what waits for each receiver, what was sent, what has failed, and what was taken back before it was sent."""
    settings, zone = _settings(config)
    with _open(settings) as records:
        rows = records.list_outbox()
    known = {each.name for each in settings.notify.receivers}
    if as_json:
        print_json({"receivers": [_values(row, known) for row in rows]})
        return
    _print_outbox(rows, known, zone)
    OUT.print(f"{counted(sum(row.waiting for row in rows), 'message')} waiting")


@app.command()
def retry(config: ConfigOption, receiver: ReceiverOption = None) -> None:
    """Put messages that have failed back among those that wait, as if they had never been tried."""
    settings, _ = _settings(config)
    with _open(settings) as records:
        names = {row.receiver for row in records.list_outbox()} | {each.name for each in settings.notify.receivers}
        _refuse_strangers(receiver, names)
        now = _now()
        count = sum(records.retry_failed(now, name) for name in receiver) if receiver else records.retry_failed(now)
    OUT.print(f"{counted(count, 'message')} put back")


def _events(names: Sequence[str]) -> tuple[NotifyEvent, ...]:
    from pipeline.config import NotifyEvent

    known = [event.value for event in NotifyEvent]
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ConfigError("no such event", where="--event", expected=", ".join(known), found=", ".join(unknown))
    return tuple(NotifyEvent(name) for name in dict.fromkeys(names))


def _send_until_stopped(delivery: Delivery) -> None:
    stopping = Event()
    with stop_signals() as stop, ThreadPoolExecutor(1, "notify") as pool:
        sending = pool.submit(delivery.run, stopping)
        try:
            while not stop() and not sending.done():
                time.sleep(_LOOK_EVERY_S)
        finally:
            stopping.set()
        sending.result()


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


def _print_outbox(rows: Sequence[OutboxRow], known: set[str], zone: ZoneInfo) -> None:
    names = ("receiver", "waiting", "sent", "failed", "withdrawn", "oldest waiting", "next attempt", "last sent", "last error")
    shown = table("Outbox", *names)
    for row in rows:
        times = (clock(moment, None, zone) for moment in (row.oldest_waiting_at, row.next_attempt_at, row.last_sent_at))
        error = row.last_error if row.receiver in known else "not in the settings any more" if row.waiting else ""
        failed = f"[red]{row.failed}[/]" if row.failed else "0"
        shown.add_row(escape(row.receiver), str(row.waiting), str(row.sent), failed, str(row.withdrawn), *times, escape(error))
    OUT.print(shown)


def _print_trials(trials: tuple[Trial, ...]) -> None:
    from pipeline.notifying.sender import shown_address

    shown = table("Test messages", "receiver", "event", "template", "address", "signed", "result", "status", "time")
    for each in trials:
        result = f"[red]{each.attempt.outcome.value}[/]" if each.attempt.error else f"[green]{each.attempt.outcome.value}[/]"
        shown.add_row(
            escape(each.receiver.name),
            each.event.value,
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
        "withdrawn": row.withdrawn,
        "last_error": row.last_error,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _now() -> datetime:
    return datetime.now(UTC)
