"""Shop lists as XLSX: read by the same checks as CSV, and written so that codes stay text."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.shops.csv_files import cells_of
from pipeline.shops.faults import ShopFault, Spot
from pipeline.shops.faults import ShopFaultCode as Code
from pipeline.shops.registry import COLUMNS, GRADES, Tenancy
from pipeline.shops.rows import MOST_ROWS, ReadShops, check_rows, columns_of, refused, too_many_rows
from pipeline.shops.xlsx_cells import DATES, cell_text
from pipeline.shops.xlsx_parts import MOST_UNPACKED, Book, NotXlsxError, TooLargeError, open_book
from pipeline.shops.xlsx_sheet import RawCell, read_sheet

_WIDTHS: Mapping[str, float] = {"code": 16, "name": 24, "address": 36, "contact": 18}
_FORMULA_STARTS = ("=", "+", "-", "@")


def read_xlsx(raw: bytes, where: str) -> ReadShops:
    """The first sheet that can be seen. Formulas, merged cells, rounded codes and dates where text belongs are refused by words."""
    whole = Spot(where)
    try:
        book = open_book(raw)
        table = _Table(book, where)
        merged = read_sheet(book, table.take)
    except TooLargeError:
        most = str(MOST_UNPACKED // 2**20)
        return refused(whole.fault(Code.TOO_LARGE, "a workbook that is too large", expected=f"at most {most} MiB when unpacked", most=most))
    except NotXlsxError as err:
        hint = "Open it in a spreadsheet program and save it again as .xlsx"
        return refused(whole.fault(Code.NOT_XLSX, "not a workbook that can be read", found=str(err), hint=hint, why=str(err)))
    except _RefusedError as err:
        return refused(*err.faults)
    if merged:
        return refused(*(_merged(where, cells) for cells in merged))
    return table.checked()


def xlsx_of(tenancies: Sequence[Tenancy], headings: Mapping[str, str], title: str, notes: tuple[str, Sequence[tuple[str, str]]]) -> bytes:
    """A workbook of these tenancies, which can be imported again.

    Args:
        tenancies: in this order.
        headings: what each of COLUMNS is called.
        title: of the sheet.
        notes: title of a second sheet that says what each column means, and its rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS, 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = _WIDTHS.get(name, 14)
        # What is entered into these cells later stays what it is: codes are no numbers.
        column.number_format = "yyyy-mm-dd" if name in DATES else "@"
    grades = DataValidation(type="list", formula1=f'"{",".join(GRADES)}"', allow_blank=True, showErrorMessage=True)
    letter = get_column_letter(COLUMNS.index("grade") + 1)
    grades.add(f"{letter}2:{letter}{MOST_ROWS}")
    sheet.data_validations.append(grades)
    sheet.append([_cell(sheet, headings[name], bold=True) for name in COLUMNS])
    for tenancy in tenancies:
        days = {"since": tenancy.since, "until": tenancy.until}
        sheet.append([_cell(sheet, days.get(name, text)) for name, text in zip(COLUMNS, cells_of(tenancy), strict=True)])
    _add_notes(book, *notes)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# --- reading ---------------------------------------------------------------------------------------------------


class _RefusedError(Exception):
    """There is no use in reading on."""

    def __init__(self, *faults: ShopFault) -> None:
        self.faults = faults
        super().__init__(*(fault.text for fault in faults))


class _Table:
    """The header, and a text per cell of the rows below it."""

    def __init__(self, book: Book, where: str) -> None:
        self._book = book
        self._where = where
        self._columns: tuple[str, ...] = ()
        self._rows: list[tuple[int, list[str]]] = []
        self._faults: list[ShopFault] = []

    def take(self, line: int, cells: Sequence[RawCell]) -> None:
        """The next row that holds anything."""
        if self._columns:
            self._take_row(line, cells)
            return
        self._columns, faults = columns_of([cell.text for cell in cells], self._where, line)
        if faults:
            raise _RefusedError(*faults)

    def checked(self) -> ReadShops:
        """What all of it makes."""
        if not self._columns:
            return refused(*columns_of([], self._where)[1])
        read = check_rows(self._columns, self._rows, self._where)
        if not self._faults:
            return read
        others = (fault for fault in read.faults if fault.code is not Code.NO_SHOP)
        return refused(*sorted((*self._faults, *others), key=lambda fault: fault.line))

    def _take_row(self, line: int, cells: Sequence[RawCell]) -> None:
        if len(self._rows) + len(self._faults) >= MOST_ROWS:
            raise _RefusedError(too_many_rows(Spot(self._where, line)))
        if len(cells) > len(self._columns):
            # The check of rows tells of it.
            self._rows.append((line, [cell.text for cell in cells]))
            return
        place = self._columns.index("code")
        spot = Spot(self._where, line, cells[place].text if place < len(cells) else "")
        meanings = [cell_text(column, cell, spot, self._book) for column, cell in zip(self._columns, cells, strict=False)]
        faults = [fault for _, fault in meanings if fault is not None]
        self._faults += faults
        # A row without the meaning of its cells would be told of twice: for the cell, and for what the row then lacks.
        if not faults:
            self._rows.append((line, [text for text, _ in meanings] + [""] * (len(self._columns) - len(cells))))


def _merged(where: str, cells: str) -> ShopFault:
    line = int(re.sub(r"\D", "", cells.partition(":")[0]) or 0)
    hint = "Every row needs its own cells; a heading above the table must go"
    return Spot(where, line).fault(Code.MERGED_CELLS, "merged cells", found=cells, hint=hint, cells=cells)


# --- writing ---------------------------------------------------------------------------------------------------


def _add_notes(book: Workbook, title: str, rows: Sequence[tuple[str, str]]) -> None:
    sheet = book.create_sheet(title)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 72
    for name, meaning in rows:
        sheet.append([_cell(sheet, name, bold=True), _cell(sheet, meaning)])


def _cell(sheet: Any, value: str | date | None, *, bold: bool = False) -> Any:
    if not value:
        return None
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime.combine(value, time()))
        cell.number_format = "yyyy-mm-dd"
        return cell
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value))
    cell.data_type = "s"  # text, whatever it looks like: openpyxl would make a formula of what begins with =
    cell.number_format = "@"
    if value.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # as if typed with a ' before it, so that editing the cell doesn't wake it either
    if bold:
        cell.font = Font(bold=True)
    return cell
