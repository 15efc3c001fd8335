"""The head keeps what COCO taught; the loss does not see what is ignored; weights tell nothing of the machine."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.training.augment import as_cameras_see
from pipeline.training.classes import CLASSES, COCO_ALL
from pipeline.training.libraries import ultralytics_ready
from pipeline.training.recipe import Augmentation
from tests.training.toys import coco_network

pytestmark = pytest.mark.long


@pytest.mark.parametrize("kind", ["yolov8n", "yolo11n"])
def test_before_training_a_person_scores_what_it_scored(kind: str) -> None:
    coco = coco_network(kind)
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import street_model

        model = street_model(coco)
        picture = torch.rand(1, 3, 96, 128, generator=torch.Generator().manual_seed(1))
        with torch.inference_mode():
            before, after = coco(picture)[0], model(picture)[0]
    assert after.shape[1] == 4 + len(CLASSES)
    assert torch.equal(before[:, :4], after[:, :4])
    assert torch.allclose(before[:, 4 + COCO_ALL.index("person")], after[:, 4 + CLASSES.index("person")], atol=1e-6)
    assert torch.allclose(before[:, 4 + COCO_ALL.index("umbrella")], after[:, 4 + CLASSES.index("canopy")], atol=1e-6)
    # Of logits, not of scores: the mean row of cars, buses and trucks.
    logits = torch.logit(before[:, [4 + COCO_ALL.index(name) for name in ("car", "bus", "truck")]].double()).mean(1)
    assert torch.allclose(torch.logit(after[:, 4 + CLASSES.index("vehicle")].double()), logits, atol=1e-3)
    assert float(after[:, 4 + CLASSES.index("stall")].max()) < 0.1


def test_a_model_without_cocos_classes_is_refused() -> None:
    coco = coco_network()
    coco.names = {number: f"thing {number}" for number in range(80)}
    with ultralytics_ready(1):
        from pipeline.training.head import street_model

        with pytest.raises(ModelError, match="do not know COCO's classes"):
            street_model(coco)


def test_a_blend_lies_between_what_it_was_and_what_training_made_of_it() -> None:
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import blended, street_model

        coco = coco_network()
        trained = street_model(coco)
        generator = torch.Generator().manual_seed(2)
        with torch.no_grad():
            for parameter in trained.parameters():
                parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
        before, after = street_model(coco).state_dict(), trained.state_dict()
        mixed = blended(trained, coco, 0.75).state_dict()
        for name, value in mixed.items():
            expected = 0.75 * after[name] + 0.25 * before[name] if value.dtype.is_floating_point else after[name]
            assert torch.allclose(value, expected, atol=1e-6), name
        assert any(not torch.equal(mixed[name], after[name]) for name in mixed)
        assert all(torch.equal(value, after[name]) for name, value in blended(trained, coco, 1.0).state_dict().items())


def test_the_mean_of_phases_is_that_of_each_weight() -> None:
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import averaged, street_model

        first, second = street_model(coco_network()), street_model(coco_network())
        generator = torch.Generator().manual_seed(3)
        with torch.no_grad():
            for parameter in second.parameters():
                parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
        one, other = first.state_dict(), second.state_dict()
        before = {name: value.clone() for name, value in one.items()}
        for name, value in averaged([first, second]).state_dict().items():
            expected = (one[name] + other[name]) / 2 if value.dtype.is_floating_point else one[name]
            assert torch.allclose(value, expected, atol=1e-6), name
        assert all(torch.equal(value, before[name]) for name, value in first.state_dict().items())
        assert all(torch.equal(value, one[name]) for name, value in averaged([first]).state_dict().items())


def test_classes_are_scored_in_part_by_cocos_own_rows() -> None:
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import recalling, street_model

        coco = coco_network()
        before, trained = street_model(coco), street_model(coco)
        generator = torch.Generator().manual_seed(2)
        with torch.no_grad():
            for parameter in trained.parameters():
                parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
        kept = recalling(trained, coco, {"person": 0.25})
        person = CLASSES.index("person")
        rows = {f"model.22.cv3.{level}.2.{part}" for level in range(3) for part in ("weight", "bias")}
        old, was, now = before.state_dict(), trained.state_dict(), kept.state_dict()
        assert rows <= set(was)
        for name, value in now.items():
            if name in rows:
                assert torch.allclose(value[person], 0.75 * was[name][person] + 0.25 * old[name][person], atol=1e-6)
                value, was[name] = (torch.cat([each[:person], each[person + 1 :]]) for each in (value, was[name]))
            assert torch.equal(value, was[name]), name


def test_saved_weights_load_and_tell_nothing_of_the_machine(tmp_path: Path) -> None:
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import load_checkpoint, save_weights, street_model

        model = street_model(coco_network())
        model.args = {**model.args, "save_dir": str(tmp_path), "data": "/secret/place"}
        path = tmp_path / "out" / "made.pt"
        save_weights(model, path)
        assert b"/secret/place" not in path.read_bytes()
        assert str(tmp_path).encode() not in path.read_bytes()
        assert list(path.parent.iterdir()) == [path]
        again = load_checkpoint(path, hashlib.sha256(path.read_bytes()).hexdigest())
        assert again.names == dict(enumerate(CLASSES))
        picture = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1))
        with torch.inference_mode():
            assert torch.allclose(model(picture)[0][:, 4:], again(picture)[0][:, 4:], atol=0.02)
        with pytest.raises(ModelError, match="not what the recipe pins"):
            load_checkpoint(path, "0" * 64)


def class_gradient(kind: int, box: tuple[float, float, float, float], smallest_px: float = 2.0) -> Any:
    """Where the class loss of a picture with one labelled box pushes, as (class, row, column) of the finest level."""
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import street_model
        from pipeline.training.loss import IgnoringLoss

        model = street_model(coco_network())
        model.args = SimpleNamespace(box=0.0, cls=1.0, dfl=0.0)
        loss = IgnoringLoss(model, smallest_px)
        feats = [torch.zeros(1, 64, 96 // stride, 96 // stride) for stride in (8, 16, 32)]
        positions = sum(one.shape[2] * one.shape[3] for one in feats)
        scores = torch.zeros(1, len(CLASSES), positions, requires_grad=True)
        boxes = torch.zeros(1, 4, 16, positions)
        boxes[:, :, 1:3] = 9.0  # every position sees a thing that reaches 1.5 cells to each side
        preds: Any = {"boxes": boxes.view(1, 64, positions), "scores": scores, "feats": feats}
        batch = {"batch_idx": torch.zeros(1), "cls": torch.tensor([[float(kind)]]), "bboxes": torch.tensor([box])}
        total, _ = loss(preds, batch)
        total.sum().backward()  # type: ignore[no-untyped-call]  # not annotated there
        assert scores.grad is not None
        return scores.grad[0, :, :144].view(len(CLASSES), 12, 12).numpy()


def test_where_a_class_is_ignored_it_is_not_pushed_down_and_others_are() -> None:
    pushed = class_gradient(len(CLASSES) + 1, (0.25, 0.5, 0.5, 1.0))
    assert not pushed[1, :, :6].any()
    assert (pushed[1, :, 6:] > 0).all()
    assert (pushed[0] > 0).all()


def test_where_everything_is_ignored_nothing_is_pushed() -> None:
    pushed = class_gradient(2 * len(CLASSES), (0.5, 0.25, 1.0, 0.5))
    assert not pushed[:, :6].any()
    assert (pushed[:, 6:] > 0).all()


def test_a_thing_is_learnt_unless_it_is_too_small() -> None:
    box = (0.5, 0.5, 0.25, 0.25)
    assert class_gradient(1, box)[1].min() < 0
    too_small = class_gradient(1, box, smallest_px=30.0)
    assert (too_small >= 0).all()
    assert not too_small[1, 5:7, 5:7].any()


def test_cameras_change_pictures_the_same_way_for_the_same_numbers() -> None:
    image = np.random.default_rng(0).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    before = image.copy()
    all_of_it = Augmentation(infrared=1, blur=1, noise=1, jpeg=1, erase=1)
    changed = [as_cameras_see(image, all_of_it, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert np.array_equal(changed[0], changed[1])
    assert not np.array_equal(changed[0], changed[2])
    assert changed[0].shape == image.shape
    assert changed[0].dtype == np.uint8
    assert np.array_equal(image, before)
    grey = as_cameras_see(image, Augmentation(infrared=1, blur=0, noise=0, jpeg=0, erase=0), np.random.default_rng(1))
    assert (grey[..., 0] == grey[..., 1]).all()
    assert (grey[..., 1] == grey[..., 2]).all()
    none_of_it = Augmentation(infrared=0, blur=0, noise=0, jpeg=0, erase=0)
    assert np.array_equal(as_cameras_see(image, none_of_it, np.random.default_rng(1)), image)
