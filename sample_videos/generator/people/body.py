"""One person as a mesh that takes poses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from sample_videos.generator.people import poses
from sample_videos.generator.people.base_mesh import BaseMesh, FloatArray, load_base_mesh, shape_name
from sample_videos.generator.people.clothes import clothes_pieces
from sample_videos.generator.people.gait import FootShape
from sample_videos.generator.people.hair import head_pieces
from sample_videos.generator.people.looks import stride_m
from sample_videos.generator.people.pieces import Piece, ShapedBody, joined
from sample_videos.generator.people.skeleton import BONES, Skeleton, Vec
from sample_videos.generator.people.wardrobe import Stature, outfit_of, stature_of
from sample_videos.generator.values import Age, Looks, Pose

GROUNDED = frozenset(Pose) - {Pose.SIT, Pose.RIDE}
"""Poses whose feet carry the body: their lowest point lies on the ground."""


class Body:
    """One clothed person.

    faces: m faces of four or three corners each; colours: (m, 3) linear RGB per face; height_m: barefoot;
    stride_m: metres walked in one full cycle of the gait, so that phase = distance / stride_m keeps the standing foot where it is.
    """

    def __init__(self, piece: Piece, build: poses.Build) -> None:
        self.faces: list[tuple[int, ...]] = [(a, b, c) if c == d else (a, b, c, d) for a, b, c, d in piece.faces.tolist()]
        self.colours: FloatArray = piece.colours
        self.height_m = build.height_m
        self.stride_m = build.stride_m
        self.build = build
        self._weights = piece.weights.astype(np.float32)
        self._points = piece.points.astype(np.float32)

    def posed(self, pose: Pose, phase: float, *, seat_m: float = 0.45, carries: bool = False) -> npt.NDArray[np.float32]:
        """All points (n, 3) in metres, feet on z = 0, looking along +x; see poses.posture for what phase means."""
        matrices = poses.posture(self.build, pose, phase, seat_m=seat_m, carries=carries).matrices()
        blended = (self._weights @ matrices).reshape(-1, 3, 4)
        points = np.einsum("nij,nj->ni", blended[:, :, :3], self._points) + blended[:, :, 3]
        if pose in GROUNDED:
            points[:, 2] -= points[:, 2].min()
        return np.asarray(points, np.float32)

    def between_hands(self, pose: Pose, phase: float, *, seat_m: float = 0.45) -> Vec:
        """Middle of the two wrists, in the body's axes: where something held is."""
        posture = poses.posture(self.build, pose, phase, seat_m=seat_m, carries=True)
        return np.asarray((posture.joint("hand_l") + posture.joint("hand_r")) / 2)


def make_body(looks: Looks, assets: Path) -> Body:
    """The person with these looks; assets is the folder that holds bodies/. The same looks give the same body."""
    base = load_base_mesh(assets)
    stature, outfit = stature_of(looks), outfit_of(looks)
    points = _shaped(base, looks, stature)
    skeleton = _skeleton(base, points)
    shaped = ShapedBody(base, points, skeleton)
    clothes = clothes_pieces(shaped, outfit)
    whole = joined([*clothes, *head_pieces(shaped, outfit)])
    # The soles are the lowest points: stand on them.
    low = float(whole.points[:, 2].min())
    shift = np.array([-(skeleton.joints["foot_l"] + skeleton.joints["foot_r"])[0] / 2, 0.0, -low])
    whole = whole.moved(whole.points + shift)
    standing = Skeleton({bone: joint + shift for bone, joint in skeleton.joints.items()})
    return Body(whole, _build(standing, whole, looks))


def _shaped(base: BaseMesh, looks: Looks, stature: Stature) -> FloatArray:
    sex = "female" if looks.female else "male"
    stages = {
        # Between toddler and ten-year-old: the smaller, the more of the first.
        Age.CHILD: {"baby": 0.35 * (1.48 - stature.height_m) / 0.4, "child": 1 - 0.35 * (1.48 - stature.height_m) / 0.4},
        Age.YOUNG: {"young": 1.0},
        Age.MIDDLE: {"young": 0.6, "old": 0.4},
        Age.OLD: {"old": 1.0},
    }[looks.age]
    heavy, slight = max(0.0, stature.weight * 2 - 1), max(0.0, 1 - stature.weight * 2)
    points = base.vertices.copy()
    for stage, share in stages.items():
        points += share * base.shapes[shape_name(sex, stage)]
        for weight, part in (("minweight", slight), ("averageweight", 1 - heavy - slight), ("maxweight", heavy)):
            points += share * part * base.shapes[shape_name(sex, stage, weight)]
    skin = points[np.unique(base.faces["body"])]
    return np.asarray(points * (stature.height_m / float(np.ptp(skin[:, 2]))))


def _skeleton(base: BaseMesh, points: FloatArray) -> Skeleton:
    return Skeleton({bone: points[base.joints[bone]].mean(0) for bone in BONES})


def _build(skeleton: Skeleton, whole: Piece, looks: Looks) -> poses.Build:
    stature = stature_of(looks)
    ankle, ball = skeleton.joints["foot_l"], skeleton.joints["ball_l"]
    foot_share = whole.weights[:, BONES.index("foot_l")] + whole.weights[:, BONES.index("ball_l")]
    foot = whole.points[foot_share > 0.6]
    sole = foot[foot[:, 2] < 0.02]
    belly = whole.points[np.abs(whole.points[:, 2] - skeleton.joints["spine_01"][2]) < 0.08]
    belly = belly[np.abs(belly[:, 1]) < 0.1]
    return poses.Build(
        skeleton=skeleton,
        height_m=stature.height_m,
        stride_m=stride_m(looks),
        foot=FootShape(
            ankle_height=float(ankle[2]),
            heel_back=float(ankle[0] - sole[:, 0].min()),
            ball_ahead=float(ball[0] - ankle[0]),
            ball_height=float(ball[2]),
        ),
        stoop=stature.stoop,
        habit=stature.habit,
        seat_depth_m=0.085 * stature.height_m / 1.7,
        girth_m=max(0.08, float(belly[:, 0].max() - skeleton.joints["spine_01"][0])),
    )
