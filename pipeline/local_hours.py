"""Local times of day: whether a clock shows one of given hours, and which stretches of time those hours are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

Hours: TypeAlias = tuple[time, time]
"""Local times of day [from, to), which may run over midnight; equal ends mean the whole day."""


def is_within(clock: time, hours: Hours) -> bool:
    """Whether a local time of day lies in these hours."""
    since, until = hours
    if since < until:
        return since <= clock < until
    return clock >= since or clock < until


def is_within_any(at: datetime, hours: Sequence[Hours], zone: ZoneInfo) -> bool:
    """Whether an aware time lies in any of these hours, as the clocks of this zone show it."""
    clock = at.astimezone(zone).time().replace(tzinfo=None)
    return any(is_within(clock, one) for one in hours)


def stretches_of(hours: Sequence[Hours], since: datetime, until: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """The parts of [since, until) that lie in any of these hours: rising, apart from each other, UTC."""
    first, last = since.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for begins, ends in hours:
            start = datetime.combine(day, begins, zone).astimezone(UTC)
            end = datetime.combine(day if begins < ends else day + timedelta(days=1), ends, zone).astimezone(UTC)
            start, end = max(start, since.astimezone(UTC)), min(end, until.astimezone(UTC))
            if start < end:
                found.append((start, end))
    apart: list[tuple[datetime, datetime]] = []
    for start, end in sorted(found):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)
