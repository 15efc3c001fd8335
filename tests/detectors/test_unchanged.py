"""Looks at which nothing changed are spared, and nothing that moves or appears is missed."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from pipeline.detectors.unchanged import UnchangedZonesDetector
from pipeline.errors import ModelError
from pipeline.types import BoundingBox, Detection, DetectionSource, Frame, Image, Role
from tests.detectors.looks import look, zone, zones_of


class RecordingEye:
    """Says at which second it looked; remembers every look it was given."""

    version = "recording"

    def __init__(self, fail_at: float | None = None) -> None:
        self.seen: list[float] = []
        self.fail_at = fail_at

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        results = []
        for frame, known in zip(frames, earlier, strict=True):
            if frame.media_time_s == self.fail_at:
                self.fail_at = None
                raise ModelError("model failed while running")
            self.seen.append(frame.media_time_s)
            results.append((*known, _seen(f"{frame.media_time_s:g}")))
        return results


def _seen(label: str) -> Detection:
    return Detection(label, Role.PERSON, 0.5, BoundingBox(0.1, 0.1, 0.2, 0.2), DetectionSource.YOLO)


ZONES = zones_of(zone(box(0.0, 0.4, 1.0, 1.0)))


def street(number: int, *, level: float = 0.0, noise: float = 3.0, thing: tuple[float, float, float] | None = None) -> Image:
    """640x360 with sensor noise; ``thing``: x, y (fractions) and side in pixels of a dark square."""
    fixed = np.random.default_rng(1)
    image = cv2.resize(fixed.normal(120, 25, (45, 80, 3)), (640, 360), interpolation=cv2.INTER_CUBIC) + level
    if thing is not None:
        x, y, side = round(thing[0] * 640), round(thing[1] * 360), round(thing[2])
        image[y : y + side, x : x + side] -= 60
    image += np.random.default_rng((7, number)).normal(0, noise, image.shape)
    return np.asarray(np.clip(image, 0, 255), np.uint8)


def judged(images: Sequence[Image], every_s: float = 2.0, full_every_s: float = 60.0) -> list[float]:
    """Media times of the looks that the inner eye was shown."""
    eye = RecordingEye()
    frames = [look(image, every_s * number) for number, image in enumerate(images)]
    UnchangedZonesDetector(eye, ZONES, full_every_s).detect(frames, [()] * len(frames))
    return eye.seen


def test_noise_alone_is_no_reason_to_look_again() -> None:
    assert judged([street(number) for number in range(20)]) == [0.0]


def test_light_that_rises_slowly_is_no_reason_to_look_again() -> None:
    assert judged([street(number, level=number * 1.5) for number in range(20)]) == [0.0]


def test_a_full_look_comes_regularly() -> None:
    assert judged([street(number) for number in range(40)], full_every_s=30.0) == [0.0, 30.0, 60.0]


@pytest.mark.parametrize("side", [16, 24, 60])
def test_a_thing_that_appears_is_looked_at_and_once_is_enough(side: int) -> None:
    images = [street(number, thing=(0.5, 0.7, side) if number >= 3 else None) for number in range(8)]
    assert judged(images) == [0.0, 6.0]


def test_somebody_who_walks_is_looked_at_every_time() -> None:
    images = [street(number, thing=(0.1 * number, 0.5, 40)) for number in range(9)]
    assert judged(images) == [2.0 * number for number in range(9)]


def test_a_thing_that_creeps_is_noticed_although_each_step_is_small() -> None:
    images = [street(number, thing=(0.3 + 0.001 * number, 0.6, 30)) for number in range(40)]
    assert len(judged(images, every_s=1.0)) > 2


def test_what_changes_outside_the_zones_does_not_count() -> None:
    images = [street(number, thing=(0.1 * number, 0.05, 40)) for number in range(9)]
    assert judged(images) == [0.0]


def test_spared_looks_show_what_was_seen_at_the_last_judged_one() -> None:
    frames = [look(street(number, thing=(0.5, 0.7, 30) if number >= 2 else None), 2.0 * number) for number in range(5)]
    earlier = [(_seen("before"),)] * 5
    spare = UnchangedZonesDetector(RecordingEye(), ZONES, 60.0)
    labels = [[detection.label for detection in found] for found in spare.detect(frames, earlier)]
    assert labels == [["before", "0"], ["before", "0"], ["before", "4"], ["before", "4"], ["before", "4"]]
    assert (spare.looks, spare.spared) == (5, 3)


def test_a_failure_leaves_nothing_behind() -> None:
    frames = [look(street(number, thing=(0.5, 0.7, 30) if number >= 2 else None), 2.0 * number) for number in range(4)]
    eye = RecordingEye(fail_at=4.0)
    spare = UnchangedZonesDetector(eye, ZONES, 60.0)
    spare.detect(frames[:2], [()] * 2)
    with pytest.raises(ModelError):
        spare.detect(frames[2:], [()] * 2)
    assert [found[0].label for found in spare.detect(frames[2:], [()] * 2)] == ["4", "4"]


def test_a_new_picture_size_is_looked_at() -> None:
    eye = RecordingEye()
    small = cv2.resize(street(1), (320, 240)).astype(np.uint8)
    UnchangedZonesDetector(eye, ZONES, 60.0).detect([look(street(0), 0.0), look(small, 2.0)], [(), ()])
    assert eye.seen == [0.0, 2.0]


WALK = [look(street(number, thing=(0.05 * number, 0.6, 30) if 4 < number < 12 else None), 2.0 * number) for number in range(16)]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=16))
def test_batches_change_nothing(sizes: list[int]) -> None:
    whole = UnchangedZonesDetector(RecordingEye(), ZONES, 10.0).detect(WALK, [()] * len(WALK))
    cut = UnchangedZonesDetector(RecordingEye(), ZONES, 10.0)
    results: list[tuple[Detection, ...]] = []
    rest = WALK
    for size in [*sizes, len(WALK)]:
        batch, rest = rest[:size], rest[size:]
        results += cut.detect(batch, [()] * len(batch))
    assert results == whole


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (7, 7)])
def test_the_smallest_pictures_do_not_fail(size: tuple[int, int]) -> None:
    frames = [look(np.zeros((*size, 3), np.uint8), float(number)) for number in range(3)]
    assert len(UnchangedZonesDetector(RecordingEye(), ZONES, 60.0).detect(frames, [()] * 3)) == 3
