"""The words that scenarios are written in: put, carry, walk, ride, drive. Builds a Play. Pure.

A script says who does what, one after the other; the stage works out ways, times and places so that nobody walks through
anything. People who were brought on earlier have the right of way, so bring on those that matter first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from sample_videos.generator.actors import Actor
from sample_videos.generator.catalogue import THINGS
from sample_videos.generator.footprints import FIGURE_RADIUS_M, fixtures, ground_z, inside, outline, stands_in_the_way, walls
from sample_videos.generator.ground import kerbside_place
from sample_videos.generator.script import Play, Spell, Stay
from sample_videos.generator.streets import street
from sample_videos.generator.values import CameraPose, Conditions, Event, Looks, Placed, Scenario, StreetPlan
from sample_videos.generator.walks import BERTH_M, Point, Walk, find_way

Span = tuple[float, float]
"""From and until, seconds."""
FOREVER_S = math.inf
ALWAYS: Span = (-1.0, FOREVER_S)
_APART_M = 0.02


class ScriptError(ValueError):
    """A script asks for something that can't happen."""


@dataclass(eq=False)
class Prop:
    """One thing of a script and where it was when. Made by `Stage.put` and by people who carry it."""

    placed: Placed
    stays: list[Stay] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the truth knows it as: its group, or itself."""
        return self.placed.group or self.placed.object_id

    @property
    def arrived_s(self) -> float:
        """Since when it stands where it stands last."""
        return next(stay.from_s for stay in reversed(self.stays) if stay.fixed is not None)

    @property
    def left_s(self) -> float:
        """Until when it stands where it stands last."""
        return next(stay.until_s for stay in reversed(self.stays) if stay.fixed is not None)

    def stood(self, number: int) -> Span:
        """From when until when it stood at one of its places, counted from 0."""
        stay = [stay for stay in self.stays if stay.fixed is not None][number]
        return stay.from_s, stay.until_s

    def stand(self, placed: Placed, from_s: float, until_s: float = FOREVER_S) -> None:
        """Let it stand there from then on."""
        self.placed = placed
        self.stays.append(Stay(from_s, until_s, lambda _: placed, placed))

    def roll(self, walk: Walk, plan: StreetPlan, *, turns: bool = True) -> None:
        """Let it move along a way; its front (+y of the thing) leads, unless it keeps its turn."""
        base = self.placed

        def moved(at_s: float) -> Placed:
            x, y = walk.place(at_s)
            turn = walk.heading(at_s) - math.pi / 2 if turns else base.turn
            return replace(base, x=x, y=y, z=ground_z(plan, x, y), turn=turn, moving=True)

        self.stays.append(Stay(walk.from_s, walk.until_s, moved))
        self.placed = replace(moved(walk.until_s), moving=False)

    def take_away(self, at_s: float) -> None:
        """From then on it is gone, or elsewhere."""
        last = self.stays[-1]
        self.stays[-1] = replace(last, until_s=at_s)


class Stage:
    """One street during one clip, being scripted."""

    def __init__(self, scenario: Scenario, *, camera: int = 0, conditions: Conditions | None = None) -> None:
        """An empty street; `camera` is the number of one of its plan's places for a camera."""
        self.scenario = scenario
        self.plan = street(scenario.street)
        self.pose = self.plan.cameras[camera]
        self._conditions = conditions or Conditions()
        self._props: list[Prop] = []
        self._actors: list[Actor] = []
        self._events: list[Event] = []
        self._solid = [*walls(self.plan), *fixtures(self.plan)]
        self._looks_changes: list[tuple[float, float, float]] = []
        self._turns: list[tuple[float, float, CameraPose]] = []
        self._freezes: list[Span] = []
        self._gaps: list[tuple[float, float, str]] = []

    # --- things -------------------------------------------------------------------------------------------

    def put(self, thing: str, at: Point, *, z: float = 0.0, turn: float = 0.0, group: str | None = None, during: Span = ALWAYS) -> Prop:
        """A thing that stands there, z metres above the ground (on others), from the beginning unless said otherwise."""
        prop = self.prop(thing, group=group)
        prop.stand(replace(prop.placed, x=at[0], y=at[1], z=ground_z(self.plan, *at) + z, turn=turn), *during)
        return prop

    def prop(self, thing: str, *, group: str | None = None) -> Prop:
        """A thing that is nowhere yet."""
        number = sum(prop.placed.thing == thing for prop in self._props)
        seed = self.scenario.seed * 1000 + len(self._props)
        prop = Prop(Placed(f"{thing}-{number + 1}", thing, 0.0, 0.0, seed=seed, group=group))
        if THINGS[thing].held_out != self.plan.held_out and THINGS[thing].label not in {None, "person"}:
            raise ScriptError(f"{thing} may not be seen on {self.plan.name}: held-out things belong to held-out streets alone")
        self._props.append(prop)
        return prop

    def stack(self, thing: str, at: Point, count: int, *, group: str, turn: float = 0.0) -> list[Prop]:
        """Several of the same, one on the other, each turned a little."""
        height = THINGS[thing].height_m
        return [self.put(thing, at, z=level * height, turn=turn + 0.06 * ((level * 7) % 3 - 1), group=group) for level in range(count)]

    # --- vehicles -----------------------------------------------------------------------------------------

    def drive(self, vehicle: Prop | str, way: Sequence[Point], from_s: float, speed_mps: float) -> Prop:
        """A vehicle drives along a way, on from where it stands if it is there already, and stays at its end."""
        prop = self.prop(vehicle) if isinstance(vehicle, str) else vehicle
        if prop.stays:
            prop.take_away(from_s)
        walk = Walk(tuple(way), from_s, speed_mps, ease_s=2.0, reach_m=1.6)
        prop.roll(walk, self.plan)
        prop.stand(prop.placed, walk.until_s)
        return prop

    def drive_past(self, vehicle: str, from_s: float, *, speed_mps: float = 7.0, near: bool = True) -> Prop:
        """A vehicle passes, in the lane at this kerb (towards +x) or in the far one."""
        lane = self.plan.kerb_y + self.plan.road_width_m * (0.3 if near else 0.74)
        ends = [(-24.0, lane), (self.plan.units[-1].x_max + 24.0, lane)]
        prop = self.drive(vehicle, ends if near else ends[::-1], from_s, speed_mps)
        prop.take_away(prop.stays[-1].from_s)
        return prop

    # --- people -------------------------------------------------------------------------------------------

    def person(self, name: str, looks: Looks, at: Point, *, from_s: float = 0.0, heading: float = math.pi / 2) -> Actor:
        """Somebody who is there from then on and does what they are told next."""
        actor = Actor(self, name, looks, at, from_s, heading)
        self._actors.append(actor)
        return actor

    def passer_by(self, name: str, looks: Looks, from_s: float, *, y: float, to_left: bool = False, carries: str | None = None) -> Actor:
        """Somebody walks along the pavement from one end of the street to the other."""
        ends = [-6.0, self.plan.units[-1].x_max + 6.0]
        start, goal = ends[::-1] if to_left else ends
        actor = self.person(name, looks, (start, y), from_s=from_s, heading=math.pi if to_left else 0.0)
        actor.walk_to((goal, y), carries=carries)
        actor.gone()
        return actor

    def inside(self, code: str) -> Point:
        """Where the staff of that shop stand."""
        return inside(self.plan, code)

    # --- what is in the way -------------------------------------------------------------------------------

    def obstacles(self, from_s: float, until_s: float, *, road: bool, but: Iterable[object] = ()) -> list[shapely.Polygon]:
        """Outlines of all that stands still at some time of that stretch; without `road` the road is closed."""
        left_out = list(but)
        found = list(self._solid)
        if not road:
            found.append(shapely.box(-60.0, self.plan.kerb_y - 0.12, 100.0, self.plan.kerb_y + 30.0))
        for prop in self._props:
            if any(prop is other for other in left_out):
                continue
            for stay in prop.stays:
                if stay.fixed is not None and stay.from_s < until_s and stay.until_s > from_s and stands_in_the_way(stay.fixed):
                    found.append(outline(stay.fixed))
        for spell in self._spells(but=left_out):
            if spell.still and spell.from_s < until_s and spell.until_s > from_s:
                figure = spell.figure(max(spell.from_s, from_s))
                found.append(shapely.Point(figure.x, figure.y).buffer(FIGURE_RADIUS_M, quad_segs=2))
        return found

    def has_room(self, places: Iterable[Point], from_s: float, until_s: float) -> bool:
        """Whether a person fits at all of these places, on the pavement, during that stretch."""
        blocked = self.obstacles(from_s, until_s, road=False)
        return all(shapely.distance(blocked, shapely.Point(place)).min() >= FIGURE_RADIUS_M + BERTH_M for place in places)

    def is_free(self, walk: Walk, actor: Actor) -> bool:
        """Whether nobody and nothing that moves is met on this walk."""
        spells = [spell for spell in self._spells(but=[actor]) if spell.from_s < walk.until_s and spell.until_s > walk.from_s]
        rolling = [
            stay
            for prop in self._props
            for stay in prop.stays
            if stay.fixed is None and prop not in actor.mounts and stay.from_s < walk.until_s and stay.until_s > walk.from_s
        ]
        moments = np.arange(walk.from_s, walk.until_s, 0.2)
        return not any(self._meets(walk.place(at_s), at_s, spells, rolling) for at_s in moments)

    @staticmethod
    def _meets(here: Point, at_s: float, spells: Sequence[Spell], rolling: Sequence[Stay]) -> bool:
        for stay in rolling:
            if stay.from_s <= at_s < stay.until_s:
                there = stay.placed(at_s)
                if math.dist((there.x, there.y), here) < 6.0 and outline(there).distance(shapely.Point(here)) < FIGURE_RADIUS_M + 0.1:
                    return True
        for spell in spells:
            if spell.from_s <= at_s < spell.until_s:
                other = spell.figure(at_s)
                if math.dist((other.x, other.y), here) < 2 * FIGURE_RADIUS_M + _APART_M:
                    return True
        return False

    def way(self, start: Point, goal: Point, from_s: float, *, road: bool, but: Iterable[object] = ()) -> tuple[Point, ...]:
        """The shortest way on foot for somebody who sets out then."""
        long_s = math.dist(start, goal) / 0.9 + 3.0
        return find_way(start, goal, self.obstacles(from_s, from_s + long_s, road=road, but=but))

    def _spells(self, *, but: Iterable[object] = ()) -> list[Spell]:
        left_out = list(but)
        return [spell for actor in self._actors if not any(actor is other for other in left_out) for spell in actor.spells]

    # --- light, camera, events ----------------------------------------------------------------------------

    def dim(self, from_s: float, until_s: float, brightness: float, reason: str | None = None) -> None:
        """The picture is that much darker for a while; with a reason, nothing can be known then."""
        self._looks_changes.append((from_s, until_s, brightness))
        if reason:
            self._gaps.append((from_s, until_s, reason))

    def turn_camera(self, from_s: float, until_s: float, *, by: float, reason: str = "camera_moved") -> None:
        """A knock: the camera looks `by` radians further round for a while."""
        dx, dy = self.pose.target[0] - self.pose.x, self.pose.target[1] - self.pose.y
        cosine, sine = math.cos(by), math.sin(by)
        target = (self.pose.x + dx * cosine - dy * sine, self.pose.y + dx * sine + dy * cosine, self.pose.target[2] + 0.9)
        self._turns.append((from_s, until_s, replace(self.pose, target=target, roll=self.pose.roll + 0.05)))
        self._gaps.append((from_s, until_s, reason))

    def freeze(self, from_s: float, until_s: float) -> None:
        """The camera repeats one picture for a while."""
        self._freezes.append((from_s, until_s))
        self._gaps.append((from_s, until_s, "frozen"))

    def beyond_shopfront(
        self, name: str, props: Sequence[Prop], shops: Sequence[str], why: str, *, excused_by: str | None = None, during: Span | None = None
    ) -> None:
        """A shop's things stand beyond its door line; several shops where nobody can say whose they are."""
        self._event(Event(name, "beyond_shopfront", (), 0.0, None, tuple(shops), None, excused_by, why), props, during)

    def pavement_piling(
        self, name: str, props: Sequence[Prop], why: str, *, place: str = "", excused_by: str | None = None, during: Span | None = None
    ) -> None:
        """Things are piled on the public strip of the pavement, unless another place is named."""
        where = place or kerbside_place(self.plan)
        self._event(Event(name, "pavement_piling", (), 0.0, None, (), where, excused_by, why), props, during)

    def street_stall(
        self, name: str, props: Sequence[Prop], why: str, *, excused_by: str | None = None, during: Span | None = None
    ) -> None:
        """A stall with its vendor stands on the public strip of the pavement."""
        self._event(Event(name, "street_stall", (), 0.0, None, (), kerbside_place(self.plan), excused_by, why), props, during)

    def _event(self, event: Event, props: Sequence[Prop], during: Span | None) -> None:
        """It begins when the first of the things stands where it stands last, and ends when the last is gone."""
        began_s, ended_s = during or (min(prop.arrived_s for prop in props), max(prop.left_s for prop in props))
        ended = None if ended_s >= self.scenario.length_s else round(ended_s, 2)
        names = tuple(dict.fromkeys(prop.name for prop in props))
        self._events.append(replace(event, object_ids=names, began_s=round(max(0.0, began_s), 2), ended_s=ended))

    def play(self) -> Play:
        """The finished scenario."""
        stays = tuple(stay for prop in self._props for stay in prop.stays if stay.until_s > stay.from_s)
        for actor in self._actors:
            actor.stay_until_the_end(self.scenario.length_s + 1.0)
        return Play(
            scenario=self.scenario,
            plan=self.plan,
            stays=stays,
            spells=tuple(self._spells()),
            events=tuple(self._events),
            conditions=self._conditions_at,
            camera=lambda at_s: next((pose for since, until, pose in self._turns if since <= at_s < until), self.pose),
            frozen_since=lambda at_s: next((since for since, until in self._freezes if since <= at_s < until), None),
            gaps=tuple(sorted(self._gaps)),
        )

    def _conditions_at(self, at_s: float) -> Conditions:
        now = self._conditions
        for since, until, brightness in self._looks_changes:
            if since <= at_s < until:
                now = replace(now, brightness=now.brightness * brightness)
        return now
