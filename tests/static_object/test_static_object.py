"""What the static eye must see, and what it must not, on a drawn street."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from shapely.geometry import box as rectangle

from pipeline.errors import ConfigError
from pipeline.types import BoundingBox, Certainty, Detection, DetectionSource, Frame, Image, Role
from pipeline.zones import Zone, ZoneKind
from tests.static_object.scenery import BAG, HEIGHT, WIDTH, Change, detector, person, put_bag, show, street, sure_of, watch, zones

SECONDS = [float(s) for s in range(24)]
PUT_DOWN_S = 8.0
IN_FRONT = BoundingBox(0.42, 0.35, 0.56, 0.78)


def _bag_from(put_down_s: float, until_s: float = float("inf")) -> Change:
    def change(second: float, image: Image) -> Image:
        return put_bag(image) if put_down_s <= second < until_s else image

    return change


def _since_s(detection: Detection, frames: list[Frame]) -> float:
    assert detection.standing_since is not None
    return (detection.standing_since - frames[0].captured_at).total_seconds()


@pytest.mark.parametrize("interval_s", [1, 2, 3])
def test_a_bag_that_is_put_down_is_found_once_and_dated_back(interval_s: int) -> None:
    frames = show(SECONDS[::interval_s], _bag_from(PUT_DOWN_S))
    sure = sure_of(watch(detector(), frames))
    assert not any(found for frame, found in zip(frames, sure, strict=True) if frame.media_time_s < PUT_DOWN_S + 3)
    assert len(sure[-1]) == 1
    assert sure[-1][0].box.iou(BAG) > 0.6
    assert sure[-1][0].role is Role.UNKNOWN_OBJECT
    assert PUT_DOWN_S <= _since_s(sure[-1][0], frames) < PUT_DOWN_S + interval_s


def test_a_reported_thing_is_there_at_every_look_until_it_is_gone() -> None:
    frames = show(SECONDS, _bag_from(PUT_DOWN_S, until_s=18))
    looks = watch(detector(), frames)
    first = next(i for i, found in enumerate(sure_of(looks)) if found)
    assert all(len(found) == 1 for found in sure_of(looks)[first:18])
    assert not any(looks[18:])


def test_what_stood_there_from_the_start_and_is_taken_away_is_not_reported() -> None:
    looks = watch(detector(), show(SECONDS, _bag_from(-1.0, until_s=PUT_DOWN_S)))
    assert not any(sure_of(looks))


def test_what_is_put_down_where_something_was_taken_away_is_found() -> None:
    def change(second: float, image: Image) -> Image:
        if second < 6:
            return put_bag(image, BoundingBox(0.2, 0.6, 0.26, 0.72))
        return put_bag(image, BoundingBox(0.2, 0.6, 0.26, 0.72), (200, 210, 90)) if second >= 20 else image

    frames = show([float(s) for s in range(34)], change)
    assert len(sure_of(watch(detector(), frames))[-1]) == 1


def test_the_reference_picture_shows_what_stood_there_from_the_start(tmp_path: Path) -> None:
    reference = tmp_path / "clean.png"
    # The reference was taken in other light: 25 % brighter and a little warmer.
    cv2.imwrite(str(reference), np.clip(street() * np.array([1.18, 1.25, 1.3]), 0, 255).astype(np.uint8))
    frames = show(SECONDS[:10], _bag_from(-1.0))
    sure = sure_of(watch(detector(zones(reference=reference)), frames))
    assert len(sure[-1]) == 1
    assert sure[-1][0].box.iou(BAG) > 0.6
    assert sure[-1][0].standing_since == frames[0].captured_at


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_a_reference_picture_that_cannot_be_read_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    reference = tmp_path / "clean.png"
    if content is not None:
        reference.write_bytes(content)
    with pytest.raises(ConfigError, match=r"clean\.png"):
        detector(zones(reference=reference))


def _picture(values: np.ndarray[Any, np.dtype[np.floating[Any]]]) -> Image:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _light_step(second: float, image: Image) -> Image:
    return _picture(image * (0.55 if second >= PUT_DOWN_S else 1.0))


def _swing(second: float, image: Image) -> Image:
    return _picture(image * (1 + 0.4 * np.sin(second / 2)))


def _soft_shadow(second: float, image: Image) -> Image:
    if second < PUT_DOWN_S:
        return image
    across = np.linspace(0, 1, WIDTH)[None, :, None]
    return _picture(image * (1 - 0.45 / (1 + np.exp((across - 0.5) / 0.04))))


def _infrared(second: float, image: Image) -> Image:
    if second < PUT_DOWN_S:
        return image
    grey = 255 * ((image @ np.array([0.1, 0.3, 0.6])) / 255) ** 0.75
    return _picture(np.repeat(grey[:, :, None], 3, axis=2))


@pytest.mark.parametrize("change", [_light_step, _swing, _soft_shadow, _infrared])
def test_light_alone_is_no_thing(change: Change) -> None:
    assert not any(sure_of(watch(detector(), show(SECONDS, change))))


@pytest.mark.parametrize("change", [_light_step, _swing, _soft_shadow, _infrared])
def test_a_bag_is_found_and_kept_through_changes_of_light(change: Change) -> None:
    def both(second: float, image: Image) -> Image:
        return change(second, put_bag(image) if second >= 2 else image)

    sure = sure_of(watch(detector(), show(SECONDS, both)))
    first = next(i for i, found in enumerate(sure) if found)
    assert first <= PUT_DOWN_S
    assert all(len(found) == 1 and found[0].box.iou(BAG) > 0.5 for found in sure[first:])


def test_a_bag_put_down_after_the_switch_to_infrared_is_found() -> None:
    sure = sure_of(watch(detector(), show(SECONDS, lambda s, i: _infrared(s, put_bag(i) if s >= 13 else i))))
    assert len(sure[-1]) == 1


def test_a_shaking_camera_hides_no_bag_and_makes_none() -> None:
    def shake(second: float, image: Image) -> Image:
        x, y = np.random.default_rng(round(second)).uniform(-4, 4, 2)
        moved = cv2.warpAffine(
            put_bag(image) if second >= PUT_DOWN_S else image, np.array([[1, 0, x], [0, 1, y]], np.float32), (WIDTH, HEIGHT)
        )
        return np.asarray(moved, np.uint8)

    sure = sure_of(watch(detector(), show(SECONDS, shake)))
    assert all(len(found) <= 1 for found in sure)
    assert len(sure[-1]) == 1


def test_a_thing_behind_somebody_is_not_reported_at_that_look_and_kept() -> None:
    def change(second: float, image: Image) -> Image:
        image = put_bag(image) if second >= 4 else image
        return put_bag(image, IN_FRONT, (90, 60, 30)) if 13 <= second < 17 else image

    frames = show(SECONDS, change)
    earlier = [(person(IN_FRONT),) if 13 <= f.media_time_s < 17 else () for f in frames]
    looks = watch(detector(), frames, earlier)
    assert not any(looks[13:17])
    assert all(len(found) == 1 for found in sure_of(looks)[17:])
    assert sure_of(looks)[17][0].standing_since == sure_of(looks)[12][0].standing_since


def test_somebody_who_stands_still_is_no_thing() -> None:
    frames = show(SECONDS, lambda s, i: put_bag(i, IN_FRONT, (90, 60, 30)) if s >= 6 else i)
    earlier = [(person(IN_FRONT),) if f.media_time_s >= 6 else () for f in frames]
    assert not any(watch(detector(), frames, earlier))


def test_the_closer_look_holds_back_people_and_names_things() -> None:
    frames = show(SECONDS, _bag_from(PUT_DOWN_S))
    alive = watch(detector(closer_look=lambda frame, box: (person(box),)), frames)
    assert not any(sure_of(alive))
    assert alive[-1][0].certainty is Certainty.UNCERTAIN
    crate = Detection("crate", Role.GOODS, 0.7, BAG, DetectionSource.YOLO)
    named = sure_of(watch(detector(closer_look=lambda frame, box: (crate,)), frames))[-1][0]
    assert (named.label, named.role) == ("crate", Role.GOODS)


def test_what_the_first_eye_reports_is_not_reported_twice() -> None:
    frames = show(SECONDS, _bag_from(PUT_DOWN_S))
    crate = Detection("crate", Role.GOODS, 0.7, BAG, DetectionSource.YOLO)
    seen = detector().detect(frames, [(crate,) if f.media_time_s >= PUT_DOWN_S else () for f in frames])
    assert all(look == (crate,) for look in seen[8:])


@pytest.mark.parametrize("kind", [ZoneKind.IGNORE, ZoneKind.FIXTURE])
def test_nothing_is_reported_where_nobody_watches(kind: ZoneKind) -> None:
    private = Zone("private", kind, rectangle(0.4, 0.5, 0.6, 0.8))
    assert not any(watch(detector(zones(private)), show(SECONDS, _bag_from(PUT_DOWN_S))))


def test_a_screen_in_an_ignored_part_disturbs_nothing() -> None:
    def change(second: float, image: Image) -> Image:
        image[: HEIGHT // 2] = np.random.default_rng(round(second)).integers(0, 255, (HEIGHT // 2, WIDTH, 3), np.uint8)
        return put_bag(image) if second >= PUT_DOWN_S else image

    screen = Zone("screen", ZoneKind.IGNORE, rectangle(0, 0, 1, 0.5))
    assert len(sure_of(watch(detector(zones(screen)), show(SECONDS, change)))[-1]) == 1


@pytest.mark.parametrize("batch", [3, 24])
def test_batches_never_change_a_result(batch: int) -> None:
    frames = show(SECONDS, _bag_from(PUT_DOWN_S, until_s=19))
    assert watch(detector(), frames) == watch(detector(), frames, batch=batch)


def test_the_version_tells_settings_and_reference_apart(tmp_path: Path) -> None:
    reference = tmp_path / "clean.png"
    cv2.imwrite(str(reference), street())
    assert detector().version == detector().version
    assert detector().version != detector(zones(reference=reference)).version


def test_a_change_of_resolution_goes_on() -> None:
    frames = show(SECONDS, _bag_from(PUT_DOWN_S))
    smaller = [
        replace(f, picture=type(f.picture)(np.asarray(cv2.resize(f.picture.bgr(), (480, 288)), np.uint8))) if i > 12 else f  # type: ignore[call-arg] # ArrayPicture
        for i, f in enumerate(frames)
    ]
    assert len(sure_of(watch(detector(), smaller))[-1]) == 1


def test_another_scene_makes_nothing_and_is_learnt_anew() -> None:
    def change(second: float, image: Image) -> Image:
        scene = _picture(255 - 0.8 * image[:, ::-1][::-1].astype(np.float64)) if second >= 6 else image
        return put_bag(scene) if second >= 20 else scene

    sure = sure_of(watch(detector(), show([float(s) for s in range(34)], change)))
    assert not any(sure[:20])
    assert len(sure[-1]) == 1


def test_a_thing_that_a_model_takes_for_a_person_is_found_because_it_never_moves() -> None:
    frames = show([float(s) for s in range(40)], _bag_from(PUT_DOWN_S))
    faint = replace(person(BAG), confidence=0.2)
    sure = sure_of(watch(detector(), frames, [(faint,) if f.media_time_s >= PUT_DOWN_S else () for f in frames]))
    assert len(sure[-1]) == 1
    assert _since_s(sure[-1][0], frames) == PUT_DOWN_S
