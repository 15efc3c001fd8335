"""``doorline review``: the web console."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config import DoorlineSettings
    from pipeline.records import Records
    from pipeline.review.console import Console

FirstAccountOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Where nobody has an account yet: make one of this name that may do everything, and print its password. For looking around.",
    ),
]


PasswordOption = Annotated[
    bool,
    typer.Option("--password-login", help="Take passwords although review.oidc.only says not to: for when the OpenID provider is down."),
]


def review(config: ConfigOption, first_account: FirstAccountOption = None, password_login: PasswordOption = False) -> None:
    """Serve the web console, where people decide what becomes of violations, until told to stop (Ctrl-C, SIGTERM).

    Needs accounts: see doorline accounts add. Exit code 0: stopped as asked; 1: it could not go on; 2: usage or configuration.
    """
    import uvicorn

    from pipeline.config_files import load_settings
    from pipeline.due_steps import taking_due_steps
    from pipeline.notifying import case_telling
    from pipeline.records import Records
    from pipeline.review.app import create_app
    from pipeline.review.console import Console
    from pipeline.shops import load_shops

    settings = load_settings(config)
    if password_login:
        settings = _with_passwords(settings)
    shops = load_shops(settings.shops) if settings.shops else None
    host, _, port = settings.review.listen.rpartition(":")
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        console = Console(settings, records, shops, _now)
        records.tell_of_cases(case_telling(settings, lambda: console.shops, _now))
        app = create_app(console)
        said = (*_first_steps(records, config, first_account), *_what_the_provider_says(console), *_who_sends(settings))
        for line in said:
            OUT.print(line, soft_wrap=True, markup=False, highlight=False)
        OUT.print(f"the console is at http://{settings.review.listen}/ (Ctrl-C ends it)", soft_wrap=True, markup=False, highlight=False)
        OUT.file.flush()
        with taking_due_steps(records, settings.review, _now):
            uvicorn.run(app, host=host.strip("[]"), port=int(port), log_level="warning", server_header=False, proxy_headers=False)


def _with_passwords(settings: DoorlineSettings) -> DoorlineSettings:
    if settings.review.oidc is None:
        return settings
    oidc = settings.review.oidc.model_copy(update={"only": False})
    return settings.model_copy(update={"review": settings.review.model_copy(update={"oidc": oidc})})


def _what_the_provider_says(console: Console) -> list[str]:
    """Whether people can log in by it, for whoever sets it up."""
    from pipeline.review.oidc_provider import ProviderError

    if console.provider is None:
        return []
    try:
        console.provider.offer()
    except ProviderError as err:
        return [f"nobody can log in by OIDC for now: {err}"]
    provider = console.provider
    return [f"people can log in by {provider.settings.issuer}, which must know {provider.redirect_uri} as a redirect address"]


def _first_steps(records: Records, config: Path, first_account: str | None) -> list[str]:
    """What to say before anybody can log in."""
    if records.accounts.list():
        return []
    if first_account is None:
        return [f"nobody has an account yet: doorline accounts add NAME --role reviewer --config {config}"]
    password = _make_account(records, first_account)
    return [
        f"log in as {first_account} with the password {password}",
        "(the same person can't confirm the facts and decide the law: make another account for that)",
    ]


def _who_sends(settings: DoorlineSettings) -> list[str]:
    """A console puts messages into the outbox and sends none: lest they lie there unseen."""
    from pipeline.config import CASE_EVENTS

    if not any(receiver.is_told_of(event) for receiver in settings.notify.receivers for event in CASE_EVENTS):
        return []
    return ["what receivers are told of cases waits in the outbox until doorline run sends it, or doorline notify send --forever"]


def _make_account(records: Records, name: str) -> str:
    from pipeline.cases import CaseRole
    from pipeline.records import Account, AuditEntry
    from pipeline.review.passwords import hash_password

    password, now = secrets.token_urlsafe(9), _now()
    roles = (CaseRole.REVIEWER, CaseRole.APPROVER, CaseRole.OPERATOR)
    told = AuditEntry(now, "", "account/added", f"account/{name}", {"roles": [role.value for role in roles]}, "command line")
    records.accounts.add(Account(name, name, roles, "", (), hash_password(password), now, None, 0, None), audit=(told,))
    return password


def _now() -> datetime:
    return datetime.now(UTC)
