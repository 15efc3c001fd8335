"""Deadlines as people reckon with them: what is overdue, due today or this week, by local days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from pipeline.cases import CaseRole, CaseState
from pipeline.records import Account, CaseFilter
from pipeline.review.console import Console
from pipeline.review.views import CaseView
from pipeline.review.wording import Translate

WITH_DEADLINE = (CaseState.NOTIFIED, CaseState.DISPATCHED, CaseState.RECHECK)
"""Only there does a case have one (docs/cases.md)."""
FOR_SQUADS = (CaseState.DISPATCHED, CaseState.RECHECK)
"""What waits for a squad."""
SPANS = ("overdue", "today", "week")


@dataclass(frozen=True, slots=True)
class Day:
    """Cases of one day, or without one, with the words above them ("" for none)."""

    title: str
    late: bool
    cases: tuple[CaseView, ...]


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many cases are due in a span, and where to see them."""

    span: str
    number: int
    current: bool


def due_span(span: str, console: Console) -> tuple[datetime | None, datetime | None]:
    """From when until when deadlines are meant; (None, None) for "". ValueError for a span that there is not."""
    now, (today_ends, week_ends) = console.now(), _borders(console)
    spans = {"": (None, None), "overdue": (None, now), "today": (now, today_ends), "week": (now, week_ends)}
    if span not in spans:
        raise ValueError(f"no such span: {span}")
    return spans[span]


def count_due(console: Console, account: Account, wanted: CaseFilter, span: str) -> list[DueCount]:
    """Of all spans, among the cases that a filter finds whatever deadline they have; ``span`` is the one that is shown."""
    states = with_deadline(account, wanted)
    asked = replace(wanted, states=states, due_since=None, due_until=None)
    numbers = console.records.cases.count_due(asked, console.now(), _borders(console))
    return [DueCount(name, number, name == span) for name, number in zip(SPANS, numbers, strict=True)]


def with_deadline(account: Account, wanted: CaseFilter) -> tuple[CaseState, ...]:
    """Of the states that a filter asks for, those that have a deadline; of all, where it asks for none of these."""
    known = FOR_SQUADS if CaseRole.SQUAD in account.roles else WITH_DEADLINE
    return tuple(state for state in known if wanted.states is None or state in wanted.states) or known


def by_day(cases: Sequence[CaseView], console: Console, t: Translate) -> list[Day]:
    """Cases that are sorted by their deadlines, a day at a time: all that is late together, what has no deadline last."""
    today = console.now().astimezone(console.zone).date()

    def day_of(case: CaseView) -> date | None:
        return None if case.deadline is None else date.min if case.late else case.deadline.astimezone(console.zone).date()

    return [Day(_title(day, today, t), day == date.min, tuple(found)) for day, found in groupby(cases, day_of)]


def _title(day: date | None, today: date, t: Translate) -> str:
    if day is None:
        return t("due.none")
    if day == date.min:
        return t("due.overdue")
    told = t("due.day", month=day.month, day=day.day, weekday=t(f"weekday.{day.weekday()}"))
    near = {0: "due.today_on", 1: "due.tomorrow_on"}.get((day - today).days)
    return t(near, day=told) if near else told


def _borders(console: Console) -> tuple[datetime, datetime]:
    """When this local day ends, and when this week does (on Sunday at midnight)."""
    today = console.now().astimezone(console.zone).date()

    def midnight(days: int) -> datetime:
        return datetime.combine(today + timedelta(days=days), time(), console.zone)

    return midnight(1), midnight(8 - today.isoweekday())
