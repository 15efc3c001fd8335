"""What a body does, as a posture of its skeleton: where the feet stand, where the hands reach, how the trunk bends."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sample_videos.generator.people import gait
from sample_videos.generator.people.skeleton import SIDES, Posture, Skeleton, Turn, Vec, about_x, about_y, about_z
from sample_videos.generator.people.wardrobe import Habit
from sample_videos.generator.values import Pose

LIFT_M = 0.023
"""Half of the rise and fall of the pelvis in a stride of an adult."""


@dataclass(frozen=True)
class Build:
    """What poses need to know of a body. Lengths in metres."""

    skeleton: Skeleton
    height_m: float
    stride_m: float
    foot: gait.FootShape
    stoop: float = 0.0
    """Radians by which the trunk leans forward at all times."""
    seat_depth_m: float = 0.09
    """From the hip's joint down to what one sits on."""
    habit: Habit = Habit.HANGING
    girth_m: float = 0.13
    """From the trunk's middle to the belly."""

    @property
    def leg_m(self) -> float:
        """From the hip to the ankle, leg straight."""
        return self.skeleton.length("thigh_l", "calf_l") + self.skeleton.length("calf_l", "foot_l")

    def pelvis_above_hips(self) -> float:
        """The pelvis joint over the joints of the hips."""
        return -float(self.skeleton.offset("thigh_l")[2])

    def ankle_y(self) -> float:
        """How far an ankle is from the middle when standing."""
        return 0.75 * abs(float(self.skeleton.joints["foot_l"][1]))


def posture(build: Build, pose: Pose, phase: float, *, seat_m: float = 0.45, carries: bool = False) -> Posture:
    """One pose at a phase: of the gait when walking, of a slow movement that repeats otherwise.

    BEND stands upright at phase 0 and 1 and is lowest at 0.5; REACH has its hand furthest at 0.5. The origin lies below
    the hips, for SIT and RIDE below the middle of the seat.
    """
    if pose is Pose.SIT:
        return _sit(build, phase, seat_m)
    if pose is Pose.RIDE:
        return _ride(build, seat_m)
    made = _POSES[pose](build, phase)
    if carries and pose in (Pose.WALK, Pose.STAND, Pose.TALK):
        _hold(build, made)
    return made


@lru_cache(maxsize=256)
def walk_height(build: Build) -> float:
    """Mean height of the pelvis joint in walking: as high as the legs allow."""
    highest = math.inf
    for phase in np.linspace(0, 1, 40, endpoint=False):
        foot = gait.foot_motion(float(phase), build.stride_m, build.foot)
        if not foot.grounded:
            continue
        reach = build.leg_m * 0.997
        hip = foot.height + math.sqrt(max(reach * reach - foot.ahead * foot.ahead, 0.01))
        highest = min(highest, hip - _lift(build) * gait.trunk_motion(float(phase)).lift)
    return highest + build.pelvis_above_hips()


def _lift(build: Build) -> float:
    return LIFT_M * build.stride_m / 1.3


def _stride(build: Build, phase: float, *, lean: float = 0.03, arms: bool = True) -> Posture:
    trunk = gait.trunk_motion(phase)
    height = walk_height(build) + _lift(build) * trunk.lift
    made = Posture(build.skeleton, np.array([0.0, trunk.sway, height]), about_z(trunk.pelvis_yaw) @ about_x(trunk.pelvis_list))
    made.bend_trunk(lean + build.stoop, trunk.chest_yaw - trunk.pelvis_yaw, -trunk.pelvis_list, head_lean=0.06 + build.stoop * 0.35)
    for side, sign in SIDES:
        own = phase if sign > 0 else phase + 0.5
        foot = gait.foot_motion(own, build.stride_m, build.foot)
        made.put_foot(
            side,
            np.array([foot.ahead, sign * build.ankle_y() * 0.7, foot.height]),
            pitch=foot.pitch,
            toe_pitch=foot.toe_pitch,
            yaw=sign * 0.1,
        )
        if arms:
            shoulder, elbow = gait.arm_swing(own)
            made.hang_arm(side, sign, shoulder, elbow, out=0.13)
    return made


def _stand_on(build: Build, pelvis: Vec, turn: Turn, *, ahead: float = 0.0, spread: float = 1.15) -> Posture:
    made = Posture(build.skeleton, pelvis, turn)
    for side, sign in SIDES:
        ankle = np.array([ahead, sign * build.ankle_y() * spread, build.foot.ankle_height])
        made.put_foot(side, ankle, yaw=sign * 0.16)
    return made


