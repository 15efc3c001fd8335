"""What the pages of accounts are told, and what no account can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form

from pipeline.cases import CaseRole
from pipeline.records import Account, check_account, is_account_name

ROLES = tuple(role for role in CaseRole if role is not CaseRole.SYSTEM)
_BETWEEN = re.compile(r"[\n,，、;；]")


@dataclass
class AccountForm:
    """What a form says of an account. Streets are those that were ticked, and others as text."""

    name: Annotated[str, Form(max_length=200)] = ""
    shown_as: Annotated[str, Form(max_length=100)] = ""
    role: Annotated[tuple[str, ...], Form()] = ()
    squad: Annotated[str, Form(max_length=100)] = ""
    street: Annotated[tuple[str, ...], Form()] = ()
    more_streets: Annotated[str, Form(max_length=4000)] = ""
    known: Annotated[str, Form(max_length=64)] = ""
    """Mark of the account as it was when the page was made."""
    oidc: Annotated[bool, Form()] = False
    """It is to sign in by the OpenID provider."""

    @property
    def roles(self) -> tuple[CaseRole, ...]:
        """In the order of CaseRole; what is none is left out."""
        return tuple(role for role in ROLES if role.value in self.role)

    @property
    def streets(self) -> tuple[str, ...]:
        """Each once."""
        given = [*self.street, *_BETWEEN.split(self.more_streets)]
        return tuple(dict.fromkeys(name.strip()[:200] for name in given if name.strip()))


@dataclass(frozen=True, slots=True)
class Said:
    """What the page of an account says beside it: what was typed, what is wrong, what was done."""

    form: AccountForm | None = None
    password: str = ""
    told: str = ""
    fault: str = ""
    status: int = 200


def fault_of(account: Account) -> str:
    """What is wrong with it, as a key of the catalogue; "" for nothing."""
    if not is_account_name(account.name):
        return "accounts.fault_name"
    if not account.roles:
        return "accounts.fault_roles"
    if CaseRole.SQUAD in account.roles and not (account.squad and account.streets):
        return "accounts.fault_squad"
    check_account(account)
    return ""
