"""Normal walking as curves over one gait cycle: phase 0 is the left heel's strike, 0.5 the right one's.

Amplitudes and times follow textbook gait analysis: stance until 62 % of the cycle, foot flat from 8 %, heel off at 33 %,
double support around 6 % and 56 %; the pelvis turns 5 degrees and falls 4 degrees to the swinging side; arms swing
against the legs. Angles are radians, lengths metres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

TOE_OFF = 0.62
FOOT_FLAT = 0.08
HEEL_OFF = 0.33
UNDER_HIP = 0.265
"""Phase at which the standing ankle passes below the hip."""
STRIKE_PITCH = math.radians(-18)
"""Toes up when the heel meets the ground."""
OFF_PITCH = math.radians(52)
"""Heel up when the toes leave it."""
CLEARANCE_M = 0.045


@dataclass(frozen=True, slots=True)
class FootShape:
    """A shod foot at rest, seen from its ankle."""

    ankle_height: float
    heel_back: float
    """From the ankle back to the heel's edge."""
    ball_ahead: float
    """From the ankle forward to the joint of the toes."""
    ball_height: float


@dataclass(frozen=True, slots=True)
class FootMotion:
    """Where a foot is: the ankle ahead of the hip and above the ground, and the foot's pitch (> 0: heel up)."""

    ahead: float
    height: float
    pitch: float
    toe_pitch: float
    grounded: bool


@dataclass(frozen=True, slots=True)
class TrunkMotion:
    """Pelvis and chest: yaw to the left, list = left side up, sway to the left, lift as a factor -1..1."""

    pelvis_yaw: float
    pelvis_list: float
    sway: float
    lift: float
    chest_yaw: float


def _ease(value: float) -> float:
    clipped = min(1.0, max(0.0, value))
    return clipped * clipped * (3 - 2 * clipped)


def _hermite(s: float, start: float, end: float, start_slope: float, end_slope: float) -> float:
    s2, s3 = s * s, s * s * s
    return start * (2 * s3 - 3 * s2 + 1) + start_slope * (s3 - 2 * s2 + s) + end * (3 * s2 - 2 * s3) + end_slope * (s3 - s2)


def _stance(phase: float, stride: float, foot: FootShape, vigour: float) -> tuple[float, float, float]:
    """Ankle ahead, ankle height and pitch while the foot stands: it rolls over heel, flat sole and ball, never slides."""
    flat = stride * (UNDER_HIP - phase)
    if phase < FOOT_FLAT:
        pitch = STRIKE_PITCH * vigour * (1 - _ease(phase / FOOT_FLAT))
        pivot_x, pivot_z, dx, dz = flat - foot.heel_back, 0.0, foot.heel_back, foot.ankle_height
    else:
        pitch = OFF_PITCH * vigour * max(0.0, (phase - HEEL_OFF) / (TOE_OFF - HEEL_OFF)) ** 1.5
        pivot_x, pivot_z, dx, dz = flat + foot.ball_ahead, foot.ball_height, -foot.ball_ahead, foot.ankle_height - foot.ball_height
    cosine, sine = math.cos(pitch), math.sin(pitch)
    return pivot_x + dx * cosine + dz * sine, pivot_z - dx * sine + dz * cosine, pitch


def foot_motion(phase: float, stride: float, foot: FootShape, *, vigour: float = 1.0) -> FootMotion:
    """One foot at a phase of its own cycle (0 = its heel strikes). vigour scales the roll of the foot, 0..1."""
    phase %= 1.0
    if phase <= TOE_OFF:
        ahead, height, pitch = _stance(phase, stride, foot, vigour)
        return FootMotion(ahead, height, pitch, min(pitch, 0.0), grounded=True)
    step = 1e-4
    length = 1 - TOE_OFF
    s = (phase - TOE_OFF) / length
    start, before = _stance(TOE_OFF, stride, foot, vigour), _stance(TOE_OFF - step, stride, foot, vigour)
    end, after = _stance(0.0, stride, foot, vigour), _stance(step, stride, foot, vigour)
    slopes = [((a - b) / step * length, (d - c) / step * length) for a, b, c, d in zip(start, before, end, after, strict=True)]
    ahead = _hermite(s, start[0], end[0], slopes[0][0], slopes[0][1])
    height = _hermite(s, start[1], end[1], slopes[1][0] * 0.5, slopes[1][1]) + CLEARANCE_M * math.sin(math.pi * s**0.7) ** 2
    # The ankle springs back to square soon after toe-off, long before the heel strikes again.
    pitch = end[2] + (start[2] - end[2]) * (1 - _ease(s / 0.8))
    return FootMotion(ahead, height, pitch, pitch * _ease(s / 0.35), grounded=False)


def trunk_motion(phase: float) -> TrunkMotion:
    """Pelvis and chest over the cycle."""
    turn = 2 * math.pi * phase
    return TrunkMotion(
        pelvis_yaw=math.radians(-5) * math.cos(turn),
        pelvis_list=math.radians(3.5) * math.cos(turn - 2 * math.pi * 0.15),
        sway=0.018 * math.cos(turn - 2 * math.pi * 0.31),
        lift=math.cos(2 * (turn - 2 * math.pi * 0.31)),
        chest_yaw=math.radians(5) * math.cos(turn),
    )


def arm_swing(phase: float) -> tuple[float, float]:
    """Shoulder flexion (forward > 0) and bend of the elbow, for the arm on the side whose heel strikes at phase 0.

    The arm is furthest back just after its own side's heel has struck.
    """
    turn = 2 * math.pi * (phase - 0.03)
    shoulder = math.radians(-1.0 - 19.0 * math.cos(turn) - 1.2 * math.cos(2 * turn))
    elbow = math.radians(26.0 - 11.0 * math.cos(turn - 0.35) + 2.0 * math.cos(2 * turn))
    return shoulder, elbow
