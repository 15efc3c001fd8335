"""The rows of a sheet as they stand in its XML, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils import column_index_from_string

from pipeline.shops.xlsx_parts import Book, NotXlsxError, Strings, walk

_MOST_COLUMNS = 64
"""Cells of a row that are looked at: more than a list can have, so that nobody takes the rest for right."""


class RawCell(NamedTuple):
    """A cell as it stands in the file: its type ("s" for text, "f" for a formula), its text and the number of its style."""

    kind: str
    text: str
    style: int


NOTHING = RawCell("s", "", 0)


def read_sheet(book: Book, take: Callable[[int, Sequence[RawCell]], None]) -> tuple[str, ...]:
    """Hand each row that holds anything to ``take``, with its line counted from 1; give back which cells are merged (``A1:C1``).

    A row ends with its last cell that holds something. Raises NotXlsxError, and what ``take`` raises.
    """
    sheet = _Sheet(book, take)
    try:
        walk(book.sheet, sheet.start, sheet.end)
    except (ValueError, IndexError) as err:
        raise NotXlsxError(str(err)) from err
    return tuple(sheet.merged)


class _Sheet:
    """What has begun and not ended yet."""

    def __init__(self, book: Book, take: Callable[[int, Sequence[RawCell]], None]) -> None:
        self.merged: list[str] = []
        self._book = book
        self._take = take
        self._line = 0
        self._cells: list[RawCell] = []
        self._given: Mapping[str, str] = {}
        self._value = ""
        self._formula: str | None = None
        self._strings = Strings()

    def start(self, name: str, given: Mapping[str, str]) -> None:
        """See ``walk``."""
        if name == "c":
            self._given, self._value, self._formula = given, "", None
        elif name == "row":
            self._line, self._cells = int(given.get("r", self._line + 1)), []
        elif name == "mergeCell":
            self.merged.append(given.get("ref", ""))
        else:
            self._strings.start(name, given)

    def end(self, name: str, text: str) -> None:
        """See ``walk``."""
        if name == "v":
            self._value = text
        elif name == "c":
            self._end_cell()
        elif name == "f":
            self._formula = text
        elif name == "is":
            self._value = self._strings.take()
        elif name == "row" and self._cells:
            self._take(self._line, self._cells)
        else:
            self._strings.end(name, text)

    def _end_cell(self) -> None:
        cell = self._cell()
        ref, cells = self._given.get("r"), self._cells
        place = _column(ref.rstrip("0123456789")) if ref else len(cells)
        # A cell that only has a colour is nothing, wherever it is.
        if not cell.text.strip() or len(cells) > _MOST_COLUMNS:
            return
        if place > len(cells):
            cells += [NOTHING] * (min(place, _MOST_COLUMNS) - len(cells))
        cells.append(cell)

    def _cell(self) -> RawCell:
        if self._formula is not None:
            return RawCell("f", f"={self._formula}", 0)
        kind, value = self._given.get("t", "n"), self._value
        if kind == "s":
            return RawCell("s", self._book.texts[int(value)], 0) if value else NOTHING
        if kind in {"inlineStr", "str"}:
            return RawCell("s", value, 0)
        return RawCell(kind, value, int(self._given.get("s", "0")))


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    return int(column_index_from_string(letters)) - 1
