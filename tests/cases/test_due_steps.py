"""The steps that the calendar takes: once, by the product, and never over somebody who decides at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Step
from pipeline.config import ReviewSettings
from pipeline.due_steps import list_due_steps, take_due_steps, taking_due_steps
from pipeline.records import PRODUCT, DueStep, Records, StaleCaseError
from tests.records.samples import FRUIT, entry, furnish, violation
from tests.records.test_casebook import facts_of

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=40)
MONTH = ReviewSettings(expire_days=30)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as opened:
        yield opened


def furnish_cases(records: Records, count: int = 1) -> list[str]:
    source, names = furnish(records), [f"v-{number:03d}" for number in range(count)]
    found = [entry(violation(name, cleared=True, first_s=10.0 * number), tenants=(FRUIT,)) for number, name in enumerate(names)]
    records.save_violations("run-1", source, found)
    return names


def take(records: Records, name: str, action: Action, version: int, at: datetime = NOW, **said: object) -> None:
    step = Step(action, "ren", CaseRole.REVIEWER, at, **said)  # type: ignore[arg-type]  # named fields
    records.cases.take_step(name, step, version, facts_of, CasePolicy())


def states(records: Records, names: list[str]) -> set[CaseState]:
    return {records.cases.case(name).row.state for name in names}


def test_what_nobody_decided_in_time_expires_once_and_by_the_product(records: Records) -> None:
    (name,) = furnish_cases(records)
    taken = take_due_steps(records, MONTH, LATER, remote="here")
    assert [(step.violation_id, step.action) for step in taken] == [(name, Action.EXPIRE)]
    detail = records.cases.case(name)
    assert detail.row.state is CaseState.EXPIRED
    assert detail.history == (Step(Action.EXPIRE, PRODUCT, CaseRole.SYSTEM, LATER),)
    (row,) = records.accounts.list_audit()
    assert (row.account, row.did, row.subject, row.remote) == (PRODUCT, "case/expire", f"violation/{name}", "here")
    assert row.detail["as"] == "system"
    assert take_due_steps(records, MONTH, LATER) == ()
    assert len(records.accounts.list_audit()) == 1


def test_nothing_expires_unless_the_district_wants_it(records: Records) -> None:
    names = furnish_cases(records)
    assert take_due_steps(records, ReviewSettings(), LATER) == ()
    assert states(records, names) == {CaseState.CANDIDATE}


def test_a_notice_that_was_heeded_ends_as_rectified(records: Records) -> None:
    (name,) = furnish_cases(records)
    take(records, name, Action.CONFIRM, 0)
    take(records, name, Action.NOTIFY, 1, deadline=NOW + timedelta(hours=24))
    assert take_due_steps(records, ReviewSettings(), NOW + timedelta(hours=23)) == ()
    assert [step.action for step in take_due_steps(records, MONTH, LATER)] == [Action.RECTIFY], "heeded, not expired"
    assert states(records, [name]) == {CaseState.SELF_RECTIFIED}


def test_what_is_only_listed_changes_nothing(records: Records) -> None:
    names = furnish_cases(records, 3)
    assert [step.violation_id for step in list_due_steps(records, MONTH, LATER)] == names
    assert states(records, names) == {CaseState.CANDIDATE}
    assert records.accounts.list_audit() == ()


@dataclass
class Meanwhile:
    """Records before which somebody decides between the look at the calendar and the step."""

    records: Records

    @property
    def cases(self) -> Meanwhile:
        return self

    def due_steps(self, now: datetime, *, expire_after: timedelta | None, limit: int) -> tuple[DueStep, ...]:
        found = self.records.cases.due_steps(now, expire_after=expire_after, limit=limit)
        take(self.records, found[0].violation_id, Action.CONFIRM, 0, now)
        return found

    def take_step(self, *given: object, **named: object) -> object:
        return self.records.cases.take_step(*given, **named)  # type: ignore[arg-type]  # as it was called


def test_who_decides_at_the_same_moment_wins_and_the_others_are_still_taken(records: Records) -> None:
    names = furnish_cases(records, 3)
    taken = take_due_steps(Meanwhile(records), MONTH, LATER)  # type: ignore[arg-type]  # all that is asked of it
    assert [step.violation_id for step in taken] == names[1:]
    assert [step.action for step in records.cases.case(names[0]).history] == [Action.CONFIRM]


def test_who_decides_a_moment_later_is_told(records: Records) -> None:
    (name,) = furnish_cases(records)
    take_due_steps(records, MONTH, LATER)
    with pytest.raises(StaleCaseError, match="somebody has taken a step since"):
        take(records, name, Action.CONFIRM, 0, LATER)
    assert states(records, [name]) == {CaseState.EXPIRED}


def test_several_consoles_at_once_do_nothing_twice(records: Records) -> None:
    names = furnish_cases(records, 20)
    with ThreadPoolExecutor(4) as pool:
        taken = [step.violation_id for steps in pool.map(lambda _: take_due_steps(records, MONTH, LATER), range(4)) for step in steps]
    assert sorted(taken) == names
    assert all(len(records.cases.case(name).history) == 1 for name in names)
    assert len(records.accounts.list_audit(limit=100)) == 20


def test_a_running_console_takes_them_again_and_again_and_stops_when_told_to(records: Records) -> None:
    (name,) = furnish_cases(records)
    looked = threading.Semaphore(0)

    def now() -> datetime:
        looked.release()
        return LATER

    with taking_due_steps(records, MONTH, now, every_s=0.01) as thread:
        for _ in range(3):
            assert looked.acquire(timeout=20)
    assert not thread.is_alive()
    assert len(records.cases.case(name).history) == 1


def test_records_that_fail_for_a_while_end_nothing(records: Records, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (name,) = furnish_cases(records)
    away = tmp_path / "away.db"
    (tmp_path / "doorline.db").rename(away)
    looked = threading.Semaphore(0)

    def now() -> datetime:
        looked.release()
        return LATER

    with taking_due_steps(records, MONTH, now, every_s=0.01):
        for _ in range(2):
            assert looked.acquire(timeout=20)
        away.rename(tmp_path / "doorline.db")
        for _ in range(3):
            assert looked.acquire(timeout=20)
    assert states(records, [name]) == {CaseState.EXPIRED}
    assert "due steps: " in caplog.text
