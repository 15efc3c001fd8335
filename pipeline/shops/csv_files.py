"""Shop lists as CSV: how they are read, and how they are written so that reading gives the same list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from pipeline.shops.faults import ShopFault, Spot
from pipeline.shops.faults import ShopFaultCode as Code
from pipeline.shops.registry import COLUMNS, ShopRegistry, Tenancy
from pipeline.shops.rows import MOST_ROWS, NumberedRow, ReadShops, check_rows, columns_of, refused, too_many_rows

_MARK = "\ufeff"
_BYTES_OF_MARK = b"\xef\xbb\xbf"


def read_csv(raw: bytes, where: str) -> ReadShops:
    """UTF-8 with or without a byte order mark, or GB18030 (what Excel writes on a Chinese Windows)."""
    text = _decode(raw)
    if text is None:
        found, hint = "bytes that are neither", "Save it from Excel as 'CSV UTF-8'"
        what = "text that can't be read"
        return refused(Spot(where).fault(Code.UNREADABLE_TEXT, what, expected="UTF-8 or GB18030", found=found, hint=hint))
    trouble: list[ShopFault] = []
    rows = _rows(text, where, trouble)
    _, header = next(rows, (1, []))
    if trouble:
        return refused(*trouble)
    columns, faults = columns_of(header, where)
    if faults:
        return refused(*faults)
    listed = [row for row in rows if any(cell.strip() for cell in row[1])]
    return check_rows(columns, listed, where, trouble)


def csv_of(registry: ShopRegistry) -> bytes:
    """A list as zones/shops.csv: by code, then by time; equal lists give equal bytes.

    With a byte order mark, so that Excel reads it as UTF-8. What a spreadsheet would take for a formula has a ' before it, which reading
    takes away.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for tenancy in in_order(registry):
        writer.writerow([_written(cell) for cell in cells_of(tenancy)])
    return (_MARK + text.getvalue()).encode("utf-8")


def in_order(registry: ShopRegistry) -> list[Tenancy]:
    """All tenancies by code, then by time."""
    tenancies = (tenancy for known in registry.tenancies.values() for tenancy in known)
    return sorted(tenancies, key=lambda tenancy: (tenancy.code, str(tenancy.since or "")))


def cells_of(tenancy: Tenancy) -> list[str]:
    """A text per column, in the order of COLUMNS."""
    return [str(getattr(tenancy, name) or "") for name in COLUMNS]


def _rows(text: str, where: str, trouble: list[ShopFault]) -> Iterator[NumberedRow]:
    """Rows with the line on which each begins; what stops the reading is added to ``trouble``."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for _ in range(MOST_ROWS):
        try:
            cells = next(reader, None)
        except csv.Error as err:
            hint = "Look for a quote that is never closed"
            trouble.append(Spot(where, reader.line_num).fault(Code.NOT_CSV, "not a row of a CSV file", found=str(err), hint=hint))
            return
        if cells is None:
            return
        yield line, [_read(cell) for cell in cells]
        line = reader.line_num + 1
    trouble.append(too_many_rows(Spot(where, line)))


def _written(cell: str) -> str:
    return f"'{cell}" if re.match(r"'*[=+\-@]", cell) else cell


def _read(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and re.match(r"'+[=+\-@]", cell) else cell


def _decode(raw: bytes) -> str | None:
    marked = raw.startswith(_BYTES_OF_MARK)
    for encoding in ("utf-8-sig",) if marked or _is_damaged_utf8(raw) else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_damaged_utf8(raw: bytes) -> bool:
    # GB18030 accepts almost any bytes: a few wrong ones in a UTF-8 file must not turn all names to nonsense.
    text = raw.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    return 0 < lost * 10 < sum("\u4e00" <= character <= "\u9fff" for character in text)
