"""Exports hold what the records hold, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from pipeline.errors import RecordError
from pipeline.records import ExportFormat, Records, ViolationRow, export_violations
from pipeline.types import UNKNOWN_EPOCH
from tests.records.samples import NO_CLOCK, NOODLES, TOOLS, ambiguous, entry, furnish, on_public_ground, source_start, violation

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[ViolationRow, ...]:
    with Records.open(f"sqlite:///{tmp_path_factory.mktemp('export')}/doorline.db") as records:
        known = furnish(records)
        unknown = records.start_source("run-1", source_start("b.mp4", clock=NO_CLOCK))
        records.save_violation("run-1", known, entry(violation("v-1", cleared=True), tenants=(NOODLES,)))
        records.save_violation("run-1", known, entry(ambiguous(violation("v-2", first_s=20)), tenants=(NOODLES, TOOLS)))
        records.save_violation("run-1", unknown, entry(on_public_ground(violation("v-3", start=UNKNOWN_EPOCH))))
        return records.list_violations()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def read_sheet(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    sheet = load_workbook(path)["violations"]
    lines = list(sheet.iter_rows(values_only=True))
    header = [str(title) for title in lines[0]]
    return header, [dict(zip(header, line, strict=True)) for line in lines[1:]]


def test_jsonl_has_every_field(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.jsonl"
    export_violations(rows, ExportFormat.JSONL, path, SHANGHAI)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert set(line) == {field.name for field in fields(ViolationRow)} | {"open"}
        for field in fields(ViolationRow):
            value = getattr(row, field.name)
            if isinstance(value, datetime):
                assert datetime.fromisoformat(line[field.name]) == value
            elif field.name == "box":
                assert line["box"] == [value.x_min, value.y_min, value.x_max, value.y_max]
            elif field.name == "things":
                assert line["things"][1] == [0.2, 0.3, 0.25, 0.7]
            else:
                assert line[field.name] == (list(value) if isinstance(value, tuple) else value)
    again = io.BytesIO()
    export_violations(rows, ExportFormat.JSONL, again, ZoneInfo("Europe/Paris"))
    assert again.getvalue() == path.read_bytes()


def test_csv_is_for_excel_and_loses_nothing_it_names(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    export_violations(rows, ExportFormat.CSV, path, SHANGHAI)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrun_id,")
    lines = read_csv(path)
    assert [line["violation_id"] for line in lines] == ["v-1", "v-2", "v-3"]
    first = lines[0]
    assert first["first_seen_at"] == "2024-01-31T09:42:30.750000+08:00"
    assert datetime.fromisoformat(first["cleared_at"]) == rows[0].cleared_at
    assert float(first["box_x_max"]) == rows[0].box.x_max
    assert float(first["confirmed_media_s"]) == rows[0].confirmed_media_s
    assert (first["open"], lines[1]["open"], first["complete"]) == ("false", "true", "false")
    assert lines[1]["cleared_at"] == lines[2]["first_seen_at"] == ""
    assert lines[1]["shop_codes"] == "BS-0001; BS-0002"
    assert lines[1]["shop_names"] == "面馆; =五金"
    assert lines[2]["place"] == "'=样江路口"


def test_xlsx_has_real_dates_in_the_named_zone(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.xlsx"
    export_violations(rows, ExportFormat.XLSX, path, SHANGHAI)
    header, lines = read_sheet(path)
    assert "first_seen_at (Asia/Shanghai)" in header
    assert [line["violation_id"] for line in lines] == ["v-1", "v-2", "v-3"]
    seen = lines[0]["first_seen_at (Asia/Shanghai)"]
    assert isinstance(seen, datetime)
    assert rows[0].first_seen_at is not None
    assert abs(seen.replace(tzinfo=SHANGHAI) - rows[0].first_seen_at) < timedelta(milliseconds=1)
    assert lines[2]["first_seen_at (Asia/Shanghai)"] is None
    assert lines[2]["first_seen_media_s"] == 13.5
    assert lines[0]["box_x_max"] == rows[0].box.x_max
    assert (lines[0]["open"], lines[1]["open"]) == (False, True)
    assert lines[0]["shop_names"] == "面馆"


def test_xlsx_can_be_read_at_a_glance(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.xlsx"
    export_violations(rows, ExportFormat.XLSX, path, SHANGHAI)
    sheet = load_workbook(path)["violations"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(4, sheet.max_column).coordinate}"
    assert sheet["A1"].font.bold
    header, _ = read_sheet(path)
    place = sheet.cell(4, header.index("place") + 1)
    assert sheet.column_dimensions[get_column_letter(header.index("place") + 1)].width >= 2 * len("鲜果行门前")
    assert sheet.cell(2, header.index("first_seen_at (Asia/Shanghai)") + 1).number_format == "yyyy-mm-dd hh:mm:ss"
    assert (place.value, place.data_type, place.quotePrefix) == ("=样江路口", "s", True)


@given(text=st.text(max_size=40))
def test_no_text_becomes_a_formula(rows: tuple[ViolationRow, ...], text: str) -> None:
    row = replace(rows[0], place=text, violation_id="@SUM(1)", shop_names=(f"\t{text}",))
    stream = io.BytesIO()
    export_violations((row,), ExportFormat.CSV, stream, SHANGHAI)
    assert not stream.closed
    header, cells = csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"), newline=""))
    line = dict(zip(header, cells, strict=True))
    assert not any(line[name].startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for name in ("place", "violation_id", "shop_names"))
    assert line["place"].removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("http://x")', "bell\a", "x" * 40_000, "'quoted", ""])
def test_text_that_a_sheet_cannot_hold_as_it_is(rows: tuple[ViolationRow, ...], text: str, tmp_path: Path) -> None:
    path = tmp_path / "v.xlsx"
    export_violations((replace(rows[0], place=text),), ExportFormat.XLSX, path, SHANGHAI)
    header, _ = read_sheet(path)
    cell = load_workbook(path)["violations"].cell(2, header.index("place") + 1)
    assert cell.data_type in {"s", "n"}
    if text == "bell\a":
        assert cell.value == "bell\N{REPLACEMENT CHARACTER}"
    elif len(text) > 32_767:
        assert cell.value == "x" * 32_766 + "…"
    else:
        assert cell.value == (text or None)
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_numbers_below_zero_stay_numbers(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    export_violations((replace(rows[0], first_seen_media_s=-3.5),), ExportFormat.CSV, path, SHANGHAI)
    assert read_csv(path)[0]["first_seen_media_s"] == "-3.5"


def test_streams(rows: tuple[ViolationRow, ...]) -> None:
    text = io.StringIO()
    export_violations(rows, ExportFormat.CSV, text, SHANGHAI)
    assert text.getvalue().startswith("run_id,")
    lines = io.StringIO()
    export_violations(rows, ExportFormat.JSONL, lines, SHANGHAI)
    assert len(lines.getvalue().splitlines()) == 3
    binary = io.BytesIO()
    export_violations(rows, ExportFormat.XLSX, binary, SHANGHAI)
    assert load_workbook(binary)["violations"].max_row == 4
    with pytest.raises(RecordError, match=r"xlsx is no text.*Name an output file"):
        export_violations(rows, ExportFormat.XLSX, io.StringIO(), SHANGHAI)


@pytest.mark.parametrize("form", list(ExportFormat))
def test_nothing_found_is_an_empty_table(form: ExportFormat, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"v.{form}"
    export_violations((), form, path, SHANGHAI)
    if form is ExportFormat.JSONL:
        assert path.read_bytes() == b""
    elif form is ExportFormat.CSV:
        assert read_csv(path) == []
    else:
        assert read_sheet(path)[1] == []


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_failed_export_leaves_the_old_file_and_no_part(form: ExportFormat, rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    path = tmp_path / "v.out"
    path.write_text("old", encoding="utf-8")
    broken = replace(rows[0], dwell_s=float("nan"), place=12)  # type: ignore[arg-type]  # what no format can write
    with pytest.raises((ValueError, AttributeError, TypeError)):
        export_violations((rows[0], replace(broken, shop_names=(1,))), form, path, SHANGHAI)  # type: ignore[arg-type]  # as above
    assert path.read_text(encoding="utf-8") == "old"
    assert names_in(tmp_path) == ["v.out"]


def test_a_target_that_cannot_be_written(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match=r"cannot write the export.*Nothing was written"):
        export_violations(rows, ExportFormat.CSV, tmp_path / "file" / "v.csv", SHANGHAI)
    (tmp_path / "folder").mkdir()
    with pytest.raises(RecordError, match="cannot write the export"):
        export_violations(rows, ExportFormat.CSV, tmp_path / "folder", SHANGHAI)
    assert names_in(tmp_path) == ["file", "folder"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk(rows: tuple[ViolationRow, ...], tmp_path: Path) -> None:
    (tmp_path / "v.csv.partial").symlink_to("/dev/full")
    with pytest.raises(RecordError, match="No space left"):
        export_violations(rows, ExportFormat.CSV, tmp_path / "v.csv", SHANGHAI)
    assert names_in(tmp_path) == []
