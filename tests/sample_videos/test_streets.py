"""The eight streets: what their plans promise to zones, scripts and cameras."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest

from sample_videos.generator.camera import Projection
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.streets import STREETS, columns, floor_z, street
from sample_videos.generator.streets.styles import STYLES, style_of
from sample_videos.generator.streets.trades import TRADES
from sample_videos.generator.values import CameraPose, Placed, ShopUnit, StreetPlan

PLANS = tuple(STREETS.values())
POSES = [pytest.param(plan, pose, id=f"{plan.name}-{index}") for plan in PLANS for index, pose in enumerate(plan.cameras)]
each_plan = pytest.mark.parametrize("plan", PLANS, ids=[plan.name for plan in PLANS])
TALL_M = 1.6
"""What is taller can hide a shop front."""


def seen_of_door_line(unit: ShopUnit, projection: Projection) -> float:
    """Which part of a shop's door line lies in the picture."""
    along = np.linspace(unit.x_min, unit.x_max, 21)
    points = projection.to_picture(np.column_stack([along, np.full(21, unit.door_y), np.zeros(21)]))
    return float(((points > 0) & (points < 1)).all(axis=1).mean())


def distance_from_footprint(placed: Placed, x: float, y: float) -> float:
    """Metres from a place to the thing's footprint; 0 inside."""
    spec = THINGS[placed.thing]
    turned = complex(x - placed.x, y - placed.y) * complex(math.cos(placed.turn), -math.sin(placed.turn))
    across = max(0.0, abs(turned.real) - spec.width_m * placed.scale / 2)
    along = max(0.0, abs(turned.imag) - spec.depth_m * placed.scale / 2)
    return math.hypot(across, along)


def test_there_are_eight_streets_of_which_two_are_held_out() -> None:
    assert len(PLANS) == 8
    assert {plan.name for plan in PLANS if plan.held_out} == {"mei", "lan"}
    assert all(STREETS[name].name == name for name in STREETS)


def test_no_street_looks_like_another() -> None:
    for part in ("style", "facade", "pavement", "seed", "road_name"):
        assert len({getattr(plan, part) for plan in PLANS}) == 8, part
    assert {plan.style for plan in PLANS} == set(STYLES)


def test_a_shop_code_and_a_shop_name_exist_once() -> None:
    for part in ("code", "name", "address"):
        counted = Counter(getattr(unit, part) for plan in PLANS for unit in plan.units)
        assert max(counted.values()) == 1, counted.most_common(1)
    assert all(re.fullmatch(r"Y[A-Z]-\d{4}", unit.code) for plan in PLANS for unit in plan.units)


@each_plan
def test_names_are_made_up(plan: StreetPlan) -> None:
    assert re.fullmatch("样.路", plan.road_name)
    assert all(unit.address.startswith(plan.road_name) for unit in plan.units)


def test_an_unknown_street_is_told_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="tong"):
        street("nowhere")


@each_plan
def test_shops_stand_side_by_side(plan: StreetPlan) -> None:
    assert 5 <= len(plan.units) <= 9
    assert plan.units[0].x_min == 0
    for unit, following in zip(plan.units[:-1], plan.units[1:], strict=True):
        assert unit.x_max == following.x_min
    for unit in plan.units:
        assert 3.0 <= unit.x_max - unit.x_min <= 5.0
        assert unit.trade in TRADES
        assert unit.door_y <= 0 < plan.kerb_y


@each_plan
def test_floors_steps_and_road_lie_at_their_heights(plan: StreetPlan) -> None:
    unit = plan.units[2]
    middle = (unit.x_min + unit.x_max) / 2
    assert floor_z(plan, middle, unit.door_y - 0.5) == style_of(plan).step_m
    assert floor_z(plan, middle, unit.door_y + 0.01) == 0
    assert floor_z(plan, middle, plan.kerb_y + 0.5) == plan.road_z < 0


@each_plan
def test_fixtures_stand_outside_the_shops_and_inside_the_kerb(plan: StreetPlan) -> None:
    assert len({placed.object_id for placed in plan.fixtures}) == len(plan.fixtures)
    for placed in plan.fixtures:
        spec = THINGS[placed.thing]
        assert spec.label is None, f"{placed.thing} carries a label"
        if spec.hangs:
            assert 0 < placed.y < 0.5
            assert placed.z > style_of(plan).front_height_m + style_of(plan).sign_height_m
            continue
        if placed.z < 0:
            assert placed.z == plan.road_z
            assert plan.kerb_y < placed.y < plan.kerb_y + plan.road_width_m
            continue
        # A crown may reach over the kerb; a trunk may not stand on it.
        half_depth = 0.3 if spec.kind == "tree" else spec.depth_m / 2
        assert placed.y - half_depth > 0.8, f"{placed.object_id} stands in the way of a door"
        assert placed.y + half_depth <= plan.kerb_y, f"{placed.object_id} stands on the kerb"


