"""When what stands where is a violation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import (
    Field,
    model_validator,
)

from pipeline.config.fields import AwareDatetime, Seconds, Settings, Share, TimeOfDay
from pipeline.types import Role, ViolationKind


class DwellSettings(Settings):
    """For how long, how surely, and when it is over."""

    warn_after_s: Seconds = 300
    """Seen standing for this long: a warning."""
    candidate_after_s: Seconds = 600
    """Seen standing for this long: a candidate, which opens a violation."""
    min_present_share: Share = 0.8
    """Share of the observed looks in which it must have stood there."""
    longest_gap_s: Seconds = 60
    """A longer unobserved time starts the dwell anew."""
    clear_looks: int = Field(default=3, ge=1)
    """Looks that must see the ground clear before a violation is over."""
    clear_span_s: Seconds = 60
    """Time that these looks must span at least."""
    reopen_within_s: Seconds = 600
    """What comes back within this time is the same violation."""
    loading_grace_s: Seconds = 900
    """Things next to a standing vehicle add no dwell for this long after they were first seen. 0: no grace."""

    @model_validator(mode="after")
    def _warns_before_it_accuses(self) -> Self:
        if self.warn_after_s > self.candidate_after_s:
            raise ValueError(f"warn_after_s ({self.warn_after_s}) is later than candidate_after_s ({self.candidate_after_s})")
        return self


class DwellOverride(Settings):
    """Other values where all the named conditions hold. Later overrides win over earlier ones."""

    kind: ViolationKind | None = None
    """``beyond_shopfront``, ``pavement_piling`` or ``street_stall``; left out: all."""
    grade: str | None = None
    """Grade of the shop (A, B, C); left out: all."""
    street: str | None = None
    """Street of the shop, or of the camera; left out: all."""
    cameras: tuple[str, ...] = ()
    """On what these cameras see; empty: all. Toured cameras need another ``longest_gap_s`` than watched ones (docs/live.md)."""
    hours: tuple[TimeOfDay, TimeOfDay] | None = None
    """Local time of day [from, to); may run over midnight."""
    warn_after_s: Seconds | None = None
    """Instead of ``rules.dwell.warn_after_s``."""
    candidate_after_s: Seconds | None = None
    """Instead of ``rules.dwell.candidate_after_s``."""
    min_present_share: Share | None = None
    """Instead of ``rules.dwell.min_present_share``."""
    longest_gap_s: Seconds | None = None
    """Instead of ``rules.dwell.longest_gap_s``."""
    clear_looks: int | None = Field(default=None, ge=1)
    """Instead of ``rules.dwell.clear_looks``."""
    clear_span_s: Seconds | None = None
    """Instead of ``rules.dwell.clear_span_s``."""
    reopen_within_s: Seconds | None = None
    """Instead of ``rules.dwell.reopen_within_s``."""
    loading_grace_s: Seconds | None = None
    """Instead of ``rules.dwell.loading_grace_s``."""


class Suspension(Settings):
    """A time in which nothing is a violation, for everyone (typhoon boards, a festival) or for some shops (a filed permit)."""

    since: AwareDatetime
    """When it begins, with a time zone: 2026-07-01T08:00:00+08:00."""
    until: AwareDatetime
    """When it ends (exclusive), with a time zone."""
    reason: str = Field(min_length=1)
    """Why, as a reviewer reads it."""
    kinds: tuple[ViolationKind, ...] = ()
    """Empty: all kinds."""
    shop_codes: tuple[str, ...] = ()
    """Empty: everybody."""
    streets: tuple[str, ...] = ()
    """Empty: all streets."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until <= self.since:
            raise ValueError(f"until ({self.until.isoformat()}) is not later than since ({self.since.isoformat()})")
        return self


def _default_bands() -> dict[str, float]:
    # By label first, then by role. From the domain: tables and carts 40 % of the height, signs 35 %, bins 45 %,
    # umbrellas none (they hang over ground they don't stand on), vehicles 12-15 %.
    return {
        "table": 0.40,
        "dining table": 0.40,
        "cart": 0.40,
        "sign": 0.35,
        "rack_or_sign": 0.35,
        "bin": 0.45,
        "umbrella": 0.0,
        Role.GOODS.value: 0.40,
        Role.FURNITURE.value: 0.40,
        Role.STALL.value: 0.30,
        Role.CANOPY.value: 0.0,
        Role.VEHICLE.value: 0.15,
        Role.PERSON.value: 0.10,
        Role.ANIMAL.value: 0.15,
        Role.UNKNOWN_OBJECT.value: 0.40,
    }


class ContactSettings(Settings):
    """What part of a thing stands on the ground, and when that ground counts as the place."""

    bands: Mapping[str, Share] = Field(default_factory=_default_bands)
    """Label or role -> lowest share of the thing's height that touches ground, along its foot where it stands aslant. 0: touches none."""
    min_share: Share = 0.5
    """Share of the band that must lie on ground where it may not be."""
    own_shop_share: Share = 0.6
    """One shop is named when it holds at least this share of what lies in frontages, and twice any other's."""
    max_box_area: Share = 0.5
    """Larger boxes are no things but mistakes."""


class StallSettings(Settings):
    """When things on public ground are a stall."""

    attended_share: Share = 0.6
    """Share of looks with a person in attendance, over the whole dwell and over its second half."""
    reach: float = Field(default=0.6, ge=0)
    """A person attends when their feet are within this many of their own box heights of the thing."""


class RuleSettings(Settings):
    """When what stands where is a violation (pipeline/rules/)."""

    dwell: DwellSettings = DwellSettings()
    """How long is too long."""
    overrides: tuple[DwellOverride, ...] = ()
    """Other dwells by kind, grade, street, camera and hour."""
    contact: ContactSettings = ContactSettings()
    """What stands where."""
    stall: StallSettings = StallSettings()
    """What makes things a stall."""
    suspensions: tuple[Suspension, ...] = ()
    """Times in which things are allowed: typhoon boards, festivals, filed permits."""
    enforcement_hours: tuple[tuple[TimeOfDay, TimeOfDay], ...] = ()
    """Local times of day in which rules are enforced; empty: always."""
    longest_look_interval_s: float = Field(default=15.0, gt=0)
    """Time between two looks beyond which nobody was looking: a gap, whatever the log says."""

    @property
    def needs_wall_clock(self) -> bool:
        """Whether any rule depends on the time of day or the date."""
        return bool(self.suspensions or self.enforcement_hours or any(o.hours for o in self.overrides))
