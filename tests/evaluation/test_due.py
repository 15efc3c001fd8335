"""What should have been reported."""

from __future__ import annotations

import pytest

from pipeline.evaluation.due import Verdict
from pipeline.evaluation.truth import TruthGap
from tests.evaluation.made_up import claims, event


def test_what_stands_for_its_dwell_is_due_when_the_dwell_is_reached() -> None:
    (claim,) = claims(event("crates", began_s=20, ended_s=60))
    assert (claim.verdict, claim.due_at_s, claim.seen_s, claim.reason) == (Verdict.DUE, 30, 40, "")


def test_what_stood_before_the_clip_is_due_earlier() -> None:
    (claim,) = claims(event("crates", began_s=-8, ended_s=None))
    assert (claim.verdict, claim.due_at_s) == (Verdict.DUE, 2)


@pytest.mark.parametrize(("stood_s", "verdict"), [(3.9, Verdict.SHORT), (4, Verdict.OPTIONAL), (15.9, Verdict.OPTIONAL), (16, Verdict.DUE)])
def test_near_the_dwell_it_counts_neither_way(stood_s: float, verdict: Verdict) -> None:
    (claim,) = claims(event("crates", began_s=0, ended_s=stood_s))
    assert claim.verdict is verdict


def test_a_short_gap_adds_nothing() -> None:
    (claim,) = claims(event("crates", began_s=10, ended_s=50), gaps=(TruthGap(15, 19, "dark"),))
    assert (claim.due_at_s, claim.seen_s) == (24, 36)


def test_a_long_gap_begins_the_dwell_anew() -> None:
    (claim,) = claims(event("crates", began_s=10, ended_s=50), gaps=(TruthGap(15, 21, "frozen"),))
    assert (claim.due_at_s, claim.seen_s) == (31, 29)


def test_gaps_that_touch_are_one() -> None:
    (claim,) = claims(event("crates", began_s=10, ended_s=50), gaps=(TruthGap(18, 21, "dark"), TruthGap(15, 18, "frozen")))
    assert (claim.due_at_s, claim.seen_s) == (31, 29)


def test_nothing_is_due_in_a_clip_that_shows_nothing() -> None:
    (claim,) = claims(event("crates", began_s=10, ended_s=50), gaps=(TruthGap(0, 100, "dark"),))
    assert (claim.verdict, claim.due_at_s, claim.seen_s) == (Verdict.SHORT, None, 0)


def test_an_excuse_is_stronger_than_any_dwell() -> None:
    excused, optional = claims(
        event("delivery", ended_s=None, excused_by="loading", why="within the grace"), event("board", ended_s=None, excused_by="optional")
    )
    assert (excused.verdict, excused.reason) == (Verdict.EXCUSED, "loading: within the grace")
    assert optional.verdict is Verdict.OPTIONAL
