"""Any simple polygon round-trips; any mutation gives zones or faults, never a crash."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import FaultsError
from pipeline.zones.zone_files import load_zones
from pipeline.zones.zone_format import parse_feature
from tests.zones.zone_data import Vertices, feature, metadata

# tmp_path is only written to, and every example overwrites what it reads.
REPEATABLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@st.composite
def simple_rings(draw: st.DrawFn) -> Vertices:
    """A star-shaped ring round a centre: never crosses itself, mostly not convex, either way round, closed or open."""
    x, y = draw(st.floats(0.2, 0.8)), draw(st.floats(0.2, 0.8))
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.02, 0.2), min_size=count, max_size=count))
    turn = draw(st.floats(0, 1))
    ring = [
        [x + radius * math.cos(2 * math.pi * (index + turn) / count), y + radius * math.sin(2 * math.pi * (index + turn) / count)]
        for index, radius in enumerate(radii)
    ]
    if draw(st.booleans()):
        ring.reverse()
    return [*ring, ring[0]] if draw(st.booleans()) else ring


def load(folder: Path, features: list[Any], **changes: Any) -> Any:
    """Write a file of these features and load it."""
    path = folder / "cam01.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "doorline": metadata(**changes), "features": features}), encoding="utf-8")
    return load_zones(path, camera_id="cam01", shops=None)


@REPEATABLE
@given(rings=st.lists(simple_rings(), min_size=1, max_size=6))
def test_simple_polygons_round_trip(tmp_path: Path, rings: list[Vertices]) -> None:
    zones = load(tmp_path, [feature(ring, id=f"z{index}") for index, ring in enumerate(rings)])
    assert [zone.zone_id for zone in zones.zones] == [f"z{index}" for index in range(len(rings))]
    for ring, zone in zip(rings, zones.zones, strict=True):
        closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
        assert [list(vertex) for vertex in zone.polygon.exterior.coords] == closed
        assert zone.polygon.is_valid


@REPEATABLE
@given(ring=simple_rings(), data=st.data())
def test_swapping_two_vertices_of_a_ring_is_found_or_harmless(ring: Vertices, data: st.DataObject) -> None:
    first, second = data.draw(st.tuples(st.integers(0, len(ring) - 1), st.integers(0, len(ring) - 1)))
    ring[first], ring[second] = ring[second], ring[first]
    zone, faults = parse_feature(feature(ring), 1, "cam01.geojson")
    assert (zone is None) == bool(faults)
    assert zone is None or zone.polygon.is_valid


ANY_NUMBER = st.one_of(st.floats(allow_nan=False), st.floats(-0.5, 1.5), st.integers(), st.sampled_from([0, 1, 0.5, -0.0, 1e-300]))
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), ANY_NUMBER, st.text(max_size=5)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "kind", "hours", "days", "opens"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@REPEATABLE
@given(
    ring=simple_rings(),
    changes=st.lists(st.tuples(st.integers(0, 12), ANYTHING | st.lists(ANY_NUMBER, min_size=2, max_size=2)), max_size=4),
)
def test_changed_vertices_never_crash(ring: Vertices, changes: list[tuple[int, Any]]) -> None:
    vertices: list[Any] = list(ring)
    for index, value in changes:
        vertices[index % len(vertices)] = value
    zone, faults = parse_feature(feature(vertices), 1, "cam01.geojson")
    assert (zone is None) == bool(faults)
    assert all("\n" not in fault.text and fault.text.startswith("cam01.geojson: feature 'p' (1): ") for fault in faults)
    if zone:
        assert zone.polygon.is_valid
        assert zone.polygon.bounds >= (0, 0)
        assert zone.polygon.area > 0


@REPEATABLE
@given(
    properties=st.dictionaries(
        st.sampled_from(["id", "kind", "name", "place", "shop_code", "hours", "valid_from", "smallest_thing", "x"]), ANYTHING
    ),
    changes=st.dictionaries(
        st.sampled_from(["camera_id", "version", "drawn_on", "reference", "picture_px", "timezone", "author", "x"]), ANYTHING
    ),
    geometry=ANYTHING,
)
def test_changed_properties_never_crash(tmp_path: Path, properties: dict[str, Any], changes: dict[str, Any], geometry: Any) -> None:
    changed = feature([[0.1, 0.1], [0.5, 0.1], [0.5, 0.5]], **properties)
    for features in ([changed], [{**changed, "geometry": geometry}], [geometry], geometry):
        try:
            zones = load(tmp_path, features, **changes)
        except FaultsError as err:
            found = len(err.faults)
        else:
            found = len(zones.zones)
        assert found >= 1
