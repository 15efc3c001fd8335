"""What stands on a street where nobody put anything down: ranks of parked two-wheelers, benches with their bins. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sample_videos.generator.catalogue import THINGS, names
from sample_videos.generator.footprints import size_m
from sample_videos.generator.values import Placed

if TYPE_CHECKING:
    from sample_videos.generator.arrangements import Arrangement

TRIES = 25
COVERS = ("bollard", "cone", "hydrant", "cabinet", "recycling_bin", "bin_square", "utility_pole", "post_box", "planter_box", "tree_small")
"""What stands before parked wheels."""
COVERED = 0.45
"""Chance that something stands between a parked two-wheeler and the camera."""
IN_LINE = 0.35
"""Chance that a rank of two-wheelers stands one behind the other; otherwise side by side."""
END_ON = 0.5
"""Chance that a rank looks at the camera or away from it: from there a two-wheeler hardly looks like one."""
BINS = ("bin_steel", "bin_square", "bin", "recycling_bin", "wheelie_bin")
BIN_BESIDE, BACK_TO_BACK = 0.75, 0.3


def park_rank(street: Arrangement) -> None:
    """Up to six parked two-wheelers that look the same way, each a little askew, some half hidden."""
    rng = street.rng
    turn = float(rng.uniform(-math.pi, math.pi)) if rng.random() < 1 - END_ON else _end_on(street)
    # A two-wheeler looks along its own y: side by side is along its x.
    step, way = (2.1, turn + math.pi / 2) if rng.random() < IN_LINE else (float(rng.uniform(0.75, 1.3)), turn)
    x, y = street.place(0.4, street.plan.kerb_y - 0.2)
    for _ in range(rng.integers(1, 7)):
        name = str(rng.choice(street.names_of("two_wheeler")))
        parked = street.put(name, (x, y), turn + float(rng.normal(0, 0.12)), variant=street.variant(name))
        if parked is not None and rng.random() < COVERED:
            _cover(street, parked)
        x, y = x + step * math.cos(way), y + step * math.sin(way)


def put_bench(street: Arrangement) -> None:
    """A bench, or two back to back, mostly with a bin at one end."""
    rng = street.rng
    bench = str(rng.choice([*(one for one in names("rest") if one.startswith("bench")), "bench"]))
    turn = float(rng.choice([0, math.pi / 2, math.pi]) + rng.normal(0, 0.08))
    variant = street.variant(bench)
    for _ in range(TRIES):
        placed = street.put(bench, street.place(0.5, street.plan.kerb_y - 0.4), turn, variant=variant)
        if placed is None:
            continue
        wide, deep, _ = size_m(placed)
        if rng.random() < BACK_TO_BACK:
            street.put(bench, _beside(placed, 0.0, -deep - 0.06), turn + math.pi, variant=variant, gap_m=0.0)
        if rng.random() < BIN_BESIDE:
            name = str(rng.choice(BINS))
            side = 1 if rng.random() < 0.5 else -1
            along = side * (wide / 2 + THINGS[name].width_m / 2 + float(rng.uniform(0.06, 0.4)))
            street.put(name, _beside(placed, along, 0.0), turn, variant=street.variant(name), gap_m=0.0)
        return


def _end_on(street: Arrangement) -> float:
    """The turn of a thing somewhere in the picture that looks at the camera, or away from it."""
    pose = street.projection.pose
    at = math.atan2(pose.y - pose.target[1], pose.x - pose.target[0]) + float(street.rng.normal(0, 0.3))
    return at - math.pi / 2 + (math.pi if street.rng.random() < 0.5 else 0.0)


def _cover(street: Arrangement, placed: Placed) -> None:
    """Something narrow between a thing and the camera."""
    rng, pose = street.rng, street.projection.pose
    name = str(rng.choice(COVERS))
    towards = math.atan2(pose.y - placed.y, pose.x - placed.x) + float(rng.normal(0, 0.18))
    reach = max(size_m(placed)[:2]) / 2 + max(THINGS[name].width_m, THINGS[name].depth_m) / 2 * float(rng.uniform(0.6, 1.0))
    reach += float(rng.uniform(0.05, 0.5))
    at = (placed.x + reach * math.cos(towards), placed.y + reach * math.sin(towards))
    if at[1] < street.plan.kerb_y - 0.1:
        street.put(name, at, float(rng.uniform(-math.pi, math.pi)), variant=street.variant(name), gap_m=0.0)


def _beside(placed: Placed, along: float, across: float) -> tuple[float, float]:
    """Metres along a thing's own x and y from its middle."""
    cosine, sine = math.cos(placed.turn), math.sin(placed.turn)
    return placed.x + along * cosine - across * sine, placed.y + along * sine + across * cosine
