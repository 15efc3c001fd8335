"""Consoles to test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pipeline.records import Records
from tests.review.street import Street, furnish_street


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        yield furnish_street(records, tmp_path)


@pytest.fixture(autouse=True)
def closed_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nobody stays before a screen after a test: pages that ask for news would go on doing so, dozens in the browser of a module."""
    browser: Browser | None = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for context in browser.contexts if browser else ():
        context.close()
