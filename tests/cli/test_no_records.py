"""Reading before anything was recorded: one line that says so, and nothing is created. Writing creates what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import QUIET
from tests.cli.running import doorline
from tests.pipeline_run.conftest import Office

READING = {
    "list": ("records", "list"),
    "list-all": ("records", "list", "--run", "all"),
    "show": ("records", "show", "0a1b2c"),
    "export": ("records", "export", "--format", "csv", "--output", "records.csv"),
    "runs": ("records", "runs"),
    "verify": ("records", "verify"),
}


@pytest.mark.parametrize("command", READING)
def test_reading_says_that_there_are_no_records_yet(command: str, office: Office) -> None:
    before = lying_in(office.folder)
    done = doorline(*READING[command], "--config", "doorline.yaml", cwd=office.folder)
    done.the_error("out/doorline.db: no records yet", "Run doorline batch first", code=1)
    assert done.out == ""
    assert lying_in(office.folder) == before


def test_reading_leaves_an_empty_file_as_it_is(office: Office) -> None:
    (office.folder / "out").mkdir()
    (office.folder / "out" / "doorline.db").touch()
    before = lying_in(office.folder)
    doorline("records", "runs", "--config", "doorline.yaml", cwd=office.folder).the_error("out/doorline.db: no records yet", code=1)
    assert lying_in(office.folder) == before


def test_reading_does_not_take_an_unreachable_file_for_a_missing_one(office: Office) -> None:
    (office.folder / "out" / "doorline.db").mkdir(parents=True)
    done = doorline("records", "runs", "--config", "doorline.yaml", cwd=office.folder)
    done.the_error("out/doorline.db: cannot open the database", code=1)


@pytest.mark.long
def test_writing_creates_the_records_and_reading_finds_them(office: Office) -> None:
    assert doorline("batch", QUIET, "--config", "doorline.yaml", cwd=office.folder).code == 0
    done = doorline("records", "runs", "--config", "doorline.yaml", cwd=office.folder)
    assert (done.code, done.err) == (0, "")
    assert "finished" in done.out


def lying_in(folder: Path) -> dict[str, int]:
    """All paths below the folder with their sizes in bytes (0 for folders)."""
    return {str(path.relative_to(folder)): path.stat().st_size if path.is_file() else 0 for path in sorted(folder.rglob("*"))}
