"""What goes into the case book and what comes out: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.cases import Action, Case, CaseState, Step
from pipeline.errors import RecordError
from pipeline.records.rows import ViolationDetail, ViolationRow
from pipeline.types import ViolationKind


class StaleCaseError(RecordError):
    """Somebody else has taken a step since the page was made."""


class ClaimedCaseError(RecordError):
    """Somebody else is at it."""


class NoSuchCaseError(RecordError):
    """There is none, or none that this person may see."""


class TooManyPhotosError(RecordError):
    """A case takes only so many."""


class NoSuchPageError(RecordError):
    """Nobody gave such a beginning of a page."""


class CaseOrder(StrEnum):
    """How the queue is sorted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    URGENT = "urgent"
    """What still stands there first, the longest dwell first."""
    DUE = "due"
    """What has to be done first, first; behind it what has no deadline, newest first."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; None: any, an empty tuple: none.

    ``streets`` are those that somebody may see at all, whatever else is asked for. ``since`` <= first seen < ``until``, aware times.
    ``claimed_by`` finds what somebody has in hand. ``due_since`` <= deadline < ``due_until``: with either, only cases that have one.
    """

    states: tuple[CaseState, ...] | None = None
    streets: tuple[str, ...] | None = None
    kind: ViolationKind | None = None
    street: str | None = None
    squad: str | None = None
    shop_code: str | None = None
    camera_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    standing: bool | None = None
    ambiguous: bool | None = None
    gaps: bool | None = None
    complete: bool | None = None
    claimed_by: str | None = None
    due_since: datetime | None = None
    due_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the queue, with its violation. ``claimed_by`` and ``claimed_until`` are None where nobody has it in hand."""

    violation_id: str
    state: CaseState
    version: int
    shop_code: str | None
    squad: str
    deadline: datetime | None
    street: str
    claimed_by: str | None
    claimed_until: datetime | None
    updated_at: datetime | None
    violation: ViolationRow


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the cases that were asked for; ``after`` asks for those behind them, "" where there are none."""

    cases: tuple[CaseRow, ...]
    after: str


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """A photo that a squad added to a case.

    ``path`` is relative to the evidence folder, with forward slashes; ``sha256`` and ``bytes`` are of the file there, which was made
    anew from the pixels of what the phone sent. ``original_sha256`` is of that. Width and height are those of the upright picture.
    """

    photo_id: str
    violation_id: str
    added_at: datetime
    added_by: str
    path: str
    sha256: str
    bytes: int
    original_sha256: str
    width_px: int
    height_px: int
    note: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with all that belongs to it: ``history`` has every step, also those that were taken back; ``photos``, oldest first."""

    row: CaseRow
    case: Case
    history: tuple[Step, ...]
    detail: ViolationDetail
    photos: tuple[CasePhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step that the calendar asks the product to take: of a case at this ``version``, due since ``since``."""

    violation_id: str
    version: int
    state: CaseState
    action: Action
    since: datetime


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many cases there are of each state, of those that a filter finds."""

    of_state: Mapping[CaseState, int]

    @property
    def all(self) -> int:
        """Of all states."""
        return sum(self.of_state.values())
