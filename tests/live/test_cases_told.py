"""A running ``doorline run`` sends what the console beside it has put into the outbox, and tells by itself of ground that was cleared."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.cases import Action, CaseRole, Step
from pipeline.config_files import load_settings
from pipeline.notifying import case_messages, case_telling
from pipeline.records import Records
from tests.live.live_camera import live_camera
from tests.live.live_office import LiveOffice, live_office, running
from tests.live.street_film import Film
from tests.notifying.case_samples import EVERY_STEP, NOTIFIED, POLICY, facts_of
from tests.notifying.samples import SCENE
from tests.notifying.test_contacts import NUMBER, PUT_DOWN, write_list
from tests.notifying.webhook import webhook

pytestmark = pytest.mark.long


def notify_in_the_console(office: LiveOffice, violation_id: str) -> None:
    """As a console beside it does, some minutes ago: nobody can take it back any more."""
    settings = load_settings(office.config)
    then = datetime.now(UTC) - timedelta(minutes=3)
    with Records.open(f"sqlite:///{office.folder}/out/doorline.db", busy_timeout_s=30) as records:
        records.tell_of_cases(case_telling(settings, lambda: None, lambda: then))
        steps = (
            Step(Action.CONFIRM, "ren", CaseRole.REVIEWER, then),
            Step(Action.NOTIFY, "ren", CaseRole.REVIEWER, then, deadline=then + timedelta(hours=24)),
        )
        for version, step in enumerate(steps):
            records.cases.take_step(violation_id, step, version, facts_of, POLICY)
        (shops,) = [each for each in settings.notify.receivers if each.to_contact]
        records.enqueue(case_messages([shops], SCENE, NOTIFIED, then))


def test_what_the_console_decides_and_the_camera_sees_reaches_the_receivers(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as camera, webhook() as hook, webhook() as gateway:
        write_list(tmp_path / "shops.csv", PUT_DOWN)
        receivers = [
            {"name": "district", "url": hook.address, "secret": "s3cret", "events": list(EVERY_STEP)},
            {"name": "owners", "url": gateway.address, "template": "sms", "to_contact": True, "events": ["case_notified"]},
        ]
        office = live_office(tmp_path, {"CAM01": camera.address}, reference=True, shops="shops.csv", notify={"receivers": receivers})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 3)
            camera.put_down()
            program.until(lambda: len(office.violations()) == 1)
            (row,) = office.violations()
            notify_in_the_console(office, row["violation_id"])
            hook.wait_for(1)
            gateway.wait_for(1)
            camera.take_away()
            program.until(lambda: office.violations()[0]["cleared_at"] is not None)
            hook.wait_for(2)
            assert program.stop() == 0
            assert "Traceback" not in program.err
        told = [json.loads(got.body) for got in hook.got]
        (sms,) = [json.loads(got.body) for got in gateway.got]
    assert [body["event"] for body in told] == ["case_notified", "case_rectified"]
    assert {body["case"]["id"] for body in told} == {row["violation_id"]}
    assert [body["case"]["state"] for body in told] == ["notified", "self_rectified"]
    assert sms["phones"] == [NUMBER]
    assert NUMBER not in program.out + program.err
    with closing(sqlite3.connect(tmp_path / "out" / "doorline.db")) as connection:
        bodies = [body for (body,) in connection.execute("select body from outbox")]
    assert len(bodies) == 3
    assert NUMBER not in "".join(bodies)
