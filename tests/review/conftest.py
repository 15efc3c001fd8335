"""Consoles to test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.records import Records
from tests.review.street import Street, furnish_street


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        yield furnish_street(records, tmp_path)
