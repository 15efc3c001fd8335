"""Walking as curves and postures: feet that stand do not slide, knees bend as knees do. No files needed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sample_videos.generator.people import gait
from sample_videos.generator.people.poses import Build, posture
from sample_videos.generator.people.skeleton import BONES, PARENTS, Posture, Skeleton, about_x, about_y, about_z
from sample_videos.generator.values import Pose

FOOT = gait.FootShape(ankle_height=0.085, heel_back=0.055, ball_ahead=0.12, ball_height=0.022)
STRIDE_M = 1.28
JOINTS = {
    "pelvis": (0.0, 0.0, 0.93),
    "spine_01": (-0.01, 0.0, 0.98),
    "spine_02": (0.0, 0.0, 1.07),
    "spine_03": (0.01, 0.0, 1.18),
    "neck_01": (0.0, 0.0, 1.45),
    "head": (0.01, 0.0, 1.53),
    "clavicle": (0.04, 0.02, 1.38),
    "upperarm": (0.0, 0.17, 1.40),
    "lowerarm": (0.0, 0.35, 1.22),
    "hand": (0.12, 0.5, 1.05),
    "thigh": (0.01, 0.1, 0.905),
    "calf": (0.03, 0.12, 0.50),
    "foot": (0.0, 0.13, 0.085),
    "ball": (0.12, 0.13, 0.022),
}


@pytest.fixture(scope="module")
def build() -> Build:
    joints = {}
    for bone in BONES:
        x, y, z = JOINTS[bone.removesuffix("_l").removesuffix("_r")]
        joints[bone] = np.array([x, -y if bone.endswith("_r") else y, z])
    return Build(skeleton=Skeleton(joints), height_m=1.7, stride_m=STRIDE_M, foot=FOOT)


def knee_bend(made: Posture, side: str) -> float:
    hip, knee, ankle = (made.joint(bone + side) for bone in ("thigh", "calf", "foot"))
    upper, lower = knee - hip, ankle - knee
    return math.degrees(math.acos(float(upper @ lower) / float(np.linalg.norm(upper) * np.linalg.norm(lower))))


def test_rotations_turn_the_way_they_say() -> None:
    ahead, left, up = np.eye(3)
    assert np.allclose(about_z(math.pi / 2) @ ahead, left)
    assert np.allclose(about_y(math.pi / 2) @ ahead, -up)
    assert np.allclose(about_x(math.pi / 2) @ left, up)


def test_the_flat_foot_stays_where_it_is() -> None:
    places = [gait.foot_motion(p, STRIDE_M, FOOT).ahead + p * STRIDE_M for p in np.linspace(gait.FOOT_FLAT, gait.HEEL_OFF, 20)]
    assert np.ptp(places) < 1e-9


def test_foot_moves_without_jumps() -> None:
    motions = [gait.foot_motion(p, STRIDE_M, FOOT) for p in np.linspace(0, 1, 401)]
    for name, most in (("ahead", 0.015), ("height", 0.008), ("pitch", 0.05)):
        values = [getattr(motion, name) for motion in motions]
        assert np.abs(np.diff(values)).max() < most, name
        assert values[0] == pytest.approx(values[-1], abs=1e-6)


def test_no_part_of_the_foot_goes_under_ground() -> None:
    for phase in np.linspace(0, 1, 200):
        foot = gait.foot_motion(phase, STRIDE_M, FOOT)
        turn = about_y(foot.pitch)
        heel = foot.height + (turn @ [-FOOT.heel_back, 0, -FOOT.ankle_height])[2]
        ball = foot.height + (turn @ [FOOT.ball_ahead, 0, FOOT.ball_height - FOOT.ankle_height])[2]
        assert heel > -0.006, phase
        assert ball > FOOT.ball_height - 0.006, phase


def test_standing_ankle_goes_with_the_world(build: Build) -> None:
    phases = np.linspace(gait.FOOT_FLAT, gait.HEEL_OFF, 15)
    for side, start in (("_l", 0.0), ("_r", 0.5)):
        places = []
        for phase in phases:
            ankle = posture(build, Pose.WALK, phase + start).joint("foot" + side)
            places.append(ankle + np.array([(phase + start) * STRIDE_M, 0, 0]))
        assert np.ptp(places, axis=0).max() < 0.005


def test_knees_bend_as_in_normal_walking(build: Build) -> None:
    bends = {p: knee_bend(posture(build, Pose.WALK, p), "_l") for p in np.round(np.arange(0, 1, 0.02), 2)}
    swing = max(bends, key=lambda p: bends[p])
    assert 0.65 < swing < 0.85
    assert 50 < bends[swing] < 75
    assert bends[0.0] < 20
    assert max(bends[p] for p in bends if 0.1 < p < 0.45) < 35


def test_arms_swing_against_legs(build: Build) -> None:
    strike = posture(build, Pose.WALK, 0.02)
    assert strike.joint("foot_l")[0] > 0.2 > -0.2 > strike.joint("foot_r")[0]
    assert strike.joint("hand_r")[0] - strike.joint("hand_l")[0] > 0.2


@pytest.mark.parametrize("pose", list(Pose))
def test_every_pose_is_whole_and_repeats(build: Build, pose: Pose) -> None:
    for phase in (0.0, 0.2, 0.5, 0.77):
        made = posture(build, pose, phase)
        matrices = made.matrices().reshape(-1, 3, 4)
        turns = matrices[:, :, :3].astype(float)
        assert np.allclose(turns @ turns.transpose(0, 2, 1), np.eye(3), atol=1e-5)
        assert np.allclose(np.linalg.det(turns), 1, atol=1e-5)
        for bone, parent in PARENTS.items():
            if parent is not None:
                assert np.linalg.norm(made.joint(bone) - made.joint(parent)) == pytest.approx(build.skeleton.length(parent, bone))
        again = posture(build, pose, phase + 1).matrices()
        assert np.allclose(made.matrices(), again, atol=1e-5)


def test_what_is_held_is_before_the_body(build: Build) -> None:
    for pose in (Pose.CARRY, Pose.BEND):
        made = posture(build, pose, 0.0)
        for side, sign in (("_l", 1), ("_r", -1)):
            hand = made.joint("hand" + side)
            assert hand[0] > build.girth_m
            assert hand[1] * sign > 0.1
    assert posture(build, Pose.BEND, 0.5).joint("hand_l")[2] < 0.18 < 0.8 < posture(build, Pose.BEND, 0.0).joint("hand_l")[2]


def test_hips_are_on_the_seat(build: Build) -> None:
    for pose, seat_m in ((Pose.SIT, 0.45), (Pose.SIT, 0.28), (Pose.RIDE, 0.75)):
        hip = posture(build, pose, 0.3, seat_m=seat_m).joint("thigh_l")
        assert hip[2] - seat_m == pytest.approx(build.seat_depth_m, abs=0.02)
        assert abs(hip[0]) < 0.08
