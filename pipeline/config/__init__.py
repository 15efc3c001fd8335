"""Every setting with its unit, range and default: frozen, unknown keys refused. Each stage gets its own class and nothing else."""

from pipeline.config.cameras import (
    CameraSettings,
    GatewaySettings,
    LiveSettings,
    LookSettings,
    MediaKind,
    PatrolMode,
    PatrolSettings,
    StreamSettings,
    Transport,
)
from pipeline.config.doorline import DoorlineSettings
from pipeline.config.eyes import GuardSettings, StaticObjectSettings, YoloSettings
from pipeline.config.fields import AwareDatetime, Seconds, Settings, Share, TimeOfDay, TimeZoneName
from pipeline.config.notify import CASE_EVENTS, MessageTemplate, NotifyEvent, NotifySettings, ReceiverSettings, WebAddress
from pipeline.config.results import EvidenceSettings, RecordSettings
from pipeline.config.review import DeviceFileSettings, Language, OidcSettings, ReviewSettings
from pipeline.config.rules import ContactSettings, DwellOverride, DwellSettings, RuleSettings, StallSettings, Suspension

__all__ = [
    "CASE_EVENTS",
    "AwareDatetime",
    "CameraSettings",
    "ContactSettings",
    "DeviceFileSettings",
    "DoorlineSettings",
    "DwellOverride",
    "DwellSettings",
    "EvidenceSettings",
    "GatewaySettings",
    "GuardSettings",
    "Language",
    "LiveSettings",
    "LookSettings",
    "MediaKind",
    "MessageTemplate",
    "NotifyEvent",
    "NotifySettings",
    "OidcSettings",
    "PatrolMode",
    "PatrolSettings",
    "ReceiverSettings",
    "RecordSettings",
    "ReviewSettings",
    "RuleSettings",
    "Seconds",
    "Settings",
    "Share",
    "StallSettings",
    "StaticObjectSettings",
    "StreamSettings",
    "Suspension",
    "TimeOfDay",
    "TimeZoneName",
    "Transport",
    "WebAddress",
    "YoloSettings",
]
