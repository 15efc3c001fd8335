"""Trees, bushes and planters: trunks of tubes, leaves cut out of pictures."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_groceries import bunch
from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Array, Material, Shape


def foliage(kit: Kit, shape: Shape, spots: Array, size: float, material: Material, *, cards: int) -> None:
    """Cards with leaves on them, turned every way, around the spots."""
    for spot in spots:
        for _ in range(cards):
            normal = kit.rng.normal(0, 1, 3)
            normal /= np.linalg.norm(normal)
            across = np.cross(normal, kit.rng.normal(0, 1, 3))
            across /= np.linalg.norm(across)
            up = np.cross(normal, across)
            middle = spot + kit.rng.normal(0, size * 0.7, 3) * (1, 1, 0.75)
            half = size * float(kit.rng.uniform(0.7, 1.2)) / 2
            shape.quad(
                [
                    middle + (-across - up) * half,
                    middle + (across - up) * half,
                    middle + (across + up) * half,
                    middle + (up - across) * half,
                ],
                material,
            )


def crown(kit: Kit, middle: tuple[float, float, float], radii: tuple[float, float, float], count: int) -> Array:
    """Points near the surface of an egg, more of them above."""
    points = kit.rng.normal(0, 1, (count, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points *= kit.rng.uniform(0.45, 1.0, (count, 1)) ** 0.6
    points[:, 2] = np.where(points[:, 2] < -0.5, -points[:, 2], points[:, 2])
    return np.asarray(points * radii + middle)


def tree(
    kit: Kit,
    *,
    trunk: float,
    radius: float,
    middle: float,
    radii: tuple[float, float, float],
    spots: int,
    bark: str,
    leaves: str,
    card: float,
) -> Shape:
    """Trunk up to `trunk` metres, boughs to the crown, leaves around their ends."""
    shape = Shape()
    skin = kit.print(bark, rough=0.95)
    lean = kit.rng.normal(0, 0.05, 2)
    top = (float(lean[0]), float(lean[1]), trunk)
    shape.tube((0, 0, 0), (0, 0, 0.25), radius * 1.35, skin, end_radius=radius, sides=10)
    shape.tube((0, 0, 0.25), top, radius, skin, end_radius=radius * 0.72, sides=10)
    ends = crown(kit, (0, 0, middle), radii, spots)
    for end in ends[: max(7, spots // 8)]:
        knee = np.array(top) * 0.45 + np.array(end) * 0.55 + (0, 0, 0.15)
        shape.tube(top, tuple(knee), radius * 0.42, skin, end_radius=radius * 0.22, sides=6, caps=False)
        shape.tube(tuple(knee), tuple(end), radius * 0.22, skin, end_radius=radius * 0.06, sides=5, caps=False)
    foliage(kit, shape, ends, card, kit.print(leaves, rough=0.85, cut_out=True), cards=8)
    return shape


@recipe("tree_plane")
def plane(kit: Kit) -> Shape:
    """A plane tree: pale flaking bark, wide crown above head height."""
    return tree(kit, trunk=3.0, radius=0.17, middle=5.2, radii=(1.8, 1.8, 1.6), spots=110, bark="bark_0", leaves="leaves_1", card=0.62)


@recipe("tree_small")
def small(kit: Kit) -> Shape:
    """A young tree with stakes."""
    shape = tree(kit, trunk=2.0, radius=0.07, middle=3.4, radii=(1.0, 1.0, 1.1), spots=60, bark="bark_1", leaves="leaves_0", card=0.48)
    for angle in (0.3, 2.4, 4.5):
        shape.tube(
            (0.42 * np.cos(angle), 0.42 * np.sin(angle), 0), (0.05 * np.cos(angle), 0.05 * np.sin(angle), 1.3), 0.025, kit.wood, sides=6
        )
    return shape


@recipe("tree_round")
def round_tree(kit: Kit) -> Shape:
    """A camphor-like tree with a dense round crown."""
    return tree(kit, trunk=2.2, radius=0.12, middle=3.7, radii=(1.4, 1.4, 1.3), spots=95, bark="bark_1", leaves="leaves_2", card=0.52)


@recipe("bush")
def bush(kit: Kit) -> Shape:
    """Round shrub."""
    shape = Shape()
    foliage(kit, shape, crown(kit, (0, 0, 0.45), (0.42, 0.36, 0.4), 55), 0.28, kit.print("leaves_0", cut_out=True), cards=8)
    return shape


@recipe("planter_round")
def planter_round(kit: Kit) -> Shape:
    """Concrete bowl with a shrub."""
    shape = Shape()
    stone = kit.paint(("#9b968b", "#7d7a75", "#8a6a55")[kit.variant % 3], rough=0.95)
    shape.lathe([(0.26, 0), (0.3, 0.05), (0.4, 0.42), (0.4, 0.5), (0.35, 0.5), (0.34, 0.45), (0, 0.45)], (0, 0, 0), stone, sides=20)
    shape.tube((0, 0, 0.44), (0, 0, 0.46), 0.34, kit.paint("#3a3027", rough=1), sides=16)
    foliage(kit, shape, crown(kit, (0, 0, 0.6), (0.26, 0.26, 0.24), 34), 0.2, kit.print("leaves_2", cut_out=True), cards=6)
    return shape


@recipe("planter_box")
def planter_box(kit: Kit) -> Shape:
    """Long box of boards with a hedge, flowers before it."""
    shape = Shape()
    for level in range(4):
        for y in (-0.235, 0.235):
            shape.box((1.4, 0.03, 0.11), (0, y, level * 0.115), kit.wood)
        for x in (-0.685, 0.685):
            shape.box((0.03, 0.47, 0.11), (x, 0, level * 0.115), kit.wood)
    shape.box((1.34, 0.44, 0.02), (0, 0, 0.4), kit.paint("#3a3027", rough=1))
    spots = np.stack([kit.rng.uniform(-0.58, 0.58, 60), kit.rng.uniform(-0.14, 0.08, 60), kit.rng.uniform(0.48, 0.82, 60)], 1)
    foliage(kit, shape, spots, 0.2, kit.print("leaves_0", cut_out=True), cards=6)
    for index in range(5):
        bunch(kit, shape, ((index - 2) * 0.27, 0.14, 0.42), 0.07, 0.16, shift=index)
    return shape
