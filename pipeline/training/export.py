"""A checkpoint -> OpenVINO in float and in INT8, and what INT8 costs and saves, measured side by side in one run."""

from __future__ import annotations

import importlib.util
import logging
import shutil
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from pipeline.errors import ConfigError, ModelError
from pipeline.training.check import judge, report_pictures
from pipeline.training.libraries import cores, ultralytics_ready
from pipeline.training.pictures import LabelledPicture, collect_pictures
from pipeline.training.recipe import Recipe, Roots
from pipeline.training.scoring import Scores
from pipeline.training.seeing import Eye, fitted, read_picture, street_eye

_KEPT_METADATA = ("description", "author", "license", "version", "stride", "task", "batch", "imgsz", "names", "channels", "end2end")
"""What ultralytics needs to load an export; the rest tells of the machine that made it."""
_TIMED_PICTURES = 60


@dataclass(frozen=True, slots=True)
class Comparison:
    """INT8 against float on one set of pictures."""

    pictures: str
    float_model: Scores
    int8_model: Scores

    @property
    def loss(self) -> float:
        """Mean AP50-95 that INT8 costs."""
        return self.float_model.map50_95 - self.int8_model.map50_95


@dataclass(frozen=True, slots=True)
class Export:
    """What was exported and measured."""

    float_model: Path
    int8_model: Path
    calibrated_on: int
    comparisons: tuple[Comparison, ...]
    float_ms: float
    """Median per picture on one thread; both models took turns on the same pictures."""
    int8_ms: float

    @property
    def time_ratio(self) -> float:
        """Time of INT8 over time of float."""
        return self.int8_ms / self.float_ms


def export(weights: Path, recipe: Recipe, roots: Roots, out: Path, *, calibration: int = 300) -> Export:
    """Write ``out/<name>_openvino_model`` and ``out/<name>_int8_openvino_model`` and compare them.

    Args:
        weights: the checkpoint of a training.
        calibration: pictures of the training, evenly spread over it, that INT8's ranges are read from.

    Raises ConfigError, FaultsError or ModelError; ModelError where nncf is not installed.
    """
    if importlib.util.find_spec("nncf") is None:
        raise ModelError("INT8 needs a package that is not installed", where="nncf", hint="Run: make training")
    training = collect_pictures(recipe, roots).training
    chosen = _spread(training, calibration)
    with ultralytics_ready(cores()):
        float_model = _to_openvino(weights, recipe, out)
        int8_model = out / f"{recipe.name}_int8_openvino_model"
        _quantise(float_model, int8_model, [_network_input(picture.path, recipe.image_size) for picture in chosen])
        eyes = street_eye(float_model, recipe.image_size), street_eye(int8_model, recipe.image_size)
        comparisons = tuple(
            Comparison(name, judge(eyes[0], pictures).everything, judge(eyes[1], pictures).everything)
            for name, pictures in _compared_on(recipe, roots)
        )
        float_ms, int8_ms = _timed(eyes, _spread(training, _TIMED_PICTURES))
    return Export(float_model, int8_model, len(chosen), comparisons, float_ms, int8_ms)


def _compared_on(recipe: Recipe, roots: Roots) -> list[tuple[str, tuple[LabelledPicture, ...]]]:
    wanted = (("streets", recipe.check.streets), ("real", recipe.check.real))
    return [(name, report_pictures(each, roots)) for name, each in wanted if each is not None and each.root in roots]


def _to_openvino(weights: Path, recipe: Recipe, out: Path) -> Path:
    """Ultralytics' own export, in float32, with a fixed square input that the product reshapes."""
    from ultralytics.models import YOLO

    target = out / f"{recipe.name}_openvino_model"
    with tempfile.TemporaryDirectory(prefix="doorline-") as folder:
        copy = Path(folder) / f"{recipe.name}.pt"
        try:
            shutil.copyfile(weights, copy)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # torch tells ultralytics that tracing will go one day
                made = Path(YOLO(str(copy)).export(format="openvino", imgsz=recipe.image_size, dynamic=False, verbose=False))
        except (RuntimeError, ValueError, TypeError, AttributeError, AssertionError, OSError, ModuleNotFoundError) as err:
            raise ModelError("cannot export weights", where=str(weights), found=str(err)) from err
        _keep(made, target, recipe.name)
    return target


def _keep(made: Path, target: Path, name: str) -> None:
    """Move an export to its place under names of ours, with metadata that tell of the model alone."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for suffix in (".xml", ".bin"):
        shutil.copyfile(next(made.glob(f"*{suffix}")), target / f"{name}{suffix}")
    told = yaml.safe_load((made / "metadata.yaml").read_text(encoding="utf-8"))
    kept = {key: told[key] for key in _KEPT_METADATA if key in told}
    kept["description"] = f"Doorline {name}"
    (target / "metadata.yaml").write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")


def _quantise(float_model: Path, target: Path, inputs: Sequence[np.ndarray[Any, np.dtype[np.float32]]]) -> None:
    """Post-training quantisation. The arithmetic after the head's last convolutions stays in float: boxes need its digits."""
    import nncf
    import openvino as ov

    nncf.set_log_level(logging.WARNING)  # otherwise it names every layer that we leave in float
    model = ov.Core().read_model(str(next(float_model.glob("*.xml"))))
    names = [operation.get_friendly_name() for operation in model.get_ordered_ops()]
    sigmoids = [operation.get_friendly_name() for operation in model.get_ordered_ops() if operation.get_type_name() == "Sigmoid"]
    head = sigmoids[-1].split("/", 1)[0]
    kept = sorted({name for name in names if name in sigmoids or name.startswith((f"{head}/", f"{head}.dfl"))})
    quantised = nncf.quantize(
        model,
        nncf.Dataset(list(inputs)),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(inputs),
        ignored_scope=nncf.IgnoredScope(names=kept, validate=False),
    )
    with tempfile.TemporaryDirectory(prefix="doorline-") as folder:
        made = Path(folder)
        ov.save_model(quantised, str(made / "model.xml"), compress_to_fp16=False)
        shutil.copyfile(float_model / "metadata.yaml", made / "metadata.yaml")
        _keep(made, target, next(float_model.glob("*.xml")).stem)


def _network_input(path: Path, size: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A picture as the exported network takes it: 1x3xSIZExSIZE, RGB, 0..1."""
    shown, *_ = fitted(read_picture(path), size, (size, size))
    return np.ascontiguousarray(shown[..., ::-1].transpose(2, 0, 1)[None], dtype=np.float32) / np.float32(255)


def _spread(pictures: Sequence[LabelledPicture], count: int) -> list[LabelledPicture]:
    """So many pictures, evenly spread."""
    if not pictures:
        raise ConfigError("no pictures to calibrate on", expected="pictures of the training")
    steps = np.unique(np.linspace(0, len(pictures) - 1, min(count, len(pictures))).round().astype(int))
    return [pictures[step] for step in steps]


def _timed(eyes: tuple[Eye, Eye], pictures: Sequence[LabelledPicture]) -> tuple[float, float]:
    """Milliseconds per picture of two eyes that take turns, medians. The first three pictures compile and warm up."""
    spent: tuple[list[float], list[float]] = ([], [])
    images = [read_picture(picture.path) for picture in pictures]
    for number, image in enumerate([*images[:3], *images]):
        for eye, times in zip(eyes, spent, strict=True):
            began = time.perf_counter()
            eye.look(image, 0.25)
            if number >= 3:
                times.append((time.perf_counter() - began) * 1000)
    return float(np.median(spent[0])), float(np.median(spent[1]))
