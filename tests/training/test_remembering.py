"""What COCO's detector said has to stay readable in the network that is trained."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.training.libraries import ultralytics_ready
from tests.training.toys import coco_network

ASIDE = 1e-3


def listening(frozen: int) -> tuple[Any, Any]:
    """A street model that has not been trained, and the memory beside it."""
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import street_model
        from pipeline.training.remembering import Memory

        coco = coco_network()
        rng = torch.Generator().manual_seed(2)
        with torch.no_grad():
            # A network with random weights says nothing anywhere: let it say something.
            for branch in coco.model[-1].cv3:
                branch[-1].weight.copy_(torch.randn(branch[-1].weight.shape, generator=rng))
                branch[-1].bias.zero_()
        model = street_model(coco).eval()
        return model, Memory(coco, model, frozen=frozen)


def forgotten(model: Any, memory: Any, seed: int = 3) -> tuple[Any, Any]:
    """The two losses after a look at some pictures."""
    import torch

    images = torch.rand(2, 3, 96, 128, generator=torch.Generator().manual_seed(seed))
    outputs = model.predict(images)[1]
    return memory.loss(images, outputs["boxes"])  # type: ignore[no-any-return]  # memory is Any: torch is imported late


@pytest.mark.parametrize("frozen", [0, 5, 10])
def test_before_training_nothing_is_forgotten(frozen: int) -> None:
    classes, boxes = forgotten(*listening(frozen))
    assert classes.item() == pytest.approx(0, abs=1e-4)
    assert boxes.item() == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("layer", [15, 22])
def test_what_changes_below_the_last_layer_counts_and_can_be_mended(layer: int) -> None:
    import torch

    model, memory = listening(10)
    with torch.no_grad():
        for name, weight in model.model[layer].named_parameters():
            if "cv3" not in name or not name.endswith(("2.weight", "2.bias")):
                weight.add_(0.05 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(1)))
    before, _ = forgotten(model, memory)
    assert before.item() > ASIDE
    weights = [weight for weight in model.model[layer].parameters() if weight.requires_grad]
    for _ in range(20):
        loss, _ = forgotten(model, memory)
        steps = torch.autograd.grad(loss, weights, allow_unused=True)
        with torch.no_grad():
            for weight, step in zip(weights, steps, strict=True):
                if step is not None:
                    weight -= 0.02 * step / (step.norm() + 1e-9)
    assert forgotten(model, memory)[0].item() < before.item()


def test_our_own_rows_may_say_what_they_like() -> None:
    import torch

    model, memory = listening(10)
    with torch.no_grad():
        for branch in model.model[-1].cv3:
            branch[-1].weight.add_(1.0)
    classes, boxes = forgotten(model, memory)
    assert classes.item() == pytest.approx(0, abs=1e-4)
    assert boxes.item() == pytest.approx(0, abs=1e-5)


def test_learning_changes_the_network_and_never_the_memory() -> None:
    import torch

    model, memory = listening(10)
    with torch.no_grad():
        model.model[15].cv1.conv.weight.add_(0.05)
    before = {name: value.clone() for name, value in memory._coco.state_dict().items()}
    loss, sides = forgotten(model, memory)
    (loss + sides).backward()
    assert all(weight.grad is None for weight in memory._coco.parameters())
    assert all(torch.equal(value, before[name]) for name, value in memory._coco.state_dict().items())
    assert model.model[15].cv1.conv.weight.grad.abs().sum() > 0


def test_boxes_that_moved_count_where_something_is_said() -> None:
    import torch

    model, memory = listening(10)
    _, same = forgotten(model, memory)
    with torch.no_grad():
        for branch in model.model[-1].cv2:
            branch[-1].bias.add_(torch.linspace(0, 3, len(branch[-1].bias)))
    _, moved = forgotten(model, memory)
    assert same.item() == pytest.approx(0, abs=1e-5)
    assert moved.item() > ASIDE
