"""Observations of one camera in, violation events out: the fold that joins all rules.

Each observed look marks every slot (places.py), slots that have stood long enough join or found a site (sites.py),
and sites are warned of, opened, changed, cleared and reopened. Nothing here reads a clock, a picture or a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.config import CameraSettings, DwellSettings, RuleSettings
from pipeline.errors import PipelineError
from pipeline.rules.attribution import attribute
from pipeline.rules.beyond_shopfront import is_beyond_shopfront
from pipeline.rules.ground import Ground
from pipeline.rules.occupancy import Mark, Stride
from pipeline.rules.pavement_piling import joins_pile
from pipeline.rules.permissions import Permissions
from pipeline.rules.places import Places
from pipeline.rules.scene import Scene, SceneReader
from pipeline.rules.sites import Identity, Site, Stage
from pipeline.rules.slots import Slot, total_of
from pipeline.rules.street_stall import is_street_stall
from pipeline.shops import ShopRegistry
from pipeline.stages import Rule
from pipeline.types import Observation, Phase, Target, TargetKind, ViolationEvent, ViolationKind
from pipeline.zones import CameraZones


def rule_version(settings: RuleSettings) -> str:
    """ "rules-" and 12 hex digits over the settings: equal settings, equal version, in whatever order they were written."""
    canonical = json.dumps(settings.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "rules-" + hashlib.sha256(canonical.encode()).hexdigest()[:12]


def replay(observations: Iterable[Observation], rule: Rule) -> Iterator[ViolationEvent]:
    """Judge logged observations again, up to the last word. The same log and rule give the same events."""
    last: datetime | None = None
    for observation in observations:
        last = observation.captured_at
        yield from rule.update(observation)
    if last is not None:
        yield from rule.finish(last)


class RuleEngine:
    """The rules of one camera with one version of its zones. Satisfies ``pipeline.stages.Rule``."""

    def __init__(
        self,
        camera: CameraSettings,
        zones: CameraZones,
        shops: ShopRegistry | None,
        settings: RuleSettings,
        *,
        clock_known: bool,
        timeline: str = "",
    ) -> None:
        """Prepare the ground.

        Args:
            camera: whose looks these are.
            zones: its polygons; what is outside them is not judged.
            shops: tenancies for overrides by grade and street; None where there is no shop list.
            settings: when it is a violation.
            clock_known: whether times are wall-clock times.
            timeline: "" for wall-clock times, else a name of the source's content, which goes into the ids.

        Raises:
            ConfigError: rules or zones depend on the time of day and the clock is unknown, or the zones are another camera's.
        """
        self._zones = zones
        self._settings = settings
        self._identity = Identity(camera.id, timeline, rule_version(settings))
        self._ground = Ground(zones, camera.place)
        self._permissions = Permissions(camera, zones, shops, settings, clock_known=clock_known)
        self._reader = SceneReader(self._ground, self._permissions, settings)
        self._places = Places(self._ground, settings)
        self._sites: list[Site] = []
        self._last_at: datetime | None = None
        self._last_observed_at: datetime | None = None
        self._gap_pending = False
        self._total_gap_s = 0.0

    @property
    def version(self) -> str:
        """Version of the rule settings."""
        return self._identity.rule_version

    @property
    def idle(self) -> bool:
        """Whether nothing stands anywhere and nothing can come back: an engine that begins now would judge the same."""
        return not self._places.slots and not self._sites

    @property
    def unsettled(self) -> frozenset[str]:
        """See Rule."""
        return frozenset(site.violation_id for site in self._sites if site.violation_id)

    @property
    def standing_since(self) -> tuple[datetime, ...]:
        """When each thing that stands there now was first seen, as far as nobody was told yet that it is a violation; rising."""
        sites = {id(slot): site for site in self._sites for slot in site.members}
        loose = {slot.occupancy.first_seen_at for slot in self._places.slots if id(slot) not in sites and not slot.allowed}
        watched = {site.occupancy.first_seen_at for site in self._sites if site.stage in {Stage.WATCHED, Stage.WARNED}}
        return tuple(sorted(loose | watched))

    def update(self, observation: Observation) -> list[ViolationEvent]:
        """What this look changed, sites in the order in which they were founded.

        Raises PipelineError for looks of another camera or out of order: judging them would accuse by accident.
        """
        stride = self._stride(observation)
        if stride is None:
            return []
        scene, things = self._reader.digest(observation, stride)
        self._places.look(scene, things, self._dwell_of_slot, self._is_suspended)
        return self._judge(scene)

    def finish(self, at: datetime) -> list[ViolationEvent]:
        """Changed snapshots of all that is warned of or open, gap time up to ``at`` included. Changes nothing."""
        gap_s = self._total_gap_s
        if self._last_observed_at is not None:
            unseen_s = (at - self._last_observed_at).total_seconds()
            if self._gap_pending or unseen_s > self._settings.longest_look_interval_s:
                gap_s += unseen_s
        versions = (self._identity, self._zones.version)
        return [site.event(Phase.CHANGED, at, gap_s, versions) for site in self._sites if site.told]

    def _stride(self, observation: Observation) -> Stride | None:
        """The step to this look, None where it is a gap or where nothing was observed before it."""
        at = observation.captured_at
        if observation.camera_id != self._identity.camera_id:
            raise PipelineError("look of another camera", where=self._identity.camera_id, found=observation.camera_id)
        if self._last_at is not None and at <= self._last_at:
            raise PipelineError("looks out of order", where=self._identity.camera_id, expected=f"later than {self._last_at}", found=str(at))
        self._last_at = at
        if observation.gap is not None:
            self._gap_pending = True
            return None
        longest_s = self._settings.longest_look_interval_s
        gap_s = 0.0
        if self._last_observed_at is not None:
            step_s = (at - self._last_observed_at).total_seconds()
            gap_s = step_s if self._gap_pending or step_s > longest_s else 0.0
        self._total_gap_s += gap_s
        self._last_observed_at, self._gap_pending = at, False
        return Stride(at, gap_s, self._total_gap_s, longest_s)

    # --- slots to sites -----------------------------------------------------------------------------------

    def _judge(self, scene: Scene) -> list[ViolationEvent]:
        at = scene.stride.at
        self._drop_gone(at)
        free = self._free_slots()
        for slot in free:
            if self._has_settled(slot, at):
                self._settle(slot, at)
        newcomers = [slot for slot in self._free_slots() if slot.mark is Mark.PRESENT]
        events: list[ViolationEvent] = []
        for site in list(self._sites):
            if site.active and site in self._sites:
                events += self._advance(site, scene, newcomers)
        self._forget_cleared(at)
        return events

    def _free_slots(self) -> list[Slot]:
        taken = {id(slot) for site in self._sites for slot in site.members}
        return [slot for slot in self._places.slots if id(slot) not in taken]

    def _drop_gone(self, at: datetime) -> None:
        """Slots that are clear, allowed, forgotten or lost leave; what was told of clears by its own looks."""
        for slot in self._free_slots():
            if slot.occupancy.is_clear(self._dwell_of_slot(slot)):
                self._places.vacate(slot, at)
            elif slot.allowed or slot.forgotten() or slot.occupancy.lost:
                self._places.drop(slot)
        for site in self._sites:
            for slot in list(site.members):
                if slot.occupancy.is_clear(self._dwell_of_slot(slot)):
                    site.leave(slot)
                    self._places.vacate(slot, at)
                elif slot.allowed and not site.told:
                    site.leave(slot)
                    self._places.drop(slot)
                elif slot.occupancy.lost and site.stage is Stage.OPEN:
                    slot.occupancy.lost = False

    def _has_settled(self, slot: Slot, at: datetime) -> bool:
        """Whether it has stood as long as a clearing takes: coming takes the same proof as going."""
        dwell = self._dwell_of_slot(slot)
        needed_s = min(dwell.clear_span_s, dwell.warn_after_s)
        stands = slot.footing_share >= self._settings.contact.min_share
        return slot.mark is Mark.PRESENT and stands and slot.occupancy.stands_for(needed_s, dwell)

    def _settle(self, slot: Slot, at: datetime) -> None:
        """Give a slot to the site that it belongs to: one that is known, one that comes back, or a new one."""
        kind, target = self._verdict([slot], at)
        for site in self._sites:
            if site.active and self._belongs(slot, kind, target, site):
                site.add(slot, at)
                return
        for site in self._sites:
            if not site.active and self._belongs(slot, kind, target, site) and self._in_time(slot, site):
                site.reopen(slot, at)
                return
        self._sites.append(Site.founded_by(slot, kind, target, at))

    def _belongs(self, slot: Slot, kind: ViolationKind, target: Target, site: Site) -> bool:
        """Whether a slot is part of a site: the same shop's and the same kind, or beside it on the same sort of ground.

        Public ground makes no difference between places here: a pile may straddle the border of two.
        """
        public = target.kind is TargetKind.PLACE
        if public != site.public or (not public and target.shop_codes != site.target.shop_codes):
            return False
        if not public and kind is site.kind:
            return True
        return joins_pile(slot.box, site.things, self._ground.aspect)

    def _in_time(self, slot: Slot, site: Site) -> bool:
        if site.cleared_at is None:
            return False
        away_s = (slot.occupancy.first_seen_at - site.cleared_at).total_seconds()
        return away_s <= self._permissions.dwell(site.kind, site.target, site.cleared_at).reopen_within_s

    def _forget_cleared(self, at: datetime) -> None:
        """Let go of what can't come back any more; slots that came in time may still be settling."""
        free = self._free_slots()
        self._sites = [
            site
            for site in self._sites
            if site.active
            or (site.cleared_at is not None and (at - site.cleared_at).total_seconds() <= self._reopen_s(site))
            or any(self._in_time(slot, site) for slot in free)
        ]

    def _reopen_s(self, site: Site) -> float:
        return self._permissions.dwell(site.kind, site.target, site.cleared_at or site.peak_at).reopen_within_s

    # --- the life of a site -------------------------------------------------------------------------------

    def _advance(self, site: Site, scene: Scene, newcomers: list[Slot]) -> list[ViolationEvent]:
        """Fold this look into one site and tell what came of it."""
        at = scene.stride.at
        if site.stage is Stage.WATCHED and site.members:
            site.kind, site.target = self._verdict(site.members, at)
        dwell = self._permissions.dwell(site.kind, site.target, at)
        mark = Mark.PRESENT
        if not site.fresh and not site.adopt_longest():
            mark = site.mark(self._has_newcomer(site, newcomers, at))
            site.look(scene.stride, mark, dwell)
        site.fresh = False
        if site.occupancy.lost and not self._found_again(site, scene.stride, mark):
            return []
        if site.occupancy.is_clear(dwell):
            return self._clear(site, at)
        if site.stage is Stage.WATCHED and mark is Mark.PRESENT and self._merged(site, dwell, at):
            return []
        return self._tell(site, mark, dwell, at)

    def _has_newcomer(self, site: Site, newcomers: list[Slot], at: datetime) -> bool:
        if not newcomers or any(slot.mark is Mark.PRESENT for slot in site.members):
            return False
        return any(self._belongs(slot, *self._verdict([slot], at), site) for slot in newcomers)

    def _found_again(self, site: Site, stride: Stride, mark: Mark) -> bool:
        """After too long without sight: what is open stays open, what is not opened begins anew; False if the site is no more."""
        if site.stage is Stage.OPEN:
            site.occupancy.lost = False
        elif site.stage is Stage.WATCHED:
            self._sites.remove(site)
            return False
        elif mark is Mark.PRESENT:
            site.occupancy.restart(stride)
        return True

    def _clear(self, site: Site, at: datetime) -> list[ViolationEvent]:
        told = site.told
        for slot in site.members:
            self._places.vacate(slot, at)
        site.clear(at)
        if not told:
            self._sites.remove(site)
            return []
        return [self._event(site, Phase.CLEARED, at)]

    def _merged(self, site: Site, dwell: DwellSettings, at: datetime) -> bool:
        """Where the warning would be a second one for the same shop and kind, its things belong to the first."""
        if site.public or not site.occupancy.stands_for(dwell.warn_after_s, dwell):
            return False
        twin = self._twin(site, site.kind)
        if twin is None:
            return False
        twin.take_in(site, at)
        self._sites.remove(site)
        return True

    def _twin(self, site: Site, kind: ViolationKind) -> Site | None:
        """Another told site of this kind for the same shops."""
        for other in self._sites:
            if other is not site and other.told and other.kind is kind and other.target == site.target and not site.public:
                return other
        return None

    def _tell(self, site: Site, mark: Mark, dwell: DwellSettings, at: datetime) -> list[ViolationEvent]:
        """Warn, open, and report changes. Somebody is accused only at a look that sees it."""
        events: list[ViolationEvent] = []
        if site.returned:
            events.append(self._event(site, Phase.REOPENED, at))
        stands = mark is Mark.PRESENT and any(slot.footing_share >= self._settings.contact.min_share for slot in site.members)
        if site.stage is Stage.WATCHED and stands and site.occupancy.stands_for(dwell.warn_after_s, dwell):
            site.warn(self._identity, at)
            events.append(self._event(site, Phase.WARNED, at))
        if site.stage is Stage.WARNED and stands and site.occupancy.stands_for(dwell.candidate_after_s, dwell):
            kind, _ = self._verdict(site.members, at, site.target)
            site.open(site.kind if self._twin(site, kind) else kind, at)
            events.append(self._event(site, Phase.OPENED, at))
        if not events and site.told and site.changed:
            events.append(self._event(site, Phase.CHANGED, at))
        return events

    def _event(self, site: Site, phase: Phase, at: datetime) -> ViolationEvent:
        site.changed = site.returned = False
        return site.event(phase, at, self._total_gap_s, (self._identity, self._zones.version))

    # --- verdicts -----------------------------------------------------------------------------------------

    def _verdict(self, slots: list[Slot], at: datetime, target: Target | None = None) -> tuple[ViolationKind, Target]:
        """What these things are together, and whose, from all that was seen of them so far."""
        if target is None:
            shops = total_of(slot.shops for slot in slots)
            places = total_of(slot.places for slot in slots)
            target = attribute(shops, places, self._settings.contact, self._ground)
        if target.kind is TargetKind.PLACE:
            stall = is_street_stall(slots, at, self._settings.stall)
            return (ViolationKind.STREET_STALL if stall else ViolationKind.PAVEMENT_PILING), target
        beyond = is_beyond_shopfront(slots, target, self._ground, self._settings.contact)
        return (ViolationKind.BEYOND_SHOPFRONT if beyond else ViolationKind.PAVEMENT_PILING), target

    def _dwell_of_slot(self, slot: Slot) -> DwellSettings:
        """The dwell that holds for one thing now; worked out once a look."""
        at = self._last_at
        if self._permissions.uniform or at is None:
            return self._settings.dwell
        if slot.limits is None or slot.limits[0] != at:
            slot.limits = (at, self._permissions.dwell(*self._verdict([slot], at), at))
        return slot.limits[1]

    def _is_suspended(self, slot: Slot, at: datetime) -> bool:
        return self._permissions.some_suspended(at) and self._permissions.suspended(*self._verdict([slot], at), at)
