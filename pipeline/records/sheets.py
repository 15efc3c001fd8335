"""Tables for spreadsheets: text that would be taken for a formula is made harmless, times are local, and nothing is cut off unsaid."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from pipeline.errors import RecordError

Cell: TypeAlias = str | int | float | bool | datetime | None

_SHEET_ROWS = 1_048_576
_CELL_CHARACTERS = 32_767
_LONGEST_TITLE = 31
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
_LONGEST_WIDTH = 48
_TIME_WIDTH = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_CSV_QUOTE = "'"


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines of a csv file, with their ends; a ' stands before what a spreadsheet would take for a formula."""
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in chain((header,), rows):
        writer.writerow([_csv_cell(cell) for cell in cells])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a book."""

    title: str
    header: Sequence[str]
    table: Sequence[Sequence[Cell]]


def write_sheet(title: str, header: Sequence[str], table: Sequence[Sequence[Cell]], stream: BinaryIO) -> None:
    """An xlsx file of one sheet. RecordError for more rows than a sheet can hold."""
    write_book([Sheet(title, header, table)], stream)


def write_book(sheets: Sequence[Sheet], stream: BinaryIO) -> None:
    """An xlsx file of several sheets. RecordError for more rows than a sheet can hold."""
    book = Workbook(write_only=True)
    for each in sheets:
        _write(book, each)
    book.save(stream)


def _write(book: Workbook, wanted: Sheet) -> None:
    header, table = wanted.header, wanted.table
    if len(table) >= _SHEET_ROWS:
        raise RecordError(
            f"too many {wanted.title} for one sheet",
            where="records export",
            expected=f"fewer than {_SHEET_ROWS}",
            found=str(len(table)),
            hint="Narrow the filter, or export jsonl or csv",
        )
    sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", wanted.title)[:_LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for index, name in enumerate(header):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(name, [cells[index] for cells in table])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(table) + 1}"
    sheet.append([_sheet_cell(sheet, name, bold=True) for name in header])
    for cells in table:
        sheet.append([_sheet_cell(sheet, cell) for cell in cells])


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return _CSV_QUOTE + cell if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


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
