"""What the calendar asks for (docs/cases.md): it takes steps, for cases that nobody decided in time and notices that were heeded, and
others are told of deadlines that have passed.

Each goes the way of every other step: checked against the version of the case that was seen, so that of a person and the product, or of
two programs that look at the same time, one takes it and the other changes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from pipeline.cases import CasePolicy, CaseRole, Facts, Step, StepRefusedError
from pipeline.config import ReviewSettings
from pipeline.errors import RecordError
from pipeline.records import PRODUCT, CaseDetail, DueStep, NoSuchCaseError, PassedDeadline, Records, StaleCaseError

_LOG = logging.getLogger(__name__)
_AT_ONCE = 200
_TELL_BACK = timedelta(days=7)
"""A deadline that passed longer ago, while nobody looked, is told no more."""
_EVERY_S = 60.0


def list_due_steps(records: Records, review: ReviewSettings, now: datetime, limit: int = 100_000) -> tuple[DueStep, ...]:
    """What is due, the longest due first. RecordError where the records can't be asked."""
    expire_after = timedelta(days=review.expire_days) if review.expire_days > 0 else None
    return records.cases.due_steps(now, expire_after=expire_after, limit=limit)


def take_due_steps(
    records: Records, review: ReviewSettings, now: datetime, *, limit: int = 100_000, remote: str = ""
) -> tuple[DueStep, ...]:
    """Take what is due, at most ``limit``; gives back what was taken. What somebody has decided meanwhile is left to them.

    RecordError where the records fail: steps before that hold.
    """
    return tuple(step for step in list_due_steps(records, review, now, limit) if _take(records, step, now, remote))


def list_untold_deadlines(records: Records, now: datetime) -> tuple[PassedDeadline, ...]:
    """Deadlines that have passed, and that a receiver is still to be told of. RecordError where the records can't be asked."""
    return records.cases.untold_deadlines(now, now - _TELL_BACK)


def tell_deadlines(records: Records, now: datetime) -> int:
    """Put the messages that tell of them into the outbox, each once whoever does so; of how many cases. RecordError."""
    return records.cases.tell_deadlines(now, now - _TELL_BACK)


@contextmanager
def taking_due_steps(
    records: Records, review: ReviewSettings, now: Callable[[], datetime], *, every_s: float = _EVERY_S
) -> Iterator[threading.Thread]:
    """Take what is due and tell of deadlines at once, and then every so many seconds until the end, in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=_go_on, args=(records, review, now, every_s, stop), name="due-steps", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)


def _go_on(records: Records, review: ReviewSettings, now: Callable[[], datetime], every_s: float, stop: threading.Event) -> None:
    while True:
        try:
            # A few at a time: people who decide at the same time don't wait behind thousands.
            at = now()
            taken = take_due_steps(records, review, at, limit=_AT_ONCE)
            if taken:
                _LOG.info("%d due steps taken", len(taken))
            tell_deadlines(records, at)
        except RecordError as err:
            _LOG.error("due steps: %s", err)
        if stop.wait(every_s):
            return


def _take(records: Records, due: DueStep, now: datetime, remote: str) -> bool:
    """Whether it was taken."""
    step = Step(due.action, PRODUCT, CaseRole.SYSTEM, now)
    try:
        records.cases.take_step(due.violation_id, step, due.version, _facts_of, CasePolicy(), remote=remote)
    except (StaleCaseError, StepRefusedError, NoSuchCaseError) as err:
        _LOG.info("case %s: %s is not taken: %s", due.violation_id, due.action.value, err)
        return False
    return True


def _facts_of(detail: CaseDetail) -> Facts:
    return Facts(seen_clear=not detail.detail.violation.open)
