"""Who is told of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from pipeline.config.fields import Settings
from pipeline.types import ViolationKind


class NotifyEvent(StrEnum):
    """What a message tells of: the phases of a violation, cameras that fail and come back, and what people have decided."""

    WARNED = "warned"
    OPENED = "opened"
    CHANGED = "changed"
    CLEARED = "cleared"
    REOPENED = "reopened"
    CAMERA_TROUBLE = "camera_trouble"
    CAMERA_WELL = "camera_well"
    CASE_NOTIFIED = "case_notified"
    CASE_DISPATCHED = "case_dispatched"
    CASE_OVERDUE = "case_overdue"
    CASE_RECTIFIED = "case_rectified"
    CASE_WITHDRAWN = "case_withdrawn"


CASE_EVENTS = frozenset(event for event in NotifyEvent if event.value.startswith("case_"))
"""Of what people have decided."""
_WHERE_NAMED = CASE_EVENTS | {NotifyEvent.CHANGED}
"""Told only to receivers that name them."""
_TO_SHOPS = CASE_EVENTS - {NotifyEvent.CASE_DISPATCHED}
"""What a shop may be told: what a person has decided, never what a program suspects."""


class MessageTemplate(StrEnum):
    """What the body of a message looks like (docs/notifications.md)."""

    DOORLINE = "doorline"
    SMS = "sms"
    YWTG = "ywtg"


def _is_web_address(url: str) -> str:
    """Refuse what no message could be posted to. The message must not quote the address: it may hold a password."""
    expected = "expected http:// or https://, a host, and no spaces or Chinese in the address (write them as %..)"
    if not re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE):
        raise ValueError(expected)
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:  # a port that is none, brackets that don't close, an impossible host
        usable = False
    if not usable:
        raise ValueError(expected)
    return url


WebAddress = Annotated[str, AfterValidator(_is_web_address)]


class ReceiverSettings(Settings):
    """One receiver of messages, and which of them it gets."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[\w.\-]+$")
    """Letters, digits, ``_``, ``-``, ``.``. The outbox knows it by this name: under a new name it is another receiver."""
    url: WebAddress = Field(repr=False)
    """Where messages are posted to: ``https://`` or ``http://``. Passwords and keys in it: ``${NAME}``."""
    secret: str = Field(default="", repr=False)
    """Key of the signature, as ``${NAME}``; left out: messages are not signed."""
    authorization: str = Field(default="", repr=False, pattern=r"^[ -~]*$")
    """Value of the ``Authorization`` header where the receiver wants one, such as ``Bearer ${NAME}``."""
    template: MessageTemplate = MessageTemplate.DOORLINE
    """What the body looks like."""
    events: tuple[NotifyEvent, ...] = ()
    """What it is told of; empty: all but ``changed`` and what begins with ``case_``. ``case_withdrawn`` comes with any other of these."""
    kinds: tuple[ViolationKind, ...] = ()
    """Violations of these kinds only; empty: all. Says nothing about cameras."""
    streets: tuple[str, ...] = ()
    """Of these streets only, by the street of the shop, or of the camera; empty: all."""
    squads: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Of these squads only: cases that were sent to them, and violations whose shop is theirs; empty: all. Says nothing about cameras."""
    phones: tuple[Annotated[str, Field(pattern=r"^\+?[0-9]{5,20}$")], ...] = ()
    """Numbers that the SMS gateway shall write to. Needed with ``sms``, unless ``to_contact``; put them in quotes."""
    to_contact: bool = False
    """With ``sms``: write to the shop that a case is about, at the number that its ``contact`` in the shop list holds by then."""
    type_codes: Mapping[ViolationKind, str] = Field(default_factory=dict)
    """For ``ywtg``: kind of violation -> code of the event type on that platform; empty: the code is left empty."""
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    """A receiver that has not answered by then has not got the message."""

    def is_told_of(self, event: NotifyEvent) -> bool:
        """Whether it gets messages of this event."""
        if event is NotifyEvent.CASE_WITHDRAWN:  # lest anybody goes on doing what is not wanted any more
            return not CASE_EVENTS.isdisjoint(self.events)
        return event in self.events if self.events else event not in _WHERE_NAMED

    @model_validator(mode="after")
    def _knows_whom_to_write_to(self) -> Self:
        if self.template is MessageTemplate.SMS and not self.phones and not self.to_contact:
            raise ValueError("the template sms needs phones, or to_contact")
        return self

    @model_validator(mode="after")
    def _tells_shops_what_people_have_decided(self) -> Self:
        if not self.to_contact:
            return self
        if self.template is not MessageTemplate.SMS:
            raise ValueError("to_contact needs the template sms")
        if not self.events or not _TO_SHOPS.issuperset(self.events):
            raise ValueError(f"to_contact needs events, among {', '.join(event for event in NotifyEvent if event in _TO_SHOPS)}")
        return self


class NotifySettings(Settings):
    """Who is told of violations and of cameras in trouble (docs/notifications.md)."""

    receivers: tuple[ReceiverSettings, ...] = ()
    """The receivers; empty: nobody is told."""
    trouble_after_s: float = Field(default=120.0, gt=0, le=86400)
    """A camera none of whose looks counted for this long is in trouble."""
    well_after_s: float = Field(default=30.0, ge=0, le=86400)
    """It is well again when all of its looks counted for this long."""
    first_retry_s: float = Field(default=10.0, gt=0, le=3600)
    """Time before a message that was not taken is sent again; doubles each time. Chance shortens each wait by up to a half."""
    longest_retry_s: float = Field(default=900.0, gt=0, le=86400)
    """Longest time between two attempts."""
    keep_trying_s: float = Field(default=86400.0, ge=0)
    """A message that was not taken for this long has failed: it is kept, and told. ``doorline notify retry`` puts it back."""

    @model_validator(mode="after")
    def _receivers_differ(self) -> Self:
        if self.first_retry_s > self.longest_retry_s:
            raise ValueError(f"first_retry_s ({self.first_retry_s:g}) is longer than longest_retry_s ({self.longest_retry_s:g})")
        names = [receiver.name for receiver in self.receivers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"receiver name used more than once: {', '.join(twice)}")
        return self
