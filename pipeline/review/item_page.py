"""One item: everything that a person needs to decide, and the steps that may be taken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from pipeline.cases import REASONS, UNDO_WITHIN, Action, CaseRole, CaseState, Step, can_undo, possible, roles_for
from pipeline.errors import EvidenceError
from pipeline.records import (
    MOST_PHOTOS,
    Account,
    AuditEntry,
    CaseDetail,
    CaseOrder,
    CaseRow,
    ClaimedCaseError,
    MessageState,
    ViolationDetail,
)
from pipeline.review.asking import Asking, By, ByForm, ForbiddenError, The
from pipeline.review.console import Console
from pipeline.review.frame import frame
from pipeline.review.photo_files import MOST_BYTES
from pipeline.review.queue_page import Queue, TheQueue
from pipeline.review.seeing import case_for, seen_by
from pipeline.review.shop_search import sees_contacts
from pipeline.review.views import (
    CaseView,
    ShopView,
    case_view,
    clips_of,
    moments_of,
    photos_of,
    read_manifest,
    reference_of,
    stills_of,
    timeline_of,
    versions_of,
)
from pipeline.shops import phone_of

router = APIRouter(include_in_schema=False)
_LOG = logging.getLogger(__name__)
_EARLIER = 6
_LATE_AFTER = timedelta(minutes=10)
"""A message that has been due for so long is not sent by anybody, or its receiver fails."""
_DECIDES = frozenset({CaseRole.REVIEWER, CaseRole.APPROVER})
_ALWAYS_OPEN = frozenset({Action.EXEMPT, Action.VOID, Action.RECTIFY, Action.REOPEN})
"""Ways out that stand open to people whose turn it is not."""


@router.get("/cases/{violation_id}")
def show_item(request: Request, violation_id: str, console: The, by: By, queue: TheQueue) -> HTMLResponse:
    """The page of one item; whoever may decide has it in hand from now on, unless somebody else has."""
    detail = case_for(console, by.account, violation_id)
    if not _is_fetched_ahead(request):
        detail = _viewed(console, by, detail)
    return HTMLResponse(console.render("item.html", by.language, **_context(console, by, queue, detail)))


def _is_fetched_ahead(request: Request) -> bool:
    """Whether a browser only wants to have it at hand: nobody looks at it yet."""
    return "prefetch" in request.headers.get("sec-purpose", "") or "x-doorline-prefetch" in request.headers


def _viewed(console: Console, by: Asking, detail: CaseDetail) -> CaseDetail:
    """Note that somebody looks at it; the case as it is then."""
    now, violation_id = console.now(), detail.row.violation_id
    told = AuditEntry(now, by.account.name, "case/viewed", f"violation/{violation_id}", {"version": detail.row.version}, by.remote)
    console.records.accounts.note((told,))
    # Whose turn it is not may look without being in the way of those whose turn it is.
    if not set(_actions_as(console, by.account, detail, _DECIDES)) - _ALWAYS_OPEN:
        return detail
    until = now + timedelta(minutes=console.settings.review.claim_minutes)
    try:
        console.records.cases.claim(violation_id, by.account.name, now, until)
    except ClaimedCaseError:
        # Who has it now may have come since.
        return case_for(console, by.account, violation_id)
    return replace(detail, row=replace(detail.row, claimed_by=by.account.name, claimed_until=until))


@dataclass
class StepForm:
    """What a form says of a step."""

    action: Annotated[Action, Form()]
    version: Annotated[int, Form(ge=0)]
    reason: Annotated[str, Form(max_length=40)] = ""
    note: Annotated[str, Form(max_length=2000)] = ""
    shop_code: Annotated[str, Form(max_length=128)] = ""
    squad: Annotated[str, Form(max_length=128)] = ""
    deadline_hours: Annotated[float | None, Form(gt=0, le=2160)] = None


@router.post("/cases/{violation_id}/steps")
def take_step(
    request: Request, violation_id: str, console: The, by: ByForm, queue: TheQueue, form: Annotated[StepForm, Depends()]
) -> Response:
    """Take a step and go on to the next item, or back to this one where it was taken back."""
    seen = case_for(console, by.account, violation_id)
    now = console.now().astimezone(UTC)
    step = step_of(console, by.account, seen, form, now)
    _, behind = console.records.cases.beside(violation_id, queue.wanted, queue.order, now, by.account.name)
    console.records.cases.take_step(violation_id, step, form.version, console.facts_of, console.policy, remote=by.remote)
    here = _address(violation_id, queue)
    place = here if form.action is Action.UNDO else (_address(behind, queue) if behind else _queue_address(queue))
    if "application/json" in request.headers.get("accept", ""):
        t = console.wording.of(by.language)
        told = t("told.undone") if form.action is Action.UNDO else t(f"told.{form.action.value}")
        return JSONResponse({"next": place, "undo_url": f"{request.url.path}?{request.url.query}", "told": told})
    return RedirectResponse(place, 303)


def step_of(console: Console, account: Account, seen: CaseDetail, form: StepForm, now: datetime) -> Step:
    """The step that a form asks for, in a role that the account has. Raises ForbiddenError where it has none."""
    hours = _hours_for(console, form.action) if form.deadline_hours is None else form.deadline_hours
    return Step(
        form.action,
        account.name,
        _role_for(account, seen, form.action),
        now,
        reason=form.reason,
        note=form.note.strip(),
        shop_code=form.shop_code or None,
        squad=form.squad or (_squad_of(seen) if form.action is Action.DISPATCH else ""),
        deadline=None if hours is None else now + timedelta(hours=hours),
    )


def _context(console: Console, by: Asking, queue: Queue, detail: CaseDetail) -> dict[str, Any]:
    now, me, found = console.now(), by.account.name, detail.detail
    manifest, missing = _manifest(console, found)
    shown_name = console.shown_name()
    case = case_view(detail.row, me, now, shown_name, queue.query)
    before, behind = console.records.cases.beside(case.violation_id, queue.wanted, queue.order, now, me)
    held_by = "" if case.claimed_by_me else case.claimed_by
    undo = can_undo(detail.case, me, now)
    tenants = [tenant if sees_contacts(by.account) else replace(tenant, contact="") for tenant in found.tenants]
    return {
        **frame(by.login, case.url),
        "steps_url": f"/cases/{case.violation_id}/steps?{queue.query}",
        "case": case,
        "clips": clips_of(found, manifest),
        "stills": stills_of(found),
        "reference": reference_of(found, "wide"),
        "reference_close": reference_of(found, "close"),
        "timeline": timeline_of(manifest),
        "moments": moments_of(found),
        "tenants": tenants,
        "earlier": _earlier(console, by, detail, shown_name),
        "history": _history(detail, shown_name, _messages(console, case.violation_id)),
        "versions": [{"label": label, "value": value} for label, value in versions_of(found)],
        "evidence": found.evidence,
        "missing": missing,
        "statements": tuple(manifest.get("statements", ())),
        "actions": [] if held_by else [action.value for action in actions_for(console, by.account, detail)],
        "reasons": {action.value: list(reasons) for action, reasons in REASONS.items()},
        "shop_choices": [ShopView(shop.code, shop.name) for shop in case.shops],
        "squad_choices": _squads(console, detail),
        "hours": {action.value: _hours_for(console, action) for action in (Action.NOTIFY, Action.DISPATCH, Action.SCHEDULE_RECHECK)},
        "can_undo": undo,
        "undo_left_s": (UNDO_WITHIN - (now - detail.case.steps[-1].at)).total_seconds() if undo else 0,
        "next_url": _address(behind, queue) if behind else "",
        "previous_url": _address(before, queue) if before else "",
        "queue_url": _queue_address(queue),
        "held_by": held_by,
        "confirmed_by": shown_name(detail.case.confirmed_by),
        "photos": photos_of(detail.photos, console.settings.evidence.folder, shown_name),
        "photos_url": f"/cases/{case.violation_id}/photos?{queue.query}",
        "photo_limits": {"photos": MOST_PHOTOS, "bytes": MOST_BYTES},
        "errand": _errand(detail, shown_name),
        "phones": {tenant.code: phone for tenant in tenants if (phone := phone_of(tenant.contact))},
    }


def _manifest(console: Console, found: ViolationDetail) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The manifest, and what is missing of the evidence: the manifest too, where it is gone. The rest of the item is still shown."""
    try:
        return read_manifest(console.settings.evidence.folder, found), found.violation.missing
    except EvidenceError as err:
        _LOG.error("%s", err)
        return {}, (*found.violation.missing, f"manifest: {err.what}")


