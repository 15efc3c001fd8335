"""Every street with what is on it and what is to be done there: a map for whoever has none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pipeline.cases import CaseState
from pipeline.records import Workload
from pipeline.review.asking import By, The
from pipeline.review.camera_tiles import TONES, cameras_of, seen_now, workload_of
from pipeline.review.console import Console, streets_of
from pipeline.review.deadlines import FOR_SQUADS
from pipeline.review.frame import frame, sees_all
from pipeline.review.live_cameras import CameraNow, CameraState

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class StateCount:
    """So many cameras in a state."""

    state: str
    tone: str
    icon: str
    number: int


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A street; counts are of cases that are not over."""

    name: str
    cameras: int
    states: tuple[StateCount, ...]
    share: float | None
    """Mean of what its cameras have seen of the day so far, 0..1; None where no log tells."""
    shops: int
    open: int
    candidates: int
    law_review: int
    squad: int
    late: int
    standing: int
    query: str
    """For addresses: this street alone."""


@router.get("/streets")
def show_streets(console: The, by: By) -> HTMLResponse:
    """All streets that this person sees: what is overdue first, then what waits the most."""
    streets = streets_of(by.account)
    cameras = seen_now(console.live.sight(), cameras_of(console, by.account))
    shops = _shops(console, console.now().astimezone(console.zone).date())
    load: defaultdict[str, list[Workload]] = defaultdict(list)
    for each in workload_of(console, by.account):
        load[each.street].append(each)
    names = {each.camera.street for each in cameras} | set(shops) | set(load) if streets is None else set(streets)
    rows = [_row(name, [each for each in cameras if each.camera.street == name], shops[name], load[name]) for name in names - {""}]
    rows.sort(key=lambda row: (-row.late, -row.candidates, -row.open, row.name))
    # A camera of no street, and what was found before it, are told too: nothing is lost because a word is missing.
    lost = _row("", [each for each in cameras if not each.camera.street], shops[""], load[""]) if streets is None else None
    shown = console.render(
        "streets.html",
        by.language,
        **frame(by.login, "/streets"),
        rows=rows,
        lost=lost if lost and (lost.cameras or lost.open) else None,
        sees_candidates=sees_all(by.account),
        tones={state.value: TONES[state] for state in CameraState},
    )
    return HTMLResponse(shown)


def _row(name: str, cameras: Sequence[CameraNow], shops: int, load: Sequence[Workload]) -> StreetRow:
    states = Counter(each.state for each in cameras)
    shares = [each.today.share for each in cameras if each.today is not None]
    of_state: Counter[CaseState] = Counter()
    for each in load:
        of_state[each.state] += each.cases
    return StreetRow(
        name=name,
        cameras=len(cameras),
        states=tuple(StateCount(state.value, *TONES[state], states[state]) for state in CameraState if states[state]),
        share=sum(shares) / len(shares) if shares else None,
        shops=shops,
        open=sum(of_state.values()),
        candidates=of_state[CaseState.CANDIDATE],
        law_review=of_state[CaseState.LAW_REVIEW],
        squad=sum(of_state[state] for state in FOR_SQUADS),
        late=sum(each.late for each in load),
        standing=sum(each.cases for each in load if each.standing),
        query=urlencode({"street": name}),
    )


def _shops(console: Console, today: date) -> Counter[str]:
    """How many shops somebody holds today, by street."""
    tenancies = console.shops.tenancies.values() if console.shops else ()
    holders = (next((each for each in known if each.holds_on(today)), None) for known in tenancies)
    return Counter(each.street for each in holders if each is not None)
