"""The format of truth files (docs/evaluation.md): every key with its type and range, unknown keys refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from pipeline.config import AwareDatetime, DwellSettings
from pipeline.types import ViolationKind

FORMAT = 2
_SLACK_S = 0.5
"""A clip's last picture comes a little before its length; times may be rounded."""

Place: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""
Number = Annotated[float, Strict()]
"""No text and no switch, however much it looks like a number."""
Fraction = Annotated[Number, Field(ge=0, le=1)]
Metres = Annotated[Number, Field(ge=0)]


def _is_a_box(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x_min, y_min, x_max, y_max = box
    if x_min >= x_max or y_min >= y_max:
        raise ValueError("expected x_min < x_max and y_min < y_max")
    return box


Box = Annotated[tuple[Fraction, Fraction, Fraction, Fraction], AfterValidator(_is_a_box)]


class Part(BaseModel):
    """Base of all parts of a truth file."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)


class Span(Part):
    """A time from .. to."""

    from_s: Number
    to_s: Number

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.to_s <= self.from_s:
            raise ValueError(f"expected to_s later than from_s; found from_s {self.from_s:g}, to_s {self.to_s:g}")
        return self


class BoxSpan(Span):
    """Where something stood for a while."""

    box: Box
    things: int = Field(default=1, ge=1)


class GapSpan(Span):
    """A time in which nothing can be known."""

    reason: str = ""


class EventPart(Part):
    """One event."""

    kind: ViolationKind
    name: str = ""
    shop_codes: tuple[str, ...] = ()
    place: str | None = None
    began_s: Number
    ended_s: Number | None = None
    excused_by: str | None = Field(default=None, min_length=1)
    why: str = ""
    boxes: tuple[BoxSpan, ...] = Field(min_length=1)
    metres_beyond: Metres | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.ended_s is not None and self.ended_s <= self.began_s:
            raise ValueError(f"expected ended_s later than began_s; found began_s {self.began_s:g}, ended_s {self.ended_s:g}")
        if len(set(self.shop_codes)) < len(self.shop_codes):
            raise ValueError(f"expected each shop code once; found {', '.join(self.shop_codes)}")
        return self


class ConditionsPart(Part):
    """Light and weather."""

    light: str = "unknown"
    weather: str = "unknown"


class TruthFile(Part):
    """A whole truth file."""

    format: Literal[2]
    clip: str = ""
    title: str = ""
    camera_id: str = Field(min_length=1)
    starts_at: AwareDatetime
    length_s: Number = Field(gt=0)
    fps: Number | None = Field(default=None, gt=0)
    picture_px: tuple[int, int] | None = None
    conditions: ConditionsPart = ConditionsPart()
    held_out: bool = False
    dwell: DwellSettings | None = None
    gaps: tuple[GapSpan, ...] = ()
    events: tuple[EventPart, ...]


def out_of_time(file: TruthFile) -> list[tuple[Place, str]]:
    """Places and messages of times outside the clip, and of boxes outside the time of their event."""
    found: list[tuple[Place, str]] = []
    for number, gap in enumerate(file.gaps):
        if not _within(gap, 0.0, file.length_s):
            told = f"expected a time inside the clip (0..{file.length_s:g} s); found {gap.from_s:g}..{gap.to_s:g} s"
            found.append((("gaps", number), told))
    for number, event in enumerate(file.events):
        found += [(("events", number, *place), told) for place, told in _event_out_of_time(event, file.length_s)]
    return found


def _event_out_of_time(event: EventPart, length_s: float) -> Iterator[tuple[Place, str]]:
    if event.began_s >= length_s:
        yield ("began_s",), f"expected before the end of the clip ({length_s:g} s); found {event.began_s:g}"
    if event.ended_s is not None and not 0 < event.ended_s <= length_s + _SLACK_S:
        yield ("ended_s",), f"expected inside the clip (0..{length_s:g} s), or null; found {event.ended_s:g}"
    until = length_s if event.ended_s is None else event.ended_s
    for index, span in enumerate(event.boxes):
        if not _within(span, event.began_s, until):
            told = f"expected a time while the event lasts ({event.began_s:g}..{until:g} s); found {span.from_s:g}..{span.to_s:g} s"
            yield ("boxes", index), told


def _within(span: Span, from_s: float, to_s: float) -> bool:
    return span.from_s >= from_s - _SLACK_S and span.to_s <= to_s + _SLACK_S
