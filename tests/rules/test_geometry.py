"""Bands, shares and distances: what holds for any polygon and any box."""

from __future__ import annotations

import math
from datetime import date

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon

from pipeline.config import ContactSettings
from pipeline.rules.attribution import attribute
from pipeline.rules.contact import attends, box_distance, contact_band, hidden_share, next_to, same_place
from pipeline.rules.ground import Ground, clipped_area
from pipeline.types import BoundingBox, Role, TargetKind
from pipeline.zones import CameraZones, Zone, ZoneKind

from .street import SHANGHAI, box, rectangle, street

BANDS = ContactSettings().bands
CONTACT = ContactSettings()

fractions = st.floats(0, 1).map(lambda value: round(value, 4))


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    x1, x2 = sorted(draw(st.tuples(fractions, fractions)))
    y1, y2 = sorted(draw(st.tuples(fractions, fractions)))
    assume(x2 - x1 > 0.001 and y2 - y1 > 0.001)
    return BoundingBox(x1, y1, x2, y2)


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """A star-shaped polygon: simple by construction, often concave."""
    center_x, center_y = draw(st.floats(0.3, 0.7)), draw(st.floats(0.3, 0.7))
    radii = draw(st.lists(st.floats(0.02, 0.3), min_size=3, max_size=9))
    step = 2 * math.pi / len(radii)
    return Polygon([(center_x + r * math.cos(i * step), center_y + r * math.sin(i * step)) for i, r in enumerate(radii)])


zone_kinds = st.sampled_from(ZoneKind)


@st.composite
def zone_sets(draw: st.DrawFn) -> CameraZones:
    found = []
    for number, polygon in enumerate(draw(st.lists(polygons(), min_size=1, max_size=6))):
        kind = draw(zone_kinds)
        code = draw(st.sampled_from("ABC")) if kind in {ZoneKind.SHOPFRONT, ZoneKind.FRONTAGE} else None
        found.append(Zone(f"zone-{number}", kind, polygon, shop_code=code, place=f"place {number % 2}"))
    return CameraZones("cam-1", "v1", "tester", date(2024, 1, 1), "test", None, 16 / 9, tuple(found), SHANGHAI)


@given(polygons(), boxes(), st.integers(0, 8), st.booleans())
def test_clipped_area_is_the_intersection_whatever_the_vertex_order(shape: Polygon, where: BoundingBox, turn: int, back: bool) -> None:
    ring = [(x, y) for x, y in shape.exterior.coords[:-1]]
    ring = ring[turn % len(ring) :] + ring[: turn % len(ring)]
    expected = shape.intersection(shapely.box(where.x_min, where.y_min, where.x_max, where.y_max)).area
    assert clipped_area(ring[::-1] if back else ring, where) == pytest.approx(expected, abs=1e-9)


@given(zone_sets(), boxes())
@settings(max_examples=150, deadline=None)
def test_shares_are_those_of_the_precedence(zones: CameraZones, band: BoundingBox) -> None:
    ground = Ground(zones)
    everything = frozenset(range(len(ground.permitted)))
    for in_force in (frozenset[int](), everything):
        footing = ground.footing((band,), in_force)
        assert 0 <= footing.forbidden <= footing.watched + 1e-9 <= 1 + 2e-9
        owned = sum(share for _, share in footing.shops) + sum(share for _, share in footing.places)
        assert owned == pytest.approx(footing.forbidden, abs=1e-9)
    taken = [zone.polygon for zone in zones.zones if zone.kind in {ZoneKind.IGNORE, ZoneKind.FIXTURE, ZoneKind.SHOPFRONT}]
    watched = [zone.polygon for zone in zones.zones if zone.kind in {ZoneKind.FRONTAGE, ZoneKind.PUBLIC, ZoneKind.PERMITTED}]
    permitted = [zone.polygon for zone in zones.of_kind(ZoneKind.PERMITTED)]
    clear = shapely.union_all(watched).difference(shapely.union_all(taken))
    shape = shapely.box(band.x_min, band.y_min, band.x_max, band.y_max)
    assert ground.footing((band,), everything).watched == pytest.approx(clear.intersection(shape).area / band.area, abs=1e-6)
    forbidden = clear.difference(shapely.union_all(permitted)).intersection(shape).area / band.area
    assert ground.footing((band,), everything).forbidden == pytest.approx(forbidden, abs=1e-6)


@given(boxes(), st.sampled_from(Role), st.sampled_from(["table", "sign", "umbrella", "crate", "person"]))
def test_band_is_the_foot_of_the_box(where: BoundingBox, role: Role, label: str) -> None:
    bands = contact_band(label, role, where, BANDS)
    if not bands:
        assert label == "umbrella" or (role is Role.CANOPY and label not in BANDS)
        return
    (band,) = bands
    assert (band.x_min, band.x_max, band.y_max) == (where.x_min, where.x_max, where.y_max)
    assert where.y_min <= band.y_min < band.y_max
    assert band.height == pytest.approx(BANDS.get(label, BANDS[role.value]) * where.height)


