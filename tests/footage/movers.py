"""What a COCO model sees in the development looks, kept on disk by the content of the picture.

Stands in for the whole YOLO stage where only the static eye is scored: people, vehicles and animals at low
confidence, and the closer look at a cut-out.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from pipeline.detectors.network import pillow_unpatched
from pipeline.types import BoundingBox, Detection, DetectionSource, Frame, Image, Role
from tests.footage.scenes import WEIGHTS

KEPT = Path(tempfile.gettempdir()) / "doorline_movers.jsonl"
_ROLES = {0: Role.PERSON} | dict.fromkeys((1, 2, 3, 5, 7), Role.VEHICLE) | dict.fromkeys(range(14, 24), Role.ANIMAL)


class KnownMovers:
    """Detections of movers, looked up by picture; unknown pictures are shown to the model once."""

    def __init__(self, min_confidence: float = 0.15) -> None:
        """Read what is known so far."""
        self._min_confidence = min_confidence
        self._known: dict[str, list[list[float]]] = {}
        self._model: Any = None
        if KEPT.exists():
            for line in KEPT.read_text(encoding="utf-8").splitlines():
                key, rows = json.loads(line)
                self._known[key] = rows

    def in_picture(self, frame: Frame) -> tuple[Detection, ...]:
        """Movers in the whole picture."""
        image = frame.picture.bgr()
        return self._detections(image, (0, 0, image.shape[1], image.shape[0]), image.shape)

    def closer_look(self, frame: Frame, box: BoundingBox) -> tuple[Detection, ...]:
        """Movers in an enlarged square around a box."""
        image = frame.picture.bgr()
        height, width = image.shape[:2]
        reach = max(64 * width / 640, 1.2 * max(box.width * width, box.height * height))
        x, y = (box.x_min + box.x_max) / 2 * width, (box.y_min + box.y_max) / 2 * height
        window = (max(0, int(x - reach)), max(0, int(y - reach)), min(width, int(x + reach)), min(height, int(y + reach)))
        return self._detections(np.ascontiguousarray(image[window[1] : window[3], window[0] : window[2]]), window, image.shape)

    def _detections(self, image: Image, window: tuple[int, int, int, int], whole: tuple[int, ...]) -> tuple[Detection, ...]:
        found = []
        for x1, y1, x2, y2, confidence, number in self._rows(image):
            role = _ROLES.get(int(number))
            if role is None or confidence < self._min_confidence:
                continue
            box = BoundingBox(
                (window[0] + x1) / whole[1], (window[1] + y1) / whole[0], (window[0] + x2) / whole[1], (window[1] + y2) / whole[0]
            )
            found.append(Detection(role.value, role, confidence, box, DetectionSource.YOLO))
        return tuple(found)

    def _rows(self, image: Image) -> list[list[float]]:
        key = hashlib.sha1(image.tobytes(), usedforsecurity=False).hexdigest()
        if key not in self._known:
            self._known[key] = self._infer(image)
            with KEPT.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, self._known[key]]) + "\n")
        return self._known[key]

    def _infer(self, image: Image) -> list[list[float]]:
        if self._model is None:
            os.environ.setdefault("YOLO_AUTOINSTALL", "false")
            os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.gettempdir())
            with pillow_unpatched():
                # Slow to import, and not needed where everything is known.
                from ultralytics import YOLO  # type: ignore[attr-defined] # exported lazily

            self._model = YOLO(str(WEIGHTS), task="detect")
        scale = 640 / max(image.shape[:2])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        shown = cv2.resize(image, (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))), interpolation=how)
        boxes = self._model.predict(shown, imgsz=640, conf=0.1, verbose=False)[0].boxes
        rows = np.column_stack([boxes.xyxy.cpu().numpy() / scale, boxes.conf.cpu().numpy(), boxes.cls.cpu().numpy()])
        return [[round(float(value), 3) for value in row] for row in rows]
