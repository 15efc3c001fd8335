"""What the API says and takes: stable names, times in UTC, nothing of how pages look."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from pipeline.cases import Action, CaseRole, CaseState, Step
from pipeline.records import AuditRow, CaseDetail, CasePhoto, CaseRow
from pipeline.types import Phase, TargetKind, ViolationKind


class ApiModel(BaseModel):
    """Frozen; unknown fields are refused where one comes in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Shop(ApiModel):
    """A shop on whose ground it may be; ``name`` is empty where nobody is known to have held it at first sight."""

    code: str
    name: str


class CaseSummary(ApiModel):
    """A case in a list. Times are UTC; null where the recording has no clock, or where it did not happen."""

    violation_id: str
    run_id: str
    state: CaseState
    version: int = Field(description="Counts the steps; a step must name the version that it was decided on.")
    kind: ViolationKind
    target: TargetKind
    shops: tuple[Shop, ...]
    shop_code: str | None = Field(description="Whose it was found to be by whoever confirmed it.")
    camera_id: str
    place: str
    street: str
    first_seen_at: datetime | None
    confirmed_at: datetime | None
    last_seen_at: datetime | None
    cleared_at: datetime | None
    dwell_s: float
    gap_s: float
    things: int
    complete: bool = Field(description="Whether no part of the evidence is missing.")
    squad: str
    deadline: datetime | None
    claimed_by: str | None
    claimed_until: datetime | None
    updated_at: datetime | None

    @classmethod
    def of(cls, row: CaseRow) -> Self:
        """Of a case in the records."""
        return cls(**_summary(row))


class CaseList(ApiModel):
    """Some of the cases that were asked for. ``after`` asks for those behind them; null where there are none."""

    cases: tuple[CaseSummary, ...]
    after: str | None


class StepTaken(ApiModel):
    """A step of a case, also one that was taken back."""

    action: Action
    by: str
    role: CaseRole
    at: datetime
    reason: str
    note: str
    shop_code: str | None
    squad: str
    deadline: datetime | None

    @classmethod
    def of(cls, step: Step) -> Self:
        """Of a step in the records."""
        return cls(**{name: getattr(step, name) for name in cls.model_fields})


class EventTold(ApiModel):
    """A step in the life of the violation itself."""

    phase: Phase
    at: datetime | None
    media_s: float


class EvidencePart(ApiModel):
    """A part of the evidence; ``url`` gives it."""

    what: str
    sha256: str
    bytes: int
    captured_at: datetime | None
    media_time_s: float | None
    url: str


class PhotoTold(ApiModel):
    """A photo that a squad added; ``url`` gives it. ``original_sha256`` is of the file that the phone sent, ``sha256`` of what is kept."""

    photo_id: str
    added_at: datetime
    added_by: str
    note: str
    sha256: str
    bytes: int
    width_px: int
    height_px: int
    original_sha256: str
    url: str

    @classmethod
    def of(cls, photo: CasePhoto) -> Self:
        """Of a photo in the records."""
        url = f"/api/v1/cases/{photo.violation_id}/photos/{photo.photo_id}"
        return cls(**{name: getattr(photo, name) for name in cls.model_fields if name != "url"}, url=url)


class CaseWhole(CaseSummary):
    """A case with all that belongs to it."""

    missing: tuple[str, ...]
    history: tuple[StepTaken, ...]
    events: tuple[EventTold, ...]
    evidence: tuple[EvidencePart, ...]
    photos: tuple[PhotoTold, ...]
    manifest_sha256: str | None
    model_sha256: str
    zone_version: str
    rule_version: str
    code_version: str

    @classmethod
    def whole(cls, detail: CaseDetail) -> Self:
        """Of a case in the records."""
        found, run = detail.detail.violation, detail.detail.run
        return cls(
            **_summary(detail.row),
            missing=found.missing,
            history=tuple(StepTaken.of(step) for step in detail.history),
            events=tuple(EventTold(phase=event.phase, at=event.at, media_s=event.media_s) for event in detail.detail.events),
            evidence=tuple(
                EvidencePart(
                    what=file.what,
                    sha256=file.sha256,
                    bytes=file.bytes,
                    captured_at=file.captured_at,
                    media_time_s=file.media_time_s,
                    url=f"/api/v1/cases/{detail.row.violation_id}/evidence/{file.what}",
                )
                for file in detail.detail.evidence
            ),
            photos=tuple(PhotoTold.of(photo) for photo in detail.photos),
            manifest_sha256=found.manifest_sha256,
            model_sha256=run.model_sha256,
            zone_version=found.zone_version,
            rule_version=found.rule_version,
            code_version=run.code_version,
        )


class StepWanted(ApiModel):
    """A step to take. What each needs: docs/cases.md."""

    action: Action
    version: int = Field(ge=0, le=2**31 - 1, description="Of the case as whoever decides has seen it.")
    reason: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=2000)
    shop_code: str | None = Field(default=None, max_length=128)
    squad: str = Field(default="", max_length=128)
    deadline_hours: float | None = Field(default=None, gt=0, le=2160, allow_inf_nan=False)


class AuditTold(ApiModel):
    """A row of the audit."""

    audit_id: int
    at: datetime
    account: str
    did: str
    subject: str
    detail: dict[str, Any]
    remote: str

    @classmethod
    def of(cls, row: AuditRow) -> Self:
        """Of a row in the records."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields if name != "detail"}, detail=dict(row.detail))


class AuditList(ApiModel):
    """Rows of the audit, newest first. ``before`` asks for those before them; null where there are none."""

    rows: tuple[AuditTold, ...]
    before: int | None


class Fault(ApiModel):
    """What went wrong: a code that stays the same, and a sentence for people."""

    code: str
    text: str


class Refused(ApiModel):
    """The body of every answer that is no success."""

    error: Fault


def _summary(row: CaseRow) -> dict[str, Any]:
    found = row.violation
    same = ("violation_id", "state", "version", "shop_code", "squad", "deadline", "street", "claimed_by", "claimed_until", "updated_at")
    seen = (
        "run_id",
        "kind",
        "target",
        "camera_id",
        "first_seen_at",
        "confirmed_at",
        "last_seen_at",
        "cleared_at",
        "dwell_s",
        "gap_s",
        "complete",
    )
    return {
        **{name: getattr(row, name) for name in same},
        **{name: getattr(found, name) for name in seen},
        "place": found.place or found.camera_place,
        "things": found.peak_things,
        "shops": tuple(Shop(code=code, name=name) for code, name in zip(found.shop_codes, found.shop_names, strict=True)),
    }
