"""``doorline notify``, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.notifying import verify
from pipeline.records import Records
from tests.cli.running import Done, doorline
from tests.notifying.samples import NOW, message
from tests.notifying.webhook import Answer, webhook
from tests.streams.servers import free_port


def configured(folder: Path, *receivers: Mapping[str, Any]) -> Path:
    """A configuration with these receivers."""
    values = {"cameras": [{"id": "cam01", "zones": "cam01.geojson"}], "notify": {"receivers": list(receivers)}}
    path = folder / "doorline.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return path


def notify(folder: Path, *arguments: str) -> Done:
    return doorline("notify", *arguments, "--config", "doorline.yaml", cwd=folder, environment={"SECRET": "s3cret", "KEY": "k3y"})


def no_secret_in(done: Done) -> None:
    for secret in ("s3cret", "k3y", "pw"):
        assert secret not in done.out + done.err


def test_every_receiver_gets_one_message_that_says_it_is_a_test(tmp_path: Path) -> None:
    with webhook() as hook:
        district = {"name": "district", "url": hook.address.replace("//", "//u:pw@") + "/hook?key=${KEY}", "secret": "${SECRET}"}
        squad = {"name": "squad", "url": hook.address, "template": "sms", "phones": ["13800000000"]}
        configured(tmp_path, district, squad, {"name": "platform", "url": hook.address, "template": "ywtg"})
        done = notify(tmp_path, "test")
        assert (done.code, done.err) == (0, "")
        for word in ("district", "squad", "platform", "delivered", "200", " ms", hook.address):
            assert word in done.out
        no_secret_in(done)
        assert all(json.loads(got.body)["test"] is True for got in hook.got)
        assert len({got.message_id for got in hook.got}) == 3
        (signed,) = [got for got in hook.got if "X-Doorline-Signature" in got.headers]
        at = int(signed.headers["X-Doorline-Signature"].split(",")[0].removeprefix("t="))
        assert verify("s3cret", signed.body, signed.headers["X-Doorline-Signature"], datetime.fromtimestamp(at, UTC))
        assert signed.path == "/hook?key=k3y"


def test_one_that_does_not_take_it_is_told_and_stops_no_other(tmp_path: Path) -> None:
    with webhook(Answer(410)) as refusing, webhook() as well:
        gone = {"name": "gone", "url": f"http://u:pw@127.0.0.1:{free_port()}/?key=${{KEY}}"}
        configured(tmp_path, gone, {"name": "refusing", "url": refusing.address}, {"name": "well", "url": well.address})
        done = notify(tmp_path, "test")
        assert done.code == 1
        assert done.err.splitlines() == ["error receiver gone: Connection refused", "error receiver refusing: answered 410 Gone"]
        for word in ("try_again", "refused", "delivered"):
            assert word in done.out
        no_secret_in(done)
        assert notify(tmp_path, "test", "--receiver", "well").code == 0
        assert (len(well.got), len(refusing.got)) == (2, 1)


def test_templates_can_be_seen_without_sending_anything(tmp_path: Path) -> None:
    with webhook() as hook:
        configured(tmp_path, {"name": "district", "url": hook.address + "/?key=${KEY}", "secret": "${SECRET}"})
        done = notify(tmp_path, "test", "--template-only")
        assert hook.got == ()
    assert (done.code, done.err) == (0, "")
    heading, body = done.out.splitlines()
    assert heading == "district doorline"
    assert json.loads(body)["violation"]["kind_text"] == "跨门经营"
    no_secret_in(done)


def test_without_receivers_or_with_one_that_is_not_there(tmp_path: Path) -> None:
    configured(tmp_path)
    notify(tmp_path, "test").the_error("no receiver", "docs/notifications.md", code=2)
    configured(tmp_path, {"name": "district", "url": "http://127.0.0.1/"})
    notify(tmp_path, "test", "--receiver", "squad").the_error("no such receiver", "expected district", "found squad", code=2)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"url": "ftp://u:pw@host/"}, "expected http:// or https://"),
        ({"url": "http://u:pw@host:port/"}, "expected http:// or https://"),
        ({"url": "http:///?key=${KEY}"}, "expected http:// or https://"),
        ({"url": "http://host/门"}, "expected http:// or https://"),
        ({"template": "sms"}, "the template sms needs phones"),
        ({"template": "sms", "phones": ["120 or so"]}, "phones"),
        ({"authorization": "Bearer ${KEY}\r\nX-Evil: 1"}, "authorization"),
        ({"events": ["opend"]}, "events"),
        ({"name": "a b"}, "name"),
    ],
)
def test_a_receiver_that_can_not_work_is_refused(tmp_path: Path, changes: Mapping[str, Any], fault: str) -> None:
    configured(tmp_path, {"name": "district", "url": "http://host/", **changes})
    done = notify(tmp_path, "outbox")
    assert done.code == 2
    assert fault in done.err
    no_secret_in(done)


def test_two_receivers_of_one_name_are_refused(tmp_path: Path) -> None:
    configured(tmp_path, *[{"name": "district", "url": "http://host/"}] * 2)
    assert "receiver name used more than once: district" in notify(tmp_path, "outbox").err


def test_the_outbox_is_shown_and_what_has_failed_put_back(tmp_path: Path) -> None:
    configured(tmp_path, {"name": "district", "url": "http://host/"})
    notify(tmp_path, "outbox").the_error("no records yet", code=1)
    with Records.open(f"sqlite:///{tmp_path}/out/doorline.db") as records:
        records.enqueue([message(1), message(2), message(1, receiver="former")])
        claimed = records.claim_message("district", NOW, NOW + timedelta(seconds=90))
        assert claimed is not None
        records.give_up(claimed, NOW, 410, "answered 410 Gone")
    shown = notify(tmp_path, "outbox")
    assert (shown.code, shown.err) == (0, "")
    assert "answered 410 Gone" in shown.out
    assert "not in the settings any more" in shown.out
    assert "2 messages waiting" in shown.out
    district, former = notify(tmp_path, "outbox", "--json").json["receivers"]
    assert (former["in_settings"], former["waiting"]) == (False, 1)
    assert (district["waiting"], district["sent"], district["failed"]) == (1, 0, 1)
    assert district["oldest_waiting_at"] == "2024-01-31T01:52:40+00:00"
    notify(tmp_path, "retry", "--receiver", "nobody").the_error("no such receiver", code=2)
    assert notify(tmp_path, "retry", "--receiver", "former").out == "0 messages put back\n"
    assert notify(tmp_path, "retry").out == "1 message put back\n"
    with Records.open(f"sqlite:///{tmp_path}/out/doorline.db") as records:
        assert [(row.waiting, row.failed) for row in records.list_outbox()] == [(2, 0), (1, 0)]
