"""Bones, how they hang together, and how limbs find a point: forward and inverse kinematics in plain numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Vec = npt.NDArray[np.float64]
"""Three metres, or a direction."""
Turn = npt.NDArray[np.float64]
"""A 3x3 rotation, from the rest pose to the posed body, in the body's own axes."""

PARENTS: dict[str, str | None] = {
    "pelvis": None,
    "spine_01": "pelvis",
    "spine_02": "spine_01",
    "spine_03": "spine_02",
    "neck_01": "spine_03",
    "head": "neck_01",
}
for _side in ("_l", "_r"):
    PARENTS["clavicle" + _side] = "spine_03"
    PARENTS["upperarm" + _side] = "clavicle" + _side
    PARENTS["lowerarm" + _side] = "upperarm" + _side
    PARENTS["hand" + _side] = "lowerarm" + _side
    PARENTS["thigh" + _side] = "pelvis"
    PARENTS["calf" + _side] = "thigh" + _side
    PARENTS["foot" + _side] = "calf" + _side
    PARENTS["ball" + _side] = "foot" + _side
BONES: tuple[str, ...] = tuple(PARENTS)
"""Parents before children."""
SIDES: tuple[tuple[str, int], ...] = (("_l", 1), ("_r", -1))
"""Ending of a bone's name and the sign of y on that side."""


def about_x(angle: float) -> Turn:
    """Positive: the left side goes up."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0, 0], [0, c, -s], [0, s, c]])


def about_y(angle: float) -> Turn:
    """Positive: leans forward, the nose goes down."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s], [0, 1.0, 0], [-s, 0, c]])


def about_z(angle: float) -> Turn:
    """Positive: turns to the left."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def about(axis: Vec, angle: float) -> Turn:
    """Right-handed rotation about a direction of length 1."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn: Turn = np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * (cross @ cross)
    return turn


def unit(vector: Vec) -> Vec:
    """The direction of a vector."""
    return np.asarray(vector / math.sqrt(float(vector @ vector)))


def _frame(along: Vec, hinge: Vec) -> Turn:
    first = unit(along)
    third = unit(hinge - first * float(first @ hinge))
    return np.stack([first, np.cross(third, first), third], axis=1)


class Skeleton:
    """The joints of one body at rest."""

    def __init__(self, joints: Mapping[str, Vec]) -> None:
        self.joints = {bone: np.asarray(joints[bone], np.float64) for bone in BONES}
        self._offsets = {bone: self.joints[bone] - (self.joints[parent] if parent else np.zeros(3)) for bone, parent in PARENTS.items()}
        self._rest_frames: dict[str, Turn] = {}
        for side, _ in SIDES:
            self._add_frames("thigh" + side, "calf" + side, "foot" + side, np.array([0.0, 1.0, 0.0]))
            upper, lower = self.between("upperarm" + side, "lowerarm" + side), self.between("lowerarm" + side, "hand" + side)
            self._add_frames("upperarm" + side, "lowerarm" + side, "hand" + side, np.cross(upper, lower))

    def _add_frames(self, first: str, second: str, end: str, hinge: Vec) -> None:
        self._rest_frames[first] = _frame(self.between(first, second), hinge)
        self._rest_frames[second] = _frame(self.between(second, end), hinge)

    def between(self, start: str, end: str) -> Vec:
        """From one joint to another, at rest."""
        return np.asarray(self.joints[end] - self.joints[start])

    def length(self, start: str, end: str) -> float:
        """Metres between two joints."""
        return float(np.linalg.norm(self.between(start, end)))

    def offset(self, bone: str) -> Vec:
        """From the parent's joint to the bone's own, at rest."""
        return self._offsets[bone]

    def aimed(self, bone: str, along: Vec, hinge: Vec) -> Turn:
        """The turn that makes an arm or leg bone point along a direction and bend about a hinge."""
        return np.asarray(_frame(along, hinge) @ self._rest_frames[bone].T)


