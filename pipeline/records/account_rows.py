"""Who may use the console, who is logged in, and who did what: plain frozen values, no SQL, no session."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from pipeline.cases import CaseRole
from pipeline.errors import RecordError

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""What JSON can say; no NaN, no infinities."""
# Latin letters and digits only: a name is typed, read in logs, and part of addresses, and no two of them may look the same.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may use the console.

    ``password_hash`` is "" where nobody can log in by password. ``streets`` are those that a squad sees, and no others.
    ``failures`` counts wrong passwords in a row; no password is to be looked at before ``barred_until``. ``oidc_since`` says that the
    account signs in by the OpenID provider, and by no password; ``oidc_issuer`` and ``oidc_subject`` who that is there, once the account
    is bound to somebody.
    """

    name: str
    shown_as: str
    roles: tuple[CaseRole, ...]
    squad: str
    streets: tuple[str, ...]
    password_hash: str = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None
    failures: int = 0
    barred_until: datetime | None = None
    oidc_since: datetime | None = None
    oidc_issuer: str | None = None
    oidc_subject: str | None = None

    @property
    def by_oidc(self) -> bool:
        """Whether it signs in by the provider, and by no password."""
        return self.oidc_since is not None

    def is_barred(self, now: datetime) -> bool:
        """Whether it is too early to look at a password."""
        return self.barred_until is not None and now < self.barred_until


class NobodyLeftError(RecordError):
    """Then nobody would be left who may do something that somebody must be able to do."""


class StaleAccountError(RecordError):
    """Somebody else has changed the account since it was looked at."""


class BoundAccountError(RecordError):
    """The account belongs to somebody else at the OpenID provider, or somebody there to another account."""


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who is logged in. ``form_token`` is what a form of this session must carry (CSRF).

    ``id_token`` is what the OpenID provider said of who that is, and is told again when the session ends; "" where that was too long,
    None where a password was given.
    """

    account: Account
    form_token: str = field(repr=False)
    created_at: datetime
    expires_at: datetime
    id_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Somebody did or looked at something.

    ``account`` is "" where nobody was logged in, ``did`` a word such as ``account/added``, ``subject`` what it was about:
    ``account/NAME``, ``violation/ID``. ``remote`` is where it came from. Of account, did and subject, 128 characters are kept.
    """

    at: datetime
    account: str
    did: str
    subject: str
    detail: Mapping[str, Json] = field(default_factory=dict)
    remote: str = ""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An AuditEntry as recorded; ``audit_id`` grows with every one."""

    audit_id: int
    at: datetime
    account: str
    did: str
    subject: str
    detail: Mapping[str, Json]
    remote: str


def is_account_name(text: str) -> bool:
    """Whether an account may have this name."""
    return _NAME.fullmatch(text) is not None


def check_account(account: Account) -> None:
    """Refuse with ValueError what no account can be, in one sentence."""
    if not is_account_name(account.name):
        raise ValueError("a name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit")
    if not account.roles:
        raise ValueError("an account has at least one role")
    if len(set(account.roles)) < len(account.roles):
        raise ValueError("an account has each role once")
    if CaseRole.SYSTEM in account.roles:
        raise ValueError("the role system is the product's own")
    if not all(street.strip() for street in account.streets):
        raise ValueError("a street has a name")
    if CaseRole.SQUAD in account.roles and not (account.squad.strip() and account.streets):
        raise ValueError("a squad account names its squad and at least one street: it sees no others")
    if account.by_oidc and account.password_hash:
        raise ValueError("an account signs in by a password or by OIDC, never by both")