@each_plan
def test_no_fixture_stands_in_another_or_in_a_column(plan: StreetPlan) -> None:
    standing = [placed for placed in plan.fixtures if not THINGS[placed.thing].hangs and THINGS[placed.thing].height_m > 0.1]
    for index, placed in enumerate(standing):
        for other in standing[index + 1 :]:
            trunk = THINGS[other.thing].kind == "tree" or THINGS[placed.thing].kind == "tree"
            reach = 0.4 if trunk else min(THINGS[other.thing].width_m, THINGS[other.thing].depth_m) / 2
            apart = math.hypot(placed.x - other.x, placed.y - other.y)
            assert apart > reach + min(THINGS[placed.thing].width_m, 0.8) / 2, f"{placed.object_id} in {other.object_id}"
        for x, y, width in columns(plan):
            assert distance_from_footprint(placed, x, y) > width / 2, f"{placed.object_id} in the column at {x}"


@each_plan
def test_lamps_hang_over_the_edge_of_the_road(plan: StreetPlan) -> None:
    assert len(plan.lamps) >= 2
    for lamp in plan.lamps:
        assert plan.kerb_y < lamp.y < plan.kerb_y + 1.5
        assert 5.0 <= lamp.z <= 7.0


@each_plan
def test_lamp_posts_stand_free(plan: StreetPlan) -> None:
    if style_of(plan).lamps == "span":
        return
    for lamp in plan.lamps:
        for placed in plan.fixtures:
            if THINGS[placed.thing].kind != "tree":
                assert distance_from_footprint(placed, lamp.x, plan.kerb_y - 0.32) > 0.12, f"the lamp at {lamp.x} in {placed.object_id}"
            else:
                assert math.hypot(placed.x - lamp.x, placed.y - plan.kerb_y + 0.32) > 0.8


@each_plan
def test_permitted_areas_lie_on_the_pavement_before_their_shops(plan: StreetPlan) -> None:
    units = {unit.code: unit for unit in plan.units}
    for area in plan.permitted:
        assert 0 < area.y_min < area.y_max < plan.kerb_y
        assert area.hours[0] < area.hours[1]
        for code in area.shop_codes:
            assert units[code].x_min < area.x_max
            assert area.x_min < units[code].x_max


def test_one_street_has_a_permitted_area() -> None:
    assert [plan.name for plan in PLANS if plan.permitted] == ["xing"]


@each_plan
def test_every_street_has_three_places_for_a_camera(plan: StreetPlan) -> None:
    assert len(plan.cameras) >= 3
    assert len({(pose.x, pose.y, pose.z) for pose in plan.cameras}) == len(plan.cameras)


def test_pictures_come_in_three_sizes() -> None:
    assert {(pose.width, pose.height) for plan in PLANS for pose in plan.cameras} == {(960, 540), (1280, 720), (1920, 1080)}


@pytest.mark.parametrize(("plan", "pose"), POSES)
def test_a_camera_hangs_high_and_free(plan: StreetPlan, pose: CameraPose) -> None:
    assert 3.4 <= pose.z <= 6.0
    assert plan.kerb_y < pose.y < plan.kerb_y + plan.road_width_m + 3.0
    for placed in plan.fixtures:
        if THINGS[placed.thing].height_m + placed.z > pose.z - 0.5:
            assert distance_from_footprint(placed, pose.x, pose.y) > 0.5, f"hangs in {placed.object_id}"
    for lamp in plan.lamps:
        assert math.dist((lamp.x, lamp.y, lamp.z), (pose.x, pose.y, pose.z)) > 0.5


@pytest.mark.parametrize(("plan", "pose"), POSES)
def test_a_camera_sees_three_shops_and_the_pavement_before_them(plan: StreetPlan, pose: CameraPose) -> None:
    projection = Projection(pose)
    seen = [unit for unit in plan.units if seen_of_door_line(unit, projection) > 0.75]
    assert len(seen) >= 3
    before = [(seen[0].x_min, 0.0), (seen[-1].x_max, 0.0), (seen[-1].x_max, plan.kerb_y), (seen[0].x_min, plan.kerb_y)]
    ring = np.array(projection.ground_polygon(before))
    area = abs(np.dot(ring[:, 0], np.roll(ring[:, 1], 1)) - np.dot(ring[:, 1], np.roll(ring[:, 0], 1))) / 2
    assert area > 0.12, "the pavement before the shops is a small part of the picture"


@pytest.mark.parametrize(("plan", "pose"), POSES)
def test_nothing_wide_and_tall_stands_between_a_camera_and_the_shops(plan: StreetPlan, pose: CameraPose) -> None:
    """Crowns and boards are wide; a lamp post may cross a picture, as it does in real ones."""
    projection = Projection(pose)
    seen = [unit for unit in plan.units if seen_of_door_line(unit, projection) > 0.75]
    first, last = seen[0].x_min, seen[-1].x_max
    for placed in plan.fixtures:
        spec = THINGS[placed.thing]
        if spec.height_m < TALL_M or spec.width_m < 0.6 or not first - 2 < placed.x < last + 2:
            continue
        near = math.hypot(placed.x - pose.x, placed.y - pose.y)
        point = projection.to_picture([(placed.x, placed.y, spec.height_m / 2)])[0]
        in_picture = bool(np.isfinite(point).all() and (point > 0.05).all() and (point < 0.95).all())
        assert not (in_picture and near < 9), f"{placed.object_id} hides the shops"
