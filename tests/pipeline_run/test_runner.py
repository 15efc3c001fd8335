"""The loop for one source: looks become observations, gaps stay gaps, batches change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.runner import CameraStages, run_source
from pipeline.stages import Detector, Guard, Rule
from pipeline.types import (
    BoundingBox,
    Detection,
    DetectionSource,
    Frame,
    GapReason,
    Image,
    Look,
    MissedLook,
    Observation,
    Role,
    ViolationEvent,
)

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)


class FlatPicture:
    """A picture of one grey level."""

    def __init__(self, level: int) -> None:
        self.level = level

    @property
    def width_px(self) -> int:
        return 8

    @property
    def height_px(self) -> int:
        return 6

    def bgr(self, *, width_px: int | None = None) -> Image:
        width = width_px or 8
        return np.full((round(6 * width / 8), width, 3), self.level, np.uint8)


class DarkGuard:
    """Black pictures don't count."""

    def judge(self, frame: Frame) -> GapReason | None:
        return GapReason.DARK if not frame.picture.bgr().any() else None


class LevelDetector:
    """Reports the grey level as confidence, and how many looks came before: state that batches must not disturb."""

    version = "level-1"

    def __init__(self) -> None:
        self.looks = 0

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        found = []
        for frame, before in zip(frames, earlier, strict=True):
            self.looks += 1
            level = int(frame.picture.bgr()[0, 0, 0])
            if level == 13:
                raise ModelError("inference failed", where=f"look at {frame.media_time_s} s")
            thing = Detection(f"look {self.looks}", Role.GOODS, level / 255, BoundingBox(0.1, 0.1, 0.2, 0.2), DetectionSource.YOLO)
            found.append((*before, thing))
        return found


@dataclass
class RecordingRule:
    """Keeps what it was shown."""

    seen: list[Observation] = field(default_factory=list)

    @property
    def unsettled(self) -> frozenset[str]:
        return frozenset()

    def update(self, observation: Observation) -> list[ViolationEvent]:
        self.seen.append(observation)
        return []

    def finish(self, at: datetime) -> list[ViolationEvent]:
        return []


def make_look(second: int, level: int | None) -> Look:
    at = START + timedelta(seconds=second)
    if level is None:
        return MissedLook("cam", at, float(second), GapReason.NO_FRAME)
    return Frame("cam", at, float(second), FlatPicture(level))


def stages(rule: RecordingRule) -> CameraStages:
    guards: tuple[Guard, ...] = (DarkGuard(),)
    detectors: tuple[Detector, ...] = (LevelDetector(), LevelDetector())
    judge: Rule = rule
    return CameraStages(guards, detectors, judge, "z-1")


LEVELS = [50, None, 60, 0, 70, 80, None, None, 90, 0, 0, 100]


@pytest.mark.parametrize("batch", [1, 2, 3, 5, 64])
def test_batches_change_nothing(batch: int) -> None:
    looks = [make_look(second, level) for second, level in enumerate(LEVELS)]
    alone, together = RecordingRule(), RecordingRule()
    list(run_source(looks, stages(alone), batch=1))
    steps = list(run_source(looks, stages(together), batch=batch))
    assert together.seen == alone.seen == [step.observation for step in steps]


def test_gaps_keep_their_reason_and_carry_no_detections() -> None:
    rule = RecordingRule()
    list(run_source([make_look(second, level) for second, level in enumerate(LEVELS)], stages(rule), batch=4))
    expected = {None: GapReason.NO_FRAME, 0: GapReason.DARK}
    assert [observation.gap for observation in rule.seen] == [expected.get(level) for level in LEVELS]
    assert all(bool(observation.detections) == (observation.gap is None) for observation in rule.seen)


def test_each_eye_is_shown_what_earlier_eyes_saw() -> None:
    rule = RecordingRule()
    list(run_source([make_look(0, 51)], stages(rule), batch=4))
    assert [thing.label for thing in rule.seen[0].detections] == ["look 1", "look 1"]
    assert rule.seen[0].model_version == "level-1+level-1"


def test_a_failing_model_is_an_error_and_never_an_empty_look() -> None:
    rule = RecordingRule()
    looks = [make_look(0, 50), make_look(1, 13), make_look(2, 50)]
    with pytest.raises(ModelError, match=r"look at 1.0 s: inference failed"):
        list(run_source(looks, stages(rule), batch=1))
    assert len(rule.seen) == 1
