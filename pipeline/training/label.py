"""Labels for real pictures from a COCO model: what it is sure of is a thing, what it is unsure of is ignored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.detectors.model_card import ModelCard
from pipeline.errors import ConfigError
from pipeline.training.classes import CLASSES, COCO_CLASSES, COCO_MAYBE
from pipeline.training.labels import ANY_CLASS, LabelledBox, Labels, read_label_file, refuse_faults
from pipeline.training.seeing import Eye, Found, pictures_in
from pipeline.types import BoundingBox, Image

_SMALL_PX = 16.0
"""A side shorter than this, in a picture scaled to a width of 640, is too small to be learnt."""
_WIDEST_PX = 1280
_MAYBE = len(CLASSES)
"""Added to a class for COCO names that may or may not be one of it."""
_STANDING = ("labels.txt", "ignored.txt")
_FURNITURE = frozenset({CLASSES.index("table"), CLASSES.index("chair")})
_SAME_IOU, _SAME_COVER = 0.3, 0.6


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
    standing: Path | None = None
    """Folder with ``labels.txt`` and ``ignored.txt``: what stands in every picture, drawn by hand. The model's word on it is not taken."""


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
    standing = _read_standing(settings.standing)
    eye = Eye(card, names, settings.image_size)
    for part in ("images", "labels", "ignored"):
        (out / part).mkdir(parents=True, exist_ok=True)
    pictures = things = ignored = 0
    for name, image in pictures_in(source, settings.every_s):
        known, unknown = _rows(_besides(eye.look(image, settings.unsure), standing), image, settings.sure)
        known, unknown = [*map(_line, standing.things), *known], [*map(_line, standing.ignored), *unknown]
        _write_picture(out / "images" / f"{name}.jpg", image)
        (out / "labels" / f"{name}.txt").write_text("".join(known), encoding="utf-8")
        (out / "ignored" / f"{name}.txt").write_text("".join(unknown), encoding="utf-8")
        pictures, things, ignored = pictures + 1, things + len(known), ignored + len(unknown)
    return Labelling(pictures, things, ignored)


def _read_standing(folder: Path | None) -> Labels:
    """The boxes drawn by hand. Raises FaultsError for bad lines, ConfigError where neither file is there."""
    if folder is None:
        return Labels()
    if not any((folder / name).is_file() for name in _STANDING):
        raise ConfigError("nothing drawn by hand", where=str(folder), expected=" or ".join(_STANDING))
    faults: list[str] = []
    boxes, ignored = (read_label_file(folder / name, "street", faults)[0] for name in _STANDING)
    refuse_faults(faults)
    return Labels(boxes, ignored)


def _besides(found: Found, standing: Labels) -> Found:
    """Without the tables and chairs that were drawn by hand, whichever of both the model takes them for."""
    drawn = [_bounds(one) for one in (*standing.things, *standing.ignored)]
    kept = [
        kind % len(CLASSES) not in _FURNITURE or all(_apart(BoundingBox(*(float(value) for value in box)), other) for other in drawn)
        for box, kind in zip(found.boxes, found.classes.tolist(), strict=True)
    ]
    return Found(found.boxes[kept], found.confidences[kept], found.classes[kept])


def _apart(one: BoundingBox, other: BoundingBox) -> bool:
    return one.iou(other) < _SAME_IOU and one.covered_by(other) < _SAME_COVER


def _bounds(one: LabelledBox) -> BoundingBox:
    x, y, width, height = one.box
    return BoundingBox(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _line(one: LabelledBox) -> str:
    return f"{ANY_CLASS if one.cls is None else one.cls} " + " ".join(f"{value:.6f}" for value in one.box) + "\n"


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
