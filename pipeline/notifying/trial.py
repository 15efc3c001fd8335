"""``doorline notify test``: is every receiver there, and does it take what it will be sent?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import NotifyEvent, ReceiverSettings
from pipeline.notifying.sender import Attempt, Outcome, send
from pipeline.notifying.trial_messages import TrialWish, trial_messages
from pipeline.records import OutgoingMessage

AT_A_TIME = 8
_NO_NUMBER = "it writes to shops, and a test goes to none: give --phone NUMBER"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a receiver made of a test message, and how long it took."""

    receiver: ReceiverSettings
    event: NotifyEvent
    attempt: Attempt
    took_s: float


def try_receivers(
    receivers: Sequence[ReceiverSettings],
    timezone: ZoneInfo,
    *,
    now: datetime,
    monotonic: Callable[[], float],
    wish: TrialWish | None = None,
) -> tuple[Trial, ...]:
    """Send messages, marked as tests, to each receiver, once; several receivers at a time, in the order of the receivers."""
    wanted = wish or TrialWish()

    def try_one(receiver: ReceiverSettings, message: OutgoingMessage) -> Trial:
        began = monotonic()
        reaches = wanted.reaches_somebody(receiver)
        attempt = send(receiver, message, now) if reaches else Attempt(Outcome.REFUSED, None, _NO_NUMBER)
        return Trial(receiver, message.event, attempt, monotonic() - began)

    def try_all(receiver: ReceiverSettings) -> list[Trial]:
        return [try_one(receiver, message) for message in trial_messages(receiver, timezone, now, wanted)]

    with ThreadPoolExecutor(AT_A_TIME, "notify-test") as pool:
        return tuple(trial for trials in pool.map(try_all, receivers) for trial in trials)
