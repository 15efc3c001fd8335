"""Who asks, in which language, and whether the form is one that we gave."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Form, Request

from pipeline.config import Language
from pipeline.records import Account, Login
from pipeline.review.console import Console

SESSION_COOKIE = "doorline_session"
LANGUAGE_COOKIE = "doorline_language"
FORM_COOKIE = "doorline_form"
"""Carries the token of forms that are shown before anybody is logged in."""


class NotLoggedInError(Exception):
    """The page is for people who are logged in."""


class WrongFormError(Exception):
    """A form that this session was not given: made elsewhere, or of an earlier session."""


class ForbiddenError(Exception):
    """Somebody who is logged in, but may not do this."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of somebody who is logged in."""

    login: Login
    language: Language
    remote: str

    @property
    def account(self) -> Account:
        """Who that is."""
        return self.login.account


def console_of(request: Request) -> Console:
    """What the application was made with."""
    return cast("Console", request.app.state.console)


def remote_of(request: Request) -> str:
    """Where a request comes from: behind a proxy, what the proxy says last, since whoever asks may have said anything before that."""
    told = request.headers.get("x-forwarded-for", "")
    if console_of(request).settings.review.behind_proxy and told:
        return told.rpartition(",")[2].strip()[:64]
    return request.client.host if request.client else ""


def language_of(request: Request) -> Language:
    """The language that was chosen in this browser, else that of the settings."""
    try:
        return Language(request.cookies.get(LANGUAGE_COOKIE, ""))
    except ValueError:
        return console_of(request).settings.review.language


def token_hash(token: str) -> str:
    """What the records know of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """Something that nobody can guess."""
    return secrets.token_urlsafe(32)


def login_of(request: Request, *, seen: bool = True) -> Login | None:
    """Who is logged in, if anybody. Not ``seen``: nobody did anything, a page asked by itself."""
    token = request.cookies.get(SESSION_COOKIE, "")
    console = console_of(request)
    return console.records.accounts.login(token_hash(token), console.now(), idle=console.idle, seen=seen) if token else None


def asking(request: Request) -> Asking:
    """Somebody who is logged in. Raises NotLoggedInError."""
    login = login_of(request)
    if login is None:
        raise NotLoggedInError
    return Asking(login, language_of(request), remote_of(request))


def asking_by_itself(request: Request) -> Asking:
    """As ``asking``, for what pages ask for again and again: a screen that nobody touches does not keep a session alive."""
    login = login_of(request, seen=False)
    if login is None:
        raise NotLoggedInError
    return Asking(login, language_of(request), remote_of(request))


def asking_by_form(request: Request, form_token: Annotated[str, Form(max_length=200)] = "") -> Asking:
    """As ``asking``, for what changes anything. Raises WrongFormError as well."""
    found = asking(request)
    if not hmac.compare_digest(form_token.encode(), found.login.form_token.encode()):
        raise WrongFormError
    return found


By = Annotated[Asking, Depends(asking)]
ByForm = Annotated[Asking, Depends(asking_by_form)]
ByItself = Annotated[Asking, Depends(asking_by_itself)]
The = Annotated[Console, Depends(console_of)]
"""The console itself."""
