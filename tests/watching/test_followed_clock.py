"""The time in a process that was told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.watching.followed_clock import FollowedClock

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@given(st.lists(st.tuples(st.floats(0, 5), st.one_of(st.none(), st.floats(-0.05, 0.05))), max_size=50))
def test_it_never_falls_and_stays_with_the_program(steps: list[tuple[float, float | None]]) -> None:
    """Each step: so much time passes; then perhaps a beat of a program whose own clock is a little off."""
    passed_s, off_s = 0.0, 0.0
    clock = FollowedClock(T0, 100.0, lambda: 100.0 + passed_s)
    before = clock.now()
    for step_s, beat_off_s in steps:
        passed_s += step_s
        if beat_off_s is not None:
            off_s = beat_off_s
            clock.follow(T0 + timedelta(seconds=passed_s + off_s), 100.0 + passed_s)
        now = clock.now()
        assert now >= before
        assert abs((now - T0).total_seconds() - passed_s) <= 0.11
        before = now


def test_between_beats_it_goes_on() -> None:
    at_s = 7.0
    clock = FollowedClock(T0, at_s, lambda: at_s)
    at_s = 10.5
    assert clock.now() == T0 + timedelta(seconds=3.5)
    clock.follow(T0 + timedelta(seconds=5), 10.5)
    at_s = 11.5
    assert clock.now() == T0 + timedelta(seconds=6)
