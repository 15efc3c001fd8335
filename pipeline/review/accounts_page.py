"""Who may use the console: accounts by page. Operators manage those of others, never their own."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.cases import CaseRole
from pipeline.config import Language
from pipeline.errors import RecordError
from pipeline.records import Account, AuditEntry, Json, NobodyLeftError, Presence, StaleAccountError
from pipeline.review.account_form import ROLES, AccountForm, Said, fault_of
from pipeline.review.asking import Asking, By, ByForm, ForbiddenError, The
from pipeline.review.console import Console
from pipeline.review.frame import frame, may_administer
from pipeline.review.passwords import hash_password

router = APIRouter(include_in_schema=False)
_KEPT = CaseRole.OPERATOR
"""Somebody must be left who manages accounts."""
_TOLD = ("changed", "disabled", "enabled", "sessions_ended", "oidc")
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""What looks like something else is left out: passwords are read out and copied by hand."""


class NoSuchAccountError(RecordError):
    """Nobody has such a name."""


class OwnAccountError(ForbiddenError):
    """Nobody changes their own account here."""


def administering(by: By) -> Asking:
    """Somebody who manages accounts. Raises ForbiddenError."""
    if not may_administer(by.account):
        raise ForbiddenError
    return by


def administering_by_form(by: ByForm) -> Asking:
    """The same by a form of this session."""
    return administering(by)


ByAdministrator = Annotated[Asking, Depends(administering)]
ByAdministratorForm = Annotated[Asking, Depends(administering_by_form)]
Fields = Annotated[AccountForm, Depends()]


@router.get("/accounts")
def list_accounts(console: The, by: ByAdministrator) -> HTMLResponse:
    """All of them, and the form for another one; that somebody reads it is a row of the audit."""
    console.records.accounts.note((_entry(console, by, "account/listed", "", {}),))
    return _list(console, by)


@router.post("/accounts")
def add_account(console: The, by: ByAdministratorForm, form: Fields) -> HTMLResponse:
    """Add one that signs in by the provider, or with a password of ours that is shown this once."""
    name, shown_as = form.name.strip(), form.shown_as.strip()
    now, by_oidc = console.now(), form.oidc and console.provider is not None
    password = "" if by_oidc else new_password()
    account = Account(name, shown_as or name, form.roles, form.squad.strip(), form.streets, password_hash="", created_at=now)
    fault = fault_of(account)
    if not fault and console.records.accounts.find(name) is not None:
        fault = "accounts.fault_taken"
    if fault:
        return _list(console, by, form=form, fault=fault, status=422)
    account = replace(account, oidc_since=now) if by_oidc else replace(account, password_hash=hash_password(password))
    told: dict[str, Json] = {"roles": account.roles, "shown_as": account.shown_as, "squad": account.squad, "streets": account.streets}
    told |= {"oidc": True} if by_oidc else {}
    try:
        console.records.accounts.add(account, (_entry(console, by, "account/added", name, told),))
    except RecordError:
        if console.records.accounts.find(name) is None:
            raise
        # Somebody else was quicker.
        return _list(console, by, form=form, fault="accounts.fault_taken", status=422)
    return _one(console, by, account, Said(password=password, told="oidc_added" if by_oidc else "added"))


