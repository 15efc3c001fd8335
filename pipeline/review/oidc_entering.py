"""Logging in by the OpenID provider. It says who somebody is; what they may do stands in the account that was made for them here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from pipeline.config import Language
from pipeline.records import Account, AuditEntry, BoundAccountError, Json, SignIn
from pipeline.review.asking import The, language_of, login_of, new_token, remote_of, token_hash
from pipeline.review.console import Console
from pipeline.review.entering import Tries, enter, login_page, safe_place
from pipeline.review.frame import frame
from pipeline.review.id_tokens import SignInRefusedError, Why
from pipeline.review.oidc_provider import BACK, Person, Provider, ProviderError

router = APIRouter(include_in_schema=False)
_COOKIE = "doorline_sign_in"
"""Tells the browser that was sent to the provider from any other that comes back with what this one was given."""
_THERE = "/login/oidc"
_BACK_WITHIN = timedelta(minutes=10)
_TRIES_A_MINUTE = 60
"""From one place, ways there and back: a whole office may have one address."""
_AT_ONCE = 8
_LONGEST_HINT = 3000
"""An ID token that is longer is not kept: no address is long enough to tell it again."""
_TAGS = {Language.ZH: "zh-CN", Language.EN: "en"}
_PEOPLE = {Why.UNKNOWN: "unknown", Why.NOT_BY_OIDC: "password", Why.BOUND: "bound", Why.DISABLED: "disabled"}
"""The provider has said who somebody is; they have no way in all the same."""
_ERRORS = {Why.DENIED: "login.oidc_denied", Why.STATE: "login.oidc_state"}
_ITS_FAULT = frozenset({"server_error", "temporarily_unavailable"})
_LOG = logging.getLogger(__name__)


class SigningIn:
    """What all who sign in share: how often they try, and the few threads in which they wait for the provider.

    In threads of their own: a provider that is slow keeps nobody waiting who does anything else.
    """

    def __init__(self) -> None:
        """Nobody is on the way."""
        self.tries = Tries(_TRIES_A_MINUTE)
        self._threads = ThreadPoolExecutor(_AT_ONCE, "sign-in")

    async def wait_for(self, work: Callable[[], Response]) -> Response:
        """Do that, when one of the threads is free."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brings along from the provider; "" is what they don't."""

    code: Annotated[str, Query(max_length=4000)] = ""
    state: Annotated[str, Query(max_length=200)] = ""
    iss: Annotated[str, Query(max_length=2000)] = ""
    error: Annotated[str, Query(max_length=200)] = ""


@router.get(_THERE)
async def go_there(request: Request, console: The, next: Annotated[str, Query(max_length=2000)] = "/", again: bool = False) -> Response:
    """To the provider. ``again``: it asks who somebody is, whatever it knows. A link, no form: forms of ours lead nowhere else."""
    signing_in: SigningIn = request.app.state.sign_ins
    return await signing_in.wait_for(lambda: _there(request, console, _provider(console), safe_place(next), again))


@router.get(BACK)
async def come_back(request: Request, console: The, brought: Annotated[Brought, Depends()]) -> Response:
    """From the provider, with what it gave the browser to bring along."""
    signing_in: SigningIn = request.app.state.sign_ins
    return await signing_in.wait_for(lambda: _back(request, console, _provider(console), brought))


def _provider(console: Console) -> Provider:
    if console.provider is None:
        raise HTTPException(404)
    return console.provider


def _there(request: Request, console: Console, provider: Provider, place: str, again: bool) -> Response:
    if login_of(request) is not None:
        return RedirectResponse(place, 303)
    now = console.now()
    if request.app.state.sign_ins.tries.is_too_often(remote_of(request), now):
        return login_page(request, console, error="error.too_many", next=place, status=429)
    state, nonce, verifier = new_token(), new_token(), new_token()
    # Kept where there is one: several tabs of one browser may be on the way.
    browser = request.cookies.get(_COOKIE) or new_token()
    try:
        way = provider.way_there(state, nonce, verifier, language=_TAGS[language_of(request)], again=again)
    except ProviderError:
        return login_page(request, console, error="login.oidc_down", next=place, status=503)
    console.records.sign_ins.begin(token_hash(state), token_hash(browser), SignIn(nonce, verifier, place, now + _BACK_WITHIN), now)
    answer = RedirectResponse(way, 303)
    secure, age_s = console.settings.review.behind_proxy, round(_BACK_WITHIN.total_seconds())
    # Lax, not strict: it comes along when the provider sends somebody back.
    answer.set_cookie(_COOKIE, browser, max_age=age_s, path=_THERE, httponly=True, samesite="lax", secure=secure)
    return answer


