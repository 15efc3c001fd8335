"""What a cell means in a column of a shop list: a text, or a fault in words."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from openpyxl.utils.datetime import from_excel

from pipeline.shops.faults import ShopFault, Spot
from pipeline.shops.faults import ShopFaultCode as Code
from pipeline.shops.rows import rounded
from pipeline.shops.xlsx_parts import Book, NumberFormat
from pipeline.shops.xlsx_sheet import RawCell

DATES = frozenset({"since", "until"})
_MOST_DIGITS = 15
"""Of a number that a spreadsheet keeps as it was entered."""
_PLAIN = NumberFormat(is_date=False, digits=0)

_Meaning: TypeAlias = "tuple[str, ShopFault | None]"


def cell_text(column: str, cell: RawCell, spot: Spot, book: Book) -> _Meaning:
    """The text that a CSV would have there, "" with a fault where there can be none."""
    if cell.kind == "s" or not cell.text:
        return cell.text, None
    if cell.kind == "f":
        hint = "Copy the column and paste it as values"
        return "", spot.fault(Code.FORMULA, f"{column} is a formula", found=cell.text, hint=hint, column=column, value=cell.text)
    if cell.kind == "e":
        return "", spot.fault(Code.ERROR_VALUE, f"{column} is an error value", found=cell.text, column=column, value=cell.text)
    if cell.kind == "b":
        truth = "TRUE" if cell.text == "1" else "FALSE"
        return "", spot.fault(Code.NO_TEXT, f"{column} is a truth value", expected="a text", found=truth, column=column, value=truth)
    form = book.formats[cell.style] if cell.style < len(book.formats) else _PLAIN
    if cell.kind == "d" or form.is_date:
        return _of_date(column, cell, spot, book)
    return _of_number(column, cell.text, spot, form)


def _of_date(column: str, cell: RawCell, spot: Spot, book: Book) -> _Meaning:
    try:
        at = datetime.fromisoformat(cell.text) if cell.kind == "d" else from_excel(float(cell.text), book.epoch)
    except (ValueError, OverflowError):
        at = None
    if not isinstance(at, datetime):
        return "", _no_date(column, cell.text, spot)
    if column not in DATES:
        day, hint = at.date().isoformat(), "Format the column as text, then enter it again"
        what = f"{column} is a date"
        return "", spot.fault(Code.DATE_FOR_TEXT, what, expected="a text", found=day, hint=hint, column=column, value=day)
    if at.time() != time():
        return "", _no_date(column, at.isoformat(" ", "seconds"), spot)
    return at.date().isoformat(), None


def _of_number(column: str, text: str, spot: Spot, form: NumberFormat) -> _Meaning:
    if column in DATES:
        return "", _no_date(column, text, spot)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        return "", spot.fault(Code.NO_TEXT, f"{column} is no number", found=text, column=column, value=text)
    is_whole = number == number.to_integral_value()
    if number.adjusted() >= _MOST_DIGITS or (column == "code" and not is_whole):
        return "", rounded(spot, column, text)
    return f"{int(number):0{form.digits}d}" if is_whole else text, None


def _no_date(column: str, found: str, spot: Spot) -> ShopFault:
    expected = "YYYY-MM-DD or empty"
    return spot.fault(Code.NO_DATE, f"{column} is no date", expected=expected, found=found, column=column, value=found)
