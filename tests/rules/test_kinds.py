"""Small scenes of the three violations and of what looks like one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.rules import RuleEngine
from pipeline.stages import Rule
from pipeline.types import (
    BoundingBox,
    Certainty,
    Detection,
    DetectionSource,
    Observation,
    Phase,
    Role,
    TargetKind,
    ViolationEvent,
    ViolationKind,
)
from pipeline.zones import ZoneKind

from .street import T0, Actor, bag, box, engine, judged, looks, opened, person, rectangle, run, steps, street, thing

LONG = (0.0, 1000.0)
BEFORE_A = box(0.3, 0.55)
KERB = box(0.3, 0.9)


def test_engine_is_a_rule() -> None:
    rule: Rule = engine()
    assert isinstance(rule, RuleEngine)
    assert rule.update(looks([], 1)[0]) == []


def test_goods_in_a_frontage_are_beyond_that_shopfront() -> None:
    events = judged([thing(BEFORE_A, (10, 200))], 120)
    assert steps(events) == [("warned", 40), ("opened", 70)]
    violation = events[-1].violation
    assert violation.kind is ViolationKind.BEYOND_SHOPFRONT
    assert violation.target.kind is TargetKind.SHOP
    assert violation.target.shop_codes == ("A",)
    assert violation.target.place == "before A"
    assert violation.labels == ("crate",)
    assert violation.dwell_s == 60
    assert violation.box == BEFORE_A
    assert (violation.present_looks, violation.observed_looks, violation.hidden_looks) == (61, 61, 0)


@pytest.mark.parametrize("role", [Role.FURNITURE, Role.STALL])
def test_furniture_and_unattended_stalls_in_a_frontage_are_the_shops(role: Role) -> None:
    (event,) = opened(judged([thing(BEFORE_A, LONG, label="table", role=role)], 120))
    assert event.violation.kind is ViolationKind.BEYOND_SHOPFRONT


def test_attended_stall_in_a_frontage_is_still_the_shops() -> None:
    vendor = person(box(0.36, 0.56, 0.05, 0.2), LONG)
    (event,) = opened(judged([thing(BEFORE_A, LONG, label="cart", role=Role.STALL), vendor], 120))
    assert (event.violation.kind, event.violation.target.shop_codes) == (ViolationKind.BEYOND_SHOPFRONT, ("A",))


def test_unnamed_thing_at_the_door_line_is_display_and_farther_out_a_pile() -> None:
    (near,) = opened(judged([bag(box(0.3, 0.46), LONG)], 120))
    (far,) = opened(judged([bag(box(0.3, 0.65), LONG)], 120))
    assert near.violation.kind is ViolationKind.BEYOND_SHOPFRONT
    assert far.violation.kind is ViolationKind.PAVEMENT_PILING
    assert near.violation.target == far.violation.target
    assert far.violation.target.shop_codes == ("A",)


def test_goods_inside_the_shopfront_are_nothing() -> None:
    assert judged([thing(box(0.3, 0.38), LONG)], 200) == []


def test_table_across_the_door_line_counts_by_its_contact_band() -> None:
    # Its lower 40 % decides: with half of that beyond the line it stands outside, with a quarter it does not.
    outside = box(0.3, 0.43, 0.1, 0.1)
    inside = box(0.3, 0.41, 0.1, 0.1)
    assert len(opened(judged([thing(outside, LONG, label="dining table", role=Role.FURNITURE)], 120))) == 1
    assert judged([thing(inside, LONG, label="dining table", role=Role.FURNITURE)], 120) == []


def test_a_row_of_goods_aslant_stands_where_its_foot_is() -> None:
    # The door line is at 0.4. The near end of the row stands before the line and its far end farther up the street, behind it; as
    # long as it is, the lower right corner of its box is ground that nothing stands on.
    row = BoundingBox(0.3, 0.26, 0.4, 0.46)

    def seen(*foot: float) -> list[ViolationEvent]:
        return opened(judged([Actor(row, (LONG,), "crate", Role.GOODS, foot=foot)], 120))

    assert len(seen()) == 1
    assert seen(0.46, 0.43, 0.40, 0.37) == []
    assert len(seen(0.46, 0.45, 0.44, 0.43)) == 1


def test_table_that_wobbles_across_the_threshold_opens_once() -> None:
    boxes = [thing(box(0.3, 0.43 + 0.008 * (number % 2), 0.1, 0.1), (number, number + 1)) for number in range(120)]
    assert [phase for phase, _ in steps(judged(boxes, 119))] == ["warned", "opened"]


def test_table_that_wobbles_widely_counts_by_where_it_mostly_stands() -> None:
    # 65 % and 36 % of the band beyond the line in turn: half of the time too little, on the whole enough.
    boxes = [thing(box(0.3, 0.426 - 0.0116 * (number % 2), 0.1, 0.1), (number, number + 1)) for number in range(120)]
    assert [phase for phase, _ in steps(judged(boxes, 119))] == ["warned", "opened"]


def test_pile_on_public_ground_belongs_to_the_place() -> None:
    (event,) = opened(judged([bag(KERB, LONG)], 120))
    assert event.violation.kind is ViolationKind.PAVEMENT_PILING
    assert (event.violation.target.kind, event.violation.target.place) == (TargetKind.PLACE, "North kerb")
    assert event.violation.target.shop_codes == ()


def test_attended_goods_on_public_ground_are_a_stall() -> None:
    vendor = person(box(0.36, 0.92, 0.05, 0.2), LONG)
    (event,) = opened(judged([thing(KERB, LONG), vendor], 120))
    assert event.violation.kind is ViolationKind.STREET_STALL
    assert event.violation.target.kind is TargetKind.PLACE


def test_person_farther_away_than_the_reach_does_not_attend() -> None:
    # 0.6 of a height of 0.2 is 0.12 picture heights, which is 0.0675 of the width of a 16:9 picture.
    near = person(box(0.33 + 0.066, 0.9, 0.05, 0.2), LONG)
    far = person(box(0.33 + 0.069, 0.9, 0.05, 0.2), LONG)
    assert opened(judged([thing(KERB, LONG), near], 120))[0].violation.kind is ViolationKind.STREET_STALL
    assert opened(judged([thing(KERB, LONG), far], 120))[0].violation.kind is ViolationKind.PAVEMENT_PILING


def test_vendor_in_front_half_of_the_time_does_not_starve_the_stall() -> None:
    # In front (hiding it) for 20 s, beside it for 20 s, all the time: the dwell grows at half the speed and is never broken.
    spans = [(start, start + 20.0) for start in range(20, 400, 40)]
    in_front = person(box(0.3, 0.95, 0.06, 0.2), *spans)
    beside = person(box(0.36, 0.92, 0.05, 0.2), *[(start - 20, start) for start, _ in spans])
    cart = thing(KERB, *[(start - 20, start) for start, _ in spans], label="cart", role=Role.STALL)
    events = judged([cart, in_front, beside], 300)
    (event,) = opened(events)
    assert event.violation.kind is ViolationKind.STREET_STALL
    assert event.violation.first_seen_at == looks([], 0)[0].captured_at
    assert 80 <= (event.at - event.violation.first_seen_at).total_seconds() <= 125
    assert event.violation.hidden_looks > 30


def test_bag_at_a_persons_feet_is_no_stall() -> None:
    small = box(0.3, 0.9, 0.02, 0.03)
    owner = person(box(0.32, 0.92, 0.08, 0.3), LONG)
    (event,) = opened(judged([bag(small, LONG), owner], 120))
    assert event.violation.kind is ViolationKind.PAVEMENT_PILING


def test_spread_as_large_as_its_vendor_is_a_stall() -> None:
    spread = box(0.3, 0.9, 0.12, 0.06)
    vendor = person(box(0.38, 0.92, 0.04, 0.2), LONG)
    (event,) = opened(judged([bag(spread, LONG), vendor], 120))
    assert event.violation.kind is ViolationKind.STREET_STALL


def test_who_leaves_after_unloading_makes_it_a_pile() -> None:
    unloader = person(box(0.36, 0.92, 0.05, 0.2), (0, 40))
    events = judged([thing(KERB, LONG), unloader], 120)
    assert [event.violation.kind for event in events] == [ViolationKind.STREET_STALL, ViolationKind.PAVEMENT_PILING]
    # The warning named what it looked like, the opening names what it was: one violation under one id.
    assert len({event.violation.violation_id for event in events}) == 1


def test_stall_with_its_boxes_and_stools_is_one() -> None:
    vendor = person(box(0.36, 0.92, 0.05, 0.2), LONG)
    around = [thing(KERB, LONG), thing(box(0.235, 0.9), (5, 1000)), bag(box(0.17, 0.9), (9, 1000))]
    events = judged([*around, vendor], 120)
    (event,) = opened(events)
    assert event.violation.kind is ViolationKind.STREET_STALL
    assert event.violation.peak_things == 3


def test_piles_apart_are_two_violations_with_ids_of_their_own() -> None:
    events = opened(judged([bag(box(0.2, 0.9), LONG), bag(box(0.7, 0.9), LONG)], 120))
    assert len(events) == 2
    assert len({event.violation.violation_id for event in events}) == 2
    assert {event.violation.target for event in events} == {events[0].violation.target}


def test_canopy_stands_nowhere() -> None:
    assert judged([thing(box(0.3, 0.55, 0.2, 0.1), LONG, label="umbrella", role=Role.CANOPY)], 200) == []


def test_a_box_over_half_the_picture_is_a_mistake() -> None:
    assert judged([thing(box(0.5, 0.95, 0.9, 0.9), LONG)], 200) == []


def test_people_vehicles_and_animals_are_never_things() -> None:
    movers = [
        person(BEFORE_A, LONG),
        thing(KERB, LONG, label="truck", role=Role.VEHICLE),
        thing(box(0.7, 0.9), LONG, label="dog", role=Role.ANIMAL),
    ]
    assert judged(movers, 200) == []


def test_both_eyes_on_one_thing_are_one_thing_with_the_name() -> None:
    (event,) = opened(judged([thing(BEFORE_A, LONG), bag(box(0.3, 0.55, 0.065, 0.11), LONG)], 120))
    assert event.violation.labels == ("crate",)
    assert event.violation.peak_things == 1
    assert event.violation.kind is ViolationKind.BEYOND_SHOPFRONT


def test_label_that_flickers_neither_splits_nor_doubles() -> None:
    far = box(0.3, 0.65)
    named = thing(far, *[(start, start + 2.0) for start in range(0, 200, 4)])
    unnamed = bag(far, *[(start + 2.0, start + 4.0) for start in range(0, 200, 4)])
    events = judged([named, unnamed], 150)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened"]
    assert events[-1].violation.kind is ViolationKind.BEYOND_SHOPFRONT
    assert events[-1].violation.labels == ("crate",)


def test_twelve_crates_are_one_violation_that_grows_and_shrinks() -> None:
    crates = [thing(box(0.14 + 0.028 * n, 0.6, 0.02, 0.04), (2.0 * n, 150.0 + 5 * n)) for n in range(12)]
    events = judged(crates, 300)
    ids = {event.violation.violation_id for event in events}
    assert len(ids) == 1
    assert len(opened(events)) == 1
    last = events[-1]
    assert last.phase is Phase.CLEARED
    assert last.violation.peak_things == 12
    counts = [len(event.violation.things) for event in events if event.phase is Phase.CHANGED]
    assert counts[-1] == 1
    assert max(counts) == 12


def test_crates_restacked_in_the_frontage_go_on() -> None:
    events = judged([thing(box(0.2, 0.6), (0, 80)), thing(box(0.4, 0.6), (85, 300))], 200)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened", "changed"]
    assert events[-1].violation.things == (box(0.4, 0.6),)
    assert len({event.violation.violation_id for event in events}) == 1


def test_goods_before_both_shops_are_ambiguous_with_both_candidates() -> None:
    (event,) = opened(judged([thing(box(0.5, 0.6, 0.1, 0.1), LONG)], 120))
    assert event.violation.target.kind is TargetKind.AMBIGUOUS
    assert event.violation.target.shop_codes == ("A", "B")
    assert event.violation.kind is ViolationKind.BEYOND_SHOPFRONT


def test_goods_that_reach_a_little_into_the_neighbours_are_clear() -> None:
    (event,) = opened(judged([thing(box(0.47, 0.6, 0.1, 0.1), LONG)], 120))
    assert event.violation.target.shop_codes == ("A",)


def test_what_was_carried_over_a_neighbours_ground_is_judged_by_where_it_stands() -> None:
    carried, set_down = box(0.46, 0.6, 0.1, 0.1), box(0.49, 0.6, 0.1, 0.1)
    (event,) = opened(judged([replace(thing(set_down, LONG), box_at=lambda at_s: carried if at_s < 9 else set_down)], 120))
    assert event.violation.target.kind is TargetKind.AMBIGUOUS
    assert event.violation.target.shop_codes == ("A", "B")


def test_passer_by_with_a_bag_is_nothing() -> None:
    walking = [bag(box(0.05 + 0.03 * n, 0.9, 0.03, 0.04), (n, n + 1)) for n in range(30)]
    assert judged([*walking, *walking], 60) == []


def test_bag_on_a_waiting_persons_back_is_no_thing() -> None:
    waiting = person(box(0.3, 0.95, 0.1, 0.3), LONG)
    backpack = thing(box(0.3, 0.8, 0.05, 0.1), LONG, label="backpack")
    put_down = thing(box(0.3, 0.94, 0.05, 0.1), LONG, label="backpack")
    assert judged([waiting, backpack], 200) == []
    assert len(opened(judged([waiting, put_down], 200))) == 1


def test_a_large_box_around_known_things_is_those_things() -> None:
    crates = [thing(box(x, 0.9, 0.05, 0.1), (0, 80)) for x in (0.3, 0.35, 0.4, 0.45)]
    blob = bag(box(0.375, 0.9, 0.2, 0.1), (80, 400))
    events = judged([*crates, blob], 150)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened"]
    assert events[-1].violation.peak_things == 4


def test_large_thing_around_a_small_one_is_new_but_one_violation_with_it() -> None:
    events = judged([bag(box(0.3, 0.9, 0.03, 0.04), LONG), thing(box(0.3, 0.92, 0.15, 0.2), (70, 400), label="cart", role=Role.STALL)], 150)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened", "changed"]
    assert events[-1].violation.peak_things == 2


def test_two_kinds_that_turn_out_to_be_one_are_told_once() -> None:
    # Far from the door line and from each other; the second is named only later, which makes it the shop's display too.
    first = thing(box(0.15, 0.6), LONG)
    second = [bag(box(0.45, 0.69), (0, 20)), thing(box(0.45, 0.69), (20, 400))]
    events = judged([first, *second], 150)
    assert [phase for phase, _ in steps(events)] == ["warned", "changed", "opened"]


def test_things_on_a_fixture_or_ignored_ground_are_nothing() -> None:
    zones = street(rectangle("planter", ZoneKind.FIXTURE, 0.2, 0.4, 0.4, 0.7), rectangle("yard", ZoneKind.IGNORE, 0.0, 0.7, 0.5, 1.0))
    assert run(engine(zones), looks([thing(BEFORE_A, LONG), bag(KERB, LONG)], 120)) == []


def test_nothing_outside_the_zones() -> None:
    assert judged([thing(box(0.05, 0.55), LONG), bag(box(0.95, 0.3), LONG)], 200) == []


def test_a_bag_on_a_table_that_may_belong_there_is_not_the_table() -> None:
    table = BoundingBox(0.3, 0.75, 0.5, 0.95)
    found = BoundingBox(0.36, 0.72, 0.42, 0.84)
    put_down_at = T0 + timedelta(seconds=20)
    doubtful = Detection("dining table", Role.FURNITURE, 0.6, table, DetectionSource.YOLO, Certainty.UNCERTAIN)
    sure = Detection("unknown_object", Role.UNKNOWN_OBJECT, 0.5, found, DetectionSource.STATIC, standing_since=put_down_at)
    judge, opened_with = engine(), []
    for second in range(0, 120, 2):
        at = T0 + timedelta(seconds=second)
        seen = (doubtful, sure) if at >= put_down_at else (doubtful,)
        events = judge.update(Observation("cam-1", at, float(second), None, seen, "z", "m"))
        opened_with += [event.violation for event in events if event.phase is Phase.OPENED]
    assert [violation.labels for violation in opened_with] == [("unknown_object",)]
    assert opened_with[0].box.iou(found) > 0.9
