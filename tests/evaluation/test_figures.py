"""The golden table of a small made-up run, and what may be demanded of it."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import FaultsError
from pipeline.evaluation.demands import parse_demands, unmet_demands
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import Figures
from pipeline.evaluation.result_json import as_json_text
from tests.evaluation.made_up import PILE, STALL, evaluated, event, find, judged, truth


@pytest.fixture
def run() -> Evaluation:
    """Two clips by day, one held out by night; one clip was not judged.

    Day 1: a hit, a hit that names the wrong shop, a miss. Day 2: a hit with a duplicate, an excused table reported. Night: a
    stall found as a pile, a find about nothing.
    """
    return evaluated(
        judged(
            truth(event("a", x=0.1), event("b", x=0.3, shops=("A-02",)), event("c", x=0.5), camera="CAM01"),
            find("fa", x=0.1),
            find("fb", x=0.3, from_s=14),
        ),
        judged(
            truth(event("d", x=0.1), event("e", x=0.5, excused_by="permitted"), camera="CAM02"),
            find("fd", x=0.1, to_s=50),
            find("fd2", x=0.1, from_s=55),
            find("fe", x=0.5),
        ),
        judged(
            truth(event("g", x=0.1, kind=STALL, shops=()), camera="CAM03", light="night", held_out=True),
            find("fg", x=0.1, kind=PILE, shops=()),
            find("fh", x=0.7, kind=PILE, shops=()),
        ),
        judged(truth(event("i"), camera="CAM04"), problem="no source"),
    )


def counts(figures: Figures) -> tuple[int, int, int, int, int, int]:
    """Due, hits, misses, false alarms, duplicates, wrong kinds."""
    outcomes = figures.outcomes
    return (
        figures.due,
        outcomes["hit"],
        outcomes["miss"],
        outcomes["false_alarm"],
        outcomes["duplicate"],
        outcomes["wrong_kind"],
    )


def test_the_whole(run: Evaluation) -> None:
    whole = run.whole
    assert counts(whole) == (5, 3, 2, 2, 1, 1)
    assert whole.clips == 3
    assert whole.hours == pytest.approx(300 / 3600)
    assert (whole.precision.value, whole.precision.count, whole.precision.of) == (3 / 7, 3, 7)
    assert whole.precision.interval == pytest.approx((0.1582, 0.7495), abs=1e-4)
    assert (whole.recall.value, whole.recall.count, whole.recall.of) == (3 / 5, 3, 5)
    assert whole.f1.value == 2 * 3 / (2 * 3 + 4 + 2)
    assert whole.f1.interval is not None
    assert whole.false_alarms_per_hour.value == pytest.approx(4 * 12)
    assert whole.false_alarms_per_hour.interval == pytest.approx((1.0899 * 12, 10.2416 * 12), rel=1e-4)
    # Seen 1, 4 and 1 s after it began, candidates ten seconds later; the dwell is ten seconds.
    assert (whole.delay.count, whole.delay.median_s, whole.delay.most_s) == (3, 11, 14)
    assert (whole.delay_beyond_dwell.least_s, whole.delay_beyond_dwell.median_s, whole.delay_beyond_dwell.most_s) == (1, 1, 4)
    assert (whole.attribution.count, whole.attribution.of, whole.attributions["wrong_shop"]) == (2, 3, 1)


def test_each_group(run: Evaluation) -> None:
    groups = {breakdown.by: {one.name: counts(one) for one in breakdown.groups} for breakdown in run.breakdowns}
    assert groups == {
        "kind": {
            "beyond_shopfront": (4, 3, 1, 1, 1, 0),
            "pavement_piling": (0, 0, 0, 1, 0, 1),
            "street_stall": (1, 0, 1, 0, 0, 0),
        },
        "light": {"day": (4, 3, 1, 1, 1, 0), "night": (1, 0, 1, 1, 0, 1)},
        "weather": {"dry": (5, 3, 2, 2, 1, 1)},
        "camera": {"CAM01": (3, 2, 1, 0, 0, 0), "CAM02": (1, 1, 0, 1, 1, 0), "CAM03": (1, 0, 1, 1, 0, 1)},
        "held out": {"held out": (1, 0, 1, 1, 0, 1), "not held out": (4, 3, 1, 1, 1, 0)},
    }


def test_clips_that_were_not_judged_count_nowhere(run: Evaluation) -> None:
    assert [one.truth.camera_id for one in run.not_judged] == ["CAM04"]
    assert run.whole.hours == pytest.approx(300 / 3600)


def test_nothing_measured_is_no_figure() -> None:
    whole = evaluated(judged(truth())).whole
    assert (whole.precision.value, whole.recall.value, whole.f1.value, whole.attribution.value) == (None, None, None, None)
    assert whole.false_alarms_per_hour.value == 0
    assert whole.delay.median_s is None


def test_demands(run: Evaluation) -> None:
    met = [
        "recall=0.6",
        "precision=0.4",
        "wrong-shop=1",
        "false-alarms=4",
        "duplicates=1",
        "misses=2",
        "false-alarms-per-hour=48",
        "f1=0.5",
    ]
    lines = unmet_demands(parse_demands(met), run)
    assert lines == ("clips: not all judged; expected every clip of the truth in the run; found none of CAM04.mp4",)
    unmet = unmet_demands(parse_demands(["recall=0.61", "wrong-shop=0", "delay-beyond-dwell=0.5"]), run)
    assert [line.split(":")[0] for line in unmet] == ["recall", "wrong-shop", "delay-beyond-dwell", "clips"]
    assert "expected at least 0.61; found 0.6." in unmet[0]
    assert unmet_demands((), run) == ()


def test_what_was_not_measured_is_not_reached() -> None:
    (line,) = unmet_demands(parse_demands(["recall=0"]), evaluated(judged(truth())))
    assert "nothing to measure" in line


@pytest.mark.parametrize("text", ["recal=0.9", "recall", "recall=", "recall=much", "recall=nan", "wrong-shop=-1", "=1"])
def test_no_demand(text: str) -> None:
    with pytest.raises(FaultsError) as err:
        parse_demands(["precision=1", text])
    (fault,) = err.value.faults
    assert fault.startswith("--require: not a demand")
    assert fault.endswith(f"found {text}")


def test_json_is_the_same_each_time_and_holds_every_line(run: Evaluation) -> None:
    text = as_json_text(run)
    assert text == as_json_text(run)
    told = json.loads(text)
    assert told["figures"]["recall"] == {"value": 0.6, "interval": [0.230724, 0.882379], "count": 3, "of": 5}
    assert [len(clip["results"]) for clip in told["clips"]] == [3, 3, 3]
    assert told["clips"][1]["events"][1]["verdict"] == "excused"
    assert told["not_judged"] == [{"camera_id": "CAM04", "clip": "CAM04.mp4", "truth": "CAM04.truth.json", "why": "no source"}]
