"""Seamless noise and the wear that every surface carries. Pictures are float arrays, RGB 0..255."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

Array = np.ndarray[Any, Any]


def clouds(rng: np.random.Generator, size: tuple[int, int], *, cells: int = 4, octaves: int = 6, fall: float = 0.55) -> Array:
    """Noise of (height, width) between 0 and 1 that meets itself at the edges; cells: blobs across in the coarsest layer."""
    height, width = size
    total, weight, weights = np.zeros(size, np.float32), 1.0, 0.0
    for octave in range(octaves):
        across = cells * 2**octave
        down = max(2, round(across * height / width))
        if across > width or down > height:
            break
        grid = np.pad(rng.random((down, across), dtype=np.float32), 2, mode="wrap")
        wide = cv2.resize(grid, (round(width * (across + 4) / across), round(height * (down + 4) / down)), interpolation=cv2.INTER_CUBIC)
        top, left = round(2 * height / down), round(2 * width / across)
        total += weight * wide[top : top + height, left : left + width]
        weights += weight
        weight *= fall
    return np.asarray(np.clip(total / weights, 0, 1))


def worn(picture: Array, rng: np.random.Generator, *, dirt: float = 0.3, grain: float = 4.0) -> Array:
    """Dust, stains and grain over a picture; dirt 0..1, grain in grey levels."""
    size = picture.shape[:2]
    shade = 1 + dirt * 1.2 * (clouds(rng, size) - 0.5)
    stains = np.clip(clouds(rng, size, cells=6, octaves=5) - 0.6, 0, 1) * dirt * 2.5
    noise = rng.normal(0, grain, (*size, 1)).astype(np.float32)
    return np.asarray(picture * (shade * (1 - stains))[..., None] + noise)


def streaked(picture: Array, rng: np.random.Generator, *, strength: float = 0.3, density: float = 0.02) -> Array:
    """Rain has run down: dark streaks that fade towards the bottom."""
    height, width = picture.shape[:2]
    starts = (rng.random((1, width)) < density).astype(np.float32)
    lines = cv2.GaussianBlur(np.repeat(starts, 3, 0), (0, 0), 2.5)[1:2] * 5
    fade = np.linspace(1, 0.25, height)[:, None]
    return np.asarray(picture * (1 - strength * np.clip(lines * fade, 0, 1))[..., None])


def spotted(picture: Array, rng: np.random.Generator, count: int, radii: tuple[int, int], level: float) -> Array:
    """Small spots (chewing gum, oil), darker than the ground by the factor level; they wrap around the edges."""
    height, width = picture.shape[:2]
    mask = np.zeros((height, width), np.float32)
    for x, y, radius in zip(rng.integers(0, width, count), rng.integers(0, height, count), rng.integers(*radii, count), strict=True):
        cv2.circle(mask, (int(x), int(y)), int(radius), float(rng.uniform(0.4, 1)), -1, cv2.LINE_AA)
    return np.asarray(picture * (1 - (1 - level) * mask)[..., None])
