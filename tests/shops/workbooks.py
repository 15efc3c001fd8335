"""Workbooks for tests: good ones made by openpyxl, and packages put together by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from pipeline.shops import COLUMNS

ROW = ("S1", "面馆", "样台路218号", "样谊路", "一中队", "餐饮", "B", "138", None, None)


def workbook(*rows: Sequence[Any], header: Sequence[str] = COLUMNS, merged: str = "", sheets: Sequence[str] = ()) -> bytes:
    """Rows below a header, as somebody fills them in; ``sheets`` are further, empty ones."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    for name in sheets:
        book.create_sheet(name)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def package(sheet: str, *, texts: str = "", book: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """An XLSX package around the XML of one sheet, with as little as there may be."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    named = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships {named}><Relationship Id="a" Type="{rel}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": book or f'<workbook {space} xmlns:r="{rel}"><sheets><sheet name="一" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {named}><Relationship Id="b" Type="{rel}/worksheet" Target="/xl/one.xml"/>'
        f'<Relationship Id="c" Type="{rel}/sharedStrings" Target="texts.xml"/></Relationships>',
        "xl/one.xml": f"<worksheet {space}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/texts.xml": f"<sst {space}>{texts}</sst>",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
        for name, data in (more or {}).items():
            made.writestr(name, data)
    return stream.getvalue()
