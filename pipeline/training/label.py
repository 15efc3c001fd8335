"""Labels for real pictures from a COCO model: what it is sure of is a thing, what it is unsure of is ignored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.detectors.model_card import ModelCard
from pipeline.errors import ConfigError
from pipeline.training.classes import CLASSES, COCO_CLASSES, COCO_MAYBE
from pipeline.training.seeing import Eye, Found, pictures_in
from pipeline.types import Image

_SMALL_PX = 16.0
"""A side shorter than this, in a picture scaled to a width of 640, is too small to be learnt."""
_WIDEST_PX = 1280
_MAYBE = len(CLASSES)
"""Added to a class for COCO names that may or may not be one of it."""


@dataclass(frozen=True, slots=True)
class Labelling:
    """What was labelled."""

    pictures: int
    things: int
    ignored: int


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """How pictures are taken and what counts as sure."""

    every_s: float = 1.0
    """Seconds from one picture of a video to the next."""
    sure: float = 0.5
    """Confidence from which on a detection is a label."""
    unsure: float = 0.12
    """Confidence from which on it is ignored."""
    image_size: int = 960
    """Longest side that the model sees, pixels; larger finds smaller people."""


def label(card: ModelCard, source: Path, out: Path, settings: LabelSettings) -> Labelling:
    """Write ``out/images``, ``out/labels`` and ``out/ignored`` for the pictures of a folder or a video.

    ``card`` is a COCO model, the stronger the better. Pictures that are there already are written again, to the same bytes.
    Raises ConfigError, SourceError or ModelError.
    """
    if not 0 < settings.unsure < settings.sure <= 1:
        found = f"{settings.unsure}, {settings.sure}"
        raise ConfigError("thresholds do not fit", where="--unsure, --sure", expected="0 < unsure < sure <= 1", found=found)
    names = {name: CLASSES.index(ours) for name, ours in COCO_CLASSES.items()}
    names |= {name: _MAYBE + CLASSES.index(ours) for name, ours in COCO_MAYBE.items()}
    eye = Eye(card, names, settings.image_size)
    for part in ("images", "labels", "ignored"):
        (out / part).mkdir(parents=True, exist_ok=True)
    pictures = things = ignored = 0
    for name, image in pictures_in(source, settings.every_s):
        known, unknown = _rows(eye.look(image, settings.unsure), image, settings.sure)
        _write_picture(out / "images" / f"{name}.jpg", image)
        (out / "labels" / f"{name}.txt").write_text("".join(known), encoding="utf-8")
        (out / "ignored" / f"{name}.txt").write_text("".join(unknown), encoding="utf-8")
        pictures, things, ignored = pictures + 1, things + len(known), ignored + len(unknown)
    return Labelling(pictures, things, ignored)


def _rows(found: Found, image: Image, sure: float) -> tuple[list[str], list[str]]:
    """Lines of the label file and of the file of ignored regions."""
    known: list[str] = []
    unknown: list[str] = []
    height, width = image.shape[:2]
    scale = 640 / width
    for box, confidence, kind in zip(found.boxes, found.confidences, found.classes, strict=True):
        x_min, y_min, x_max, y_max = (float(value) for value in box)
        if x_max <= x_min or y_max <= y_min:
            continue
        small = min((x_max - x_min) * width, (y_max - y_min) * height) * scale < _SMALL_PX
        line = f"{int(kind) % len(CLASSES)} {(x_min + x_max) / 2:.6f} {(y_min + y_max) / 2:.6f} {x_max - x_min:.6f} {y_max - y_min:.6f}\n"
        (known if confidence >= sure and kind < _MAYBE and not small else unknown).append(line)
    return known, unknown


def _write_picture(path: Path, image: Image) -> None:
    height, width = image.shape[:2]
    if width > _WIDEST_PX:
        image = cv2.resize(image, (_WIDEST_PX, round(height * _WIDEST_PX / width)), interpolation=cv2.INTER_AREA).astype(np.uint8)
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not done:
        raise ConfigError("cannot write picture", where=str(path))
    path.write_bytes(data.tobytes())