def _stand(build: Build, phase: float) -> Posture:
    slow = 2 * math.pi * phase
    rest = float(build.skeleton.joints["pelvis"][2])
    shift = 0.03 * math.sin(slow)
    pelvis = np.array([0.006 * math.cos(slow), shift, rest - 0.014 * build.height_m / 1.7])
    made = _stand_on(build, pelvis, about_x(0.6 * shift))
    made.bend_trunk(0.02 + build.stoop, 0.05 * math.sin(slow), -shift, head_lean=0.1, head_yaw=0.35 * math.sin(slow + 1.0))
    for side, sign in SIDES:
        made.hang_arm(side, sign, 0.05 + 0.03 * math.sin(slow + sign), 0.3 + 0.05 * math.cos(slow), out=0.14)
    return made


def _idle(build: Build, phase: float) -> Posture:
    """Standing about, in the way that this person has."""
    made = _stand(build, phase)
    scale, slow = build.height_m / 1.7, 2 * math.pi * phase
    if build.habit is Habit.PHONE:
        made.bend_trunk(0.06 + build.stoop, 0.04 * math.sin(slow), head_lean=0.42, head_yaw=0.06 * math.sin(slow))
        wrist = made.joint("upperarm_r") + np.array([0.25, 0.10, -0.19 + 0.01 * math.sin(slow)]) * scale
        made.put_hand("_r", wrist, np.array([-0.4, -0.45, -1.0]))
    elif build.habit is Habit.BEHIND:
        for side, sign in SIDES:
            wrist = made.joint("spine_01") + np.array([-0.8 * build.girth_m - 0.005 * scale, sign * 0.055 * scale, 0.03 * scale])
            made.put_hand(side, wrist, np.array([-0.5, sign * 1.0, -0.2]))
    return made


def _talk(build: Build, phase: float) -> Posture:
    made = _stand(build, phase)
    made.turns["head"] = about_z(0.1 * math.sin(2 * math.pi * phase)) @ about_y(0.08 + 0.06 * math.sin(4 * math.pi * phase))
    wave = 2 * math.pi * phase
    made.hang_arm("_r", -1, 0.35 + 0.15 * math.sin(wave), 1.35 + 0.35 * math.sin(2 * wave), out=0.22, inward=0.3)
    made.hang_arm("_l", 1, 0.2 + 0.08 * math.sin(wave + 1), 0.8 + 0.5 * math.sin(wave), out=0.18, inward=0.35)
    return made


def _sit(build: Build, phase: float, seat_m: float) -> Posture:
    scale = build.height_m / 1.7
    hip = seat_m + build.seat_depth_m
    pelvis = np.array([-0.02 * scale, 0.0, hip + build.pelvis_above_hips()])
    made = Posture(build.skeleton, pelvis, about_y(-0.12))
    slow = 2 * math.pi * phase
    made.bend_trunk(0.16 + build.stoop + 0.03 * math.sin(slow), 0.08 * math.sin(slow), head_lean=0.16, head_yaw=0.3 * math.sin(slow))
    thigh = build.skeleton.length("thigh_l", "calf_l")
    for side, sign in SIDES:
        # Low seats push the feet forward; high ones let them hang below the knees.
        ahead = pelvis[0] + thigh * (0.98 if seat_m > 0.35 * scale else 0.85)
        made.put_foot(side, np.array([ahead, sign * 0.13 * scale, build.foot.ankle_height]), yaw=sign * 0.12)
        knee = made.joint("calf" + side)
        wrist = knee + np.array([-0.09 * scale, -sign * 0.02, 0.085 * scale + 0.01 * math.sin(slow + sign)])
        made.put_hand(side, wrist, np.array([-0.6, sign * 0.8, -0.6]))
    return made


def _squat(build: Build, phase: float) -> Posture:
    scale = build.height_m / 1.7
    slow = 2 * math.pi * phase
    pelvis = np.array([-0.14 * scale, 0.0, 0.30 * scale])
    made = Posture(build.skeleton, pelvis, about_y(0.25))
    made.bend_trunk(0.5 + build.stoop / 2, 0.12 * math.sin(slow), head_lean=0.35)
    for side, sign in SIDES:
        ankle = np.array([0.02 * scale, sign * 0.15 * scale, build.foot.ankle_height])
        made.put_foot(side, ankle, yaw=sign * 0.4)
        moving = math.sin(slow + sign)
        wrist = np.array([(0.40 + 0.05 * moving) * scale, sign * 0.13 * scale, (0.30 + 0.05 * math.cos(slow + sign)) * scale])
        made.put_hand(side, wrist, np.array([-0.3, sign * 1.0, -0.3]))
    return made


