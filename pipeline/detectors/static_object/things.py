"""Everything that may have been put down before one camera: found, judged, reported, followed until it is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.detectors.static_object.change import Change, Noise
from pipeline.detectors.static_object.features import Features, Mask
from pipeline.detectors.static_object.ground import WatchedGround
from pipeline.detectors.static_object.history import History
from pipeline.detectors.static_object.measures import median_of, share_of
from pipeline.detectors.static_object.memory import GroundMemory
from pipeline.detectors.static_object.put_down import Verdict, judge
from pipeline.detectors.static_object.regions import Region, find_regions, tightened
from pipeline.detectors.static_object.shade import Shades
from pipeline.detectors.static_object.thing import Sight, Thing

_logger = logging.getLogger(__name__)

_STATIC_LOOKS = 3.0
_STATIC_S = 3.9
_UNWATCHED_S = 8.0
_FOOT = 0.4  # of its height: the part of a region that stands on the ground
_OLDER_S = 3.0
_SURE_S = 4.0
_DOUBT = 0.12  # scores below this speak against a thing
_SURE_EVIDENCE = 0.8
_GHOST_EVIDENCE = -1.0
_GHOST_JUDGED = 3
_MOST_WEIGHT_S = 2.0
_LEAST_CLOSED = 0.6
_CALM_LIGHT_DOUBT = 0.5
_SWITCH_S = 2.5
_GONE_LOOKS = 3
_OTHER_LOOKS = 2
_STALE_LOOKS = 10
_STEADY = 0.6
_RIPE = 0.9
_MOST_SHARE = 0.12
_MOST_UNREST = 0.25
_LEAST_SIDE = 12 / 640  # of the picture width

Confirm = Callable[[Thing], bool]
"""Takes a last, closer look before a thing is called sure; may name it."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One look as the things see it: aligned, in the light of the background; masks are HxW. ``stirred``: not at rest of late."""

    features: Features
    hidden: Mask
    change: Change
    noise: Noise
    stirred: Mask
    now_s: float
    colour: bool
    upheaval: bool