def _back(request: Request, console: Console, provider: Provider, brought: Brought) -> Response:
    now, remote = console.now(), remote_of(request)
    if request.app.state.sign_ins.tries.is_too_often(remote, now):
        return login_page(request, console, error="error.too_many", status=429)
    browser = request.cookies.get(_COOKIE, "")
    sign_in = console.records.sign_ins.take(token_hash(brought.state), token_hash(browser), now)
    place = "/" if sign_in is None else safe_place(sign_in.place)
    try:
        person = _person(provider, sign_in, brought)
        bound = console.records.sign_ins.account_of(provider.settings.issuer, person.subject)
        # Who is bound to an account needs no name.
        person = provider.named(person) if bound is None else replace(person, name=bound.name)
    except SignInRefusedError as err:
        return _refused(request, console, err, place)
    except ProviderError as err:
        _LOG.error("%s", err)
        return login_page(request, console, error="login.oidc_down", next=place, status=503)
    try:
        account = _let_in(console, provider, person, bound, now, remote)
    except SignInRefusedError as err:
        return _no_account(request, console, err.why, person, place)
    return enter(console, account, place, now, remote, id_token=person.id_token if len(person.id_token) <= _LONGEST_HINT else "")


def _person(provider: Provider, sign_in: SignIn | None, brought: Brought) -> Person:
    """Who came back. Raises SignInRefusedError, ProviderError."""
    if sign_in is None:
        raise SignInRefusedError(Why.STATE)
    if (brought.iss or provider.offer().names_itself) and brought.iss != provider.settings.issuer:
        raise SignInRefusedError(Why.ISSUER, f"sent back by {brought.iss}")
    if brought.error in _ITS_FAULT:
        raise ProviderError("the provider fails", where=provider.settings.issuer, found=brought.error)
    if brought.error or not brought.code:
        raise SignInRefusedError(Why.DENIED, brought.error)
    return provider.person(brought.code, sign_in.verifier, sign_in.nonce)


def _let_in(console: Console, provider: Provider, person: Person, bound: Account | None, now: datetime, remote: str) -> Account:
    """The account that is ``bound`` to this person, or that of their name, which is then bound to them. Raises SignInRefusedError."""
    issuer, sign_ins = provider.settings.issuer, console.records.sign_ins
    account = bound or console.records.accounts.find(person.name)
    if account is None:
        raise SignInRefusedError(Why.UNKNOWN)
    if not account.by_oidc:
        raise SignInRefusedError(Why.NOT_BY_OIDC)
    if account.oidc_subject is not None and (account.oidc_issuer, account.oidc_subject) != (issuer, person.subject):
        raise SignInRefusedError(Why.BOUND)
    if account.disabled_at is not None:
        raise SignInRefusedError(Why.DISABLED)
    if account.oidc_subject is not None:
        return account
    detail = {"issuer": issuer, "subject": person.subject}
    told = AuditEntry(now, account.name, "account/bound", f"account/{account.name}", detail, remote)
    try:
        return sign_ins.bind(account.name, issuer, person.subject, (told,))
    except BoundAccountError as err:  # somebody else was quicker
        raise SignInRefusedError(Why.BOUND) from err


def _refused(request: Request, console: Console, err: SignInRefusedError, place: str) -> Response:
    """What came back proves nothing."""
    _LOG.warning("sign-in by OIDC refused: %s", err)
    _tell(request, console, {"by": "oidc", "why": err.why.value, "found": err.found}, "")
    return login_page(request, console, error=_ERRORS.get(err.why, "login.oidc_refused"), next=place, status=403)


def _no_account(request: Request, console: Console, why: Why, person: Person, place: str) -> Response:
    """Somebody whom the provider knows, and nobody here."""
    _tell(request, console, {"by": "oidc", "why": why.value, "subject": person.subject, "name": person.name[:200]}, person.name)
    language, oidc = language_of(request), console.settings.review.oidc
    shown = console.render(
        "stranger.html",
        language,
        **frame(None, "/login"),
        why=_PEOPLE[why],
        name=person.name,
        subject=person.subject,
        contact="" if oidc is None else oidc.contact,
        sso=console.sso(language),
        place=place,
    )
    return HTMLResponse(shown, 403)


def _tell(request: Request, console: Console, detail: dict[str, Json], name: str) -> None:
    subject = f"account/{name[:64]}" if name else ""
    console.records.accounts.note((AuditEntry(console.now(), "", "session/refused", subject, detail, remote_of(request)),))
