"""Paints the empty street: facade, shops, signs, pavement, kerb, road, fixtures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.facade import paint_facade
from sample_videos.compose.layer import Layer, Sprite
from sample_videos.compose.layout import BIN_AT, FRUIT, KERB_Y, LEFT_X, NOODLES, PLANTER, POLE_AT, RIGHT_X, ROAD_Z, TREE_AT, Shop
from sample_videos.compose.solids import Solid, drop_shadow, drum, leaves, planter
from sample_videos.compose.textures import asphalt, paving, plain, tactile


@dataclass(frozen=True)
class Street:
    """The empty street as seen by one camera.

    ``picture`` is everything that nobody passes behind; ``fixtures`` are laid over it by depth, ``crown`` last of
    all. ``openings`` are masks (0..1) of what is seen through the open fronts.
    """

    camera: Camera
    picture: Floats
    fixtures: tuple[Sprite, ...]
    crown: Sprite
    openings: dict[str, Floats]


def build_street(camera: Camera, seed: int = 7) -> Street:
    """Paint the street once, for a camera."""
    rng = np.random.default_rng(seed)
    everything = np.array([[-40, 0, 12], [40, 0, 12], [40, -13.5, -3], [-40, -13.5, -3]], dtype=np.float32)
    whole = Layer(camera, everything, scale=2)
    _paint_ground(whole, rng)
    paint_facade(whole, rng)
    solids: list[tuple[Solid, Point]] = [
        (drum("bin", 0.27, 0.9, (74, 92, 60), (60, 74, 48)), (*BIN_AT, 0.0)),
        (planter((PLANTER[1] - PLANTER[0], PLANTER[3] - PLANTER[2], 0.95), 5), _middle(PLANTER)),
    ]
    for solid, at in solids:
        cast(whole, solid.shadow(at), 0.62)
    trunk, crown = _paint_tree(camera, rng, whole)
    fixtures = [solid.layer(camera, at).sprite() for solid, at in solids]
    picture = np.asarray(cv2.resize(whole.colour, (camera.width_px, camera.height_px), interpolation=cv2.INTER_AREA), dtype=np.float32)
    openings = {shop.code: _opening(camera, shop) for shop in (FRUIT, NOODLES)}
    return Street(camera, picture, (*fixtures, trunk, _paint_pole(camera, whole)), crown, openings)


def cast(layer: Layer, shadow: Floats, factor: float) -> None:
    """Darken the ground by a shadow: soft at large, dark where the thing stands."""
    hull = cv2.convexHull(shadow[:, :2].astype(np.float32)).reshape(-1, 2)
    layer.multiply([[x, y, 0] for x, y in hull], factor, 0.06)


def _middle(area: tuple[float, float, float, float]) -> Point:
    return ((area[0] + area[1]) / 2, (area[2] + area[3]) / 2, 0.0)


def _paint_ground(layer: Layer, rng: np.random.Generator) -> None:
    width = RIGHT_X - LEFT_X

    def flat(texture: Floats, near: float, far: float, z: float, shade: float = 1.0) -> None:
        layer.quad([[LEFT_X, far, z], [RIGHT_X, far, z], [RIGHT_X, near, z], [LEFT_X, near, z]], texture, shade)

    flat(asphalt(width, 5.0, rng), KERB_Y - 5.0, KERB_Y, ROAD_Z)
    for x in np.arange(LEFT_X, RIGHT_X, 3.2):
        paint = plain(12, 120, (176, 182, 184), rng, stains=16, grain=8)
        near = KERB_Y - 2.55
        layer.quad([[x, near + 0.12, ROAD_Z], [x + 1.7, near + 0.12, ROAD_Z], [x + 1.7, near, ROAD_Z], [x, near, ROAD_Z]], paint, 0.95)
    flat(plain(20, 900, (84, 90, 92), rng, stains=10), KERB_Y - 0.34, KERB_Y, ROAD_Z, 0.8)
    flat(paving(width, -KERB_Y, rng), KERB_Y, 0.0, 0.0)
    flat(tactile(width, rng), -2.55, -2.25, 0.0)
    flat(plain(24, 900, (166, 172, 176), rng, stains=8), KERB_Y, KERB_Y + 0.16, 0.0)
    stone = plain(24, 900, (136, 142, 146), rng, stains=12)
    layer.quad([[LEFT_X, KERB_Y, 0], [RIGHT_X, KERB_Y, 0], [RIGHT_X, KERB_Y, ROAD_Z], [LEFT_X, KERB_Y, ROAD_Z]], stone, 0.72)
    for x in np.arange(LEFT_X, RIGHT_X, 1.0):
        layer.line([[x, KERB_Y, ROAD_Z], [x, KERB_Y, 0], [x, KERB_Y + 0.16, 0]], (96, 100, 102), 0.012)
    layer.multiply([[LEFT_X, 0, 0], [RIGHT_X, 0, 0], [RIGHT_X, -0.35, 0], [LEFT_X, -0.35, 0]], 0.72, 0.22)
    _paint_covers(layer, rng)


def _paint_covers(layer: Layer, rng: np.random.Generator) -> None:
    """A manhole cover in the road, a drain at the kerb, a cover in the pavement."""
    ring = np.radians(np.arange(0, 360, 10))
    for radius, tone in ((0.36, 74.0), (0.31, 96.0), (0.29, 66.0)):
        layer.polygon([[-0.6 + radius * np.cos(a), -5.6 + radius * np.sin(a), ROAD_Z] for a in ring], (tone, tone, tone * 0.98))
    for x in np.arange(2.0, 2.6, 0.09):
        near, far = KERB_Y - 0.32, KERB_Y - 0.04
        layer.polygon([[x, near, ROAD_Z], [x + 0.05, near, ROAD_Z], [x + 0.05, far, ROAD_Z], [x, far, ROAD_Z]], (40, 42, 42))
    cover = plain(60, 60, (112, 116, 118), rng, stains=8)
    cv2.rectangle(cover, (1, 1), (58, 58), (70, 74, 76), 2)
    layer.quad([[-1.9, -2.95, 0], [-1.2, -2.95, 0], [-1.2, -3.45, 0], [-1.9, -3.45, 0]], cover)


def _paint_tree(camera: Camera, rng: np.random.Generator, ground: Layer) -> tuple[Sprite, Sprite]:
    x, y = TREE_AT
    pit = plain(50, 50, (58, 76, 90), rng, stains=10, grain=8)
    ground.quad([[x - 0.55, y + 0.5, 0], [x + 0.55, y + 0.5, 0], [x + 0.55, y - 0.5, 0], [x - 0.55, y - 0.5, 0]], pit)
    ground.line(
        [[x - 0.55, y - 0.5, 0], [x + 0.55, y - 0.5, 0], [x + 0.55, y + 0.5, 0], [x - 0.55, y + 0.5, 0], [x - 0.55, y - 0.5, 0]],
        (150, 154, 156),
        0.07,
    )
    for _ in range(90):
        spot = np.array([x + 1.9, y + 0.9]) + rng.standard_normal(2) * [1.0, 0.55]
        radius = 0.08 + 0.2 * rng.random()
        ring = [[spot[0] + radius * np.cos(a), min(spot[1] + radius * np.sin(a), -0.02), 0] for a in np.arange(0, 6.3, 0.5)]
        ground.multiply(ring, 0.9, 0.05)
    ground.multiply([[x - 0.1, y, 0], [x + 0.15, y, 0], [x + 1.9, y + 0.8, 0], [x + 1.6, y + 0.8, 0]], 0.66, 0.08)
    trunk = Layer(camera, [[x - 0.4, y, 0], [x + 0.4, y, 3.2]], scale=2)
    for share in np.linspace(-1, 1, 17):
        light = 0.95 - 0.45 * share
        wobble = 0.02 * np.sin(share * 7)
        tone = (62 * light, 78 * light, 90 * light)
        layer_x = x + share * 0.12
        trunk.line([[layer_x * 1.0, y, 0], [layer_x + wobble, y, 1.4], [x + share * 0.09 + 0.06, y, 3.2]], tone, 0.03)
    crown = Layer(camera, [[x - 2.2, y, 2.0], [x + 2.6, y, 5.8]], scale=2)
    for dx, dz, radius in ((0.3, 4.3, 1.35), (-0.8, 3.9, 0.85), (1.3, 3.8, 0.9), (0.3, 3.2, 0.8)):
        leaves(crown, (x + dx, y, dz), (radius, radius, radius * 0.8), round(1500 * radius), rng, leaf_m=0.085)
    return trunk.sprite(), crown.sprite()


def _paint_pole(camera: Camera, ground: Layer) -> Sprite:
    """A thin steel pole with a blue parking sign at the kerb."""
    x, y = POLE_AT
    cast(ground, drop_shadow(np.array([[x - 0.03, y, 0], [x + 0.03, y, 0], [x - 0.03, y, 2.3], [x + 0.03, y, 2.3]], dtype=np.float32)), 0.7)
    pole = Layer(camera, [[x - 0.4, y, 0], [x + 0.4, y, 2.7]], scale=2)
    for share in (-1.0, -0.3, 0.4, 1.0):
        tone = 150 - 42 * share
        pole.line([[x + 0.022 * share, y, 0], [x + 0.022 * share, y, 2.3]], (tone, tone, tone * 0.98), 0.022)
    pole.polygon(
        [[x - 0.22, y - 0.04, 2.6], [x + 0.22, y - 0.04, 2.6], [x + 0.22, y - 0.04, 2.1], [x - 0.22, y - 0.04, 2.1]], (168, 96, 34)
    )
    pole.line(
        [
            [x - 0.19, y - 0.05, 2.57],
            [x + 0.19, y - 0.05, 2.57],
            [x + 0.19, y - 0.05, 2.13],
            [x - 0.19, y - 0.05, 2.13],
            [x - 0.19, y - 0.05, 2.57],
        ],
        (225, 228, 228),
        0.018,
    )
    pole.line(
        [
            [x - 0.06, y - 0.05, 2.2],
            [x - 0.06, y - 0.05, 2.5],
            [x + 0.06, y - 0.05, 2.5],
            [x + 0.06, y - 0.05, 2.37],
            [x - 0.06, y - 0.05, 2.37],
        ],
        (235, 238, 238),
        0.04,
    )
    return pole.sprite()


def _opening(camera: Camera, shop: Shop) -> Floats:
    """What is seen through the shop's open front: its opening in the plane of the door line, plus the pavement before it."""
    left, right = shop.left_x + 0.3, shop.right_x - 0.3
    pixels, _ = camera.project([[left, 0, 2.5], [right, 0, 2.5], [right, 0, 0], [left, 0, 0]])
    mask = np.zeros((camera.height_px, camera.width_px), dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(pixels * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return (mask / np.float32(255)).astype(np.float32)
