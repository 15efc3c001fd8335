"""The tables come from the migrations alone, once, whoever starts first."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import CheckConstraint, Connection, create_engine, inspect

from pipeline.errors import RecordError
from pipeline.records import Records, RunState
from pipeline.records.schema import VERSION_TABLE
from pipeline.records.tables import Table
from tests.records.conftest import Place
from tests.records.postgres import PostgresServer
from tests.records.samples import START, furnish, run_info


@contextmanager
def plain_connection(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def execute(url: str, statement: str) -> None:
    with plain_connection(url) as connection:
        connection.exec_driver_sql(statement)


def test_the_migrated_tables_are_those_of_the_models(place: Place) -> None:
    Records.open(place.url).close()
    with plain_connection(place.url) as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Table.metadata) == []
        inspector = inspect(connection)
        for table in Table.metadata.sorted_tables:  # not compared by alembic
            checks = {check["name"] for check in inspector.get_check_constraints(table.name)}
            assert checks == {constraint.name for constraint in table.constraints if isinstance(constraint, CheckConstraint)}
            assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [column.name for column in table.primary_key]


def test_the_comparison_sees_a_missing_column(place: Place) -> None:
    Records.open(place.url).close()
    execute(place.url, "ALTER TABLE runs DROP COLUMN command")
    with plain_connection(place.url) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert [change[0] for change in compare_metadata(context, Table.metadata)] == ["add_column"]


def test_opening_again_keeps_everything(place: Place) -> None:
    for _ in range(2):
        with Records.open(place.url) as records:
            furnish(records)
    with Records.open(place.url) as records:
        assert len(records.list_runs()) == 1


def test_records_of_an_older_version_stay_and_get_the_new_tables(place: Place) -> None:
    with Records.open(place.url) as records:
        furnish(records)
    for table in (
        "sign_ins",
        "case_photos",
        "draws",
        "audit",
        "api_tokens",
        "sessions",
        "accounts",
        "case_steps",
        "cases",
        "camera_watches",
        "outbox",
    ):
        execute(place.url, f"DROP TABLE {table}")
    for column in ("saved_at", "saved_by"):
        execute(place.url, f"ALTER TABLE zone_versions DROP COLUMN {column}")
    execute(place.url, "ALTER TABLE sources DROP COLUMN content")
    execute(place.url, "UPDATE doorline_version SET version_num = '0001'")
    with Records.open(place.url) as records:
        assert len(records.list_runs()) == 1
        assert records.list_outbox() == ()


def test_a_database_of_a_newer_version_is_refused(place: Place) -> None:
    Records.open(place.url).close()
    execute(place.url, "UPDATE doorline_version SET version_num = '9999'")
    with pytest.raises(RecordError, match=r"newer version of doorline; expected 0007; found 9999. Update doorline"):
        Records.open(place.url)


def test_the_tables_of_another_program_are_not_touched(place: Place) -> None:
    execute(place.url, "CREATE TABLE violations (a INTEGER)")
    with pytest.raises(RecordError, match=r"not a database of doorline.*found tables violations"):
        Records.open(place.url)
    with plain_connection(place.url) as connection:
        assert inspect(connection).get_table_names() == ["violations"]


def test_a_failing_upgrade_leaves_nothing_behind_and_can_be_repeated(place: Place) -> None:
    execute(place.url, "CREATE VIEW violations AS SELECT 1 AS a")  # stops the upgrade half-way
    with pytest.raises(RecordError, match="already"):
        Records.open(place.url)
    with plain_connection(place.url) as connection:
        assert inspect(connection).get_table_names() == []
    execute(place.url, "DROP VIEW violations")
    with Records.open(place.url) as records:
        furnish(records)


def _open(url: str, run_id: str) -> None:
    with Records.open(url) as records:
        furnish(records, run_info(run_id))
        records.finish_run(run_id, RunState.FINISHED, START)


@pytest.mark.long
def test_processes_that_start_at_once_upgrade_once(place: Place) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_open, args=(place.url, f"run-{number}")) for number in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    with Records.open(place.url) as records:
        assert len(records.list_runs()) == 4


@pytest.mark.postgres
def test_a_postgres_database_may_be_shared_with_other_programs(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("shared")
    postgres_server.execute(sql.SQL("CREATE TABLE alembic_version (version_num TEXT)"), "shared")
    with Records.open(url) as records:
        assert records.list_runs() == ()


def test_sqlite_is_set_up_for_readers_beside_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "doorline.db"
    with Records.open(f"sqlite:///{path}") as records:
        furnish(records)
        with closing(sqlite3.connect(path)) as reader:
            assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM runs").fetchone() == (1,)
            records.start_run(run_info("run-2"), "")  # a reader does not keep the writer waiting
            assert reader.execute("SELECT count(*) FROM runs").fetchone() == (1,)
