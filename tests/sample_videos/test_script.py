"""The scenarios: complete, the same in any order, and nobody bumps into anything."""

import math
from collections.abc import Iterator

import pytest
import shapely

from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.footprints import fixtures, inside, outline, size_m, stands_in_the_way, walls
from sample_videos.generator.script import Play, clip_name, load, names
from sample_videos.generator.values import Figure, Placed, Pose, SceneState

SEATED = {Pose.SIT, Pose.RIDE}
APART_M = 0.49
"""Nearer than this, the middles of two people overlap."""
TOUCH_M = 0.24


def test_there_are_seventeen_scenarios_of_different_cameras() -> None:
    assert len(names()) == 17
    assert len({load(name).scenario.camera_id for name in names()}) == 17
    assert len({clip_name(load(name).scenario) for name in names()}) == 17


def test_every_kind_is_there_alone_and_all_three_in_one() -> None:
    due = {name: [event.kind for event in load(name).events if event.excused_by is None] for name in names()}
    for kind in ("beyond_shopfront", "pavement_piling", "street_stall"):
        assert any(kinds == [kind] for kinds in due.values())
    assert sorted(due["three_kinds"]) == ["beyond_shopfront", "pavement_piling", "street_stall"]
    quiet = [name for name, kinds in due.items() if not kinds]
    held_out = {name: load(name).scenario.held_out for name in quiet}
    assert sum(held_out.values()) == 1
    assert len(quiet) - sum(held_out.values()) >= 2


def test_an_unknown_scenario_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="three_kinds"):
        load("no_such")


@pytest.mark.parametrize("name", names())
def test_a_clip_is_of_the_right_length_and_its_street_is_held_out_or_not(name: str) -> None:
    play = load(name)
    assert 45.0 <= play.scenario.length_s <= 150.0
    assert play.scenario.fps == 10
    assert play.scenario.name == name
    assert play.scenario.held_out == play.plan.held_out
    assert not play.reference_state().things
    assert not play.reference_state().figures


@pytest.mark.parametrize("name", names())
def test_a_moment_is_the_same_whenever_it_is_asked_for(name: str) -> None:
    play = load(name)
    moments = (30.0, 5.0, 41.3, 5.0, 30.0)
    states = [play.state(at_s) for at_s in moments]
    assert states[0] == states[4]
    assert states[1] == states[3]


@pytest.mark.parametrize("name", names())
def test_labelled_things_of_held_out_streets_are_held_out_and_no_others(name: str) -> None:
    play = load(name)
    for stay in play.stays:
        spec = THINGS[stay.placed(stay.from_s).thing]
        assert spec.label is None or spec.held_out == play.scenario.held_out, spec.name


@pytest.mark.parametrize("name", names())
def test_nobody_and_nothing_stands_in_anything_else(name: str) -> None:
    play = load(name)
    solid = [*walls(play.plan), *fixtures(play.plan)]
    tree = shapely.STRtree(solid)
    found = [clash for at_s in _moments(play) for clash in _clashes(play.state(at_s), solid, tree)]
    assert not found, found[:5]


@pytest.mark.parametrize("name", names())
def test_people_and_things_have_one_place_at_a_time_and_keep_their_seed(name: str) -> None:
    play = load(name)
    seeds: dict[str, int] = {}
    for at_s in _moments(play):
        state = play.state(at_s)
        people = [figure.person_id for figure in state.figures]
        things = [placed.object_id for placed in state.things]
        assert len(set(people)) == len(people)
        assert len(set(things)) == len(things)
        for placed in state.things:
            assert seeds.setdefault(placed.object_id, placed.seed) == placed.seed


def test_nobody_jumps() -> None:
    for name in ("three_kinds", "loading", "taken_in_again"):
        play = load(name)
        before: dict[str, Figure] = {}
        for step in range(int(play.scenario.length_s * play.scenario.fps)):
            now = {figure.person_id: figure for figure in play.state(step / play.scenario.fps).figures}
            for person, figure in now.items():
                if person in before:
                    last = before[person]
                    assert math.dist((last.x, last.y), (figure.x, figure.y)) < 0.6, (name, person, step)
            before = now


def test_what_is_carried_out_is_in_the_hands_before_it_stands_there() -> None:
    play = load("taken_in_again")
    event = play.events[0]
    just_before, just_after = play.state(event.began_s - 0.2), play.state(event.began_s + 0.2)
    keeper = next(figure for figure in just_before.figures if figure.person_id == "grocer")
    assert keeper.carries == "crate_wood_fruit"
    assert keeper.pose is Pose.BEND
    placed = next(thing for thing in just_after.things if thing.group == event.object_ids[0])
    assert placed.seed == keeper.carries_seed
    assert next(figure for figure in just_after.figures if figure.person_id == "grocer").carries is None
    assert 0.3 < math.dist((keeper.x, keeper.y), (placed.x, placed.y)) < 1.1


def test_trouble_turns_darkens_and_freezes_the_camera() -> None:
    play = load("trouble")
    reasons = {reason: (from_s + to_s) / 2 for from_s, to_s, reason in play.gaps}
    assert play.state(reasons["camera_moved"]).camera != play.state(0.0).camera
    assert play.state(reasons["dark"]).conditions.brightness < 0.1
    assert play.state(reasons["frozen"]).frozen_since_s is not None
    assert play.state(0.0).frozen_since_s is None


def test_staff_stand_inside_their_shop_and_clear_of_its_furniture() -> None:
    for name in names():
        plan = load(name).plan
        for unit in plan.units:
            if unit.front.value in {"open", "half"}:
                x, y = inside(plan, unit.code)
                assert unit.x_min < x < unit.x_max
                assert y < unit.door_y
                assert min(shape.distance(shapely.Point(x, y)) for shape in walls(plan)) > TOUCH_M


def _moments(play: Play) -> Iterator[float]:
    return (step / 2 for step in range(int(play.scenario.length_s * 2)))


def _clashes(state: SceneState, solid: list[shapely.Polygon], tree: shapely.STRtree) -> Iterator[tuple[float, str, str]]:
    things = [(placed, outline(placed)) for placed in state.things if stands_in_the_way(placed)]
    for number, (placed, shape) in enumerate(things):
        if any(shape.intersection(solid[index]).area > 0.01 for index in tree.query(shape)):
            yield state.at_s, placed.object_id, "a wall or fixture"
        for other, other_shape in things[:number]:
            if shape.intersects(other_shape) and _same_height(placed, other) and shape.intersection(other_shape).area > 0.004:
                yield state.at_s, placed.object_id, other.object_id
    for number, figure in enumerate(state.figures):
        here = shapely.Point(figure.x, figure.y)
        near = [someone.person_id for someone in state.figures[:number] if _distance(figure, someone) < APART_M]
        if figure.pose not in SEATED:
            near += [placed.object_id for placed, shape in things if _distance(figure, placed) < 4.0 and shape.distance(here) < TOUCH_M]
        if any(solid[index].distance(here) < TOUCH_M for index in tree.query(here.buffer(0.3, quad_segs=1))):
            near.append("a wall or fixture")
        yield from ((state.at_s, figure.person_id, name) for name in near)


def _distance(one: Figure, other: Figure | Placed) -> float:
    return math.dist((one.x, one.y), (other.x, other.y))


def _same_height(one: Placed, other: Placed) -> bool:
    return min(one.z + size_m(one)[2], other.z + size_m(other)[2]) - max(one.z, other.z) > 0.02