class Posture:
    """One skeleton in one pose: where the pelvis is and how each bone is turned. Bones not turned follow their parent."""

    def __init__(self, skeleton: Skeleton, pelvis: Vec, turn: Turn | None = None) -> None:
        self.skeleton = skeleton
        self.pelvis = np.asarray(pelvis, np.float64)
        self.turns: dict[str, Turn] = {"pelvis": np.eye(3) if turn is None else turn}

    def turn_of(self, bone: str) -> Turn:
        """How a bone is turned, its own or its nearest turned parent's."""
        current: str | None = bone
        while current is not None and current not in self.turns:
            current = PARENTS[current]
        return self.turns[current or "pelvis"]

    def joint(self, bone: str) -> Vec:
        """Where the head of a bone is."""
        parent = PARENTS[bone]
        if parent is None:
            return self.pelvis
        return np.asarray(self.joint(parent) + self.turn_of(parent) @ self.skeleton.offset(bone))

    def bend_trunk(self, lean: float, yaw: float = 0.0, tilt: float = 0.0, *, head_lean: float = 0.0, head_yaw: float = 0.0) -> None:
        """Spread a bend over the spine, up from the pelvis; the head's angles are absolute."""
        base = self.turns["pelvis"]
        for share, bone in ((0.3, "spine_01"), (0.65, "spine_02"), (1.0, "spine_03")):
            self.turns[bone] = np.asarray(base @ about_z(yaw * share) @ about_x(tilt * share) @ about_y(lean * share))
        self.turns["head"] = about_z(head_yaw) @ about_y(head_lean)
        self.turns["neck_01"] = about_z((head_yaw + yaw) / 2) @ about_y((head_lean + lean) / 2)

    def reach(self, first: str, second: str, end: str, target: Vec, pole: Vec) -> None:
        """Two-bone inverse kinematics: put the joint `end` on the target, with the middle joint out towards the pole."""
        start = self.joint(first)
        upper, lower = self.skeleton.length(first, second), self.skeleton.length(second, end)
        way = target - start
        distance = min(max(float(np.linalg.norm(way)), abs(upper - lower) + 0.02), (upper + lower) * 0.9995)
        along = unit(way)
        cosine = (upper * upper + distance * distance - lower * lower) / (2 * upper * distance)
        angle = math.acos(min(1.0, max(-1.0, cosine)))
        hinge = unit(np.cross(pole, along))
        out = np.cross(along, hinge)
        upward = along * math.cos(angle) + out * math.sin(angle)
        downward = unit(along * distance - upward * upper)
        self.turns[first] = self.skeleton.aimed(first, upward, hinge)
        self.turns[second] = self.skeleton.aimed(second, downward, hinge)

    def put_foot(self, side: str, ankle: Vec, *, pitch: float = 0.0, toe_pitch: float | None = None, yaw: float = 0.0) -> None:
        """Ankle to a point, knee to the front. pitch > 0: the heel is up."""
        pole = np.array([math.cos(yaw), math.sin(yaw), 0.0])
        self.reach("thigh" + side, "calf" + side, "foot" + side, ankle, pole)
        self.turns["foot" + side] = about_z(yaw) @ about_y(pitch)
        self.turns["ball" + side] = about_z(yaw) @ about_y(pitch if toe_pitch is None else toe_pitch)

    def put_hand(self, side: str, wrist: Vec, pole: Vec) -> None:
        """Wrist to a point, elbow out towards the pole; the hand goes on along the forearm."""
        self.reach("upperarm" + side, "lowerarm" + side, "hand" + side, wrist, pole)

    def hang_arm(self, side: str, sign: int, flexion: float, elbow: float, *, out: float = 0.1, inward: float = 0.15) -> None:
        """An arm by its angles: flexion forward at the shoulder, bend of the elbow, out from the body."""
        chest = self.turn_of("spine_03")
        # The trunk's lean is not the arm's: a hanging arm hangs.
        level = about_z(math.atan2(chest[1, 0], chest[0, 0]))
        upward = level @ np.array([math.sin(flexion) * math.cos(out), sign * math.sin(out), -math.cos(flexion) * math.cos(out)])
        hinge = level @ about_z(sign * -inward) @ np.array([0.0, -1.0, 0.0])
        hinge = unit(hinge - upward * float(upward @ hinge))
        downward = about(hinge, elbow) @ upward
        self.turns["upperarm" + side] = self.skeleton.aimed("upperarm" + side, upward, hinge)
        self.turns["lowerarm" + side] = self.skeleton.aimed("lowerarm" + side, downward, hinge)

    def matrices(self) -> npt.NDArray[np.float32]:
        """(bones, 12): for each bone its turn and shift, row by row, as skinning needs them."""
        rows = np.empty((len(BONES), 3, 4))
        places: dict[str, Vec] = {}
        for index, bone in enumerate(BONES):
            parent = PARENTS[bone]
            if parent is None:
                places[bone] = self.pelvis
            else:
                places[bone] = places[parent] + self.turns[parent] @ self.skeleton.offset(bone)
            if bone not in self.turns:
                self.turns[bone] = self.turns[parent or "pelvis"]
            rows[index, :, :3] = self.turns[bone]
            rows[index, :, 3] = places[bone] - self.turns[bone] @ self.skeleton.joints[bone]
        return rows.reshape(len(BONES), 12).astype(np.float32)
