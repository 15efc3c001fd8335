"""A database that is locked, gone or no database: one clear line, nothing half-saved, and the same call works afterwards."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from pipeline.errors import RecordError
from pipeline.records import Records, ViolationEntry
from pipeline.shops import ShopRegistry
from tests.records.conftest import Place
from tests.records.postgres import PostgresServer
from tests.records.samples import SHOPS, entry, furnish, run_info, violation


def assert_saved(records: Records, saved: ViolationEntry) -> None:
    detail = records.violation(saved.violation.violation_id)
    assert detail.evidence == saved.evidence
    assert len(detail.events) == len(saved.events)


def one_line(err: RecordError) -> str:
    line = str(err)
    assert "\n" not in line
    assert "sqlalchemy" not in line.lower()
    assert "geheim" not in line
    return line


# --- SQLite ------------------------------------------------------------------------------------------------


def test_a_locked_file_is_said_and_the_call_works_once_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}", busy_timeout_s=0.05) as records, closing(sqlite3.connect(path, isolation_level=None)) as other:
        source_id = furnish(records)
        saved = entry(violation())
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordError) as caught:
            records.save_violation("run-1", source_id, saved)
        line = one_line(caught.value)
        assert line.startswith(f"sqlite:///{path}: the database is locked")
        assert "close it or wait" in line
        other.execute("ROLLBACK")
        assert records.list_violations() == ()
        records.save_violation("run-1", source_id, saved)
        assert_saved(records, saved)


def test_a_lock_that_is_let_go_in_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}", busy_timeout_s=30) as records:
        furnish(records)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            asked: list[int] = []

            def let_go() -> int:
                asked.append(1)
                return 1 if len(asked) > 20 else 0  # interrupts the other's statement, which ends its lock

            other.execute("BEGIN IMMEDIATE")
            other.set_progress_handler(let_go, 1000)
            with pytest.raises(sqlite3.OperationalError, match="interrupted"):
                other.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
            other.execute("ROLLBACK")
        records.start_run(run_info("run-2"), "")
        assert len(records.list_runs()) == 2


def test_locked_while_opening(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RecordError, match="the database is locked"):
            Records.open(f"sqlite:///{path}", busy_timeout_s=0.05)
        other.execute("ROLLBACK")
    Records.open(f"sqlite:///{path}", busy_timeout_s=0.05).close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    path.write_text("camera,place\n" * 500, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(RecordError, match=r"not a database.*move it away") as caught:
        Records.open(f"sqlite:///{path}")
    one_line(caught.value)
    assert path.read_bytes() == before


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        furnish(records)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(RecordError, match=r"damaged.*backup"), Records.open(f"sqlite:///{path}") as records:
        records.list_violations()


def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        furnish(records)
    with Records.open(f"sqlite:///file:{path}?mode=ro&uri=true") as records:
        assert len(records.list_runs()) == 1
        with pytest.raises(RecordError, match=r"the database is read-only.*right to write"):
            records.start_run(run_info("run-2"), "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_without_the_right_to_write(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        furnish(records)
    path.chmod(0o444)
    with Records.open(f"sqlite:///{path}") as records, pytest.raises(RecordError, match="read-only"):
        records.start_run(run_info("run-2"), "")


def test_no_folder_can_be_made_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="cannot create the folder") as caught:
        Records.open(f"sqlite:///{tmp_path}/file/below/doorline.db")
    assert "records.url" in one_line(caught.value)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot open the database"):
        Records.open(f"sqlite:///{tmp_path}")


def test_a_file_that_is_moved_away_and_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    (tmp_path / "away").mkdir()
    names = ("doorline.db", "doorline.db-wal", "doorline.db-shm")
    with Records.open(f"sqlite:///{path}") as records:
        source_id = furnish(records)
        saved = entry(violation())
        for name in names:
            (tmp_path / name).rename(tmp_path / "away" / name)
        for _ in range(2):
            with pytest.raises(RecordError, match=r"the database is gone; found no file at this place\. Nothing of this step was saved"):
                records.save_violation("run-1", source_id, saved)
        assert not path.exists()
        for left in (tmp_path / "away").iterdir():
            left.rename(tmp_path / left.name)
        assert records.list_violations() == ()
        records.save_violation("run-1", source_id, saved)
        assert_saved(records, saved)


def test_a_file_that_is_restored_from_a_backup_is_used_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        source_id = furnish(records)
        with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
            live.backup(backup)
        records.save_violation("run-1", source_id, entry(violation("v-lost")))
        for name in ("doorline.db-wal", "doorline.db-shm"):
            (tmp_path / name).unlink()
        (tmp_path / "backup.db").replace(path)
        assert records.list_violations() == ()
        records.save_violation("run-1", source_id, entry(violation()))
    with Records.open(f"sqlite:///{path}") as records:
        assert [row.violation_id for row in records.list_violations()] == ["v-0a1b2c"]


def test_a_file_that_vanishes_in_the_middle_of_a_transaction(tmp_path: Path) -> None:
    path = tmp_path / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        furnish(records)

        class Vanishing(ShopRegistry):
            """Deletes the file while the shops are being saved."""

            def __getattribute__(self, name: str) -> Any:
                if name == "tenancies":
                    path.unlink(missing_ok=True)
                return super().__getattribute__(name)

        with pytest.raises(RecordError, match="the file was deleted or replaced"):
            records.save_shops(Vanishing(SHOPS.tenancies))
        with pytest.raises(RecordError, match="no file at this place"):
            records.list_runs()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("out/doorline.db", "not a database address"),
        ("", "not a database address"),
        ("mysql://root:geheim@db/doorline", "unknown kind of database"),
        ("nosuchthing://u:geheim@db/doorline", "unknown kind of database"),
        ("postgresql+psycopg2://u:geheim@db/doorline", "cannot use this kind of database"),
        ("postgresql+psycopg://u:geheim@db:port/doorline", "not a database address"),
    ],
)
def test_addresses_that_cannot_be_used(url: str, found: str) -> None:
    with pytest.raises(RecordError, match=found) as caught:
        Records.open(url)
    assert "expected sqlite:///PATH or postgresql+psycopg://" in one_line(caught.value)


# --- PostgreSQL --------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_server_that_stops_and_comes_back(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("stopping")
    with Records.open(url) as records:
        source_id = furnish(records)
        saved = entry(violation())
        postgres_server.stop()
        try:
            with pytest.raises(RecordError) as caught:
                records.save_violation("run-1", source_id, saved)
            line = one_line(caught.value)
            assert "the database is gone" in line
            assert "://***@/stopping" in line
            with pytest.raises(RecordError, match="gone"):
                Records.open(url)
        finally:
            postgres_server.start()
        assert records.list_violations() == ()
        records.save_violation("run-1", source_id, saved)
        assert_saved(records, saved)


@pytest.mark.postgres
def test_a_connection_that_is_cut_in_the_middle_of_a_violation(postgres_server: PostgresServer) -> None:
    records = Records.open(postgres_server.create_database("cutting"))
    with records:
        source_id = furnish(records)
        # The server itself cuts the connection while the last of the statements runs.
        postgres_server.execute(
            sql.SQL(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NEW; END $$"
            ),
            "cutting",
        )
        postgres_server.execute(sql.SQL("CREATE TRIGGER cut BEFORE INSERT ON evidence_files EXECUTE FUNCTION cut()"), "cutting")
        saved = entry(violation())
        with pytest.raises(RecordError) as caught:
            records.save_violation("run-1", source_id, saved)
        assert "the database is gone" in one_line(caught.value)
        assert records.list_violations() == ()
        postgres_server.execute(sql.SQL("DROP TRIGGER cut ON evidence_files"), "cutting")
        records.save_violation("run-1", source_id, saved)
        assert_saved(records, saved)


@pytest.mark.postgres
def test_a_locked_table(postgres_server: PostgresServer) -> None:
    with Records.open(postgres_server.create_database("locking"), busy_timeout_s=0.05) as records:
        source_id = furnish(records)
        with postgres_server.connect("locking") as other:
            other.execute("LOCK TABLE evidence_files")
            with pytest.raises(RecordError, match="the database is locked"):
                records.save_violation("run-1", source_id, entry(violation()))
        assert records.list_violations() == ()
        records.save_violation("run-1", source_id, entry(violation()))
        assert_saved(records, entry(violation()))


@pytest.mark.postgres
def test_a_database_or_right_that_is_wanting(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("wanting")
    with pytest.raises(RecordError, match=r"does not exist.*Create the database") as caught:
        Records.open(url.replace("/wanting", "/nowhere"))
    one_line(caught.value)
    postgres_server.execute(sql.SQL("CREATE ROLE guest LOGIN"))
    with pytest.raises(RecordError, match=r"permission denied.*Grant"):
        Records.open(url.replace("//doorline:", "//guest:"))


def test_the_same_call_works_after_a_refused_row(place: Place) -> None:
    with Records.open(place.url) as records:
        source_id = furnish(records)
        saved = entry(violation())
        with pytest.raises(RecordError):
            records.save_violation("run-9", source_id, saved)
        records.save_violation("run-1", source_id, saved)
        assert_saved(records, saved)
