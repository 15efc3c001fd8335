"""What people decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.cases import Action, CaseRole, CaseState
from pipeline.records.columns import word
from pipeline.records.tables.base import ID, SHA256, Table
from pipeline.records.tables.violations import of_violation
from pipeline.types import ViolationKind


class CaseRecord(Table):
    """What became of a violation: the fold of its steps, with what the queue filters and sorts by.

    One case per violation, of the run that found it first: the same street judged again by the same rules makes no second case.
    """

    __tablename__ = "cases"
    __table_args__ = (
        of_violation(),
        Index(None, "state", "listed_at", "violation_id"),
        Index(None, "listed_at", "violation_id"),
        Index(None, "state", "standing", "dwell_s", "violation_id"),
        Index(None, "street", "state", "listed_at"),
        Index(None, "camera_id", "listed_at"),
    )

    violation_id: Mapped[str] = mapped_column(ID, primary_key=True)
    run_id: Mapped[str] = mapped_column(ID)
    state: Mapped[CaseState] = mapped_column(word(CaseState))
    version: Mapped[int]
    """Steps ever taken: who decides says which version was seen, so that two people never decide at once."""
    shop_code: Mapped[str | None] = mapped_column(ID)
    """Whose it was found to be by whoever confirmed it."""
    squad: Mapped[str]
    deadline: Mapped[datetime | None]
    kind: Mapped[ViolationKind] = mapped_column(word(ViolationKind))
    camera_id: Mapped[str] = mapped_column(ID)
    street: Mapped[str]
    listed_at: Mapped[datetime]
    """First seen; 1970 where the recording has no clock: the queue sorts by it."""
    dwell_s: Mapped[float]
    standing: Mapped[bool]
    """Not seen clear yet."""
    ambiguous: Mapped[bool]
    gaps: Mapped[bool]
    """Nobody looked for a part of the time."""
    complete: Mapped[bool]
    """No part of the evidence is missing."""
    claimed_by: Mapped[str | None] = mapped_column(ID, index=True)
    claimed_until: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    """Of the last step."""


class CaseStepRecord(Table):
    """One step of a case, also one that was taken back; ``number`` counts from 1. Never changed."""

    __tablename__ = "case_steps"

    violation_id: Mapped[str] = mapped_column(ID, ForeignKey("cases.violation_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[Action] = mapped_column(word(Action))
    by: Mapped[str] = mapped_column(ID)
    role: Mapped[CaseRole] = mapped_column(word(CaseRole))
    at: Mapped[datetime]
    reason: Mapped[str]
    note: Mapped[str]
    shop_code: Mapped[str | None] = mapped_column(ID)
    squad: Mapped[str]
    deadline: Mapped[datetime | None]


class CasePhotoRecord(Table):
    """A photo that a squad added to its answer. Never changed. ``path`` is relative to the evidence folder."""

    __tablename__ = "case_photos"

    photo_id: Mapped[str] = mapped_column(ID, primary_key=True)
    violation_id: Mapped[str] = mapped_column(ID, ForeignKey("cases.violation_id"), index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(ID)
    path: Mapped[str]
    sha256: Mapped[str] = mapped_column(SHA256)
    bytes: Mapped[int] = mapped_column(BigInteger)
    original_sha256: Mapped[str] = mapped_column(SHA256)
    """Of the file as it came from the phone: what is kept is made anew from its pixels."""
    width_px: Mapped[int]
    height_px: Mapped[int]
    note: Mapped[str]
