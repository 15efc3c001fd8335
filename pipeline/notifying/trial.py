"""``doorline notify test``: is every receiver there, and does it take what it will be sent?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import ReceiverSettings
from pipeline.notifying.messages import trial_message
from pipeline.notifying.sender import Attempt, send

AT_A_TIME = 8


@dataclass(frozen=True, slots=True)
class Trial:
    """What a receiver made of a test message, and how long it took."""

    receiver: ReceiverSettings
    attempt: Attempt
    took_s: float


def try_receivers(
    receivers: Sequence[ReceiverSettings], timezone: ZoneInfo, *, now: datetime, monotonic: Callable[[], float]
) -> tuple[Trial, ...]:
    """Send one message, marked as a test, to each receiver, once; several at a time, in the order of the receivers."""

    def try_one(receiver: ReceiverSettings) -> Trial:
        began = monotonic()
        attempt = send(receiver, trial_message(receiver, timezone, now), now)
        return Trial(receiver, attempt, monotonic() - began)

    with ThreadPoolExecutor(AT_A_TIME, "notify-test") as pool:
        return tuple(pool.map(try_one, receivers))