def _reach(build: Build, phase: float) -> Posture:
    scale = build.height_m / 1.7
    out = (1 - math.cos(2 * math.pi * phase)) / 2
    made = _stand(build, 0.0)
    made.bend_trunk(0.08 + 0.2 * out + build.stoop, 0.25 * out, head_lean=0.2, head_yaw=0.1)
    wrist = made.joint("upperarm_r") + np.array([(0.28 + 0.2 * out) * scale, 0.06 * scale, (-0.22 + 0.14 * out) * scale])
    made.put_hand("_r", wrist, np.array([-0.4, -0.5, -1.0]))
    made.hang_arm("_l", 1, 0.15 + 0.1 * out, 0.5, out=0.16)
    return made


def _hold(build: Build, made: Posture) -> None:
    """Both forearms forward, hands below what is held."""
    scale = build.height_m / 1.7
    middle = (made.joint("upperarm_l") + made.joint("upperarm_r")) / 2
    for side, sign in SIDES:
        wrist = middle + np.array([build.girth_m + 0.11 * scale, sign * 0.17 * scale, -0.36 * scale])
        made.put_hand(side, wrist, np.array([-1.0, sign * 0.35, -0.5]))


def _carry(build: Build, phase: float) -> Posture:
    made = _stride(build, phase, lean=-0.03, arms=False)
    _hold(build, made)
    return made


def _push(build: Build, phase: float) -> Posture:
    scale = build.height_m / 1.7
    made = _stride(build, phase, lean=0.22, arms=False)
    for side, sign in SIDES:
        wrist = np.array([0.52 * scale, sign * 0.22 * scale, 0.96 * scale])
        made.put_hand(side, wrist, np.array([-0.8, sign * 0.5, -1.0]))
    return made


def _bend(build: Build, phase: float) -> Posture:
    scale = build.height_m / 1.7
    down = (1 - math.cos(2 * math.pi * phase)) / 2
    rest = float(build.skeleton.joints["pelvis"][2]) - 0.014 * scale
    pelvis = np.array([-0.27 * scale * down, 0.0, rest - 0.43 * scale * down])
    made = _stand_on(build, pelvis, about_y(0.7 * down), ahead=-0.02 * down, spread=1.3)
    made.bend_trunk(0.04 + build.stoop + 0.85 * down, head_lean=0.1 + 0.6 * down)
    middle = (made.joint("upperarm_l") + made.joint("upperarm_r")) / 2
    high = middle + np.array([build.girth_m + 0.11 * scale, 0.0, -0.36 * scale])
    low = np.array([build.girth_m + 0.30 * scale, 0.0, 0.13 * scale])
    for side, sign in SIDES:
        wrist = high * (1 - down) + low * down + np.array([0.0, sign * 0.17 * scale, 0.0])
        made.put_hand(side, wrist, np.array([-1.0, sign * 0.35, -0.3]))
    return made


def _ride(build: Build, seat_m: float) -> Posture:
    scale = build.height_m / 1.7
    hip = seat_m + build.seat_depth_m
    pelvis = np.array([-0.04 * scale, 0.0, hip + build.pelvis_above_hips()])
    made = Posture(build.skeleton, pelvis, about_y(0.05))
    made.bend_trunk(0.14 + build.stoop, head_lean=0.05)
    for side, sign in SIDES:
        board = max(seat_m - 0.5, 0.08) + build.foot.ankle_height
        made.put_foot(side, np.array([0.40 * scale, sign * 0.12 * scale, board]), yaw=sign * 0.1)
        wrist = np.array([0.44 * scale, sign * 0.27 * scale, seat_m + 0.30])
        made.put_hand(side, wrist, np.array([-0.7, sign * 0.7, -0.9]))
    return made


_POSES: dict[Pose, Callable[[Build, float], Posture]] = {
    Pose.WALK: _stride,
    Pose.STAND: _idle,
    Pose.TALK: _talk,
    Pose.SQUAT: _squat,
    Pose.REACH: _reach,
    Pose.CARRY: _carry,
    Pose.PUSH: _push,
    Pose.BEND: _bend,
}
