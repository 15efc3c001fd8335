"""Weights -> boxes, through ultralytics: the only place that imports it, and only once a model is loaded.

Ultralytics' own back ends and its non-maximum suppression are called directly. Its ``predict`` builds result
objects, checks sources and times itself on every call, on all cores and at the exported square: 43 CPU-ms a look
of 640x360 where this takes 24, 22 of them the network's own (YOLO11n INT8, OpenVINO, one core).

Every picture is inferred alone. On CPU a batch of four took 89 CPU-ms a picture where four batches of one took 82
(YOLOv8n checkpoint), and its boxes differed by up to 1.5e-4 pixels, so that a look would depend on its neighbours.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage

from pipeline.detectors.model_card import ModelCard, WeightsFormat
from pipeline.errors import ModelError
from pipeline.types import Image

Boxes = npt.NDArray[np.float32]
"""Nx6: x_min, y_min, x_max, y_max in pixels of the network's input, confidence 0..1, class number."""

STRIDE_PX = 32
_SAME_THING_IOU = 0.6
_MOST_BOXES = 300
# What a format needs beyond the project's own dependencies: (module, name of the package).
_EXTRA_PACKAGES = {
    WeightsFormat.ONNX: (("onnx", "onnx"), ("onnxruntime", "onnxruntime")),
    WeightsFormat.ENGINE: (("tensorrt", "tensorrt"),),
    WeightsFormat.OPENVINO: (("openvino", "openvino"),),
    WeightsFormat.PT: (),
}


class Network(Protocol):
    """A loaded network for one process, for any of its threads. Deterministic: the same picture gives the same boxes."""

    @property
    def class_names(self) -> dict[int, str]:
        """Class number -> name, as the weights state them."""
        ...

    @property
    def fixed_shape(self) -> tuple[int, int] | None:
        """(height, width) that every input must have; None where any multiple of 32 will do."""
        ...

    def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
        """Boxes of these classes in a picture that already has the network's size. Raises ModelError."""
        ...


def load_network(card: ModelCard, device: str) -> Network:
    """Load weights whose hash was checked. Raises ModelError: package missing, broken file, no detector."""
    missing = [package for module, package in _EXTRA_PACKAGES[card.format] if importlib.util.find_spec(module) is None]
    if missing:
        raise ModelError(
            f"{card.format.value} weights need a package that is not installed",
            where=str(card.weights),
            expected=", ".join(missing),
            hint=f"Install: pip install {' '.join(missing)}",
        )
    auto = _load_auto_backend(card, device)
    task = getattr(auto, "task", None) or getattr(getattr(auto.backend, "model", None), "task", None)
    if task not in {None, "detect"}:
        raise ModelError("weights are no detector", where=str(card.weights), expected="task detect", found=str(task))
    if card.format is WeightsFormat.OPENVINO and device == "cpu":
        from pipeline.detectors.openvino_shapes import ShapedOpenVino

        return UltralyticsNetwork(card, auto, ShapedOpenVino(auto.backend, card.weights))
    return UltralyticsNetwork(card, auto, None)


class Shaper(Protocol):
    """Makes a back end ready for inputs of another size."""

    @property
    def fixed_shape(self) -> tuple[int, int] | None:
        """As in Network."""
        ...

    def prepare(self, height: int, width: int) -> None:
        """From now on, inputs have this size."""
        ...


