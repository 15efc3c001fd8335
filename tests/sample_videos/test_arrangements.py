"""Random scenes for training pictures: nothing stands in anything else, held-out things stay held out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from sample_videos.generator.arrangements import Arrangement
from sample_videos.generator.camera import Projection
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.chances import random_pose
from sample_videos.generator.company import ON
from sample_videos.generator.footprints import fixtures, outline, stands_in_the_way, walls
from sample_videos.generator.labels import is_counted, label_line
from sample_videos.generator.objects import Identity, Seen
from sample_videos.generator.parked import COVERS
from sample_videos.generator.streets import STREETS
from sample_videos.generator.values import Pose


def scene(street: str, seed: int, *, clean: bool = False) -> Arrangement:
    rng = np.random.default_rng([seed])
    plan = STREETS[street]
    made = Arrangement(plan, Projection(random_pose(plan, rng)), rng)
    if clean:
        made.set_out_clean()
    else:
        made.set_out()
    return made.enlivened(np.random.default_rng([seed, 1]))


@pytest.mark.parametrize("clean", [False, True])
@pytest.mark.parametrize("street", STREETS)
def test_nothing_stands_in_anything_else(street: str, clean: bool) -> None:
    for seed in range(6):
        made = scene(street, seed, clean=clean)
        on_the_ground = [placed for placed in made.things if ON not in placed.object_id]
        solid = [outline(placed) for placed in on_the_ground if stands_in_the_way(placed)]
        upright = [shapely.Point(figure.x, figure.y).buffer(0.2) for figure in made.figures if figure.pose not in {Pose.SIT, Pose.RIDE}]
        house = [*walls(made.plan), *fixtures(made.plan)]
        shapes = [*solid, *upright]
        for index, one in enumerate(shapes):
            assert all(one.intersection(other).area < 1e-6 for other in (*shapes[:index], *house))


@pytest.mark.parametrize("street", STREETS)
def test_held_out_things_are_on_held_out_streets_alone(street: str) -> None:
    for seed in range(6):
        made = scene(street, seed)
        labelled = [THINGS[placed.thing] for placed in made.things if THINGS[placed.thing].label is not None]
        assert all(spec.held_out is made.plan.held_out for spec in labelled)


def test_on_a_clean_street_nobody_put_anything_down() -> None:
    streets = [plan.name for plan in STREETS.values() if not plan.held_out]
    made = [scene(street, seed, clean=True) for street in streets for seed in range(8)]
    specs = [THINGS[placed.thing] for one in made for placed in one.things]
    assert {spec.label for spec in specs} <= {None, "two_wheeler", "tricycle", "vehicle"}
    parked = sum(spec.label == "two_wheeler" for spec in specs) / len(made)
    assert parked > 4
    assert {"bench_steel", "bench", "bin_steel", "cabinet"} <= {spec.name for spec in specs}


def test_parked_wheels_are_seen_end_on_and_half_hidden() -> None:
    end_on = covered = count = 0
    for seed in range(60):
        made = scene("xing", seed, clean=True)
        pose = made.projection.pose
        wheels = [one for one in made.standing if THINGS[one.thing].label == "two_wheeler"]
        covers = [shapely.Point(one.x, one.y) for one in made.standing if one.thing in COVERS]
        for one in wheels:
            away = math.atan2(pose.y - one.y, pose.x - one.x) - (one.turn + math.pi / 2)
            end_on += abs(math.cos(away)) > math.cos(math.radians(30))
            sight = shapely.LineString([(one.x, one.y), (pose.x, pose.y)])
            covered += any(sight.distance(cover) < 0.3 for cover in covers)
            count += 1
    assert end_on / count > 0.4
    assert covered / count > 0.25


def test_the_same_seed_gives_the_same_scene() -> None:
    one, other = scene("tong", 3), scene("tong", 3)
    assert one.things == other.things
    assert one.figures == other.figures
    assert one.things != scene("tong", 4).things


def test_hours_share_what_stands_and_differ_in_what_passes() -> None:
    plan = STREETS["liu"]
    made = Arrangement(plan, Projection(plan.cameras[0]), np.random.default_rng([8]))
    made.set_out()
    one, other = (made.enlivened(np.random.default_rng([hour])) for hour in (1, 2))
    assert one.standing == other.standing == made.standing
    assert one.figures != other.figures
    assert not made.passing
    assert not made.figures


def seen(box: tuple[float, float, float, float], visible: float = 1.0) -> Seen:
    return Seen(Identity("a", "table"), box, visible, None, None, stands=True, mask=())


def test_slivers_and_specks_are_ignored() -> None:
    assert is_counted(seen((0.1, 0.1, 0.2, 0.2)))
    assert not is_counted(seen((0.1, 0.1, 0.2, 0.2), visible=0.25))
    assert not is_counted(seen((0.1, 0.1, 0.12, 0.12)))
    assert not is_counted(seen((0.1, 0.1, 0.2, 0.112)))


def test_labels_are_written_as_ultralytics_reads_them() -> None:
    assert label_line(seen((0.1, 0.2, 0.3, 0.6))) == "2 0.20000 0.40000 0.20000 0.40000\n"
