"""Heads: face, hair in four styles, caps. Hair ends at the neck: it never lies on the clothes."""

from __future__ import annotations

import numpy as np

from sample_videos.generator.people.base_mesh import FloatArray
from sample_videos.generator.people.pieces import BoolArray, Piece, ShapedBody
from sample_videos.generator.people.skeleton import BONES
from sample_videos.generator.people.wardrobe import Colour, Outfit

SKIN_CELL_M = 0.007
"""Detail of a face: finer than a camera on a pole sees."""
EYES: Colour = (0.035, 0.025, 0.02)
FRINGE = ((0.35, 0.34), (0.62, 0.4), (1.0, 0.4))
"""The front of the hairline with a fringe."""
HAIRLINE = ((-1.0, -0.30), (-0.45, -0.26), (-0.2, 0.12), (0.1, 0.2), (0.3, 0.34), (0.62, 0.62), (1.0, 0.74))
"""How deep hair begins: from the back of the head (-1) to the brow (1), heights from the eyes (0) to the crown (1)."""


def head_pieces(body: ShapedBody, outfit: Outfit) -> list[Piece]:
    """Face, neck, eyes and hair."""
    collar = body.height_of("neck_01") - 0.1 * body.size
    faces = body.face_mean("body", body.points[:, 2])
    head = (faces > collar) & (body.face_mean("body", body.arm_share) < 0.6)
    scalp = head & _scalp(body, fringe=outfit.cap is not None or outfit.hair_style in ("bob", "tail"))
    face = body.shell("body", head & ~scalp & ~_inside_of_head(body), 0.0, outfit.skin).coarsened(SKIN_CELL_M * body.size)
    pieces = [face, _cap(body, scalp, outfit)]
    for side in ("l", "r"):
        group = f"helper-{side}-eye"
        pieces.append(body.shell(group, np.ones(len(body.base.faces[group]), bool), 0.0, EYES))
    if outfit.cap is not None:
        pieces.append(_brim(body, outfit.cap))
    elif outfit.hair_style == "bob":
        pieces.append(_bob(body, outfit.hair))
    if outfit.hair_style in ("bun", "tail"):
        pieces.append(_knot(body, outfit.hair, long=outfit.hair_style == "tail"))
    return pieces


def _measures(body: ShapedBody) -> tuple[float, float, float, float]:
    """Height of the eyes and the crown; x of the back of the head and of the brow."""
    eyes = float(body.points[body.base.faces["helper-l-eye"]][..., 2].mean())
    skull = body.points[np.unique(body.base.faces["body"])]
    crown = float(skull[:, 2].max())
    upper = skull[skull[:, 2] > eyes + 0.25 * (crown - eyes)]
    return eyes, crown, float(upper[:, 0].min()), float(upper[:, 0].max())


def _scalp(body: ShapedBody, *, fringe: bool) -> BoolArray:
    eyes, crown, back, brow = _measures(body)
    centres = body.points[body.base.faces["body"]].mean(1)
    depth = (centres[:, 0] - back) / (brow - back) * 2 - 1
    height = (centres[:, 2] - eyes) / (crown - eyes)
    line = np.array([*HAIRLINE[:4], *FRINGE] if fringe else HAIRLINE)
    outward = body.normals[body.base.faces["body"]].mean(1)
    middle = np.array([(back + brow) / 2, 0.0, eyes])
    # The inside of the mouth and the sockets lies behind the face, but looks inwards.
    outside = ((centres - middle) * outward).sum(1) > 0.02
    return np.asarray((height > np.interp(depth, line[:, 0], line[:, 1])) & outside)


def _inside_of_head(body: ShapedBody) -> BoolArray:
    """The lining of mouth and sockets: it looks towards the middle of the head, and nobody sees it."""
    eyes, crown, back, brow = _measures(body)
    corners = body.base.faces["body"]
    away = body.points[corners].mean(1) - [(back + brow) / 2, 0.0, eyes - 0.3 * (crown - eyes)]
    looks = (away * body.normals[corners].mean(1)).sum(1) / np.linalg.norm(away, axis=1)
    return np.asarray((looks < -0.25) & (away[:, 0] > 0.04 * body.size))


