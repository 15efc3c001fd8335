"""A provider, and a console whose people may sign in by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.records import Records
from tests.review.oidc.provider import Provider, running
from tests.review.oidc.signing_in import street_with
from tests.review.street import Street


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(lambda: datetime.now(UTC)) as made:
        yield made


@pytest.fixture
def street(tmp_path: Path, provider: Provider) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        yield street_with(records, tmp_path, provider)
