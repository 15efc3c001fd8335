"""From whoever judges to the outbox: quick to call, and nothing is forgotten while the database is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from pipeline.config import ReceiverSettings
from pipeline.errors import RecordError
from pipeline.notifying.events import CameraEvent, Scene
from pipeline.notifying.messages import camera_messages, violation_messages
from pipeline.records import OutgoingMessage, Records
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import ViolationEvent

_LOG = logging.getLogger(__name__)


class Teller:
    """Makes messages of events and puts them into the outbox when asked to. May be used from several threads.

    What was told but not flushed is lost when the process dies: who goes on from a log tells the events of its tail
    again, and the outbox takes only those that it does not know.
    """

    def __init__(self, records: Records, receivers: Sequence[ReceiverSettings], shops: ShopRegistry, now: Callable[[], datetime]) -> None:
        """Nothing is told yet.

        Args:
            records: where the outbox is.
            receivers: those of the settings.
            shops: who holds which shop.
            now: the clock, aware.
        """
        self._records = records
        self._receivers = tuple(receivers)
        self._shops = shops
        self._now = now
        self._lock = threading.Lock()
        self._told: list[OutgoingMessage] = []
        self._failing = False

    def violation(self, scene: Scene, event: ViolationEvent) -> None:
        """Tell of a step of a violation. Touches no database."""
        self._add(violation_messages(self._receivers, scene, event, self._tenants(scene, event), self._now()))

    def camera(self, scene: Scene, event: CameraEvent) -> None:
        """Tell of a camera in trouble, or well again. Touches no database."""
        self._add(camera_messages(self._receivers, scene, event, self._now()))

    @property
    def waiting(self) -> int:
        """Messages that are not in the outbox yet."""
        with self._lock:
            return len(self._told)

    def flush(self) -> bool:
        """Put all that was told into the outbox, in one transaction; True if nothing is left to put there.

        False: the records failed, which is logged once; call it again later. Not for the thread that judges: a
        locked database may keep it waiting. One flush at a time.
        """
        with self._lock:
            told = tuple(self._told)
        if not told:
            return True
        try:
            self._records.enqueue(told)
        except RecordError as err:
            if not self._failing:
                _LOG.error("messages wait for the outbox: %s", err)
            self._failing = True
            return False
        self._failing = False
        with self._lock:
            del self._told[: len(told)]
            return not self._told

    def _add(self, messages: Sequence[OutgoingMessage]) -> None:
        with self._lock:
            self._told.extend(messages)

    def _tenants(self, scene: Scene, event: ViolationEvent) -> dict[str, Tenancy]:
        """Who held the shops on the local day of first sight, as far as it is known."""
        violation = event.violation
        day = violation.first_seen_at.astimezone(scene.timezone).date() if scene.clock_known else None
        found = {code: self._shops.tenant_on(code, day) for code in violation.target.shop_codes}
        return {code: tenancy for code, tenancy in found.items() if tenancy is not None}
