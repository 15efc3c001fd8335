"""``doorline evaluate`` as a user runs it: on a judged run, on its logs, with demands, with truth files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import BUSY, write_truth
from tests.cli.running import Done, doorline
from tests.pipeline_run.conftest import Office


def evaluate(office: Office, *more: str | Path) -> Done:
    return doorline("evaluate", *more, "--config", "doorline.yaml", cwd=office.folder)


def figures_of(path: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return figures


def test_a_run_and_its_log_give_the_same_figures(judged: tuple[Office, Done], tmp_path: Path) -> None:
    office, done = judged
    truth = write_truth(tmp_path / "busy.truth.json")
    live, again = tmp_path / "live.json", tmp_path / "again.json"
    logs = office.folder / "out" / "observations" / done.json["run"]
    first = evaluate(office, truth, "--json", live, "--require", "recall=1", "--require", "precision=1", "--require", "attribution=1")
    second = evaluate(office, truth, "--json", again, "--log", logs)
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    told, replayed = figures_of(live), figures_of(again)
    assert told["figures"]["outcomes"] == {
        "hit": 1,
        "miss": 0,
        "false_alarm": 0,
        "duplicate": 0,
        "wrong_kind": 0,
        "not_counted": 0,
    }
    assert told["figures"]["attributions"]["right_place"] == 1
    for name in ("figures", "by", "clips"):
        assert told[name] == replayed[name], name


def test_what_is_not_reached_ends_with_one_line_each(judged: tuple[Office, Done], tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "busy.truth.json", events=[])
    done = evaluate(judged[0], truth, "--require", "precision=0.9", "--require", "recall=0.9", "--require", "wrong-shop=0")
    assert done.code == 1
    assert "false alarm" in done.out
    lines = done.err.splitlines()
    assert lines[0] == "not reached 2 demands"
    assert "precision: not reached; expected at least 0.9; found 0" in lines[1]
    assert "recall: not reached; expected at least 0.9; found nothing to measure" in lines[2]


def test_clips_that_nobody_judged_are_named_and_meet_no_demand(judged: tuple[Office, Done], tmp_path: Path) -> None:
    truths = tmp_path / "truths"
    truths.mkdir()
    write_truth(truths / "busy.truth.json")
    write_truth(truths / "later.truth.json", clip="LATER.mp4", starts_at="2024-01-31T11:42:17+08:00", events=[])
    assert evaluate(judged[0], truths).code == 0
    done = evaluate(judged[0], truths, "--require", "recall=0.9")
    assert done.code == 1
    assert "not judged LATER.mp4: no source of this camera and time in the run" in done.err
    assert "clips: not all judged" in done.err


def test_the_page_shows_the_mistakes_of_the_real_footage(judged: tuple[Office, Done], tmp_path: Path) -> None:
    office = judged[0]
    truth = write_truth(tmp_path / "busy.truth.json", events=[])
    done = evaluate(office, truth, "--page", tmp_path / "page", "--clips", office.folder)
    assert (done.code, done.err) == (0, "")
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 1
    assert BUSY.replace("'", "&#x27;") in page


def test_a_wrong_truth_file_is_refused_in_lines_that_name_the_place(judged: tuple[Office, Done], tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "busy.truth.json", lenght_s=40)
    done = evaluate(judged[0], truth)
    assert done.code == 2
    assert f"{truth}: lenght_s: unknown key. Did you mean 'length_s'?" in done.err


def test_an_unknown_demand_is_refused_before_anything_is_read(judged: tuple[Office, Done], tmp_path: Path) -> None:
    done = evaluate(judged[0], tmp_path / "missing.truth.json", "--require", "precison=0.9")
    assert done.code == 2
    assert "not a demand" in done.err
    assert "precison=0.9" in done.err


def test_a_truth_that_is_not_there_is_one_error(judged: tuple[Office, Done], tmp_path: Path) -> None:
    done = evaluate(judged[0], tmp_path / "missing.truth.json")
    assert done.code == 2
    assert "cannot read truth" in done.err
