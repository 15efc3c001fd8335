"""What moves, drawn over the plate: traced rays with the plate's own light, and shadows on the ground.

A path tracer needs half a second for a walker in one picture; this needs some hundredths and keeps light, shadow and what
hides what right, because it shoots rays at the same triangles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from sample_videos.generator.backdrop import LUMINANCE, Backdrop, direct
from sample_videos.generator.sky import Lighting, PointLight
from sample_videos.generator.surfaces import Surface, corners_of
from sample_videos.generator.tracing import LIFT_M, Finish, TracedScene

Array = np.ndarray[Any, Any]

Region = tuple[int, int, int, int]
"""Columns and rows x0, y0, x1, y1 of the picture, the ends excluded."""
FINE = 2
"""Rays per pixel and side."""
CREASE_RAYS = 4
CREASE_REACH_M = 0.35
CONTACT_RAYS = 6
CONTACT_REACH_M = 0.8
LONGEST_SHADOW_M = 5.0
DIM = 0.01
"""Irradiance that is not worth a ray."""
REFLECTANCE = 0.04
GLOSS_BELOW = 0.45
"""Smoother surfaces than this mirror the sky."""


def _ball(count: int) -> Array:
    """(count, 3) directions in no order, a little shorter than 1: added to a normal they never cancel it."""
    points = np.random.default_rng([4, 1]).normal(size=(count, 3))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True) * 0.98, np.float32)


_BALL = _ball(8192)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Movers in a picture."""

    picture: Array
    """(height, width, 3) linear light."""
    cover: Array
    """(height, width) share of each pixel that movers cover."""


