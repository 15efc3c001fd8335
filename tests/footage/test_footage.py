"""Real footage through the whole product must give what the truth says, at two rates of looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.footage.judged import COCO_CARD, STREET_CARD, judge_clips, judge_looks
from tests.footage.scenes import DATA, SCENES, looks_of
from tests.footage.trouble import TROUBLES

pytestmark = [pytest.mark.footage, pytest.mark.long, pytest.mark.skipif(not DATA.exists(), reason=f"no footage at {DATA}")]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("card", [COCO_CARD, STREET_CARD], ids=["coco", "street"])
@pytest.mark.parametrize("interval_s", [1.0, 2.0])
def test_clips_give_what_the_truth_says(interval_s: float, card: Path, tmp_path: Path) -> None:
    outcomes = judge_clips(SCENES, interval_s, tmp_path, card)
    assert {name: (outcome.hits, len(outcome.false)) for name, outcome in outcomes.items()} == {
        scene.name: (len(scene.truths), 0) for scene in SCENES
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize("trouble", [name for name in TROUBLES if name != "as filmed"])
def test_trouble_neither_hides_nor_invents(trouble: str) -> None:
    outcomes = [judge_looks(scene, TROUBLES[trouble](looks_of(scene, 2.0), scene.truths), 2.0) for scene in SCENES]
    wrong = [(outcome.name, outcome.hits, len(outcome.pairs), outcome.false) for outcome in outcomes if not outcome.right]
    assert wrong == []
