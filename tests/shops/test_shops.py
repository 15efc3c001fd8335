"""zones/shops.csv: what loads, and every fault by line."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import FaultsError
from pipeline.shops import COLUMNS, ShopRegistry, load_shops
from tests.zones.zone_data import DOCS, example

HEADER = ",".join(COLUMNS)
ROW = "S1,面馆,样台路218号,样谊路,一中队,餐饮,B,138,2020-01-01,2025-12-31"


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A shop list of these lines."""
    path = folder / "shops.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def faults(folder: Path, *lines: str) -> tuple[str, ...]:
    """The faults of these lines."""
    with pytest.raises(FaultsError) as caught:
        load_shops(write(folder, *lines))
    return caught.value.faults


def test_example_of_the_documentation(tmp_path: Path) -> None:
    path = tmp_path / "shops.csv"
    path.write_text(example("shops.md", "csv"), encoding="utf-8")
    registry = load_shops(path)
    assert list(registry.tenancies) == ["BS-0101", "BS-0103"]
    assert [tenancy.name for tenancy in registry.tenancies["BS-0101"]] == ["兰州牛肉面", "永和豆浆"]
    assert registry.tenancies["BS-0103"][0].address == "样台路220号, 一楼"
    assert "BS-0101" in registry
    assert "BS-0102" not in registry


def test_every_column_is_documented() -> None:
    page = (DOCS / "shops.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 5, 31), None),
        (date(2019, 6, 1), "兰州牛肉面"),
        (date(2025, 12, 31), "兰州牛肉面"),
        (date(2026, 1, 1), None),
        (date(2026, 1, 15), "永和豆浆"),
        (date(2199, 1, 1), "永和豆浆"),
        (None, None),
    ],
)
def test_tenant_of_the_day(tmp_path: Path, day: date | None, name: str | None) -> None:
    path = tmp_path / "shops.csv"
    path.write_text(example("shops.md", "csv"), encoding="utf-8")
    tenancy = load_shops(path).tenant_on("BS-0101", day)
    assert (tenancy.name if tenancy else None) == name


def test_unknown_day_names_the_only_tenant(tmp_path: Path) -> None:
    tenancy = load_shops(write(tmp_path, HEADER, ROW)).tenant_on("S1", None)
    assert tenancy is not None
    assert tenancy.name == "面馆"
    assert load_shops(write(tmp_path, HEADER, ROW)).tenant_on("S2", None) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_encodings_that_district_offices_export(tmp_path: Path, encoding: str) -> None:
    registry = load_shops(write(tmp_path, HEADER, ROW, ",,,,,,,,,", "", encoding=encoding))
    (tenancy,) = registry.tenancies["S1"]
    assert (tenancy.name, tenancy.squad, tenancy.grade) == ("面馆", "一中队", "B")
    assert (tenancy.since, tenancy.until) == (date(2020, 1, 1), date(2025, 12, 31))


def test_columns_in_any_order_spaces_and_line_breaks_in_cells(tmp_path: Path) -> None:
    (tenancy,) = load_shops(write(tmp_path, ",".join(reversed(COLUMNS)), ',,,A,,,,"样台路\n218号", 面馆\u3000一店 , S1 ')).tenancies["S1"]
    assert (tenancy.code, tenancy.name, tenancy.address, tenancy.grade, tenancy.since) == ("S1", "面馆 一店", "样台路 218号", "A", None)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            (HEADER.replace("grade", "garde"), ROW),
            ("shops.csv:1: unknown column 'garde'", "Did you mean 'grade'?", "shops.csv:1: missing column grade"),
        ),
        (("code,name", "S1,店"), ("missing columns address, street, squad",)),
        ((HEADER + ",code", ROW + ",S1"), ("column 'code' is there 2 times",)),
        ((HEADER.replace(",", ";"), ROW), ("not separated by commas", "found code;name")),
        (("",), ("no header",)),
        ((HEADER,), ("no shop in the list",)),
        ((HEADER, "S1,店,路1号, 一楼,,,,,,,"), ("shops.csv:2: wrong number of columns; expected 10; found 11", "double quotes")),
        ((HEADER, "S1,店"), (":2: wrong number of columns; expected 10; found 2",)),
        ((HEADER, ",店,,,,,,,,"), (":2: shop '': code is empty",)),
        ((HEADER, "S1,,,,,,,,,"), (":2: shop 'S1': name is empty",)),
        ((HEADER, "S 1,店,,,,,,,,"), ("a space in a shop code",)),
        ((HEADER, "3.1E+11,店,,,,,,,,"), ("a spreadsheet has rounded",)),
        ((HEADER, "S1,店,,,,,D,,,"), ("unknown grade; expected A, B, C or empty; found 'D'",)),
        ((HEADER, "S1,店,,,,,,,2024/1/5,"), ("since is no date", "found '2024/1/5'", "Write 2024-01-05")),
        ((HEADER, "S1,店,,,,,,,,2024-02-30"), ("until is no date", "YYYY-MM-DD")),
        ((HEADER, "S1,店,,,,,,,2024-02-02,2024-02-01"), ("ends before it begins",)),
        ((HEADER, "S1,店\x07,,,,,,,,"), ("name holds characters",)),
        ((HEADER, 'S1,"店,,,,,,,,'), ("not a row of a CSV file", "never closed")),
    ],
)
def test_fault(tmp_path: Path, lines: tuple[str, ...], words: tuple[str, ...]) -> None:
    found = "\n".join(faults(tmp_path, *lines))
    assert [word for word in words if word not in found] == []