def _cap(body: ShapedBody, scalp: BoolArray, outfit: Outfit) -> Piece:
    """Hair close to the skull, thickest on top and flush with the skin along the hairline."""
    flat = body.shell("body", scalp, 0.0, outfit.hair)
    eyes, crown, _, _ = _measures(body)
    rise = np.clip((flat.points[:, 2] - eyes) / (crown - eyes), 0, 1)
    thick = body.size * (0.010 + 0.014 * rise) * np.where(flat.rim(), 0.25, 1.0)
    middle = np.array([flat.points[:, 0].mean(), 0.0, eyes])
    outward = flat.points - middle
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    full = flat.moved(flat.points + outward * thick[:, None]).smoothed(2).held_by("head")
    if outfit.cap is None:
        return full
    return full.coloured(full.centres()[:, 2] > eyes + 0.36 * (crown - eyes), outfit.cap)


def _bob(body: ShapedBody, colour: Colour) -> Piece:
    """Hair from the temples round the back of the head, down to the jaw."""
    eyes, crown, back, brow = _measures(body)
    tall = crown - eyes
    skull = body.points[np.unique(body.base.faces["body"])]
    skull = skull[skull[:, 2] > eyes + 0.4 * tall]
    deep, wide = (brow - back) / 2 + 0.017 * body.size, float(skull[:, 1].max()) + 0.018 * body.size
    angles = np.radians(np.linspace(72, 288, 15))
    rows = [(0.62, 0.86), (0.42, 1.0), (0.1, 1.04), (-0.25, 1.05), (-0.6, 1.03), (-0.82, 0.97), (-0.86, 0.84)]
    middle = (brow + back) / 2
    points = [
        (middle + width * deep * np.cos(angle), width * wide * np.sin(angle), eyes + height * tall)
        for height, width in rows
        for angle in angles
    ]
    count = len(angles)
    faces = [
        (r * count + c, r * count + c + 1, (r + 1) * count + c + 1, (r + 1) * count + c)
        for r in range(len(rows) - 1)
        for c in range(count - 1)
    ]
    sheet = Piece(np.array(points), np.zeros((len(points), len(BONES))), np.array(faces), np.tile(np.array(colour), (len(faces), 1)))
    return sheet.held_by("head")


def _knot(body: ShapedBody, colour: Colour, *, long: bool) -> Piece:
    """A bun at the back of the head, or a pony tail that ends above the shoulders."""
    eyes, crown, back, brow = _measures(body)
    size = 0.042 * body.size
    if long:
        centre = np.array([back - 0.018 * body.size, 0.0, eyes - 0.02 * body.size])
        return _ball(centre, np.array([0.8 * size, 0.75 * size, 2.3 * size]), colour).held_by("head")
    centre = np.array([back + 0.1 * (brow - back), 0.0, eyes + 0.75 * (crown - eyes)])
    return _ball(centre, np.array([size, size, size]), colour).held_by("head")


def _brim(body: ShapedBody, colour: Colour) -> Piece:
    """The peak of a cap: a plate before the brow."""
    eyes, crown, _, brow = _measures(body)
    across = np.linspace(-1, 1, 7)
    height = eyes + 0.5 * (crown - eyes)
    inner = np.stack([brow - 0.045 * across**2 * body.size, 0.068 * across * body.size, np.full(7, height)], 1)
    outer = inner + np.stack([(0.075 - 0.045 * across**2) * body.size, 0 * across, np.full(7, -0.018 * body.size)], 1)
    faces = np.array([(i, i + 1, 8 + i, 7 + i) for i in range(6)])
    points = np.concatenate([inner, outer])
    return Piece(points, np.zeros((14, len(BONES))), faces, np.tile(np.array(colour), (6, 1))).held_by("head")


def _ball(centre: FloatArray, radii: FloatArray, colour: Colour, *, cuts: int = 4) -> Piece:
    """An ellipsoid of four-cornered faces: a cube blown up."""
    steps = np.linspace(-1, 1, cuts + 1)
    u, v = (grid.ravel() for grid in np.meshgrid(steps, steps, indexing="ij"))
    one = np.ones_like(u)
    sides = [(u, v, one), (v, u, -one), (one, u, v), (-one, v, u), (v, one, u), (u, -one, v)]
    cube = np.concatenate([np.stack(side, 1) for side in sides])
    ball = np.tan(cube * np.pi / 4)
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    row = cuts + 1
    quads = [(i * row + j, (i + 1) * row + j, (i + 1) * row + j + 1, i * row + j + 1) for i in range(cuts) for j in range(cuts)]
    faces = np.concatenate([np.array(quads) + side * row * row for side in range(6)])
    return Piece(centre + ball * radii, np.zeros((len(ball), len(BONES))), faces, np.tile(np.array(colour), (len(faces), 1)))
