"""Ways round what stands there, and how they are walked."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely

from sample_videos.generator.values import Age, Looks
from sample_videos.generator.walks import NoWayError, Walk, find_way, speed_mps

BOX = shapely.box(2.0, -1.0, 3.0, 1.0)


def test_with_nothing_in_the_way_people_go_straight() -> None:
    assert find_way((0.0, 0.0), (5.0, 0.0), [shapely.box(2.0, 3.0, 3.0, 4.0)]) == ((0.0, 0.0), (5.0, 0.0))


def test_a_way_keeps_clear_of_what_it_goes_round_and_is_hardly_longer_than_it_must() -> None:
    way = find_way((0.0, 0.2), (5.0, 0.2), [BOX], berth_m=0.3)
    line = shapely.LineString(way)
    assert line.distance(BOX) > 0.27
    shortest = 2 * math.hypot(2.0 - 0.3, 0.8 + 0.3) + 1.0
    assert 5.0 < line.length < shortest + 0.6


def test_who_starts_close_to_a_thing_still_gets_away() -> None:
    way = find_way((1.8, 0.0), (5.0, 0.0), [BOX], berth_m=0.3)
    assert shapely.LineString(way).distance(BOX) > 0.15


def test_no_way_is_said() -> None:
    ring = shapely.box(-2, -2, 2, 2).difference(shapely.box(-1, -1, 1, 1))
    walls = [shapely.box(*piece) for piece in ((-2, -2, 2, -1), (-2, 1, 2, 2), (-2, -2, -1, 2), (1, -2, 2, 2))]
    assert ring.area == pytest.approx(shapely.union_all(walls).area)
    with pytest.raises(NoWayError):
        find_way((0.0, 0.0), (5.0, 0.0), walls)


def test_a_walk_starts_and_ends_gently_and_never_goes_back() -> None:
    walk = Walk(((0.0, 0.0), (4.0, 0.0), (4.0, 3.0)), from_s=10.0, speed_mps=1.2)
    assert walk.length_m == pytest.approx(7.0)
    moments = np.linspace(9.0, walk.until_s + 1.0, 200)
    metres = [walk.distance_m(at_s) for at_s in moments]
    assert all(later >= earlier for earlier, later in pairwise(metres))
    assert walk.place(9.0) == (0.0, 0.0)
    assert walk.place(walk.until_s + 1.0) == pytest.approx((4.0, 3.0))
    assert walk.distance_m(10.1) < 0.05
    fastest = max((b - a) / (moments[1] - moments[0]) for a, b in pairwise(metres))
    assert fastest == pytest.approx(1.2, abs=0.02)


def test_a_walker_looks_where_they_go_and_turns_gently() -> None:
    walk = Walk(((0.0, 0.0), (4.0, 0.0), (4.0, 3.0)), from_s=0.0, speed_mps=1.2)
    headings = [walk.heading(at_s) for at_s in np.arange(0.0, walk.until_s, 0.1)]
    assert headings[5] == pytest.approx(0.0)
    assert headings[-5] == pytest.approx(math.pi / 2)
    assert max(abs(b - a) for a, b in pairwise(headings)) < 0.5


def test_old_people_walk_slower_than_young_ones() -> None:
    old = [speed_mps(Looks(seed, female=True, age=Age.OLD)) for seed in range(30)]
    young = [speed_mps(Looks(seed, female=True, age=Age.YOUNG)) for seed in range(30)]
    assert min(old) >= 0.6
    assert max(old) < min(young)
    assert max(young) <= 1.5
