"""Everything that stands still, as one camera sees it: the rendered plate with depth, normals and direct light."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sample_videos.generator.camera import Projection
from sample_videos.generator.sky import Lighting, PointLight
from sample_videos.generator.tracing import FAR_M, LIFT_M, TracedScene
from sample_videos.generator.view import View

Array = np.ndarray[Any, Any]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
PROBE_RAYS = 96
BOUNCED_LIGHT = 0.35
"""What a surface out of sight sends back, as a share of the plate's mean."""
OPEN_SKY = 0.75
"""Share of the sky that a typical place in the street sees."""


@dataclass(frozen=True, eq=False)
class Direct:
    """Direct light of one source at N points: unit directions towards it, irradiance facing it, metres to it."""

    towards: Array
    irradiance: Array
    distance: Array


def direct(source: Lighting | PointLight, points: Array) -> Direct:
    """What the sun (given as Lighting) or a lamp sends to points."""
    if isinstance(source, Lighting):
        towards = np.broadcast_to(np.array(source.towards_sun, np.float32), points.shape)
        return Direct(towards, np.broadcast_to(np.array(source.sun, np.float32), points.shape), np.full(len(points), FAR_M, np.float32))
    apart = np.array(source.place, np.float32) - points
    distance = np.linalg.norm(apart, axis=1)
    strength = np.array(source.colour, np.float32) / np.maximum(distance, 0.3)[:, None] ** 2
    if source.facing is not None:
        strength = strength * np.maximum(-(apart @ np.array(source.facing, np.float32)) / np.maximum(distance, 1e-6), 0)[:, None]
    return Direct(apart / np.maximum(distance, 1e-6)[:, None], strength, distance)


class Backdrop(View):
    """A plate and the geometry behind it."""

    def __init__(
        self, plate: Array, scene: TracedScene, projection: Projection, light: Lighting, fill: tuple[PointLight, ...] = ()
    ) -> None:
        """fill: weak lamps in shops; they light what moves, but nobody would miss the shadows that they cast."""
        super().__init__(scene, projection)
        self.plate, self.light, self.fill = plate, light, fill
        self.sources: tuple[Lighting | PointLight, ...] = (*((light,) if max(light.sun) > 0 else ()), *light.lamps)

    @cached_property
    def normals(self) -> Array:
        """(pixels, 3)."""
        return self.scene.normals(self.hits, self.rays.reshape(-1, 3))

    def points(self, pixels: Array) -> Array:
        """(N, 3): the places that pixels (flat indices) see, lifted a little off the surface; far away where there is only sky."""
        distance = np.minimum(self.hits.distance[pixels], 1e4)
        return np.asarray(self.eye + self.rays.reshape(-1, 3)[pixels] * distance[:, None] + self.normals[pixels] * LIFT_M)

    @cached_property
    def sky_brightness(self) -> float:
        """Irradiance (luminance) that an open horizontal place gets from the sky."""
        directions = spread(PROBE_RAYS)
        up = np.maximum(directions[:, 2], 0)
        return float((self.light.radiance(directions) @ LUMINANCE * up).mean() * 4 * math.pi) * OPEN_SKY

    @cached_property
    def typical(self) -> Array:
        """(3,) radiance of what is around but not in sight."""
        some = self.plate.reshape(-1, 3)[::17]
        # The mean, not the median: at night it is the few lit shop fronts that light up faces.
        return np.asarray(np.minimum(some, 12 * np.median(some)).mean(0) * BOUNCED_LIGHT)

    def probe(self, place: Array) -> tuple[Array, Array]:
        """Light that arrives at a place from all around: (N, 3) directions and (N, 3) radiance, direct lamps left out."""
        directions = spread(PROBE_RAYS)
        found = self.scene.first(place, directions)
        radiance = np.where(found.found[:, None], self.typical, self.light.radiance(directions)).astype(np.float32)
        struck = np.flatnonzero(found.found)
        # Ceiling lamps and signs shine also where the camera doesn't see them.
        finish = self.scene.finish(found.at(struck))
        radiance[struck] += finish.colour * finish.glow[:, None]
        points = place + directions[struck] * found.distance[struck, None]
        where = self.projection.to_picture(points)
        inside = np.all((where > 0) & (where < 1), axis=1)
        pixel = (where[inside] * (self.width, self.height)).astype(int)
        flat = pixel[:, 1] * self.width + pixel[:, 0]
        seen = np.abs(self.hits.distance[flat] - self.projection.depth(points[inside])) < 0.15
        radiance[struck[inside][seen]] = self.plate.reshape(-1, 3)[flat[seen]]
        return directions, radiance

    @cached_property
    def direct_shares(self) -> Array:
        """(sources, pixels): share of each source's direct light in the light at a pixel."""
        pixels = np.arange(self.height * self.width)
        seen = self.hits.found
        points = self.points(pixels)
        parts = np.zeros((len(self.sources), len(pixels)), np.float32)
        for index, source in enumerate(self.sources):
            arriving = direct(source, points)
            facing = np.maximum((self.normals * arriving.towards).sum(1), 0) * seen
            lit = np.flatnonzero(facing > 0)
            hidden = self.scene.blocked(points[lit], arriving.towards[lit], arriving.distance[lit] - 0.2)
            parts[index, lit] = (facing[lit] * (arriving.irradiance[lit] @ LUMINANCE)) * ~hidden
        ambient = np.maximum(self.sky_brightness, 0.3 * parts.sum(0))
        return np.asarray(parts / (parts.sum(0) + ambient + 1e-9))


def spread(count: int) -> Array:
    """(count, 3) directions evenly over the sphere."""
    index = np.arange(count) + 0.5
    height = 1 - 2 * index / count
    around = index * math.pi * (3 - math.sqrt(5))
    flat = np.sqrt(1 - height**2)
    return np.column_stack([flat * np.cos(around), flat * np.sin(around), height]).astype(np.float32)
