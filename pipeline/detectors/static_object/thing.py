"""One thing that may have been put down: what it looks like, what the ground under it looked like, and what speaks for it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of
from pipeline.detectors.static_object.regions import Region, ring
from pipeline.types import Role

_MOST_OFF = 60.0
_DECIDED = 0.2
_MOST_MISFIT = 0.75
_STIR_LOOKS = 24
_QUIETER = 0.2
_ALIVE = 0.12
"""Share of a thing that stirs even in its quieter moments: then it is somebody, who shifts from foot to foot and turns the head."""


class Sight(Enum):
    """What one look shows at the place of a thing."""

    PRESENT = "present"
    GONE = "gone"
    """The ground as it was before."""
    OTHER = "other"
    """Neither the thing nor the ground: something in front of it, or the thing turned over."""
    HIDDEN = "hidden"


@dataclass(slots=True)
class Thing:
    """Patches cover the rows and columns of ``region``. Times are seconds on the detector's own timeline."""

    region: Region
    template: Features
    ground: Features
    colour: bool
    since_s: float
    evidence: float = 0.0
    """Seconds that spoke for "put down" less those for "taken away", each weighted by how clearly it did."""
    closed: float = 0.0
    """0..1, share of its outline that is an edge now."""
    light: float = 0.0
    """0..1, how far it looks like the same ground in other light."""
    found_area: int = 0
    """Pixels of the region in which it was found, before it was tightened."""
    judged: int = 0
    judged_s: float = float("-inf")
    sure: bool = False
    gone_looks: int = 0
    other_looks: int = 0
    sight: Sight = Sight.PRESENT
    ask_again_s: float = float("-inf")
    mover_looks: int = 0
    """Closer looks in which it might be somebody, a bicycle, a vehicle, or a piece of anything."""
    doubtful_birth: bool = False
    """It appeared in the very look in which the light of the whole picture changed."""
    stirs: deque[float] = field(default_factory=lambda: deque(maxlen=_STIR_LOOKS))
    """0..1, share of it that was not at rest, for each of the last looks in which it was in sight."""
    at_rest: bool = False
    _around: Mask | None = field(default=None, repr=False)
    _apart: dict[bool, float] = field(default_factory=dict, repr=False)
    label: str = "unknown_object"
    role: Role = Role.UNKNOWN_OBJECT
    confidence: float = 0.5

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x_min, y_min, x_max, y_max in pixels of the background; the maxima are exclusive."""
        return self.region.box

    def look_like(self, region: Region, template: Features, ground: Features, *, colour: bool) -> None:
        """Take this as what it is from now on: its place, what it looks like, and the ground under it."""
        self.region, self.template, self.ground, self.colour = region, template, ground, colour
        self._around = None
        self._apart.clear()

    def note_stir(self, share: float) -> None:
        """Count a look in which this share of it was not at rest.

        It is at rest once it has stood still at times, but for what passed in front of it; and no longer when it has
        been watched for long without any such time.
        """
        self.stirs.append(share)
        if self._quieter <= _ALIVE:
            self.at_rest = True
        elif len(self.stirs) >= _STIR_LOOKS // 2:
            self.at_rest = False

    @property
    def _quieter(self) -> float:
        return sorted(self.stirs)[int(_QUIETER * len(self.stirs))]

    def sight_in(self, look: Features, hidden: Mask, *, colour: bool) -> Sight:
        """What a look (aligned, in the light of the background; patch of ``region``) shows here.

        Args:
            look: patch of the look.
            hidden: pixels of the patch under people and vehicles.
            colour: whether the look has colour.
        """
        visible = self.region.mask & ~hidden
        if float(visible.sum()) < 0.4 * self.region.area:
            return Sight.HIDDEN
        likeness, misfit_thing, misfit_ground = self.likeness(look, visible, ~hidden, colour=colour)
        if likeness > _DECIDED and misfit_thing < _MOST_MISFIT:
            return Sight.PRESENT
        if likeness < -_DECIDED and misfit_ground < _MOST_MISFIT:
            return Sight.GONE
        return Sight.OTHER

    def likeness(self, look: Features, pixels: Mask, visible: Mask, *, colour: bool) -> tuple[float, float, float]:
        """-1 (the ground) .. +1 (the thing), and how badly each fits (0 perfect, 1 as badly as the other)."""
        if self._around is None:
            self._around = ring(self.region.mask, 2, 7)
        around = self._around & visible
        colour = colour and self.colour
        # How far thing and ground are apart stays the same as long as nothing hides any of it.
        apart = self._apart.get(colour) if visible.all() else None
        if apart is None:
            apart = max(1e-3, float(_off(self.template, self.ground, around, colour=colour)[pixels].mean()))
            if visible.all():
                self._apart[colour] = apart
        to_thing = float(_off(look, self.template, around, colour=colour)[pixels].mean()) / apart
        to_ground = float(_off(look, self.ground, around, colour=colour)[pixels].mean()) / apart
        return to_ground - to_thing, to_thing, to_ground


def _off(one: Features, other: Features, around: Mask, *, colour: bool) -> Plane:
    """How much two patches differ at each pixel; a change of light around the thing is taken off first."""
    brighter = one.brightness - other.brightness
    if int(around.sum()) >= 20:
        brighter = brighter - np.float32(median_of(brighter[around]))
    (ax, ay), (bx, by) = one.slopes, other.slopes
    off = 0.5 * np.abs(brighter) + 2 * (np.abs(ax - bx) + np.abs(ay - by))
    if colour:
        off += np.abs(one.blue - other.blue) + np.abs(one.red - other.red)
    return np.asarray(np.minimum(off, _MOST_OFF), np.float32)