@router.get("/accounts/{who}")
def show_account(who: str, console: The, by: ByAdministrator, told: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """One account with all that can be done to it. NoSuchAccountError."""
    return _one(console, by, _find(console, who), Said(told=told if told in _TOLD else ""))


@router.post("/accounts/{who}/change")
def change_account(who: str, console: The, by: ByAdministratorForm, form: Fields) -> Response:
    """What it may do, and how it is shown; holds at once."""
    account = _others(console, by, who)
    wanted = replace(account, shown_as=form.shown_as.strip() or who, roles=form.roles, squad=form.squad.strip(), streets=form.streets)
    fault = "accounts.fault_stale" if form.known != mark_of(account) else fault_of(wanted)
    values: dict[str, Any] = {key: getattr(wanted, key) for key in ("shown_as", "roles", "squad", "streets")}
    changed: dict[str, Json] = {key: value for key, value in values.items() if value != getattr(account, key)}
    if not fault and changed:
        try:
            told = _entry(console, by, "account/changed", who, changed)
            console.records.accounts.change(who, **values, known=account, keep=_KEPT, audit=(told,))
        except StaleAccountError:
            fault = "accounts.fault_stale"
        except NobodyLeftError:
            fault = "accounts.fault_nobody"
    if fault:
        status = 409 if fault == "accounts.fault_stale" else 422
        return _one(console, by, _find(console, who), Said(form=form, fault=fault, status=status))
    return _back(who, "changed")


@router.post("/accounts/{who}/password")
def reset_password(who: str, console: The, by: ByAdministratorForm) -> HTMLResponse:
    """Another password of ours, shown this once; all its sessions end. It signs in by nothing else from then on."""
    _others(console, by, who)
    password = new_password()
    console.records.accounts.set_password(who, hash_password(password), (_entry(console, by, "account/password", who, {}),))
    return _one(console, by, _find(console, who), Said(password=password, told="password"))


@router.post("/accounts/{who}/oidc")
def use_oidc(who: str, console: The, by: ByAdministratorForm) -> Response:
    """Let it sign in by the provider, and by no password: whoever has its name there next is bound to it. All its sessions end."""
    _others(console, by, who)
    if console.provider is None:
        raise ForbiddenError
    console.records.sign_ins.use_oidc(who, console.now(), audit=(_entry(console, by, "account/oidc", who, {}),))
    return _back(who, "oidc")


@router.post("/accounts/{who}/disable")
def disable_account(who: str, console: The, by: ByAdministratorForm) -> Response:
    """Let nobody use it any more; it stays, since steps and audit rows name it."""
    account, now = _others(console, by, who), console.now()
    try:
        console.records.accounts.disable(who, now, (_entry(console, by, "account/disabled", who, {}),), keep=_KEPT)
    except NobodyLeftError:
        return _one(console, by, account, Said(fault="accounts.fault_nobody", status=422))
    return _back(who, "disabled")


@router.post("/accounts/{who}/enable")
def enable_account(who: str, console: The, by: ByAdministratorForm) -> Response:
    """Let it be used again: one that was disabled, or barred after wrong passwords."""
    _others(console, by, who)
    console.records.accounts.enable(who, (_entry(console, by, "account/enabled", who, {}),))
    return _back(who, "enabled")


@router.post("/accounts/{who}/sessions")
def end_sessions(who: str, console: The, by: ByAdministratorForm) -> Response:
    """Log it out everywhere."""
    _others(console, by, who)
    console.records.accounts.close_sessions(who, (_entry(console, by, "account/sessions_ended", who, {}),))
    return _back(who, "sessions_ended")


def mark_of(account: Account) -> str:
    """Another one for every other set of roles, squad, streets and name."""
    told = repr((account.shown_as, sorted(account.roles), account.squad, account.streets))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def new_password() -> str:
    """Four groups of four letters and digits: nearly 80 bits, and easy to read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _find(console: Console, name: str) -> Account:
    account = console.records.accounts.find(name)
    if account is None:
        raise NoSuchAccountError("no such account", where=f"account {name[:64]}")
    return account


def _others(console: Console, by: Asking, name: str) -> Account:
    """An account of somebody else. OwnAccountError: nobody raises their own rights, or locks themselves out."""
    account = _find(console, name)
    if account.name == by.account.name:
        raise OwnAccountError
    return account


def _entry(console: Console, by: Asking, did: str, name: str, detail: dict[str, Json]) -> AuditEntry:
    return AuditEntry(console.now(), by.account.name, did, f"account/{name}" if name else "", detail, by.remote)


def _back(name: str, told: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(name)}?told={told}", 303)


def _list(console: Console, by: Asking, *, form: AccountForm | None = None, fault: str = "", status: int = 200) -> HTMLResponse:
    now = console.now()
    accounts, presence = console.records.accounts.list(), console.records.accounts.presence(now)
    shown = console.render(
        "accounts.html",
        by.language,
        **frame(by.login, "/accounts"),
        accounts=[_row(account, presence.get(account.name, Presence(0, None)), now) for account in accounts],
        form=form or AccountForm(),
        fault=fault,
        **_choices(console, accounts, by.language),
    )
    return HTMLResponse(shown, status)


def _one(console: Console, by: Asking, account: Account, said: Said) -> HTMLResponse:
    now = console.now()
    there = console.records.accounts.presence(now).get(account.name, Presence(0, None))
    filled = AccountForm(account.name, account.shown_as, tuple(account.roles), account.squad, account.streets)
    shown = console.render(
        "account.html",
        by.language,
        **frame(by.login, f"/accounts/{quote(account.name)}"),
        account=_row(account, there, now),
        is_own=account.name == by.account.name,
        form=said.form or filled,
        # Who was told that somebody else has changed it has seen that now.
        known=mark_of(account),
        password=said.password,
        told=said.told,
        fault=said.fault,
        audit=console.records.accounts.list_audit(subject=f"account/{account.name}", limit=10),
        **_choices(console, (account,), by.language),
    )
    return HTMLResponse(shown, said.status)


def _row(account: Account, there: Presence, now: datetime) -> dict[str, Any]:
    """Nothing secret is in the reach of templates."""
    state = "disabled" if account.disabled_at else "barred" if account.is_barred(now) else "enabled"
    since = account.disabled_at or (account.barred_until if state == "barred" else account.created_at)
    return {
        "name": account.name,
        "url": f"/accounts/{quote(account.name)}",
        "shown_as": account.shown_as,
        "roles": [role.value for role in account.roles],
        "squad": account.squad,
        "streets": account.streets,
        "state": state,
        "since": since,
        "failures": account.failures,
        "by_oidc": account.by_oidc,
        "subject": account.oidc_subject or "",
        "sessions": there.sessions,
        "seen_at": there.seen_at,
    }


def _choices(console: Console, accounts: Sequence[Account], language: Language) -> dict[str, Any]:
    """What can be ticked: all roles, the squads and streets that are known, and the provider."""
    tenancies = [each for known in console.shops.tenancies.values() for each in known] if console.shops else []
    streets = {camera.street for camera in console.settings.cameras} | {each.street for each in tenancies}
    oidc = console.settings.review.oidc
    squads = {each.squad for each in tenancies} | {account.squad for account in accounts}
    return {
        "role_choices": [role.value for role in ROLES],
        "street_choices": sorted(streets - {""}),
        "squad_choices": sorted(squads - {""}),
        "sso": console.sso(language),
        "sso_only": oidc is not None and oidc.only,
    }
