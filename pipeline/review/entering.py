"""Logging in and out, and the language."""

from __future__ import annotations

import hmac
from collections import deque
from datetime import datetime, timedelta
from threading import Lock
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.config import Language
from pipeline.records import Account, AuditEntry
from pipeline.review.asking import (
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Asking,
    ByForm,
    The,
    WrongFormError,
    language_of,
    login_of,
    new_token,
    remote_of,
    token_hash,
)
from pipeline.review.console import Console
from pipeline.review.frame import frame
from pipeline.review.passwords import Verified, hash_password, verify

router = APIRouter(include_in_schema=False)
BAR_FOR = timedelta(minutes=1)
_TRIES_A_MINUTE = 20
_YEAR_S = 365 * 86400


class Tries:
    """How often somebody tried to get in from where, of late."""

    def __init__(self, most: int = _TRIES_A_MINUTE) -> None:
        """Nobody has tried. ``most`` within a minute, from one place."""
        self._most = most
        self._times: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def is_too_often(self, remote: str, now: datetime) -> bool:
        """Count one try; whether there were too many within a minute."""
        with self._lock:
            if len(self._times) > 10_000:
                self._times = {name: times for name, times in self._times.items() if times[-1] > now - timedelta(minutes=1)}
            times = self._times.setdefault(remote, deque(maxlen=self._most))
            too_often = len(times) == self._most and times[0] > now - timedelta(minutes=1)
            times.append(now)
            return too_often


@router.get("/login")
def show_login(request: Request, console: The, next: str = "/") -> Response:
    """The page on which to log in."""
    if login_of(request) is not None:
        return RedirectResponse(safe_place(next), 303)
    return login_page(request, console, next=safe_place(next))


@router.post("/login")
def log_in(
    request: Request,
    console: The,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    form_token: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Take a name and a password."""
    given = request.cookies.get(FORM_COOKIE, "")
    if not given or not hmac.compare_digest(given.encode(), form_token.encode()):
        raise WrongFormError
    if not _takes_passwords(console):
        return login_page(request, console, error="login.only_oidc", next=safe_place(next), status=403)
    now, remote = console.now(), remote_of(request)
    if request.app.state.tries.is_too_often(remote, now):
        return login_page(request, console, error="error.too_many", name=name, next=safe_place(next), status=429)
    account = console.records.accounts.find(name)
    error = _fault(console, account, name, password, now, remote)
    if error or account is None:
        return login_page(request, console, error=error, name=name, next=safe_place(next), status=401)
    return enter(console, account, safe_place(next), now, remote)


@router.post("/logout")
def log_out(request: Request, console: The, by: ByForm) -> Response:
    """End this session, and that at the provider who has vouched for it."""
    told = AuditEntry(console.now(), by.account.name, "session/ended", f"account/{by.account.name}", {}, by.remote)
    console.records.accounts.close_session(token_hash(request.cookies.get(SESSION_COOKIE, "")), audit=(told,))
    answer = _way_out(console, by)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.post("/language")
def choose_language(
    request: Request,
    console: The,
    lang: Annotated[Language, Form()],
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Pages in another language from now on; this changes nothing for anybody else, so that no form token is asked for."""
    answer = RedirectResponse(safe_place(back), 303)
    secure = console.settings.review.behind_proxy
    answer.set_cookie(LANGUAGE_COOKIE, lang.value, max_age=_YEAR_S, httponly=True, samesite="lax", secure=secure)
    return answer


def safe_place(place: str) -> str:
    """An address within the console; the queue where it is none: nobody is sent elsewhere by a link to us."""
    parts = urlsplit(place)
    is_ours = place.startswith("/") and not place.startswith("//") and "\\" not in place and not parts.netloc and place.isprintable()
    return quote(place, safe="/?&=%:+,;@!$'()*~-._#[]") if is_ours else "/"


def login_page(
    request: Request,
    console: Console,
    *,
    error: str = "",
    name: str = "",
    next: str = "/",
    status: int = 200,
) -> Response:
    """The page on which to log in. ``error`` is a key of the catalogue."""
    language, provider = language_of(request), console.provider
    token = request.cookies.get(FORM_COOKIE) or new_token()
    values = frame(None, "/login") | {"error": error, "name": name, "next": next, "form_token": token}
    ways = {
        "sso": console.sso(language),
        "sso_url": f"/login/oidc?next={quote(next, safe='')}",
        "sso_is_silent": provider is not None and provider.is_silent,
        "passwords": _takes_passwords(console),
    }
    answer = HTMLResponse(console.render("login.html", language, **values, **ways), status)
    secure = console.settings.review.behind_proxy
    answer.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return answer


def _takes_passwords(console: Console) -> bool:
    oidc = console.settings.review.oidc
    return oidc is None or not oidc.only


def _way_out(console: Console, by: Asking) -> Response:
    """To the provider, so that the next person at this screen is not taken for this one; else to the login."""
    id_token, provider = by.login.id_token, console.provider
    back = console.settings.review.public_url.rstrip("/") + "/login"
    way = "" if id_token is None or provider is None else provider.way_out(id_token, back)
    if not way:
        return RedirectResponse("/login", 303)
    # A page that leads on, no redirect: no form of ours may lead elsewhere (Content-Security-Policy), and logging out is a form.
    return HTMLResponse(console.render("left.html", by.language, **frame(None, "/login"), address=way, sso=console.sso(by.language)))


def _fault(console: Console, account: Account | None, name: str, password: str, now: datetime, remote: str) -> str:
    """Why this is no login, as a key of the catalogue; "" where it is one. Nobody learns from it whether the account exists."""
    accounts = console.records.accounts
    if account is not None and account.barred_until is not None and account.barred_until > now:
        return "login.barred"
    found = verify(account.password_hash if account and account.disabled_at is None else None, password)
    if account is None or found is Verified.WRONG:
        told = AuditEntry(now, "", "session/refused", f"account/{name[:64]}", {}, remote)
        if account is None or account.by_oidc:
            accounts.note((told,))
        else:
            most = console.settings.review.most_wrong_passwords
            accounts.note_failure(account.name, now, most=most, bar_for=BAR_FOR, audit=(told,))
        return "login.wrong"
    if found is Verified.RIGHT_BUT_OLD:
        accounts.renew_hash(account.name, account.password_hash, hash_password(password))
    return ""


def enter(console: Console, account: Account, place: str, now: datetime, remote: str, *, id_token: str | None = None) -> Response:
    """Open a session for whoever has given the right password, or for whom the provider vouches (``id_token``), and lead there."""
    accounts, review = console.records.accounts, console.settings.review
    token = new_token()
    until = now + timedelta(hours=review.session_hours)
    if account.failures:
        accounts.note_success(account.name)
    detail = {} if id_token is None else {"by": "oidc"}
    told = AuditEntry(now, account.name, "session/begun", f"account/{account.name}", detail, remote)
    accounts.open_session(account.name, token_hash(token), new_token(), now, until, id_token=id_token, audit=(told,))
    accounts.forget_expired(now)
    answer = RedirectResponse(place, 303)
    answer.set_cookie(
        SESSION_COOKIE, token, max_age=round(review.session_hours * 3600), httponly=True, samesite="lax", secure=review.behind_proxy
    )
    answer.delete_cookie(FORM_COOKIE)
    return answer
