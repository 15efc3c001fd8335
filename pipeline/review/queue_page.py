"""The queue: what waits to be decided, as a list that its address describes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from pipeline.cases import CaseRole, CaseState
from pipeline.errors import ConfigError
from pipeline.records import CaseFilter, CaseOrder
from pipeline.review.asking import By, The
from pipeline.review.console import Console, streets_of
from pipeline.review.deadlines import FOR_SQUADS, SPANS, WITH_DEADLINE, Day, by_day, count_due, due_span
from pipeline.review.frame import frame
from pipeline.review.seeing import SEEN_BY_SQUADS
from pipeline.review.views import case_view
from pipeline.types import ViolationKind

router = APIRouter(include_in_schema=False)
_PAGE = 30
_NAMES = (
    "kind",
    "street",
    "squad",
    "shop",
    "camera",
    "state",
    "since",
    "until",
    "standing",
    "ambiguous",
    "gaps",
    "complete",
    "mine",
    "due",
    "order",
)
_TODO = "todo"
"""As a state: what waits for a squad."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What an address asks for, as it stands there; ``wanted`` means the same to the records."""

    told: dict[str, str]
    wanted: CaseFilter
    order: CaseOrder
    state: str
    """Name of the state that is asked for, ``all`` or ``todo``."""

    @property
    def query(self) -> str:
        """For addresses: only what was asked for."""
        return urlencode({name: value for name, value in self.told.items() if value})


def queue_of(request: Request, console: The, by: By) -> Queue:
    """The queue that an address describes. ConfigError where it means nothing."""
    told = {name: request.query_params.get(name, "").strip()[:200] for name in _NAMES}
    is_squad = CaseRole.SQUAD in by.account.roles
    try:
        state = _state_of(told, is_squad=is_squad)
        states = _states(state, is_squad=is_squad)
        order = CaseOrder(told["order"] or _usual_order(states, told["due"]))
        due_since, due_until = due_span(told["due"], console)
        kind = ViolationKind(told["kind"]) if told["kind"] else None
        since, until = _midnight(told["since"], console), _midnight(told["until"], console, days=1)
    except ValueError as err:
        raise ConfigError("this address asks for what there is not", where="/", found=str(err)) from err
    wanted = CaseFilter(
        states=states,
        streets=None if (streets := streets_of(by.account)) is None else tuple(streets),
        kind=kind,
        street=told["street"] or None,
        squad=told["squad"] or None,
        shop_code=told["shop"] or None,
        camera_id=told["camera"] or None,
        since=since,
        until=until,
        standing=_flag(told["standing"]),
        ambiguous=_flag(told["ambiguous"]),
        gaps=_flag(told["gaps"]),
        complete=_flag(told["complete"]),
        claimed_by=by.account.name if told["mine"] else None,
        due_since=due_since,
        due_until=due_until,
    )
    return Queue(told, wanted, order, state)


def _state_of(told: dict[str, str], *, is_squad: bool) -> str:
    """What is asked for; where nothing is, what waits for whoever asks. What is looked for by deadline or as one's own has any state."""
    return told["state"] or (_TODO if is_squad else "all" if told["mine"] or told["due"] else CaseState.CANDIDATE.value)


def _states(name: str, *, is_squad: bool) -> tuple[CaseState, ...] | None:
    """None: any. ValueError for a state that there is not."""
    states = None if name == "all" else FOR_SQUADS if name == _TODO else (CaseState(name),)
    return tuple(state for state in SEEN_BY_SQUADS if states is None or state in states) if is_squad else states


def _usual_order(states: tuple[CaseState, ...] | None, due: str) -> CaseOrder:
    """Where there is a deadline, what is due first."""
    return CaseOrder.DUE if due or (states and set(states) <= set(WITH_DEADLINE)) else CaseOrder.NEWEST


TheQueue = Annotated[Queue, Depends(queue_of)]


@router.get("/")
def show_queue(console: The, by: By, queue: TheQueue, after: str = "") -> HTMLResponse:
    """A page of it."""
    now, me, shown_name = console.now(), by.account.name, console.shown_name()
    page = console.records.cases.list_cases(queue.wanted, queue.order, after=after, limit=_PAGE)
    counts = console.records.cases.count_cases(queue.wanted).of_state
    if CaseRole.SQUAD in by.account.roles:
        counts = {state: number for state, number in counts.items() if state in SEEN_BY_SQUADS}
    t = console.wording.of(by.language)
    cases = [case_view(row, me, now, shown_name, queue.query) for row in page.cases]
    shown = console.render(
        "queue.html",
        by.language,
        **frame(by.login, f"/?{queue.query}" if queue.query else "/"),
        days=by_day(cases, console, t) if queue.order is CaseOrder.DUE else [Day("", False, tuple(cases))] * bool(cases),
        counts={state.value: counts.get(state, 0) for state in CaseState} | {_TODO: sum(counts.get(state, 0) for state in FOR_SQUADS)},
        total=sum(counts.values()),
        due=count_due(console, by.account, queue.wanted, queue.told["due"]),
        # A tab whose cases have no deadline leads to those that have one.
        due_state=queue.told["state"] if set(queue.wanted.states or WITH_DEADLINE) & set(WITH_DEADLINE) else "",
        shown_state=queue.state,
        shown_order=queue.order.value,
        filters=queue.told,
        choices=_choices(console, by),
        next_url=f"/?{queue.query}&after={page.after}" if page.after else "",
        clear_url="/",
        export_urls={form: f"/cases.{form}?{queue.query}" for form in ("xlsx", "csv")},
    )
    return HTMLResponse(shown)


def _choices(console: Console, by: By) -> dict[str, list[tuple[str, str]]]:
    t = console.wording.of(by.language)
    cameras, streets = console.settings.cameras, streets_of(by.account)
    known = {camera.street for camera in cameras if camera.street}
    squads: set[str] = set()
    for tenancy in (each for tenancies in console.shops.tenancies.values() for each in tenancies) if console.shops else ():
        known |= {tenancy.street} - {""}
        squads |= {tenancy.squad} - {""}
    return {
        "kind": [(kind.value, t(f"kind.{kind.value}")) for kind in ViolationKind],
        "state": [("all", t("state.all")), (_TODO, t("state.todo")), *((state.value, t(f"state.{state.value}")) for state in CaseState)],
        "due": [(span, t(f"due.{span}")) for span in SPANS],
        "order": [(order.value, t(f"order.{order.value}")) for order in CaseOrder],
        "street": [(street, street) for street in sorted(known) if streets is None or street in streets],
        "squad": [(squad, squad) for squad in sorted(squads)],
        "camera": [(camera.id, camera.name or camera.id) for camera in cameras if streets is None or camera.street in streets],
    }


def _midnight(text: str, console: Console, days: int = 0) -> datetime | None:
    """The beginning of a local day, or of one so many days later. ValueError."""
    if not text:
        return None
    return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), console.zone)


def _flag(text: str) -> bool | None:
    return {"1": True, "0": False}.get(text)
