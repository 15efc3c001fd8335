"""Cases begin with their violations, and follow what the camera sees of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Facts, Step, roles_for, take
from pipeline.records.case_steps import StepWriter, case_detail, locked
from pipeline.records.case_telling import CaseTelling
from pipeline.records.database import Database
from pipeline.records.tables import CaseRecord, SourceRecord, TenancyRecord, ViolationRecord, ViolationShopRecord
from pipeline.types import UNKNOWN_EPOCH

_MOST_IDS = 1000
"""In one statement: databases take a limited number of values."""
PRODUCT = "doorline"
"""Who takes the steps that no person takes."""
_FOLLOWED = (CaseState.FACT_CONFIRMED, CaseState.NOTIFIED, CaseState.DISPATCHED, CaseState.SELF_RECTIFIED)
"""Where what the camera sees changes the state by itself."""
_OF_A_NEW_CASE: dict[str, Any] = {"state": CaseState.CANDIDATE, "version": 0, "squad": ""}


def open_cases(database: Database, session: Session, run_id: str, violation_ids: Sequence[str], telling: CaseTelling | None = None) -> None:
    """A case for each of these violations that was opened and has none, and what the queue knows of those that have one.

    Called in the transaction that writes the violations. ``telling`` says whom to tell of what follows from what the camera sees.
    """
    writer = StepWriter(database, session, telling)
    for start in range(0, len(violation_ids), _MOST_IDS):
        values = _queue_values(session, run_id, violation_ids[start : start + _MOST_IDS])
        if not values:
            continue
        statement = database.insert(CaseRecord)
        queue = {name: statement.excluded[name] for name in values[0] if name not in {"violation_id", "run_id", *_OF_A_NEW_CASE}}
        # Where another run found the same violation first, the case is of that run, and stays as it is.
        ours = CaseRecord.__table__.c.run_id == run_id
        before = _confirmed_and_standing(session, run_id, [each["violation_id"] for each in values])
        session.connection().execute(statement.on_conflict_do_update(index_elements=["violation_id"], set_=queue, where=ours), values)
        for each in values:
            stood = before.get(each["violation_id"], each["standing"])
            if stood != each["standing"]:
                _follow(writer, each["violation_id"], cleared=stood)


def _confirmed_and_standing(session: Session, run_id: str, violation_ids: Sequence[str]) -> dict[str, bool]:
    """Whether these violations stood as far as their cases know, of those whose facts were confirmed and that wait for the end."""
    asked = (CaseRecord.violation_id.in_(violation_ids), CaseRecord.run_id == run_id, CaseRecord.state.in_(_FOLLOWED))
    found = session.execute(select(CaseRecord.violation_id, CaseRecord.standing).where(*asked))
    return {violation_id: standing for violation_id, standing in found}


def _follow(writer: StepWriter, violation_id: str, *, cleared: bool) -> None:
    """The camera has seen the ground clear, which is how most cases end, or the same thing stands there again: nobody need act."""
    record = locked(writer.session, violation_id)
    detail = case_detail(writer.session, violation_id)
    action = Action.RECTIFY if cleared else Action.RETURN
    if CaseRole.SYSTEM not in roles_for(detail.case, action):
        return
    found, last_at = detail.detail.violation, detail.case.steps[-1].at
    at = max((found.cleared_at if cleared else found.last_seen_at) or last_at, last_at)
    step = Step(action, PRODUCT, CaseRole.SYSTEM, at, note="" if cleared else "seen standing again")
    writer.write(record, detail, step, take(detail.case, step, Facts(seen_clear=cleared), CasePolicy()), "")


def _queue_values(session: Session, run_id: str, violation_ids: Sequence[str]) -> list[dict[str, Any]]:
    streets = (
        select(ViolationShopRecord.violation_id, func.min(TenancyRecord.street).label("street"))
        .join(TenancyRecord, TenancyRecord.tenancy_id == ViolationShopRecord.tenancy_id)
        .where(ViolationShopRecord.run_id == run_id, TenancyRecord.street != "")
        .group_by(ViolationShopRecord.violation_id)
        .subquery()
    )
    query = (
        select(ViolationRecord, func.coalesce(streets.c.street, SourceRecord.camera_street))
        .join(SourceRecord, SourceRecord.source_id == ViolationRecord.source_id)
        .outerjoin(streets, streets.c.violation_id == ViolationRecord.violation_id)
        .where(ViolationRecord.run_id == run_id, ViolationRecord.violation_id.in_(violation_ids))
        .where(ViolationRecord.confirmed_media_s.is_not(None))
    )
    return [
        {
            "violation_id": record.violation_id,
            "run_id": run_id,
            **_OF_A_NEW_CASE,
            "kind": record.kind,
            "camera_id": record.camera_id,
            "street": street,
            "listed_at": record.first_seen_at or UNKNOWN_EPOCH,
            "dwell_s": record.dwell_s,
            "standing": record.cleared_media_s is None,
            "ambiguous": len(record.shop_codes) > 1,
            "gaps": record.gap_s > 0,
            "complete": record.complete,
        }
        for record, street in session.execute(query)
    ]