def draw(backdrop: Backdrop, scene: TracedScene) -> Drawn:
    """The plate with movers, given as a scene of their own, and their shadows."""
    movers = scene.surfaces
    picture = backdrop.plate.copy()
    cover = np.zeros(picture.shape[:2], np.float32)
    boxes = [_region(backdrop, mover.vertices[:: max(1, len(mover.vertices) // 900)]) for mover in movers]
    if not any(boxes):
        return Drawn(picture, cover)
    flat = picture.reshape(-1, 3)
    shaded = _pixels(backdrop, [_shadow_region(backdrop, mover) for mover in movers])
    if len(shaded):
        flat[shaded] *= _shadows(backdrop, scene, shaded)
    pixels = _pixels(backdrop, boxes)
    colour, covered = _bodies(backdrop, scene, pixels)
    flat[pixels] = flat[pixels] * (1 - covered[:, None]) + colour
    cover.reshape(-1)[pixels] = covered
    return Drawn(picture, cover)


def _region(backdrop: Backdrop, points: Array, margin: int = 3) -> Region | None:
    """Columns and rows x0, y0, x1, y1 around points; None when they are out of the picture."""
    seen = backdrop.projection.to_picture(points)
    seen = seen[~np.isnan(seen[:, 0])] * (backdrop.width, backdrop.height)
    if not len(seen):
        return None
    low = np.maximum(np.floor(seen.min(0)).astype(int) - margin, 0)
    high = np.minimum(np.ceil(seen.max(0)).astype(int) + margin, (backdrop.width, backdrop.height))
    if np.any(low >= high):
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _shadow_region(backdrop: Backdrop, mover: Surface) -> Region | None:
    """Where a mover may darken what stands: around its feet and along its shadow."""
    corners = corners_of(mover.bounds())
    points = [_feet(mover)]
    for source in backdrop.sources:
        towards = direct(source, corners).towards
        drop = np.minimum(corners[:, 2] / np.maximum(towards[:, 2], 0.05), LONGEST_SHADOW_M)
        points.append(corners - towards * drop[:, None])
    return _region(backdrop, np.concatenate(points), margin=8)


def _feet(mover: Surface) -> Array:
    """(8, 3): corners of the space around a mover's feet in which it takes light from the sky away."""
    low, high = mover.bounds()
    reach = CONTACT_REACH_M / 2
    return corners_of(np.array([low - (reach, reach, 0), (high[0] + reach, high[1] + reach, low[2] + 0.4)]))


def _pixels(backdrop: Backdrop, regions: Sequence[Region | None]) -> Array:
    """Flat indices of all pixels in any of the regions."""
    return np.flatnonzero(_chosen(backdrop, regions))


def _chosen(backdrop: Backdrop, regions: Sequence[Region | None]) -> Array:
    chosen = np.zeros((backdrop.height, backdrop.width), bool)
    for region in regions:
        if region is not None:
            x0, y0, x1, y1 = region
            chosen[y0:y1, x0:x1] = True
    return chosen


def _shadows(backdrop: Backdrop, scene: TracedScene, pixels: Array) -> Array:
    """(N, 1): how much light is left at each pixel of the plate."""
    points, normals = backdrop.points(pixels), backdrop.normals[pixels]
    known = backdrop.hits.found[pixels]
    at_feet = _chosen(backdrop, [_region(backdrop, _feet(mover)) for mover in scene.surfaces]).reshape(-1)[pixels]
    shares = backdrop.direct_shares[:, pixels]
    left = np.ones(len(pixels), np.float32)
    for index, source in enumerate(backdrop.sources):
        lit = np.flatnonzero(shares[index] > 0.02)
        if not len(lit):
            continue
        arriving = direct(source, points[lit])
        towards = arriving.towards
        angle = source.sun_angle if isinstance(source, Lighting) else 0.03
        hidden = np.zeros(len(lit), np.float32)
        for turn in range(2):
            hidden += scene.blocked(points[lit], _jittered(towards, pixels[lit], turn, angle), arriving.distance) / 2
        left[lit] -= shares[index, lit] * hidden
    ambient = 1 - shares.sum(0)
    near = np.flatnonzero(known & (ambient > 0.05) & at_feet)
    hidden = np.zeros(len(near), np.float32)
    for turn in range(CONTACT_RAYS):
        hidden += scene.blocked(points[near], _scattered(normals[near], pixels[near], turn), CONTACT_REACH_M) / CONTACT_RAYS
    left[near] -= ambient[near] * hidden * 0.85
    return _smoothed(backdrop, pixels, np.maximum(left, 0.05))[:, None]


def _smoothed(backdrop: Backdrop, pixels: Array, values: Array) -> Array:
    """Shadows without the grain of their few rays."""
    whole = np.ones(backdrop.height * backdrop.width, np.float32)
    whole[pixels] = values
    rows, columns = pixels // backdrop.width, pixels % backdrop.width
    y0, y1, x0, x1 = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    cut = whole.reshape(backdrop.height, backdrop.width)[y0:y1, x0:x1]
    soft = np.ones((backdrop.height, backdrop.width), np.float32)
    soft[y0:y1, x0:x1] = cv2.GaussianBlur(cut, (0, 0), 1.6)
    return np.asarray(soft.reshape(-1)[pixels])


def _bodies(backdrop: Backdrop, scene: TracedScene, pixels: Array) -> tuple[Array, Array]:
    """Colour times cover (N, 3) and cover (N,) of movers at pixels."""
    rays = _fine_rays(backdrop, pixels)
    hits = scene.first(backdrop.eye, rays)
    found = np.flatnonzero(hits.found)
    # Only where a mover was hit it matters what stands before it.
    hidden = backdrop.scene.blocked(np.broadcast_to(backdrop.eye, (len(found), 3)), rays[found], hits.distance[found])
    seen = found[~hidden]
    colour = np.zeros((len(pixels), 3), np.float32)
    covered = np.zeros(len(pixels), np.float32)
    if not len(seen):
        return colour, covered
    struck = hits.at(seen)
    owner = seen // FINE**2
    # Colours change quickly from place to place, light does not: one reading of the light per pixel and mover will do.
    _, first, again = np.unique(owner * len(scene.surfaces) + struck.surface, return_index=True, return_inverse=True)
    chosen = struck.at(first)
    normals = scene.normals(chosen, rays[seen[first]])
    points = backdrop.eye + rays[seen[first]] * chosen.distance[:, None] + normals * LIFT_M
    arriving = _arriving(backdrop, scene, chosen.surface, points, normals)
    mirrored = _mirrored(backdrop, points, normals, rays[seen[first]], scene.finish(chosen))
    finish = scene.finish(struck)
    light = finish.colour * (arriving[again] * ((1 - finish.metal * 0.6) / math.pi)[:, None] + finish.glow[:, None]) + mirrored[again]
    for axis in range(3):
        colour[:, axis] = np.bincount(owner, light[:, axis], minlength=len(pixels)) / FINE**2
    covered[:] = np.bincount(owner, minlength=len(pixels)) / FINE**2
    return colour, covered


def _fine_rays(backdrop: Backdrop, pixels: Array) -> Array:
    """(N * FINE^2, 3): several rays through each pixel, the ones of a pixel together."""
    rows, columns = pixels // backdrop.width, pixels % backdrop.width
    # Between two pixels a ray is the mean of theirs, also through a bent lens.
    middle = backdrop.rays[rows, columns]
    across = backdrop.rays[rows, np.minimum(columns + 1, backdrop.width - 1)] - backdrop.rays[rows, np.maximum(columns - 1, 0)]
    down = backdrop.rays[np.minimum(rows + 1, backdrop.height - 1), columns] - backdrop.rays[np.maximum(rows - 1, 0), columns]
    steps = ((np.arange(FINE) + 0.5) / FINE - 0.5) / 2
    return np.stack([middle + across * a + down * b for b in steps for a in steps], axis=1).reshape(-1, 3)


def _arriving(backdrop: Backdrop, scene: TracedScene, mover: Array, points: Array, normals: Array) -> Array:
    """(N, 3) irradiance at points of movers: from all around, less in creases, and straight from sun and lamps."""
    arriving = np.zeros_like(points)
    for index in np.unique(mover):
        chosen = np.flatnonzero(mover == index)
        directions, radiance = backdrop.probe(scene.surfaces[index].bounds().mean(0).astype(np.float32))
        facing = np.maximum(normals[chosen] @ directions.T, 0)
        arriving[chosen] = facing @ radiance * (4 * math.pi / len(directions))
    order = np.arange(len(points))
    creases = np.zeros(len(points), np.float32)
    for turn in range(CREASE_RAYS):
        creases += scene.blocked(points, _scattered(normals, order, turn), CREASE_REACH_M) / CREASE_RAYS
    arriving *= (1 - 0.8 * creases)[:, None]
    for source in (*backdrop.sources, *backdrop.fill):
        arriving += _direct_light(backdrop, scene, source, points, normals)
    return arriving


def _direct_light(backdrop: Backdrop, scene: TracedScene, source: Lighting | PointLight, points: Array, normals: Array) -> Array:
    """(N, 3) irradiance of one source at points, shadows of movers and of all that stands included."""
    given = direct(source, points)
    facing = np.maximum((normals * given.towards).sum(1), 0)
    lit = np.flatnonzero(facing * given.irradiance.max(1) > DIM)
    facing[facing * given.irradiance.max(1) <= DIM] = 0
    hidden = scene.blocked(points[lit], given.towards[lit], given.distance[lit] - 0.2)
    hidden |= backdrop.scene.blocked(points[lit], given.towards[lit], given.distance[lit] - 0.2)
    facing[lit[hidden]] = 0
    return np.asarray(given.irradiance * facing[:, None])


def _mirrored(backdrop: Backdrop, points: Array, normals: Array, rays: Array, finish: Finish) -> Array:
    """(N, 3) light that smooth surfaces mirror."""
    result = np.zeros_like(points)
    glossy = np.flatnonzero(finish.rough < GLOSS_BELOW)
    if not len(glossy):
        return result
    view = rays[glossy] / np.linalg.norm(rays[glossy], axis=1, keepdims=True)
    towards = view - 2 * (view * normals[glossy]).sum(1, keepdims=True) * normals[glossy]
    grazing = 1 - np.clip(-(view * normals[glossy]).sum(1), 0, 1)
    base = REFLECTANCE + finish.metal[glossy] * (finish.colour[glossy] @ LUMINANCE - REFLECTANCE)
    strength = (base + (1 - base) * grazing**5) * (1 - finish.rough[glossy] / GLOSS_BELOW) ** 0.5
    seen = np.where(backdrop.scene.blocked(points[glossy], towards)[:, None], backdrop.typical, backdrop.light.radiance(towards))
    result[glossy] = seen * strength[:, None]
    return result


def _scattered(normals: Array, order: Array, turn: int) -> Array:
    """(N, 3) directions around normals, more of them steep than flat (cosine), the same for the same place in every picture."""
    towards = normals + _BALL[(order + turn * 2741) % len(_BALL)]
    return np.asarray(towards, np.float32)


def _jittered(towards: Array, order: Array, turn: int, angle: float) -> Array:
    """(N, 3) directions anywhere in a light of that angular size."""
    return np.asarray(towards + _BALL[(order + turn * 1523) % len(_BALL)] * (angle / 2), np.float32)
