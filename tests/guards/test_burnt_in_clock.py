"""A clock that stops tells a frozen picture from an empty street."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.config import GuardSettings
from pipeline.guards import FrameQualityGuard
from pipeline.readers import open_reader
from pipeline.types import Frame, GapReason, Image
from tests.detectors.looks import look

ROOT = Path(__file__).parents[2]


def street(second: int, *, clock: int | None, walker: float | None = None) -> Image:
    """An empty street by night whose picture wavers a little, as one does that is encoded again; a clock shows ``clock``."""
    fixed = np.random.default_rng(3)
    image = cv2.resize(fixed.integers(20, 120, (18, 32, 3)).astype(np.uint8), (640, 360), interpolation=cv2.INTER_NEAREST).astype(np.int16)
    image += np.random.default_rng(second).integers(-6, 7, image.shape, dtype=np.int16)
    shown = np.clip(image, 0, 255).astype(np.uint8)
    if walker is not None:
        cv2.rectangle(shown, (int(walker * 600), 180), (int(walker * 600) + 30, 280), (250.0, 250.0, 250.0), -1)
    if clock is not None:
        cv2.putText(shown, f"21:{clock // 60:02}:{clock % 60:02}", (30, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255.0, 255.0, 255.0), 3)
    return shown


def judge(pictures: Iterable[Image]) -> list[GapReason | None]:
    guard = FrameQualityGuard(GuardSettings())
    return [guard.judge(look(picture, float(second))) for second, picture in enumerate(pictures)]


def test_a_picture_whose_clock_stops_is_frozen_until_it_ticks_again() -> None:
    shown = [*range(30), *[30] * 20, *range(50, 60)]
    verdicts = judge(street(second, clock=clock) for second, clock in enumerate(shown))
    assert verdicts[:40] == [None] * 40
    assert verdicts[41:50] == [GapReason.FROZEN] * 9
    assert verdicts[50:] == [None] * 10


def test_an_empty_street_whose_clock_ticks_is_alive() -> None:
    assert judge(street(second, clock=second) for second in range(90)) == [None] * 90


def test_an_empty_street_without_a_clock_is_alive() -> None:
    assert judge(street(second, clock=None) for second in range(90)) == [None] * 90


def test_while_somebody_walks_the_picture_is_not_frozen_whatever_the_clock_does() -> None:
    shown = [*range(30), *[30] * 40]
    assert judge(street(second, clock=clock, walker=(second % 20) / 20) for second, clock in enumerate(shown)) == [None] * 70


def test_what_blinks_now_and_then_is_no_clock() -> None:
    blinks = [second - second % 3 for second in range(40)]
    shown = [*blinks, *[0] * 40]
    assert (
        judge(street(second, clock=clock, walker=(second % 20) / 20 if second < 40 else 0.5) for second, clock in enumerate(shown))
        == [None] * 80
    )


@pytest.mark.long
def test_the_dark_and_the_frozen_time_of_the_sample_clip_are_found() -> None:
    guard = FrameQualityGuard(GuardSettings())
    with open_reader(str(ROOT / "sample_videos/CAM33_20260526_204000.mp4"), camera_id="CAM33", interval_s=1.0) as reader:
        reasons = {seen.media_time_s: guard.judge(seen) for seen in reader if isinstance(seen, Frame)}
    assert [second for second, reason in reasons.items() if reason is GapReason.DARK] == [60, 61, 62, 63, 64, 65, 66]
    assert [second for second, reason in reasons.items() if reason is GapReason.FROZEN] == [87, 88, 89, 90, 91]
    assert sum(reason is not None for reason in reasons.values()) == 12
