"""Parasols, tents and awnings."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import Kit, recipe
from sample_videos.generator.blender.things_shape import Material, Shape

PARASOL_PAIRS = (
    ("#9c2a27", "#2f5a96"),
    ("#2c6a4a", "#d3cdbd"),
    ("#b9782c", "#8d2f2a"),
    ("#35588a", "#d8d5cc"),
    ("#7c2f5a", "#c9a24a"),
    ("#33363b", "#a9a69c"),
)
PLAIN = ("#c3b290", "#2f5a48", "#8d2a2b", "#2f4f80", "#b5712f", "#6d6a64")


def cone(
    shape: Shape,
    materials: list[Material],
    *,
    ribs: int,
    radius: float,
    low: float,
    high: float,
    valance: float = 0.0,
    scallop: float = 0.0,
) -> None:
    """A roof of panels between ribs, a little hollow between them; the panels take turns through the materials."""
    for index in range(ribs):
        a, b = index * 2 * np.pi / ribs, (index + 1) * 2 * np.pi / ribs
        v, u = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 5), indexing="ij")
        angle = a + (b - a) * u
        sag = 1 - 0.05 * np.sin(np.pi * u) * v
        far = radius * v * sag * (np.cos((b - a) / 2) / np.cos((b - a) * (u - 0.5)))
        z = high - (high - low) * v**1.25 + 0.03 * np.sin(np.pi * u) * v
        material = materials[index % len(materials)]
        shape.sheet(np.stack([far * np.cos(angle), far * np.sin(angle), z], 2), material, smooth=False)
        if valance:
            edge = np.stack([far[-1] * np.cos(angle[-1]), far[-1] * np.sin(angle[-1]), z[-1]], 1)
            drop = valance + scallop * np.sin(np.pi * u[-1] * 2) ** 2
            shape.sheet(np.stack([edge, edge - np.stack([0 * drop, 0 * drop, drop], 1)]), material, smooth=False)


def stand(kit: Kit, shape: Shape, high: float, *, foot: float = 0.24, ribs: int = 8, reach: float = 0.7) -> None:
    """Pole, heavy foot and struts."""
    shape.tube((0, 0, 0), (0, 0, high), 0.02, kit.steel)
    shape.lathe([(0, 0.1), (0.05, 0.1), (foot, 0.05), (foot, 0)], (0, 0, 0), kit.paint("#7d7d7a"), sides=14)
    for index in range(ribs):
        angle = index * 2 * np.pi / ribs
        shape.tube((0, 0, high - 0.55), (reach * np.cos(angle), reach * np.sin(angle), high - 0.26), 0.006, kit.steel, sides=4)


def parasol(kit: Kit, *, radius: float = 1.2, high: float = 2.42, ribs: int = 8, plain: bool = False, valance: float = 0.0) -> Shape:
    """A round parasol on a foot."""
    shape = Shape()
    colours = (PLAIN[kit.variant % len(PLAIN)],) if plain else PARASOL_PAIRS[kit.variant % len(PARASOL_PAIRS)]
    cone(shape, [kit.paint(colour, rough=0.9) for colour in colours], ribs=ribs, radius=radius, low=high - 0.42, high=high, valance=valance)
    stand(kit, shape, high, ribs=ribs, reach=radius * 0.55)
    return shape


@recipe("parasol_striped")
def striped(kit: Kit) -> Shape:
    """Eight panels of two colours."""
    return parasol(kit)


@recipe("parasol_plain")
def plain(kit: Kit) -> Shape:
    """Six panels of one colour."""
    return parasol(kit, radius=1.1, high=2.3, ribs=6, plain=True)


@recipe("parasol_wide")
def wide(kit: Kit) -> Shape:
    """Ten ribs, a valance."""
    return parasol(kit, radius=1.45, high=2.6, ribs=10, valance=0.14)


@recipe("parasol_square")
def square(kit: Kit) -> Shape:
    """Four panels, a valance, a wooden pole."""
    shape = Shape()
    roof = Shape()
    cone(roof, [kit.paint(kit.pick(PLAIN), rough=0.9)], ribs=4, radius=1.75, low=2.1, high=2.55, valance=0.16)
    shape.join(roof, turn=np.pi / 4)
    shape.tube((0, 0, 0), (0, 0, 2.55), 0.028, kit.wood)
    for turn in (0, np.pi / 2):
        shape.box((0.9, 0.12, 0.06), (0, 0, 0), kit.dark_steel, turn=turn)
    return shape


@recipe("parasol_side_pole")
def side_pole(kit: Kit) -> Shape:
    """Hangs from an arm; the pole stands beside it."""
    shape = Shape()
    roof = Shape()
    cone(roof, [kit.paint(kit.pick(PLAIN, shift=2), rough=0.9)], ribs=8, radius=1.35, low=2.15, high=2.55, valance=0.1)
    shape.join(roof, (0, 0.2, 0))
    shape.path([(0, -1.4, 0), (0, -1.4, 1.6), (0, -1.1, 2.4), (0, -0.4, 2.65), (0, 0.2, 2.62)], 0.03, kit.dark_steel, sides=8)
    shape.tube((0, 0.2, 2.62), (0, 0.2, 2.4), 0.02, kit.dark_steel)
    for turn in (0, np.pi / 2):
        shape.box((0.8, 0.1, 0.06), (0, -1.3, 0), kit.dark_steel, turn=turn)
    return shape


@recipe("parasol_scalloped")
def scalloped(kit: Kit) -> Shape:
    """A flat cap over a second, lower roof with a scalloped edge."""
    shape = Shape()
    first, second = (kit.paint(colour, rough=0.9) for colour in PARASOL_PAIRS[(kit.variant + 2) % len(PARASOL_PAIRS)])
    cone(shape, [first], ribs=12, radius=1.15, low=1.98, high=2.3, valance=0.08, scallop=0.1)
    cone(shape, [second], ribs=12, radius=0.42, low=2.28, high=2.45)
    stand(kit, shape, 2.4, foot=0.3, ribs=12, reach=0.6)
    return shape


def tent(kit: Kit, side: float, eaves: float, high: float) -> Shape:
    """A folding tent: pyramid, valance, four legs, scissor bars."""
    shape = Shape()
    cloth = kit.paint(("#9c2b28", "#2f4f86", "#c9c6bc", "#2f6a4c", "#b98a35", "#3a3d42")[kit.variant % 6], rough=0.85)
    half = side / 2
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        v, u = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 4), indexing="ij")
        ex, ey = ax + (bx - ax) * u, ay + (by - ay) * u
        shape.sheet(np.stack([ex * (1 - v), ey * (1 - v), eaves + (high - eaves) * v**1.2], 2), cloth, smooth=False)
        shape.quad([(ax, ay, eaves - 0.22), (bx, by, eaves - 0.22), (bx, by, eaves), (ax, ay, eaves)], cloth)
        shape.tube((ax * 0.98, ay * 0.98, 0), (ax * 0.98, ay * 0.98, eaves), 0.02, kit.steel, sides=6)
        shape.box((0.12, 0.12, 0.01), (ax * 0.96, ay * 0.96, 0), kit.steel)
        shape.tube((ax, ay, eaves - 0.05), (bx, by, eaves - 0.3), 0.01, kit.steel, sides=4)
        shape.tube((bx, by, eaves - 0.05), (ax, ay, eaves - 0.3), 0.01, kit.steel, sides=4)
    return shape


@recipe("tent_2x2")
def tent_small(kit: Kit) -> Shape:
    """Two metres square."""
    return tent(kit, 2.0, 1.95, 2.65)


@recipe("tent_3x3")
def tent_large(kit: Kit) -> Shape:
    """Three metres square, the roof another colour."""
    return tent(kit, 3.0, 2.1, 3.1)


@recipe("tarpaulin")
def tarpaulin(kit: Kit) -> Shape:
    """A striped tarpaulin tied to four bamboo poles, hanging through."""
    shape = Shape()
    v, u = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9), indexing="ij")
    sag = 0.25 * (1 - u**2) * (1 - v**2) + kit.rng.uniform(0, 0.03, u.shape)
    cloth = (
        kit.print("stripes_3", rough=0.8)
        if kit.variant % 2
        else kit.paint(("#3c6a9a", "#5b6f62", "#c5c0b2")[kit.variant // 2 % 3], rough=0.7)
    )
    shape.sheet(np.stack([u * 1.4, v, 2.2 + 0.12 * -v - sag], 2), cloth, tiles=(2, 1))
    for x in (-1.38, 1.38):
        for y in (-0.98, 0.98):
            shape.tube((x, y, 0), (x, y, 2.4 if y < 0 else 2.15), 0.025, kit.paint("#a48c56", rough=0.6), sides=6)
    return shape


def striped_roof(kit: Kit, shape: Shape, wide: float, profile: list[tuple[float, float]], material: Material) -> None:
    """A roof that has the same outline (y, z) everywhere along x."""
    line = np.array(profile)
    grid = np.array([[(x, y, z) for x in np.linspace(-wide / 2, wide / 2, 5)] for y, z in line])
    shape.sheet(grid, material, smooth=False, tiles=(wide / 1.2, 1))


@recipe("awning_sloped")
def sloped(kit: Kit) -> Shape:
    """Cloth on a frame, a valance in front."""
    shape = Shape()
    material = kit.one_print("stripes", 3, rough=0.85)
    striped_roof(kit, shape, 3.0, [(-0.65, 0.55), (0.65, 0.2), (0.65, 0.0)], material)
    for x in (-1.48, 0, 1.48):
        shape.tube((x, -0.65, 0.5), (x, 0.64, 0.18), 0.014, kit.steel)
        shape.tube((x, -0.65, 0.1), (x, 0.64, 0.18), 0.012, kit.steel)
    return shape


@recipe("awning_arms")
def arms(kit: Kit) -> Shape:
    """Rolled out from a case on folding arms."""
    shape = Shape()
    material = kit.paint(kit.pick(PLAIN, shift=1), rough=0.85) if kit.variant % 2 else kit.one_print("stripes", 3, shift=1)
    striped_roof(kit, shape, 3.2, [(-0.78, 0.5), (0.0, 0.34), (0.84, 0.16), (0.85, 0.0)], material)
    shape.box((3.2, 0.14, 0.16), (0, -0.78, 0.46), kit.paint("#c4c5c2"))
    shape.box((3.2, 0.05, 0.06), (0, 0.82, 0.13), kit.paint("#c4c5c2"))
    for x in (-1.2, 1.2):
        shape.path([(x, -0.75, 0.44), (x * 0.72, 0.1, 0.26), (x, 0.8, 0.14)], 0.018, kit.steel)
    return shape


@recipe("awning_barrel")
def barrel(kit: Kit) -> Shape:
    """A quarter barrel with closed ends."""
    shape = Shape()
    material = kit.paint(kit.pick(PLAIN, shift=3), rough=0.8)
    curve = [(-0.47 + 0.94 * np.sin(a), 0.14 + 0.58 * np.cos(a)) for a in np.linspace(0, np.pi / 2, 8)]
    striped_roof(kit, shape, 2.6, [*curve, (0.475, 0.0)], material)
    for x in (-1.3, 1.3):
        shape.plate([(-0.47, 0.14), *[(y, z) for y, z in curve[::-1]]], x, 0.012, material)
        shape.path([(x, -0.47, 0.14), (x, 0.47, 0.14)], 0.014, kit.steel)
    return shape
