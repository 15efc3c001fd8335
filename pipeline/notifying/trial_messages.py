"""Made-up messages, each marked as a test: they never go into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.cases import CaseState
from pipeline.config import CASE_EVENTS, CameraSettings, MessageTemplate, NotifyEvent, ReceiverSettings
from pipeline.json_values import time_to_text
from pipeline.notifying.events import CameraEvent, CaseEvent, Facts, Scene
from pipeline.notifying.messages import message_id, message_of
from pipeline.records import OutgoingMessage
from pipeline.shops import Tenancy
from pipeline.types import BoundingBox, GapReason, Target, TargetKind, Violation, ViolationKind

_CAMERA = CameraSettings(id="test-camera", name="测试摄像机", place="测试路 1 号", street="测试街道", zones=Path())
_SHOP = Tenancy("TEST-0001", "测试商户", "", "测试街道", "测试中队", "", "", "", None, None)
_PLACE = "测试门前"
_STATES = {NotifyEvent.CASE_DISPATCHED: CaseState.DISPATCHED, NotifyEvent.CASE_RECTIFIED: CaseState.SELF_RECTIFIED}
_WITH_DEADLINE = frozenset({NotifyEvent.CASE_NOTIFIED, NotifyEvent.CASE_DISPATCHED})
_OF_CAMERAS = frozenset({NotifyEvent.CAMERA_TROUBLE, NotifyEvent.CAMERA_WELL})


@dataclass(frozen=True, slots=True)
class TrialWish:
    """What to try: ``every_event`` that a receiver is told of, or these ``events``; else ``opened``, or the first that it is told of.

    ``phones`` are where an SMS goes instead of to the shop that it is about.
    """

    events: tuple[NotifyEvent, ...] = ()
    every_event: bool = False
    phones: tuple[str, ...] = ()

    def reaches_somebody(self, receiver: ReceiverSettings) -> bool:
        """Whether a test of this receiver has anywhere to go: it never goes to a shop."""
        return bool(not receiver.to_contact or receiver.phones or self.phones)


def trial_message(
    receiver: ReceiverSettings, timezone: ZoneInfo, now: datetime, event: NotifyEvent = NotifyEvent.OPENED, phones: Sequence[str] = ()
) -> OutgoingMessage:
    """A made-up message.

    Args:
        receiver: whom it is for.
        timezone: of its times.
        now: when it is sent.
        event: what it tells of.
        phones: where an SMS goes instead of to the shop that it is about.
    """
    key = f"test/{event.value}/{time_to_text(now)}"
    scene = Scene(_CAMERA, timezone, "test-run")
    facts = Facts(message_id(receiver.name, key), event, now, scene, test=True, **_about(event, now))
    if receiver.template is MessageTemplate.SMS:
        receiver = receiver.model_copy(update={"phones": (*receiver.phones, *phones)})
    return message_of(receiver, facts, key, "test", now)


def trial_messages(receiver: ReceiverSettings, timezone: ZoneInfo, now: datetime, wish: TrialWish) -> tuple[OutgoingMessage, ...]:
    """The made-up messages that somebody wants a receiver to get."""
    told = tuple(event for event in NotifyEvent if receiver.is_told_of(event))
    usual = NotifyEvent.OPENED if NotifyEvent.OPENED in told else told[0]
    events = told if wish.every_event else wish.events or (usual,)
    return tuple(trial_message(receiver, timezone, now, event, wish.phones) for event in events)


def _about(event: NotifyEvent, now: datetime) -> dict[str, Any]:
    """What the facts of that event hold."""
    if event in _OF_CAMERAS:
        return {"trouble": CameraEvent(event, now, now - timedelta(minutes=5), GapReason.NO_FRAME.value, "test")}
    if event in CASE_EVENTS:
        return {"case": _case(event, now)}
    return {"violation": _violation(now), "tenants": {_SHOP.code: _SHOP}}


def _case(event: NotifyEvent, now: datetime) -> CaseEvent:
    return CaseEvent(
        event=event,
        at=now,
        number=2,
        violation_id=f"test-{now:%Y%m%d%H%M%S}",
        state=_STATES.get(event, CaseState.NOTIFIED),
        kind=ViolationKind.BEYOND_SHOPFRONT,
        target=TargetKind.SHOP,
        shops=((_SHOP.code, _SHOP.name),),
        place=_PLACE,
        street=_SHOP.street,
        squad=_SHOP.squad if event is NotifyEvent.CASE_DISPATCHED else "",
        deadline=now if event is NotifyEvent.CASE_OVERDUE else now + timedelta(hours=24) if event in _WITH_DEADLINE else None,
        first_seen_at=now - timedelta(minutes=10),
        for_owner=event is not NotifyEvent.CASE_DISPATCHED,
    )


def _violation(now: datetime) -> Violation:
    box = BoundingBox(0.4, 0.5, 0.6, 0.8)
    return Violation(
        violation_id=f"test-{now:%Y%m%d%H%M%S}",
        kind=ViolationKind.BEYOND_SHOPFRONT,
        camera_id=_CAMERA.id,
        target=Target(TargetKind.SHOP, (_SHOP.code,), _PLACE),
        labels=("crate",),
        box=box,
        things=(box,),
        first_seen_at=now - timedelta(minutes=10),
        warned_at=now - timedelta(minutes=5),
        confirmed_at=now,
        last_seen_at=now,
        cleared_at=None,
        dwell_s=600.0,
        gap_s=0.0,
        present_looks=300,
        observed_looks=300,
        hidden_looks=0,
        peak_things=1,
        peak_at=now,
        zone_version="test",
        rule_version="test",
    )
