"""Which find is which event."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluation.attribution import Attribution, attribution_of
from pipeline.evaluation.judged import Found
from pipeline.evaluation.matching import MatchSettings, Outcome, Pairing, pair
from pipeline.evaluation.truth import TruthEvent
from pipeline.types import BoundingBox
from tests.evaluation.made_up import GOODS, LENGTH_S, PILE, SETTINGS, STALL, claims, event, find

Line = tuple[Outcome, str | None, str | None]


def lines(events: list[TruthEvent], finds: list[Found], settings: MatchSettings = SETTINGS) -> list[Line]:
    return [_line(one) for one in pair(claims(*events), finds, settings)]


def _line(one: Pairing) -> Line:
    return one.outcome, one.claim.event.name if one.claim else None, one.found.violation_id if one.found else None


def test_each_event_gets_its_find() -> None:
    events = [event("left", x=0.1), event("right", x=0.5)]
    assert lines(events, [find("r", x=0.5), find("l", x=0.1)]) == [(Outcome.HIT, "left", "l"), (Outcome.HIT, "right", "r")]


def test_neighbours_are_paired_so_that_both_get_one() -> None:
    # The find between both fits either; the other fits the left one alone.
    events = [event("left", x=0.10), event("right", x=0.16)]
    finds = [find("between", x=0.12), find("far left", x=0.08)]
    assert lines(events, finds) == [(Outcome.HIT, "left", "far left"), (Outcome.HIT, "right", "between")]


def test_another_time_or_place_is_a_miss_and_a_false_alarm() -> None:
    missed, alarm = (Outcome.MISS, "crates", None), (Outcome.FALSE_ALARM, None, "f")
    assert lines([event("crates", ended_s=40)], [find("f", from_s=45)]) == [missed, alarm]
    assert lines([event("crates", x=0.1)], [find("f", x=0.4)]) == [missed, alarm]


def test_a_little_late_is_still_the_same() -> None:
    late = [event("crates", ended_s=40)], [find("f", from_s=42)]
    assert lines(*late) == [(Outcome.HIT, "crates", "f")]
    assert lines(*late, MatchSettings(tolerance_s=1))[0][0] is Outcome.MISS


def test_a_huge_box_is_no_find_of_a_small_thing() -> None:
    huge = BoundingBox(0.0, 0.2, 0.9, 1.0)
    outcomes = {outcome for outcome, _, _ in lines([event("crates")], [find("f", box=huge)])}
    assert outcomes == {Outcome.MISS, Outcome.FALSE_ALARM}


def test_a_second_find_is_a_duplicate() -> None:
    found = lines([event("crates")], [find("first"), find("second", from_s=60)])
    assert found == [(Outcome.HIT, "crates", "first"), (Outcome.DUPLICATE, "crates", "second")]


def test_another_kind_is_named_and_the_event_stays_missed() -> None:
    pairings = pair(claims(event("cart", kind=STALL, shops=())), [find("f", kind=PILE, shops=())], SETTINGS)
    assert [(one.outcome, one.reason) for one in pairings] == [
        (Outcome.MISS, "reported as pavement piling"),
        (Outcome.WRONG_KIND, "cart is street stall"),
    ]


def test_one_find_over_two_events_hits_one_and_hides_the_other() -> None:
    both = BoundingBox(0.1, 0.5, 0.32, 0.6)
    pairings = pair(claims(event("left", x=0.1), event("right", x=0.22)), [find("f", box=both)], SETTINGS)
    assert [one.outcome for one in pairings] == [Outcome.HIT, Outcome.MISS]
    assert pairings[1].reason == "its place is part of another find"


@pytest.mark.parametrize(
    ("excuse", "reason"), [("permitted", "table: permitted: in its hours"), ("loading", "table: loading: in its hours")]
)
def test_an_excused_event_makes_a_false_alarm_with_its_reason(excuse: str, reason: str) -> None:
    (pairing,) = pair(claims(event("table", excused_by=excuse, why="in its hours")), [find("f")], SETTINGS)
    assert (pairing.outcome, pairing.reason) == (Outcome.FALSE_ALARM, reason)


def test_what_stood_too_short_makes_a_false_alarm_that_says_so() -> None:
    (pairing,) = pair(claims(event("table", began_s=10, ended_s=13)), [find("f", from_s=10, to_s=22)], SETTINGS)
    assert (pairing.outcome, pairing.reason) == (Outcome.FALSE_ALARM, "table: could be seen for 3.0 s, the dwell is 10 s")


def test_an_optional_event_counts_neither_way() -> None:
    optional = event("board", excused_by="optional")
    assert lines([optional], []) == []
    assert lines([optional], [find("f"), find("g", from_s=50)]) == [
        (Outcome.NOT_COUNTED, "board", "f"),
        (Outcome.NOT_COUNTED, "board", "g"),
    ]


def test_the_permitted_hours_end_in_the_middle() -> None:
    events = [event("table, permitted", began_s=0, ended_s=50, excused_by="permitted"), event("table", began_s=50, ended_s=None)]
    assert lines(events, [find("f", from_s=51, to_s=99)]) == [(Outcome.HIT, "table", "f")]


def test_what_was_seen_in_permitted_hours_and_reported_after_them_is_right() -> None:
    events = [event("table, permitted", began_s=0, ended_s=50, excused_by="permitted"), event("table", began_s=50, ended_s=None)]
    assert lines(events, [replace(find("f", from_s=0, to_s=99), confirmed_s=60)]) == [(Outcome.HIT, "table", "f")]


def test_quiet_excuses_are_no_lines() -> None:
    assert lines([event("table", excused_by="permitted")], []) == []


@pytest.mark.parametrize(
    ("truth", "told", "attribution"),
    [
        (("A",), ("A",), Attribution.RIGHT_SHOP),
        (("A",), ("B",), Attribution.WRONG_SHOP),
        (("A",), ("A", "B"), Attribution.WRONG_AMBIGUOUS),
        (("A",), (), Attribution.WRONG_PLACE),
        (("A", "B"), ("A", "B"), Attribution.RIGHT_AMBIGUOUS),
        (("A", "B"), ("A",), Attribution.WRONG_AMBIGUOUS),
        (("A", "B"), ("C",), Attribution.WRONG_SHOP),
        (("A", "B"), ("A", "C"), Attribution.WRONG_AMBIGUOUS),
        ((), (), Attribution.RIGHT_PLACE),
        ((), ("A",), Attribution.WRONG_SHOP),
    ],
)
def test_attribution(truth: tuple[str, ...], told: tuple[str, ...], attribution: Attribution) -> None:
    assert attribution_of(event("crates", shops=truth), find("f", shops=told)) is attribution


kinds = st.sampled_from([GOODS, PILE, STALL])
spots = st.sampled_from([0.1, 0.14, 0.18, 0.4])


@st.composite
def events_drawn(draw: st.DrawFn) -> TruthEvent:
    began = draw(st.floats(0, 80))
    ended = began + draw(st.floats(1, LENGTH_S - began))
    excuse = draw(st.sampled_from([None, None, "permitted", "optional"]))
    name = f"{began}/{ended}"
    return event(name, x=draw(spots), began_s=began, ended_s=ended, kind=draw(kinds), excused_by=excuse)


@st.composite
def finds_drawn(draw: st.DrawFn, name: str) -> Found:
    begins = draw(st.floats(0, 80))
    return find(name, x=draw(spots), from_s=begins, to_s=begins + draw(st.floats(10, 60)), kind=draw(kinds))


@given(st.lists(events_drawn(), max_size=4), st.tuples(*(finds_drawn(name) for name in "abcd")), st.integers(0, 4))
def test_every_find_is_told_once_and_every_due_event_is_hit_or_missed_once(
    events: list[TruthEvent], drawn: tuple[Found, ...], count: int
) -> None:
    finds = drawn[:count]
    known = claims(*events)
    pairings = pair(known, finds, SETTINGS)
    told = [one.found for one in pairings if one.found and one.outcome is not Outcome.MISS]
    assert sorted(one.violation_id for one in told) == sorted(one.violation_id for one in finds)
    for claim in known:
        mine = [one.outcome for one in pairings if one.claim is claim and one.outcome in {Outcome.HIT, Outcome.MISS}]
        assert len(mine) == (claim.verdict.value == "due")
    for one in pairings:
        assert (one.attribution is not None) == (one.outcome is Outcome.HIT)
        if one.outcome is Outcome.HIT and one.claim and one.found:
            assert one.claim.event.kind is one.found.kind
        if one.outcome in {Outcome.FALSE_ALARM, Outcome.DUPLICATE, Outcome.WRONG_KIND}:
            assert one.reason


@given(st.tuples(*(finds_drawn(name) for name in "abc")))
def test_the_order_of_the_finds_changes_no_count(drawn: tuple[Found, ...]) -> None:
    known = claims(event("left", x=0.1), event("right", x=0.18, kind=PILE))
    counts = {tuple(sorted(one.outcome.value for one in pair(known, order, SETTINGS))) for order in permutations(drawn)}
    assert len(counts) == 1
