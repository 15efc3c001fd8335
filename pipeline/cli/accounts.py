"""``doorline accounts``: who may use the console, and who did what."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cases import CaseRole
from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT, clock, counted, print_json, table
from pipeline.errors import ConfigError, RecordError

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings
    from pipeline.records import Account, AuditEntry, AuditRow, Json, Records

app = typer.Typer(help="Say who may use the console, and see who did what.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="Name of the account.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input instead of asking for it.")
]
_REMOTE = "command line"


class RoleName(StrEnum):
    """A role that a person may have: all of CaseRole but the product's own."""

    OPERATOR = CaseRole.OPERATOR.value
    REVIEWER = CaseRole.REVIEWER.value
    APPROVER = CaseRole.APPROVER.value
    SQUAD = CaseRole.SQUAD.value
    ANALYST = CaseRole.ANALYST.value


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What is typed to log in: letters, digits, dots, dashes, underscores.")],
    config: ConfigOption,
    role: Annotated[list[RoleName], typer.Option(help="What the account may do; may be given several times.")],
    shown_as: Annotated[str | None, typer.Option(help="Name that others see; the name of the account if left out.")] = None,
    squad: Annotated[str | None, typer.Option(help="Squad that the account belongs to. Needed for the role squad.")] = None,
    street: Annotated[list[str] | None, typer.Option(help="Street that a squad sees; may be given several times.")] = None,
    password_stdin: StdinOption = False,
    oidc: Annotated[
        bool, typer.Option("--oidc", help="It signs in by the OpenID provider of review.oidc: whoever has its name there is bound to it.")
    ] = False,
) -> None:
    """Add an account. Asks for its password, unless it signs in by the OpenID provider."""
    from pipeline.records import Account, check_account

    settings = _settings(config)
    roles, streets, now = _roles(role), _streets(street), datetime.now(UTC)
    account = Account(name, shown_as or name, roles, squad or "", streets, password_hash="", created_at=now)
    detail: dict[str, Json] = {"roles": roles, "shown_as": account.shown_as, "squad": account.squad, "streets": streets}
    if oidc:
        _issuer(settings)
        account, detail = dataclasses.replace(account, oidc_since=now), detail | {"oidc": True}
    with _refusing(name):
        check_account(account)
    with _open(settings, create=True) as records:
        if records.accounts.find(name) is not None:  # before anybody types a password for nothing
            raise RecordError("there is an account of this name", where=f"account {name}", hint="Choose another name")
        if not oidc:
            account = dataclasses.replace(account, password_hash=_hash_of_new_password(name, from_stdin=password_stdin))
        records.accounts.add(account, [_entry("account/added", name, detail)])
    OUT.print(f"account {escape(name)} added")


@app.command("list")
def list_accounts(config: ConfigOption, as_json: JsonOption = False) -> None:
    """List accounts, the disabled ones too."""
    settings = _settings(config)
    zone, now = ZoneInfo(settings.looks.timezone), datetime.now(UTC)
    with _open(settings) as records:
        accounts = records.accounts.list()
        records.accounts.note([_entry("account/listed", None, {})])
    if as_json:
        print_json({"accounts": [_values(account) for account in accounts]})
        return
    shown = table("Accounts", "name", "shown as", "roles", "squad", "streets", "logs in by", "added", "state")
    for each in accounts:
        cells = (each.name, each.shown_as, ", ".join(each.roles), each.squad, ", ".join(each.streets), _way_in(each))
        shown.add_row(*map(escape, cells), clock(each.created_at, None, zone), _state(each, zone, now))
    OUT.print(shown)
    OUT.print(counted(len(accounts), "account"))


