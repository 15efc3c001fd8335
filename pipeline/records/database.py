"""One database, SQLite or PostgreSQL: connections, transactions, and its errors as one clear line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.addresses import hide_secrets
from pipeline.errors import RecordError
from pipeline.records.tables import Table

_CONNECT_TIMEOUT_S = 10
_RETRY_S = 0.05
_BEGIN = "doorline_begin"
_EXPECTED_URL = "sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"


class Database:
    """Engine and transactions. Every error of the database leaves as RecordError, with nothing half-committed."""

    def __init__(self, url: str, *, busy_timeout_s: float, create: bool = True) -> None:
        """Prepare, without connecting.

        Args:
            url: SQLAlchemy's address of a SQLite or PostgreSQL database.
            busy_timeout_s: how long to wait for locks.
            create: make the folder of a SQLite file, so that connecting makes the file.

        Raises:
            RecordError: an address that can't be used, or no file there (unless ``create``).
        """
        self._url = _parse(url)
        self._busy_timeout_s = busy_timeout_s
        self.where = hide_secrets(self._url.render_as_string(hide_password=True))
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._file = _file_of(self._url) if self.is_sqlite else None
        self._known_file: tuple[int, int] | None = None
        if self._file is not None and create:
            self._make_folder(self._file)
        elif self._file is not None and _is_missing(self._file):
            raise self.nothing_yet()
        self._engine = self._create_engine(busy_timeout_s)
        # On PostgreSQL, each statement would otherwise see what others committed in between.
        self._reader = self._engine if self.is_sqlite else self._engine.execution_options(isolation_level="REPEATABLE READ")
        # A transaction that first reads and then writes fails at once on SQLite if somebody else wrote in between,
        # timeout or not. One that means to write therefore takes the write lock at its beginning.
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view of the records."""
        self._follow_file()
        with self._translated(), Session(self._reader) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it, or after any error nothing."""
        self._follow_file()
        with self._translated(), Session(self._writer) as session, session.begin():
            yield session
            self._miss_file()

    @contextmanager
    def writing_connection(self) -> Iterator[Connection]:
        """As ``writing``, without objects: for changes of the schema."""
        with self._translated(), self._writer.begin() as connection:
            yield connection

    def use_wal(self) -> None:
        """Let readers and one writer of a SQLite file work side by side; kept in the file from then on."""
        deadline = time.monotonic() + self._busy_timeout_s
        # Where several processes switch a new file at once, SQLite refuses some of them without waiting.
        while not self._try_wal(last=time.monotonic() >= deadline):
            time.sleep(_RETRY_S)

    def _try_wal(self, *, last: bool) -> bool:
        outside = self._engine.execution_options(**{_BEGIN: ""})  # the mode can't be changed inside a transaction
        with self._translated(), outside.connect() as connection:
            try:
                if connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() not in {"wal", "memory"}:
                    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            except OperationalError as err:
                if last or "locked" not in str(err.orig):
                    raise
                return False
        return True

    def insert(self, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
        """INSERT that knows ON CONFLICT."""
        return _insert(table, is_sqlite=self.is_sqlite)

    def upsert(self, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
        """INSERT that replaces all other columns of a row with the same primary key."""
        return _upsert(table, is_sqlite=self.is_sqlite)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def nothing_yet(self) -> RecordError:
        """The error of somebody who wants to read where nothing was ever written."""
        hint = "Run doorline batch first, or check records.url"
        return RecordError("no records yet", where=str(self._file or self.where), hint=hint)

    def settle(self) -> None:
        """Say that the tables are in place: from now on a SQLite file that vanishes is missed, not made anew."""
        self._known_file = _identity(self._file)

    def _make_folder(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            hint = "Change records.url"
            raise RecordError("cannot create the folder of the database", where=self.where, found=str(err), hint=hint) from err

    def _follow_file(self) -> None:
        """Connect to the file that lies there now, if it was replaced (say, restored from a backup)."""
        found = _identity(self._file)
        if self._known_file is None or found == self._known_file:
            return
        self._engine.dispose()
        if found is None:
            raise self._gone("no file at this place")
        self._known_file = found

    def _miss_file(self) -> None:
        """Refuse to commit into a file that was deleted or replaced meanwhile: SQLite itself would not notice."""
        if self._known_file is not None and _identity(self._file) != self._known_file:
            raise self._gone("the file was deleted or replaced")

    def _gone(self, found: str) -> RecordError:
        hint = "Nothing of this step was saved. Bring the database back or check records.url, then go on"
        return RecordError("the database is gone", where=self.where, found=found, hint=hint)

    def _create_engine(self, busy_timeout_s: float) -> Engine:
        if self.is_sqlite:
            engine = create_engine(self._url, hide_parameters=True, connect_args={"timeout": busy_timeout_s})
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        milliseconds = max(1, round(busy_timeout_s * 1000))
        options = f"{self._url.query.get('options', '')} -c lock_timeout={milliseconds}".strip()
        try:
            return create_engine(
                self._url,
                hide_parameters=True,
                pool_pre_ping=True,  # a server that came back is found again by the next call
                connect_args={"options": options, "connect_timeout": _CONNECT_TIMEOUT_S, "application_name": "doorline"},
            )
        except (ImportError, SQLAlchemyError) as err:
            raise RecordError("cannot use this kind of database", where=self.where, expected=_EXPECTED_URL, found=str(err)) from err

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as err:
            raise self._as_record_error(err) from err

    def _as_record_error(self, err: SQLAlchemyError) -> RecordError:
        cause = err.orig if isinstance(err, StatementError) and err.orig is not None else err
        found = (str(cause).strip() or type(cause).__name__).splitlines()[0]
        if not isinstance(err, DBAPIError) or isinstance(err, IntegrityError):
            return RecordError("the database refuses the row", where=self.where, found=found)
        for sign, what, hint in _SIGNS:
            if sign in found.lower():
                return RecordError(what, where=self.where, found=found, hint=hint)
        if not self.is_sqlite and (err.connection_invalidated or getattr(cause, "sqlstate", None) is None):
            return self._gone(found)
        return RecordError("the database fails", where=self.where, found=found)


@cache
def _insert(table: type[Table], *, is_sqlite: bool) -> sqlite.Insert | postgresql.Insert:
    core = table.metadata.tables[table.__tablename__]
    return sqlite.insert(core) if is_sqlite else postgresql.insert(core)


@cache
def _upsert(table: type[Table], *, is_sqlite: bool) -> sqlite.Insert | postgresql.Insert:
    insert = _insert(table, is_sqlite=is_sqlite)
    core = table.metadata.tables[table.__tablename__]
    others = {column.name: insert.excluded[column.name] for column in core.columns if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=list(core.primary_key), set_=others)


_SIGNS = (
    ("database is locked", "the database is locked", "Another program is writing to it; close it or wait, then run the command again"),
    ("lock timeout", "the database is locked", "Another program holds a lock; wait for it to end, then run the command again"),
    ("readonly database", "the database is read-only", "Give this user the right to write to the file and its folder"),
    ("not a database", "not a database", "Another file lies at this place; move it away or change records.url"),
    ("unable to open database file", "cannot open the database", "Check that the path is a file in a folder this user may write to"),
    ("disk is full", "the disk is full", "Nothing of this step was saved. Make room, then run the command again"),
    ("no space left", "the disk is full", "Nothing of this step was saved. Make room, then run the command again"),
    ("malformed", "the database is damaged", "Restore it from a backup"),
    ("disk i/o error", "the database cannot be read or written", "Check the disk"),
    ("terminating connection", "the database is gone", "Nothing of this step was saved. Run the command again"),
    ("shutting down", "the database is gone", "Nothing of this step was saved. Wait for the server, then run the command again"),
    ("starting up", "the database is not ready", "Wait for the server, then run the command again"),
    ("password authentication failed", "the database refuses the password", "Check user and password in records.url"),
    ("does not exist", "the database has no such thing", "Create the database or check records.url"),
    ("permission denied", "the database refuses this user", "Grant the user of records.url the right to create and write tables"),
)
"""What a message says (in lower case) -> what a user is told, first match."""


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as err:
        raise RecordError("not a database address", where="records.url", expected=_EXPECTED_URL) from err
    if backend not in {"sqlite", "postgresql"}:
        raise RecordError("unknown kind of database", where="records.url", expected=_EXPECTED_URL, found=f"{backend}:")
    return url


def _file_of(url: URL) -> Path | None:
    """The file of a SQLite address; None for one in memory or given with SQLite's own ``file:`` address."""
    name = url.database
    return Path(name) if name and name != ":memory:" and not name.startswith("file:") else None


def _is_missing(file: Path) -> bool:
    try:
        return not file.exists()
    except OSError:  # out of reach: connecting says so
        return False


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set up each new connection."""
    # The driver would begin transactions by itself, before writes only; _begin_sqlite does it for all.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # FULL: a committed record survives a power cut. Rows come a few a minute, so the price does not show.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    statement = str(connection.get_execution_options().get(_BEGIN, "BEGIN"))
    if statement:
        connection.exec_driver_sql(statement)