def test_line_numbers_count_lines_of_the_file(tmp_path: Path) -> None:
    found = faults(tmp_path, HEADER, 'S1,店,"路\n1号",,,,,,,', "", "S2,,,,,,,,,")
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in found] == ["5"]


def test_all_faults_at_once_also_overlaps(tmp_path: Path) -> None:
    found = faults(
        tmp_path, HEADER, "S1,甲,,,,,,,,2024-06-30", "S1,乙,,,,,,,2024-06-30,", "S2,丙,,,,,X,,,", "S1,丁,,,,,,,2024-07-01,2024-07-31"
    )
    assert len(found) == 3
    assert ":4: shop 'S2': unknown grade" in found[0]
    assert ":3: shop 'S1': two tenants at once, the other (甲) on line 2" in found[1]
    assert "from 2024-06-30 to 2024-06-30" in found[1]
    assert ":5: shop 'S1': two tenants at once, the other (乙) on line 3" in found[2]


def test_text_in_no_known_encoding_and_damaged_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, *(ROW.replace("S1", f"S{index}") for index in range(20)))
    whole = path.read_bytes()
    path.write_bytes(whole.replace("面".encode(), "面".encode()[:2], 1))
    with pytest.raises(FaultsError, match="UTF-8 or GB18030"):
        load_shops(path)
    path.write_bytes(b"\xff\xfe" + HEADER.encode("utf-16-le"))
    with pytest.raises(FaultsError):
        load_shops(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as caught:
        load_shops(tmp_path / "none.csv")
    assert "none.csv: cannot read the shop list; found No such file or directory" in caught.value.faults[0]


def test_closest_code() -> None:
    registry = ShopRegistry({"BS-0101": (), "XH-2203": ()})
    assert registry.closest_code("BS0101") == "BS-0101"
    assert registry.closest_code("?") is None


words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=8)
tenancies: st.SearchStrategy[dict[str, str]] = st.fixed_dictionaries(
    {name: words | st.just("") for name in ("address", "street", "squad", "trade", "contact")}
) | st.just({})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    codes=st.lists(st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True), min_size=1, max_size=6, unique=True),
    names=st.lists(words, min_size=6, max_size=6),
    cells=tenancies,
)
def test_round_trip(tmp_path: Path, codes: list[str], names: list[str], cells: dict[str, str]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows({"code": code, "name": name, **cells} for code, name in zip(codes, names, strict=False))
    registry = load_shops(write(tmp_path, text.getvalue()))
    assert list(registry.tenancies) == codes
    for code, name in zip(codes, names, strict=False):
        (tenancy,) = registry.tenancies[code]
        assert (tenancy.name, tenancy.address, tenancy.contact) == (name, cells.get("address", ""), cells.get("contact", ""))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(content=st.binary(max_size=200) | st.text(max_size=60).map(lambda text: f"{HEADER}\n{text}".encode()))
def test_any_bytes_give_shops_or_faults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shops.csv"
    path.write_bytes(content)
    try:
        count = len(load_shops(path).tenancies)
    except FaultsError as err:
        count = len(err.faults)
    assert count >= 1