def actions_for(console: Console, account: Account, detail: CaseDetail) -> list[Action]:
    """What this person may do now, in any role, in the order of Action."""
    return _actions_as(console, account, detail, frozenset(CaseRole) - {CaseRole.SYSTEM})


def _actions_as(console: Console, account: Account, detail: CaseDetail, roles_meant: Collection[CaseRole]) -> list[Action]:
    facts = console.facts_of(detail)
    roles = [role for role in account.roles if role in roles_meant]
    may = {action for role in roles for action in possible(detail.case, role, account.name, facts, console.policy)}
    return [action for action in Action if action in may]


def _role_for(account: Account, detail: CaseDetail, action: Action) -> CaseRole:
    """In which of their roles somebody takes this step. Raises ForbiddenError where they have none."""
    if not account.roles:
        raise ForbiddenError
    if action is Action.UNDO and detail.case.steps:
        return detail.case.steps[-1].role if detail.case.steps[-1].role in account.roles else account.roles[0]
    fitting = roles_for(detail.case, action)
    return next((role for role in account.roles if role in fitting), account.roles[0])


def _hours_for(console: Console, action: Action) -> float | None:
    review = console.settings.review
    return {
        Action.NOTIFY: review.notify_hours,
        Action.DISPATCH: review.dispatch_hours,
        Action.SCHEDULE_RECHECK: review.recheck_days * 24,
    }.get(action)


