"""Looks in, observed time out: what counts, what is a gap, and that both are the whole span."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import DwellSettings, RuleSettings
from pipeline.coverage import CameraCoverage, CoverageFold, Span, Stretches, place_coverage, union_of
from pipeline.errors import PipelineError
from pipeline.local_hours import is_within_any, stretches_of
from pipeline.types import GapReason
from tests.rules.street import box, engine, looks, run, thing

from .watched_street import T0, Look, at, steady

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_S = 10.0
DAY_S = 86400.0


def covered(seen: list[Look], since_s: float, until_s: float, *, hours: tuple[tuple[time, time], ...] = ()) -> CameraCoverage:
    fold = CoverageFold(LONGEST_S, at(since_s), at(until_s))
    for seconds, gap in seen:
        fold.add(at(seconds), gap)
    return fold.coverage("cam", Span(at(since_s), at(until_s), SHANGHAI, hours))


def gaps(of: CameraCoverage) -> dict[str, float]:
    return {reason.value: seconds for reason, seconds in of.gaps}


def test_steps_between_looks_that_count_are_observed() -> None:
    found = covered(steady(0, 100), 0, 100)
    assert (found.looks, found.counted, found.figures.observed_s, found.figures.share) == (50, 50, 100.0, 1.0)
    assert found.gaps == ()
    assert (found.figures.longest_unobserved_s, found.figures.longest_unobserved_since) == (0.0, None)


def test_a_gap_costs_the_time_from_the_look_before_it_to_the_look_after_it() -> None:
    found = covered([*steady(0, 20), (22, GapReason.DARK), (24, GapReason.TORN), *steady(26, 50)], 0, 50)
    assert found.figures.observed_s == 44.0
    assert gaps(found) == {"dark": 2.0, "torn": 4.0}
    assert (found.figures.visits, found.figures.visit_median_s) == (2, 22.0)
    assert (found.figures.between_median_s, found.figures.between_longest_s) == (6.0, 6.0)
    assert (found.figures.longest_unobserved_s, found.figures.longest_unobserved_since) == (6.0, at(20))


def test_a_step_that_is_too_long_is_time_without_any_look_whatever_follows() -> None:
    assert gaps(covered([(0, None), (10, None), (21, None)], 0, 21)) == {"no_look": 11.0}
    assert gaps(covered([(0, None), (60, GapReason.NO_FRAME), (62, None)], 0, 62)) == {"no_look": 60.0, "no_frame": 2.0}


def test_time_before_the_first_and_after_the_last_look_is_unobserved() -> None:
    found = covered(steady(20, 40), 0, 100)
    assert gaps(found) == {"no_look": 80.0}
    assert (found.figures.longest_unobserved_s, found.figures.longest_unobserved_since) == (60.0, at(40))
    assert found.last_seen_at == at(40)


def test_looks_beside_the_span_tell_about_its_edges() -> None:
    found = covered(steady(-7, 109), 0, 100)
    assert found.figures.observed_s == 100.0
    assert (found.looks, found.last_seen_at) == (50, at(99))


def test_a_camera_without_looks_is_unobserved() -> None:
    found = covered([], 0, 100)
    assert (found.figures.share, found.figures.visits, found.last_seen_at) == (0.0, 0, None)
    assert gaps(found) == {"no_look": 100.0}
    assert (found.figures.visit_median_s, found.figures.between_longest_s) == (None, None)


def test_looks_out_of_order_are_refused() -> None:
    fold = CoverageFold(LONGEST_S)
    fold.add(at(2), None)
    with pytest.raises(PipelineError, match="out of order"):
        fold.add(at(2), None)


def test_shares_by_hour_and_within_enforcement_hours() -> None:
    # T0 is 10:00 local: watched to 11:30, asked from 9:00 to 12:00.
    found = covered(steady(0, 5400), -3600, 7200, hours=((time(10, 30), time(11, 30)), (time(11, 45), time(12, 45))))
    assert found.figures.by_hour[9:12] == (0.0, 1.0, 0.5)
    assert {share for hour, share in enumerate(found.figures.by_hour) if not 9 <= hour < 12} == {None}
    assert found.figures.enforced_share == 0.8
    assert found.figures.required_share == 0.8


def test_where_no_enforcement_hour_lies_in_the_span_the_whole_of_it_is_required() -> None:
    found = covered(steady(0, 50), 0, 100, hours=((time(20), time(22)),))
    assert (found.figures.enforced_share, found.figures.required_share) == (None, 0.5)


def test_a_place_is_seen_by_whichever_camera_shows_it() -> None:
    first, second = covered(steady(0, 60), 0, 100), covered(steady(40, 80), 0, 100)
    place = place_coverage("S1", "shop", [first, second], Span(T0, at(100), SHANGHAI))
    assert (place.figures.observed_s, place.figures.visits, place.last_seen_at) == (80.0, 1, at(80))


# --- properties --------------------------------------------------------------------------------------------

moments = st.integers(0, 300)
series = st.dictionaries(moments, st.none() | st.sampled_from(GapReason), max_size=40).map(lambda seen: sorted(seen.items()))
spans = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1])


@given(series, spans)
def test_every_second_is_observed_or_a_gap_as_the_looks_around_it_say(seen: list[Look], span: tuple[int, int]) -> None:
    found = covered(seen, *span)
    total = span[1] - span[0]
    assert found.figures.observed_s + found.figures.unobserved_s == total
    assert found.figures.observed_s + sum(gaps(found).values()) == total
    assert found.figures.observed_s == sum(is_observed(seen, second) for second in range(*span))
    by_hour = [share for share in found.figures.by_hour if share is not None]
    assert by_hour == [found.figures.share]  # three hundred seconds from a full hour on


def is_observed(seen: list[Look], second: int) -> bool:
    """Said again, plainly: the looks on both sides count, and are near enough."""
    before = [look for look in seen if look[0] <= second]
    after = [look for look in seen if look[0] > second]
    if not before or not after:
        return False
    return before[-1][1] is None and after[0][1] is None and after[0][0] - before[-1][0] <= LONGEST_S


@given(st.lists(series, min_size=1, max_size=4), spans)
def test_a_union_is_more_than_each_and_less_than_the_sum_and_the_span(seen: list[list[Look]], span: tuple[int, int]) -> None:
    parts = [covered(each, *span) for each in seen]
    place = place_coverage("S1", "", parts, Span(at(span[0]), at(span[1]), SHANGHAI))
    observed = [part.figures.observed_s for part in parts]
    assert max(observed) <= place.figures.observed_s <= min(sum(observed), span[1] - span[0])
    seconds = sum(any(is_observed(each, second) for each in seen) for second in range(*span))
    assert place.figures.observed_s == seconds


@given(st.lists(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), max_size=8), st.lists(spans, max_size=8))
def test_shared_time_is_that_of_the_seconds_that_lie_in_both(mine: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
    first, second = stretches(mine), stretches(theirs)
    assert first.shared_with(second) == second.shared_with(first) == len(cells(mine) & cells(theirs))
    assert union_of([first, second]).total == len(cells(mine) | cells(theirs))


def stretches(pairs: list[tuple[int, int]]) -> Stretches:
    made = Stretches()
    for start, end in sorted(pairs):
        made.add(start, end)
    return made


def cells(pairs: list[tuple[int, int]]) -> set[int]:
    return {cell for pair in pairs for cell in range(*pair)}


@given(st.dictionaries(st.integers(0, 200), st.booleans(), min_size=2, max_size=60))
def test_what_is_observed_is_what_adds_dwell(counting: dict[int, bool]) -> None:
    settings = RuleSettings(
        dwell=DwellSettings(warn_after_s=0, candidate_after_s=0, longest_gap_s=DAY_S, loading_grace_s=0), longest_look_interval_s=LONGEST_S
    )
    crate = [thing(box(0.3, 0.55), (0.0, DAY_S))]
    seen = [look for look in looks(crate, 200, gaps=[(second, second + 1) for second, counts in counting.items() if not counts])]
    seen = [look for look in seen if round(look.media_time_s) in counting]
    rule = engine(settings=settings)
    run(rule, seen)
    fold = CoverageFold(LONGEST_S)
    for look in seen:
        fold.add(look.captured_at, look.gap)
    found = fold.coverage("cam", Span(seen[0].captured_at, seen[-1].captured_at, SHANGHAI))
    events = rule.finish(seen[-1].captured_at)
    assert len(events) == (found.counted > 0)
    for event in events:
        assert event.violation.dwell_s == pytest.approx(found.figures.observed_s)


hours_of_day = st.times(datetime(2024, 1, 1).time(), datetime(2024, 1, 1, 23, 59).time()).map(  # noqa: DTZ001 - times of day
    lambda clock: clock.replace(second=0, microsecond=0)
)


@given(st.lists(st.tuples(hours_of_day, hours_of_day), max_size=3), st.integers(0, 3 * 86400), st.integers(1, 3 * 86400))
def test_hours_as_stretches_are_hours_by_the_clock(hours: list[tuple[time, time]], since_s: int, length_s: int) -> None:
    found = stretches_of(hours, at(since_s), at(since_s + length_s), SHANGHAI)
    for number in range(20):
        moment = at(since_s + length_s * number // 20)
        assert any(start <= moment < end for start, end in found) == is_within_any(moment, hours, SHANGHAI)
    assert all(end < start for (_, end), (start, _) in pairwise(found))
    assert all(at(since_s) <= start < end <= at(since_s + length_s) for start, end in found)


def test_a_day_that_clocks_make_longer_has_all_its_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    since = datetime(2024, 10, 27, tzinfo=berlin)
    until = datetime(2024, 10, 28, tzinfo=berlin)
    assert stretches_of([(time(), time())], since, until, berlin) == ((since, until),)
    fold = CoverageFold(DAY_S * 2, since, until)
    fold.add(since, None)
    fold.add(until + timedelta(seconds=1), None)
    found = fold.coverage("cam", Span(since, until, berlin, ((time(), time()),)))
    assert (found.figures.observed_s, found.figures.by_hour) == (25 * 3600.0, (1.0,) * 24)
