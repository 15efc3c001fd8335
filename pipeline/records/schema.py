"""Brings an empty or older database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from pipeline.errors import RecordError
from pipeline.records.database import Database
from pipeline.records.tables import Table

VERSION_TABLE = "doorline_version"
"""Where the version is kept: not alembic's own name, which another program may use in the same database."""

_LOCK_KEY = 0x446F6F726C696E65
"""Of PostgreSQL's advisory lock while upgrading: "Doorline" in ASCII."""


def upgrade(database: Database, *, create: bool = True) -> None:
    """Create (unless ``create`` is False) or upgrade the tables, once, however many processes ask at the same time.

    RecordError for a database of a newer version, one that holds something else, or one without tables that may
    not be created.
    """
    if database.is_sqlite and create:  # an empty file stays as it is for those who only read
        database.use_wal()
    config = _config()
    versions = ScriptDirectory.from_config(config)
    with database.reading() as session:
        version = _version(session.connection(), versions, database)
        if version == versions.get_current_head():
            return
        if version is None and not create:
            raise database.nothing_yet()
    with database.writing_connection() as connection:
        # On SQLite the transaction already holds the only write lock.
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if _version(connection, versions, database) == versions.get_current_head():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _version(connection: Connection, versions: ScriptDirectory, database: Database) -> str | None:
    """The version of the tables; None for an empty database."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    version = context.get_current_revision()
    if version is None:
        _refuse_foreign(connection, database)
    elif version not in {revision.revision for revision in versions.walk_revisions()}:
        raise RecordError(
            "the database is of a newer version of doorline",
            where=database.where,
            expected=str(versions.get_current_head()),
            found=version,
            hint="Update doorline, or use another database",
        )
    return version


def _refuse_foreign(connection: Connection, database: Database) -> None:
    """A file with other tables belongs to another program; a PostgreSQL database may be shared if no name clashes."""
    names = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    strangers = names if database.is_sqlite else names & set(Table.metadata.tables)
    if strangers:
        raise RecordError(
            "not a database of doorline",
            where=database.where,
            expected="an empty database or records",
            found=f"tables {', '.join(sorted(strangers)[:5])}",
            hint="Use another database",
        )
