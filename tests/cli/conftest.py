"""Two sources with names that a shell must quote: a street where nothing happens, and one where a carton stands for a while."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Done, batch
from tests.pipeline_run.conftest import PUT_DOWN_S, TAKEN_AWAY_S, Office, film, make_office

QUIET = "CAM01 it's 门口_20240131_084217.mp4"
BUSY = "CAM01 it's 门口_20240131_094217.mp4"


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both sources."""
    folder = tmp_path_factory.mktemp("films")
    film(folder / QUIET, 6)
    film(folder / BUSY, 40)
    return folder


@pytest.fixture
def office(tmp_path: Path, films: Path) -> Office:
    """An office that has not judged anything yet."""
    return furnished(tmp_path, films)


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory, films: Path) -> tuple[Office, Done]:
    """An office that has judged both sources undisturbed, and what the command said. Not to be changed."""
    office = furnished(tmp_path_factory.mktemp("judged"), films)
    return office, batch(office, QUIET, BUSY)


def furnished(folder: Path, films: Path) -> Office:
    """Configuration, zones and both sources."""
    for source in films.iterdir():
        shutil.copy(source, folder)
    return make_office(folder)


def write_truth(path: Path, **changes: Any) -> Path:
    """What happens in the busy source, as a truth file; ``changes`` replace keys of the file."""
    carton = [200 / 320, 176 / 240, 244 / 320, 212 / 240]
    event = {
        "name": "carton",
        "kind": "pavement_piling",
        "place": "corner",
        "began_s": PUT_DOWN_S,
        "ended_s": TAKEN_AWAY_S,
        "boxes": [{"from_s": PUT_DOWN_S, "to_s": TAKEN_AWAY_S, "box": carton}],
    }
    truth = {"format": 2, "clip": BUSY, "camera_id": "CAM01", "starts_at": "2024-01-31T09:42:17+08:00", "length_s": 40, "events": [event]}
    path.write_text(json.dumps(truth | changes, ensure_ascii=False), encoding="utf-8")
    return path
