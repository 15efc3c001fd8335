"""What is wrong with a shop list: a line for a terminal, and a code with values for those who say it in other words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.errors import fault_line


class ShopFaultCode(StrEnum):
    """What can be wrong with a shop list."""

    # The file
    UNREADABLE_TEXT = "unreadable_text"
    NOT_CSV = "not_csv"
    NOT_XLSX = "not_xlsx"
    OLD_EXCEL = "old_excel"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NO_SHOP = "no_shop"
    MERGED_CELLS = "merged_cells"
    # Its header
    NO_HEADER = "no_header"
    NO_COMMAS = "no_commas"
    UNKNOWN_COLUMN = "unknown_column"
    MISSPELT_COLUMN = "misspelt_column"
    REPEATED_COLUMN = "repeated_column"
    MISSING_COLUMN = "missing_column"
    # A row
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    ENDS_EARLY = "ends_early"
    TWO_TENANTS = "two_tenants"
    # A cell
    EMPTY = "empty"
    UNPRINTABLE = "unprintable"
    TOO_LONG = "too_long"
    SPACE_IN_CODE = "space_in_code"
    ROUNDED = "rounded"
    UNKNOWN_GRADE = "unknown_grade"
    NO_DATE = "no_date"
    OTHER_DATE = "other_date"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    DATE_FOR_TEXT = "date_for_text"
    NO_TEXT = "no_text"


@dataclass(frozen=True, slots=True)
class ShopFault:
    """One thing that is wrong with a shop list.

    ``text`` is the whole line, with file, line, expected and found. ``line`` counts lines of the file from 1 (0: all of it), ``shop`` is
    the code of the shop in that line ("" where there is none). ``values`` are what the words for ``code`` need; a value called
    ``column`` is one of COLUMNS.
    """

    code: ShopFaultCode
    text: str
    line: int = 0
    shop: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a shop list something is. ``line`` 0: all of it; ``shop`` None: not of one shop."""

    where: str
    line: int = 0
    shop: str | None = None

    def fault(self, code: ShopFaultCode, what: str, *, expected: str = "", found: str = "", hint: str = "", **values: str) -> ShopFault:
        """A fault that is here; ``values`` as of ShopFault."""
        place = f"{self.where}:{self.line}" if self.line else self.where
        place = place if self.shop is None else f"{place}: shop {self.shop!r}"
        return ShopFault(code, fault_line(place, what, expected=expected, found=found, hint=hint), self.line, self.shop or "", values)