class UltralyticsNetwork:
    """An ultralytics AutoBackend with its own non-maximum suppression. Threads wait for each other while it runs."""

    def __init__(self, card: ModelCard, auto: Any, shaper: Shaper | None) -> None:
        """Keep a loaded back end; see load_network."""
        self._where = str(card.weights)
        self._auto = auto
        self._shaper = shaper
        self._running = Lock()
        self._end_to_end = bool(getattr(auto, "end2end", False))
        self.class_names: dict[int, str] = dict(auto.names)
        self.fixed_shape = shaper.fixed_shape if shaper else _fixed_shape(card, auto)

    def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
        """See Network."""
        import torch
        from ultralytics.utils.nms import non_max_suppression

        blob = cv2.dnn.blobFromImage(picture, 1 / 255.0, swapRB=True)
        try:
            with torch.inference_mode():
                with self._running:
                    if self._shaper:
                        self._shaper.prepare(picture.shape[0], picture.shape[1])
                    raw = self._auto(torch.from_numpy(blob).to(self._auto.device))
                (found,) = non_max_suppression(
                    raw, min_confidence, _SAME_THING_IOU, classes=classes, max_det=_MOST_BOXES, end2end=self._end_to_end
                )
                boxes: Boxes = found.cpu().numpy().astype(np.float32)
        except (RuntimeError, ValueError, TypeError, IndexError, KeyError, AssertionError) as err:
            raise ModelError("model failed while running", where=self._where, found=str(err) or type(err).__name__) from err
        if not np.isfinite(boxes).all():
            raise ModelError("model failed while running", where=self._where, expected="finite boxes", found="NaN or infinity")
        return boxes


def _fixed_shape(card: ModelCard, auto: Any) -> tuple[int, int] | None:
    """Exports have the size that they were exported with, unless they were exported as dynamic."""
    if card.format is WeightsFormat.PT or getattr(auto, "dynamic", False):
        return None
    size = getattr(auto.backend, "imgsz", None) or (card.image_size, card.image_size)
    return int(size[0]), int(size[1])


def _load_auto_backend(card: ModelCard, device: str) -> Any:
    # Whatever a broken file does to a loader: each of these was seen with one (text, truncated, wrong kind).
    broken = (RuntimeError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, OSError, ImportError, AssertionError)
    with _no_network_no_installs(), pillow_unpatched():
        try:
            # First, because it sets OMP_NUM_THREADS=1 unless somebody set it: torch then doesn't spin on other cores.
            from ultralytics import settings  # isort: skip
            import torch
            import torchvision  # type: ignore[import-untyped]  # noqa: F401 - no stubs; ultralytics' NMS uses it only if it is already imported
            from ultralytics.nn.autobackend import AutoBackend
        except ImportError as err:
            raise ModelError("a package is missing or broken", where="ultralytics", found=str(err), hint="Run: make setup") from err
        settings.update({"sync": False})  # type: ignore[no-untyped-call]  # ultralytics is not annotated here
        import pickle

        try:
            chosen = torch.device(device) if not device.startswith("intel:") else device
            auto = AutoBackend(model=str(card.weights), device=chosen, fp16=False, fuse=True, verbose=False)
        except (*broken, pickle.UnpicklingError) as err:
            raise ModelError(
                "cannot load weights",
                where=str(card.weights),
                expected=f"a {card.format.value} detector that device {device!r} can run",
                found=str(err) or type(err).__name__,
            ) from err
    return auto.eval()


@contextmanager
def pillow_unpatched() -> Iterator[None]:
    """Ultralytics replaces ``PIL.Image.open`` when it is imported, by one that wants to install a package for any file that is no picture.

    This puts the original back, so that a broken picture stays a broken picture for everybody else.
    """
    original = PillowImage.open
    try:
        yield
    finally:
        PillowImage.open = original


@contextmanager
def _no_network_no_installs() -> Iterator[None]:
    """Ultralytics reads these when it is imported: no pip, no look-ups, no analytics, settings in a folder of our own."""
    before = os.environ.copy()
    with tempfile.TemporaryDirectory(prefix="doorline-") as folder:
        os.environ |= {
            "YOLO_AUTOINSTALL": "false",
            "YOLO_OFFLINE": "true",
            "YOLO_VERBOSE": "false",
            "YOLO_CONFIG_DIR": folder,
        }
        try:
            yield
        finally:
            # Also takes back what ultralytics sets on import (OMP_NUM_THREADS=1, cuBLAS, TensorFlow): not for our children.
            os.environ.clear()
            os.environ.update(before)
