"""Dwell, gaps, occlusion and clearing of one place: what a series of looks says about whether something stands there.

A look *tells* when it saw the place: something is there (PRESENT) or nothing is (ABSENT). A look that found
somebody in front (HIDDEN) or that can't be sure (UNCERTAIN) tells nothing either way. A gap is no look at all.

Time is counted in steps from one telling look to the next. A step counts when no gap lies in it and it is not
longer than the longest look interval. So a passer-by who hides the place between two sights of it costs nothing
(at a slower rate nobody would even have looked then: the rule is the same at every rate), while a crowd that hides
it for longer adds nothing. A vendor who stands in front of the stall half of the time makes its dwell grow at half
the speed at worst, and never breaks it.

Steps that end in absence are counted only once it is seen there again: until then it may be gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from pipeline.config import DwellSettings


class Mark(Enum):
    """What one look says about one place."""

    PRESENT = "present"
    ABSENT = "absent"
    HIDDEN = "hidden"
    UNCERTAIN = "uncertain"

    @property
    def tells(self) -> bool:
        """Whether the place was seen."""
        return self in {Mark.PRESENT, Mark.ABSENT}


@dataclass(frozen=True, slots=True)
class Stride:
    """One observed look, seen from the observed look before it.

    ``gap_s`` is 0, or the whole time since that look where looks in between failed or nobody looked for too
    long. ``total_gap_s`` is the sum since the engine began. ``longest_step_s`` is the longest look interval.
    """

    at: datetime
    gap_s: float
    total_gap_s: float
    longest_step_s: float


@dataclass(slots=True)
class Occupancy:
    """What is known of one place since something was first seen there. Starts at a look that saw it."""

    first_seen_at: datetime
    last_seen_at: datetime
    gap_base_s: float
    """Total gap time of the engine at first sight."""
    dwell_s: float = 0.0
    present_looks: int = 1
    observed_looks: int = 1
    hidden_looks: int = 0
    clear_looks: int = 0
    """Telling looks in a row that saw nothing there."""
    clear_span_s: float = 0.0
    """Counted time between the first and the last of them."""
    told_at: datetime | None = None
    unsure_s: float = 0.0
    """Counted time since last sight, which becomes dwell if it is seen again."""
    gap_since_told: bool = False
    lost: bool = False
    """Too long without sight of it to say that it stood there all the time."""
    graced: bool = False

    @classmethod
    def starting(cls, stride: Stride, *, graced: bool = False) -> Occupancy:
        """The state after the look that first saw something here."""
        return cls(stride.at, stride.at, stride.total_gap_s, told_at=stride.at, graced=graced)

    @property
    def present_share(self) -> float:
        """Share of the telling looks that saw it, 0..1."""
        return self.present_looks / self.observed_looks

    @property
    def age_s(self) -> float:
        """Wall time from first to last sight."""
        return (self.last_seen_at - self.first_seen_at).total_seconds()

    def look(self, stride: Stride, mark: Mark, dwell: DwellSettings, *, graced: bool = False) -> None:
        """Fold in one more observed look. ``graced``: it is there, but being loaded, so this time adds no dwell."""
        told_at = self.told_at or self.first_seen_at
        step_s = (stride.at - told_at).total_seconds()
        self.gap_since_told |= stride.gap_s > 0
        # Unseen for longer than the dwell itself takes: nobody can say that it stood there throughout.
        self.lost |= stride.gap_s > dwell.longest_gap_s or step_s > max(dwell.candidate_after_s, dwell.longest_gap_s)
        if not mark.tells:
            self.hidden_looks += mark is Mark.HIDDEN
            return
        counts = not self.gap_since_told and step_s <= stride.longest_step_s and not (graced or self.graced)
        if mark is Mark.PRESENT:
            self._see(stride.at, step_s if counts else None)
        else:
            self._miss(step_s if counts else None)
        self.observed_looks += 1
        self.told_at = stride.at
        self.gap_since_told = False
        self.graced = graced

    def restart(self, stride: Stride) -> None:
        """Begin anew at this look, which saw it after too long without sight."""
        fresh = Occupancy.starting(stride, graced=self.graced)
        for name in Occupancy.__dataclass_fields__:
            setattr(self, name, getattr(fresh, name))

    def resume(self, later: Occupancy) -> None:
        """Go on after a clearing with what stands here again; first sight stays."""
        self.last_seen_at = later.last_seen_at
        self.dwell_s += later.dwell_s
        self.present_looks += later.present_looks
        self.observed_looks += later.observed_looks
        self.hidden_looks += later.hidden_looks
        self.clear_looks, self.clear_span_s, self.unsure_s = 0, 0.0, 0.0
        self.told_at, self.gap_since_told, self.lost, self.graced = later.told_at, later.gap_since_told, False, later.graced

    def stands_for(self, seconds: float, dwell: DwellSettings) -> bool:
        """Whether it has been seen here for that long, often enough."""
        return self.dwell_s >= seconds and self.present_share >= dwell.min_present_share

    def is_clear(self, dwell: DwellSettings) -> bool:
        """Whether enough clear looks over enough time prove that nothing stands here any more."""
        return self.clear_looks >= dwell.clear_looks and self.clear_span_s >= dwell.clear_span_s

    def _see(self, at: datetime, step_s: float | None) -> None:
        if step_s is not None:
            self.dwell_s += self.unsure_s + step_s
        self.unsure_s = 0.0
        self.present_looks += 1
        self.last_seen_at = at
        self.clear_looks, self.clear_span_s = 0, 0.0

    def _miss(self, step_s: float | None) -> None:
        if step_s is None:
            # What came before can no longer be joined to a later sight.
            self.unsure_s = 0.0
        else:
            self.unsure_s += step_s
            self.clear_span_s += step_s if self.clear_looks else 0.0
        self.clear_looks += 1