def _squad_of(detail: CaseDetail) -> str:
    """Whose street it is, as the tenancy in force says."""
    codes = {detail.case.shop_code} if detail.case.shop_code else set(detail.detail.violation.shop_codes)
    return next((tenant.squad for tenant in detail.detail.tenants if tenant.code in codes and tenant.squad), "")


def _squads(console: Console, detail: CaseDetail) -> list[str]:
    """That of the street first, then all others."""
    ours = _squad_of(detail)
    tenancies = (each for tenancies in console.shops.tenancies.values() for each in tenancies) if console.shops else ()
    return [ours] * bool(ours) + sorted({tenancy.squad for tenancy in tenancies} - {"", ours})


def _earlier(console: Console, by: Asking, detail: CaseDetail, shown_name: Callable[[str], str]) -> list[CaseView]:
    """Other items of the same shop; on public ground, of the same camera."""
    found, now = detail.detail.violation, console.now()
    wanted = replace(seen_by(by.account), until=found.first_seen_at)
    shops: Iterable[dict[str, Any]] = (
        [{"shop_code": code} for code in found.shop_codes] if found.shop_codes else [{"camera_id": found.camera_id, "kind": found.kind}]
    )
    rows: dict[str, CaseRow] = {}
    for shop in shops:
        page = console.records.cases.list_cases(replace(wanted, **shop), CaseOrder.NEWEST, limit=_EARLIER)
        rows |= {row.violation_id: row for row in page.cases if row.violation_id != found.violation_id}
    return [case_view(row, by.account.name, now, shown_name) for row in list(rows.values())[:_EARLIER]]


def _errand(detail: CaseDetail, shown_name: Callable[[str], str]) -> dict[str, str] | None:
    """What the squad was sent for, while it has the case."""
    sent = detail.case.steps[-1] if detail.case.state is CaseState.DISPATCHED else None
    return None if sent is None else {"by": shown_name(sent.by), "squad": sent.squad, "note": sent.note}


@dataclass(frozen=True, slots=True)
class _Message:
    """What became of a message about a case: a state, "late" where nobody seems to send it."""

    number: int
    event: str
    receiver: str
    state: str
    at: datetime | None
    error: str


def _messages(console: Console, violation_id: str) -> list[_Message]:
    long_due = console.now() - _LATE_AFTER
    return [
        _Message(
            told.number,
            told.event.value,
            told.receiver,
            "late" if told.state is MessageState.WAITING and told.due_at < long_due else told.state.value,
            told.due_at if told.state is MessageState.WAITING else told.finished_at,
            "" if told.state is MessageState.WITHDRAWN else told.error,
        )
        for told in console.records.cases.messages(violation_id)
    ]


def _history(detail: CaseDetail, shown_name: Callable[[str], str], messages: Sequence[_Message]) -> list[dict[str, Any]]:
    """Every step with whether it was taken back, and what became of the messages that tell of it, oldest first."""
    in_force = {id(step) for step in detail.case.steps}
    names = ("action", "by", "role", "at", "reason", "note", "shop_code", "squad", "deadline")
    steps = []
    for number, step in enumerate(detail.history, start=1):
        values = {name: getattr(step, name) for name in names}
        values |= {"by": shown_name(step.by), "action": step.action.value, "role": step.role.value, "shop_code": step.shop_code or ""}
        values["messages"] = [message for message in messages if message.number == number]
        steps.append(values | {"taken_back": id(step) not in in_force and step.action is not Action.UNDO})
    return steps


def _address(violation_id: str, queue: Queue) -> str:
    place = f"/cases/{quote(violation_id)}"
    return f"{place}?{queue.query}" if queue.query else place


def _queue_address(queue: Queue) -> str:
    return f"/?{queue.query}" if queue.query else "/"
