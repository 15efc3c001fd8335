"""How it goes: how many cases, how many of them right, how soon they are decided, when, and where again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from pipeline.review.asking import By, The
from pipeline.review.frame import frame
from pipeline.review.overview_figures import overview_of

router = APIRouter(include_in_schema=False)
Days = Annotated[int, Query(ge=1, le=3660)]
_DAYS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Bar:
    """A number with its name; ``part`` (0..1) of the top of the scale."""

    name: str
    number: int
    part: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other, and the numbers at their scale: top, middle ("" where that is none), bottom."""

    bars: tuple[Bar, ...]
    scale: tuple[str, str, str]


@router.get("/overview")
def show_overview(console: The, by: By, days: Days = 30) -> HTMLResponse:
    """Figures of the last days, of the streets that this person sees."""
    figures = overview_of(console, by.account, days)
    largest = max((number for _, number in figures.rejections), default=1)
    busiest = max(max(hours) for hours in figures.by_weekday) or 1
    shown = console.render(
        "overview.html",
        by.language,
        **frame(by.login, f"/overview?days={days}"),
        days=days,
        choices=_DAYS,
        figures=figures,
        whole=figures.whole,
        of_state={state.value: number for state, number in figures.of_state.items()},
        camera_names={camera.id: camera.name for camera in console.settings.cameras},
        rejections=[Bar(reason, number, number / largest) for reason, number in figures.rejections],
        by_day=_chart((day.strftime("%m-%d"), number) for day, number in figures.by_day),
        by_hour=_chart((f"{hour:02d}", number) for hour, number in enumerate(figures.by_hour)),
        by_weekday=[[Bar(f"{hour:02d}", number, number / busiest) for hour, number in enumerate(day)] for day in figures.by_weekday],
        export_urls={form: f"/overview.{form}?days={days}" for form in ("xlsx", "csv")},
    )
    return HTMLResponse(shown)


def _chart(numbers: Iterable[tuple[str, int]]) -> Chart:
    """Up to a round number above all of them."""
    told = list(numbers)
    top = _round_up(max((number for _, number in told), default=0))
    return Chart(tuple(Bar(name, number, number / top) for name, number in told), (str(top), str(top // 2) if top % 2 == 0 else "", "0"))


def _round_up(number: int) -> int:
    """The next of 1, 2, 4, 6, 10, 20, 40, 60, 100 ..."""
    step = 1
    while True:
        for factor in (1, 2, 4, 6):
            if factor * step >= number:
                return factor * step
        step *= 10
