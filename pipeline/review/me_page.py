"""One's own account: what one may do, where one is logged in, and another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.records import AuditEntry, Presence
from pipeline.review.asking import SESSION_COOKIE, Asking, By, ByForm, ForbiddenError, The, token_hash
from pipeline.review.console import Console
from pipeline.review.entering import BAR_FOR, enter
from pipeline.review.frame import frame
from pipeline.review.passwords import LONGEST, SHORTEST, Verified, hash_password, verify

router = APIRouter(include_in_schema=False)
_TOLD = ("password", "sessions")
Password = Annotated[str, Form(max_length=1000)]


@router.get("/me")
def show_me(console: The, by: By, told: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """The page of whoever asks."""
    return _page(console, by, told=told if told in _TOLD else "")


@router.post("/me")
def change_password(request: Request, console: The, by: ByForm, old: Password = "", new: Password = "", again: Password = "") -> Response:
    """Another password for oneself; everywhere else one is logged out."""
    account, accounts, now = by.account, console.records.accounts, console.now()
    if account.by_oidc:
        raise ForbiddenError
    if request.app.state.tries.is_too_often(by.remote, now):
        return _page(console, by, fault="error.too_many", status=429)
    if account.is_barred(now):
        return _page(console, by, fault="login.barred", status=403)
    if verify(account.password_hash, old) is Verified.WRONG:
        # A screen that somebody has left is no place to guess passwords either.
        most = console.settings.review.most_wrong_passwords
        accounts.note_failure(account.name, now, most=most, bar_for=BAR_FOR, audit=(_entry(console, by, "account/password_refused"),))
        return _page(console, by, fault="me.fault_old", status=403)
    if new != again:
        return _page(console, by, fault="me.fault_again", status=422)
    try:
        hashed = hash_password(new)
    except ValueError:
        return _page(console, by, fault="me.fault_length", status=422)
    accounts.set_password(account.name, hashed, (_entry(console, by, "account/password"),))
    # All sessions are closed, this one too: here it goes on as a new one.
    return enter(console, account, "/me?told=password", now, by.remote)


@router.post("/me/sessions")
def end_other_sessions(request: Request, console: The, by: ByForm) -> Response:
    """Log oneself out everywhere else."""
    here = token_hash(request.cookies.get(SESSION_COOKIE, ""))
    console.records.accounts.close_sessions(by.account.name, (_entry(console, by, "account/sessions_ended"),), but=here)
    return RedirectResponse("/me?told=sessions", 303)


def _entry(console: Console, by: Asking, did: str) -> AuditEntry:
    return AuditEntry(console.now(), by.account.name, did, f"account/{by.account.name}", {}, by.remote)


def _page(console: Console, by: Asking, *, told: str = "", fault: str = "", status: int = 200) -> HTMLResponse:
    account, now = by.account, console.now()
    there = console.records.accounts.presence(now).get(account.name, Presence(1, None))
    shown = console.render(
        "me.html",
        by.language,
        **frame(by.login, "/me"),
        streets=account.streets,
        by_oidc=account.by_oidc,
        sso=console.sso(by.language),
        since=by.login.created_at,
        until=by.login.expires_at,
        idle_s=console.idle.total_seconds(),
        others=max(0, there.sessions - 1),
        shortest=SHORTEST,
        longest=LONGEST,
        told=told,
        fault=fault,
    )
    return HTMLResponse(shown, status)
