"""One person of a script: stands, walks, carries, talks, sits, rides, one thing after the other. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from sample_videos.generator.footprints import FIGURE_RADIUS_M, ground_z, outline
from sample_videos.generator.moves import between, gently, out_from, seat_behind_m, seat_m
from sample_videos.generator.people.looks import stride_m
from sample_videos.generator.script import Spell
from sample_videos.generator.values import Figure, Looks, Placed, Pose
from sample_videos.generator.walks import NoWayError, Point, Walk, speed_mps

if TYPE_CHECKING:
    from sample_videos.generator.stage import Prop, Stage

BEND_S = 1.6
"""Bending down and coming up again; the thing changes hands in the middle."""
TAKE_S = 1.2
"""Taking something from a shelf inside."""
_TURN_S = 0.6
_LONGEST_WAIT_S = 25.0
_ASIDE_M = (0.0, 0.6, -0.6, 1.1, -1.1)
"""How far people walk to one side to let others pass, metres to their left; only on ways of some length."""
_LONG_WAY_M = 4.0
_SLOWER = {Pose.CARRY: 0.8, Pose.PUSH: 0.7}
_FIDGETS = {Pose.STAND: (7.0, 1.4), Pose.TALK: (2.6, 1.6), Pose.SIT: (6.0, 1.4), Pose.SQUAT: (8.0, 1.2), Pose.REACH: (2.4, 1.8)}
"""Every so many seconds they move for so many seconds, by pose."""


class Actor:
    """Somebody with a clock of their own: each word begins when the one before is done."""

    def __init__(self, stage: Stage, name: str, looks: Looks, at: Point, from_s: float, heading: float) -> None:
        """Stands there from then on; use `Stage.person`."""
        self.name = name
        self.looks = looks
        self.x, self.y = at
        self.now_s = from_s
        self.heading = heading
        self.spells: list[Spell] = []
        self.mounts: list[Prop] = []
        """What they ride or push: it is no obstacle to them."""
        self._stage = stage
        self._walked = 0.0
        self._left = False
        self._held: tuple[str, int] | None = None
        self._fidget = float(np.random.default_rng([looks.seed, 5]).uniform(0.0, 7.0))

    # --- staying ------------------------------------------------------------------------------------------

    def wait(self, seconds: float, *, pose: Pose = Pose.STAND, heading: float | None = None, seat_m: float = 0.45) -> Actor:
        """Stay for so long."""
        return self.wait_until(self.now_s + seconds, pose=pose, heading=heading, seat_m=seat_m)

    def wait_until(self, until_s: float, *, pose: Pose = Pose.STAND, heading: float | None = None, seat_m: float = 0.45) -> Actor:
        """Stay until then; nothing happens where it is later already."""
        if until_s <= self.now_s:
            return self
        since, before = self.now_s, self.heading
        after = self.heading if heading is None else heading
        every_s, moving_s = _FIDGETS.get(pose, (7.0, 1.4))
        still = self._figure(pose)
        paused = self._walked / stride_m(self.looks)

        def figure(at_s: float) -> Figure:
            turned = between(before, after, (at_s - since) / _TURN_S)
            whole, part = divmod(at_s + self._fidget, every_s)
            phase = paused if still.pose is Pose.CARRY else whole + gently(part / moving_s)
            return replace(still, heading=turned, phase=phase, seat_m=seat_m)

        self.spells.append(Spell(since, until_s, figure, still=True))
        self.now_s, self.heading = until_s, after
        return self

    def talk_to(self, other: Actor, seconds: float) -> Actor:
        """Face somebody and talk."""
        return self.wait(seconds, pose=Pose.TALK, heading=math.atan2(other.y - self.y, other.x - self.x))

    def sit(self, seat: Prop, seconds: float, *, heading: float) -> Actor:
        """Sit down on a chair that they stand beside, looking that way; they stand where it is afterwards too."""
        self.x, self.y = seat.placed.x, seat.placed.y
        return self.wait(seconds, pose=Pose.SIT, heading=heading, seat_m=seat_m(seat.placed))

    # --- going --------------------------------------------------------------------------------------------

    def walk_to(self, to: Point, *, carries: str | None = None, road: bool = False, hurry: float = 1.0) -> Actor:
        """Walk there round everything in the way; waits first until the way is free of others."""
        pose = Pose.CARRY if self._held else Pose.WALK
        held = self._held or ((carries, self._seed()) if carries else None)
        if math.dist((self.x, self.y), to) < 0.02:
            return self
        walk = self._free_walk(to, speed_mps(self.looks) * hurry * _SLOWER.get(pose, 1.0), road=road)
        if self.spells:
            self.wait_until(walk.from_s)
        self._go(walk, pose, held)
        return self

    def push_to(self, cart: Prop, to: Point, *, road: bool = False) -> Actor:
        """Push a cart before them straight to a place; it keeps its turn."""
        shape = outline(cart.placed)
        ahead = math.atan2(to[1] - cart.placed.y, to[0] - cart.placed.x)
        behind = out_from(shape, cart.placed, ahead + math.pi)
        self.walk_to(behind, road=road)
        goal = (behind[0] + to[0] - cart.placed.x, behind[1] + to[1] - cart.placed.y)
        walk = Walk((behind, goal), self.now_s, speed_mps(self.looks) * _SLOWER[Pose.PUSH])
        self.mounts.append(cart)
        cart.take_away(walk.from_s)
        cart.roll(replace(walk, way=((cart.placed.x, cart.placed.y), to)), self._stage.plan, turns=False)
        cart.stand(cart.placed, walk.until_s)
        self._go(walk, Pose.PUSH, None)
        return self

    def ride(self, mount: Prop, way: list[Point], *, speed_mps: float) -> Actor:
        """Ride a bicycle, scooter or tricycle along a way; they sit on it until they get off."""
        walk = Walk(tuple(way), self.now_s, speed_mps, ease_s=1.2, reach_m=0.8)
        self.mounts.append(mount)
        if mount.stays:
            mount.take_away(walk.from_s)
        mount.roll(walk, self._stage.plan)
        mount.stand(mount.placed, walk.until_s)
        seat = seat_m(mount.placed)
        still = self._figure(Pose.RIDE)
        plan = self._stage.plan

        def figure(at_s: float) -> Figure:
            x, y = walk.place(at_s)
            heading = walk.heading(at_s)
            back = seat_behind_m(mount.placed)
            x, y = x - math.cos(heading) * back, y - math.sin(heading) * back
            phase = walk.distance_m(at_s) / 3.2
            return replace(still, x=x, y=y, z=ground_z(plan, x, y), heading=heading, phase=phase, seat_m=seat)

        self.spells.append(Spell(walk.from_s, walk.until_s, figure))
        (self.x, self.y), self.now_s = walk.way[-1], walk.until_s
        self.heading = walk.heading(walk.until_s)
        return self

    def rise(self, seat: Prop) -> Actor:
        """Stand up beside what they sat on."""
        self.x, self.y = self._beside(seat.placed)
        return self

    def get_off(self, mount: Prop) -> Actor:
        """Step down beside what they rode."""
        self.x, self.y = self._beside(mount.placed)
        self.heading = math.atan2(mount.placed.y - self.y, mount.placed.x - self.x)
        return self

    def gone(self) -> Actor:
        """They are out of sight from now on."""
        self._left = True
        return self

    def gone_with(self, mount: Prop) -> Actor:
        """They and what they ride are out of sight from now on."""
        mount.take_away(mount.stays[-1].from_s)
        return self.gone()

    # --- handling things ----------------------------------------------------------------------------------

    def take(self, prop: Prop) -> Actor:
        """Take something that stands nowhere yet: from a shelf inside the shop, from a van."""
        self.wait(TAKE_S, pose=Pose.REACH)
        self._held = (prop.placed.thing, prop.placed.seed)
        return self

    def hold(self, prop: Prop) -> Actor:
        """Come with something in the hands."""
        self._held = (prop.placed.thing, prop.placed.seed)
        return self

    def put_down(self, prop: Prop, at: Point, *, z: float = 0.0, turn: float = 0.0, road: bool = False, side: float | None = None) -> Actor:
        """Carry it there, bend, and put it down; it stands there from the middle of the bend on. `side`: where they stand, radians."""
        ground = ground_z(self._stage.plan, *at) + z
        placed = replace(prop.placed, x=at[0], y=at[1], z=ground, turn=turn)
        self._go_beside(placed, side, road=road)
        since = self.now_s
        self._bend(placed)
        prop.stand(placed, since + BEND_S / 2)
        self._held = None
        return self

    def pick_up(self, prop: Prop, *, road: bool = False, side: float | None = None) -> Actor:
        """Go there, bend and take it; it is gone from the ground from the middle of the bend on."""
        self._go_beside(prop.placed, side, road=road)
        since = self.now_s
        self._held = None
        self._bend(prop.placed, taking=True)
        prop.take_away(since + BEND_S / 2)
        self._held = (prop.placed.thing, prop.placed.seed)
        return self

    def carry_out(self, prop: Prop, at: Point, *, inside: Point, z: float = 0.0, turn: float = 0.0, side: float | None = None) -> Actor:
        """Fetch it from inside the shop and put it down outside."""
        return self.walk_to(inside).take(prop).put_down(prop, at, z=z, turn=turn, side=side)

    def take_in(self, prop: Prop, *, inside: Point, road: bool = False) -> Actor:
        """Pick it up and carry it into the shop, where it is out of sight."""
        self.pick_up(prop, road=road)
        self.walk_to(inside, road=road)
        self.wait(TAKE_S, pose=Pose.REACH)
        self._held = None
        return self

    def stay_until_the_end(self, until_s: float) -> None:
        """Whoever has not left stays where the script left them."""
        if not self._left:
            self.wait_until(until_s)

    # --- inside -------------------------------------------------------------------------------------------

    def _figure(self, pose: Pose) -> Figure:
        held = self._held or (None, 0)
        z = ground_z(self._stage.plan, self.x, self.y)
        if self._held and pose is Pose.STAND:
            pose = Pose.CARRY
        return Figure(self.name, self.looks, self.x, self.y, z=z, heading=self.heading, pose=pose, carries=held[0], carries_seed=held[1])

    def _seed(self) -> int:
        return self.looks.seed * 10 + 1

    def _free_walk(self, goal: Point, speed: float, *, road: bool) -> Walk:
        """The first walk there on which nobody is met: straight, or a little to one side; later if need be."""
        waited = 0.0
        while waited <= _LONGEST_WAIT_S:
            from_s = self.now_s + waited
            for aside_m in _ASIDE_M:
                walk = self._walk_by(goal, from_s, speed, aside_m, road=road)
                if walk and self._stage.is_free(walk, self):
                    return walk
            waited += 0.5
        raise NoWayError(f"{self.name} finds no free way from {self.x:.2f}, {self.y:.2f} to {goal} at {self.now_s:.1f} s")

    def _walk_by(self, goal: Point, from_s: float, speed: float, aside_m: float, *, road: bool) -> Walk | None:
        """A walk there that passes so far beside the middle of the straight line; None where there is no way."""
        start = (self.x, self.y)
        dx, dy = goal[0] - start[0], goal[1] - start[1]
        length = math.hypot(dx, dy)
        if aside_m and length < _LONG_WAY_M:
            return None
        quarters = [(start[0] + share * dx - aside_m * dy / length, start[1] + share * dy + aside_m * dx / length) for share in (0.3, 0.7)]
        if aside_m and not self._stage.has_room(quarters, from_s, from_s + length / speed):
            return None
        stops = [start, *(quarters if aside_m else []), goal]
        way: list[Point] = [start]
        try:
            for here, there in pairwise(stops):
                way += self._stage.way(here, there, from_s, road=road, but=[self])[1:]
        except NoWayError:
            return None
        return Walk(tuple(way), from_s, speed)

    def _go(self, walk: Walk, pose: Pose, held: tuple[str, int] | None) -> None:
        walked, before, stride = self._walked, self.heading, stride_m(self.looks)
        thing, seed = held or (None, 0)
        still = replace(self._figure(pose), pose=pose, carries=thing, carries_seed=seed)
        plan = self._stage.plan

        def figure(at_s: float) -> Figure:
            x, y = walk.place(at_s)
            heading = between(before, walk.heading(at_s), (at_s - walk.from_s) / _TURN_S)
            phase = (walked + walk.distance_m(at_s)) / stride
            return replace(still, x=x, y=y, z=ground_z(plan, x, y), heading=heading, phase=phase)

        self.spells.append(Spell(walk.from_s, walk.until_s, figure))
        (self.x, self.y), self.now_s = walk.way[-1], walk.until_s
        self.heading = walk.heading(walk.until_s)
        self._walked += walk.length_m

    def _go_beside(self, placed: Placed, side: float | None, *, road: bool = False) -> None:
        self.walk_to(self._beside(placed, side), road=road)

    def _beside(self, placed: Placed, side: float | None = None) -> Point:
        """Where to stand to reach a thing: at `side`, or the nearest free place round it."""
        shape = outline(placed)
        blocked = self._stage.obstacles(self.now_s, self.now_s + 12.0, road=True, but=[self])
        sides = [side] if side is not None else [step * math.pi / 8 for step in range(16)]
        places = [out_from(shape, placed, angle) for angle in sides]
        free = [place for place in places if all(other.distance(shapely.Point(place)) >= FIGURE_RADIUS_M for other in blocked)]
        if not free:
            raise NoWayError(f"{self.name} can't get beside {placed.object_id} at {placed.x:.2f}, {placed.y:.2f}")
        return min(free, key=lambda place: math.dist(place, (self.x, self.y)))

    def _bend(self, placed: Placed, *, taking: bool = False) -> None:
        """Down and up: phase 0 upright, 0.5 lowest, 1 upright; the thing is in the hands in one half of it."""
        since, before = self.now_s, self.heading
        after = math.atan2(placed.y - self.y, placed.x - self.x)
        still = replace(self._figure(Pose.BEND), pose=Pose.BEND)

        def figure(at_s: float) -> Figure:
            share = (at_s - since) / BEND_S
            holds = share >= 0.5 if taking else share < 0.5
            heading = between(before, after, (at_s - since) / _TURN_S)
            thing, seed = (placed.thing, placed.seed) if holds else (None, 0)
            return replace(still, heading=heading, phase=min(share, 1.0), carries=thing, carries_seed=seed)

        self.spells.append(Spell(since, since + BEND_S, figure, still=True))
        self.now_s, self.heading = since + BEND_S, after
