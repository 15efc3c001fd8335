"""``doorline tokens``: what programs ask the console with."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT, clock, counted, table

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config import DoorlineSettings
    from pipeline.records import ApiToken, AuditEntry, Records

app = typer.Typer(help="Let programs ask the console on behalf of an account.", no_args_is_help=True)
_REMOTE = "command line"


class ScopeName(StrEnum):
    """What a program may do."""

    READ_CASES = "cases:read"
    DECIDE_CASES = "cases:decide"
    READ_AUDIT = "audit:read"


@app.command()
def add(
    account: Annotated[str, typer.Argument(help="Name of the account: the program sees and does no more than it may.")],
    config: ConfigOption,
    scope: Annotated[list[ScopeName], typer.Option(help="What the program may do; may be given several times.")],
    called: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="For so many days it holds.")] = 365,
) -> None:
    """Make a token and print it, once: it is kept nowhere."""
    from pipeline.records import ApiToken, Scope

    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    digest = hashlib.sha256(token.encode()).hexdigest()
    scopes = tuple(Scope(each.value) for each in scope)
    kept = ApiToken(digest[:12], account, called, scopes, now, now + timedelta(days=days), None)
    with _records(config)[1] as records:
        records.tokens.add(digest, kept, [_entry("token/added", kept, now)])
    OUT.print(token, soft_wrap=True, markup=False, highlight=False)


@app.command("list")
def list_tokens(config: ConfigOption) -> None:
    """List tokens, also those that hold no more. None of them is shown."""
    settings, opened = _records(config)
    zone, now = ZoneInfo(settings.looks.timezone), datetime.now(UTC)
    with opened as records:
        tokens = records.tokens.list()
    shown = table("Tokens", "id", "account", "for", "may", "made", "until", "state")
    for each in tokens:
        state = "revoked" if each.revoked_at else "expired" if each.expires_at <= now else "holds"
        cells = (each.token_id, each.account, each.called, ", ".join(each.scopes))
        shown.add_row(*map(escape, cells), clock(each.created_at, None, zone), clock(each.expires_at, None, zone), state)
    OUT.print(shown)
    OUT.print(counted(len(tokens), "token"))


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Id of the token or its beginning: see doorline tokens list.")], config: ConfigOption
) -> None:
    """Let a token hold no more, at once."""
    now = datetime.now(UTC)
    with _records(config)[1] as records:
        told = [_entry("token/revoked", each, now) for each in records.tokens.list() if each.token_id.startswith(token)]
        # Where several begin so, it is refused, and nothing of this is written.
        done = records.tokens.revoke(token, now, told)
    OUT.print(f"token {escape(done.token_id)} of {escape(done.account)} holds no more")


def _entry(did: str, token: ApiToken, now: datetime) -> AuditEntry:
    from pipeline.records import AuditEntry

    detail = {"token": token.token_id, "called": token.called, "scopes": [scope.value for scope in token.scopes]}
    return AuditEntry(now, "", did, f"account/{token.account}", detail, _REMOTE)


def _records(config: Path) -> tuple[DoorlineSettings, Records]:
    from pipeline.config_files import load_settings
    from pipeline.records import Records

    settings = load_settings(config)
    return settings, Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=False)
