"""A drawn street for the static eye: paving with joints, a wall, noise, and things that can be set on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from shapely.geometry import box as rectangle

from pipeline.config import StaticObjectSettings
from pipeline.detectors.static_object import StaticObjectDetector
from pipeline.stages import CloserLook
from pipeline.types import UNKNOWN_EPOCH, BoundingBox, Certainty, Detection, DetectionSource, Frame, Image, Role
from pipeline.zones import CameraZones, Zone, ZoneKind
from tests.footage.scenes import ArrayPicture

WIDTH, HEIGHT = 640, 360
BAG = BoundingBox(0.45, 0.60, 0.52, 0.72)

Change = Callable[[float, Image], Image]
"""What happens to the picture of the street at this second: draws on it or relights it, and gives it back."""


def street() -> Image:
    """The empty street, HxWx3 uint8 BGR, always the same."""
    rng = np.random.default_rng(5)
    canvas = np.full((HEIGHT, WIDTH, 3), (118, 122, 128), np.float32)
    canvas += cv2.GaussianBlur(rng.normal(0, 40, canvas.shape).astype(np.float32), (0, 0), 4)
    canvas[:90] = (95, 110, 150)
    for y in range(90, HEIGHT, 45):
        cv2.line(canvas, (0, y), (WIDTH, y), (80.0, 82.0, 86.0), 2)
    for x in range(0, WIDTH, 64):
        cv2.line(canvas, (x, 90), (x - 40, HEIGHT), (84.0, 86.0, 90.0), 2)
    cv2.rectangle(canvas, (60, 20), (180, 80), (60.0, 60.0, 70.0), -1)
    return np.clip(canvas, 0, 255).astype(np.uint8)


def put_bag(image: Image, box: BoundingBox = BAG, colour: tuple[int, int, int] = (40, 35, 50)) -> Image:
    """A bag with a lighter flap, drawn into the picture."""
    x_min, x_max, y_min, y_max = round(box.x_min * WIDTH), round(box.x_max * WIDTH), round(box.y_min * HEIGHT), round(box.y_max * HEIGHT)
    cv2.rectangle(image, (x_min, y_min), (x_max - 1, y_max - 1), colour, -1)
    flap = tuple(min(255, c + 40) for c in colour)
    cv2.rectangle(image, (x_min + 6, y_min + 6), (x_max - 7, (y_min + y_max) // 2), flap, -1)
    return image


def show(seconds: Sequence[float], change: Change, *, noise: float = 2.0) -> list[Frame]:
    """Looks at the street at these seconds, each with its own noise (grey levels)."""
    frames = []
    for second in seconds:
        image = change(second, street()).astype(np.float32)
        image += np.random.default_rng([9, round(100 * second)]).normal(0, noise, image.shape)
        picture = ArrayPicture(np.clip(np.rint(image), 0, 255).astype(np.uint8))
        frames.append(Frame("street", UNKNOWN_EPOCH + timedelta(seconds=second), second, picture))
    return frames


def zones(*more: Zone, reference: Path | None = None) -> CameraZones:
    """Everything below the wall is public ground."""
    pavement = Zone("pavement", ZoneKind.PUBLIC, rectangle(0, 0.25, 1, 1), name="Pavement", place="Pavement")
    return CameraZones(
        "street", "1", "Test", date(2026, 1, 1), "Test", reference, WIDTH / HEIGHT, (pavement, *more), ZoneInfo("Asia/Shanghai")
    )


def detector(camera_zones: CameraZones | None = None, closer_look: CloserLook | None = None) -> StaticObjectDetector:
    """A fresh static eye with its default settings."""
    return StaticObjectDetector(StaticObjectSettings(), camera_zones or zones(), closer_look)


def person(box: BoundingBox) -> Detection:
    """What the first eye says of somebody there."""
    return Detection("person", Role.PERSON, 0.8, box, DetectionSource.YOLO)


def watch(
    eye: StaticObjectDetector, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]] | None = None, batch: int = 1
) -> list[tuple[Detection, ...]]:
    """What the static eye itself adds to each look."""
    before = list(earlier or [()] * len(frames))
    seen: list[tuple[Detection, ...]] = []
    for start in range(0, len(frames), batch):
        seen += eye.detect(frames[start : start + batch], before[start : start + batch])
    return [tuple(d for d in look if d.source is DetectionSource.STATIC) for look in seen]


def sure_of(looks: Sequence[tuple[Detection, ...]]) -> list[list[Detection]]:
    """Per look, what the eye is sure of."""
    return [[d for d in look if d.certainty is Certainty.SURE] for look in looks]
