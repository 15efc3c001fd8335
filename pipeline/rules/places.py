"""All slots of one camera: what each look says of each, new ones, and those that are gone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import takewhile

from pipeline.config import DwellSettings, RuleSettings
from pipeline.rules.contact import SAME_PLACE_COVER, SAME_PLACE_IOU, same_place
from pipeline.rules.ground import Ground
from pipeline.rules.occupancy import Mark
from pipeline.rules.scene import Scene, Thing
from pipeline.rules.slots import STILL_STANDS, Slot
from pipeline.types import BoundingBox

_MEMORY_S = 900.0
"""How far back the past of a thing can be filled in that the static eye has watched before it was sure."""
_EXPLAINED_SHARE = 0.5
"""A box that known slots fill to this share is those things again; a larger one is something new around them."""

Limits = Callable[[Slot], DwellSettings]
Suspended = Callable[[Slot, datetime], bool]


class Places:
    """Slots in the order in which they were first seen."""

    def __init__(self, ground: Ground, settings: RuleSettings) -> None:
        """Starts empty."""
        self.slots: list[Slot] = []
        self._ground = ground
        self._settings = settings
        self._past: deque[Scene] = deque()
        self._vacated: deque[tuple[datetime, BoundingBox]] = deque()

    def look(self, scene: Scene, things: tuple[Thing, ...], limits: Limits, suspended: Suspended) -> None:
        """Fold in one observed look."""
        self._remember(scene)
        for slot in self.slots:
            self._judge(slot, scene, things, limits, suspended)
        for thing in things:
            if thing.sure and not scene.all_allowed and thing.footing.forbidden >= self._settings.contact.min_share:
                self._meet(thing, scene, limits, suspended)

    def drop(self, slot: Slot) -> None:
        """Forget a slot."""
        self.slots.remove(slot)

    def vacate(self, slot: Slot, at: datetime) -> None:
        """Forget a slot whose place was seen clear: what the static eye remembers from before is no longer believed."""
        self._vacated.append((at, slot.box))
        self.drop(slot)

    def _remember(self, scene: Scene) -> None:
        self._past.append(scene)
        at = scene.stride.at
        while (at - self._past[0].stride.at).total_seconds() > _MEMORY_S:
            self._past.popleft()
        while self._vacated and (at - self._vacated[0][0]).total_seconds() > _MEMORY_S:
            self._vacated.popleft()

    def _meet(self, thing: Thing, scene: Scene, limits: Limits, suspended: Suspended) -> None:
        """Start a slot for a thing that no slot accounts for."""
        if self._explained(thing):
            return
        probe = Slot.starting(thing, thing.footing, scene.stride, graced=False)
        probe.add(thing, thing.footing)
        if not suspended(probe, scene.stride.at):
            self.slots.append(self._backdated(thing, limits, suspended))

    def _judge(self, slot: Slot, scene: Scene, things: tuple[Thing, ...], limits: Limits, suspended: Suspended) -> None:
        """Mark one slot and fold the mark in."""
        slot.mark, thing = self._mark(slot, scene, things)
        permitted = thing is not None and slot.mark is Mark.ABSENT
        slot.allowed = scene.all_allowed or permitted or suspended(slot, scene.stride.at)
        if slot.allowed:
            slot.mark = Mark.ABSENT
        if slot.mark is Mark.PRESENT and thing is not None:
            slot.follow(thing, scene.stride.at)
            if slot.footing_share < STILL_STANDS * self._settings.contact.min_share:
                slot.mark = Mark.ABSENT
        slot.occupancy.look(scene.stride, slot.mark, limits(slot), graced=self._graced(slot, scene, limits))
        if slot.mark is Mark.PRESENT and thing is not None:
            if slot.occupancy.lost:
                slot.restart(scene.stride)
            slot.add(thing, thing.footing)
            self._fill_in_past(slot, thing, limits, suspended)
        slot.attend(scene, self._settings.stall.reach, self._ground.aspect)

    def _mark(self, slot: Slot, scene: Scene, things: tuple[Thing, ...]) -> tuple[Mark, Thing | None]:
        """What the look says, and the thing that says it. ABSENT with a thing: it stands there, and may."""
        here = [thing for thing in things if same_place(slot.box, thing.box)]
        forbidden = [thing for thing in here if thing.footing.forbidden >= self._settings.contact.min_share / 2]
        if forbidden:
            best = max(forbidden, key=lambda thing: (thing.sure, thing.box.iou(slot.box)))
            return (Mark.PRESENT if best.sure else Mark.UNCERTAIN), best
        if here:
            return Mark.ABSENT, here[0]
        return (Mark.HIDDEN if scene.hides(slot.box) else Mark.ABSENT), None

    def _graced(self, slot: Slot, scene: Scene, limits: Limits) -> bool:
        """Whether it may just be being loaded."""
        if slot.mark is not Mark.PRESENT or not scene.standing_vehicles:
            return False
        age_s = (scene.stride.at - slot.occupancy.first_seen_at).total_seconds()
        return age_s < limits(slot).loading_grace_s and scene.loading(slot.box, self._ground.aspect)

    def _explained(self, thing: Thing) -> bool:
        """Whether known slots account for what is seen: one that it is, or several that fill it."""
        filled = 0.0
        for slot in self.slots:
            shared = slot.box.intersection_area(thing.box)
            if not shared:
                continue
            if slot.box.iou(thing.box) >= SAME_PLACE_IOU or thing.box.covered_by(slot.box) >= SAME_PLACE_COVER:
                return True
            filled += shared
        return filled >= _EXPLAINED_SHARE * thing.box.area

    def _fill_in_past(self, slot: Slot, thing: Thing, limits: Limits, suspended: Suspended) -> None:
        """Where the static eye now remembers more of a young slot than the looks themselves told, believe it."""
        since = thing.standing_since
        if since is None or slot.judged or slot.backdated_from == since or since >= slot.occupancy.last_seen_at:
            return
        slot.backdated_from = since
        known = self._backdated(thing, limits, suspended)
        if known.occupancy.dwell_s > slot.occupancy.dwell_s:
            slot.occupancy, slot.attendance = known.occupancy, known.attendance

    def _backdated(self, thing: Thing, limits: Limits, suspended: Suspended) -> Slot:
        """A slot as it would be had the thing been seen from ``standing_since`` on, over the looks that there were.

        Looks at which a mover covered it are hidden, gaps stay gaps, and what was allowed then is no past.
        """
        now = self._past[-1]
        since = min(thing.standing_since or now.stride.at, now.stride.at)
        emptied = [at for at, box in self._vacated if same_place(box, thing.box)]
        believed = takewhile(
            lambda scene: scene.stride.at >= since and not (emptied and scene.stride.at <= emptied[-1]), reversed(self._past)
        )
        slot: Slot | None = None
        for scene in reversed(list(believed)):
            forbidden = self._ground.footing(thing.band, scene.in_force).forbidden
            if scene is not now and (scene.all_allowed or forbidden < self._settings.contact.min_share):
                slot = None
                continue
            hidden = scene is not now and scene.hides(thing.box)
            slot = self._seen_then(slot, thing, scene, Mark.HIDDEN if hidden else Mark.PRESENT, limits)
            if slot is not None and scene is not now and suspended(slot, scene.stride.at):
                slot = None
        found = slot or Slot.starting(thing, thing.footing, now.stride, graced=False)
        found.backdated_from = thing.standing_since
        return found

    def _seen_then(self, slot: Slot | None, thing: Thing, scene: Scene, mark: Mark, limits: Limits) -> Slot | None:
        """Fold one look of the past into a slot that begins with the first one at which it could be seen."""
        footing = self._ground.footing(thing.band, scene.in_force)
        if slot is None:
            if mark is not Mark.PRESENT:
                return None
            slot = Slot.starting(thing, footing, scene.stride, graced=False)
            slot.add(thing, footing)
            slot.occupancy.graced = self._graced(slot, scene, limits)
        else:
            slot.mark = mark
            slot.occupancy.look(scene.stride, mark, limits(slot), graced=self._graced(slot, scene, limits))
            if mark is Mark.PRESENT:
                if slot.occupancy.lost:
                    slot.restart(scene.stride)
                slot.add(thing, footing)
        slot.attend(scene, self._settings.stall.reach, self._ground.aspect)
        return slot
