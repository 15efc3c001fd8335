"""What another eye names is believed where something was put down, and doubted where the ground is as it was."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from pipeline.config import StaticObjectSettings
from pipeline.detectors.static_object import StaticObjectDetector
from pipeline.types import BoundingBox, Certainty, Detection, DetectionSource, Frame, Image, Role
from tests.static_object.scenery import BAG, Change, detector, person, put_bag, show, street, zones

SECONDS = [float(s) for s in range(16)]
PUT_DOWN_S = 6.0
TABLE = Detection("dining table", Role.FURNITURE, 0.7, BAG, DetectionSource.YOLO)


def _table_from(put_down_s: float) -> Change:
    def change(second: float, image: Image) -> Image:
        return put_bag(image) if second >= put_down_s else image

    return change


def _certainty(eye: StaticObjectDetector, frames: list[Frame], named: tuple[Detection, ...] = (TABLE,)) -> list[Certainty | None]:
    """Per look, how sure the table is after the static eye; None where it is not in the look."""
    found = []
    for frame in frames:
        (look,) = eye.detect([frame], [named])
        found.append(next((d.certainty for d in look if d.label == TABLE.label), None))
    return found


def test_a_table_that_was_put_down_is_believed_at_once() -> None:
    frames = show(SECONDS, _table_from(PUT_DOWN_S))
    eye = detector()
    for frame in frames:
        named = (TABLE,) if frame.media_time_s >= PUT_DOWN_S else ()
        (look,) = eye.detect([frame], [named])
        assert [d.certainty for d in look if d.source is DetectionSource.YOLO] == [Certainty.SURE] * len(named)


def test_a_table_that_stood_there_when_looking_began_may_belong_there() -> None:
    assert set(_certainty(detector(), show(SECONDS, _table_from(-1.0)))) == {Certainty.UNCERTAIN}


def test_the_clean_reference_says_whether_a_table_belongs_there(tmp_path: Path) -> None:
    empty, furnished = tmp_path / "empty.png", tmp_path / "furnished.png"
    cv2.imwrite(str(empty), street())
    cv2.imwrite(str(furnished), put_bag(street()))
    frames = show(SECONDS, _table_from(-1.0))
    assert set(_certainty(detector(zones(reference=empty)), frames)) == {Certainty.SURE}
    assert set(_certainty(detector(zones(reference=furnished)), frames)) == {Certainty.UNCERTAIN}


def test_a_table_that_somebody_hides_is_neither() -> None:
    frames = show(SECONDS, _table_from(PUT_DOWN_S))
    customer = person(BoundingBox(BAG.x_min - 0.05, BAG.y_min - 0.3, BAG.x_max + 0.05, BAG.y_max + 0.05))
    eye = detector()
    for frame in frames[:-1]:
        eye.detect([frame], [()])
    (look,) = eye.detect([frames[-1]], [(TABLE, customer)])
    assert next(d.certainty for d in look if d.label == TABLE.label) is Certainty.UNCERTAIN


@pytest.mark.parametrize("role", [Role.PERSON, Role.VEHICLE, Role.CANOPY])
def test_people_vehicles_and_canopies_are_never_doubted(role: Role) -> None:
    other = Detection("other", role, 0.7, BAG, DetectionSource.YOLO)
    frame, *_ = show(SECONDS, _table_from(-1.0))
    assert other in detector().detect([frame], [(other,)])[0]


def test_doubting_can_be_switched_off() -> None:
    eye = StaticObjectDetector(StaticObjectSettings(doubt_unchanged_ground=False), zones(), None)
    assert set(_certainty(eye, show(SECONDS[:4], _table_from(-1.0)))) == {Certainty.SURE}
