"""What the closer look says decides whether something is a thing, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.types import BoundingBox, Detection, DetectionSource, Frame, Image, Role
from tests.static_object.scenery import BAG, detector, person, put_bag, show, sure_of, watch

SECONDS = [float(second) for second in range(40)]
AT_THE_EDGE = BoundingBox(0.45, 0.88, 0.52, 1.0)
ABOVE = BoundingBox(0.40, 0.50, 0.60, 0.95)
"""A parasol whose pole stands far below the bag."""


def seen(label: str, role: Role, confidence: float, box: BoundingBox = BAG) -> Detection:
    return Detection(label, role, confidence, box, DetectionSource.YOLO)


def sure_from(answers: Sequence[tuple[Detection, ...]], box: BoundingBox = BAG) -> float | None:
    """Second from which a bag that is there from second 5 on is reported; each closer look gets the next answer, at last the last one."""
    asked: list[float] = []

    def closer_look(frame: Frame, _: BoundingBox) -> tuple[Detection, ...]:
        asked.append(frame.media_time_s)
        return answers[min(len(asked), len(answers)) - 1]

    def change(second: float, image: Image) -> Image:
        return put_bag(image, box) if second >= 5 else image

    frames = show(SECONDS, change)
    looks = sure_of(watch(detector(closer_look=closer_look), frames))
    return next((frame.media_time_s for frame, found in zip(frames, looks, strict=True) if found), None)


NOTHING: tuple[Detection, ...] = ()
CRATE = (seen("crate", Role.GOODS, 0.5),)
PERHAPS = (seen("bicycle", Role.VEHICLE, 0.27),)
SURELY = (seen("bicycle", Role.VEHICLE, 0.5),)


def test_what_is_nothing_that_moves_is_reported_at_once_with_a_name_or_without() -> None:
    assert sure_from([CRATE]) == sure_from([NOTHING])
    assert sure_from([CRATE]) is not None


def test_what_may_be_a_bicycle_is_asked_for_again() -> None:
    at_once = sure_from([NOTHING])
    assert at_once is not None
    assert sure_from([PERHAPS]) is None
    assert sure_from([SURELY]) is None
    assert sure_from([PERHAPS, NOTHING]) == at_once + 3.0


def test_somebody_who_is_hardly_seen_is_nobody() -> None:
    """A bag is taken for a person now and then, but not with much confidence."""
    assert sure_from([(seen("person", Role.PERSON, 0.27),)]) == sure_from([NOTHING])


def test_a_weak_mover_counts_only_where_nothing_else_is_seen_with_more() -> None:
    assert sure_from([(*PERHAPS, *CRATE)]) == sure_from([CRATE])
    assert sure_from([(*SURELY, *CRATE)]) is None


def test_a_mover_beside_the_thing_takes_nothing_from_it() -> None:
    beside = person(BoundingBox(0.50, 0.40, 0.60, 0.72))
    assert sure_from([(beside, *CRATE)]) == sure_from([CRATE])


@pytest.mark.parametrize(("parasol", "reported"), [(ABOVE, "canopy"), (BoundingBox(0.40, 0.30, 0.60, 0.73), "unknown_object")])
def test_a_part_of_a_canopy_hangs_in_the_air_and_what_stands_under_it_does_not(parasol: BoundingBox, reported: str) -> None:
    def change(second: float, image: Image) -> Image:
        return put_bag(image) if second >= 5 else image

    answer = (seen("canopy", Role.CANOPY, 0.8, parasol),)
    looks = sure_of(watch(detector(closer_look=lambda frame, box: answer), show(SECONDS, change)))
    assert {thing.label for found in looks for thing in found} == {reported}


def test_what_the_picture_cuts_off_must_have_a_name() -> None:
    crate = (seen("crate", Role.GOODS, 0.5, AT_THE_EDGE),)
    assert sure_from([crate], AT_THE_EDGE) is not None
    assert sure_from([NOTHING], AT_THE_EDGE) is None
