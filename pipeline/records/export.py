"""Violations as a file for people (xlsx, csv) or for programs (jsonl)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from zoneinfo import ZoneInfo

from pipeline.errors import RecordError
from pipeline.records.columns import canonical_json
from pipeline.records.rows import ViolationRow
from pipeline.records.sheets import Cell, csv_lines, write_sheet
from pipeline.types import BoundingBox


class ExportFormat(StrEnum):
    """How violations are written."""

    JSONL = "jsonl"
    """One object a line with every field, UTC, keys sorted: equal records give equal bytes."""
    CSV = "csv"
    """With a byte order mark, so that Excel on Chinese Windows reads it as UTF-8. Local times with their offset."""
    XLSX = "xlsx"
    """Real dates in local time, the zone named in the header."""


def export_violations(rows: Sequence[ViolationRow], form: ExportFormat, target: Path | BinaryIO | TextIO, zone: ZoneInfo) -> None:
    """Write violations in the order given.

    Columns carry the names of ViolationRow; csv and xlsx have one row a violation, lists joined by "; ", the
    box as four columns and no single things. Text that a spreadsheet would take for a formula is made
    harmless: csv puts a ' before it, xlsx marks the cell as text.

    Args:
        rows: as ``Records.list_violations`` gives them.
        form: what to write.
        target: a file, which appears only when it is whole, or an open stream (text streams: not for xlsx;
            csv gets no byte order mark there).
        zone: of the times in csv and xlsx.

    Raises:
        RecordError: the file can't be written, or more rows than a sheet can hold.
    """
    if isinstance(target, Path):
        _write_whole(target, lambda stream: _write(rows, form, stream, zone))
    elif not isinstance(target, io.TextIOBase):
        _write(rows, form, target, zone)  # type: ignore[arg-type]  # the one kind left: isinstance can't tell BinaryIO
    elif form is ExportFormat.XLSX:
        raise RecordError("xlsx is no text", where="records export", expected="a file to write to", hint="Name an output file")
    else:
        target.writelines(_lines(rows, form, zone))


_LISTS = frozenset({"shop_codes", "shop_names", "labels", "missing"})
_CORNERS = ("x_min", "y_min", "x_max", "y_max")


def _write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Beside the target first, then in its place: a reader sees the old file or the new one, never a part."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as err:
        hint = "Nothing was written. Check the folder, its rights and the room on the disk"
        raise RecordError("cannot write the export", where=str(path), found=err.strerror or str(err), hint=hint) from err


def _write(rows: Sequence[ViolationRow], form: ExportFormat, stream: BinaryIO, zone: ZoneInfo) -> None:
    if form is ExportFormat.XLSX:
        header = [f"{name} ({zone.key})" if name in _TIMES else name for name in _COLUMNS]
        write_sheet("violations", header, [_cells(row, zone) for row in rows], stream)
        return
    encoding = "utf-8-sig" if form is ExportFormat.CSV else "utf-8"
    text = io.TextIOWrapper(stream, encoding=encoding, errors="backslashreplace", newline="")
    try:
        text.writelines(_lines(rows, form, zone))
        text.flush()
    finally:
        text.detach()  # the stream is the caller's to close


def _lines(rows: Sequence[ViolationRow], form: ExportFormat, zone: ZoneInfo) -> Iterator[str]:
    if form is ExportFormat.JSONL:
        for row in rows:
            yield canonical_json(_as_object(row)) + "\n"
        return
    yield from csv_lines(_COLUMNS, (_cells(row, zone) for row in rows))


def _as_object(row: ViolationRow) -> dict[str, Any]:
    """Every field, in values that JSON has."""
    values: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, BoundingBox):
            value = _corners(value)
        elif field.name == "things":
            value = [_corners(box) for box in value]
        values[field.name] = value
    return values | {"open": row.open}


def _corners(box: BoundingBox) -> list[float]:
    return [getattr(box, corner) for corner in _CORNERS]


def _columns() -> tuple[str, ...]:
    names = [field.name for field in fields(ViolationRow) if field.name != "things"]
    at = names.index("box")
    return (*names[:at], *(f"box_{corner}" for corner in _CORNERS), *names[at + 1 :], "open")


_COLUMNS = _columns()
_TIMES = frozenset(name for name in _COLUMNS if name.endswith("_at"))


def _cells(row: ViolationRow, zone: ZoneInfo) -> tuple[Cell, ...]:
    """One value a column; times aware and local."""
    cells: list[Cell] = []
    for name in _COLUMNS:
        value = getattr(row.box, name[4:]) if name.startswith("box_") else getattr(row, name)
        if name in _LISTS:
            value = "; ".join(value)
        elif isinstance(value, datetime):
            value = value.astimezone(zone)
        elif isinstance(value, StrEnum):
            value = value.value
        cells.append(value)
    return tuple(cells)
