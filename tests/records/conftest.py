"""The databases that the same tests run on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.records import Records
from tests.records.postgres import PostgresServer


@dataclass(frozen=True, slots=True)
class Place:
    """An empty database: its URL, and the server and name behind it where it is PostgreSQL."""

    url: str
    server: PostgresServer | None
    name: str


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/doorline.db", None, "")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"t{uuid.uuid4().hex}"
    return Place(server.create_database(name), server, name)


@pytest.fixture
def records(place: Place) -> Iterator[Records]:
    with Records.open(place.url, busy_timeout_s=0.2) as opened:
        yield opened
