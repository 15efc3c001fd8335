"""The catalogue of things: what other parts of the generator count on."""

from collections import Counter

import pytest

from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.streets import STREETS
from sample_videos.generator.values import LABELS

PLACED_LABELS = tuple(label for label in LABELS if label != "person")
PLAUSIBLE_M = {
    "goods": ((0.3, 3.2), (0.2, 1.6), (0.1, 2.0)),
    "table": ((0.5, 2.0), (0.4, 1.5), (0.45, 1.05)),
    "chair": ((0.3, 1.4), (0.25, 1.1), (0.4, 1.15)),
    "rack_or_sign": ((0.4, 1.6), (0.3, 1.1), (0.9, 2.1)),
    "stall": ((0.9, 2.0), (0.5, 2.9), (0.6, 2.3)),
    "canopy": ((1.8, 3.4), (0.8, 3.1), (0.4, 3.5)),
    "two_wheeler": ((0.4, 0.9), (1.3, 2.2), (0.9, 1.3)),
    "tricycle": ((0.8, 1.3), (1.7, 3.0), (1.0, 2.1)),
    "vehicle": ((1.4, 2.3), (3.4, 6.2), (1.3, 3.1)),
}
"""Least and most width, depth and height. Of tables: with the bottles on them."""
NOBODY_SITS_ON = {"stool_bar", "stool_stack", "chair_stack", "chair_lounger"}
"""Seats that are too high, too low, or stacked."""


@pytest.mark.parametrize("label", PLACED_LABELS)
def test_every_label_has_designs_that_training_never_sees(label: str) -> None:
    assert len(names(label, held_out=True)) >= 3
    assert len(names(label, held_out=False)) >= 4
    assert set(names(label)) == set(names(label, held_out=True)) | set(names(label, held_out=False))


def test_there_is_variety_to_train_on() -> None:
    assert sum(not spec.held_out for spec in THINGS.values() if spec.label) >= 60


def test_no_mesh_is_both_trained_on_and_held_out() -> None:
    sources = Counter(spec.source for spec in THINGS.values() if spec.source)
    assert max(sources.values()) == 1


@pytest.mark.parametrize("label", PLACED_LABELS)
def test_sizes_are_those_of_real_things(label: str) -> None:
    for name in names(label):
        spec = THINGS[name]
        for value, (least, most) in zip((spec.width_m, spec.depth_m, spec.height_m), PLAUSIBLE_M[label], strict=True):
            assert least <= value <= most, f"{name}: {value} m"


def test_what_is_ridden_or_sat_on_has_a_seat() -> None:
    for label, least, most in (("two_wheeler", 0.65, 1.0), ("tricycle", 0.65, 1.0), ("chair", 0.35, 0.55)):
        for name in names(label):
            seat = THINGS[name].seat_m
            if name in NOBODY_SITS_ON:
                assert seat is None, name
                continue
            assert seat is not None, name
            assert least <= seat <= most, name


def test_only_awnings_and_what_is_fixed_to_a_wall_hang() -> None:
    assert {spec.name for spec in THINGS.values() if spec.hangs} == {"ac_unit", *names("awning")}


@pytest.mark.parametrize("street", sorted(STREETS))
def test_fixtures_of_the_streets_exist_and_carry_no_label(street: str) -> None:
    for placed in STREETS[street].fixtures:
        assert THINGS[placed.thing].label is None


def test_names_without_a_label_are_never_held_out() -> None:
    assert names(None)
    assert not names(None, held_out=True)


def test_an_unknown_kind_has_no_things() -> None:
    assert names("spaceship") == ()
