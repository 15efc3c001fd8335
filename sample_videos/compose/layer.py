"""A part of the picture that is painted in supersampled pixels: planes, polygons, lines, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sample_videos.compose.camera import Camera, Floats, Point

SUN = (-0.62, -0.42, 0.66)
"""Direction towards the sun."""
SHADOW = (0.66, 0.30)
"""Where the shadow of one metre of height falls, in metres along X and Y."""


@dataclass(frozen=True)
class Sprite:
    """Something painted, ready to be laid over the picture: premultiplied BGRA, colours 0..255, alpha 0..1."""

    pixels: Floats
    left: int
    top: int
    depth: float


class Layer:
    """A rectangle of the picture under construction. ``scale`` pixels are painted for each one of the picture."""

    def __init__(self, camera: Camera, points: npt.ArrayLike, *, scale: int = 2, margin_px: int = 3) -> None:
        """Cover what these points (Nx3 metres) span, cut at the picture edge."""
        pixels, depths = camera.project(points)
        low = np.floor(pixels.min(axis=0)) - margin_px
        high = np.ceil(pixels.max(axis=0)) + margin_px
        self.left, self.top = max(int(low[0]), 0), max(int(low[1]), 0)
        right, bottom = min(int(high[0]), camera.width_px), min(int(high[1]), camera.height_px)
        self.camera, self.scale, self.depth = camera, scale, float(depths.min())
        self.empty = right <= self.left or bottom <= self.top
        shape = (max(bottom - self.top, 1) * scale, max(right - self.left, 1) * scale)
        self.colour: Floats = np.zeros((*shape, 3), dtype=np.float32)
        self.alpha: Floats = np.zeros(shape, dtype=np.float32)

    def pixels_of(self, points: npt.ArrayLike) -> Floats:
        """Nx3 metres -> Nx2 pixels of this layer."""
        pixels, _ = self.camera.project(points)
        return ((pixels - np.array([self.left, self.top], dtype=np.float32)) * self.scale).astype(np.float32)

    def quad(self, corners: npt.ArrayLike, texture: Floats, shade: float = 1.0) -> None:
        """Stretch a texture (HxWx3, or HxWx4 with alpha 0..1) over a plane quad: top-left, top-right, bottom-right, bottom-left."""
        height, width = texture.shape[:2]
        target = self.pixels_of(corners)
        x0, y0 = np.maximum(np.floor(target.min(axis=0)).astype(int) - 1, 0)
        x1 = min(int(np.ceil(target[:, 0].max())) + 2, self.alpha.shape[1])
        y1 = min(int(np.ceil(target[:, 1].max())) + 2, self.alpha.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
        moved = (target - np.array([x0, y0], dtype=np.float32)).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(source, moved)
        rgba = texture if texture.shape[2] == 4 else np.dstack([texture, np.ones((height, width), dtype=np.float32)])
        side = max(float(np.linalg.norm(moved[0] - moved[1])), float(np.linalg.norm(moved[1] - moved[2])), 1.0)
        if max(width, height) > 2.5 * side:
            rgba = cv2.GaussianBlur(rgba, (0, 0), max(width, height) / side / 2.5)
        warped = cv2.warpPerspective(rgba, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        mask = np.zeros((y1 - y0, x1 - x0), dtype=np.uint8)
        cv2.fillConvexPoly(mask, np.round(moved * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
        self._over(
            np.asarray(warped[..., :3] * shade, dtype=np.float32), np.asarray(warped[..., 3] * (mask / 255.0), dtype=np.float32), x0, y0
        )

    def polygon(self, points: npt.ArrayLike, colour: Point, alpha: float = 1.0) -> None:
        """Fill a plane polygon given in metres with one colour (BGR 0..255)."""
        self._fill(self.pixels_of(points), colour, alpha)

    def line(self, points: npt.ArrayLike, colour: Point, thickness_m: float) -> None:
        """Draw a polyline with a thickness in metres."""
        _, depths = self.camera.project(points)
        thickness = max(1, round(thickness_m * self.camera.focal_px / float(depths.mean()) * self.scale))
        target = self.pixels_of(points)
        x, y, mask = self._mask(target, thickness)
        if mask.size:
            cv2.polylines(mask, [_fixed(target, x, y)], False, 255, thickness, cv2.LINE_AA, 4)
        self._over(np.array(colour, dtype=np.float32), np.asarray(mask / 255.0, dtype=np.float32), x, y)

    def multiply(self, points: npt.ArrayLike, factor: float, blur_m: float) -> None:
        """Darken (or lighten) what is already painted inside a polygon, with a soft edge."""
        _, depths = self.camera.project(points)
        sigma = blur_m * self.camera.focal_px / float(depths.mean()) * self.scale
        target = self.pixels_of(points)
        x, y, mask = self._mask(target, 3 * sigma + 2)
        if not mask.size:
            return
        cv2.fillPoly(mask, [_fixed(target, x, y)], 255, cv2.LINE_AA, 4)
        soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.3)), dtype=np.float32) / 255
        self.colour[y : y + mask.shape[0], x : x + mask.shape[1]] *= (1 - (1 - factor) * soft)[..., None]

    def sprite(self, depth: float | None = None) -> Sprite:
        """What was painted, at the resolution of the picture."""
        premultiplied = np.dstack([self.colour * self.alpha[..., None], self.alpha])
        size = (premultiplied.shape[1] // self.scale, premultiplied.shape[0] // self.scale)
        small = cv2.resize(premultiplied, size, interpolation=cv2.INTER_AREA)
        return Sprite(np.asarray(small, dtype=np.float32), self.left, self.top, self.depth if depth is None else depth)

    def _fill(self, target: Floats, colour: Point, alpha: float) -> None:
        x, y, mask = self._mask(target, 2)
        if mask.size:
            cv2.fillPoly(mask, [_fixed(target, x, y)], 255, cv2.LINE_AA, 4)
        self._over(np.array(colour, dtype=np.float32), mask * np.float32(alpha / 255), x, y)

    def _mask(self, target: Floats, margin: float) -> tuple[int, int, npt.NDArray[np.uint8]]:
        """An empty mask around these pixels, cut at the layer's edge, and where it lies."""
        low, high = target.min(axis=0) - margin, target.max(axis=0) + margin
        x, y = max(int(low[0]), 0), max(int(low[1]), 0)
        right, bottom = min(int(np.ceil(high[0])) + 1, self.alpha.shape[1]), min(int(np.ceil(high[1])) + 1, self.alpha.shape[0])
        return x, y, np.zeros((max(bottom - y, 0), max(right - x, 0)), dtype=np.uint8)

    def _over(self, colour: Floats, alpha: Floats, x: int, y: int) -> None:
        height, width = alpha.shape
        if not height or not width:
            return
        old_colour, old_alpha = self.colour[y : y + height, x : x + width], self.alpha[y : y + height, x : x + width]
        share = np.asarray(alpha, dtype=np.float32)
        total = share + old_alpha * (1 - share)
        weight = np.divide(share, total, out=np.zeros_like(share), where=total > 1e-4)
        old_colour += (colour - old_colour) * weight[..., None]
        old_alpha[:] = total


def _fixed(target: Floats, x: int, y: int) -> npt.NDArray[np.int32]:
    """Pixels as OpenCV's fixed-point numbers with 4 fractional bits, from a mask's corner."""
    return np.round((target - np.array([x, y], dtype=np.float32)) * 16).astype(np.int32)


def lay(picture: Floats, sprite: Sprite, mask: Floats | None = None, shade: float = 1.0) -> None:
    """Lay a sprite over the picture in place; ``mask`` (whole picture, 0..1) hides parts of it."""
    height, width = sprite.pixels.shape[:2]
    part = picture[sprite.top : sprite.top + height, sprite.left : sprite.left + width]
    pixels = sprite.pixels
    if mask is not None:
        pixels = pixels * mask[sprite.top : sprite.top + height, sprite.left : sprite.left + width, None]
    part *= 1 - pixels[..., 3:]
    part += pixels[..., :3] * shade
