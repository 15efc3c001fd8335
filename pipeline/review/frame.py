"""What stands around every page: who is logged in, where else to go."""

from __future__ import annotations

from typing import Any

from pipeline.cases import CaseRole
from pipeline.records import Account, Login

AUDITORS = frozenset({CaseRole.OPERATOR, CaseRole.APPROVER, CaseRole.ANALYST})
"""Who may see what everybody did: never a squad, whatever else it is."""


def frame(login: Login | None, here: str) -> dict[str, Any]:
    """For the template of any page. ``here``: address of the page, to come back to it in the other language."""
    if login is None:
        return {"me": None, "form_token": "", "here": here, "nav": []}
    places = ["overview", *(["audit"] if may_audit(login.account) else [])]
    pages = [{"key": f"nav.{name}", "url": f"/{name}", "current": here.partition("?")[0] == f"/{name}"} for name in places]
    return {"me": _me(login.account), "form_token": login.form_token, "here": here, "nav": pages}


def may_audit(account: Account) -> bool:
    """Whether somebody may see what everybody did."""
    roles = set(account.roles)
    return bool(roles & AUDITORS) and CaseRole.SQUAD not in roles


def _me(account: Account) -> dict[str, Any]:
    """Nothing secret is in the reach of templates."""
    roles = [role.value for role in account.roles]
    return {"name": account.name, "shown_as": account.shown_as, "roles": roles, "squad": account.squad}
