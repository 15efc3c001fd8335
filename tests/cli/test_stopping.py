"""Ctrl-C and SIGTERM: the current write is finished, the user is told how to go on, and going on gives the whole."""

from __future__ import annotations

import pytest

from pipeline.records import RunState
from tests.cli.conftest import BUSY, QUIET
from tests.cli.running import Done, batch, content, doorline, verified
from tests.pipeline_run.conftest import Office


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["ctrl-c-in-source", "ctrl-c-in-ffmpeg", "sigterm-in-source"])
def test_stopped_and_gone_on_with_the_command_it_says(trouble: str, office: Office, judged: tuple[Office, Done]) -> None:
    stopped = doorline("batch", QUIET, BUSY, "-c", "doorline.yaml", cwd=office.folder, trouble=trouble)
    assert stopped.code == 130, stopped
    assert "Traceback" not in stopped.err
    assert len(stopped.errors("stopping after the current write")) == 1
    assert len(stopped.errors("interrupted")) == 1
    assert states(office) == [("runs", RunState.INTERRUPTED), ("sources", RunState.FINISHED), ("sources", RunState.INTERRUPTED)]
    assert office.partials() == []
    assert len(office.rows("violations")) == (trouble == "ctrl-c-in-ffmpeg"), "what was being written is finished"
    verified(office)
    resumed = doorline(*stopped.resume_words(), cwd=office.folder)
    assert resumed.code == 0, resumed
    assert resumed.err == ""
    assert states(office)[0] == ("runs", RunState.FINISHED)
    assert content(office) == content(judged[0])
    verified(office)


@pytest.mark.long
def test_the_second_ctrl_c_stops_at_once_and_the_next_start_cleans_up(office: Office, judged: tuple[Office, Done]) -> None:
    stopped = batch(office, QUIET, BUSY, trouble="ctrl-c-twice")
    assert stopped.code == 130, stopped
    assert stopped.out == ""
    assert "Traceback" not in stopped.err
    (line,) = stopped.errors("stopped at once")
    assert "the next start removes what is half-written" in line
    assert office.rows("violations") == []
    resumed = doorline(*stopped.resume_words(), cwd=office.folder)
    assert resumed.code == 0, resumed
    assert len(resumed.json["reconciled"]) >= 1
    assert office.partials() == []
    assert content(office) == content(judged[0])
    verified(office)


@pytest.mark.long
def test_stopped_twice_it_still_says_the_one_command_to_go_on_with(office: Office) -> None:
    stopped = batch(office, QUIET, BUSY, trouble="ctrl-c-in-source")
    assert stopped.code == 130
    report = stopped.json
    assert report["interrupted"]
    assert [source["state"] for source in report["sources"]] == ["finished", "interrupted"]
    assert report["resume"].endswith(f"--json --resume {report['run']}")
    again = batch(office, QUIET, BUSY, "--resume=latest", trouble="ctrl-c-in-source")
    assert again.code == 130
    assert [source["state"] for source in again.json["sources"]] == ["kept", "interrupted"]
    assert again.json["resume"] == report["resume"]
    assert again.resume_words()[-2:] == ["--resume", report["run"]]


def states(office: Office) -> list[tuple[str, str]]:
    """State of the run, then of the sources in the order they were started."""
    runs = [("runs", str(row[1])) for row in office.rows("runs")]
    return runs + [("sources", str(row[10])) for row in office.rows("sources")]
