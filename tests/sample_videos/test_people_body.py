"""Bodies put together from the unpacked base mesh: they stand on the ground, do not slide, stay light and quick."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from sample_videos.generator.people.base_mesh import BodiesMissingError, load_base_mesh
from sample_videos.generator.people.body import Body, make_body
from sample_videos.generator.people.looks import height_m, random_looks, stride_m
from sample_videos.generator.values import Age, Looks, Pose

ASSETS = Path(__file__).parents[2] / "build" / "generator"
PEOPLE = [Looks(seed, female, age) for seed, (female, age) in enumerate((f, a) for f in (True, False) for a in Age)]
MOST_FACES = 9_000

needs_bodies = pytest.mark.skipif(
    not (ASSETS / "bodies" / "3dobjs" / "base.obj").is_file(),
    reason="the generator's bodies are not unpacked in build/generator/bodies: bodies are not tested",
)


@pytest.fixture(scope="module")
def bodies() -> dict[Looks, Body]:
    return {looks: make_body(looks, ASSETS) for looks in PEOPLE}


def test_missing_bodies_are_named(tmp_path: Path) -> None:
    with pytest.raises(BodiesMissingError, match=r"base\.obj"):
        load_base_mesh(tmp_path)


def test_looks_follow_the_dice_and_may_leave_out_children() -> None:
    first = [random_looks(np.random.default_rng(4)) for _ in range(2)]
    assert first[0] == first[1]
    rng = np.random.default_rng(5)
    adults = [random_looks(rng, adults_only=True) for _ in range(200)]
    assert Age.CHILD not in {looks.age for looks in adults}
    everybody = [random_looks(rng) for _ in range(300)]
    assert {looks.age for looks in everybody} == set(Age)
    assert 100 < sum(looks.female for looks in everybody) < 200


@needs_bodies
def test_bodies_are_light_and_of_human_size(bodies: dict[Looks, Body]) -> None:
    for looks, body in bodies.items():
        points = body.posed(Pose.STAND, 0.0)
        assert len(body.faces) <= MOST_FACES
        assert len(body.colours) == len(body.faces)
        corners = [corner for face in body.faces for corner in face]
        assert min(corners) == 0
        assert max(corners) == len(points) - 1
        assert all(len(set(face)) == len(face) >= 3 for face in body.faces)
        assert len({tuple(sorted(face)) for face in body.faces}) == len(body.faces)
        assert ((body.colours >= 0) & (body.colours <= 1)).all()
        tall = float(np.ptp(points[:, 2]))
        low, high = (1.05, 1.55) if looks.age is Age.CHILD else (1.4, 1.95)
        assert low < tall < high
        assert abs(tall - body.height_m) < 0.1


@needs_bodies
def test_the_same_looks_give_the_same_body(bodies: dict[Looks, Body]) -> None:
    again = make_body(PEOPLE[0], ASSETS)
    assert np.array_equal(again.posed(Pose.WALK, 0.3), bodies[PEOPLE[0]].posed(Pose.WALK, 0.3))
    assert np.array_equal(again.colours, bodies[PEOPLE[0]].colours)


@needs_bodies
@pytest.mark.parametrize("pose", [pose for pose in Pose if pose not in (Pose.SIT, Pose.RIDE)])
def test_feet_are_on_the_ground(bodies: dict[Looks, Body], pose: Pose) -> None:
    for body in bodies.values():
        for phase in (0.0, 0.3, 0.5, 0.8):
            points = body.posed(pose, phase)
            assert np.isfinite(points).all()
            assert abs(float(points[:, 2].min())) < 0.015


@needs_bodies
@pytest.mark.parametrize("pose", [Pose.WALK, Pose.CARRY, Pose.PUSH])
def test_what_touches_the_ground_does_not_slide(bodies: dict[Looks, Body], pose: Pose) -> None:
    for body in bodies.values():
        for start, sign in ((0.0, 1), (0.5, -1)):
            phases = start + np.linspace(0.1, 0.55, 10)
            shots = np.stack([body.posed(pose, float(phase)) for phase in phases])
            flat = shots[0]
            # The ball of the foot: it stays down from foot flat until toe-off.
            sole = (flat[:, 2] < 0.01) & (flat[:, 1] * sign > 0)
            front = flat[:, 0] > np.quantile(flat[sole, 0], 0.6)
            shots[:, :, 0] += (phases * body.stride_m)[:, None]
            held = shots[:, sole & front]
            assert held.shape[1] > 5
            assert np.ptp(held[:, :, :2], axis=0).max() < 0.03


@needs_bodies
def test_old_people_take_shorter_steps(bodies: dict[Looks, Body]) -> None:
    shares = {looks.age: body.stride_m / body.height_m for looks, body in bodies.items()}
    assert all(body.stride_m == stride_m(looks) and body.height_m == height_m(looks) for looks, body in bodies.items())
    assert shares[Age.OLD] < 0.68 < shares[Age.YOUNG]


@needs_bodies
def test_who_sits_is_on_the_seat(bodies: dict[Looks, Body]) -> None:
    for looks, body in bodies.items():
        if looks.age is Age.CHILD:
            continue
        points = body.posed(Pose.SIT, 0.2, seat_m=0.45)
        under = points[(np.abs(points[:, 0]) < 0.12) & (points[:, 2] > 0.3)]
        assert abs(float(under[:, 2].min()) - 0.45) < 0.06
        assert float(points[:, 2].min()) > -0.02


@needs_bodies
def test_posing_takes_less_than_a_frame(bodies: dict[Looks, Body]) -> None:
    # Time of this thread alone: other work on the machine does not count.
    body = bodies[PEOPLE[1]]
    times = []
    for phase in np.linspace(0, 1, 15):
        began = time.thread_time()
        body.posed(Pose.WALK, float(phase))
        times.append(time.thread_time() - began)
    assert min(times) < 0.010
