"""What actors do: errands made of steps, compiled to poses and to the whereabouts of things at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sample_videos.compose.camera import Point
from sample_videos.compose.people import STRIDE_M, Person, Pose
from sample_videos.compose.solids import Solid

HANDLING_S = 1.7
"""How long it takes to put something down or to pick it up; it changes hands half-way."""


@dataclass
class Thing:
    """A solid and where it stands: ``stands`` lists (from_s, to_s, place), filled in by the errands that move it."""

    solid: Solid
    stands: list[tuple[float, float, Point]] = field(default_factory=list)

    def place_at(self, t: float) -> Point | None:
        """Where it stands at a moment; None while it is carried or not there."""
        return next((place for start, end, place in self.stands if start <= t < end), None)


@dataclass(frozen=True)
class Go:
    """Walk straight to a point on the ground."""

    x: float
    y: float
    speed: float = 1.25


@dataclass(frozen=True)
class Wait:
    """Stand for some seconds, looking in a direction (radians); talking moves a hand."""

    seconds: float
    heading: float
    talks: bool = False


@dataclass(frozen=True)
class Take:
    """Pick up a thing that stands within reach."""

    thing: Thing


@dataclass(frozen=True)
class Put:
    """Put down the thing in hand at a place within reach."""

    place: Point


Step = Go | Wait | Take | Put


@dataclass(frozen=True)
class _Leg:
    """One compiled step: from when to when, from where to where."""

    start_s: float
    end_s: float
    step: Step
    origin: tuple[float, float]
    target: tuple[float, float]
    heading: float
    walked_m: float
    holds: Thing | None


@dataclass(frozen=True)
class Moment:
    """An actor at one moment: the pose, and the carried thing with the middle of its underside."""

    pose: Pose
    holds: Thing | None
    holds_at: Point


class Errand:
    """A person who does one step after the other, from ``start_s``; before and after nobody sees them (or they wait)."""

    def __init__(
        self, person: Person, start_s: float, origin: tuple[float, float], steps: Sequence[Step], holds: Thing | None = None
    ) -> None:
        """Compile the steps; fills in ``stands`` of the things that are moved.

        Raises:
            ValueError: something is put down that nobody holds, or picked up where it does not stand.
        """
        self.person = person
        self._legs: list[_Leg] = []
        at, heading, walked, t = origin, 0.0, 0.0, start_s
        for step in steps:
            target, holding = at, holds
            if isinstance(step, Go):
                target = (step.x, step.y)
                distance = float(np.hypot(target[0] - at[0], target[1] - at[1]))
                duration = distance / step.speed
                heading = _direction(at, target) if distance > 0.01 else heading
            elif isinstance(step, Wait):
                duration, heading, distance = step.seconds, step.heading, 0.0
            else:
                duration, distance = HANDLING_S, 0.0
                holds, heading = _handle(step, at, t + HANDLING_S / 2, holds)
            self._legs.append(_Leg(t, t + duration, step, at, target, heading, walked, holding))
            at, walked, t = target, walked + distance, t + duration
        self.start_s, self.end_s = start_s, t

    def moment(self, t: float) -> Moment | None:
        """The actor at a moment; None while nobody is there."""
        leg = next((leg for leg in self._legs if leg.start_s <= t < leg.end_s), None)
        if leg is None:
            return None
        share = (t - leg.start_s) / (leg.end_s - leg.start_s)
        x = leg.origin[0] + (leg.target[0] - leg.origin[0]) * share
        y = leg.origin[1] + (leg.target[1] - leg.origin[1]) * share
        heading = self._turning(leg, t)
        if isinstance(leg.step, Go):
            walked = leg.walked_m + float(np.hypot(x - leg.origin[0], y - leg.origin[1]))
            gait = float(np.clip(min(t - leg.start_s, leg.end_s - t) / 0.3, 0.15, 1.0))
            return self._carrying(Pose((x, y, 0), heading, walked / (STRIDE_M * self.person.height / 1.7), gait), leg.holds)
        if isinstance(leg.step, Wait):
            sway = 0.25 * np.sin(t * 1.3) * (0.3 if leg.step.talks else 0.15)
            talk = max(0.0, float(np.sin(t * 2.1) * np.sin(t * 0.9))) if leg.step.talks else 0.0
            return self._carrying(Pose((x, y, 0), heading + float(sway), talk=talk), leg.holds)
        return self._handling(leg, share, Pose((x, y, 0), heading))

    def _turning(self, leg: _Leg, t: float) -> float:
        """Turn within a third of a second instead of at once."""
        index = self._legs.index(leg)
        if index == 0:
            return leg.heading
        before = self._legs[index - 1].heading
        turn = (leg.heading - before + np.pi) % (2 * np.pi) - np.pi
        return float(before + turn * np.clip((t - leg.start_s) / 0.35, 0, 1))

    def _carrying(self, pose: Pose, thing: Thing | None) -> Moment:
        if thing is None:
            return Moment(pose, None, (0, 0, 0))
        return _holding(pose, thing, _before_chest(pose, thing))

    def _handling(self, leg: _Leg, share: float, pose: Pose) -> Moment:
        """Stoop, hand over half-way, rise again; the thing moves between the chest and its place."""
        stoop = float(np.sin(np.pi * share) ** 0.8)
        thing, place = _handled(leg)
        low = float(np.clip(1 - place[2] / 0.9, 0.1, 1))
        bent = Pose(pose.at, pose.heading, bend=stoop * low * 0.9)
        in_hand = share < 0.5 if isinstance(leg.step, Put) else share >= 0.5
        near = 1 - abs(2 * share - 1)
        smooth = near * near * (3 - 2 * near)
        chest = _before_chest(pose, thing)
        spot = (
            chest[0] + (place[0] - chest[0]) * smooth,
            chest[1] + (place[1] - chest[1]) * smooth,
            chest[2] + (place[2] - chest[2]) * smooth,
        )
        held = _holding(bent, thing, spot)
        return (
            held
            if in_hand
            else Moment(Pose(bent.at, bent.heading, bend=bent.bend, hands=held.pose.hands if near > 0.55 else None), None, spot)
        )


def _handle(step: Take | Put, at: tuple[float, float], when: float, holds: Thing | None) -> tuple[Thing | None, float]:
    if isinstance(step, Put):
        if holds is None:
            raise ValueError(f"nothing in hand to put down at {step.place} at {when:.1f} s")
        holds.stands.append((when, float("inf"), step.place))
        return None, _direction(at, step.place[:2])
    place = step.thing.place_at(when)
    if place is None or holds is not None:
        raise ValueError(f"cannot pick up {step.thing.solid.name} at {when:.1f} s")
    start, _, _ = step.thing.stands[-1]
    step.thing.stands[-1] = (start, when, place)
    return step.thing, _direction(at, place[:2])


def _handled(leg: _Leg) -> tuple[Thing, Point]:
    """The thing that a step moves, and its place on the ground."""
    middle = (leg.start_s + leg.end_s) / 2
    if isinstance(leg.step, Put) and leg.holds is not None:
        return leg.holds, leg.step.place
    if isinstance(leg.step, Take):
        thing = leg.step.thing
        return thing, next(place for _, end, place in thing.stands if abs(end - middle) < 1e-6)
    raise ValueError("not a step that handles a thing")


def _before_chest(pose: Pose, thing: Thing) -> Point:
    reach = 0.27 + min(thing.solid.size[:2]) / 2
    height = 1.12 - thing.solid.size[2] * 0.6
    return pose.at[0] + float(np.cos(pose.heading)) * reach, pose.at[1] + float(np.sin(pose.heading)) * reach, height


def _holding(pose: Pose, thing: Thing, spot: Point) -> Moment:
    left = np.array([-np.sin(pose.heading), np.cos(pose.heading), 0])
    half = min(0.34, max(thing.solid.size[:2]) / 2)
    middle = np.array(spot) + np.array([0, 0, thing.solid.size[2] * 0.55])
    hands = tuple((float(p[0]), float(p[1]), float(p[2])) for p in (middle + left * half, middle - left * half))
    return Moment(Pose(pose.at, pose.heading, pose.phase, pose.gait, pose.bend, (hands[0], hands[1])), thing, spot)


def _direction(a: Sequence[float], b: Sequence[float]) -> float:
    return float(np.arctan2(b[1] - a[1], b[0] - a[0]))
