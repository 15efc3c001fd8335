"""Which cases somebody may see: checked for pages, steps, clips and stills alike."""

from __future__ import annotations

from pipeline.cases import CaseRole, CaseState
from pipeline.records import Account, CaseDetail, CaseFilter, NoSuchCaseError
from pipeline.review.console import Console, streets_of

SEEN_BY_SQUADS = tuple(state for state in CaseState if state not in {CaseState.CANDIDATE, CaseState.REJECTED})
"""A squad receives what was confirmed."""


def seen_by(account: Account) -> CaseFilter:
    """All cases that somebody may see."""
    streets = streets_of(account)
    states = SEEN_BY_SQUADS if CaseRole.SQUAD in account.roles else None
    return CaseFilter(states=states, streets=None if streets is None else tuple(streets))


def case_for(console: Console, account: Account, violation_id: str) -> CaseDetail:
    """A case that this person may see. NoSuchCaseError for all others: nobody learns that they exist."""
    detail = console.records.cases.case(violation_id, streets_of(account))
    if CaseRole.SQUAD in account.roles and detail.row.state not in SEEN_BY_SQUADS:
        raise NoSuchCaseError("no such case", where=violation_id)
    return detail
