"""A database that is locked, gone or replaced in mid-run, and a server that stops: told, and made good by going on."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.records import Records, RunState
from tests.cli.conftest import BUSY, QUIET
from tests.cli.running import Done, batch, content, doorline, verified
from tests.pipeline_run.conftest import Office
from tests.records.postgres import PostgresServer

IMPATIENT = "\nrecords: {busy_timeout_s: 0.2}\n"


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["lock-before-row", "lock-before-source", "lock-at-end"])
def test_a_locked_database_is_told_and_going_on_makes_it_good(trouble: str, office: Office, judged: tuple[Office, Done]) -> None:
    impatient(office)
    done = batch(office, QUIET, BUSY, trouble=trouble)
    assert done.code == 1, done
    assert "Traceback" not in done.err
    errors = [source["error"] for source in done.json["sources"]]
    locked = f"sqlite:///{office.folder}/out/doorline.db: the database is locked"
    assert errors[0] is None
    assert (errors[1] is None) == (trouble == "lock-at-end")
    assert errors[1] is None or errors[1].startswith(locked)
    assert str(done.json["error"]).startswith(locked), "nobody could record the end of the run"
    assert len(office.rows("violations")) == (trouble == "lock-at-end")
    resumed = doorline(*done.resume_words(), cwd=office.folder)
    assert resumed.code == 0, resumed
    assert office.partials() == []
    assert content(office) == content(judged[0])
    verified(office)


def test_a_database_that_is_locked_from_the_start_is_one_line(office: Office) -> None:
    impatient(office)
    (office.folder / "out").mkdir()
    with closing(sqlite3.connect(office.folder / "out" / "doorline.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        batch(office, QUIET).the_error("out/doorline.db: the database is locked", "close it or wait", code=1)


@pytest.mark.parametrize("case", ["no database", "not a folder", "unknown kind", "no server"])
def test_a_database_that_cannot_be_opened_is_one_line(case: str, office: Office) -> None:
    urls = {"unknown kind": "mysql://u:geheim@h/d", "no server": f"postgresql+psycopg://u:geheim@/d?host={office.folder}"}
    (office.folder / "out").mkdir()
    if case == "no database":
        (office.folder / "out" / "doorline.db").write_text("camera,place\n" * 500, encoding="utf-8")
    elif case == "not a folder":
        (office.folder / "out").rmdir()
        (office.folder / "out").touch()
    else:
        use_database(office, urls[case])
    line = batch(office, QUIET).the_error("database", code=1)
    assert "geheim" not in line


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["remove-database", "replace-database"])
def test_a_database_that_goes_away_in_mid_run(trouble: str, office: Office, judged: tuple[Office, Done]) -> None:
    done = batch(office, QUIET, BUSY, trouble=trouble)
    assert done.code == 1, done
    assert "Traceback" not in done.err
    quiet, busy = done.json["sources"]
    assert quiet["error"] is None
    assert "database" in busy["error"]
    assert done.json["error"]
    for path in (office.folder / "out").glob("moved-*"):
        path.replace(path.with_name(path.name.removeprefix("moved-")))
    assert office.rows("violations") == []
    resumed = doorline(*done.resume_words(), cwd=office.folder)
    assert resumed.code == 0, resumed
    assert office.partials() == []
    assert content(office) == content(judged[0])
    verified(office)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of one's own: it will be stopped."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.mark.long
@pytest.mark.postgres
def test_a_postgresql_server_that_stops_in_mid_run(office: Office, server: PostgresServer, judged: tuple[Office, Done]) -> None:
    url = server.create_database(f"t{uuid.uuid4().hex}")
    use_database(office, url)
    pid_file = Path(url.partition("host=")[2]) / "data" / "postmaster.pid"
    done = batch(office, QUIET, BUSY, trouble="stop-postgres", environment={"POSTMASTER_PID": str(pid_file)})
    assert done.code == 1, done
    assert "Traceback" not in done.err
    assert "geheim" not in done.out + done.err
    quiet, busy = done.json["sources"]
    assert quiet["error"] is None
    assert "the database is gone" in busy["error"]
    assert "the database" in done.json["error"]
    server.start()
    resumed = doorline(*done.resume_words(), cwd=office.folder)
    assert resumed.code == 0, resumed
    assert [source["state"] for source in resumed.json["sources"]] == ["kept", "finished"]
    with Records.open(url) as records:
        assert records.find_run("latest").state is RunState.FINISHED
        (row,) = records.list_violations()
        files = {file.sha256 for file in records.evidence_files(row.run_id).values()}
    assert files == {line[3] for line in content(judged[0])["evidence"]}
    assert office.partials() == []
    verified(office)


def impatient(office: Office) -> None:
    """Do not wait long for locks."""
    office.config.write_text(office.config.read_text(encoding="utf-8") + IMPATIENT, encoding="utf-8")


def use_database(office: Office, url: str) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(f"{text}\nrecords: {{url: '{url}'}}\n", encoding="utf-8")
