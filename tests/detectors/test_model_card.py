"""Model cards: what they must hold, and that nothing unpinned or changed is ever loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.config import YoloSettings
from pipeline.detectors import hash_weights, load_card, verify_model
from pipeline.detectors.yolo import YoloModel
from pipeline.errors import FaultsError, ModelError
from pipeline.types import Role

CARDS = sorted(Path(__file__).parents[2].glob("models/*/card.yaml"))


def write_card(folder: Path, **changes: Any) -> Path:
    """A card for ``weights.pt`` with some of its keys changed (None: left out)."""
    card: dict[str, Any] = {
        "name": "small",
        "title": "A small model",
        "format": "pt",
        "weights": "weights.pt",
        "sha256": hashlib.sha256(b"weights").hexdigest(),
        "classes": {"person": "person"},
        "licence": "AGPL-3.0",
    }
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in (card | changes).items() if value is not None}), encoding="utf-8")
    return path


def test_a_card_says_what_it_says(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path, min_confidence={"person": 0.3}))
    assert card.classes == {"person": Role.PERSON}
    assert card.weights == (tmp_path / "weights.pt").resolve()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licence": None}, "licence"),
        ({"colour": "red"}, "colour"),
        ({"classes": {"person": "human"}}, "classes.person"),
        ({"classes": {}}, "classes"),
        ({"min_confidence": {"dog": 0.3}}, "dog"),
        ({"min_confidence": {"person": 3}}, "min_confidence"),
        ({"sha256": "ABC"}, "sha256"),
        ({"format": "onnx"}, "must end in '.onnx'"),
        ({"format": "tarball"}, "format"),
        ({"image_size": 641}, "image_size"),
    ],
)
def test_a_faulty_card_names_the_fault(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FaultsError) as caught:
        load_card(write_card(tmp_path, **changes))
    assert said in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_all_faults_of_a_card_are_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as caught:
        load_card(write_card(tmp_path, licence=None, colour="red"))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("text", ["", "- a list", "name: [", None])
def test_what_is_no_card_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "card.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=str(path)):
        load_card(path)


def test_the_hash_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(b"weights")
    assert hash_weights(tmp_path / "weights.pt") == hashlib.sha256(b"weights").hexdigest()


def test_the_hash_of_a_folder_covers_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "a_openvino_model"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.xml").write_bytes(b"1")
    (folder / "deep" / "a.bin").write_bytes(b"2")
    lines = f"{hashlib.sha256(b'1').hexdigest()}  b.xml\n{hashlib.sha256(b'2').hexdigest()}  deep/a.bin\n"
    before = hash_weights(folder)
    assert before == hashlib.sha256(lines.encode()).hexdigest()
    (folder / "b.xml").rename(folder / "c.xml")
    assert hash_weights(folder) != before
    (folder / "c.xml").rename(folder / "b.xml")
    assert hash_weights(folder) == before
    (folder / "more").write_bytes(b"")
    assert hash_weights(folder) != before


def test_changed_weights_are_refused_with_both_hashes(tmp_path: Path) -> None:
    card = load_card(write_card(tmp_path))
    (tmp_path / "weights.pt").write_bytes(b"something else")
    with pytest.raises(ModelError) as caught:
        verify_model(card)
    assert caught.value.expected == f"sha256 {card.sha256}"
    assert caught.value.found == f"sha256 {hashlib.sha256(b'something else').hexdigest()}"


def test_unpinned_weights_are_refused_and_the_hash_is_told(tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(b"weights")
    with pytest.raises(ModelError, match=hashlib.sha256(b"weights").hexdigest()):
        verify_model(load_card(write_card(tmp_path, sha256="")))


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="doorline models fetch"):
        verify_model(load_card(write_card(tmp_path)))


def test_a_changed_pickle_is_never_opened(tmp_path: Path) -> None:
    """The weights are a pickle that would leave a trace if anything unpickled it."""
    trace = tmp_path / "trace"
    (tmp_path / "weights.pt").write_bytes(f"cposix\nsystem\n(S'touch {trace}'\ntR.".encode())
    card = load_card(write_card(tmp_path))
    with pytest.raises(ModelError, match="not what the card pins"):
        YoloModel.load(card, YoloSettings(card=tmp_path / "card.yaml"))
    assert not trace.exists()


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_cards_of_the_project_are_whole(path: Path) -> None:
    card = load_card(path)
    assert card.name == path.parent.name
    assert card.sha256
    assert Role.PERSON in card.classes.values()


def test_there_are_cards() -> None:
    assert CARDS
