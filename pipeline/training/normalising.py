"""Gives a network back the statistics of its batch normalisation.

Exports fold normalisation into the convolutions. Weights that are read back from one have layers that normalise nothing: mean 0,
variance 1, factor 1. In use that is right. In training each batch would then really be brought to mean 0 and variance 1, and with the
first step the network would forget nearly all it knew. So the statistics are measured, and factor and offset chosen so that the network
computes what it did.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn


def is_folded(network: Any) -> bool:
    """Whether every normalisation of a network was folded into its convolutions."""
    layers = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    return bool(layers) and all(
        not bool(layer.running_mean.any()) and bool((layer.running_var == 1).all())
        for layer in layers
        if layer.running_mean is not None and layer.running_var is not None
    )


def with_statistics(network: Any, batches: Iterable[torch.Tensor]) -> Any:
    """A copy, in evaluation mode, that computes the same and whose normalisation knows what it normalises.

    Args:
        network: not changed.
        batches: (pictures, 3, height, width), float, as the network takes them: what it will be trained on.
    """
    known = copy.deepcopy(network).float().eval()
    layers = [layer for layer in known.modules() if isinstance(layer, nn.BatchNorm2d)]
    sums = [torch.zeros(3, layer.num_features, dtype=torch.float64) for layer in layers]
    hooks = [layer.register_forward_pre_hook(_adder(each)) for layer, each in zip(layers, sums, strict=True)]
    try:
        with torch.no_grad():
            for batch in batches:
                known.predict(batch)
    finally:
        for hook in hooks:
            hook.remove()
    for layer, (count, total, squares) in zip(layers, sums, strict=True):
        if bool((count > 0).all()):
            mean = total / count
            _restate(layer, mean, (squares / count - mean**2).clamp(min=0))
    return known


def _adder(sums: torch.Tensor) -> Any:
    def add(_: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        values = inputs[0].double()
        sums[0] += values.numel() / values.shape[1]
        sums[1] += values.sum((0, 2, 3))
        sums[2] += (values**2).sum((0, 2, 3))

    return add


def _restate(layer: nn.BatchNorm2d, mean: torch.Tensor, variance: torch.Tensor) -> None:
    """The same function of its input, written with other statistics."""
    with torch.no_grad():
        mean, variance = mean.to(layer.weight.dtype), variance.to(layer.weight.dtype)
        old_mean, old_variance = layer.running_mean, layer.running_var
        if old_mean is None or old_variance is None:
            return
        slope = layer.weight / (old_variance + layer.eps).sqrt()
        layer.bias.add_(slope * (mean - old_mean))
        layer.weight.copy_(slope * (variance + layer.eps).sqrt())
        old_mean.copy_(mean)
        old_variance.copy_(variance)
