"""Fruit and vegetables in crates, baskets, heaps and on display stands."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.blender.things_kit import PLASTICS, Kit, recipe
from sample_videos.generator.blender.things_shape import Shape

FRUIT = (
    ("#b8441f", "#c9622a"),
    ("#d9822b", "#e09a3d"),
    ("#a5282a", "#c24a38"),
    ("#7f9a3a", "#98ad4a"),
    ("#d3b13f", "#dcc25a"),
    ("#6b2f4a", "#83405a"),
    ("#b9bf8a", "#8fa35a"),
)
"""Apples, oranges, red ones, green ones, lemons, plums, cabbages: two shades each."""
Spot = tuple[float, float, float]


def heap(kit: Kit, shape: Shape, at: Spot, area: tuple[float, float], *, layers: int = 1, radius: float = 0.045, shift: int = 0) -> None:
    """Fruit side by side over an area (width, depth) around `at`; upper layers are smaller."""
    shades = FRUIT[(kit.variant + shift) % len(FRUIT)]
    materials = [kit.paint(colour, rough=0.45) for colour in shades]
    for layer in range(layers):
        inset = layer * radius * 1.2
        wide, deep = area[0] - 2 * inset, area[1] - 2 * inset
        for x in np.arange(-wide / 2 + radius, wide / 2 - radius * 0.8, radius * 1.95):
            for y in np.arange(-deep / 2 + radius, deep / 2 - radius * 0.8, radius * 1.95):
                jitter = kit.rng.normal(0, radius * 0.14, 3)
                size = radius * float(kit.rng.uniform(0.9, 1.08))
                spot = (at[0] + x + jitter[0], at[1] + y + jitter[1], at[2] + layer * radius * 1.35 + jitter[2] * 0.6)
                shape.ball(spot, size, materials[int(kit.rng.integers(2))], detail=1 if radius > 0.06 else 0)


def greens(kit: Kit, shape: Shape, at: Spot, area: tuple[float, float], high: float, *, shift: int = 0) -> None:
    """Leaf vegetables: a rough mound with their picture on it."""
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 9), np.linspace(-0.5, 0.5, 7))
    z = high * (1 - (2 * u) ** 4) * (1 - (2 * v) ** 4) + kit.rng.uniform(-0.15, 0.15, u.shape) * high
    grid = np.stack([u * area[0], v * area[1], z.clip(0)], 2) + at
    shape.sheet(grid, kit.print(f"greens_{(kit.variant + shift) % 2}"), tiles=(2, 1))


def fill(kit: Kit, shape: Shape, at: Spot, area: tuple[float, float], *, shift: int = 0, layers: int = 2) -> None:
    """Something to eat: fruit of some size, or greens."""
    choice = (kit.variant + shift) % 5
    if choice == 3:
        greens(kit, shape, (at[0], at[1], at[2] - 0.01), area, 0.11, shift=shift)
    elif choice == 4:
        heap(kit, shape, at, area, radius=0.085, layers=1, shift=6 - kit.variant)
    else:
        heap(kit, shape, at, area, radius=0.042, layers=layers, shift=shift)


def plastic_crate(kit: Kit, *, shift: int = 0, filled: bool = True) -> Shape:
    """0.6 x 0.4 x 0.24 m with slots in its sides."""
    shape = Shape()
    plastic = kit.paint(kit.pick(PLASTICS, shift=shift), rough=0.5)
    wide, deep, high = 0.6, 0.4, 0.23
    shape.box((wide - 0.02, deep - 0.02, 0.02), (0, 0, 0), plastic)
    for z, tall in ((0.0, 0.05), (0.085, 0.045), (0.165, 0.065)):
        for y in (-deep / 2, deep / 2):
            shape.box((wide, 0.014, tall), (0, y, z), plastic)
        for x in (-wide / 2, wide / 2):
            shape.box((0.014, deep, tall), (x, 0, z), plastic)
    for x in (-0.29, -0.1, 0.1, 0.29):
        for y in (-deep / 2, deep / 2):
            shape.box((0.03, 0.022, high), (x, y, 0), plastic)
    shape.box((wide - 0.03, deep - 0.03, 0.01), (0, 0, 0.1), kit.paint("#2b2825"))
    if filled:
        fill(kit, shape, (0, 0, 0.185), (wide - 0.05, deep - 0.05), shift=shift)
    return shape


def wood_crate(kit: Kit, *, shift: int = 0) -> Shape:
    """Thin boards with gaps between them."""
    shape = Shape()
    for z in (0.01, 0.09, 0.17):
        for y in (-0.19, 0.19):
            shape.box((0.56, 0.01, 0.065), (0, y, z), kit.wood)
        for x in (-0.275, 0.275):
            shape.box((0.01, 0.38, 0.065), (x, 0, z), kit.wood)
    for x in (-0.26, 0.26):
        for y in (-0.175, 0.175):
            shape.box((0.03, 0.03, 0.26), (x, y, 0), kit.wood)
    shape.box((0.54, 0.36, 0.02), (0, 0, 0.08), kit.wood)
    fill(kit, shape, (0, 0, 0.19), (0.52, 0.34), shift=shift)
    return shape


def foam_crate(kit: Kit, *, shift: int = 0) -> Shape:
    """White foam box without its lid."""
    shape = Shape()
    foam = kit.paint("#d3d3cd", rough=0.9)
    for y in (-0.195, 0.195):
        shape.box((0.6, 0.03, 0.29), (0, y, 0), foam)
    for x in (-0.285, 0.285):
        shape.box((0.03, 0.42, 0.29), (x, 0, 0), foam)
    shape.box((0.56, 0.38, 0.02), (0, 0, 0.18), kit.paint("#5b5a52"))
    greens(kit, shape, (0, 0, 0.2), (0.54, 0.36), 0.15, shift=shift)
    return shape


def basket(kit: Kit, *, shift: int = 0) -> Shape:
    """Round wicker basket, wider above."""
    shape = Shape()
    wicker = kit.paint(("#a5824e", "#8b6a3e", "#b7975f")[(kit.variant + shift) % 3], rough=0.9)
    shape.lathe(
        [(0.0, 0.01), (0.17, 0.0), (0.2, 0.1), (0.235, 0.25), (0.25, 0.26), (0.225, 0.25), (0.21, 0.2), (0.0, 0.2)], (0, 0, 0), wicker
    )
    shape.lathe([(0.24, 0.235), (0.258, 0.25), (0.24, 0.268)], (0, 0, 0), kit.paint("#6d5230"))
    shades = FRUIT[(kit.variant + shift) % len(FRUIT)]
    for index in range(26):
        angle, far = index * 2.4, 0.037 * index**0.5
        material = kit.paint(shades[index % 2], rough=0.5)
        shape.ball((far * np.cos(angle), far * np.sin(angle), 0.3 - far * 0.36), 0.042, material, detail=0)
    return shape


@recipe("crate_plastic_fruit")
def _plastic(kit: Kit) -> Shape:
    return plastic_crate(kit)


@recipe("crate_wood_fruit")
def _wooden(kit: Kit) -> Shape:
    return wood_crate(kit)


@recipe("crate_foam_greens")
def _foam(kit: Kit) -> Shape:
    return foam_crate(kit)


@recipe("crate_stack")
def stack(kit: Kit) -> Shape:
    """Five plastic crates, the top one filled."""
    shape = Shape()
    for level in range(5):
        shape.join(plastic_crate(kit, shift=level // 3, filled=level == 4), (0, 0, level * 0.225))
    return shape


@recipe("crate_row")
def row(kit: Kit) -> Shape:
    """Three crates beside each other on turned-over ones."""
    shape = Shape()
    for index in range(3):
        x = (index - 1) * 0.66
        shape.join(plastic_crate(kit, shift=2, filled=False), (x, 0, 0.27), tilt=np.pi)
        shape.join(plastic_crate(kit, shift=index), (x, 0, 0.27))
    return shape


@recipe("fruit_display")
def display(kit: Kit) -> Shape:
    """Two sloped rows of boxes on a wooden stand."""
    shape = Shape()
    for x in (-0.9, 0, 0.9):
        shape.box((0.05, 0.05, 0.5), (x, -0.5, 0), kit.wood)
        shape.box((0.05, 0.05, 0.26), (x, 0.5, 0), kit.wood)
    shape.box((1.9, 1.1, 0.03), (0, 0, 0.38), kit.wood, tilt=-0.25)
    for index in range(6):
        x, y = (index % 3 - 1) * 0.63, 0.28 - index // 3 * 0.56
        make = wood_crate if (index + kit.variant) % 3 == 0 else plastic_crate
        shape.join(make(kit, shift=index), (x, y, 0.4 - y * 0.25), tilt=-0.25)
    shape.box((1.9, 0.02, 0.3), (0, 0.53, 0.0), kit.print("menu_4"))
    return shape


@recipe("fruit_steps")
def steps(kit: Kit) -> Shape:
    """Three steps covered with green felt, fruit in heaps without crates."""
    shape = Shape()
    felt = kit.paint(("#33513a", "#5a2f2f", "#3b4252")[kit.variant % 3], rough=0.95)
    for index in range(3):
        y, z = 0.4 - index * 0.4, 0.34 + index * 0.27
        shape.box((1.8, 0.4, z), (0, y, 0), felt)
        shape.box((1.8, 0.02, 0.07), (0, y + 0.19, z), kit.wood)
        for column in range(4):
            heap(kit, shape, (-0.675 + column * 0.45, y, z + 0.045), (0.42, 0.34), layers=2, shift=index * 4 + column)
            shape.box((0.012, 0.36, 0.07), (-0.45 + column * 0.45 - 0.45 * (column == 3) * 3, y, z), kit.wood)
            shape.box((0.14, 0.005, 0.1), (-0.675 + column * 0.45, y + 0.14, z + 0.08), kit.paint("#d8b93a"), tilt=0.3)
    return shape


@recipe("basket_round")
def _basket(kit: Kit) -> Shape:
    return basket(kit)


@recipe("basket_row")
def basket_row(kit: Kit) -> Shape:
    """Three baskets."""
    shape = Shape()
    for index in range(3):
        shape.join(basket(kit, shift=index), ((index - 1) * 0.54, 0, 0))
    return shape


@recipe("melon_heap")
def melons(kit: Kit) -> Shape:
    """Watermelons on straw."""
    shape = Shape()
    shape.box((1.6, 1.2, 0.03), (0, 0, 0), kit.paint("#a8935c", rough=1))
    skins = [kit.paint(colour, rough=0.4) for colour in (("#2f4f2b", "#3d5f35"), ("#8c9a4f", "#a2a65c"))[kit.variant % 2]]
    for layer, (columns, rows) in enumerate(((6, 4), (5, 3), (4, 2))):
        for i in range(columns):
            for j in range(rows):
                x, y = (i - (columns - 1) / 2) * 0.25, (j - (rows - 1) / 2) * 0.27
                jitter = kit.rng.normal(0, 0.015, 2)
                turn = float(kit.rng.uniform(0, 3))
                shape.ball((x + jitter[0], y + jitter[1], 0.14 + layer * 0.16), (0.145, 0.125, 0.12), skins[(i + j) % 2], turn=turn)
    return shape


@recipe("net_bags")
def net_bags(kit: Kit) -> Shape:
    """Onions and potatoes in coloured nets, lying and standing."""
    shape = Shape()
    for index, (x, y, z) in enumerate(
        ((-0.36, 0.1, 0.2), (0, 0.12, 0.2), (0.36, 0.08, 0.2), (-0.2, -0.16, 0.2), (0.2, -0.16, 0.2), (0, 0, 0.42))
    ):
        net = kit.paint(("#8f2f2c", "#b5722a", "#5c3562")[(kit.variant + index // 3) % 3], rough=0.8)
        shape.ball((x, y, z - 0.04), (0.2, 0.19, 0.18), net)
        for _ in range(26):
            far = kit.rng.normal(0, 1, 3)
            far = far / np.linalg.norm(far) * (0.185, 0.175, 0.165)
            shape.ball((x + far[0], y + far[1], z - 0.04 + far[2]), 0.04, net, detail=0)
        shape.tube((x, y, z + 0.12), (x + 0.02, y, z + 0.2), 0.02, net, end_radius=0.05)
    return shape


@recipe("tub_row")
def tubs(kit: Kit) -> Shape:
    """Steel tubs of fruit on low stools."""
    shape = Shape()
    for index in range(3):
        x = (index - 1) * 0.52
        shape.lathe([(0.19, 0.16), (0.25, 0.34), (0.262, 0.345), (0.24, 0.33), (0.22, 0.28), (0, 0.28)], (x, 0, 0), kit.steel)
        for a in range(4):
            shape.tube(
                (x + 0.16 * (-1) ** a, 0.16 * (-1) ** (a // 2), 0), (x + 0.14 * (-1) ** a, 0.14 * (-1) ** (a // 2), 0.17), 0.015, kit.wood
            )
        shades = FRUIT[(kit.variant + index * 2) % len(FRUIT)]
        for ball in range(34):
            angle, far = ball * 2.4, 0.037 * ball**0.5
            shape.ball(
                (x + far * np.cos(angle), far * np.sin(angle), 0.36 - far * 0.22), 0.04, kit.paint(shades[ball % 2], rough=0.5), detail=0
            )
    return shape
