"""From a COCO detector to ours without throwing away what it knows.

Asked for another number of classes, ultralytics builds the class branch anew, narrower, and drops its weights. Here
the branch stays as wide as it was and only its last 1x1 convolutions are replaced: ten rows instead of eighty, each
the mean of the COCO rows that mean the same. A person scores before training exactly what it scored before.
"""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pipeline.detectors.model_card import hash_weights
from pipeline.errors import ModelError
from pipeline.training.classes import CLASSES, COCO_CLASSES

_EXPECTED_PER_PICTURE = 5.0
"""Things of one class that a new row expects in a picture of 640 x 640, as ultralytics' own heads begin."""
_KEPT_ARGUMENTS = ("task", "imgsz", "single_cls")


def load_checkpoint(path: Path, sha256: str | None = None) -> Any:
    """The network of an ultralytics checkpoint, float32, in evaluation mode.

    Args:
        path: the ``.pt`` file. It is a pickle: loading it runs what is in it.
        sha256: what it must be; None only for checkpoints that this process or an earlier run of it wrote.

    Raises ModelError: missing, another file than expected, no detector.
    """
    found = hash_weights(path)
    if sha256 is not None and found != sha256:
        raise ModelError("weights are not what the recipe pins", where=str(path), expected=f"sha256 {sha256}", found=f"sha256 {found}")
    from ultralytics.nn.tasks import load_checkpoint as load

    try:
        model, _ = load(str(path))  # type: ignore[no-untyped-call]  # not annotated there
    except (RuntimeError, ValueError, TypeError, KeyError, AttributeError, EOFError, OSError) as err:
        raise ModelError("cannot load weights", where=str(path), expected="an ultralytics checkpoint", found=str(err)) from err
    if getattr(model, "task", None) != "detect":
        raise ModelError("weights are no detector", where=str(path), expected="task detect", found=str(getattr(model, "task", None)))
    return model


def street_model(coco: Any) -> Any:
    """A copy of a COCO detector whose last class layer knows our classes. Raises ModelError for heads of another make."""
    head = coco.model[-1]
    if getattr(head, "one2one_cv3", None) is not None or not hasattr(head, "cv3"):
        raise ModelError("head is of another make", expected="a YOLOv8 or YOLO11 detector", found=type(head).__name__)
    numbers = {name: number for number, name in coco.names.items()}
    lacking = sorted(set(COCO_CLASSES) - set(numbers))
    if lacking:
        raise ModelError("base weights do not know COCO's classes", expected=", ".join(lacking), found=f"{len(numbers)} classes")
    rows = [[numbers[name] for name, ours in COCO_CLASSES.items() if ours == wanted] for wanted in CLASSES]
    model = copy.deepcopy(coco)
    head = model.model[-1]
    for branch, stride in zip(head.cv3, head.stride.tolist(), strict=True):
        branch[-1] = _last_layer(branch[-1], rows, stride)
    head.nc = len(CLASSES)
    head.no = len(CLASSES) + head.reg_max * 4
    model.names = dict(enumerate(CLASSES))
    model.nc = len(CLASSES)
    model.yaml = {**model.yaml, "nc": len(CLASSES)}
    model.criterion = None
    return model


def blended(trained: Any, coco: Any, share: float) -> Any:
    """A copy of a trained network whose every weight is ``share`` (0..1) of its own and the rest of what it was before training.

    A network fine-tuned on rendered streets forgets some of the real world; part of the way back it has kept most of
    what it learnt and got back most of what it forgot (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    ``coco``: the detector that training began from.
    """
    before = street_model(coco).state_dict()
    model = copy.deepcopy(trained)
    after = model.state_dict()
    mixed = {
        name: value * share + before[name].to(value.dtype) * (1 - share) if value.dtype.is_floating_point else value
        for name, value in after.items()
    }
    model.load_state_dict(mixed)
    return model


def averaged(trained: Sequence[Any]) -> Any:
    """A copy of the first of some networks that follow from each other, whose every weight is the mean of theirs.

    Each has forgotten something else of what all were shown (Izmailov et al. 2018, "Averaging weights leads to wider optima").
    """
    model = copy.deepcopy(trained[0])
    states = [each.state_dict() for each in trained]
    for name, value in model.state_dict().items():
        if value.dtype.is_floating_point:
            value.copy_(torch.stack([state[name].double() for state in states]).mean(0).to(value.dtype))
    return model


def recalling(trained: Any, coco: Any, shares: Mapping[str, float]) -> Any:
    """A copy of a trained network in which some classes are scored in part by COCO's own rows.

    Rows that were trained on rendered people know real ones less well than COCO's do, and the features of a training that was made to
    remember (remembering.py) can still be read by both.

    Args:
        coco: the detector that training began from.
        shares: class -> share (0..1) of COCO's row; the rest is the trained one's.
    """
    model = copy.deepcopy(trained)
    before = street_model(coco)
    with torch.no_grad():
        for ours, theirs in zip(model.model[-1].cv3, before.model[-1].cv3, strict=True):
            for name, share in shares.items():
                row = CLASSES.index(name)
                for values, old in ((ours[-1].weight, theirs[-1].weight), (ours[-1].bias, theirs[-1].bias)):
                    values[row] = values[row] * (1 - share) + old[row].to(values.dtype) * share
    return model


def save_weights(model: Any, path: Path, *, half: bool = True) -> None:
    """Write a checkpoint that plain ultralytics loads, without paths or times of the training. Takes its name when whole."""
    import ultralytics

    kept = copy.deepcopy(model)
    kept = (kept.half() if half else kept.float()).cpu().to(memory_format=torch.contiguous_format).eval()
    arguments = kept.args if isinstance(kept.args, dict) else vars(kept.args)
    kept.args = {key: arguments[key] for key in _KEPT_ARGUMENTS if key in arguments}
    kept.criterion = None
    for name in ("pt_path", "yaml_file"):
        if hasattr(kept, name):
            setattr(kept, name, "")
    kept.yaml = {key: value for key, value in kept.yaml.items() if key != "yaml_file"}
    for parameter in kept.parameters():
        parameter.requires_grad = False
    checkpoint = {"epoch": -1, "model": kept, "ema": None, "optimizer": None, "train_args": kept.args}
    checkpoint |= {"version": ultralytics.__version__, "license": "AGPL-3.0"}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        torch.save(checkpoint, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _last_layer(old: nn.Conv2d, rows: list[list[int]], stride: float) -> nn.Conv2d:
    """A 1x1 convolution with one row per class of ours."""
    new = nn.Conv2d(old.in_channels, len(rows), 1)
    if old.bias is None or new.bias is None:
        raise ModelError("head is of another make", expected="class layers with a bias")
    rare = math.log(_EXPECTED_PER_PICTURE / len(rows) / (640 / stride) ** 2)
    with torch.no_grad():
        nn.init.normal_(new.weight, std=0.01, generator=torch.Generator().manual_seed(0))
        new.bias.fill_(rare)
        for number, meant in enumerate(rows):
            if meant:
                new.weight[number] = old.weight[meant].mean(0)
                new.bias[number] = old.bias[meant].mean()
    return new
