"""Every command on an office that has judged its footage: exit codes, JSON, tables, exports, replay, previews, models."""

from __future__ import annotations

import csv
import hashlib
import http.server
import io
import json
import os
import pty
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import openpyxl
import pytest
import yaml

from pipeline.records import ExportFormat
from tests.cli.conftest import BUSY, QUIET, furnished
from tests.cli.running import ROOT, Done, doorline
from tests.pipeline_run.conftest import Office

pytestmark = pytest.mark.long
"""Each of these is short; together they stand on a whole run."""


def ask(judged: tuple[Office, Done], *arguments: str | Path) -> Done:
    """A command in the judged office."""
    return doorline(*arguments, "--config", "doorline.yaml", cwd=judged[0].folder)


def test_json_of_a_run_is_complete_and_canonical(judged: tuple[Office, Done]) -> None:
    office, done = judged
    assert (done.code, done.err) == (0, "")
    assert done.out == json.dumps(done.json, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    report = done.json
    assert (report["failed"], report["interrupted"], report["error"], report["resume"]) == (0, False, None, None)
    assert len(report["config_sha256"]) == len(report["zones_sha256"]) == 64
    assert report["evidence"] == str(office.evidence)
    quiet, busy = report["sources"]
    assert [quiet["source"], busy["source"]] == [QUIET, BUSY]
    assert quiet["violations"] == []
    assert (busy["state"], busy["looks"], busy["clock"], busy["start_at"]) == ("finished", 40, "file_name", "2024-01-31T01:42:17+00:00")
    (found,) = busy["violations"]
    assert found["kind"] == "pavement_piling"
    assert (found["first_seen_at"], found["first_seen_media_s"]) == ("2024-01-31T01:42:25+00:00", 8.0)
    assert (office.evidence / found["manifest"]).is_file()


def test_the_summary_is_a_table_and_a_pipe_gets_no_bar(films: Path, tmp_path: Path) -> None:
    office = furnished(tmp_path, films)
    done = doorline("batch", QUIET, "-c", "doorline.yaml", cwd=office.folder)
    assert (done.code, done.err) == (0, "")
    assert QUIET in done.out
    assert "2024-01-31 08:42:17 (file_name)" in done.out
    assert "0 violations in 5." in done.out
    assert "real time)" in done.out
    assert "\x1b" not in done.out


def test_a_terminal_gets_a_bar_with_speed_and_count(films: Path, tmp_path: Path) -> None:
    office = furnished(tmp_path, films)
    shown = on_a_terminal("batch", QUIET, "-c", "doorline.yaml", cwd=office.folder)
    for part in ("━", "looks/s", "x real time", "0 violations"):
        assert part in shown
    assert "\x1b[?25h" in shown, "the cursor is given back"


def on_a_terminal(*arguments: str, cwd: Path) -> str:
    """Run on a pseudo terminal of 160 columns; what it showed."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "160", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    with subprocess.Popen(command, cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not block:
                break
            shown += block
    os.close(ours)
    assert process.returncode == 0, shown
    return shown.decode()


# --- records -----------------------------------------------------------------------------------------------


def test_list_runs_and_show(judged: tuple[Office, Done]) -> None:
    _, done = judged
    (found,) = done.json["sources"][1]["violations"]
    listed = ask(judged, "records", "list")
    assert listed.code == 0
    assert found["id"][:8] in listed.out
    assert "1 violation" in listed.out
    assert ask(judged, "records", "list", "--run", "all", "--open").out.strip().endswith("0 violations")
    assert ask(judged, "records", "list", "--since", "2024-01-31T09:42:26").out.strip().endswith("0 violations")
    assert "1 violation" in ask(judged, "records", "list", "--until", "2024-01-31T09:42:26", "--kind", "pavement_piling").out
    runs = ask(judged, "records", "runs")
    assert done.json["run"] in runs.out
    assert "finished" in runs.out
    shown = ask(judged, "records", "show", found["id"][:6])
    assert shown.code == 0
    for part in (found["id"], "corner", "2024-01-31 09:42:25", "first_seen_wide.jpg", "sha256", "missing"):
        assert part in shown.out, shown.out
    ask(judged, "records", "show", "zzzz").the_error("no such violation", "found zzzz", code=1)
    ask(judged, "records", "list", "--run", "1999").the_error("no such run", "found 1999", code=1)


@pytest.mark.parametrize("form", list(ExportFormat))
def test_export(form: str, judged: tuple[Office, Done], tmp_path: Path) -> None:
    (found,) = judged[1].json["sources"][1]["violations"]
    target = tmp_path / f"violations.{form}"
    done = ask(judged, "records", "export", "--format", form, "--output", target)
    assert (done.code, done.out) == (0, f"{target}: 1 violation\n")
    if form == "xlsx":
        rows = list(openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True))
        assert found["id"] in rows[1]
    elif form == "csv":
        (row,) = csv.DictReader(io.StringIO(target.read_bytes().decode("utf-8-sig")))
        assert (row["violation_id"], row["kind"]) == (found["id"], "pavement_piling")
    else:
        assert json.loads(target.read_text(encoding="utf-8"))["violation_id"] == found["id"]
        assert ask(judged, "records", "export").out == target.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_that_cannot_be_written(judged: tuple[Office, Done], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ask(judged, "records", "export", "-o", tmp_path / "file" / "x.csv").the_error("file/x.csv", code=1)


@pytest.mark.parametrize("change", ["edited picture", "removed picture", "forged manifest", "removed folder"])
def test_verify_finds_what_was_changed(change: str, judged: tuple[Office, Done], tmp_path: Path) -> None:
    assert f"{len(judged[0].rows('evidence_files'))} evidence files" in ask(judged, "records", "verify").out
    office = Office(tmp_path / "copy")
    shutil.copytree(judged[0].folder, office.folder)
    (picture,) = office.evidence.glob("*/*/*/first_seen_wide.jpg")
    if change == "edited picture":
        picture.write_bytes(picture.read_bytes()[:-1] + b"x")
    elif change == "removed picture":
        picture.unlink()
    elif change == "removed folder":
        shutil.rmtree(picture.parent.parent.parent)
    else:
        forge(picture)
    done = doorline("records", "verify", "-c", "doorline.yaml", cwd=office.folder)
    assert done.code == 1, done
    assert "difference" in done.err
    assert done.out == ""
    expected = "not the manifest that was recorded" if change == "forged manifest" else str(picture)
    assert expected in done.err


def forge(picture: Path) -> None:
    """Somebody who knows the manifest changes a picture, its hash in the manifest, and the end of the chain."""
    picture.write_bytes(b"another picture")
    manifest, chain = picture.with_name("manifest.json"), picture.parents[2] / "chain.json"
    data = json.loads(manifest.read_bytes())
    for file in data["files"]:
        if file["name"] == picture.name:
            file |= {"sha256": hashlib.sha256(b"another picture").hexdigest(), "bytes": len(b"another picture")}
    manifest.write_text(json.dumps(data), encoding="utf-8")
    entry = json.loads(chain.read_bytes()) | {"sha256": hashlib.sha256(manifest.read_bytes()).hexdigest()}
    chain.write_text(json.dumps(entry), encoding="utf-8")


# --- replay ------------------------------------------------------------------------------------------------


def test_replay_gives_the_same_bytes_and_the_recorded_events(judged: tuple[Office, Done]) -> None:
    office, done = judged
    (log,) = (office.folder / "out" / "observations" / done.json["run"]).glob("CAM01-*.jsonl")
    first, second = (ask(judged, "replay", log) for _ in range(2))
    assert (first.code, first.err) == (0, "")
    assert first.out == second.out
    events = [json.loads(line) for line in first.out.splitlines()]
    recorded = [(str(row[3]), str(row[4])) for row in sorted(office.rows("events"), key=lambda row: int(str(row[2])))]
    assert [event["phase"] for event in events] == [phase for phase, _ in recorded]
    assert [event["at"][:19] for event in events] == [at.replace(" ", "T")[:19] for _, at in recorded]
    (row,) = office.rows("violations")
    assert {event["violation"]["violation_id"] for event in events} == {row[1]}


def test_replay_of_what_is_no_log(judged: tuple[Office, Done], tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("{}\n", encoding="utf-8")
    ask(judged, "replay", tmp_path / "log.jsonl").the_error("log.jsonl", code=1)
    ask(judged, "replay", tmp_path / "no.jsonl").the_error("no.jsonl", "No such file", code=1)


# --- zones and models --------------------------------------------------------------------------------------


def test_zones_check_and_preview(judged: tuple[Office, Done], tmp_path: Path) -> None:
    office, _ = judged
    checked = ask(judged, "zones", "check", "--on", "2024-01-31")
    assert checked.code == 0
    assert checked.out.startswith("ok CAM01: 1 zone, version 1-")
    target = tmp_path / "zones.png"
    drawn = ask(judged, "zones", "preview", BUSY, "--at", "12", "-o", target)
    assert drawn.code == 0, drawn
    picture = cv2.imread(str(target))
    assert picture is not None
    assert picture.shape[1] >= 320
    assert list(tmp_path.iterdir()) == [target]
    missing = ask(judged, "zones", "preview", "CAM01_missing.mp4", "-o", tmp_path / "x.png")
    missing.the_error("CAM01_missing.mp4: cannot open footage", code=1)
    copy = Office(tmp_path / "copy")
    copy.folder.mkdir()
    for name in ("doorline.yaml", "cam01.geojson"):
        shutil.copy(office.folder / name, copy.folder)
    text = (copy.folder / "cam01.geojson").read_text(encoding="utf-8")
    (copy.folder / "cam01.geojson").write_text(text.replace('"public"', '"pavement"').replace("0.69", "1.69"), encoding="utf-8")
    refused = doorline("zones", "check", "-c", "doorline.yaml", cwd=copy.folder)
    assert refused.code == 2
    assert refused.err.startswith("2 faults")
    assert refused.err.count("cam01.geojson") == 2, "every fault at once"


class Shelf(http.server.BaseHTTPRequestHandler):
    """Serves one file."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"the weights")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shelf() -> Iterator[str]:
    """Address of a server on this machine."""
    with http.server.HTTPServer(("127.0.0.1", 0), Shelf) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/net.pt"
        server.shutdown()
        thread.join()


def test_models_fetch_verify_list(shelf: str, tmp_path: Path) -> None:
    card = {
        "name": "net",
        "title": "a net",
        "format": "pt",
        "weights": "net.pt",
        "sha256": hashlib.sha256(b"the weights").hexdigest(),
        "classes": {"person": "person"},
        "licence": "none",
        "source": shelf,
    }
    path = tmp_path / "models" / "net" / "card.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(card), encoding="utf-8")
    doorline("models", "verify", path, cwd=tmp_path).the_error("net.pt: cannot read weights", "models fetch", code=2)
    assert "cannot read weights" in doorline("models", "list", cwd=tmp_path).out
    fetched = doorline("models", "fetch", path, cwd=tmp_path)
    assert (fetched.code, fetched.out, fetched.err) == (0, f"fetched {path.parent / 'net.pt'}\n", "")
    assert doorline("models", "verify", path, cwd=tmp_path).code == 0
    path.with_name("net.pt").write_bytes(b"other weights")
    doorline("models", "verify", path, cwd=tmp_path).the_error("weights are not what the card pins", code=2)
    (path.parent.parent / "bad").mkdir()
    (path.parent.parent / "bad" / "card.yaml").write_text("name: bad\n", encoding="utf-8")
    listed = doorline("models", "list", cwd=tmp_path)
    assert listed.code == 2
    assert "weights are not what the card pins" in listed.out, "one bad card does not hide the others"
    assert "bad/card.yaml" in listed.err


def test_a_dry_run_says_what_would_be_judged_and_writes_nothing(office: Office) -> None:
    (office.folder / "CAM01_broken.mp4").write_text("this is no film", encoding="utf-8")
    done = doorline("batch", QUIET, "CAM01_broken.mp4", "-c", "doorline.yaml", "--dry-run", cwd=office.folder)
    assert done.code == 0, done
    assert Path(QUIET).name in done.out
    assert "real time" in done.out
    (line,) = done.errors("failed")
    assert "CAM01_broken.mp4" in line
    told = doorline("batch", QUIET, "-c", "doorline.yaml", "--dry-run", "--json", cwd=office.folder).json
    assert told["series"][0]["camera"] == "CAM01"
    assert told["looks"] > 0
    assert told["estimated_s"] > 0
    assert not (office.folder / "out").exists()


@pytest.mark.long
def test_two_runs_are_compared_and_what_judged_otherwise_is_named(office: Office) -> None:
    assert doorline("batch", BUSY, "-c", "doorline.yaml", cwd=office.folder).code == 0
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text.replace("candidate_after_s: 8", "candidate_after_s: 100"), encoding="utf-8")
    assert doorline("batch", BUSY, "-c", "doorline.yaml", cwd=office.folder).code == 0
    first, second = sorted(str(row[0]) for row in office.rows("runs"))
    done = doorline("compare", first, second, "-c", "doorline.yaml", cwd=office.folder)
    assert done.code == 0, done
    assert "1 violation: 0 new, 1 lost, 0 changed, 0 same" in done.out
    assert "configuration, rules" in done.out
    told = doorline("compare", first, first, "-c", "doorline.yaml", "--all", "--json", cwd=office.folder).json
    assert told["counts"] == {"new": 0, "lost": 0, "changed": 0, "same": 1}
    assert told["judged_by_other"] == []
    assert told["violations"][0]["before"] == told["violations"][0]["after"]
    assert doorline("compare", first, "nobody", "-c", "doorline.yaml", cwd=office.folder).code == 1
