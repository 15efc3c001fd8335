"""What all settings have in common, and the kinds of values that several of them hold."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

Share = Annotated[float, Field(ge=0, le=1)]
"""A fraction 0..1."""


Seconds = Annotated[float, Field(ge=0)]


def _is_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise ValueError(f"no such time zone: {name!r}; use a name such as Asia/Shanghai") from err
    return name


def _is_written_moment(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise ValueError("expected a date and time; write 2024-01-31T09:42:17+08:00")


def _is_aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time zone is missing; write 2024-01-31T09:42:17+08:00")
    return moment


def _is_written_time(value: object) -> object:
    # A bare number would be taken for seconds since midnight.
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", value):
        return value
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError("expected a local time of day; write 22:00")


TimeZoneName = Annotated[str, AfterValidator(_is_time_zone)]


AwareDatetime = Annotated[datetime, BeforeValidator(_is_written_moment), AfterValidator(_is_aware)]


TimeOfDay = Annotated[time, BeforeValidator(_is_written_time)]


def _types_of(annotation: Any) -> set[Any]:
    """A type, or the types of a union, without their constraints."""
    return {getattr(one, "__origin__", one) for one in (get_args(annotation) or (annotation,))}


class Settings(BaseModel):
    """Base of all settings: frozen, no unknown keys, every setting described by the text below it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True, use_attribute_docstrings=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_switch(cls, value: object, info: ValidationInfo) -> object:
        # Else "warn_after_s: yes" would be one second.
        if isinstance(value, bool) and info.field_name and not _types_of(cls.model_fields[info.field_name].annotation) & {bool, Any}:
            raise ValueError("expected no yes or no")
        return value
