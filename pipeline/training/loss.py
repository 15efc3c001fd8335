"""Ultralytics' loss, blind to what is ignored.

A sliver of a crate is no background, and no example of a crate either. Where an ignored box lies, a class is not
pushed down; things too small for the network's input become ignored, whatever augmentation made them small.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from ultralytics.utils.loss import v8DetectionLoss
from ultralytics.utils.tal import make_anchors

from pipeline.training.classes import CLASSES
from pipeline.training.remembering import Memory

IGNORED = len(CLASSES)
"""Label IGNORED + c: an ignored thing of class c."""
IGNORED_ANY = 2 * len(CLASSES)
"""Label of a region in which no class is judged."""


class _JudgedBce(nn.BCEWithLogitsLoss):
    """Binary cross entropy of each score; where nothing is judged, "nothing here" is not said."""

    def __init__(self) -> None:
        super().__init__(reduction="none")
        self.unjudged: torch.Tensor | None = None

    def forward(self, input: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """A thing that stands before an ignored one is learnt all the same."""
        loss = super().forward(input, target)
        return loss if self.unjudged is None else loss.masked_fill(self.unjudged & (target == 0), 0.0)


class IgnoringLoss(v8DetectionLoss):
    """Box, class and distance loss of YOLOv8, with ignored regions in the class loss."""

    def __init__(self, model: Any, smallest_px: float) -> None:
        """``smallest_px``: shorter side, at the network's input, below which a thing is ignored."""
        super().__init__(model)
        self.hyp: Any
        self.memory: Memory | None = None
        """COCO's detector, whose opinions are to be kept."""
        self.remember = 0.0
        """How much they count, beside the labels."""
        self._smallest_px = smallest_px
        self._judged = _JudgedBce()
        self.bce = self._judged

    def get_assigned_targets_and_loss(self, preds: dict[str, Any], batch: dict[str, Any], **assign: Any) -> Any:
        """See v8DetectionLoss; labels from IGNORED on are taken out first."""
        preds = {**preds, "boxes": preds["boxes"].float(), "scores": preds["scores"].float()}
        cells = preds["feats"][0].shape[2:]
        height, width = cells[0] * float(self.stride[0]), cells[1] * float(self.stride[0])  # type: ignore[index]  # stride is a tensor
        kinds = batch["cls"].view(-1).long().to(self.device)
        boxes = batch["bboxes"].to(self.device)
        small = (boxes[:, 2] * width < self._smallest_px) | (boxes[:, 3] * height < self._smallest_px)
        judged = (kinds < IGNORED) & ~small
        self._judged.unjudged = self._regions(preds, boxes * boxes.new_tensor([width, height, width, height]), kinds, batch, ~judged)
        kept = {"batch_idx": batch["batch_idx"].to(self.device)[judged], "cls": kinds[judged].float()[:, None], "bboxes": boxes[judged]}
        try:
            assigned, loss, items = super().get_assigned_targets_and_loss(preds, {**batch, **kept}, **assign)
        finally:
            self._judged.unjudged = None
        if self.memory is not None:
            classes, sides = self.memory.loss(batch["img"], preds["boxes"])
            loss = loss + self.remember * torch.stack([torch.zeros_like(sides), classes * self.hyp.cls, sides * self.hyp.dfl])
            items = {**items, "forgot": classes.detach()}
        return assigned, loss, items

    def _regions(
        self, preds: dict[str, Any], boxes: torch.Tensor, kinds: torch.Tensor, batch: dict[str, Any], taken: torch.Tensor
    ) -> torch.Tensor:
        """(pictures, positions, classes): True where nothing is judged."""
        points, strides = make_anchors(preds["feats"], self.stride, 0.5)  # type: ignore[no-untyped-call]  # not annotated there
        points = points * strides
        inside = ((points[None] - boxes[taken, None, :2]).abs() * 2 <= boxes[taken, None, 2:]).all(2)
        pictures, kinds = batch["batch_idx"].to(self.device).long()[taken], kinds[taken]
        every = torch.arange(len(CLASSES), device=self.device)
        # One row per class that a region concerns.
        concerned = (kinds[:, None] >= IGNORED_ANY) | (kinds[:, None] % len(CLASSES) == every)
        region, kind = torch.nonzero(concerned, as_tuple=True)
        count = torch.zeros(preds["scores"].shape[0] * len(CLASSES), len(points), device=self.device)
        count.index_add_(0, pictures[region] * len(CLASSES) + kind, inside[region].float())
        return (count > 0).view(-1, len(CLASSES), len(points)).transpose(1, 2)
