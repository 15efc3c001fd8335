"""What the overview shows and its export writes: the same figures, counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pipeline.cases import CaseState
from pipeline.records import UNCONFIRMED, UNDECIDED, Account, CaseFigures, ShopTally, Tally
from pipeline.review.console import Console
from pipeline.review.seeing import seen_by

_MOST_BARS = 92


@dataclass(frozen=True, slots=True)
class Share:
    """Cases of something, and how many of those that people have decided were violations."""

    name: str
    cases: int
    decided: int
    confirmed: int

    @property
    def right(self) -> float | None:
        """0..1; None where nothing is decided."""
        return self.confirmed / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class OverviewFigures:
    """Of the cases of the last days that somebody may see; days and hours are local."""

    first: date
    last: date
    whole: Share
    of_state: Mapping[CaseState, int]
    """In the order of their life, without those of which there is none."""
    rectified: float | None
    """Share (0..1) of those that ended or go on as violations; None without any."""
    verdict_s: float | None
    kinds: tuple[Share, ...]
    """The most cases first, as those of cameras."""
    cameras: tuple[Share, ...]
    rejections: tuple[tuple[str, int], ...]
    by_day: tuple[tuple[date, int], ...]
    """All days; of many days, weeks by their first day."""
    by_hour: tuple[int, ...]
    """24 hours of the day."""
    by_weekday: tuple[tuple[int, ...], ...]
    """7 days of the week from Monday on, 24 hours each."""
    shops: tuple[ShopTally, ...]

    @property
    def waiting(self) -> int:
        """Candidates that nobody has looked at."""
        return self.of_state.get(CaseState.CANDIDATE, 0)


def overview_of(console: Console, account: Account, days: int) -> OverviewFigures:
    """The figures of so many local days, today among them."""
    last = console.now().astimezone(console.zone).date()
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, time(), console.zone)
    figures = console.records.cases.figures(replace(seen_by(account), since=since))
    of_state = _sum(figures.tallies)
    ended = sum(of_state[state] for state in CaseState if state not in UNDECIDED | UNCONFIRMED)
    hours = _local_hours(console, figures)
    week = _weekdays(hours)
    return OverviewFigures(
        first=first,
        last=last,
        whole=_share("", figures.tallies),
        of_state={state: of_state[state] for state in CaseState if of_state[state]},
        rectified=of_state[CaseState.SELF_RECTIFIED] / ended if ended else None,
        verdict_s=figures.verdict_s,
        kinds=_shares(figures.tallies, lambda tally: tally.kind.value),
        cameras=_shares(figures.tallies, lambda tally: tally.camera_id),
        rejections=tuple(figures.rejections.items()),
        by_day=_days(hours, first, last),
        by_hour=tuple(sum(day[hour] for day in week) for hour in range(24)),
        by_weekday=week,
        shops=figures.shops,
    )


def _sum(tallies: Iterable[Tally]) -> Counter[CaseState]:
    of_state: Counter[CaseState] = Counter()
    for tally in tallies:
        of_state.update(tally.of_state)
    return of_state


def _share(name: str, tallies: Iterable[Tally]) -> Share:
    of_state = _sum(tallies)
    cases = sum(of_state.values())
    decided = cases - sum(of_state[state] for state in UNDECIDED)
    return Share(name, cases, decided, decided - sum(of_state[state] for state in UNCONFIRMED))


def _shares(tallies: tuple[Tally, ...], name_of: Callable[[Tally], str]) -> tuple[Share, ...]:
    names = sorted({name_of(tally) for tally in tallies})
    shares = [_share(name, [tally for tally in tallies if name_of(tally) == name]) for name in names]
    return tuple(sorted(shares, key=lambda share: -share.cases))


def _local_hours(console: Console, figures: CaseFigures) -> Counter[datetime]:
    """Cases by the local hour in which they were first seen."""
    counted: Counter[datetime] = Counter()
    for at, number in figures.hours.items():
        counted[at.astimezone(console.zone).replace(tzinfo=None)] += number
    return counted


def _weekdays(hours: Counter[datetime]) -> tuple[tuple[int, ...], ...]:
    counted: Counter[tuple[int, int]] = Counter()
    for at, number in hours.items():
        counted[at.weekday(), at.hour] += number
    return tuple(tuple(counted[day, hour] for hour in range(24)) for day in range(7))


def _days(hours: Counter[datetime], first: date, last: date) -> tuple[tuple[date, int], ...]:
    """From the first to the last, also those without a case."""
    counted: Counter[date] = Counter()
    step = 1 if (last - first).days <= _MOST_BARS else 7
    for at, number in hours.items():
        counted[first + timedelta(days=(at.date() - first).days // step * step)] += number
    whole = (first + timedelta(days=day) for day in range(0, (last - first).days + 1, step))
    return tuple((day, counted[day]) for day in whole)
