"""The outbox: nothing is told twice, nothing is lost, and no two processes have the same message."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import RecordError
from pipeline.records import ClaimedMessage, OutboxRow, Records
from tests.notifying.samples import NOW, ids, message
from tests.records.conftest import Place
from tests.records.samples import entry, furnish, violation

LEASE = timedelta(seconds=90)


def claim(records: Records, *, after_s: float = 0, receiver: str = "district") -> ClaimedMessage | None:
    now = NOW + timedelta(seconds=after_s)
    return records.claim_message(receiver, now, now + LEASE)


def claimed(records: Records, *, after_s: float = 0) -> ClaimedMessage:
    found = claim(records, after_s=after_s)
    assert found is not None
    return found


def row(records: Records) -> OutboxRow:
    (found,) = records.list_outbox()
    return found


def test_a_message_comes_out_as_it_went_in(records: Records) -> None:
    assert records.enqueue([message(1)]) == 1
    found = claimed(records)
    assert (found.message_id, found.receiver, found.event, found.body) == (
        message(1).message_id,
        "district",
        message(1).event,
        '{"门":1}',
    )
    assert (found.attempts, found.waiting_since, found.leased_until) == (1, NOW, NOW + LEASE)


def test_the_same_event_told_again_changes_nothing(records: Records) -> None:
    assert records.enqueue([message(1), message(1)]) == 1
    records.mark_sent(claimed(records), NOW, 200)
    again = replace(message(1), body="{}", created_at=NOW + timedelta(days=1))
    assert records.enqueue([again, message(2), message(1, receiver="other")]) == 2
    assert [found.sent for found in records.list_outbox()] == [1, 0]
    assert claimed(records).message_id == message(2).message_id
    assert claim(records) is None


def test_a_message_is_written_with_its_violation_or_not_at_all(records: Records) -> None:
    source_id = furnish(records)
    saved = entry(violation())
    with pytest.raises(RecordError, match="does not belong to this source"):
        records.save_violation("run-1", source_id, entry(replace(violation(), camera_id="cam02")), [message(1)])
    assert records.list_outbox() == ()
    records.save_violation("run-1", source_id, saved, [message(1)])
    records.save_violation("run-1", source_id, saved, [message(1)])
    assert (row(records).waiting, len(records.list_violations())) == (1, 1)


def test_a_message_that_is_refused_leaves_no_violation(records: Records) -> None:
    source_id = furnish(records)
    broken = replace(message(1), created_at=NOW.replace(tzinfo=None))
    with pytest.raises(RecordError, match="time without a zone"):
        records.save_violations("run-1", source_id, [entry(violation())], [message(2), broken])
    assert records.list_violations() == ()
    assert records.list_outbox() == ()


def test_messages_come_in_the_order_of_telling(records: Records) -> None:
    records.enqueue([message(3), message(1)])
    records.enqueue([message(2)])
    assert [claimed(records).message_id for _ in range(3)] == ids(3, 1, 2)


def test_the_next_message_of_a_subject_waits_for_the_one_before(records: Records) -> None:
    steps = [message(number, subject="violation/v") for number in (1, 2)]
    records.enqueue([*steps, message(3)])
    first = claimed(records)
    assert first.message_id == steps[0].message_id
    assert claimed(records).message_id == message(3).message_id, "others go on"
    assert claim(records) is None
    records.put_off(first, NOW + timedelta(seconds=30), 503, "answered 503")
    assert claim(records, after_s=29) is None
    again = claimed(records, after_s=30)
    assert (again.message_id, again.attempts) == (first.message_id, 2)
    records.give_up(again, NOW, 410, "answered 410")
    assert claimed(records, after_s=30).message_id == steps[1].message_id, "what has failed holds up nobody"


def test_a_lease_runs_out(records: Records) -> None:
    records.enqueue([message(1)])
    first = claimed(records)
    assert claim(records, after_s=89) is None
    second = claimed(records, after_s=90)
    assert (second.message_id, second.attempts) == (first.message_id, 2)
    records.put_off(first, NOW, None, "too late to say")
    records.give_up(first, NOW, None, "too late to say")
    assert claim(records, after_s=91) is None, "the second lease holds"
    assert (row(records).failed, row(records).last_error) == (0, "")
    records.mark_sent(first, NOW, 200)
    assert (row(records).waiting, row(records).sent) == (0, 1), "taken is taken"
    records.put_off(second, NOW, None, "closed")
    assert claim(records, after_s=1000) is None


def test_what_has_failed_can_be_put_back(records: Records) -> None:
    records.enqueue([message(1), message(2), message(1, receiver="other")])
    for receiver in ("district", "district", "other"):
        found = claim(records, receiver=receiver)
        assert found is not None
        records.give_up(found, NOW, 410, "answered 410")
    later = NOW + timedelta(days=2)
    assert records.retry_failed(later, "district") == 2
    assert records.retry_failed(later, "district") == 0
    found = records.claim_message("district", later, later + LEASE)
    assert found is not None
    assert (found.attempts, found.waiting_since) == (1, later)
    assert records.retry_failed(later) == 1


def test_the_list_of_receivers(records: Records) -> None:
    assert records.list_outbox() == ()
    records.enqueue([message(number) for number in range(1, 6)])
    records.enqueue([replace(message(9, receiver="other"), created_at=NOW + timedelta(hours=1))])
    sent, put_off, failed = (claimed(records, after_s=number) for number in range(3))
    records.mark_sent(sent, NOW + timedelta(seconds=5), 200)
    records.put_off(put_off, NOW + timedelta(seconds=40), 503, "answered 503")
    records.give_up(failed, NOW + timedelta(seconds=7), 410, "answered 410")
    assert records.list_outbox() == (
        OutboxRow("district", 3, 1, 1, NOW, NOW, NOW + timedelta(seconds=5), "answered 410"),
        OutboxRow("other", 1, 0, 0, NOW + timedelta(hours=1), NOW + timedelta(hours=1), None, ""),
    )


def test_several_who_ask_at_once_never_get_the_same_message(place: Place) -> None:
    asking, count = 4, 40
    start = threading.Barrier(asking)
    taken: list[str] = []  # appending is atomic

    def take() -> None:
        with Records.open(place.url, busy_timeout_s=30) as records:
            start.wait(20)
            while len(taken) < count:
                found = claim(records)
                if found is not None:  # None: the others were quicker this time
                    taken.append(found.message_id)

    with Records.open(place.url, busy_timeout_s=30) as records:
        records.enqueue([message(number) for number in range(count)])
    with ThreadPoolExecutor(asking) as pool:
        for done in [pool.submit(take) for _ in range(asking)]:
            done.result()
    assert sorted(taken) == sorted(ids(*range(count)))
