"""Overload stretches the time between looks, evenly and never for good."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.live.pace import Pace


class Load:
    """Looks that come in ten seconds, of which so many can be judged, at the pace that is asked for."""

    def __init__(self, can_judge: float) -> None:
        self.can_judge = can_judge
        self.now_s = 0.0
        self.pace = Pace(lambda: self.now_s)
        self.judged = self.dropped = 0
        self.busy_s = 0.0

    def ten_seconds(self, come: float) -> None:
        come /= self.pace.factor
        judged = min(come, self.can_judge)
        self.judged += round(judged)
        self.dropped += round(come - judged)
        self.now_s += 10
        self.busy_s += 10 * judged / self.can_judge
        self.pace.note(self.judged, self.dropped, self.busy_s)


def test_as_long_as_all_is_judged_looks_come_as_asked_for() -> None:
    load = Load(can_judge=105)
    for _ in range(20):
        load.ten_seconds(come=100)
    assert load.pace.factor == 1.0


def test_overload_stretches_the_time_between_looks_until_all_are_judged_again() -> None:
    load = Load(can_judge=100)
    for _ in range(20):
        load.ten_seconds(come=300)
    assert 2.4 <= load.pace.factor <= 4.0
    for _ in range(40):
        load.ten_seconds(come=90)
    assert load.pace.factor == 1.0


def test_after_a_rush_looks_come_as_asked_for_within_half_a_minute() -> None:
    load = Load(can_judge=100)
    for _ in range(6):
        load.ten_seconds(come=300)
    for _ in range(3):
        load.ten_seconds(come=60)
    assert load.pace.factor == 1.0


def test_where_a_little_less_than_all_can_be_judged_the_pace_stays_near_what_can_be() -> None:
    load = Load(can_judge=100)
    seen = []
    for _ in range(60):
        load.ten_seconds(come=130)
        seen.append(load.pace.factor)
    assert 1.3 <= min(seen[10:]) <= max(seen[10:]) <= 1.5


def test_looks_that_pile_up_are_seen_coming_before_any_is_dropped() -> None:
    load = Load(can_judge=100)
    for _ in range(6):
        load.ten_seconds(come=100)
    assert load.dropped == 0
    assert 1.0 < load.pace.factor < 1.1


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1)), max_size=60))
def test_the_pace_stays_within_bounds(steps: list[tuple[int, int, float]]) -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    judged = dropped = 0
    busy_s = 0.0
    for done, lost, busy in steps:
        now_s += 10
        busy_s += 10 * busy
        judged, dropped = judged + done, dropped + lost
        before = pace.factor
        assert pace.note(judged, dropped, busy_s) == (pace.factor != before)
        assert 1.0 <= pace.factor <= 6.0


def test_it_is_judged_by_ten_seconds_at_a_time() -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    now_s = 9.9
    assert not pace.note(0, 1000, 0.0)
    now_s = 10.0
    assert pace.note(0, 1000, 0.0)
    assert not pace.note(0, 2000, 0.0)
    assert pace.factor == 1.25
