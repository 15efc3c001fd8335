"""The tables of docs/commands.md, from the commands themselves. To write them anew: ``python -m tests.cli.commands_reference``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo

from pipeline.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
BEGIN = "<!-- written by tests/cli/commands_reference.py: begin -->"
END = "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument or option. ``names`` is the metavar of an argument."""

    names: tuple[str, ...]
    value: str
    if_left_out: str
    meaning: str
    is_argument: bool


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its full name."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def commands() -> Iterator[Command]:
    """Every command that can be called, in the order of ``--help``, the bare ``doorline`` first."""
    assert app.registered_callback is not None
    start = app.registered_callback.callback
    assert start is not None
    yield Command("doorline", str(app.info.help), _parameters(start))
    yield from _commands_of("doorline", app)


def reference() -> str:
    """One section a command: what it does, how it is called, and a table of its arguments and options."""
    return "\n\n".join(_section(command) for command in commands())


def _commands_of(name: str, group: typer.Typer) -> Iterator[Command]:
    for info in group.registered_commands:
        assert info.callback is not None
        text = " ".join((inspect.getdoc(info.callback) or "").split())
        yield Command(f"{name} {info.name or info.callback.__name__}", text, _parameters(info.callback))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from _commands_of(f"{name} {inner.name}", inner.typer_instance)


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(function, include_extras=True)
    given = inspect.signature(function).parameters
    return tuple(_parameter(name, hints[name], given[name].default) for name in given)


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    assert get_origin(hint) is Annotated, f"{name} says nothing of itself"
    kind, info = get_args(hint)[:2]
    assert isinstance(info, ArgumentInfo | OptionInfo)
    left_out = "needed" if default is inspect.Parameter.empty else "" if default is None or default is False else f"`{default}`"
    if isinstance(info, ArgumentInfo):
        return Parameter((info.metavar or name.upper(),), _value(kind), left_out, info.help or "", is_argument=True)
    # Typer takes the first name for a default until it builds the command.
    declared = [one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str)] or [f"--{name.replace('_', '-')}"]
    names = tuple(part for each in declared for part in each.split("/"))
    return Parameter(names, _value(kind), left_out, info.help or "", is_argument=False)


def _value(kind: Any) -> str:
    inner = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if inner:
        return _value(inner[0])
    if issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind)
    return {bool: "", Path: "path", str: "text", float: "number", int: "number"}[kind]


def _section(command: Command) -> str:
    arguments = [one.names[0] if one.if_left_out == "needed" else f"[{one.names[0]}]" for one in command.parameters if one.is_argument]
    call = " ".join([command.name, *arguments, "[OPTIONS]"]) if command.parameters else command.name
    lines = [f"### `{command.name}`", "", command.help, "", f"`{call}`"]
    if command.parameters:
        lines += ["", "| argument or option | value | if left out | meaning |", "|---|---|---|---|"]
    for one in command.parameters:
        lines.append(f"| {', '.join(f'`{name}`' for name in one.names)} | {one.value} | {one.if_left_out} | {one.meaning} |")
    return "\n".join(lines)


def main() -> None:
    """Put the reference into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
