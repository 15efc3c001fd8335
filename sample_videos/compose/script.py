"""The script of the demo clip: who carries what, when, and which violations follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sample_videos.compose.camera import Point
from sample_videos.compose.errands import Errand, Go, Put, Step, Take, Thing, Wait
from sample_videos.compose.layout import FRUIT, HARDWARE
from sample_videos.compose.people import Person
from sample_videos.compose.solids import Solid, carton, crate, drum, table
from sample_videos.compose.traffic import Pass

LENGTH_S = 88.0
ALWAYS = float("-inf")
UP, DOWN, RIGHT, LEFT = np.pi / 2, -np.pi / 2, 0.0, np.pi
OFF_LEFT, OFF_RIGHT = -9.2, 11.0
"""X beyond the picture's edges, for people on the pavement."""


@dataclass(frozen=True)
class Scene:
    """Everything that happens. ``claims`` say which things make which violation, or why they make none."""

    length_s: float
    things: tuple[Thing, ...]
    errands: tuple[Errand, ...]
    passes: tuple[Pass, ...]
    rider: Person
    claims: tuple[Claim, ...] = field(default=())


@dataclass(frozen=True)
class Claim:
    """What the things mean: a violation kind with its shop or place, and what excuses it, if anything does."""

    name: str
    things: tuple[Thing, ...]
    kind: str
    shop_code: str | None = None
    place: str = ""
    why: str = ""
    excused_by: str | None = None


KEEPER = Person("fruit keeper", 1.70, (150, 120, 96), (66, 58, 54), apron=(58, 112, 48), bare_arms=True)
COOK = Person("cook", 1.72, (214, 218, 220), (58, 54, 52), apron=(72, 70, 150), bare_arms=True, stout=1.12, cap=(222, 226, 228))
PORTER = Person("porter", 1.74, (70, 108, 176), (74, 70, 66), cap=(60, 70, 150), stout=1.06)
GUEST = Person("guest", 1.63, (150, 120, 210), (96, 66, 52), long_hair=True)
CYCLIST = Person("cyclist", 1.70, (96, 150, 92), (60, 56, 56), bare_arms=True)
WALKERS = (
    Person("office worker", 1.74, (206, 196, 182), (58, 48, 44)),
    Person("woman in skirt", 1.60, (118, 92, 196), (92, 58, 50), long_hair=True, skirt=True),
    Person("student", 1.70, (62, 118, 172), (50, 48, 46), backpack=(46, 46, 128)),
    Person("old man", 1.64, (104, 104, 100), (72, 74, 78), hair=(172, 174, 176), stout=1.08),
    Person("woman in yellow", 1.62, (80, 178, 206), (120, 104, 96), hair=(34, 40, 56), long_hair=True),
    Person("man in navy", 1.77, (92, 62, 44), (62, 62, 64)),
)


def demo_scene() -> Scene:
    """The scene of the shipped clip."""
    crates = tuple(
        Thing(crate(f"crate {i + 1}", plastic, fruit, 20 + i), [(ALWAYS, float("inf"), place)])
        for i, (plastic, fruit, place) in enumerate(
            (
                ((66, 136, 60), (36, 136, 236), (-6.55, 0.75, 0.34)),
                ((58, 60, 176), (52, 62, 206), (-6.55, 0.75, 0.0)),
                ((66, 136, 60), (62, 196, 226), (-5.75, 0.95, 0.34)),
                ((172, 108, 50), (58, 176, 128), (-5.75, 0.95, 0.0)),
                ((58, 60, 176), (36, 136, 236), (-4.2, 0.55, 0.0)),
            )
        )
    )
    cartons = tuple(
        Thing(carton(f"carton {i + 1}", size, label, 40 + i))
        for i, (size, label) in enumerate((((0.58, 0.44, 0.42), "易碎"), ((0.54, 0.42, 0.4), "日用品"), ((0.5, 0.4, 0.36), "向上")))
    )
    standing = _hardware_goods()
    dining = Thing(table("table", 0.72, 0.74, 60), [(ALWAYS, float("inf"), (1.75, 0.8, 0.0))])
    stool = Thing(drum("stool", 0.16, 0.45, (70, 70, 186), (64, 64, 170)), [(ALWAYS, float("inf"), (2.9, 0.75, 0.0))])
    errands = (
        Errand(KEEPER, 0.0, (-5.1, 0.7), _carry_out(crates)),
        Errand(COOK, 0.0, (3.0, 1.1), _set_table(dining, stool)),
        Errand(GUEST, 49.0, (OFF_LEFT, -2.1), _call_on_the_cook()),
        *_porters(cartons),
        *_walkers(),
    )
    passes = (
        Pass("van", 27.0, 11.0, -5.5, -6.5, (196, 200, 202)),
        Pass("bicycle", 39.0, 9.5, -4.75, -3.6, (150, 80, 40)),
        Pass("van", 63.0, -11.0, -7.9, 7.0, (150, 120, 70)),
        Pass("bicycle", 76.0, 9.5, -4.8, -3.3, (60, 60, 150)),
    )
    claims = (
        Claim("crates carried out", crates[:4], "beyond_shopfront", FRUIT.code, why="put down before the door line, left there"),
        Claim("paint and cartons", standing, "beyond_shopfront", HARDWARE.code, why="stand there from the first picture on"),
        Claim("pile of cartons", cartons, "pavement_piling", place="宝兴路128号墙边", why="piled on public pavement, later taken away"),
        Claim("crate in the shop", crates[4:], "beyond_shopfront", FRUIT.code, why="on the shop's own side", excused_by="own ground"),
        Claim("table and stool", (dining, stool), "beyond_shopfront", "BS-0103", why="in the area and hours", excused_by="permitted"),
    )
    return Scene(LENGTH_S, (*crates, *cartons, *standing, dining, stool), errands, passes, CYCLIST, claims)


