"""People who pass in front of things and beside them, shadows that stay, and texture that no ground has."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.detectors.static_object import shade
from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.light import NoiseMeter
from pipeline.detectors.static_object.regions import Region
from pipeline.detectors.static_object.shade import Shades, texture_gone, texture_shows
from pipeline.detectors.static_object.stillness import Stillness

SHAPE = (60, 80)
HERE = (slice(20, 40), slice(30, 50))


def _even(level: float = 450.0) -> Plane:
    return np.full(SHAPE, level, np.float32)


def _mask(rows: slice, columns: slice) -> Mask:
    mask = np.zeros(SHAPE, np.bool_)
    mask[rows, columns] = True
    return mask


def _stirs_after_somebody_passed(behind_afterwards: float) -> bool:
    """A thing stands from 1 s on; somebody passes in front of it at 5 s; then this brightness shows there."""
    noise = NoiseMeter().noise(Features(_even(), _even(0), _even(0)))
    thing, passer, nobody, hidden = _even(), _even(), _mask(slice(0), slice(0)), _mask(*HERE)
    thing[HERE], passer[HERE] = 400.0, 350.0
    after = thing.copy()
    after[HERE] = behind_afterwards
    stillness = Stillness(_even())
    for brightness, covered in [(thing, nobody)] * 4 + [(passer, hidden)] + [(after, nobody)] * 2:
        stillness.take_in(brightness, noise, 1.0, covered)
    return bool(stillness.stirred()[30, 40])


def test_a_thing_is_at_rest_though_somebody_passed_in_front_of_it() -> None:
    assert not _stirs_after_somebody_passed(400.0)


def test_what_is_other_after_somebody_passed_is_not_at_rest() -> None:
    assert _stirs_after_somebody_passed(370.0)


@pytest.mark.parametrize(("times", "shows", "gone"), [(1.0, True, False), (0.8, True, False), (0.0, False, True), (5.0, False, True)])
def test_a_shadow_keeps_the_texture_of_the_ground_and_does_not_deepen_it(times: float, *, shows: bool, gone: bool) -> None:
    rng = np.random.default_rng(3)
    before = rng.normal(0, 3, SHAPE).astype(np.float32)
    now = np.asarray(times * before + rng.normal(0, 1, SHAPE), np.float32)
    mask = _mask(*HERE)
    assert texture_shows(mask, now, before) == shows
    assert bool(texture_gone(mask, now, before)[30, 40]) == gone


class _Street:
    """Counts how often a region is judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, is_shade: bool = True) -> None:
        self.judged = 0
        self._is_shade = is_shade
        self._shades = Shades(16)
        monkeypatch.setattr(shade, "without_shade", self._judge)

    def look(self, now_s: float, region: Region) -> list[Region]:
        plane = _even()
        features = Features(plane, plane, plane)
        noise = NoiseMeter().noise(features)
        return self._shades.cut_from([region], features, features, noise, _mask(slice(0), slice(0)), now_s)

    def _judge(self, region: Region, *_: object) -> list[Region]:
        self.judged += 1
        return [] if self._is_shade else [region]


def _region(columns: slice = HERE[1]) -> Region:
    return Region(slice(0, 60), slice(0, 80), _mask(HERE[0], columns), 1.0)


def test_a_shadow_that_stays_is_judged_anew_after_some_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    street = _Street(monkeypatch)
    assert not any(street.look(float(second), _region()) for second in range(8))
    assert street.judged == 2


def test_a_shadow_that_grows_is_judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    street = _Street(monkeypatch)
    street.look(0.0, _region())
    street.look(1.0, _region(slice(30, 58)))
    assert street.judged == 2


def test_a_thing_is_judged_at_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    street = _Street(monkeypatch, is_shade=False)
    assert all(street.look(float(second), _region()) for second in range(4))
    assert street.judged == 4
