"""Made-up messages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings, NotifyEvent
from pipeline.notifying import CameraEvent, Scene
from pipeline.notifying.messages import message_id
from pipeline.records import OutgoingMessage
from pipeline.types import GapReason, Phase, ViolationEvent
from tests.records.samples import CAMERA, START, violation

NOW = datetime(2024, 1, 31, 1, 52, 40, tzinfo=UTC)
SCENE = Scene(CAMERA, ZoneInfo("Asia/Shanghai"), "run-1")
OPENED = ViolationEvent(Phase.OPENED, START.replace(minute=52), violation())
FROZEN = CameraEvent(NotifyEvent.CAMERA_TROUBLE, NOW, START, GapReason.FROZEN.value, "no new picture for 60 s")


def message(number: int, *, receiver: str = "district", subject: str | None = None) -> OutgoingMessage:
    """The message of that number, of a violation of its own unless a subject is given."""
    subject = subject or f"violation/v-{number}"
    key = f"{subject}/opened/{number}"
    return OutgoingMessage(message_id(receiver, key), receiver, NotifyEvent.OPENED, key, subject, f'{{"门":{number}}}', NOW)


def ids(*numbers: int, receiver: str = "district", subject: str | None = None) -> list[str]:
    """Message ids of ``message`` of these numbers."""
    return [message(number, receiver=receiver, subject=subject).message_id for number in numbers]


def camera(street: str) -> CameraSettings:
    """The camera of the samples in another street."""
    return CameraSettings(id="cam02", street=street, zones=Path("cam02.geojson"))
