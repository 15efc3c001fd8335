"""Clothes: shells around the body, cut by the body's own measures."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.people.pieces import Piece, ShapedBody
from sample_videos.generator.people.skeleton import BONES
from sample_videos.generator.people.wardrobe import Colour, Outfit

TIGHTS = "helper-tights"
SKIRT = "helper-skirt"
SLEEVES = {"tee": 0.55, "shirt": 1.96, "jacket": 1.98, "coat": 1.98, "dress": 0.42, "school": 1.98}
"""Where sleeves end: 0 = shoulder, 1 = elbow, 2 = wrist."""
LOOSENESS_M = {"tee": 0.016, "shirt": 0.015, "jacket": 0.026, "coat": 0.028, "dress": 0.011, "school": 0.022}
SOLE_M = 0.014
HAND_CELL_M = 0.007
"""Detail of a hand."""
OPEN_M = 0.034
"""Half of the gap of an open jacket."""
BLOCK_M = 0.05
"""A top of two colours changes this far above the middle of the back."""


def clothes_pieces(body: ShapedBody, outfit: Outfit) -> list[Piece]:
    """Everything from the collar down that can be seen: bare arms, hands and legs as well as clothes."""
    pieces = [*_hands(body, outfit), *_legs(body, outfit), *_shoes(body, outfit), _top(body, outfit)]
    if outfit.bottom == "skirt":
        pieces.append(_skirt(body, outfit.bottom_colour, to_knee=0.04 if outfit.top == "dress" else 0.1))
    if outfit.top == "coat":
        pieces.append(_coat_tails(body, outfit))
    if outfit.apron is not None:
        pieces.extend(_apron(body, outfit.apron))
    if outfit.backpack is not None:
        pieces.append(_backpack(body, outfit.backpack))
    return pieces


def _top(body: ShapedBody, outfit: Outfit) -> Piece:
    """Shirt, jacket or bodice with its sleeves."""
    size = body.size
    push = LOOSENESS_M[outfit.top] * size * np.where(body.arm_share > 0.5, 0.75, 1.0)
    # Narrow at the wrists.
    push *= np.where(body.arm_share > 0.5, np.clip((2.1 - body.arm_along) / 0.5, 0.35, 1.0), 1.0)
    if outfit.bottom == "skirt":
        # Drawn in at the waist, so that it stays inside the skirt.
        push *= np.clip((body.points[:, 2] - body.height_of("spine_01")) / (0.14 * size), 0.1, 1.0)
    tucked = outfit.bottom == "skirt"
    hem = {"shirt": -0.03, "tee": -0.035, "jacket": 0.0, "coat": -0.02, "dress": 0.05, "school": -0.01}[outfit.top] * size
    # Close around the neck, or one would look into the collar.
    push *= np.clip((body.height_of("neck_01") + 0.03 * size - body.points[:, 2]) / (0.09 * size), 0.12, 1.0)
    mask = body.sleeves_cut(TIGHTS, SLEEVES[outfit.top]) & (body.face_mean(TIGHTS, body.hand_share) < 0.6)
    shell = body.shell(TIGHTS, mask, push, outfit.top_colour)
    on_arm = shell.weights[:, _arm_columns()].sum(1) > 0.5
    lowest = body.height_of("spine_01") - 0.015 * size if tucked else body.height_of("thigh_l") + hem
    shell = shell.cut_below(np.where(on_arm, -1.0, lowest))
    neck = body.skeleton.joints["neck_01"]
    collar = neck[2] + (0.022 if outfit.top in ("jacket", "coat", "shirt", "school") else 0.004) * size
    shell = shell.cut_above(collar - 0.45 * (shell.points[:, 0] - neck[0])).smoothed(3)
    return _trimmed(body, shell, outfit)


def _arm_columns() -> list[int]:
    return [index for index, bone in enumerate(BONES) if bone.startswith(("upperarm", "lowerarm", "hand"))]


def _trimmed(body: ShapedBody, shell: Piece, outfit: Outfit) -> Piece:
    """Colour blocks: the shirt below an open jacket, a yoke, the sleeves of a school jacket."""
    size = body.size
    if outfit.top in ("jacket", "coat"):
        shell = _parted(body, shell)
    if outfit.top == "school" or outfit.two_tone:
        shell = _levelled(shell, body.height_of("spine_03") + BLOCK_M * size, 0.02 * size)
    centres = shell.centres()
    chest = body.height_of("spine_03")
    arm = shell.weights[:, _arm_columns()].sum(1)[shell.faces].mean(1) > 0.5
    front = (centres[:, 0] > body.skeleton.joints["spine_03"][0]) & ~arm
    if outfit.top in ("jacket", "coat"):
        open_down_to = chest + 0.1 * size if outfit.top == "coat" else 0.0
        return shell.coloured(front & (np.abs(centres[:, 1]) < OPEN_M * size) & (centres[:, 2] > open_down_to), outfit.inner_colour)
    if outfit.top == "school":
        return shell.coloured((centres[:, 2] > chest + BLOCK_M * size) | arm, outfit.inner_colour)
    if outfit.two_tone:
        return shell.coloured((centres[:, 2] > chest + BLOCK_M * size) & ~arm, outfit.inner_colour)
    return shell


def _parted(body: ShapedBody, shell: Piece) -> Piece:
    """The edges of an open jacket run straight down."""
    points, gap = shell.points.copy(), OPEN_M * body.size
    near = (np.abs(np.abs(points[:, 1]) - gap) < 0.4 * gap) & (points[:, 0] > body.skeleton.joints["spine_03"][0])
    points[near, 1] = np.sign(points[near, 1]) * gap
    return shell.moved(points)


def _levelled(shell: Piece, height: float, within: float) -> Piece:
    """Points near a height lie on it: a border of two colours runs level."""
    points = shell.points.copy()
    near = np.abs(points[:, 2] - height) < within
    points[near, 2] = height
    return shell.moved(points)


def _legs(body: ShapedBody, outfit: Outfit) -> list[Piece]:
    """Trousers, or bare legs with shorts or below a skirt."""
    size = body.size
    not_arm = body.face_mean(TIGHTS, body.arm_share) < 0.3
    ankle, knee = body.height_of("foot_l"), body.height_of("calf_l")
    waist = body.height_of("spine_01") + 0.03 * size
    lengths = {"trousers": ankle - 0.03 * size, "shorts": knee + 0.04 * size, "skirt": knee + 0.015 * size}
    pieces = []
    if outfit.bottom != "trousers":
        bare = body.shell(TIGHTS, not_arm, 0.001, outfit.skin)
        pieces.append(bare.cut_below(ankle - 0.03 * size).cut_above(min(lengths[outfit.bottom] + 0.07 * size, waist)))
    if outfit.bottom != "skirt":
        # Cloth hangs from the thigh: the further down, the wider around the leg.
        fall = np.clip((waist - body.points[:, 2]) / (waist - ankle), 0, 1)
        push = size * (0.008 + 0.013 * fall) * (1.3 if outfit.bottom == "shorts" else 1.0)
        leg = body.shell(TIGHTS, not_arm, push, outfit.bottom_colour)
        # The hem of trousers rises before the ankle and lies on the shoe.
        rise = 0.55 * np.clip(leg.points[:, 0] - body.skeleton.joints["foot_l"][0], 0, None) if outfit.bottom == "trousers" else 0.0
        leg = leg.cut_below(lengths[outfit.bottom] + rise).cut_above(waist).smoothed(3)
        pieces.append(_apart(leg))
    return pieces


def _apart(legs: Piece) -> Piece:
    """The two legs of trousers do not run into each other."""
    left = legs.weights[:, [BONES.index("thigh_l"), BONES.index("calf_l")]].sum(1)
    right = legs.weights[:, [BONES.index("thigh_r"), BONES.index("calf_r")]].sum(1)
    points = legs.points.copy()
    points[:, 1] = np.where(left > 0.7, np.maximum(points[:, 1], 0.003), points[:, 1])
    points[:, 1] = np.where(right > 0.7, np.minimum(points[:, 1], -0.003), points[:, 1])
    return legs.moved(points)


def _shoes(body: ShapedBody, outfit: Outfit) -> list[Piece]:
    """Shoes with a flat sole, and a bit of sock or skin above."""
    size = body.size
    not_arm = body.face_mean(TIGHTS, body.arm_share) < 0.3
    top = body.height_of("foot_l") + (0.03 if outfit.bottom == "trousers" else -0.008) * size
    shoe = body.shell(TIGHTS, not_arm, 0.007 * size, outfit.shoes).cut_above(top)
    points = shoe.points.copy()
    low = float(points[:, 2].min())
    points[:, 2] = np.where(points[:, 2] < low + SOLE_M * size, low, points[:, 2])
    shoe = shoe.moved(points)
    light = sum(outfit.shoes) / 3
    sole: Colour = (0.6, 0.6, 0.58) if light > 0.12 else (0.03, 0.03, 0.03)
    return [shoe.coloured(shoe.centres()[:, 2] < low + 0.01 * size, sole)]


def _hands(body: ShapedBody, outfit: Outfit) -> list[Piece]:
    """Hands, and the arms below short sleeves."""
    size = body.size
    hands = body.face_mean("body", body.arm_along) * (body.face_mean("body", body.arm_share) > 0.5) > 1.86
    pieces = [body.shell("body", hands, 0.0, outfit.skin).coarsened(HAND_CELL_M * size)]
    if SLEEVES[outfit.top] < 1.5:
        on_arm = body.face_mean(TIGHTS, body.arm_share) > 0.5
        along = body.face_mean(TIGHTS, body.arm_along)
        bare = on_arm & (along > SLEEVES[outfit.top] - 0.3) & (body.face_mean(TIGHTS, body.hand_share) < 0.6)
        pieces.append(body.shell(TIGHTS, bare, -0.001, outfit.skin))
    return pieces


def _skirt(body: ShapedBody, colour: Colour, *, to_knee: float) -> Piece:
    """A skirt; to_knee: metres above the knee (less than 0 below it)."""
    whole = np.ones(len(body.base.faces[SKIRT]), bool)
    return body.shell(SKIRT, whole, 0.006 * body.size, colour).cut_below(body.height_of("calf_l") + (to_knee - 0.06) * body.size)


def _coat_tails(body: ShapedBody, outfit: Outfit) -> Piece:
    whole = np.ones(len(body.base.faces[SKIRT]), bool)
    middle = (body.height_of("thigh_l") + body.height_of("calf_l")) / 2
    tails = body.shell(SKIRT, whole, 0.022 * body.size, outfit.top_colour).cut_below(middle)
    return tails.cut_above(body.height_of("thigh_l"))


def _apron(body: ShapedBody, colour: Colour) -> list[Piece]:
    """A bib and a cloth before the thighs, over the shirt."""
    size, chest = body.size, body.skeleton.joints["spine_03"]
    looks_ahead = body.normals[:, 0] > 0.1
    bib = np.asarray(looks_ahead[body.base.faces[TIGHTS]].all(1) & (body.face_mean(TIGHTS, body.arm_share) < 0.2))
    upper = body.shell(TIGHTS, bib, 0.027 * size, colour).cut_below(body.height_of("thigh_l"))
    upper = upper.cut_above(float(chest[2]) + 0.11 * size).cut_beside(0.115 * size).smoothed(4)
    before = np.asarray(looks_ahead[body.base.faces[SKIRT]].all(1))
    lower = body.shell(SKIRT, before, 0.026 * size, colour).cut_below(body.height_of("calf_l") + 0.05 * size)
    return [upper, lower.cut_beside(0.17 * size)]


def _backpack(body: ShapedBody, colour: Colour) -> Piece:
    """A small bag on the back."""
    size, chest = body.size, body.skeleton.joints["spine_03"]
    torso = body.points[np.unique(body.base.faces[TIGHTS])]
    near = torso[(np.abs(torso[:, 2] - chest[2]) < 0.1 * size) & (np.abs(torso[:, 1]) < 0.08 * size)]
    front = float(near[:, 0].min()) + 0.01 * size
    corners = []
    for x, shrink in ((0.0, 1.0), (-0.09, 1.0), (-0.13, 0.78)):
        for y, z in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            corners.append((front + x * size, y * 0.145 * size * shrink, chest[2] + (-0.02 + z * 0.19 * shrink) * size))
    faces = [(r * 4 + i, r * 4 + (i + 1) % 4, r * 4 + 4 + (i + 1) % 4, r * 4 + 4 + i) for r in range(2) for i in range(4)]
    faces.append((8, 9, 10, 11))
    bag = Piece(np.array(corners), np.zeros((12, len(BONES))), np.array(faces), np.tile(np.array(colour), (len(faces), 1)))
    return bag.held_by("spine_03")
