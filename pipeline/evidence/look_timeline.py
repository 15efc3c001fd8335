"""What every look of a violation's span saw of it, as stretches: what a person is shown as a line, and the manifest keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.evidence.material import HIDDEN_SHARE, Material, hidden_share, things_of
from pipeline.types import GapReason, Observation


class Seen(StrEnum):
    """What a look says of a violation."""

    PRESENT = "present"
    HIDDEN = "hidden"
    """Somebody stood before it: neither presence nor absence."""
    ABSENT = "absent"
    GAP = "gap"
    """The look does not count."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Looks in a row that say the same. ``from_s`` and ``to_s`` are media times of the first and the last of them."""

    seen: Seen
    reason: GapReason | None
    from_s: float
    to_s: float
    looks: int


def look_timeline(material: Material) -> tuple[Stretch, ...]:
    """All looks of a violation's span and margins, oldest first."""
    stretches: list[Stretch] = []
    for observation in material.observations:
        seen = _seen(material, observation)
        last = stretches[-1] if stretches else None
        if last is not None and (last.seen, last.reason) == (seen, observation.gap):
            stretches[-1] = replace(last, to_s=observation.media_time_s, looks=last.looks + 1)
        else:
            stretches.append(Stretch(seen, observation.gap, observation.media_time_s, observation.media_time_s, 1))
    return tuple(stretches)


def _seen(material: Material, observation: Observation) -> Seen:
    if observation.gap is not None:
        return Seen.GAP
    violation = material.violation
    if things_of(violation, observation):
        return Seen.PRESENT
    boxes = violation.things or (violation.box,)
    is_hidden = max(hidden_share(box, observation, violation.labels) for box in boxes) > HIDDEN_SHARE
    return Seen.HIDDEN if is_hidden else Seen.ABSENT
