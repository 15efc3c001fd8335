"""A folder with a configuration for live cameras, ``doorline run`` in it as a user runs it, and what it leaves there."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import yaml

from pipeline.config_files import load_settings
from pipeline.observations import read_log
from pipeline.reconciling import check_evidence
from pipeline.records import Records
from pipeline.types import Observation
from tests.cli.running import ROOT
from tests.pipeline_run.conftest import make_office, picture
from tests.streams.servers import wait_for

PATIENCE_S = 60.0
"""For what takes some seconds where nothing else runs."""
BEFORE_S = AFTER_S = 3.0
CANDIDATE_S = 8.0


@dataclass(frozen=True, slots=True)
class LiveOffice:
    """Where a program runs."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "doorline.yaml"

    @property
    def evidence(self) -> Path:
        return self.folder / "out" / "evidence"

    def observations(self, camera: str = "CAM01") -> list[Observation]:
        """All looks that were logged, in the order of the files."""
        paths = sorted((self.folder / "out" / "observations" / "live" / camera).glob("*.jsonl"))
        return [seen for path in paths if path.stat().st_size for seen in read_log(path).observations()]

    def counting(self, camera: str = "CAM01") -> int:
        """Looks that count."""
        return sum(seen.gap is None for seen in self.observations(camera))

    def violations(self) -> list[dict[str, Any]]:
        """All rows, read by somebody else than the product."""
        return self._rows("violations")

    def runs(self) -> list[dict[str, Any]]:
        return self._rows("runs")

    def verified(self) -> None:
        """Every file of the only run has the hash that is recorded, and the chain holds."""
        (run,) = self.runs()
        settings = load_settings(self.config)
        with Records.open(settings.records.url, create=False) as records:
            assert check_evidence(records, settings, run["run_id"]) == ()

    def manifest(self) -> dict[str, Any]:
        """Of the only set of evidence."""
        (path,) = self.evidence.glob("*/*/*/manifest.json")
        content: dict[str, Any] = json.loads(path.read_bytes()) | {"folder": path.parent}
        return content

    def kept(self, camera: str = "CAM01") -> list[Path]:
        """What is kept of its stream."""
        return sorted((self.folder / "out" / "live" / camera / "kept").glob("*.mkv"))

    def partials(self) -> list[Path]:
        """Everything half-written below the folder."""
        return sorted(self.folder.rglob("*.partial"))

    def everything_written(self) -> bytes:
        """All bytes below the folder but for the configuration."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file() and path != self.config)
        return b"\n".join(path.read_bytes() for path in paths)

    def _rows(self, table: str) -> list[dict[str, Any]]:
        database = self.folder / "out" / "doorline.db"
        if not database.exists():
            return []
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in connection.execute(f"select * from {table}")]  # noqa: S608 - table names of this file
            except sqlite3.OperationalError:  # the tables are being made
                return []


class Program:
    """``doorline run`` in a process of its own."""

    def __init__(self, office: LiveOffice, number: int, environment: Mapping[str, str]) -> None:
        """Starts it."""
        self._out, self._err = office.folder / f"out-{number}.txt", office.folder / f"err-{number}.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "run", "--config", "doorline.yaml"],
                cwd=office.folder,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "OMP_NUM_THREADS": "1",
                    "COLUMNS": "500",
                    **environment,
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                process_group=0,
            )

    @property
    def out(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return self._err.read_text(encoding="utf-8")

    def told(self, phase: str) -> list[str]:
        """The ids of the violations of which this was said, in order."""
        return re.findall(rf" {phase} \w+ .* (\S+)$", self.out, re.MULTILINE)

    def until(self, ready: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Wait; AssertionError with all that it said where it ended or nothing came of it."""
        try:
            wait_for(lambda: ready() or self.process.poll() is not None, seconds)
        except AssertionError:
            raise AssertionError(f"waited in vain\n{self.out}\n{self.err}") from None
        assert ready(), f"it ended with {self.process.returncode}\n{self.out}\n{self.err}"

    def kill(self) -> None:
        """As the machine does that runs out of memory."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; its exit code, which comes within ten seconds."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


class Runner:
    """Starts programs in one office, one after the other or several at once, and leaves none behind."""

    def __init__(self, office: LiveOffice) -> None:
        self.office = office
        self._started: list[Program] = []

    def start(self, **environment: str) -> Program:
        """One more."""
        self._started.append(Program(self.office, len(self._started), environment))
        return self._started[-1]

    @property
    def said(self) -> str:
        """All that all of them said."""
        return "\n".join(program.out + program.err for program in self._started)

    def end(self) -> None:
        """Whatever still runs."""
        for program in self._started:
            program.kill()


@contextmanager
def running(office: LiveOffice) -> Iterator[Runner]:
    """Programs in this office."""
    runner = Runner(office)
    try:
        yield runner
    finally:
        runner.end()


def live_office(folder: Path, streams: Mapping[str, str], *, reference: bool = False, **changes: Any) -> LiveOffice:
    """An office with these cameras (id -> address of the stream), all with the zones of the small street; short times throughout."""
    make_office(folder)
    zones = json.loads((folder / "cam01.geojson").read_text(encoding="utf-8"))
    if reference:
        cv2.imwrite(str(folder / "clean.png"), picture(0))
        zones["doorline"]["reference"] = "clean.png"
    for camera in streams:
        zones["doorline"]["camera_id"] = camera
        (folder / f"{camera}.geojson").write_text(json.dumps(zones), encoding="utf-8")
    config = {
        "cameras": [{"id": camera, "zones": f"{camera}.geojson", "stream": address} for camera, address in streams.items()],
        "looks": {"interval_s": 1.0},
        "streams": {"open_timeout_s": 5, "read_timeout_s": 3},
        "live": {"ring_s": 20, "still_every_s": 2, "memory_every_s": 2, "gap_every_s": 2},
        "guards": {"frozen_after_s": 4},
        "rules": {
            "dwell": {
                "warn_after_s": 4,
                "candidate_after_s": CANDIDATE_S,
                "longest_gap_s": 40,
                "clear_looks": 3,
                "clear_span_s": 4,
                "reopen_within_s": 6,
                "loading_grace_s": 0,
            }
        },
        "evidence": {"folder": "out/evidence", "before_s": BEFORE_S, "after_s": AFTER_S},
    }
    office = LiveOffice(folder)
    office.config.write_text(yaml.safe_dump(config | changes), encoding="utf-8")
    return office


def at(row: Mapping[str, Any], name: str) -> datetime:
    """A time of a row: SQLite keeps UTC without saying so."""
    return datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
