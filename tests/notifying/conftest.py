"""Databases to keep an outbox in, and a clock that tests turn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.notifying.samples import NOW
from tests.records.conftest import place, postgres_server, records

__all__ = ["place", "postgres_server", "records"]


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()