def _hardware_goods() -> tuple[Thing, ...]:
    places: tuple[tuple[Solid, Point], ...] = (
        (carton("carton of fittings", (0.6, 0.45, 0.4), "管件", 51), (-2.75, -0.55, 0.0)),
        (carton("carton of lamps", (0.56, 0.42, 0.36), "灯具", 52), (-2.72, -0.55, 0.4)),
        (drum("bucket 1", 0.18, 0.38, (196, 202, 204), (60, 62, 190)), (-2.1, -0.5, 0.0)),
        (drum("bucket 2", 0.18, 0.38, (196, 202, 204), (170, 96, 44)), (-1.68, -0.52, 0.0)),
        (drum("bucket 3", 0.18, 0.38, (196, 202, 204), (60, 62, 190)), (-2.1, -0.5, 0.38)),
    )
    return tuple(Thing(solid, [(ALWAYS, float("inf"), place)]) for solid, place in places)


def _carry_out(crates: tuple[Thing, ...]) -> list[Step]:
    """One crate after the other from the stacks inside to the pavement."""
    steps: list[Step] = [Wait(5.0, DOWN)]
    for thing, x, place in (
        (crates[0], -6.0, (-6.2, -0.72, 0.0)),
        (crates[2], -5.2, (-5.5, -0.72, 0.0)),
        (crates[1], -6.0, (-6.2, -0.72, 0.34)),
        (crates[3], -5.2, (-4.8, -0.74, 0.0)),
    ):
        inside_y = 0.55 if x < -5.5 else 0.6
        steps += [Go(x, inside_y), Take(thing), Go(x, 0.1), Go(place[0] + 0.1, -0.15), Put(place), Go(x, 0.4), Wait(0.6, DOWN)]
    return [*steps, Go(-4.25, 1.3), Wait(90.0, DOWN)]


def _set_table(dining: Thing, stool: Thing) -> list[Step]:
    """Table and stool to the permitted place, then a talk in the doorway."""
    return [
        Wait(19.0, LEFT),
        Go(2.35, 0.75),
        Take(dining),
        Go(2.2, 0.1),
        Go(2.1, -0.35),
        Put((1.6, -1.0, 0.0)),
        Go(2.9, 0.5),
        Wait(3.0, DOWN),
        Go(2.8, 0.35),
        Take(stool),
        Go(2.4, -0.3),
        Put((2.4, -0.95, 0.0)),
        Go(3.0, 1.1),
        Wait(60.0, LEFT, talks=True),
    ]


def _call_on_the_cook() -> list[Step]:
    """A guest comes, talks inside the door line for six seconds, and goes on."""
    return [Go(-0.2, -2.1), Go(0.7, -0.3), Go(2.2, 0.9), Wait(6.5, RIGHT, talks=True), Go(0.75, -0.2), Go(-0.4, -2.3), Go(OFF_LEFT, -2.6)]


def _porters(cartons: tuple[Thing, ...]) -> list[Errand]:
    """Three loads come from the right and are fetched again."""
    places = ((5.55, -1.85, 0.0), (6.2, -1.8, 0.0), (5.6, -1.85, 0.42))
    errands = []
    for thing, place, start in zip(cartons, places, (5.0, 14.5, 24.0), strict=True):
        stand = (place[0] + 0.55, place[1] - 0.35)
        errands.append(Errand(PORTER, start, (OFF_RIGHT, -2.3), [Go(*stand), Put(place), Go(OFF_RIGHT, -2.4, 1.4)], thing))
    for index, start in ((2, 44.0), (1, 52.5), (0, 61.0)):
        place = places[index]
        stand = (place[0] + 0.5, place[1] - 0.4)
        errands.append(Errand(PORTER, start, (OFF_RIGHT, -2.4), [Go(*stand, 1.4), Take(cartons[index]), Go(OFF_RIGHT, -2.3)]))
    return errands


def _walkers() -> list[Errand]:
    """People who pass; nobody stops for more than four seconds on watched ground."""
    return [
        Errand(WALKERS[0], 1.0, (OFF_LEFT, -2.9), [Go(OFF_RIGHT, -2.75, 1.35)]),
        Errand(WALKERS[1], 12.0, (OFF_RIGHT, -2.8), [Go(OFF_LEFT, -2.6, 1.2)]),
        Errand(WALKERS[3], 20.0, (OFF_LEFT, -2.1), [Go(-0.9, -2.3, 0.95), Wait(3.0, UP), Go(OFF_RIGHT, -2.8, 0.95)]),
        Errand(WALKERS[4], 33.0, (OFF_RIGHT, -2.3), [Go(OFF_LEFT, -2.4, 1.25)]),
        Errand(WALKERS[5], 33.3, (OFF_RIGHT, -2.9), [Go(OFF_LEFT, -3.0, 1.25)]),
        Errand(WALKERS[2], 45.0, (OFF_LEFT, -3.0), [Go(OFF_RIGHT, -2.8, 1.5)]),
        Errand(WALKERS[1], 58.0, (OFF_LEFT, -2.4), [Go(-4.9, -1.6, 1.2), Wait(3.0, UP), Go(OFF_RIGHT, -2.8, 1.2)]),
        Errand(WALKERS[0], 70.0, (OFF_RIGHT, -3.0), [Go(OFF_LEFT, -2.6, 1.35)]),
        Errand(WALKERS[5], 75.0, (OFF_LEFT, -2.9), [Go(OFF_RIGHT, -2.8, 1.3)]),
    ]