class Things:
    """The things of one camera, in the order in which they were found."""

    def __init__(self, memory: GroundMemory, ground: WatchedGround, history: History) -> None:
        """Nothing found yet."""
        self._memory, self._ground, self._history = memory, ground, history
        self._things: list[Thing] = []
        height, width = memory.support.shape
        self._least_area = max(16, round((_LEAST_SIDE * width) ** 2))
        self._shades = Shades(self._least_area)
        self._most_area = _MOST_SHARE * height * width
        self._hidden_before: Mask = np.zeros((height, width), np.bool_)
        self._switch_s = float("-inf")
        self._hidden_at_switch: Mask = np.zeros((height, width), np.bool_)

    def watch(self, ground: WatchedGround) -> None:
        """Other ground is watched from now on; what stands on none of it is forgotten."""
        self._ground = ground
        self._things = [thing for thing in self._things if ground.carries(thing.box)]

    def protected(self) -> Mask:
        """Pixels at which the ground must not follow what is seen: something may stand there."""
        mask = np.zeros(self._memory.support.shape, np.bool_)
        for thing in self._things:
            mask[thing.region.rows, thing.region.columns] |= thing.region.mask
        return mask

    def keep_sure(self) -> None:
        """Drop all doubts: the picture they were about is no more."""
        self._things = [thing for thing in self._things if thing.sure]

    def note_switch(self, now_s: float, hidden: Mask) -> None:
        """The camera went infrared or back: what first shows in this look may be due to that, unless it was ``hidden`` just then."""
        self._switch_s, self._hidden_at_switch = now_s, hidden

    def update(self, look: LookedAt, confirm: Confirm) -> list[Thing]:
        """Follow what is known, find what is new, and give all that may have been put down, sure or not."""
        for thing in self._things:
            self._follow(thing, look)
        if not look.upheaval:
            for region in self._regions(look):
                self._judge(region, look)
        self._hidden_before = look.hidden
        self._drop(look)
        for thing in self._things:
            if thing.sight in (Sight.PRESENT, Sight.OTHER):
                rows, columns = thing.region.rows, thing.region.columns
                thing.note_stir(share_of(look.stirred[rows, columns][thing.region.mask & ~look.hidden[rows, columns]]))
            if self._is_ripe(thing, look) and confirm(thing):
                thing.sure = True
                thing.since_s = self._history.first_seen_s(thing)
        return [thing for thing in self._things if thing.sure or thing.evidence >= 0 or thing.doubtful_birth]

    def _follow(self, thing: Thing, look: LookedAt) -> None:
        rows, columns = thing.region.rows, thing.region.columns
        thing.sight = thing.sight_in(look.features.cut(rows, columns), look.hidden[rows, columns], colour=look.colour)
        if thing.sight is Sight.GONE:
            thing.gone_looks += 1
        elif thing.sight is Sight.PRESENT:
            thing.gone_looks = thing.other_looks = 0
        elif thing.sight is Sight.OTHER:
            thing.other_looks += 1

    def _drop(self, look: LookedAt) -> None:
        """Let go of what is no more: gone; a gap that something left, which becomes ground; or long hidden from sight and never sure."""
        kept = []
        for thing in self._things:
            rows, columns = thing.region.rows, thing.region.columns
            gone = thing.gone_looks >= _GONE_LOOKS or (not thing.sure and thing.other_looks >= _STALE_LOOKS)
            ghost = not thing.sure and thing.judged >= _GHOST_JUDGED and thing.evidence <= _GHOST_EVIDENCE
            if not gone and not ghost:
                kept.append(thing)
                continue
            reach = cv2.dilate(thing.region.mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
            if gone:
                self._memory.forget(rows, columns, reach)
            else:
                self._memory.absorb(rows, columns, reach & (self._memory.support[rows, columns] > 0) & ~look.hidden[rows, columns])
        self._things = kept

    def _regions(self, look: LookedAt) -> list[Region]:
        memory = self._memory
        explained = self._explained()
        live = memory.known & (look.change.mask | look.hidden) & ~explained
        static = live & (memory.support >= _STATIC_LOOKS) & (memory.standing_s >= _STATIC_S)
        if not static.any():
            return []
        regions = find_regions(static, live & (memory.support >= 2), self._least_area)
        if not regions:
            return []
        casting = (look.hidden & self._hidden_before) | explained
        return self._shades.cut_from(regions, memory.fresh, memory.ground, look.noise, casting, look.now_s)

    def _explained(self) -> Mask:
        """Pixels of things that are reported and seen there: what is new beside them is another thing."""
        mask = np.zeros(self._memory.support.shape, np.uint8)
        for thing in self._things:
            if thing.sure and thing.sight is Sight.PRESENT:
                mask[thing.region.rows, thing.region.columns] |= thing.region.mask
        return cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0

    def _judge(self, region: Region, look: LookedAt) -> None:
        memory, rows, columns = self._memory, region.rows, region.columns
        if float(look.hidden[rows, columns][region.mask].mean()) > 0.3:
            return
        if self._at(region) is None and not self._ground.carries(region.box):
            self._leave_to_the_ground(region, look)
            return
        region = self._without_neighbours(region)
        tight = tightened(region, memory.fresh, memory.ground)
        if tight is None or tight.area < self._least_area / 2:
            return
        doubtful = look.hidden[rows, columns] | (look.change.mask[rows, columns] & ~region.mask)
        verdict = judge(tight, memory.fresh, memory.ground, doubtful)
        thing = self._at(tight)
        if thing is not None and thing.sure and not self._may_replace(thing, tight, verdict, look):
            return
        fits = self._fits(tight)
        steady = 1.0
        if thing is None:
            if not self._ground.carries(tight.box):
                return
            thing = Thing(tight, *self._patches(tight), look.colour, self._since(tight))
            thing.doubtful_birth = self._born_of_switch(thing)
            self._things.append(thing)
        else:
            steady = _iou(thing.box, tight.box)
            thing.look_like(tight, *self._patches(tight), colour=look.colour)
        thing.found_area = region.area
        thing.judged += 1
        score = verdict.score * (1 - _light_doubt(look) * verdict.light) if fits else min(0.0, verdict.score)
        if steady < _STEADY:
            # An outline that is elsewhere at each look is light on the move; what was believed of another outline does not count.
            score, thing.evidence = min(0.0, score), min(0.0, thing.evidence)
        weight_s = min(look.now_s - thing.judged_s, _MOST_WEIGHT_S)
        thing.judged_s = look.now_s
        thing.evidence = float(np.clip(thing.evidence + weight_s * (score - _DOUBT), -3, 3))
        thing.closed, thing.light = verdict.closed, verdict.light
        thing.sight = Sight.PRESENT
        thing.other_looks = 0
        _logger.debug("%.1f s: %s %s, evidence %.2f", look.now_s, tight.box, verdict, thing.evidence)

    def _without_neighbours(self, region: Region) -> Region:
        """The region without parts that stood before it on ground that is not watched: a shop's own crates behind what it puts out."""
        since = self._memory.since_s[region.rows, region.columns]
        _, y_min, _, y_max = region.box
        foot = region.mask.copy()
        foot[: round(y_max - _FOOT * (y_max - y_min)) - region.rows.start] = False
        older = region.mask & (since < median_of(since[foot]) - _OLDER_S)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(older.astype(np.uint8))
        mask = region.mask
        for number in range(1, count):
            x, y, width, height, area = (int(value) for value in stats[number])
            left, top = region.columns.start + x, region.rows.start + y
            if area >= self._least_area / 2 and not self._ground.carries((left, top, left + width, top + height)):
                mask = mask & (labels != number)
        if mask is region.mask:
            return region
        opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
        if count < 2:
            return region
        largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        return Region(region.rows, region.columns, np.asarray(labels == largest), region.ripe)

    def _leave_to_the_ground(self, region: Region, look: LookedAt) -> None:
        """What has stood for a while where nothing is watched is ground: it must not grow together with what is put down beside it."""
        rows, columns = region.rows, region.columns
        stood_s = median_of(self._memory.standing_s[rows, columns][region.mask])
        if stood_s >= _UNWATCHED_S and not look.hidden[rows, columns].any():
            self._memory.absorb(rows, columns, region.mask)

    def _may_replace(self, thing: Thing, region: Region, verdict: Verdict, look: LookedAt) -> bool:
        """Whether what is reported looks otherwise now: it was turned over, or more of it came to light."""
        if verdict.score <= _DOUBT or region.ripe < _RIPE or look.hidden[region.rows, region.columns].any():
            return False
        return thing.sight is Sight.OTHER and thing.other_looks >= _OTHER_LOOKS

    def _patches(self, region: Region) -> tuple[Features, Features]:
        return tuple(_kept(layer.cut(region.rows, region.columns)) for layer in (self._memory.fresh, self._memory.ground))  # type: ignore[return-value] # two layers in, two patches out

    def _since(self, region: Region) -> float:
        return median_of(self._memory.since_s[region.rows, region.columns][region.mask])

    def _born_of_switch(self, thing: Thing) -> bool:
        hidden = self._hidden_at_switch[thing.region.rows, thing.region.columns][thing.region.mask]
        return abs(thing.since_s - self._switch_s) < _SWITCH_S and float(hidden.mean()) < 0.3

    def _fits(self, region: Region) -> bool:
        """Whether size and shape are those of a thing, and the place is calm."""
        x_min, y_min, x_max, y_max = region.box
        width, height, area = x_max - x_min, y_max - y_min, region.area
        unrest = float(self._memory.unrest[region.rows, region.columns][region.mask].mean())
        return (
            area <= self._most_area
            and area >= 0.35 * width * height
            and max(width, height) <= 5 * min(width, height)
            and unrest < _MOST_UNREST
        )

    def _is_ripe(self, thing: Thing, look: LookedAt) -> bool:
        if thing.sure or thing.sight is not Sight.PRESENT or thing.doubtful_birth:
            return False
        told = thing.evidence >= _SURE_EVIDENCE and thing.closed >= _LEAST_CLOSED
        return told and look.now_s - thing.since_s >= _SURE_S and look.now_s >= thing.ask_again_s

    def _at(self, region: Region) -> Thing | None:
        """The doubted or changed thing that this is; what is seen as it was explains itself."""
        best, best_share = None, 0.2
        for thing in self._things:
            if thing.sure and thing.sight is Sight.PRESENT:
                continue
            share = _overlap(thing.box, region.box)
            if share > best_share:
                best, best_share = thing, share
        return best


def _iou(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """Shared area as a fraction of the area of both boxes together."""
    width, height = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, width) * max(0, height)
    return shared / (sum((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)) - shared)


def _light_doubt(look: LookedAt) -> float:
    """0..1: how much "the same ground in other light" takes from a verdict; all where shadows lie on the picture just now."""
    return float(np.clip(_CALM_LIGHT_DOUBT + look.change.shaded / 0.1, 0, 1))


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    """Shared area as a fraction of the smaller box."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))


def _kept(patch: Features) -> Features:
    """A patch that no longer changes with the layer it was cut from."""
    kept = patch.copy()
    slope_x, slope_y = patch.slopes
    kept._slopes = (slope_x.copy(), slope_y.copy())
    return kept
