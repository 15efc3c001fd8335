"""The picture guard: damage is caught, good pictures of any kind pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from pipeline.config import GuardSettings
from pipeline.guards import FrameQualityGuard
from pipeline.guards.frame_quality import sharpness
from pipeline.types import Frame, GapReason, Image
from tests.detectors.looks import look
from tests.guards import damage

SIZE = (360, 640)


def street(seed: int = 0, *, walker: float | None = None, noise: float = 2.0, look_number: int = 0) -> Image:
    """A drawn street with texture, sensor noise and perhaps somebody who walks (position 0..1)."""
    height, width = SIZE
    fixed = np.random.default_rng(seed)
    image = np.full((height, width, 3), 118, np.float32)
    image[: height // 3] = (170, 150, 130)
    image += cv2.resize(fixed.normal(0, 9, (height // 3, width // 3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
    for _ in range(45):
        x, y = int(fixed.integers(-40, width - 20)), int(fixed.integers(0, height - 60))
        colour = tuple(float(value) for value in fixed.integers(20, 235, 3))
        cv2.rectangle(image, (x, y), (x + int(fixed.integers(20, 80)), y + int(fixed.integers(15, 60))), colour, -1)
    if walker is not None:
        x = round(walker * (width - 30))
        cv2.rectangle(image, (x, 180), (x + 26, 270), (30.0, 25.0, 40.0), -1)
    image += np.random.default_rng((seed, look_number)).normal(0, noise, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def judge(looks: Sequence[Frame], settings: GuardSettings | None = None) -> list[GapReason | None]:
    guard = FrameQualityGuard(settings or GuardSettings())
    return [guard.judge(frame) for frame in looks]


def after_good_looks(picture: Image, good: int = 5) -> GapReason | None:
    """The verdict on a picture after some good looks of the same place."""
    looks = [look(street(walker=number / 10, look_number=number), 2.0 * number) for number in range(good)]
    verdicts = judge([*looks, look(picture, 2.0 * good)])
    assert verdicts[:-1] == [None] * good
    return verdicts[-1]


DAMAGE: dict[str, tuple[Callable[[Image], Image], GapReason]] = {
    "bottom half grey": (lambda image: damage.grey_below(image, 0.5), GapReason.GREY),
    "bottom fifth grey": (lambda image: damage.grey_below(image, 0.8), GapReason.GREY),
    "all grey": (lambda image: damage.grey_below(image, 0.0), GapReason.GREY),
    "smeared from the middle": (lambda image: damage.smeared_below(image, 0.5), GapReason.TORN),
    "smeared below": (lambda image: damage.smeared_below(image, 0.8), GapReason.TORN),
    "shifted": (lambda image: damage.shifted_below(image, 0.4, 0.2), GapReason.TORN),
    "green below": (lambda image: _painted(image, 0.7, (0, 135, 0)), GapReason.TORN),
    "black": (lambda image: damage.black(image, 1), GapReason.DARK),
    "covered lens": (lambda image: damage.covered(image, 1), GapReason.BLURRED),
    "out of focus": (lambda image: damage.defocused(image, 0.02), GapReason.BLURRED),
    "thick fog": (lambda image: damage.fogged(image, 0.9), GapReason.BLURRED),
}


def _painted(image: Image, from_row: float, colour: tuple[int, int, int]) -> Image:
    painted = image.copy()
    painted[round(from_row * len(image)) :] = colour
    return painted


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_a_gap_with_its_reason(name: str) -> None:
    spoil, reason = DAMAGE[name]
    assert after_good_looks(spoil(street(walker=0.7, look_number=9))) is reason


@pytest.mark.parametrize("name", ["bottom half grey", "all grey", "smeared from the middle", "black", "covered lens"])
def test_the_first_look_is_judged_without_memory(name: str) -> None:
    spoil, reason = DAMAGE[name]
    assert judge([look(spoil(street()), 0.0)]) == [reason]


@pytest.mark.parametrize(
    "picture",
    [
        street(walker=0.9, look_number=30),
        np.clip(street().astype(np.int16) + 35, 0, 255).astype(np.uint8),
        np.clip(street() * 0.5, 0, 255).astype(np.uint8),
        damage.night(street(), 3),
        damage.fogged(street(), 0.4),
        cv2.cvtColor(cv2.cvtColor(street(), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR),
    ],
    ids=["walker", "brighter", "half the light", "night", "haze", "infrared"],
)
def test_a_poor_but_honest_picture_counts(picture: Image) -> None:
    assert after_good_looks(np.asarray(picture, np.uint8)) is None


def test_a_large_vehicle_is_no_tear() -> None:
    image = street(look_number=7)
    cv2.rectangle(image, (60, 120), (600, 330), (40, 60, 200), -1)
    for x in range(80, 580, 60):
        cv2.rectangle(image, (x, 140), (x + 40, 200), (60, 40, 30), -1)
    assert after_good_looks(image) is None


def test_a_frozen_picture_is_caught_after_ten_seconds_and_lets_go() -> None:
    still = street(look_number=3)
    looks = [look(street(look_number=number), 2.0 * number) for number in range(3)]
    looks += [look(still, 6 + 2.0 * number) for number in range(8)]
    looks += [look(street(look_number=90), 22.0)]
    verdicts = judge(looks)
    assert verdicts == [None] * 8 + [GapReason.FROZEN] * 3 + [None]


def test_a_ticking_clock_does_not_hide_a_frozen_picture() -> None:
    still = street(look_number=3)

    def with_clock(number: int) -> Image:
        image = still.copy()
        cv2.putText(image, f"2024-01-31 09:42:{number % 60:02d}", (10, 28), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
        return image

    verdicts = judge([look(with_clock(2 * number), 2.0 * number) for number in range(20)])
    assert verdicts[:15] == [None] * 15, "a camera with few key frames repeats a still scene for a while"
    assert verdicts[16:] == [GapReason.FROZEN] * 4


def test_a_still_scene_with_sensor_noise_lives() -> None:
    assert judge([look(street(look_number=number, noise=1.5), 2.0 * number) for number in range(15)]) == [None] * 15


def test_two_equal_looks_are_not_enough_to_be_frozen() -> None:
    still = street()
    assert judge([look(still, 0.0), look(still, 30.0)]) == [None, None]


def test_a_still_scene_through_a_codec_lives() -> None:
    pictures = [street(look_number=number, noise=2.0) for number in range(30)]
    decoded = damage.through_lossy_network(pictures, 1, 0.0, gop=4)
    assert judge([look(clean, 2.0 * number) for number, (clean, _) in enumerate(decoded)]) == [None] * 30


def test_a_softer_picture_becomes_usual_after_ten_minutes() -> None:

    def soft(number: int) -> Image:
        lens = damage.defocused(street(noise=0.0), 0.012)
        return np.clip(lens + np.random.default_rng(number).normal(0, 2, lens.shape), 0, 255).astype(np.uint8)

    looks = [look(street(look_number=number), 2.0 * number) for number in range(6)]
    looks += [look(soft(number), 60.0 * number) for number in range(1, 14)]
    verdicts = judge(looks)
    assert verdicts[6:16] == [GapReason.BLURRED] * 10
    assert verdicts[17:] == [None] * 2


def test_a_camera_that_always_shows_flat_grey_is_no_gap() -> None:
    """A screen or a sheet of metal in view: only what is more than usual is missing data."""

    def with_panel(number: int) -> Image:
        image = street(look_number=number)
        image[200:300, 100:400] = 131
        return image

    assert judge([look(with_panel(number), 2.0 * number) for number in range(6)]) == [None] * 6


def test_verdicts_depend_on_the_looks_alone() -> None:
    looks = [look(street(walker=number / 12, look_number=number), 2.0 * number) for number in range(12)]
    looks[7] = look(damage.smeared_below(street(), 0.5), 14.0)
    assert judge(looks) == judge(looks)


def test_a_guard_can_be_switched_off() -> None:
    assert judge([look(damage.grey_below(street(), 0.0), 0.0)], GuardSettings(enabled=False)) == [None]


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (16, 16), (33, 400), (400, 33)])
def test_odd_sizes_do_not_fail(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0)
    looks = [look(noise.integers(0, 255, (*size, 3)).astype(np.uint8), float(number)) for number in range(5)]
    assert len(judge(looks)) == 5


def test_nothing_can_be_made_out_in_a_tiny_picture() -> None:
    assert judge([look(np.zeros((1, 1, 3), np.uint8), 0.0)]) == [GapReason.BLURRED]


def test_a_change_of_size_starts_a_new_comparison() -> None:
    looks = [look(street(look_number=number), 2.0 * number) for number in range(4)]
    looks += [look(cv2.resize(street(look_number=9), (704, 576)).astype(np.uint8), 8.0)]
    assert judge(looks) == [None] * 5


def test_sharpness_falls_with_blur_and_not_with_noise() -> None:
    def of(image: Image) -> float:
        return sharpness(cv2.cvtColor(cv2.resize(image, (320, 180), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY).astype(np.uint8))

    sharp, blurred, flat = of(street()), of(damage.defocused(street(), 0.02)), of(damage.covered(street(), 2))
    assert sharp > 2 * blurred > 4 * flat