@app.command()
def password(name: NameArgument, config: ConfigOption, password_stdin: StdinOption = False) -> None:
    """Give an account another password, and log it out everywhere. Asks for the password.

    One that signed in by the OpenID provider signs in by this password instead, and is bound to nobody there any more.
    """
    with _open(_settings(config)) as records:
        _refuse_stranger(records, name)
        password_hash = _hash_of_new_password(name, from_stdin=password_stdin)
        records.accounts.set_password(name, password_hash, [_entry("account/password", name, {})])
    OUT.print(f"account {escape(name)} has another password and is logged out")


@app.command()
def oidc(
    name: NameArgument,
    config: ConfigOption,
    subject: Annotated[
        str | None, typer.Option(help="Bind it to the person whom the provider calls by this subject, whatever their name is there.")
    ] = None,
) -> None:
    """Let an account sign in by the OpenID provider of review.oidc instead of a password, and log it out everywhere.

    Whoever has its name there is bound to it at the first login, for good. Again: whoever was bound to it is bound no more.
    """
    from pipeline.review.id_tokens import is_subject

    settings = _settings(config)
    issuer = _issuer(settings)
    if subject is not None and not is_subject(subject):
        raise ConfigError("no subject of a provider", where="--subject", expected="1 to 255 printable characters")
    bound_to = None if subject is None else (issuer, subject)
    detail: dict[str, Json] = {} if bound_to is None else {"issuer": issuer, "subject": subject}
    with _open(settings) as records:
        records.sign_ins.use_oidc(name, datetime.now(UTC), bound_to, [_entry("account/oidc", name, detail)])
    OUT.print(f"account {escape(name)} signs in by {escape(issuer)} and is logged out")


@app.command()
def change(
    name: NameArgument,
    config: ConfigOption,
    role: Annotated[list[RoleName] | None, typer.Option(help="In place of all its roles; may be given several times.")] = None,
    shown_as: Annotated[str | None, typer.Option(help="Name that others see.")] = None,
    squad: Annotated[str | None, typer.Option(help='Squad that the account belongs to; "" for none.')] = None,
    street: Annotated[list[str] | None, typer.Option(help='In place of all its streets; may be given several times; "" for none.')] = None,
) -> None:
    """Change what an account may do, or how it is shown. Holds at once, also for those who are logged in."""
    roles, streets = _roles(role) if role else None, _streets(street) if street else None
    given: dict[str, Json] = {"roles": roles, "shown_as": shown_as, "squad": squad, "streets": streets}
    detail = {key: value for key, value in given.items() if value is not None}
    if not detail:
        raise ConfigError("nothing to change", where=f"account {name}", expected="--role, --shown-as, --squad or --street")
    with _open(_settings(config)) as records, _refusing(name):
        entry = _entry("account/changed", name, detail)
        records.accounts.change(name, roles=roles, shown_as=shown_as, squad=squad, streets=streets, audit=[entry])
    OUT.print(f"account {escape(name)} changed")


@app.command()
def disable(name: NameArgument, config: ConfigOption) -> None:
    """Let nobody use an account any more, and log it out everywhere. It stays: steps and audit rows name it."""
    with _open(_settings(config)) as records:
        records.accounts.disable(name, datetime.now(UTC), [_entry("account/disabled", name, {})])
    OUT.print(f"account {escape(name)} disabled and logged out")


@app.command()
def enable(name: NameArgument, config: ConfigOption) -> None:
    """Let an account be used again: one that was disabled, or barred after wrong passwords."""
    with _open(_settings(config)) as records:
        records.accounts.enable(name, [_entry("account/enabled", name, {})])
    OUT.print(f"account {escape(name)} enabled")


