"""The real INT8 export of a toy: calibrated by nncf, it sees what the float model sees, and its head stays in float."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.detectors import load_card, verify_model
from pipeline.errors import ModelError
from pipeline.training.cards import write_cards
from pipeline.training.check import CheckReport
from pipeline.training.classes import CLASSES
from pipeline.training.export import Export, export
from pipeline.training.libraries import ultralytics_ready
from pipeline.training.recipe import Recipe, Root, Roots, load_recipe
from pipeline.training.seeing import fitted, read_picture, street_eye
from tests.training.toys import coco_network, write_pictures, write_recipe

needs_nncf = pytest.mark.skipif(importlib.util.find_spec("nncf") is None, reason="nncf is not installed: make training")
SIZE = 160
FINEST = (SIZE // 8) ** 2
"""Positions of the head's finest level."""


@dataclass(frozen=True)
class Made:
    """An export of a network with random weights, and what it was made from."""

    export: Export
    recipe: Recipe
    roots: Roots
    weights: Path
    folder: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    place = tmp_path_factory.mktemp("export")
    roots = write_pictures(place)
    recipe, weights, folder = load_recipe(write_recipe(place)), place / "toy.pt", place / "model"
    write_lively_weights(weights, roots)
    return Made(export(weights, recipe, roots, folder, calibration=6), recipe, roots, weights, folder)


def write_lively_weights(path: Path, roots: Roots) -> None:
    """Random weights let a signal die away; with batch normalisation settled on these pictures, the output depends on the picture."""
    network = coco_network()
    with ultralytics_ready(1):
        import torch

        from pipeline.training.head import save_weights, street_model

        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None
        with torch.no_grad():
            network.train()(torch.from_numpy(np.concatenate([network_input(picture) for picture in rendered(roots)])))
        save_weights(street_model(network.eval()), path)


def rendered(roots: Roots) -> list[Path]:
    return sorted(roots[Root.PICTURES].glob("rendered/tong/images/*.jpg"))


def network_input(path: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    shown, *_ = fitted(read_picture(path), SIZE, (SIZE, SIZE))
    return np.ascontiguousarray(shown[..., ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / np.float32(255)


def read_graph(model: Path) -> Any:
    import openvino

    return openvino.Core().read_model(str(model / "toy.xml"))


def logits(model: Path, pictures: list[Path]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Class scores before the sigmoid: picture, class, position of the finest level."""
    import openvino

    compiled = openvino.Core().compile_model(read_graph(model), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})
    scores = np.stack([compiled(network_input(path))[0][0, 4:, :FINEST].astype(np.float64) for path in pictures])
    found: np.ndarray[Any, np.dtype[np.float64]] = np.log(scores / (1 - scores))
    return found


def likeness(first: np.ndarray[Any, np.dtype[np.float64]], second: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Mean correlation over positions, of each class in each picture."""
    pairs = zip(first.reshape(-1, FINEST), second.reshape(-1, FINEST), strict=True)
    return float(np.mean([np.corrcoef(one, other)[0, 1] for one, other in pairs]))


@needs_nncf
@pytest.mark.long
def test_int8_sees_what_float_sees(made: Made) -> None:
    pictures = rendered(made.roots)
    full, int8 = logits(made.export.float_model, pictures), logits(made.export.int8_model, pictures)
    assert full.shape == (8, len(CLASSES), FINEST)
    assert likeness(full, int8) > 0.75  # with random weights every rounding grows from layer to layer: about 0.87
    assert abs(likeness(full, np.roll(int8, 1, axis=0))) < 0.3  # what it sees in another picture


@needs_nncf
@pytest.mark.long
def test_convolutions_are_int8_and_what_follows_the_head_is_float(made: Made) -> None:
    graph = read_graph(made.export.int8_model)
    quantised = [operation for operation in graph.get_ordered_ops() if operation.get_type_name() == "FakeQuantize"]
    readers = {port.get_node().get_friendly_name() for operation in quantised for port in operation.output(0).get_target_inputs()}
    assert len(quantised) > 50
    assert any("/aten::_convolution/" in name for name in readers)
    assert not [name for name in readers if "model.22/" in name or "model.22.dfl" in name]
    sizes = [(model / "toy.bin").stat().st_size for model in (made.export.float_model, made.export.int8_model)]
    assert sizes[1] < 0.3 * sizes[0]


@needs_nncf
@pytest.mark.long
def test_an_export_states_what_was_done_and_tells_nothing_of_the_machine(made: Made) -> None:
    done = made.export
    assert done.calibrated_on == 6
    assert [each.pictures for each in done.comparisons] == ["streets", "real"]
    assert [each.int8_model.pictures for each in done.comparisons] == [8, 2]
    assert done.float_ms > 0
    assert done.int8_ms > 0
    for path in sorted(done.int8_model.iterdir()):
        assert str(made.folder.parent).encode() not in path.read_bytes(), path
    assert {path.name for path in done.int8_model.iterdir()} == {"toy.xml", "toy.bin", "metadata.yaml"}


@needs_nncf
@pytest.mark.long
def test_the_card_of_an_export_loads_as_the_product_loads_it(made: Made) -> None:
    card, _ = write_cards(made.folder, made.recipe, made.weights, made.export, CheckReport(None, None, ()))
    verify_model(load_card(card))
    picture = read_picture(rendered(made.roots)[0])
    by_card, by_folder = (street_eye(path, SIZE).look(picture, 0.001) for path in (card, made.export.int8_model))
    assert len(by_card.boxes) > 0
    assert np.array_equal(by_card.boxes, by_folder.boxes)


def test_without_nncf_an_export_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"nncf: INT8 needs a package that is not installed\. Run: make training"):
        export(tmp_path / "toy.pt", load_recipe(write_recipe(tmp_path)), {}, tmp_path / "out")
