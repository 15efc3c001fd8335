"""What rolls by on the carriageway: a van and a bicycle with its rider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.layer import Layer, Sprite
from sample_videos.compose.layout import ROAD_Z
from sample_videos.compose.people import Limb, Person, Pose, limbs_of
from sample_videos.compose.solids import tuple3


@dataclass(frozen=True)
class Pass:
    """Something that crosses the picture on the road: at ``start_s`` it is at ``start_x``; speed in metres a second, < 0 to the left."""

    what: str
    start_s: float
    start_x: float
    y: float
    speed: float
    colour: Point

    def x_at(self, t: float) -> float:
        """Where its middle is."""
        return self.start_x + self.speed * (t - self.start_s)


VAN_PROFILE = ((-2.2, 0.32), (-2.2, 1.15), (-2.1, 1.9), (1.0, 1.95), (1.75, 1.2), (2.25, 0.98), (2.28, 0.32))
"""Side view, nose to the right: length and height in metres."""


def van_corners(x: float, y: float) -> Floats:
    """Its outer box on the road."""
    return np.array([[x + i * 2.3, y + j * 0.85, ROAD_Z + k * 1.97] for i in (-1, 1) for j in (-1, 1) for k in (0, 1)], dtype=np.float32)


def paint_van(camera: Camera, x: float, item: Pass) -> Sprite | None:
    """A plain delivery van without any maker's mark."""
    nose = 1.0 if item.speed > 0 else -1.0
    near, far = item.y - 0.85, item.y + 0.85
    layer = Layer(camera, van_corners(x, item.y), scale=2)
    if layer.empty:
        return None
    body = np.array(item.colour)

    def at(u: float, z: float, y: float) -> Point:
        return x + nose * u, y, ROAD_Z + z

    eye = np.array([(camera.position[0] - x) * nose, camera.position[2] - ROAD_Z])
    for (u0, z0), (u1, z1) in zip(VAN_PROFILE, (*VAN_PROFILE[1:], VAN_PROFILE[0]), strict=True):
        outward = np.array([-(z1 - z0), u1 - u0])
        if float(outward @ (eye - np.array([u0, z0]))) <= 0:
            continue
        light = 0.72 + 0.36 * float(outward[1] / np.hypot(*outward))
        glass = (u0, z0) in {VAN_PROFILE[3]} or (u0, z0) == VAN_PROFILE[1]
        tone = np.array([84, 84, 76]) if glass else body * light
        layer.polygon([at(u0, z0, near), at(u0, z0, far), at(u1, z1, far), at(u1, z1, near)], tuple3(tone))
    layer.polygon([at(u, z, near) for u, z in VAN_PROFILE], tuple3(body * 0.86))
    layer.polygon([at(u, z, near) for u, z in ((-2.2, 0.32), (-2.2, 0.62), (2.27, 0.62), (2.28, 0.32))], tuple3(body * 0.66))
    for window in (((-1.9, 1.2), (-1.85, 1.72), (-0.75, 1.75), (-0.75, 1.2)), ((-0.55, 1.2), (-0.55, 1.75), (0.9, 1.76), (1.42, 1.2))):
        layer.polygon([at(u, z, near - 0.01) for u, z in window], (72, 70, 62))
        (u0, _), (_, z1) = window[0], window[1]
        layer.polygon(
            [
                at(u0 + 0.25, z1 - 0.02, near - 0.01),
                at(u0 + 0.5, z1 - 0.02, near - 0.01),
                at(u0 + 0.25, 1.22, near - 0.01),
                at(u0 + 0.02, 1.22, near - 0.01),
            ],
            (128, 126, 116),
        )
    for u in (-0.65, 1.5):
        layer.line([at(u, 0.4, near - 0.01), at(u, 1.75 if u < 0 else 1.2, near - 0.01)], tuple3(body * 0.5), 0.02)
    turn = np.radians(np.arange(0, 360, 12))
    for u in (-1.35, 1.45):
        for radius, grey in ((0.34, 34.0), (0.2, 150.0), (0.16, 110.0)):
            layer.polygon([at(u + radius * np.cos(a), 0.33 + radius * np.sin(a), near - 0.01) for a in turn], (grey, grey, grey))
        for a in turn[::6] - nose * x / 0.33:
            layer.line([at(u, 0.33, near - 0.02), at(u + 0.17 * np.cos(a), 0.33 + 0.17 * np.sin(a), near - 0.02)], (70, 70, 70), 0.03)
    layer.polygon([at(u, z, near - 0.01) for u, z in ((2.05, 0.85), (2.24, 0.85), (2.26, 0.68), (2.1, 0.68))], (220, 232, 236))
    layer.polygon([at(u, z, near - 0.01) for u, z in ((-2.2, 1.1), (-2.1, 1.1), (-2.1, 0.75), (-2.2, 0.75))], (50, 50, 190))
    return layer.sprite()


def paint_bicycle(camera: Camera, x: float, item: Pass, rider: Person) -> tuple[Sprite | None, list[Limb]]:
    """A bicycle, and the limbs of who rides it."""
    nose = 1.0 if item.speed > 0 else -1.0
    turn = x / 0.34 / 2.2
    layer = Layer(camera, [[x - 1.0, item.y, ROAD_Z], [x + 1.0, item.y, ROAD_Z + 1.2]], scale=2)

    def at(u: float, z: float, side: float = 0.0) -> Point:
        return x + nose * u, item.y + side, ROAD_Z + z

    if not layer.empty:
        ring = np.radians(np.arange(0, 361, 10))
        for u in (-0.53, 0.53):
            layer.line([at(u + 0.33 * np.cos(a), 0.34 + 0.33 * np.sin(a)) for a in ring], (38, 38, 38), 0.035)
            for a in np.arange(0, np.pi, np.pi / 4) + turn * 2.2:
                layer.line(
                    [at(u - 0.31 * np.cos(a), 0.34 - 0.31 * np.sin(a)), at(u + 0.31 * np.cos(a), 0.34 + 0.31 * np.sin(a))],
                    (140, 142, 142),
                    0.008,
                )
        frame = [(-0.53, 0.34), (-0.08, 0.3), (0.4, 0.75), (-0.18, 0.74), (-0.08, 0.3)]
        layer.line([at(u, z) for u, z in frame], item.colour, 0.04)
        layer.line([at(-0.53, 0.34), at(-0.18, 0.74), at(-0.22, 0.9)], item.colour, 0.035)
        layer.line([at(0.53, 0.34), at(0.38, 0.85), at(0.42, 1.02), at(0.3, 1.04)], item.colour, 0.035)
        layer.line([at(-0.34, 0.92), at(-0.1, 0.91)], (30, 30, 32), 0.07)
        layer.polygon([at(0.5, 1.0, -0.12), at(0.8, 1.0, -0.12), at(0.75, 0.75, -0.12), at(0.55, 0.75, -0.12)], (66, 84, 92))
    pedals = [
        at(-0.08 + 0.17 * np.cos(a), 0.36 + 0.17 * np.sin(a), side) for a, side in ((-turn, 0.1 * nose), (-turn + np.pi, -0.1 * nose))
    ]
    hands = (at(0.34, 1.06, 0.24 * nose), at(0.34, 1.06, -0.24 * nose))
    heading = 0.0 if nose > 0 else float(np.pi)
    pose = Pose(at(-0.22, 0.03), heading, lean=0.32, hands=hands, feet=(pedals[0], pedals[1]))
    return (None if layer.empty else layer.sprite()), limbs_of(rider, pose)
