"""Figures in words."""

from __future__ import annotations

import pytest

from pipeline.evaluation.figures import Delays, Rate
from pipeline.evaluation.wording import delays, number, rate, telling_groups
from tests.evaluation.made_up import evaluated, event, find, judged, truth


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.9, "0.9"),
        (0.947, "0.95"),
        (0.9949, "0.99"),
        (0.996, "0.99+"),
        (1, "1"),
        (10, "10"),
        (81.82, "81.8"),
        (295.6, "296"),
        (100, "100"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_rate() -> None:
    assert rate(Rate(0.95, (0.764, 0.991), 19, 20)) == ("0.95 (19/20)", "0.76..0.99")
    assert rate(Rate(0.5, None, 1, 1), of=False) == ("0.5", "")
    assert rate(Rate(None, None, 0, 0)) == ("-", "")


def test_delays() -> None:
    assert delays(Delays(3, 2.5, 0.5, 7.0)) == ("2.5 s", "0.5..7.0")
    assert delays(Delays(0, None, None, None)) == ("-", "")


def test_a_group_alone_says_nothing_new() -> None:
    run = evaluated(judged(truth(event("a"), camera="CAM01"), find("f")), judged(truth(camera="CAM02")))
    shown = {one.by: [group.name for group in telling_groups(one)] for one in run.breakdowns}
    assert shown == {"kind": [], "light": [], "weather": [], "camera": ["CAM01", "CAM02"], "held out": []}
