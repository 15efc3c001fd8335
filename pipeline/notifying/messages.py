"""An event -> the messages that tell of it, one for each receiver that wants it. Pure: no clock, no database, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings, NotifyEvent, ReceiverSettings
from pipeline.json_values import time_to_text
from pipeline.notifying.events import CameraEvent, Facts, Scene
from pipeline.notifying.templates import body_of
from pipeline.records import OutgoingMessage
from pipeline.shops import Tenancy
from pipeline.types import BoundingBox, Target, TargetKind, Violation, ViolationEvent, ViolationKind


def violation_messages(
    receivers: Iterable[ReceiverSettings],
    scene: Scene,
    event: ViolationEvent,
    tenants: Mapping[str, Tenancy],
    now: datetime,
) -> tuple[OutgoingMessage, ...]:
    """The messages that tell of one step of a violation.

    The key of an event is the violation, the phase and the time of the look that caused it, not the run: the same
    street judged again by the same rules tells nobody the same thing twice.

    Args:
        receivers: all receivers of the settings; each is asked whether it wants this event.
        scene: where it happened.
        event: the step.
        tenants: shop code -> tenancy in force at first sight, as far as known.
        now: time of telling, aware.
    """
    violation, told = event.violation, NotifyEvent(event.phase.value)
    subject = f"violation/{violation.violation_id}"
    key = f"{subject}/{told.value}/{time_to_text(event.at)}"
    streets = {tenants[code].street for code in violation.target.shop_codes if code in tenants and tenants[code].street}
    wanted = (
        receiver
        for receiver in receivers
        if receiver.is_told_of(told)
        and (not receiver.kinds or violation.kind in receiver.kinds)
        and _is_of_its_streets(receiver, streets or {scene.camera.street})
    )
    return tuple(
        _message(receiver, Facts(message_id(receiver.name, key), told, event.at, scene, violation, tenants), key, subject, now)
        for receiver in wanted
    )


def camera_messages(receivers: Iterable[ReceiverSettings], scene: Scene, event: CameraEvent, now: datetime) -> tuple[OutgoingMessage, ...]:
    """The messages that tell of a camera in trouble, or well again. The key is the camera, the event and its ``at``."""
    subject = f"camera/{scene.camera.id}"
    key = f"{subject}/{event.event.value}/{time_to_text(event.at)}"
    wanted = (
        receiver for receiver in receivers if receiver.is_told_of(event.event) and _is_of_its_streets(receiver, {scene.camera.street})
    )
    return tuple(
        _message(receiver, Facts(message_id(receiver.name, key), event.event, event.at, scene, trouble=event), key, subject, now)
        for receiver in wanted
    )


def trial_message(receiver: ReceiverSettings, timezone: ZoneInfo, now: datetime) -> OutgoingMessage:
    """A made-up violation, marked as a test in every template. It never goes into the outbox."""
    key = f"test/{time_to_text(now)}"
    facts = Facts(
        message_id=message_id(receiver.name, key),
        event=NotifyEvent.OPENED,
        at=now,
        scene=Scene(
            CameraSettings(id="test-camera", name="测试摄像机", place="测试路 1 号", street="测试街道", zones=Path()),
            timezone,
            "test-run",
        ),
        violation=_made_up(now),
        tenants={"TEST-0001": Tenancy("TEST-0001", "测试商户", "", "测试街道", "", "", "", "", None, None)},
        test=True,
    )
    return _message(receiver, facts, key, "test", now)


def message_id(receiver: str, event_key: str) -> str:
    """32 hex digits, the same for the same receiver and event."""
    return hashlib.sha256(f"{receiver}\n{event_key}".encode()).hexdigest()[:32]


def _is_of_its_streets(receiver: ReceiverSettings, streets: set[str]) -> bool:
    return not receiver.streets or not streets.isdisjoint(receiver.streets)


def _message(receiver: ReceiverSettings, facts: Facts, key: str, subject: str, now: datetime) -> OutgoingMessage:
    return OutgoingMessage(
        message_id=facts.message_id,
        receiver=receiver.name,
        event=facts.event,
        event_key=key,
        subject=subject,
        body=body_of(receiver, facts),
        created_at=now,
    )


def _made_up(now: datetime) -> Violation:
    box = BoundingBox(0.4, 0.5, 0.6, 0.8)
    return Violation(
        violation_id=f"test-{now:%Y%m%d%H%M%S}",
        kind=ViolationKind.BEYOND_SHOPFRONT,
        camera_id="test-camera",
        target=Target(TargetKind.SHOP, ("TEST-0001",), "测试门前"),
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
