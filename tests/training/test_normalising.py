"""Folded normalisation gets its statistics back, and the network computes what it did."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.training.libraries import ultralytics_ready
from tests.training.toys import coco_network


def folded(seed: int = 5) -> Any:
    """A network as it comes back from an export: convolutions with everything in them, normalisation that does nothing."""
    import torch
    from torch import nn

    network = coco_network(seed=seed)
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.weight.fill_(1.0)
                layer.bias.copy_(torch.randn(layer.bias.shape, generator=rng) * 0.3)
    return network


def pictures(seed: int, count: int = 3) -> list[Any]:
    import torch

    rng = torch.Generator().manual_seed(seed)
    return [torch.rand(2, 3, 96, 96, generator=rng) for _ in range(count)]


def test_the_network_computes_what_it_did_and_is_folded_no_more() -> None:
    with ultralytics_ready(1):
        import torch

        from pipeline.training.normalising import is_folded, with_statistics

        network = folded()
        assert is_folded(network)
        known = with_statistics(network, pictures(1))
        assert not is_folded(known)
        assert is_folded(network)
        (shown,) = pictures(2, 1)
        with torch.no_grad():
            before, after = network.predict(shown)[1], known.predict(shown)[1]
        for name in ("boxes", "scores"):
            assert torch.allclose(before[name], after[name], atol=2e-3), name


def test_in_training_it_starts_from_what_it_knew() -> None:
    """With batch statistics, outputs stay near what they were; without the statistics, they are something else."""
    with ultralytics_ready(1):
        import torch
        from torch import nn

        from pipeline.training.normalising import with_statistics

        network = folded()
        seen = pictures(3, 4)
        known = with_statistics(network, seen)

        def off(model: Any) -> float:
            for layer in model.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.train()
            with torch.no_grad():
                return float((model.predict(torch.cat(seen))[1]["scores"] - wanted).abs().mean())

        with torch.no_grad():
            wanted = network.predict(torch.cat(seen))[1]["scores"]
        assert off(known) < 0.05 * off(network)


def test_a_network_with_statistics_of_its_own_is_not_folded() -> None:
    with ultralytics_ready(1):
        import torch
        from torch import nn

        from pipeline.training.normalising import is_folded, with_statistics

        network = coco_network()
        with torch.no_grad():
            for layer in network.modules():
                if isinstance(layer, nn.BatchNorm2d) and layer.running_mean is not None:
                    layer.running_mean.add_(0.1)
        assert not is_folded(network)
        (shown,) = pictures(2, 1)
        with torch.no_grad():
            before, after = network.predict(shown)[1]["scores"], with_statistics(network, pictures(4)).predict(shown)[1]["scores"]
        assert torch.allclose(before, after, atol=2e-3)
        assert before.abs().mean().item() == pytest.approx(after.abs().mean().item(), rel=1e-3)
