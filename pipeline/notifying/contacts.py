"""Numbers of shops, looked up when a message is sent: no row of the outbox holds one."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pipeline.config import NotifyEvent, ReceiverSettings
from pipeline.errors import FaultsError
from pipeline.notifying.sender import Attempt, Outcome, Sendable
from pipeline.notifying.templates import PHONES_OF_SMS, SHOP_OF_SMS, body_text
from pipeline.shops import ShopRegistry, load_shops, number_for_texts

Send: TypeAlias = Callable[[ReceiverSettings, Sendable, datetime], Attempt]
"""As ``pipeline.notifying.sender.send``."""

_Mark: TypeAlias = tuple[Path, int, int, int]
_LOG = logging.getLogger(__name__)


class Contacts:
    """Sends to shops: with their number in place of none. May be used from several threads."""

    def __init__(self, shops: Callable[[], Path | None], timezone: ZoneInfo) -> None:
        """Nothing is read yet.

        Args:
            shops: where the shop list lies; None: nowhere.
            timezone: tells which day it is.
        """
        self._shops = shops
        self._timezone = timezone
        self._lock = threading.Lock()
        self._mark: _Mark | None = None
        self._registry: ShopRegistry | None = None

    def sending(self, send: Send) -> Send:
        """``send``, but what is to go to a shop goes to the number that the list holds now. Where there is none, it has failed."""

        def send_on(receiver: ReceiverSettings, message: Sendable, at: datetime) -> Attempt:
            if not receiver.to_contact:
                return send(receiver, message, at)
            registry = self._current()
            if registry is None:
                return Attempt(Outcome.TRY_AGAIN, None, "the shop list can't be read")
            found = _addressed(message, registry, at.astimezone(self._timezone))
            return found if isinstance(found, Attempt) else send(receiver, found, at)

        return send_on

    def _current(self) -> ShopRegistry | None:
        """The list as it lies there; one that is broken or gone does not take the place of one that was good."""
        path = self._shops()
        if path is None:
            return None
        with self._lock:
            try:
                found = path.stat()
                mark = (path, found.st_ino, found.st_size, found.st_mtime_ns)
                if mark != self._mark:
                    self._registry, self._mark = load_shops(path), mark
            except (OSError, FaultsError) as err:
                _LOG.error("numbers of shops: %s: %s", path, err)
            return self._registry


@dataclass(frozen=True, slots=True)
class _Addressed:
    """A message with the number that it goes to. Never kept."""

    message_id: str
    event: NotifyEvent
    body: str


def _addressed(message: Sendable, registry: ShopRegistry, now: datetime) -> _Addressed | Attempt:
    body = json.loads(message.body)
    code, name = body[SHOP_OF_SMS]["code"], body[SHOP_OF_SMS]["name"]
    tenant = registry.tenant_on(code, now.date())
    if tenant is None:
        return _failed(f"nobody holds shop {code} today, as far as the shop list knows")
    # Who has moved in since is not to be told of what the one before has put there.
    if tenant.name != name:
        return _failed(f"shop {code} has another tenant by now" if name else f"who held shop {code} at that time is not known")
    number = number_for_texts(tenant.contact)
    if not number:
        return _failed(f"shop {code} has no number in the shop list")
    return _Addressed(message.message_id, message.event, body_text(body | {PHONES_OF_SMS: [*body[PHONES_OF_SMS], number]}))


def _failed(why: str) -> Attempt:
    return Attempt(Outcome.REFUSED, None, why)
