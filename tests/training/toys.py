"""Small recipes, pictures and networks for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from pipeline.training.classes import COCO_ALL
from pipeline.training.libraries import ultralytics_ready
from pipeline.training.recipe import Root

RECIPE = """\
name: toy
title: A toy
base: {{root: real, path: base.pt, sha256: {sha256}}}
image_size: 160
batch: 4
remember: 0.5
phases:
  - {{epochs: 2, freeze: 10, learning_rate: 0.001, close_mosaic: 1, image_size: 192, hide: 0.5, closer: 0.5, real_share: 0.4, remember: 1}}
  - {{epochs: 1, freeze: 0, learning_rate: 0.0005}}
sources:
  - {{name: rendered, root: pictures, images: "rendered/**/images/*.jpg", kind: rendered, validate_every: 4}}
  - {{name: people, root: real, images: "people/images/*.jpg", kind: real, labels: coco, unjudged: [goods]{first}}}
hold_out:
  - {{root: real, match: "people/images/*.jpg", last: 2}}
  - {{root: pictures, match: "mei*"}}
check:
  streets: {{root: pictures, images: "rendered/**/images/*.jpg"}}
  real: {{root: real, images: "people/images/*.jpg", labels: coco, last: 2}}
"""


def write_recipe(folder: Path, *, sha256: str = "0" * 64, first: int | None = 4, more: str = "") -> Path:
    """A recipe; ``first``: how many of the real pictures it takes."""
    path = folder / "recipe.yaml"
    path.write_text(RECIPE.format(sha256=sha256, first="" if first is None else f", first: {first}") + more, encoding="utf-8")
    return path


def write_pictures(folder: Path, *, rendered: int = 8, real: int = 6, street: str = "tong") -> dict[Root, Path]:
    """Coloured boxes on noise: class 1 rendered, COCO's person real. Returns the roots."""
    rng = np.random.default_rng(list(street.encode()))
    for place, count, kind in ((folder / "pictures" / "rendered" / street, rendered, 1), (folder / "real" / "people", real, 0)):
        if (place / "images").is_dir():
            continue
        for part in ("images", "labels", "ignored"):
            (place / part).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            image = rng.integers(0, 255, (72, 96, 3)).astype(np.uint8)
            left, top = int(rng.integers(0, 50)), int(rng.integers(0, 30))
            cv2.rectangle(image, (left, top), (left + 40, top + 36), (0, 160, 0), -1)
            cv2.imwrite(str(place / "images" / f"{number:03}.jpg"), image)
            row = f"{kind} {(left + 20) / 96:.5f} {(top + 18) / 72:.5f} {40 / 96:.5f} {36 / 72:.5f}\n"
            (place / "labels" / f"{number:03}.txt").write_text(row)
    return {Root.PICTURES: folder / "pictures", Root.REAL: folder / "real"}


def coco_network(kind: str = "yolov8n", seed: int = 7) -> Any:
    """A detector with COCO's classes and random weights, ready for training."""
    with ultralytics_ready(1):
        import torch
        from ultralytics.cfg import get_cfg
        from ultralytics.nn.tasks import DetectionModel

        torch.manual_seed(seed)
        model: Any = DetectionModel(f"{kind}.yaml", nc=80, verbose=False)  # type: ignore[no-untyped-call]  # not annotated there
        model.args = vars(get_cfg())
        model.names = dict(enumerate(COCO_ALL))
        model.task = "detect"
        return model.eval()
