"""Telling others: what happened -> messages in the outbox -> signed posts to receivers (docs/notifications.md)."""

from pipeline.notifying.camera_health import CameraHealth
from pipeline.notifying.delivery import Delivery
from pipeline.notifying.events import CameraEvent, Scene
from pipeline.notifying.messages import camera_messages, violation_messages
from pipeline.notifying.sender import Attempt, Outcome
from pipeline.notifying.signing import sign, verify
from pipeline.notifying.teller import Teller
from pipeline.notifying.trial import Trial, try_receivers

__all__ = [
    "Attempt",
    "CameraEvent",
    "CameraHealth",
    "Delivery",
    "Outcome",
    "Scene",
    "Teller",
    "Trial",
    "camera_messages",
    "sign",
    "try_receivers",
    "verify",
    "violation_messages",
]
