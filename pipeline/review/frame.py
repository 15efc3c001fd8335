"""What stands around every page: who is logged in, where else to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.cases import CaseRole
from pipeline.records import Account, Login

AUDITORS = frozenset({CaseRole.OPERATOR, CaseRole.APPROVER, CaseRole.ANALYST})
"""Who may see what everybody did: never a squad, whatever else it is."""
DRAWERS = frozenset({CaseRole.OPERATOR, CaseRole.APPROVER})
"""Who may draw shops for inspection."""


def frame(login: Login | None, here: str) -> dict[str, Any]:
    """For the template of any page. ``here``: address of the page, to come back to it in the other language."""
    if login is None:
        return {"me": None, "form_token": "", "here": here, "nav": [], "more": []}
    account = login.account
    row = [_page(name, here) for name in _ROW]
    more = [[_page(name, here) for name in group if _OPEN_TO[name](account)] for group in _MORE]
    return {"me": _me(account), "form_token": login.form_token, "here": here, "nav": row, "more": [group for group in more if group]}


def may_audit(account: Account) -> bool:
    """Whether somebody may see what everybody did."""
    roles = set(account.roles)
    return bool(roles & AUDITORS) and CaseRole.SQUAD not in roles


def may_draw_lots(account: Account) -> bool:
    """Whether somebody may draw shops for inspection."""
    roles = set(account.roles)
    return bool(roles & DRAWERS) and CaseRole.SQUAD not in roles


def may_administer(account: Account) -> bool:
    """Whether somebody may say who uses the console."""
    return CaseRole.OPERATOR in account.roles and CaseRole.SQUAD not in account.roles


def sees_all(account: Account) -> bool:
    """Whether somebody sees the whole district: everybody but squads."""
    return CaseRole.SQUAD not in account.roles


def _anybody(_: Account) -> bool:
    return True


_ROW = ("queue", "cameras", "streets", "shops", "overview")
"""What stands in the head itself, for everybody."""
_MORE = (("zones", "coverage", "draws"), ("audit", "accounts"), ("me",))
"""What stands behind "more", in groups."""
_OPEN_TO: dict[str, Callable[[Account], bool]] = {
    "zones": sees_all,
    "coverage": _anybody,
    "draws": may_draw_lots,
    "audit": may_audit,
    "accounts": may_administer,
    "me": _anybody,
}


def _page(name: str, here: str) -> dict[str, Any]:
    """A link to a page; ``current`` on it and on all pages below it."""
    url = "/" if name == "queue" else f"/{name}"
    path = here.partition("?")[0]
    return {"name": name, "key": f"nav.{name}", "url": url, "current": path == url or (url != "/" and path.startswith(f"{url}/"))}


def _me(account: Account) -> dict[str, Any]:
    """Nothing secret is in the reach of templates."""
    roles = [role.value for role in account.roles]
    return {"name": account.name, "shown_as": account.shown_as, "roles": roles, "squad": account.squad}
