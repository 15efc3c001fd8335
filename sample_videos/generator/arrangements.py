"""Random street scenes for training pictures: what stands where, who walks where. Pure; footprints never overlap.

On training streets every thing is a variant of its design, and things stand on each other. On held-out streets things are as
they were designed, so that figures measured there stay comparable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from sample_videos.generator.camera import Projection
from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.company import ON, bearers, on_top
from sample_videos.generator.footprints import FIGURE_RADIUS_M, fixtures, ground_z, outline, size_m, stands_in_the_way, walls
from sample_videos.generator.parked import park_rank, put_bench
from sample_videos.generator.people.looks import random_looks
from sample_videos.generator.values import Figure, Placed, Pose, StreetPlan, Variant
from sample_videos.generator.variants import random_variant

FARTHEST_M = 20.0
"""Things further from the camera than this are left out."""
TRIES = 25
DISPLAYS = (("goods", 0.52), ("rack_or_sign", 0.2), ("table", 0.2), ("chair", 0.05), ("canopy", 0.03))
IDLE = (
    (Pose.WALK, 0.5),
    (Pose.STAND, 0.2),
    (Pose.TALK, 0.1),
    (Pose.CARRY, 0.07),
    (Pose.SQUAT, 0.05),
    (Pose.REACH, 0.05),
    (Pose.BEND, 0.03),
)
LEFT_OUT = frozenset({"tree", "on_wall", "carried", "rest"})
"""Kinds without a label that are not strewn about."""
ANY_TURN, ONE_SET = 0.2, 0.75
"""Of variants: chance to look anywhere, and of what stands together to be of one make."""
BESIDE_STALL, SHADED = 0.3, 0.25
"""Chance that a stall has wares on the ground beside it, and that a parasol stands by a stall or a table."""
BARE_SHARE = 0.06
"""So many pictures show nothing that anybody put down."""


@dataclass
class Arrangement:
    """A scene that grows: first what stands there for hours, then, as often as wanted, what comes and goes."""

    plan: StreetPlan
    projection: Projection
    rng: np.random.Generator
    standing: list[Placed] = field(default_factory=list)
    passing: list[Placed] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    clean: bool = False
    """Nobody puts anything down."""
    _taken: list[shapely.Polygon] = field(default_factory=list)
    _comes_and_goes: bool = False

    def set_out(self) -> None:
        """What stands there: displays, stalls, parked wheels, street furniture; sometimes nothing that anybody put down."""
        self._taken = [*walls(self.plan), *fixtures(self.plan)]
        rng = self.rng
        if rng.random() >= BARE_SHARE:
            for _ in range(rng.integers(0, 3) if rng.random() < 0.45 else 0):
                self._stall()
            for _ in range(rng.integers(1, 6)):
                self._display()
            if rng.random() < 0.2:
                self._tricycle()
        for _ in range(rng.integers(0, 3)):
            self._two_wheeler()
        for _ in range(rng.integers(1, 6)):
            self._distractor()

    def set_out_clean(self) -> None:
        """A street on which nobody put anything down: ranks of parked two-wheelers, places to rest, street furniture."""
        self._taken = [*walls(self.plan), *fixtures(self.plan)]
        self.clean = True
        for _ in range(self.rng.integers(1, 5)):
            park_rank(self)
        for _ in range(self.rng.integers(0, 4)):
            put_bench(self)
        for _ in range(self.rng.integers(2, 8)):
            self._distractor()

    def enlivened(self, rng: np.random.Generator) -> Arrangement:
        """The same scene at another hour: other people and wheels, a few more things put down."""
        other = Arrangement(self.plan, self.projection, rng, list(self.standing), [], [], self.clean, list(self._taken), True)
        if not self.clean and self.standing and rng.random() >= BARE_SHARE:
            for _ in range(rng.integers(0, 4)):
                other._display()
            if rng.random() < 0.25:
                other._stall()
        for _ in range(rng.integers(0, 3)):
            other._two_wheeler()
        if other.clean:
            park_rank(other)
        if rng.random() < 0.25:
            other._tricycle()
        for _ in range(rng.integers(0, 3)):
            other._vehicle()
        other._people()
        return other

    @property
    def things(self) -> list[Placed]:
        """All that stands, rolls or was put down."""
        return [*self.standing, *self.passing]

    def _stall(self) -> None:
        """A stall; a variant may have wares beside it, which are part of it, and a parasol."""
        stall = self._scatter("stall", 0.6, self.plan.kerb_y + 0.4, group=f"group-{len(self.things)}" if self._varied else None)
        if stall is None or not self._varied:
            return
        if self.rng.random() < BESIDE_STALL:
            self._row(str(self.rng.choice(self._small_goods())), stall)
        self._shade(stall)

    def _shade(self, placed: Placed) -> None:
        """Perhaps a parasol beside a thing."""
        if self.rng.random() < SHADED:
            name = str(self.rng.choice(self.names_of("canopy")))
            angle, reach = float(self.rng.uniform(-math.pi, math.pi)), max(size_m(placed)[:2]) / 2 + 0.2
            self.put(name, (placed.x + reach * math.cos(angle), placed.y + reach * math.sin(angle)), 0.0, variant=self.variant(name))

    def _two_wheeler(self) -> None:
        self._scatter("two_wheeler", self.plan.kerb_y - 1.4, self.plan.kerb_y + 0.9, turns=math.pi)

    def _tricycle(self) -> None:
        self._scatter("tricycle", self.plan.kerb_y - 0.6, self.plan.kerb_y + 1.6, turns=math.pi)

    def names_of(self, label: str) -> tuple[str, ...]:
        """Of a label or kind, what may be seen on this street."""
        return names(label, held_out=self.plan.held_out)

    def _small_goods(self) -> list[str]:
        """Goods that one person carries or that lie on a table."""
        return [one for one in self.names_of("goods") if THINGS[one].width_m < 0.7 and THINGS[one].height_m < 0.5]

    @property
    def _varied(self) -> bool:
        return not self.plan.held_out

    def variant(self, name: str) -> Variant | None:
        """A variant of a design; None on held-out streets, where nothing is drawn from the random numbers either."""
        return random_variant(THINGS[name], self.rng) if self._varied else None

    def put(
        self,
        name: str,
        at: tuple[float, float],
        turn: float,
        group: str | None = None,
        *,
        gap_m: float = 0.04,
        variant: Variant | None = None,
    ) -> Placed | None:
        """The thing and what stands on it, if it is free there and in the picture."""
        x, y = at
        if not self._in_sight(x, y):
            return None
        seed = int(self.rng.integers(1 << 30))
        placed = Placed(f"{name}-{len(self.things)}", name, x, y, ground_z(self.plan, x, y), turn, seed=seed, group=group, variant=variant)
        if stands_in_the_way(placed):
            ground = outline(placed, grown_m=gap_m)
            if any(ground.intersects(other) for other in self._taken):
                return None
            self._taken.append(outline(placed))
        where = self.passing if self._comes_and_goes else self.standing
        where.append(placed)
        if self._varied:
            where += on_top(placed, self._small_goods(), self.rng)
        return placed

    def _in_sight(self, x: float, y: float) -> bool:
        point = np.array([[x, y, 0.3]])
        at = self.projection.to_picture(point)[0]
        return bool(np.all((at > -0.05) & (at < 1.05)) and self.projection.depth(point)[0] < FARTHEST_M)

    def place(self, y_min: float, y_max: float) -> tuple[float, float]:
        """Anywhere in a strip along the street that the camera sees."""
        row = self.plan.units
        x = y = 0.0
        for _ in range(40):
            x, y = float(self.rng.uniform(row[0].x_min - 3, row[-1].x_max + 3)), float(self.rng.uniform(y_min, y_max))
            if self._in_sight(x, y):
                break
        return x, y

    def _scatter(self, label: str, y_min: float, y_max: float, *, turns: float = 0.5, group: str | None = None) -> Placed | None:
        name = str(self.rng.choice(self.names_of(label)))
        variant = self.variant(name)
        if self._varied and self.rng.random() < ANY_TURN:
            turns = math.pi
        for _ in range(TRIES):
            x, y = self.place(y_min, y_max)
            placed = self.put(name, (x, y), float(self.rng.normal(0, turns)), group, variant=variant)
            if placed is not None:
                return placed
        return None

    def _display(self) -> None:
        """What a shop sets out: one thing, a row of the same kind, or a table with chairs."""
        rng = self.rng
        label = _draw(DISPLAYS, rng)
        name = str(rng.choice(self.names_of(label)))
        turn = float(rng.normal(0, 0.06) + (math.pi / 2 if rng.random() < 0.15 else 0))
        if self._varied and rng.random() < ANY_TURN:
            turn = float(rng.uniform(-math.pi, math.pi))
        variant = self.variant(name)
        for _ in range(TRIES):
            x, y = self.place(-0.9, self.plan.kerb_y - 0.3)
            if rng.random() < 0.6:
                y = min(y, 0.4 + abs(float(rng.normal(0, 0.7))))
            group = f"group-{len(self.things)}"
            first = self.put(name, (x, y), turn, group, variant=variant)
            if first is None:
                continue
            if label == "goods" and THINGS[name].width_m < 1.1 and rng.random() < 0.6:
                self._row(name, first)
            if label == "table":
                self._chairs(first)
                if self._varied:
                    self._shade(first)
            return

    def _row(self, name: str, first: Placed) -> None:
        """Goods of one kind side by side, on from a thing; one with it in the truth."""
        kind = THINGS[name].kind
        others = [one for one in self.names_of(kind) if THINGS[one].width_m < 1.1]
        step = size_m(first)[0] / 2
        known = {first.thing: first.variant}
        for _ in range(self.rng.integers(1, 4)):
            other = name if self.rng.random() < 0.6 else str(self.rng.choice(others))
            if other not in known or (self._varied and self.rng.random() >= ONE_SET):
                known[other] = self.variant(other)
            variant = known[other]
            half = THINGS[other].width_m * (variant.stretch[0] if variant else 1.0) / 2
            step += half + 0.05
            at = (first.x + step * math.cos(first.turn), first.y + step * math.sin(first.turn))
            if self.put(other, at, first.turn, first.group, gap_m=0.0, variant=variant) is None:
                return
            step += half

    def _chairs(self, table: Placed) -> None:
        chair = str(self.rng.choice(self.names_of("chair")))
        variant = self.variant(chair)
        wide, deep, _ = size_m(table)
        reach = max(wide, deep) / 2 + THINGS[chair].depth_m * (variant.stretch[1] if variant else 1.0) / 2 + 0.08
        for angle in self.rng.permutation(4)[: self.rng.integers(1, 5)] * math.pi / 2:
            towards = angle + self.rng.normal(0, 0.2)
            at = (table.x + reach * math.cos(towards), table.y + reach * math.sin(towards))
            # The front of a chair looks at the table.
            self.put(chair, at, float(towards + math.pi / 2), gap_m=0.01, variant=variant)

    def _vehicle(self) -> None:
        name = str(self.rng.choice(self.names_of("vehicle")))
        variant = self.variant(name)
        side = 1 if self.rng.random() < 0.7 else 2.6
        middle = self.plan.kerb_y + 1.35 * side
        for _ in range(TRIES):
            x, _ = self.place(self.plan.kerb_y, self.plan.kerb_y + 2)
            turn = float((-math.pi / 2 if self.rng.random() < 0.5 else math.pi / 2) + self.rng.normal(0, 0.04))
            if self.put(name, (x, middle + float(self.rng.normal(0, 0.15))), turn, gap_m=0.3, variant=variant) is not None:
                return

    def _distractor(self) -> None:
        name = str(self.rng.choice([one for one in names(None) if THINGS[one].kind not in LEFT_OUT]))
        variant = self.variant(name)
        for _ in range(TRIES):
            x, y = self.place(0.2, self.plan.kerb_y - 0.1)
            turn = float(self.rng.choice([0, math.pi / 2, math.pi]) + self.rng.normal(0, 0.1))
            if self.put(name, (x, y), turn, variant=variant) is not None:
                return

    def _people(self) -> None:
        rng = self.rng
        laden = bearers(self.things)
        for placed in self.things:
            spec = THINGS[placed.thing]
            if spec.seat_m is None or placed.object_id.split(ON)[0] in laden:
                continue
            sits = spec.label == "chair" and rng.random() < 0.35
            rides = spec.label in {"two_wheeler", "tricycle"} and rng.random() < (0.75 if placed.y > self.plan.kerb_y else 0.1)
            if sits or rides:
                heading = placed.turn + math.pi / 2
                pose = Pose.SIT if sits else Pose.RIDE
                self._add(
                    placed.x, placed.y, placed.z, heading, pose, seat_m=spec.seat_m * (placed.variant.stretch[2] if placed.variant else 1.0)
                )
        for _ in range(rng.integers(1, 9)):
            road = rng.random() < 0.08
            low, high = (self.plan.kerb_y, self.plan.kerb_y + 3) if road else (-1.2, self.plan.kerb_y - 0.2)
            for _ in range(TRIES):
                x, y = self.place(low, high)
                ground = shapely.Point(x, y).buffer(FIGURE_RADIUS_M)
                if self._in_sight(x, y) and not any(ground.intersects(other) for other in self._taken):
                    self._taken.append(ground)
                    along = rng.random() < 0.6
                    heading = float(rng.choice([0, math.pi]) + rng.normal(0, 0.3)) if along else float(rng.uniform(-math.pi, math.pi))
                    self._add(x, y, ground_z(self.plan, x, y), heading, Pose(_draw(IDLE, rng)))
                    break

    def _add(self, x: float, y: float, z: float, heading: float, pose: Pose, *, seat_m: float = 0.45) -> None:
        rng = self.rng
        carries = None
        if pose is Pose.CARRY:
            small = self._small_goods()
            carries = str(rng.choice(small)) if small else None
        self.figures.append(
            Figure(
                f"person-{len(self.figures)}",
                random_looks(rng, adults_only=pose is Pose.RIDE),
                x,
                y,
                z,
                heading,
                pose if carries or pose is not Pose.CARRY else Pose.WALK,
                float(rng.random()),
                carries,
                int(rng.integers(1 << 30)),
                seat_m,
            )
        )


def _draw(chances: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str:
    shares = np.array([share for _, share in chances])
    return chances[int(rng.choice(len(chances), p=shares / shares.sum()))][0]
