"""Learning without forgetting: what COCO's detector says of a training picture has to stay readable in ours.

A detector that is trained on rendered streets forgets some of the people and vehicles of the real world. So COCO's network looks at every
training picture too. From the features that ours has before its last class layer, COCO's own rows for people, vehicles, chairs, bags ...
must go on saying what they say there, and boxes must stay where COCO draws them. What our rows say is left to our labels.
After Li and Hoiem, "Learning without Forgetting" (2016). Nothing of it is left in the network that is kept.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from pipeline.training.classes import COCO_CLASSES, COCO_MAYBE

_SAYS = 0.25
"""From this score on COCO's detector says that something is there, and where."""


class Memory:
    """COCO's detector beside the one that is trained. Listens to the latter; the loss of its last forward pass is asked for after it."""

    def __init__(self, coco: Any, model: Any, *, frozen: int) -> None:
        """
        Args:
            coco: the detector that training began from; copied.
            model: the one that is trained: the same layers, but for the last class layer.
            frozen: its first so many layers never change, so that COCO's are not run again.
        """
        self._coco = _teacher(coco, next(model.parameters()).device)
        self._first = min(frozen, len(model.model) - 1)
        self._shared: dict[int, torch.Tensor] = {}
        self._towers: dict[int, torch.Tensor] = {}
        for layer in model.model[: self._first]:
            if layer.i in model.save or layer.i == self._first - 1:
                layer.register_forward_hook(self._keep_layer)
        for level, branch in enumerate(model.model[-1].cv3):
            branch[-1].register_forward_pre_hook(self._keep_tower(level))

    def loss(self, images: torch.Tensor, boxes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """How far the network is from what COCO's says: of what is where, and of boxes; 0 where both agree.

        Args:
            images: (pictures, 3, height, width), the ones that the network has just seen.
            boxes: (pictures, 4 * bins, positions), its raw box outputs.
        """
        with torch.no_grad():
            recalled = self._recall(images)
            wanted, wanted_boxes = recalled["scores"].float(), recalled["boxes"].float()
            said = wanted.sigmoid()
            sureness = said.amax(1)
            sure = sureness > _SAYS
        scores = self._scores().float()
        # Cross entropy less its least value, term by term: the difference of two large sums would be noise.
        classes = (functional.softplus(scores) - functional.softplus(wanted) - said * (scores - wanted)).sum()
        sides = _by_side(boxes.float(), sure), _by_side(wanted_boxes, sure)
        apart = functional.kl_div(sides[0].log_softmax(-1), sides[1].log_softmax(-1), reduction="none", log_target=True).sum(-1).mean(-1)
        weight = sureness[sure]
        total = weight.sum().clamp(min=1)
        return classes / total, (apart * weight).sum() / total

    def _keep_layer(self, layer: Any, _: Any, output: torch.Tensor) -> None:
        self._shared[layer.i] = output

    def _keep_tower(self, level: int) -> Any:
        def keep(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            self._towers[level] = inputs[0]

        return keep

    def _recall(self, images: torch.Tensor) -> Any:
        """COCO's raw outputs, from the first layer that may differ on."""
        outputs = dict(self._shared)
        found: Any = outputs[self._first - 1] if self._first else images
        for layer in self._coco.model[self._first :]:
            if layer.f != -1:
                found = outputs[layer.f] if isinstance(layer.f, int) else [found if at == -1 else outputs[at] for at in layer.f]
            if layer is self._coco.model[-1]:
                return layer.forward_head(found, **layer.one2many)
            found = outputs[layer.i] = layer(found)
        raise AssertionError("a detector ends with its head")

    def _scores(self) -> torch.Tensor:
        """What COCO's rows say of the trained features: (pictures, rows, positions)."""
        rows = (branch[-1] for branch in self._coco.model[-1].cv3)
        return torch.cat([row(self._towers[level]).flatten(2) for level, row in enumerate(rows)], -1)


def _teacher(coco: Any, device: torch.device) -> Any:
    """A copy that never changes, with the rows of the classes that mean something on a street."""
    teacher = copy.deepcopy(coco).to(device=device, memory_format=torch.channels_last).eval()
    for parameter in teacher.parameters():
        parameter.requires_grad = False
    meant = {*COCO_CLASSES, *COCO_MAYBE}
    rows = sorted(number for number, name in coco.names.items() if name in meant)
    head = teacher.model[-1]
    for branch in head.cv3:
        old = branch[-1]
        branch[-1] = nn.Conv2d(old.in_channels, len(rows), 1, device=device).requires_grad_(False)
        branch[-1].load_state_dict({"weight": old.weight[rows], "bias": old.bias[rows]})
    head.nc = len(rows)
    return teacher


def _by_side(boxes: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
    """(chosen positions, 4 sides, bins) of raw box outputs."""
    pictures, channels, positions = boxes.shape
    return boxes.view(pictures, 4, channels // 4, positions).permute(0, 3, 1, 2)[at]
