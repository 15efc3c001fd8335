"""From events to the outbox, with a database that may be away."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.notifying import Teller
from pipeline.records import Records
from tests.notifying.conftest import Clock
from tests.notifying.samples import FROZEN, OPENED, SCENE
from tests.notifying.webhook import Webhook
from tests.records.samples import SHOPS

RECEIVER = Webhook(()).settings(url="http://127.0.0.1/")


def test_what_is_told_is_in_the_outbox_once_it_is_flushed(records: Records, clock: Clock) -> None:
    for _ in range(2):  # as a process does that goes on from its log
        teller = Teller(records, [RECEIVER], SHOPS, clock)
        teller.violation(SCENE, OPENED)
        teller.camera(SCENE, FROZEN)
        assert teller.waiting == 2
        assert teller.flush()
        assert (teller.waiting, [row.waiting for row in records.list_outbox()]) == (0, [2])
    claimed = records.claim_message("district", clock.now, clock.now)
    assert claimed is not None
    assert json.loads(claimed.body)["violation"]["shops"] == [{"code": "BS-0001", "name": "面馆"}], "the tenant of that day"


def test_nothing_to_flush(records: Records, clock: Clock) -> None:
    teller = Teller(records, [], SHOPS, clock)
    teller.violation(SCENE, OPENED)
    assert teller.flush()
    assert records.list_outbox() == ()


def test_a_database_that_is_locked_is_told_once_and_nothing_is_forgotten(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}", busy_timeout_s=0.05) as records, closing(sqlite3.connect(path, isolation_level=None)) as other:
        teller = Teller(records, [RECEIVER], SHOPS, clock)
        teller.violation(SCENE, OPENED)
        other.execute("BEGIN EXCLUSIVE")
        assert not teller.flush()
        teller.camera(SCENE, FROZEN)
        assert not teller.flush()
        other.execute("ROLLBACK")
        assert teller.flush()
        assert [row.waiting for row in records.list_outbox()] == [2]
    assert [record.getMessage() for record in caplog.records if "messages wait for the outbox" in record.getMessage()] == [
        f"messages wait for the outbox: sqlite:///{path}: the database is locked; found database is locked."
        " Another program is writing to it; close it or wait, then run the command again"
    ]
