"""Who did and looked at what, newest first."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from pipeline.records import AuditEntry
from pipeline.review.asking import By, ForbiddenError, The
from pipeline.review.frame import frame, may_audit

router = APIRouter(include_in_schema=False)
_PAGE = 100


@router.get("/audit")
def show_audit(
    console: The,
    by: By,
    account: Annotated[str, Query(max_length=128)] = "",
    subject: Annotated[str, Query(max_length=200)] = "",
    did: Annotated[str, Query(max_length=128)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> HTMLResponse:
    """A page of the audit; that somebody reads it is a row of its own."""
    if not may_audit(by.account):
        raise ForbiddenError
    told = {"account": account.strip(), "subject": subject.strip(), "did": did.strip()}
    rows = console.records.accounts.list_audit(
        account=told["account"] or None, subject=told["subject"] or None, did=told["did"] or None, before=before, limit=_PAGE
    )
    given: dict[str, str | int] = {name: value for name, value in told.items() if value}
    read = AuditEntry(console.now(), by.account.name, "audit/read", f"account/{by.account.name}", dict(given), by.remote)
    console.records.accounts.note((read,))
    query = urlencode(given)
    shown = console.render(
        "audit.html",
        by.language,
        **frame(by.login, f"/audit?{query}" if query else "/audit"),
        rows=rows,
        filters=told,
        next_url=f"/audit?{urlencode(given | {'before': rows[-1].audit_id})}" if len(rows) == _PAGE else "",
    )
    return HTMLResponse(shown)
