"""The camera over the street: metres in, pixels out.

World axes: X along the street to the right, Y from the camera towards the shops (0 = the door line), Z up
(0 = pavement). All lengths are metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Point: TypeAlias = tuple[float, float, float]
"""X, Y, Z in metres."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera without distortion; angles in degrees, yaw to the right, pitch downwards."""

    width_px: int
    height_px: int
    position: Point = (-4.6, -14.6, 5.2)
    yaw: float = 17.5
    pitch: float = 17.0
    field_of_view: float = 56.0
    """Horizontal, in degrees."""

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return float(self.width_px / 2 / np.tan(np.radians(self.field_of_view) / 2))

    @property
    def axes(self) -> Floats:
        """Rows: right, up, forward (unit vectors)."""
        yaw, pitch = np.radians(self.yaw), np.radians(self.pitch)
        return np.array(
            [
                [np.cos(yaw), -np.sin(yaw), 0],
                [np.sin(yaw) * np.sin(pitch), np.cos(yaw) * np.sin(pitch), np.cos(pitch)],
                [np.sin(yaw) * np.cos(pitch), np.cos(yaw) * np.cos(pitch), -np.sin(pitch)],
            ],
            dtype=np.float32,
        )

    def project(self, points: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Nx3 metres -> Nx2 pixels and N depths (metres along the view)."""
        seen = (np.asarray(points, dtype=np.float32) - np.array(self.position, dtype=np.float32)) @ self.axes.T
        depth = np.maximum(seen[:, 2], 0.3)
        x = self.width_px / 2 + self.focal_px * seen[:, 0] / depth
        y = self.height_px / 2 - self.focal_px * seen[:, 1] / depth
        return np.stack([x, y], axis=1).astype(np.float32), depth.astype(np.float32)

    def fractions(self, points: npt.ArrayLike) -> Floats:
        """Nx3 metres -> Nx2 fractions of the picture (may lie outside 0..1)."""
        pixels, _ = self.project(points)
        return (pixels / np.array([self.width_px, self.height_px], dtype=np.float32)).astype(np.float32)

    def to_view(self, direction: Point) -> Floats:
        """A world direction in camera axes: right, up, forward."""
        return (self.axes @ np.array(direction, dtype=np.float32)).astype(np.float32)
