"""Variants of things in training pictures: other sizes, colours and company; none of it on held-out streets."""

from __future__ import annotations

import colorsys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sample_videos.generator.arrangements import Arrangement
from sample_videos.generator.camera import Projection
from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.chances import random_pose
from sample_videos.generator.company import ON, STEPS, bearers, on_top
from sample_videos.generator.footprints import corners_m, outline, size_m
from sample_videos.generator.livery import EXCHANGED, Finish, Livery, sort_of
from sample_videos.generator.objects import identities
from sample_videos.generator.prints import FAMILIES
from sample_videos.generator.prints_tints import MILD_TINTS, TINTS, tinted
from sample_videos.generator.streets import STREETS
from sample_videos.generator.values import Placed, Pose, Variant
from sample_videos.generator.variants import STRETCH, USUAL_STRETCH, random_variant

RED = Finish((0.5, 0.03, 0.02), 0.5)
CARDBOARD = Finish((0.34, 0.21, 0.1), 0.8)
STEEL = Finish((0.45, 0.46, 0.46), 0.3, 0.85)
GLASS = Finish((0.55, 0.66, 0.68), 0.08, 0.0, 0.28)
RUBBER = Finish((0.01, 0.01, 0.01), 0.85)


def scene(street: str, seed: int) -> Arrangement:
    rng = np.random.default_rng([seed])
    plan = STREETS[street]
    made = Arrangement(plan, Projection(random_pose(plan, rng)), rng)
    made.set_out()
    return made.enlivened(np.random.default_rng([seed, 1]))


@pytest.mark.parametrize("street", STREETS)
def test_training_streets_have_variants_and_held_out_streets_have_none(street: str) -> None:
    things = [placed for seed in range(8) for placed in scene(street, seed).things]
    if STREETS[street].held_out:
        assert all(placed.variant is None and ON not in placed.object_id for placed in things)
    else:
        assert all(placed.variant is not None for placed in things)


def test_a_variant_keeps_within_the_stretch_of_its_label() -> None:
    rng = np.random.default_rng([1])
    for spec in THINGS.values():
        most = STRETCH.get(spec.label, USUAL_STRETCH)
        for _ in range(20):
            assert all(1 - most <= factor <= 1 + most for factor in random_variant(spec, rng).stretch)


def test_the_footprint_and_the_box_follow_the_stretch() -> None:
    plain = Placed("a", "carton_wall", 1.0, 2.0, turn=0.4)
    wide = replace(plain, variant=Variant((1.2, 0.8, 1.1)))
    width, depth, height = size_m(plain)
    assert size_m(wide) == pytest.approx((width * 1.2, depth * 0.8, height * 1.1))
    assert outline(wide).area == pytest.approx(outline(plain).area * 0.96)
    assert corners_m(wide)[:, 2].max() == pytest.approx(height * 1.1)


def test_clips_pieces_are_named_as_before() -> None:
    """Kept pieces of clips are named by what stands there; clips have no variants."""
    assert "variant" not in repr(Placed("a", "carton", 0.0, 0.0))


def test_a_livery_is_the_same_every_time_and_liveries_differ() -> None:
    assert Livery(7).finish(RED, 2) == Livery(7).finish(RED, 2)
    assert len({Livery(number).finish(RED, 0).colour for number in range(50)}) > 25


@pytest.mark.parametrize(("one", "sort"), [(RED, "paint"), (CARDBOARD, "brown"), (STEEL, "steel"), (GLASS, "glass"), (RUBBER, "dark")])
def test_what_a_surface_is_made_of_is_told_by_its_look(one: Finish, sort: str) -> None:
    assert sort_of(one) == sort


@pytest.mark.parametrize("one", [CARDBOARD, STEEL, GLASS, RUBBER])
def test_cardboard_steel_glass_and_rubber_mostly_stay_what_they_are(one: Finish) -> None:
    stayed = [sort_of(Livery(number).finish(one, 0)) == sort_of(one) for number in range(200)]
    assert np.mean(stayed) > 0.6


def test_paint_comes_in_every_colour() -> None:
    hues = [colorsys.rgb_to_hsv(*Livery(number).finish(RED, 0).colour)[0] for number in range(200)]
    counts, _ = np.histogram(hues, bins=6, range=(0, 1))
    assert counts.min() >= 8


def test_colours_are_bounded_in_number() -> None:
    """Things share materials: a long run must not gather thousands."""
    finishes = {Livery(number).finish(one, number % 5) for number in range(3000) for one in (RED, CARDBOARD, STEEL)}
    assert len(finishes) < 3500


def test_prints_are_exchanged_for_prints_that_exist() -> None:
    known = {f"{family}_{index}" for group in EXCHANGED for family in group for index in range(FAMILIES[family][1])}
    for number in range(100):
        name, tint = Livery(number).print("poster_2", 0)
        assert name in known
        assert 0 <= tint < TINTS
        assert Livery(number).print("wood", 1)[0] == "wood"


def test_a_carton_and_its_lid_stay_of_one_board() -> None:
    for number in range(60):
        side, lid = Livery(number).print("carton_3", 0)[0], Livery(number).print("carton_top_3", 1)[0]
        assert int(side[-1]) % 4 == int(lid[-1]) % 4


def test_tints_keep_size_and_what_a_picture_lets_through() -> None:
    pixels = np.random.default_rng([3]).integers(0, 255, (40, 60, 4)).astype(np.uint8)
    picture = Image.fromarray(pixels, "RGBA")
    for tint in range(TINTS):
        made = tinted(picture, tint)
        assert made.size == picture.size
        assert made.mode == "RGBA"
    plain = Image.new("RGB", (8, 8), "#b58a5c")
    moved = [np.abs(np.asarray(tinted(plain, tint), float) - np.asarray(plain, float)).mean() for tint in range(TINTS)]
    assert np.mean(moved[:MILD_TINTS]) < np.mean(moved[MILD_TINTS:]) / 1.5


def test_a_stack_is_one_in_the_truth_and_goods_on_a_table_are_goods() -> None:
    rng = np.random.default_rng([2])
    for thing in (*STEPS, "table_square", "table_folding"):
        base = Placed("base", thing, 1.0, 1.0, turn=0.3, variant=Variant())
        tops = next(found for found in (list(on_top(base, ["carton", "basket_round"], rng)) for _ in range(60)) if found)
        assert bearers([base, *tops]) == {"base"}
        assert all(one.z > base.z for one in tops)
        found = identities([(one.object_id, one.group, THINGS[one.thing].label) for one in (base, *tops)])
        labels = {(one.name, one.label) for one in found if one is not None}
        assert len(labels) == (1 if thing in STEPS else 2)
        # From above nothing of it hangs far over the edge.
        assert all(outline(one).difference(outline(base, grown_m=0.12)).area < 1e-6 for one in tops)


def test_stacks_are_made_of_training_designs() -> None:
    assert all(name in names(THINGS[name].label, held_out=False) for name in STEPS)


def test_nobody_sits_on_what_bears_something() -> None:
    found = 0
    for seed in range(60):
        made = scene("liu", seed)
        laden = bearers(made.things)
        seats = [(one.x, one.y) for one in made.things if one.object_id in laden and THINGS[one.thing].label == "chair"]
        found += len(seats)
        assert not [one for one in made.figures if one.pose is Pose.SIT and (one.x, one.y) in seats]
    assert found
