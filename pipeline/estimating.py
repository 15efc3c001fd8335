"""How long a batch will take: a little of it is judged into nothing, and timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from pipeline.archive.planning import ArchivePlan
from pipeline.archive.series import Series
from pipeline.config import DoorlineSettings
from pipeline.detectors import LoadedDetectors
from pipeline.errors import PipelineError
from pipeline.guards import guards_for
from pipeline.readers import MediaSpan, open_reader
from pipeline.runner import CameraStages, observe
from pipeline.stages import Rule
from pipeline.types import Observation, ViolationEvent
from pipeline.zones import CameraZones
from pipeline.zones.reference_picture import load_reference

_WARM_UP = 4
_LOOKS = 40
"""A network's first looks are slow, and so is the first sight of a street."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan will take.

    ``looks`` is what is due in all recordings that claim a length, ``look_s`` what one takes, None where none could be tried.
    """

    looks: int
    look_s: float | None

    @property
    def seconds(self) -> float | None:
        """On this machine as busy as it is now; evidence comes on top. None where nobody knows."""
        return None if self.look_s is None else self.looks * self.look_s


class _NoRule:
    """Rules take next to no time."""

    unsettled: frozenset[str] = frozenset()

    def update(self, observation: Observation) -> list[ViolationEvent]:
        return []

    def finish(self, at: object) -> list[ViolationEvent]:
        return []


def estimate(
    plan: ArchivePlan,
    settings: DoorlineSettings,
    detectors: LoadedDetectors,
    zones: Mapping[str, CameraZones],
    monotonic: Callable[[], float] = time.monotonic,
) -> Estimate:
    """Judge some looks from the middle of the first recording that can be read. Raises ConfigError: a reference picture can't be read."""
    looks = sum(int(series.wanted_s / settings.looks.interval_s) + len(series.recordings) for series in plan.series)
    for series in plan.series:
        spent_s = _try(series, settings, detectors, zones[series.camera.id], monotonic)
        if spent_s is not None:
            return Estimate(looks, spent_s)
    return Estimate(looks, None)


def _try(
    series: Series, settings: DoorlineSettings, detectors: LoadedDetectors, zones: CameraZones, monotonic: Callable[[], float]
) -> float | None:
    """Seconds per look; None where there are too few of them or the recording can't be read."""
    recording = max(series.recordings, key=lambda each: each.wanted_s)
    rule: Rule = _NoRule()
    stages = CameraStages(guards_for(settings.guards, load_reference(zones)), detectors.chain_for(zones), rule, zones.version)
    middle_s = recording.from_s + max(0.0, (recording.wanted_s - (_WARM_UP + _LOOKS) * settings.looks.interval_s) / 2)
    try:
        with open_reader(
            recording.uri, camera_id=series.camera.id, interval_s=settings.looks.interval_s, span=MediaSpan(middle_s, recording.until_s)
        ) as reader:
            looks, counted, began_s = iter(reader), 0, monotonic()
            for _ in observe(tuple(islice(looks, _WARM_UP)), stages):
                began_s = monotonic()
            for look in islice(looks, _LOOKS):
                counted += sum(1 for _ in observe([look], stages))
            return (monotonic() - began_s) / counted if counted else None
    except PipelineError:
        return None
