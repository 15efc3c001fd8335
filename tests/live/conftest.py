"""Films are made once per session."""

from __future__ import annotations

import pytest

from tests.live.street_film import Film, make_film
from tests.readers.conftest import ClipFactory, clip

__all__ = ["ClipFactory", "clip"]


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """The small street, 320x240."""
    return make_film(tmp_path_factory.mktemp("film") / "street.mp4")


@pytest.fixture(scope="session")
def large_street(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """The same street, 480x360."""
    return make_film(tmp_path_factory.mktemp("film") / "large.mp4", (480, 360))
