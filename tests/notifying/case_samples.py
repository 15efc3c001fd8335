"""Cases that people decide, and receivers that are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Facts, Step
from pipeline.config import DoorlineSettings, NotifyEvent, ReceiverSettings
from pipeline.notifying import CaseEvent, case_telling
from pipeline.records import CaseDetail, OutboxRow, Records
from pipeline.types import TargetKind, ViolationKind
from tests.records.samples import CAMERA, NOODLES, SHOPS, START, entry, furnish, violation

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=24)
EVERY_STEP = ("case_notified", "case_dispatched", "case_overdue", "case_rectified")
POLICY = CasePolicy()
NOTIFIED = CaseEvent(
    event=NotifyEvent.CASE_NOTIFIED,
    at=NOW,
    number=2,
    violation_id="v-0a1b2c",
    state=CaseState.NOTIFIED,
    kind=ViolationKind.BEYOND_SHOPFRONT,
    target=TargetKind.SHOP,
    shops=(("BS-0001", "面馆"),),
    place="鲜果行门前",
    street="样谊路",
    squad="",
    deadline=DEADLINE,
    first_seen_at=START,
    for_owner=True,
    url="https://doorline.example/cases/v-0a1b2c",
)
DISPATCHED = replace(NOTIFIED, event=NotifyEvent.CASE_DISPATCHED, number=3, state=CaseState.DISPATCHED, squad="一中队", for_owner=False)


def receiver(name: str = "district", **changes: Any) -> ReceiverSettings:
    """One that is told of every step, unless said otherwise."""
    return ReceiverSettings(**{"name": name, "url": "https://host.example/hook", "events": EVERY_STEP, **changes})


def to_shops(name: str = "shops", **changes: Any) -> ReceiverSettings:
    """One that writes to the shops themselves."""
    events = ("case_notified", "case_overdue", "case_rectified")
    return receiver(name, template="sms", to_contact=True, events=events, **changes)


def settings(*receivers: ReceiverSettings, **more: Any) -> DoorlineSettings:
    """A configuration with the camera of the samples and these receivers."""
    camera = {"id": CAMERA.id, "name": CAMERA.name, "place": CAMERA.place, "street": CAMERA.street, "zones": "cam01.geojson"}
    values = {"cameras": [camera], "shops": "shops.csv", "notify": {"receivers": [each.model_dump() for each in receivers]}, **more}
    return DoorlineSettings.model_validate(values)


def tell(records: Records, *receivers: ReceiverSettings, now: Callable[[], datetime] = lambda: NOW, **more: Any) -> None:
    """From now on, these are told of the cases of these records."""
    records.tell_of_cases(case_telling(settings(*receivers, **more), lambda: SHOPS, now))


def open_case(records: Records, name: str = "v-1", *, cleared: bool = False, source: int | None = None) -> None:
    """A candidate; the first one makes the run."""
    source = furnish(records) if source is None else source
    records.save_violation("run-1", source, entry(violation(name, cleared=cleared), tenants=(NOODLES,)))


def facts_of(detail: CaseDetail) -> Facts:
    found = detail.detail.violation
    return Facts(found.shop_codes, evidence_complete=True, seen_clear=not found.open, day=date(2024, 1, 31))


def take(records: Records, action: Action, name: str = "v-1", *, after_s: float = 0, version: int | None = None, **said: Any) -> CaseDetail:
    """Somebody takes a step, so many seconds after NOW; ``by`` ren, as a reviewer, unless said otherwise."""
    by, role = said.pop("by", "ren"), said.pop("role", CaseRole.REVIEWER)
    step = Step(action, by, role, NOW + timedelta(seconds=after_s), **said)
    seen = records.cases.case(name).row.version if version is None else version
    return records.cases.take_step(name, step, seen, facts_of, POLICY)


def notify(records: Records, name: str = "v-1", *, after_s: float = 0) -> None:
    """The facts are confirmed, and the shop has until DEADLINE."""
    take(records, Action.CONFIRM, name, after_s=after_s)
    take(records, Action.NOTIFY, name, after_s=after_s, deadline=DEADLINE)


def dispatch(records: Records, name: str = "v-1", *, after_s: float = 0, squad: str = "一中队") -> None:
    """A squad is sent, and has until DEADLINE."""
    take(records, Action.DISPATCH, name, after_s=after_s, squad=squad, deadline=DEADLINE)


def waiting(records: Records) -> dict[str, int]:
    """Receiver -> messages that wait, of those for whom any do."""
    return {row.receiver: row.waiting for row in records.list_outbox() if row.waiting}


def outbox(records: Records, name: str = "district") -> OutboxRow:
    """What the outbox holds for one receiver."""
    return next(row for row in records.list_outbox() if row.receiver == name)


def sent(records: Records, name: str = "district", *, after_s: float) -> list[tuple[str, str]]:
    """(event, body) of what is due so many seconds after NOW, as if the receiver took it."""
    found = []
    now = NOW + timedelta(seconds=after_s)
    while (message := records.claim_message(name, now, now + timedelta(seconds=90))) is not None:
        records.mark_sent(message, now, 200)
        found.append((message.event.value, message.body))
    return found
