"""The same checks for every form of a shop list: its header, each row, and the rows together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from pipeline.shops.faults import ShopFault, Spot
from pipeline.shops.faults import ShopFaultCode as Code
from pipeline.shops.registry import COLUMNS, GRADES, ShopRegistry, Tenancy

MOST_ROWS = 200_000
"""Rows of a list: more than any district has shops."""
LONGEST_CODE = 128
LONGEST_TEXT = 1000
HEADINGS: Mapping[str, str] = {
    "编码": "code",
    "店名": "name",
    "地址": "address",
    "路段": "street",
    "中队": "squad",
    "行业": "trade",
    "分级": "grade",
    "联系方式": "contact",
    "起始日期": "since",
    "截止日期": "until",
}
"""What a column may be called instead, for whoever keeps the list in Chinese."""

NumberedRow: TypeAlias = tuple[int, Sequence[str]]
"""Line of the file, counted from 1, and a text per cell."""


@dataclass(frozen=True, slots=True)
class ReadShops:
    """What a file holds, as far as it can be used: with a fault, it must not be.

    ``lines`` say in which line of the file a tenancy stands.
    """

    registry: ShopRegistry
    lines: Mapping[Tenancy, int]
    faults: tuple[ShopFault, ...]


def refused(*faults: ShopFault) -> ReadShops:
    """Nothing but faults."""
    return ReadShops(ShopRegistry({}), {}, faults)


def columns_of(header: Sequence[str], where: str, line: int = 1) -> tuple[tuple[str, ...], list[ShopFault]]:
    """The columns that a header names, in its order, and what is wrong with it."""
    spot = Spot(where, line)
    given = [" ".join(cell.split()) for cell in header]
    columns = tuple(HEADINGS.get(name, name.lower() if name.lower() in COLUMNS else name) for name in given)
    if not any(columns):
        return columns, [spot.fault(Code.NO_HEADER, "no header", expected=",".join(COLUMNS))]
    if len(columns) == 1 and re.search(r"[;\t，]", header[0]):
        what = "columns are not separated by commas"
        return columns, [spot.fault(Code.NO_COMMAS, what, expected=",".join(COLUMNS), found=columns[0], header=columns[0])]
    faults = []
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            faults.append(_unknown_column(spot, name))
        elif columns.count(name) > 1:
            times = columns.count(name)
            what = f"column {name!r} is there {times} times"
            faults.append(spot.fault(Code.REPEATED_COLUMN, what, expected="once", column=name, times=str(times)))
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        what = f"missing column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        faults.append(spot.fault(Code.MISSING_COLUMN, what, found=", ".join(given), columns=" ".join(missing)))
    return columns, faults


def check_rows(columns: Sequence[str], rows: Iterable[NumberedRow], where: str, faults: Iterable[ShopFault] = ()) -> ReadShops:
    """Everything below a header without faults; ``faults`` are what is known to be wrong with the file already."""
    found = list(faults)
    lines: dict[Tenancy, int] = {}
    listed: list[tuple[int, Tenancy]] = []
    for line, cells in rows:
        tenancy, wrong = _tenancy(columns, cells, where, line)
        found += wrong
        if tenancy is not None:
            listed.append((line, tenancy))
            lines.setdefault(tenancy, line)
    found += _two_tenants(where, listed)
    if not listed and not found:
        hint = "Leave 'shops' out of the configuration if there are none"
        found.append(Spot(where).fault(Code.NO_SHOP, "no shop in the list", expected="a row per shop", hint=hint))
    by_code: dict[str, list[Tenancy]] = {}
    for _, tenancy in listed:
        by_code.setdefault(tenancy.code, []).append(tenancy)
    registry = ShopRegistry({code: tuple(known) for code, known in by_code.items()})
    return ReadShops(registry, lines, tuple(found))


def _unknown_column(spot: Spot, name: str) -> ShopFault:
    what, close = f"unknown column {name!r}", difflib.get_close_matches(name, (*COLUMNS, *HEADINGS), n=1)
    if not close:
        return spot.fault(Code.UNKNOWN_COLUMN, what, expected=", ".join(COLUMNS), header=name)
    meant = HEADINGS.get(close[0], close[0])
    return spot.fault(Code.MISSPELT_COLUMN, what, expected=", ".join(COLUMNS), hint=f"Did you mean {meant!r}?", header=name, column=meant)


def _tenancy(columns: Sequence[str], cells: Sequence[str], where: str, line: int) -> tuple[Tenancy | None, list[ShopFault]]:
    """One row, and what is wrong with it."""
    if len(cells) != len(columns):
        return None, [_wrong_number(Spot(where, line), len(columns), len(cells))]
    row = {name: " ".join(cell.split()) for name, cell in zip(columns, cells, strict=True)}
    spot = Spot(where, line, row["code"])
    faults: list[ShopFault] = []
    for name, value in row.items():
        if not value.isprintable():
            what = f"{name} holds characters that can't be shown"
            faults.append(spot.fault(Code.UNPRINTABLE, what, found=repr(value), column=name))
        most = LONGEST_CODE if name == "code" else LONGEST_TEXT
        if len(value) > most:
            what, found = f"{name} is too long", f"{len(value)} characters"
            faults.append(
                spot.fault(
                    Code.TOO_LONG, what, expected=f"at most {most}", found=found, column=name, most=str(most), length=str(len(value))
                )
            )
    faults += [spot.fault(Code.EMPTY, f"{name} is empty", column=name) for name in ("code", "name") if not row[name]]
    faults += _code_faults(spot, row["code"])
    if row["grade"] not in ("", *GRADES):
        what = "unknown grade"
        faults.append(spot.fault(Code.UNKNOWN_GRADE, what, expected="A, B, C or empty", found=repr(row["grade"]), found_grade=row["grade"]))
    since, wrong = _day(spot, "since", row["since"])
    until, wrong_too = _day(spot, "until", row["until"])
    faults += wrong + wrong_too
    if since and until and since > until:
        what, found = "the tenancy ends before it begins", f"since {since}, until {until}"
        faults.append(spot.fault(Code.ENDS_EARLY, what, expected="since <= until", found=found, since=str(since), until=str(until)))
    if faults:
        return None, faults
    texts = {name: value for name, value in row.items() if name not in ("since", "until")}
    return Tenancy(**texts, since=since, until=until), []


def _wrong_number(spot: Spot, expected: int, found: int) -> ShopFault:
    code, hint = Code.TOO_FEW_CELLS, "Empty cells need their comma too"
    if found > expected:
        code, hint = Code.TOO_MANY_CELLS, "Put a text with commas in double quotes"
    counts = {"expected": str(expected), "found": str(found)}
    return spot.fault(code, "wrong number of columns", **counts, hint=hint, wanted=str(expected), cells=str(found))


def _code_faults(spot: Spot, code: str) -> list[ShopFault]:
    if re.search(r"\s", code):
        return [spot.fault(Code.SPACE_IN_CODE, "a space in a shop code", expected="a code without spaces")]
    if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", code):
        return [rounded(spot, "code", code)]
    return []


def too_many_rows(spot: Spot) -> ShopFault:
    """A list that can't be one of a district."""
    return spot.fault(Code.TOO_MANY_ROWS, "too many rows", expected=f"at most {MOST_ROWS}", most=str(MOST_ROWS))


