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

    from pipeline.records import Records

FirstAccountOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Where nobody has an account yet: make one of this name that may do everything, and print its password. For looking around.",
    ),
]


def review(config: ConfigOption, first_account: FirstAccountOption = None) -> None:
    """Serve the web console, where people decide what becomes of violations, until told to stop (Ctrl-C, SIGTERM).

    Needs accounts: see doorline accounts add. Exit code 0: stopped as asked; 1: it could not go on; 2: usage or configuration.
    """
    import uvicorn

    from pipeline.config_files import load_settings
    from pipeline.due_steps import taking_due_steps
    from pipeline.records import Records
    from pipeline.review.app import create_app
    from pipeline.review.console import Console
    from pipeline.shops import load_shops

    settings = load_settings(config)
    shops = load_shops(settings.shops) if settings.shops else None
    host, _, port = settings.review.listen.rpartition(":")
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        app = create_app(Console(settings, records, shops, _now))
        for line in _first_steps(records, config, first_account):
            OUT.print(line, soft_wrap=True, markup=False, highlight=False)
        OUT.print(f"the console is at http://{settings.review.listen}/ (Ctrl-C ends it)", soft_wrap=True, markup=False, highlight=False)
        OUT.file.flush()
        with taking_due_steps(records, settings.review, _now):
            uvicorn.run(app, host=host.strip("[]"), port=int(port), log_level="warning", server_header=False, proxy_headers=False)


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
