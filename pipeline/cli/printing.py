"""How times, durations, targets and errors look on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape

from pipeline.errors import ConfigError, FaultsError, PipelineError

if TYPE_CHECKING:
    from rich.table import Table

OUT = Console(highlight=False)
ERRORS = Console(stderr=True, highlight=False)
if not OUT.is_terminal:
    # Tables in files and pipes should not be cut to the width of a terminal that is not there.
    OUT.width = 180


def print_error(err: PipelineError) -> None:
    """One red line; several faults are listed one under the other."""
    if isinstance(err, FaultsError):
        ERRORS.print(f"[bold red]error[/] {escape(err.what)}: {counted(len(err.faults), 'fault')}", soft_wrap=True)
        print_faults(err.faults)
    else:
        ERRORS.print(f"[bold red]error[/] {escape(str(err))}", soft_wrap=True)


def print_faults(faults: Iterable[str]) -> None:
    """One line each, on standard error."""
    for fault in faults:
        ERRORS.print(f"  {escape(fault)}", soft_wrap=True)


def print_json(value: Mapping[str, Any]) -> None:
    """One canonical JSON object on standard output, for machines."""
    typer.echo(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False))


def moment_of(option: str, text: str, timezone: str) -> datetime:
    """A time that the user typed; local time of ``timezone`` where it names none. ConfigError if it is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ConfigError("not a time", where=option, expected="a time such as 2024-01-31T09:42:17+08:00", found=text) from err
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


def clock(moment: datetime | None, media_s: float | None, zone: ZoneInfo | None) -> str:
    """A wall-clock time in the camera's zone (UTC where it is not known), else the position in the footage."""
    if moment is not None:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if zone else moment.strftime("%Y-%m-%d %H:%M:%SZ")
    return "" if media_s is None else f"+{duration(media_s)}"


def table(title: str, *columns: str) -> Table:
    """A calm table: no frame, and only free text may be broken into lines."""
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", box=SIMPLE, pad_edge=False, title_style="bold")
    for column in columns:
        made.add_column(column, no_wrap=column not in {"whose", "source", "evidence", "title", "last error"}, overflow="fold")
    return made


def same_day(moment: datetime | None, media_s: float | None, zone: ZoneInfo | None, day_of: datetime | None) -> str:
    """Like ``clock``, without the date if it is that of another moment shown beside it."""
    text = clock(moment, media_s, zone)
    return text.removeprefix(f"{clock(day_of, None, zone)[:10]} ") if moment and day_of else text


def counted(number: int, noun: str) -> str:
    """``1 zone``, ``2 zones``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """``1:02:03`` or ``2:03``; below a minute with tenths."""
    if abs(seconds) < 60:
        return f"{seconds:.1f} s"
    whole = round(abs(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes}:{rest:02}"


def whose(shop_codes: tuple[str, ...], names: tuple[str, ...], place: str) -> str:
    """A shop with its name, candidates joined by "or", or a place."""
    if not shop_codes:
        return place
    labels = [f"{code} {name}".strip() for code, name in zip(shop_codes, names or ("",) * len(shop_codes), strict=True)]
    return " or ".join(labels)