def test_band_goes_by_label_then_role_then_default() -> None:
    assert contact_band("sign", Role.GOODS, box(0.5, 0.5), {"sign": 0.5, "goods": 0.1}) == (BoundingBox(0.47, 0.45, 0.53, 0.5),)
    (goods,) = contact_band("crate", Role.GOODS, box(0.5, 0.5), {"sign": 0.5})
    assert goods.height == pytest.approx(0.04)


@given(boxes(), st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_what_stands_aslant_has_a_band_along_its_foot(where: BoundingBox, shares: list[float]) -> None:
    foot = [where.y_min + share * where.height for share in shares]
    band = contact_band("crate", Role.GOODS, where, BANDS, foot)
    tall = max(where.height - (max(foot) - min(foot)), 0.25 * where.height) * BANDS["goods"]
    for part, low in zip(band, [low for low in foot if low > 0], strict=True):
        assert part.y_max == low
        assert part.height == pytest.approx(min(tall, low))
        assert part.width == pytest.approx(where.width / len(foot))
        assert where.x_min - 1e-9 <= part.x_min < part.x_max <= where.x_max + 1e-9


@given(zone_sets(), boxes(), st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_a_level_foot_stands_where_the_box_stands(zones: CameraZones, where: BoundingBox, slices: int) -> None:
    ground = Ground(zones)
    whole = ground.footing(contact_band("crate", Role.GOODS, where, BANDS), frozenset())
    cut = ground.footing(contact_band("crate", Role.GOODS, where, BANDS, [where.y_max] * slices), frozenset())
    assert cut.watched == pytest.approx(whole.watched, abs=1e-6)
    assert dict(cut.shops) == pytest.approx(dict(whole.shops), abs=1e-6)
    assert dict(cut.places) == pytest.approx(dict(whole.places), abs=1e-6)


@given(boxes(), boxes())
def test_same_place_is_mutual_and_holds_for_itself(one: BoundingBox, other: BoundingBox) -> None:
    assert same_place(one, one)
    assert same_place(one, other) == same_place(other, one)
    if same_place(one, other):
        assert box_distance(one, other, 16 / 9) == 0


@given(boxes(), boxes(), st.floats(0.5, 3))
def test_distance_is_that_of_the_shapes(one: BoundingBox, other: BoundingBox, aspect: float) -> None:
    def shape(item: BoundingBox) -> Polygon:
        return shapely.box(item.x_min * aspect, item.y_min, item.x_max * aspect, item.y_max)

    assert box_distance(one, other, aspect) == pytest.approx(shape(one).distance(shape(other)), abs=1e-9)
    assert next_to(one, other, aspect) == next_to(other, one, aspect)


def test_feet_decide_who_attends() -> None:
    cart = box(0.5, 0.9, 0.1, 0.1)
    assert attends(box(0.5, 0.85, 0.05, 0.3), cart, 0.0, 16 / 9), "somebody behind it, cut off by its top"
    assert not attends(box(0.5, 0.7, 0.05, 0.1), cart, 0.6, 16 / 9), "somebody far behind it"


@given(boxes(), st.lists(boxes(), max_size=4))
def test_hidden_share_is_a_share(where: BoundingBox, movers: list[BoundingBox]) -> None:
    assert 0 <= hidden_share(where, tuple(movers)) <= 1
    assert hidden_share(where, (*movers, where)) == 1


@given(st.dictionaries(st.sampled_from("ABCD"), st.floats(0.001, 100), min_size=1))
def test_attribution_names_one_shop_only_where_it_clearly_leads(shops: dict[str, float]) -> None:
    ground = Ground(street())
    target = attribute(shops, {}, CONTACT, ground)
    items = list(shops.items())[::-1]
    assert attribute(dict(items), {}, CONTACT, ground) == target
    total, top = sum(shops.values()), max(shops.values())
    if target.kind is TargetKind.SHOP:
        assert shops[target.shop_codes[0]] == top >= 0.6 * total
    else:
        assert target.kind is TargetKind.AMBIGUOUS
        assert len(target.shop_codes) >= 2
        assert list(target.shop_codes) == sorted(target.shop_codes)
        assert all(code in target.shop_codes for code, share in shops.items() if share >= 0.1 * total)


def test_ground_two_shops_share_is_ambiguous() -> None:
    shared = street(rectangle("also-b", ZoneKind.FRONTAGE, 0.4, 0.4, 0.5, 0.7, shop_code="B"))
    footing = Ground(shared).footing((box(0.45, 0.6),), frozenset())
    assert dict(footing.shops) == pytest.approx({"A": 0.5, "B": 0.5})


def test_hole_in_a_zone_is_no_part_of_it() -> None:
    ring = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [[(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]])
    zones = street(zones=(Zone("public", ZoneKind.PUBLIC, ring, place="square"),))
    assert Ground(zones).footing((BoundingBox(0.4, 0.4, 0.6, 0.6),), frozenset()).watched == pytest.approx(0)
    assert Ground(zones).footing((BoundingBox(0.3, 0.4, 0.5, 0.6),), frozenset()).watched == pytest.approx(0.5)
