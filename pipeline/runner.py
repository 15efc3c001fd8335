"""The one loop that joins the stages for one source: looks in, observations and violation events out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.stages import Detector, Guard, Remembers, Rule
from pipeline.types import Detection, Frame, GapReason, Look, Observation, ViolationEvent


@dataclass(frozen=True, slots=True)
class CameraStages:
    """The stages of one camera that come after its reader. They hold its state and must not be shared."""

    guards: Sequence[Guard]
    """The first that says no has the word; those after it are not shown that look."""
    detectors: Sequence[Detector]
    rule: Rule
    zone_version: str

    @property
    def model_version(self) -> str:
        """The versions of all eyes, in the order in which they look."""
        return "+".join(detector.version for detector in self.detectors)

    @property
    def remembering(self) -> list[Remembers]:
        """Guards and eyes that have a memory, in a fixed order."""
        return [each for each in (*self.guards, *self.detectors) if isinstance(each, Remembers)]


@dataclass(frozen=True, slots=True)
class Step:
    """One look and what it changed."""

    observation: Observation
    events: tuple[ViolationEvent, ...]


def run_source(looks: Iterable[Look], stages: CameraStages, *, batch: int) -> Iterator[Step]:
    """Fold the looks of one source, in their order, into steps.

    Args:
        looks: looks of one camera in strictly rising time.
        stages: guards, detectors and rule of that camera.
        batch: looks that pass the detectors together, >= 1. Never changes a result.

    Raises:
        ModelError: a detector failed; steps up to the batch before it were given.
    """
    remaining = iter(looks)
    while group := tuple(islice(remaining, batch)):
        for observation in observe(group, stages):
            yield Step(observation, tuple(stages.rule.update(observation)))


def observe(group: Sequence[Look], stages: CameraStages) -> Iterator[Observation]:
    """Turn a batch of looks into observations: what may not count becomes a gap, the rest is looked at together. Raises ModelError."""
    gaps = [_gap(look, stages.guards) if isinstance(look, Frame) else look.reason for look in group]
    counted = [look for look, gap in zip(group, gaps, strict=True) if gap is None and isinstance(look, Frame)]
    found: list[tuple[Detection, ...]] = [() for _ in counted]
    for detector in stages.detectors:
        if counted:
            found = detector.detect(counted, found)
    seen = iter(found)
    model_version = stages.model_version
    for look, gap in zip(group, gaps, strict=True):
        yield Observation(
            camera_id=look.camera_id,
            captured_at=look.captured_at,
            media_time_s=look.media_time_s,
            gap=gap,
            detections=next(seen) if gap is None else (),
            zone_version=stages.zone_version,
            model_version=model_version,
        )


def _gap(frame: Frame, guards: Sequence[Guard]) -> GapReason | None:
    return next((reason for guard in guards if (reason := guard.judge(frame))), None)
