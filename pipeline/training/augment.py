"""What cameras do to pictures: infrared, blur, noise, compression, something in the way. Pure; boxes stay where they are."""

from __future__ import annotations

from fractions import Fraction

import av
import cv2
import numpy as np

from pipeline.training.recipe import Augmentation
from pipeline.types import Image

_GREY = 114
_QUALITIES = 24, 37
"""Of x264: from what a generous camera sends to what a poor one does; the end is left out."""


def as_cameras_see(image: Image, settings: Augmentation, rng: np.random.Generator) -> Image:
    """A changed copy of a BGR picture; which changes and how strong is drawn from ``rng``."""
    changed = image.copy()
    if rng.random() < settings.erase:
        _erase(changed, rng)
    if rng.random() < settings.infrared:
        changed = _infrared(changed, rng)
    if rng.random() < settings.blur:
        changed = _blurred(changed, rng)
    if rng.random() < settings.noise:
        changed = _noisy(changed, rng)
    if rng.random() < settings.jpeg:
        changed = _compressed(changed, rng)
    if rng.random() < settings.h264:
        changed = as_key_frame(changed, int(rng.integers(*_QUALITIES)))
    return np.ascontiguousarray(changed)


def _erase(image: Image, rng: np.random.Generator) -> None:
    """One grey block of at most an eighth of each side: too small to hide many things whole."""
    height, width = image.shape[:2]
    block_height, block_width = (max(1, int(side * rng.uniform(0.03, 0.125))) for side in (height, width))
    top, left = int(rng.integers(height - block_height + 1)), int(rng.integers(width - block_width + 1))
    image[top : top + block_height, left : left + block_width] = _GREY


def _infrared(image: Image, rng: np.random.Generator) -> Image:
    """Grey with another weight of the colours (cloth and leaves are bright in infrared), gamma and contrast."""
    weights = rng.dirichlet([2.0, 2.0, 4.0])
    grey = (image.astype(np.float32) @ weights.astype(np.float32)) / 255.0
    grey = np.clip(grey ** rng.uniform(0.6, 1.3) * rng.uniform(0.8, 1.2), 0, 1)
    return np.repeat((grey * 255).astype(np.uint8)[..., None], 3, axis=2)


def _blurred(image: Image, rng: np.random.Generator) -> Image:
    return cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.5, 1.6))).astype(np.uint8)


def _noisy(image: Image, rng: np.random.Generator) -> Image:
    strength, channels = np.float32(rng.uniform(3.0, 14.0)), int(rng.choice([1, 3]))
    noise = rng.standard_normal((*image.shape[:2], channels), dtype=np.float32) * strength
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _compressed(image: Image, rng: np.random.Generator) -> Image:
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR) if done else None
    return image if decoded is None else decoded.astype(np.uint8)


def as_key_frame(image: Image, quality: int) -> Image:
    """A BGR picture coded as H.264 and read again. ``quality`` is x264's rate factor: 18 is hardly to be seen, 51 the worst.

    Sides that are odd keep their last row or column.
    """
    height, width = (side - side % 2 for side in image.shape[:2])
    if not height or not width:
        return image
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt, coder.time_base, coder.thread_count = width, height, "yuv420p", Fraction(1, 25), 1
    coder.options = {"crf": str(quality), "preset": "veryfast", "tune": "zerolatency"}
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image[:height, :width]), format="bgr24").reformat(format="yuv420p")
    packets = [*coder.encode(frame), *coder.encode(None)]
    reader = av.CodecContext.create("h264", "r")
    reader.thread_count = 1
    read = [found for packet in packets for found in reader.decode(packet)] + list(reader.decode(None))
    coded = image.copy()
    coded[:height, :width] = read[0].to_ndarray(format="bgr24")
    return coded
