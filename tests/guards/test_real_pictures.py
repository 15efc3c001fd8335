"""The picture guard on real footage: it stays silent on good pictures and speaks on spoilt ones."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from pipeline.config import GuardSettings
from pipeline.guards import FrameQualityGuard
from pipeline.types import GapReason, Image
from tests.detectors.looks import CLIPS, DATA, FOLDERS, clip_looks, folder_looks, look
from tests.guards import damage

pytestmark = [
    pytest.mark.footage,
    pytest.mark.long,
    pytest.mark.skipif(not (DATA / "footage").is_dir(), reason="no real footage beside the project (../shared/data)"),
]

SCENES = (*CLIPS, *FOLDERS)

# What spoils a picture, and the share of looks over all scenes that must be caught with some good looks before.
SPOILT: dict[str, tuple[Callable[[Image], Image], GapReason, float]] = {
    "half grey": (lambda image: damage.grey_below(image, 0.5), GapReason.GREY, 1.0),
    "sixth grey": (lambda image: damage.grey_below(image, 0.83), GapReason.GREY, 1.0),
    "smeared": (lambda image: damage.smeared_below(image, 0.6), GapReason.TORN, 1.0),
    "smeared below": (lambda image: damage.smeared_below(image, 0.8), GapReason.TORN, 1.0),
    "shifted": (lambda image: damage.shifted_below(image, 0.5, 0.3), GapReason.TORN, 0.9),
    "black": (lambda image: damage.black(image, 1), GapReason.DARK, 1.0),
    "covered": (lambda image: damage.covered(image, 1), GapReason.BLURRED, 1.0),
    "out of focus": (lambda image: damage.defocused(image, 0.02), GapReason.BLURRED, 1.0),
    "fog": (lambda image: damage.fogged(image, 0.85), GapReason.BLURRED, 1.0),
}


def small_pictures(name: str, most: int = 12) -> list[Image]:
    looks = clip_looks(name) if name in CLIPS else folder_looks(name)
    return [frame.picture.bgr(width_px=640) for frame, _ in zip(looks, range(most), strict=False)]


@pytest.mark.parametrize("every_s", [0.5, 2.0])
@pytest.mark.parametrize("name", SCENES)
def test_good_footage_has_no_gap(name: str, every_s: float) -> None:
    guard = FrameQualityGuard(GuardSettings())
    looks = clip_looks(name, every_s) if name in CLIPS else folder_looks(name)
    gaps = [(frame.media_time_s, reason) for frame in looks if (reason := guard.judge(frame))]
    assert gaps == []


@pytest.mark.parametrize("kind", SPOILT)
def test_spoilt_looks_between_good_ones_are_caught(kind: str) -> None:
    spoil, reason, least = SPOILT[kind]
    spoilt: list[GapReason | None] = []
    good: list[GapReason | None] = []
    for name in SCENES:
        guard = FrameQualityGuard(GuardSettings())
        for number, picture in enumerate(small_pictures(name)):
            bad = number >= 4 and number % 2 == 0
            verdict = guard.judge(look(spoil(picture) if bad else picture, float(number)))
            (spoilt if bad else good).append(verdict)
    assert good == [None] * len(good)
    assert spoilt.count(reason) >= least * len(spoilt)


@pytest.mark.parametrize("name", SCENES)
def test_a_frozen_stream_is_caught_however_it_is_stored(name: str) -> None:
    """A still scene of the real world, encoded anew at a fixed quantiser: with live noise it lives, without it is frozen."""
    picture = small_pictures(name, 1)[0]
    frozen = damage.through_lossy_network([picture] * 12, 1, 0.0, gop=3)
    noise = np.random.default_rng(1)
    lively = [np.clip(picture + noise.normal(0, 3, picture.shape), 0, 255).astype(np.uint8) for _ in range(12)]
    living = damage.through_lossy_network(lively, 1, 0.0, gop=3)
    assert _judge([image for image, _ in frozen])[-3:] == [GapReason.FROZEN] * 3
    assert _judge([image for image, _ in living]) == [None] * 12


def test_grey_without_key_frame_is_caught() -> None:
    """A decoder that starts in the middle of a group of pictures paints what it has on grey."""
    caught = total = 0
    for name in CLIPS:
        for picture in small_pictures(name, 8):
            edges = cv2.Laplacian(picture, cv2.CV_16S)
            given = np.clip(130 + np.where(np.abs(edges) > 60, edges, 0), 0, 255).astype(np.uint8)
            caught += _judge([given])[0] is GapReason.GREY
            total += 1
    assert caught >= 0.9 * total


def _judge(pictures: list[Image]) -> list[GapReason | None]:
    guard = FrameQualityGuard(GuardSettings())
    return [guard.judge(look(picture, 2.0 * number)) for number, picture in enumerate(pictures)]
