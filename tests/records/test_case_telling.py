"""Steps of cases and the messages that tell of them: together or not at all, once, and taken back while nobody knows; on both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.cases import UNDO_WITHIN, Action, CaseRole, CaseState, StepRefusedError
from pipeline.config import NotifyEvent
from pipeline.errors import RecordError
from pipeline.notifying import AFTER_UNDO, case_telling
from pipeline.records import CaseTelling, OutgoingMessage, PassedDeadline, Records, StaleCaseError
from tests.notifying.case_samples import (
    DEADLINE,
    NOW,
    dispatch,
    notify,
    open_case,
    outbox,
    receiver,
    sent,
    settings,
    take,
    tell,
    to_shops,
    waiting,
)
from tests.records.conftest import Place
from tests.records.samples import NOODLES, entry, violation

TOLD_S = AFTER_UNDO.total_seconds()
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def events(records: Records, name: str = "district", *, after_s: float = 10_000) -> list[str]:
    return [event for event, _ in sent(records, name, after_s=after_s)]


def open_and_tell(records: Records) -> None:
    open_case(records)
    tell(records, receiver())


def test_a_notice_is_told_when_it_can_not_be_taken_back_any_more(records: Records) -> None:
    open_and_tell(records)
    take(records, Action.CONFIRM)
    assert waiting(records) == {}, "nobody outside is told of facts"
    take(records, Action.NOTIFY, deadline=DEADLINE)
    assert waiting(records) == {"district": 1}
    assert outbox(records).next_attempt_at == NOW + AFTER_UNDO
    assert AFTER_UNDO.total_seconds() > UNDO_WITHIN.total_seconds()
    assert events(records, after_s=TOLD_S - 1) == []
    assert events(records, after_s=TOLD_S) == ["case_notified"]
    assert waiting(records) == {}


def test_nobody_is_told_where_nobody_was_named(records: Records) -> None:
    open_case(records)
    notify(records)
    tell(records)
    dispatch(records, after_s=1)
    assert records.list_outbox() == ()


def test_what_is_undone_was_never_told(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    take(records, Action.UNDO, after_s=60)
    assert waiting(records) == {}
    assert outbox(records).withdrawn == 1
    assert events(records) == []
    take(records, Action.NOTIFY, after_s=61, deadline=DEADLINE)
    assert events(records) == ["case_notified"], "told anew is another step"
    assert records.retry_failed(NOW) == 0


def test_an_undone_dispatch_leaves_the_notice_before_it(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    dispatch(records, after_s=10)
    take(records, Action.UNDO, after_s=20)
    assert events(records) == ["case_notified"]


def test_what_was_told_all_the_same_is_followed_by_a_word_that_takes_it_back(records: Records) -> None:
    """A sender whose clock is minutes ahead has sent it before it was undone."""
    open_and_tell(records)
    notify(records)
    assert events(records, after_s=200) == ["case_notified"]
    take(records, Action.UNDO, after_s=30)
    ((event, body),) = sent(records, after_s=31)
    assert (event, json.loads(body)["case"]["step"], json.loads(body)["case"]["state"]) == ("case_withdrawn", 3, "fact_confirmed")


def test_what_somebody_is_just_sending_counts_as_told(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    ahead = NOW + timedelta(seconds=200)
    sending = records.claim_message("district", ahead, ahead + timedelta(seconds=90))
    assert sending is not None
    take(records, Action.UNDO, after_s=30)
    assert events(records, after_s=210) == [], "behind the one that is on its way"
    records.mark_sent(sending, ahead, 200)
    assert events(records) == ["case_withdrawn"]


def test_a_step_that_is_refused_tells_nothing(records: Records) -> None:
    open_and_tell(records)
    take(records, Action.CONFIRM)
    with pytest.raises(StaleCaseError):
        take(records, Action.NOTIFY, version=0, deadline=DEADLINE)
    with pytest.raises(StepRefusedError):
        take(records, Action.NOTIFY, deadline=NOW - DAY)
    with pytest.raises(StepRefusedError):
        take(records, Action.NOTIFY, role=CaseRole.APPROVER, deadline=DEADLINE)
    assert records.list_outbox() == ()


def test_of_many_who_notify_at_once_one_is_told_of(records: Records) -> None:
    open_and_tell(records)
    take(records, Action.CONFIRM)

    def decide(number: int) -> bool:
        try:
            take(records, Action.NOTIFY, by=f"r{number}", version=1, deadline=DEADLINE)
        except RecordError:  # stale, or the database was busy for too long
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, range(6))) == 1
    assert waiting(records) == {"district": 1}


def test_messages_that_can_not_be_written_leave_no_step(records: Records) -> None:
    open_case(records)
    take(records, Action.CONFIRM)

    broken = OutgoingMessage("id", "district", NotifyEvent.CASE_NOTIFIED, "key", "case/v-1", "{}", NOW.replace(tzinfo=None))
    records.tell_of_cases(CaseTelling(("district",), lambda _: (broken,), lambda _: ()))
    with pytest.raises(RecordError, match="time without a zone"):
        take(records, Action.NOTIFY, deadline=DEADLINE)
    assert records.cases.case("v-1").row.state is CaseState.FACT_CONFIRMED
    assert [row.did for row in records.accounts.list_audit()] == ["case/confirm"]
    assert records.list_outbox() == ()


def test_a_squad_hears_of_its_own_dispatches_only(records: Records) -> None:
    open_case(records)
    open_case(records, "v-2", source=records.list_sources("run-1")[0].source_id)
    tell(records, receiver("one", squads=("一中队",)), receiver("two", squads=("二中队",)), to_shops())
    for name, squad in (("v-1", "一中队"), ("v-2", "二中队")):
        take(records, Action.CONFIRM, name)
        dispatch(records, name, squad=squad)
    assert waiting(records) == {"one": 1, "two": 1}
    (told,) = sent(records, "two", after_s=1000)
    assert (told[0], json.loads(told[1])["case"]["id"]) == ("case_dispatched", "v-2")


@pytest.mark.parametrize("action", [Action.EXEMPT, Action.VOID])
def test_who_was_asked_for_something_is_told_that_it_is_not_wanted_any_more(records: Records, action: Action) -> None:
    open_case(records)
    tell(records, receiver(), receiver("squad", events=("case_dispatched",)), receiver("never", events=("case_overdue",)))
    notify(records)
    dispatch(records)
    assert events(records, after_s=100) == ["case_notified", "case_dispatched"]
    assert events(records, "squad", after_s=100) == ["case_dispatched"]
    take(records, action, after_s=200, note="有许可", reason="other" if action is Action.VOID else "")
    assert waiting(records) == {"district": 1, "squad": 1}
    assert events(records, after_s=200 + TOLD_S - 1) == []
    assert (events(records), events(records, "squad")) == (["case_withdrawn"], ["case_withdrawn"])


def test_a_notice_that_nobody_has_got_yet_is_dropped_with_its_case_and_comes_back_with_it(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    take(records, Action.EXEMPT, after_s=30, note="有许可")
    assert (waiting(records), outbox(records).withdrawn) == ({}, 1)
    take(records, Action.UNDO, after_s=40)
    assert (waiting(records), outbox(records).withdrawn) == ({"district": 1}, 0)
    assert events(records, after_s=TOLD_S) == ["case_notified"]


def test_an_exemption_that_is_undone_after_it_was_told_asks_again(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    assert events(records, after_s=100) == ["case_notified"]
    take(records, Action.EXEMPT, after_s=110, note="有许可")
    assert events(records, after_s=1000) == ["case_withdrawn"], "sent by somebody whose clock is ahead"
    take(records, Action.UNDO, after_s=150)
    assert events(records, after_s=1000) == ["case_notified"]


def test_what_has_failed_is_not_put_back_once_its_case_is_over(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    at = NOW + timedelta(seconds=200)
    failing = records.claim_message("district", at, at + timedelta(seconds=90))
    assert failing is not None
    records.give_up(failing, at, 410, "answered 410")
    take(records, Action.VOID, after_s=300, reason="clock")
    assert (outbox(records).failed, outbox(records).withdrawn, outbox(records).last_error) == (0, 1, "")
    assert records.retry_failed(at) == 0
    take(records, Action.UNDO, after_s=310)
    assert outbox(records).failed == 1
    assert records.retry_failed(at) == 1


def test_a_case_that_began_anew_says_nothing_of_what_was_asked_before(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    assert events(records, after_s=100) == ["case_notified"]
    take(records, Action.EXEMPT, after_s=200, note="有许可")
    assert events(records) == ["case_withdrawn"]
    take(records, Action.REOPEN, role=CaseRole.APPROVER, after_s=300, note="许可已过期")
    take(records, Action.EXEMPT, after_s=400, note="又有了")
    assert events(records) == []


def test_done_is_told_by_whoever_sees_it_to_those_who_were_asked(records: Records) -> None:
    open_case(records)
    source = records.list_sources("run-1")[0].source_id
    open_case(records, "v-2", source=source)
    open_case(records, "v-3", source=source)
    tell(records, receiver(), to_shops(), receiver("one", squads=("一中队",)))
    notify(records, "v-1")
    take(records, Action.CONFIRM, "v-2")
    take(records, Action.CONFIRM, "v-3")
    dispatch(records, "v-3")
    assert events(records, after_s=TOLD_S) == ["case_notified", "case_dispatched"]
    cleared = [entry(violation(name, cleared=True), tenants=(NOODLES,)) for name in ("v-1", "v-2", "v-3")]
    for _ in range(2):
        records.save_violations("run-1", source, cleared)
    done = [json.loads(body)["case"]["id"] for event, body in sent(records, after_s=TOLD_S) if event == "case_rectified"]
    assert sorted(done) == ["v-1", "v-3"], "of what the product did, at once; of what nobody was asked for, nothing"
    assert events(records, "shops") == ["case_notified", "case_rectified"], "a shop that was not asked is not thanked"
    assert events(records, "one") == ["case_dispatched", "case_rectified"]


def test_a_deadline_that_has_passed_is_told_once(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    assert records.cases.tell_deadlines(DEADLINE, DEADLINE - WEEK) == 0, "not yet"
    late = DEADLINE + timedelta(seconds=1)
    (passed,) = records.cases.untold_deadlines(late, late - WEEK)
    assert (passed.number, passed.case.violation_id) == (2, "v-1")
    assert [records.cases.tell_deadlines(late, late - WEEK) for _ in range(3)] == [1, 0, 0]
    assert records.cases.untold_deadlines(late, late - WEEK) == ()
    assert events(records, after_s=2 * DAY.total_seconds()) == ["case_notified", "case_overdue"]


def test_several_who_look_at_the_calendar_at_once_tell_it_once(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    late = DEADLINE + timedelta(seconds=1)

    def look(_: int) -> int:
        try:
            return records.cases.tell_deadlines(late, late - WEEK)
        except RecordError:  # busy for too long: another one has told it
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look, range(4))) == 1
    assert waiting(records) == {"district": 2}


def test_what_no_longer_waits_is_not_overdue(records: Records) -> None:
    open_case(records)
    source = records.list_sources("run-1")[0].source_id
    for name in ("v-2", "v-3", "v-4"):
        open_case(records, name, source=source)
    tell(records, receiver(), receiver("one", squads=("一中队",)), to_shops())
    for name in ("v-1", "v-2"):
        notify(records, name)
    for name in ("v-3", "v-4"):
        take(records, Action.CONFIRM, name)
        dispatch(records, name)
    records.save_violation("run-1", source, entry(violation("v-2", cleared=True), tenants=(NOODLES,)))
    take(records, Action.ANSWER, "v-4", role=CaseRole.SQUAD, after_s=100, reason="talked_to")
    late = DEADLINE + DAY
    told = {passed.case.violation_id: passed.case.state for passed in records.cases.untold_deadlines(late, late - WEEK)}
    assert told == {"v-1": CaseState.NOTIFIED, "v-3": CaseState.DISPATCHED}
    records.cases.tell_deadlines(late, late - WEEK)
    overdue = {name: events(records, name, after_s=3 * DAY.total_seconds()).count("case_overdue") for name in ("district", "one", "shops")}
    assert overdue == {"district": 2, "one": 1, "shops": 1}


def test_a_deadline_of_long_ago_is_not_told_any_more(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    later = DEADLINE + WEEK + timedelta(seconds=1)
    assert records.cases.tell_deadlines(later, later - WEEK) == 0
    assert records.cases.tell_deadlines(later, later - 2 * WEEK) == 1


def test_a_dispatch_that_is_undone_does_not_make_a_notice_overdue_twice(records: Records) -> None:
    open_and_tell(records)
    notify(records)
    late_s = DAY.total_seconds() + 10
    late = NOW + timedelta(seconds=late_s)
    assert records.cases.tell_deadlines(late, late - WEEK) == 1
    take(records, Action.DISPATCH, after_s=late_s, squad="一中队", deadline=late + DAY)
    take(records, Action.UNDO, after_s=late_s + 30)
    assert records.cases.tell_deadlines(late + timedelta(seconds=60), late - WEEK) == 0


def test_who_decides_between_the_look_and_the_word_is_not_overdue(place: Place) -> None:
    with Records.open(place.url, busy_timeout_s=10) as records, Records.open(place.url, busy_timeout_s=10) as others:
        open_and_tell(records)
        notify(records)
        telling = case_telling(settings(receiver()), lambda: None, lambda: NOW)

        def of_deadline(passed: PassedDeadline) -> Sequence[OutgoingMessage]:
            take(others, Action.SUBMIT, after_s=DAY.total_seconds())
            return telling.of_deadline(passed)

        records.tell_of_cases(replace(telling, of_deadline=of_deadline))
        late = DEADLINE + timedelta(seconds=1)
        assert records.cases.tell_deadlines(late, late - WEEK) == 0
        assert records.cases.case("v-1").row.state is CaseState.LAW_REVIEW
        assert waiting(records) == {"district": 1}
