"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Enum, Text
from sqlalchemy.types import TypeDecorator

from pipeline.errors import RecordError

EnumT = TypeVar("EnumT", bound=StrEnum)


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes, stored as UTC and given back as UTC. A naive one is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. SQLite keeps the digits without a zone, so nothing but UTC may reach it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time without a zone: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware UTC, whether the database gave digits alone (SQLite) or its session's zone (PostgreSQL)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text from outside (file names, messages): what no database can hold is written as an escape, never refused.

    File names that are no UTF-8 reach Python with lone surrogates; PostgreSQL has no NUL.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape lone surrogates and NUL."""
        return None if value is None else _storable(value)


class CanonicalJson(TypeDecorator[Any]):
    """JSON as text with sorted keys and no spaces: equal values are equal bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Serialize; NaN and infinity are refused with ValueError."""
        return _storable(canonical_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Parse; RecordError where somebody wrote something else into the column."""
        if value is None:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError as err:
            raise RecordError("damaged row", expected="JSON", found=value[:40], hint="Restore the database from a backup") from err


def word(kind: type[EnumT]) -> Enum:
    """A column of one word of an enumeration, stored by value as text."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda members: [member.value for member in members])


def canonical_json(value: Any) -> str:
    """One line of JSON with sorted keys, no spaces and readable Chinese. ValueError for NaN and infinity."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _storable(text: str) -> str:
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
