"""Telling others: what happened -> messages in the outbox -> signed posts to receivers (docs/notifications.md)."""

from pipeline.notifying.camera_health import CameraHealth
from pipeline.notifying.case_telling import AFTER_UNDO, case_telling
from pipeline.notifying.contacts import Contacts
from pipeline.notifying.delivery import Delivery
from pipeline.notifying.events import CameraEvent, CaseEvent, Scene
from pipeline.notifying.messages import camera_messages, case_messages, violation_messages
from pipeline.notifying.sender import Attempt, Outcome
from pipeline.notifying.signing import sign, verify
from pipeline.notifying.teller import Teller
from pipeline.notifying.trial import Trial, try_receivers
from pipeline.notifying.trial_messages import TrialWish, trial_messages

__all__ = [
    "AFTER_UNDO",
    "Attempt",
    "CameraEvent",
    "CameraHealth",
    "CaseEvent",
    "Contacts",
    "Delivery",
    "Outcome",
    "Scene",
    "Teller",
    "Trial",
    "TrialWish",
    "camera_messages",
    "case_messages",
    "case_telling",
    "sign",
    "trial_messages",
    "try_receivers",
    "verify",
    "violation_messages",
]
