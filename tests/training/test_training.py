"""Training by the command line: killed, resumed, checked, and the export's refusals and cards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.detectors import hash_weights, load_card, verify_model
from pipeline.training.cards import write_cards
from pipeline.training.check import CheckReport, NegativeFigures, RealFigures, StreetFigures
from pipeline.training.classes import CLASSES, ROLES
from pipeline.training.export import Comparison, Export
from pipeline.training.libraries import ultralytics_ready
from pipeline.training.recipe import load_recipe
from pipeline.training.scoring import ClassScore, Scores
from tests.training.toys import coco_network, write_pictures, write_recipe

ROOT = Path(__file__).parents[2]


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline.cli", "models", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(folder: Path, *words: str) -> tuple[int, str, str]:
    process = start(folder, *words)
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures, COCO weights (random ones) and a recipe that pins them."""
    folder = tmp_path_factory.mktemp("training")
    write_pictures(folder)
    network = coco_network()
    with ultralytics_ready(1):
        import torch

        torch.save({"model": network.half(), "train_args": {"task": "detect"}}, folder / "real" / "base.pt")
    write_recipe(folder, sha256=hash_weights(folder / "real" / "base.pt"))
    return folder


@pytest.mark.long
def test_a_training_that_was_killed_goes_on_and_its_model_can_be_checked(place: Path) -> None:
    words = ("train", "--recipe", "recipe.yaml", "--pictures", "pictures", "--real", "real", "--out", "out", "--device", "cpu")
    process = start(place, *words)
    try:
        # As soon as the first epoch is kept, in the middle of the second or later.
        until = time.monotonic() + 200
        while not (place / "out/phase-1/weights/last.pt").exists() and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
    finally:
        process.kill()
        process.communicate()
    assert (place / "out/phase-1/weights/last.pt").exists()
    assert not (place / "out/toy.pt").exists()

    code, _, err = run(place, *words)
    assert code == 2
    assert "a training was begun here. Give --resume" in err

    code, out, err = run(place, *words, "--resume")
    assert code == 0, err
    assert "phase 1, epoch 1/2" not in err
    assert "phase 2, epoch 1/1" in err
    assert "10 pictures, 4 of them real" in out
    assert [size_trained_at(place / f"out/phase-{number}/weights/last.pt") for number in (1, 2)] == [192, 160]

    code, out, err = run(place, "check", "out/toy.pt", "--recipe", "recipe.yaml", "--pictures", "pictures", "--real", "real", "--json")
    assert code == 0, err
    figures = json.loads(out)
    assert figures["streets"]["large"]["classes"].keys() == {"goods"}
    assert figures["real"]["base"]["classes"]["person"]["things"] == 2

    changed = (place / "recipe.yaml").read_text().replace("batch: 4", "batch: 2")
    (place / "other.yaml").write_text(changed)
    code, _, err = run(place, *("other.yaml" if word == "recipe.yaml" else word for word in words), "--resume")
    assert code == 2
    assert "begun with another recipe" in err


@pytest.mark.long
def test_weights_that_the_recipe_does_not_pin_are_not_loaded(place: Path, tmp_path: Path) -> None:
    write_recipe(tmp_path, sha256="a" * 64)
    recipe, out = tmp_path / "recipe.yaml", tmp_path / "out"
    code, _, err = run(place, "train", "--recipe", str(recipe), "--pictures", "pictures", "--real", "real", "--out", str(out))
    assert code == 2
    assert "weights are not what the recipe pins" in err


def size_trained_at(checkpoint: Path) -> int:
    import torch

    with ultralytics_ready(1):
        return int(torch.load(checkpoint, map_location="cpu", weights_only=False)["train_args"]["imgsz"])


def scores(ap50: float) -> Scores:
    return Scores(10, {"person": ClassScore(7, ap50, ap50 / 2)}, ap50, ap50 / 2)


def test_cards_pin_what_was_exported_and_state_what_was_measured(tmp_path: Path) -> None:
    recipe = load_recipe(write_recipe(tmp_path, more="min_confidence: {goods: 0.4}\n"))
    folder = tmp_path / "model"
    exported = {name: folder / f"toy{name}_openvino_model" for name in ("", "_int8")}
    for path in exported.values():
        path.mkdir(parents=True)
        (path / "toy.xml").write_text(path.name)
    (tmp_path / "made.pt").write_bytes(b"weights")
    made = Export(exported[""], exported["_int8"], 300, (Comparison("streets", scores(0.8), scores(0.76)),), 16.0, 8.0)
    report = CheckReport(
        StreetFigures(scores(0.81), scores(0.62), 9.0), RealFigures(scores(0.7), scores(0.72)), (NegativeFigures("a.avi", 40, 2),)
    )
    int8, full = write_cards(folder, recipe, tmp_path / "made.pt", made, report)
    for path in (int8, full):
        card = load_card(path)
        verify_model(card)
        assert dict(card.classes) == dict(ROLES)
        assert tuple(card.classes) == CLASSES
        assert card.min_confidence == {"goods": 0.4}
    told = int8.read_text()
    for figure in ("mAP50 0.810", "mAP50 0.620", "0.700 (0.720)", "2 false goods", "in 40 pictures", "0.380 against 0.400", "ratio 0.50"):
        assert figure in told
    figures = json.loads((folder / "figures.json").read_text())
    assert figures["int8"]["real"]["person_ap50_lost"] == 0.02
    assert figures["int8"]["negatives"][0]["per_ten"] == 0.5
    assert figures["export"]["map50_95"]["streets"]["lost"] == 0.02
    assert str(tmp_path) not in told
