"""Articulated figures: a skeleton that walks, stands, bends or cycles, drawn as shaded round limbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.layer import SUN, Sprite


@dataclass(frozen=True)
class Person:
    """How somebody looks. Colours are BGR 0..255, ``height`` is metres."""

    name: str
    height: float
    top: Point
    trousers: Point
    hair: Point = (28, 26, 30)
    shoes: Point = (40, 40, 46)
    skin: Point = (128, 158, 206)
    stout: float = 1.0
    skirt: bool = False
    long_hair: bool = False
    bare_arms: bool = False
    apron: Point | None = None
    backpack: Point | None = None
    cap: Point | None = None


@dataclass(frozen=True)
class Pose:
    """What the body does at one moment.

    ``at`` is the ground under the hips, ``heading`` the direction of the face (radians, 0 = along X). ``phase`` is
    the walk cycle (1 = two steps), ``gait`` 0..1 how wide the steps are, ``bend`` 0..1 how deep the body stoops.
    ``hands`` are where both hands are held (left, right) in metres, None: they swing. ``talk`` moves a hand.
    """

    at: Point
    heading: float
    phase: float = 0.0
    gait: float = 0.0
    bend: float = 0.0
    hands: tuple[Point, Point] | None = None
    feet: tuple[Point, Point] | None = None
    lean: float = 0.0
    talk: float = 0.0


@dataclass(frozen=True)
class Limb:
    """A round limb between two points with a radius at each."""

    start: Floats
    end: Floats
    start_radius: float
    end_radius: float
    colour: Point


@dataclass(frozen=True)
class _Body:
    """Who, how, and the body's own directions; ``k`` scales lengths of somebody of 1.7 m."""

    person: Person
    pose: Pose
    ahead: Floats
    left: Floats
    k: float


@dataclass(frozen=True)
class _Seen:
    """A limb in the picture: 2x2 pixels, radii in pixels and depths of both ends."""

    ends: Floats
    radii: Floats
    depths: Floats


STRIDE_M = 1.36
"""Ground covered in one walk cycle by somebody of 1.7 m."""


def limbs_of(person: Person, pose: Pose) -> list[Limb]:
    """The body as limbs in world metres."""
    k = person.height / 1.7
    ahead = np.array([np.cos(pose.heading), np.sin(pose.heading), 0], dtype=np.float32)
    left = np.array([-np.sin(pose.heading), np.cos(pose.heading), 0], dtype=np.float32)
    up = np.array([0, 0, 1.0], dtype=np.float32)
    ground = np.array(pose.at, dtype=np.float32)
    body = _Body(person, pose, ahead, left, k)
    bob = 0.028 * pose.gait * np.cos(4 * np.pi * (pose.phase - 0.3))
    hips = ground + up * (k * (0.935 - 0.045 * pose.gait + bob) - 0.24 * pose.bend) - ahead * 0.2 * pose.bend
    tilt = 0.05 * pose.gait + 0.95 * pose.bend + pose.lean
    spine = up * np.cos(tilt) + ahead * np.sin(tilt)
    chest = hips + spine * 0.50 * k
    limbs: list[Limb] = []
    for side, shift in ((1, 0.0), (-1, 0.5)):
        hip = hips + left * side * 0.085 * k
        ankle = _ankle(body, ground, side, (pose.phase + shift) % 1)
        knee = _joint(hip, ankle, 0.44 * k, 0.43 * k, ahead)
        thigh = person.skin if person.skirt else person.trousers
        limbs += [
            _limb(hip, knee, 0.085 * person.stout, 0.062, thigh),
            _limb(knee, ankle, 0.06, 0.042, person.skin if person.skirt else person.trousers),
            _limb(ankle - up * 0.02 - ahead * 0.03, ankle + ahead * 0.14 - up * 0.035, 0.048, 0.04, person.shoes),
        ]
    limbs += _torso(body, hips, chest)
    limbs += _arms(body, chest, np.asarray(spine, dtype=np.float32))
    limbs += _head(body, chest, np.asarray(spine, dtype=np.float32))
    return limbs


