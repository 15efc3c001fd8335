"""Sky, sun and lamps of each light: the same numbers for the path tracer and for the quick one. Pure.

Units are arbitrary but consistent: radiance of the sky, irradiance of the sun, and for lamps the irradiance at 1 m.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from sample_videos.generator.values import CameraPose, Conditions, Light, StreetPlan

Array = np.ndarray[Any, Any]
Colour = tuple[float, float, float]

ROWS, COLUMNS = 64, 128


@dataclass(frozen=True, slots=True)
class PointLight:
    """A lamp that shines in all directions, or mostly in one."""

    place: tuple[float, float, float]
    colour: Colour
    """Irradiance at 1 m."""
    facing: tuple[float, float, float] | None = None
    """Flat lamps: the unit direction in which they shine; less to the sides, nothing backwards."""


@dataclass(frozen=True, eq=False)
class Lighting:
    """All the light that falls into a street."""

    sky: Array
    """(ROWS, COLUMNS, 3) radiance, first row straight down, the middle column along +x, columns clockwise."""
    sun: Colour
    """Irradiance on a surface that faces it; zeros: none."""
    towards_sun: tuple[float, float, float]
    sun_angle: float
    """How large it appears, radians: blurs shadows."""
    lamps: tuple[PointLight, ...]
    key: float
    """Brightness that the camera's automatic exposure aims at."""

    def radiance(self, directions: Array) -> Array:
        """(N, 3) radiance of the sky in (N, 3) directions."""
        unit = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
        column = (0.5 - np.arctan2(unit[:, 1], unit[:, 0]) / (2 * math.pi)) * COLUMNS
        row = (np.arcsin(np.clip(unit[:, 2], -1, 1)) / math.pi + 0.5) * ROWS
        return np.asarray(self.sky[np.clip(row.astype(int), 0, ROWS - 1), column.astype(int) % COLUMNS])


# zenith, horizon, ground, sun, angle of the sun, key of the exposure
_LOOKS: dict[Light, tuple[Colour, Colour, Colour, Colour, float, float]] = {
    Light.DAY: ((0.36, 0.46, 0.66), (0.88, 0.92, 0.97), (0.24, 0.23, 0.22), (4.2, 3.85, 3.3), 0.02, 0.20),
    Light.OVERCAST: ((1.0, 1.03, 1.08), (0.72, 0.75, 0.80), (0.20, 0.20, 0.20), (0.35, 0.35, 0.35), 0.6, 0.18),
    Light.DUSK: ((0.065, 0.085, 0.15), (0.21, 0.16, 0.15), (0.03, 0.03, 0.035), (0.0, 0.0, 0.0), 0.1, 0.115),
    Light.NIGHT: ((0.006, 0.007, 0.011), (0.020, 0.015, 0.011), (0.004, 0.004, 0.004), (0.0, 0.0, 0.0), 0.1, 0.085),
    Light.INFRARED: ((0.010, 0.010, 0.010), (0.016, 0.016, 0.016), (0.006, 0.006, 0.006), (0.0, 0.0, 0.0), 0.1, 0.10),
}
LAMP: Colour = (94.0, 80.0, 58.0)
INFRARED_LAMP: Colour = (126.0, 126.0, 126.0)


def lighting(conditions: Conditions, plan: StreetPlan, camera: CameraPose) -> Lighting:
    """The light of one moment. The camera matters for its own infrared lamp only."""
    zenith, horizon, ground, sun, angle, key = _LOOKS[conditions.light]
    flat = math.cos(conditions.sun_elevation)
    towards = (flat * math.cos(conditions.sun_azimuth), flat * math.sin(conditions.sun_azimuth), math.sin(conditions.sun_elevation))
    lamps: tuple[PointLight, ...] = ()
    if conditions.light in (Light.DUSK, Light.NIGHT, Light.INFRARED):
        burning = [plan.lamps[i] for i in conditions.lamps_on]
        lamps = tuple(PointLight((lamp.x, lamp.y, lamp.z - 0.25), LAMP) for lamp in burning)
    if conditions.light is Light.INFRARED:
        lamps = (PointLight((camera.x, camera.y, camera.z + 0.15), INFRARED_LAMP),)
    return Lighting(_sky(conditions, zenith, horizon, ground), sun, towards, angle, lamps, key)


def _sky(conditions: Conditions, zenith: Colour, horizon: Colour, ground: Colour) -> Array:
    height = np.sin((np.arange(ROWS) + 0.5) / ROWS * math.pi - math.pi / 2)[:, None]
    azimuth = math.pi - (np.arange(COLUMNS) + 0.5)[None, :] / COLUMNS * 2 * math.pi
    blend = (np.clip(height, 0, 1) ** 0.45)[..., None]
    picture = np.array(horizon) * (1 - blend) + np.array(zenith) * blend
    picture = picture * _clouds(conditions)[..., None]
    # A low band of far houses keeps the horizon from being the brightest thing in every pane.
    far = np.clip((0.16 - height) / 0.06, 0, 1)[..., None] * 0.55
    picture = picture * (1 - far)
    if conditions.light is Light.DUSK:
        glow = np.exp(-8 * height**2) * np.clip(np.cos(azimuth - conditions.sun_azimuth), 0, 1) ** 2
        picture = picture + glow[..., None] * np.array([0.30, 0.13, 0.04])
    picture = np.where(height[..., None] < 0, np.array(ground), picture)
    return np.asarray(np.broadcast_to(picture, (ROWS, COLUMNS, 3)), np.float32).copy()


def _clouds(conditions: Conditions) -> Array:
    rng = np.random.default_rng([771, conditions.turbidity])
    coarse = rng.random((6, 12)).astype(np.float32)
    fine = rng.random((12, 24)).astype(np.float32)
    size = (COLUMNS, ROWS)
    mixed = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) * 0.65 + cv2.resize(fine, size, interpolation=cv2.INTER_CUBIC) * 0.35
    depth = 0.5 if conditions.light is Light.DAY else 0.2
    return np.asarray(np.clip(1 + depth * (mixed - 0.5) * 2, 0.3, 1.8))
