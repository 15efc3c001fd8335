"""From network boxes to detections: geometry, roles, thresholds, failures. The network here reads colours, exactly."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from pipeline.config import YoloSettings
from pipeline.detectors.model_card import ModelCard, WeightsFormat
from pipeline.detectors.network import STRIDE_PX, Boxes
from pipeline.detectors.yolo import YoloDetector, YoloModel
from pipeline.errors import ModelError
from pipeline.types import BoundingBox, Detection, Frame, Image, Role
from pipeline.zones import CameraZones
from tests.detectors.looks import START, ArrayPicture, look, zone, zones_of

COLOURS = {0: (0, 0, 255), 1: (0, 255, 0), 2: (255, 0, 0)}
NAMES = {0: "person", 1: "table", 2: "kite"}
SETTINGS = YoloSettings(card=Path("card.yaml"))


class ColourNetwork:
    """Finds even patches of pure colour: red persons, green tables, blue kites. Confidence grows with the patch."""

    class_names = NAMES

    def __init__(self, fixed_shape: tuple[int, int] | None = None, confidence: float = 0.9) -> None:
        self.fixed_shape = fixed_shape
        self.confidence = confidence
        self.inputs: list[tuple[int, ...]] = []

    def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
        self.inputs.append(picture.shape)
        assert picture.shape[0] % STRIDE_PX == 0 == picture.shape[1] % STRIDE_PX
        rows = []
        for number in classes:
            near = np.abs(picture.astype(int) - COLOURS[number]).max(axis=2) < 100
            count, _, stats, _ = cv2.connectedComponentsWithStats(near.astype(np.uint8), connectivity=8)
            for x, y, width, height, _ in stats[1:count].tolist():
                rows.append([x, y, x + width, y + height, self.confidence, number])
        kept = [row for row in rows if row[4] >= min_confidence]
        return np.array(kept, np.float32).reshape(-1, 6)


class BrokenNetwork(ColourNetwork):
    """Works once, then no more."""

    def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
        if self.inputs:
            raise ModelError("model failed while running", where="weights.pt", found="out of memory")
        return super().infer(picture, classes, min_confidence)


def card(**changes: object) -> ModelCard:
    given_card = {
        "name": "colours",
        "title": "t",
        "format": WeightsFormat.PT,
        "weights": Path("weights.pt"),
        "classes": {"person": Role.PERSON, "table": Role.FURNITURE},
        "licence": "AGPL-3.0",
    }
    return ModelCard.model_validate(given_card | changes)


def model(network: ColourNetwork | None = None, settings: YoloSettings = SETTINGS, **changes: object) -> YoloModel:
    return YoloModel(card(**changes), network or ColourNetwork(), settings, "a" * 64)


def street(*things: tuple[int, tuple[float, float, float, float]], size: tuple[int, int] = (1920, 1080)) -> Frame:
    """A look with patches of colour at these fractions of the picture."""
    image = np.full((size[1], size[0], 3), 128, np.uint8)
    for number, (x_min, y_min, x_max, y_max) in things:
        corner, opposite = (round(x_min * size[0]), round(y_min * size[1])), (round(x_max * size[0]) - 1, round(y_max * size[1]) - 1)
        cv2.rectangle(image, corner, opposite, COLOURS[number], -1)
    return look(image, 3.0)


def detect(frame: Frame, zones: CameraZones | None = None, eye: YoloModel | None = None) -> tuple[Detection, ...]:
    (found,) = YoloDetector(eye or model(), zones or zones_of()).detect([frame], [()])
    return found


def close(found: BoundingBox, expected: tuple[float, float, float, float], by: float = 0.004) -> bool:
    return all(abs(a - b) <= by for a, b in zip((found.x_min, found.y_min, found.x_max, found.y_max), expected, strict=True))


@pytest.mark.parametrize("size", [(1920, 1080), (720, 480), (640, 640), (576, 1024), (333, 251)])
@pytest.mark.parametrize("fixed", [None, (640, 640), (320, 640)])
def test_boxes_come_back_as_fractions_of_the_whole_picture(size: tuple[int, int], fixed: tuple[int, int] | None) -> None:
    where = (0.25, 0.5, 0.375, 0.75)
    (found,) = detect(street((0, where), size=size), eye=model(ColourNetwork(fixed)))
    assert close(found.box, where, by=2.5 / min(size))
    assert (found.label, found.role) == ("person", Role.PERSON)


def test_boxes_in_a_window_of_the_picture_are_placed_right() -> None:
    zones = zones_of(zone(box(0.55, 0.6, 0.9, 0.95)))
    where = (0.625, 0.5, 0.75, 0.75)
    (found,) = detect(street((1, where)), zones)
    assert close(found.box, where)


def test_a_thing_in_a_tile_and_in_the_wide_window_is_one() -> None:
    zones = zones_of(zone(box(0, 0.1, 1, 0.3), zone_id="far", smallest_thing=0.015), zone(box(0, 0.5, 1, 1), zone_id="near"))
    network = ColourNetwork()
    things = [(0.1, 0.15, 0.12, 0.25), (0.45, 0.2, 0.56, 0.28), (0.7, 0.55, 0.8, 0.9)]
    found = detect(street(*((1, where) for where in things)), zones, model(network))
    assert len(network.inputs) > 2
    assert len(found) == 3
    for where in things:
        assert any(close(detection.box, where) for detection in found)


def test_a_piece_at_the_edge_of_a_tile_is_no_thing_of_its_own() -> None:
    """The wide window sees a fence too faintly to name it; a tile that cuts it must not call its end a table."""
    zones = zones_of(zone(box(0.2, 0.1, 0.5, 0.2), zone_id="far", smallest_thing=0.01), zone(box(0, 0.5, 1, 1), zone_id="near"))

    class OnlyEnlarged(ColourNetwork):
        """Blind in the wide window."""

        def infer(self, picture: Image, classes: list[int], min_confidence: float) -> Boxes:
            found = super().infer(picture, classes, min_confidence)
            return found[:0] if len(self.inputs) == 1 else found

    whole, fence = (0.3, 0.12, 0.33, 0.16), (0.45, 0.12, 0.9, 0.15)
    (found,) = detect(street((1, whole), (1, fence)), zones, model(OnlyEnlarged()))
    assert close(found.box, whole)


def test_only_needed_pixels_are_converted() -> None:
    frame = street((0, (0.2, 0.5, 0.3, 0.8)))
    detect(frame)
    assert isinstance(frame.picture, ArrayPicture)
    assert frame.picture.widths_asked == [640]


def test_classes_that_the_card_does_not_name_are_ignored() -> None:
    assert detect(street((2, (0.2, 0.5, 0.3, 0.8)))) == ()


def test_a_class_that_the_model_lacks_is_an_error() -> None:
    with pytest.raises(ModelError, match="rickshaw"):
        model(classes={"rickshaw": Role.VEHICLE})


@pytest.mark.parametrize(
    ("confidence", "least", "expected"),
    [
        (0.2, {}, {"person"}),
        (0.3, {}, {"person", "table"}),
        (0.1, {}, set()),
        (0.3, {"table": 0.5}, {"person"}),
        (0.6, {"table": 0.5}, {"person", "table"}),
    ],
)
def test_each_role_and_class_has_its_least_confidence(confidence: float, least: dict[str, float], expected: set[str]) -> None:
    frame = street((0, (0.1, 0.5, 0.2, 0.8)), (1, (0.5, 0.5, 0.6, 0.8)))
    found = detect(frame, eye=model(ColourNetwork(confidence=confidence), min_confidence=least))
    assert {detection.label for detection in found} == expected


def test_what_was_seen_earlier_stays_in_front() -> None:
    known = detect(street((1, (0.5, 0.5, 0.6, 0.8))))
    (found,) = YoloDetector(model(), zones_of()).detect([street((0, (0.1, 0.5, 0.2, 0.8)))], [known])
    assert found[0] == known[0]
    assert len(found) == 2


def test_a_failure_names_the_look_and_is_never_empty_detections() -> None:
    frames = [street((0, (0.1, 0.5, 0.2, 0.8))), street((0, (0.1, 0.5, 0.2, 0.8)))]
    with pytest.raises(ModelError) as caught:
        YoloDetector(model(BrokenNetwork()), zones_of()).detect(frames, [(), ()])
    assert (START + timedelta(seconds=3)).isoformat() in str(caught.value)
    assert "out of memory" in str(caught.value)


@pytest.mark.parametrize("where", [(0.5, 0.5, 0.52, 0.53), (0.0, 0.0, 0.02, 0.03), (0.97, 0.95, 1.0, 1.0), (0.1, 0.1, 0.9, 0.9)])
def test_a_closer_look_sees_more_pixels_and_answers_in_the_whole_picture(where: tuple[float, float, float, float]) -> None:
    network = ColourNetwork()
    (found,) = model(network).closer_look(street((1, where)), BoundingBox(*where))
    assert close(found.box, where)
    assert network.inputs == [(320, 320, 3)]


def test_a_closer_look_that_fails_names_the_look() -> None:
    eye = model(BrokenNetwork())
    eye.closer_look(street(), BoundingBox(0.1, 0.1, 0.2, 0.2))
    with pytest.raises(ModelError, match="cam1 at 2024"):
        eye.closer_look(street(), BoundingBox(0.1, 0.1, 0.2, 0.2))


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0.03, 0.3), st.floats(0.03, 0.3), st.sampled_from([(640, 360), (400, 300), (352, 640)])
)
def test_any_patch_is_found_where_it_is(x: float, y: float, width: float, height: float, size: tuple[int, int]) -> None:
    where = (x, y, min(1.0, x + width), min(1.0, y + height))
    (found,) = detect(street((0, where), size=size))
    assert close(found.box, where, by=3 / min(size))
    assert 0 <= found.box.x_min < found.box.x_max <= 1
    assert 0 <= found.box.y_min < found.box.y_max <= 1


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (17, 5)])
def test_the_smallest_pictures_do_not_fail(size: tuple[int, int]) -> None:
    assert detect(street(size=size)) == ()


def test_the_version_tells_weights_card_and_settings_apart() -> None:
    versions = {
        model().version,
        model(min_confidence={"table": 0.5}).version,
        model(settings=YoloSettings(card=Path("card.yaml"), min_confidence=0.3)).version,
        YoloModel(card(), ColourNetwork(), SETTINGS, "b" * 64).version,
    }
    assert len(versions) == 4
    assert model().version == model().version
