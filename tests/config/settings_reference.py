"""The tables of docs/configuration.md, made from the settings classes.

``python -m tests.config.settings_reference`` writes them anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pipeline.config import DoorlineSettings, Settings

PAGE = Path(__file__).parents[2] / "docs/configuration.md"
BEGIN, END = "<!-- settings: begin (made from pipeline/config/) -->", "<!-- settings: end -->"


def reference() -> str:
    """A table of settings per section."""
    parts = []
    for title, section in sections(DoorlineSettings, ""):
        rows = [row(title, name, field) for name, field in section.model_fields.items()]
        about = " ".join((section.__doc__ or "").split())
        header = "| setting | default | unit or values | meaning |\n|---|---|---|---|\n"
        parts.append(f"### {f'`{title}`' if title else 'The whole file'}\n\n{about}\n\n{header}" + "\n".join(rows))
    return "\n\n".join(parts)


def sections(section: type[Settings], title: str) -> Iterator[tuple[str, type[Settings]]]:
    """A settings class and those below it, with where they stand in the file."""
    yield title, section
    for name, field in section.model_fields.items():
        below = settings_in(field.annotation)
        if below:
            many = "[]" if not is_section(field.annotation, below) else ""
            yield from sections(below, f"{title}.{name}{many}".lstrip("."))


def settings_in(annotation: Any) -> type[Settings] | None:
    """The settings class that an annotation is about, if any."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next((found for part in get_args(annotation) if (found := settings_in(part))), None)


def is_section(annotation: Any, below: type[Settings]) -> bool:
    """Whether the annotation is one section rather than a list of them."""
    return annotation is below or (below in get_args(annotation) and type(None) in get_args(annotation))


def row(title: str, name: str, field: FieldInfo) -> str:
    """One setting as a row."""
    key = f"{title}.{name}".lstrip(".")
    meaning = re.sub(r"``", "`", " ".join((field.description or "").split())).replace("<", "&lt;")
    return f"| `{key}` | {default_of(field)} | {values_of(name, field)} | {meaning} |"


def default_of(field: FieldInfo) -> str:
    """What holds where the file says nothing."""
    if field.is_required():
        return "needed"
    value = field.get_default(call_default_factory=True)
    if value is None or value is PydanticUndefined or value in ("", (), {}):
        return "none"
    if isinstance(value, Settings):
        return "see below"
    if isinstance(value, dict):
        return ", ".join(f"`{key}: {item:g}`" for key, item in value.items())
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float | int) else f"`{value}`"


def values_of(name: str, field: FieldInfo) -> str:
    """Unit and limits, or the kind of value."""
    many = "list of " if get_origin(field.annotation) is tuple else ""
    types = leaves(field.annotation)
    if settings_in(field.annotation):
        return "section" if is_section(field.annotation, settings_in(field.annotation) or Settings) else "list of sections"
    enums = [kind for kind in types if isinstance(kind, type) and issubclass(kind, Enum)]
    if enums:
        return many + ", ".join(f"`{member.value}`" for member in enums[0])
    if bool in types:
        return "`true`, `false`"
    if Path in types:
        return "path"
    if datetime in types:
        return "date and time with a time zone"
    if float in types or int in types:
        unit = "s" if name.endswith("_s") else "px" if name.endswith("_px") else ""
        return " ".join(part for part in (unit, limits(field)) if part) or "number"
    if time in types:
        return f"{many}times of day, `[18:00, 02:00]`"
    return f"{many}texts" if many else "text"


def leaves(annotation: Any) -> set[Any]:
    """The plain types in an annotation."""
    parts = get_args(annotation)
    return {annotation} if not parts else {leaf for part in parts if not isinstance(part, FieldInfo) for leaf in leaves(part)}


def limits(field: FieldInfo) -> str:
    """The limits of a number, in words."""
    found: dict[str, Any] = {}
    # Of the field itself, and of a type such as Share inside of a list or a union.
    for mark in (*field.metadata, *nested_marks(field.annotation)):
        for sign, attribute in ((">", "gt"), (">=", "ge"), ("<", "lt"), ("<=", "le"), ("multiple of", "multiple_of")):
            if getattr(mark, attribute, None) is not None:
                found[sign] = getattr(mark, attribute)
    if {">=", "<="} <= found.keys():
        span = f"{found.pop('>=')}..{found.pop('<=')}"
        return ", ".join([span, *(f"{sign} {value}" for sign, value in found.items())])
    return ", ".join(f"{sign} {value}" for sign, value in found.items())


def nested_marks(annotation: Any) -> Iterator[Any]:
    """Constraints inside an annotation."""
    for part in get_args(annotation):
        yield from getattr(part, "__metadata__", ())
        yield from (mark for info in getattr(part, "__metadata__", ()) for mark in getattr(info, "metadata", ()))
        yield from nested_marks(part)


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{reference()}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
