"""Dwell, gaps, occlusion, clearing, coming back: when things begin and end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.config import DwellSettings, RuleSettings
from pipeline.errors import PipelineError
from pipeline.types import Certainty, DetectionSource, GapReason, Observation, Phase, Role, ViolationKind

from .street import SHORT, T0, Actor, bag, box, car, engine, judged, looks, person, run, steps, thing

LONG = (0.0, 2000.0)
CRATE = box(0.3, 0.55)
KERB = box(0.3, 0.9)


def test_self_rectified() -> None:
    events = judged([thing(CRATE, (10, 100))], 200)
    # Gone from 100 on: clear looks at 100 .. 115 span the 15 s that are needed.
    assert steps(events) == [("warned", 40), ("opened", 70), ("cleared", 115)]
    last = events[-1].violation
    assert last.cleared_at == T0 + timedelta(seconds=115)
    assert last.last_seen_at == T0 + timedelta(seconds=99)
    assert last.dwell_s == 89
    assert last.things == (CRATE,)


def test_put_away_after_the_warning() -> None:
    events = judged([thing(CRATE, (0, 50))], 200)
    assert steps(events) == [("warned", 30), ("cleared", 65)]
    assert events[-1].violation.confirmed_at is None


def test_put_away_before_the_warning_is_nothing() -> None:
    assert judged([thing(CRATE, (0, 28))], 200) == []


def test_what_comes_back_in_time_is_the_same_violation() -> None:
    events = judged([thing(CRATE, (0, 100), (200, 300))], 400)
    assert steps(events) == [("warned", 30), ("opened", 60), ("cleared", 115), ("reopened", 215), ("cleared", 315)]
    assert len({event.violation.violation_id for event in events}) == 1
    assert events[3].violation.cleared_at is None
    assert events[3].violation.first_seen_at == T0
    assert events[-1].violation.dwell_s == pytest.approx(99 + 99)


def test_what_comes_back_elsewhere_in_the_frontage_is_the_same_violation() -> None:
    events = judged([thing(CRATE, (0, 100)), bag(box(0.2, 0.46), (200, 300))], 260)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened", "cleared", "reopened"]
    assert len({event.violation.violation_id for event in events}) == 1


def test_what_comes_back_late_is_another_violation() -> None:
    events = judged([thing(CRATE, (0, 100), (240, 400))], 400)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened", "cleared", "warned", "opened"]
    assert len({event.violation.violation_id for event in events}) == 2


def test_what_comes_back_after_a_mere_warning_must_stand_for_its_whole_dwell() -> None:
    events = judged([thing(CRATE, (0, 50), (100, 300))], 300)
    assert steps(events) == [("warned", 30), ("cleared", 65), ("reopened", 115), ("opened", 160)]
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=100)
    assert events[-1].violation.dwell_s == 60


def test_another_pile_elsewhere_on_public_ground_does_not_reopen() -> None:
    events = judged([bag(KERB, (0, 100)), bag(box(0.7, 0.9), (150, 400))], 300)
    assert len({event.violation.violation_id for event in events}) == 2
    assert Phase.REOPENED not in {event.phase for event in events}


def test_gap_adds_no_dwell() -> None:
    # Looks from 20 to 29 failed: the 11 s between the looks that worked are missing.
    events = judged([thing(CRATE, LONG)], 100, gaps=[(20, 30)])
    assert steps(events) == [("warned", 41), ("opened", 71)]
    assert events[-1].violation.gap_s == 11
    assert events[-1].violation.dwell_s == 60


def test_long_gap_begins_the_dwell_anew() -> None:
    events = judged([thing(CRATE, LONG)], 150, gaps=[(20, 45)])
    assert steps(events) == [("warned", 75), ("opened", 105)]
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=45)
    assert events[-1].violation.gap_s == 0


def test_long_gap_after_the_warning_keeps_the_violation_and_begins_its_dwell_anew() -> None:
    events = judged([thing(CRATE, LONG)], 150, gaps=[(40, 65)])
    assert steps(events) == [("warned", 30), ("opened", 125)]
    assert len({event.violation.violation_id for event in events}) == 1
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=65)


def test_long_gap_changes_nothing_about_an_open_violation() -> None:
    events = judged([thing(CRATE, LONG)], 300, gaps=[(80, 200)])
    assert steps(events) == [("warned", 30), ("opened", 60)]
    rule = engine()
    observations = looks([thing(CRATE, LONG)], 300, gaps=[(80, 200)])
    run(rule, observations)
    (last,) = rule.finish(observations[-1].captured_at)
    assert last.phase is Phase.CHANGED
    assert last.violation.gap_s == 121
    assert last.violation.dwell_s == 300 - 121


def test_gap_clears_nothing() -> None:
    events = judged([thing(CRATE, (0, 70))], 400, gaps=[(70, 390)])
    assert steps(events) == [("warned", 30), ("opened", 60)]


def test_gaps_between_clear_looks_add_no_span() -> None:
    # One clear look, then nine failed ones, and so on: three clear looks, but no time seen clear.
    failed = [(70 + 10 * n + 1, 70 + 10 * n + 10) for n in range(30)]
    assert [phase for phase, _ in steps(judged([thing(CRATE, (0, 70))], 360, gaps=failed))] == ["warned", "opened"]


def test_nobody_looking_for_too_long_is_a_gap_whatever_the_log_says() -> None:
    seen = looks([thing(CRATE, LONG)], 100)
    silent = [item for item in seen if not 20 < item.media_time_s < 36]
    events = run(engine(), silent)
    assert steps(events) == [("warned", 46), ("opened", 76)]
    assert events[-1].violation.gap_s == 16


def test_passers_by_cost_nothing() -> None:
    passing = person(box(0.3, 0.57, 0.08, 0.3), *[(float(s), s + 3.0) for s in range(5, 100, 9)])
    unseen = thing(CRATE, *[(s + 3.0, s + 9.0) for s in range(-4, 100, 9)])
    events = judged([unseen, passing], 100)
    # At 60 somebody is in front: nobody is accused at a look that does not see it.
    assert steps(events) == [("warned", 30), ("opened", 62)]
    assert events[-1].violation.hidden_looks == 21


def test_crowd_that_hides_a_bag_adds_no_dwell_and_breaks_none() -> None:
    crowd = person(box(0.3, 0.95, 0.1, 0.3), (20, 60))
    events = judged([thing(KERB, (0, 20), (60, 400)), crowd], 150)
    assert steps(events) == [("warned", 30 + 41), ("opened", 60 + 41)]
    assert events[-1].violation.first_seen_at == T0
    assert events[-1].violation.dwell_s == 60


def test_crowd_that_hides_a_bag_for_longer_than_the_dwell_breaks_it() -> None:
    crowd = person(box(0.3, 0.95, 0.1, 0.3), (20, 140))
    events = judged([thing(KERB, (0, 20), (140, 400)), crowd], 220)
    assert steps(events) == [("warned", 170), ("opened", 200)]
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=140)


def test_open_violation_outlasts_a_crowd() -> None:
    crowd = person(box(0.3, 0.95, 0.1, 0.3), (70, 900))
    assert [phase for phase, _ in steps(judged([thing(KERB, (0, 70)), crowd], 890))] == ["warned", "opened"]


def test_uncertain_sight_is_neither_presence_nor_absence() -> None:
    doubtful = Actor(CRATE, (LONG,), "unknown_object", Role.UNKNOWN_OBJECT, DetectionSource.STATIC, Certainty.UNCERTAIN)
    assert judged([doubtful], 300) == []
    events = judged([thing(CRATE, (0, 70)), doubtful], 300)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened"]


def test_what_stood_there_for_a_moment_before_is_forgotten() -> None:
    events = judged([thing(CRATE, (0, 3), (10, 300))], 100)
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=10)
    assert steps(events) == [("warned", 40), ("opened", 70)]


def test_seen_in_too_few_looks_is_nothing() -> None:
    rarely = thing(CRATE, *[(float(s), s + 3.0) for s in range(0, 400, 5)])
    mostly = thing(CRATE, *[(float(s), s + 9.0) for s in range(0, 400, 10)])
    assert judged([rarely], 300) == []
    events = judged([mostly], 100)
    assert steps(events) == [("warned", 30), ("opened", 60)]


def test_static_eye_dates_back() -> None:
    # Sure at 30, standing since 12: dwell and first sight count from 12 on.
    events = judged([bag(KERB, (30, 300), since=12)], 100)
    assert steps(events) == [("warned", 42), ("opened", 72)]
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=12)


def test_dating_back_knows_gaps_and_who_stood_in_front() -> None:
    before = person(box(0.3, 0.95, 0.1, 0.3), (12, 17))
    events = judged([bag(KERB, (40, 300), since=12), before], 120, gaps=[(25, 30)])
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=17)
    assert steps(events) == [("warned", 47 + 6), ("opened", 77 + 6)]


def test_dating_back_ends_where_the_place_was_seen_clear() -> None:
    # A pile is cleared away at 70 and seen clear at 85; what the static eye says stood there "since 20" is another thing.
    events = judged([thing(KERB, (0, 70)), bag(KERB, (100, 400), since=20)], 105)
    assert [phase for phase, _ in steps(events)] == ["warned", "opened", "cleared", "reopened"]
    assert events[-1].violation.dwell_s < 69 + 25


def test_what_stood_there_from_the_start_is_found() -> None:
    events = judged([bag(KERB, LONG, since=-1000)], 100)
    assert events[-1].violation.first_seen_at == T0
    assert steps(events) == [("warned", 30), ("opened", 60)]


def test_static_eye_may_remember_more_than_the_looks_told() -> None:
    # YOLO sees it from 30 on, the static eye is sure at 50 and has watched it since 12.
    events = judged([thing(KERB, (30, 300)), bag(KERB, (50, 300), since=12)], 100)
    assert events[-1].violation.first_seen_at == T0 + timedelta(seconds=12)
    assert steps(events) == [("warned", 50), ("opened", 72)]


def test_loading_has_its_grace() -> None:
    van = car(box(0.42, 0.92, 0.2, 0.3), (0, 50))
    events = judged([thing(KERB, (5, 300)), van], 200)
    # From 5 to 50 the van stands beside it.
    assert steps(events) == [("warned", 80), ("opened", 110)]


def test_grace_of_a_parked_vehicle_ends() -> None:
    parked = car(box(0.42, 0.92, 0.2, 0.3), LONG)
    events = judged([thing(KERB, (5, 400)), parked], 300)
    assert steps(events) == [("warned", 5 + 60 + 30), ("opened", 5 + 60 + 60)]


def test_bicycles_load_nothing() -> None:
    bicycle = thing(box(0.36, 0.92, 0.06, 0.1), LONG, label="bicycle", role=Role.VEHICLE)
    assert steps(judged([thing(KERB, LONG), bicycle], 100)) == [("warned", 30), ("opened", 60)]


def test_traffic_that_passes_is_no_loading() -> None:
    traffic = [car(box(0.1 + 0.11 * (n % 8), 0.92, 0.2, 0.06), (n, n + 1)) for n in range(100)]
    assert steps(judged([thing(KERB, LONG), *traffic], 100)) == [("warned", 30), ("opened", 60)]


def test_default_profile_is_the_domains() -> None:
    rule = engine(settings=RuleSettings())
    events = run(rule, looks([thing(CRATE, (0, 700))], 1000, every_s=5))
    assert steps(events) == [("warned", 300), ("opened", 600), ("cleared", 760)]


def test_warning_and_opening_may_fall_on_one_look() -> None:
    rules = SHORT.model_copy(update={"dwell": DwellSettings(warn_after_s=20, candidate_after_s=20, clear_span_s=5)})
    events = run(engine(settings=rules), looks([thing(CRATE, LONG)], 40))
    assert steps(events) == [("warned", 20), ("opened", 20)]


def test_no_dwell_at_all_opens_at_first_sight() -> None:
    rules = SHORT.model_copy(update={"dwell": DwellSettings(warn_after_s=0, candidate_after_s=0, clear_span_s=5)})
    events = run(engine(settings=rules), looks([thing(CRATE, (3, 100))], 10))
    assert steps(events) == [("warned", 3), ("opened", 3)]


def test_last_word_names_what_is_open_and_changes_nothing() -> None:
    observations = looks([thing(CRATE, LONG), bag(KERB, (20, 400)), thing(box(0.7, 0.55), (0, 40))], 100)
    rule = engine()
    events = run(rule, observations)
    before = rule.finish(observations[-1].captured_at)
    assert before == rule.finish(observations[-1].captured_at)
    assert [event.violation.kind for event in before] == [ViolationKind.BEYOND_SHOPFRONT, ViolationKind.PAVEMENT_PILING]
    assert all(event.phase is Phase.CHANGED and event.violation.cleared_at is None for event in before)
    assert {event.violation.violation_id for event in before} < {event.violation.violation_id for event in events}
    later = rule.finish(observations[-1].captured_at + timedelta(seconds=60))
    assert later[0].violation.gap_s == 60


def test_looks_must_come_in_order_and_from_this_camera() -> None:
    first, second = looks([], 1)
    rule = engine()
    rule.update(second)
    with pytest.raises(PipelineError, match="out of order"):
        rule.update(first)
    other = Observation("cam-2", T0 + timedelta(seconds=9), 9.0, GapReason.GREY, (), "", "")
    with pytest.raises(PipelineError, match="cam-2"):
        rule.update(other)
