"""Shop lists as XLSX: by the same checks as CSV, and what only a spreadsheet can get wrong."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.shops import COLUMNS, HEADINGS, ReadShops, ShopFaultCode, ShopRegistry, Tenancy, in_order, read_shops, xlsx_of
from pipeline.shops.xlsx_parts import MOST_UNPACKED
from tests.shops.workbooks import ROW, package, workbook

HEADINGS_EN = {column: column for column in COLUMNS}
HEADER_XML = "<row>" + "".join(f'<c t="inlineStr"><is><t>{column}</t></is></c>' for column in COLUMNS) + "</row>"


def faults(raw: bytes) -> list[tuple[ShopFaultCode, int]]:
    read = read_shops(raw, "list.xlsx")
    assert read.registry.tenancies == {} or read.faults
    return [(fault.code, fault.line) for fault in read.faults]


def tenancies(read: ReadShops) -> list[Tenancy]:
    assert read.faults == ()
    return in_order(read.registry)


def test_what_somebody_fills_in() -> None:
    (tenancy,) = tenancies(read_shops(workbook((*ROW[:8], date(2020, 1, 1), "2025-12-31")), "list.xlsx"))
    texts = {column: str(cell) for column, cell in zip(COLUMNS[:8], ROW[:8], strict=True)}
    assert tenancy == Tenancy(**texts, since=date(2020, 1, 1), until=date(2025, 12, 31))


@pytest.mark.parametrize("header", [tuple(HEADINGS), tuple(reversed(COLUMNS)), tuple(column.capitalize() for column in COLUMNS)])
def test_columns_in_any_order_and_in_chinese(header: Sequence[str]) -> None:
    cells = dict(zip(COLUMNS, ROW, strict=True))
    row = [cells[HEADINGS.get(name, name.lower())] for name in header]
    (tenancy,) = tenancies(read_shops(workbook(row, header=header), "list.xlsx"))
    assert (tenancy.code, tenancy.name, tenancy.contact) == ("S1", "面馆", "138")


@pytest.mark.parametrize(
    ("cell", "form", "code"),
    [
        (310112000001, "General", "310112000001"),
        (42, "00000", "00042"),
        (7.0, "0", "7"),
        ("007", "@", "007"),
        (" A-1 ", "General", "A-1"),
        ("=1", "@", "=1"),
    ],
)
def test_numbers_are_codes(cell: Any, form: str, code: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    sheet.append([None, *ROW[1:]])
    sheet["A2"] = cell
    sheet["A2"].number_format = form
    if isinstance(cell, str):
        sheet["A2"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    assert [tenancy.code for tenancy in tenancies(read_shops(stream.getvalue(), "list.xlsx"))] == [code]


@pytest.mark.parametrize(
    ("place", "cell", "code"),
    [
        (0, "=CONCATENATE(1,2)", ShopFaultCode.FORMULA),
        (8, "=TODAY()", ShopFaultCode.FORMULA),
        (0, 3101120000010000009, ShopFaultCode.ROUNDED),
        (0, 1.5, ShopFaultCode.ROUNDED),
        (7, 310112198001010011, ShopFaultCode.ROUNDED),
        (0, date(2026, 1, 2), ShopFaultCode.DATE_FOR_TEXT),
        (1, True, ShopFaultCode.NO_TEXT),
        (1, "#N/A", ShopFaultCode.ERROR_VALUE),
        (8, datetime.combine(date(2026, 1, 2), time_of_day(3, 4)), ShopFaultCode.NO_DATE),
        (8, 46000, ShopFaultCode.NO_DATE),
        (8, "2026/1/2", ShopFaultCode.OTHER_DATE),
        (0, None, ShopFaultCode.EMPTY),
        (0, "A 1", ShopFaultCode.SPACE_IN_CODE),
        (6, "D", ShopFaultCode.UNKNOWN_GRADE),
        (1, "店" * 1001, ShopFaultCode.TOO_LONG),
        (0, "S" * 129, ShopFaultCode.TOO_LONG),
    ],
)
def test_a_cell_is_refused_by_words_with_its_line(place: int, cell: Any, code: ShopFaultCode) -> None:
    row = list(ROW)
    row[place] = cell
    assert faults(workbook(ROW, row)) == [(code, 3)]


def test_all_that_is_wrong_is_told_at_once_by_line() -> None:
    rows = [ROW, ("S2", "=A1", *ROW[2:]), ("S1", "别家", *ROW[2:]), ("S3", "店", *ROW[2:6], "X", None, None, None, "多")]
    assert faults(workbook(*rows)) == [
        (ShopFaultCode.FORMULA, 3),
        (ShopFaultCode.TWO_TENANTS, 4),
        (ShopFaultCode.TOO_MANY_CELLS, 5),
    ]


def test_merged_cells_are_named() -> None:
    read = read_shops(workbook(ROW, ROW, merged="A2:A3"), "list.xlsx")
    assert [(fault.code, fault.line, fault.values["cells"]) for fault in read.faults] == [(ShopFaultCode.MERGED_CELLS, 2, "A2:A3")]
    assert read.registry.tenancies == {}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("店铺一览",), ShopFaultCode.UNKNOWN_COLUMN),
        (("garde", *COLUMNS[1:]), ShopFaultCode.MISSPELT_COLUMN),
        ((*COLUMNS, "name"), ShopFaultCode.REPEATED_COLUMN),
        (COLUMNS[:5], ShopFaultCode.MISSING_COLUMN),
    ],
)
def test_wrong_headings(header: Sequence[str], code: ShopFaultCode) -> None:
    assert faults(workbook(ROW[:5], header=header))[0] == (code, 1)


def test_empty_rows_and_cells_that_only_look_like_something_are_nothing() -> None:
    styled = '<row r="9"><c r="A9" s="1"/><c r="XFD9"/></row><row r="1048576"/>'
    row = '<row r="5"><c r="B5" t="inlineStr"><is><t>店</t></is></c><c r="A5"/></row>'
    read = read_shops(package(HEADER_XML + styled + row.replace('<c r="A5"/>', "")), "list.xlsx")
    assert [(fault.code, fault.line) for fault in read.faults] == [(ShopFaultCode.EMPTY, 5)]
    assert faults(package("")) == [(ShopFaultCode.NO_HEADER, 1)]
    assert faults(package(HEADER_XML)) == [(ShopFaultCode.NO_SHOP, 0)]


def test_texts_in_many_styles_without_their_readings() -> None:
    texts = "<si><r><t>鲜</t></r><r><t>果行</t></r><rPh><t>xian</t></rPh></si>"
    row = '<row><c t="inlineStr"><is><t>S1</t></is></c><c t="s"><v>0</v></c></row>'
    (tenancy,) = tenancies(read_shops(package(HEADER_XML + row, texts=texts), "list.xlsx"))
    assert tenancy.name == "鲜果行"


def test_a_hidden_sheet_is_not_meant() -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["nothing"])
    first.sheet_state = "hidden"
    second = book.create_sheet("店铺")
    second.append(list(COLUMNS))
    second.append(list(ROW))
    stream = io.BytesIO()
    book.save(stream)
    assert [tenancy.code for tenancy in tenancies(read_shops(stream.getvalue(), "list.xlsx"))] == ["S1"]


def test_dates_of_an_old_mac() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    sheet.append([*ROW[:8], date(2020, 1, 1), None])
    stream = io.BytesIO()
    book.save(stream)
    (tenancy,) = tenancies(read_shops(stream.getvalue(), "list.xlsx"))
    assert tenancy.since == date(2020, 1, 1)


# --- files that are none ----------------------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return stream.getvalue()


def damaged(raw: bytes, part: bytes) -> bytes:
    """A few bytes of one part are others."""
    at = raw.index(part) + len(part) + 40
    return raw[:at] + b"\xff" * 40 + raw[at + 40 :]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"PK\x03\x04 and nothing else", ShopFaultCode.NOT_XLSX),
        (zipped(a=b"b"), ShopFaultCode.NOT_XLSX),
        (workbook(ROW)[:-200], ShopFaultCode.NOT_XLSX),
        (damaged(workbook(ROW), b"xl/worksheets/sheet1.xml"), ShopFaultCode.NOT_XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ShopFaultCode.OLD_EXCEL),
        (package("<row>"), ShopFaultCode.NOT_XLSX),
        (package('<row r="x"/>'), ShopFaultCode.NOT_XLSX),
        (package('<row><c t="s"><v>99</v></c></row>'), ShopFaultCode.NOT_XLSX),
        (package("", book="<workbook/>"), ShopFaultCode.NOT_XLSX),
        (package("", book='<!DOCTYPE a [<!ENTITY b "cc">]><workbook>&b;</workbook>'), ShopFaultCode.NOT_XLSX),
        (b"\xff\xfe" + ",".join(COLUMNS).encode("utf-16-le"), ShopFaultCode.UNREADABLE_TEXT),
        (b"", ShopFaultCode.NO_HEADER),
    ],
)
def test_a_file_that_is_no_list(raw: bytes, code: ShopFaultCode) -> None:
    read = read_shops(raw, "list.xlsx")
    assert read.faults[0].code is code
    assert read.registry.tenancies == {}


def test_a_package_that_would_fill_the_memory_is_not_unpacked() -> None:
    bomb = package("", more={"xl/media/a.png": b"\0" * (MOST_UNPACKED + 1)})
    assert len(bomb) < 2**20
    assert faults(bomb) == [(ShopFaultCode.TOO_LARGE, 0)]
    assert faults(zipped(**{f"p{number}": b"" for number in range(1001)}, **{"[Content_Types].xml": b""})) == [(ShopFaultCode.TOO_LARGE, 0)]


def test_many_cells_in_a_row_are_told_of_and_not_kept() -> None:
    row = "<row>" + "<c><v>1</v></c>" * 100_000 + "</row>"
    assert faults(package(HEADER_XML + row)) == [(ShopFaultCode.TOO_MANY_CELLS, 2)]


# --- writing ----------------------------------------------------------------------------------------------------


def test_a_workbook_says_what_its_columns_mean_and_keeps_codes_as_text() -> None:
    made = xlsx_of([], HEADINGS_EN, "店铺", ("填写说明", [("code", "一店一码")]))
    book = load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["店铺", "填写说明"]
    assert [cell.value for cell in book["店铺"][1]] == list(COLUMNS)
    assert book["店铺"].column_dimensions["A"].number_format == "@"
    assert book["店铺"].column_dimensions["I"].number_format == "yyyy-mm-dd"
    assert book["店铺"].data_validations.dataValidation[0].formula1 == '"A,B,C"'
    assert faults(made) == [(ShopFaultCode.NO_SHOP, 0)]


words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=8)
days = st.none() | st.dates(date(1901, 1, 1), date(2199, 12, 31))


@st.composite
def registries(draw: st.DrawFn) -> ShopRegistry:
    """Lists with up to two tenancies a shop, whatever their texts are."""
    codes = draw(st.lists(words, min_size=1, max_size=5, unique=True))
    made: dict[str, tuple[Tenancy, ...]] = {}
    for code in codes:
        texts = {name: draw(words if name == "name" else words | st.just("")) for name in COLUMNS[1:8] if name != "grade"}
        grade = draw(st.sampled_from(["A", "B", "C", ""]))
        change = draw(st.none() | st.dates(date(1950, 1, 2), date(2150, 1, 1)))
        first = Tenancy(code=code, grade=grade, **texts, since=None, until=None)
        if change is None:
            made[code] = (first,)
        else:
            last = draw(st.none() | st.just(date(2180, 1, 1)))
            made[code] = (replace(first, until=change - timedelta(days=1)), replace(first, grade="A", since=change, until=last))
    return ShopRegistry(made)


@settings(max_examples=40)
@given(registries())
def test_what_is_written_is_read_back(registry: ShopRegistry) -> None:
    raw = xlsx_of(in_order(registry), HEADINGS_EN, "shops", ("notes", []))
    assert tenancies(read_shops(raw, "list.xlsx")) == in_order(registry)
