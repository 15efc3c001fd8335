"""A draft becomes a file in one fixed form, and loading it gives the zones that were drawn."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.zones.zone_faults import FaultCode
from pipeline.zones.zone_files import CheckedZones, check_zone_bytes
from pipeline.zones.zone_writing import (
    DIGITS,
    MOST_FEATURES,
    MOST_VERTICES,
    DraftError,
    ZoneDraft,
    author_version,
    next_version,
    read_draft,
    write_zones,
)
from tests.zones.test_zone_files import BOW_TIE
from tests.zones.test_zone_properties import simple_rings
from tests.zones.zone_data import Vertices, feature, square

TODAY = date(2026, 7, 1)
MARKET = feature(
    square(0.5, 0.5),
    id="m",
    kind="permitted",
    name="夜市",
    place="",
    hours=[{"days": ["sat", "sun"], "opens": "17:00", "closes": "02:00"}],
    valid_from="2026-05-01",
    valid_to=None,
    shop_codes=["S1"],
    smallest_thing=0.05,
)


def draft(*features: Any, **changes: Any) -> ZoneDraft:
    """As a page would send it."""
    whole = ZoneDraft(tuple(features), [1920, 1080], "Asia/Shanghai", "2026.2", "门口外移", "", "")
    return replace(whole, **changes)


def written(given: ZoneDraft) -> bytes:
    return write_zones(given, camera_id="cam01", author="李敏", drawn_on=TODAY).raw


def checked(given: ZoneDraft) -> CheckedZones:
    return check_zone_bytes(written(given), Path("cam01.geojson"), camera_id="cam01", shops=None)


def test_a_file_is_written_for_people_and_programs_alike() -> None:
    text = written(draft(MARKET, feature(square(0.1, 0.1), shop_code=None), reference="empty.jpg")).decode()
    assert text == (
        """{
  "type": "FeatureCollection",
  "doorline": {
    "camera_id": "cam01",
    "version": "2026.2",
    "author": "李敏",
    "drawn_on": "2026-07-01",
    "reason": "门口外移",
    "reference": "empty.jpg",
    "picture_px": [1920, 1080],
    "timezone": "Asia/Shanghai"
  },
  "features": [
    {"type": "Feature", "properties": {"id": "p", "kind": "public", "place": "人行道"}, "geometry": {"type": "Polygon", "coordinates": """
        """[[[0.1, 0.1], [0.3, 0.1], [0.3, 0.3], [0.1, 0.3], [0.1, 0.1]]]}},
    {"type": "Feature", "properties": {"id": "m", "kind": "permitted", "name": "夜市", """
        """"hours": [{"days": ["sat", "sun"], "opens": "17:00", "closes": "02:00"}], "valid_from": "2026-05-01", """
        """"shop_codes": ["S1"], "smallest_thing": 0.05}, "geometry": {"type": "Polygon", "coordinates": """
        """[[[0.5, 0.5], [0.7, 0.5], [0.7, 0.7], [0.5, 0.7], [0.5, 0.5]]]}}
  ]
}
"""
    )


def test_within_a_kind_zones_stay_in_the_order_in_which_they_were_drawn() -> None:
    kinds = ["public", "ignore", "public", "fixture", "ignore"]
    features = [feature(square(0.1 * number, 0.1, 0.05), id=f"z{number}", kind=kind) for number, kind in enumerate(kinds)]
    names = [each["properties"]["id"] for each in json.loads(written(draft(*features)))["features"]]
    assert names == ["z0", "z2", "z3", "z1", "z4"]


@pytest.mark.parametrize("features", [(), (feature(square(0.1, 0.1)),), (MARKET, feature(square(0.1, 0.1)))])
def test_writing_what_was_loaded_changes_nothing(features: tuple[Any, ...]) -> None:
    raw = written(draft(*features))
    assert written(draft(*json.loads(raw)["features"])) == raw


@settings(deadline=None, max_examples=80)
@given(rings=st.lists(simple_rings(), min_size=1, max_size=6))
def test_simple_polygons_come_back_as_they_were_drawn(rings: list[Vertices]) -> None:
    kinds = ["frontage", "public", "fixture", "permitted"]
    features = []
    for index, ring in enumerate(rings):
        kind = kinds[index % 4] if index else "public"
        features.append(feature(ring, id=f"z{index}", kind=kind, **({"shop_code": f"S{index}", "place": ""} if kind == "frontage" else {})))
    found = checked(draft(*features))
    assert found.faults == ()
    assert found.zones is not None
    zones = {zone.zone_id: zone for zone in found.zones.zones}
    for index, ring in enumerate(rings):
        zone = zones[f"z{index}"]
        rounded = [(round(x, DIGITS), round(y, DIGITS)) for x, y in ring]
        opened = rounded[:-1] if rounded[0] == rounded[-1] else rounded
        # Vertices that fall together by rounding are one.
        apart = [vertex for number, vertex in enumerate(opened) if number == 0 or vertex != opened[number - 1]]
        assert list(zone.polygon.exterior.coords)[:-1] == apart
        assert zone.kind.value == features[index]["properties"]["kind"]


def test_edges_that_were_snapped_together_stay_together() -> None:
    edge = [[1 / 3, 0.2], [1 / 3, 0.6]]
    left = feature([[0.1, 0.2], *edge, [0.1, 0.6]], id="l", kind="shopfront", place="", shop_code="S1")
    right = feature([*edge, [2 / 3, 0.6], [2 / 3, 0.2]], id="r", kind="shopfront", place="", shop_code="S2")
    found = checked(draft(left, right, feature(square(0.7, 0.7), id="w")))
    assert found.zones is not None
    assert found.zones.zones[0].polygon.intersection(found.zones.zones[1].polygon).area == 0


def test_faults_are_told_by_the_place_in_the_draft() -> None:
    features = [
        feature(BOW_TIE, id="ignored", kind="ignore", place=""),
        feature(square(0.1, 0.1), id="good"),
        feature(square(0.4, 0.1), id="front", kind="shopfront", place=""),
        "not a feature",
    ]
    whole = write_zones(draft(*features), camera_id="cam01", author="李敏", drawn_on=TODAY)
    found = check_zone_bytes(whole.raw, Path("cam01.geojson"), camera_id="cam01", shops=None)
    told = {(fault.code, fault.number, fault.feature_id) for fault in map(whole.of_draft, found.faults)}
    assert told == {
        (FaultCode.CROSSES_ITSELF, 1, "ignored"),
        (FaultCode.NO_SHOP_CODE, 3, "front"),
        (FaultCode.NOT_A_FEATURE, 4, None),
    }


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "kind", "properties", "geometry", "coordinates", "hours"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(deadline=None, max_examples=150)
@given(features=st.lists(ANYTHING, max_size=4), version=ANYTHING, reason=ANYTHING, picture_px=ANYTHING, timezone=ANYTHING)
def test_whatever_a_draft_holds_there_is_a_file_to_check(features: list[Any], **metadata: Any) -> None:
    given = draft(*features, feature(square(0.1, 0.1)), **metadata)
    found = checked(given)
    assert found.zones is not None or found.faults


# --- drafts ------------------------------------------------------------------------------------------------


def test_a_draft_is_read_as_the_page_sends_it() -> None:
    sent = {
        "base_sha256": "ab",
        "picture_px": [4, 3],
        "timezone": "UTC",
        "version": "1",
        "reason": "r",
        "reference": "latest",
        "features": [],
    }
    assert read_draft(json.dumps(sent)) == ZoneDraft((), [4, 3], "UTC", "1", "r", "latest", "ab")
    assert read_draft('{"features": []}') == ZoneDraft((), None, None, None, None, "keep", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": 7}',
        '{"features": [NaN]}',
        '{"features": [1e999]}',
        "[" * 100_000,
        json.dumps({"features": [1] * (MOST_FEATURES + 1)}),
        json.dumps({"features": [feature([[0.1, 0.1]] * (MOST_VERTICES + 1))]}),
    ],
)
def test_what_is_no_draft_is_refused(text: str) -> None:
    with pytest.raises(DraftError):
        read_draft(text)


# --- versions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "known", "proposed"),
    [
        ("2026.1", (), "2026.2"),
        ("2026.9", ("2026.10", "2026.11"), "2026.12"),
        ("2025.7", (), "2026.1"),
        ("2025.7", ("2026.1",), "2026.2"),
        ("1", (), "2026-07-01.1"),
        ("", (), "2026-07-01.1"),
        ("v2026.1", ("2026-07-01.1", "2026-07-01.2"), "2026-07-01.3"),
        ("2026-06-30.4", (), "2026-07-01.1"),
    ],
)
def test_the_next_version_is_one_that_nobody_has_used(present: str, known: tuple[str, ...], proposed: str) -> None:
    assert next_version(present, known, TODAY) == proposed
    assert checked(draft(feature(square(0.1, 0.1)), version=proposed)).faults == ()


def test_the_part_of_a_version_that_people_gave() -> None:
    assert author_version("2026-07-01.1-0f3bab12cd34") == "2026-07-01.1"
