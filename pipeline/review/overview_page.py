"""How it goes: how many cases, how many of them right, how soon they are decided, when, and where again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from pipeline.cases import CaseState
from pipeline.records import UNCONFIRMED, UNDECIDED, CaseFigures, Tally
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.frame import frame
from pipeline.review.seeing import seen_by

router = APIRouter(include_in_schema=False)
_DAYS = (7, 30, 90, 365)


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
class Bar:
    """A number with its name; ``part`` (0..1) of the largest beside it."""

    name: str
    number: int
    part: float


@router.get("/overview")
def show_overview(console: The, by: By, days: Annotated[int, Query(ge=1, le=3660)] = 30) -> HTMLResponse:
    """Figures of the last days, of the streets that this person sees."""
    today = console.now().astimezone(console.zone).date()
    since = datetime.combine(today - timedelta(days=days - 1), time(), console.zone)
    figures = console.records.cases.figures(replace(seen_by(by.account), since=since))
    of_state = _sum(figures.tallies)
    whole = _share("", figures.tallies)
    ended = sum(of_state[state] for state in CaseState if state not in UNDECIDED | UNCONFIRMED)
    shown = console.render(
        "overview.html",
        by.language,
        **frame(by.login, f"/overview?days={days}"),
        days=days,
        choices=_DAYS,
        whole=whole,
        of_state={state.value: of_state[state] for state in CaseState if of_state[state]},
        rectified=of_state[CaseState.SELF_RECTIFIED] / ended if ended else None,
        verdict_s=figures.verdict_s,
        kinds=_shares(figures.tallies, lambda tally: tally.kind.value),
        cameras=_shares(figures.tallies, lambda tally: tally.camera_id),
        camera_names={camera.id: camera.name for camera in console.settings.cameras},
        rejections=_bars(figures.rejections.items()),
        by_day=_bars((day.strftime("%m-%d"), number) for day, number in _days(console, figures, since.date(), today)),
        by_hour=_bars((f"{hour:02d}", number) for hour, number in enumerate(_hours(console, figures))),
        shops=figures.shops,
    )
    return HTMLResponse(shown)


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


def _shares(tallies: tuple[Tally, ...], name_of: Callable[[Tally], str]) -> list[Share]:
    """The most cases first."""
    names = sorted({name_of(tally) for tally in tallies})
    shares = [_share(name, [tally for tally in tallies if name_of(tally) == name]) for name in names]
    return sorted(shares, key=lambda share: -share.cases)


def _days(console: Console, figures: CaseFigures, first: date, last: date) -> list[tuple[date, int]]:
    """Local days from the first to the last, also those without a case; of many days, weeks by their first day."""
    counted: Counter[date] = Counter()
    step = 1 if (last - first).days <= 92 else 7
    for at, number in figures.hours.items():
        day = at.astimezone(console.zone).date()
        counted[first + timedelta(days=(day - first).days // step * step)] += number
    return [(first + timedelta(days=day), counted[first + timedelta(days=day)]) for day in range(0, (last - first).days + 1, step)]


def _hours(console: Console, figures: CaseFigures) -> list[int]:
    counted: Counter[int] = Counter()
    for at, number in figures.hours.items():
        counted[at.astimezone(console.zone).hour] += number
    return [counted[hour] for hour in range(24)]


def _bars(numbers: Iterable[tuple[str, int]]) -> list[Bar]:
    told = list(numbers)
    largest = max((number for _, number in told), default=0)
    return [Bar(name, number, number / largest if largest else 0.0) for name, number in told]
