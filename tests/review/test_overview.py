"""The overview and its export: one set of figures, whichever way it is looked at."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.review.overview_figures import overview_of
from pipeline.review.overview_page import _round_up
from tests.review.asking import Person
from tests.review.street import Street


def text(street: Street, key: str, **values: object) -> str:
    return street.console.wording.of(street.console.settings.review.language)(key, **values)


@pytest.fixture
def decided(street: Street) -> Street:
    ren = Person(street, "ren")
    ren.step("0000c0ffee", "confirm")
    ren.step("0001c0ffee", "reject", reason="passer_by")
    ren.step("0002c0ffee", "confirm", shop_code="BS-0002")
    return street


def book(street: Street, name: str = "ren", days: int = 30) -> dict[str, list[tuple[Any, ...]]]:
    answer = Person(street, name).get(f"/overview.xlsx?days={days}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    opened = load_workbook(io.BytesIO(answer.content))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in opened}


def heads_of(street: Street, sheets: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    return {row[0]: row[1] for row in sheets[text(street, "overview.summary")][1:]}


def test_the_tables_say_what_the_page_says(decided: Street) -> None:
    sheets = book(decided)
    heads = dict(sheets[text(decided, "overview.summary")][1:])
    page = re.sub(r"\s+", " ", html.unescape(Person(decided, "ren").get("/overview?days=30").text))
    shown = dict(re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]*)</dd>", page))
    assert shown[text(decided, "overview.cases")] == str(heads[text(decided, "overview.cases")]) == "4"
    assert shown[text(decided, "overview.waiting")] == str(heads[text(decided, "overview.waiting")]) == "1"
    assert shown[text(decided, "overview.right")] == f"{heads[text(decided, 'overview.right')]:.0%}".replace("%", " %") == "67 %"
    assert (heads[text(decided, "overview.decided")], heads[text(decided, "overview.confirmed_cases")]) == (3, 2)
    assert text(decided, "overview.right_of", confirmed=2, decided=3) in page
    for key in ("by_day", "by_hour"):
        rows = sheets[text(decided, f"overview.{key}")][1:]
        assert sum(int(str(number)) for _, number in rows) == 4
    table = dict(re.findall(r'<tr><th scope="row">(\d\d-\d\d)</th><td>(\d+)</td></tr>', page))
    assert table == {str(day)[5:]: str(number) for day, number in sheets[text(decided, "overview.by_day")][1:]}
    assert len(table) == 30
    assert sheets[text(decided, "overview.by_kind")][1:] == [(text(decided, "kind.beyond_shopfront"), 4, 3, 2, 0.6667)]
    assert sheets[text(decided, "overview.by_camera")][1:] == [("路口", "cam01", 4, 3, 2, 0.6667)]
    assert sheets[text(decided, "overview.rejections")][1:] == [(text(decided, "reason.reject.passer_by"), 1)]
    assert {(row[1], row[2]) for row in sheets[text(decided, "overview.shops")][1:]} == {("BS-0001", 1), ("BS-0002", 1)}
    assert sheets[text(decided, "overview.by_weekday")][1:] == [(text(decided, "weekday.2"), "09:00", 4)]
    assert f'title="{text(decided, "weekday.2")} 09:00{text(decided, "list.colon")}4"' in page


def test_csv_holds_the_same_parts(decided: Street) -> None:
    answer = Person(decided, "ren").get("/overview.csv?days=7")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    titles = [row[0] for before, row in zip([[], *rows], rows, strict=False) if not before and row]
    assert titles == list(book(decided, days=7))
    assert [text(decided, "kind.beyond_shopfront"), "4", "3", "2", "0.6667"] in rows
    assert ["=五金", "BS-0002", "1"] not in rows, "what a spreadsheet would take for a formula is made harmless"
    assert ["'=五金", "BS-0002", "1"] in rows


def test_an_export_is_written_down_and_a_squad_gets_its_own(decided: Street) -> None:
    ou = Person(decided, "ou")
    ou.get("/overview.csv?days=7")
    (row,) = [row for row in decided.records.accounts.list_audit(account="ou") if row.did == "overview/exported"]
    assert dict(row.detail) == {"days": 7, "cases": 4}
    assert heads_of(decided, book(decided, "other"))[text(decided, "overview.cases")] == 0
    assert heads_of(decided, book(decided, "qiu"))[text(decided, "overview.cases")] == 2
    assert Person(decided).client.get("/overview.csv", follow_redirects=False).status_code == 303
    assert Person(decided, "ren").get("/overview.pdf").status_code == 422
    assert Person(decided, "ren").get("/overview.csv?days=0").status_code == 422


def test_long_periods_are_told_by_the_week_and_lose_nothing(decided: Street) -> None:
    ren = decided.records.accounts.find("ren")
    assert ren is not None
    for days in (1, 7, 92, 93, 94, 365, 3660):
        figures = overview_of(decided.console, ren, days)
        assert sum(number for _, number in figures.by_day) == 4
        assert sum(figures.by_hour) == sum(map(sum, figures.by_weekday)) == 4
        assert figures.by_day[0][0] == figures.first
        assert figures.last == date(2024, 1, 31)
        assert len(figures.by_day) == (days if days <= 93 else -(-days // 7))


@pytest.mark.parametrize(
    ("number", "top"), [(0, 1), (1, 1), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (61, 100), (999, 1000), (1001, 2000)]
)
def test_scales_end_at_round_numbers(number: int, top: int) -> None:
    assert _round_up(number) == top