@app.command()
def audit(
    config: ConfigOption,
    account: Annotated[str | None, typer.Option(help="What this account did.")] = None,
    subject: Annotated[str | None, typer.Option(help="What was done about this, such as account/NAME or violation/ID.")] = None,
    last: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show who did what, newest first."""
    settings = _settings(config)
    with _open(settings) as records:
        rows = records.accounts.list_audit(account=account, subject=subject, limit=last)
        asked: dict[str, Json] = {"account": account, "subject": subject, "last": last}
        records.accounts.note([_entry("audit/read", None, {key: value for key, value in asked.items() if value is not None})])
    if as_json:
        print_json({"entries": [_audit_values(row) for row in rows]})
        return
    zone = ZoneInfo(settings.looks.timezone)
    shown = table("Audit", "number", "at", "account", "did", "subject", "from", "detail")
    shown.columns[-1].no_wrap = False
    for row in rows:
        cells = (row.account, row.did, row.subject, row.remote, _one_line(row.detail))
        shown.add_row(str(row.audit_id), clock(row.at, None, zone), *map(escape, cells))
    OUT.print(shown)
    OUT.print(counted(len(rows), "audit row"))


def _settings(config: Path) -> DoorlineSettings:
    from pipeline.config_files import load_settings

    return load_settings(config)


def _issuer(settings: DoorlineSettings) -> str:
    if settings.review.oidc is None:
        raise ConfigError(
            "there is no provider to sign in by", where="review.oidc", expected="issuer and client_id", hint="See docs/review.md"
        )
    return settings.review.oidc.issuer


def _open(settings: DoorlineSettings, *, create: bool = False) -> Records:
    from pipeline.records import Records

    return Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=create)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """What no account can be is a mistake of whoever typed it."""
    try:
        yield
    except ValueError as err:
        raise ConfigError(str(err), where=f"account {name}") from err


def _refuse_stranger(records: Records, name: str) -> None:
    if records.accounts.find(name) is None:
        raise RecordError("no such account", where=f"account {name}")


def _roles(names: Sequence[RoleName]) -> tuple[CaseRole, ...]:
    return tuple(dict.fromkeys(CaseRole(name.value) for name in names))


def _streets(names: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names or () if name.strip()))


def _hash_of_new_password(name: str, *, from_stdin: bool) -> str:
    from pipeline.review.passwords import hash_password

    text = _first_line_of_stdin() if from_stdin else _ask(name)
    with _refusing(name):
        return hash_password(text)


def _first_line_of_stdin() -> str:
    try:
        return sys.stdin.buffer.readline().decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as err:
        raise ConfigError("not a password", where="standard input", expected="text in UTF-8") from err


def _ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise ConfigError("nobody to ask for the password", where="standard input", expected="a terminal", hint="Use --password-stdin")
    answer: str = typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _entry(did: str, name: str | None, detail: Mapping[str, Json]) -> AuditEntry:
    from pipeline.records import AuditEntry

    subject = "" if name is None else f"account/{name}"
    return AuditEntry(datetime.now(UTC), account="", did=did, subject=subject, detail=detail, remote=_REMOTE)


def _state(account: Account, zone: ZoneInfo, now: datetime) -> str:
    if account.disabled_at is not None:
        return f"[red]disabled[/] {clock(account.disabled_at, None, zone)}"
    if account.is_barred(now):
        return f"[yellow]barred[/] until {clock(account.barred_until, None, zone)}"
    return "enabled"


def _way_in(account: Account) -> str:
    if not account.by_oidc:
        return "password"
    return f"OIDC, {account.oidc_subject}" if account.oidc_subject else "OIDC, bound to nobody"


def _values(account: Account) -> dict[str, object]:
    """For machines; never with the hash."""
    moments = {name: getattr(account, name) for name in ("created_at", "disabled_at", "barred_until", "oidc_since")}
    return {
        "name": account.name,
        "shown_as": account.shown_as,
        "roles": list(account.roles),
        "squad": account.squad,
        "streets": list(account.streets),
        "failures": account.failures,
        "oidc_issuer": account.oidc_issuer,
        "oidc_subject": account.oidc_subject,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def _audit_values(row: AuditRow) -> dict[str, Any]:
    return {**dataclasses.asdict(row), "at": row.at.isoformat()}


def _one_line(detail: Mapping[str, Json]) -> str:
    return ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in detail.items())
