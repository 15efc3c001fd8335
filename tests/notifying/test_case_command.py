"""Cases and ``doorline notify`` and ``doorline cases due``, as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.cases import Action, CaseRole, Step
from pipeline.config import NotifyEvent
from pipeline.records import Records
from tests.cli.running import ROOT, Done, doorline
from tests.notifying.case_samples import EVERY_STEP, POLICY, facts_of, open_case
from tests.notifying.samples import message
from tests.notifying.test_contacts import PUT_DOWN, write_list
from tests.notifying.webhook import PATIENCE_S, Answer, Webhook, webhook

NUMBER = "13700000000"
DATABASE = "out/doorline.db"


def configured(folder: Path, *receivers: Mapping[str, Any]) -> None:
    """A configuration with these receivers and a shop list, and records."""
    write_list(folder / "shops.csv", PUT_DOWN)
    values = {
        "cameras": [{"id": "cam01", "zones": "cam01.geojson"}],
        "shops": "shops.csv",
        "notify": {"receivers": list(receivers)},
        "review": {"public_url": "https://doorline.example"},
    }
    (folder / "doorline.yaml").write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")


def of(hook: Webhook, name: str = "district", **changes: Any) -> dict[str, Any]:
    return {"name": name, "url": hook.address, "events": list(EVERY_STEP), **changes}


def to_shops(hook: Webhook) -> dict[str, Any]:
    return of(hook, "shops", template="sms", to_contact=True, events=["case_notified", "case_overdue", "case_rectified"])


def run(folder: Path, *arguments: str) -> Done:
    return doorline(*arguments, "--config", "doorline.yaml", cwd=folder)


def open_records(folder: Path) -> Records:
    return Records.open(f"sqlite:///{folder}/{DATABASE}", busy_timeout_s=10)


def overdue_case(folder: Path) -> None:
    """A shop that was told two days ago, and that had a day."""
    with open_records(folder) as records:
        open_case(records)
        then = datetime.now(UTC) - timedelta(days=2)
        for version, (action, deadline) in enumerate([(Action.CONFIRM, None), (Action.NOTIFY, then + timedelta(days=1))]):
            records.cases.take_step("v-1", Step(action, "ren", CaseRole.REVIEWER, then, deadline=deadline), version, facts_of, POLICY)


# --- doorline notify test -----------------------------------------------------------------------------------------


def test_every_event_is_tried_that_a_receiver_is_told_of(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook))
        done = run(tmp_path, "notify", "test", "--every-event")
        assert (done.code, done.err) == (0, "")
        got = [json.loads(each.body) for each in hook.got]
    assert [body["event"] for body in got] == [*EVERY_STEP, "case_withdrawn"]
    assert all(body["test"] for body in got)
    for word in ("case_notified", "case_withdrawn", "delivered"):
        assert word in done.out


def test_an_event_is_tried_that_somebody_names(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook))
        assert run(tmp_path, "notify", "test", "--event", "case_dispatched", "--event", "opened").code == 0
        assert [each.headers["X-Doorline-Event"] for each in hook.got] == ["case_dispatched", "opened"]
        told = [event.value for event in NotifyEvent]
        run(tmp_path, "notify", "test", "--event", "notified").the_error(
            "no such event", f"expected {', '.join(told)}", "found notified", code=2
        )


def test_a_test_goes_to_no_shop(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, to_shops(hook), of(hook))
        done = run(tmp_path, "notify", "test")
        assert done.code == 1
        assert done.err.strip() == "error receiver shops: it writes to shops, and a test goes to none: give --phone NUMBER"
        assert [each.headers["X-Doorline-Event"] for each in hook.got] == ["case_notified"], "the other one gets its own"
        assert run(tmp_path, "notify", "test", "--receiver", "shops", "--phone", NUMBER).code == 0
        body = json.loads(hook.got[-1].body)
    assert (body["phones"], body["shop"]["code"], body["test"]) == ([NUMBER], "TEST-0001", True)


def test_bodies_can_be_seen_without_sending_them(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook))
        done = run(tmp_path, "notify", "test", "--event", "case_dispatched", "--template-only")
        assert hook.got == ()
    assert json.loads(done.out.splitlines()[1])["case"]["squad"] == "测试中队"


# --- doorline notify send -----------------------------------------------------------------------------------------


def test_what_waits_is_sent_where_no_doorline_run_does(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook))
        run(tmp_path, "notify", "send").the_error("no records yet", code=1)
        with open_records(tmp_path) as records:
            records.enqueue([message(1), message(2)])
        done = run(tmp_path, "notify", "send")
        assert (done.code, done.err) == (0, "")
        assert done.out.strip().endswith("2 messages sent, 0 waiting")
        assert hook.message_ids == [message(1).message_id, message(2).message_id]
        again = run(tmp_path, "notify", "send")
        assert (again.code, again.out.strip().splitlines()[-1]) == (0, "0 messages sent, 0 waiting")
        assert len(hook.got) == 2


def test_what_was_not_taken_is_told_and_still_waits(tmp_path: Path) -> None:
    with webhook(Answer(503)) as hook:
        configured(tmp_path, of(hook))
        with open_records(tmp_path) as records:
            records.enqueue([replace(message(1), created_at=datetime.now(UTC))])
        done = run(tmp_path, "notify", "send")
        assert done.code == 1
        assert "answered 503 Service Unavailable" in done.out
        assert done.out.strip().endswith("0 messages sent, 1 waiting")


def test_it_sends_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook))
        with open_records(tmp_path) as records:
            records.enqueue([message(1)])
            command = [sys.executable, "-m", "pipeline.cli", "notify", "send", "--forever", "--config", "doorline.yaml"]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            sending = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            try:
                hook.wait_for(1)
                records.enqueue([message(2)])
                hook.wait_for(2)
                sending.send_signal(signal.SIGTERM)
                out, err = sending.communicate(timeout=PATIENCE_S)
            finally:
                sending.kill()
    assert (sending.returncode, "Traceback" in err) == (0, False), err
    assert out.startswith("sending to 1 receiver")


def test_a_receiver_is_needed(tmp_path: Path) -> None:
    configured(tmp_path)
    run(tmp_path, "notify", "send").the_error("no receiver", "docs/notifications.md", code=2)


# --- doorline cases due -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_json", [False, True])
def test_a_timer_tells_of_deadlines_once(tmp_path: Path, as_json: bool) -> None:
    more = ("--json",) if as_json else ()

    def deadlines(done: Done) -> object:
        assert (done.code, done.err) == (0, "")
        return done.json["deadlines_told"] if as_json else done.out.strip().splitlines()[1:]

    with webhook() as hook:
        configured(tmp_path, of(hook), to_shops(hook))
        overdue_case(tmp_path)
        assert deadlines(run(tmp_path, "cases", "due", "--dry-run", *more)) == (1 if as_json else ["1 deadline to be told"])
        assert deadlines(run(tmp_path, "cases", "due", *more)) == (1 if as_json else ["1 deadline told"])
        assert deadlines(run(tmp_path, "cases", "due", *more)) == (0 if as_json else [])
        assert run(tmp_path, "notify", "send").code == 0
        bodies = {each.headers["X-Doorline-Event"]: json.loads(each.body) for each in hook.got}
        assert [each.headers["X-Doorline-Event"] for each in hook.got] == ["case_overdue"] * 2
    assert bodies["case_overdue"]["event"] == "case_overdue"
    numbers = [json.loads(each.body).get("phones") for each in hook.got]
    assert sorted(map(str, numbers)) == ["None", "['13800138000']"]


def test_nobody_is_told_of_deadlines_who_did_not_ask(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, of(hook, events=["opened"]))
        overdue_case(tmp_path)
        done = run(tmp_path, "cases", "due")
        assert (done.code, done.out.strip()) == (0, "0 steps taken")
