"""The static eye on real footage, where it lies beside the project."""

from __future__ import annotations

import pytest

from tests.footage.movers import KnownMovers
from tests.footage.scenes import DATA, SCENES, WEIGHTS, Scene, looks_of
from tests.footage.score_static import score
from tests.footage.trouble import TROUBLES

pytestmark = [
    pytest.mark.footage,
    pytest.mark.long,
    pytest.mark.skipif(not (DATA.exists() and WEIGHTS.exists()), reason=f"no footage at {DATA}"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize("interval_s", [1.0, 2.0])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_what_is_put_down_is_found_and_nothing_else(scene: Scene, interval_s: float) -> None:
    result = score(scene, TROUBLES["as filmed"](looks_of(scene, interval_s), scene.truths), KnownMovers())
    assert result.hits == len(scene.truths)
    assert not result.false


@pytest.mark.parametrize("trouble", ["reversed", "infrared at 50 %", "cloud shadow"])
def test_trouble_makes_nothing_that_is_not_there(trouble: str) -> None:
    scene = next(scene for scene in SCENES if scene.name == "pedestrian_road")
    assert not score(scene, TROUBLES[trouble](looks_of(scene, 2.0), scene.truths), KnownMovers()).false
