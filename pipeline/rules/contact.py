"""Where a thing meets the ground, and how near two things are. Plain geometry on boxes.

Lengths that compare both axes are in picture heights: a fraction of the width times the picture's aspect
(width / height), a fraction of the height as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import TypeAlias

from pipeline.config import ContactSettings
from pipeline.types import BoundingBox, Role

_DEFAULT_BANDS = ContactSettings().bands

Band: TypeAlias = tuple[BoundingBox, ...]
"""Where a thing stands: one box, or several side by side where it stands aslant."""

_LEAST_TALL = 0.25
"""Of its box: a thing that stands aslant is no flatter."""
SAME_PLACE_IOU = 0.3
SAME_PLACE_COVER = 0.6
NEXT_TO_HEIGHTS = 0.25


def contact_band(label: str, role: Role, box: BoundingBox, bands: Mapping[str, float], foot: Sequence[float] = ()) -> Band:
    """The lowest part of a thing, which stands on the ground; empty for what touches no ground (canopies).

    Args:
        bands: label (first) or role -> share 0..1 of the thing's height. A role that it leaves out has the default band: a settings
            file that names one label does not lift everything else off the ground.
        foot: see Detection. A thing that stands aslant is as tall as its box less what its foot rises.
    """
    share = bands.get(label, bands.get(role.value, _DEFAULT_BANDS[role.value]))
    if share <= 0:
        return ()
    if not foot:
        return (BoundingBox(box.x_min, box.y_max - share * box.height, box.x_max, box.y_max),)
    tall = share * max(box.height - (max(foot) - min(foot)), _LEAST_TALL * box.height)
    edges = [box.x_min + box.width * at / len(foot) for at in range(len(foot) + 1)]
    pairs = zip(edges, edges[1:], foot, strict=False)
    return tuple(BoundingBox(left, max(0.0, low - tall), right, low) for left, right, low in pairs if low > 0)


def same_place(one: BoundingBox, other: BoundingBox) -> bool:
    """Whether two boxes are the same thing in the same place: IoU >= 0.3, or the smaller lies to 60 % in the larger."""
    shared = one.intersection_area(other)
    if not shared:
        return False
    smaller = min(one.area, other.area)
    return shared >= SAME_PLACE_COVER * smaller or shared >= SAME_PLACE_IOU * (one.area + other.area - shared)


def box_distance(one: BoundingBox, other: BoundingBox, aspect: float) -> float:
    """Clear space between two boxes in picture heights; 0 where they touch or overlap."""
    across = max(one.x_min, other.x_min) - min(one.x_max, other.x_max)
    down = max(one.y_min, other.y_min) - min(one.y_max, other.y_max)
    return hypot(max(across, 0.0) * aspect, max(down, 0.0))


def next_to(one: BoundingBox, other: BoundingBox, aspect: float) -> bool:
    """Whether two things touch or nearly touch: the space between is at most a quarter of the lower one's height."""
    return box_distance(one, other, aspect) <= NEXT_TO_HEIGHTS * min(one.height, other.height)


def attends(person: BoundingBox, thing: BoundingBox, reach: float, aspect: float) -> bool:
    """Whether a person's feet (bottom centre) are within ``reach`` of their own heights of the thing.

    Somebody behind a table is cut off by its top, which puts their "feet" into its box: they attend it.
    """
    feet_x = (person.x_min + person.x_max) / 2
    feet = BoundingBox(feet_x, person.y_max, feet_x, person.y_max)
    return box_distance(feet, thing, aspect) <= reach * person.height


def stands_beside(vehicle: BoundingBox, thing: BoundingBox, aspect: float) -> bool:
    """Whether things may just be loaded from this vehicle: within half the thing's height, and on the same ground.

    A vehicle behind the thing may touch it in the picture and be far away in the street; its wheels then stand
    more than half a vehicle's height higher or lower than the thing does.
    """
    same_ground = abs(vehicle.y_max - thing.y_max) <= max(vehicle.height, thing.height) / 2
    return same_ground and box_distance(vehicle, thing, aspect) <= thing.height / 2


def hidden_share(box: BoundingBox, movers: tuple[BoundingBox, ...]) -> float:
    """Share of a box that movers in front of it cover, 0..1 (overlaps of two movers count twice: rather hidden than absent)."""
    if not box.area:
        return 0.0
    return min(1.0, sum(box.intersection_area(mover) for mover in movers) / box.area)
