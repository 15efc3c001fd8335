"""Messages reach receivers that are slow, broken, gone and back again: none is lost, none is doubled, none holds up others."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import NotifySettings, ReceiverSettings
from pipeline.notifying import Attempt, Delivery, Outcome, verify, violation_messages
from pipeline.notifying.delivery import retry_wait_s
from pipeline.notifying.sender import Sendable, send
from pipeline.records import OutboxRow, Records
from pipeline.types import Phase, ViolationEvent
from tests.notifying.conftest import Clock
from tests.notifying.samples import NOW, OPENED, SCENE, ids, message
from tests.notifying.webhook import PATIENCE_S, Answer, Webhook, webhook
from tests.records.conftest import Place
from tests.records.samples import NOODLES, entry, furnish, violation
from tests.streams.servers import free_port


def delivery(records: Records, clock: Clock, *receivers: ReceiverSettings, **settings: float) -> Delivery:
    """Without any chance in its waits."""
    return Delivery(records, NotifySettings(receivers=receivers, **settings), now=clock, chance=lambda: 0.0)


def row(records: Records) -> OutboxRow:
    (found,) = records.list_outbox()
    return found


def test_from_the_violation_to_the_receiver(records: Records, clock: Clock) -> None:
    with webhook() as hook:
        source_id = furnish(records)
        told = violation_messages([hook.settings()], SCENE, OPENED, {"BS-0001": NOODLES}, clock.now)
        for _ in range(2):  # a process that was resumed tells it again
            records.save_violation("run-1", source_id, entry(violation(), tenants=(NOODLES,)), told)
            delivery(records, clock, hook.settings()).deliver_due()
        (got,) = hook.got
    assert json.loads(got.body)["violation"]["shops"] == [{"code": "BS-0001", "name": "面馆"}]
    assert verify("s3cret", got.body, got.headers["X-Doorline-Signature"], clock.now)
    assert (row(records).sent, row(records).last_sent_at) == (1, clock.now)


def test_a_receiver_that_fails_twice_gets_it_at_the_third_attempt(records: Records, clock: Clock) -> None:
    records.enqueue([message(1)])
    with webhook(Answer(500), Answer(500)) as hook:
        delivering = delivery(records, clock, hook.settings())
        assert [each.status for each in delivering.deliver_due()] == [500]
        assert row(records).last_error == "answered 500 Internal Server Error"
        clock.turn(9)
        assert delivering.deliver_due() == (), "the first wait is 10 s"
        clock.turn(1)
        assert [each.status for each in delivering.deliver_due()] == [500]
        clock.turn(19)
        assert delivering.deliver_due() == (), "the second wait is 20 s"
        clock.turn(1)
        assert delivering.deliver_due() == (Attempt(Outcome.DELIVERED, 200),)
        assert delivering.deliver_due() == ()
        assert hook.message_ids == ids(1, 1, 1)
        assert len({got.headers["X-Doorline-Signature"] for got in hook.got}) == 3, "each attempt is signed at its own time"
    assert (row(records).sent, row(records).last_error) == (1, "")


@pytest.mark.parametrize("answer", [Answer(hang_up=True), Answer(503), Answer(408)])
def test_whatever_passes_is_tried_again(records: Records, clock: Clock, answer: Answer) -> None:
    records.enqueue([message(1)])
    with webhook(answer) as hook:
        delivering = delivery(records, clock, hook.settings())
        delivering.deliver_due()
        clock.turn(10)
        delivering.deliver_due()
        assert hook.message_ids == ids(1, 1)
    assert row(records).sent == 1


def test_a_receiver_that_asks_to_be_left_alone_is(records: Records, clock: Clock) -> None:
    records.enqueue([message(1), message(2)])
    with webhook(Answer(429, {"Retry-After": "120"}), Answer(429, {"Retry-After": "99999999"})) as hook:
        delivering = delivery(records, clock, hook.settings())
        delivering.deliver_due()
        clock.turn(119)
        assert delivering.deliver_due() == (), "nor does it get another message"
        clock.turn(1)
        delivering.deliver_due()
        clock.turn(3599)
        assert delivering.deliver_due() == ()
        clock.turn(1)
        delivering.deliver_due()
        assert hook.message_ids == ids(1, 2, 1, 2), "asked again after an hour, whatever it says"


@pytest.mark.parametrize("answer", [Answer(400), Answer(410), Answer(307, {"Location": "http://127.0.0.1:1/"})])
def test_what_is_refused_has_failed_and_is_told(records: Records, clock: Clock, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    records.enqueue([message(1), message(2)])
    with webhook(answer) as hook:
        delivering = delivery(records, clock, hook.settings())
        delivering.deliver_due()
        clock.turn(1e6)
        assert delivering.deliver_due() == ()
        assert hook.message_ids == ids(1, 2), "the next one is sent at once"
        assert (row(records).failed, row(records).sent) == (1, 1)
        (line,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
        assert f"message {message(1).message_id} has failed: answered {answer.status}" in line.getMessage()
        assert records.retry_failed(clock.now) == 1
        delivering.deliver_due()
        assert hook.message_ids == ids(1, 2, 1)


def test_a_message_is_given_up_in_the_end_but_never_before_it_was_tried(records: Records, clock: Clock) -> None:
    records.enqueue([message(1)])
    nobody = ReceiverSettings(name="district", url=f"http://127.0.0.1:{free_port()}/")
    delivering = delivery(records, clock, nobody)
    attempts = 0
    while row(records).waiting:
        attempts += len(delivering.deliver_due())
        clock.now = row(records).next_attempt_at or clock.now
    assert timedelta(hours=23.5) < clock.now - NOW <= timedelta(hours=24)
    assert 95 < attempts < 110, "doubling up to a quarter of an hour"
    assert (row(records).failed, row(records).last_error) == (1, "Connection refused")
    clock.turn(3600)
    records.enqueue([message(2)])  # of yesterday: doorline was switched off
    assert len(delivering.deliver_due()) == 1
    assert row(records).failed == 2


def test_after_a_death_between_post_and_row_it_is_sent_again_under_the_same_id(place: Place, clock: Clock) -> None:
    with webhook() as hook:
        with Records.open(place.url) as records:
            records.enqueue([message(1)])
            claimed = records.claim_message("district", clock.now, clock.now + timedelta(seconds=90))
            assert claimed is not None
            assert send(hook.settings(), claimed, clock.now).outcome is Outcome.DELIVERED
        with Records.open(place.url) as records:  # the next process
            delivering = delivery(records, clock, hook.settings())
            clock.turn(89)
            assert delivering.deliver_due() == (), "the dead may still be sending"
            clock.turn(1)
            delivering.deliver_due()
            delivering.deliver_due()
            assert row(records).sent == 1
        assert hook.message_ids == ids(1, 1)
        assert hook.got[0].body == hook.got[1].body


def test_records_that_fail_after_a_post_are_told_and_lose_nothing(tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    path, stop = tmp_path / "doorline.db", threading.Event()
    with (
        webhook() as hook,
        Records.open(f"sqlite:///{path}", busy_timeout_s=0.05) as records,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
    ):

        def send_and_lock(receiver: ReceiverSettings, sent: Sendable, at: datetime) -> Attempt:
            attempt = send(receiver, sent, at)
            other.execute("BEGIN EXCLUSIVE")
            stop.set()
            return attempt

        records.enqueue([message(1)])
        settings = NotifySettings(receivers=(hook.settings(),))
        Delivery(records, settings, now=clock, chance=lambda: 0.0, send=send_and_lock).run(stop)
        assert "receiver district: the outbox fails" in caplog.text
        other.execute("ROLLBACK")
        assert row(records).waiting == 1
        clock.turn(90)
        delivery(records, clock, hook.settings()).deliver_due()
        assert (row(records).sent, hook.message_ids) == (1, ids(1, 1))


def test_the_steps_of_a_violation_never_overtake_each_other(records: Records, clock: Clock) -> None:
    steps = [message(number, subject="violation/v") for number in (1, 2, 3)]
    records.enqueue([steps[0], steps[1], message(4), steps[2]])
    with webhook(Answer(500)) as hook:
        delivering = delivery(records, clock, hook.settings())
        for _ in range(3):
            delivering.deliver_due()
            clock.turn(10)
        assert [name for name in hook.message_ids if name not in ids(4)] == ids(1, 1, 2, 3, subject="violation/v")
        assert hook.message_ids[1:2] == ids(4), "others go on"


def test_a_message_that_a_receiver_never_takes_holds_up_no_other(records: Records, clock: Clock) -> None:
    records.enqueue([message(number) for number in range(4)])

    def poisoned(receiver: ReceiverSettings, sent: Sendable, at: datetime) -> Attempt:
        bad = sent.message_id == message(0).message_id
        return Attempt(Outcome.TRY_AGAIN, 500, "answered 500") if bad else Attempt(Outcome.DELIVERED, 200)

    receiver = ReceiverSettings(name="district", url="http://127.0.0.1/")
    delivering = Delivery(records, NotifySettings(receivers=(receiver,)), now=clock, chance=lambda: 0.5, send=poisoned)
    delivering.deliver_due()
    clock.turn(10)
    delivering.deliver_due()
    delivering.deliver_due()
    assert (row(records).sent, row(records).waiting) == (3, 1)


def test_one_that_says_nothing_does_not_delay_the_others(records: Records, clock: Clock) -> None:
    records.enqueue([message(1, receiver=name) for name in ("silent", "gone", "well")])
    with webhook(Answer(silent=True)) as silent, webhook() as well:
        delivering = delivery(
            records,
            clock,
            silent.settings(name="silent", timeout_s=100),
            ReceiverSettings(name="gone", url=f"http://127.0.0.1:{free_port()}/"),
            well.settings(name="well"),
        )
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(delivering.run, stop, poll_s=0.02)
            silent.wait_for(1)
            well.wait_for(1)
            records.enqueue([message(2, receiver="well")])
            well.wait_for(2)
            stop.set()
            silent.ending.set()  # answers nothing and closes
            running.result(PATIENCE_S)
    assert well.message_ids == ids(1, 2, receiver="well")
    assert {found.receiver: (found.waiting, found.sent) for found in records.list_outbox()} == {
        "gone": (1, 0),
        "silent": (1, 0),
        "well": (0, 2),
    }


def test_two_processes_share_one_outbox(place: Place, clock: Clock) -> None:
    count = 12
    with webhook() as hook, Records.open(place.url, busy_timeout_s=30) as one, Records.open(place.url, busy_timeout_s=30) as two:
        one.enqueue([message(number) for number in range(count)])
        stop = threading.Event()
        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(delivery(each, clock, hook.settings()).run, stop, poll_s=0.02) for each in (one, two)]
            hook.wait_for(count)
            stop.set()
            for each in running:
                each.result(PATIENCE_S)
        assert sorted(hook.message_ids) == sorted(ids(*range(count)))
        assert row(one).sent == count


def test_a_fault_in_the_program_ends_it_and_is_raised(records: Records, clock: Clock) -> None:
    records.enqueue([message(1)])

    def faulty(receiver: ReceiverSettings, sent: Sendable, at: datetime) -> Attempt:
        raise ZeroDivisionError

    receivers = tuple(ReceiverSettings(name=name, url="http://127.0.0.1/") for name in ("district", "idle"))
    delivering = Delivery(records, NotifySettings(receivers=receivers), now=clock, chance=lambda: 0.5, send=faulty)
    with pytest.raises(ZeroDivisionError):
        delivering.run(threading.Event(), poll_s=0.02)


def test_without_receivers_there_is_nothing_to_do(records: Records, clock: Clock) -> None:
    assert delivery(records, clock).deliver_due() == ()
    delivery(records, clock).run(threading.Event())


def test_many_steps_through_a_flaky_receiver_arrive_once_and_in_order(records: Records, clock: Clock) -> None:
    phases = (Phase.WARNED, Phase.OPENED, Phase.CLEARED, Phase.REOPENED, Phase.CLEARED)
    events = [ViolationEvent(phase, NOW + timedelta(seconds=step), violation()) for step, phase in enumerate(phases)]
    flaky = [Answer(503), Answer(), Answer(hang_up=True), Answer(500), Answer(), Answer(502)]
    with webhook(*flaky) as hook:
        for event in events:
            records.enqueue(violation_messages([hook.settings()], SCENE, event, {}, clock.now))
        delivering = delivery(records, clock, hook.settings())
        while row(records).waiting:
            delivering.deliver_due()
            clock.turn(10)
        taken = _taken(hook, flaky)
    assert taken == [phase.value for phase in phases]


def _taken(hook: Webhook, answers: list[Answer]) -> list[str]:
    """The events whose post was answered with 200."""
    padded = [*answers, *(Answer() for _ in hook.got)]
    return [got.headers["X-Doorline-Event"] for got, answer in zip(hook.got, padded, strict=False) if answer == Answer()]


@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0.001, 3600), st.floats(0.001, 86400))
def test_waits_grow_and_stay_within_their_limits(failures: int, chance: float, first_s: float, longest_s: float) -> None:
    settings = NotifySettings(first_retry_s=min(first_s, longest_s), longest_retry_s=max(first_s, longest_s))
    wait_s = retry_wait_s(failures, settings, chance)
    assert settings.first_retry_s / 2 <= wait_s <= settings.longest_retry_s
    assert wait_s <= retry_wait_s(failures + 1, settings, chance)
