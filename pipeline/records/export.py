"""Violations as a file for people (xlsx, csv) or for programs (jsonl)."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pipeline.errors import RecordError
from pipeline.records.columns import canonical_json
from pipeline.records.rows import ViolationRow
from pipeline.types import BoundingBox

Cell: TypeAlias = str | int | float | bool | datetime | None


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


_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_LONGEST_WIDTH = 48
_TIME_WIDTH = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CSV_QUOTE = "'"
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
        _write_sheet(rows, stream, zone)
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
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in (_COLUMNS, *(_cells(row, zone) for row in rows)):
        writer.writerow([_csv_cell(cell) for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


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


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return _CSV_QUOTE + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _write_sheet(rows: Sequence[ViolationRow], stream: BinaryIO, zone: ZoneInfo) -> None:
    if len(rows) >= _SHEET_ROWS:
        raise RecordError(
            "too many violations for one sheet",
            where="records export",
            expected=f"fewer than {_SHEET_ROWS}",
            found=str(len(rows)),
            hint="Narrow the filter, or export jsonl or csv",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("violations")
    sheet.freeze_panes = "A2"
    table = [_cells(row, zone) for row in rows]
    header = [f"{name} ({zone.key})" if name in _TIMES else name for name in _COLUMNS]
    for index, title in enumerate(header):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(title, [cells[index] for cells in table])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(table) + 1}"
    sheet.append([_sheet_cell(sheet, title, bold=True) for title in header])
    for cells in table:
        sheet.append([_sheet_cell(sheet, cell) for cell in cells])
    book.save(stream)


def _sheet_cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value.replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = WriteOnlyCell(sheet, _sheet_text(value))
    cell.data_type = "s"  # text, whatever it looks like: openpyxl would make a formula of what begins with =
    if value.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # as if typed with a ' before it, so that editing the cell doesn't wake it either
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_text(text: str) -> str:
    """What the file format can hold."""
    plain = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "backslashreplace").decode("utf-8"))
    return plain if len(plain) <= _CELL_CHARACTERS else plain[: _CELL_CHARACTERS - 1] + "…"


def _width(title: str, cells: Sequence[Cell]) -> float:
    """Room for the longest text of a column; a Chinese character takes two."""
    longest = max((_text_width(cell) for cell in (title, *cells)), default=0)
    return min(longest + 2, _LONGEST_WIDTH)


def _text_width(cell: Cell) -> int:
    if isinstance(cell, datetime):
        return _TIME_WIDTH
    text = "" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else str(cell)
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
