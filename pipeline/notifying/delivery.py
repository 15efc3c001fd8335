"""Hands over what waits in the outbox: each receiver by a thread of its own, its messages one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from pipeline.config import NotifySettings, ReceiverSettings
from pipeline.errors import RecordError
from pipeline.notifying.contacts import Contacts, Send
from pipeline.notifying.sender import Attempt, Outcome, send
from pipeline.records import ClaimedMessage, Records

LONGEST_RETRY_AFTER_S = 3600.0
"""A receiver that asks for more is asked again after this."""
_LONGEST_PAUSE_S = 60.0
"""A receiver that fails again and again is tried this often, whatever waits for it."""
_LEASE_MARGIN_S = 60.0
_RECORDS_RETRY_S = 10.0
_LOG = logging.getLogger(__name__)


class Delivery:
    """Delivers to all receivers of the settings. One per process; several processes may deliver from one outbox.

    Nothing is lost: a message leaves the outbox only when its receiver has taken it, or after it has failed for good,
    which is logged as an error and stays visible. Nothing is sent twice on purpose: a process takes a message for a
    time (its lease) before it sends it. If it dies between the receiver's answer and the record of it, the message
    is sent again under the same message id when the lease has run out.
    """

    def __init__(
        self,
        records: Records,
        settings: NotifySettings,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        contacts: Contacts | None = None,
        send: Send = send,
    ) -> None:
        """Nothing is sent yet. ValueError where a receiver writes to shops and there are no ``contacts``.

        Args:
            records: where the outbox is.
            settings: the receivers, and how long to keep trying.
            now: the clock, aware.
            chance: a random number 0..1 at each call.
            contacts: the numbers of shops.
            send: makes one attempt.
        """
        if contacts is not None:
            send = contacts.sending(send)
        elif any(receiver.to_contact for receiver in settings.receivers):
            raise ValueError("a receiver writes to shops, and nobody knows their numbers")
        self._receivers = tuple(ReceiverDelivery(records, settings, each, now=now, chance=chance, send=send) for each in settings.receivers)

    def deliver_due(self) -> tuple[Attempt, ...]:
        """Send all that is due now, side by side to all receivers, and return when the last one is done. RecordError from the records."""
        if not self._receivers:
            return ()
        with ThreadPoolExecutor(len(self._receivers), "notify") as pool:
            return tuple(attempt for attempts in pool.map(ReceiverDelivery.deliver_due, self._receivers) for attempt in attempts)

    def run(self, stop: threading.Event, *, poll_s: float = 1.0) -> None:
        """Deliver until ``stop`` is set, looking into the outbox every ``poll_s``. For a thread of its own.

        Records that fail are logged and tried again. Returns at most one attempt after ``stop``: what still waits is
        sent at the next start. An error that nobody foresaw ends it, and is raised.
        """
        if not self._receivers:
            return
        broken = threading.Event()
        with ThreadPoolExecutor(len(self._receivers), "notify") as pool:
            running = [pool.submit(each.run, stop, broken, poll_s) for each in self._receivers]
            done, _ = wait(running, return_when=FIRST_EXCEPTION)
            broken.set()
        for each in done:
            each.result()


class ReceiverDelivery:
    """Delivers to one receiver. Not for several threads."""

    def __init__(
        self,
        records: Records,
        settings: NotifySettings,
        receiver: ReceiverSettings,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        send: Send,
    ) -> None:
        """See Delivery."""
        self._records = records
        self._settings = settings
        self._receiver = receiver
        self._now = now
        self._chance = chance
        self._send = send
        self._lease = timedelta(seconds=3 * receiver.timeout_s + _LEASE_MARGIN_S)
        self._failures = 0
        self._paused_until: datetime | None = None

    def deliver_due(self, should_stop: Callable[[], bool] = lambda: False) -> tuple[Attempt, ...]:
        """Send what is due, in the order in which it fell due, until nothing is, the receiver fails, or ``should_stop``."""
        made: list[Attempt] = []
        while not should_stop() and not self._is_paused():
            now = self._now()
            message = self._records.claim_message(self._receiver.name, now, now + self._lease)
            if message is None:
                break
            attempt = self._send(self._receiver, message, now)
            made.append(attempt)
            self._record(message, attempt)
        return tuple(made)

    def run(self, stop: threading.Event, broken: threading.Event, poll_s: float) -> None:
        """Until one of the events is set."""

        def should_stop() -> bool:
            return stop.is_set() or broken.is_set()

        while not should_stop():
            wait_s = poll_s
            try:
                self.deliver_due(should_stop)
            except RecordError as err:
                _LOG.error("receiver %s: the outbox fails: %s", self._receiver.name, err)
                wait_s = _RECORDS_RETRY_S
            stop.wait(wait_s)

    def _record(self, message: ClaimedMessage, attempt: Attempt) -> None:
        """Into the outbox what became of the attempt."""
        now = self._now()
        if attempt.outcome is Outcome.DELIVERED and attempt.status is not None:
            self._well()
            self._records.mark_sent(message, now, attempt.status)
        elif attempt.outcome is Outcome.REFUSED:
            self._give_up(message, attempt, now)
        else:
            self._try_again(message, attempt, now)

    def _try_again(self, message: ClaimedMessage, attempt: Attempt, now: datetime) -> None:
        self._failures += 1
        asked_s = min(attempt.retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)
        # Half a wait: a message that the receiver never takes is not due yet when the others go on.
        self._paused_until = now + timedelta(seconds=max(asked_s, min(self._wait_s(self._failures) / 2, _LONGEST_PAUSE_S)))
        until = now + timedelta(seconds=max(asked_s, self._wait_s(message.attempts)))
        # One attempt at least, however long ago it was told: doorline may have been switched off.
        if until > message.waiting_since + timedelta(seconds=self._settings.keep_trying_s):
            self._give_up(message, attempt, now)
            return
        level = logging.WARNING if self._failures == 1 else logging.INFO
        _LOG.log(level, "receiver %s: %s; message %s is tried again", self._receiver.name, attempt.error, message.message_id)
        self._records.put_off(message, until, attempt.status, attempt.error)

    def _give_up(self, message: ClaimedMessage, attempt: Attempt, now: datetime) -> None:
        _LOG.error("receiver %s: message %s has failed: %s", self._receiver.name, message.message_id, attempt.error)
        self._records.give_up(message, now, attempt.status, attempt.error)

    def _well(self) -> None:
        if self._failures:
            _LOG.warning("receiver %s takes messages again", self._receiver.name)
        self._failures, self._paused_until = 0, None

    def _is_paused(self) -> bool:
        return self._paused_until is not None and self._now() < self._paused_until

    def _wait_s(self, failures: int) -> float:
        return retry_wait_s(failures, self._settings, self._chance())


def retry_wait_s(failures: int, settings: NotifySettings, chance: float) -> float:
    """How long to wait after so many failures (>= 1): doubling up to ``longest_retry_s``, less up to a half by chance (0..1)."""
    whole = min(settings.first_retry_s * 2.0 ** min(failures - 1, 60), settings.longest_retry_s)
    return whole * (1 - chance / 2)
