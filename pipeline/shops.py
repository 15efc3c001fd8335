"""zones/shops.csv -> ShopRegistry: who was where, and when (一店一码). The format: docs/shops.md."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import FaultsError, fault_line

COLUMNS = ("code", "name", "address", "street", "squad", "trade", "grade", "contact", "since", "until")
"""Every column of zones/shops.csv. All must be there, in any order; only code and name must be filled in."""
GRADES = ("A", "B", "C")
"""分级分类. A row may also leave its grade empty."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """One tenant of one shop code, from ``since`` (None: always) to ``until`` inclusive (None: still)."""

    code: str
    name: str
    address: str
    street: str
    squad: str
    trade: str
    grade: str
    contact: str
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether this tenant had the shop on that local calendar day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ShopRegistry:
    """All shop codes with their tenancies, in the order of the file."""

    tenancies: Mapping[str, tuple[Tenancy, ...]]

    def __contains__(self, code: str) -> bool:
        """Whether this shop code exists at all."""
        return code in self.tenancies

    def tenant_on(self, code: str, day: date | None) -> Tenancy | None:
        """Who held the shop on that local day; None if nobody did, or if the day is unknown and tenants changed."""
        known = self.tenancies.get(code, ())
        if day is None:
            return known[0] if len(known) == 1 else None
        return next((tenancy for tenancy in known if tenancy.holds_on(day)), None)

    def closest_code(self, code: str) -> str | None:
        """The known code that somebody who wrote this one most likely meant; None if none is close."""
        return next(iter(difflib.get_close_matches(code, self.tenancies, n=1, cutoff=0.6)), None)


def load_shops(path: Path) -> ShopRegistry:
    """Read and check a shop list.

    UTF-8 with or without a byte order mark, or GB18030 (what Excel writes on a Chinese Windows). Raises
    FaultsError with every fault at once, each with file, line, what was expected and found.
    """
    reader = csv.reader(io.StringIO(_decode(path), newline=""), strict=True)
    faults: list[str] = []
    rows: list[tuple[int, Tenancy]] = []
    try:
        header = [" ".join(cell.split()) for cell in next(reader, [])]
        faults += _header_faults(path, header)
        if faults:
            raise FaultsError("shop list refused", tuple(faults))
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                tenancy, found = _tenancy(header, cells, f"{path}:{line}")
                faults += found
                rows += [(line, tenancy)] if tenancy else []
            line = reader.line_num + 1
    except csv.Error as err:
        faults.append(
            fault_line(f"{path}:{reader.line_num}", "not a row of a CSV file", found=str(err), hint="Look for a quote that is never closed")
        )
    faults += _overlap_faults(path, rows)
    if not rows and not faults:
        faults.append(
            fault_line(
                str(path), "no shop in the list", expected="a row per shop", hint="Leave 'shops' out of the configuration if there are none"
            )
        )
    if faults:
        raise FaultsError("shop list refused", tuple(faults))
    by_code: dict[str, tuple[Tenancy, ...]] = {}
    for _, tenancy in rows:
        by_code[tenancy.code] = (*by_code.get(tenancy.code, ()), tenancy)
    return ShopRegistry(by_code)


def _decode(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as err:
        raise FaultsError(
            "shop list refused", (fault_line(str(path), "cannot read the shop list", found=err.strerror or str(err)),)
        ) from err
    marked = raw.startswith(b"\xef\xbb\xbf")
    for encoding in ("utf-8-sig",) if marked or _is_damaged_utf8(raw) else ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    line = fault_line(
        str(path),
        "text that can't be read",
        expected="UTF-8 or GB18030",
        found="bytes that are neither",
        hint="Save it from Excel as 'CSV UTF-8'",
    )
    raise FaultsError("shop list refused", (line,))


def _is_damaged_utf8(raw: bytes) -> bool:
    # GB18030 accepts almost any bytes: a few wrong ones in a UTF-8 file must not turn all names to nonsense.
    text = raw.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    return 0 < lost * 10 < sum("\u4e00" <= character <= "\u9fff" for character in text)


def _header_faults(path: Path, header: Sequence[str]) -> list[str]:
    where = f"{path}:1"
    if not any(header):
        return [fault_line(where, "no header", expected=",".join(COLUMNS))]
    if len(header) == 1 and re.search(r"[;\t，]", header[0]):
        return [fault_line(where, "columns are not separated by commas", expected=",".join(COLUMNS), found=header[0])]
    faults = []
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            close = difflib.get_close_matches(name, COLUMNS, n=1)
            faults.append(
                fault_line(
                    where, f"unknown column {name!r}", expected=", ".join(COLUMNS), hint=f"Did you mean {close[0]!r}?" if close else ""
                )
            )
        elif header.count(name) > 1:
            faults.append(fault_line(where, f"column {name!r} is there {header.count(name)} times", expected="once"))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        faults.append(fault_line(where, f"missing column{'s' if len(missing) > 1 else ''} {', '.join(missing)}", found=", ".join(header)))
    return faults


def _tenancy(header: Sequence[str], cells: Sequence[str], where: str) -> tuple[Tenancy | None, list[str]]:
    """One row, and what is wrong with it."""
    if len(cells) != len(header):
        hint = "Put a text with commas in double quotes" if len(cells) > len(header) else "Empty cells need their comma too"
        return None, [fault_line(where, "wrong number of columns", expected=str(len(header)), found=str(len(cells)), hint=hint)]
    row = {name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=True)}
    where = f"{where}: shop {row['code']!r}"
    faults = [
        fault_line(where, f"{name} holds characters that can't be shown", found=repr(value))
        for name, value in row.items()
        if not value.isprintable()
    ]
    faults += [fault_line(where, f"{name} is empty") for name in ("code", "name") if not row[name]]
    faults += _code_faults(where, row["code"])
    if row["grade"] not in ("", *GRADES):
        faults.append(fault_line(where, "unknown grade", expected="A, B, C or empty", found=repr(row["grade"])))
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        days[name], found = _day(where, name, row[name])
        faults += found
    since, until = days["since"], days["until"]
    if since and until and since > until:
        faults.append(
            fault_line(where, "the tenancy ends before it begins", expected="since <= until", found=f"since {since}, until {until}")
        )
    texts = {name: row[name] for name in COLUMNS if name not in ("since", "until")}
    return (None, faults) if faults else (Tenancy(**texts, since=since, until=until), [])


def _code_faults(where: str, code: str) -> list[str]:
    if re.search(r"\s", code):
        return [fault_line(where, "a space in a shop code", expected="a code without spaces")]
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", code):
        return [
            fault_line(
                where,
                "a shop code that a spreadsheet has rounded",
                found=code,
                hint="Format the column as text, then enter the codes again",
            )
        ]
    return []


def _day(where: str, name: str, text: str) -> tuple[date | None, list[str]]:
    if not text:
        return None, []
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text), []
    except ValueError:
        parts = re.fullmatch(r"(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?", text)
        hint = f"Write {int(parts[1]):04d}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else ""
        return None, [fault_line(where, f"{name} is no date", expected="YYYY-MM-DD or empty", found=repr(text), hint=hint)]


def _overlap_faults(path: Path, rows: Iterable[tuple[int, Tenancy]]) -> list[str]:
    """One code, two tenants on the same day."""
    earlier: dict[str, list[tuple[int, Tenancy]]] = {}
    faults = []
    for line, tenancy in rows:
        for other_line, other in earlier.setdefault(tenancy.code, []):
            first = max(tenancy.since or date.min, other.since or date.min)
            last = min(tenancy.until or date.max, other.until or date.max)
            if first <= last:
                span = f"{first if first > date.min else 'the start'} to {last if last < date.max else 'today'}"
                faults.append(
                    fault_line(
                        f"{path}:{line}: shop {tenancy.code!r}",
                        f"two tenants at once, the other ({other.name}) on line {other_line}",
                        expected="one row per code, or tenancies one after the other",
                        found=f"both from {span}",
                        hint="Give the earlier tenant an 'until' date, or correct the code",
                    )
                )
        earlier[tenancy.code].append((line, tenancy))
    return faults
