"""Steps of cases, and deadlines that have passed -> the messages that tell of them. Nothing of who decided goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pipeline.cases import UNDO_WITHIN, Action, Case, CaseRole, CaseState
from pipeline.config import CameraSettings, DoorlineSettings, NotifyEvent
from pipeline.notifying.events import CaseEvent, Scene
from pipeline.notifying.messages import case_messages
from pipeline.records import CaseRow, CaseTelling, OutgoingMessage, PassedDeadline, TakenStep
from pipeline.shops import ShopRegistry
from pipeline.types import TargetKind

_ASK = {Action.NOTIFY: NotifyEvent.CASE_NOTIFIED, Action.DISPATCH: NotifyEvent.CASE_DISPATCHED}
"""Steps that ask somebody outside the console for something."""
_ASKED = {CaseState.NOTIFIED: NotifyEvent.CASE_NOTIFIED, CaseState.DISPATCHED: NotifyEvent.CASE_DISPATCHED}
_END = frozenset({Action.EXEMPT, Action.VOID})
AFTER_UNDO = UNDO_WITHIN + timedelta(seconds=30)
"""When what somebody has decided is told: they can't take it back any more then, even if clocks differ and the database is busy."""


def case_telling(settings: DoorlineSettings, shops: Callable[[], ShopRegistry | None], now: Callable[[], datetime]) -> CaseTelling:
    """What the receivers of a configuration are told of cases: for ``Records.tell_of_cases``.

    Args:
        settings: receivers, cameras, time zone, and where the console is.
        shops: the shop list in force, None where there is none.
        now: the clock, aware.
    """
    teller = _CaseTeller(settings, shops, now)
    return CaseTelling(tuple(each.name for each in settings.notify.receivers), teller.of_step, teller.of_deadline)


@dataclass(frozen=True, slots=True)
class _CaseTeller:
    settings: DoorlineSettings
    shops: Callable[[], ShopRegistry | None]
    now: Callable[[], datetime]

    def of_step(self, taken: TakenStep) -> tuple[OutgoingMessage, ...]:
        """What is told of a step; nothing of most."""
        event, step, row = _event_of(taken), taken.step, taken.case.row
        if event is None:
            return ()
        for_owner = event is not NotifyEvent.CASE_DISPATCHED and Action.NOTIFY in {*_asked_for(taken.case.case), _undone(taken)}
        made = self._event(row, event, step.at, taken.number, for_owner)
        # Nobody takes back what the product did, or an undoing.
        due_at = None if step.role is CaseRole.SYSTEM or step.action is Action.UNDO else step.at + AFTER_UNDO
        told = taken.told if step.action in {*_END, Action.UNDO} else None
        return case_messages(self.settings.notify.receivers, self._scene(row), made, self.now(), due_at=due_at, told=told)

    def of_deadline(self, passed: PassedDeadline) -> tuple[OutgoingMessage, ...]:
        """What is told of a deadline that has passed."""
        row = passed.case
        at = row.deadline or self.now()
        made = self._event(row, NotifyEvent.CASE_OVERDUE, at, passed.number, row.state is CaseState.NOTIFIED)
        return case_messages(self.settings.notify.receivers, self._scene(row), made, self.now())

    def _event(self, row: CaseRow, event: NotifyEvent, at: datetime, number: int, for_owner: bool) -> CaseEvent:
        found, public = row.violation, self.settings.review.public_url.rstrip("/")
        shops = tuple((code, self._name(row, code)) for code in found.shop_codes if row.shop_code in {None, code})
        return CaseEvent(
            event=event,
            at=at,
            number=number,
            violation_id=row.violation_id,
            state=row.state,
            kind=found.kind,
            target=TargetKind.SHOP if row.shop_code else found.target,
            shops=shops,
            place=found.place,
            street=row.street,
            squad=row.squad,
            deadline=row.deadline,
            first_seen_at=found.first_seen_at,
            for_owner=for_owner,
            url=f"{public}/cases/{quote(row.violation_id)}" if public else "",
        )

    def _name(self, row: CaseRow, code: str) -> str:
        """Who held the shop at first sight: as was known then, else as is known now."""
        found, registry = row.violation, self.shops()
        known = dict(zip(found.shop_codes, found.shop_names, strict=True)).get(code, "")
        if known or registry is None:
            return known
        day = None if found.first_seen_at is None else found.first_seen_at.astimezone(self._zone).date()
        tenant = registry.tenant_on(code, day)
        return "" if tenant is None else tenant.name

    def _scene(self, row: CaseRow) -> Scene:
        """The camera as the configuration has it, else as it was then."""
        found = row.violation
        then = CameraSettings(
            id=found.camera_id, name=found.camera_name, place=found.camera_place, street=found.camera_street, zones=Path()
        )
        camera = next((each for each in self.settings.cameras if each.id == found.camera_id), then)
        return Scene(camera, self._zone, found.run_id)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.looks.timezone)


def _event_of(taken: TakenStep) -> NotifyEvent | None:
    """What is told of a step; None: nothing."""
    action, undone = taken.step.action, taken.undone
    if undone is not None:
        if not taken.told:
            return None
        # What was asked for is not wanted any more; or it is again, and those who were told otherwise are asked once more.
        return NotifyEvent.CASE_WITHDRAWN if undone.action in _ASK else _ASKED.get(taken.case.row.state)
    asked = _asked_for(taken.case.case)
    if action is Action.RECTIFY and asked:
        return NotifyEvent.CASE_RECTIFIED
    if action in _END and asked and taken.told:
        return NotifyEvent.CASE_WITHDRAWN
    return _ASK.get(action)


def _asked_for(case: Case) -> frozenset[Action]:
    """What was asked of anybody outside the console since the case began, or began anew."""
    asked: set[Action] = set()
    for step in case.steps:
        if step.action is Action.REOPEN:
            asked.clear()
        elif step.action in _ASK:
            asked.add(step.action)
    return frozenset(asked)


def _undone(taken: TakenStep) -> Action | None:
    return taken.undone.action if taken.undone else None