def paint_person(camera: Camera, limbs: Sequence[Limb], depth: float | None = None, *, scale: int = 2) -> Sprite | None:
    """The figure as a sprite, with round shading; None where it is out of the picture."""
    ends = np.array([p for limb in limbs for p in (limb.start, limb.end)], dtype=np.float32)
    pixels, depths = camera.project(ends)
    per_m = camera.focal_px / depths
    radii = np.array([r for limb in limbs for r in (limb.start_radius, limb.end_radius)], dtype=np.float32) * per_m
    low = np.floor((pixels - radii[:, None]).min(axis=0)).astype(int) - 2
    high = np.ceil((pixels + radii[:, None]).max(axis=0)).astype(int) + 2
    left, top = max(int(low[0]), 0), max(int(low[1]), 0)
    right, bottom = min(int(high[0]), camera.width_px), min(int(high[1]), camera.height_px)
    if right - left < 2 or bottom - top < 2:
        return None
    height, width = (bottom - top) * scale, (right - left) * scale
    canvas = np.zeros((height, width, 4), dtype=np.float32)
    nearest = np.full((height, width), np.inf, dtype=np.float32)
    sun = camera.to_view(SUN)
    corner = np.array([left, top], dtype=np.float32)
    for index, limb in enumerate(limbs):
        two = slice(2 * index, 2 * index + 2)
        _paint_limb(canvas, nearest, _Seen((pixels[two] - corner) * scale, radii[two] * scale, depths[two]), limb, sun)
    small = canvas.reshape(height // scale, scale, width // scale, scale, 4).mean(axis=(1, 3))
    return Sprite(small.astype(np.float32), left, top, float(depths.mean()) if depth is None else depth)


def _paint_limb(canvas: Floats, nearest: Floats, seen_limb: _Seen, limb: Limb, sun: Floats) -> None:
    ends, radii, depths = seen_limb.ends, seen_limb.radii, seen_limb.depths
    reach = float(radii.max()) + 1
    x0, y0 = (max(int(v), 0) for v in ends.min(axis=0) - reach)
    x1, y1 = (int(v) + 2 for v in ends.max(axis=0) + reach)
    x1, y1 = min(x1, canvas.shape[1]), min(y1, canvas.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    xs = np.arange(x0, x1, dtype=np.float32)[None, :] + 0.5
    ys = np.arange(y0, y1, dtype=np.float32)[:, None] + 0.5
    axis = ends[1] - ends[0]
    along = ((xs - ends[0, 0]) * axis[0] + (ys - ends[0, 1]) * axis[1]) / max(float(axis @ axis), 1e-3)
    along = np.clip(along, 0, 1)
    radius = radii[0] + (radii[1] - radii[0]) * along
    nx, ny = (xs - ends[0, 0] - axis[0] * along) / radius, (ys - ends[0, 1] - axis[1] * along) / radius
    inside = 1 - nx * nx - ny * ny
    bulge = np.sqrt(np.maximum(inside, 0))
    thickness = limb.start_radius + (limb.end_radius - limb.start_radius) * along
    depth = depths[0] + (depths[1] - depths[0]) * along - bulge * thickness
    seen = (inside > 0) & (depth < nearest[y0:y1, x0:x1])
    direct = np.maximum(nx * sun[0] - ny * sun[1] - bulge * sun[2], 0)
    light = 0.50 + 0.14 * -ny + 0.10 * bulge + 0.52 * direct
    folds = 1 + 0.035 * np.sin(xs * 0.55 + ys * 0.31) * np.sin(ys * 0.23 - xs * 0.12)
    part = canvas[y0:y1, x0:x1]
    shaded = (light * folds)[..., None] * np.array(limb.colour, dtype=np.float32)
    part[seen, :3] = shaded[seen]
    part[seen, 3] = 1
    nearest[y0:y1, x0:x1][seen] = depth[seen]


def _limb(start: npt.ArrayLike, end: npt.ArrayLike, start_radius: float, end_radius: float, colour: Point) -> Limb:
    return Limb(np.asarray(start, dtype=np.float32), np.asarray(end, dtype=np.float32), start_radius, end_radius, colour)


def _ankle(body: _Body, ground: Floats, side: int, phase: float) -> Floats:
    """Where a foot is: still on the ground while it carries the body (60 % of the cycle), then swung forward."""
    pose, ahead, left, k = body.pose, body.ahead, body.left, body.k
    if pose.feet is not None:
        return np.array(pose.feet[0 if side == 1 else 1], dtype=np.float32)
    reach, lift = 0.3 * STRIDE_M * k, 0.0
    if phase < 0.6:
        offset = reach * (1 - 2 * phase / 0.6)
    else:
        swing = (phase - 0.6) / 0.4
        offset = reach * (2 * (swing * swing * (3 - 2 * swing)) - 1)
        lift = 0.10 * np.sin(np.pi * swing)
    spot = ground + ahead * offset * pose.gait + left * side * (0.085 + 0.03 * pose.bend) * k
    return np.asarray(spot + np.array([0, 0, 0.075 + lift * pose.gait]), dtype=np.float32)


def _joint(root: npt.NDArray[Any], tip: npt.NDArray[Any], upper: float, lower: float, towards: npt.NDArray[Any]) -> Floats:
    """Knee or elbow between two ends, bent towards a direction."""
    line = tip - root
    length = float(np.clip(np.linalg.norm(line), 1e-3, upper + lower - 1e-3))
    line = line / max(float(np.linalg.norm(line)), 1e-6)
    share = (upper**2 - lower**2 + length**2) / (2 * length)
    out = np.sqrt(max(upper**2 - share**2, 0.0))
    sideways = towards - line * float(towards @ line)
    sideways = sideways / max(float(np.linalg.norm(sideways)), 1e-6)
    return np.asarray(root + line * share + sideways * out, dtype=np.float32)


def _torso(body: _Body, hips: Floats, chest: Floats) -> list[Limb]:
    person, left, ahead, k = body.person, body.left, body.ahead, body.k
    wide = person.stout
    limbs: list[Limb] = []
    for side in (1, -1):
        limbs.append(_limb(hips + left * side * 0.07 * wide, chest + left * side * 0.10 * k, 0.115 * wide, 0.105 * wide, person.top))
        limbs.append(
            _limb(hips + left * side * 0.06, hips + left * side * 0.06 - np.array([0, 0, 0.05]), 0.115 * wide, 0.10, person.trousers)
        )
    limbs.append(_limb(chest + left * 0.15 * k, chest - left * 0.15 * k, 0.085, 0.085, person.top))
    if person.skirt:
        limbs.append(_limb(hips, hips - np.array([0, 0, 0.36 * k]), 0.15, 0.19, person.trousers))
    if person.apron:
        limbs.append(
            _limb(chest + ahead * 0.05 - np.array([0, 0, 0.12]), hips + ahead * 0.07 - np.array([0, 0, 0.22]), 0.115, 0.13, person.apron)
        )
    if person.backpack:
        limbs.append(
            _limb(chest - ahead * 0.17 - np.array([0, 0, 0.02]), hips - ahead * 0.17 + np.array([0, 0, 0.16]), 0.12, 0.13, person.backpack)
        )
    return limbs


def _arms(body: _Body, chest: Floats, spine: Floats) -> list[Limb]:
    person, pose, ahead, left, k = body.person, body.pose, body.ahead, body.left, body.k
    limbs: list[Limb] = []
    sleeve = person.skin if person.bare_arms else person.top
    for index, (side, shift) in enumerate(((1, 0.5), (-1, 0.0))):
        shoulder = chest + left * side * 0.19 * k * person.stout + spine * 0.03
        if pose.hands is not None:
            hand = np.array(pose.hands[index])
        else:
            swing = 0.55 * pose.gait * np.cos(2 * np.pi * (pose.phase + shift)) + 0.08
            raised = pose.talk if side == -1 else 0.0
            reach = ahead * (np.sin(swing) * 0.5 + 0.3 * raised) - np.array([0, 0, 1]) * (np.cos(swing) * 0.53 - 0.42 * raised)
            hand = shoulder + reach * k + left * side * (0.05 + 0.06 * raised)
        towards = np.array([0, 0, -0.8]) - ahead * 0.7 + left * side * 0.5
        elbow = _joint(shoulder, hand, 0.29 * k, 0.27 * k, towards)
        limbs += [
            _limb(shoulder, elbow, 0.062 * person.stout, 0.05, person.top),
            _limb(elbow, hand, 0.047, 0.036, sleeve),
            _limb(hand, hand - np.array([0, 0, 0.05]) + ahead * 0.02, 0.042, 0.034, person.skin),
        ]
    return limbs


def _head(body: _Body, chest: Floats, spine: Floats) -> list[Limb]:
    person, ahead, k = body.person, body.ahead, body.k
    look = spine * 0.8 + np.array([0, 0, 0.2])
    neck, middle = chest + spine * 0.06, chest + look * 0.24 * k + ahead * 0.03
    limbs = [
        _limb(chest, neck + look * 0.08, 0.06, 0.055, person.skin),
        _limb(middle - look * 0.045 + ahead * 0.015, middle + look * 0.03, 0.082, 0.095, person.skin),
        _limb(middle - ahead * 0.035 + look * 0.03, middle - ahead * 0.02 + look * 0.05, 0.098, 0.094, person.hair),
    ]
    if person.long_hair:
        limbs.append(_limb(middle - ahead * 0.05, chest - ahead * 0.10 - look * 0.06, 0.095, 0.085, person.hair))
    if person.cap:
        limbs.append(_limb(middle + look * 0.06, middle + look * 0.07, 0.102, 0.09, person.cap))
        limbs.append(_limb(middle + look * 0.06 + ahead * 0.06, middle + look * 0.05 + ahead * 0.16, 0.05, 0.03, person.cap))
    return limbs
