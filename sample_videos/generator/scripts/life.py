"""The ordinary life of a street, which must never be reported: people who pass, stand and talk, or ride by."""

from __future__ import annotations

from collections.abc import Iterable

from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Looks
from sample_videos.generator.walks import Point

_AGES = (Age.YOUNG, Age.MIDDLE, Age.YOUNG, Age.OLD, Age.MIDDLE, Age.CHILD, Age.YOUNG)


def looks(stage: Stage, number: int, *, age: Age | None = None, female: bool | None = None) -> Looks:
    """One of many people of a clip: the same number is always the same person."""
    seed = stage.scenario.seed * 100 + number
    return Looks(seed, female=seed % 2 == 0 if female is None else female, age=age or _AGES[number % len(_AGES)])


def passers(stage: Stage, *walks: tuple[float, float, bool]) -> None:
    """People who walk from one end to the other: when, at which y, and whether towards smaller x."""
    for number, (from_s, y, to_left) in enumerate(walks, 40):
        carries = "shopping_bag" if number % 3 == 2 else None
        stage.passer_by(f"passer-by-{number - 39}", looks(stage, number), from_s, y=y, to_left=to_left, carries=carries)


def talkers(stage: Stage, at: Point, until_s: float, *, number: int = 30, leave_at: Point = (-6.0, 1.2)) -> None:
    """Two who stand and talk, then go the same way, one after the other."""
    one = stage.person(f"talker-{number}", looks(stage, number), at)
    other = stage.person(f"talker-{number + 1}", looks(stage, number + 1, age=Age.OLD), (at[0] + 0.85, at[1] + 0.12))
    one.talk_to(other, until_s)
    other.talk_to(one, until_s + 5.0)
    if until_s < stage.scenario.length_s:
        one.walk_to(leave_at).gone()
        other.walk_to(leave_at).gone()


def riders(stage: Stage, *rides: tuple[str, float, bool]) -> None:
    """People who ride by on the road: on what, when, and whether towards smaller x (then on the far side)."""
    row_ends = stage.plan.units[-1].x_max + 14.0
    for number, (thing, from_s, to_left) in enumerate(rides, 60):
        y = stage.plan.kerb_y + (stage.plan.road_width_m - 1.1 if to_left else 2.7)
        way = [(row_ends, y), (-14.0, y)] if to_left else [(-14.0, y), (row_ends, y)]
        rider = stage.person(f"rider-{number - 59}", looks(stage, number, age=Age.MIDDLE), way[0], from_s=from_s)
        mount = stage.prop(thing)
        rider.ride(mount, way, speed_mps=4.2).gone_with(mount)


def own_goods(stage: Stage, kept: Iterable[tuple[str, Point]]) -> None:
    """Goods on a shop's own ground, within its door line."""
    for thing, at in kept:
        stage.put(thing, at)
