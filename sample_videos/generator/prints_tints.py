"""Prints in other colours, mirrored, seen closer: for variants of things. Pure; kept on disk, as the prints are."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

MILD_TINTS, TINTS = 8, 24
"""Tints below MILD_TINTS change a picture a little, those from there up to TINTS turn its colours altogether."""
LARGEST_PX = 512


def tinted(picture: Image.Image, tint: int) -> Image.Image:
    """The picture in one of the tints; what it lets through stays."""
    rng = np.random.default_rng([tint, 77])
    mild = tint < MILD_TINTS
    turn = rng.normal(0, 0.012) if mild else rng.uniform(0.08, 0.92)
    richness = rng.uniform(0.7, 1.2) if mild else rng.uniform(0.35, 1.5)
    brightness = rng.uniform(0.72, 1.18) if mild else rng.uniform(0.55, 1.25)
    opaque = picture.convert("RGB")
    hsv = np.asarray(opaque.convert("HSV"), np.float32)
    changed = np.stack([(hsv[..., 0] + turn * 255) % 256, hsv[..., 1] * richness, hsv[..., 2] * brightness], -1)
    made = Image.fromarray(np.clip(changed, 0, 255).astype(np.uint8), "HSV").convert("RGB")
    if not mild and rng.random() < 0.2:
        made = ImageOps.invert(made)
    if "A" in picture.getbands():
        made.putalpha(picture.getchannel("A"))
    if rng.random() < 0.35:
        made = ImageOps.mirror(made)
    if rng.random() < 0.35:
        made = _closer(made, float(rng.uniform(0.6, 0.95)), rng)
    made.thumbnail((LARGEST_PX, LARGEST_PX))
    return made


def tinted_file(picture: Path, tint: int, folder: Path, name: str) -> Path:
    """The file of a picture in a tint, made when it is missing. name: what it is called in the folder, without ending."""
    path = folder / f"{name}~{tint}.png"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes may make the same file at the same time.
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with Image.open(picture) as opened:
            tinted(opened, tint).save(partial, format="PNG")
        partial.replace(path)
    return path


def _closer(picture: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """A part of the picture, as large as the whole."""
    width, height = int(picture.width * share), int(picture.height * share)
    left, top = int(rng.integers(picture.width - width + 1)), int(rng.integers(picture.height - height + 1))
    return picture.crop((left, top, left + width, top + height)).resize(picture.size, Image.Resampling.BILINEAR)
