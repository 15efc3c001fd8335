"""A detector over whole pictures, its classes translated to ours: what check, label and export look through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.detectors.model_card import ModelCard, WeightsFormat, hash_weights, load_card, verify_model
from pipeline.detectors.network import STRIDE_PX, load_network
from pipeline.errors import ConfigError, ModelError, SourceError
from pipeline.readers import open_reader
from pipeline.training.classes import CLASSES, COCO_CLASSES
from pipeline.types import Frame, Image, Role

_GREY = (114, 114, 114)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one picture, surest first."""

    boxes: npt.NDArray[np.float64]
    """Nx4: x_min, y_min, x_max, y_max, fractions of the picture."""
    confidences: npt.NDArray[np.float64]
    classes: npt.NDArray[np.int64]
    """As numbered by the eye's ``names``."""


class Eye:
    """A loaded network. Deterministic; every picture is looked at alone."""

    def __init__(self, card: ModelCard, names: Mapping[str, int], image_size: int, device: str = "cpu") -> None:
        """Load weights whose hash the card states.

        Args:
            names: the model's class name -> number to report; other classes are left out.
            image_size: longest side that the network sees, pixels.

        Raises ModelError: weights missing, changed or broken, or without any of these classes.
        """
        verify_model(card)
        self._network = load_network(card, device)
        self._size = image_size
        self._numbers = {number: names[name] for number, name in self._network.class_names.items() if name in names}
        if not self._numbers:
            raise ModelError("model knows none of the classes", where=str(card.weights), expected=", ".join(sorted(names)))

    def look(self, image: Image, min_confidence: float) -> Found:
        """Everything in a BGR picture that the network is so sure of (0..1). Raises ModelError."""
        shown, scale, left, top = fitted(image, self._size, self._network.fixed_shape)
        raw = self._network.infer(shown, sorted(self._numbers), min_confidence).astype(np.float64)
        boxes = (raw[:, :4] - [left, top, left, top]) / scale / [image.shape[1], image.shape[0], image.shape[1], image.shape[0]]
        order = np.argsort(-raw[:, 4], kind="stable")
        kinds = np.array([self._numbers[int(kind)] for kind in raw[order, 5]], dtype=np.int64)
        return Found(np.clip(boxes[order], 0, 1), raw[order, 4], kinds)


def street_eye(weights: Path, image_size: int | None = None) -> Eye:
    """Look through a street model: a card (``.yaml``) or weights of one's own. Numbers are those of CLASSES."""
    card = load_card(weights) if weights.suffix in {".yaml", ".yml"} else card_of(weights, image_size or 640)
    return Eye(card, {name: number for number, name in enumerate(CLASSES)}, image_size or card.image_size)


def coco_eye(card: ModelCard, image_size: int) -> Eye:
    """Look through a COCO model; what it finds is numbered as in CLASSES."""
    return Eye(card, {name: CLASSES.index(ours) for name, ours in COCO_CLASSES.items()}, image_size)


def card_of(weights: Path, image_size: int, sha256: str | None = None) -> ModelCard:
    """A card for weights that have none: their own, just trained (``sha256`` None), or those that a recipe pins."""
    kind = WeightsFormat.OPENVINO if weights.name.endswith("_openvino_model") else WeightsFormat.PT
    if kind is WeightsFormat.PT and weights.suffix != ".pt":
        raise ConfigError("no weights", where=str(weights), expected="a card.yaml, a .pt file or a folder ending in _openvino_model")
    return ModelCard(
        name=weights.name,
        title=weights.name,
        format=kind,
        weights=weights.resolve(),
        sha256=sha256 or hash_weights(weights),
        image_size=image_size,
        classes={"person": Role.PERSON},
        licence="AGPL-3.0",
    )


def fitted(image: Image, size: int, fixed: tuple[int, int] | None) -> tuple[Image, float, int, int]:
    """A picture scaled to a longest side of ``size`` and padded with grey to what a network takes.

    Returns the picture, the scale, and how much was added left and above, pixels.
    """
    height, width = image.shape[:2]
    scale = min(fixed[1] / width, fixed[0] / height) if fixed else size / max(height, width)
    inside_width, inside_height = max(1, round(width * scale)), max(1, round(height * scale))
    out_height, out_width = fixed or (-(-inside_height // STRIDE_PX) * STRIDE_PX, -(-inside_width // STRIDE_PX) * STRIDE_PX)
    scaled = cv2.resize(image, (inside_width, inside_height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (out_width - inside_width) // 2, (out_height - inside_height) // 2
    right, bottom = out_width - inside_width - left, out_height - inside_height - top
    padded = cv2.copyMakeBorder(scaled, top, bottom, left, right, cv2.BORDER_CONSTANT, value=_GREY)
    return padded.astype(np.uint8), scale, left, top


def read_picture(path: Path) -> Image:
    """A picture file as BGR. Raises ConfigError."""
    try:
        image = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error) as err:
        raise ConfigError("cannot read picture", where=str(path), found=str(err)) from err
    if image is None:
        raise ConfigError("cannot read picture", where=str(path), expected="JPEG or PNG")
    return image.astype(np.uint8)


def pictures_in(source: Path, every_s: float) -> Iterator[tuple[str, Image]]:
    """Name and BGR picture of each picture of a folder, or of a video every so many seconds (named by its milliseconds)."""
    if source.is_dir():
        paths = sorted(path for path in source.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
        if not paths:
            raise SourceError("folder has no pictures", where=str(source), expected=".jpg or .png files")
        for path in paths:
            yield path.stem, read_picture(path)
        return
    with open_reader(str(source), camera_id="training", interval_s=every_s) as reader:
        for look in reader:
            if isinstance(look, Frame):
                yield f"{source.stem}_{round(look.media_time_s * 1000):07d}", np.array(look.picture.bgr(), dtype=np.uint8)
