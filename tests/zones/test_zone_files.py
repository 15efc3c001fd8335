"""Faults and warnings of zone files: each named, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image as PillowImage

from pipeline.config import CameraSettings, DoorlineSettings, DwellOverride, LookSettings, RuleSettings, Suspension
from pipeline.errors import FaultsError
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.zones import OpenHours, ZoneKind
from pipeline.zones.zone_files import ZoneReport, check_zone_file, check_zones, load_zones
from tests.zones.zone_data import feature, square, write_documented_example, write_zones

BOW_TIE = [[0.2, 0.2], [0.6, 0.6], [0.6, 0.2], [0.2, 0.6]]


def shops(*codes: str, since: date | None = None, until: date | None = None) -> ShopRegistry:
    """One tenancy per code."""
    return ShopRegistry({code: (Tenancy(code, "店", "", "", "", "", "", "", since, until),) for code in codes})


def check(path: Path, registry: ShopRegistry | None = None, on: date | None = None) -> ZoneReport:
    """Check a file of the camera cam01."""
    return check_zone_file(path, camera_id="cam01", shops=registry, on=on)


def shop_zone(kind: str, code: str, vertices: Any, **properties: Any) -> dict[str, Any]:
    """A zone that belongs to a shop."""
    return feature(vertices, **{"id": f"{kind}-{code}", "kind": kind, "place": "(left out)", "shop_code": code, **properties})


def test_example_of_the_documentation_loads(tmp_path: Path) -> None:
    zones_path, _ = write_documented_example(tmp_path)
    zones = load_zones(zones_path, camera_id="towncentre", shops=shops("BS-0101", "BS-0103"), on=date(2026, 3, 2))
    assert zones.version == "2026.1-" + hashlib.sha256(zones_path.read_bytes()).hexdigest()[:12]
    assert {zone.kind for zone in zones.zones} == set(ZoneKind)
    assert zones.reference == tmp_path / "towncentre-empty.jpg"
    assert (zones.drawn_on, zones.timezone, zones.picture_aspect) == (date(2026, 3, 2), ZoneInfo("Asia/Shanghai"), 1920 / 1080)
    market = next(zone for zone in zones.zones if zone.zone_id == "night-market")
    assert market.hours == (OpenHours(frozenset(range(5)), time(18), time(23)), OpenHours(frozenset({5, 6}), time(17), time(2)))
    assert (market.valid_from, market.valid_to, market.shop_codes) == (date(2026, 5, 1), date(2026, 10, 7), ("BS-0101", "BS-0103"))


def test_version_changes_with_any_byte_of_the_file(tmp_path: Path) -> None:
    one = load_zones(write_zones(tmp_path, [feature(square(0.1, 0.1))]), camera_id="cam01", shops=None)
    other = load_zones(write_zones(tmp_path, [feature(square(0.1, 0.1))], reason="更正"), camera_id="cam01", shops=None)
    assert one.version.startswith("v1-")
    assert one.version != other.version


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (feature([[0.1, 0.1], [0.5, 0.5]]), ("'p' (1)", "too few vertices", "at least 3", "found 2")),
        (feature([[0.1, 0.1], [0.5, 0.5], [0.1, 0.1], [0.1, 0.1]]), ("too few vertices", "found 2")),
        (feature(BOW_TIE), ("crosses itself", "edges 1-2 and 3-4", "(0.4000, 0.4000)")),
        (feature([[0.1, 0.1], [0.5, 0.1], [0.5, 1.2], [0.1, 0.5]]), ("outside the picture", "0..1", "(0.5, 1.2)")),
        (feature([[100, 100], [900, 100], [900, 700]]), ("look like pixels", "(100, 100)", "Divide x by the width")),
        (feature([[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]), ("without area",)),
        (feature([[0.1, 0.1], [0.1005, 0.1], [0.1, 0.1005]]), ("without area",)),
        (feature([[0.1, 0.1], [0.5, "0.1"], [0.5, 0.5]]), ("vertex 2 is no point", "two numbers", "'0.1'")),
        (feature([[0.1, 0.1], [0.5, 0.1, 3.0], [0.5, 0.5]]), ("vertex 2 is no point",)),
        (feature([[0.1, 0.1], [True, 0.1], [0.5, 0.5]]), ("vertex 2 is no point",)),
        (feature(None), ("no vertices",)),
        (feature(square(0.1, 0.1), kind="pavement"), ("unknown kind", "public", "'pavement'")),
        (feature(square(0.1, 0.1), kind="publik"), ("unknown kind", "Did you mean 'public'?")),
        (feature(square(0.1, 0.1), shopcode="S1"), ("unknown property 'shopcode'", "Did you mean 'shop_code'?")),
        (feature(square(0.1, 0.1), id="(left out)"), ("'?' (1)", "id is missing")),
        (feature(square(0.1, 0.1), place="(left out)"), ("public zone without place",)),
        (feature(square(0.1, 0.1), place=7), ("place is wrong", "string", "found 7")),
        (feature(square(0.1, 0.1), kind="frontage"), ("frontage zone without shop_code",)),
        (feature(square(0.1, 0.1), kind="shopfront"), ("shopfront zone without shop_code",)),
        (feature(square(0.1, 0.1), shop_code="S1"), ("shop_code on a public zone",)),
        (feature(square(0.1, 0.1), hours=[{"days": "daily", "opens": "08:00", "closes": "09:00"}]), ("hours on a public zone",)),
        (feature(square(0.1, 0.1), smallest_thing=12), ("smallest_thing", "less than or equal to 1", "found 12")),
        ({**feature(square(0.1, 0.1)), "id": "x"}, ("unknown member 'id'", 'Move it into "properties"')),
        ({**feature(square(0.1, 0.1)), "geometry": None}, ("not a polygon", "no geometry")),
        ({**feature(square(0.1, 0.1)), "geometry": {"type": "Point", "coordinates": [0, 0]}}, ("not a polygon", "'Point'")),
        ({**feature(square(0.1, 0.1)), "properties": None}, ("no properties",)),
        ({**feature(square(0.1, 0.1)), "type": "feature"}, ("not a feature",)),
        ("feature", ("(1): not a feature", "found str")),
    ],
)
def test_fault_of_a_feature(tmp_path: Path, changed: Any, words: tuple[str, ...]) -> None:
    path = write_zones(tmp_path, [changed])
    with pytest.raises(FaultsError) as caught:
        load_zones(path, camera_id="cam01", shops=None)
    line = " / ".join(caught.value.faults)
    assert line.startswith(str(path))
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"days": "daily", "opens": "8:00", "closes": "09:00"}, ("hours.0.opens", '"18:00"', "'8:00'")),
        ({"days": "daily", "opens": "18:00", "closes": "25:00"}, ("hours.0.closes", "'25:00'")),
        ({"days": "daily", "opens": "18:00", "closes": "18:00"}, ("opens and closes at the same time", "00:00 to 24:00")),
        ({"days": "weekday", "opens": "18:00", "closes": "20:00"}, ("hours.0.days", "no weekday: 'weekday'", "mon-fri")),
        ({"days": [], "opens": "18:00", "closes": "20:00"}, ("hours.0.days", "daily")),
        ({"days": [1], "opens": "18:00", "closes": "20:00"}, ("hours.0.days", "no weekday: 1")),
        ({"days": "daily", "opens": "18:00"}, ("hours.0.closes is missing",)),
        ({"days": "daily", "opens": "18:00", "close": "20:00"}, ("unknown property 'hours.0.close'",)),
        ("18:00-20:00", ("hours.0",)),
    ],
)
def test_malformed_hours(tmp_path: Path, hours: Any, words: tuple[str, ...]) -> None:
    report = check(write_zones(tmp_path, [feature(square(0.1, 0.1)), feature(square(0.5, 0.5), id="m", kind="permitted", hours=[hours])]))
    line = " / ".join(report.faults)
    assert "feature 'm' (2)" in line
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize(
    ("days", "expected"),
    [("daily", set(range(7))), ("mon-fri", set(range(5))), ("sat-mon", {5, 6, 0}), (["wed", "sat-sun"], {2, 5, 6}), ("tue", {1})],
)
def test_weekdays(tmp_path: Path, days: Any, expected: set[int]) -> None:
    hours = [{"days": days, "opens": "00:00", "closes": "24:00"}]
    zones = load_zones(write_zones(tmp_path, [feature(square(0.1, 0.1), kind="permitted", hours=hours)]), camera_id="cam01", shops=None)
    assert zones.zones[0].hours == (OpenHours(frozenset(expected), time(0), time(0)),)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"camera_id": "cam02"}, ("zones of another camera", "expected 'cam01'", "found 'cam02'")),
        ({"author": ""}, ("author is wrong",)),
        ({"drawn_on": "2026/3/2"}, ("drawn_on", "2024-01-31", "'2026/3/2'")),
        ({"drawn_on": "2026-02-30"}, ("drawn_on",)),
        ({"version": "v 1"}, ("version",)),
        ({"picture_px": [1920]}, ("picture_px",)),
        ({"picture_px": [0, 1080]}, ("picture_px.0",)),
        ({"timezone": "Asia/Shanghia"}, ("timezone", "no such time zone", "Asia/Shanghai")),
        ({"timezone": "../Asia"}, ("timezone", "no such time zone")),
        ({"reference": "empty.jpg"}, ("reference picture is missing", "empty.jpg", "null")),
        ({"autor": "x"}, ("unknown property 'autor'", "Did you mean 'author'?")),
    ],
)
def test_fault_of_the_metadata(tmp_path: Path, changes: dict[str, Any], words: tuple[str, ...]) -> None:
    line = " / ".join(check(write_zones(tmp_path, [feature(square(0.1, 0.1))], **changes)).faults)
    assert ": doorline: " in line
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("geojson:1: not valid JSON",)),
        (b'{"type":\n "FeatureCollection",\n]', (":3: not valid JSON", "column")),
        (b"[]", ("not a zone file", "FeatureCollection", "found list")),
        (b'{"type": "Feature"}', ("not a zone file", "'Feature'")),
        (b'{"type": "FeatureCollection", "type": "x"}', ("not valid JSON", "'type' twice")),
        (b'{"type": "FeatureCollection", "features": [NaN]}', ("not valid JSON", "NaN")),
        (b"[" * 100_000, ("not valid JSON",)),
        ("区".encode("gb18030"), ("can't be read", "UTF-8")),
        (b'{"type": "FeatureCollection"}', ('no object "doorline"', "no features", "found NoneType")),
        (b'{"type": "FeatureCollection", "features": [], "crs": {}}', ("unknown member 'crs'", "no coordinate system")),
    ],
)
def test_files_that_are_no_zone_files(tmp_path: Path, content: bytes, words: tuple[str, ...]) -> None:
    path = tmp_path / "cam01.geojson"
    path.write_bytes(content)
    line = " / ".join(check(path).faults)
    assert line.startswith(str(path))
    assert [word for word in words if word not in line] == []


def test_missing_file_is_one_line(tmp_path: Path) -> None:
    report = check(tmp_path / "none.geojson")
    assert len(report.faults) == 1
    assert "none.geojson: cannot read zones; found No such file" in report.faults[0]


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    features = [
        feature(BOW_TIE, id="a"),
        feature(square(0.1, 0.1), id="b", kind="pubic"),
        feature(square(0.1, 0.1), id="c"),
        feature(square(0.5, 0.5), id="c", colour="red"),
        feature(square(0.5, 0.5), id="c"),
        shop_zone("frontage", "S9", square(0.7, 0.7)),
    ]
    report = check(write_zones(tmp_path, features, camera_id="cam07", autor="x"), shops("S1"))
    wanted = [
        "unknown property 'autor'",
        "'a' (1): the ring crosses",
        "'b' (2): unknown kind",
        "'c' (4): unknown property",
        "'c' (5): an id that is used twice",
    ]
    wanted.append("'frontage-S9' (6): unknown shop code; expected a code of the shop list; found 'S9'")
    assert [word for word in wanted if not any(word in fault for fault in report.faults)] == []
    assert report.cameras == ()


def test_unknown_shop_code_names_the_closest(tmp_path: Path) -> None:
    report = check(write_zones(tmp_path, [shop_zone("frontage", "BS-O101", square(0.1, 0.1))]), shops("XH-7777", "BS-0101"))
    assert "Did you mean 'BS-0101'?" in report.faults[0]


def test_unknown_shop_codes_of_a_permitted_zone(tmp_path: Path) -> None:
    permitted = feature(square(0.5, 0.5), id="m", kind="permitted", shop_codes=["S1", "S2"])
    report = check(write_zones(tmp_path, [permitted]), shops("S1"))
    assert [fault for fault in report.faults if "'m' (1): unknown shop code" in fault and "found 'S2'" in fault] == list(report.faults)


@pytest.mark.parametrize(("overlap", "refused"), [(0.0, False), (0.018, False), (0.03, True), (1.0, True)])
def test_shopfronts_may_not_overlap_beyond_the_tolerance(tmp_path: Path, overlap: float, refused: bool) -> None:
    fronts = [shop_zone("shopfront", "S1", square(0.1, 0.1)), shop_zone("shopfront", "S2", square(0.1 + 0.2 * (1 - overlap), 0.1))]
    report = check(write_zones(tmp_path, [*fronts, feature(square(0.6, 0.6))]), shops("S1", "S2"))
    assert any("shopfronts overlap" in fault and "'shopfront-S2' (2)" in fault for fault in report.faults) is refused
    assert bool(report.cameras) is not refused


def test_warnings_leave_the_camera_watched(tmp_path: Path) -> None:
    features = [
        shop_zone("shopfront", "S1", square(0.1, 0.1)),
        shop_zone("frontage", "S1", square(0.7, 0.7)),
        shop_zone("frontage", "S2", square(0.75, 0.7), id="f2"),
        shop_zone("shopfront", "S3", square(0.4, 0.1)),
    ]
    report = check(write_zones(tmp_path, features), shops("S1", "S2", "S3", until=date(2026, 1, 31)), on=date(2026, 2, 1))
    wanted = (
        "S1 has no tenant on 2026-02-01",
        "does not touch the front of shop S1",
        "frontages overlap, with feature 'f2' (3)",
        "S3 has a front but no",
    )
    assert report.faults == ()
    assert [word for word in wanted if not any(word in warning for warning in report.warnings)] == []
    assert len(report.cameras[0].zones) == 4


def test_tenant_on_the_day_gives_no_warning(tmp_path: Path) -> None:
    path = write_zones(tmp_path, [shop_zone("frontage", "S1", square(0.1, 0.1))])
    assert check(path, shops("S1", until=date(2026, 1, 31)), on=date(2026, 1, 31)).warnings == ()


def test_zones_that_watch_nothing(tmp_path: Path) -> None:
    only_front = [shop_zone("shopfront", "S1", square(0.1, 0.1))]
    hidden = [feature(square(0.2, 0.2)), feature(square(0.1, 0.1, 0.5), id="i", kind="ignore", place="(left out)")]
    for features in ([], only_front, hidden):
        assert "watch nothing" in check(write_zones(tmp_path, features)).faults[0]


def test_reference_picture(tmp_path: Path) -> None:
    def faults(write: Callable[[Path], Any]) -> tuple[str, ...]:
        write(tmp_path / "empty.png")
        return check(write_zones(tmp_path, [feature(square(0.1, 0.1))], reference="empty.png")).faults

    assert faults(lambda path: PillowImage.new("RGB", (960, 540)).save(path)) == ()
    assert "another shape; expected 1920x1080" in faults(lambda path: PillowImage.new("RGB", (704, 576)).save(path))[0]
    assert "can't be read" in faults(lambda path: path.write_text("no picture"))[0]
    whole = (tmp_path / "whole.png").open("wb")
    with whole:
        PillowImage.effect_noise((960, 540), 50).save(whole, format="png")
    assert "can't be read" in faults(lambda path: path.write_bytes((tmp_path / "whole.png").read_bytes()[:9000]))[0]


def test_byte_order_mark_closed_ring_null_and_rounding_are_accepted(tmp_path: Path) -> None:
    ring = [[0.0, 0.0], [1.0 + 1e-9, 0.0], [1.0, 1.0], [1.0, 1.0], [-1e-9, 1.0], [0.0, 0.0]]
    path = write_zones(tmp_path, [feature(ring, shop_code=None, hours=None)])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    zone = load_zones(path, camera_id="cam01", shops=None).zones[0]
    assert list(zone.polygon.exterior.coords) == [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]


def test_holes_are_refused_with_a_way_out(tmp_path: Path) -> None:
    holed = feature(square(0.1, 0.1))
    holed["geometry"]["coordinates"].append(square(0.15, 0.15, 0.05))
    assert (
        "a polygon with holes; expected one ring; found 2 rings. Draw a fixture or ignore zone"
        in check(write_zones(tmp_path, [holed])).faults[0]
    )


def test_whole_configuration_is_checked_at_once(tmp_path: Path) -> None:
    good = write_zones(tmp_path, [shop_zone("frontage", "S1", square(0.1, 0.1))])
    bad = write_zones(tmp_path, [feature(BOW_TIE)], name="cam02.geojson", camera_id="cam02")
    shop_list = tmp_path / "shops.csv"
    shop_list.write_text("code,name\n")
    cameras = (
        CameraSettings(id="cam01", zones=good),
        CameraSettings(id="cam02", zones=bad),
        CameraSettings(id="cam03", zones=tmp_path / "none"),
    )
    report = check_zones(DoorlineSettings(cameras=cameras, shops=shop_list))
    assert [
        word
        for word in ("shops.csv:1: missing columns", "cam02.geojson: feature 'p' (1)", "none: cannot read")
        if word not in "\n".join(report.faults)
    ] == []
    assert [zones.camera_id for zones in report.cameras] == ["cam01"]


def test_configuration_without_shops_or_with_another_time_zone_is_warned_of(tmp_path: Path) -> None:
    path = write_zones(tmp_path, [shop_zone("frontage", "S1", square(0.1, 0.1))])
    settings = DoorlineSettings(cameras=(CameraSettings(id="cam01", zones=path),), looks=LookSettings(timezone="Asia/Urumqi"))
    warnings = check_zones(settings).warnings
    assert [
        word
        for word in ("shop codes can't be checked", "Asia/Shanghai here, Asia/Urumqi in looks.timezone")
        if word not in "\n".join(warnings)
    ] == []


def test_rules_that_name_shops_streets_or_grades_that_do_not_exist(tmp_path: Path) -> None:
    zones_path, shops_path = write_documented_example(tmp_path)
    begins = datetime(2026, 7, 1, tzinfo=UTC)
    permit = Suspension(
        since=begins, until=begins + timedelta(days=1), reason="备案", shop_codes=("BS-0101", "BS-103"), streets=("样谊路街道", "样谊街")
    )
    rules = RuleSettings(
        suspensions=(permit,), overrides=(DwellOverride(grade="D", street="样江路"), DwellOverride(grade="A", street="北街"))
    )
    camera = CameraSettings(id="towncentre", zones=zones_path, street="样江路")
    report = check_zones(DoorlineSettings(cameras=(camera,), shops=shops_path, rules=rules))
    assert report.faults == (
        "rules.suspensions.0: unknown shop code; expected a code of the shop list; found 'BS-103'. Did you mean 'BS-0103'?",
    )
    assert [warning.split(". ")[0] for warning in report.warnings] == [
        "rules.suspensions.0: a street of no camera and no shop; found '样谊街'",
        "rules.overrides.1: a street of no camera and no shop; found '北街'",
        "rules.overrides.0: a grade that no shop can have; expected A, B, C; found 'D'",
    ]
