"""The same things for programs: /api/v1, by token, in JSON (docs/api.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Security
from fastapi.responses import FileResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AwareDatetime

from pipeline.cases import CaseState
from pipeline.records import Account, ApiToken, AuditEntry, CaseOrder, Scope
from pipeline.review.api_models import AuditList, AuditTold, CaseList, CaseSummary, CaseWhole, Refused, StepWanted
from pipeline.review.asking import ForbiddenError, NotLoggedInError, The, console_of, remote_of, token_hash
from pipeline.review.item_page import StepForm, step_of
from pipeline.review.media import part_of, photo_of
from pipeline.review.seeing import case_for, seen_by
from pipeline.types import ViolationKind

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused, "description": told}
    for status, told in {
        400: "This asks for what there is not",
        401: "No token, or one that does not hold",
        403: "The token may not do this",
        404: "There is none, or none that this account may see",
        409: "The case does not allow it, somebody else has it, or somebody has taken a step since",
        422: "Something is missing, or is not what it should be",
    }.items()
}
router = APIRouter(prefix="/api/v1", responses=_REFUSALS)
_BEARER = HTTPBearer(auto_error=False, description="A token of doorline accounts token")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that asks on behalf of an account."""

    account: Account
    token: ApiToken
    remote: str


def _caller(scope: Scope) -> Callable[..., Caller]:
    def asked(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> Caller:
        console = console_of(request)
        found = None if given is None else console.records.tokens.find(token_hash(given.credentials), console.now())
        if found is None:
            raise NotLoggedInError
        if scope not in found[1].scopes:
            raise ForbiddenError
        return Caller(*found, remote_of(request))

    return asked


Reader = Annotated[Caller, Depends(_caller(Scope.READ_CASES))]
Decider = Annotated[Caller, Depends(_caller(Scope.DECIDE_CASES))]
Auditor = Annotated[Caller, Depends(_caller(Scope.READ_AUDIT))]


@dataclass
class CasesWanted:
    """Which cases to list; what is left out asks for nothing."""

    state: Annotated[list[CaseState] | None, Query()] = None
    kind: ViolationKind | None = None
    street: Annotated[str | None, Query(max_length=200)] = None
    squad: Annotated[str | None, Query(max_length=200)] = None
    shop_code: Annotated[str | None, Query(max_length=128)] = None
    camera_id: Annotated[str | None, Query(max_length=128)] = None
    since: Annotated[AwareDatetime | None, Query(description="First seen at or after.")] = None
    until: Annotated[AwareDatetime | None, Query(description="First seen before.")] = None
    standing: bool | None = None
    ambiguous: bool | None = None
    gaps: bool | None = None
    complete: bool | None = None


@router.get("/cases", summary="List cases")
def list_cases(
    console: The,
    by: Reader,
    wanted: Annotated[CasesWanted, Depends()],
    order: CaseOrder = CaseOrder.NEWEST,
    after: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CaseList:
    """Cases that this account may see, a page at a time."""
    may_see = seen_by(by.account)
    states = None if wanted.state is None else tuple(wanted.state)
    if may_see.states is not None:
        states = tuple(state for state in may_see.states if states is None or state in states)
    names = ("kind", "street", "squad", "shop_code", "camera_id", "since", "until", "standing", "ambiguous", "gaps", "complete")
    asked = replace(may_see, states=states, **{name: getattr(wanted, name) for name in names})
    page = console.records.cases.list_cases(asked, order, after=after, limit=limit)
    return CaseList(cases=tuple(CaseSummary.of(row) for row in page.cases), after=page.after or None)


@router.get("/cases/{violation_id}", summary="One case")
def show_case(console: The, by: Reader, violation_id: str) -> CaseWhole:
    """A case with all that belongs to it."""
    detail = case_for(console, by.account, violation_id)
    _note(console, by, "case/viewed", violation_id, {"version": detail.row.version})
    return CaseWhole.whole(detail)


@router.post("/cases/{violation_id}/steps", summary="Take a step")
def take_step(console: The, by: Decider, violation_id: str, wanted: StepWanted) -> CaseWhole:
    """Take a step on behalf of the account, in a role that it has; the case as it is then."""
    seen = case_for(console, by.account, violation_id)
    form = StepForm(**wanted.model_dump(exclude={"shop_code"}), shop_code=wanted.shop_code or "")
    step = step_of(console, by.account, seen, form, console.now())
    detail = console.records.cases.take_step(
        violation_id, step, wanted.version, console.facts_of, console.policy, remote=f"{by.remote} token {by.token.token_id}"
    )
    return CaseWhole.whole(detail)


@router.get("/cases/{violation_id}/evidence/{what}", summary="A part of the evidence", response_class=FileResponse)
def show_evidence(console: The, by: Reader, violation_id: str, what: str) -> FileResponse:
    """The file as it lies on disk; a range of it where one is asked for."""
    answer = part_of(console, by.account, violation_id, what)
    _note(console, by, "evidence/opened", violation_id, {"what": what[:100]})
    return answer


@router.get("/cases/{violation_id}/photos/{photo_id}", summary="A photo of a squad", response_class=FileResponse)
def show_photo(console: The, by: Reader, violation_id: str, photo_id: str) -> FileResponse:
    """A photo that a squad added, as it lies on disk."""
    return photo_of(console, by.account, violation_id, photo_id)


@router.get("/audit", summary="Who did what")
def list_audit(
    console: The,
    by: Auditor,
    account: Annotated[str | None, Query(max_length=128)] = None,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AuditList:
    """Rows of the audit, newest first. Not for squads: it tells of streets that are not theirs."""
    if seen_by(by.account).streets is not None:
        raise ForbiddenError
    rows = console.records.accounts.list_audit(account=account, subject=subject, before=before, limit=limit)
    return AuditList(rows=tuple(AuditTold.of(row) for row in rows), before=rows[-1].audit_id if len(rows) == limit else None)


def _note(console: The, by: Caller, did: str, violation_id: str, detail: dict[str, Any]) -> None:
    told = AuditEntry(console.now(), by.account.name, did, f"violation/{violation_id}", {**detail, "token": by.token.token_id}, by.remote)
    console.records.accounts.note((told,))