def rounded(spot: Spot, column: str, found: str) -> ShopFault:
    """A code or another long number that was kept as a number, of which only the first fifteen digits are right."""
    what = "a shop code that a spreadsheet has rounded" if column == "code" else f"{column} was rounded by a spreadsheet"
    hint = "Format the column as text, then enter the codes again" if column == "code" else "Format the column as text, then enter it again"
    return spot.fault(Code.ROUNDED, what, found=found, hint=hint, column=column, value=found)


def _day(spot: Spot, name: str, text: str) -> tuple[date | None, list[ShopFault]]:
    if not text:
        return None, []
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text), []
    except ValueError:
        what, expected = f"{name} is no date", "YYYY-MM-DD or empty"
        parts = re.fullmatch(r"(\d{4})[/.年-](\d{1,2})[/.月-](\d{1,2})日?", text)
        if not parts:
            return None, [spot.fault(Code.NO_DATE, what, expected=expected, found=repr(text), column=name, value=text)]
        meant = f"{int(parts[1]):04d}-{int(parts[2]):02d}-{int(parts[3]):02d}"
        values = {"column": name, "value": text, "meant": meant}
        return None, [spot.fault(Code.OTHER_DATE, what, expected=expected, found=repr(text), hint=f"Write {meant}", **values)]


def _two_tenants(where: str, rows: Iterable[tuple[int, Tenancy]]) -> list[ShopFault]:
    """One code, two tenants on the same day. Each tenancy is told beside the one before it that lasts longest."""
    of_code: dict[str, list[tuple[int, Tenancy]]] = {}
    for line, tenancy in rows:
        of_code.setdefault(tenancy.code, []).append((line, tenancy))
    faults = []
    for known in of_code.values():
        if len(known) == 1:
            continue
        known.sort(key=lambda each: (each[1].since or date.min, each[0]))
        line, longest = known[0]
        for other_line, other in known[1:]:
            if longest.until is None or (other.since or date.min) <= longest.until:
                faults.append(_overlap(where, (line, longest), (other_line, other)))
            if longest.until is not None and (other.until is None or other.until > longest.until):
                line, longest = other_line, other
    return sorted(faults, key=lambda fault: fault.line)


def _overlap(where: str, one: tuple[int, Tenancy], other: tuple[int, Tenancy]) -> ShopFault:
    (line, earlier), (at, later) = sorted((one, other), key=lambda each: each[0])
    first = max(earlier.since or date.min, later.since or date.min)
    last = min(earlier.until or date.max, later.until or date.max)
    since, until = "" if first == date.min else str(first), "" if last == date.max else str(last)
    return Spot(where, at, later.code).fault(
        Code.TWO_TENANTS,
        f"two tenants at once, the other ({earlier.name}) on line {line}",
        expected="one row per code, or tenancies one after the other",
        found=f"both from {since or 'the start'} to {until or 'today'}",
        hint="Give the earlier tenant an 'until' date, or correct the code",
        other=earlier.name,
        other_line=str(line),
        since=since,
        until=until,
    )
