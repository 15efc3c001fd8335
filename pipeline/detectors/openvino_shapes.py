"""OpenVINO on CPU at the size that is needed, on one thread.

Ultralytics exports a fixed square by default: a wide picture then costs two fifths more than it must, for grey
bars. The fixed sizes sit in a few constants (reshape targets, anchor points, strides), which are written anew
for another size; where anything is not as expected, the model stays as it was exported.

One thread: two need more CPU time for the same picture and there are always more cameras than cores.
Precision f32: on CPUs with bfloat16 the layers left unquantised would otherwise differ from CPU to CPU.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError

_STRIDES = (8, 16, 32)
_CONFIG = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
_MOST_SHAPES = 12
"""Compiled sizes kept in memory; each takes some tens of megabytes."""


class ShapedOpenVino:
    """Compiles the model of an ultralytics OpenVINO back end for every input size that is asked for."""

    def __init__(self, backend: Any, folder: Path) -> None:
        """Raises ModelError where the model can't be compiled at all."""
        self._backend = backend
        self._core = backend.ov.Core()
        self._xml = str(next(folder.glob("*.xml")))
        self._compiled: dict[tuple[int, int], Any] = {}
        shape = self._core.read_model(self._xml).input().get_partial_shape()
        self._exported = None if shape.is_dynamic else (shape[2].get_length(), shape[3].get_length())
        self.fixed_shape = self._exported
        if self._exported and self._can_be_resized(self._exported):
            self.fixed_shape = None

    def prepare(self, height: int, width: int) -> None:
        """Make the back end run the model compiled for this size."""
        key = (height, width)
        if key not in self._compiled:
            if len(self._compiled) >= _MOST_SHAPES:
                self._compiled.pop(next(iter(self._compiled)))
            self._compiled[key] = self._core.compile_model(self._model_for(height, width), "CPU", _CONFIG)
        self._backend.ov_compiled_model = self._compiled[key]

    def _model_for(self, height: int, width: int) -> Any:
        model = self._core.read_model(self._xml)
        if self._exported is None:
            model.reshape([1, 3, height, width])
        elif self._exported != (height, width):
            resized(self._backend.ov, model, self._exported, (height, width))
        return model

    def _can_be_resized(self, exported: tuple[int, int]) -> bool:
        """Try it with another size: the number of candidates must come out right and nothing may be left over."""
        height, width = exported[0] - _STRIDES[-1], exported[1]
        if height <= 0:
            return False
        model = self._core.read_model(self._xml)
        try:
            resized(self._backend.ov, model, exported, (height, width))
        except (RuntimeError, ModelError):
            return False
        return int(model.output().shape[2]) == _positions(height, width)


def _positions(height: int, width: int) -> int:
    """Candidates that a YOLO head gives for an input of this size."""
    return sum((height // stride) * (width // stride) for stride in _STRIDES)


def resized(ov: Any, model: Any, old: tuple[int, int], new: tuple[int, int]) -> Any:
    """Rewrite, in this model, every constant that holds the exported size.

    Returns the model once OpenVINO has checked all its shapes; RuntimeError or ModelError where it doesn't fit.
    """
    from openvino import opset13

    anchors_rewritten = 0
    for node in model.get_ordered_ops():
        kind = node.get_type_name()
        if kind == "Reshape" and node.input_value(1).get_node().get_type_name() == "Constant":
            target = _resized_target(node.input_value(1).get_node().data.tolist(), old, new)
            node.input(1).replace_source_output(opset13.constant(np.array(target, dtype=np.int64)).output(0))
        elif kind == "Constant" and tuple(node.data.shape) in {(1, 2, _positions(*old)), (1, 1, _positions(*old))}:
            rows = _anchor_points(*new) if node.data.shape[1] == 2 else _anchor_strides(*new)
            expected = _anchor_points(*old) if node.data.shape[1] == 2 else _anchor_strides(*old)
            if not np.array_equal(node.data, expected):
                raise ModelError("constants of the model's head are not as expected")
            constant = opset13.constant(rows)
            for user in node.output(0).get_target_inputs():
                user.replace_source_output(constant.output(0))
            anchors_rewritten += 1
    if anchors_rewritten != 2:
        raise ModelError("constants of the model's head are not where they are expected")
    model.get_parameters()[0].set_partial_shape(ov.PartialShape([1, 3, *new]))
    model.validate_nodes_and_infer_types()
    return model


def _resized_target(target: list[int], old: tuple[int, int], new: tuple[int, int]) -> list[int]:
    """A reshape target with the exported sizes replaced, whatever stride they belong to."""
    if target[-1] == _positions(*old):
        return [*target[:-1], _positions(*new)]
    for stride in _STRIDES:
        (old_height, old_width), (height, width) = (old[0] // stride, old[1] // stride), (new[0] // stride, new[1] // stride)
        if target[-2:] == [old_height, old_width] and len(target) == 4:
            return [*target[:-2], height, width]
        if target[-1] == old_height * old_width:
            return [*target[:-1], height * width]
    return target


def _anchor_points(height: int, width: int) -> npt.NDArray[np.float32]:
    """(1, 2, positions): centres of the cells, x then y, in cells."""
    grids = []
    for stride in _STRIDES:
        rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
        grids.append(np.stack([columns.ravel(), rows.ravel()]) + 0.5)
    return np.concatenate(grids, axis=1)[None].astype(np.float32)


def _anchor_strides(height: int, width: int) -> npt.NDArray[np.float32]:
    """(1, 1, positions): the stride of each cell in pixels."""
    return np.concatenate([np.full((height // s) * (width // s), s, np.float32) for s in _STRIDES])[None, None]
