"""What the evidence of one violation is made from, and which look shows a moment best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from pipeline.shops import Tenancy
from pipeline.stages import Footage
from pipeline.types import MOVERS, BoundingBox, Detection, GapReason, Observation, SourceClock, Violation

HIDDEN_SHARE = 0.2
"""A thing that people or vehicles cover by more than this is hidden."""
_GRID = 24
_SAME_THING_IOU = 0.2
_SAME_THING_SHARE = 0.6
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Material:
    """One violation at its end, with the footage and the looks that led to it.

    ``observations`` are those of its span plus the margins, in rising time. ``source`` names the footage for
    the record, without secrets. ``tenants`` gives who held a shop at that time, by code.
    """

    violation: Violation
    footage: Footage
    observations: tuple[Observation, ...]
    clock: SourceClock
    source: str
    tenants: Mapping[str, Tenancy]

    def media_time_s(self, at: datetime) -> float:
        """Media time of a moment; that of the look itself where one was made then."""
        for observation in self.observations:
            if observation.captured_at == at:
                return observation.media_time_s
        return (at - self.clock.start_at).total_seconds()

    def captured_at(self, media_time_s: float | None) -> datetime | None:
        """Wall-clock time of a media time; None where nobody knows it."""
        if media_time_s is None or not self.clock.known:
            return None
        return self.clock.start_at + timedelta(seconds=media_time_s)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that must be shown, and from when to when a look may stand for it."""

    name: str
    at: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class ChosenLook:
    """A look to show: its media time, what was seen then (None: nobody looked) and what the manifest says about the choice."""

    media_time_s: float
    observation: Observation | None
    statement: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Looks in a row that do not count, with their reason and media times."""

    reason: GapReason
    from_s: float
    to_s: float
    looks: int


def things_of(violation: Violation, observation: Observation) -> tuple[Detection, ...]:
    """What an observation saw of a violation, each thing once though both eyes may have seen it."""
    found: list[Detection] = []
    for detection in observation.detections:
        may_belong = detection.role not in MOVERS or detection.label in violation.labels
        if may_belong and _stands_there(violation, detection.box) and all(detection.box.iou(other.box) < 0.6 for other in found):
            found.append(detection)
    return tuple(found)


def hidden_share(box: BoundingBox, observation: Observation, labels: tuple[str, ...] = ()) -> float:
    """Share 0..1 of a box that movers in front of it cover.

    A mover stands in front when its feet are not clearly above the foot of the box. Movers whose label is in
    ``labels`` are the things themselves (a tricycle that is a stall) and hide nothing.
    """
    xs = box.x_min + (np.arange(_GRID) + 0.5) / _GRID * box.width
    ys = (box.y_min + (np.arange(_GRID) + 0.5) / _GRID * box.height)[:, None]
    covered = np.zeros((_GRID, _GRID), dtype=bool)
    for detection in observation.detections:
        other = detection.box
        in_front = other.y_max >= box.y_max - 0.15 * box.height
        if detection.role in MOVERS and detection.label not in labels and in_front:
            covered |= (xs >= other.x_min) & (xs <= other.x_max) & (ys >= other.y_min) & (ys <= other.y_max)
    return float(covered.mean())


def still_moments(violation: Violation, near_s: float) -> tuple[Moment, ...]:
    """First sight, middle and end of the dwell, and the cleared ground, as far as the violation came."""
    near = timedelta(seconds=near_s)
    first, last = violation.first_seen_at, max(violation.last_seen_at, violation.first_seen_at)
    end = violation.confirmed_at or last
    middle = first + (end - first) / 2
    moments = [
        Moment("first_seen", first, first, min(first + near, end)),
        Moment("middle", middle, max(first, middle - near), min(end, middle + near)),
    ]
    if violation.confirmed_at:
        moments.append(Moment("confirmed", end, max(first, end - near), min(max(last, end), end + near)))
    if violation.cleared_at:
        moments.append(Moment("after", violation.cleared_at, violation.cleared_at, violation.cleared_at + near))
    return tuple(moments)


def rank_looks(material: Material, moment: Moment) -> tuple[ChosenLook, ...]:
    """The looks that may show a moment, best first, at most three: unhidden before hidden, then near before far."""
    counted = [item for item in material.observations if item.gap is None and material.footage.holds(item.media_time_s)]
    usable = [item for item in counted if moment.earliest <= item.captured_at <= moment.latest]
    if not usable:
        first, last = material.violation.first_seen_at, material.violation.last_seen_at
        since, until = (moment.at, None) if moment.name == "after" else (first, max(first, last))
        usable = [item for item in counted if since <= item.captured_at and (until is None or item.captured_at <= until)]
    if not usable:
        return (ChosenLook(material.media_time_s(moment.at), None, f"{moment.name}: no look counts at or near that time"),)
    shares = {id(item): _hidden_at(material.violation, item, after=moment.name == "after") for item in usable}
    standing_since = None if moment.name == "after" else _standing_since(material)
    ranked = sorted(
        usable,
        key=lambda item: (
            shares[id(item)] > HIDDEN_SHARE,
            shares[id(item)] if shares[id(item)] > HIDDEN_SHARE else not _was_there(material.violation, item, moment, standing_since),
            abs(item.captured_at - moment.at),
            item.captured_at,
        ),
    )
    nearest = min(usable, key=lambda item: (abs(item.captured_at - moment.at), item.captured_at))
    best = ranked[0]
    reason = "" if best is nearest else _why_not(shares[id(nearest)])
    return tuple(
        ChosenLook(
            item.media_time_s,
            item,
            _statement(moment, item, shares[id(item)], reason if item is best else "a better one can't be read"),
        )
        for item in ranked[:_TRIES]
    )


def gaps_of(material: Material) -> tuple[Gap, ...]:
    """Looks since first sight that do not count, neighbours with the same reason as one."""
    gaps: list[Gap] = []
    before: GapReason | None = None
    for observation in material.observations:
        if observation.gap is not None and observation.captured_at >= material.violation.first_seen_at:
            if gaps and observation.gap is before:
                gaps[-1] = replace(gaps[-1], to_s=observation.media_time_s, looks=gaps[-1].looks + 1)
            else:
                gaps.append(Gap(observation.gap, observation.media_time_s, observation.media_time_s, 1))
        before = observation.gap
    return tuple(gaps)


def _stands_there(violation: Violation, box: BoundingBox) -> bool:
    near_known = any(
        box.iou(thing) >= _SAME_THING_IOU or box.covered_by(thing) >= _SAME_THING_SHARE or thing.covered_by(box) >= _SAME_THING_SHARE
        for thing in violation.things
    )
    return near_known or box.covered_by(violation.box) >= _SAME_THING_SHARE


def _hidden_at(violation: Violation, observation: Observation, *, after: bool) -> float:
    if after:
        return hidden_share(violation.box, observation, violation.labels)
    things = [thing.box for thing in things_of(violation, observation)] or list(violation.things) or [violation.box]
    return max(hidden_share(box, observation, violation.labels) for box in things)


def _standing_since(material: Material) -> datetime | None:
    """Since when the thing is known to have stood, told by looks that were made later."""
    known = [
        thing.standing_since for item in material.observations for thing in things_of(material.violation, item) if thing.standing_since
    ]
    return min((since for since in known if since >= material.violation.first_seen_at), default=None)


def _was_there(violation: Violation, observation: Observation, moment: Moment, standing_since: datetime | None) -> bool:
    """Whether the thing is known to have stood there at this look (for the picture after: nothing to ask)."""
    if moment.name == "after" or things_of(violation, observation):
        return True
    return standing_since is not None and observation.captured_at >= standing_since


def _why_not(share: float) -> str:
    return f"{share:.0%} hidden in the nearest one" if share > HIDDEN_SHARE else "not seen in the nearest one"


def _statement(moment: Moment, chosen: Observation, share: float, reason: str) -> str:
    """What the manifest says of a choice; nothing where the look of the moment itself shows the thing free."""
    away = (chosen.captured_at - moment.at).total_seconds()
    parts = [f"look {abs(away):.1f} s {'after' if away > 0 else 'before'} the moment"] if abs(away) >= 0.05 else []
    if share > HIDDEN_SHARE:
        parts.append(f"{share:.0%} hidden, and no look near that time shows it free")
    elif reason:
        parts.append(reason)
    return f"{moment.name}: {'; '.join(parts)}" if parts else ""
