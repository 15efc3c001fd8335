"""An event -> the messages that tell of it, one for each receiver that wants it. Pure: no clock, no database, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.config import NotifyEvent, ReceiverSettings
from pipeline.json_values import time_to_text
from pipeline.notifying.events import CameraEvent, CaseEvent, Facts, Scene
from pipeline.notifying.templates import body_of
from pipeline.records import OutgoingMessage, keys_of, subject_of
from pipeline.shops import Tenancy
from pipeline.types import ViolationEvent


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
    known = [tenants[code] for code in violation.target.shop_codes if code in tenants]
    streets, squads = {tenancy.street for tenancy in known} - {""}, {tenancy.squad for tenancy in known}
    wanted = (
        receiver
        for receiver in receivers
        if receiver.is_told_of(told)
        and (not receiver.kinds or violation.kind in receiver.kinds)
        and _is_of_its_streets(receiver, streets or {scene.camera.street})
        and _is_of_its_squads(receiver, squads)
    )
    return tuple(
        message_of(receiver, Facts(message_id(receiver.name, key), told, event.at, scene, violation, tenants), key, subject, now)
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
        message_of(receiver, Facts(message_id(receiver.name, key), event.event, event.at, scene, trouble=event), key, subject, now)
        for receiver in wanted
    )


def case_messages(
    receivers: Iterable[ReceiverSettings],
    scene: Scene,
    event: CaseEvent,
    now: datetime,
    *,
    due_at: datetime | None = None,
    told: Collection[str] | None = None,
) -> tuple[OutgoingMessage, ...]:
    """The messages that tell of one step of a case, or of a deadline. The key is the case, the number of the step and the event.

    Args:
        receivers: all receivers of the settings; each is asked whether it wants this event.
        scene: where it happened.
        event: the step.
        now: time of telling, aware.
        due_at: they are not sent before (None: at once).
        told: names of those who were told of what this takes back: nobody else is told, and they are told that it is withdrawn whatever
            they want. None: it takes nothing back.
    """
    key = keys_of(event.violation_id, event.number) + event.event.value
    heard = [receiver for receiver in receivers if told is None or receiver.name in told]
    ends = told is not None and event.event is NotifyEvent.CASE_WITHDRAWN
    wanted = (receiver for receiver in heard if ends or _wants(receiver, event))
    subject = subject_of(event.violation_id)
    made = (
        message_of(receiver, Facts(message_id(receiver.name, key), event.event, event.at, scene, case=event), key, subject, now)
        for receiver in wanted
    )
    return tuple(replace(message, due_at=due_at) for message in made)


def message_id(receiver: str, event_key: str) -> str:
    """32 hex digits, the same for the same receiver and event."""
    return hashlib.sha256(f"{receiver}\n{event_key}".encode()).hexdigest()[:32]


def message_of(receiver: ReceiverSettings, facts: Facts, key: str, subject: str, now: datetime) -> OutgoingMessage:
    """One message of these facts."""
    return OutgoingMessage(
        message_id=facts.message_id,
        receiver=receiver.name,
        event=facts.event,
        event_key=key,
        subject=subject,
        body=body_of(receiver, facts),
        created_at=now,
    )


def _wants(receiver: ReceiverSettings, event: CaseEvent) -> bool:
    return (
        receiver.is_told_of(event.event)
        and (not receiver.kinds or event.kind in receiver.kinds)
        and _is_of_its_streets(receiver, {event.street})
        and _is_of_its_squads(receiver, {event.squad})
        and (not receiver.to_contact or (event.for_owner and len(event.shops) == 1))
    )


def _is_of_its_streets(receiver: ReceiverSettings, streets: set[str]) -> bool:
    return not receiver.streets or not streets.isdisjoint(receiver.streets)


def _is_of_its_squads(receiver: ReceiverSettings, squads: set[str]) -> bool:
    return not receiver.squads or not squads.isdisjoint(receiver.squads)
