"""Labels from a COCO model: what is sure, what is ignored; and how pictures are fitted to a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ConfigError
from pipeline.training import label as labelling
from pipeline.training.classes import CLASSES
from pipeline.training.label import LabelSettings, label
from pipeline.training.labels import YoloLabels
from pipeline.training.pictures import read_pictures
from pipeline.training.recipe import Root, Source
from pipeline.training.seeing import Found, fitted
from pipeline.types import Image
from tests.detectors.test_model_card import write_card
from tests.training.toys import write_pictures

SURE, FAINT, SMALL, BAG = (0.1, 0.1, 0.3, 0.9), (0.4, 0.1, 0.6, 0.9), (0.7, 0.1, 0.71, 0.2), (0.8, 0.5, 0.9, 0.9)


class SeesFour:
    """Stands for a network: a person, a faint one, a tiny one and a suitcase."""

    def __init__(self, *_: object) -> None: ...

    def look(self, _: Image, min_confidence: float) -> Found:
        confidences = np.array([0.9, 0.3, 0.8, 0.95])
        kinds = np.array([0, 0, 0, len(CLASSES) + CLASSES.index("goods")])
        kept = confidences >= min_confidence
        return Found(np.array([SURE, FAINT, SMALL, BAG])[kept], confidences[kept], kinds[kept])


def test_what_is_sure_is_a_label_and_the_rest_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.detectors import load_card

    monkeypatch.setattr(labelling, "Eye", SeesFour)
    roots = write_pictures(tmp_path, rendered=2)
    card = load_card(write_card(tmp_path))
    source = roots[Root.PICTURES] / "rendered/tong/images"
    out = tmp_path / "labelled"
    done = label(card, source, out, LabelSettings())
    assert (done.pictures, done.things, done.ignored) == (2, 2, 6)
    read = read_pictures(
        Source(name="s", root=Root.PICTURES, images="*", kind="real"), sorted((out / "images").iterdir()), YoloLabels("street")
    )
    assert [box.cls for box in read[0].boxes] == [0]
    assert read[0].boxes[0].box == pytest.approx((0.2, 0.5, 0.2, 0.8))
    assert [box.cls for box in read[0].ignored] == [0, 0, CLASSES.index("goods")]
    again = {path: path.read_bytes() for path in out.rglob("*.*")}
    label(card, source, out, LabelSettings())
    assert {path: path.read_bytes() for path in out.rglob("*.*")} == again


def test_furniture_drawn_by_hand_stands_in_every_picture_and_the_model_has_no_say_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.detectors import load_card

    chair, table = CLASSES.index("chair"), CLASSES.index("table")

    class SeesAChairAndAPerson(SeesFour):
        def look(self, _: Image, min_confidence: float) -> Found:
            return Found(
                np.array([(0.1, 0.2, 0.3, 0.8), (0.6, 0.1, 0.9, 0.9), SURE]), np.array([0.9, 0.9, 0.9]), np.array([chair, chair, 0])
            )

    monkeypatch.setattr(labelling, "Eye", SeesAChairAndAPerson)
    source = write_pictures(tmp_path, rendered=1)[Root.PICTURES] / "rendered/tong/images"
    standing = tmp_path / "standing"
    standing.mkdir()
    card, settings = load_card(write_card(tmp_path)), LabelSettings(standing=standing)
    with pytest.raises(ConfigError, match="nothing drawn by hand"):
        label(card, source, tmp_path / "out", settings)
    (standing / "labels.txt").write_text(f"{table} 0.2 0.5 0.2 0.7\n")
    (standing / "ignored.txt").write_text("* 0.95 0.95 0.1 0.1\n")
    label(card, source, tmp_path / "out", settings)
    rows = (tmp_path / "out/labels/000.txt").read_text().split("\n")
    assert [row.split(" ")[0] for row in rows if row] == [str(table), str(chair), "0"]
    assert rows[0] == f"{table} 0.200000 0.500000 0.200000 0.700000"
    assert (tmp_path / "out/ignored/000.txt").read_text().startswith("* 0.95")


def test_thresholds_the_wrong_way_round_are_refused(tmp_path: Path) -> None:
    from pipeline.detectors import load_card

    with pytest.raises(ConfigError, match="0 < unsure < sure"):
        label(load_card(write_card(tmp_path)), tmp_path, tmp_path / "out", LabelSettings(sure=0.2, unsure=0.3))


@pytest.mark.parametrize(("shape", "fixed", "expected"), [((90, 160), None, (192, 320)), ((90, 160), (320, 320), (320, 320))])
def test_pictures_keep_their_shape_in_a_network(shape: tuple[int, int], fixed: tuple[int, int] | None, expected: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 255, np.uint8)
    shown, scale, left, top = fitted(image, 320, fixed)
    assert shown.shape[:2] == expected
    assert scale == 2.0
    assert (shown[top : top + 180, left : left + 320] == 255).all()
    assert int((shown == 255).all(axis=2).sum()) == 180 * 320
